"""Single-wire half-duplex (RM0041 23.3.10), oversampling by 8 (23.3.3, 23.3.4), one
sample per bit (23.6.6, ONEBIT) and IrDA (23.3.12) of the USARTs.

USART2 at 1.5 Mbaud as in test_usart.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from test_usart import (BIT_TIME, BRR, CHARACTER, CR1, CR2, CR3, DR, ERRORS, FE, GTPR, HDSEL, IDLE,
                        IREN, LINEN, M, NE, ONEBIT, ORE, OVER8, PCE, PERIOD, RE, RX_PIN, RXNE, SBK,
                        SCEN, SR, STOP_2, TC, TE, TX_PIN, TXE, UE, Usart, ns)


@pytest.fixture
def uart(machine):
    stm32f100.run_from_hse(machine)
    return Usart(machine, 2)


@pytest.fixture(params=[1, 2, 3])
def each(machine, request):
    stm32f100.run_from_hse(machine)
    return Usart(machine, request.param)


# ------------------------------------------------------------- half-duplex (HDSEL)

def test_own_characters_come_back(each):
    """TX and RX are connected inside; the frame ends when the character does."""
    each.start(cr3=HDSEL)
    now = each.machine.now_ns
    each[DR] = 0xa5
    each.step_to(now + ns(10) - 1)
    assert not each[SR] & RXNE
    each.machine.step(1)
    assert each[SR] & (RXNE | ERRORS) == RXNE
    assert each[DR] == 0xa5


def test_back_to_back_echo(uart):
    uart.start(cr3=HDSEL)
    now = uart.machine.now_ns
    uart[DR] = 0
    for n in range(50):
        uart[DR] = n + 1
        uart.step_to(now + ns(10 * n + 10))
        assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, n)


@pytest.mark.parametrize("cr1, cr2, word, heard", [
    (M, 0, 0x155, 0x155), (PCE, 0, 0x01, 0x81), (PCE, 0, 0x03, 0x03),
    (M | PCE, STOP_2, 0x0fe, 0x1fe)])
def test_echo_of_other_formats(uart, cr1, cr2, word, heard):
    """With its parity bit."""
    uart.start(cr1=TE | RE | cr1, cr2=cr2, cr3=HDSEL)
    uart[DR] = word
    uart.machine.step(ns(13))
    assert uart[SR] & (RXNE | ERRORS) == RXNE
    assert uart[DR] == heard


def test_own_break_comes_back(uart):
    uart.start(cr3=HDSEL)
    uart[CR1] = UE | TE | RE | SBK
    uart.machine.step(ns(10))
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE | FE, 0)


def test_without_hdsel_there_is_no_echo(uart):
    uart.start()
    uart[DR] = 1
    uart.machine.step(ns(12))
    assert not uart[SR] & RXNE


def test_without_receiver_there_is_no_echo(uart):
    uart.start(cr1=TE, cr3=HDSEL)
    for word in range(20):
        uart[DR] = word
        uart.machine.step(ns(10))
    assert not uart[SR] & RXNE
    uart[CR1] = UE | TE | RE
    uart.machine.step(ns(20))
    uart.clear()
    uart[DR] = 0x42
    uart.machine.step(ns(10))
    assert uart[DR] == 0x42


def test_the_other_side_is_heard_on_the_same_wire(uart):
    """And the pin RX is free (23.3.10)."""
    uart.start(cr3=HDSEL)
    stm32f100.pin_mode(uart.machine, RX_PIN[2], stm32f100.OUTPUT)
    uart.receive(0x33)
    assert uart[DR] == 0x33
    uart[DR] = 0x44
    uart.machine.step(ns(11))
    assert uart[DR] == 0x44
    uart.receive(0x55)
    assert uart[DR] == 0x55


def test_it_needs_the_pin_of_tx(uart):
    uart.start(cr3=HDSEL)
    stm32f100.pin_mode(uart.machine, TX_PIN[2], stm32f100.INPUT_FLOATING)
    uart.receive(0x33)
    assert not uart[SR] & RXNE
    stm32f100.pin_mode(uart.machine, TX_PIN[2], stm32f100.AF_OPEN_DRAIN)
    uart.receive(0x33)
    assert uart[DR] == 0x33


def test_collision_is_the_and_of_both(uart):
    """Conflicts are the software's to avoid; the line is open drain."""
    uart.start(cr3=HDSEL)
    now = uart.machine.now_ns
    uart[DR] = 0xf0
    uart.machine.inject("usart2", now, BIT_TIME, qtest.frame_bits(0x3c), 10)
    uart.machine.step(ns(10))
    assert uart[DR] == 0x30


