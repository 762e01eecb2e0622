*** Comments ***
Every keyword of the library against the stand-in for linkd, once as it should end and once as it
must not.  [Documentation] says the outcome: nothing is PASS, otherwise "FAIL text" or "SKIP text",
where the text is part of the message.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           ../../../../robots/MewsLibrary.py
Test Setup        Start Rig    tests/unit/robots/suites/flight.rig
Test Teardown     Reset Emulation

*** Variables ***
@{SERVOS}         io.PA0    io.PA1

*** Test Cases ***
Line Comes
    Create Terminal Tester    sysbus.usart1    machine=io
    ${result}=    Wait For Line On Uart    uart-thin    timeout=0.1
    Should Be Equal    ${result.line}    gust-uart-thin
    Should Be Equal    ${result}[line]    gust-uart-thin
    Should Be Equal As Integers    ${result.time_ns}    ${1000000 + 16 * 86806}

Regex Has Groups
    Create Terminal Tester    io.usart1
    ${result}=    Wait For Line On Uart    gust-(\\w+)-(\\w+)    0.1    treatAsRegex=true
    Should Be Equal    ${result.groups}    ${{['uart', 'thin']}}

Argument Names Know No Case
    ${id}=    Create Terminal Tester    usart1
    Wait For Line On Uart    gust    testerid=${id}    timeout=100 ms

Line Does Not Come
    [Documentation]    FAIL io.usart1: 'nonsense' did not come within 100.000 ms (now 100.000 ms); since the last match came: 'gust-uart-thin\n'
    Create Terminal Tester    io.usart1
    Wait For Line On Uart    nonsense    timeout=0.1

Matched Lines Are Taken
    [Documentation]    FAIL did not come within 50.000 ms
    Create Terminal Tester    io.usart1
    Wait For Line On Uart    gust    timeout=0.1
    Wait For Line On Uart    gust    timeout=0.05

Unknown Argument
    [Documentation]    FAIL unknown argument 'tiemout' of 'Wait For Line On Uart': it takes content, timeout
    Create Terminal Tester    io.usart1
    Wait For Line On Uart    gust    tiemout=0.1

No Time
    [Documentation]    FAIL argument 'timeout' of 'Wait For Line On Uart': '5 parsecs' is no time
    Create Terminal Tester    io.usart1
    Wait For Line On Uart    gust    timeout=5 parsecs

Prompt And Echo
    ${id}=    Create Terminal Tester    io.usart1
    Wait For Next Line On Uart
    Write Line To Uart    status    ${id}
    Wait For Prompt On Uart    ok>    ${id}    timeout=0.1

Characters Go Out
    Create Terminal Tester    io.usart1    defaultWaitForEcho=false
    Wait For Next Line On Uart
    Write Char On Uart    a
    Write To Uart    bc
    Send Key To Uart    0x64
    Run For    10 ms
    Write Line To Uart    ${EMPTY}
    Wait For Lines On Uart    ${{['abcd']}}    timeout=0.1

No Echo
    [Documentation]    FAIL 'other' did not come
    Create Terminal Tester    io.usart1    timeout=0.05
    Write Char On Uart    x
    Register Failing Uart String    never
    Write Line To Uart    ${EMPTY}
    Wait For Line On Uart    other

Failing String
    [Documentation]    FAIL the failing line 'gust-uart-thin' came
    Create Terminal Tester    io.usart1
    Register Failing Uart String    uart-thin
    Wait For Line On Uart    anything else    timeout=0.1

Failing String Taken Back
    Create Terminal Tester    io.usart1
    Register Failing Uart String    uart-thin
    Unregister Failing Uart String    uart-thin
    Wait For Line On Uart    gust    timeout=0.1

Next Line Differs
    [Documentation]    FAIL the next line is 'gust-uart-thin', not 'other'
    Create Terminal Tester    io.usart1
    Wait For Line On Uart    other    matchNextLine=true    timeout=0.1

Should Not Be On Uart
    Create Terminal Tester    io.usart1
    Should Not Be On Uart    panic    timeout=0.1
    ${now}=    Virtual Time
    Should Be Equal As Integers    ${now}    100000000
    Clear Terminal Tester Report

Is On Uart
    [Documentation]    FAIL 'gust-uart-thin' came at 2.388896 ms and should not have
    Create Terminal Tester    io.usart1
    Should Not Be On Uart    gust    timeout=0.1

