*** Comments ***
Pins driven from outside, receivers, servo meter and px4io client against the stand-in for linkd.
[Documentation] says the outcome: nothing is PASS, otherwise "FAIL text".
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           ../../../../robots/MewsLibrary.py
Library           ../../../../robots/Px4IoLibrary.py
Test Setup        Start Rig    tests/unit/robots/suites/flight.rig
Test Teardown     Reset Emulation

*** Variables ***
@{SERVOS}         io.PA0    io.PA1

*** Test Cases ***
Driven And Released
    Drive Pin    io.PB5    high
    Pin Should Be    io.PB5    high
    ${event}=    Release Pin    io.PB5    at=3 ms
    Should Be Equal As Integers    ${event.time_ns}    3000000
    Run For    2 ms
    Pin Should Be    io.PB5    high
    Run For    2 ms
    Pin Should Be    io.PB5    low

Drive Needs A Level
    [Documentation]    FAIL 'Drive Pin' needs a level: high or low
    Drive Pin    io.PB5    any

Drive Needs A Pin
    [Documentation]    FAIL no-such-pin
    Drive Pin    io.PZ0    high

Pulses Have Exact Times
    ${sent}=    Drive Pulses    io.PB5    1500 us    period=3 ms    count=2    at=1 ms
    Run For    10 ms
    ${edges}=    Get Edges    io.PB5
    Should Be Equal    ${edges}    ${{[[1000000, 1], [2500000, 0], [4000000, 1], [5500000, 0]]}}
    Should Be Equal As Integers    ${sent.end_ns}    7000000

Pulses Without A Gap
    [Documentation]    FAIL 'Drive Pulses' needs a polarity, at least one pulse, and a width below the period
    Drive Pulses    io.PB5    3 ms    period=3 ms

Ppm Runs Until It Is Out
    ${sent}=    Send Ppm Frames    io.PB5    1000 2000    frames=2    period=10 ms    polarity=low
    ${now}=    Virtual Time
    Should Be Equal As Integers    ${now}    23000000
    ${edges}=    Get Edges    io.PB5
    ${falls}=    Evaluate    [time for time, level in $edges if not level]
    Should Be Equal    ${falls}    ${{[0, 1000000, 3000000, 10000000, 11000000, 13000000, 20000000]}}

Ppm In The Background
    Send Ppm Frames    io.PB5    1000 2000    background=true
    ${now}=    Virtual Time
    Should Be Equal As Integers    ${now}    0

Ppm Without A Gap
    [Documentation]    FAIL 'Send Ppm Frames': the channels leave no gap of 3 ms in the frame
    Send Ppm Frames    io.PB5    2000 2000    period=6 ms

Ppm Needs Numbers
    [Documentation]    FAIL argument 'channels' of 'Send Ppm Frames': 'us' is no whole number
    Send Ppm Frames    io.PB5    1000 us

Sbus Frame
    ${sent}=    Send Sbus Frames    io.usart3    992 992 352 992    frames=3    period=7 ms    raw=true    failsafe=true
    Should Be Equal As Integers    ${sent.end_ns}    21000000
    Should Start With    ${sent.frame}    0fe0031f58c0
    Should End With    ${sent.frame}    0800

Sbus Frames Too Close
    [Documentation]    FAIL io.usart3: a frame takes longer than 2.000 ms, or what was sent before has not ended
    Send Sbus Frames    io.usart3    1500    frames=2    period=2 ms

Sbus Value Too Large
    [Documentation]    FAIL 'Send Sbus Frames': 2049 is no raw value
    Send Sbus Frames    io.usart3    2049    raw=true

Dsm Frames
    ${sent}=    Send Dsm Frames    io.usart3    1500 1000    frames=3    protocol=DSMX-22ms    fades=2
    Should Be Equal As Integers    ${sent.end_ns}    66000000
    Should Be Equal    ${sent.frame}    02a2040008a6ffffffffffffffffffff

Dsm Position Too Large
    [Documentation]    FAIL 'Send Dsm Frames': 2098 us is no position of DSM (903..2096 us)
    Send Dsm Frames    io.usart3    2098

Dsm Of No Protocol
    [Documentation]    FAIL argument 'protocol' of 'Send Dsm Frames': no DSM protocol 'dsm3'
    Send Dsm Frames    io.usart3    1500    protocol=dsm3

No Sbus Output
    [Documentation]    FAIL io.usart3: 0 S.BUS frames in 100.000 ms
    Sbus Output Should Be    io.usart3    1500

Sbus Output Without Parity
    [Documentation]    FAIL io.usart1: a frame at 0.999996 ms is no S.BUS: octet 0 has 115194 baud, not 100000
    Measure Sbus Output    io.usart1

