"""Timers: DMA requests and bursts (RM0041 9.3.7, 12.4.4, 12.4.19, 12.4.20), compare events
for the ADC.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_dma import CIRC, DIR as FROM_MEMORY, MINC, SOURCE, TARGET, Channel, get, put
from timers import (ARPE, ARR, CC1DE, CC1E, CC1IF, CCDS, CCPC, CCR1, CEN, CNT, COMDE, COMG, CR2, DCR,
                    DIER, DMAR, EGR, OCPE, OWN_TI, PSC, PWM1, RCR, SR, TDE, TG, TICK, TIM1, TIM15,
                    TIM16, TIM17, TIM2, TIM3, TIM4, TIM6, TIM7, UDE, UG, UIF, URS, Pin, Timer,
                    name_of)

HALF = 1 << 8 | 1 << 10  # PSIZE, MSIZE: 16 bits
UP, CC, COM, TRIG = (UDE, UG), [(CC1DE << n, 2 << n) for n in range(4)], (COMDE, COMG), (TDE, TG)

# Table "Summary of DMA1 requests": the channel of each event (enable, EGR bit).
CHANNEL = {
    TIM1: {UP: 5, CC[0]: 2, CC[1]: 3, CC[2]: 6, CC[3]: 4, COM: 4, TRIG: 4},
    TIM2: {UP: 2, CC[0]: 5, CC[1]: 7, CC[2]: 1, CC[3]: 7, TRIG: None},
    TIM3: {UP: 3, CC[0]: 6, CC[1]: None, CC[2]: 2, CC[3]: 3, TRIG: 6},
    TIM4: {UP: 7, CC[0]: 1, CC[1]: 4, CC[2]: 5, CC[3]: None, TRIG: None},
    TIM6: {UP: 3}, TIM7: {UP: 4},
    TIM15: {UP: 5, CC[0]: 5, CC[1]: None, COM: 5, TRIG: 5},
    TIM16: {UP: 6, CC[0]: 6, TRIG: None}, TIM17: {UP: 7, CC[0]: 7, TRIG: None},
}
REQUESTS = [(base, *event, channel) for base, events in CHANNEL.items()
            for event, channel in events.items()]


@pytest.fixture
def dma(machine):
    stm32f100.clock_on(machine, "dma1")
    return {number: Channel(machine, number) for number in range(1, 8)}


@pytest.fixture
def tim2(machine):
    return Timer(machine, TIM2)


# ------------------------------------------------------------------ requests

@pytest.mark.parametrize("base, enable, event, channel", REQUESTS, ids=name_of)
def test_request(machine, dma, base, enable, event, channel):
    """9.3.7: each event asks one channel once; 12.4.4: if its bit in DIER is set."""
    timer = Timer(machine, base)
    for waiting in dma.values():
        waiting.start(0, 100)
    timer.write(CR2, CCPC if enable == COMDE else 0)
    timer.write(EGR, event)
    machine.step(10_000)
    assert [n for n in dma if dma[n].cndtr != 100] == []
    timer.write(DIER, enable)
    timer.write(EGR, event)
    machine.step(10_000)
    assert {n: 100 - dma[n].cndtr for n in dma if dma[n].cndtr != 100} == (
        {channel: 1} if channel else {})


def test_request_comes_with_its_event(machine, dma, tim2):
    """In every period, though the flags are never cleared."""
    dma[2].start(0, 100)
    dma[5].start(0, 100)
    tim2.setup(arr=99, ccr1=40, dier=UDE | CC1DE, cr1=CEN)
    for n in range(3):
        machine.step(40 * TICK - 1)
        assert [dma[2].cndtr, dma[5].cndtr] == [100 - n, 100 - n]
        machine.step(1)
        assert [dma[2].cndtr, dma[5].cndtr] == [100 - n, 99 - n]
        machine.step(60 * TICK - 1)
        assert [dma[2].cndtr, dma[5].cndtr] == [100 - n, 99 - n]
        machine.step(1)
        assert [dma[2].cndtr, dma[5].cndtr] == [99 - n, 99 - n]


def test_compare_requests_at_the_update(machine, dma, tim2):
    """12.4.2, CCDS"""
    dma[5].start(0, 100)
    tim2.setup(arr=99, ccr1=40, cr2=CCDS, dier=CC1DE, cr1=CEN)
    machine.step(100 * TICK - 1)
    assert dma[5].cndtr == 100
    machine.step(1)
    assert dma[5].cndtr == 99


def test_urs_holds_for_requests(machine, dma, tim2):
    """13.4.1, URS: "update interrupt or DMA request"."""
    dma[2].start(0, 100)
    tim2.setup(cr1=URS, dier=UDE, egr=UG)
    machine.step(10_000)
    assert dma[2].cndtr == 100


def test_requests_leave_the_flags(machine, dma, tim2):
    dma[2].start(0, 100)
    tim2.setup(dier=UDE, egr=UG)
    machine.step(10_000)
    assert tim2.read(SR) & UIF


def test_waveform_by_dma(machine, dma, tim2):
    """A width for each period, from memory: what drives LED strips and ESCs."""
    stm32f100.pin_mode(machine, "PA0", stm32f100.AF_OUTPUT)
    put(machine, SOURCE, 3, 7, 5, 0, size=2)
    dma[2].start(FROM_MEMORY | MINC | HALF, 4, TIM2 + CCR1, SOURCE)
    tim2.setup(arr=19, ccr1=0, ccmr1=PWM1 | OCPE, egr=UG, ccer=CC1E, dier=UDE, cr1=ARPE | CEN)
    tim2.ticks(140)
    shown = [(ns / TICK, level) for ns, level in stm32f100.edges(machine, "PA0")]
    assert shown == [(0, 0), (40, 1), (43, 0), (60, 1), (67, 0), (80, 1), (85, 0)]


# ------------------------------------------------------------------ bursts

def burst(registers, base):
    return (registers - 1) << 8 | base // 4


def test_burst_of_writes(machine, dma, tim2):
    """12.4.19, 12.4.20: one update, DBL + 1 transfers to DBA and the registers behind it"""
    put(machine, SOURCE, 11, 22, 33, 44, 55, 66, size=2)
    dma[2].start(FROM_MEMORY | MINC | HALF, 6, TIM2 + DMAR, SOURCE)
    tim2.setup(dcr=burst(3, CCR1), dier=UDE, egr=UG)
    machine.step(10_000)
    assert [tim2.read(CCR1 + 4 * n) for n in range(4)] == [11, 22, 33, 0]
    assert dma[2].cndtr == 3
    tim2.write(EGR, UG)
    machine.step(10_000)
    assert [tim2.read(CCR1 + 4 * n) for n in range(4)] == [44, 55, 66, 0]


def test_burst_takes_its_time_on_the_bus(machine, dma, tim2):
    put(machine, SOURCE, 11, 22, 33, size=2)
    dma[2].start(FROM_MEMORY | MINC | HALF, 3, TIM2 + DMAR, SOURCE)
    tim2.setup(dcr=burst(3, CCR1), dier=UDE, egr=UG)
    assert dma[2].cndtr == 2
    machine.step(5 * TICK)
    assert dma[2].cndtr == 1


def test_burst_of_reads(machine, dma):
    """A trigger saves four registers."""
    put(machine, TARGET, *[0] * 16)
    timer = Timer(machine, TIM3)
    dma[6].start(MINC | HALF, 4, TIM3 + DMAR, TARGET)
    timer.setup(ccr1=5, ccr2=6, ccr3=7, ccr4=8, dcr=burst(4, CCR1), dier=TDE, egr=TG)
    machine.step(10_000)
    assert get(machine, TARGET, 4, size=2) == [5, 6, 7, 8]


def test_single_transfer(machine, dma, tim2):
    """DBL = 0"""
    put(machine, SOURCE, 77, 78, size=2)
    dma[2].start(FROM_MEMORY | MINC | HALF, 2, TIM2 + DMAR, SOURCE)
    tim2.setup(dcr=burst(1, ARR), dier=UDE, egr=UG)
    machine.step(10_000)
    assert [tim2.read(ARR), dma[2].cndtr] == [77, 1]


def test_cpu_at_dmar(machine, tim2):
    """12.4.20: it reaches the first register; only the DMA's accesses go on."""
    tim2.setup(dcr=burst(2, CCR1), dmar=5)
    tim2.write(DMAR, 6)
    assert [tim2.read(CCR1), tim2.read(CCR1 + 4), tim2.read(DMAR)] == [6, 0, 6]


