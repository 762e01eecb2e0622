*** Comments ***
A debugger stops time, it does not change it: with breakpoints and steps on both machines the run
gives the trace of an undisturbed one.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           Collections
Library           GdbLibrary.py
Library           OperatingSystem
Library           Process
Suite Setup       Undisturbed Run

*** Variables ***
${RIG}            rigs/flight.rig
${DURATION}       200 ms
${FILES}          ${CURDIR}${/}..${/}build${/}runs${/}gdb
${IO IMAGE}       ${CURDIR}${/}..${/}build${/}firmware${/}io.elf

*** Test Cases ***
Both Machines Stop At Main
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    show remotetimeout    break main    continue    continue    info inferiors
    Should Contain    ${printed}    Timeout limit to wait for target to respond is 120.
    Should Match Regexp    ${printed}    (?s)Thread 1.1 "fmu.cm7" hit .*main \\(\\) at firmware/nodes/fmu/main.c.*Thread 2.1 "io.cm3" hit .*main \\(\\) at firmware/nodes/io/main.c
    Should Match Regexp    ${printed}    \\* 2 +process 2 .*io.elf
    Should Be Equal    ${hash}    ${UNDISTURBED}

Breakpoints On Both Machines Change Nothing
    ${hits}=    Evaluate    ["continue"] * 30
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break endpoint_take    break endpoint_send    @{hits}    bt 1
    Should Contain X Times    ${printed}    hit Breakpoint    30
    Should Contain    ${printed}    Thread 1.1 "fmu.cm7" hit Breakpoint
    Should Contain    ${printed}    Thread 2.1 "io.cm3" hit Breakpoint
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Breakpoint On One Machine Freezes The Other
    [Documentation]    TIM1 of the IO node counts microseconds; while the host counts to three million it does not move.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    break send_command    continue    continue    inferior 2
    ...    output *(unsigned short *)0x40012c24    echo \\nthen\\n    shell seq 3000000 | tail -n 1    output *(unsigned short *)0x40012c24    echo \\n
    Should Match Regexp    ${printed}    (?m)^(\\d+)\\nthen\\n3000000\\n\\1$
    Should Be Equal    ${hash}    ${UNDISTURBED}

Stepping Changes Nothing
    [Documentation]    170 steps of the IO node are 7.1 µs, more than one character of the link.
    ${steps}=    Evaluate    ["stepi"] * 50
    ${many}=    Evaluate    ["stepi"] * 170
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break endpoint_take    continue    @{steps}    inferior 2    @{many}    delete    finish    next
    Should Be Equal    ${hash}    ${UNDISTURBED}

Looking At A Busy Line Changes Nothing
    [Documentation]    STAT of LPUART6 when three words have come in: RXEDGIF (30), RDRF (21), TC, TDRE; RAF (24) as far as
    ...    the sender's level is known already.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break stm32_link_send    continue    delete    break lpuart_service    continue
    ...    output/x *(unsigned *)0x40090014    echo \n
    Should Match Regexp    ${printed}    (?m)^0x4[01]e00000
    Should Be Equal    ${hash}    ${UNDISTURBED}

Registers By Name
    [Documentation]    What is read changes nothing.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break send_command    continue    continue    inferior 2    mews regs USART2    mews regs gpioa.CRL
    ...    mews regs tim2    python exec("try: gdb.execute('mews regs usart9')\\nexcept gdb.error as e: print(e)")
    ...    inferior 1    mews regs MUA    mews regs /a MUA    mews regs lpuart6.baud    python exec("try: gdb.execute('mews regs usart2')\\nexcept gdb.error as e: print(e)")
    Should Match Regexp    ${printed}    (?m)^USART2 at 0x40004400 \\(RM0041 23\\.6\\)$
    Should Match Regexp    ${printed}    (?m)^ \ SR +not read \\(mews regs /a\\): a read is part of
    Should Match Regexp    ${printed}    (?m)^ \ CR1 +0x0000201c RE=1 TE=1 IDLEIE=1 UE=1$
    Should Match Regexp    ${printed}    (?m)^ +11:10 \ CNF2 +2 \\(alternate push-pull\\)$
    Should Match Regexp    ${printed}    (?m)^ \ ARR +0x000009c3$
    Should Contain    ${printed}    no block 'usart9'; near it: USART
    Should Contain    ${printed}    no block 'usart2'; near it: LPUART2
    Should Match Regexp    ${printed}    (?m)^MUA at 0x40c48000 \\(IMXRT1170RM MU\\)$
    Should Match Regexp    ${printed}    (?m)^ \ RR0 +not read \\(mews regs /a\\): a read empties it$
    Should Match Regexp    ${printed}    (?m)^ \ RR0 +0x00000000$
    Should Match Regexp    ${printed}    (?m)^ \ SR +0x00f00200 BRDIP=1 TE3=1 TE2=1 TE1=1 TE0=1$
    Should Match Regexp    ${printed}    (?m)^ +12:0 \ SBR +0x0001$
    Should Be Equal    ${hash}    ${UNDISTURBED}

Negative Control: A Word Changed In The Debugger Is Another Run
    [Documentation]    The FMU leaves a frame out.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    break endpoint_send    continue    continue    continue    set var $r0 = 0    set var $pc = $lr
    Should Not Be Equal    ${hash}    ${UNDISTURBED}

A Rig That Cannot Start Ends The Debugger
    [Documentation]    What `make gdb RIG=...` carries out; no prompt without a rig.
    ${said}=    Start Gdb    rigs/nope.rig    code=2
    Should Be Equal    ${said}    mews: rig file: Failed to open file “rigs/nope.rig”: No such file or directory
    Create File    ${FILES}${/}gone.rig    [machine io]\nmodel = stm32f100c8\nimage = gone.elf\n
    ${said}=    Start Gdb    ${FILES}${/}gone.rig    code=2
    Should Match Regexp    ${said}    (?m)^linkd: .*gone\\.rig:3: machine io: image .*gone\\.elf: no such file$
    Should Contain    ${said}    the rig has not started, and has told why

Negative Control: A Rig That Starts Is At Its Main
    [Teardown]    Remove Runs Of    gdb-start
    Create File    ${FILES}${/}a "path" with $everything.rig    [rig]\nname = gdb-start\n[machine io]\nmodel = stm32f100c8\nimage = ${IO IMAGE}\n
    ${said}=    Start Gdb    ${FILES}${/}a "path" with $everything.rig    code=0
    Should Match Regexp    ${said}    (?m)^Breakpoint 1, main \\(\\) at firmware/nodes/io/main\\.c:

*** Keywords ***
Undisturbed Run
    ${hash}=    Trace Hash Of A Run    ${RIG}    ${DURATION}
    Set Suite Variable    ${UNDISTURBED}    ${hash}

Remove Runs Of
    [Arguments]    ${name}
    @{runs}=    List Directories In Directory    ${FILES}${/}..    ${name}-*    absolute=True
    FOR    ${run}    IN    @{runs}
        Remove Directory    ${run}    recursive=True
    END

Start Gdb
    [Documentation]    Returns what was said; gdb ends when it has nothing more to read.
    [Arguments]    ${rig}    ${code}
    ${done}=    Run Process    ${CURDIR}${/}..${/}link${/}gdb${/}start    -nx    -batch    env:RIG=${rig}    stderr=STDOUT    timeout=60 s
    Should Be Equal As Integers    ${done.rc}    ${code}    ${done.stdout}
    RETURN    ${done.stdout}
