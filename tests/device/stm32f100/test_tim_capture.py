"""Timers: inputs and captures (RM0041 12.3.5, 12.3.6, 13.3.5, 13.3.6, 15.4.5, 15.4.6).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_dma import MINC, SOURCE, Channel, get, put
from timers import (CC1DE, CC1E, CC1G, CC1IF, CC1NP, CC1OF, CC1P, CC2IF, CCER, CCMR1,
                    CCR1, CCR2, CEN, CHANNELS, CHANNEL_PINS, CKD, CNT, CR1, CR2, DIER, EGR,
                    FORCE_HIGH, ICF, ICPSC, OTHER_TI, OWN_TI, SR, TI1S, TICK, TIM1, TIM2, TIM3,
                    TIM4, TIM15, TIM16, TIM17, UG, Pin, Timer, name_of)

IRQ = {TIM1: 27, TIM2: 28, TIM3: 29, TIM4: 30, TIM15: 24, TIM16: 25, TIM17: 26}


def capture(machine, base, n=0, source=OWN_TI, ccmr=0, ccer=CC1E, level=0):
    """A free-running timer whose channel @n captures; its pin."""
    timer = Timer(machine, base)
    pin = Pin(machine, CHANNEL_PINS[base][n], level)
    timer.write(CCMR1 + 4 * (n // 2), (source | ccmr) << 8 * (n % 2))
    timer.write(CCER, ccer << 4 * n)
    timer.write(CR1, CEN)
    return timer, pin


# ------------------------------------------------------------------ edges

@pytest.mark.parametrize("base, n", CHANNELS, ids=name_of)
def test_capture(machine, base, n):
    """13.3.5: the count, the flag and the interrupt, at the edge."""
    timer, pin = capture(machine, base, n)
    timer.write(DIER, CC1IF << n)
    timer.ticks(100)
    pin.set(1)
    assert machine.irq(IRQ[base])
    timer.ticks(50)
    pin.set(0)
    timer.ticks(1)
    assert timer.read(SR) & (CC1IF | CC1OF) << n == CC1IF << n
    assert timer.read(CCR1 + 4 * n) == 100
    assert not machine.irq(IRQ[base])


@pytest.mark.parametrize("base, n", CHANNELS, ids=name_of)
def test_falling_edge(machine, base, n):
    """13.4.9, CC1P: inverted."""
    timer, pin = capture(machine, base, n, ccer=CC1E | CC1P)
    timer.ticks(7)
    pin.set(1)
    assert not timer.read(SR) & CC1IF << n
    timer.ticks(8)
    pin.set(0)
    assert timer.read(CCR1 + 4 * n) == 15


@pytest.mark.parametrize("base, n, both", [
    (TIM15, 0, True), (TIM15, 1, True), (TIM16, 0, True), (TIM17, 0, True), (TIM1, 0, False)],
    ids=name_of)
def test_both_edges(machine, base, n, both):
    """15.5.8, CC1NP with CC1P; TIM1's manual has no such thing."""
    timer, pin = capture(machine, base, n, ccer=CC1E | CC1P | CC1NP)
    timer.ticks(7)
    pin.set(1)
    assert timer.read(CCR1 + 4 * n) == (7 if both else 0)
    timer.ticks(7)
    pin.set(0)
    assert timer.read(CCR1 + 4 * n) == 14


def test_disabled_channel_does_not_capture(machine):
    """13.4.9, CC1E"""
    timer, pin = capture(machine, TIM2, ccer=0)
    timer.ticks(10)
    pin.set(1)
    assert [timer.read(SR) & CC1IF, timer.read(CCR1)] == [0, 0]
    timer.write(CCER, CC1E)
    pin.set(0)
    pin.set(1)
    assert timer.read(SR) & CC1IF


def test_overcapture(machine):
    """13.4.5, CC1OF: a capture while CC1IF is set; cleared by writing 0 only."""
    timer, pin = capture(machine, TIM3)
    for _ in range(2):
        timer.ticks(5)
        pin.pulse()
    assert timer.read(SR) & (CC1IF | CC1OF) == CC1IF | CC1OF
    assert timer.read(CCR1) == 10
    assert timer.read(SR) & (CC1IF | CC1OF) == CC1OF  # the read of CCR1 clears CC1IF
    timer.write(SR, ~CC1OF & 0xffff)
    assert not timer.read(SR) & CC1OF


