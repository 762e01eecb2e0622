"""Timers: slave modes, external clocks, encoders, trigger outputs and their matrix
(RM0041 12.3.16 to 12.3.20, 13.3.12 to 13.3.15; SMCR in 13.4.3, MMS in 13.4.2).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from timers import (ACTIVE, ARPE, ARR, BASES, CC1E, CC1IF, CC1P, CCMR1, CCMR2, CCR1, CEN, CENTRE,
                    CHANNEL_PINS, CNT, CR1, DIR, ECE, EGR, ETF, ETP, ETPS, FORCE_HIGH, ICF, MMS,
                    MOE, OCCE, OCFE, OPM, OWN_TI, PWM1, PWM2, SMCR, SMS, SR, TI1S, TICK, TIF, TIM1,
                    TIM15, TIM16, TIM17, TIM2, TIM3, TIM4, TIM6, TIM7, TRC, TS, UDIS, UG, UIF, URS,
                    Pin, Timer, name_of)

DISABLED, ENCODER1, ENCODER2, ENCODER3, RESET, GATED, TRIGGER, CLOCK = range(8)
TI1F_ED, TI1FP1, TI2FP2, ETRF = range(4, 8)
MMS_RESET, ENABLE, UPDATE, COMPARE, REF1 = range(5)
SLAVES = [TIM1, TIM2, TIM3, TIM4, TIM15]
ETR_PINS = {TIM1: "PA12", TIM2: "PA0", TIM3: "PD2"}  # TIM4: PE0, which the package lacks

# Tables "TIMx internal trigger connection": the masters of ITR0 to ITR3.
MASTERS = {
    TIM1: (TIM15, TIM2, TIM3, TIM4), TIM2: (TIM1, TIM15, TIM3, TIM4),
    TIM3: (TIM1, TIM2, TIM15, TIM4), TIM4: (TIM1, TIM2, TIM3, TIM15),
    TIM15: (TIM2, TIM3, TIM16, TIM17)}
PAIRS = [(slave, itr, master) for slave, masters in MASTERS.items()
         for itr, master in enumerate(masters)]


def slave_of(sms, ts):
    return sms << SMS | ts << TS


@pytest.fixture
def tim2(machine):
    return Timer(machine, TIM2)


@pytest.fixture
def tim3(machine):
    return Timer(machine, TIM3)


@pytest.fixture
def ti1(machine):
    return Pin(machine, "PA6")  # of TIM3


@pytest.fixture
def ti2(machine):
    return Pin(machine, "PA7")


# ------------------------------------------------------------------ modes

def test_disabled_controller_sees_no_trigger(tim3, ti1):
    """13.4.5, TIF: only "when the slave mode controller is enabled"."""
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(DISABLED, TI1FP1), cr1=CEN)
    tim3.ticks(5)
    ti1.set(1)
    assert [tim3.read(SR) & TIF, tim3.read(CNT)] == [0, 5]


@pytest.mark.parametrize("base", SLAVES, ids=name_of)
def test_reset_mode(machine, base):
    """13.3.14: a rising edge of TI1 starts the count again and updates."""
    timer, pin = Timer(machine, base), Pin(machine, CHANNEL_PINS[base][0])
    timer.setup(psc=1, ccmr1=OWN_TI, smcr=slave_of(RESET, TI1FP1), egr=UG, sr=0, cr1=CEN | ARPE)
    timer.ticks(31)
    timer.write(ARR, 9)
    assert timer.read(CNT) == 15
    pin.set(1)
    assert timer.read(CNT) == 0
    assert timer.take_flags() & (TIF | UIF) == TIF | UIF
    timer.ticks(1)
    assert timer.read(CNT) == 0  # the prescaler has been cleared, too
    timer.ticks(1)
    assert timer.read(CNT) == 1
    pin.set(0)
    assert timer.read(CNT) == 1
    timer.expect_flag_in(18 * TICK, UIF)  # ARR has been taken over


@pytest.mark.parametrize("cr1, flag", [(0, UIF), (URS, 0), (UDIS, 0)])
def test_reset_mode_as_update_source(tim3, ti1, cr1, flag):
    """13.4.1: URS and UDIS hold for "update generation through the slave mode controller"."""
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(RESET, TI1FP1), cr1=CEN | cr1)
    tim3.ticks(50)
    ti1.set(1)
    assert [tim3.read(CNT), tim3.read(SR) & UIF] == [0, flag]


def test_reset_of_a_down_counter(tim3, ti1):
    tim3.setup(arr=99, ccmr1=OWN_TI, smcr=slave_of(RESET, TI1FP1), cr1=CEN | DIR)
    tim3.ticks(7)
    ti1.set(1)
    assert tim3.read(CNT) == 99


def test_capture_comes_before_the_reset(tim3, ti1):
    """13.3.6, PWM input: period in CCR1, width in CCR2"""
    tim3.setup(ccmr1=OWN_TI | 2 << 8, ccer=CC1E | (CC1E | CC1P) << 4,
               smcr=slave_of(RESET, TI1FP1), cr1=CEN)
    for _ in range(2):
        ti1.set(1)
        tim3.ticks(30)
        ti1.set(0)
        tim3.ticks(70)
    ti1.set(1)
    assert [tim3.read(CCR1), tim3.read(CCR1 + 4), tim3.read(CNT)] == [100, 30, 0]


@pytest.mark.parametrize("base", SLAVES, ids=name_of)
@pytest.mark.parametrize("polarity", [0, CC1P])
def test_gated_mode(machine, base, polarity):
    """13.3.14: it counts while TI1 is high (low with CC1P); TIF at both ends."""
    timer, pin = Timer(machine, base), Pin(machine, CHANNEL_PINS[base][0], bool(polarity))
    timer.setup(psc=3, egr=UG, sr=0, ccmr1=OWN_TI, ccer=polarity, smcr=slave_of(GATED, TI1FP1),
                cr1=CEN)
    timer.ticks(100)
    assert [timer.read(CNT), timer.take_flags() & TIF] == [0, 0]
    pin.set(not polarity)
    timer.ticks(22)
    assert [timer.read(CNT), timer.take_flags() & TIF] == [5, TIF]
    pin.set(bool(polarity))
    timer.ticks(100)
    assert [timer.read(CNT), timer.take_flags() & TIF] == [5, TIF]
    pin.set(not polarity)
    timer.ticks(1)
    assert timer.read(CNT) == 5
    timer.ticks(1)  # the prescaler has kept two of its four clocks
    assert timer.read(CNT) == 6


def test_gate_without_cen(tim3, ti1):
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(GATED, TI1FP1))
    ti1.set(1)
    tim3.ticks(10)
    assert tim3.read(CNT) == 0
    tim3.write(CR1, CEN)
    tim3.ticks(10)
    assert tim3.read(CNT) == 10


def test_gate_that_is_open_already(tim3, ti1):
    ti1.set(1)
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(GATED, TI1FP1), cr1=CEN)
    tim3.ticks(10)
    assert tim3.read(CNT) == 10


@pytest.mark.parametrize("base", SLAVES, ids=name_of)
def test_trigger_mode(machine, base):
    """13.3.14: a rising edge of TI2 starts the counter and sets CEN."""
    timer, pin = Timer(machine, base), Pin(machine, CHANNEL_PINS[base][1])
    timer.setup(ccmr1=OWN_TI << 8, smcr=slave_of(TRIGGER, TI2FP2))
    timer.ticks(10)
    assert [timer.read(CNT), timer.read(CR1) & CEN] == [0, 0]
    pin.set(1)
    timer.ticks(10)
    pin.set(0)
    timer.ticks(10)
    assert [timer.read(CNT), timer.read(CR1) & CEN, timer.read(SR) & TIF] == [20, CEN, TIF]


@pytest.mark.parametrize("ocfe, rising", [(0, 4), (OCFE, 0)])
def test_one_pulse_after_a_trigger(machine, tim3, ti2, ocfe, rising):
    """13.3.11: delay CCR1, length ARR - CCR1 + 1; with OC1FE there is no delay."""
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    tim3.setup(arr=9, ccr1=4, ccmr1=PWM2 | ocfe | OWN_TI << 8, ccer=CC1E,
               smcr=slave_of(TRIGGER, TI2FP2), cr1=OPM, egr=UG)
    for _ in range(2):
        tim3.ticks(100)
        start_ns = machine.now_ns
        ti2.pulse()
        tim3.ticks(100)
        shown = stm32f100.edges(machine, "PA6")[-2:]
        assert [((ns - start_ns) // TICK, level) for ns, level in shown] == [(rising, 1), (10, 0)]
        assert not tim3.read(CR1) & CEN


def test_fast_enable_gives_way_to_the_next_match(machine, tim3, ti2):
    """13.4.7, OC1FE: "as if a compare match had occurred", here of PWM mode 1 amid a period."""
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    tim3.setup(arr=19, ccr1=15, ccr2=8, ccmr1=PWM1 | OCFE | OWN_TI << 8, ccer=CC1E,
               smcr=slave_of(TRIGGER, TI2FP2), cr1=CEN, egr=UG)
    start_ns = machine.now_ns
    tim3.ticks(4)
    ti2.pulse()
    tim3.ticks(35)
    assert [((ns - start_ns) // TICK, level)
            for ns, level in stm32f100.edges(machine, "PA6")][-4:] == [
        (0, 1), (4, 0), (20, 1), (35, 0)]


def test_fast_enable_ends_with_the_period(machine, tim3, ti2):
    """Without a match: CCR1 is above ARR."""
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    tim3.setup(arr=19, ccr1=20, ccmr1=PWM1 | OCFE | OWN_TI << 8, ccer=CC1E,
               smcr=slave_of(TRIGGER, TI2FP2), cr1=CEN, egr=UG)
    start_ns = machine.now_ns
    tim3.ticks(4)
    ti2.pulse()
    tim3.ticks(36)
    assert [((ns - start_ns) // TICK, level)
            for ns, level in stm32f100.edges(machine, "PA6")][-3:] == [(0, 1), (4, 0), (20, 1)]


# ------------------------------------------------------------------ triggers

def test_ti1_edge_detector(tim3, ti1):
    """13.4.3, TS = 4: both edges of TI1"""
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(RESET, TI1F_ED), cr1=CEN)
    for level in (1, 0, 1):
        tim3.ticks(10)
        assert tim3.read(CNT) == 10
        ti1.set(level)
        assert [tim3.read(CNT), tim3.take_flags() & TIF] == [0, TIF]


@pytest.mark.parametrize("ts, pin, other", [(TI1FP1, "PA6", "PA7"), (TI2FP2, "PA7", "PA6")])
@pytest.mark.parametrize("polarity, edges", [(0, [TIF, 0]), (CC1P | CC1P << 4, [0, TIF])])
def test_polarity_of_a_trigger(machine, tim3, ts, pin, other, polarity, edges):
    pin, other = Pin(machine, pin), Pin(machine, other)
    tim3.setup(ccmr1=OWN_TI | OWN_TI << 8, ccer=polarity, smcr=slave_of(TRIGGER, ts))
    other.pulse()
    assert not tim3.read(SR) & TIF
    seen = []
    for level in (1, 0):
        pin.set(level)
        seen.append(tim3.take_flags() & TIF)
    assert seen == edges


def test_filtered_trigger(tim3, ti1):
    """13.4.7, IC1F is in the way to TRGI, too."""
    tim3.setup(ccmr1=OWN_TI | 2 << ICF, smcr=slave_of(TRIGGER, TI1FP1))
    ti1.set(1)
    tim3.ticks(3)
    assert not tim3.read(CR1) & CEN
    tim3.ticks(1)
    assert tim3.read(CR1) & CEN


@pytest.mark.parametrize("base, irq", [(TIM1, 26), (TIM2, 28), (TIM3, 29), (TIM4, 30), (TIM15, 24)],
                         ids=name_of)
def test_trigger_interrupt(machine, base, irq):
    """13.4.4, TIE"""
    timer, pin = Timer(machine, base), Pin(machine, CHANNEL_PINS[base][0])
    timer.setup(ccmr1=OWN_TI, smcr=slave_of(TRIGGER, TI1FP1), dier=TIF)
    assert not machine.irq(irq)
    pin.set(1)
    assert machine.irq(irq)
    timer.write(SR, 0)
    assert not machine.irq(irq)


def test_reserved_modes_of_tim15(machine):
    """15.5.3: TIM15 has no encoder."""
    timer = Timer(machine, TIM15)
    timer.write(SMCR, 0xffff)
    assert timer.read(SMCR) == 0xf7
    timer.write(SMCR, ENCODER3)
    assert timer.read(SMCR) == DISABLED


def test_changing_the_selection_is_no_edge(tim3, ti1):
    ti1.set(1)
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(TRIGGER, TI1FP1))
    assert [tim3.read(CR1) & CEN, tim3.read(SR) & TIF] == [0, 0]
    ti1.set(0)
    ti1.set(1)
    assert [tim3.read(CR1) & CEN, tim3.read(SR) & TIF] == [CEN, TIF]


def test_what_the_manual_forbids_is_logged(tmp_path):
    """13.4.3: TS changed while it is used; gating by TI1F_ED. Reserved modes; reserved offsets."""
    log = tmp_path / "log"
    with stm32f100.qtest_machine(tmp_path, "-d", "guest_errors", "-D", str(log)) as machine:
        timer = Timer(machine, TIM3)
        timer.setup(smcr=slave_of(TRIGGER, TI1FP1))
        timer.setup(smcr=slave_of(TRIGGER, TI2FP2))
        timer.setup(smcr=slave_of(DISABLED, TI1F_ED))
        timer.setup(smcr=slave_of(GATED, TI1F_ED))
        Timer(machine, TIM15).write(SMCR, ENCODER1)
        Timer(machine, TIM6).read(SMCR)
        assert log.read_text().splitlines() == [
            "stm32f100-tim3: TS is written while it is in use",
            "stm32f100-tim3: pulses of TI1F_ED cannot gate",
            "stm32f100-tim15: SMS=1 is reserved",
            "stm32f100-tim6: read of reserved offset 0x8"]


# ------------------------------------------------------------------ external clocks

@pytest.mark.parametrize("base", SLAVES, ids=name_of)
def test_external_clock_mode_1(machine, base):
    """13.3.4: rising edges of TI2 count, each with TIF; time does not."""
    timer, pin = Timer(machine, base), Pin(machine, CHANNEL_PINS[base][1])
    timer.setup(arr=4, ccr1=3, ccmr1=OWN_TI << 8, smcr=slave_of(CLOCK, TI2FP2), cr1=CEN)
    timer.write(SR, 0)
    counts = []
    for _ in range(6):
        timer.ticks(1000)
        pin.pulse()
        counts.append((timer.read(CNT), timer.take_flags() & (TIF | UIF | CC1IF)))
    assert counts == [(1, TIF), (2, TIF), (3, TIF | CC1IF), (4, TIF), (0, TIF | UIF), (1, TIF)]


def test_external_clock_is_prescaled(tim3, ti2):
    tim3.setup(psc=2, egr=UG, ccmr1=OWN_TI << 8, smcr=slave_of(CLOCK, TI2FP2), cr1=CEN)
    for n in range(1, 10):
        ti2.pulse()
        assert tim3.read(CNT) == n // 3


def test_external_clock_needs_cen(tim3, ti2):
    tim3.setup(ccmr1=OWN_TI << 8, smcr=slave_of(CLOCK, TI2FP2))
    ti2.pulse()
    assert tim3.read(CNT) == 0
    tim3.write(CR1, CEN)
    ti2.pulse()
    assert tim3.read(CNT) == 1


@pytest.mark.parametrize("cr1, counts", [
    (DIR, [0, 3, 2, 1, 0, 3]), (CENTRE[3], [1, 2, 3, 2, 1, 0, 1])])
def test_external_clock_in_other_directions(tim3, ti2, cr1, counts):
    tim3.setup(arr=3, cnt=1 if cr1 == DIR else 0, ccmr1=OWN_TI << 8,
               smcr=slave_of(CLOCK, TI2FP2), cr1=cr1 | CEN)
    seen = []
    for _ in counts:
        ti2.pulse()
        seen.append(tim3.read(CNT))
    assert seen == counts


def test_external_clock_stops_in_one_pulse_mode(tim3, ti2):
    tim3.setup(arr=2, ccmr1=OWN_TI << 8, smcr=slave_of(CLOCK, TI2FP2), cr1=CEN | OPM)
    ti2.pulse()
    assert [tim3.read(CNT), tim3.read(CR1) & CEN] == [1, CEN]
    for _ in range(4):
        ti2.pulse()
    assert [tim3.read(CNT), tim3.read(CR1) & CEN] == [0, 0]


def test_pwm_by_an_external_clock(machine, tim3, ti2):
    stm32f100.pin_mode(machine, "PB0", stm32f100.AF_OUTPUT)
    tim3.setup(arr=3, ccr3=2, ccmr2=PWM1, egr=UG, ccmr1=OWN_TI << 8, ccer=CC1E << 8,
               smcr=slave_of(CLOCK, TI2FP2), cr1=CEN)
    start_ns = machine.now_ns
    for _ in range(8):
        tim3.ticks(10)
        ti2.pulse()
    assert [((ns - start_ns) // TICK, level) for ns, level in stm32f100.edges(machine, "PB0")] == [
        (0, 0), (0, 1), (20, 0), (40, 1), (60, 0), (80, 1)]


@pytest.mark.parametrize("base, name", ETR_PINS.items(), ids=name_of)
@pytest.mark.parametrize("polarity, level", [(0, 1), (ETP, 0)])
def test_external_clock_mode_2(machine, base, name, polarity, level):
    """13.3.4: edges of ETR, with ETP falling ones; no TIF"""
    timer, pin = Timer(machine, base), Pin(machine, name, 1 - level)
    timer.setup(smcr=ECE | polarity, cr1=CEN)
    for n in range(1, 5):
        pin.set(level)
        assert timer.read(CNT) == n
        pin.set(1 - level)
        assert timer.read(CNT) == n
    timer.ticks(100)
    assert [timer.read(CNT), timer.read(SR) & TIF] == [4, 0]


@pytest.mark.parametrize("etps", [0, 1, 2, 3])
def test_prescaler_of_etr(machine, tim2, etps):
    """13.4.3, ETPS: off, 2, 4, 8"""
    pin = Pin(machine, "PA0")
    tim2.setup(smcr=ECE | etps << ETPS, cr1=CEN)
    for _ in range(48):
        pin.pulse()
    assert tim2.read(CNT) == 48 >> etps


@pytest.mark.parametrize("value, ticks", [(1, 2), (3, 8), (4, 12), (9, 64), (15, 256)])
def test_filter_of_etr(machine, tim2, value, ticks):
    """13.4.3, ETF"""
    pin = Pin(machine, "PA0")
    tim2.setup(smcr=ECE | value << ETF, cr1=CEN)
    pin.set(1)
    machine.step(ticks * TICK - 1)
    assert tim2.read(CNT) == 0
    machine.step(1)
    assert tim2.read(CNT) == 1


def test_clock_mode_2_with_a_slave_mode(machine, tim3, ti1):
    """13.3.14: ETR clocks, TI1 starts the counter."""
    etr = Pin(machine, "PD2")
    tim3.setup(ccmr1=OWN_TI, smcr=ECE | slave_of(TRIGGER, TI1FP1))
    for _ in range(3):
        etr.pulse()
    assert tim3.read(CNT) == 0
    ti1.set(1)
    for _ in range(3):
        etr.pulse()
    tim3.ticks(100)
    assert tim3.read(CNT) == 3


def test_clock_mode_2_goes_before_mode_1(machine, tim3, ti1):
    """13.4.3, ECE: "the external clock input is ETRF" if both are enabled."""
    etr = Pin(machine, "PD2")
    tim3.setup(ccmr1=OWN_TI, smcr=ECE | slave_of(CLOCK, TI1FP1), cr1=CEN)
    ti1.pulse()
    assert tim3.read(CNT) == 0
    etr.pulse()
    assert tim3.read(CNT) == 1


def test_etr_as_trigger(machine, tim3):
    etr = Pin(machine, "PD2")
    tim3.setup(smcr=slave_of(GATED, ETRF), cr1=CEN)
    tim3.ticks(9)
    etr.set(1)
    tim3.ticks(9)
    etr.set(0)
    tim3.ticks(9)
    assert tim3.read(CNT) == 9


def test_back_to_the_internal_clock(tim3, ti2):
    tim3.setup(ccmr1=OWN_TI << 8, smcr=slave_of(CLOCK, TI2FP2), cr1=CEN)
    for _ in range(3):
        ti2.pulse()
    tim3.ticks(100)
    tim3.write(SMCR, 0)
    tim3.ticks(10)
    assert tim3.read(CNT) == 13


# ------------------------------------------------------------------ OCxREF and ETRF

@pytest.mark.parametrize("mode, cleared", [(PWM1, True), (ACTIVE, True), (FORCE_HIGH, False)])
def test_etrf_clears_the_output(machine, tim3, mode, cleared):
    """13.3.10, OC1CE: low from the high level of ETRF to the next update; not in forced modes"""
    etr = Pin(machine, "PD2")
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    tim3.setup(arr=99, ccr1=99, ccmr1=FORCE_HIGH | OCCE, egr=UG, ccer=CC1E, cr1=CEN)
    tim3.write(CCMR1, mode | OCCE)
    start_ns = machine.now_ns
    tim3.ticks(10)
    etr.set(1)
    tim3.ticks(10)
    etr.set(0)
    tim3.ticks(85)
    shown = [((ns - start_ns) // TICK, level) for ns, level in stm32f100.edges(machine, "PA6")]
    assert shown[:2] == [(0, 0), (0, 1)]
    if cleared:
        assert shown[2:] == [(10, 0), (100, 1)]
    else:
        assert shown[2:] == []


def test_etrf_that_stays_high_keeps_the_output_low(machine, tim3):
    etr = Pin(machine, "PD2")
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    etr.set(1)
    tim3.setup(arr=9, ccr1=5, ccmr1=PWM1 | OCCE, egr=UG, ccer=CC1E, cr1=CEN)
    tim3.ticks(35)
    assert [level for _, level in stm32f100.edges(machine, "PA6")] == [0]


def test_without_occe_etrf_clears_nothing(machine, tim3):
    etr = Pin(machine, "PD2")
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    tim3.setup(ccmr1=FORCE_HIGH, ccer=CC1E)
    etr.pulse()
    assert [level for _, level in stm32f100.edges(machine, "PA6")] == [0, 1]


# ------------------------------------------------------------------ encoder

QUADRATURE = [(1, 0), (1, 1), (0, 1), (0, 0)]  # TI1 leads


def turn_encoder(pins, levels):
    """Goes to each of @levels; the counts after it are those of the generator's reader."""
    for level in levels:
        for pin, value in zip(pins, level):
            pin.set(value)
        yield


