"""Groups of ADC1 (RM0041 10.3, 10.7, 10.8): regular and injected sequences, discontinuous
mode, auto-injection, DMA, external triggers.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from adc import (ADON, AFIO_EXTICR1, ALIGN, Adc, BY_SOFTWARE, CONT, CR1, CR2, CYCLE_NS, DISCEN,
                 DISCNUM, DMA, DR, EOC, EXTI_EMR, EXTI_FTSR, EXTI_IMR, EXTI_RTSR, EXTI_SWIER,
                 EXTSEL, EXTTRIG, JAUTO, JBY_SOFTWARE, JDISCEN, JDR1, JDR2, JDR3, JDR4, JEOC,
                 JEXTSEL, JEXTTRIG, JOFR2, JSQR, JSTRT, JSWSTART, PATH, SCAN, SHORTEST_NS, SMPR2,
                 SQR3, SR, STRT, TICK_NS, VDDA_UV, code, cycles, dma_to_memory, fields, start_timer)
from test_dma import CIRC, EN, Channel


@pytest.fixture
def on(machine):
    """Switched on, channel n at (n + 1) x 200 mV."""
    return Adc.switched_on(machine)


# ------------------------------------------------------------- regular sequences (10.3.3 to 10.3.8)

def test_without_scan_only_the_first_channel(machine, on):
    on.sequence(3, 4, 5)
    on.start()
    on.expect_in(SHORTEST_NS, EOC)
    machine.step(1_000_000)
    assert on[DR] == code(3)


def test_scan_of_sixteen_with_dma(machine, on):
    """10.3.8, 10.8; each conversion asks for a transfer, EOC is of the last one."""
    order = (15, 3, 0, 7, 9, 2, 14, 1, 11, 5, 12, 4, 6, 13, 8, 10)
    results = dma_to_memory(machine, 16)
    on[CR1] = SCAN
    on.sequence(*order)
    on[CR2] = ADON | DMA
    on.start()
    machine.step(16 * SHORTEST_NS + 10_000)
    assert results() == [code(channel) for channel in order]
    assert on[SR] == STRT  # the DMA has read DR


def test_eoc_is_of_the_group(on):
    on[CR1] = SCAN
    on.sequence(1, 2, 3)
    on.start()
    on.expect_in(3 * SHORTEST_NS, EOC)
    assert on[DR] == code(3)


def test_sampling_times_of_a_sequence(on):
    on[CR1], on[SMPR2] = SCAN, 1 << 3 | 4 << 6 | 2 << 9
    on.sequence(1, 2, 3)
    on.start()
    on.expect_in(cycles(7.5, 41.5, 13.5), EOC)


def test_continuous_mode(machine, on):
    """10.3.5: the next conversion begins where the last one ends."""
    on[CR2] = ADON | CONT
    on.start()
    for _ in range(5):
        on.expect_in(SHORTEST_NS, EOC)
        assert on[DR] == code(0)
    on[CR2] = ADON
    on.expect_in(SHORTEST_NS, EOC)
    on[SR] = 0
    machine.step(1_000_000)
    assert on[SR] == 0


def test_strt_is_set_again_by_the_next_round(machine, on):
    on[CR2] = ADON | CONT
    on.start()
    on[SR] = 0
    on.expect_in(SHORTEST_NS, STRT)


def test_continuous_without_scan_repeats_the_first(machine, on):
    on.sequence(2, 9)
    on[CR2] = ADON | CONT
    on.start()
    machine.step(2 * SHORTEST_NS + 1)
    assert on[DR] == code(2)


def test_continuous_scan_with_circular_dma(machine, on):
    results = dma_to_memory(machine, 3, CIRC)
    on[CR1] = SCAN
    on.sequence(1, 2, 3)
    on[CR2] = ADON | DMA | CONT
    on.start()
    machine.step(9 * SHORTEST_NS + 1_000)
    on.voltage(2, VDDA_UV)
    machine.step(3 * SHORTEST_NS)
    assert results() == [code(1), 4095, code(3)]


def test_a_long_time_unwatched(machine, on):
    """An hour of continuous conversions is not computed one by one; the last one is right."""
    on[CR1] = SCAN
    on.sequence(1, 2, 3)
    on[CR2] = ADON | CONT
    on.start()
    machine.step(3_600 * 10**9 // (3 * SHORTEST_NS) * 3 * SHORTEST_NS + 2 * SHORTEST_NS)
    assert on[DR] == code(2)
    on.expect_in(SHORTEST_NS, EOC)
    assert on[DR] == code(3)


def test_input_change_amid_unwatched_conversions(machine, on):
    """What was sampled before the change has the old voltage."""
    on[CR2] = ADON | CONT
    on.start()
    machine.step(10 * SHORTEST_NS + 376)
    on.voltage(0, VDDA_UV)
    machine.step(SHORTEST_NS - 376)
    assert on[DR] == code(0)
    machine.step(SHORTEST_NS)
    assert on[DR] == 4095


def test_new_sequence_starts_at_once(machine, on):
    """10.3.3: the conversion is reset, and the new group begins."""
    on[CR1] = SCAN
    on.sequence(1, 2)
    on.start()
    machine.step(SHORTEST_NS + 1_000)
    on[SQR3] = fields((7, 8))
    on.expect_in(2 * SHORTEST_NS, EOC)
    assert on[DR] == code(8)


@pytest.mark.parametrize("align, data", [(0, code(4)), (ALIGN, code(4) << 4)])
def test_alignment(on, align, data):
    """10.5"""
    on[CR2] = ADON | align
    assert on.convert(4) == data


def test_dma_request_ends_with_the_read_of_dr(machine, on):
    """A channel that is enabled later finds no request of a result that has been read."""
    on[CR2] = ADON | DMA
    on.start()
    machine.step(SHORTEST_NS)
    assert on[DR] == code(0)
    dma_to_memory(machine, 4)
    machine.step(10_000)
    assert Channel(machine, 1).cndtr == 4
    on.start()
    machine.step(SHORTEST_NS + 10_000)
    assert (Channel(machine, 1).cndtr, Channel(machine, 1).ccr & EN) == (3, EN)


def test_dma_request_stands_until_served(machine, on):
    on[CR2] = ADON | DMA
    on.start()
    machine.step(SHORTEST_NS)
    results = dma_to_memory(machine, 1)
    machine.step(10_000)
    assert results() == [code(0)]
    assert on[SR] == STRT


def test_no_dma_request_without_its_bit(machine, on):
    dma_to_memory(machine, 2)
    on.start()
    machine.step(1_000_000)
    assert on[SR] == EOC | STRT
    machine.step(10_000)
    assert Channel(machine, 1).cndtr == 2


def test_injected_conversions_make_no_dma_request(machine, on):
    """10.8"""
    dma_to_memory(machine, 2)
    on[CR2] = ADON | DMA | JBY_SOFTWARE
    on[CR2] = ADON | DMA | JBY_SOFTWARE | JSWSTART
    machine.step(1_000_000)
    assert (on[SR] & JEOC, Channel(machine, 1).cndtr) == (JEOC, 2)


# ---------------------------------------------------------------- discontinuous mode (10.3.10)

def test_discontinuous_regular_group(machine, on):
    """The manual's example: n = 3, channels 0, 1, 2, 3, 6, 7, 9, 10."""
    channels = (0, 1, 2, 3, 6, 7, 9, 10)
    on[CR1] = SCAN | DISCEN | 2 << DISCNUM
    on.sequence(*channels)
    for part in (channels[:3], channels[3:6], channels[6:], channels[:3]):
        on[SR] = 0
        on.start()
        assert on[SR] == STRT
        for channel in part:
            on.expect_in(SHORTEST_NS, EOC)
            assert on[DR] == code(channel)
        machine.step(1_000_000)
        assert on[SR] == STRT


