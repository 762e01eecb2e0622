"""Timers: TIM1 (RM0041 chapter 12), TIM2 to TIM4 (chapter 13).

Counting, compare and PWM; test_tim_*.py have the rest.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import (AF_OUTPUT, RCC_APB1RSTR, RCC_CFGR, clock_off, clock_on, edges, modify,
                       pin_mode, run_from_hse)
from timers import (ACTIVE, AOE, ARPE, ARR, BDTR, BG, BIF, CC1E, CC1G, CC1IF, CC1P, CC2IF, CCER,
                    CCMR1, CCMR2, CCR1, CCR4, CEN, CENTRE, CNT, CR1, CR2, DCR, DIER, DIR, EGR,
                    FORCE_HIGH, FORCE_LOW, FROZEN, INACTIVE, MOE, NAME, OCPE, OPM, OSSI, PSC,
                    PWM1, PWM2, RCR, SR, TG, TICK, TIF, TIM1, TIM2, TIM3, TIM4, TOGGLE, UDIS, UG,
                    UIF, URS, Timer)

ALL = [TIM1, TIM2, TIM3, TIM4]


@pytest.fixture
def tim1(machine):
    return Timer(machine, TIM1)


@pytest.fixture
def tim2(machine):
    return Timer(machine, TIM2)


# ------------------------------------------------------------------ registers

@pytest.mark.parametrize("base", ALL)
def test_reset_values(machine, base):
    """12.4.21, 13.4.19; ARR is all ones, as the text of 12.4.12 and silicon have it."""
    timer = Timer(machine, base)
    for offset in range(0, 0x4c, 4):
        assert timer.read(offset) == (0xffff if offset == ARR else 0), hex(offset)


@pytest.mark.parametrize("base, masks", [
    (TIM1, {CR2: 0x7ffd, DIER: 0x7fff, CCMR1: 0xffff, CCMR2: 0xffff, CCER: 0x3fff, CNT: 0xffff,
            PSC: 0xffff, ARR: 0xffff, RCR: 0xff, CCR1: 0xffff, CCR4: 0xffff, DCR: 0x1f1f}),
    (TIM2, {CR2: 0x00f8, DIER: 0x5f5f, CCMR1: 0xffff, CCMR2: 0xffff, CCER: 0x3333, CNT: 0xffff,
            PSC: 0xffff, ARR: 0xffff, RCR: 0, BDTR: 0, CCR1: 0xffff, CCR4: 0xffff,
            DCR: 0x1f1f}),
])
def test_reserved_bits_read_zero(machine, base, masks):
    timer = Timer(machine, base)
    for register, mask in masks.items():
        timer.write(register, 0xffffffff)
        assert timer.read(register) == mask, hex(register)


@pytest.mark.parametrize("base", ALL)
def test_without_its_clock_it_is_not_there(machine, base):
    """6.3.7, 6.3.8"""
    machine.write(base + PSC, 7)
    assert machine.read(base + ARR) == 0
    clock_on(machine, NAME[base])
    assert machine.read(base + ARR) == 0xffff
    assert machine.read(base + PSC) == 0


def test_closed_clock_stops_the_counter(machine, tim2):
    tim2.write(CR1, CEN)
    tim2.ticks(100)
    clock_off(machine, "tim2")
    tim2.ticks(100)
    assert tim2.read(CNT) == 0
    clock_on(machine, "tim2")
    assert tim2.read(CNT) == 100
    tim2.ticks(1)
    assert tim2.read(CNT) == 101


def test_reset_by_rcc(machine, tim2):
    """6.3.5: TIM2RST; in reset it does not count."""
    tim2.setup(psc=7, arr=99, cr1=CEN)
    machine.write(RCC_APB1RSTR, 1)
    tim2.ticks(1000)
    machine.write(RCC_APB1RSTR, 0)
    assert [tim2.read(r) for r in (CR1, PSC, ARR, CNT)] == [0, 0, 0xffff, 0]


@pytest.mark.parametrize("size, offset, value", [(1, 0, 0x34), (1, 1, 0x12), (2, 0, 0x1234)])
def test_narrow_reads(tim2, size, offset, value):
    """13.4: bytes and half-words can be read."""
    tim2.write(PSC, 0x1234)
    assert tim2.machine.read(TIM2 + PSC + offset, size=size) == value


def test_half_word_write_in_the_upper_half_hits_the_register(tim2):
    """2.1: the APB bridge repeats it in both halves."""
    tim2.machine.write(TIM2 + PSC + 2, 0x1234, size=2)
    assert tim2.read(PSC) == 0x1234


def test_flags_are_cleared_by_zeros_only(tim2):
    tim2.write(EGR, UG | CC1G)
    assert tim2.read(SR) & (UIF | CC1IF) == UIF | CC1IF
    tim2.write(SR, 0xffff)
    assert tim2.read(SR) & (UIF | CC1IF) == UIF | CC1IF
    tim2.write(SR, ~UIF & 0xffff)
    assert tim2.read(SR) & (UIF | CC1IF) == CC1IF


# ------------------------------------------------------------------ time base

@pytest.mark.parametrize("base", ALL)
@pytest.mark.parametrize("prescaler, reload", [(0, 1), (0, 999), (7, 999), (99, 0xffff)])
def test_period(machine, base, prescaler, reload):
    """12.3.1, 13.3.1: an update after (PSC + 1) x (ARR + 1) clocks, every time."""
    timer = Timer(machine, base)
    timer.setup(psc=prescaler, arr=reload, egr=UG, sr=0, cr1=CEN)
    period = (prescaler + 1) * (reload + 1) * TICK
    for _ in range(3):
        timer.expect_flag_in(period, UIF)


def test_no_drift_over_ten_minutes(tim2):
    tim2.setup(psc=7, arr=59_999, egr=UG, sr=0, cr1=CEN)  # 1 MHz, 60 ms
    tim2.machine.step(600_000_000_000 - 1)
    assert tim2.read(CNT) == 59_999
    tim2.machine.step(1)
    assert tim2.read(CNT) == 0


def test_counts_up(tim2):
    """13.3.2, upcounting mode"""
    tim2.setup(arr=3, cr1=CEN)
    assert tim2.counts(9) == [1, 2, 3, 0, 1, 2, 3, 0, 1]


def test_counts_down(tim2):
    """13.3.2, downcounting mode: underflow one tick after 0"""
    tim2.setup(arr=3, cr1=DIR | CEN)
    assert tim2.counts(9) == [3, 2, 1, 0, 3, 2, 1, 0, 3]
    tim2.write(SR, 0)
    tim2.ticks(3)
    tim2.write(CNT, 1)
    tim2.expect_flag_in(2 * TICK, UIF)
    tim2.expect_flag_in(4 * TICK, UIF)


def test_ug_puts_a_down_counter_at_its_top(tim2):
    """13.4.6"""
    tim2.setup(arr=1000, cr1=DIR, egr=UG)
    assert tim2.read(CNT) == 1000
    assert tim2.counts(1) == [1000]


@pytest.mark.parametrize("mode", CENTRE[1:])
def test_counts_up_and_down(tim2, mode):
    """13.3.2, centre-aligned mode: 0 to ARR - 1, then ARR to 1; DIR shows the way."""
    tim2.setup(arr=3, cr1=mode | CEN)
    assert tim2.counts(8) == [1, 2, 3, 2, 1, 0, 1, 2]
    assert not tim2.read(CR1) & DIR
    assert tim2.counts(2) == [3, 2]
    assert tim2.read(CR1) & DIR
    tim2.write(CR1, mode | CEN)
    assert tim2.read(CR1) & DIR  # read-only now


def test_centre_aligned_updates_at_both_ends(tim2):
    """An update when the count reaches ARR and when it reaches 0: every ARR ticks."""
    tim2.setup(arr=1000, cr1=CENTRE[1] | CEN)
    for top in (1000, 0) * 3:
        tim2.expect_flag_in(1000 * TICK, UIF)
        assert tim2.read(CNT) == top


def test_count_written_at_an_end_turns_a_centre_aligned_counter(tim2):
    """13.3.2: "direction is updated but no update event is generated" for 0 and ARR."""
    tim2.setup(arr=10, cr1=CENTRE[3] | CEN, cnt=10)
    assert tim2.counts(2) == [9, 8]
    tim2.write(CNT, 0)
    assert tim2.counts(2) == [1, 2]
    assert not tim2.read(SR) & UIF


def test_zero_auto_reload_blocks_the_counter(tim2):
    """13.4.12"""
    tim2.setup(arr=0, cr1=CEN)
    tim2.ticks(1000)
    assert [tim2.read(r) for r in (CNT, SR)] == [0, 0]
    tim2.write(ARR, 4)
    assert tim2.counts(6) == [1, 2, 3, 4, 0, 1]


def test_count_beyond_the_auto_reload_goes_on_to_the_end(tim2):
    tim2.setup(arr=100, cnt=0xfffe, cr1=CEN)
    assert tim2.counts(3) == [0xffff, 0, 1]


def test_stopping_keeps_the_count_and_the_prescaler(tim2):
    tim2.setup(psc=9, egr=UG, sr=0, cr1=CEN)
    tim2.ticks(34)  # 3 counts and 4 clocks
    tim2.write(CR1, 0)
    tim2.ticks(1000)
    assert tim2.read(CNT) == 3
    tim2.write(CR1, CEN)
    tim2.machine.step(6 * TICK - 1)
    assert tim2.read(CNT) == 3
    tim2.machine.step(1)
    assert tim2.read(CNT) == 4


def test_ug_clears_the_prescaler(tim2):
    """13.4.6: UG"""
    tim2.setup(psc=9, egr=UG, sr=0, cr1=CEN)
    tim2.ticks(9)
    tim2.write(EGR, UG)
    tim2.machine.step(10 * TICK - 1)
    assert tim2.read(CNT) == 0
    tim2.machine.step(1)
    assert tim2.read(CNT) == 1


def test_prescaler_is_buffered(tim2):
    """13.3.1: a new PSC counts from the next update on."""
    tim2.setup(arr=9, cr1=CEN)
    tim2.write(PSC, 1)
    tim2.expect_flag_in(10 * TICK, UIF)
    tim2.expect_flag_in(20 * TICK, UIF)


@pytest.mark.parametrize("preload, first", [(0, 20), (ARPE, 10)])
def test_auto_reload_preload(tim2, preload, first):
    """13.3.1: ARPE"""
    tim2.setup(arr=9, egr=UG, sr=0, cr1=preload | CEN)
    tim2.write(ARR, 19)
    tim2.expect_flag_in(first * TICK, UIF)
    tim2.expect_flag_in(20 * TICK, UIF)


def test_clearing_arpe_takes_over_the_auto_reload(tim2):
    tim2.setup(arr=9, cr1=ARPE | CEN)
    tim2.write(EGR, UG)
    tim2.write(ARR, 19)
    tim2.setup(sr=0, cr1=CEN)
    tim2.expect_flag_in(20 * TICK, UIF)


def test_down_counter_takes_the_new_auto_reload_at_once(tim2):
    """13.3.2: it is updated before the counter is reloaded."""
    tim2.setup(arr=3, egr=UG, cr1=ARPE | DIR, cnt=1)
    tim2.write(CR1, ARPE | DIR | CEN)
    tim2.write(ARR, 5)
    assert tim2.counts(8) == [0, 5, 4, 3, 2, 1, 0, 5]


def test_update_disable(tim2):
    """13.4.1, UDIS: no flag, no preload taken over; the counter goes on."""
    tim2.setup(arr=9, egr=UG, sr=0, cr1=ARPE | UDIS | CEN)
    tim2.write(ARR, 4)
    assert tim2.counts(12) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]
    assert not tim2.read(SR) & UIF
    tim2.write(EGR, UG)
    assert [tim2.read(SR) & UIF, tim2.read(CNT)] == [0, 0]
    tim2.write(CR1, ARPE | CEN)
    tim2.expect_flag_in(10 * TICK, UIF)
    tim2.expect_flag_in(5 * TICK, UIF)


def test_update_request_source(tim2):
    """13.4.1, URS: UG updates without the flag."""
    tim2.setup(arr=9, cr1=URS, psc=1, egr=UG)
    assert not tim2.read(SR) & UIF
    tim2.write(CR1, URS | CEN)
    tim2.expect_flag_in(20 * TICK, UIF)


@pytest.mark.parametrize("direction, ticks, rest", [(0, 10, 0), (DIR, 1, 9), (CENTRE[3], 9, 9)])
def test_one_pulse_stops_at_the_update(tim2, direction, ticks, rest):
    """13.3.10"""
    tim2.setup(arr=9, cr1=direction | OPM | CEN)
    tim2.machine.step(ticks * TICK - 1)
    assert tim2.read(CR1) & CEN
    tim2.machine.step(1)
    assert not tim2.read(CR1) & CEN
    tim2.ticks(1000)
    assert tim2.read(CNT) == rest


# ------------------------------------------------------------------ clocks

@pytest.mark.parametrize("ppre, factor", [(0, 1), (4, 1), (5, 2), (6, 4), (7, 8)])
def test_timer_clock_is_twice_a_divided_apb_clock(machine, tim2, ppre, factor):
    """6.2, figure 8: x1 if the APB prescaler is 1, else x2."""
    modify(machine, RCC_CFGR, 7 << 8, ppre << 8)
    tim2.setup(arr=999, egr=UG, sr=0, cr1=CEN)
    tim2.expect_flag_in(1000 * TICK * factor, UIF)


def test_change_of_the_clock_takes_the_counter_along(machine, tim2):
    tim2.write(CR1, CEN)
    tim2.ticks(100)
    modify(machine, RCC_CFGR, 0xf << 4, 8 << 4)  # HCLK = SYSCLK / 2
    machine.step(100 * TICK)
    assert tim2.read(CNT) == 150


def test_a_millisecond_at_24_mhz(machine):
    """The servo rig's time base: 1 MHz from the 24 MHz crystal, at no whole ns."""
    run_from_hse(machine)
    timer = Timer(machine, TIM1)
    timer.setup(psc=23, arr=999, egr=UG, sr=0, cr1=CEN)
    machine.step(1)  # the clock period is rounded up to a multiple of 2^-32 ns
    for _ in range(1000):
        timer.expect_flag_in(1_000_000, UIF)


