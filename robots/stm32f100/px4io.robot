*** Comments ***
A flight controller, two receivers and a board, all Robot keywords, around px4io-class firmware: the
stand-in of this project.  For another image, put it into rigs/px4io.rig and see docs/px4io.md.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          px4io.resource
Suite Setup       Start The Io Processor

*** Test Cases ***
# ---- packets ----

The Protocol Version Is Read
    Px4io Protocol Version Should Be    4
    Px4io Registers Should Be    CONFIG    ACTUATOR_COUNT    8 18 2

Negative Control: Another Version Is Red
    Gate Should Fail With    protocol version 4, not 5    Px4io Protocol Version Should Be    5

A Reply Begins When The Line Is Idle
    [Documentation]    One character of ones (6.7 us) ends the request; 100 us is what firmware at 24 MHz needs.
    ${reply}=    Px4io Write Direct Pwm    0 0 0 0 0 0 0 0
    Measure Time From ${reply.request_end_ns} To ${reply.first_octet_ns} Between 13 us And 113 us

A Corrupt Packet Gets A Corrupt Reply
    A Corrupt Packet Is Refused
    A Corrupt Packet Is Refused    0x80
    Px4io Protocol Version Should Be    4

Negative Control: A Good Packet Gets None
    Gate Should Fail With    is answered SUCCESS    A Corrupt Packet Is Refused    0

Unknown Registers Are Refused
    Px4io Request Should Be Refused    READ    99
    Px4io Request Should Be Refused    WRITE    CONFIG    0    5
    Px4io Request Should Be Refused    READ    CONFIG    200

Negative Control: Known Registers Are Not Refused
    Gate Should Fail With    is answered SUCCESS, not ERROR    Px4io Request Should Be Refused    READ    STATUS

Another Baud Rate Gets No Reply, And The Right One The Next
    ${before}=    Read Symbol    io    link_counters+12
    Px4io Connect    io.usart2    baud=750000
    Gate Should Fail With    no reply to READ CONFIG[0..0] within 10.000 ms    Px4io Protocol Version Should Be    4
    Px4io Connect    io.usart2
    Px4io Protocol Version Should Be    4
    ${after}=    Read Symbol    io    link_counters+12
    Should Be True    ${after} > ${before}    framing errors have not been seen

A Packet That Is Cut Off Gets No Reply, And The Next One Does
    ${fmu}=    Create Terminal Tester    io.usart2    binaryMode=true    baud=1500000
    ${before}=    Read Symbol    io    link_counters+8
    Write To Uart    \x02\x00\x36    testerId=${fmu}
    Test If Uart Is Idle    10 ms    testerId=${fmu}
    Symbol Should Be    io    link_counters+8    ${before + 1}
    Px4io Protocol Version Should Be    4

# ---- outputs ----

Outputs Are Off Until They Are Armed
    Px4io Write Direct Pwm    ${DIRECT}
    Outputs Are Off

Negative Control: Unarmed Outputs Do Not Follow
    Gate Should Fail With    no pulse of    Outputs Follow

Direct Pwm Moves The Servo Pins
    The Controller Arms
    Outputs Follow
    Outputs Follow    1501 1400 1300 1200 1100 1000 2000 1600    ${{[f'{us} us' for us in (1501, 1400, 1300, 1200, 1100, 1000, 2000, 1600)]}}
    Px4io Registers Should Be    SERVOS    0    1501 1400 1300 1200 1100 1000 2000 1600

Negative Control: One Microsecond Off Is Red
    FOR    ${servo}    IN RANGE    8
        ${pulses}=    Evaluate    [f'{int(pulse.split()[0]) + (n == ${servo})} us' for n, pulse in enumerate($PULSES)]
        Gate Should Fail With    no pulse of    Outputs Follow    ${DIRECT}    ${pulses}
    END