def test_start_amid_a_part_does_not_lengthen_it(machine, on):
    on[CR1] = SCAN | DISCEN | 1 << DISCNUM
    on.sequence(0, 1, 2, 3)
    on.start()
    machine.step(SHORTEST_NS + 1_000)
    on.start()
    machine.step(1_000_000)
    assert on[DR] == code(1)


def test_discontinuous_mode_does_not_go_round(machine, on):
    """No rollover, even with CONT: the sequence ends amid its second part."""
    on[CR1] = SCAN | DISCEN | 1 << DISCNUM
    on[CR2] = ADON | CONT
    on.sequence(0, 1, 2)
    for last in (1, 2, 1):
        on.start()
        machine.step(1_000_000)
        assert on[DR] == code(last)


@pytest.mark.parametrize("discnum", range(8))
def test_discnum(machine, on, discnum):
    on[CR1] = SCAN | DISCEN | discnum << DISCNUM
    on.sequence(*range(10))
    on.start()
    machine.step(1_000_000)
    assert on[DR] == code(discnum)


def test_discontinuous_injected_group(machine, on):
    """The manual's example: channels 1, 2, 3; EOC and JEOC with the third."""
    on[CR1] = SCAN | JDISCEN
    on.injected(1, 2, 3)
    for start in range(4):
        on[SR] = 0
        on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
        machine.step(SHORTEST_NS)
        assert on[SR] == (JSTRT | JEOC | EOC if start == 2 else JSTRT)
        machine.step(1_000_000)
    assert [on[r] for r in (JDR1, JDR2, JDR3, JDR4)] == [code(1), code(2), code(3), 0]


