*** Comments ***
An attacker who knows the wire and not the keys: what he sends is refused, counted by its own
counter, moves no output, and does not feed the failsafe timer.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying And Record

*** Test Cases ***
A Replayed Frame
    ${last}    ${before}=    Attack Begins
    Replay Frame    ${last}
    It Is Refused    ${last}    replay
    Counters Should Change By    ${before}    replay=1    frames_ok=0

A Tampered Frame
    [Template]    Tampered Bit Is Refused
    88     # first octet of the body
    -1     # last bit of the tag
    24     # counter

A Frame With A Foreign SPI
    ${last}    ${before}=    Attack Begins
    Tamper Frame    ${last}    0
    It Is Refused    ${last}    unknown_spi
    ${after}=    Counters Should Change By    ${before}    frames_ok=0
    Should Be True    ${after.alarms} & ${ALARM_UNKNOWN_SPI}

A Frame That Is Too Old
    ${last}    ${before}=    Attack Begins
    Replay Frame    ${OLD}
    It Is Refused    ${last}    too_old
    Counters Should Change By    ${before}    too_old=1    frames_ok=0

A Frame Of The Other Direction
    ${last}    ${before}=    Attack Begins
    ${status}=    Last Packet    IoStatus    direction=io>fmu
    Replay Frame    ${status}    to=io
    It Is Refused    ${last}    unknown_spi
    Counters Should Change By    ${before}    frames_ok=0

A Replay Between Live Frames
    ${before}=    Get Counters
    ${command}=    Last Packet    ActuatorCmd
    Replay Frame    ${command}    at=gap
    Wait For Packet    verdict=replay    direction=inject>io    timeout=5 ms
    Counters Should Change By    ${before}    replay=1

Refused Frames Do Not Feed The Failsafe Timer
    ${last}=    Silence The FMU
    FOR    ${number}    IN RANGE    10
        Run For    45 ms
        Replay Frame    ${last}
        Tamper Frame    ${last}    100
        Replay Frame    ${OLD}
    END
    Failsafe Comes In Time    ${last}
    Let The FMU Go On

Negative Control: The Holder Of The Key Is Obeyed
    [Documentation]    The same way into the wire, with a frame that is authentic: it moves the outputs and is counted as good.
    ${last}    ${before}=    Attack Begins
    ${command}=    Sealed Command    ${last.counter + 1}    1234
    ${sent}=    Inject Frame    ${command}    to=io
    Gate Should Fail With    moved    It Moves Nothing    ${last}    since=${sent}
    Wait For All Pwm    ${SERVOS}    1234 us    timeout=10 ms    since=${sent}
    Counters Should Change By    ${before}    frames_ok=1

Negative Control: The Holder Of The Key Feeds The Failsafe Timer
    ${command}=    Sealed Command    ${100000}    1234
    Inject Frame    ${command}    to=io
    Run For    1 ms
    ${last}=    Last Packet    ActuatorCmd    direction=inject>io
    Run For    250 ms
    ${command}=    Sealed Command    ${100001}    1234
    Inject Frame    ${command}    to=io
    Gate Should Fail With    allowed    Failsafe Comes In Time    ${last}

*** Keywords ***
Start Flying And Record
    [Documentation]    Keeps one frame until more than the 64 of the replay window have followed it.
    Start Flying
    ${old}=    Wait For Packet    ActuatorCmd    timeout=10 ms
    Set Suite Variable    ${OLD}    ${old}
    Run For    200 ms

Attack Begins
    [Documentation]    The FMU is silent for a moment shorter than fmu_timeout, so that every move of a pin is the attacker's.
    ${last}=    Silence The FMU
    ${before}=    Get Counters
    RETURN    ${last}    ${before}

It Is Refused
    [Arguments]    ${last}    ${verdict}
    Wait For Packet    verdict=${verdict}    direction=inject>io    timeout=5 ms
    It Moves Nothing    ${last}
    Resume Machine    fmu

It Moves Nothing
    [Arguments]    ${last}    ${since}=${NONE}
    ${highs}=    Pulses Of    ${last}
    Pwm Should Stay    ${SERVOS}    ${highs}    10 ms    period=${PERIOD}    since=${since}

Tampered Bit Is Refused
    [Arguments]    ${bit}
    ${last}    ${before}=    Attack Begins
    Tamper Frame    ${last}    ${bit}
    It Is Refused    ${last}    bad_mac
    Counters Should Change By    ${before}    bad_mac=1

Sealed Command
    [Arguments]    ${counter}    ${width}
    ${packet}=    Make Packet    ActuatorCmd    flags=1    pwm_us=${{[int($width)] * 8}}
    ${frame}=    Seal Frame    ${packet}    0x4d01    counter=${counter}
    RETURN    ${frame}
