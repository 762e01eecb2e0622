*** Comments ***
The MPU of both cores: what may be read, written and executed in each combination of privilege and
PRIVDEFENA, sizes, subregions and overlaps, and what the fault registers say. Expected is what the ARMv7-M ARM
says (B3.1, B3.2, B3.5); docs/devices/rt1176-mpu.md explains the lines.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           OperatingSystem
Resource          rt1176.resource
Suite Setup       Run Both Images

*** Variables ***
# Windows in this order: no region; AP 0 to 7; execute never; a region that is off; a disabled subregion;
# a read-only region over a full one, a full one over a read-only one, a hole over a read-only one; CPUID.
${PRIVILEGED 1}    privileged PRIVDEFENA=1 none:rwx ap0:--- ap1:rwx ap2:rwx ap3:rwx ap5:r-x ap6:r-x ap7:r-x xn:rw- off:rwx srd:rwx below:r-x above:rwx hole:r-x ppb:rw-
${PRIVILEGED 0}    privileged PRIVDEFENA=0 none:--- ap0:--- ap1:rwx ap2:rwx ap3:rwx ap5:r-x ap6:r-x ap7:r-x xn:rw- off:--- srd:--- below:r-x above:rwx hole:r-x ppb:rw-
${UNPRIVILEGED 1}    unprivileged PRIVDEFENA=1 none:--- ap0:--- ap1:--- ap2:r-x ap3:rwx ap5:--- ap6:r-x ap7:r-x xn:rw- off:--- srd:--- below:r-x above:rwx hole:r-x ppb:bb-
${UNPRIVILEGED 0}    unprivileged PRIVDEFENA=0 none:--- ap0:--- ap1:--- ap2:r-x ap3:rwx ap5:--- ap6:r-x ap7:r-x xn:rw- off:--- srd:--- below:r-x above:rwx hole:r-x ppb:bb-

*** Test Cases ***
M7 Privileged With The Default Map
    Gate And Its Control    m7 ${PRIVILEGED 1}

M7 Privileged Without The Default Map
    Gate And Its Control    m7 ${PRIVILEGED 0}

M7 Unprivileged With The Default Map
    Gate And Its Control    m7 ${UNPRIVILEGED 1}

M7 Unprivileged Without The Default Map
    Gate And Its Control    m7 ${UNPRIVILEGED 0}

M4 Privileged With The Default Map
    Gate And Its Control    m4 ${PRIVILEGED 1}

M4 Privileged Without The Default Map
    Gate And Its Control    m4 ${PRIVILEGED 0}

M4 Unprivileged With The Default Map
    Gate And Its Control    m4 ${UNPRIVILEGED 1}

M4 Unprivileged Without The Default Map
    Gate And Its Control    m4 ${UNPRIVILEGED 0}

M7 Registers
    [Documentation]    B3.5.4 to B3.5.11: 16 regions, VALID and REGION, reserved bits, halfwords, aliases.
    It Says    m7 TYPE 0x00001000
    It Says    m7 CTRL 0x00000000
    It Says    m7 RNR after VALID 0x00000005
    It Says    m7 RBAR 0xffffffe5
    It Says    m7 RBAR again 0x20280005
    It Says    m7 RASR 0x173fff3e
    It Says    m7 RASR by halves 0x0306000e
    It Says    m7 RBAR by alias 0x20290003
    It Says    m7 RASR by alias 0x00000010

M7 Sizes And Subregions
    [Documentation]    B3.5.3: every SIZE of 4 to 31 (32 octets to 4 GiB); SRD 0xa5, alone and over a read-only region; words on both sides of a hole of 32 octets; a misaligned base.
    It Says    m7 sizes 0xfffffff0
    It Says    m7 holes of 256 0x005aff5a
    It Says    m7 holes of 512 0x005aff5a
    It Says    m7 holes of 2048 0x005aff5a
    It Says    m7 holes of 65536 0x005aff5a
    It Says    m7 neighbours of a hole in read-only 0x0000002a
    It Says    m7 neighbours of a hole in full 0x00000035
    It Says    m7 misaligned 0x00000003