@pytest.mark.parametrize("base", [TIM1, TIM2, TIM3, TIM4], ids=name_of)
@pytest.mark.parametrize("mode, steps", [
    (ENCODER1, [0, 1, 1, 2]), (ENCODER2, [1, 1, 2, 2]), (ENCODER3, [1, 2, 3, 4])])
@pytest.mark.parametrize("backwards", [False, True])
def test_encoder(machine, base, mode, steps, backwards):
    """13.3.12, table 84: mode 1 counts edges of TI2, mode 2 of TI1, mode 3 both; DIR follows."""
    timer = Timer(machine, base)
    pins = [Pin(machine, name) for name in CHANNEL_PINS[base][:2]]
    timer.setup(arr=999, ccmr1=OWN_TI | OWN_TI << 8, smcr=mode, cr1=CEN, cnt=500)
    levels = [*QUADRATURE[2::-1], (0, 0)] if backwards else QUADRATURE
    seen = [timer.read(CNT) - 500 for _ in turn_encoder(pins, levels)]
    if backwards:
        first = {ENCODER1: [1, 1, 2, 2], ENCODER2: [0, 1, 1, 2], ENCODER3: [1, 2, 3, 4]}[mode]
        assert seen == [-n for n in first]
    else:
        assert seen == steps
    assert bool(timer.read(CR1) & DIR) == backwards


