"""Timers: the basic ones, TIM6 and TIM7 (RM0041 16), what TIM15 to TIM17 (15) lack and have,
and what stops a counter from outside.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from stm32f100 import RCC_APB1RSTR, RCC_APB2RSTR
from timers import (ARPE, ARR, BASES, CCER, CCMR1, CEN, CNT, CR1, CR2, DCR, DIER, DMAR, EGR, NAME,
                    OPM, PSC, RCR, REGISTERS, SMCR, SR, TICK, TIM1, TIM2, TIM3, TIM4, TIM6, TIM7,
                    TIM15, TIM16, TIM17, UDIS, UG, UIF, URS, CCR1, CCR2, BDTR, Timer, name_of)

BASIC = [TIM6, TIM7]
NEW = [TIM6, TIM7, TIM15, TIM16, TIM17]
ONE_CHANNEL = {CR1: 0x38f, CR2: 0x30d, DIER: 0x43e3, CCMR1: 0x7f, CCER: 0xf, CNT: 0xffff,
               PSC: 0xffff, ARR: 0xffff, RCR: 0xff, CCR1: 0xffff, DCR: 0x1f1f}
WRITABLE = {
    TIM6: {CR1: 0x8f, CR2: 0x70, DIER: 0x101, CNT: 0xffff, PSC: 0xffff, ARR: 0xffff},
    TIM7: {CR1: 0x8f, CR2: 0x70, DIER: 0x101, CNT: 0xffff, PSC: 0xffff, ARR: 0xffff},
    TIM15: {CR1: 0x38f, CR2: 0x77d, SMCR: 0xf7, DIER: 0x67e7, CCMR1: 0x7f7f, CCER: 0xbf,
            CNT: 0xffff, PSC: 0xffff, ARR: 0xffff, RCR: 0xff, CCR1: 0xffff, CCR2: 0xffff,
            DCR: 0x1f1f},
    TIM16: ONE_CHANNEL,
    TIM17: ONE_CHANNEL,
}


@pytest.mark.parametrize("base", NEW, ids=name_of)
def test_reset_values(machine, base):
    timer = Timer(machine, base)
    for register in REGISTERS:
        assert timer.read(register) == (0xffff if register == ARR else 0), hex(register)


@pytest.mark.parametrize("base", NEW, ids=name_of)
def test_reserved_bits_and_registers_read_zero(machine, base):
    """15.5, 15.6, 16.4: what the timer lacks cannot be written."""
    timer = Timer(machine, base)
    for register in REGISTERS:
        if register not in (CR1, SR, EGR, BDTR, DMAR):
            value = 0xfcfc if register == CCMR1 else 0xffffffff  # channels remain outputs
            timer.write(register, value)
            assert timer.read(register) == WRITABLE[base].get(register, 0) & value, hex(register)


@pytest.mark.parametrize("base", NEW, ids=name_of)
def test_bits_of_cr1(machine, base):
    """No DIR and no CMS: they count up."""
    timer = Timer(machine, base)
    timer.write(CR1, 0xfffffffe)
    assert timer.read(CR1) == WRITABLE[base][CR1] & ~CEN


@pytest.mark.parametrize("base, bits", [
    (TIM1, 0xff), (TIM2, 0x5f), (TIM3, 0x5f), (TIM4, 0x5f), (TIM6, 1), (TIM7, 1), (TIM15, 0xe7),
    (TIM16, 0xe3), (TIM17, 0xe3)], ids=name_of)
def test_events_by_software(machine, base, bits):
    """EGR: each bit has its flag; COMG needs CCPC."""
    timer = Timer(machine, base)
    timer.write(CR2, 1)  # CCPC, where there is one
    timer.write(EGR, 0xffff)
    assert timer.read(SR) == bits
    timer.write(SR, 0)
    assert timer.read(SR) == 0


@pytest.mark.parametrize("base", NEW, ids=name_of)
def test_clock_gate(machine, base):
    """6.3.7, 6.3.8"""
    machine.write(base + PSC, 7)
    assert machine.read(base + ARR) == 0
    timer = Timer(machine, base)
    assert [timer.read(ARR), timer.read(PSC)] == [0xffff, 0]


@pytest.mark.parametrize("base, register, bit", [
    (TIM6, RCC_APB1RSTR, 4), (TIM7, RCC_APB1RSTR, 5), (TIM15, RCC_APB2RSTR, 16),
    (TIM16, RCC_APB2RSTR, 17), (TIM17, RCC_APB2RSTR, 18)], ids=name_of)
def test_reset_by_rcc(machine, base, register, bit):
    """6.3.4, 6.3.5"""
    timer = Timer(machine, base)
    timer.setup(psc=7, arr=99, cr1=CEN)
    machine.write(register, 1 << bit)
    timer.ticks(1000)
    machine.write(register, 0)
    assert [timer.read(r) for r in (CR1, PSC, ARR, CNT)] == [0, 0, 0xffff, 0]


@pytest.mark.parametrize("base", NEW, ids=name_of)
@pytest.mark.parametrize("prescaler, reload", [(0, 1), (7, 999), (99, 0xffff)])
def test_period(machine, base, prescaler, reload):
    """16.3.1, 15.4.1: an update after (PSC + 1) x (ARR + 1) clocks, every time"""
    timer = Timer(machine, base)
    timer.setup(psc=prescaler, arr=reload, egr=UG, sr=0, cr1=CEN)
    for _ in range(3):
        timer.expect_flag_in((prescaler + 1) * (reload + 1) * TICK, UIF)


@pytest.mark.parametrize("base, irq", [(TIM6, 54), (TIM7, 55), (TIM15, 24), (TIM16, 25),
                                       (TIM17, 26)], ids=name_of)
def test_update_interrupt(machine, base, irq):
    """8.1.2, table 50: lines of their own, or shared with DAC or TIM1"""
    timer = Timer(machine, base)
    timer.setup(arr=99, dier=UIF, cr1=CEN)
    machine.step(100 * TICK - 1)
    assert not machine.irq(irq)
    machine.step(1)
    assert [n for n in (*range(24, 31), 54, 55) if machine.irq(n)] == [irq]
    timer.write(SR, 0)
    assert not machine.irq(irq)


@pytest.mark.parametrize("irq, base, flag, event", [
    (24, TIM15, 1 << 7, 1 << 7), (25, TIM16, UIF, UG), (26, TIM17, 1 << 6, 1 << 6)],
    ids=name_of)
def test_shared_interrupt(machine, irq, base, flag, event):
    """One of the two is enough, and both have to be served."""
    tim1, other = Timer(machine, TIM1), Timer(machine, base)
    tim1.setup(dier=flag, egr=event)
    other.setup(dier=UIF, egr=UG)
    for timer in (tim1, other):
        assert machine.irq(irq)
        timer.write(SR, 0)
    assert not machine.irq(irq)


@pytest.mark.parametrize("base", BASIC, ids=name_of)
def test_preload(machine, base):
    """16.4.1, ARPE; 16.3.1: PSC"""
    timer = Timer(machine, base)
    timer.setup(arr=9, egr=UG, sr=0, cr1=ARPE | CEN)
    timer.setup(arr=19, psc=1)
    timer.expect_flag_in(10 * TICK, UIF)
    timer.expect_flag_in(40 * TICK, UIF)


@pytest.mark.parametrize("base", BASIC, ids=name_of)
def test_one_pulse(machine, base):
    timer = Timer(machine, base)
    timer.setup(arr=9, cr1=OPM | CEN)
    timer.ticks(5)
    assert [timer.read(CR1) & CEN, timer.read(CNT)] == [CEN, 5]
    timer.ticks(1000)
    assert [timer.read(CR1) & CEN, timer.read(CNT)] == [0, 0]


@pytest.mark.parametrize("base", BASIC, ids=name_of)
@pytest.mark.parametrize("cr1, flag", [(0, UIF), (URS, 0), (UDIS, 0)])
def test_update_by_software(machine, base, cr1, flag):
    timer = Timer(machine, base)
    timer.setup(cr1=cr1, egr=UG)
    assert timer.read(SR) == flag


# ------------------------------------------------------------------ debug

@pytest.mark.parametrize("base", BASES, ids=name_of)
def test_freeze(machine, base):
    """23.16.2, DBG_TIMx_STOP while the core is halted: the counter stands, prescaler and all."""
    timer = Timer(machine, base)
    line = f"set_irq_in /machine/soc/{NAME[base]} freeze 0"
    timer.setup(psc=9, arr=99, egr=UG, sr=0, dier=UIF, cr1=CEN)
    timer.ticks(34)
    machine.ask(f"{line} 1")
    timer.ticks(100_000)
    assert [timer.read(CNT), timer.read(SR) & UIF] == [3, 0]
    machine.ask(f"{line} 0")
    timer.ticks(5)
    assert timer.read(CNT) == 3
    timer.ticks(1)
    assert timer.read(CNT) == 4
    timer.expect_flag_in(960 * TICK, UIF)


def test_freeze_of_a_timer_that_stands(machine):
    timer = Timer(machine, TIM2)
    machine.ask("set_irq_in /machine/soc/tim2 freeze 0 1")
    timer.write(CR1, CEN)
    timer.ticks(10)
    assert timer.read(CNT) == 0
    timer.write(CNT, 5)
    machine.ask("set_irq_in /machine/soc/tim2 freeze 0 0")
    timer.ticks(10)
    assert timer.read(CNT) == 15


def test_outputs_keep_their_level_while_frozen(machine):
    timer = Timer(machine, TIM2)
    stm32f100.pin_mode(machine, "PA0", stm32f100.AF_OUTPUT)
    timer.setup(arr=9, ccr1=5, ccmr1=6 << 4, egr=UG, ccer=1, cr1=CEN)
    timer.ticks(2)
    machine.ask("set_irq_in /machine/soc/tim2 freeze 0 1")
    timer.ticks(100)
    machine.ask("set_irq_in /machine/soc/tim2 freeze 0 0")
    timer.ticks(5)
    assert stm32f100.edges(machine, "PA0") == [(0, 0), (0, 1), (105 * TICK, 0)]
