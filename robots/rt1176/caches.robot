*** Comments ***
Shared memory with and without cache maintenance, with coherent caches (as by default) and with a data cache
that keeps what software does not maintain (docs/devices/rt1176-caches.md).
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Resource          rt1176.resource
Test Teardown     Reset Emulation

*** Variables ***
${INCOHERENT}     property = incoherent-caches=on

*** Test Cases ***
With Maintenance Each Core Sees The Other's Words
    Start    rt1176-caches    ${INCOHERENT}
    Each Core Sees The Other's Words

Negative Control: Without Maintenance Neither Does
    Start    rt1176-caches-no-maintenance    ${INCOHERENT}
    Gate Should Fail With    did not come    Each Core Sees The Other's Words

Without Maintenance All Words Are Stale
    Start    rt1176-caches-no-maintenance    ${INCOHERENT}
    Wait For Line On Uart    the M7 has seen words of the M4: 0 of 8
    Wait For Line On Uart    the M4 has seen words of the M7: 0 of 8

By Default Maintenance Changes Nothing
    Start    rt1176-caches
    Each Core Sees The Other's Words

By Default Missing Maintenance Is Not Seen
    Start    rt1176-caches-no-maintenance
    Each Core Sees The Other's Words

NavState With Maintenance
    Start    rt1176-navstate    ${INCOHERENT}
    NavState Comes

Negative Control: NavState Without Maintenance
    Start    rt1176-navstate-no-maintenance    ${INCOHERENT}
    Gate Should Fail With    did not come    NavState Comes

By Default NavState Without Maintenance
    Start    rt1176-navstate-no-maintenance
    NavState Comes

A Value That Is None
    ${rig}=    Rig Of    caches    image = ${FIRMWARE}${/}rt1176-caches.elf    property = incoherent-caches=often
    Rig Should Not Start    ${rig}    incoherent-caches

*** Keywords ***
Start
    [Arguments]    ${image}    @{lines}
    Start Rig Of    20 ms    caches    image = ${FIRMWARE}${/}${image}.elf    @{lines}

Each Core Sees The Other's Words
    Wait For Line On Uart    the M7 has seen words of the M4: 8 of 8
    Wait For Line On Uart    the M4 has seen words of the M7: 8 of 8

NavState Comes
    Wait For Line On Uart    slow writer: states 100 .* torn 0$    timeout=160 ms    treatAsRegex=true
