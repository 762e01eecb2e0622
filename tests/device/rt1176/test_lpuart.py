"""LPUART (IMXRT1170RM, chapter "LPUART"): what it puts on the wire and when, what
it makes of what is on the wire, flags, FIFOs, interrupts.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest

BASE, UART, IRQ = 0x40090000, "lpuart6", 25
(VERID, PARAM, GLOBAL, PINCFG, BAUD, STAT, CTRL, DATA, MATCH, MODIR, FIFO, WATER) = range(0, 0x30, 4)
# BAUD
SBNS, LBKDIE, BOTHEDGE, M10, MAEN1 = 1 << 13, 1 << 15, 1 << 17, 1 << 29, 1 << 31
# STAT
MA1F, PF, FE, NF, OR, IDLE, RDRF, TC, TDRE, RAF, LBKDE, BRK13, RXINV, MSBF, LBKDIF = (
    1 << n for n in (15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 31))
# CTRL
PT, PE, ILT, M, LOOPS, M7, SBK, RE, TE, ILIE, RIE, TCIE, TIE, ORIE, TXINV = (
    1 << n for n in (0, 1, 2, 4, 7, 11, 16, 18, 19, 20, 21, 22, 23, 27, 28))
IDLECFG_SHIFT = 8
# DATA
RXEMPT, FRETSC, PARITYE, NOISY = 1 << 12, 1 << 13, 1 << 14, 1 << 15
# FIFO
RXFE, TXFE, RXUFE, RXFLUSH, TXFLUSH, RXUF, TXOF, FIFO_RXEMPT, FIFO_TXEMPT = (
    1 << n for n in (3, 7, 8, 14, 15, 16, 17, 22, 23))

PERIOD = qtest.clock_period(24_000_000)
BIT_TIME = 16 * PERIOD  # 24 MHz / 16: 1.5 Mbaud, as the link runs
BIT_NS = BIT_TIME / 2**32
BREAK = 2


class Lpuart(qtest.Block):
    def __init__(self, machine):
        super().__init__(machine, BASE)

    def start(self, ctrl=TE | RE, baud=0, fifo=0, water=0):
        """1.5 Mbaud; the idle character that TE sends first is over."""
        self[BAUD] = 15 << 24 | 1 | baud
        self[FIFO] = fifo
        self[WATER] = water
        self[CTRL] = ctrl
        self.machine.step(20_000)

    def send(self, *words):
        for word in words:
            self[DATA] = word

    def sent(self):
        return self.machine.symbols(UART)

    def receive(self, *words, data_bits=8, bit_time=BIT_TIME, span=None, until_end=True):
        """Back-to-back characters on the line; returns when the last has ended."""
        start = self.machine.now_ns + 1000
        nbits = data_bits + 2
        for word in words:
            self.machine.inject(UART, start, bit_time, qtest.frame_bits(word, data_bits), nbits,
                                span)
            start += -(-bit_time * nbits >> 32)
        if until_end:
            self.machine.step(start - self.machine.now_ns + 20)


@pytest.fixture
def uart(machine):
    return Lpuart(machine)


# ---------------------------------------------------------------- registers

def test_reset_values(uart):
    assert uart[PARAM] == 0x0202
    assert uart[BAUD] == 0x0f000004
    assert uart[STAT] == TC | TDRE
    assert uart[CTRL] == 0
    assert uart[FIFO] == 0x00c00011
    assert uart[WATER] == 0


@pytest.mark.parametrize("number", range(1, 13))
def test_twelve_of_them(machine, number):
    base = 0x4007c000 + 0x4000 * (number - 1) if number <= 10 else 0x40c24000 + 0x4000 * (number - 11)
    machine.write(base + CTRL, TE)
    machine.step(10_000_000)
    machine.write(base + DATA, 0x41)
    assert [s.bits for s in machine.symbols(f"lpuart{number}")] == [qtest.frame_bits(0x41)]
    machine.write(base + CTRL, TE | TIE)
    assert machine.irq(20 + number - 1)


def test_global_reset_holds_the_module(uart):
    uart.start(fifo=RXFE | TXFE)
    uart[GLOBAL] = 2
    uart[BAUD] = 1
    assert uart[BAUD] == 0x0f000004
    assert uart[GLOBAL] == 2
    uart[GLOBAL] = 0
    assert uart[FIFO] == 0x00c00011
    uart[BAUD] = 1
    assert uart[BAUD] == 1


# -------------------------------------------------------------- transmitter

def test_character_on_the_wire(uart):
    uart.start()
    now = uart.machine.now_ns
    uart.send(0xa5)
    assert uart.sent() == [qtest.Symbol(UART, now, BIT_TIME, qtest.frame_bits(0xa5), 10, 20, 1)]


def test_preamble_delays_the_first_character(uart):
    uart[BAUD] = 15 << 24 | 1
    uart[CTRL] = TE
    uart.send(0x55)
    uart.machine.step(6_665)
    assert not uart.sent()
    uart.machine.step(1)  # 10 bits of 666.67 ns
    assert uart.sent()[0].start_ns == 6_666


@pytest.mark.parametrize("ctrl, baud, word, bits, nbits, span", [
    (M7, 0, 0x55, 0x55 << 1 | 1 << 8, 9, 18),
    (M, 0, 0x155, 0x155 << 1 | 1 << 10, 11, 22),
    (0, M10, 0x2aa, 0x2aa << 1 | 1 << 11, 12, 24),
    (0, SBNS, 0x55, 0x55 << 1 | 1 << 9, 10, 22),
    (M | PE, 0, 0x01, 0x101 << 1 | 1 << 10, 11, 22),       # even: one 1, parity 1
    (M | PE | PT, 0, 0x01, 0x001 << 1 | 1 << 10, 11, 22),  # odd: parity 0
    (PE, 0, 0x03, 0x03 << 1 | 1 << 9, 10, 20),             # 7 data bits and parity
])
def test_frame_formats(uart, ctrl, baud, word, bits, nbits, span):
    uart.start(ctrl=TE | ctrl, baud=baud)
    uart.send(word)
    assert [(s.bits, s.nbits, s.span_half_bits) for s in uart.sent()] == [(bits, nbits, span)]


@pytest.mark.parametrize("osr, sbr, clocks", [(15, 1, 16), (0, 1, 16), (7, 3, 24), (31, 26, 832),
                                              (25, 8, 208)])
def test_bit_time_is_osr_plus_1_times_sbr(uart, osr, sbr, clocks):
    uart[BAUD] = osr << 24 | sbr
    uart[CTRL] = TE
    uart.machine.step(1_000_000)
    uart.send(0)
    assert uart.sent()[0].bit_time == clocks * PERIOD


def test_back_to_back_without_drift(uart):
    uart.start(fifo=TXFE)
    now = uart.machine.now_ns
    for n in range(100):
        while not uart[STAT] & TDRE:
            uart.machine.step(100)
        uart.send(n)
    uart.machine.step(1_000_000)
    symbols = uart.sent()
    assert len(symbols) == 100
    assert all(s.start_ns == now + (n * 10 * BIT_TIME >> 32) for n, s in enumerate(symbols))


def test_tdre_and_tc_without_fifo(uart):
    uart.start()
    uart.send(1)  # moves on at once
    assert uart[STAT] & (TDRE | TC) == TDRE
    uart.send(2)
    assert uart[STAT] & (TDRE | TC) == 0
    uart.machine.step(6_666)
    assert uart[STAT] & (TDRE | TC) == TDRE
    uart.machine.step(6_666)
    assert uart[STAT] & (TDRE | TC) == TDRE
    uart.machine.step(1)  # 20 bits of 666.67 ns
    assert uart[STAT] & (TDRE | TC) == TDRE | TC


@pytest.mark.parametrize("water, levels", [(0, [1, 0, 0, 0, 0]), (1, [1, 1, 0, 0, 0]),
                                           (3, [1, 1, 1, 1, 0])])
def test_tdre_follows_the_watermark(uart, water, levels):
    uart.start(fifo=TXFE, water=water)
    uart.send(0)
    seen = []
    for count in range(5):
        assert uart[WATER] >> 8 & 7 == count
        seen.append(int(bool(uart[STAT] & TDRE)))
        uart.send(0)
    assert seen == levels


def test_transmit_overflow_loses_the_word(uart):
    uart.start(fifo=TXFE)
    uart.send(*range(1, 7))  # one in the shifter, four in the FIFO, one too many
    assert uart[FIFO] & TXOF
    uart[FIFO] = TXFE | TXOF
    assert not uart[FIFO] & TXOF
    uart.machine.step(100_000)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1, 2, 3, 4, 5]


def test_fifos_that_are_switched_off_above_their_words(uart):
    uart.start(ctrl=TE | RE, fifo=RXFE | TXFE)
    uart.receive(0x41, 0x42)
    uart.send(1, 2, 3)
    uart[FIFO] = 0
    uart.send(4, 5, 6)
    assert uart[FIFO] & TXOF
    uart.receive(0x43, 0x44, 0x45)
    assert uart[STAT] & OR
    uart.machine.step(1_000_000)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1, 2, 3]
    assert [uart[DATA] & 0xff for _ in range(2)] == [0x41, 0x42]


def test_transmit_flush(uart):
    uart.start(fifo=TXFE)
    uart.send(1, 2, 3)
    uart[FIFO] = TXFE | TXFLUSH
    assert uart[FIFO] & (TXFLUSH | FIFO_TXEMPT) == FIFO_TXEMPT
    uart.machine.step(100_000)
    assert len(uart.sent()) == 1


def test_te_reads_1_until_the_character_has_ended(uart):
    uart.start()
    uart.send(0)
    uart[CTRL] = RE
    assert uart[CTRL] & TE
    uart.machine.step(6_700)
    assert not uart[CTRL] & TE


@pytest.mark.parametrize("stat, ctrl, zeros", [(0, 0, 10), (BRK13, 0, 13), (0, M, 11), (BRK13, M, 14),
                                               (0, M7, 9), (BRK13, M7, 12)])
def test_break_length(uart, stat, ctrl, zeros):
    uart.start(ctrl=TE | ctrl)
    uart[STAT] = stat
    uart[CTRL] = TE | ctrl | SBK
    uart[CTRL] = TE | ctrl
    uart.machine.step(100_000)
    assert [(s.kind, s.bits, s.nbits) for s in uart.sent()] == [(BREAK, 1 << zeros, zeros + 1)]


def test_break_by_fretsc(uart):
    uart.start(fifo=TXFE)
    uart.send(0x41, FRETSC, 0x42)
    uart.machine.step(100_000)
    assert [s.kind for s in uart.sent()] == [1, BREAK, 1]


def test_inverted_transmitter(uart):
    uart.start(ctrl=TE | TXINV)
    uart.send(0x0f)
    assert uart.sent()[-1].bits == ~qtest.frame_bits(0x0f) & 0xffff or (
        uart.sent()[-1].bits == ~qtest.frame_bits(0x0f) & 0x3ff)


def test_most_significant_bit_first(uart):
    uart.start(ctrl=TE)
    uart[STAT] = MSBF
    uart.send(0x01)
    assert uart.sent()[0].bits == qtest.frame_bits(0x80)


def test_byte_access_to_data(uart):
    uart.start()
    uart.machine.write(BASE + DATA, 0x5a, size=1)
    assert uart.sent()[0].bits == qtest.frame_bits(0x5a)


# ----------------------------------------------------------------- receiver

def test_character_is_there_at_the_end_of_its_stop_bit(uart):
    uart.start()
    start = uart.machine.now_ns + 1000
    uart.machine.inject(UART, start, BIT_TIME, qtest.frame_bits(0x5a), 10)
    end = start + (10 * BIT_TIME >> 32)
    uart.machine.step(end - 1 - uart.machine.now_ns)
    assert not uart[STAT] & RDRF
    uart.machine.step(2)
    assert uart[STAT] & RDRF
    assert uart[DATA] & 0x3ff == 0x5a
    assert not uart[STAT] & RDRF


@pytest.mark.parametrize("ctrl, baud, word, data_bits", [(M7, 0, 0x55, 7), (M, 0, 0x155, 9),
                                                         (0, M10, 0x2aa, 10)])
def test_received_formats(uart, ctrl, baud, word, data_bits):
    uart.start(ctrl=RE | ctrl, baud=baud)
    uart.receive(word, data_bits=data_bits)
    assert uart[DATA] & 0x3ff == word
    assert not uart[STAT] & (FE | NF | PF)


def test_receiver_that_is_off_hears_nothing(uart):
    uart.start(ctrl=TE)
    uart.receive(0x41)
    assert not uart[STAT] & RDRF


def test_receive_fifo_and_watermark(uart):
    uart.start(fifo=RXFE, water=1 << 16)
    uart.receive(0x41)
    assert not uart[STAT] & RDRF
    uart.receive(0x42)
    assert uart[STAT] & RDRF
    assert uart[WATER] >> 24 & 7 == 2
    assert [uart[DATA] & 0xff for _ in range(2)] == [0x41, 0x42]
    assert uart[FIFO] & FIFO_RXEMPT


def test_overrun_keeps_the_old_and_blocks_the_new(uart):
    uart.start(fifo=RXFE)
    uart.receive(1, 2, 3, 4)
    assert not uart[STAT] & OR
    uart.receive(5)
    assert uart[STAT] & OR
    assert [uart[DATA] & 0xff for _ in range(4)] == [1, 2, 3, 4]
    uart.receive(6)  # room, but OR is still set
    assert uart[FIFO] & FIFO_RXEMPT
    uart[STAT] = OR
    uart.receive(7)
    assert uart[DATA] & 0xff == 7


def test_one_character_without_fifo(uart):
    uart.start()
    uart.receive(1, 2)
    assert uart[STAT] & OR
    assert uart[DATA] & 0xff == 1


def test_receive_underflow(uart):
    uart.start(fifo=RXFE | RXUFE)
    assert uart[DATA] & RXEMPT
    assert uart[FIFO] & RXUF
    assert uart.machine.irq(IRQ)
    uart[FIFO] = RXFE | RXUFE | RXUF
    assert not uart.machine.irq(IRQ)


def test_receive_flush(uart):
    uart.start(fifo=RXFE)
    uart.receive(1, 2)
    uart[FIFO] = RXFE | RXFLUSH
    assert uart[FIFO] & FIFO_RXEMPT
    assert not uart[STAT] & RDRF


def test_framing_error(uart):
    uart.start()
    start = uart.machine.now_ns + 1000
    uart.machine.inject(UART, start, BIT_TIME, 0x55 << 1, 10)  # stop bit 0
    uart.machine.step(10_000)
    assert uart[STAT] & (FE | RDRF) == FE | RDRF
    assert uart[DATA] & (FRETSC | 0xff) == FRETSC | 0x55
    assert uart[STAT] & FE, "only writing 1 clears it"
    uart[STAT] = FE
    assert not uart[STAT] & FE


@pytest.mark.parametrize("ctrl, word, error", [(PE, 0x103, True), (PE, 0x003, False),
                                               (PE | PT, 0x103, False), (PE | PT, 0x003, True)])
def test_parity_error(uart, ctrl, word, error):
    uart.start(ctrl=RE | M | ctrl)
    uart.receive(word, data_bits=9)
    assert bool(uart[STAT] & PF) == error
    assert bool(uart[DATA] & PARITYE) == error


def test_error_flags_belong_to_the_oldest_character(uart):
    uart.start(fifo=RXFE)
    uart.receive(0x41)
    uart.machine.inject(UART, uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
    uart.machine.step(10_000)
    assert not uart[STAT] & FE
    assert not uart[DATA] & FRETSC
    assert uart[STAT] & FE
    assert uart[DATA] & FRETSC


def test_twice_the_baud_rate_is_not_understood(uart):
    uart.start()
    uart.receive(0x00, bit_time=2 * BIT_TIME)
    uart.machine.step(20_000)
    assert uart[STAT] & FE


@pytest.mark.parametrize("percent, words, understood", [
    (2, [0x55, 0xaa, 0x0f], True), (-2, [0x55, 0xaa, 0x0f], True), (8, [0], False), (-8, [0], False)])
def test_baud_rate_tolerance(uart, percent, words, understood):
    uart.start(fifo=RXFE)
    uart.receive(*words, bit_time=BIT_TIME * (100 + percent) // 100)
    uart.machine.step(20_000)
    got = [uart[DATA] for _ in range(uart[WATER] >> 24 & 7)]
    assert ([word & (0xff | FRETSC) for word in got] == words) == understood


@pytest.mark.parametrize("percent", [6, 8])
@pytest.mark.parametrize("resyncdis", [0, 1 << 16])
def test_resynchronisation(uart, resyncdis, percent):
    """BAUD[RESYNCDIS]: else a one followed by a zero is where bits are counted from."""
    uart.start(fifo=RXFE, baud=resyncdis)
    uart.receive(0x55, bit_time=BIT_TIME * (100 + percent) // 100)
    uart.machine.step(20_000)
    assert (uart[DATA] & (0xff | FRETSC) == 0x55) == (not resyncdis)


def test_inverted_receiver(uart):
    uart.machine.inject(UART, uart.machine.now_ns + 1, BIT_TIME, 0, 1, kind=3)  # idle is low
    uart.machine.step(1000)
    uart[STAT] = RXINV
    uart.start(ctrl=RE)
    start = uart.machine.now_ns + 1000
    uart.machine.inject(UART, start, BIT_TIME, ~qtest.frame_bits(0x3c) & 0x1ff, 9)
    uart.machine.inject(UART, start + 6_010, BIT_TIME, 0, 1, kind=3)  # the stop bit
    uart.machine.step(10_000)
    assert uart[DATA] & 0xff == 0x3c


def test_active_flag(uart):
    uart.start()
    uart.receive(0x00, until_end=False)
    uart.machine.step(990)
    assert not uart[STAT] & RAF
    uart.machine.step(1000)
    assert uart[STAT] & RAF
    uart.machine.step(10_000)
    assert not uart[STAT] & RAF


@pytest.mark.parametrize("idlecfg, characters", [(0, 1), (1, 2), (3, 8), (7, 128)])
def test_idle_after_stop_bit(uart, idlecfg, characters):
    """ILT = 1: 2^IDLECFG characters after the end of the stop bit."""
    uart.start(ctrl=RE | ILT | ILIE | idlecfg << IDLECFG_SHIFT)
    assert not uart[STAT] & IDLE
    uart.receive(0x41)
    ns = int(characters * 10 * BIT_NS)
    uart.machine.step(ns - 50)
    assert not uart[STAT] & IDLE
    assert not uart.machine.irq(IRQ)
    uart.machine.step(100)
    assert uart[STAT] & IDLE
    assert uart.machine.irq(IRQ)
    uart[STAT] = IDLE
    uart.machine.step(10 * ns)
    assert not uart[STAT] & IDLE, "once, until the next character"


def test_idle_counts_the_stop_bit_by_default(uart):
    uart.start(ctrl=RE)
    uart.receive(0x41)
    uart.machine.step(int(9 * BIT_NS) - 50)
    assert not uart[STAT] & IDLE
    uart.machine.step(100)
    assert uart[STAT] & IDLE


def test_receiver_idle_raises_rdrf_below_the_watermark(uart):
    uart.start(ctrl=RE | ILT, fifo=RXFE | 1 << 10, water=3 << 16)  # RXIDEN = 1
    uart.receive(0x41)
    assert not uart[STAT] & RDRF
    uart.machine.step(int(10 * BIT_NS) + 50)
    assert uart[STAT] & RDRF
    uart[DATA]
    assert not uart[STAT] & RDRF


@pytest.mark.parametrize("zeros, detected", [(10, False), (11, True), (13, True)])
def test_lin_break_detection(uart, zeros, detected):
    uart.start(ctrl=RE, baud=LBKDIE)
    uart[STAT] = LBKDE
    uart.machine.inject(UART, uart.machine.now_ns + 1000, BIT_TIME, 1 << zeros, zeros + 1, kind=BREAK)
    uart.machine.step(30_000)
    assert bool(uart[STAT] & LBKDIF) == detected
    assert uart.machine.irq(IRQ) == detected
    assert uart[FIFO] & FIFO_RXEMPT


def test_break_is_a_framing_error_otherwise(uart):
    uart.start(ctrl=RE)
    uart.machine.inject(UART, uart.machine.now_ns + 1000, BIT_TIME, 1 << 12, 13, kind=BREAK)
    uart.machine.step(30_000)
    assert uart[STAT] & FE
    assert uart[DATA] & (FRETSC | 0xff) == FRETSC


def test_address_match(uart):
    uart.start(ctrl=RE | M, baud=MAEN1, fifo=RXFE)
    uart[MATCH] = 0x123
    uart.receive(0x042, 0x124, 0x043, data_bits=9)  # no address yet, a foreign one, its data
    assert uart[FIFO] & FIFO_RXEMPT
    uart.receive(0x123, 0x044, data_bits=9)
    assert uart[STAT] & MA1F
    assert [uart[DATA] & 0x3ff for _ in range(2)] == [0x123, 0x044]


def test_loop_back(uart):
    uart.start(ctrl=TE | RE | LOOPS)
    uart.send(0x77)
    uart.machine.step(7_000)
    assert uart[DATA] & 0xff == 0x77
    uart.receive(0x41)  # the pin is not connected
    assert not uart[STAT] & RDRF


# --------------------------------------------------------------- interrupts

def test_interrupt_enables(uart):
    uart.start(ctrl=TE | RE)
    assert not uart.machine.irq(IRQ)
    uart[CTRL] = TE | RE | TIE
    assert uart.machine.irq(IRQ)
    uart[CTRL] = TE | RE | TCIE
    assert uart.machine.irq(IRQ)
    uart.send(0)
    assert not uart.machine.irq(IRQ)
    uart.machine.step(7_000)
    assert uart.machine.irq(IRQ)
    uart[CTRL] = TE | RE | RIE
    assert not uart.machine.irq(IRQ)
    uart.receive(1)
    assert uart.machine.irq(IRQ)
    uart[DATA]
    assert not uart.machine.irq(IRQ)


def test_overrun_interrupt(uart):
    uart.start(ctrl=RE | ORIE)
    uart.receive(1, 2)
    assert uart.machine.irq(IRQ)
    uart[STAT] = OR
    assert not uart.machine.irq(IRQ)
