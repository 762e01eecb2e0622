"""Timers: complementary outputs, dead time, break, COM events
(RM0041 12.3.11 to 12.3.14, 12.4.9, 12.4.18, 15.4.10 to 15.4.13).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from timers import (AOE, BDTR, BG, BIF, BKE, BKP, BREAK_PINS, CC1E, CC1NE, CC1NP, CC1P, CCER, CCMR1,
                    CCPC, CCR1, CCUS, CEN, CHANNEL_PINS, CKD, COMG, COMIF, COMPLEMENT_PINS, CR1,
                    CR2, EGR, FORCE_HIGH, FORCE_LOW, MOE, OIS1, OIS1N, OSSI, OSSR, OWN_TI, PWM1,
                    PWM2, SR, TICK, TIM1, TIM15, TIM16, TIM17, TIM2, UDIS, UG, UIF, Pin, Timer,
                    name_of)

WITH_BREAK = [TIM1, TIM15, TIM16, TIM17]
PAIRS = [(base, n) for base, pins in COMPLEMENT_PINS.items() for n in range(len(pins))]
LOW, HIGH, OFF = 0, 1, None


class Output:
    """A pin of a timer, which the board pulls up weakly or down."""

    def __init__(self, machine, name):
        self.machine, self.name = machine, name
        stm32f100.pin_mode(machine, name, stm32f100.AF_OUTPUT)
        self.port = stm32f100.gpio(name[1].lower())

    def level(self):
        """0, 1, or None while the timer does not drive it: then it is as the board has it."""
        levels = set()
        for board in (0, 1):
            stm32f100.drive_pin(self.machine, self.name, board)
            levels.add(self.machine.read(self.port + 8) >> int(self.name[2:]) & 1)
        stm32f100.drive_pin(self.machine, self.name, None)
        return levels.pop() if len(levels) == 1 else OFF

    def edges_since(self, start_ns):
        """In ticks"""
        return [((ns - start_ns) / TICK, level)
                for ns, level in stm32f100.edges(self.machine, self.name) if ns >= start_ns]


def pair(machine, base, n=0):
    return (Output(machine, CHANNEL_PINS[base][n]), Output(machine, COMPLEMENT_PINS[base][n]))


def force(timer, n, level):
    timer.modify(CCMR1 + 4 * (n // 2), 0x70 << 8 * (n % 2),
                 (FORCE_HIGH if level else FORCE_LOW) << 8 * (n % 2))


# ------------------------------------------------------------------ table 66

@pytest.mark.parametrize("base, n", PAIRS, ids=name_of)
def test_complementary_outputs(machine, base, n):
    """12.3.11: OCx is OCxREF, OCxN its complement."""
    timer, outputs = Timer(machine, base), pair(machine, base, n)
    timer.setup(bdtr=MOE, ccer=(CC1E | CC1NE) << 4 * n)
    for level in (1, 0, 1):
        force(timer, n, level)
        assert [output.level() for output in outputs] == [level, 1 - level]


# CCxE and CCxNE, OSSR: levels of OCx and OCxN with OCxREF high (table 66, MOE = 1).
TABLE_MOE = [
    (0, 0, OFF, OFF), (CC1NE, 0, OFF, HIGH), (CC1E, 0, HIGH, OFF), (CC1E | CC1NE, 0, HIGH, LOW),
    (0, OSSR, OFF, OFF), (CC1NE, OSSR, LOW, HIGH), (CC1E, OSSR, HIGH, LOW),
    (CC1E | CC1NE, OSSR, HIGH, LOW)]


@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
@pytest.mark.parametrize("enables, ossr, main, complement", TABLE_MOE)
@pytest.mark.parametrize("polarity", [0, CC1P, CC1NP, CC1P | CC1NP])
def test_outputs_with_moe(machine, base, enables, ossr, main, complement, polarity):
    """Table 66: one output alone is not complementary; OSSR drives the other inactive."""
    timer, outputs = Timer(machine, base), pair(machine, base)
    timer.setup(bdtr=MOE | ossr, ccmr1=FORCE_HIGH, ccer=enables | polarity)
    expected = [level if level is OFF else level ^ bool(polarity & inverting)
                for level, inverting in ((main, CC1P), (complement, CC1NP))]
    assert [output.level() for output in outputs] == expected


@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
@pytest.mark.parametrize("enables", [0, CC1E, CC1NE, CC1E | CC1NE])
@pytest.mark.parametrize("ossi", [0, OSSI])
@pytest.mark.parametrize("idle", [0, OIS1, OIS1N])
def test_outputs_without_moe(machine, base, enables, ossi, idle):
    """Table 66, MOE = 0: with OSSI the idle levels on both pins, if one of them is enabled."""
    timer, outputs = Timer(machine, base), pair(machine, base)
    timer.setup(bdtr=ossi, cr2=idle, ccmr1=FORCE_HIGH, ccer=enables)
    driven = ossi and enables
    assert [output.level() for output in outputs] == (
        [bool(idle & OIS1), bool(idle & OIS1N)] if driven else [OFF, OFF])


def test_idle_levels_that_would_both_be_active(machine):
    """Table 66: OISx and OISxN must not both be active; then both are inactive here."""
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(bdtr=OSSI, cr2=OIS1 | OIS1N, ccer=CC1E | CC1NE | CC1P)
    assert [output.level() for output in outputs] == [1, 1]  # OC1 is inverted
    timer.write(CCER, CC1E | CC1NE)
    assert [output.level() for output in outputs] == [0, 0]


@pytest.mark.parametrize("base, n", [(TIM1, 3), (TIM15, 1)], ids=name_of)
def test_channel_without_complement(machine, base, n):
    """TIM1_CH4, TIM15_CH2: MOE, OSSI and OIS4 or OIS2 are theirs, too."""
    timer, output = Timer(machine, base), Output(machine, CHANNEL_PINS[base][n])
    timer.setup(ccer=CC1E << 4 * n)
    force(timer, n, 1)
    assert output.level() is OFF
    timer.write(BDTR, MOE)
    assert output.level() == HIGH
    timer.write(BDTR, OSSI)
    assert output.level() == LOW
    timer.write(CR2, OIS1 << 2 * n)
    assert output.level() == HIGH


def test_tim2_has_no_main_output_enable(machine):
    timer, output = Timer(machine, TIM2), Output(machine, "PA0")
    timer.setup(ccmr1=FORCE_HIGH, ccer=CC1E)
    assert output.level() == HIGH
    timer.write(BDTR, 0xffff)
    assert timer.read(BDTR) == 0


def test_an_input_drives_nothing(machine):
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(bdtr=MOE | OSSR | OSSI, ccmr1=OWN_TI, ccer=CC1E | CC1NE)
    assert [output.level() for output in outputs] == [OFF, OFF]


@pytest.mark.parametrize("mapr, mapr2, base, pins", [
    (1 << 6, 0, TIM1, ("PA8", "PA7")), (0, 1, TIM15, ("PB14", "PB15")),
    (0, 2, TIM16, ("PA6", "PB6")), (0, 4, TIM17, ("PA7", "PB7"))], ids=name_of)
def test_remapped_outputs(machine, mapr, mapr2, base, pins):
    """7.4.2, 7.4.7"""
    stm32f100.clock_on(machine, "afio")
    machine.write(0x40010004, mapr)
    machine.write(0x4001001c, mapr2)
    timer, outputs = Timer(machine, base), [Output(machine, name) for name in pins]
    timer.setup(bdtr=MOE, ccmr1=FORCE_LOW, ccer=CC1E | CC1NE)
    assert [output.level() for output in outputs] == [0, 1]
    timer.write(CCMR1, FORCE_HIGH)
    assert [output.level() for output in outputs] == [1, 0]


# ------------------------------------------------------------------ dead time

@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
def test_dead_time(machine, base):
    """12.3.11, figure: each output becomes active late by the dead time, inactive at once."""
    timer, (main, complement) = Timer(machine, base), pair(machine, base)
    timer.setup(arr=39, ccr1=15, ccmr1=PWM1, ccer=CC1E | CC1NE, bdtr=MOE | 4, egr=UG)
    timer.ticks(10)
    start_ns = machine.now_ns
    timer.write(EGR, UG)
    timer.write(CR1, CEN)
    timer.ticks(80)
    assert main.edges_since(start_ns) == [(15, 0), (44, 1), (55, 0)]
    assert complement.edges_since(start_ns) == [(19, 1), (40, 0), (59, 1), (80, 0)]


@pytest.mark.parametrize("dtg, periods", [
    (1, 1), (0x7f, 127), (0x80, 128), (0xbf, 254), (0xc0, 256), (0xdf, 504), (0xe0, 512),
    (0xff, 1008)])
@pytest.mark.parametrize("ckd", [0, 1, 2])
def test_length_of_the_dead_time(machine, dtg, periods, ckd):
    """12.4.18, DTG: four ranges, in periods of t_DTS (CKD)"""
    timer, (main, complement) = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(cr1=ckd << CKD, bdtr=MOE | dtg, ccmr1=FORCE_LOW, ccer=CC1E | CC1NE)
    timer.ticks(20_000)
    start_ns = machine.now_ns
    timer.write(CCMR1, FORCE_HIGH)
    timer.ticks(20_000)
    assert complement.edges_since(start_ns) == [(0, 0)]
    assert main.edges_since(start_ns) == [(periods << ckd, 1)]


@pytest.mark.parametrize("before, ccr, main, complement", [
    (FORCE_LOW, 3, [], [(0, 0), (7, 1)]),
    (FORCE_HIGH, 17, [(17, 0), (24, 1)], [])])
def test_pulse_shorter_than_the_dead_time_is_lost(machine, before, ccr, main, complement):
    """12.3.11, figures with a delay above the positive pulse, and above the negative one"""
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(arr=19, ccr1=ccr, ccmr1=before, ccer=CC1E | CC1NE, bdtr=MOE | 4, egr=UG)
    timer.ticks(10)
    start_ns = machine.now_ns
    timer.setup(ccmr1=PWM1, cr1=CEN)
    timer.ticks(19 if ccr == 3 else 30)
    assert [output.edges_since(start_ns) for output in outputs] == [main, complement]


def test_single_output_has_no_dead_time(machine):
    """12.3.11: only "if both outputs are enabled"."""
    timer, (main, _) = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(bdtr=MOE | 0x20, ccmr1=FORCE_LOW, ccer=CC1E)
    start_ns = machine.now_ns
    timer.write(CCMR1, FORCE_HIGH)
    assert main.edges_since(start_ns)[-1] == (0, 1)


# ------------------------------------------------------------------ break

IRQ = {TIM1: 24, TIM15: 24, TIM16: 25, TIM17: 26}


@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
@pytest.mark.parametrize("polarity, active", [(0, 0), (BKP, 1)])
def test_break_input(machine, base, polarity, active):
    """12.3.12: an active level of BKIN clears MOE at once, sets BIF, and interrupts."""
    timer, main = Timer(machine, base), Output(machine, CHANNEL_PINS[base][0])
    bkin = Pin(machine, BREAK_PINS[base], 1 - active)
    timer.setup(bdtr=MOE | OSSI | BKE | polarity, ccmr1=FORCE_HIGH, ccer=CC1E, dier=BIF)
    timer.ticks(7)
    assert not machine.irq(IRQ[base])
    start_ns = machine.now_ns
    bkin.set(active)
    assert machine.irq(IRQ[base])
    assert main.edges_since(start_ns) == [(0, 0)]
    assert timer.read(BDTR) == OSSI | BKE | polarity
    assert timer.read(SR) & BIF


@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
def test_break_needs_bke(machine, base):
    timer, bkin = Timer(machine, base), Pin(machine, BREAK_PINS[base], 1)
    timer.write(BDTR, MOE)
    bkin.set(0)
    assert [timer.read(BDTR), timer.read(SR) & BIF] == [MOE, 0]


def test_enabling_an_active_break_breaks(machine):
    timer = Timer(machine, TIM1)
    Pin(machine, "PB12", 0)
    timer.write(BDTR, MOE | BKE)
    assert [timer.read(BDTR), timer.read(SR) & BIF] == [BKE, BIF]


def test_break_is_a_level(machine):
    """12.4.5, BIF, and 12.3.12: while BKIN is active neither BIF nor MOE can be changed."""
    timer, bkin = Timer(machine, TIM1), Pin(machine, "PB12", 1)
    timer.write(BDTR, MOE | BKE)
    bkin.set(0)
    timer.write(SR, 0)
    timer.write(BDTR, MOE | BKE)
    assert [timer.read(BDTR) & MOE, timer.read(SR) & BIF] == [0, BIF]
    bkin.set(1)
    timer.write(SR, 0)
    assert not timer.read(SR) & BIF
    timer.write(BDTR, MOE | BKE)
    assert timer.read(BDTR) & MOE


@pytest.mark.parametrize("active, moe", [(True, 0), (False, MOE)])
def test_automatic_output_enable(machine, active, moe):
    """12.3.12, AOE: MOE comes back with the next update, if the break is over."""
    timer, bkin = Timer(machine, TIM16), Pin(machine, "PB5", 1)
    timer.setup(arr=99, bdtr=MOE | BKE | AOE, cr1=CEN)
    timer.ticks(20)
    bkin.set(0)
    if not active:
        bkin.set(1)
    timer.ticks(79)
    assert not timer.read(BDTR) & MOE
    timer.ticks(1)
    assert timer.read(BDTR) & MOE == moe


def test_ug_is_an_update_for_aoe(machine):
    timer = Timer(machine, TIM1)
    timer.setup(bdtr=AOE, cr1=UDIS, egr=UG)
    assert timer.read(BDTR) == AOE
    timer.setup(cr1=0, egr=UG)
    assert timer.read(BDTR) == AOE | MOE


@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
def test_software_break(machine, base):
    """12.4.6, BG, without BKE"""
    timer = Timer(machine, base)
    timer.setup(bdtr=MOE, dier=BIF, egr=BG)
    assert [timer.read(BDTR), timer.read(SR) & BIF] == [0, BIF]
    assert machine.irq(IRQ[base])


def test_break_works_without_the_timer_clock(machine):
    """12.3.12: MOE is cleared asynchronously."""
    timer, main = Timer(machine, TIM1), Output(machine, "PA8")
    bkin = Pin(machine, "PB12", 1)
    timer.setup(bdtr=MOE | BKE, ccmr1=FORCE_HIGH, ccer=CC1E)
    stm32f100.clock_off(machine, "tim1")
    assert main.level() == HIGH
    bkin.set(0)
    assert main.level() is OFF
    stm32f100.clock_on(machine, "tim1")
    assert timer.read(SR) & BIF


def test_idle_levels_come_after_the_dead_time(machine):
    """12.3.12: both outputs inactive, then, after the dead time, OISx and OISxN."""
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(bdtr=MOE | OSSI | 10, cr2=OIS1N, ccmr1=FORCE_HIGH, ccer=CC1E | CC1NE)
    timer.ticks(100)
    assert [output.level() for output in outputs] == [1, 0]
    start_ns = machine.now_ns
    timer.write(EGR, BG)
    timer.ticks(100)
    assert [output.edges_since(start_ns) for output in outputs] == [[(0, 0)], [(10, 1)]]


@pytest.mark.parametrize("mapr, name", [(1 << 6, "PA6"), (0, "PB12")])
def test_remapped_break_input(machine, mapr, name):
    """7.4.2, TIM1_REMAP"""
    stm32f100.clock_on(machine, "afio")
    machine.write(0x40010004, mapr)
    timer, bkin = Timer(machine, TIM1), Pin(machine, name, 1)
    timer.write(BDTR, MOE | BKE)
    assert timer.read(BDTR) & MOE
    bkin.set(0)
    assert not timer.read(BDTR) & MOE


# ------------------------------------------------------------------ COM events

@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
def test_preloaded_controls(machine, base):
    """12.3.14, CCPC: OC1M, CC1E and CC1NE wait for COM; polarities and CCR1 do not."""
    timer, outputs = Timer(machine, base), pair(machine, base)
    timer.setup(bdtr=MOE, ccmr1=FORCE_HIGH, ccer=CC1E, cr2=CCPC)
    timer.setup(ccmr1=FORCE_LOW, ccer=CC1NE | CC1P)
    assert [output.level() for output in outputs] == [LOW, OFF]  # only CC1P has its effect
    timer.write(EGR, COMG)
    assert timer.take_flags() & COMIF
    assert [output.level() for output in outputs] == [OFF, LOW]
    assert [timer.read(CCMR1), timer.read(CCER)] == [FORCE_LOW, CC1NE | CC1P]


@pytest.mark.parametrize("base, irq", [(TIM1, 26), (TIM15, 24), (TIM16, 25), (TIM17, 26)],
                         ids=name_of)
def test_com_interrupt(machine, base, irq):
    timer = Timer(machine, base)
    timer.setup(cr2=CCPC, dier=COMIF, egr=COMG)
    assert machine.irq(irq)
    timer.write(SR, 0)
    assert not machine.irq(irq)


def test_no_com_event_without_ccpc(machine):
    timer = Timer(machine, TIM1)
    timer.write(EGR, COMG)
    assert not timer.read(SR) & COMIF
    timer.write(CR2, CCPC)
    timer.write(EGR, COMG)
    assert timer.read(SR) & COMIF


def test_clearing_ccpc_takes_over_the_controls(machine):
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    timer.setup(bdtr=MOE, cr2=CCPC, ccmr1=FORCE_HIGH, ccer=CC1E)
    assert outputs[0].level() is OFF
    timer.write(CR2, 0)
    assert outputs[0].level() == HIGH


def test_channel_without_complement_is_not_preloaded(machine):
    """12.4.2, CCPC: "acts only on channels that have a complementary output"."""
    timer, output = Timer(machine, TIM1), Output(machine, "PA11")
    timer.setup(bdtr=MOE, cr2=CCPC, ccmr2=FORCE_HIGH << 8, ccer=CC1E << 12)
    assert output.level() == HIGH


def test_com_by_a_trigger(machine):
    """12.4.2, CCUS: a rising edge of TRGI commutates, here TIM2's UG on ITR1."""
    timer, outputs = Timer(machine, TIM1), pair(machine, TIM1)
    master = Timer(machine, TIM2)
    timer.setup(smcr=1 << 4, bdtr=MOE, cr2=CCPC, ccmr1=FORCE_HIGH, ccer=CC1E)
    master.write(EGR, UG)
    assert outputs[0].level() is OFF
    timer.write(CR2, CCPC | CCUS)
    master.write(EGR, UG)
    assert outputs[0].level() == HIGH
    assert timer.read(SR) & COMIF


