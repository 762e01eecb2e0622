*** Comments ***
An ActuatorCmd of the FMU comes out at the eight servo pins of the IO node, with its values and in time.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying

*** Test Cases ***
All Eight Pins Show The Command
    A Command Comes Out

A Change Comes Out In Time
    A Step Comes Out

Commands Come At 400 Hz
    Packet Interval Should Be    ActuatorCmd    2.5 ms    tolerance=50 us    over=50 ms    direction=fmu>io

Outputs Are Steady Between Commands
    [Documentation]    Within one step of the pattern (100 ms) no pulse differs.
    A Step Comes Out
    ${command}=    Last Packet    ActuatorCmd    direction=fmu>io
    ${highs}=    Pulses Of    ${command}
    Pwm Should Stay    ${SERVOS}    ${highs}    50 ms    tolerance=100 ns    period=${PERIOD}

Negative Control: One Microsecond Off Is Red
    FOR    ${channel}    IN RANGE    8
        ${command}=    Wait For Packet    ActuatorCmd    direction=fmu>io    timeout=10 ms
        ${highs}=    Evaluate    [f"{width + (i == ${channel})} us" for i, width in enumerate($command.fields.pwm_us)]
        Gate Should Fail With    no pulse of    Pins Follow    ${command}    ${highs}
    END

Negative Control: A Period One Microsecond Off Is Red
    Gate Should Fail With    no pulse of    Wait For Pwm    io.PA0    1500 us    tolerance=1000 us    timeout=10 ms    period=3501 us
