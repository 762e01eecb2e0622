*** Comments ***
An ActuatorCmd of the FMU comes out at the eight servo pins of the IO node, with its values and in time.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying

*** Test Cases ***
All Eight Pins Show The Command
    Commands Come Out

Negative Control: One Microsecond Off Is Red
    ${command}=    Wait For Packet    ActuatorCmd    timeout=10 ms
    FOR    ${channel}    IN RANGE    8
        ${highs}=    Pulses Of    ${command}
        Evaluate    $highs.__setitem__(${channel}, f"{$command.fields.pwm_us[${channel}] + 1} us")
        Gate Should Fail With    no pulse of    Pins Follow    ${command}    ${highs}
    END

Negative Control: A Period One Percent Off Is Red
    Gate Should Fail With    no pulse of    Wait For Pwm    io.PA0    1500 us    tolerance=1000 us    period=2525 us    timeout=10 ms

*** Keywords ***
Commands Come Out
    FOR    ${number}    IN RANGE    5
        ${command}=    Wait For Packet    ActuatorCmd    timeout=10 ms
        ${highs}=    Pulses Of    ${command}
        Pins Follow    ${command}    ${highs}
    END
