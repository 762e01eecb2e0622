*** Comments ***
Registers have names, and looking at them, or writing down every access to them, changes nothing: the
run gives the trace of an undisturbed one.
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           RegistersLibrary.py
Suite Setup       Undisturbed Run

*** Variables ***
${RIG}            rigs/flight.rig
${DURATION}       200 ms

*** Test Cases ***
Looking Changes Nothing
    [Documentation]    USART2 is receiving; BRR is 16 at 24 MHz, 1.5 Mbaud. PWM has periods of 2500 us.
    ${hash}    ${printed}=    Trace Hash Of A Run Looked At    ${RIG}    ${DURATION}
    ...    io USART2    io tim2    io GPIOA.CRL    io dma1    io RCC    io NVIC
    Should Be Equal    ${hash}    ${UNDISTURBED}
    Should Match Regexp    ${printed}    (?m)^io\\.USART2 at 0x40004400 \\(RM0041 23\\.6\\), 0\\.200000000 s$
    Should Match Regexp    ${printed}    (?m)^ \ DR +not read \\(--read-all\\): a read takes the character
    Should Match Regexp    ${printed}    (?m)^ \ BRR +0x00000010 DIV_Mantissa=0x001$
    Should Match Regexp    ${printed}    (?m)^ \ ARR +0x000009c3$
    Should Match Regexp    ${printed}    (?m)^ +11:10 \ CNF2 +2 \\(alternate push-pull\\)$
    Should Match Regexp    ${printed}    (?m)^ \ CCR6 +0x[0-9a-f]{8} EN=1 .*CIRC=1

Reading All Is Asked For
    ${hash}    ${printed}=    Trace Hash Of A Run Looked At    ${RIG}    ${DURATION}    --read-all io USART2
    Should Match Regexp    ${printed}    (?m)^ \ SR +0x[0-9a-f]{8} .*TXE=1
    Should Match Regexp    ${printed}    (?m)^ \ DR +0x[0-9a-f]{8}$
    Should Not Contain    ${printed}    not read

Logging Accesses Changes Nothing
    ${hash}    ${log}=    Trace Hash Of A Logged Run    ${RIG}    ${DURATION}    usart1,usart2,dma1,tim1,io.tim2,gpioa,rcc,flash
    Should Be Equal    ${hash}    ${UNDISTURBED}
    Should Match Regexp    ${log}    (?m)^\\d+ pc=0800[0-9a-f]{4} lr=0800[0-9a-f]{4} write4 USART2\\.CR1 0x0000201c RE=1 TE=1 IDLEIE=1 UE=1$
    Should Match Regexp    ${log}    (?m)^\\d+ dma {21}read1 USART2\\.DR 0x[0-9a-f]{2}$
    Should Match Regexp    ${log}    (?m)^\\d+ dma {21}write4 USART2\\.DR 0x[0-9a-f]{8}$|^\\d+ dma {21}write1 USART2\\.DR 0x[0-9a-f]{2}$
    Should Match Regexp    ${log}    (?m)^\\d+ pc=\\S+ lr=\\S+ +read4 DMA1\\.CNDTR6 0x[0-9a-f]{8}$
    Should Match Regexp    ${log}    (?m) write4 TIM2\\.ARR 0x000009c3$
    Should Not Contain    ${log}    ${SPACE}TIM3.