Bytes
    Create Terminal Tester    io.usart1    binaryMode=true
    ${result}=    Wait For Bytes On Uart    67 75 73 74    timeout=0.1
    Should Be Equal    ${result.content}    ${{b'gust'}}

Bytes Need A Binary Tester
    [Documentation]    FAIL waiting for bytes needs a tester made with binaryMode=true
    Create Terminal Tester    io.usart1
    Wait For Bytes On Uart    6775

Bytes Are Hex
    [Documentation]    FAIL 'xyz' is no even number of hex digits
    Create Terminal Tester    io.usart1    binaryMode=true
    Wait For Bytes On Uart    xyz

Idle
    Create Terminal Tester    io.usart1
    Run For    20 ms
    Test If Uart Is Idle    0.05

Not Idle
    [Documentation]    FAIL io.usart1 is not idle: 'gust-uart-thin\r\n' (16 characters) came, the first at 1.086806 ms
    Create Terminal Tester    io.usart1
    Test If Uart Is Idle    0.05

No Tester
    [Documentation]    FAIL no terminal tester: 'Create Terminal Tester' first
    Wait For Line On Uart    gust

No Such Uart
    [Documentation]    FAIL no-such-uart
    Create Terminal Tester    usart9    machine=io

No Such Machine
    [Documentation]    FAIL no machine 'moon'; machines: fmu, io
    Create Terminal Tester    usart1    machine=moon

One Tester For One Uart
    ${first}=    Create Terminal Tester    io.usart1
    ${second}=    Create Terminal Tester    usart1    machine=io
    Should Be Equal    ${first}    ${second}
    Set Default Tester    ${first}

Packet Comes
    ${packet}=    Wait For Packet    IoStatus    direction=io>fmu
    Should Be Equal As Integers    ${packet.time_ns}    20330000
    Should Be Equal As Integers    ${packet.fields.frames_ok}    5
    Wait For Packet    0x010    fields=flags=1, pwm_us=[1500, 1600, 900, 900, 900, 900, 900, 900]

Packet Differs
    [Documentation]    FAIL no IoStatus (accepted) within 50.000 ms; 2 came, the last with status_flags=3, not 7
    Wait For Packet    IoStatus    fields=status_flags=7    timeout=50 ms

Packet Does Not Come
    [Documentation]    FAIL no any (bad_mac) within 15.000 ms; came: fmu>io ActuatorCmd accepted counter 1
    Wait For Packet    any    verdict=bad_mac    timeout=15 ms

Packets Of The Past Do Not Count
    [Documentation]    FAIL no packet came at all
    Run For    21 ms
    Halt Machine    fmu
    Wait For Packet    timeout=15 ms

Flags
    ${status}=    Wait For Flags    IoStatus    status_flags    set=2    clear=0x4
    Should Be Equal As Integers    ${status.time_ns}    20330000

Flags Do Not Come
    [Documentation]    FAIL no IoStatus with status_flags bits 0x4 set and 0x0 clear within 50.000 ms; the last had 0x3
    Wait For Flags    IoStatus    status_flags    4    timeout=50 ms

No Flags
    [Documentation]    FAIL ActuatorCmd has no field 'status_flags' with flags
    Wait For Flags    ActuatorCmd    status_flags    4    timeout=50 ms

Latest Of Events
    ${early}=    Wait For Packet
    ${late}=    Wait For Packet
    ${event}=    Latest Of    ${{[$early, $late, 5]}}
    Should Be Equal    ${event}    ${late}

Last Packet
    Run For    21 ms
    ${packet}=    Last Packet    ActuatorCmd
    Should Be Equal As Integers    ${packet.counter}    5
    ${now}=    Virtual Time
    Should Be Equal As Integers    ${now}    21000000

No Last Packet
    [Documentation]    FAIL no IoStatus (accepted) has come so far
    Run For    15 ms
    Last Packet    IoStatus

Since Looks Back
    Run For    21 ms
    Halt Machine    fmu
    Wait For Packet    ActuatorCmd    timeout=15 ms    since=1 ms

Since Lies Ahead
    [Documentation]    FAIL since=1000.000 ms lies ahead: the rig is at 0.000 ms
    Wait For Packet    since=1 s

Should Not Be Packet
    Should Not Be Packet    IoConfig    timeout=30 ms

Is Packet
    [Documentation]    FAIL io>fmu IoStatus accepted counter 1 came at 20.330 ms and should not have
    Should Not Be Packet    IoStatus    timeout=30 ms

Packet Interval
    Run For    15 ms
    Packet Interval Should Be    ActuatorCmd    2.5 ms    over=100 ms

