"""Mute mode of the USARTs (RM0041 23.3.6): woken by an idle line or by an address.

USART2 at 1.5 Mbaud as in test_usart.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_usart import (BIT_TIME, CR1, CR2, CR3, DMAR, DR, EIE, ERRORS, FE, IDLE, IDLEIE, M, ORE,
                        PCE, PS, RE, RWU, RXNE, RXNEIE, SR, UE, WAKE, Usart, ns)

ADDRESS = 0x80  # mark of a character of 8 bits


@pytest.fixture(params=[1, 2, 3])
def uart(machine, request):
    """A receiver that has heard a character and an idle line."""
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, request.param)
    uart.start(cr1=RE)
    uart.receive(0)
    uart.machine.step(ns(11))
    uart.clear()
    return uart


def heard(uart, *words, data_bits=8):
    """Which of @words, each of which is followed by a short pause, set RXNE."""
    got = []
    for word in words:
        uart.receive(word, data_bits=data_bits)
        if uart[SR] & RXNE:
            got.append(uart[DR])
    return got


# ------------------------------------------------------------- idle line (WAKE = 0)

def test_muted_receiver_sets_no_flag(uart):
    uart[CR1] = UE | RE | RWU | RXNEIE | IDLEIE
    uart[CR3] = DMAR | EIE
    assert uart[CR1] & RWU
    uart.receive(1, 2)
    uart.machine.inject(uart.name, uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
    uart.machine.step(1000 + ns(10))
    assert uart[SR] & (RXNE | IDLE | ERRORS) == 0
    assert not uart.irq()
    assert uart[CR1] & RWU


def test_idle_line_wakes_it_without_idle(uart):
    """RWU is cleared by hardware; IDLE is not set."""
    uart[CR1] = UE | RE | RWU
    start = uart.receive(1, until_end=False)
    uart.step_to(start + ns(20) - 1)
    assert uart[CR1] & RWU
    uart.machine.step(1)
    assert not uart[CR1] & RWU
    assert uart[SR] & (RXNE | IDLE) == 0
    assert heard(uart, 2) == [2]


def test_no_waking_between_back_to_back_characters(uart):
    uart[CR1] = UE | RE | RWU
    uart.receive(*range(10))
    assert uart[CR1] & RWU


def test_software_wakes_it(uart):
    uart[CR1] = UE | RE | RWU
    assert heard(uart, 1) == []
    uart[CR1] = UE | RE
    assert heard(uart, 2) == [2]


def test_rwu_can_be_set_with_rxne_while_wake_is_0(uart):
    uart.receive(1)
    uart[CR1] = UE | RE | RWU
    assert uart[CR1] & RWU
    uart.receive(2)
    assert uart[SR] & (RXNE | ORE) == RXNE
    assert uart[DR] == 1


def test_needs_a_character_before(machine):
    """23.6.4, note 1 on RWU: it cannot be woken by an idle line otherwise."""
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, 2)
    uart.start(cr1=RE | RWU)
    for _ in range(2):
        uart.receive(1)
        machine.step(ns(30))
        assert uart[CR1] & RWU
    uart[CR1] = UE | RE
    uart.receive(1)
    uart[CR1] = UE | RE | RWU
    uart.receive(2)
    machine.step(ns(30))
    assert not uart[CR1] & RWU


def test_switching_the_receiver_off_forgets_the_character(uart):
    uart[CR1] = UE
    uart[CR1] = UE | RE | RWU
    uart.receive(1)
    uart.machine.step(ns(30))
    assert uart[CR1] & RWU


# ------------------------------------------------------------- address mark (WAKE = 1)

def start_addressed(uart, address, cr1=0):
    uart[CR2] = address
    uart[CR1] = UE | RE | WAKE | cr1


@pytest.mark.parametrize("address", range(16))
def test_own_address_only(uart, address):
    """The four lowest bits; RXNE is set for the address itself, not for another's."""
    start_addressed(uart, address, RWU)
    others = [ADDRESS | n for n in range(16) if n != address]
    assert heard(uart, 1, *others, 2) == []
    assert uart[CR1] & RWU
    assert heard(uart, ADDRESS | address, 3, 4) == [ADDRESS | address, 3, 4]
    assert not uart[CR1] & RWU


