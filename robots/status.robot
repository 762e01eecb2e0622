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
    ${first}=    Wait For Packet    IoStatus
    ${second}=    Wait For Packet    IoStatus
    Frames Between    ${first}    ${second}

*** Keywords ***
The Pins Show
    [Arguments]    ${status}
    ${highs}=    Pulses Of    ${status}
    Wait For All Pwm    ${SERVOS}    ${highs}    period=${PERIOD}    timeout=5 ms    since=${status.start_ns - 2500000}
