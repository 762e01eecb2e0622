*** Comments ***
Two cores of one part and a second part under one debugger: names, states, breakpoints and watchpoints of
one core, steps of one core.  Nothing of it changes the run.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           GdbLibrary.py
Suite Setup       Undisturbed Run

*** Variables ***
${RIG}            rigs/two-cores.rig
${DURATION}       20 ms
${M4}             (?m)^Thread 3\\.1 "fmu\\.cm4" hit
${M7}             (?m)^Thread 1\\.1 "fmu\\.cm7" hit

*** Test Cases ***
Three Cores In One Session
    [Documentation]    Each with its name, its symbols and its state: the M4 before its release, asleep, at work.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    info inferiors    info threads    break release_m4    continue    inferior 3    tbreak m4_main    continue    bt
    ...    info threads    break *m4_main+52    continue    info threads    print m4    inferior 2    info line main
    Should Match Regexp    ${printed}    (?m)^[* ] 1 +process 1 .*two-cores.elf
    Should Match Regexp    ${printed}    (?m)^[* ] 2 +process 2 .*io.elf
    Should Match Regexp    ${printed}    (?m)^[* ] 3 +process 3 .*two-cores.elf
    Should Match Regexp    ${printed}    (?m)"fmu\\.cm4" \\(held in reset\\) +0x0+ in
    Should Match Regexp    ${printed}    (?m)"fmu\\.cm7" \\(running\\) +reset_entry
    Should Match Regexp    ${printed}    (?m)"io\\.cm3" \\(running\\) +
    Should Match Regexp    ${printed}    (?m)\\* 3\\.1 .*"fmu\\.cm4" \\(running\\) +m4_main \\(\\) at .*two-cores\\.c
    Should Match Regexp    ${printed}    Line \\d+ of "firmware/nodes/io/main\\.c"
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Core That Sleeps
    [Documentation]    The M4 in its WFI when the M7 is about to send it a word.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    break mmio_write32 if $r0 \=\= 0x40c48000 && $pc \=\= &mmio_write32    continue    continue    info threads
    Should Match Regexp    ${printed}    (?m)"fmu\\.cm4" \\(asleep\\) +m4_main
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Breakpoint On A Core Not Yet Released
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    info threads    hbreak *m4_main    continue    info registers pc
    Should Match Regexp    ${printed}    "fmu\\.cm4" \\(held in reset\\)
    Should Match Regexp    ${printed}    (?m)^Thread 3\\.1 "fmu\\.cm4" hit Breakpoint 1, m4_main
    Should Match Regexp    ${printed}    (?m)^pc +0x20200014
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Breakpoint Of One Core Leaves The Other Alone
    [Documentation]    Both execute count_up, at the same address.
    ${hits}=    Evaluate    ["continue"] * 20
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    hbreak *count_up    @{hits}
    Should Contain X Times    ${printed}    "fmu.cm4" hit Breakpoint 1, count_up    20
    Should Not Match Regexp    ${printed}    ${M7}
    Should Be Equal    ${hash}    ${UNDISTURBED}
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    hbreak *count_up    @{hits}
    Should Contain X Times    ${printed}    "fmu.cm7" hit Breakpoint 1, count_up    20
    Should Not Match Regexp    ${printed}    ${M4}
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Breakpoint Of Both Cores
    [Documentation]    What the one above would see if breakpoints were not a core's own.
    ${hits}=    Evaluate    ["continue"] * 60
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}    hbreak count_up    @{hits}
    Should Match Regexp    ${printed}    ${M7}
    Should Match Regexp    ${printed}    ${M4}
    Should Be Equal    ${hash}    ${UNDISTURBED}

Watchpoints Tell The Core
    [Documentation]    m4.count is written by the M4 and read by both; a watchpoint is of the core it was set for.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    watch -l m4.count    continue    continue    delete    inferior 1    rwatch -l m4.count    continue    continue    bt 1
    Should Match Regexp    ${printed}    (?s)"fmu\\.cm4" hit Hardware watchpoint 1: .*Old value = 0.*New value = 1.*"fmu\\.cm4" hit Hardware watchpoint 1: .*Old value = 1.*New value = 2
    Should Match Regexp    ${printed}    (?s)"fmu\\.cm7" hit Hardware read watchpoint 2: .*"fmu\\.cm7" hit Hardware read watchpoint 2: .*main \\(\\)
    Should Not Match Regexp    ${printed}    "fmu\\.cm4" hit Hardware read watchpoint
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Watchpoint Of The Wrong Core
    [Documentation]    The M7 never writes m4.count.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    watch -l m4.count    break lpuart_service if m7.count >\= 150    continue    print m4.count
    Should Not Contain    ${printed}    hit Hardware watchpoint
    Should Match Regexp    ${printed}    (?s)"fmu\\.cm7" hit Breakpoint 2.*= 1\\d\\d\\n
    Should Be Equal    ${hash}    ${UNDISTURBED}

Steps Of One Core Change Nothing
    [Documentation]    In a slice of 1 us the cores take turns: 420 steps of the M4 are 1.05 us.
    ${slice}=    Evaluate    ["stepi"] * 420
    ${some}=    Evaluate    ["stepi"] * 100
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    tbreak count_up    continue    @{slice}    inferior 1    tbreak count_up    continue    @{some}    inferior 3    @{some}
    Should Match Regexp    ${printed}    ${M4}
    Should Be Equal    ${hash}    ${UNDISTURBED}

