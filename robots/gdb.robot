*** Comments ***
A debugger stops time, it does not change it: with breakpoints and steps on both machines the run
gives the trace of an undisturbed one.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           Collections
Library           GdbLibrary.py
Suite Setup       Undisturbed Run

*** Variables ***
${RIG}            rigs/flight.rig
${DURATION}       200 ms

*** Test Cases ***
Both Machines Stop At Main
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break main    continue    continue    info inferiors
    Should Match Regexp    ${printed}    (?s)Breakpoint 1.*main.*Breakpoint 1.*main
    Should Contain    ${printed}    fmu.elf
    Should Contain    ${printed}    io.elf
    Should Be Equal    ${hash}    ${UNDISTURBED}

Breakpoints On Both Machines Change Nothing
    ${hits}=    Evaluate    ["continue"] * 30
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break endpoint_take    break endpoint_send    @{hits}    bt 1
    Should Match Regexp    ${printed}    (?s)(Thread \\S+ .*hit Breakpoint.*){30}
    Should Be Equal    ${hash}    ${UNDISTURBED}

Stepping Changes Nothing
    ${steps}=    Evaluate    ["stepi"] * 50
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    break endpoint_take    continue    @{steps}
    Should Be Equal    ${hash}    ${UNDISTURBED}

Negative Control: A Word Changed In The Debugger Is Another Run
    ${hash}    ${printed}=    Trace Hash Of A Debugged Run    ${RIG}    ${DURATION}
    ...    inferior 1    break endpoint_send    continue    continue    continue    set var $r0 = 0    set var $pc = $lr
    Should Not Be Equal    ${hash}    ${UNDISTURBED}

*** Keywords ***
Undisturbed Run
    ${hash}=    Trace Hash Of A Run    ${RIG}    ${DURATION}
    Set Suite Variable    ${UNDISTURBED}    ${hash}