def test_encoder_with_an_inverted_input(machine, tim3, ti1, ti2):
    """13.3.12, figure with TI1FP1 inverted: it counts down."""
    tim3.setup(arr=999, ccmr1=OWN_TI | OWN_TI << 8, ccer=CC1P, smcr=ENCODER3, cr1=CEN, cnt=500)
    for _ in turn_encoder((ti1, ti2), QUADRATURE):
        pass
    assert tim3.read(CNT) == 496


def test_encoder_counts_between_0_and_arr(machine, tim3, ti1, ti2):
    """13.3.12, with an update at each turn"""
    tim3.setup(arr=3, ccmr1=OWN_TI | OWN_TI << 8, smcr=ENCODER3, cr1=CEN, sr=0)
    seen = [(tim3.read(CNT), tim3.take_flags() & UIF)
            for _ in turn_encoder((ti1, ti2), QUADRATURE + [(0, 1), (1, 1)])]
    assert seen == [(1, 0), (2, 0), (3, 0), (0, UIF), (3, UIF), (2, 0)]


def test_encoder_takes_jitter(machine, tim3, ti1, ti2):
    tim3.setup(arr=99, ccmr1=OWN_TI | OWN_TI << 8, smcr=ENCODER3, cr1=CEN, cnt=50)
    for _ in range(5):
        ti1.pulse()
    assert tim3.read(CNT) == 50