# ------------------------------------------------------------------ interrupts

@pytest.mark.parametrize("base, irq", [(TIM2, 28), (TIM3, 29), (TIM4, 30)])
@pytest.mark.parametrize("enable", [UIF, CC1IF, 1 << 4])
def test_interrupt(machine, base, irq, enable):
    """8.1.2, table 50: one line each; at the time of the event, until the flag is cleared."""
    timer = Timer(machine, base)
    timer.setup(arr=99, ccr1=50, ccr4=20, dier=enable, cr1=CEN)
    ticks = {UIF: 100, CC1IF: 50, 1 << 4: 20}[enable]
    machine.step(ticks * TICK - 1)
    assert not machine.irq(irq)
    machine.step(1)
    assert machine.irq(irq)
    assert not any(machine.irq(n) for n in range(24, 31) if n != irq)
    timer.write(SR, ~enable & 0xffff)
    assert not machine.irq(irq)


@pytest.mark.parametrize("flag, event, irq", [
    (BIF, BG, 24), (UIF, UG, 25), (TIF, TG, 26), (CC1IF, CC1G, 27)])
def test_interrupts_of_tim1(machine, tim1, flag, event, irq):
    """8.1.2: BRK, UP, TRG_COM, CC; 12.4.6: each by software"""
    tim1.write(ARR, 99)
    tim1.write(EGR, event)
    assert tim1.read(SR) & flag
    assert not machine.irq(irq)  # not enabled
    tim1.write(DIER, flag)
    assert [n for n in range(24, 31) if machine.irq(n)] == [irq]
    tim1.write(SR, ~flag & 0xffff)
    assert not machine.irq(irq)


