*** Comments ***
What is wrong is said in one line with its place, the exit code tells a refusal (2) from a failure (1),
every process has ended, and no file is left half written.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           MewsLibrary.py
Test Teardown     Reset Emulation

*** Variables ***
${IO}             model = stm32f100c8

*** Test Cases ***
Missing Image
    ${rig}=    Rig With Image    missing    nowhere.elf
    Rig Should Not Start    ${rig}    /missing\\.rig:3: machine io: image .*nowhere\\.elf: no such file

No ELF File
    Image Is Refused    no ELF    image .*no-ELF\\.elf: no ELF file and no Intel HEX file; a raw image needs its image_at

ELF File That Is Cut Off
    Image Is Refused    cut off    image .*cut-off\\.elf: .*is it cut off\\?

ELF File For Another Machine
    Image Is Refused    wrong machine    image .*wrong-machine\\.elf: an ELF file for Intel 80386 .*, Arm expected

ELF File Outside Of Flash
    Image Is Refused    outside flash    segment 0 at 0x60000000\\.\\..* lies outside of flash of stm32f100c8

Unknown Key In A Rig File
    ${rig}=    Create Rig File    unknown-key    [machine io]    ${IO}    imgae = io.elf
    Rig Should Not Start    ${rig}    unknown-key\\.rig:3: no key 'imgae' in \\[machine\\]; keys: model, image

What The Emulator Refuses Has Its Line
    [Documentation]    Lines 1 to 4 are [machine io], model, image, console.
    Line Is Refused    property = sram-siez=16384    5: machine io: Property 'sram-siez' not found$
    Line Is Refused    property = sram-size=much    5: machine io: Parameter 'sram-size' expects
    Line Is Refused    property = sram-size=4294967296    5: machine io: Parameter 'sram-size' expects a number from 0 to 4294967295$
    Line Is Refused    property = sram-size=1    5: machine io: stm32f100: sram-size.1 is not a number of KiB up to

A Flash File That Cannot Be Written Is Refused At The Start
    Line Is Refused    flash_file = ${OUTPUT DIR}${/}no-folder${/}io.flash    5: machine io: flash file .*io\\.flash cannot be written: .*No such file

Symbols That Are Not There
    Line Is Refused    symbols = cm3 gone.elf    5: machine io: symbols of cm3: .*gone\\.elf: no such file
    Line Is Refused    symbols = cm3 symbols.rig    5: machine io: symbols of cm3: .*symbols\\.rig: no ELF file    name=symbols

A Property That A Key Of The Rig File Sets
    Line Is Refused    property = flash-save=x    5: property 'flash-save' is what the key 'flash_file' sets

A Property Of A Device That Is Not There
    ${image}=    Set Variable    ${CURDIR}${/}..${/}build${/}firmware${/}fmu.elf
    ${rig}=    Create Rig File    no-imu    [machine fmu]    model = mimxrt1176    image = ${image}    property = imu-pcs=1
    Rig Should Not Start    ${rig}    no-imu\\.rig:4: property 'imu-pcs' is of an imu, and machine fmu has no key 'imu'
    ${rig}=    Create Rig File    bad-imu    [machine fmu]    model = mimxrt1176    image = ${image}    imu = lpspi1
    ...    property = imu-pcs=9
    Rig Should Not Start    ${rig}    bad-imu\\.rig:5: machine fmu: imu-pcs: '9' is none of 0 to 3

Unknown Section In A Rig File
    ${rig}=    Create Rig File    unknown-section    [rig]    name = x    ${EMPTY}    [machines io]
    Rig Should Not Start    ${rig}    unknown-section\\.rig:4: no section \\[machines io\\]

Unknown Model In A Rig File
    ${rig}=    Create Rig File    unknown-model    [machine io]    model = stm32f429
    Rig Should Not Start    ${rig}    unknown-model\\.rig:2: no model 'stm32f429'; models: .*stm32f100c8