M7 Access Violations
    [Documentation]    B3.2.15: DACCVIOL with MMFAR, IACCVIOL without, at the instruction; B1.5.14: escalated to HardFault, switched off or by priority; A7.7: LDRT.
    It Says    m7 read: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280120
    It Says    m7 write: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280ffc
    It Says    m7 execute: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m7 escalated read: exception 3 CFSR 0x00000082 HFSR 0x40000000 MMFAR 0x20280000
    It Says    m7 escalated execute: exception 3 CFSR 0x00000001 HFSR 0x40000000 at target
    It Says    m7 escalated write by priority: exception 3 CFSR 0x00000082 HFSR 0x40000000 MMFAR 0x20280004
    It Says    m7 unprivileged load: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280008

M7 Each Part Of An Access Is Checked
    [Documentation]    B3.5.1: MMFAR is the address of the part that is not allowed.
    It Says    m7 unaligned across the end: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280020
    It Says    m7 up to the end: exception 0 CFSR 0x00000000 HFSR 0x00000000
    It Says    m7 pair across the end: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280020
    It Says    m7 pair up to the end: exception 0 CFSR 0x00000000 HFSR 0x00000000

M7 The Default Map Forbids Execution
    [Documentation]    B3.1: peripherals, devices, system space, without an MPU.
    It Says    m7 execute a peripheral: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m7 execute a device: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m7 execute the system space: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m7 execute a peripheral unprivileged: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target

M7 Stacks
    [Documentation]    B3.2.15: MSTKERR, MUNSTKERR, MLSPERR; none writes MMFAR.
    It Says    m7 stacking: exception 4 CFSR 0x00000010 HFSR 0x00000000
    It Says    m7 unstacking: exception 4 CFSR 0x00000008 HFSR 0x00000000
    It Says    m7 lazy stacking: exception 4 CFSR 0x00000020 HFSR 0x00000000

M7 Negative Priorities
    [Documentation]    B3.5.5: without HFNMIENA the MPU is off there.
    It Says    m7 read with FAULTMASK: exception 0 CFSR 0x00000000 HFSR 0x00000000

M7 The Private Bus Is Privileged
    [Documentation]    B3.1.1: a BusFault, precise, whatever the MPU says; STIR when USERSETMPEND lets it.
    It Says    m7 read CPUID unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000ed00
    It Says    m7 read SysTick unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000e010
    It Says    m7 write the debug space unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe0040000
    It Says    m7 read STIR unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000ef00
    It Says    m7 read STIR with USERSETMPEND: exception 0 CFSR 0x00000000 HFSR 0x00000000
    It Says    m7 read CPUID privileged: exception 0 CFSR 0x00000000 HFSR 0x00000000

M4 Registers
    [Documentation]    B3.5.4 to B3.5.11: 8 regions, VALID and REGION, reserved bits, halfwords, aliases.
    It Says    m4 TYPE 0x00000800
    It Says    m4 CTRL 0x00000000
    It Says    m4 RNR after VALID 0x00000005
    It Says    m4 RBAR 0xffffffe5
    It Says    m4 RBAR again 0x20280005
    It Says    m4 RASR 0x173fff3e
    It Says    m4 RASR by halves 0x0306000e
    It Says    m4 RBAR by alias 0x20290003
    It Says    m4 RASR by alias 0x00000010

M4 Sizes And Subregions
    [Documentation]    B3.5.3: every SIZE of 4 to 31 (32 octets to 4 GiB); SRD 0xa5, alone and over a read-only region; words on both sides of a hole of 32 octets; a misaligned base.
    It Says    m4 sizes 0xfffffff0
    It Says    m4 holes of 256 0x005aff5a
    It Says    m4 holes of 512 0x005aff5a
    It Says    m4 holes of 2048 0x005aff5a
    It Says    m4 holes of 65536 0x005aff5a
    It Says    m4 neighbours of a hole in read-only 0x0000002a
    It Says    m4 neighbours of a hole in full 0x00000035
    It Says    m4 misaligned 0x00000003