def test_interrupt_in_every_period(machine, tim2):
    tim2.setup(arr=999, dier=UIF, cr1=CEN)
    for _ in range(5):
        machine.step(1000 * TICK - 1)
        assert not machine.irq(28)
        machine.step(1)
        assert machine.irq(28)
        tim2.write(SR, 0)
        assert not machine.irq(28)


def test_interrupt_of_a_down_counter(machine, tim2):
    tim2.setup(arr=999, ccr2=300, cr1=DIR, egr=UG, sr=0, dier=CC2IF)
    tim2.write(CR1, DIR | CEN)
    machine.step(699 * TICK - 1)
    assert not machine.irq(28)
    machine.step(1)
    assert machine.irq(28)


# ------------------------------------------------------------------ compare

@pytest.mark.parametrize("channel", [0, 1, 2, 3])
def test_compare_flag(tim2, channel):
    """13.3.8: when the count takes the value of CCR, once per period."""
    flag = 2 << channel
    tim2.setup(arr=99)
    tim2.write(CCR1 + 4 * channel, 40)
    tim2.write(CR1, CEN)
    tim2.expect_flag_in(40 * TICK, flag)
    tim2.expect_flag_in(100 * TICK, flag)


def test_compare_above_the_auto_reload_never_matches(tim2):
    tim2.setup(arr=99, ccr1=100, ccr2=99, sr=0, cr1=CEN)
    tim2.ticks(1000)
    assert tim2.read(SR) & (CC1IF | CC2IF) == CC2IF


