*** Comments ***
The FMU falls silent: the IO node alone brings its outputs to the failsafe values in time, tells so,
and obeys again when the FMU is back.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying

*** Test Cases ***
A Halted FMU Is Silent
    Silence The FMU
    Line Should Be Silent    fmu>io    100 ms
    Resume Machine    fmu
    Gate Should Fail With    is not silent    Line Should Be Silent    fmu>io    100 ms

Outputs Hold Until The Time-Out And Then Go To Failsafe
    Let The FMU Go On
    ${last}=    Silence The FMU
    ${highs}=    Pulses Of    ${last}
    Pwm Should Stay    ${SERVOS}    ${highs}    400 ms    period=${PERIOD}
    Failsafe Comes In Time    ${last}

The Node Says So
    Wait For Flags    IoStatus    status_flags    set=${IN_FAILSAFE}    clear=${FMU_OK}    timeout=40 ms

Failsafe Is Held
    Pwm Should Stay    ${SERVOS}    ${FAILSAFE}    100 ms    period=${PERIOD}

The FMU Is Back And Is Obeyed
    Let The FMU Go On
    ${command}=    Wait For Packet    ActuatorCmd    timeout=10 ms
    ${highs}=    Pulses Of    ${command}
    Pins Follow    ${command}    ${highs}

Negative Control: An FMU That Goes On Is Red
    ${last}=    Wait For Packet    ActuatorCmd    timeout=10 ms
    Gate Should Fail    Failsafe Comes In Time    ${last}
