*** Comments ***
The Cortex-M7 reads an ICM-42688-P on LPSPI1 at each data-ready interrupt, 1 kHz. What the sensor feels comes
from rigs/imu.csv and from the suite; the program tells every hundredth sample.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           Collections
Resource          rt1176.resource
Test Teardown     Reset Emulation

*** Variables ***
${IMU}            rigs/imu.rig
${RIGS}           ${CURDIR}${/}..${/}..${/}rigs

*** Test Cases ***
The Sensor Is Found
    Start The Rig
    The Sensor Says Who It Is

Samples Of The File Come In Their Time
    Start The Rig
    Every Sample Of The File Is Told

Samples Come At 1 kHz
    Start The Rig
    A Thousand Samples Take A Second

Samples From The Suite Replace Those Of The File
    Start The Rig
    Wait For Line On Uart    imu sample 100    timeout=300 ms
    Set Imu    fmu    accel=0 19.6133 0    gyro=0 0 -0.174533    temperature=26
    Sample Should Be    200    accel 0 4096 0 gyro 0 0 -164 temperature 132
    ${later}=    Set Imu    fmu    accel=-9.80665 0 0    at=500 ms
    Should Be Equal As Integers    ${later.time_ns}    500000000
    Sample Should Be    400    accel 0 4096 0 gyro 0 0 -164 temperature 132
    Sample Should Be    500    accel -2048 0 0 gyro 0 0 0 temperature 0

Two Runs Are The Same
    ${first}=    Trace Hash Of A Flight
    ${second}=    Trace Hash Of A Flight
    Should Be Equal    ${first}    ${second}
    ${other}=    Trace Hash Of A Flight    accel=0 0 9.9
    Should Not Be Equal    ${first}    ${other}

What Cannot Be Felt Is Refused
    Start The Rig
    Run Keyword And Expect Error    *is not three numbers*    Set Imu    fmu    accel=1 2
    Run Keyword And Expect Error    *is no number*    Set Imu    fmu    temperature=warm
    Run For    10 ms
    Run Keyword And Expect Error    *    Set Imu    fmu    at=5 ms
    Run Keyword And Expect Error    *no machine 'io'*    Set Imu    io

Bad Files Are Refused
    [Template]    Rig Should Be Refused
    imu = lpspi7    bad-imu\\.rig:5: a mimxrt1176 has no bus 'lpspi7' for an imu
    imu = lpspi1,    bad-imu\\.rig:5: imu is BUS or BUS, FILE, not 'lpspi1,'
    imu = lpspi1, nowhere.csv    samples of the imu.*nowhere\\.csv
    imu = lpspi1, ${RIGS}${/}imu.rig    imu\\.rig:3: expected 8 numbers with commas between them, found 1

Negative Control: Read Too Early After The Reset
    Start The Mutant    hasty
    Gate Should Fail With    did not come    The Sensor Says Who It Is

Negative Control: Another Chip Select
    Start The Mutant    wrong-pcs
    Gate Should Fail With    did not come    The Sensor Says Who It Is

Negative Control: INT_ASYNC_RESET Is Not Cleared
    Start The Mutant    async-reset
    The Sensor Says Who It Is
    Gate Should Fail With    did not come    Every Sample Of The File Is Told

Negative Control: No Interrupt
    Start The Mutant    no-interrupt
    Gate Should Fail With    did not come    Every Sample Of The File Is Told

Negative Control: Another Rate
    Start The Mutant    two-khz
    Run Keyword And Expect Error    not at 1 kHz*    A Thousand Samples Take A Second

Negative Control: Octets In The Wrong Order
    Start The Mutant    little-endian
    Gate Should Fail With    did not come    Every Sample Of The File Is Told

Negative Control: The Gyroscope Read As The Accelerometer
    Start The Mutant    swapped-axes
    Gate Should Fail With    did not come    Every Sample Of The File Is Told

*** Keywords ***
Start The Rig
    [Arguments]    ${rig}=${IMU}
    Start Rig    ${rig}
    Create Terminal Tester    fmu.lpuart1    timeout=500 ms

Start The Mutant
    [Arguments]    ${name}
    ${rig}=    Rig Of    imu-${name}    image = ${MUTANTS}${/}imu-${name}.elf    imu = lpspi1, ${RIGS}${/}imu.csv
    Start The Rig    ${rig}

The Sensor Says Who It Is
    Wait For Line On Uart    imu found 0x00000047    timeout=20 ms

Sample Should Be
    [Documentation]    What a sample is told to be, as raw numbers of the data registers.
    [Arguments]    ${number}    ${values}
    Wait For Line On Uart    imu sample ${number} ${values}    timeout=300 ms

Every Sample Of The File Is Told
    [Documentation]    1 g is 2048, 10 degrees per second 164, 10 degrees Celsius 1325. Sample 100 is taken at about 131 ms.
    Sample Should Be    100    accel 0 0 2048 gyro 0 0 0 temperature 0
    Sample Should Be    200    accel 2048 0 0 gyro 164 0 0 temperature 1325
    Sample Should Be    400    accel 0 -1024 0 gyro 0 -328 0 temperature 0
    Sample Should Be    600    accel 0 0 2048 gyro 0 0 3277 temperature -5299

A Thousand Samples Take A Second
    [Documentation]    Between two lines of the same length, to 20 us; and no two interrupts are closer or farther than a microsecond off.
    ${first}=    Wait For Line On Uart    imu sample 1000 accel    timeout=1200 ms
    ${last}=    Wait For Line On Uart    imu sample 2000 accel    timeout=1200 ms
    ${periods}=    Wait For Line On Uart    imu period    timeout=50 ms
    ${off_ns}=    Evaluate    abs($last.time_ns - $first.time_ns - 10**9)
    Should Be True    ${off_ns} < 20000    not at 1 kHz: ${off_ns} ns off
    Should Match Regexp    ${periods.line}    imu period (999|1000) to (1000|1001) us    not at 1 kHz

Trace Hash Of A Flight
    [Arguments]    &{feels}
    Start The Rig
    Run For    150 ms
    Set Imu    fmu    at=200 ms    &{feels}
    Run For    300 ms
    ${hash}=    Trace Hash
    Stop Rig
    RETURN    ${hash}

Rig Should Be Refused
    [Arguments]    ${key}    ${why}
    ${rig}=    Rig Of    bad-imu    image = ${FIRMWARE}${/}rt1176-imu.elf    ${key}
    Rig Should Not Start    ${rig}    ${why}