# ---------------------------------------------------------------- injected group (10.3.9)

@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_injected_sequence(machine, on, count):
    """10.11.12: a short one is the end of JSQ1..4; results begin in JDR1."""
    on[CR1] = SCAN
    on[JSQR] = count - 1 << 20 | fields((5, 11, 2, 8))
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    on.expect_in(count * SHORTEST_NS, JEOC)
    results = [code(channel) for channel in (5, 11, 2, 8)[4 - count:]]
    assert [on[r] for r in (JDR1, JDR2, JDR3, JDR4)] == results + [0] * (4 - count)


@pytest.mark.parametrize("align", [0, ALIGN])
@pytest.mark.parametrize("offset", [0, 100, code(3), 0xfff])
def test_offset(machine, on, align, offset):
    """10.5, 10.11.6: the offset of the rank; negative results are sign-extended."""
    on[CR1], on[JOFR2] = SCAN, offset
    on.injected(3, 3)
    on[CR2] = ADON | JBY_SOFTWARE | align
    on[CR2] = ADON | JBY_SOFTWARE | align | JSWSTART
    machine.step(1_000_000)
    shift = 3 if align else 0
    assert (on[JDR1], on[JDR2]) == (code(3) << shift, code(3) - offset << shift & 0xffff)


def test_injection_interrupts_a_regular_conversion(machine, on):
    """The regular conversion is reset, and done anew after the injected sequence."""
    on[CR1] = SCAN
    on.sequence(0, 1)
    on.injected(5, 6)
    on[CR2] = ADON | JBY_SOFTWARE
    on.start()
    machine.step(2 * SHORTEST_NS - 1)  # channel 1 is nearly through
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    on.expect_in(2 * SHORTEST_NS, JEOC)
    assert (on[JDR1], on[JDR2], on[DR]) == (code(5), code(6), code(0))
    on.expect_in(SHORTEST_NS, EOC)
    assert on[DR] == code(1)


def test_regular_start_waits_for_the_injected_sequence(machine, on):
    on[CR1] = SCAN
    on.injected(5, 6)
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(1_000)
    on.start()
    assert on[SR] == JSTRT
    on.expect_in(2 * SHORTEST_NS - 1_000, JEOC)
    assert on[SR] == JSTRT | JEOC | EOC | STRT
    on[SR] = 0
    on.expect_in(SHORTEST_NS, EOC)
    assert on[DR] == code(0)


def test_injected_start_amid_the_sequence_is_ignored(machine, on):
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(1_000)
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    on.expect_in(SHORTEST_NS - 1_000, JEOC)
    on[SR] = 0
    machine.step(1_000_000)
    assert on[SR] == 0


def test_new_injected_sequence_starts_at_once(machine, on):
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(1_000)
    on.injected(9)
    on.expect_in(SHORTEST_NS, JEOC)
    assert on[JDR1] == code(9)


@pytest.mark.parametrize("adcpre, cycle_ns, gap", [(0, 250, 2), (1, 500, 1), (3, 1000, 1)])
def test_auto_injection(machine, on, adcpre, cycle_ns, gap):
    """Two cycles between the groups with ADCPRE = 2, else one."""
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 3 << 14, adcpre << 14)
    on[CR1] = SCAN | JAUTO
    on.sequence(1, 2)
    on.injected(3, 4)
    on.start()
    on.expect_in(2 * 14 * cycle_ns, EOC)
    on.expect_in((gap + 2 * 14) * cycle_ns, JEOC)
    assert [on[r] for r in (DR, JDR1, JDR2)] == [code(2), code(3), code(4)]
    on[SR] = 0
    machine.step(1_000_000)
    assert on[SR] == 0


def test_continuous_auto_injection(machine, on):
    on[CR1] = SCAN | JAUTO
    on.injected(3)
    on[CR2] = ADON | CONT
    on.start()
    on.expect_in((14 + 2 + 14) * CYCLE_NS, JEOC)
    for _ in range(3):
        on[SR] = 0
        on.expect_in((2 + 14) * CYCLE_NS, EOC)
        on.expect_in((2 + 14) * CYCLE_NS, JEOC)


# ---------------------------------------------------------------- triggers (10.7)