M4 Access Violations
    [Documentation]    B3.2.15: DACCVIOL with MMFAR, IACCVIOL without, at the instruction; B1.5.14: escalated to HardFault, switched off or by priority; A7.7: LDRT.
    It Says    m4 read: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280120
    It Says    m4 write: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280ffc
    It Says    m4 execute: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m4 escalated read: exception 3 CFSR 0x00000082 HFSR 0x40000000 MMFAR 0x20280000
    It Says    m4 escalated execute: exception 3 CFSR 0x00000001 HFSR 0x40000000 at target
    It Says    m4 escalated write by priority: exception 3 CFSR 0x00000082 HFSR 0x40000000 MMFAR 0x20280004
    It Says    m4 unprivileged load: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280008

M4 Each Part Of An Access Is Checked
    [Documentation]    B3.5.1: MMFAR is the address of the part that is not allowed.
    It Says    m4 unaligned across the end: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280020
    It Says    m4 up to the end: exception 0 CFSR 0x00000000 HFSR 0x00000000
    It Says    m4 pair across the end: exception 4 CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280020
    It Says    m4 pair up to the end: exception 0 CFSR 0x00000000 HFSR 0x00000000

M4 The Default Map Forbids Execution
    [Documentation]    B3.1: peripherals, devices, system space, without an MPU.
    It Says    m4 execute a peripheral: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m4 execute a device: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m4 execute the system space: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target
    It Says    m4 execute a peripheral unprivileged: exception 4 CFSR 0x00000001 HFSR 0x00000000 at target

M4 Stacks
    [Documentation]    B3.2.15: MSTKERR, MUNSTKERR, MLSPERR; none writes MMFAR.
    It Says    m4 stacking: exception 4 CFSR 0x00000010 HFSR 0x00000000
    It Says    m4 unstacking: exception 4 CFSR 0x00000008 HFSR 0x00000000
    It Says    m4 lazy stacking: exception 4 CFSR 0x00000020 HFSR 0x00000000

M4 Negative Priorities
    [Documentation]    B3.5.5: without HFNMIENA the MPU is off there.
    It Says    m4 read with FAULTMASK: exception 0 CFSR 0x00000000 HFSR 0x00000000

M4 The Private Bus Is Privileged
    [Documentation]    B3.1.1: a BusFault, precise, whatever the MPU says; STIR when USERSETMPEND lets it.
    It Says    m4 read CPUID unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000ed00
    It Says    m4 read SysTick unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000e010
    It Says    m4 write the debug space unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe0040000
    It Says    m4 read STIR unprivileged: exception 5 CFSR 0x00008200 HFSR 0x00000000 BFAR 0xe000ef00
    It Says    m4 read STIR with USERSETMPEND: exception 0 CFSR 0x00000000 HFSR 0x00000000
    It Says    m4 read CPUID privileged: exception 0 CFSR 0x00000000 HFSR 0x00000000

*** Keywords ***
Run Both Images
    ${right}=    Lines Of    rt1176-mpu
    ${other}=    Lines Of    rt1176-mpu-other-region
    Set Suite Variable    ${RIGHT}    ${right}
    Set Suite Variable    ${OTHER}    ${other}

Lines Of
    [Documentation]    What the image says on both cores. The second image differs in one region: AP 3 instead of 6.
    [Arguments]    ${image}
    ${rig}=    Rig Of    ${image}    image = ${FIRMWARE}${/}${image}.elf
    Start Rig    ${rig}    run_dir=${RUNS}${/}mpu${/}${image}
    ${tester}=    Create Terminal Tester    fmu.lpuart1    timeout=500 ms
    Wait For Line On Uart    m7 done    testerId=${tester}
    Wait For Line On Uart    m4 done    testerId=${tester}
    Stop Rig
    ${said}=    Get File    ${RUNS}${/}mpu${/}${image}${/}fmu.lpuart1.log
    RETURN    ${said}

Line Should Be
    [Arguments]    ${said}    ${line}
    Should Match Regexp    ${said}    (?m)^${{re.escape($line)}}\r?$

It Says
    [Arguments]    ${line}
    Line Should Be    ${RIGHT}    ${line}

Gate And Its Control
    [Documentation]    Green for the image, red for the one with another region.
    [Arguments]    ${line}
    Line Should Be    ${RIGHT}    ${line}
    Run Keyword And Expect Error    *does not match*    Line Should Be    ${OTHER}    ${line}