def test_six_steps(machine):
    """12.3.14: six steps of a motor, each prepared before its COM event"""
    timer = Timer(machine, TIM1)
    outputs = [output for n in range(3) for output in pair(machine, TIM1, n)]
    timer.setup(bdtr=MOE | OSSR, cr2=CCPC, ccmr1=FORCE_HIGH | FORCE_HIGH << 8, ccmr2=FORCE_HIGH)
    for plus, minus in ((0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)):
        timer.write(CCER, CC1E << 4 * plus | CC1NE << 4 * minus)
        timer.write(EGR, COMG)
        levels = [output.level() for output in outputs]
        for n in range(3):
            expected = [n == plus, n == minus] if n in (plus, minus) else [OFF, OFF]
            assert levels[2 * n:2 * n + 2] == expected


# ------------------------------------------------------------------ LOCK

@pytest.mark.parametrize("base", WITH_BREAK, ids=name_of)
@pytest.mark.parametrize("lock, kept", [
    (0, []), (1, [CR2]), (2, [CR2, CCER]), (3, [CR2, CCER, CCMR1])])
def test_lock_levels(machine, base, lock, kept):
    """12.4.18, LOCK: OISx; polarities; modes of outputs"""
    timer = Timer(machine, base)
    values = {CR2: OIS1 | OIS1N, CCER: CC1P | CC1NP, CCMR1: PWM1 | 8}
    timer.write(BDTR, lock << 8)
    for register, value in values.items():
        timer.write(register, value)
    assert [r for r in values if timer.read(r) == 0] == kept