Pulses Are Steady While The Controller Talks
    Px4io Repeat Direct Pwm    ${DIRECT}    duration=40 ms
    ${here}=    Virtual Time
    Px4io Repeat Direct Pwm    ${DIRECT}    duration=700 ms    interval=20 ms
    Servo Pulses Should Be    ${SERVOS}    ${PULSES}    rate=${RATE}    over=1 ms    since=${here}
    Px4io Flags Should Be    set=FMU_OK    clear=FAILSAFE

Negative Control: Another Rate Is Red
    Gate Should Fail With    periods of 2500.000 us to 2500.000 us, not 20000.000 us    Servo Pulses Should Be    ${SERVOS}    ${PULSES}    rate=50    over=30 ms

Silence Brings The Failsafe In Time
    Silence Brings The Failsafe

The Io Processor Says So
    Px4io Flags Should Be    set=FAILSAFE, OUTPUTS_ARMED    clear=FMU_OK
    Px4io Flags Should Be    set=FMU_LOST    register=ALARMS
    Px4io Write Registers    STATUS    ALARMS    0xffff
    Px4io Flags Should Be    clear=FMU_LOST    register=ALARMS

Only Pulses Feed The Failsafe Timer
    Reading Does Not Feed The Failsafe

The Controller Is Back
    Outputs Follow
    Px4io Flags Should Be    set=FMU_OK    clear=FAILSAFE

Negative Control: A Controller That Talks Brings No Failsafe
    ${last}=    Px4io Repeat Direct Pwm    ${DIRECT}    duration=600 ms
    Gate Should Fail With    FAILSAFE    Px4io Flags Should Be    set=FAILSAFE
    Gate Should Fail With    allowed: 500.000 ms .. 503.500 ms    The Failsafe Is Measured From An Earlier Packet    ${last}

Disarmed Outputs Are Off
    Px4io Disarm
    Run For    5 ms
    Outputs Are Off

# ---- receivers ----

Ppm Appears In Raw Rc Input
    Ppm Channels Come Through
    Px4io Registers Should Be    RAW_RC_INPUT    COUNT    8

Ppm Of The Other Polarity, Too
    Drive Pin    io.PA8    high
    Run For    30 ms
    Ppm Channels Come Through    polarity=low
    Release Pin    io.PA8

Negative Control: A Channel That Is One Microsecond Off Is Red
    Gate Should Fail With    RC channels are    Ppm Channels Come Through    1500 1200 1850 1000 2000 1501 1100 1338

A Frame Of Which An Edge Is Lost Is Dropped
    A Frame With A Lost Edge Is Dropped

