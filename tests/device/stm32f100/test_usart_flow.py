"""Hardware flow control of the USARTs (RM0041 23.3.14): nRTS and nCTS on their pins.

USART2 at 1.5 Mbaud as in test_usart.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_usart import (BREAK, CHARACTER, CR1, CR3, CTS, CTSE, CTSIE, DMAR, DMAT, DR, IRQ, RE, RTSE,
                        RXNE, SBK, SR, TC, TE, TXE, UE, Usart, ns, start_channel)

CTS_PIN = {1: "PA11", 2: "PA0", 3: "PB13"}
RTS_PIN = {1: "PA12", 2: "PA1", 3: "PB14"}
AFIO_MAPR = 0x40010004


@pytest.fixture(params=[1, 2, 3])
def uart(machine, request):
    """nCTS is pulled up by the part until the board drives it."""
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, request.param)
    cts(uart, 0)
    stm32f100.pin_mode(machine, CTS_PIN[uart.number], stm32f100.INPUT_FLOATING)
    stm32f100.pin_mode(machine, RTS_PIN[uart.number], stm32f100.AF_OUTPUT)
    return uart


def cts(uart, level):
    stm32f100.drive_pin(uart.machine, CTS_PIN[uart.number], level)


def rts(uart):
    pin = RTS_PIN[uart.number]
    return uart.machine.read(stm32f100.gpio(pin[1].lower()) + 8) >> int(pin[2:]) & 1


# ---------------------------------------------------------------------------- nCTS

def test_character_waits_for_cts(uart):
    uart.start(cr3=CTSE)
    cts(uart, 1)
    uart[DR] = 1
    uart.machine.step(50_000)
    assert not uart.sent()
    assert not uart[SR] & TXE
    now = uart.machine.now_ns
    cts(uart, 0)
    assert [s.start_ns for s in uart.sent()] == [now]
    assert uart[SR] & TXE


def test_current_character_is_completed(uart):
    uart.start(cr3=CTSE)
    uart[SR] = 0
    uart[DR], uart[DR] = 1, 2
    uart.machine.step(ns(3))
    cts(uart, 1)
    uart.machine.step(50_000)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1]
    assert not uart[SR] & (TC | TXE)
    cts(uart, 0)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1, 2]


def test_cts_is_looked_at_before_the_next_character_only(uart):
    """A level that comes and goes within a character has no effect but the flag."""
    uart.start(cr3=CTSE)
    now = uart.machine.now_ns
    uart[DR], uart[DR] = 1, 2
    uart.machine.step(ns(2))
    cts(uart, 1)
    uart.machine.step(ns(2))
    cts(uart, 0)
    uart.machine.step(50_000)
    assert [s.start_ns for s in uart.sent()] == [now, now + ns(10)]


def test_without_ctse_nothing_waits(uart):
    uart.start()
    cts(uart, 1)
    uart[DR] = 1
    assert len(uart.sent()) == 1
    assert not uart[SR] & CTS


def test_break_does_not_wait(uart):
    """Note of 23.3.14: nCTS is not checked before a break."""
    uart.start(cr3=CTSE)
    cts(uart, 1)
    uart[DR] = 1
    uart[CR1] = UE | TE | SBK
    uart.machine.step(50_000)
    assert [s.kind for s in uart.sent()] == [BREAK]
    cts(uart, 0)
    assert [s.kind for s in uart.sent()] == [BREAK, CHARACTER]


@pytest.mark.parametrize("mode", [0x0, stm32f100.OUTPUT, stm32f100.AF_OUTPUT])
def test_cts_needs_its_pin(uart, mode):
    uart.start(cr3=CTSE)
    stm32f100.pin_mode(uart.machine, CTS_PIN[uart.number], mode)
    uart[DR] = 1
    uart.machine.step(50_000)
    assert not uart.sent()


def test_cts_pulled_by_the_part(uart):
    """7.1.9: an input with pull-up, ODR = 1, that nobody drives."""
    uart.start(cr3=CTSE)
    cts(uart, None)
    pin = CTS_PIN[uart.number]
    port = stm32f100.gpio(pin[1].lower())
    stm32f100.pin_mode(uart.machine, pin, stm32f100.INPUT_PULLED)
    uart.machine.write(port + 0x10, 1 << int(pin[2:]))
    uart[DR] = 1
    assert not uart.sent()
    uart.machine.write(port + 0x14, 1 << int(pin[2:]))
    assert len(uart.sent()) == 1


def test_both_edges_set_cts(uart):
    """23.6.1: CTS is set when nCTS toggles; it is cleared by writing 0."""
    uart.start(cr3=CTSE)
    for level in (1, 0, 1):
        assert not uart[SR] & CTS
        cts(uart, level)
        assert uart[SR] & CTS
        uart.clear()
        uart[SR] = 0xffffffff
        assert uart[SR] & CTS
        uart[SR] = ~CTS & 0xffffffff
    cts(uart, 1)
    assert not uart[SR] & CTS


def test_cts_interrupt(uart):
    uart.start(cr3=CTSE | CTSIE)
    assert not uart.irq()
    cts(uart, 1)
    assert uart.irq()
    assert not any(uart.machine.irq(n) for n in IRQ.values() if n != uart.irq_number)
    uart[CR3] = CTSE
    assert not uart.irq()
    uart[CR3] = CTSE | CTSIE
    uart[SR] = ~CTS & 0xffffffff
    assert not uart.irq()


def test_cts_without_clock_is_not_seen(uart):
    uart.start(cr3=CTSE)
    stm32f100.clock_off(uart.machine, uart.name)
    cts(uart, 1)
    stm32f100.clock_on(uart.machine, uart.name)
    assert not uart[SR] & CTS


def test_dma_waits_for_cts(uart):
    uart.start()
    channel = {1: 4, 2: 7, 3: 2}[uart.number]
    start_channel(uart.machine, channel, uart.base + DR, 0x20000000, 3, 1 << 7 | 1 << 4 | 1)
    uart[CR3] = CTSE
    cts(uart, 1)
    uart[CR3] = CTSE | DMAT
    uart.machine.step(50_000)
    assert uart.machine.read(0x40020000 + 0x14 * channel - 8) == 2
    cts(uart, 0)
    uart.machine.step(50_000)
    assert len(uart.sent()) == 3


@pytest.mark.parametrize("number, mapr, pin", [(1, 1 << 2, "PA11"), (3, 1 << 4, "PB13")])
def test_remapping_leaves_cts(machine, number, mapr, pin):
    """7.3.7: USART1_REMAP and the partial remap of USART3 move TX, RX and CK only."""
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, number)
    machine.write(AFIO_MAPR, mapr)
    stm32f100.pin_mode(machine, {1: "PB6", 3: "PC10"}[number], stm32f100.AF_OUTPUT)
    stm32f100.pin_mode(machine, pin, stm32f100.INPUT_FLOATING)
    stm32f100.drive_pin(machine, pin, 1)
    uart.start(cr3=CTSE)
    uart[DR] = 1
    assert not uart.sent()
    stm32f100.drive_pin(machine, pin, 0)
    assert len(uart.sent()) == 1


# ---------------------------------------------------------------------------- nRTS

def test_rts_is_low_while_there_is_room(uart):
    uart.start(cr1=RE, cr3=RTSE)
    assert rts(uart) == 0
    start = uart.receive(1, until_end=False)
    uart.step_to(start + ns(10) - 1)
    assert rts(uart) == 0
    uart.machine.step(1)
    assert uart[SR] & RXNE
    assert rts(uart) == 1
    uart[DR]
    assert rts(uart) == 0


def test_edges_of_rts_have_their_times(uart):
    uart.start(cr1=RE, cr3=RTSE)
    start = uart.receive(1)
    uart.machine.step(1_000)
    end = uart.machine.now_ns
    uart[DR]
    seen = stm32f100.edges(uart.machine, RTS_PIN[uart.number])
    assert seen[-2:] == [(start + ns(10), 1), (end, 0)]


def test_rts_by_dma_is_a_short_pulse(uart):
    uart.start(cr1=RE, cr3=RTSE | DMAR)
    channel = {1: 5, 2: 6, 3: 3}[uart.number]
    start_channel(uart.machine, channel, uart.base + DR, 0x20000000, 3, 1 << 7 | 1)
    uart.receive(1, 2)
    assert rts(uart) == 0
    assert not uart[SR] & RXNE


def test_without_rtse_rts_is_not_driven(uart):
    uart.start(cr1=RE)
    uart.receive(1)
    for level in (0, 1) if uart.number != 2 else ():  # PA1 is a timer's, too
        stm32f100.drive_pin(uart.machine, RTS_PIN[uart.number], level)
        assert rts(uart) == level
    stm32f100.drive_pin(uart.machine, RTS_PIN[uart.number], 0)
    uart[CR3] = RTSE
    assert rts(uart) == 1
    uart[CR3] = 0
    assert rts(uart) == 0


@pytest.mark.parametrize("cr1", [UE | TE, RE])
def test_receiver_that_is_off_has_no_room(uart, cr1):
    uart.start(cr1=RE, cr3=RTSE)
    uart[CR1] = cr1
    assert rts(uart) == 1


def test_rts_after_a_reset(uart):
    uart.start(cr1=RE, cr3=RTSE)
    uart.receive(1)
    uart.machine.qmp.command("system_reset")
    stm32f100.clock_on(uart.machine, uart.name, f"gpio{RTS_PIN[uart.number][1].lower()}")
    stm32f100.pin_mode(uart.machine, RTS_PIN[uart.number], stm32f100.AF_OUTPUT)
    assert rts(uart) == 0
