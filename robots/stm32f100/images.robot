*** Comments ***
Images that were not made for the rig: a boot loader and its application in the flash of one part, as ELF
files, Intel HEX files and raw ones, an application without its boot loader, flash and option bytes that
outlive a run.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           MewsLibrary.py
Library           OperatingSystem
Library           Process
Library           String
Suite Setup       Create Directory    ${FILES}
Test Teardown     Reset Emulation

*** Variables ***
${FIRMWARE}       ${CURDIR}${/}..${/}..${/}build${/}firmware
${MEWS}           ${CURDIR}${/}..${/}..${/}build${/}bin${/}mews
${FILES}          ${CURDIR}${/}..${/}..${/}build${/}runs${/}images
${PART}           model = stm32f100c8
${BOOTLOADER}     image = ${FIRMWARE}${/}f100-bootloader.elf
${APPLICATION}    image = ${FIRMWARE}${/}f100-application.elf
${RAW LOADER}     image = ${FIRMWARE}${/}f100-bootloader.bin
${RAW APPLICATION}    image = ${FIRMWARE}${/}f100-application.bin
${FLASH}          flash_file = ${FILES}${/}io.flash
${OPTIONS}        image = ${FIRMWARE}${/}f100-options.elf
${OPTION FILE}    option_file = ${FILES}${/}io.options
# What the image programs: RDP 0x00, USER 0xff, Data0 0x12, Data1 0x34, WRP0 to WRP3 0xff.
${PROGRAMMED}     00ffff0012ed34cbff00ff00ff00ff00
${NEW PART}       options: OBR 0x03fffffc, WRPR 0xffffffff
${PROTECTED}      options: OBR 0x00d04bfe, WRPR 0xffffffff

*** Test Cases ***
A Boot Loader And Its Application As ELF Files
    Start    both-elf    ${BOOTLOADER}    ${APPLICATION}
    The Boot Loader Starts The Application

A Boot Loader And Its Application As Raw Images
    Start    both-raw    ${RAW LOADER}    image_at = 0x08000000    ${RAW APPLICATION}    image_at = 0x08001000
    The Boot Loader Starts The Application

Raw Images And ELF Files Give The Same Run
    Start    one-elf    ${BOOTLOADER}    ${APPLICATION}
    Run For    30 ms
    ${elf}=    Trace Hash
    Stop Rig
    Start    one-raw    ${RAW APPLICATION}    image_at = 0x08001000    ${BOOTLOADER}
    Run For    30 ms
    ${raw}=    Trace Hash
    Should Be Equal Traces    ${elf}    ${raw}

Intel HEX Files And ELF Files Give The Same Run
    Start    two-elf    ${BOOTLOADER}    ${APPLICATION}
    Run For    30 ms
    ${elf}=    Trace Hash
    Stop Rig
    ${loader}=    Intel HEX File    f100-bootloader
    ${application}=    Intel HEX File    f100-application
    Start    two-hex    image = ${loader}    image = ${application}
    Run For    30 ms
    ${hex}=    Trace Hash
    Should Be Equal Traces    ${elf}    ${hex}

An Intel HEX File That Is Cut Off
    ${whole}=    Intel HEX File    f100-bootloader
    ${text}=    Get File    ${whole}
    ${short}=    Get Substring    ${text}    0    -40
    Create File    ${FILES}${/}short.hex    ${short}
    ${rig}=    Rig    short-hex    image = ${FILES}${/}short.hex
    Rig Should Not Start    ${rig}    short-hex\\.rig:4: machine io: image .*short\\.hex: .*is it cut off\\?

Negative Control: Without An Application The Boot Loader Stays
    Start    no-application    ${BOOTLOADER}
    Wait For Line On Uart    bootloader: no application    timeout=10 ms
    Gate Should Fail With    did not come    The Application Runs    0x08001000
    ${first}=    Read Memory    io    0x08001000
    Should Be Equal As Integers    ${first}    0xffffffff
    Gate Should Fail With    goes on    Rig Should Fail    .*    within=10 ms

An Image That Overlaps Another One
    ${rig}=    Rig    overlap    ${BOOTLOADER}    ${RAW APPLICATION}    image_at = 0x08000800
    Rig Should Not Start    ${rig}    image .*f100-application\\.bin: 0x08000800\\.\\..* overlaps 0x08000000\\.\\..* of image .*f100-bootloader\\.elf

A Raw Image Behind The End Of Flash
    ${rig}=    Rig    behind-the-end    ${BOOTLOADER}    ${RAW APPLICATION}    image_at = 0x0800ff00
    Rig Should Not Start    ${rig}    f100-application\\.bin: raw image at 0x0800ff00\\.\\..* lies outside of flash of stm32f100c8

A Raw Image Without Its Address
    ${rig}=    Rig    no-address    ${RAW APPLICATION}
    Rig Should Not Start    ${rig}    f100-application\\.bin: no ELF file and no Intel HEX file; a raw image needs its image_at

