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

Negative Control: A Running FMU Is Not Silent
    Let The FMU Go On
    Gate Should Fail With    is not silent    Line Should Be Silent    fmu>io    10 ms

Outputs Hold Until The Time-Out And Then Go To Failsafe
    ${last}=    Silence The FMU
    ${highs}=    Pulses Of    ${last}
    Pwm Should Stay    ${SERVOS}    ${highs}    400 ms    period=${PERIOD}
    The Failsafe Comes In Time    ${last}

The Node Says So
    ${io}=    Create Terminal Tester    io.usart1
    Wait For Flags    IoStatus    status_flags    set=${IN_FAILSAFE}    clear=${FMU_OK}    timeout=40 ms

Failsafe Stays
    Failsafe Is Held

The FMU Is Back And Is Obeyed
    Let The FMU Go On
    Wait For Line On Uart    io: recovered    timeout=100 ms
    A Command Comes Out

Negative Control: An FMU That Goes On Is Red
    ${last}=    Wait For Packet    ActuatorCmd    direction=fmu>io    timeout=10 ms
    Gate Should Fail With    no pulse of    The Failsafe Comes In Time    ${last}