Packet Interval Differs
    [Documentation]    FAIL ActuatorCmd: an interval of 2.500 ms, not 2.400 ms within 0.050 ms
    Run For    15 ms
    Packet Interval Should Be    ActuatorCmd    2.4 ms    tolerance=50 us    over=100 ms

No Packets No Interval
    [Documentation]    FAIL RcInput: 0 accepted within 100.000 ms
    Packet Interval Should Be    RcInput    10 ms    over=100 ms

Silence
    Halt Machine    fmu
    Line Should Be Silent    fmu>io    100 ms

Link Counters
    Run For    21 ms
    ${counters}=    Get Link Counters    io>fmu
    Link Counter Should Be    frames    ${counters.frames}    io>fmu

Link Counter Differs
    [Documentation]    FAIL io>fmu frames is 1, not 2
    Run For    21 ms
    Link Counter Should Be    frames    2    io>fmu

No Silence
    [Documentation]    FAIL fmu>io is not silent
    Line Should Be Silent    fmu>io    100 ms

No Such Direction
    [Documentation]    FAIL link flight has no direction 'fmu>moon'; directions: fmu>io, io>fmu, inject>io, inject>fmu
    Line Should Be Silent    fmu>moon    100 ms

Replay Is Counted
    ${packet}=    Wait For Packet    ActuatorCmd
    Halt Machine    fmu
    ${before}=    Get Counters
    Replay Frame    ${packet}
    Wait For Packet    verdict=replay    direction=inject>io
    Counters Should Change By    ${before}    replay=1    frames_ok=0

Wrong Counter
    [Documentation]    FAIL IoStatus: bad_mac rose by 0, not 1; replay rose by 1, not 0
    ${packet}=    Wait For Packet    ActuatorCmd
    ${before}=    Get Counters
    Replay Frame    ${packet}    at=gap
    Counters Should Change By    ${before}    bad_mac=1

Tampered
    ${packet}=    Wait For Packet    ActuatorCmd
    Tamper Frame    ${packet}    -1
    Wait For Packet    verdict=bad_mac
    Counter Should Be    bad_mac    1

Bit Outside
    [Documentation]    FAIL lies outside the frame's
    ${packet}=    Wait For Packet    ActuatorCmd
    Tamper Frame    ${packet}    90000

Replay Needs A Packet
    [Documentation]    FAIL a packet of 'Wait For Packet' is needed here
    Replay Frame    4d01

Sealed Command Is Obeyed
    Halt Machine    fmu
    ${payload}=    Make Packet    ActuatorCmd    flags=1    pwm_us=[1234, 900, 900, 900, 900, 900, 900, 900]
    ${frame}=    Seal Frame    ${payload}    0x4d01    counter=5000
    Inject Frame    ${frame}    to=io
    Wait For Pwm    io.PA0    1234 us    timeout=20 ms

No Such Field
    [Documentation]    FAIL Heartbeat has no field 'mood'; fields: time_us, state, cores_alive
    Make Packet    Heartbeat    mood=1

Pins
    Pin Should Be    io.PA0    low
    ${edge}=    Wait For Edge    io.PA0    rising
    Pin Should Be    io.PA0    high
    ${pwm}=    Wait For All Pwm    ${SERVOS}    1500 us, 1600 us    period=2500 us
    ${taken}=    Measure Time From ${edge} To ${pwm}[1] Within 5 ms
    Should Be Equal As Integers    ${taken}    2500000
    Pwm Should Stay    ${SERVOS}    1500 us, 1600 us    50 ms    period=2500 us

Pin Differs
    [Documentation]    FAIL io.PA0 is low, not high
    Pin Should Be    io.PA0    high

No Edge
    [Documentation]    FAIL io.PA0: no rising edge within 5.000 ms
    Wait For Edge    io.PA0    rising    timeout=5 ms

No Edge Expected
    [Documentation]    FAIL io.PA0: rising edge at 10.000 ms, none was to come
    Should Not Be Edge    io.PA0    timeout=50 ms

No Pwm
    [Documentation]    FAIL io.PA1: no pulse of 1601.000 us within 0.500 us came in 50.000 ms, the last is 1600.000 us
    Wait For All Pwm    ${SERVOS}    1500 us, 1601 us    timeout=50 ms

Pwm Moves
    [Documentation]    FAIL io.PA1 moved: a pulse of 1600.000 us at 20.000 ms, not 1599.000 us
    Run For    20 ms
    Pwm Should Stay    ${SERVOS}    1500 us, 1599 us    50 ms

