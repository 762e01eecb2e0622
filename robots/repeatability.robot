*** Comments ***
The same rig run twice gives the same bytes, edges and times, whatever else the host does; and the
hash that says so is not blind.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Test Teardown     Reset Emulation
Suite Teardown    Stop Host Load

*** Test Cases ***
The Same Run Twice
    ${first}=    A Run
    ${second}=    A Run
    Should Be Equal Traces    ${first}    ${second}
    Set Suite Variable    ${FIRST}    ${first}

The Same Run Under Host Load
    Start Host Load    4
    ${loaded}=    A Run
    Stop Host Load
    Should Be Equal Traces    ${FIRST}    ${loaded}

The Same Run With A Machine That The Host Stops Again And Again
    FOR    ${machine}    IN    fmu    io
        ${stalled}=    A Run    stalled=${machine}
        Should Be Equal Traces    ${FIRST}    ${stalled}
    END

The Same Run In Other Steps
    ${stepped}=    A Run    steps=50
    Should Be Equal Traces    ${FIRST}    ${stepped}

Negative Control: One Nanosecond Later Is Another Run
    ${later}=    A Run    at=50000001 ns
    Gate Should Fail With    the traces differ    Should Be Equal Traces    ${FIRST}    ${later}

*** Keywords ***
A Run
    [Documentation]    100 ms of flight with two octets of an attacker in them; returns the hash of all.
    [Arguments]    ${at}=50000000 ns    ${steps}=1    ${stalled}=${None}
    Start Rig    ${FLIGHT}
    IF    $stalled    Stall Machine    ${stalled}
    Inject Bytes    00 00    to=io    at=${at}
    FOR    ${step}    IN RANGE    ${steps}
        Run For    ${100 / ${steps}} ms
    END
    ${hash}=    Trace Hash
    Stop Host Load
    Stop Rig
    RETURN    ${hash}