def test_transmission_is_not_held_by_reception(uart):
    uart.start(cr3=HDSEL)
    start = uart.receive(0xff, until_end=False)
    uart.step_to(start + ns(3))
    now = uart.machine.now_ns
    uart[DR] = 0x00
    assert [s.start_ns for s in uart.sent()] == [now]
    uart.machine.step(ns(12))
    assert uart[SR] & RXNE
    assert uart[DR] != 0xff


def test_echo_counts_for_idle(uart):
    uart.start(cr3=HDSEL)
    now = uart.machine.now_ns
    uart[DR] = 0
    uart.step_to(now + ns(20) - 1)
    assert not uart[SR] & IDLE
    uart.machine.step(1)
    assert uart[SR] & IDLE


def test_hdsel_taken_back(uart):
    uart.start(cr3=HDSEL)
    uart[DR] = 1
    uart.machine.step(ns(2))
    uart[CR3] = 0
    uart[DR] = 2
    uart.machine.step(ns(30))
    assert not uart[SR] & RXNE
    uart.receive(0x55)
    assert uart[DR] == 0x55


def test_unread_echo_is_an_overrun(uart):
    uart.start(cr3=HDSEL)
    uart[DR], uart[DR] = 1, 2
    uart.machine.step(ns(20))
    assert uart[SR] & (RXNE | ORE) == RXNE | ORE
    assert uart[DR] == 1


def tx_level(uart):
    pin = TX_PIN[uart.number]
    return uart.machine.read(stm32f100.gpio(pin[1].lower()) + 8) >> int(pin[2:]) & 1


def test_tx_between_characters(each):
    """23.3: high while the transmitter is on."""
    each.start(cr1=TE)
    assert tx_level(each) == 1
    each[CR1] = UE
    assert tx_level(each) == 0
    each[CR1] = UE | TE
    assert tx_level(each) == 1
    each[CR1] = TE
    assert tx_level(each) == 0


def test_tx_is_left_to_the_board(machine):
    """When the transmitter is off, and between characters on a single wire (23.3.10).

    USART3: its pin is no timer's.
    """
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, 3)
    uart.start(cr1=TE)
    uart[CR3] = HDSEL
    for cr1 in (UE | TE, UE):
        uart[CR1] = cr1
        for board in (0, 1):
            stm32f100.drive_pin(machine, TX_PIN[3], board)
            assert tx_level(uart) == board


# --------------------------------------------------------------- OVER8 (23.3.4)

@pytest.mark.parametrize("brr, periods", [(0x10, 8), (0x11, 9), (0x17, 15), (0x1b5, 221),
                                          (0xfff7, 0x7fff), (0x18, 8), (0x1f, 15)])
def test_usartdiv_with_oversampling_by_8(each, brr, periods):
    """8 x USARTDIV periods; the fraction has three bits, the fourth is not looked at."""
    each[CR1] = OVER8
    each.start(cr1=TE | OVER8, brr=brr)
    each[SR] = 0
    now = each.machine.now_ns
    each[DR] = 0x5a
    assert [s.bit_time for s in each.sent()] == [periods * PERIOD]
    each.machine.step(ns(10, periods * PERIOD) - 1)
    assert not each[SR] & TC
    each.machine.step(1)
    assert each[SR] & TC
    assert each.machine.now_ns == now + ns(10, periods * PERIOD)


