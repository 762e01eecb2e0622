*** Comments ***
An attacker who knows the wire and not the keys: what he sends is refused, counted by its own
counter, moves no output, and does not feed the failsafe timer.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying
Test Teardown     Let The FMU Go On

*** Test Cases ***
A Replayed Frame
    A Replay Is Refused

A Frame With A Turned Bit In Its Counter
    A Tampered Frame Is Refused    24

A Frame With A Turned Bit In Its Body
    A Tampered Frame Is Refused    88

A Frame With A Turned Bit In Its Tag
    A Tampered Frame Is Refused    -1

A Frame With A Foreign SPI
    A Frame With A Foreign SPI Is Refused

A Frame That Is Too Old
    A Frame That Is Too Old Is Refused

A Frame Of The Other Direction
    A Frame Of The Other Direction Is Refused

A Replay Between Live Frames
    ${before}=    Get Counters
    ${command}=    Last Packet    ActuatorCmd    direction=fmu>io
    Replay Frame    ${command}    at=gap
    Wait For Packet    verdict=replay    direction=inject>io    timeout=5 ms
    Counters Should Change By    ${before}    replay=1

Refused Frames And The Failsafe Timer
    Refused Frames Do Not Feed The Failsafe Timer

Negative Control: The Holder Of The Key Is Obeyed
    [Documentation]    The same way into the wire with an authentic frame: it moves the outputs, is counted as good, feeds the timer.
    [Teardown]    NONE
    ${last}    ${before}=    Attack Begins
    ${command}=    Sealed Command    ${last.counter + 1000}    1234
    ${sent}=    Inject Frame    ${command}    to=io
    Run For    1 ms
    Gate Should Fail With    moved    It Moves Nothing    ${last}    ${sent}
    Wait For All Pwm    ${SERVOS}    1234 us    timeout=10 ms
    Counters Should Change By    ${before}    frames_ok=1
    Gate Should Fail With    allowed    The Failsafe Comes In Time    ${last}
