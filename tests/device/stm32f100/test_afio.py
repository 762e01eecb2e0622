"""Alternate-function I/O (RM0041 7.3, 7.4).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import (AF_OUTPUT, INPUT_FLOATING, RCC_APB2RSTR, clock_on, drive_pin, edges, gpio,
                       modify, pin_mode)

EVCR, MAPR, EXTICR1, EXTICR4, MAPR2 = (0x40010000 + n for n in (0x00, 0x04, 0x08, 0x14, 0x1c))
SWJ_OFF = 4 << 24
IDR = 0x08
EXTI_RTSR, EXTI_PR = 0x40010408, 0x40010414
TIM1, TIM2, TIM3, TIM4 = 0x40012c00, 0x40000000, 0x40000400, 0x40000800
TIM1_REMAP, TIM2_REMAP, TIM3_REMAP, TIM4_REMAP = 6, 8, 10, 12
CR1, CCMR1, CCMR2, CCER, BDTR = 0x00, 0x18, 0x1c, 0x20, 0x44
FORCE_HIGH, FORCE_LOW = 0x5050, 0x4040
MOE = 1 << 15


@pytest.fixture
def afio(machine):
    clock_on(machine, "afio")
    return machine


def level(machine, pin):
    return machine.read(gpio(pin[1].lower()) + IDR) >> int(pin[2:]) & 1


def start_outputs(machine, timer, mode=FORCE_HIGH):
    clock_on(machine, {TIM1: "tim1", TIM2: "tim2", TIM3: "tim3", TIM4: "tim4"}[timer])
    machine.write(timer + CCMR1, mode)
    machine.write(timer + CCMR2, mode)
    machine.write(timer + BDTR, MOE)
    machine.write(timer + CCER, 0x1111)


# ------------------------------------------------------------------ registers

def test_reset_values(afio):
    """7.4.8"""
    assert [afio.read(r) for r in (EVCR, MAPR, *range(EXTICR1, EXTICR4 + 1, 4), MAPR2)] == [0] * 7


@pytest.mark.parametrize("register, mask", [
    (EVCR, 0xff), (MAPR, 0x9fff), (EXTICR1, 0xffff), (EXTICR4, 0xffff), (MAPR2, 0x81f)])
def test_reserved_and_write_only_bits_read_zero(afio, register, mask):
    """SWJ_CFG is write-only (7.4.2)."""
    afio.write(register, 0xffffffff)
    assert afio.read(register) == mask


def test_without_its_clock_it_is_not_there(machine):
    machine.write(MAPR, SWJ_OFF | 1)
    machine.write(EXTICR1, 0x1111)
    assert [machine.read(r) for r in (MAPR, EXTICR1)] == [0, 0]
    clock_on(machine, "afio")
    assert [machine.read(r) for r in (MAPR, EXTICR1)] == [0, 0]


def test_reset_by_rcc(afio):
    """6.3.4"""
    afio.write(MAPR, 3 << TIM2_REMAP)
    afio.write(EXTICR1, 0x2222)
    assert [afio.read(r) for r in (MAPR, EXTICR1)] == [3 << TIM2_REMAP, 0x2222]
    afio.write(RCC_APB2RSTR, 1)
    afio.write(RCC_APB2RSTR, 0)
    assert [afio.read(r) for r in (MAPR, EXTICR1)] == [0, 0]


# ------------------------------------------------------------------ debug port

@pytest.mark.parametrize("swj, held", [
    (0, {"PA13", "PA14", "PA15", "PB3", "PB4"}), (1, {"PA13", "PA14", "PA15", "PB3"}),
    (2, {"PA13", "PA14"}), (4, set())])
def test_pins_of_the_debug_port(afio, swj, held):
    """7.3.5, table 31: they are outputs only when SWJ_CFG frees them."""
    pins = ("PA13", "PA14", "PA15", "PB3", "PB4")
    afio.write(MAPR, swj << 24)
    for pin in pins:
        pin_mode(afio, pin, 0x3)
        afio.write(gpio(pin[1].lower()) + 0x10, 1 << int(pin[2:]))
    assert {pin for pin in pins if not edges(afio, pin)} == held


def test_reserved_debug_setting_has_no_effect(afio):
    clock_on(afio, "gpioa")
    afio.write(MAPR, SWJ_OFF)
    afio.write(MAPR, 7 << 24)
    assert afio.read(gpio("a") + IDR) == 0  # still free: floating
    afio.write(MAPR, 0)
    assert afio.read(gpio("a") + IDR) == 0xa000


# ------------------------------------------------------------------ routing

@pytest.mark.parametrize("timer, shift, value, pins", [
    (TIM1, TIM1_REMAP, 0, {"PA8", "PA9", "PA10", "PA11"}),
    (TIM1, TIM1_REMAP, 1, {"PA8", "PA9", "PA10", "PA11"}),
    (TIM1, TIM1_REMAP, 3, set()),  # PE9 to PE14, which the package lacks
    (TIM2, TIM2_REMAP, 0, {"PA0", "PA1", "PA2", "PA3"}),
    (TIM2, TIM2_REMAP, 1, {"PA15", "PB3", "PA2", "PA3"}),
    (TIM2, TIM2_REMAP, 2, {"PA0", "PA1", "PB10", "PB11"}),
    (TIM2, TIM2_REMAP, 3, {"PA15", "PB3", "PB10", "PB11"}),
    (TIM3, TIM3_REMAP, 0, {"PA6", "PA7", "PB0", "PB1"}),
    (TIM3, TIM3_REMAP, 1, set()),  # not used
    (TIM3, TIM3_REMAP, 2, {"PB4", "PB5", "PB0", "PB1"}),
    (TIM3, TIM3_REMAP, 3, {"PC6", "PC7", "PC8", "PC9"}),
    (TIM4, TIM4_REMAP, 0, {"PB6", "PB7", "PB8", "PB9"}),
    (TIM4, TIM4_REMAP, 1, set()),  # PD12 to PD15, which the package lacks
])
def test_remapping_of_timers(afio, timer, shift, value, pins):
    """Tables 32 to 36: with all pins alternate functions, one timer drives just these."""
    clock_on(afio, "gpioa", "gpiob", "gpioc", "gpiod", "gpioe")
    for port in "abcde":
        afio.write(gpio(port), 0xbbbbbbbb)
        afio.write(gpio(port) + 4, 0xbbbbbbbb)
    afio.write(MAPR, SWJ_OFF | value << shift)
    start_outputs(afio, timer)
    high = {f"P{port.upper()}{n}" for port in "abcde" for n in range(16)
            if afio.read(gpio(port) + IDR) >> n & 1}
    assert high == pins


def test_output_moves_with_the_remapping(afio):
    """The old pin falls, the new one rises, at the time of the write."""
    pin_mode(afio, "PA6", AF_OUTPUT)
    pin_mode(afio, "PC6", AF_OUTPUT)
    start_outputs(afio, TIM3)
    afio.step(1000)
    modify(afio, MAPR, 0, 3 << TIM3_REMAP)
    assert edges(afio, "PA6")[-2:] == [(0, 1), (1000, 0)]
    assert edges(afio, "PC6")[-2:] == [(0, 0), (1000, 1)]


def test_signal_needs_an_alternate_function_output(afio):
    start_outputs(afio, TIM2)
    pin_mode(afio, "PA0", 0x3)
    assert level(afio, "PA0") == 0
    pin_mode(afio, "PA0", INPUT_FLOATING)
    assert level(afio, "PA0") == 0
    pin_mode(afio, "PA0", AF_OUTPUT)
    assert level(afio, "PA0") == 1


def test_open_drain_alternate_function(afio):
    """7.1.9: high leaves the pin to the board."""
    start_outputs(afio, TIM2)
    pin_mode(afio, "PA0", 0xf)
    assert level(afio, "PA0") == 0
    drive_pin(afio, "PA0", 1)
    assert level(afio, "PA0") == 1
    afio.write(TIM2 + CCMR1, FORCE_LOW)
    assert level(afio, "PA0") == 0


# ------------------------------------------------------------------ EXTI lines

@pytest.mark.parametrize("line", [0, 3, 4, 15])
@pytest.mark.parametrize("port", "abc")
def test_port_behind_each_line(afio, port, line):
    """7.4.3 to 7.4.6"""
    others = [p for p in "abc" if p != port]
    afio.write(MAPR, SWJ_OFF)
    afio.write(EXTICR1 + line // 4 * 4, (ord(port) - ord("a")) << line % 4 * 4)
    afio.write(EXTI_RTSR, 0xffff)
    for other in others:
        pin_mode(afio, f"P{other.upper()}{line}", INPUT_FLOATING)
        drive_pin(afio, f"P{other.upper()}{line}", 1)
    assert afio.read(EXTI_PR) == 0
    drive_pin(afio, f"P{port.upper()}{line}", 1)
    assert afio.read(EXTI_PR) == 1 << line


def test_port_that_the_part_lacks_is_low(afio):
    afio.write(EXTI_RTSR, 1)
    drive_pin(afio, "PA0", 1)
    assert afio.read(EXTI_PR) == 1
    afio.write(EXTI_PR, 1)
    afio.write(EXTICR1, 5)
    drive_pin(afio, "PA0", 0)
    drive_pin(afio, "PA0", 1)
    assert afio.read(EXTI_PR) == 0
