*** Comments ***
Rigs that do not start, die or babble: which of FAIL and COULD-NOT-RUN it is, and what the message says.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           ../../../../robots/MewsLibrary.py
Test Teardown     Reset Emulation

*** Variables ***
${RIGS}           tests/unit/robots/suites

*** Test Cases ***
Machine Dies
    [Documentation]    FAIL machine io: Lockup at PC 0x08000100, CFSR 0x00010000
    Start Rig    ${RIGS}/dies.rig
    Run For    10 ms

Machine Dies While A Gate Waits
    [Documentation]    FAIL did not end as a red gate: machine io: Lockup
    Start Rig    ${RIGS}/dies.rig
    Gate Should Fail    Wait For Packet    IoConfig

Death Is Expected
    Start Rig    ${RIGS}/dies.rig
    Rig Should Fail    Lockup at PC 0x0800
    No Process Should Be Left

Death Does Not Come
    [Documentation]    FAIL the rig goes on and should have failed
    Start Rig    ${RIGS}/flight.rig
    Rig Should Fail    Lockup    within=10 ms

Daemon Vanishes
    [Documentation]    FAIL linkd ended with exit code 1: fake linkd: gone
    Start Rig    ${RIGS}/vanishes.rig
    Run For    10 ms

Daemon Babbles
    [Documentation]    SKIP COULD-NOT-RUN: linkd's answer to 'run' is not understood
    Start Rig    ${RIGS}/babbles.rig
    Run For    10 ms

Disk Is Full
    [Documentation]    SKIP COULD-NOT-RUN: recording-failed: link.pcapng: no space left
    Start Rig    ${RIGS}/fails-recording.rig
    Run For    10 ms

Image Is Missing
    [Documentation]    SKIP COULD-NOT-RUN: linkd ended with exit code 2:
    Start Rig    ${RIGS}/refuses.rig

Image Is Missing As Expected
    Rig Should Not Start    ${RIGS}/refuses.rig    refuses.rig:1: image io.elf: no such file
    No Process Should Be Left

Refusal Has Another Reason
    [Documentation]    FAIL does not match 'lava'
    Rig Should Not Start    ${RIGS}/refuses.rig    lava

Refusal Has Another Exit Code
    [Documentation]    FAIL exit code 2, not 1
    Rig Should Not Start    ${RIGS}/refuses.rig    no such file    exit_code=1

Refusal Does Not Come
    [Documentation]    FAIL has started and should not have
    Rig Should Not Start    ${RIGS}/flight.rig    anything

Rig File Is Missing
    [Documentation]    SKIP COULD-NOT-RUN:
    Start Rig    ${RIGS}/nowhere.rig

Socket Is In Use
    Start Rig    ${RIGS}/flight.rig    socket=${TEMPDIR}/mews-unit-socket
    Rig Should Not Start    ${RIGS}/flight.rig    Address already in use    socket=${TEMPDIR}/mews-unit-socket

Another Image
    ${rig}=    Create Rig From    ${RIGS}/refuses.rig    other    io=build/firmware/other.elf
    ${text}=    Evaluate    open($rig).read()
    Should Match Regexp    ${text}    image = /.*/build/firmware/other\\.elf

No Such Machine For An Image
    [Documentation]    FAIL refuses.rig has no machine 'moon' with an image
    Create Rig From    ${RIGS}/refuses.rig    other    moon=x.elf

No Rig
    [Documentation]    FAIL there is no rig: 'Start Rig' first
    Run For    1 s

Skipping Is No Negative Control
    [Documentation]    SKIP COULD-NOT-RUN
    Gate Should Fail    Start Rig    ${RIGS}/refuses.rig