An Application Without Its Boot Loader
    Start    application    ${APPLICATION}    vector_table = 0x08001000
    The Application Runs    0x08001000
    Should Not Be On Uart    bootloader    timeout=10 ms

A Reset Starts The Application Again
    Start    application-reset    ${APPLICATION}    vector_table = 0x08001000
    The Application Runs    0x08001000
    Reset Machine    io
    The Application Runs    0x08001000    start=2

Negative Control: An Application Needs Its Boot Loader Or A Vector Table
    ${rig}=    Rig    no-table    ${APPLICATION}
    Rig Should Not Start    ${rig}    no vector table at 0x08000000

A Vector Table Where Nothing Was Loaded
    ${rig}=    Rig    erased-table    ${APPLICATION}    vector_table = 0x08008000
    Rig Should Not Start    ${rig}    erased-table\\.rig:5: machine io: stm32f100: no vector table at 0x08008000, neither of an image nor in flash before

A Vector Table That VTOR Cannot Hold
    ${rig}=    Rig    odd-table    ${APPLICATION}    vector_table = 0x08001100
    Rig Should Not Start    ${rig}    vector_table 0x08001100 is no multiple of 0x200 in flash 0x08000000\\.\\.0x0800ffff

A Vector Table That Names Erased Flash
    [Documentation]    An image that was linked for 0x08000000, put somewhere else: its handlers are where nothing is.
    Start    wrong-place    ${RAW LOADER}    image_at = 0x08001000    vector_table = 0x08001000
    Rig Should Fail    machine io locked up
    No Process Should Be Left

Flash Outlives A Run
    Remove File    ${FILES}${/}io.flash
    Start    flash-1    ${BOOTLOADER}    ${APPLICATION}    ${FLASH}
    The Application Runs    0x08001000    start=1
    Stop Rig
    Size Of Flash File Is    65536
    Start    flash-2    ${BOOTLOADER}    ${APPLICATION}    ${FLASH}
    The Application Runs    0x08001000    start=2
    Stop Rig
    Run Files Should Be Whole    files=io.flash

The Images Are In The File
    Start    flash-alone    ${FLASH}
    The Application Runs    0x08001000    start=3

A Run Is Repeated With The Flash That It Has Begun With
    Replay Says    flash-1    equal
    Replay Says    flash-2    equal
    Start    flash-alone    ${FLASH}
    The Application Runs    0x08001000    start=4

Negative Control: Another Flash Is Another Run
    Copy File    ${FILES}${/}io.flash    ${FILES}${/}flash-2${/}io.flash
    Replay Says    flash-2    io.flash is not the file of the recording    code=2

Negative Control: Without A File Flash Is New In Each Run
    FOR    ${run}    IN    1    2
        Start    no-file    ${BOOTLOADER}    ${APPLICATION}
        The Application Runs    0x08001000    start=1
        Stop Rig
    END

A Flash File Of Another Size
    Create File    ${FILES}${/}short.flash    ${SPACE * 100}
    ${rig}=    Rig    short-flash    ${BOOTLOADER}    flash_file = ${FILES}${/}short.flash
    Rig Should Not Start    ${rig}    short-flash\\.rig:5: machine io: flash file .*short\\.flash: 100 octets, flash of a stm32f100c8: 65536
    ${size}=    Get File Size    ${FILES}${/}short.flash
    Should Be Equal As Integers    ${size}    100

A Start That Is Refused Leaves The Flash File Alone
    Remove File    ${FILES}${/}none.flash
    ${rig}=    Rig    refused    ${BOOTLOADER}    flash_file = ${FILES}${/}none.flash    property = sram-size=1
    Rig Should Not Start    ${rig}    refused\\.rig:6: machine io: stm32f100: sram-size.1 is not a number of KiB
    File Should Not Exist    ${FILES}${/}none.flash

Two Machines With One Flash File
    ${rig}=    Create Rig File    one-flash    [machine a]    ${PART}    ${BOOTLOADER}    ${FLASH}
    ...    [machine b]    ${PART}    ${BOOTLOADER}    ${FLASH}
    Rig Should Not Start    ${rig}    one-flash\\.rig:8: this is the flash file of machine a \\(line 4\\) already

Option Bytes Outlive A Run
    [Documentation]    They count from the next reset on, and are what the next run starts with.
    Remove File    ${FILES}${/}io.options
    Start    options-1    ${OPTIONS}    ${OPTION FILE}
    Wait For Line On Uart    ${NEW PART}
    Wait For Line On Uart    options: programmed    timeout=100 ms
    Reset Machine    io
    The Fourth Page Is Protected
    Stop Rig
    Option File Should Be    ${PROGRAMMED}
    Start    options-2    ${OPTIONS}    ${OPTION FILE}
    The Fourth Page Is Protected
    Stop Rig
    Option File Should Be    ${PROGRAMMED}
    Run Files Should Be Whole    files=io.options

A Run Is Repeated With The Option Bytes That It Has Begun With
    Replay Says    options-1    equal
    Replay Says    options-2    equal
    Option File Should Be    ${PROGRAMMED}

