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

Unknown Blocks
    ${said}=    Run With Trace Should Be Refused    ${RIG}    usart2,usart9
    Should Contain    ${said}    no block 'usart9' to trace; machine io has CRC, PWR,
    ${said}=    Run With Trace Should Be Refused    ${RIG}    fmu.lpuart6
    Should Contain    ${said}    no block 'lpuart6' to trace: the registers of a mimxrt1176 are not described
    ${said}=    Run With Trace Should Be Refused    ${RIG}    oi.usart2
    Should Contain    ${said}    no machine 'oi' to trace 'usart2' of
    ${said}=    Run With Trace Should Be Refused    ${RIG}    nvic
    Should Contain    ${said}    accesses to NVIC cannot be traced: it is part of the core

Looks At What Is Not There
    Looks Should Be Refused    ${RIG}    io USART9=no block 'USART9'; there are CRC, PWR,
    ...    io USART1.CR4=USART1 has no register 'CR4'    oi USART1=rig flight has no machine 'oi'
    ...    fmu LPUART1=the registers of a mimxrt1176 are not described    io USART1 SR=usage: mews regs

*** Keywords ***
Undisturbed Run
    ${hash}    ${log}=    Trace Hash Of A Logged Run    ${RIG}    ${DURATION}
    Should Be Empty    ${log}
    Set Suite Variable    ${UNDISTURBED}    ${hash}