Analog
    Set Analog Input    io.PA0    1.65 V
    Symbol Should Be    io    analog_uv    1650000
    Set Analog Input    io.PA0    nothing
    Symbol Should Be    io    analog_uv    -1

No Analog Pin
    [Documentation]    FAIL no-such-pin: io.PB5 is no analog input
    Set Analog Input    io.PB5    1 V

No Voltage
    [Documentation]    FAIL argument 'voltage' of 'Set Analog Input': 'much' is no voltage
    Set Analog Input    io.PA0    much

Imu
    Set Imu    fmu    accel=1.5 0, -2    gyro=0.001 0 3
    Symbol Should Be    io    imu_ax    1500
    Symbol Should Be    io    imu_az    -2000
    Symbol Should Be    io    imu_gx    1
    Symbol Should Be    io    imu_heat    25000
    ${later}=    Set Imu    fmu    temperature=-3.5    at=400 ms
    Should Be Equal As Integers    ${later.time_ns}    400000000
    Symbol Should Be    io    imu_az    9807
    Symbol Should Be    io    imu_gz    0
    Symbol Should Be    io    imu_heat    -3500

No Imu
    [Documentation]    FAIL bad-value: machine io has no 'imu' in the rig file
    Set Imu    io

Two Axes
    [Documentation]    FAIL argument 'accel' of 'Set Imu': '1 2' is not three numbers
    Set Imu    fmu    accel=1 2

No Number
    [Documentation]    FAIL argument 'temperature' of 'Set Imu': 'nan' is no finite number
    Set Imu    fmu    temperature=nan

Servo Meter
    Run For    20 ms
    Servo Pulses Should Be    ${SERVOS}    1500 us, 1600 us    rate=400    over=20 ms
    ${meters}=    Measure Servo Pulses    ${SERVOS}    over=20 ms
    Should Be Equal As Integers    ${meters}[1][longest_ns]    1600000
    Should Be Equal As Integers    ${meters}[0][count]    7
    Servo Pulses Should Be    io.PB5    0

Servo Meter Tells All Faults
    [Documentation]    FAIL io.PA0: pulses of 1500.000 us, not 1501.000 us; io.PA1: periods of 2500.000 us to 2500.000 us, not 20000.000 us; io.PB5: no pulse, not 1000.000 us
    Run For    20 ms
    Wait For Pwm    io.PA0    1500 us
    ${first}=    Run Keyword And Expect Error    *    Servo Pulses Should Be    io.PA1, io.PB5    1600 us, 1000 us    rate=50    over=20 ms
    ${second}=    Run Keyword And Expect Error    *    Servo Pulses Should Be    io.PA0    1501 us    over=20 ms
    Fail    ${second}; ${first}

Servo That Should Be Off
    [Documentation]    FAIL pulses, none were to come
    Run For    20 ms
    Servo Pulses Should Be    ${SERVOS}    0    over=20 ms

Read Registers
    Px4io Connect    io.usart3
    ${values}=    Px4io Read Registers    STATUS    0    3
    Should Be Equal    ${values}    ${{[4, 1500, 2000]}}
    Px4io Registers Should Be    STATUS    1    1500 2000
    Px4io Registers Should Be    STATUS    1    1501 1999    tolerance=1
    ${value}=    Px4io Read Register    1    2
    Should Be Equal As Integers    ${value}    2000
    Px4io Protocol Version Should Be    4

Reply Has Times
    Px4io Connect    io.usart3
    ${reply}=    Px4io Write Registers    SETUP    ARMING    3
    Should Be Equal    ${reply.code}    SUCCESS
    Should Be Equal As Integers    ${reply.sent_ns}    0
    # 6 characters of 6666.7 ns, then 10 characters later the first of 4
    Should Be Equal As Integers    ${reply.request_end_ns}    40000
    Should Be Equal As Integers    ${reply.first_octet_ns}    ${40000 + 10 * 6667}
    Should Be Equal As Integers    ${reply.time_ns}    ${40000 + 13 * 6667}

Registers Differ
    [Documentation]    FAIL STATUS[1]: [1500, 2000], not [1500, 2001]
    Px4io Connect    io.usart3
    Px4io Registers Should Be    STATUS    1    1500 2001

Version Differs
    [Documentation]    FAIL protocol version 4, not 3
    Px4io Connect    io.usart3
    Px4io Protocol Version Should Be    3

No Reply
    [Documentation]    FAIL io.usart3: no reply to READ 9[0..0] within 5.000 ms
    Px4io Connect    io.usart3    timeout=5 ms
    Px4io Read Registers    9

Nobody There
    [Documentation]    FAIL no-such-uart
    Px4io Connect    io.usart9

Not Connected
    [Documentation]    FAIL nobody to speak to: 'Px4io Connect' first
    Px4io Arm

