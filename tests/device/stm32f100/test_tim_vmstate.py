"""Migration of timers: amid a period, a dead time, a filter, a preloaded command and a
burst, the other side goes on as this one would have.

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100
from test_dma import DIR as FROM_MEMORY, MINC, SOURCE, Channel, put
from timers import (ARR, BDTR, CC1E, CC1IF, CC1NE, CCMR1, CCPC, CCR1, CEN, CHANNEL_PINS, CNT, COMG,
                    DMAR, EGR, FORCE_HIGH, FORCE_LOW, ICF, MMS, MOE, OCCE, OWN_TI, PWM1, RCR, SR,
                    TIF, TIM1, TIM2, TIM3, TIM4, TIM15, TIM16, UDE, UG, UIF, Pin, Timer)

PINS = ["PA8", "PB13", "PA6", "PB15"]


def prepare(machine):
    """TIM1 with complementary PWM in a dead time; TIM2 captures: its filter
    has seen half of what it wants, its prescaler one of two edges; TIM3 counts TIM2's updates
    and has cleared its OC1REF by ETRF; TIM4 is an encoder amid its prescaler; TIM15 waits for
    a COM event; TIM16 is amid a burst."""
    stm32f100.run_from_hse(machine)
    stm32f100.clock_on(machine, "dma1")
    for name in PINS:
        stm32f100.pin_mode(machine, name, stm32f100.AF_OUTPUT)
    tim1, tim2, tim3, tim4, tim15, tim16 = (
        Timer(machine, base) for base in (TIM1, TIM2, TIM3, TIM4, TIM15, TIM16))
    tim1.setup(arr=499, ccr1=200, ccmr1=PWM1, ccer=CC1E | CC1NE, bdtr=MOE | 0x50, egr=UG, cr1=CEN)
    tim3.setup(arr=9, smcr=7 | 1 << 4, ccmr1=FORCE_HIGH | OCCE, ccer=CC1E, ccr1=9, cr1=CEN)
    etr = Pin(machine, "PD2")
    tim3.write(CCMR1, PWM1 | OCCE)
    etr.pulse()
    tim2.setup(psc=3, arr=99, cr2=2 << MMS, ccmr1=OWN_TI | 1 << 2 | 9 << ICF, ccer=CC1E, egr=UG,
               sr=0, dier=UIF | CC1IF, cr1=CEN)
    encoder = [Pin(machine, name) for name in CHANNEL_PINS[TIM4][:2]]
    tim4.setup(psc=2, arr=99, egr=UG, ccmr1=OWN_TI | OWN_TI << 8, smcr=3, cr1=CEN)
    encoder[0].set(1)
    encoder[1].set(1)
    tim15.setup(bdtr=MOE, ccmr1=FORCE_LOW, ccer=CC1E | CC1NE, cr2=CCPC, egr=COMG)
    tim15.write(CCMR1, FORCE_HIGH)
    capture = Pin(machine, "PA0")
    capture.set(1)
    machine.step(3_000)
    capture.set(0)
    machine.step(3_000)
    capture.set(1)
    put(machine, SOURCE, 1, 2, 3, size=2)
    Channel(machine, 6).start(FROM_MEMORY | MINC | 1 << 8 | 1 << 10, 3, TIM16 + DMAR, SOURCE)
    tim16.setup(dcr=2 << 8 | ARR // 4, dier=UDE)
    machine.step(2_333)  # half of the filter's 64 periods
    tim16.write(EGR, UG)
    machine.step(10)


def sight(machine):
    """What can be seen without changing anything."""
    return ([(machine.read(base + SR), machine.read(base + CNT), machine.read(base + BDTR))
             for base in (TIM1, TIM2, TIM3, TIM4, TIM15, TIM16)],
            [machine.read(TIM16 + r) for r in (ARR, RCR, CCR1)], Channel(machine, 6).cndtr,
            [machine.irq(n) for n in (24, 25, 28, 29)])


def continue_from_here(machine):
    start_ns = machine.now_ns
    seen = [sight(machine)]
    for _ in range(20):
        machine.step(211)
        seen.append(sight(machine))
    seen.append(machine.read(TIM2 + CCR1))
    machine.write(TIM15 + EGR, COMG)
    stm32f100.drive_pin(machine, CHANNEL_PINS[TIM4][0], 0)
    for _ in range(100):
        machine.step(4_321)
        seen.append(sight(machine))
    shown = [(name, ns - start_ns, level) for name in PINS
             for ns, level in stm32f100.edges(machine, name) if ns >= start_ns]
    return seen, shown


def test_goes_on_on_the_other_side(tmp_path):
    expected = stm32f100.round_trip(tmp_path, prepare, continue_from_here)
    check_that_it_was_in_the_middle(*expected)


def check_that_it_was_in_the_middle(seen, shown):
    (tim1, tim2, tim3, tim4, tim15, _), registers, left, _ = seen[0]
    assert tim1[1] == 200, "the match that has begun a dead time"
    # 80 periods of 24 MHz, less what has passed
    assert 3000 < next(ns for name, ns, level in shown if (name, level) == ("PB13", 1)) < 3334
    assert not tim2[0] & CC1IF and seen[2][0][1][0] & CC1IF, "the filter ends in between"
    assert 0 < seen[21] < 100, "CCR1 of TIM2"
    assert tim3[1] == 1 and next(ns for name, ns, level in shown if name == "PA6") > 10_000
    assert tim4[1] == 0 and seen[-1][0][3][1] == 1, "encoder: two edges of three"
    assert not tim15[0] & TIF
    assert next(level for name, _, level in shown if name == "PB15") == 0, "the command at COM"
    assert (registers, left) == ([1, 0, 0], 2), "one of three transfers of the burst"
    assert seen[2][1:3] == ([1, 2, 3], 0)
