*** Comments ***
Both nodes start from reset and say so: on their consoles and on the link.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Rig    ${FLIGHT}

*** Test Cases ***
The IO Node Prints Through The Thin Driver
    ${io}=    Create Terminal Tester    io.usart1    timeout=100 ms
    Set Test Variable    ${io}
    Wait For Line On Uart    gust-uart-thin    testerId=${io}

The FMU Prints On Its Console
    Create Terminal Tester    fmu.lpuart1
    Wait For Line On Uart    fmu    timeout=500 ms    testerId=1    treatAsRegex=true

The IO Node Reports
    Wait For Packet    IoStatus    direction=io>fmu    timeout=100 ms

The FMU Commands
    Wait For Packet    ActuatorCmd    direction=fmu>io    timeout=100 ms
    Wait For Packet    Heartbeat    direction=fmu>io    timeout=100 ms