def exti(machine, line, edge=EXTI_RTSR, port=0):
    stm32f100.clock_on(machine, "afio", "gpioa")
    stm32f100.modify(machine, AFIO_EXTICR1 + 4 * (line // 4), 0xf << line % 4 * 4,
                     port << line % 4 * 4)
    machine.write(edge, 1 << line)
    machine.write(EXTI_EMR, 1 << line)


@pytest.mark.parametrize("edge, levels", [(EXTI_RTSR, (0, 1)), (EXTI_FTSR, (1, 0))])
def test_exti_11_starts_the_regular_group(machine, on, edge, levels):
    stm32f100.drive_pin(machine, "PA11", levels[0])
    exti(machine, 11, edge)
    on[CR2] = ADON | EXTTRIG | 6 << EXTSEL
    machine.step(100_000)
    assert on[SR] == 0
    stm32f100.drive_pin(machine, "PA11", levels[1])
    on.expect_in(SHORTEST_NS, EOC)
    stm32f100.drive_pin(machine, "PA11", levels[0])
    assert on[DR] == code(0)
    machine.step(100_000)
    assert not on[SR] & EOC


def test_exti_15_starts_the_injected_group(machine, on):
    exti(machine, 15)
    on[CR2] = ADON | JEXTTRIG | 6 << JEXTSEL
    machine.write(EXTI_SWIER, 1 << 15)
    on.expect_in(SHORTEST_NS, JEOC)


@pytest.mark.parametrize("cr2", [ADON | 6 << EXTSEL, ADON | EXTTRIG | 5 << EXTSEL,
                                 ADON | BY_SOFTWARE, EXTTRIG | 6 << EXTSEL])
def test_triggers_that_are_not_asked_for(machine, on, cr2):
    exti(machine, 11)
    on[CR2] = cr2
    assert on[CR2] == cr2
    machine.write(EXTI_SWIER, 1 << 11)
    machine.step(100_000)
    assert on[SR] == 0


def test_exti_needs_its_event_mask(machine, on):
    exti(machine, 11)
    machine.write(EXTI_EMR, 0)
    machine.write(EXTI_IMR, 1 << 11)
    on[CR2] = ADON | EXTTRIG | 6 << EXTSEL
    machine.write(EXTI_SWIER, 1 << 11)
    machine.step(100_000)
    assert on[SR] == 0
    machine.write(EXTI_SWIER + 4, 1 << 11)
    machine.write(EXTI_EMR, 1 << 11)
    machine.write(EXTI_SWIER, 1 << 11)
    on.expect_in(SHORTEST_NS, EOC)


@pytest.mark.parametrize("group, start, select, flag", [
    ("trigger", EXTTRIG, EXTSEL, EOC), ("jtrigger", JEXTTRIG, JEXTSEL, JEOC)])
@pytest.mark.parametrize("number", range(7))
def test_trigger_inputs(machine, on, group, start, select, flag, number):
    """Each selection listens to its own input, and to rising edges of it."""
    def drive(n, level):
        machine.ask(f"set_irq_in {PATH} {group} {n} {level}")

    on[CR2] = ADON | start | number << select
    for other in range(7):
        if other != number:
            drive(other, 1)
            drive(other, 0)
    machine.step(SHORTEST_NS)
    assert on[SR] == 0
    drive(number, 1)
    on.expect_in(SHORTEST_NS, flag)
    on[SR] = 0
    drive(number, 1)
    drive(number, 0)
    machine.step(SHORTEST_NS)
    assert on[SR] == 0


@pytest.mark.parametrize("select, timer, channel", [
    (0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 2), (4, 3, None), (5, 4, 4)])
def test_timers_start_the_regular_group(machine, on, select, timer, channel):
    """10.7: compare events, and TRGO of TIM3."""
    on[CR2] = ADON | EXTTRIG | select << EXTSEL
    start_timer(machine, timer, 1000, channel)
    on.expect_in(1000 * TICK_NS, STRT)
    on.expect_in(SHORTEST_NS, EOC)


@pytest.mark.parametrize("select, timer, channel", [
    (0, 1, None), (1, 1, 4), (2, 2, None), (3, 2, 1), (4, 3, 4), (5, 4, None)])
def test_timers_start_the_injected_group(machine, on, select, timer, channel):
    """10.7: TRGO of TIM1, TIM2 and TIM4, and compare events."""
    on[CR2] = ADON | JEXTTRIG | select << JEXTSEL
    start_timer(machine, timer, 1000, channel)
    on.expect_in(1000 * TICK_NS, JSTRT)
    on.expect_in(SHORTEST_NS, JEOC)


def test_sampling_at_the_pace_of_a_timer(machine, on):
    """TIM3 TRGO each 100 us, DMA, nobody looking: each sample at its time."""
    results = dma_to_memory(machine, 5)
    on[CR2] = ADON | DMA | EXTTRIG | 4 << EXTSEL
    start_timer(machine, 3, 800)
    for n in range(5):
        machine.step(100_000 - 1)
        on.voltage(0, (n + 1) * 500_000)
        machine.step(1)
    machine.step(10_000)
    assert results() == [(n + 1) * 500_000 * 4096 // VDDA_UV for n in range(5)]
