"""Migration of a USART in the middle of what test_vmstate.py does not have: a
character on a single wire, a break of LIN, a clocked character, a guard time.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_usart import (BIT_TIME, CLKEN, CR1, CTSE, DR, GTPR, HDSEL, LBCL, LBD, LINEN, M, PCE,
                        RE, RTSE, RWU, RXNE, SCEN, SR, STOP_1_HALF, TC, TE, UE, Usart, ns)

WINDOW_BITS = 40


def own_echo(machine):
    """A character of its own is half heard, a second one waits in DR."""
    uart = Usart(machine, 2)
    uart.start(cr3=HDSEL)
    uart[DR], uart[DR] = 0xa5, 0x3c
    machine.step(ns(4.5))
    return uart


def single_wire_break(machine):
    """Its own break, which is not over, is a LIN break to itself."""
    uart = Usart(machine, 2)
    uart.start(cr2=LINEN, cr3=HDSEL)
    uart[CR1] = UE | TE | RE | 1
    machine.step(ns(11))
    return uart


def clocked(machine):
    """Three pulses of CK are over."""
    uart = Usart(machine, 2)
    stm32f100.pin_mode(machine, "PA4", stm32f100.AF_OUTPUT)
    uart.start(cr2=CLKEN | LBCL)
    uart[DR] = 0x5a
    machine.step(ns(4.25))
    return uart


def smartcard(machine):
    """In the guard time; the clock of the card goes on."""
    uart = Usart(machine, 2)
    stm32f100.pin_mode(machine, "PA4", stm32f100.AF_OUTPUT)
    uart[GTPR] = 10 << 8 | 31
    uart.start(cr1=TE | M | PCE, cr2=STOP_1_HALF | CLKEN, cr3=SCEN)
    uart[SR] = 0
    uart[DR] = 0x3b
    machine.step(ns(15))
    return uart


def smartcard_delay(machine):
    """In the half bit before the character."""
    uart = Usart(machine, 2)
    uart.start(cr1=TE | M | PCE, cr2=STOP_1_HALF, cr3=SCEN)
    uart[SR] = 0
    uart[DR] = 0x3b
    machine.step(150)
    return uart


def muted(machine):
    """A character has been heard, then RWU set: an echo's end will wake it."""
    uart = Usart(machine, 2)
    uart.start(cr3=HDSEL)
    uart[DR] = 1
    machine.step(ns(11))
    uart.clear()
    uart[CR1] = UE | TE | RE | RWU
    uart[DR] = 2
    machine.step(ns(3))
    return uart


def held_by_cts(machine):
    """nCTS is high, a character waits, nRTS is low."""
    uart = Usart(machine, 2)
    stm32f100.drive_pin(machine, "PA0", 1)
    stm32f100.pin_mode(machine, "PA1", stm32f100.AF_OUTPUT)
    uart.start(cr3=CTSE | RTSE)
    uart[DR] = 1
    machine.step(ns(3))
    return uart


def watch(machine):
    """Registers, then symbols and edges with their times, bit by bit from now on."""
    uart = Usart.__new__(Usart)
    uart.machine, uart.number, uart.base, uart.name = machine, 2, 0x40004400, "usart2"
    start = machine.now_ns
    seen = []
    for n in range(WINDOW_BITS):
        if n == 30:
            stm32f100.drive_pin(machine, "PA0", 0)
        machine.step(BIT_TIME >> 32)
        seen.append((uart[SR], uart[CR1], machine.read(stm32f100.gpio("a") + 8)))
    seen.append(uart[DR])
    symbols = [(s.start_ns - start, s.bits) for s in uart.sent() if s.start_ns >= start]
    edges = [(at - start, level) for at, level in stm32f100.edges(machine, "PA4") if at > start]
    return seen, symbols, edges


@pytest.mark.parametrize("prepare, amid", [
    (own_echo, lambda seen, symbols, edges: seen[-1] == 0xa5 and len(symbols) == 1),
    (single_wire_break, lambda seen, *_: seen[0][0] & LBD == 0 and seen[-2][0] & LBD),
    (clocked, lambda seen, symbols, edges: len(edges) == 10 and seen[-1] == 0xff
     and seen[-2][0] & RXNE),
    (smartcard, lambda seen, symbols, edges: not seen[0][0] & TC and seen[-2][0] & TC
     and len(edges) > 15),
    (smartcard_delay, lambda seen, symbols, edges: len(symbols) == 1 and seen[-2][0] & TC),
    (muted, lambda seen, *_: seen[0][1] & RWU and not seen[-2][1] & RWU),
    (held_by_cts, lambda seen, symbols, edges: len(symbols) == 1 and not seen[0][2] & 2),
])
def test_goes_on_on_the_other_side(tmp_path, prepare, amid):
    def prepare_clocked(machine):
        stm32f100.run_from_hse(machine)
        prepare(machine)

    expected = stm32f100.round_trip(tmp_path, prepare_clocked, watch)
    assert amid(*expected), expected