def test_encoder_prescaled_and_compared(machine, tim3, ti1, ti2):
    """13.3.12: "capture, compare, prescaler ... continue to work as normal"."""
    tim3.setup(psc=1, arr=999, egr=UG, ccr3=2, ccmr1=OWN_TI | OWN_TI << 8, smcr=ENCODER3, sr=0,
               cr1=CEN)
    for n, _ in enumerate(turn_encoder((ti1, ti2), QUADRATURE), 1):
        assert tim3.read(CNT) == n // 2
    assert tim3.read(SR) & CC1IF << 2


def test_direction_of_an_encoder_is_read_only(tim3):
    """13.4.1, DIR"""
    tim3.setup(smcr=ENCODER3, cr1=DIR | CEN)
    assert tim3.read(CR1) & (DIR | CEN) == CEN


def test_encoder_does_not_count_time(tim3):
    tim3.setup(smcr=ENCODER3, cr1=CEN)
    tim3.ticks(1000)
    assert [tim3.read(CNT), tim3.read(CR1) & CEN] == [0, CEN]
    tim3.write(SMCR, 0)
    tim3.ticks(10)
    assert tim3.read(CNT) == 10


# ------------------------------------------------------------------ from timer to timer

def pulse_trgo(machine, master):
    """One rising edge of the master's trigger output."""
    if master.base in (TIM16, TIM17):
        for mode in (FORCE_HIGH, FORCE_HIGH - (1 << 4)):
            master.setup(bdtr=MOE, ccer=CC1E, ccmr1=mode)
    else:
        master.write(EGR, UG)