Negative Control: A Whole Frame Is Not Dropped
    Send Ppm Frames    io.PA8    1000 1000 1000 1000 1000 1000 1000 1000
    Run For    2 ms
    Gate Should Fail With    RC channels are [1000    Px4io Rc Channels Should Be    ${PPM}

Sbus Appears In Raw Rc Input
    Sbus Channels Come Through
    Px4io Registers Should Be    RAW_RC_INPUT    COUNT    18
    Sbus Channels Come Through    period=7 ms

Sbus Switches And Flags
    Send Sbus Frames    io.usart3    ${SBUS}    ch17=true    frame_lost=true
    Px4io Registers Should Be    RAW_RC_INPUT    22    2000 1000
    Px4io Flags Should Be    set=FRAME_DROP, RC_OK    clear=FAILSAFE    page=RAW_RC_INPUT
    Send Sbus Frames    io.usart3    ${SBUS}    ch18=true    failsafe=true
    Px4io Registers Should Be    RAW_RC_INPUT    22    1000 2000
    Px4io Flags Should Be    set=FAILSAFE    clear=FRAME_DROP, RC_OK    page=RAW_RC_INPUT
    Px4io Flags Should Be    clear=RC_OK

Negative Control: A Step Of Sbus Is Seen
    [Documentation]    1 us is more than a step of S.BUS (0.625 us).
    Gate Should Fail With    RC channels are    Sbus Channels Come Through    1500 1200 1851
    Gate Should Fail With    wrong are ['FAILSAFE']    Px4io Flags Should Be    set=FAILSAFE    page=RAW_RC_INPUT

Dsm Appears In Raw Rc Input
    Dsm Channels Come Through
    Px4io Registers Should Be    RAW_RC_INPUT    COUNT    7
    Px4io Flags Should Be    set=RC_DSM11, RC_OK    page=RAW_RC_INPUT
    Dsm Channels Come Through    protocol=dsmx-22ms
    Dsm Channels Come Through    protocol=dsm2-11ms

Dsm Of Two Frames Has Twelve Channels
    [Documentation]    The decoder has guessed seven; it begins anew, as after a second of silence.
    Dsm Channels Come Through    ${{[1201, 1850, 1500, 1000, 2000, 1505, 1100, 1335, 1010, 1015, 1020, 1977]}}    sent=${DSM 12}
    Px4io Registers Should Be    RAW_RC_INPUT    COUNT    12

Dsm Of 1024 Steps
    [Documentation]    A step is 1.166 us.
    Run For    1100 ms
    Dsm Channels Come Through    protocol=dsm2-22ms    tolerance=1
    Px4io Flags Should Be    set=RC_OK    clear=RC_DSM11    page=RAW_RC_INPUT

Negative Control: A Step Of Dsm Is Seen
    Run For    1100 ms
    Gate Should Fail With    RC channels are    Dsm Channels Come Through    ${{[1201, 1850, 1500, 1000, 2000, 1505, 1101]}}

Negative Control: 1024 Steps Are Not 2048
    Run For    1100 ms
    Gate Should Fail With    wrong are ['RC_DSM11']    Dsm Of 1024 Steps Has The Flag Of 2048

A Dsm Frame That Is Cut Off Changes Nothing
    [Documentation]    15 octets; the pause of 5 ms before the next frame begins it anew.
    Dsm Channels Come Through
    ${frames}=    Px4io Read Register    RAW_RC_INPUT    FRAME_COUNT
    ${receiver}=    Create Terminal Tester    io.usart1    binaryMode=true    baud=115200
    Write To Uart    ${{chr(0) * 15}}    testerId=${receiver}
    Run For    11 ms
    Px4io Registers Should Be    RAW_RC_INPUT    FRAME_COUNT    ${frames}
    Send Dsm Frames    io.usart1    ${DSM}
    Px4io Registers Should Be    RAW_RC_INPUT    FRAME_COUNT    ${frames + 1}

The Dsm Receiver Has Its Supply
    Pin Should Be    io.PC13    high

Sbus Output Follows The Servos
    Sbus Output Follows
    Px4io Write Direct Pwm    2000 1600 1501 1400 1300 1200 1100 1000
    Run For    20 ms
    Sbus Output Should Be    io.usart3    2000 1600 1501 1400 1300 1200 1100 1000    period=14 ms

Sbus Output Has Eight Channels
    ${frames}=    Measure Sbus Output    io.usart3    over=30 ms
    Should Be Equal    ${frames[0].raw[8:]}    ${{[0] * 8}}
    ${octets}=    Evaluate    $frames[0].end_ns - $frames[0].time_ns
    Should Be Equal As Integers    ${octets}    3000000

Negative Control: A Channel Of Sbus Output That Is One Microsecond Off Is Red
    Gate Should Fail With    , not [    Sbus Output Should Be    io.usart3    2000 1600 1502 1400 1300 1200 1100 1000
    Gate Should Fail With    14.000 ms apart, not 7.000 ms    Sbus Output Should Be    io.usart3    2000    period=7 ms

The Failsafe Is On Sbus Output, Too
    [Documentation]    500 ms after the last DIRECT_PWM, a round, and one period of S.BUS.
    Px4io Write Direct Pwm    ${DIRECT}
    Run For    520 ms
    Sbus Output Should Be    io.usart3    ${FAILSAFE_US}    period=14 ms

Disarmed Sbus Output Is Silent
    Px4io Disarm
    Run For    5 ms
    ${frames}=    Measure Sbus Output    io.usart3
    Should Be Empty    ${frames}
    Gate Should Fail With    0 S.BUS frames    Sbus Output Should Be    io.usart3    ${DIRECT}
    Px4io Write Registers    SETUP    FEATURES    0
    Run For    2 ms
    Pin Should Be    io.PB4    high

Nothing Is Lost While All Talk At Once
    [Documentation]    S.BUS at its fastest, a packet each 2 ms, eight servos: no frame and no packet is lost.
    ${frames}=    Px4io Read Register    RAW_RC_INPUT    FRAME_COUNT
    ${packets}=    Read Symbol    io    link_counters
    Px4io Arm
    Send Sbus Frames    io.usart3    ${SBUS}    frames=40    period=7 ms    background=true
    ${here}=    Virtual Time
    Px4io Repeat Direct Pwm    ${DIRECT}    duration=300 ms    interval=2 ms
    Px4io Registers Should Be    RAW_RC_INPUT    FRAME_COUNT    ${frames + 40}
    Symbol Should Be    io    link_counters    ${packets + 2 + 150 + 1}
    Px4io Rc Channels Should Be    ${SBUS}
    Servo Pulses Should Be    ${SERVOS}    ${PULSES}    rate=${RATE}    over=1 ms    since=${here + 20000000}
    Px4io Disarm

A Silent Receiver Is Noticed
    Sbus Channels Come Through
    Run For    480 ms
    Px4io Flags Should Be    set=RC_OK
    Run For    40 ms
    Px4io Flags Should Be    clear=RC_OK, RC_SBUS, RC_PPM, RC_DSM
    Px4io Flags Should Be    set=RC_LOST    register=ALARMS

# ---- board ----

Voltages Appear In Status
    Voltages Are Measured

Negative Control: Another Voltage Is Red
    Gate Should Fail With    STATUS[VSERVO]: [4950, 999]    Voltages Are Measured    4947

A Pin Without An Analog Input Is Refused
    Run Keyword And Expect Error    *no-such-pin: io.PB5 is no analog input    Set Analog Input    io.PB5    1 V
    Run Keyword And Expect Error    *bad-value: *    Set Analog Input    io.PA4    6 V

The Safety Button Is Obeyed
    Px4io Write Registers    SETUP    FORCE_SAFETY_ON    22027
    Run For    5 ms
    The Button Switches Safety

Negative Control: A Short Touch Does Nothing
    Px4io Write Registers    SETUP    FORCE_SAFETY_ON    22027
    Run For    5 ms
    Gate Should Fail With    wrong are ['SAFETY_OFF']    The Button Switches Safety    900 ms

The Blue Light Blinks
    [Documentation]    Every 250 ms, within a round of the main loop.
    ${on}=    Wait For Edge    io.PB14    timeout=300 ms
    ${off}=    Wait For Edge    io.PB14    timeout=300 ms    since=${on.time_ns + 1}
    Measure Time From ${on} To ${off} Between 249 ms And 251 ms

The Watchdog Resets A Core That Stands
    A Standing Core Is Reset

Negative Control: A Short Stop Is Forgiven
    Gate Should Fail With    wrong are    A Standing Core Is Reset    150 ms

*** Keywords ***
Dsm Of 1024 Steps Has The Flag Of 2048
    Dsm Channels Come Through    protocol=dsm2-22ms    tolerance=1
    Px4io Flags Should Be    set=RC_DSM11    page=RAW_RC_INPUT

The Failsafe Is Measured From An Earlier Packet
    [Documentation]    600 ms of talk lie between: the failsafe that comes after it is late for what was before.
    [Arguments]    ${last}
    ${early}=    Evaluate    type($last)($last, request_end_ns=$last.request_end_ns - 600000000)
    ${moved}=    Wait For All Pwm    ${SERVOS}    ${FAILSAFE}    period=${PERIOD}    timeout=600 ms    since=${last.request_end_ns}
    ${first}=    Latest Of    ${moved}
    Measure Time From ${early.request_end_ns} To ${first} Between 500 ms And 503.5 ms