def test_read_clears_the_flag_of_inputs_only(machine):
    timer = Timer(machine, TIM2)
    timer.setup(egr=CC1G)
    timer.read(CCR1)
    assert timer.read(SR) & CC1IF


def test_capture_by_software(machine):
    """13.4.6, CC1G of an input"""
    timer, _ = capture(machine, TIM4)
    timer.ticks(33)
    timer.write(EGR, CC1G)
    timer.ticks(10)
    timer.write(EGR, CC1G)
    assert timer.read(SR) & CC1OF
    assert timer.read(CCR1) == 43


@pytest.mark.parametrize("psc", [0, 1, 2, 3])
def test_prescaler(machine, psc):
    """13.4.7, IC1PSC: every 1, 2, 4 or 8 edges"""
    timer, pin = capture(machine, TIM2, ccmr=psc << ICPSC)
    captured = []
    for n in range(1, 25):
        timer.ticks(1)
        pin.pulse()
        if timer.read(SR) & CC1IF:
            captured.append(timer.read(CCR1))
            assert captured[-1] == n
    assert captured == list(range(1 << psc, 25, 1 << psc))


def test_disabling_resets_the_prescaler(machine):
    """13.4.7: "the prescaler is reset as soon as CC1E=0"."""
    timer, pin = capture(machine, TIM2, ccmr=2 << ICPSC)
    for _ in range(3):
        pin.pulse()
    timer.write(CCER, 0)
    timer.write(CCER, CC1E)
    for _ in range(3):
        pin.pulse()
    assert not timer.read(SR) & CC1IF
    pin.pulse()
    assert timer.read(SR) & CC1IF


@pytest.mark.parametrize("base, pins", [
    (base, pins) for base, pins in CHANNEL_PINS.items() if len(pins) > 1], ids=name_of)
def test_pwm_input(machine, base, pins):
    """13.3.6: TI1 to both channels of a pair, one for each edge"""
    timer = Timer(machine, base)
    pin = Pin(machine, pins[0])
    timer.setup(ccmr1=OWN_TI | OTHER_TI << 8, ccer=CC1E | (CC1E | CC1P) << 4, cr1=CEN)
    for rising, falling in ((10, 15), (40, 48)):
        for until, level in ((rising, 1), (falling, 0)):
            timer.ticks(until - timer.read(CNT))
            pin.set(level)
        assert [timer.read(CCR1), timer.read(CCR2)] == [rising, falling]


@pytest.mark.parametrize("n, other", [(0, 1), (1, 0), (2, 3), (3, 2)])
def test_other_input_of_the_pair(machine, n, other):
    """13.4.7, CCxS = 2"""
    timer, own = capture(machine, TIM2, n, source=OTHER_TI)
    pin = Pin(machine, CHANNEL_PINS[TIM2][other])
    timer.ticks(9)
    own.pulse()
    assert not timer.read(SR) & CC1IF << n
    pin.pulse()
    assert timer.read(CCR1 + 4 * n) == 9


def test_xor(machine):
    """13.4.2, TI1S: TI1 is CH1 ^ CH2 ^ CH3, so each edge of a Hall sensor is one of TI1."""
    timer, first = capture(machine, TIM3, ccer=CC1E)
    timer.write(CR2, TI1S)
    pins = [first, *(Pin(machine, name) for name in CHANNEL_PINS[TIM3][1:3])]
    seen = []
    for pin, level in ((0, 1), (1, 1), (2, 1), (0, 0), (1, 0), (2, 0)):
        timer.ticks(10)
        pins[pin].set(level)
        seen.append(timer.read(SR) & CC1IF)
        timer.read(CCR1)
    assert seen == [CC1IF, 0] * 3  # rising edges of the XOR
    timer.write(CR2, 0)
    pins[1].set(1)
    assert not timer.read(SR) & CC1IF


# ------------------------------------------------------------------ filter

FILTERS = [(1, 2), (1, 4), (1, 8), (2, 6), (2, 8), (4, 6), (4, 8), (8, 6), (8, 8), (16, 5),
           (16, 6), (16, 8), (32, 5), (32, 6), (32, 8)]


@pytest.mark.parametrize("ckd", [0, 1, 2])
@pytest.mark.parametrize("value, divider, samples", [
    (value, *filter_) for value, filter_ in enumerate(FILTERS, 1)])