@pytest.mark.parametrize("mode, flagged", [
    (CENTRE[1], [170, 370]), (CENTRE[2], [30, 230]), (CENTRE[3], [30, 170, 230, 370])])
def test_centre_aligned_compare_flags(machine, tim2, mode, flagged):
    """13.4.1, CMS: flags (and interrupts) when counting down, up, or both."""
    tim2.setup(arr=100, ccr1=30, dier=CC1IF, cr1=mode | CEN)
    now = 0
    for ticks in flagged:
        machine.step((ticks - now) * TICK - 1)
        assert not machine.irq(28)
        machine.step(1)
        assert machine.irq(28)
        tim2.write(SR, 0)
        now = ticks


@pytest.mark.parametrize("preload, first", [(0, 60), (OCPE, 40)])
def test_compare_preload(tim2, preload, first):
    """13.4.7, OC1PE"""
    tim2.setup(arr=99, ccr1=40, ccmr1=preload, egr=UG, sr=0, cr1=CEN)
    tim2.write(CCR1, 60)
    tim2.expect_flag_in(first * TICK, CC1IF)
    tim2.ticks(100 - first)
    tim2.expect_flag_in(60 * TICK, CC1IF)


def test_clearing_the_preload_enable_takes_over_the_value(tim2):
    tim2.setup(arr=99, ccmr1=OCPE, ccr1=40)
    tim2.setup(ccmr1=0, cr1=CEN)
    tim2.expect_flag_in(40 * TICK, CC1IF)