@pytest.mark.parametrize("slave, itr, master", PAIRS, ids=name_of)
def test_internal_trigger_connection(machine, slave, itr, master):
    """The tables in 12.4.3, 13.4.3 and 15.5.3: this master and no other"""
    timer = Timer(machine, slave)
    timer.setup(smcr=slave_of(CLOCK, itr), cr1=CEN)
    others = [base for base in BASES if base != slave]
    for base in others:
        before = timer.read(CNT)
        pulse_trgo(machine, Timer(machine, base))
        assert timer.read(CNT) - before == (base == master)


@pytest.mark.parametrize("slave, itr, master", PAIRS, ids=name_of)
def test_a_timer_as_prescaler_of_another(machine, slave, itr, master):
    """13.3.15: the update of one clocks the other, at its time."""
    clock, timer = Timer(machine, master), Timer(machine, slave)
    timer.setup(arr=4, smcr=slave_of(CLOCK, itr), dier=UIF, sr=0, cr1=CEN)
    if master in (TIM16, TIM17):
        clock.setup(arr=9, ccr1=5, ccmr1=PWM2, ccer=CC1E, bdtr=MOE, egr=UG, cr1=CEN)
        first = 5
    else:
        clock.setup(arr=9, cr2=UPDATE << MMS, cr1=CEN)
        first = 10
    irq = {TIM1: 25, TIM2: 28, TIM3: 29, TIM4: 30, TIM15: 24}[slave]
    machine.step((first + 40) * TICK - 1)
    assert timer.read(CNT) == 4
    assert not machine.irq(irq)
    machine.step(1)
    assert machine.irq(irq)
    assert timer.read(CNT) == 0


