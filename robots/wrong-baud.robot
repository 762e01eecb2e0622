*** Comments ***
A sender at another baud rate gives what a receiver at 1.5 Mbaud samples: framing errors, which the
node counts, and no command.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying
Test Teardown     Let The FMU Go On

*** Test Cases ***
A Zero At Half The Baud Rate Is One Framing Error
    A Zero Is Counted As A Framing Error

A Frame At A Wrong Baud Rate Is No Frame
    ${last}    ${before}=    Attack Begins
    ${command}=    Sealed Command    ${last.counter + 1}    1234
    Inject Frame    ${command}    to=io    baud=1000000
    It Moves Nothing    ${last}
    ${after}=    Get Counters
    Should Be True    ${after.framing} > ${before.framing}
    Should Be Equal    ${after.frames_ok}    ${before.frames_ok}

Negative Control: At The Right Baud Rate There Is None
    Gate Should Fail With    framing rose by 0, not 1    A Zero Is Counted As A Framing Error    baud=1500000