A Uart With Two Links
    ${rig}=    Two Machines    two-links
    ...    [link one]    ends = a.usart1, b.usart1    [link two]    ends = b.usart2, a.usart1
    Rig Should Not Start    ${rig}    two-links\\.rig:10: a\\.usart1 is used already in line 8

A Uart As Console And As End Of A Link
    ${rig}=    Two Machines    console-and-link    console = usart1    [link one]    ends = a.usart2, b.usart1
    Rig Should Not Start    ${rig}    console-and-link\\.rig:7: b\\.usart1 is used already in line 9

A Uart That The Machine Has Not
    ${rig}=    Two Machines    no-such-uart    [link one]    ends = a.usart4, b.usart1
    Rig Should Not Start    ${rig}    no-such-uart\\.rig:8: machine a \\(stm32f100c8\\) has no UART 'usart4'; it has usart1\\.\\.usart3

Socket In Use
    ${rig}=    Idle Rig    socket-in-use
    ${socket}=    Set Variable    ${OUTPUT DIR}${/}socket-in-use
    Start Rig    ${rig}    socket=${socket}
    Rig Should Not Start    ${rig}    socket-in-use.*in use    socket=${socket}
    Run For    1 ms

Negative Control: A Rig Without A Mistake Is Not Refused
    ${rig}=    Idle Rig    flawless
    Gate Should Fail With    has started and should not have    Rig Should Not Start    ${rig}    .*

Unknown Argument Of A Keyword
    Idle Rig Runs
    Run Keyword And Expect Error    unknown argument 'tiemout' of 'Wait For Edge': it takes pin, level, timeout, since*
    ...    Wait For Edge    io.PA0    tiemout=1 ms

An Image That Locks Up
    [Documentation]    ARMv7-M B1.5.15: an undefined instruction in the HardFault handler is a lock-up; CFSR.UNDEFINSTR is bit 16, HFSR.FORCED bit 30.
    Idle Rig Runs    lock-up
    Rig Should Fail    machine io locked up: .*PC 0x08000040 .*CFSR 0x00010000 HFSR 0x40000000
    No Process Should Be Left
    Run Files Should Be Whole

Negative Control: An Idle Image Does Not Lock Up
    Idle Rig Runs
    Gate Should Fail With    goes on    Rig Should Fail    .*    within=10 ms

An Emulator That Is Killed
    ${rig}=    Two Machines    killed
    Start Rig    ${rig}
    Run For    5 ms
    Kill Machine    b
    Rig Should Fail    machine b was killed by signal 9
    No Process Should Be Left
    Run Files Should Be Whole

*** Keywords ***
Rig With Image
    [Arguments]    ${name}    ${image}
    ${rig}=    Create Rig File    ${name}    [machine io]    ${IO}    image = ${image}    console = usart1
    RETURN    ${rig}

Line Is Refused
    [Documentation]    The fifth line of a rig file; MESSAGE begins with its number.
    [Arguments]    ${line}    ${message}    ${name}=line
    ${image}=    Create Image    idle
    ${rig}=    Create Rig File    ${name}    [machine io]    ${IO}    image = ${image}    console = usart1    ${line}
    Rig Should Not Start    ${rig}    /${name}\\.rig:${message}

Image Is Refused
    [Arguments]    ${kind}    ${message}
    ${image}=    Create Image    ${kind}
    ${rig}=    Rig With Image    ${kind.replace(' ', '-').lower()}    ${image}
    Rig Should Not Start    ${rig}    ${message}

Idle Rig
    [Arguments]    ${name}    ${kind}=idle
    ${image}=    Create Image    ${kind}
    ${rig}=    Rig With Image    ${name}    ${image}
    RETURN    ${rig}

Idle Rig Runs
    [Arguments]    ${kind}=idle
    ${rig}=    Idle Rig    ${kind}    ${kind}
    Start Rig    ${rig}

Two Machines
    [Arguments]    ${name}    @{lines}
    ${image}=    Create Image    idle
    ${rig}=    Create Rig File    ${name}    [machine a]    ${IO}    image = ${image}
    ...    [machine b]    ${IO}    image = ${image}    @{lines}
    RETURN    ${rig}