Wrong Baud Rate
    [Documentation]    FAIL io.usart3: no reply to READ CONFIG[0..0] within 10.000 ms
    Px4io Connect    io.usart3    baud=750000
    Px4io Protocol Version Should Be    4

Answer Comes
    Px4io Connect    io.usart3
    ${reply}=    Px4io Wait For Answer
    Should Be Equal    ${reply.registers}    ${{[4]}}

Answer Does Not Come
    [Documentation]    FAIL after 30.000 ms: io.usart3: no reply to READ CONFIG[0..0] within 10.000 ms
    Px4io Connect    io.usart3    baud=750000
    Px4io Wait For Answer    timeout=30 ms

Reply Cut Off
    [Documentation]    FAIL io.usart3: the reply to READ 10[0..0] is cut off: 3 of 6 octets (01
    Px4io Connect    io.usart3
    Px4io Read Registers    10

Reply With A Wrong CRC
    [Documentation]    FAIL io.usart3: a reply with a wrong CRC:
    Px4io Connect    io.usart3
    Px4io Read Registers    11

Reply Error
    [Documentation]    FAIL io.usart3: READ 12[0..0] is answered ERROR
    Px4io Connect    io.usart3
    Px4io Read Registers    12

Too Few Registers
    [Documentation]    FAIL READ STATUS[2..5]: 2 registers came, not 4
    Px4io Connect    io.usart3
    Px4io Read Registers    STATUS    2    4

Refused As It Should Be
    Px4io Connect    io.usart3
    Px4io Request Should Be Refused    WRITE    12    0    1 2
    Px4io Send Corrupt Packet

Not Refused
    [Documentation]    FAIL READ STATUS[0..0] is answered SUCCESS, not ERROR
    Px4io Connect    io.usart3
    Px4io Request Should Be Refused    READ    STATUS

Not Corrupt
    [Documentation]    FAIL is answered SUCCESS
    Px4io Connect    io.usart3
    Px4io Send Corrupt Packet    flip=0

Flags Come
    Px4io Connect    io.usart3
    # each read sets one bit more of register 3, ALARMS
    ${flags}=    Px4io Wait For Flags    set=SERVO_CURRENT    clear=RC_LOST    register=ALARMS
    Should Be Equal    ${flags.flags}    ${{['VBATT_LOW', 'TEMPERATURE', 'SERVO_CURRENT']}}
    Px4io Flags Should Be    set=ACC_CURRENT    clear=FMU_LOST    register=ALARMS

Flags Do Not Come
    [Documentation]    FAIL STATUS ALARMS has ['VBATT_LOW'] after 0.000 ms: wrong are ['RC_LOST']
    Px4io Connect    io.usart3
    Px4io Wait For Flags    set=RC_LOST    register=ALARMS    timeout=0

Flags Differ
    [Documentation]    FAIL STATUS ALARMS has ['VBATT_LOW']: wrong are ['VBATT_LOW', 'TEMPERATURE']
    Px4io Connect    io.usart3
    Px4io Flags Should Be    set=TEMPERATURE    clear=VBATT_LOW    register=ALARMS

No Such Flag
    [Documentation]    FAIL 'MOOD' is no bit of STATUS.FLAGS (OUTPUTS_ARMED
    Px4io Connect    io.usart3
    Px4io Flags Should Be    set=MOOD

Other Layout Other Flags
    [Documentation]    FAIL 'FMU_LOST' is no bit of STATUS.ALARMS (RC_LOST, PWM_ERROR)
    Px4io Connect    io.usart3    layout=px4
    Px4io Flags Should Be    set=FMU_LOST    register=ALARMS

No Such Layout
    [Documentation]    FAIL no layout 'px5'; layouts: px4-mixer, px4, ardupilot
    Px4io Connect    io.usart3    layout=px5

A Controller's Life
    Px4io Connect    io.usart3
    Px4io Arm
    Px4io Write Failsafe Pwm    900 900
    Px4io Write Direct Pwm    1500 1600
    Px4io Repeat Direct Pwm    1500    duration=100 ms    interval=20 ms
    ${now}=    Virtual Time
    Should Be True    100000000 < ${now} < 102000000
    Px4io Disarm

Channels
    [Documentation]    FAIL 4 RC channels, not 5
    Px4io Connect    io.usart3
    Px4io Rc Channels Should Be    1 2 3 4 5

A Red Px4io Gate Is A Negative Control
    Px4io Connect    io.usart3
    Gate Should Fail With    not 5    Px4io Protocol Version Should Be    5

A Wrong Use Is None
    [Documentation]    FAIL did not end as a red gate
    Px4io Connect    io.usart3
    Gate Should Fail    Px4io Read Registers    NOWHERE