def test_dmar_that_points_at_itself(tim2):
    tim2.setup(dcr=burst(1, DMAR), dmar=5)
    assert tim2.read(DCR) == burst(1, DMAR)
    assert tim2.read(DMAR) == 0


@pytest.mark.parametrize("base, register", [(TIM1, RCR), (TIM15, RCR), (TIM17, CCR1), (TIM4, PSC)],
                         ids=name_of)
def test_burst_of_each_timer(machine, dma, base, register):
    timer = Timer(machine, base)
    put(machine, SOURCE, 3, 9, size=2)
    dma[CHANNEL[base][UP]].start(FROM_MEMORY | MINC | HALF, 2, base + DMAR, SOURCE)
    timer.setup(dcr=burst(1, register), dier=UDE, egr=UG)
    machine.step(10_000)
    assert timer.read(register) == 3


def test_circular_capture(machine, dma):
    """PPM without the CPU: TIM1_CH1 into a ring"""
    timer, pin = Timer(machine, TIM1), Pin(machine, "PA8")
    put(machine, TARGET, *[0] * 8)
    dma[2].start(MINC | CIRC | HALF, 3, TIM1 + CCR1, TARGET)
    timer.setup(ccmr1=OWN_TI, ccer=CC1E, dier=CC1DE, cr1=CEN)
    for _ in range(4):
        timer.ticks(100)
        pin.pulse()
    assert get(machine, TARGET, 3, size=2) == [400, 200, 300]
    assert not timer.read(SR) & CC1IF
    assert timer.read(CNT) == 400
