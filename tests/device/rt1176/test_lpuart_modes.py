"""LPUART (IMXRT1170RM, chapter "LPUART"): idle lines, match functions, single wire and loop
mode, active edges, CTS_B and RTS_B, narrow accesses.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176
from test_lpuart import (BASE, BAUD, BIT_NS, BIT_TIME, CTRL, DATA, FE, FIFO, FIFO_RXEMPT, FRETSC,
                         GLOBAL, IDLE, IDLECFG_SHIFT, ILT, IRQ, LBKDE, LBKDIF, LOOPS, MA1F, MAEN1,
                         MATCH, MODIR, MSBF, PINCFG, RDRF, RE, RXFE, RXINV, STAT, TC, TE, TXFE,
                         TXINV, UART, WATER, Lpuart)

MAEN2, MA2F = 1 << 30, 1 << 14
MATCFG_SHIFT, RXIDEN_SHIFT = 18, 10
RWU, WAKE, RSRC, TXDIR, SBK = 1 << 17, 1 << 3, 1 << 5, 1 << 29, 1 << 16
RXEDGIE, RXEDGIF = 1 << 14, 1 << 30
TXCTSE, TXRTSE, TXRTSPOL, RXRTSE, TXCTSC, TXCTSSRC = (1 << n for n in range(6))
IREN = 1 << 18


@pytest.fixture
def uart(machine):
    return Lpuart(machine)


def set_cts(uart, level):
    uart.machine.ask(f"set_irq_in /machine/lpuart6 cts 0 {level}")


def rts(uart):
    return [(int(time), int(level)) for word, name, time, level in
            (line.split() for line in uart.machine.qmp.wire_log().splitlines()
             if line.startswith("edge ")) if name == "LPUART6_RTS_B"]


def received(uart):
    """What the FIFO holds."""
    return [uart[DATA] & 0x3ff for _ in range(uart[WATER] >> 24 & 7)]


# --------------------------------------------------------------- idle lines

@pytest.mark.parametrize("character, ones", [(0x00, 0), (0x80, 1), (0xc0, 2), (0x7f, 0), (0xff, 8)])
@pytest.mark.parametrize("idlecfg", [0, 2])
def test_idle_time_begins_with_the_last_ones(uart, character, ones, idlecfg):
    """ILT = 0: ones at the end of the character count, from its start bit on."""
    uart.start(ctrl=RE | idlecfg << IDLECFG_SHIFT, fifo=RXFE)
    uart.receive(character)
    bits = 10 * (1 << idlecfg) - 1 - ones
    uart.machine.step(int(bits * BIT_NS) - 60)
    assert not uart[STAT] & IDLE
    uart.machine.step(100)
    assert uart[STAT] & IDLE


@pytest.mark.parametrize("idlecfg, rxiden", [(0, 2), (2, 1), (1, 5), (3, 3)])
def test_idlecfg_and_rxiden_count_on_their_own(uart, idlecfg, rxiden):
    uart.start(ctrl=RE | ILT | idlecfg << IDLECFG_SHIFT, fifo=RXFE | rxiden << RXIDEN_SHIFT,
               water=3 << 16)
    uart.receive(0x41)
    start = uart.machine.now_ns
    times = sorted([(10 << idlecfg, IDLE), (10 << rxiden - 1, RDRF)])
    seen = 0
    for bits, flag in times:
        uart.machine.step(int(bits * BIT_NS) - 60 - (uart.machine.now_ns - start))
        assert uart[STAT] & (IDLE | RDRF) == seen
        uart.machine.step(100)
        seen |= flag
        assert uart[STAT] & (IDLE | RDRF) == seen


# ---------------------------------------------------------- match functions

def test_idle_match(uart):
    """MATCFG 1: the first character after an idle line is the address."""
    uart.start(ctrl=RE | ILT, baud=MAEN1 | MAEN2 | 1 << MATCFG_SHIFT, fifo=RXFE)
    uart[MATCH] = 0x33 << 16 | 0x22
    uart.receive(0x22)  # no idle line before it
    assert uart[FIFO] & FIFO_RXEMPT
    uart.machine.step(int(11 * BIT_NS))
    uart.receive(0x44, 0x22)
    assert uart[FIFO] & FIFO_RXEMPT
    assert not uart[STAT] & (MA1F | MA2F)
    uart.machine.step(int(11 * BIT_NS))
    uart.receive(0x22, 0x44)
    assert received(uart) == [0x22, 0x44]
    assert uart[STAT] & (MA1F | MA2F) == MA1F
    uart.machine.step(int(11 * BIT_NS))
    uart.receive(0x33, 0x01)
    assert received(uart) == [0x33, 0x01]
    assert uart[STAT] & MA2F


def test_match_on_match_off(uart):
    """MATCFG 2: from MA1 on, up to MA2, which is discarded."""
    uart.start(ctrl=RE, baud=MAEN1 | MAEN2 | 2 << MATCFG_SHIFT, fifo=RXFE)
    uart[MATCH] = 0x33 << 16 | 0x22
    uart.receive(0x11, 0x22, 0x44, 0x33, 0x55)
    assert received(uart) == [0x22, 0x44]
    assert uart[STAT] & (MA1F | MA2F) == MA1F | MA2F
    uart[STAT] = MA1F
    assert uart[STAT] & (MA1F | MA2F) == MA2F
    uart.receive(0x66, 0x22)
    assert received(uart) == [0x22]


def test_data_match_wakes_the_receiver(uart):
    """MATCFG 3."""
    uart.start(ctrl=RE | RWU | WAKE, baud=MAEN1 | 3 << MATCFG_SHIFT, fifo=RXFE)
    uart[MATCH] = 0x22
    uart.receive(0x11, 0x22, 0x44)
    assert received(uart) == [0x22, 0x44]
    assert not uart[CTRL] & RWU
    assert uart[STAT] & MA1F


def test_address_match_takes_ma2(uart):
    """MATCFG 0 with the second address."""
    uart.start(ctrl=RE, baud=MAEN2, fifo=RXFE)
    uart[MATCH] = 0x91 << 16
    uart.receive(0x90, 0x01, 0x91, 0x02)
    assert received(uart) == [0x91, 0x02]
    assert uart[STAT] & (MA1F | MA2F) == MA2F


# ------------------------------------------------ loop mode and single wire

def test_loop_mode_stays_inside(uart):
    uart.start(ctrl=TE | RE | LOOPS, fifo=RXFE | TXFE)
    uart.send(0x77, 0x11)
    uart.machine.step(14_000)
    assert received(uart) == [0x77, 0x11]
    assert uart.sent() == []
    assert uart[STAT] & TC


def test_break_in_loop_mode(uart):
    uart.start(ctrl=TE | RE | LOOPS, fifo=RXFE)
    uart[CTRL] = TE | RE | LOOPS | SBK
    uart[CTRL] = TE | RE | LOOPS
    uart.machine.step(10_000)
    assert uart[STAT] & FE
    assert uart[DATA] & (FRETSC | 0xff) == FRETSC
    uart[STAT] = FE | LBKDE
    uart[CTRL] = TE | RE | LOOPS | SBK
    uart[CTRL] = TE | RE | LOOPS
    uart.machine.step(10_000)
    assert uart[STAT] & LBKDIF


def test_single_wire_hears_itself_and_the_other(uart):
    """LOOPS and RSRC: TXD is input and, with TXDIR, output."""
    uart.start(ctrl=TE | RE | LOOPS | RSRC | TXDIR, fifo=RXFE)
    uart.send(0x5a)
    assert [s.bits for s in uart.sent()] == [qtest.frame_bits(0x5a)]
    uart.machine.step(7_000)
    assert received(uart) == [0x5a]
    uart.receive(0x3c)
    assert received(uart) == [0x3c]


def test_single_wire_as_input_sends_nothing(uart):
    uart.start(ctrl=TE | RE | LOOPS | RSRC, fifo=RXFE)
    uart.send(0x5a)
    assert not uart[STAT] & TC
    uart.machine.step(7_000)
    assert uart[STAT] & TC
    assert uart.sent() == []
    assert uart[FIFO] & FIFO_RXEMPT
    uart.receive(0x3c)
    assert received(uart) == [0x3c]


# ------------------------------------------------------------- active edges

def test_active_edge(uart):
    uart.start(ctrl=RE, baud=RXEDGIE)
    uart.receive(0xff, until_end=False)
    uart.machine.step(1000)
    assert not uart[STAT] & RXEDGIF
    uart.machine.step(int(BIT_NS / 16) + 1)
    assert uart[STAT] & RXEDGIF
    assert uart.machine.irq(IRQ)
    uart[STAT] = RXEDGIF
    assert not uart[STAT] & RXEDGIF
    uart.machine.step(5_000)
    assert not uart[STAT] & RXEDGIF, "no other edge in 0xFF"
    uart.machine.step(5_000)
    assert uart[DATA] & 0xff == 0xff, "watching does not disturb"
    uart.receive(0x0f, until_end=False)
    uart.machine.step(1500)
    uart[STAT] = RXEDGIF
    uart.machine.step(2000)
    assert not uart[STAT] & RXEDGIF
    uart.machine.step(1000)
    assert uart[STAT] & RXEDGIF, "edges in the data count, too"


def test_active_edge_is_rising_with_rxinv(uart):
    uart.start(ctrl=RE, baud=RXEDGIE)
    uart[STAT] = RXINV
    uart.machine.inject(UART, uart.machine.now_ns + 1000, BIT_TIME, 0, 1, kind=3)
    uart.machine.step(2000)
    assert not uart[STAT] & RXEDGIF
    uart.machine.inject(UART, uart.machine.now_ns + 1000, BIT_TIME, 1, 1, kind=1)
    uart.machine.step(2000)
    assert uart[STAT] & RXEDGIF


def test_edge_flag_without_its_interrupt(uart):
    uart.start(ctrl=RE)
    uart.receive(0x41)
    assert uart[STAT] & RXEDGIF
    assert not uart.machine.irq(IRQ)


# --------------------------------------------------------- CTS_B and RTS_B

def test_cts_holds_characters_back(uart):
    uart.start(fifo=TXFE)
    uart[MODIR] = TXCTSE
    uart.send(1, 2)
    uart.machine.step(20_000)
    assert uart.sent() == [], "nobody drives CTS_B: it is high"
    set_cts(uart, 0)
    assert len(uart.sent()) == 1
    uart.machine.step(1000)
    set_cts(uart, 1)
    uart.machine.step(20_000)
    assert len(uart.sent()) == 1, "the character goes to its end, the next does not begin"
    assert not uart[STAT] & TC
    set_cts(uart, 0)
    uart.machine.step(7_000)
    assert len(uart.sent()) == 2
    assert uart[STAT] & TC


def test_cts_asked_when_idle(uart):
    """TXCTSC."""
    uart.start(fifo=TXFE)
    uart[MODIR] = TXCTSE | TXCTSC
    set_cts(uart, 0)
    uart.send(1, 2, 3)
    set_cts(uart, 1)
    uart.machine.step(30_000)
    assert len(uart.sent()) == 3
    uart.send(4)
    uart.machine.step(30_000)
    assert len(uart.sent()) == 3


def test_match_in_place_of_cts(uart):
    """TXCTSSRC: MA1 lets characters go, MA2 stops them."""
    uart.start(baud=MAEN1 | MAEN2 | 3 << MATCFG_SHIFT, fifo=TXFE | RXFE)
    uart[MATCH] = 0x13 << 16 | 0x11
    uart[MODIR] = TXCTSE | TXCTSSRC
    set_cts(uart, 0)
    uart.send(1)
    uart.machine.step(10_000)
    assert uart.sent() == []
    uart.receive(0x11)
    uart.machine.step(10_000)
    assert len(uart.sent()) == 1
    uart.receive(0x13)
    uart.send(2)
    uart.machine.step(10_000)
    assert len(uart.sent()) == 1


@pytest.mark.parametrize("polarity, asserted", [(0, 0), (TXRTSPOL, 1)])
def test_rts_of_the_transmitter(uart, polarity, asserted):
    """TXRTSE: a bit time before the first start bit until one after the last stop bit."""
    uart.start(fifo=TXFE)
    uart[MODIR] = TXRTSE | polarity
    assert rts(uart)[-1][1] != asserted
    now = uart.machine.now_ns
    uart.send(1, 2)
    assert rts(uart)[-1] == (now, asserted)
    assert uart.sent() == []
    uart.machine.step(int(BIT_NS) + 1)
    assert uart.sent()[0].start_ns == now + int(BIT_NS)
    uart.machine.step(int(21 * BIT_NS) - 10)
    assert rts(uart)[-1][1] == asserted
    assert uart[STAT] & TC
    uart.machine.step(20)
    assert rts(uart)[-1][1] != asserted
    assert rts(uart)[-1][0] - now in (int(22 * BIT_NS), int(22 * BIT_NS) + 1)
    assert len(rts(uart)) in (2, 3)


def test_character_within_the_last_bit_of_rts(uart):
    """It goes out at once, and RTS_B stays asserted."""
    uart.start()
    uart[MODIR] = TXRTSE
    uart.send(1)
    uart.machine.step(int(11 * BIT_NS) + 100)
    assert rts(uart)[-1][1] == 0
    now = uart.machine.now_ns
    uart.send(2)
    assert uart.sent()[-1].start_ns == now
    uart.machine.step(int(10 * BIT_NS))
    assert rts(uart)[-1][1] == 0
    uart.machine.step(1000)
    assert rts(uart)[-1][1] == 1


def test_rts_of_the_receiver(uart):
    """RXRTSE: negated with the start bit of the character that fills the FIFO."""
    uart.start(fifo=RXFE)
    uart[MODIR] = RXRTSE
    assert rts(uart)[-1][1] == 0
    uart.receive(1, 2, 3)
    assert rts(uart)[-1][1] == 0
    start = uart.machine.now_ns + 1000
    uart.receive(4, until_end=False)
    uart.machine.step(2000)
    assert rts(uart)[-1] == (start + int(BIT_NS / 16), 1)
    uart.machine.step(10_000)
    assert rts(uart)[-1][1] == 1
    now = uart.machine.now_ns
    assert received(uart) == [1, 2, 3, 4]
    assert rts(uart)[-1] == (now, 0)


@pytest.mark.parametrize("rtswater", [0, 1, 2])
def test_rts_leaves_room(uart, rtswater):
    uart.start(fifo=RXFE)
    uart[MODIR] = RXRTSE | rtswater << 8
    seen = []
    for character in range(4):
        uart.receive(character)
        seen.append(rts(uart)[-1][1])
    assert seen == [0] * (3 - rtswater) + [1] * (1 + rtswater)


def test_receiver_that_is_off_negates_rts(uart):
    uart.start(fifo=RXFE)
    uart[MODIR] = RXRTSE
    uart[CTRL] = TE
    assert rts(uart)[-1][1] == 1


def test_rts_pin_is_quiet_unless_it_is_used(uart):
    uart.start()
    uart.send(1)
    uart.machine.step(10_000)
    assert rts(uart) == []


# ---------------------------------------------------------------- registers

@pytest.mark.parametrize("register, writable", [
    (PINCFG, 0x3), (BAUD, 0xffbfffff), (MATCH, 0x03ff03ff), (MODIR, 0x0007033f), (WATER, 0x00030003)])
def test_writable_bits(uart, register, writable):
    uart[register] = 0xffffffff
    assert uart[register] == writable


@pytest.mark.parametrize("register, value", [(BAUD, 0x0f234567), (MATCH, 0x01020304),
                                             (CTRL, 0x0012c456), (MODIR, 0x0003031f)])
def test_narrow_accesses(uart, register, value):
    uart[register] = 0
    for byte in range(4):
        uart.machine.write(BASE + register + byte, value >> 8 * byte & 0xff, size=1)
    assert uart[register] == value & (0x03ff03ff if register == MATCH else 0xffffffff)
    uart.machine.write(BASE + register, 0, size=2)
    assert uart[register] & 0xffff == 0
    assert uart.machine.read(BASE + register + 2, size=2) == uart[register] >> 16


def test_narrow_write_clears_no_flag_elsewhere(uart):
    uart.start(fifo=RXFE)
    uart.receive(0x41)
    assert uart[STAT] & RXEDGIF
    uart[STAT] = MSBF | RXEDGIF
    uart.receive(0x41)
    uart.machine.write(BASE + STAT, 0xff, size=1)
    assert uart[STAT] & (RXEDGIF | MSBF) == RXEDGIF | MSBF
    uart.machine.write(BASE + STAT + 3, RXEDGIF >> 24, size=1)
    assert uart[STAT] & (RXEDGIF | MSBF) == 0


def test_trigger_in_place_of_rxd_is_silent(uart):
    """PINCFG[TRGSEL] = 1: the trigger comes from the crossbar, whose outputs are low after reset."""
    uart[PINCFG] = 1
    uart.start(ctrl=RE)
    uart.receive(0x41)
    assert not uart[STAT] & RDRF


def test_trigger_in_place_of_cts(uart):
    """PINCFG[TRGSEL] = 2: low, so characters go, whatever the pin has"""
    uart.start()
    uart[MODIR] = TXCTSE
    set_cts(uart, 1)
    uart.send(0x41)
    uart.machine.step(int(30 * BIT_NS))
    assert uart.sent() == []
    uart[PINCFG] = 2
    uart.machine.step(int(30 * BIT_NS))
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [0x41]


def test_trigger_modulates_txd(uart):
    """PINCFG[TRGSEL] = 3: TXD, behind TXINV, ANDed with the trigger: low"""
    for ctrl in (0, TXINV):
        uart[PINCFG] = 0
        uart.start(ctrl=TE | ctrl)
        uart.machine.step(int(30 * BIT_NS))
        uart[PINCFG] = 3
        before = len(uart.sent())
        uart.send(0x41)
        uart.machine.step(int(30 * BIT_NS))
        assert uart[STAT] & TC and len(uart.sent()) == before
    uart[PINCFG] = 0
    levels = [s for s in uart.machine.symbols(UART) if s.kind == 3]
    assert len(levels) == 3  # the trigger's low, high without it, TXINV's low, which it leaves


def test_reset_takes_the_modem_lines_back(uart):
    uart.start(fifo=RXFE)
    uart[MODIR] = RXRTSE
    uart[GLOBAL] = 2
    uart[GLOBAL] = 0
    assert uart[MODIR] == 0
    assert rts(uart)[-1][1] == 1


def test_state_goes_along(tmp_path):
    state = tmp_path / "state"
    with rt1176.qtest_machine(tmp_path) as source:
        uart = Lpuart(source)
        uart.start(baud=RXEDGIE | MAEN1 | MAEN2 | 2 << MATCFG_SHIFT, fifo=TXFE | RXFE)
        uart[MATCH] = 0x33 << 16 | 0x22
        uart[MODIR] = TXRTSE
        uart.receive(0x22)
        uart.send(1)
        set_cts(uart, 0)
        now_ns = source.now_ns
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(now_ns)
        uart = Lpuart(target)
        assert received(uart) == [0x22]
        target.step(10_000)
        assert [s.bits for s in uart.sent()] == [qtest.frame_bits(1)]
        assert rts(uart)[-1][1] == 1
        uart.receive(0x44)
        assert received(uart) == [0x44], "the match is still on"
        uart[MODIR] = TXCTSE
        uart.send(2)
        assert len(uart.sent()) == 2, "CTS_B is still low"
