*** Comments ***
A sender at another baud rate gives what a receiver at 1.5 Mbaud samples: framing errors, which the
node counts, and no command.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Suite Setup       Start Flying

*** Test Cases ***
A Zero At Half The Baud Rate Is One Framing Error
    [Documentation]    Start bit and eight zeros at 750 kbaud are 18 bit times at 1.5 Mbaud: the stop bit of the first character
    ...    is sampled low, and no further start bit is seen before the line was high (RM0041 25.3.3).
    Zero Is Counted    750000    framing=1

Negative Control: At The Right Baud Rate There Is None
    Gate Should Fail With    framing rose by 0, not 1    Zero Is Counted    1500000    framing=1

*** Keywords ***
Zero Is Counted
    [Arguments]    ${baud}    &{rises}
    Silence The FMU
    ${before}=    Get Counters
    Inject Bytes    00    to=io    baud=${baud}
    TRY
        Counters Should Change By    ${before}    frames_ok=0    &{rises}
    FINALLY
        Let The FMU Go On
    END