# ------------------------------------------------------------------ outputs

def output(machine, timer, pin, mode, **registers):
    """Channel 1 of @timer on @pin, from UG on; the edges of the next 40 ticks, in ticks."""
    pin_mode(machine, pin, AF_OUTPUT)
    timer.setup(**registers)
    timer.setup(ccmr1=mode, egr=UG, sr=0, ccer=CC1E)
    if timer.base == TIM1:
        timer.write(BDTR, MOE)
    start_ns = machine.now_ns
    timer.write(CR1, timer.read(CR1) | CEN)
    timer.ticks(40)
    return [((ns - start_ns) / TICK, level) for ns, level in edges(machine, pin)]


@pytest.mark.parametrize("base, pin", [(TIM1, "PA8"), (TIM2, "PA0"), (TIM3, "PA6"), (TIM4, "PB6")])
def test_pwm_mode_1(machine, base, pin):
    """13.3.9: active while CNT < CCR"""
    assert output(machine, Timer(machine, base), pin, PWM1, arr=15, ccr1=5) == [
        (0, 0), (0, 1), (5, 0), (16, 1), (21, 0), (32, 1), (37, 0)]


def test_pwm_mode_2(machine, tim2):
    assert output(machine, tim2, "PA0", PWM2, arr=15, ccr1=5) == [
        (0, 0), (5, 1), (16, 0), (21, 1), (32, 0), (37, 1)]