Pwm Is Off
    Pwm Should Stay    ${SERVOS}    0    9 ms

No Such Pin
    [Documentation]    FAIL no-such-pin
    Wait For Edge    io.PZ0

Too Slow
    [Documentation]    FAIL 9.670 ms from 10.330 ms to 20.000 ms, allowed: 9.000 ms
    ${packet}=    Wait For Packet
    Measure Time From ${packet} To 20 ms Within 9 ms

Too Early
    [Documentation]    FAIL allowed: 10.000 ms .. 11.000 ms
    ${packet}=    Wait For Packet
    Measure Time From ${packet} To 20 ms Between 10 ms And 11 ms

Machines
    Halt Machine    fmu
    Machine State Should Be    fmu    halted
    Resume Machine    fmu
    Machine State Should Be    fmu    running
    Reset Machine    io
    Symbol Should Be    io    boot_count    2
    ${value}=    Read Memory    io    0x20000000
    Should Be Equal As Integers    ${value}    0x1234
    ${registers}=    Get Registers    io
    Should Be Equal As Integers    ${registers.PC}    0x08000100

State Differs
    [Documentation]    FAIL fmu is running, not halted
    Machine State Should Be    fmu    halted

Symbol Differs
    [Documentation]    FAIL io: boot_count is 0x1, not 0x2
    Symbol Should Be    io    boot_count    2

No Such Symbol
    [Documentation]    FAIL no-such-symbol
    Read Symbol    io    nothing

Equal Runs
    Run For    100 ms
    ${first}=    Trace Hash
    Stop Rig
    Start Rig    tests/unit/robots/suites/flight.rig
    Start Host Load    2
    Stall Machine    io
    Run For    60 ms
    Run Until    100 ms
    ${second}=    Trace Hash
    Stop Host Load
    Should Be Equal Traces    ${first}    ${second}

Unknown Machine Is Stalled
    [Documentation]    FAIL the rig has no machine 'nobody'
    Stall Machine    nobody

Unequal Runs
    [Documentation]    FAIL flight inject>io
    Run For    100 ms
    ${first}=    Trace Hash
    Reset Emulation
    Start Rig    tests/unit/robots/suites/flight.rig
    Inject Bytes    00    to=io    at=50 ms
    Run For    100 ms
    ${second}=    Trace Hash
    Should Be Equal Traces    ${first}    ${second}

Negative Control Is Red
    ${message}=    Gate Should Fail    Wait For Packet    IoConfig    timeout=10 ms
    Should Contain    ${message}    no IoConfig
    Gate Should Fail With    allowed: 1.000 ms    Measure Time From 1 ms To 3 ms Within 1 ms

Negative Control Is Green
    [Documentation]    FAIL negative control is green: 'Wait For Packet' passed and must not
    Gate Should Fail    Wait For Packet    IoStatus

Negative Control Is A Mistake
    [Documentation]    FAIL did not end as a red gate: unknown argument 'tiemout'
    Gate Should Fail    Wait For Packet    IoStatus    tiemout=1 s

Negative Control Is Red For Another Reason
    [Documentation]    FAIL negative control is red for another reason: io.PA0 is low
    Gate Should Fail With    lava    Pin Should Be    io.PA0    high

Monitor Commands
    Start Emulation
    Execute Command    start
    Execute Command    emulation RunFor "0.01"
    Execute Command    emulation RunFor "00:00:00.01"
    ${time}=    Execute Command    emulation GetTimeSourceInfo
    Should Be Equal    ${time}    Elapsed Virtual Time: 00:00:00.020000\n
    Execute Command    mach set "fmu"
    Execute Command    sysbus.cpu IsHalted true
    Machine State Should Be    fmu    halted
    Execute Command    cpu IsHalted false    machine=fmu
    Execute Command    machine Reset
    ${value}=    Execute Command    sysbus ReadDoubleWord 0x20000000
    Should Be Equal    ${value}    0x00001234\n
    ${pc}=    Execute Command    cpu PC
    Should Be Equal    ${pc}    0x8000100\n

Unknown Monitor Command
    [Documentation]    FAIL monitor command 'logLevel 3' is not known here; known: start
    Execute Command    logLevel 3

No Rig File
    [Documentation]    FAIL 'board.resc' is no rig file
    Reset Emulation
    Execute Script    @board.resc

Two Rigs
    [Documentation]    FAIL a rig is there already
    Start Rig    tests/unit/robots/suites/flight.rig