def test_filter(machine, ckd, value, divider, samples):
    """13.4.7, IC1F: as many samples, of CK_INT up to 3, of f_DTS (CKD) above it."""
    timer, pin = capture(machine, TIM2, ccmr=value << ICF)
    timer.write(CR1, CEN | ckd << CKD)
    ticks = divider * samples * (1 if value < 4 else 1 << ckd)
    pin.set(1)
    machine.step(ticks * TICK - 1)
    pin.set(0)  # too short
    machine.step(ticks * TICK)
    assert not timer.read(SR) & CC1IF
    pin.set(1)
    machine.step(ticks * TICK - 1)
    assert not timer.read(SR) & CC1IF
    machine.step(1)
    assert timer.read(SR) & CC1IF
    assert timer.read(CCR1) == machine.now_ns // TICK


def test_pulse_that_the_filter_drops_has_no_end_either(machine):
    """A channel that captures falling edges"""
    timer, pin = capture(machine, TIM2, ccmr=3 << ICF, ccer=CC1E | CC1P)
    pin.set(1)
    timer.ticks(7)
    pin.set(0)
    timer.ticks(100)
    assert not timer.read(SR) & CC1IF
    for level in (1, 0):
        pin.set(level)
        timer.ticks(100)
    assert timer.read(SR) & CC1IF


def test_filter_starts_again_at_each_edge(machine):
    timer, pin = capture(machine, TIM2, ccmr=3 << ICF)
    for level in (1, 0, 1, 0, 1):
        pin.set(level)
        timer.ticks(7)
    assert not timer.read(SR) & CC1IF
    timer.ticks(1)
    assert timer.read(SR) & CC1IF


def test_filter_that_is_switched_off_amid_a_pulse(machine):
    """The level that it has not let through leaves no edge."""
    timer, pin = capture(machine, TIM2, ccmr=3 << ICF, ccer=CC1E | CC1P)
    pin.set(1)
    timer.ticks(4)
    timer.write(CCMR1, OWN_TI)
    pin.set(0)
    timer.ticks(100)
    assert not timer.read(SR) & CC1IF
    pin.set(1)
    pin.set(0)
    assert timer.read(SR) & CC1IF


# ------------------------------------------------------------------ pins and clocks

@pytest.mark.parametrize("base, mapr, mapr2, n, name", [
    (TIM1, 1 << 6, 0, 0, "PA8"), (TIM2, 1 << 8 | 4 << 24, 0, 0, "PA15"),
    (TIM2, 1 << 8 | 4 << 24, 0, 1, "PB3"), (TIM2, 2 << 8, 0, 2, "PB10"),
    (TIM2, 3 << 8, 0, 3, "PB11"), (TIM3, 2 << 10 | 4 << 24, 0, 0, "PB4"),
    (TIM3, 2 << 10, 0, 1, "PB5"), (TIM3, 3 << 10, 0, 0, "PC6"), (TIM3, 3 << 10, 0, 3, "PC9"),
    (TIM15, 0, 1, 0, "PB14"), (TIM15, 0, 1, 1, "PB15"), (TIM16, 0, 2, 0, "PA6"),
    (TIM17, 0, 4, 0, "PA7")], ids=name_of)
def test_remapped_input(machine, base, mapr, mapr2, n, name):
    """7.4.2, 7.4.7"""
    stm32f100.clock_on(machine, "afio")
    machine.write(0x40010004, mapr)
    machine.write(0x4001001c, mapr2)
    timer, _ = capture(machine, base, n)
    pin = Pin(machine, name)
    timer.ticks(21)
    pin.set(1)
    assert timer.read(CCR1 + 4 * n) == 21


def test_pin_that_is_an_output_is_not_heard(machine):
    timer, pin = capture(machine, TIM2)
    stm32f100.pin_mode(machine, pin.name, stm32f100.OUTPUT)
    timer.ticks(5)
    machine.write(stm32f100.gpio("a") + 0x10, 1)
    assert not timer.read(SR) & CC1IF
    stm32f100.pin_mode(machine, pin.name, stm32f100.INPUT_FLOATING)
    pin.set(0)
    pin.set(1)
    assert timer.read(SR) & CC1IF