def test_three_megabaud_from_24_mhz(uart):
    """23.2: the highest rate."""
    uart.start(cr1=TE | RE | OVER8, brr=0x10)
    uart.receive(0xc5, bit_time=8 * PERIOD)
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, 0xc5)


@pytest.mark.parametrize("brr", [1, 7, 15])
def test_usartdiv_below_1_with_oversampling_by_8(uart, brr):
    uart.start(cr1=TE | OVER8, brr=brr)
    uart[DR] = 1
    uart.machine.step(50_000)
    assert not uart.sent()


@pytest.mark.parametrize("cr2, cr3", [(LINEN, 0), (0, SCEN), (0, IREN)])
def test_oversampling_by_8_is_not_everywhere(each, cr2, cr3):
    """23.6.4: forced to 0 with LINEN, SCEN, IREN."""
    each[CR1] = OVER8
    assert each[CR1] == OVER8
    each[CR2], each[CR3] = cr2, cr3
    assert each[CR1] == 0
    each[CR1] = OVER8 | M
    assert each[CR1] == M


# --------------------------------------------------- samples of a bit (23.3.3), ONEBIT

def glitch(uart, thirtyseconds, bit_time=BIT_TIME):
    """0xff, in whose third data bit the line is 0 for a 32nd, around the place."""
    start = uart.machine.now_ns + 1000
    uart.machine.inject(uart.name, start, bit_time, 0b1110, 4)
    at = start + ns(4, bit_time)
    piece = bit_time // 32
    pulse = at + ((2 * thirtyseconds - 1) * piece // 2 >> 32)
    uart.machine.inject(uart.name, pulse, piece, 0, 1)
    uart.step_to(start + ns(10, bit_time))


@pytest.mark.parametrize("over8, places", [(0, (15, 17, 19)), (OVER8, (14, 18, 22))])
@pytest.mark.parametrize("place", range(8, 28))
def test_samples_8_9_10_of_16_or_4_5_6_of_8(uart, over8, places, place):
    brr = 0xa00 if not over8 else 0x1400  # 2560 periods either way
    uart.start(cr1=RE | over8, brr=brr)
    glitch(uart, place, 2560 * PERIOD)
    assert uart[SR] & (RXNE | ERRORS) == (RXNE | NE if place in places else RXNE)
    assert uart[DR] == 0xff


@pytest.mark.parametrize("over8, centre", [(0, 17), (OVER8, 18)])
@pytest.mark.parametrize("place", range(10, 26))
def test_one_sample_in_the_middle(uart, over8, centre, place):
    """ONEBIT: the middle sample decides alone and there is no noise."""
    uart.start(cr1=RE | over8, cr3=ONEBIT, brr=0xa00 if not over8 else 0x1400)
    glitch(uart, place, 2560 * PERIOD)
    assert uart[SR] & (RXNE | ERRORS) == RXNE
    assert uart[DR] == (0xf7 if place == centre else 0xff)


# ------------------------------------------------------------------- IrDA (23.3.12)

def test_irda_needs_its_prescaler(each):
    """PSC = 0: encoder and decoder stand still; the character takes its time."""
    each.start(cr3=IREN)
    each[SR] = 0
    each[DR] = 1
    assert not each.sent()
    each.machine.step(ns(10))
    assert each[SR] & TC
    each.receive(2)
    assert not each[SR] & RXNE
    each[GTPR] = 1
    each[DR] = 3
    assert [(s.bits, s.kind) for s in each.sent()] == [(qtest.frame_bits(3), CHARACTER)]
    each.machine.step(ns(11))
    each.receive(4)
    assert each[DR] == 4


def test_irda_is_deaf_while_it_sends(uart):
    uart[GTPR] = 1
    uart.start(cr3=IREN)
    uart[DR] = 1
    uart.receive(2)
    assert not uart[SR] & RXNE
    uart.machine.step(ns(2))
    uart.receive(3)
    assert uart[DR] == 3
    assert uart[BRR] == 16
    assert uart[SR] & TXE