def test_no_time_is_lost_by_a_chain(machine, tim2, tim3):
    """A second of 24 MHz: 1 MHz, then 1000 by TIM2, then 1000 by TIM3"""
    stm32f100.run_from_hse(machine)
    tim2.setup(psc=23, arr=999, egr=UG, cr2=UPDATE << MMS)
    tim3.setup(arr=999, smcr=slave_of(CLOCK, 1), dier=UIF, sr=0, cr1=CEN)
    tim2.write(CR1, CEN)
    machine.step(1_000_000_000)
    assert not machine.irq(29)
    machine.step(1)  # the clock period is rounded up to a multiple of 2^-32 ns
    assert machine.irq(29)


def test_trgo_enable(machine, tim2, tim3):
    """13.4.2, MMS = 1: TIM3 is gated by TIM2's CEN, in one-pulse mode, too."""
    tim3.setup(smcr=slave_of(GATED, 1), cr1=CEN)
    tim2.setup(arr=9, cr2=ENABLE << MMS, cr1=OPM)
    tim3.ticks(5)
    tim2.write(CR1, CEN | OPM)
    tim3.ticks(100)
    assert tim3.read(CNT) == 10


def test_trgo_enable_of_a_gated_timer(machine, tim2, tim3, ti1):
    """CEN and the gate (13.4.2, MMS = 1)"""
    tim3.setup(ccmr1=OWN_TI, smcr=slave_of(GATED, TI1FP1), cr2=ENABLE << MMS, cr1=CEN)
    tim2.setup(smcr=slave_of(GATED, 2), cr1=CEN)
    tim2.ticks(5)
    ti1.set(1)
    tim2.ticks(5)
    ti1.set(0)
    tim2.ticks(5)
    assert [tim2.read(CNT), tim3.read(CNT)] == [5, 5]


