"""LPUART with infrared pulses (IMXRT1170RM, chapter "LPUART", section "Infrared interface"):
MODIR[IREN], MODIR[TNP].

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176
from test_lpuart import (BAUD, BIT_NS, BIT_TIME, BREAK, CTRL, DATA, FE, FIFO_RXEMPT, FIFO, LBKDE, LBKDIF,
                         LOOPS, MODIR, NF, RDRF, RE, RXFE, RXINV, STAT, TE, TXFE, TXINV, UART, WATER,
                         Lpuart)

IREN, TNP = 1 << 18, 16
RSRC, TXDIR, SBK = 1 << 5, 1 << 29, 1 << 16
LEVEL = 3


@pytest.fixture
def uart(machine):
    return Lpuart(machine)


def received(uart):
    return [uart[DATA] & 0x3ff for _ in range(uart[WATER] >> 24 & 7)]


def pulse(uart, start, length, active=0):
    """The line leaves its idle level for @length, both in 2^-32 ns."""
    if active == 0:
        uart.machine.inject(UART, start >> 32, length, 0, 1)
    else:
        uart.machine.inject(UART, start >> 32, BIT_TIME, 1, 0, 0, LEVEL)
        uart.machine.inject(UART, start + length >> 32, BIT_TIME, 0, 0, 0, LEVEL)


def receive(uart, character, clocks=3, bit_time=BIT_TIME, active=0):
    """A character of pulses of @clocks / 16; returns when it has ended."""
    start = uart.machine.now_ns + 2000 << 32
    for n in range(10):
        if not qtest.frame_bits(character) >> n & 1:
            pulse(uart, start + n * bit_time, clocks * bit_time // 16, active)
    uart.machine.step(2000 + int(10 * BIT_NS * 1.05))


# ------------------------------------------------------------------------------------ sending

@pytest.mark.parametrize("tnp", range(4))
@pytest.mark.parametrize("osr", [3, 9, 15, 31])
def test_pulses(uart, tnp, osr):
    """Each zero is a pulse of 1 to 4 of the OSR + 1 clocks of its bit."""
    uart.start()
    uart[CTRL] = 0
    uart[BAUD] = osr << 24 | 1 << 17 | 4
    uart[MODIR] = IREN | tnp << TNP
    uart[CTRL] = TE
    uart.machine.step(100_000)
    uart.send(0xa5)
    assert uart.sent()[-1] == qtest.Symbol(
        UART, uart.machine.now_ns, qtest.clock_period(24_000_000) * 4 * (osr + 1),
        qtest.frame_bits(0xa5), 10, 20, 1, tnp + 1, osr + 1)


def test_without_iren_there_are_none(uart):
    uart[MODIR] = 2 << TNP
    uart.start()
    uart.send(0xa5)
    assert uart.sent()[-1][-2:] == (0, 0)


def test_polarity_of_transmitted_pulses(uart):
    """CTRL[TXINV]: high pulses on a low line"""
    uart[MODIR] = IREN
    uart.start(ctrl=TE | TXINV)
    uart.send(0xa5)
    assert uart.sent()[-1].bits & 0x3ff == ~qtest.frame_bits(0xa5) & 0x3ff


def test_break_is_a_row_of_pulses(uart):
    uart[MODIR] = IREN
    uart.start(ctrl=TE)
    uart[CTRL] = TE | SBK
    uart[CTRL] = TE
    assert uart.sent()[-1][3:] == (1 << 10, 11, 22, BREAK, 1, 16)


# ---------------------------------------------------------------------------------- receiving

@pytest.mark.parametrize("clocks, percent", [
    (1, 100), (1, 103), *[(clocks, percent) for clocks in (2, 3, 4) for percent in (97, 100, 103)]])
def test_reception(uart, clocks, percent):
    """Within the tolerance of the rate; less than one clock may fall between two."""
    uart[MODIR] = IREN
    uart.start(ctrl=RE, fifo=RXFE)
    for character in (0x00, 0x55, 0xa3, 0xff):
        receive(uart, character, clocks, BIT_TIME * percent // 100)
        assert received(uart) == [character] and not uart[STAT] & (FE | NF)


def test_high_pulses(uart):
    """STAT[RXINV]: on a line that is low"""
    uart[MODIR], uart[STAT] = IREN, RXINV
    uart.machine.inject(UART, uart.machine.now_ns + 1, BIT_TIME, 0, 0, 0, LEVEL)
    uart.start(ctrl=RE, fifo=RXFE)
    for character in (0x5a, 0x00, 0xff):
        receive(uart, character, active=1)
        assert received(uart) == [character] and not uart[STAT] & (FE | NF)


def test_levels_are_one_pulse(uart):
    """A sender without IREN: the decoder sees falling edges, of which 0x0f has one."""
    uart[MODIR] = IREN
    uart.start(ctrl=RE, fifo=RXFE)
    uart.receive(0x0f)
    uart.machine.step(int(12 * BIT_NS))
    assert received(uart) == [0xef]


def test_pulses_are_nothing_to_a_receiver_of_levels(uart):
    """They are over where a start bit is sampled."""
    uart.start(ctrl=RE, fifo=RXFE)
    receive(uart, 0x00, 3)
    assert uart[FIFO] & FIFO_RXEMPT and not uart[STAT] & (FE | NF)


def test_pulses_that_are_too_short(uart):
    """Less than half a clock of oversampling begins nothing."""
    uart[MODIR] = IREN
    uart.start(ctrl=RE, fifo=RXFE)
    start = uart.machine.now_ns + 2000 << 32
    pulse(uart, start, BIT_TIME // 40)
    uart.machine.step(int(4 * BIT_NS))
    receive(uart, 0x42)
    uart.machine.step(int(12 * BIT_NS))
    assert received(uart) == [0x42]


def test_turned_off_again(uart):
    uart[MODIR] = IREN
    uart.start(ctrl=RE, fifo=RXFE)
    uart[MODIR] = 0
    uart.receive(0x0f)
    assert received(uart) == [0x0f]


# ----------------------------------------------------------------------------- there and back

@pytest.mark.parametrize("tnp", range(4))
@pytest.mark.parametrize("inverted", [False, True])
def test_hears_its_own_pulses(uart, tnp, inverted):
    """On one wire: what goes out as pulses comes in as the same characters."""
    uart[MODIR] = IREN | tnp << TNP
    uart[STAT] = RXINV if inverted else 0
    uart.start(ctrl=TE | RE | LOOPS | RSRC | TXDIR | (TXINV if inverted else 0), fifo=RXFE | TXFE)
    sent = [0x00, 0x55, 0xa3, 0xff]
    uart.send(*sent)
    uart.machine.step(int(50 * BIT_NS))
    assert received(uart) == sent and not uart[STAT] & (FE | NF)


@pytest.mark.parametrize("iren", [0, IREN])
def test_break_is_heard(uart, iren):
    uart[MODIR] = iren
    uart[STAT] = LBKDE
    uart.start(ctrl=TE | RE | LOOPS | RSRC | TXDIR)
    uart[STAT] = LBKDE | 1 << 26  # BRK13
    uart[CTRL] = uart[CTRL] | SBK
    uart[CTRL] = uart[CTRL] & ~SBK
    uart.machine.step(int(30 * BIT_NS))
    assert uart[STAT] & LBKDIF


@pytest.mark.parametrize("after_ns", [100, 3_000, 9_000])
def test_saved_within_a_character(tmp_path, after_ns):
    def begin(machine):
        uart = Lpuart(machine)
        uart[MODIR] = IREN | 2 << TNP
        uart.start(ctrl=TE | RE | LOOPS | RSRC | TXDIR, fifo=RXFE | TXFE)
        uart.send(0x12, 0x34)
        machine.step(after_ns)

    def rest(machine):
        machine.step(50_000)
        return received(Lpuart(machine))

    assert rt1176.PART.round_trip(tmp_path, begin, rest) == [0x12, 0x34]