Two Cores
    [Documentation]    Which core an access is by; looks at blocks of the RT1176.
    ${undisturbed}    ${log}=    Trace Hash Of A Logged Run    rigs/two-cores.rig    2 ms
    ${hash}    ${log}=    Trace Hash Of A Logged Run    rigs/two-cores.rig    2 ms    mua,mub,ccm,src,fmu.lpuart6    fmu
    Should Be Equal    ${hash}    ${undisturbed}
    Should Match Regexp    ${log}    (?m)^\\d+ cm7 pc=300[0-9a-f]{5} lr=300[0-9a-f]{5} write4 CCM\\.CLOCK_ROOT30_CONTROL 0x00000100 MUX=1$
    Should Match Regexp    ${log}    (?m)^\\d+ cm7 pc=\\S+ lr=\\S+ write4 SRC\\.SCR 0x00000001 BT_RELEASE_M4=1$
    Should Match Regexp    ${log}    (?m)^\\d+ cm4 pc=202000[0-9a-f]{2} lr=\\S+ read4 MUB\\.RR0 0x00000032$
    Should Match Regexp    ${log}    (?m)^\\d+ cm7 pc=300[0-9a-f]{5} lr=\\S+ write4 MUA\\.TR0 0x00000032$
    Should Not Match Regexp    ${log}    (?m) cm4 .*MUA|cm7 .*MUB
    Should Not Match Regexp    ${log}    (?m)^(\\d+ cm\\d .*)\\n\\1$
    ${hash}    ${printed}=    Trace Hash Of A Run Looked At    rigs/two-cores.rig    2 ms
    ...    fmu MUA    fmu mub.sr    fmu LPUART6    fmu CCM.CLOCK_ROOT30_CONTROL    fmu dma0    fmu sema4    fmu GPT1    fmu.cm4 SCB.CPUID
    Should Be Equal    ${hash}    ${undisturbed}
    Should Match Regexp    ${printed}    (?m)^fmu\\.MUA at 0x40c48000 \\(IMXRT1170RM MU\\), 0\\.002000000 s$
    Should Match Regexp    ${printed}    (?m)^ \ RR0 +not read \\(--read-all\\): a read empties it$
    Should Match Regexp    ${printed}    (?m)^fmu\\.cm4\\.SCB at 0xe000ed00 .*\\n \ CPUID +0x41.fc24
    Should Match Regexp    ${printed}    (?m)^ \ BAUD +0x[0-9a-f]{8} SBR=0x0001 .*OSR=15
    Should Match Regexp    ${printed}    (?m)^ +10:8 +MUX +1$
    Should Match Regexp    ${printed}    (?m)^ \ CERQ +0x[0-9a-f]{2}$

Unknown Blocks
    ${said}=    Run With Trace Should Be Refused    ${RIG}    usart2,usart9
    Should Contain    ${said}    no block 'usart9' to trace in machine io; near it: USART1, USART2, USART3;
    ${said}=    Run With Trace Should Be Refused    ${RIG}    fmu.usart2
    Should Contain    ${said}    no block 'usart2' to trace in machine fmu; near it: LPUART2; 'mews regs --list mimxrt1176' names all 98
    ${said}=    Run With Trace Should Be Refused    ${RIG}    oi.usart2
    Should Contain    ${said}    no machine 'oi' to trace 'usart2' of
    ${said}=    Run With Trace Should Be Refused    ${RIG}    nvic
    Should Contain    ${said}    accesses to NVIC cannot be traced: it is part of the core

Looks At What Is Not There
    Looks Should Be Refused    ${RIG}    io USART9=machine io has no block 'USART9'; near it: USART1, USART2, USART3; 'mews regs --list stm32f100'
    ...    io USART1.CR4=USART1 has no register 'CR4'; near it: CR1, CR2, CR3    oi USART1=rig flight has no machine 'oi'
    ...    fmu USART1=no block 'USART1'; near it: LPUART1;    io USART1 SR=usage: mews regs
    ...    fmu NOSUCH=machine fmu has no block 'NOSUCH'; 'mews regs --list mimxrt1176' names all 98
    ...    fmu CLOCK_ROOT25=no block 'CLOCK_ROOT25'; near it: CCM.CLOCK_ROOT25_CONTROL, CCM.CLOCK_ROOT25_STATUS0,
    ...    fmu.cm3 MUA=machine fmu has no core 'cm3', it has cm7, cm4

*** Keywords ***
Undisturbed Run
    ${hash}    ${log}=    Trace Hash Of A Logged Run    ${RIG}    ${DURATION}
    Should Be Empty    ${log}
    Set Suite Variable    ${UNDISTURBED}    ${hash}
