"""LIN mode of the USARTs (RM0041 23.3.8): breaks of 13 zeros, break detection.

USART2 at 1.5 Mbaud as in test_usart.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from test_usart import (BIT_TIME, BREAK, CHARACTER, CR1, CR2, DR, FE, IRQ, LBD, LBDIE, LBDL,
                        LINEN, M, OVER8, RE, RXNE, SBK, SR, TE, UE, Usart, ns)


@pytest.fixture
def lin(machine):
    stm32f100.run_from_hse(machine)
    return Usart(machine, 2)


@pytest.fixture(params=[1, 2, 3])
def each(machine, request):
    stm32f100.run_from_hse(machine)
    return Usart(machine, request.param)


def pull_low(uart, bits, at_ns=None):
    """The line is 0 for @bits; returns begin and end."""
    start = uart.machine.now_ns + 1000 if at_ns is None else at_ns
    width_ns = int(16 * bits) * BIT_TIME // 16 >> 32
    uart.machine.inject(uart.name, start, width_ns << 32, 0, 1)
    return start, start + width_ns


@pytest.mark.parametrize("m", [0, M])
def test_break_is_13_zeros_and_a_stop_bit(each, m):
    each.start(cr1=TE | m, cr2=LINEN)
    now = each.machine.now_ns
    each[CR1] = UE | TE | m | SBK
    assert each.sent() == [qtest.Symbol(each.name, now, BIT_TIME, 1 << 13, 14, 28, BREAK)]
    each[DR] = 0x55
    each.machine.step(ns(14) - 1)
    assert each[CR1] & SBK
    each.machine.step(1)
    assert not each[CR1] & SBK
    assert [(s.kind, s.start_ns) for s in each.sent()] == [(BREAK, now), (CHARACTER, now + ns(14))]


@pytest.mark.parametrize("lbdl, zeros", [(0, 10), (LBDL, 11)])
@pytest.mark.parametrize("sixteenths, seen", [(-16, False), (-8, False), (-6, True), (0, True),
                                              (16, True), (320, True)])
def test_break_of_10_or_11_zeros(each, lbdl, zeros, sixteenths, seen):
    """LBDL; the last bit is 0 if two of its samples 8, 9 and 10 are."""
    each.start(cr1=RE, cr2=LINEN | lbdl)
    _, end = pull_low(each, zeros + sixteenths / 16)
    each.step_to(end + ns(2))
    assert bool(each[SR] & LBD) == seen


def test_break_is_seen_when_the_line_is_1_again(lin):
    """Figure "Break detection in LIN mode", case 3: the delimiter is waited for."""
    lin.start(cr1=RE, cr2=LINEN)
    _, end = pull_low(lin, 30)
    lin.step_to(end)
    assert not lin[SR] & LBD
    lin.machine.step(BIT_TIME // 16 + (1 << 32) >> 32)
    assert lin[SR] & LBD


def test_shortest_break_is_seen_after_its_last_sample(lin):
    """Case 2: the delimiter is immediate."""
    lin.start(cr1=RE, cr2=LINEN)
    start, _ = pull_low(lin, 10)
    lin.step_to(start + ns(10))
    assert not lin[SR] & LBD
    lin.machine.step((BIT_TIME // 16 >> 32) + 1)
    assert lin[SR] & LBD


def test_break_is_a_framing_error_too(lin):
    """The receiver stops there until the line is 1."""
    lin.start(cr1=RE, cr2=LINEN)
    start, end = pull_low(lin, 40)
    lin.step_to(start + ns(10))
    assert lin[SR] & (RXNE | FE | LBD) == RXNE | FE
    lin.clear()
    lin.step_to(end + ns(2))
    assert lin[SR] & (RXNE | FE | LBD) == LBD
    lin[SR] = 0
    lin.receive(0x55)
    assert (lin[SR] & (RXNE | FE | LBD), lin[DR]) == (RXNE, 0x55)


def test_break_in_the_middle_of_a_character(lin):
    """It "can be detected whenever it occurs, during idle state or during a frame"."""
    lin.start(cr1=RE, cr2=LINEN)
    start = lin.machine.now_ns + 1000
    lin.machine.inject(lin.name, start, BIT_TIME, 0b11110, 5)
    _, end = pull_low(lin, 13, start + ns(5) + 1)
    lin.step_to(start + ns(10))
    assert lin[SR] & (RXNE | FE | LBD) == RXNE | FE
    assert lin[DR] == 0x0f
    lin.step_to(end + ns(1))
    assert lin[SR] & LBD


def test_zeros_of_a_character_are_no_break(lin):
    lin.start(cr1=RE, cr2=LINEN)
    for _ in range(3):
        lin.receive(0, 0, 0)
        lin[DR]
    assert not lin[SR] & LBD


def test_without_linen_there_is_no_lbd(lin):
    lin.start(cr1=RE)
    _, end = pull_low(lin, 30)
    lin.step_to(end + ns(3))
    assert not lin[SR] & LBD


def test_receiver_that_is_off_sees_no_break(lin):
    lin.start(cr1=TE, cr2=LINEN)
    _, end = pull_low(lin, 30)
    lin.step_to(end + ns(3))
    assert not lin[SR] & LBD


def test_every_break_is_seen(lin):
    lin.start(cr1=RE, cr2=LINEN)
    for _ in range(20):
        _, end = pull_low(lin, 13)
        lin.step_to(end + ns(2))
        assert lin[SR] & LBD
        lin[SR] = ~LBD & 0xffffffff
        assert not lin[SR] & LBD
        lin.clear()
        lin.receive(0x55)
        assert lin[DR] == 0x55


def test_lbd_is_cleared_by_writing_0_only(lin):
    """23.6.1."""
    lin.start(cr1=RE, cr2=LINEN)
    _, end = pull_low(lin, 13)
    lin.step_to(end + ns(2))
    lin.clear()
    assert lin[SR] & LBD
    lin[SR] = 0xffffffff
    assert lin[SR] & LBD
    lin[SR] = ~LBD & 0xffffffff
    assert not lin[SR] & LBD


def test_lbd_interrupt(each):
    each.start(cr1=RE, cr2=LINEN | LBDIE)
    _, end = pull_low(each, 13)
    each.step_to(end)
    assert not each.irq()
    each.machine.step(ns(1))
    assert each.irq()
    assert not any(each.machine.irq(n) for n in IRQ.values() if n != each.irq_number)
    each[CR2] = LINEN
    assert not each.irq()


def test_no_oversampling_by_8(lin):
    """23.6.4, OVER8: forced to 0 in LIN mode, whichever is written first."""
    lin[CR1] = OVER8
    assert lin[CR1] == OVER8
    lin[CR2] = LINEN
    assert lin[CR1] == 0
    lin[CR1] = OVER8
    assert lin[CR1] == 0


def test_break_of_a_master(lin):
    lin.start(cr1=RE, cr2=LINEN)
    start = lin.machine.now_ns + 1000
    lin.machine.inject(lin.name, start, BIT_TIME, 1 << 13, 14, kind=BREAK)
    lin.step_to(start + ns(13))
    assert not lin[SR] & LBD
    lin.machine.step(ns(1))
    assert lin[SR] & LBD