def test_pwm_of_a_down_counter(machine, tim2):
    """13.3.9: low while CNT > CCR, so 6 of 16 ticks high"""
    assert output(machine, tim2, "PA0", PWM1, arr=15, ccr1=5, cr1=DIR) == [
        (0, 0), (10, 1), (16, 0), (26, 1), (32, 0)]


def test_down_counter_has_no_pulse_of_no_length(machine, tim2):
    """13.3.9: "0% PWM is not possible in this mode"."""
    assert output(machine, tim2, "PA0", PWM1, arr=15, ccr1=0, cr1=DIR) == [
        (0, 0), (15, 1), (16, 0), (31, 1), (32, 0)]


def test_centre_aligned_pwm(machine, tim2):
    """13.3.9, figure with ARR = 8: CCR = 4 gives 8 of 16 ticks, around the count of 0"""
    assert output(machine, tim2, "PA0", PWM1, arr=8, ccr1=4, cr1=CENTRE[1]) == [
        (0, 0), (0, 1), (4, 0), (12, 1), (20, 0), (28, 1), (36, 0)]


@pytest.mark.parametrize("ccr, level", [(0, 0), (8, 1), (9, 1)])
@pytest.mark.parametrize("mode", [CENTRE[3], 0])
def test_pwm_of_constant_level(machine, tim2, mode, ccr, level):
    """13.3.9: 0 % and 100 %; edge-aligned 100 % needs CCR > ARR."""
    reload = 8 if mode else 7
    assert output(machine, tim2, "PA0", PWM1, arr=reload, ccr1=ccr, cr1=mode) == [
        (0, 0), (0, 1)][:level + 1]


@pytest.mark.parametrize("mode, expected", [
    (FROZEN, [(0, 0)]),
    (ACTIVE, [(0, 0), (5, 1)]),
    (INACTIVE, [(0, 0)]),
    (TOGGLE, [(0, 0), (5, 1), (21, 0), (37, 1)]),
    (FORCE_LOW, [(0, 0)]),
    (FORCE_HIGH, [(0, 0), (0, 1)]),
])
def test_output_compare_modes(machine, tim2, mode, expected):
    """13.4.7, OC1M"""
    assert output(machine, tim2, "PA0", mode, arr=15, ccr1=5) == expected


@pytest.mark.parametrize("mode, reload, ccr, ticks, level", [
    (0, 15, 5, 5, 1), (0, 15, 5, 16 + 5, 0),
    (CENTRE[3], 8, 8, 8, 1), (CENTRE[3], 8, 8, 16 + 8, 0),  # turns there: once in 16 ticks
    (CENTRE[3], 8, 4, 4, 1), (CENTRE[3], 8, 4, 12, 0),      # passes it twice
])
def test_toggle_over_many_periods_that_nobody_watches(machine, tim2, mode, reload, ccr, ticks,
                                                      level):
    """The level is that of 1000 periods that a pin has shown."""
    tim2.setup(arr=reload, ccr1=ccr, ccmr1=TOGGLE, egr=UG, ccer=CC1E, cr1=mode | CEN)
    tim2.ticks(1000 * 16 + ticks)
    pin_mode(machine, "PA0", AF_OUTPUT)
    assert edges(machine, "PA0") == [(machine.now_ns, level)]