Steps Over A Sleep Change Nothing
    [Documentation]    A step over WFI ends when the other core has woken this one, a breakpoint there or not.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    break *m4_main+46    continue    x/i $pc    continue    stepi    x/i $pc    continue    stepi    next    next    info threads
    Should Contain X Times    ${printed}    "fmu.cm4" hit Breakpoint 1    4
    Should Match Regexp    ${printed}    (?m)^=> 0x20200042 <m4_main\\+46>:\\twfi
    Should Match Regexp    ${printed}    (?m)^=> 0x2020004\\w <m4_main\\+\\d+>:\\t(?!wfi)
    Should Be Equal    ${hash}    ${UNDISTURBED}

One Core Alone Cannot Be Let Go
    [Documentation]    Virtual time is one: also with the scheduler locked the others go on.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    set scheduler-locking on    inferior 3    tbreak count_up    continue    stepi    stepi    set scheduler-locking off    info threads
    Should Match Regexp    ${printed}    "fmu\\.cm7" \\((asleep|running)\\) +(?!reset_entry)
    Should Be Equal    ${hash}    ${UNDISTURBED}

A Core That Locks Up
    ${rig}=    Rig With Another Image    ${RIG}    two-cores.elf    two-cores-lock-up.elf
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${rig}    ${DURATION}    continue    info threads    bt
    Should Match Regexp    ${printed}    (?m)^Thread 3\\.1 "fmu\\.cm4" received signal SIGABRT
    Should Match Regexp    ${printed}    (?m)\\* 3\\.1 .*"fmu\\.cm4" \\(locked up\\) +m4_fault
    Should Match Regexp    ${printed}    (?m)"fmu\\.cm7" \\((asleep|running)\\)
    Should Match Regexp    ${printed}    (?s)signal handler called.* in m4_main \\(\\)
    Should Contain    ${printed}    machine fmu locked up: CPU 1 (cortex-m4-arm-cpu)
    Should Contain    ${printed}    exited normally

An Editor's Session
    [Documentation]    The set-up commands of the launch.json in docs/gdb.md, in gdb's machine interface.
    ${hash}    ${printed}=    Trace Hash Of An Editor's Session    docs/gdb.md    ${RIG}    ${DURATION}
    ...    -break-insert main    -exec-continue    -thread-info    -break-insert m4_main    -exec-continue    -stack-list-frames --thread 3
    Should Match Regexp    ${printed}    \\^done,threads=\\[.*details="running",name="fmu\\.cm7".*details="held in reset",name="fmu\\.cm4"
    Should Match Regexp    ${printed}    (?s)\\*stopped,reason="breakpoint-hit".*func="main".*\\*stopped,reason="breakpoint-hit".*func="m4_main".*thread-id="3"
    Should Not Contain    ${printed}    ^error
    Should Be Equal    ${hash}    ${UNDISTURBED}

Registers By Name On Each Core
    [Documentation]    The part is known by either core's CPUID; the core's own registers are those of the selected one.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    mews regs SCB.CPUID    inferior 3    mews regs SCB.CPUID    mews regs MUB.CR
    Should Match Regexp    ${printed}    (?s)CPUID +0x411fc272.*CPUID +0x410fc241.*MUB at 0x40c4c000
    Should Be Equal    ${hash}    ${UNDISTURBED}

All Machines Up To Their Main
    [Documentation]    What make gdb does: one stop for each machine, whatever cores they have.
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}    mews main    info threads
    Should Match Regexp    ${printed}    (?s)"fmu\\.cm7" hit Breakpoint 1\\.\\d, main.*\\* 2\\.1 .*"io\\.cm3" \\(running\\) +main
    Should Be Equal    ${hash}    ${UNDISTURBED}
    ${rig}=    Rig With Another Image    ${RIG}    two-cores.elf    two-cores.elf    io
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${rig}    ${DURATION}    mews main    info threads
    Should Match Regexp    ${printed}    (?m)^\\* 1 .*"io\\.cm3" \\(running\\) +main

A Rig Of One Core
    [Documentation]    The other machine and the link left out.
    ${rig}=    Rig With Another Image    ${RIG}    two-cores.elf    two-cores.elf    io
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${rig}    ${DURATION}    info threads    break main    continue    stepi
    Should Match Regexp    ${printed}    (?m)^\\* 1 .*"io\\.cm3" \\(running\\) reset_entry
    Should Match Regexp    ${printed}    (?m)^Breakpoint 1, main \\(\\) at firmware/nodes/io/main\\.c
    ${undisturbed}=    Trace Hash Of A Run    ${rig}    ${DURATION}
    Should Be Equal    ${hash}    ${undisturbed}

Negative Control: A Count Changed In The Debugger Is Another Run
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 3    tbreak count_up    continue    set var m4.count \= 7
    Should Not Be Equal    ${hash}    ${UNDISTURBED}

*** Keywords ***
Undisturbed Run
    ${hash}=    Trace Hash Of A Run    ${RIG}    ${DURATION}
    Set Suite Variable    ${UNDISTURBED}    ${hash}