@pytest.mark.parametrize("mode", [0, stm32f100.OUTPUT])
def test_change_of_the_pin_s_mode_is_no_edge(machine, mode):
    timer, pin = capture(machine, TIM2)
    timer.write(CCER, 0)
    pin.set(1)
    timer.write(CCER, CC1E)
    machine.write(stm32f100.gpio("a") + 0x10, 1)  # as an output it is high, too
    stm32f100.pin_mode(machine, pin.name, mode)
    stm32f100.pin_mode(machine, pin.name, stm32f100.INPUT_FLOATING)
    assert not timer.read(SR) & CC1IF
    timer.ticks(4)
    pin.set(0)
    pin.set(1)
    assert timer.read(CCR1) == 4


def test_remapping_to_a_pin_of_another_level_is_an_edge(machine):
    stm32f100.clock_on(machine, "afio")
    timer, _ = capture(machine, TIM15)
    Pin(machine, "PB14", 1)
    timer.ticks(9)
    assert not timer.read(SR) & CC1IF
    machine.write(0x4001001c, 1)
    assert timer.read(CCR1) == 9


def test_other_bits_do_not_disturb_a_filter(machine):
    """CR2 and SMCR are written while samples are taken."""
    timer, pin = capture(machine, TIM2, ccmr=3 << ICF)
    pin.set(1)
    timer.ticks(5)
    timer.setup(cr2=1 << 4, smcr=1 << 7)
    timer.ticks(3)
    assert timer.read(CCR1) == 8


def test_without_a_clock_edges_are_lost(machine):
    timer, pin = capture(machine, TIM2)
    stm32f100.clock_off(machine, "tim2")
    pin.set(1)
    stm32f100.clock_on(machine, "tim2")
    timer.ticks(3)
    assert not timer.read(SR) & CC1IF
    pin.set(0)
    timer.ticks(4)
    pin.set(1)
    assert timer.read(CCR1) == 7


def test_channel_selection_is_locked_while_it_is_on(machine):
    """13.4.7: "CC1S bits are writable only when the channel is OFF"."""
    timer = Timer(machine, TIM2)
    timer.setup(ccmr1=OWN_TI, ccer=CC1E)
    timer.write(CCMR1, FORCE_HIGH)
    assert timer.read(CCMR1) == FORCE_HIGH | OWN_TI
    timer.write(CCER, 0)
    timer.write(CCMR1, FORCE_HIGH)
    assert timer.read(CCMR1) == FORCE_HIGH


# ------------------------------------------------------------------ DMA, and all of it together

def test_captures_fill_a_buffer(machine):
    """13.3.5: a DMA request for each capture; the DMA's read of CCR1 clears the flag."""
    stm32f100.clock_on(machine, "dma1")
    put(machine, SOURCE, *[0] * 4)
    Channel(machine, 6).start(MINC | 1 << 8 | 2 << 10, 4, TIM3 + CCR1, SOURCE)
    timer, pin = capture(machine, TIM3)
    timer.write(DIER, CC1DE)
    for _ in range(4):
        timer.ticks(60)
        pin.pulse()
    assert get(machine, SOURCE, 4, size=4) == [60, 120, 180, 240]
    assert not timer.read(SR) & (CC1IF | CC1OF)


def test_ppm_and_time_of_a_px4io_class_image(machine):
    """TIM1 at 1 MHz from 24 MHz: PPM on CH1 with a filter, CH2 as alarm, as interrupts."""
    stm32f100.run_from_hse(machine)
    timer = Timer(machine, TIM1)
    pin = Pin(machine, "PA8")
    timer.setup(psc=23, arr=0xffff, egr=UG, sr=0, ccr2=50_000, ccmr1=OWN_TI | 3 << ICF,
                ccer=CC1E, dier=CC1IF | CC2IF, cr1=CEN)
    start_ns = machine.now_ns
    captured = []
    for gap_us in (1000, 1500, 2000, 20_000, 1001, 1499, 20_000):
        machine.step(gap_us * 1000 - 300_000)
        pin.set(1)
        machine.step(300_000)
        assert machine.irq(27)
        captured.append(timer.read(CCR1))
        assert not machine.irq(27)
        pin.set(0)
    # the filter's 8 samples of 24 MHz: a third of a microsecond, the same for all
    assert captured == [700, 2200, 4200, 24_200, 25_201, 26_700, 46_700]
    machine.step(start_ns + 50_000_000 - machine.now_ns)
    assert not machine.irq(27)
    machine.step(1)  # the clock period is rounded up to a multiple of 2^-32 ns
    assert machine.irq(27)
    assert timer.take_flags() & (CC1IF | CC2IF) == CC2IF