@pytest.mark.parametrize("channel", [0, 1, 2, 3])
def test_trgo_is_ocref(machine, tim2, tim3, channel):
    """13.4.2, MMS = 4 to 7: while OCxREF is high TIM3 counts; the output need not be enabled."""
    tim3.setup(smcr=slave_of(GATED, 1), cr1=CEN)
    tim2.write((CCMR1, CCMR2)[channel // 2], PWM1 << 8 * (channel % 2))
    tim2.write(CCR1 + 4 * channel, 3)
    tim2.setup(arr=9, cr2=(REF1 + channel) << MMS, egr=UG, cr1=CEN)
    tim2.ticks(40)
    assert tim3.read(CNT) == 12


def test_trgo_is_ocref_of_a_centre_aligned_counter(machine, tim2, tim3):
    """Matches that CMS = 1 does not flag are edges of OC1REF all the same."""
    tim3.setup(smcr=slave_of(GATED, 1), cr1=CEN)
    tim2.setup(arr=10, ccr1=4, ccmr1=PWM1, cr2=REF1 << MMS, egr=UG, cr1=CENTRE[1] | CEN)
    tim2.ticks(40)
    assert tim3.read(CNT) == 16


def test_trgo_compare_pulse(machine, tim2, tim3):
    """13.4.2, MMS = 3: each match, "even if CC1IF was already high", and each capture"""
    tim3.setup(smcr=slave_of(CLOCK, 1), cr1=CEN)
    tim2.setup(arr=9, ccr1=5, cr2=COMPARE << MMS, cr1=CEN)
    tim2.ticks(35)
    assert tim3.read(CNT) == 4
    pin = Pin(machine, "PA0")
    tim2.setup(cr1=0, ccmr1=OWN_TI, ccer=CC1E)
    pin.set(1)
    assert tim3.read(CNT) == 5


def test_trgo_reset(machine, tim2, tim3):
    """13.4.2, MMS = 0: UG, not an overflow; and a reset by a trigger"""
    tim3.setup(smcr=slave_of(CLOCK, 1), cr1=CEN)
    tim2.setup(arr=9, cr2=MMS_RESET << MMS, cr1=CEN)
    tim2.ticks(35)
    assert tim3.read(CNT) == 0
    tim2.write(EGR, UG)
    assert tim3.read(CNT) == 1
    pin = Pin(machine, "PA1")
    tim2.setup(ccmr1=OWN_TI << 8, smcr=slave_of(RESET, TI2FP2))
    pin.set(1)
    assert tim3.read(CNT) == 2


@pytest.mark.parametrize("cr1, pulses", [(0, 1), (URS, 1), (UDIS, 0)])
def test_trgo_update_by_ug(machine, tim2, tim3, cr1, pulses):
    """13.4.2, MMS = 2: the update event, whether or not it sets UIF"""
    tim3.setup(smcr=slave_of(CLOCK, 1), cr1=CEN)
    tim2.setup(cr2=UPDATE << MMS, cr1=cr1, egr=UG)
    assert tim3.read(CNT) == pulses


def test_two_timers_start_together(machine, tim2, tim3):
    """13.3.15: TIM2 starts TIM3 by its CEN; they stay in step."""
    tim3.setup(arr=99, smcr=slave_of(TRIGGER, 1))
    tim2.setup(arr=99, smcr=1 << 7, cr2=ENABLE << MMS)
    tim2.ticks(7)
    tim2.write(CR1, CEN)
    tim2.ticks(1234)
    assert tim2.read(CNT) == tim3.read(CNT) == 34


def test_ring_of_timers(machine, tim2, tim3):
    """Each resets the other: bounded, whatever it means."""
    tim2.setup(arr=9, cr2=UPDATE << MMS, smcr=slave_of(RESET, 2), cr1=CEN)
    tim3.setup(arr=14, cr2=UPDATE << MMS, smcr=slave_of(RESET, 1), cr1=CEN)
    tim2.ticks(100)
    assert tim2.read(CR1) & tim3.read(CR1) & CEN
    assert tim2.read(CNT) <= 9
    assert tim3.read(CNT) <= 14


@pytest.mark.parametrize("base", [TIM6, TIM7], ids=name_of)
def test_basic_timers_have_no_slaves_among_the_timers(machine, base):
    timer = Timer(machine, base)
    timer.write(SMCR, 0xffff)
    assert timer.read(SMCR) == 0


# ------------------------------------------------------------------ captures of TRC

@pytest.mark.parametrize("slave", SLAVES, ids=name_of)
def test_capture_of_an_internal_trigger(machine, slave):
    """13.4.7, CC1S = 3: the count at TRC's edge"""
    master = Timer(machine, MASTERS[slave][1])
    timer = Timer(machine, slave)
    timer.setup(smcr=slave_of(DISABLED, 1), ccmr1=TRC, ccer=CC1E, cr1=CEN)
    timer.ticks(77)
    master.write(EGR, UG)
    assert [timer.read(SR) & CC1IF, timer.read(CCR1)] == [CC1IF, 77]


def test_capture_of_both_edges_of_ti1(tim3, ti1):
    """TRC = TI1F_ED"""
    tim3.setup(smcr=slave_of(DISABLED, TI1F_ED), ccmr1=OWN_TI | TRC << 8, ccer=CC1E << 4, cr1=CEN)
    for n, level in ((10, 1), (20, 0)):
        tim3.ticks(10)
        ti1.set(level)
        assert tim3.read(CCR1 + 4) == n


def test_hall_sensor(machine, tim3):
    """12.3.15: any edge of three inputs captures the time since the last one and resets."""
    pins = [Pin(machine, name) for name in CHANNEL_PINS[TIM3][:3]]
    tim3.setup(cr2=TI1S, ccmr1=TRC, ccer=CC1E, smcr=slave_of(RESET, TI1F_ED), cr1=CEN)
    for n, level, ticks in ((0, 1, 50), (1, 1, 60), (2, 1, 70), (0, 0, 80)):
        tim3.ticks(ticks)
        pins[n].set(level)
        assert [tim3.read(CCR1), tim3.read(CNT)] == [ticks, 0]
