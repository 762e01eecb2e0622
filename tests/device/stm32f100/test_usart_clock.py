"""Clock output and smartcard mode of the USARTs (RM0041 23.3.9, 23.3.11): CK and what
is sampled with it, guard time, NACK, stop bits of half a bit and one and a half.

USART2 at 1.5 Mbaud as in test_usart.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from test_usart import (BIT_TIME, BREAK, CHARACTER, CLKEN, CPHA, CPOL, CR1, CR2, CR3, DR, ERRORS,
                        FE, GTPR, IDLE, LBCL, M, NACK, PCE, PE, PERIOD, RE, RXNE, SBK, SCEN, SR,
                        STOP_1_HALF, STOP_HALF, TC, TE, TXE, UE, Usart, ns)

CK_PIN = {1: "PA8", 2: "PA4", 3: "PB12"}


@pytest.fixture(params=[1, 2, 3])
def each(machine, request):
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, request.param)
    stm32f100.pin_mode(machine, CK_PIN[uart.number], stm32f100.AF_OUTPUT)
    return uart


@pytest.fixture
def uart(machine):
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, 2)
    stm32f100.pin_mode(machine, CK_PIN[2], stm32f100.AF_OUTPUT)
    return uart


def ck_edges(uart, since_ns):
    """(half bits after @since_ns, level) of CK's edges."""
    half = BIT_TIME // 2
    found = []
    for at, level in stm32f100.edges(uart.machine, CK_PIN[uart.number]):
        if at >= since_ns:
            n = round(((at - since_ns) << 32) / half)
            assert abs(at - since_ns - (n * half >> 32)) <= 1  # characters start at whole ns
            found.append((n, level))
    return found


# ------------------------------------------------------------ synchronous mode (23.3.9)

@pytest.mark.parametrize("cpol", [0, CPOL])
@pytest.mark.parametrize("cpha", [0, CPHA])
@pytest.mark.parametrize("lbcl", [0, LBCL])
@pytest.mark.parametrize("m, data_bits", [(0, 8), (M, 9)])
def test_a_pulse_per_data_bit(uart, cpol, cpha, lbcl, m, data_bits):
    """Figures of the data clock timing: none for start and stop bit; LBCL: the last one, too.

    CPHA = 0: the first edge is in the middle of the bit, CPHA = 1: the second one.
    """
    uart.start(cr1=TE | m, cr2=CLKEN | cpol | cpha | lbcl)
    rest = int(cpol != 0)
    now = uart.machine.now_ns
    uart[DR] = 0x5a
    uart.machine.step(ns(20))
    first = 2 if cpha else 3  # half bits, after the start bit
    pulses = data_bits if lbcl else data_bits - 1
    assert ck_edges(uart, now) == [
        (first + n, rest if n % 2 else 1 - rest) for n in range(2 * pulses)]


def test_ck_on_its_pin(each):
    """7.3.7: CK of USART1 is PA8, of USART2 PA4, of USART3 PB12."""
    each.start(cr2=CLKEN | LBCL)
    now = each.machine.now_ns
    each[DR] = 0
    each.machine.step(ns(12))
    assert len(ck_edges(each, now)) == 16


def test_ck_of_usart3_remapped(machine):
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, 3)
    machine.write(0x40010004, 1 << 4)
    stm32f100.pin_mode(machine, "PC12", stm32f100.AF_OUTPUT)
    stm32f100.pin_mode(machine, "PC10", stm32f100.AF_OUTPUT)
    uart.start(cr2=CLKEN)
    now = machine.now_ns
    uart[DR] = 0
    machine.step(ns(12))
    assert len([e for e in stm32f100.edges(machine, "PC12") if e[0] >= now]) == 14


def test_ck_rests_at_cpol(each):
    """CK is driven from CLKEN and UE on, whether anything is sent or not."""
    pin = CK_PIN[each.number]

    def level():
        return each.machine.read(stm32f100.gpio(pin[1].lower()) + 8) >> int(pin[2:]) & 1

    each.start(cr1=RE, cr2=CPOL)
    assert level() == 0
    each[CR2] = CLKEN | CPOL
    assert level() == 1
    each[CR2] = CLKEN
    assert level() == 0
    each[CR1] = 0
    if each.number == 3:  # no timer's pin: it is the board's
        stm32f100.drive_pin(each.machine, pin, 1)
        assert level() == 1
    each[CR1] = UE
    assert level() == 0


