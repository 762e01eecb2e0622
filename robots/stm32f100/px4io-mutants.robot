*** Comments ***
px4io-like images, each wrong in one place (robots/robots.mk): the gate that guards this place must be
red, and for the right reason.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          px4io.resource
Test Template     A Mutant Is Seen
Test Teardown     Reset Emulation

*** Test Cases ***    MUTANT    REASON    GATE
Failsafe Never Comes    px4io-no-failsafe    no pulse of    Silence Brings The Failsafe
Failsafe Comes 5 ms Late    px4io-late-failsafe    allowed: 500.000 ms .. 503.500 ms    Silence Brings The Failsafe
Failsafe Comes 5 ms Early    px4io-early-failsafe    allowed: 500.000 ms .. 503.500 ms    Silence Brings The Failsafe
Reading Feeds The Timer    px4io-fed-by-reading    allowed: 500.000 ms .. 503.500 ms    Reading Does Not Feed The Failsafe
CRC Is Not Checked    px4io-crc-not-checked    is answered SUCCESS    A Corrupt Packet Is Refused
Servos Are Swapped    px4io-swapped-servos    no pulse of    Armed Outputs Follow
Time Runs At Half Its Rate    px4io-slow-clock    wrong are    Ppm Channels Come Through
Ppm Is One Microsecond Off    px4io-ppm-off-by-one    RC channels are [1501    Ppm Channels Come Through
Lost Edges Are Ignored    px4io-lost-edges-ignored    7 RC channels, not 8    A Frame With A Lost Edge Is Dropped
Sbus Bits In The Other Order    px4io-sbus-order    RC channels are    Sbus Channels Come Through
Sbus At 115200 Baud    px4io-sbus-baud    wrong are    Sbus Channels Come Through
Dsm Steps Are Half As Long    px4io-dsm-steps    RC channels are    Dsm Channels Come Through
Dsm Channels In The Line's Order    px4io-dsm-order    RC channels are    Dsm Channels Come Through
Dsm At 100000 Baud    px4io-dsm-baud    wrong are    Dsm Channels Come Through
Dsm Words In The Other Order    px4io-dsm-words    wrong are    Dsm Channels Come Through
Sbus Output With One Stop Bit    px4io-sbus-one-stop-bit    octet 0 has 11 bits, not 12: 8E2    Sbus Output Follows
Sbus Output Without Parity    px4io-sbus-no-parity    8E2    Sbus Output Follows
Sbus Output Is Too Rare    px4io-sbus-slow    apart, not 14.000 ms    Sbus Output Follows
Sbus Output Is Not Switched On    px4io-sbus-not-enabled    io.PB4    Sbus Output Follows
Sbus Output Is A Step Off    px4io-sbus-rounded-down    , not [    Sbus Output Follows
Voltages Are Swapped    px4io-swapped-voltages    STATUS[VSERVO]: [2999, 999], not [4950, 999]    Voltages Are Measured
No Watchdog    px4io-no-watchdog    wrong are    A Standing Core Is Reset
The Button Needs Too Short A Time    px4io-quick-button    wrong are ['SAFETY_OFF']    A Short Touch Does Nothing

*** Keywords ***
A Mutant Is Seen
    [Arguments]    ${mutant}    ${reason}    ${gate}    @{arguments}
    ${rig}=    Create Rig From    ${PX4IO}    ${mutant}    io=build/robots/${mutant}.elf
    Start The Io Processor    ${rig}
    Gate Should Fail With    ${reason}    ${gate}    @{arguments}

Armed Outputs Follow
    The Controller Arms
    Outputs Follow

A Short Touch Does Nothing
    Drive Pin    io.PB5    high
    Run For    900 ms
    Px4io Flags Should Be    clear=SAFETY_OFF
