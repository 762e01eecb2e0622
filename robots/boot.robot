*** Comments ***
Both nodes start from reset and say so, on their consoles and on the link.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Rig    ${FLIGHT}

*** Test Cases ***
The IO Node Prints Through The Thin Driver
    ${line}=    The Thin Driver Prints
    Measure Time From 0 To ${line} Within 5 ms

The IO Node Names Itself
    Wait For Line On Uart    io: mews failsafe node    testerId=0    timeout=50 ms

The FMU Boots
    ${fmu}=    Create Terminal Tester    fmu.lpuart1    timeout=500 ms
    Wait For Packet    ActuatorCmd    direction=fmu>io    timeout=100 ms
    Wait For Packet    Heartbeat    direction=fmu>io    timeout=100 ms

The IO Node Reports And The FMU Hears It
    Wait For Packet    IoStatus    direction=io>fmu    timeout=100 ms
    Wait For Line On Uart    fmu: io status pwm( \\d+){8} ok \\d+    testerId=1    treatAsRegex=true

The FMU Configures The IO Node
    Wait For Flags    IoStatus    status_flags    set=32    timeout=300 ms

Negative Control: Another Line Does Not Come
    Gate Should Fail With    did not come    Wait For Line On Uart    gust-uart-fat    testerId=0    timeout=20 ms

Negative Control: A Node That Does Nothing Does Not Boot
    Stop Rig
    ${idle}=    Create Image    idle    name=idle-io
    ${rig}=    Create Rig From    ${FLIGHT}    idle-io    io=${idle}
    Start Rig    ${rig}
    Gate Should Fail With    did not come    The Thin Driver Prints
    Gate Should Fail With    no IoStatus    Wait For Packet    IoStatus    direction=io>fmu    timeout=100 ms