def test_level_of_ck_within_a_bit(uart):
    """IDR reads the pin as it is now."""
    uart.start(cr1=TE, cr2=CLKEN | LBCL)
    now = uart.machine.now_ns
    uart[DR] = 0
    port = stm32f100.gpio("a")
    for n in range(24):
        uart.step_to(now + (n * BIT_TIME // 2 >> 32) + 20)
        assert uart.machine.read(port + 8) >> 4 & 1 == (3 <= n < 19 and n % 2)


def test_no_clock_for_break_and_idle_frame(uart):
    """23.3.9: CK is not active in the idle state, preamble and break."""
    uart.machine.step(1)
    now = uart.machine.now_ns
    uart.start(cr1=TE, cr2=CLKEN)
    uart[CR1] = UE | TE | SBK
    uart.machine.step(ns(30))
    assert [s.kind for s in uart.sent()] == [BREAK]
    assert ck_edges(uart, now) == []


def test_back_to_back_characters(uart):
    uart.start(cr1=TE, cr2=CLKEN | LBCL)
    now = uart.machine.now_ns
    uart[DR], uart[DR] = 1, 2
    uart.machine.step(ns(25))
    assert [n for n, _ in ck_edges(uart, now)] == [*range(3, 19), *range(23, 39)]


def test_interrupt_enables_do_not_disturb_the_clock(uart):
    uart.start(cr1=TE, cr2=CLKEN | LBCL)
    now = uart.machine.now_ns
    uart[DR] = 0
    for bit in range(8):
        uart.machine.step(ns(1))
        uart[CR1] = UE | TE | (1 << 7 if bit % 2 else 0)
    uart.machine.step(ns(4))
    assert len(ck_edges(uart, now)) == 16


def test_receives_with_its_own_clock(each):
    """What the line is in the middle of each data bit; no start bit, no stop bit."""
    each.start(cr2=CLKEN)
    now = each.machine.now_ns
    each[DR] = 0xff
    each.machine.inject(each.name, now + ns(1) + 1, BIT_TIME, 0xc5, 8)
    each.step_to(now + ns(10) - 1)
    assert not each[SR] & RXNE
    each.machine.step(1)
    assert each[SR] & (RXNE | ERRORS) == RXNE
    assert each[DR] == 0xc5


def test_line_at_0_is_no_framing_error_with_a_clock(uart):
    uart.start(cr2=CLKEN)
    uart.machine.inject("usart2", uart.machine.now_ns, ns(30) << 32, 0, 1)
    uart.machine.step(ns(1))
    uart[DR] = 0xff
    uart.machine.step(ns(10))
    assert uart[SR] & (RXNE | ERRORS) == RXNE
    assert uart[DR] == 0


def test_without_clock_nothing_is_received(uart):
    """23.3.9: no synchronous reception without transmission."""
    uart.start(cr2=CLKEN)
    uart.receive(0x55)
    uart.machine.step(ns(30))
    assert uart[SR] & (RXNE | IDLE) == 0


def test_exchange_of_many(uart):
    uart.start(cr2=CLKEN)
    for n in range(20):
        now = uart.machine.now_ns
        uart[DR] = n
        uart.machine.inject("usart2", now + ns(1), BIT_TIME, 255 - n, 8)
        uart.machine.step(ns(10) + 1)
        assert uart[DR] == 255 - n


# ----------------------------------------------------------------- smartcard (23.3.11)

CARD = M | PCE  # 8 data bits and parity


def test_character_comes_half_a_bit_later(each):
    """12 bits from character to character: 10 + 1.5 + 0.5."""
    each.start(cr1=TE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    now = each.machine.now_ns
    each[DR], each[DR] = 0x3b, 0x3b
    each.machine.step(ns(0.5) - 1)
    assert not each.sent()
    each.machine.step(ns(30))
    assert [s.start_ns for s in each.sent()] == [now + ns(0.5), now + ns(12.5)]


def test_switched_off_within_that_half_bit(uart):
    uart.start(cr1=TE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    uart[DR] = 1
    uart[CR1] = UE | CARD
    uart.machine.step(ns(30))
    assert not uart.sent()
    assert uart[SR] & TXE  # it was in the shift register and is lost


@pytest.mark.parametrize("guard", [0, 1, 12, 255])
def test_guard_time_delays_tc(each, guard):
    """23.6.7 GT: in bits, after the stop bits."""
    each.start(cr1=TE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    each[GTPR] = guard << 8 | 1
    each[SR] = 0
    end = each.machine.now_ns + ns(12) + ns(guard)
    each[DR] = 0x3b
    each.step_to(end - 2)
    assert not each[SR] & TC
    each.machine.step(3)
    assert each[SR] & TC


def test_guard_time_holds_no_character_back(uart):
    uart.start(cr1=TE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    uart[GTPR] = 100 << 8
    uart[SR] = 0
    uart[DR] = 1
    uart.machine.step(ns(20))
    now = uart.machine.now_ns
    uart[DR] = 2
    uart.machine.step(ns(1))
    assert [s.start_ns for s in uart.sent()][1:] == [now + ns(0.5)]
    uart.machine.step(ns(12))
    assert not uart[SR] & TC
    uart.machine.step(ns(100))
    assert uart[SR] & TC


def test_guard_time_is_the_smartcards_only(uart):
    uart.start(cr1=TE)
    uart[GTPR] = 100 << 8
    uart[SR] = 0
    uart[DR] = 1
    uart.machine.step(ns(10))
    assert uart[SR] & TC


def card_sends(uart, bits, at_ns=None):
    """Start bit, @bits (8 and parity), stop; returns its begin."""
    start = uart.machine.now_ns + 1000 if at_ns is None else at_ns
    uart.machine.inject(uart.name, start, BIT_TIME, bits << 1 | 1 << 10, 11)
    return start


@pytest.mark.parametrize("stop, stop_bits", [(STOP_HALF, 0.5), (STOP_1_HALF, 1.5)])
def test_nack_of_a_wrong_parity(each, stop, stop_bits):
    """The line is 0 for one bit after the frame, and that is no start bit."""
    each.start(cr1=TE | RE | CARD, cr2=stop, cr3=SCEN | NACK)
    start = card_sends(each, 0x001)
    end = start + ns(10 + stop_bits)
    each.step_to(end - 1)
    assert not each.sent()
    each.machine.step(1)
    assert each.sent() == [qtest.Symbol(each.name, end, BIT_TIME, 0, 1, 2, BREAK)]
    assert (each[SR] & (RXNE | ERRORS), each[DR]) == (RXNE | PE, 0x001)
    each.step_to(end + ns(5))
    start = card_sends(each, 0x101)
    each.step_to(start + ns(10 + stop_bits))
    assert (each[SR] & (RXNE | ERRORS), each[DR]) == (RXNE, 0x101)
    assert len(each.sent()) == 1


@pytest.mark.parametrize("cr2, cr3, word", [
    (STOP_1_HALF, SCEN, 0x001), (STOP_1_HALF, NACK, 0x001), (0, SCEN | NACK, 0x001),
    (STOP_1_HALF, SCEN | NACK, 0x101)])
def test_no_nack(uart, cr2, cr3, word):
    """Without NACK, without SCEN, with a whole stop bit, with the right parity."""
    uart.start(cr1=TE | RE | CARD, cr2=cr2, cr3=cr3)
    card_sends(uart, word)
    uart.machine.step(ns(20))
    assert uart[SR] & RXNE
    assert not uart.sent()


def test_nack_of_the_card_is_a_framing_error(each):
    """Sampled one bit after the stop bits' begin (samples 16, 17 and 18), seen at 1.5 bits."""
    each.start(cr1=TE | RE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    now = each.machine.now_ns
    each[DR] = 0x3b
    each.machine.inject(each.name, now + ns(11), BIT_TIME, 0, 1)
    each.step_to(now + ns(12) - 1)
    assert not each[SR] & (RXNE | FE)
    each.machine.step(1)
    assert each[SR] & (RXNE | ERRORS) == RXNE | FE
    each.machine.step(ns(20))
    each.clear()
    assert not each[SR] & RXNE  # the NACK was no start bit


def test_answer_without_nack(uart):
    """Its own character comes back whole."""
    uart.start(cr1=TE | RE | CARD, cr2=STOP_1_HALF, cr3=SCEN)
    uart[DR] = 0x3b
    uart.machine.step(ns(12))
    assert uart[SR] & (RXNE | ERRORS) == RXNE
    assert uart[DR] & 0xff == 0x3b
    assert [s.kind for s in uart.sent()] == [CHARACTER]


@pytest.mark.parametrize("at, error", [
    (10.0, False), (10.25, False), (10.75, False), (10.8125, True), (10.875, True), (11.0, True),
    (11.0625, False)])
def test_place_of_the_sample_of_one_and_a_half_stop_bits(uart, at, error):
    """A 0 of a quarter of a bit, @at bits after the begin of the character."""
    uart.start(cr1=RE | CARD, cr2=STOP_1_HALF)
    start = card_sends(uart, 0x0ff)
    pulse = start + (int(at * 32) * BIT_TIME // 32 >> 32) + 1
    uart.machine.inject("usart2", pulse, BIT_TIME // 4, 0, 1)
    uart.step_to(start + ns(11.5))
    assert bool(uart[SR] & FE) == error


@pytest.mark.parametrize("prescaler", [1, 2, 31])
def test_clock_of_the_card(each, prescaler):
    """23.6.7 PSC: CK is the peripheral clock divided by 2 x PSC[4:0], all the time."""
    each[GTPR] = 0xe0 | prescaler
    each[CR2], each[CR3] = CLKEN, SCEN
    each[CR1] = UE
    now = each.machine.now_ns
    each.machine.step(10_000)
    half = prescaler * PERIOD
    times = [at for at, _ in stm32f100.edges(each.machine, CK_PIN[each.number]) if at > now]
    assert times == [now + (n * half >> 32) for n in range(1, 300) if n * half >> 32 <= 10_000]
    each[CR2] = 0
    now = each.machine.now_ns
    each.machine.step(10_000)
    assert all(at <= now for at, _ in stm32f100.edges(each.machine, CK_PIN[each.number]))


@pytest.mark.parametrize("prescaler, cr1, cr2", [(0, UE, CLKEN), (1, 0, CLKEN), (1, UE, 0)])
def test_no_clock_of_the_card(uart, prescaler, cr1, cr2):
    uart[GTPR] = prescaler
    uart[CR2], uart[CR3] = cr2, SCEN
    uart[CR1] = cr1
    now = uart.machine.now_ns
    uart.machine.step(10_000)
    assert [e for e in stm32f100.edges(uart.machine, CK_PIN[2]) if e[0] > now] == []
