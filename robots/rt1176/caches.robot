*** Comments ***
Shared memory with and without cache maintenance, with coherent caches (as by default) and with a data cache
that keeps what software does not maintain (docs/devices/rt1176-caches.md).
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           MewsLibrary.py
Test Teardown     Reset Emulation

*** Variables ***
${FIRMWARE}       ${CURDIR}${/}..${/}..${/}build${/}firmware
${INCOHERENT}     property = incoherent-caches=on

*** Test Cases ***
With Maintenance Each Core Sees The Other's Words
    Start    rt1176-caches    ${INCOHERENT}
    Each Core Sees The Other's Words

Negative Control: Without Maintenance Neither Does
    Start    rt1176-caches-no-maintenance    ${INCOHERENT}
    Gate Should Fail With    did not come    Each Core Sees The Other's Words

Without Maintenance All Words Are Stale
    Start    rt1176-caches-no-maintenance    ${INCOHERENT}
    Wait For Line On Uart    the M7 has seen words of the M4: 0 of 8
    Wait For Line On Uart    the M4 has seen words of the M7: 0 of 8

By Default Maintenance Changes Nothing
    Start    rt1176-caches
    Each Core Sees The Other's Words

By Default Missing Maintenance Is Not Seen
    Start    rt1176-caches-no-maintenance
    Each Core Sees The Other's Words

NavState With Maintenance
    Start    rt1176-navstate    ${INCOHERENT}
    NavState Comes

Negative Control: NavState Without Maintenance
    Start    rt1176-navstate-no-maintenance    ${INCOHERENT}
    Gate Should Fail With    did not come    NavState Comes

By Default NavState Without Maintenance
    Start    rt1176-navstate-no-maintenance
    NavState Comes

A Value That Is None
    ${rig}=    Rig    rt1176-caches    property = incoherent-caches=often
    Rig Should Not Start    ${rig}    incoherent-caches

*** Keywords ***
Rig
    [Arguments]    ${image}    @{lines}
    ${rig}=    Create Rig File    caches    [machine fmu]    model = mimxrt1176    image = ${FIRMWARE}${/}${image}.elf    console = lpuart1    @{lines}
    RETURN    ${rig}

Start
    [Arguments]    ${image}    @{lines}
    ${rig}=    Rig    ${image}    @{lines}
    Start Rig    ${rig}
    Create Terminal Tester    fmu.lpuart1    timeout=20 ms

Each Core Sees The Other's Words
    Wait For Line On Uart    the M7 has seen words of the M4: 8 of 8
    Wait For Line On Uart    the M4 has seen words of the M7: 8 of 8

NavState Comes
    Wait For Line On Uart    slow writer: states 100 .* torn 0$    timeout=160 ms    treatAsRegex=true
