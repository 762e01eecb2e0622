*** Comments ***
IoStatus comes back at 50 Hz and tells the truth: the pulses that the pins show, the voltages on the
board, the frames that were accepted, the time.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Library           OperatingSystem
Library           String
Suite Setup       Start Flying

*** Test Cases ***
Status Comes Every 20 ms
    Status Comes At 50 Hz

Status Tells The Pulses
    FOR    ${number}    IN RANGE    3
        Status Tells The Pulses Of The Pins
    END

Voltages Cross The Wire
    Status Tells The Voltages
    Status Tells The Voltages    5998    2499    2 V    2.5 V
    Status Tells The Voltages    9897    0    3.3 V    nothing

Negative Control: Another Voltage Is Red
    Gate Should Fail With    with vservo_mv=4950, not 4947    Status Tells The Voltages    4947
    Gate Should Fail With    with rssi_mv=999, not 998    Status Tells The Voltages    4950    998

Status Tells The Time
    ${first}=    Wait For Packet    IoStatus    direction=io>fmu
    Run For    90 ms
    ${second}=    Wait For Packet    IoStatus    direction=io>fmu
    ${told_us}=    Evaluate    $second.fields.time_us - $first.fields.time_us
    ${taken_us}=    Evaluate    ($second.start_ns - $first.start_ns) / 1000
    Should Be True    abs(${told_us} - ${taken_us}) <= 100

Status Counts The Accepted Frames
    [Documentation]    While the FMU is silent, the node's count and that of the daemon, which decodes the same line, rise by the same.
    ${node}    ${daemon}=    Both Counts
    Let The FMU Go On
    ${node_later}    ${daemon_later}=    Both Counts
    Let The FMU Go On
    Should Be Equal As Integers    ${node_later - ${node}}    ${daemon_later - ${daemon}}
    Should Be True    ${daemon_later - ${daemon}} > 10

Negative Control: A Pulse One Microsecond Off Is Red
    FOR    ${channel}    IN RANGE    8
        ${status}=    Wait For Packet    IoStatus    direction=io>fmu
        Evaluate    $status.fields.pwm_us.__setitem__(${channel}, $status.fields.pwm_us[${channel}] - 1)
        Gate Should Fail With    no pulse of    The Pins Show    ${status}
    END

Whenever The Node Has Started
    [Documentation]    Where in the stream of commands a report is due depends on how long the crystal takes to start.
    [Template]    Status Comes From A Node With A Crystal Of
    300
    500
    900
    1700
    2000

*** Keywords ***
Status Comes From A Node With A Crystal Of
    [Arguments]    ${start_us}
    ${rig}=    Create Rig From    ${FLIGHT}    slow-crystal
    ${text}=    Get File    ${rig}
    ${text}=    Replace String    ${text}    [machine io]    [machine io]\nproperty = hse-start-us=${start_us}
    Create File    ${rig}    ${text}
    Stop Rig
    Start Flying    ${rig}
    Status Comes At 50 Hz

Both Counts
    [Documentation]    Frames that the node and the daemon have accepted, with the FMU silent.
    Silence The FMU
    ${counters}=    Get Counters
    ${statistics}=    Get Link Counters    fmu>io
    RETURN    ${counters.frames_ok}    ${statistics.accepted}