def test_lock_leaves_inputs(machine):
    """12.4.18: only "as long as the related channel is configured in output"."""
    timer = Timer(machine, TIM1)
    timer.setup(ccmr1=OWN_TI, bdtr=3 << 8)
    timer.setup(ccmr1=OWN_TI | 0xf0, ccer=CC1P)
    assert [timer.read(CCMR1), timer.read(CCER)] == [OWN_TI | 0xf0, CC1P]


# ------------------------------------------------------------------ TIM15 to TIM17

@pytest.mark.parametrize("base", [TIM15, TIM16, TIM17], ids=name_of)
def test_repetition_counter(machine, base):
    """15.4.3"""
    timer = Timer(machine, base)
    timer.setup(arr=9, rcr=3, egr=UG, sr=0, cr1=CEN)
    for _ in range(2):
        timer.expect_flag_in(40 * TICK, UIF)


@pytest.mark.parametrize("base, n", [(TIM15, 0), (TIM15, 1), (TIM16, 0), (TIM17, 0)], ids=name_of)
def test_pwm(machine, base, n):
    """15.4.9"""
    timer, output = Timer(machine, base), Output(machine, CHANNEL_PINS[base][n])
    timer.setup(arr=15, bdtr=MOE, ccer=CC1E << 4 * n, ccmr1=PWM2 << 8 * n, egr=UG)
    timer.write(CCR1 + 4 * n, 5)
    start_ns = machine.now_ns
    timer.write(CR1, CEN)
    timer.ticks(36)
    assert output.edges_since(start_ns)[-4:] == [(5, 1), (16, 0), (21, 1), (32, 0)]