def test_another_address_mutes(uart):
    """RWU is set by hardware; the address sets no RXNE."""
    start_addressed(uart, 5)
    assert heard(uart, 1, ADDRESS | 6, 2, ADDRESS | 5, 3) == [1, ADDRESS | 5, 3]
    start_addressed(uart, 5)
    assert heard(uart, ADDRESS | 6) == []
    assert uart[CR1] & RWU


def test_bits_between_mark_and_address_do_not_count(uart):
    start_addressed(uart, 5, RWU)
    assert heard(uart, ADDRESS | 0x70 | 5) == [ADDRESS | 0x70 | 5]


@pytest.mark.parametrize("cr1, data_bits, mark, word", [
    (M, 9, 0x100, 0x005), (PCE, 8, 0x40, 0x05), (PCE | PS, 8, 0x40, 0x05),
    (PCE | M, 9, 0x80, 0x05)])
def test_mark_is_the_last_data_bit(uart, cr1, data_bits, mark, word):
    """23.3.7: not the parity bit."""
    def with_parity(value):
        if not cr1 & PCE:
            return value
        odd = bin(value).count("1") & 1
        return value | (odd ^ bool(cr1 & PS)) << data_bits - 1

    start_addressed(uart, 5, RWU | cr1)
    address, other, data = (with_parity(n) for n in (mark | word, mark | 6, word))
    assert heard(uart, data, other, data_bits=data_bits) == []
    assert heard(uart, address, data, data_bits=data_bits) == [address, data]
    assert uart[SR] & ERRORS == 0
    assert heard(uart, other, data, data_bits=data_bits) == []


def test_idle_line_does_not_wake_it(uart):
    start_addressed(uart, 5, RWU)
    uart.receive(1)
    uart.machine.step(ns(40))
    assert uart[CR1] & RWU
    assert not uart[SR] & IDLE


@pytest.mark.parametrize("before", [0, RWU])
def test_rwu_cannot_be_written_with_rxne(uart, before):
    """23.6.4, note 2 on RWU."""
    start_addressed(uart, 5)
    uart.receive(1)
    if before:
        uart[DR]
        uart[CR1] = UE | RE | WAKE | RWU
        uart.receive(ADDRESS | 5)
        assert uart[CR1] & RWU == 0
    uart[CR1] = UE | RE | WAKE | RWU
    assert uart[CR1] & RWU == 0
    uart[DR]
    uart[CR1] = UE | RE | WAKE | RWU
    assert uart[CR1] & RWU


def test_own_address_on_a_full_receiver_is_an_overrun(uart):
    start_addressed(uart, 5)
    uart.receive(1, ADDRESS | 5)
    assert uart[SR] & (RXNE | ORE) == RXNE | ORE
    assert uart[DR] == 1


def test_muted_characters_ask_for_no_dma(uart):
    start_addressed(uart, 5, RWU)
    uart[CR3] = DMAR
    channel = {1: 5, 2: 6, 3: 3}[uart.number]
    base = 0x40020008 + 0x14 * (channel - 1)
    stm32f100.clock_on(uart.machine, "dma1")
    for offset, value in ((4, 9), (8, uart.base + DR), (12, 0x20000000), (0, 1 << 7 | 1)):
        uart.machine.write(base + offset, value)
    uart.receive(1, ADDRESS | 4, 2, ADDRESS | 5, 3)
    assert uart.machine.read(base + 4) == 7
    assert [uart.machine.read(0x20000000 + n, size=1) for n in range(2)] == [ADDRESS | 5, 3]
    assert not uart[SR] & FE