def test_polarity(machine, tim2):
    """13.4.9, CC1P"""
    pin_mode(machine, "PA0", AF_OUTPUT)
    tim2.setup(arr=15, ccr1=5, ccmr1=PWM1, egr=UG, ccer=CC1E | CC1P, cr1=CEN)
    tim2.ticks(20)
    assert edges(machine, "PA0") == [(0, 0), (5 * TICK, 1), (16 * TICK, 0)]


def test_disabled_channel_leaves_the_pin_low(machine, tim2):
    assert output(machine, tim2, "PA0", PWM1, arr=15, ccr1=5)[-1] == (37, 0)
    tim2.write(CCER, 0)
    tim2.ticks(100)
    assert len(edges(machine, "PA0")) == 7


def test_edges_stop_when_the_pin_leaves_the_timer(machine, tim2):
    """They are on the pin up to the write of CRL, and not after it."""
    output(machine, tim2, "PA0", PWM1, arr=15, ccr1=5)
    pin_mode(machine, "PA0", 0x3)  # general-purpose output, ODR = 0
    tim2.ticks(100)
    assert edges(machine, "PA0")[-1] == (37 * TICK, 0)


def test_four_channels_of_one_timer(machine, tim2):
    for channel, ccr in enumerate((2, 4, 6, 8)):
        pin_mode(machine, f"PA{channel}", AF_OUTPUT)
        tim2.write(CCR1 + 4 * channel, ccr)
    tim2.setup(arr=9, ccmr1=PWM1 | PWM1 << 8, ccmr2=PWM1 | PWM1 << 8, egr=UG, ccer=0x1111, cr1=CEN)
    tim2.ticks(10)
    for channel, ccr in enumerate((2, 4, 6, 8)):
        assert edges(machine, f"PA{channel}")[-2:] == [(ccr * TICK, 0), (10 * TICK, 1)]


def test_servo_pulses_at_24_mhz(machine):
    """400 Hz, 1 us resolution; a new width is taken over with the next period."""
    run_from_hse(machine)
    timer = Timer(machine, TIM2)
    pin_mode(machine, "PA0", AF_OUTPUT)
    timer.setup(psc=23, arr=2499, ccr1=900, ccmr1=PWM1 | OCPE, egr=UG, ccer=CC1E, cr1=ARPE | CEN)
    start_ns = machine.now_ns
    machine.step(500_000)
    timer.write(CCR1, 1501)
    machine.step(5_000_000)
    assert [(ns - start_ns, level) for ns, level in edges(machine, "PA0")][-5:] == [
        (0, 1), (900_000, 0), (2_500_000, 1), (4_001_000, 0), (5_000_000, 1)]


# ------------------------------------------------------------------ TIM1 only

@pytest.mark.parametrize("repetitions", [1, 2, 255])
def test_repetition_counter(tim1, repetitions):
    """12.3.3: an update after RCR + 1 overflows"""
    tim1.setup(arr=9, rcr=repetitions, egr=UG, sr=0, cr1=CEN)
    for _ in range(2):
        tim1.expect_flag_in((repetitions + 1) * 10 * TICK, UIF)


def test_repetition_counter_is_buffered(tim1):
    """12.4.13: a new RCR counts from the next update on."""
    tim1.setup(arr=9, cr1=CEN)
    tim1.write(RCR, 2)
    tim1.expect_flag_in(10 * TICK, UIF)
    tim1.expect_flag_in(30 * TICK, UIF)


