*** Comments ***
A boot loader of the class that flight controllers have, and its application, in the flash of an RT1176:
as ELF files and as raw ones, through resets, and with flash that outlives a run.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           OperatingSystem
Resource          rt1176.resource
Suite Setup       Create Directory    ${FILES}
Test Teardown     Reset Emulation

*** Variables ***
${FILES}          ${RUNS}${/}rt1176-boot
${LOADER}         image = ${FIRMWARE}${/}rt1176-bootloader.elf
${APPLICATION}    image = ${FIRMWARE}${/}rt1176-application.elf
${RAW LOADER}     image = ${FIRMWARE}${/}rt1176-bootloader.bin
${RAW APPLICATION}    image = ${FIRMWARE}${/}rt1176-application.bin

*** Test Cases ***
A Boot Loader And Its Application As ELF Files
    Start    both-elf    ${LOADER}    ${APPLICATION}
    The Application Runs    1
    The Boot Loader Programs Flash
    The Application Runs    2
    Wait For Line On Uart    application: note 0x600d0001    timeout=100 ms

A Boot Loader And Its Application As Raw Images
    Start    both-raw    ${RAW LOADER}    image_at = 0x30000400    ${RAW APPLICATION}    image_at = 0x30020000
    The Application Runs    1
    The Boot Loader Programs Flash
    The Application Runs    2

Raw Images And ELF Files Give The Same Run
    Start    one-elf    ${LOADER}    ${APPLICATION}
    Run For    60 ms
    ${elf}=    Trace Hash
    Stop Rig
    Start    one-raw    ${RAW LOADER}    image_at = 0x30000400    ${RAW APPLICATION}    image_at = 0x30020000
    Run For    60 ms
    ${raw}=    Trace Hash
    Should Be Equal Traces    ${elf}    ${raw}

The State That The Boot Loader Finds
    Start    state    ${LOADER}    ${APPLICATION}
    Wait For Line On Uart    bootloader: FlexRAM as OCRAM, no USB cable    timeout=20 ms
    Wait For Line On Uart    bootloader: reason 0x00000000    timeout=20 ms

Negative Control: Without An Application The Boot Loader Stays
    Start    no-application    ${LOADER}
    Wait For Line On Uart    bootloader: no application    timeout=20 ms
    Gate Should Fail With    did not come    The Application Runs    1

What Was Programmed Outlives The Run
    Remove File    ${FILES}${/}fmu.flash
    Start    flash-1    ${LOADER}    ${APPLICATION}    flash_file = ${FILES}${/}fmu.flash
    The Application Runs    1
    The Boot Loader Programs Flash
    The Application Runs    2
    Stop Rig
    ${size}=    Get File Size    ${FILES}${/}fmu.flash
    Should Be Equal As Integers    ${size}    16777216
    Start    flash-2    flash_file = ${FILES}${/}fmu.flash
    The Application Runs    1
    ${word}=    Read Memory    fmu    0x30040004
    Should Be Equal As Integers    ${word}    0x600d0001

Negative Control: Without A File Flash Is New In Each Run
    Start    no-file    ${LOADER}    ${APPLICATION}
    The Application Runs    1
    ${word}=    Read Memory    fmu    0x30040004
    Should Be Equal As Integers    ${word}    0xffffffff

An Application Alone Has No Boot Headers
    ${rig}=    Rig Of    alone    ${APPLICATION}
    Rig Should Not Start    ${rig}    no FlexSPI configuration block .* at 0x30000400

A Raw Boot Loader At The Wrong Place
    ${rig}=    Rig Of    shifted    ${RAW LOADER}    image_at = 0x30000000
    Rig Should Not Start    ${rig}    no FlexSPI configuration block .* at 0x30000400

Images That Overlap
    ${rig}=    Rig Of    overlap    ${LOADER}    ${RAW APPLICATION}    image_at = 0x30002000
    Rig Should Not Start    ${rig}    overlaps

A Vector Table Is The Boot Rom's Business
    ${rig}=    Rig Of    table    ${LOADER}    vector_table = 0x30020000
    Rig Should Not Start    ${rig}    starts where its boot headers say, no vector_table

*** Keywords ***
Start
    [Arguments]    ${name}    @{lines}
    ${rig}=    Rig Of    ${name}    @{lines}
    Start Rig    ${rig}    run_dir=${FILES}${/}${name}
    Create Terminal Tester    fmu.lpuart1    timeout=200 ms

The Application Runs
    [Arguments]    ${start}
    Wait For Line On Uart    bootloader: starts the application    timeout=200 ms
    Wait For Line On Uart    application: start 0x0000000${start}, vector table 0x30020000    timeout=50 ms
    Wait For Line On Uart    application: ticks    timeout=50 ms

The Boot Loader Programs Flash
    Wait For Line On Uart    bootloader: reason 0xb007b007    timeout=50 ms
    Wait For Line On Uart    bootloader: programmed 0x00000040 words    timeout=100 ms
