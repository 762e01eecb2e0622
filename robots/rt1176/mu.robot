*** Comments ***
The messaging unit and the start of the M4, walked through by images for both cores as probes on a real
part have done it; every line that they print is compared with what the part has printed.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           Collections
Library           SiliconLibrary.py    rt1176-mu
Resource          rt1176.resource
Test Teardown     Reset Emulation

*** Test Cases ***
Messaging Unit And Release Of The M4
    The Probe Prints What Silicon Has Printed    dualcore_mu_test    dualcore-mu    same=28    differ=1

Messages, Doorbell, Interrupt And Restart
    The Probe Prints What Silicon Has Printed    cm4_boot_test    cm4-boot    same=11    differ=1

Data, BSS And Stack Of The M4
    The Probe Prints What Silicon Has Printed    cm4_image_test    cm4-image    same=11    differ=0

Cycle Counter, SysTick And Interrupt Of The M4
    The Probe Prints What Silicon Has Printed    cm4_intr_test    cm4-intr    same=7    differ=0

Pins Of Both Cores
    The Probe Prints What Silicon Has Printed    cm4_dual_test    cm4-dual    same=6    differ=0

The Same With Slices Of 10 us
    FOR    ${probe}    ${image}    IN    cm4_boot_test    cm4-boot    cm4_image_test    cm4-image    cm4_intr_test    cm4-intr
        @{lines}=    The Probe Prints    ${FIRMWARE}${/}rt1176-${image}.elf    ${probe}    property = slice-ns=10000
        Lines Should Be As On Silicon    ${probe}    @{lines}
    END

Negative Control: Slices Of More Than 10 us
    ${rig}=    Rig Of    long-slices    image = ${FIRMWARE}${/}rt1176-cm4-boot.elf    property = slice-ns=10001
    Rig Should Not Start    ${rig}    slice-ns: 10001 is not within 1 to 10000 ns

Negative Control: A Word In Another Channel
    The Mutant Is Seen    other-channel    dualcore_mu_test    'srte2=00E00200' instead of 'srte2=00D00200'

Negative Control: The M4 Does Not Start From Its Own Memory
    [Documentation]    0x1FFE0000 is no address of the system bus, over which the vectors are fetched.
    The Mutant Is Seen    m4-own-memory    dualcore_mu_test    'gpr1=00001FFE' instead of 'gpr1=00002020'
    ${printed}=    The Probe Prints    ${MUTANTS}${/}mu-m4-own-memory.elf    dualcore_mu_test
    Should Contain    ${printed}    stata=00000000
    Should Contain    ${printed}    hello=TIMEOUT

Negative Control: A Doorbell That Is Not Answered
    The Mutant Is Seen    doorbell-not-answered    dualcore_mu_test    'giraft=00080000' instead of 'giraft=00000000'

Negative Control: Another Doorbell
    The Mutant Is Seen    wrong-doorbell    cm4_boot_test    'dbell=TIMEOUT' instead of 'dbell=D00DFEED'

Negative Control: No Restart
    The Mutant Is Seen    no-restart    cm4_boot_test    'hello2=TIMEOUT' instead of 'hello2=C0FFEE42'

Negative Control: A Step That Is Left Out
    The Mutant Is Seen    silent-step    cm4_boot_test    'hello2=C0FFEE42' instead of 'run2=00000001'

Negative Control: Data Is Not Copied
    The Mutant Is Seen    no-data    cm4_image_test    instead of 'data=DA7A0001'

Negative Control: BSS Is Not Cleared
    The Mutant Is Seen    no-bss    cm4_image_test    'bss2=000016AA' instead of 'bss2=00000B55'

Negative Control: A Tick That Is Two Clocks Longer
    The Mutant Is Seen    slow-tick    cm4_intr_test    'systick=000010CA' instead of 'systick=000010D3'

Negative Control: No Interrupt Of The M4
    The Mutant Is Seen    no-interrupt    cm4_intr_test    'irqecho=TIMEOUT' instead of 'irqecho=ABCD0001'

Negative Control: A Pin That Is Not Driven
    The Mutant Is Seen    no-pin    cm4_dual_test    'cm4gpio=00000000' instead of 'cm4gpio=00001000'

Negative Control: A Line Too Many
    @{lines}=    The Probe Prints    ${FIRMWARE}${/}rt1176-cm4-dual.elf    cm4_dual_test
    Run Keyword And Expect Error    *'another' behind the last line
    ...    Lines Should Be As On Silicon    cm4_dual_test    @{lines}    another

*** Keywords ***
The Probe Prints
    [Arguments]    ${image}    ${probe}    @{more}
    Start Rig Of    50 ms    ${probe}    image = ${image}    @{more}
    @{lines}=    Create List
    ${last}=    Set Variable    ${EMPTY}
    WHILE    not $last.endswith("-DONE")    limit=40
        ${event}=    Wait For Next Line On Uart
        ${last}=    Evaluate    $event["line"].strip()
        Append To List    ${lines}    ${last}
    END
    Stop Rig
    RETURN    ${lines}

The Probe Prints What Silicon Has Printed
    [Arguments]    ${probe}    ${image}    ${same}    ${differ}
    @{lines}=    The Probe Prints    ${FIRMWARE}${/}rt1176-${image}.elf    ${probe}
    @{counts}=    Lines Should Be As On Silicon    ${probe}    @{lines}
    Should Be Equal As Strings    ${counts}    [${same}, ${differ}]

The Mutant Is Seen
    [Arguments]    ${mutant}    ${probe}    ${reason}
    @{lines}=    The Probe Prints    ${MUTANTS}${/}mu-${mutant}.elf    ${probe}
    Run Keyword And Expect Error    *${reason}*    Lines Should Be As On Silicon    ${probe}    @{lines}