def test_repetition_counter_counts_both_ends_when_centre_aligned(tim1):
    tim1.setup(arr=10, rcr=1, cr1=CENTRE[1], egr=UG, sr=0)
    tim1.write(CR1, CENTRE[1] | CEN)
    tim1.expect_flag_in(20 * TICK, UIF)
    tim1.expect_flag_in(20 * TICK, UIF)


def test_one_pulse_with_repetitions_is_a_train_of_pulses(machine, tim1):
    """12.3.3, OPM: it stops at the update, so after RCR + 1 periods."""
    assert output(machine, tim1, "PA8", PWM2, arr=9, ccr1=6, rcr=2, cr1=OPM) == [
        (0, 0), (6, 1), (10, 0), (16, 1), (20, 0), (26, 1), (30, 0)]
    assert not tim1.read(CR1) & CEN


def test_main_output_enable(machine, tim1):
    """12.4.18, MOE: without it no output"""
    pin_mode(machine, "PA8", AF_OUTPUT)
    tim1.setup(arr=9, ccr1=5, ccmr1=PWM1, egr=UG, ccer=CC1E, cr1=CEN)
    tim1.ticks(22)
    assert edges(machine, "PA8") == [(0, 0)]
    tim1.write(BDTR, MOE)
    tim1.ticks(8)
    assert edges(machine, "PA8")[1:] == [(22 * TICK, 1), (25 * TICK, 0), (30 * TICK, 1)]


def test_software_break(machine, tim1):
    """12.4.6, BG: clears MOE, sets BIF; with OSSI the pin takes its idle level OIS1."""
    output(machine, tim1, "PA8", PWM1, arr=9, ccr1=5)
    tim1.setup(cr2=1 << 8, bdtr=MOE | OSSI)
    tim1.ticks(7)  # low
    tim1.write(EGR, BG)
    assert tim1.read(BDTR) == OSSI
    assert tim1.read(SR) & BIF
    tim1.ticks(20)
    assert edges(machine, "PA8")[-1] == (47 * TICK, 1)


def test_automatic_output_enable(machine, tim1):
    """12.4.18, AOE: the next update sets MOE."""
    tim1.setup(arr=9, bdtr=AOE, cr1=CEN)
    tim1.machine.step(10 * TICK - 1)
    assert tim1.read(BDTR) == AOE
    tim1.machine.step(1)
    assert tim1.read(BDTR) == MOE | AOE


def test_automatic_output_enable_on_the_pin(machine, tim1):
    pin_mode(machine, "PA8", AF_OUTPUT)
    tim1.setup(arr=9, ccr1=4, ccmr1=PWM1, egr=UG, ccer=CC1E, bdtr=AOE, cr1=CEN)
    tim1.ticks(20)
    assert edges(machine, "PA8") == [(0, 0), (10 * TICK, 1), (14 * TICK, 0), (20 * TICK, 1)]


@pytest.mark.parametrize("lock, kept", [
    (0, []), (1, [CR2]), (2, [CR2, CCER]), (3, [CR2, CCER, CCMR1])])
def test_lock_levels(tim1, lock, kept):
    """12.4.18, LOCK: OIS; polarities; modes of outputs"""
    values = {CR2: 1 << 8, CCER: CC1P, CCMR1: PWM1}
    tim1.write(BDTR, lock << 8)
    for register, value in values.items():
        tim1.write(register, value)
    assert [r for r in values if tim1.read(r) == 0] == kept


@pytest.mark.parametrize("lock, writable", [(0, 0xfcff), (1, 0x8c00), (2, 0x8000), (3, 0x8000)])
def test_lock_protects_bdtr(tim1, lock, writable):
    """Dead time, break and AOE from level 1, OSSR and OSSI from level 2; LOCK after one write."""
    tim1.write(BDTR, lock << 8)
    tim1.write(BDTR, 0xffff)
    assert tim1.read(BDTR) == writable | lock << 8
