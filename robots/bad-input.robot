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
    Rig Should Not Start    ${rig}    image .*nowhere\\.elf: no such file

No ELF File
    Image Is Refused    no ELF    image .*no-ELF\\.elf: no ELF file

ELF File That Is Cut Off
    Image Is Refused    cut off    image .*cut-off\\.elf: .*is it cut off\\?

ELF File For Another Machine
    Image Is Refused    wrong machine    image .*wrong-machine\\.elf: an ELF file for Intel 80386 .*, Arm expected

ELF File Outside Of Flash
    Image Is Refused    outside flash    segment 0 at 0x60000000\\.\\..* lies outside of flash of stm32f100c8

Unknown Key In A Rig File
    ${rig}=    Create Rig File    unknown-key    [machine io]    ${IO}    imgae = io.elf
    Rig Should Not Start    ${rig}    unknown-key\\.rig:3: no key 'imgae' in \\[machine\\]; keys: model, image

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
