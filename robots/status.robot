*** Comments ***
IoStatus comes back at 50 Hz and tells the truth: the pulses that the pins show, the frames that
were accepted, the time.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying

*** Test Cases ***
Status Comes At 50 Hz
    Packet Interval Should Be    IoStatus    20 ms    tolerance=100 us    over=200 ms    direction=io>fmu

Negative Control: 50.5 Hz Is Red
    Gate Should Fail With    interval    Packet Interval Should Be    IoStatus    19.8 ms    tolerance=100 us    over=100 ms

Status Tells The Pulses Of The Pins
    FOR    ${number}    IN RANGE    3
        ${status}=    Wait For Packet    IoStatus
        The Pins Show    ${status}
    END

Status Counts The Accepted Frames
    [Documentation]    While the FMU is silent, the node's count and that of the daemon, which decodes the same line, rise by the same.
    ${node}    ${daemon}=    Both Counts
    Let The FMU Go On
    Run For    100 ms
    ${node_later}    ${daemon_later}=    Both Counts
    Should Be Equal As Integers    ${node_later - ${node}}    ${daemon_later - ${daemon}}
    Should Be True    ${daemon_later - ${daemon}} > 40
    Let The FMU Go On

Status Tells The Time
    ${first}=    Wait For Packet    IoStatus
    Run For    90 ms
    ${second}=    Wait For Packet    IoStatus
    ${told_us}=    Evaluate    $second.fields.time_us - $first.fields.time_us
    ${taken_us}=    Evaluate    ($second.start_ns - $first.start_ns) / 1000
    Should Be True    abs(${told_us} - ${taken_us}) <= 100

Negative Control: A Status That Lies Is Red
    ${status}=    Wait For Packet    IoStatus
    FOR    ${channel}    IN RANGE    8
        ${lie}=    Evaluate    copy.deepcopy($status)    modules=copy
        Evaluate    $lie.fields.pwm_us.__setitem__(${channel}, $lie.fields.pwm_us[${channel}] - 1)
        Gate Should Fail With    no pulse of    The Pins Show    ${lie}
    END

*** Keywords ***
The Pins Show
    [Documentation]    In the PWM period around the moment the status was sent.
    [Arguments]    ${status}
    ${highs}=    Pulses Of    ${status}
    Wait For All Pwm    ${SERVOS}    ${highs}    period=${PERIOD}    timeout=5 ms    since=${status.start_ns - 2500000}

Both Counts
    [Documentation]    Frames that the node and the daemon have accepted, with the FMU silent.
    Silence The FMU
    ${counters}=    Get Counters
    ${statistics}=    Get Link Counters    fmu>io
    RETURN    ${counters.frames_ok}    ${statistics.accepted}