Negative Control: Other Option Bytes Are Another Run
    Evaluate    pathlib.Path($FILES, 'options-2', 'io.options').write_bytes(bytes.fromhex('a55aff00' + 'ff00' * 6))    modules=pathlib
    Replay Says    options-2    io.options is not the file of the recording    code=2

Negative Control: Without A File Option Bytes Are A New Part's In Each Run
    FOR    ${run}    IN    1    2
        Start    no-option-file    ${OPTIONS}
        Wait For Line On Uart    ${NEW PART}
        Wait For Line On Uart    options: programmed    timeout=100 ms
        Stop Rig
    END

Negative Control: Other Bytes Of The User Protect No Page
    Evaluate    pathlib.Path($FILES, 'io.options').write_bytes(bytes.fromhex('a55aff0012ed34cb' + 'ff00' * 4))    modules=pathlib
    Start    unprotected    ${OPTIONS}    ${OPTION FILE}
    Wait For Line On Uart    options: OBR 0x00d04bfc, WRPR 0xffffffff
    Wait For Line On Uart    options: fourth page is erased    timeout=100 ms

An Option File Of Another Size
    Create File    ${FILES}${/}short.options    ${SPACE * 15}
    ${rig}=    Rig    short-options    ${OPTIONS}    option_file = ${FILES}${/}short.options
    Rig Should Not Start    ${rig}    short\\.options: 15 octets, option bytes of a stm32f100c8: 16

An Option Byte Without Its Complement
    Evaluate    pathlib.Path($FILES, 'bad.options').write_bytes(bytes.fromhex('a55afffe' + 'ff00' * 6))    modules=pathlib
    ${rig}=    Rig    bad-options    ${OPTIONS}    option_file = ${FILES}${/}bad.options
    Rig Should Not Start    ${rig}    bad\\.options: USER, octet 2, is 0xff, and behind it is 0xfe instead of its complement 0x00

The Compatibility Profile Says That It Is On
    Start    generous    ${BOOTLOADER}    property = sram-size=16384    property = mpu-regions=8
    Wait For Line On Uart    bootloader: no application    timeout=10 ms
    Stop Rig
    ${said}=    Get File    ${FILES}${/}generous${/}linkd.log
    Should Be Equal    ${said}    linkd: compatibility profile: machine io is not its part: sram-size=16384, mpu-regions=8\n

Negative Control: It Is Off By Default
    Start    faithful    ${BOOTLOADER}    property = sram-size=8192
    Run For    1 ms
    Stop Rig
    File Should Not Exist    ${FILES}${/}faithful${/}linkd.log

*** Keywords ***
Rig
    [Arguments]    ${name}    @{lines}
    ${rig}=    Create Rig File    ${name}    [machine io]    ${PART}    console = usart1    @{lines}
    RETURN    ${rig}

Intel HEX File
    [Documentation]    What objcopy makes of an image of the firmware; returns its path.
    [Arguments]    ${image}
    ${path}=    Set Variable    ${FILES}${/}${image}.hex
    ${done}=    Run Process    arm-none-eabi-objcopy    -O    ihex    ${FIRMWARE}${/}${image}.elf    ${path}    stderr=STDOUT    timeout=60 s
    Should Be Equal As Integers    ${done.rc}    0    ${done.stdout}
    RETURN    ${path}

Start
    [Arguments]    ${name}    @{lines}
    ${rig}=    Rig    ${name}    @{lines}
    Remove File    ${FILES}${/}${name}${/}linkd.log
    Start Rig    ${rig}    run_dir=${FILES}${/}${name}
    Create Terminal Tester    io.usart1    timeout=50 ms

The Boot Loader Starts The Application
    Wait For Line On Uart    bootloader: starts the application    timeout=10 ms
    The Application Runs    0x08001000

The Application Runs
    [Arguments]    ${table}    ${start}=1
    Wait For Line On Uart    application: start ${start}, vector table ${table}    timeout=20 ms
    Wait For Line On Uart    application: interrupted    timeout=20 ms

Size Of Flash File Is
    [Arguments]    ${octets}
    ${size}=    Get File Size    ${FILES}${/}io.flash
    Should Be Equal As Integers    ${size}    ${octets}
    File Should Not Exist    ${FILES}${/}io.flash.new

The Fourth Page Is Protected
    Wait For Line On Uart    ${PROTECTED}
    Wait For Line On Uart    options: fourth page is protected    timeout=10 ms

Option File Should Be
    [Arguments]    ${octets}
    ${found}=    Evaluate    pathlib.Path($FILES, 'io.options').read_bytes().hex()    modules=pathlib
    Should Be Equal    ${found}    ${octets}
    File Should Not Exist    ${FILES}${/}io.options.new

Replay Says
    [Arguments]    ${run}    ${words}    ${code}=0
    ${done}=    Run Process    ${MEWS}    replay    ${FILES}${/}${run}    stderr=STDOUT    timeout=60 s
    Should Contain    ${done.stdout}    ${words}
    Should Be Equal As Integers    ${done.rc}    ${code}
