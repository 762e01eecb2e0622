*** Comments ***
NavState from the Cortex-M4 to the Cortex-M7: written under a sequence lock in shared memory, announced by a
doorbell of the messaging unit (docs/firmware.md, "Contracts across cores").
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          rt1176.resource
Test Teardown     Reset Emulation

*** Variables ***
${SLOW WRITER}    slow writer: states 100 refused (\\d+) torn 0$
${FAST WRITER}    fast writer: states 2000 refused (\\d+) torn 0$
# The lock, then u32 seq and 16 x f32: value n of state seq is 16 * (seq modulo 2^16) + n.
${SEQUENCE}       ${0x20240000}
${SEQ}            ${0x20240004}
${VALUES}         ${0x20240008}

*** Test Cases ***
A Slow Writer Is Noticed
    [Documentation]    50 us in the middle of each write: the reader looks hundreds of times and takes none of it.
    Start    rt1176-navstate
    Tries Are Refused    ${SLOW WRITER}    least=10000

A Write That Comes In Between Is Noticed
    Start    rt1176-navstate
    Tries Are Refused    ${FAST WRITER}    least=100

Negative Control: Without The Second Look At The Sequence
    Start    rt1176-navstate-no-check
    Gate Should Fail With    did not come    Tries Are Refused    ${FAST WRITER}    least=100

Negative Control: An Odd Sequence Is Taken
    Start    rt1176-navstate-no-parity
    Gate Should Fail With    did not come    Tries Are Refused    ${SLOW WRITER}    least=10000

Ten Seconds At 1 kHz
    [Documentation]    10000 doorbells, each with the next state, whole; looked at from outside every second.
    Start    rt1176-navstate
    Wait For Line On Uart    ${FAST WRITER}    timeout=500 ms    treatAsRegex=true
    ${began}=    State In Memory
    FOR    ${second}    IN RANGE    1    10
        Run For    1000 ms
        ${seq}=    State In Memory
        ${expected}=    Evaluate    $began + 1000 * $second
        Should Be True    abs($seq - $expected) <= 1    ${seq} after ${second} s, not ${expected}
    END
    Wait For Line On Uart    doorbell: states 10000 refused 0 torn 0    timeout=1500 ms
    ${line}=    Wait For Line On Uart    missed 0 latency ns min (\\d+) median (\\d+) max (\\d+)$    treatAsRegex=true
    Latencies Are Below    ${line.groups}    1500 ns

Negative Control: A Word Of Another State
    Start    rt1176-navstate
    Wait For Line On Uart    ${FAST WRITER}    timeout=500 ms    treatAsRegex=true
    Run For    10 ms
    ${seq}=    State In Memory
    Run Keyword And Expect Error    word 0 *    Words Are Those Of    ${seq + 1}

*** Keywords ***
Start
    [Arguments]    ${image}
    Start Rig Of    250 ms    navstate    image = ${FIRMWARE}${/}${image}.elf

Tries Are Refused
    [Arguments]    ${pattern}    ${least}
    ${line}=    Wait For Line On Uart    ${pattern}    treatAsRegex=true
    Should Be True    int($line.groups[0]) >= ${least}

State In Memory
    [Documentation]    Its number; every word of it is right, and no write is going on.
    ${sequence}=    Read Memory    fmu    ${SEQUENCE}
    Should Be Equal As Integers    ${sequence % 2}    0
    ${seq}=    Read Memory    fmu    ${SEQ}
    Words Are Those Of    ${seq}
    RETURN    ${seq}

Words Are Those Of
    [Arguments]    ${seq}
    FOR    ${n}    IN RANGE    16
        ${word}=    Read Memory    fmu    ${VALUES + 4 * ${n}}
        ${value}=    Evaluate    struct.unpack('<f', struct.pack('<I', $word))[0]
        ${right}=    Evaluate    float(16 * ($seq % 65536) + $n)
        Should Be Equal As Numbers    ${value}    ${right}    word ${n} of state ${seq}
    END

Latencies Are Below
    [Documentation]    From the store before the doorbell to the first instruction of the handler: min, median, max.
    [Arguments]    ${latencies_ns}    ${limit}
    FOR    ${latency_ns}    IN    @{latencies_ns}
        Should Be True    ${latency_ns} > 0
        Measure Time From 0 To ${latency_ns} ns Within ${limit}
    END
