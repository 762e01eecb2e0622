*** Comments ***
Broken IO nodes, each wrong in one place (robots/robots.mk): the gate that guards this place must be
red, and for the right reason.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          flight.resource
Test Template     A Mutant Is Seen
Test Teardown     Reset Emulation

*** Test Cases ***    MUTANT    REASON    GATE
Failsafe Never Comes    no-failsafe    no pulse of    The Failsafe Works
Failsafe Comes 3 ms Late    late-failsafe    allowed: 500.000 ms .. 502.500 ms    The Failsafe Works
Failsafe Comes 3 ms Early    early-failsafe    allowed: 500.000 ms .. 502.500 ms    The Failsafe Works
Any Octet Feeds The Timer    octets-feed-timer    allowed: 500.000 ms .. 502.500 ms    Refused Frames Do Not Feed The Failsafe Timer
Tag Is Not Checked    tag-not-checked    bad_mac rose by 0, not 1    A Tampered Frame Is Refused    24
Replay Is Accepted    replay-accepted    replay rose by 0, not 1    A Replay Is Refused
Old Frames Are Accepted    old-accepted    moved: a pulse    A Frame That Is Too Old Is Refused
SPI Is Not Checked    spi-not-checked    bad_mac rose by 1, not 0    A Frame With A Foreign SPI Is Refused
Replay Is Counted As Something Else    wrong-counter    replay rose by 0, not 1    A Replay Is Refused
Pulses Are One Microsecond Longer    pulse-one-longer    no pulse of    A Command Comes Out
Status Lies    lying-status    no pulse of    Status Tells The Pulses Of The Pins
Voltages Are Swapped    swapped-voltages    vservo_mv=2999, not 4950, rssi_mv=1650, not 999    Status Tells The Voltages
The Divider Is Forgotten    no-divider    vservo_mv=1650, not 4950    Status Tells The Voltages
The Converter Has No Clock    adc-without-clock    vservo_mv=0, not 4950, rssi_mv=0, not 999    Status Tells The Voltages
A Result Is Read Before It Is There    adc-old-result    vservo_mv=2999, not 4950   Status Tells The Voltages
Status Comes At 49.5 Hz    slow-status    not 80.000 ms within    Status Comes At 50 Hz
Framing Errors Are Not Counted    framing-not-counted    framing rose by 0, not 1    A Zero Is Counted As A Framing Error
Link At 1 Mbaud
    [Template]    NONE
    ${rig}=    Mutant Rig    wrong-baud
    Gate Should Fail With    no IoStatus with status_flags    Start Flying    ${rig}
Console Says Something Else
    [Template]    NONE
    ${rig}=    Mutant Rig    silent-console
    Start Rig    ${rig}
    Gate Should Fail With    did not come    The Thin Driver Prints

*** Keywords ***
A Mutant Is Seen
    [Arguments]    ${mutant}    ${reason}    ${gate}    @{arguments}
    ${rig}=    Mutant Rig    ${mutant}
    Start Flying    ${rig}
    Gate Should Fail With    ${reason}    ${gate}    @{arguments}

Mutant Rig
    [Arguments]    ${mutant}
    ${rig}=    Create Rig From    ${FLIGHT}    ${mutant}    io=build/robots/${mutant}.elf
    RETURN    ${rig}
