"""USART1 to USART3 (RM0041 chapter 23): what they put on the wire and when, what
they make of what is on the wire, flags, interrupts, DMA requests.

Unless a test says otherwise it uses USART2 at 24 MHz and 1.5 Mbaud, as the link does.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100

SR, DR, BRR, CR1, CR2, CR3, GTPR = range(0, 0x1c, 4)
PE, FE, NE, ORE, IDLE, RXNE, TC, TXE, LBD, CTS = (1 << n for n in range(10))
SBK, RWU, RE, TE, IDLEIE, RXNEIE, TCIE, TXEIE, PEIE, PS, PCE, WAKE, M, UE, OVER8 = (
    1 << n for n in (*range(14), 15))
STOP_1, STOP_HALF, STOP_2, STOP_1_HALF = (n << 12 for n in range(4))
LBDL, LBDIE, LBCL, CPHA, CPOL, CLKEN, LINEN = (1 << n for n in (5, 6, 8, 9, 10, 11, 14))
EIE, IREN, IRLP, HDSEL, NACK, SCEN, DMAR, DMAT, RTSE, CTSE, CTSIE, ONEBIT = (
    1 << n for n in range(12))
ERRORS = PE | FE | NE | ORE

BASE = {1: 0x40013800, 2: 0x40004400, 3: 0x40004800}
IRQ = {1: 37, 2: 38, 3: 39}
TX_PIN = {1: "PA9", 2: "PA2", 3: "PB10"}
RX_PIN = {1: "PA10", 2: "PA3", 3: "PB11"}
DMA_CHANNEL = {1: (4, 5), 2: (7, 6), 3: (2, 3)}  # TX, RX: table 57
APB_RESET = {1: (stm32f100.RCC_APB2RSTR, 14), 2: (stm32f100.RCC_APB1RSTR, 17),
             3: (stm32f100.RCC_APB1RSTR, 18)}

PERIOD = qtest.clock_period(stm32f100.HSE_HZ)
BIT_TIME = 16 * PERIOD
CHARACTER, BREAK, LEVEL = 1, 2, 3
DMA1, SRAM = 0x40020000, 0x20000000


def ns(bits, bit_time=BIT_TIME):
    """Whole nanoseconds that have passed after @bits."""
    return int(2 * bits) * bit_time // 2 >> 32


class Usart(qtest.Block):
    def __init__(self, machine, number):
        super().__init__(machine, BASE[number])
        self.number, self.name, self.irq_number = number, f"usart{number}", IRQ[number]
        stm32f100.clock_on(machine, self.name, "afio")

    def start(self, cr1=TE | RE, cr2=0, cr3=0, brr=16):
        """On its pin; the idle frame that TE sends first, and its echo IDLE, are over."""
        stm32f100.pin_mode(self.machine, TX_PIN[self.number], stm32f100.AF_OUTPUT)
        self[BRR], self[CR2], self[CR3] = brr, cr2, cr3
        self[CR1] = UE | cr1
        self.machine.step(20 * brr * 125)
        self.clear()

    def clear(self):
        """SR, then DR: returns what they were."""
        return self[SR], self[DR]

    def sent(self):
        return self.machine.symbols(self.name)

    def receive(self, *words, data_bits=8, bit_time=BIT_TIME, until_end=True):
        """Back-to-back characters on the line; returns when the first starts."""
        first = start = self.machine.now_ns + 1000
        for word in words:
            self.machine.inject(self.name, start, bit_time, qtest.frame_bits(word, data_bits),
                                data_bits + 2)
            start += -(-bit_time * (data_bits + 2) >> 32)
        if until_end:
            self.step_to(start)
        return first

    def step_to(self, time_ns):
        self.machine.step(time_ns - self.machine.now_ns)

    def irq(self):
        return self.machine.irq(self.irq_number)


@pytest.fixture
def uart(machine):
    stm32f100.run_from_hse(machine)
    return Usart(machine, 2)


@pytest.fixture(params=[1, 2, 3])
def each(machine, request):
    """Each of the three."""
    stm32f100.run_from_hse(machine)
    return Usart(machine, request.param)


# ---------------------------------------------------------------- registers (23.6)

def test_reset_values(each):
    assert [each[n] for n in range(0, 0x1c, 4)] == [TC | TXE, 0, 0, 0, 0, 0, 0]


def test_reserved_bits_read_0(each):
    """23.6.3 to 23.6.7."""
    for register, expected in ((BRR, 0xffff), (CR1, 0xbfff), (CR2, 0x7f6f), (CR3, 0x0fff),
                               (GTPR, 0xffff)):
        each[register] = 0xffffffff
        assert each[register] == expected


def test_no_register_behind_gtpr(uart):
    uart[0x1c] = 0xffffffff
    assert uart[0x1c] == 0


def test_without_clock_reads_0_and_ignores_writes(each):
    stm32f100.check_clock_gate(each, each.name, BRR, range(0, 0x1c, 4))
    assert each[SR] == TC | TXE


def test_reset_by_rcc(each):
    """6.3.4, 6.3.5: USARTxRST."""
    each.start(cr3=DMAT | DMAR)
    each.receive(1)
    register, bit = APB_RESET[each.number]
    each.machine.write(register, 1 << bit)
    each.machine.write(register, 0)
    assert [each[n] for n in range(0, 0x1c, 4)] == [TC | TXE, 0, 0, 0, 0, 0, 0]


def test_narrow_reads(uart):
    uart[BRR] = 0xabcd
    assert uart.machine.read(uart.base + BRR, size=2) == 0xabcd
    assert uart.machine.read(uart.base + BRR + 2, size=2) == 0
    assert [uart.machine.read(uart.base + BRR + n, size=1) for n in range(4)] == [0xcd, 0xab, 0, 0]


def test_narrow_writes_reach_all_lanes(uart):
    """2.1: the AHB/APB bridge turns them into words by repetition."""
    uart.machine.write(uart.base + BRR, 0x12, size=1)
    assert uart[BRR] == 0x1212
    uart.machine.write(uart.base + BRR + 1, 0x34, size=1)
    assert uart[BRR] == 0x3434
    uart.machine.write(uart.base + BRR, 0x5678, size=2)
    assert uart[BRR] == 0x5678


@pytest.mark.parametrize("size", [1, 2, 4])
def test_data_of_any_width(uart, size):
    uart.start()
    uart.machine.write(uart.base + DR, 0x5a, size=size)
    assert [s.bits for s in uart.sent()] == [qtest.frame_bits(0x5a)]
    uart.receive(0xc3)
    assert uart.machine.read(uart.base + DR, size=size) == 0xc3
    assert not uart[SR] & RXNE


# -------------------------------------------------------------- transmitter (23.3.2)

def test_character_on_the_wire(each):
    each.start()
    now = each.machine.now_ns
    each[DR] = 0xa5
    assert each.sent() == [qtest.Symbol(each.name, now, BIT_TIME, qtest.frame_bits(0xa5), 10, 20,
                                        CHARACTER)]


@pytest.mark.parametrize("hse, brr", [(False, 16), (False, 17), (False, 69), (False, 833),
                                      (True, 16), (True, 208), (True, 2500), (True, 0xffff)])
def test_bit_time_is_brr_clock_periods(machine, hse, brr):
    """23.3.4: baud = f / (16 USARTDIV), BRR = 16 USARTDIV; TC at the last stop bit's end."""
    period = qtest.clock_period(stm32f100.HSI_HZ)
    if hse:
        stm32f100.run_from_hse(machine)
        period = PERIOD
    uart = Usart(machine, 1)
    uart.start(brr=brr)
    uart[SR] = 0
    now = machine.now_ns
    uart[DR] = 0x155
    assert [(s.start_ns, s.bit_time) for s in uart.sent()] == [(now, brr * period)]
    machine.step(ns(10, brr * period) - 1)
    assert not uart[SR] & TC
    machine.step(1)
    assert uart[SR] & TC


def test_apb_prescaler_slows_the_line(uart):
    """6.3.2: PPRE1 = 101, PCLK1 = HCLK / 4."""
    stm32f100.modify(uart.machine, stm32f100.RCC_CFGR, 0, 5 << 8)
    uart.start()
    uart[DR] = 0
    assert uart.sent()[0].bit_time == 4 * BIT_TIME


@pytest.mark.parametrize("cr1, cr2, bits", [(0, STOP_1, 11), (M, STOP_1, 12), (0, STOP_2, 12),
                                            (0, STOP_HALF, 10.5), (M, STOP_1_HALF, 12.5)])
def test_idle_frame_comes_first(uart, cr1, cr2, bits):
    """One bit time after TE (23.6.4), an idle frame, which includes its stop bits (23.3.1)."""
    stm32f100.pin_mode(uart.machine, "PA2", stm32f100.AF_OUTPUT)
    uart[BRR], uart[CR2] = 16, cr2
    now = uart.machine.now_ns
    uart[CR1] = UE | TE | cr1
    uart[DR] = 0x55
    uart.machine.step(ns(bits) - 1)
    assert not uart.sent()
    assert uart[SR] & TXE == 0
    uart.machine.step(1)
    assert [s.start_ns for s in uart.sent()] == [now + ns(bits)]
    assert uart[SR] & TXE


def test_idle_frame_when_ue_comes_after_te(uart):
    stm32f100.pin_mode(uart.machine, "PA2", stm32f100.AF_OUTPUT)
    uart[BRR] = 16
    uart[CR1] = TE
    uart.machine.step(50_000)
    uart[CR1] = UE | TE
    uart[DR] = 0x55
    uart.machine.step(ns(11) - 1)
    assert not uart.sent()
    uart.machine.step(1)
    assert len(uart.sent()) == 1


def test_idle_frame_is_no_transmission_for_tc(uart):
    """TC: a frame that contains data (23.6.1)."""
    uart[BRR] = 16
    uart[SR] = 0
    uart[CR1] = UE | TE
    uart.machine.step(50_000)
    assert uart[SR] == TXE


def test_pulse_on_te_sends_an_idle_frame_after_the_character(uart):
    """23.6.4, note 1 on TE."""
    uart.start()
    now = uart.machine.now_ns
    uart[DR] = 1
    uart[DR] = 2
    uart[CR1] = UE | RE
    uart[CR1] = UE | RE | TE
    uart[CR1] = UE | RE | TE | TXEIE
    uart.machine.step(50_000)
    assert [s.start_ns for s in uart.sent()] == [now, now + ns(10) + ns(11)]


def test_idle_frame_taken_back_with_te(uart):
    uart.start()
    uart[DR] = 1
    uart[CR1] = UE | RE
    uart[CR1] = UE | RE | TE
    uart[CR1] = UE | RE
    uart.machine.step(50_000)
    now = uart.machine.now_ns
    uart[DR] = 2
    uart[CR1] = UE | RE | TE
    uart.machine.step(50_000)
    assert [s.start_ns for s in uart.sent()][1:] == [now + ns(11)]


@pytest.mark.parametrize("cr1, cr2, word, data, nbits, span", [
    (0, STOP_1, 0x1a5, 0x0a5, 10, 20),
    (M, STOP_1, 0x1a5, 0x1a5, 11, 22),
    (0, STOP_HALF, 0x055, 0x055, 10, 19),
    (0, STOP_2, 0x055, 0x055, 10, 22),
    (0, STOP_1_HALF, 0x055, 0x055, 10, 21),
    (M, STOP_2, 0x0f0, 0x0f0, 11, 24),
    (PCE, STOP_1, 0x001, 0x081, 10, 20),           # even: the last bit makes two ones
    (PCE, STOP_1, 0x083, 0x003, 10, 20),           # and takes the place of bit 7
    (PCE | PS, STOP_1, 0x001, 0x001, 10, 20),      # odd
    (PCE | PS, STOP_1, 0x003, 0x083, 10, 20),
    (PCE | M, STOP_1, 0x001, 0x101, 11, 22),
    (PCE | M, STOP_2, 0x0ff, 0x0ff, 11, 24),       # 8E2, as SBUS
    (PCE | PS | M, STOP_1, 0x100, 0x100, 11, 22),
])
def test_frame_formats(uart, cr1, cr2, word, data, nbits, span):
    """23.3.1 word length, 23.3.2 stop bits, 23.3.7 parity control."""
    uart.start(cr1=TE | cr1, cr2=cr2)
    uart[DR] = word
    assert [(s.bits, s.nbits, s.span_half_bits) for s in uart.sent()] == [
        (qtest.frame_bits(data, nbits - 2), nbits, span)]


@pytest.mark.parametrize("cr2, bits", [(STOP_1, 10), (STOP_HALF, 9.5), (STOP_2, 11),
                                       (STOP_1_HALF, 10.5)])
def test_next_character_starts_after_the_stop_bits(uart, cr2, bits):
    uart.start(cr1=TE, cr2=cr2)
    now = uart.machine.now_ns
    uart[DR] = 1
    uart[DR] = 2
    uart.machine.step(ns(bits) - 1)
    assert len(uart.sent()) == 1
    uart.machine.step(1)
    assert [s.start_ns for s in uart.sent()] == [now, now + ns(bits)]


def test_back_to_back_without_drift(uart):
    uart.start()
    now = uart.machine.now_ns
    for n in range(100):
        while not uart[SR] & TXE:
            uart.machine.step(100)
        uart[DR] = n
    uart.machine.step(20_000)
    assert [s.start_ns for s in uart.sent()] == [now + ns(10 * n) for n in range(100)]
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == list(range(100))


def test_txe_and_tc(uart):
    """Figure "TC/TXE behavior when transmitting"."""
    uart.start()
    assert uart[SR] & (TXE | TC) == TXE | TC
    uart[DR] = 1  # moves on at once
    assert uart[SR] & (TXE | TC) == TXE
    uart[DR] = 2
    assert uart[SR] & (TXE | TC) == 0
    uart.machine.step(ns(10) - 1)
    assert uart[SR] & (TXE | TC) == 0
    uart.machine.step(1)
    assert uart[SR] & (TXE | TC) == TXE
    uart.machine.step(ns(20) - ns(10) - 1)
    assert uart[SR] & (TXE | TC) == TXE
    uart.machine.step(1)
    assert uart[SR] & (TXE | TC) == TXE | TC


def test_tc_is_cleared_by_sr_then_dr_or_by_0(uart):
    """23.6.1: a write to DR alone leaves it."""
    uart.start()
    uart[DR] = 1  # start() has read DR after SR: no SR read is pending
    assert uart[SR] & TC
    uart.machine.step(10_000)
    uart[SR]
    uart[DR] = 2
    assert not uart[SR] & TC
    uart.machine.step(10_000)
    assert uart[SR] & TC
    uart[SR] = ~TC & 0xffffffff
    assert uart[SR] & (TXE | TC) == TXE


def test_txe_cannot_be_written(uart):
    uart.start()
    uart[SR] = 0
    assert uart[SR] == TXE
    uart[DR], uart[DR] = 1, 2
    uart[SR] = 0xffffffff
    assert uart[SR] == 0


def test_data_register_holds_one_character(uart):
    """A write while TXE is 0 replaces what waits."""
    uart.start()
    for word in (1, 2, 3):
        uart[DR] = word
    uart.machine.step(30_000)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1, 3]


@pytest.mark.parametrize("cr1, cr2, zeros, span", [
    (0, STOP_1, 10, 22), (M, STOP_1, 11, 24), (0, STOP_2, 10, 24), (0, STOP_HALF, 10, 21),
    (M, STOP_1_HALF, 11, 25)])
def test_break(uart, cr1, cr2, zeros, span):
    """10 or 11 zeros, then the stop bits; SBK stays until they end (23.3.2)."""
    uart.start(cr1=TE | cr1, cr2=cr2)
    now = uart.machine.now_ns
    uart[CR1] = UE | TE | cr1 | SBK
    assert uart.sent() == [qtest.Symbol("usart2", now, BIT_TIME, 1 << zeros, zeros + 1, span,
                                        BREAK)]
    uart[DR] = 0x41
    uart.machine.step(ns(span / 2) - 1)
    assert uart[CR1] & SBK
    assert len(uart.sent()) == 1
    uart.machine.step(1)
    assert not uart[CR1] & SBK
    assert [s.start_ns for s in uart.sent()] == [now, now + ns(span / 2)]
    uart.machine.step(50_000)
    assert [s.kind for s in uart.sent()] == [BREAK, CHARACTER]


def test_break_waits_for_the_character_and_goes_first_after_it(uart):
    uart.start()
    uart[DR], uart[DR] = 1, 2
    uart[CR1] = UE | TE | SBK
    uart.machine.step(50_000)
    assert [(s.kind, s.bits) for s in uart.sent()] == [
        (CHARACTER, qtest.frame_bits(1)), (BREAK, 1 << 10), (CHARACTER, qtest.frame_bits(2))]


def test_break_taken_back_before_it_starts(uart):
    uart.start()
    uart[DR] = 1
    uart[CR1] = UE | TE | SBK
    uart[CR1] = UE | TE
    uart.machine.step(50_000)
    assert [s.kind for s in uart.sent()] == [CHARACTER]


@pytest.mark.parametrize("baud_register", [0, 1, 15])
def test_no_baud_rate_below_usartdiv_1(uart, baud_register):
    """23.3.4; nothing moves until BRR has a value, then the idle frame comes first."""
    stm32f100.pin_mode(uart.machine, "PA2", stm32f100.AF_OUTPUT)
    uart[BRR] = baud_register
    uart[CR1] = UE | TE
    uart[DR] = 0x33
    uart.machine.step(100_000)
    assert not uart.sent()
    assert not uart[SR] & TXE
    uart[BRR] = 16
    uart.machine.step(ns(11) - 1)
    assert not uart.sent()
    uart.machine.step(1)
    assert len(uart.sent()) == 1


@pytest.mark.parametrize("off", [UE, TE])
def test_switched_off_sends_nothing_more(uart, off):
    """What is in the shift register is finished: a deviation, see the documentation."""
    uart.start()
    uart[SR] = 0
    uart[DR], uart[DR] = 1, 2
    uart[CR1] = (UE | TE) & ~off
    uart.machine.step(50_000)
    assert len(uart.sent()) == 1
    assert not uart[SR] & (TXE | TC)
    uart[CR1] = UE | TE
    uart.machine.step(50_000)
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == [1, 2]


def test_stopped_clock_stops_the_next_character(uart):
    uart.start()
    uart[DR], uart[DR] = 1, 2
    stm32f100.clock_off(uart.machine, "usart2")
    uart.machine.step(50_000)
    assert len(uart.sent()) == 1
    stm32f100.clock_on(uart.machine, "usart2")
    assert [s.start_ns for s in uart.sent()][1:] == [uart.machine.now_ns]


# ---------------------------------------------------------------------- pins (7.1.9, 7.3)

@pytest.mark.parametrize("mode, on_the_wire", [
    (stm32f100.AF_OUTPUT, True), (stm32f100.AF_OPEN_DRAIN, True), (stm32f100.OUTPUT, False),
    (stm32f100.INPUT_FLOATING, False), (stm32f100.INPUT_PULLED, False)])
def test_transmitter_needs_its_pin(each, mode, on_the_wire):
    """Without it nobody sees the character, but it takes its time."""
    each.start()
    stm32f100.pin_mode(each.machine, TX_PIN[each.number], mode)
    each[SR] = 0
    each[DR] = 0x41
    assert len(each.sent()) == on_the_wire
    each.machine.step(ns(10) - 1)
    assert not each[SR] & TC
    each.machine.step(1)
    assert each[SR] & TC


def test_no_drift_without_pin(uart):
    """Thirty characters that nobody sees take as long as thirty on the wire."""
    uart.start()
    stm32f100.pin_mode(uart.machine, "PA2", stm32f100.INPUT_FLOATING)
    uart[SR] = 0
    now = uart.machine.now_ns
    uart[DR] = 0
    for n in range(1, 30):
        uart[DR] = n
        uart.step_to(now + ns(10 * n) - 1)
        assert not uart[SR] & TXE
        uart.machine.step(1)
        assert uart[SR] & TXE
    uart.step_to(now + ns(300) - 1)
    assert not uart[SR] & TC
    uart.machine.step(1)
    assert uart[SR] & TC


@pytest.mark.parametrize("mode, hears", [
    (stm32f100.INPUT_FLOATING, True), (stm32f100.INPUT_PULLED, True), (0x0, False),
    (stm32f100.OUTPUT, False), (stm32f100.AF_OUTPUT, False)])
def test_receiver_needs_its_pin(each, mode, hears):
    """Table 24: input floating or pulled; analog (0) cuts the pin off."""
    each.start()
    stm32f100.pin_mode(each.machine, RX_PIN[each.number], mode)
    each.receive(0x41)
    assert bool(each[SR] & RXNE) == hears


@pytest.mark.parametrize("number, mapr, tx_pin, connected", [
    (1, 1 << 2, "PB6", True), (2, 1 << 3, "PD5", False), (3, 1 << 4, "PC10", True),
    (3, 3 << 4, "PD8", False)])
def test_remapped(machine, number, mapr, tx_pin, connected):
    """7.3.7 USART remapping; the 64-pin package has no PD3 to PD15."""
    stm32f100.run_from_hse(machine)
    uart = Usart(machine, number)
    uart.start()
    machine.write(0x40010004, mapr)
    uart[DR] = 1  # the default pin is the USART's no more
    assert not uart.sent()
    stm32f100.pin_mode(machine, tx_pin, stm32f100.AF_OUTPUT)
    machine.step(10_000)
    uart[DR] = 2
    assert [s.bits >> 1 & 0xff for s in uart.sent()] == ([2] if connected else [])
    uart.receive(0x41)
    assert bool(uart[SR] & RXNE) == connected


# ------------------------------------------------------------------- receiver (23.3.3)

@pytest.mark.parametrize("cr1, cr2, data_bits, bits", [
    (0, STOP_1, 8, 10), (M, STOP_1, 9, 11), (0, STOP_HALF, 8, 9.5), (0, STOP_1_HALF, 8, 10.5),
    (0, STOP_2, 8, 10), (M, STOP_2, 9, 11)])
def test_rxne_at_the_end_of_the_stop_bit(uart, cr1, cr2, data_bits, bits):
    """Of two stop bits, of the first."""
    uart.start(cr1=RE | cr1, cr2=cr2)
    start = uart.receive(0x5a, data_bits=data_bits, until_end=False)
    uart.step_to(start + ns(bits) - 1)
    assert not uart[SR] & RXNE
    uart.machine.step(1)
    assert uart[SR] & (RXNE | ERRORS) == RXNE
    assert uart[DR] == 0x5a
    assert not uart[SR] & RXNE


@pytest.mark.parametrize("hse, brr", [(False, 16), (False, 69), (False, 833), (True, 208)])
def test_receiver_follows_brr(machine, hse, brr):
    period = qtest.clock_period(stm32f100.HSI_HZ)
    if hse:
        stm32f100.run_from_hse(machine)
        period = PERIOD
    uart = Usart(machine, 3)
    uart.start(cr1=RE, brr=brr)
    start = uart.receive(0xc5, bit_time=brr * period, until_end=False)
    uart.step_to(start + ns(10, brr * period) - 1)
    assert not uart[SR] & RXNE
    machine.step(1)
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, 0xc5)


@pytest.mark.parametrize("cr1, word, data_bits", [(0, 0xff, 8), (0, 0x00, 8), (M, 0x155, 9),
                                                  (M, 0x0aa, 9)])
def test_received_words(uart, cr1, word, data_bits):
    uart.start(cr1=RE | cr1)
    uart.receive(word, data_bits=data_bits)
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, word)


@pytest.mark.parametrize("cr1", [TE, TE | RE & ~RE, 0])
def test_receiver_that_is_off_hears_nothing(uart, cr1):
    uart.start(cr1=cr1)
    uart.receive(0x41)
    assert not uart[SR] & RXNE


def test_rxne_is_cleared_by_dr_or_by_0(uart):
    """23.6.1."""
    uart.start()
    uart.receive(1)
    uart[SR] = ~RXNE & 0xffffffff
    assert not uart[SR] & RXNE
    uart.receive(2)
    uart[SR] = 0xffffffff
    assert uart[SR] & RXNE
    assert uart[DR] == 2
    assert not uart[SR] & RXNE


def test_overrun_keeps_the_old_and_loses_the_new(uart):
    uart.start()
    start = uart.receive(0x11, 0x22, until_end=False)
    # injected characters start at whole nanoseconds
    second_end = start + ns(10) + 1 + ns(10)
    uart.step_to(second_end - 1)
    assert uart[SR] & (RXNE | ORE) == RXNE
    uart.machine.step(1)
    assert uart[SR] & (RXNE | ORE) == RXNE | ORE
    assert uart[DR] == 0x11
    assert uart[SR] & (RXNE | ERRORS) == 0
    uart.receive(0x33)
    assert uart[DR] == 0x33


def test_errors_of_a_lost_character_are_not_seen(uart):
    """23.6.1, note on FE: only ORE is set."""
    uart.start()
    uart.receive(0x11)
    uart.machine.inject("usart2", uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
    uart.machine.step(20_000)
    assert uart[SR] & ERRORS == ORE


@pytest.mark.parametrize("sequence, cleared", [
    (("SR", "DR"), True), (("DR",), False), (("DR", "SR"), False), (("SR",), False),
    (("SR", "write DR"), False), (("SR = 0",), False), (("SR", "CR1", "DR"), True)])
@pytest.mark.parametrize("flag", ["FE", "ORE", "IDLE"])
def test_flags_are_cleared_by_sr_then_dr_only(uart, flag, sequence, cleared):
    """23.6.1: PE, FE, NE, ORE, IDLE."""
    uart.start()
    if flag == "FE":
        uart.machine.inject("usart2", uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
        uart.machine.step(1000 + ns(10))
    else:
        uart.receive(*(1, 2) if flag == "ORE" else (1,))
    uart.machine.step(ns(10) + 1)  # until IDLE is there, too
    steps = {"SR": lambda: uart[SR], "DR": lambda: uart[DR], "CR1": lambda: uart[CR1],
             "write DR": lambda: uart.machine.write(uart.base + DR, 0),
             "SR = 0": lambda: uart.machine.write(uart.base + SR, 0)}
    for step in sequence:
        steps[step]()
    assert bool(uart[SR] & globals()[flag]) != cleared


def test_flag_that_comes_between_sr_and_dr_stays(uart):
    uart.start()
    uart.receive(1)
    uart[SR]
    uart.receive(2)  # ORE comes after the read of SR
    assert uart[DR] == 1
    assert uart[SR] & (RXNE | ORE) == ORE
    uart[DR]
    assert not uart[SR] & ORE


@pytest.mark.parametrize("cr2, seen", [(STOP_1, True), (STOP_2, True), (STOP_HALF, False)])
def test_framing_error(uart, cr2, seen):
    """The stop bit is 0; half a stop bit is not sampled."""
    uart.start(cr2=cr2)
    uart.machine.inject("usart2", uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
    uart.machine.step(1000 + ns(10))
    assert uart[SR] & (RXNE | ERRORS) == (RXNE | FE if seen else RXNE)
    assert uart[DR] == 0x55


def test_second_stop_bit_is_not_checked(uart):
    uart.start(cr2=STOP_2)
    start = uart.machine.now_ns + 1000
    uart.machine.inject("usart2", start, BIT_TIME, qtest.frame_bits(0x55), 10)
    uart.machine.inject("usart2", start + ns(10) + 1, BIT_TIME, 0, 1)
    uart.step_to(start + ns(10))
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, 0x55)


@pytest.mark.parametrize("cr1, word, data_bits, error", [
    (PCE, 0x081, 8, False), (PCE, 0x001, 8, True), (PCE | PS, 0x001, 8, False),
    (PCE | PS, 0x081, 8, True), (PCE | M, 0x103, 9, True), (PCE | M, 0x003, 9, False),
    (PCE | PS | M, 0x103, 9, False), (PCE | PS | M, 0x003, 9, True), (0, 0x001, 8, False)])
def test_parity(uart, cr1, word, data_bits, error):
    """23.3.7; the parity bit stays in DR."""
    uart.start(cr1=RE | cr1)
    uart.receive(word, data_bits=data_bits)
    assert uart[SR] & (RXNE | ERRORS) == (RXNE | PE if error else RXNE)
    assert uart[DR] == word
    assert not uart[SR] & PE


@pytest.mark.parametrize("sixteenth, noise", [(7, True), (8, True), (9, True), (5, False),
                                              (11, False)])
def test_noise(uart, sixteenth, noise):
    """Table "noise detection": of samples 8, 9 and 10 one is wrong, which two outvote.

    The glitch is in the fourth data bit, whose other sixteenths are 1.
    """
    uart.start()
    start = uart.machine.now_ns + 1000
    uart.machine.inject("usart2", start, BIT_TIME, 0b1110, 4)
    glitch = start + ns(4)
    uart.machine.inject("usart2", glitch, PERIOD, 0xffff & ~(1 << sixteenth), 16)
    uart.machine.inject("usart2", glitch + ns(1) + 1, BIT_TIME, 0b111111, 5)
    uart.step_to(start + ns(10))
    assert uart[SR] & (RXNE | ERRORS) == (RXNE | NE if noise else RXNE)
    assert uart[DR] == 0xff


@pytest.mark.parametrize("sixteenths, start_bit", [(7, False), (10, True)])
def test_start_bit_is_checked(uart, sixteenths, start_bit):
    """23.3.3: a pulse that is over in the middle of the bit starts nothing."""
    uart.start()
    uart.machine.inject("usart2", uart.machine.now_ns + 1000, sixteenths * PERIOD, 0, 1)
    uart.machine.step(20_000)
    assert bool(uart[SR] & RXNE) == start_bit


def test_break_is_a_framing_error(uart):
    """23.3.3, break character."""
    uart.start()
    start = uart.machine.now_ns + 1000
    uart.machine.inject("usart2", start, BIT_TIME, 1 << 13, 14, kind=BREAK)
    uart.step_to(start + ns(10))
    assert uart[SR] & (RXNE | ERRORS) == RXNE | FE
    assert uart[DR] == 0
    uart.machine.step(2_000)
    uart.receive(0x41)  # the rest of the break is no further character
    assert (uart[SR] & (RXNE | ERRORS), uart[DR]) == (RXNE, 0x41)


def sampled(word, percent):
    """What a receiver at 100 % sees of one character sent at @percent of its bit time."""
    line = [0] + [word >> n & 1 for n in range(8)] + [1]

    def level(eighths):  # of the receiver's bit, from the falling edge on
        bit = eighths * 100 // (8 * percent)
        return line[bit] if bit < 10 else 1

    data = sum(level(8 * n + 12) << n for n in range(8))
    return data, not level(8 * 9 + 4)


@pytest.mark.parametrize("word", [0x00, 0x55, 0x5a, 0x0f, 0x71])
@pytest.mark.parametrize("percent", [70, 85, 90, 97, 103, 115, 130, 200, 215])
def test_wrong_baud_rate_gives_what_sampling_gives(uart, percent, word):
    uart.start()
    start = uart.receive(word, bit_time=BIT_TIME * percent // 100, until_end=False)
    uart.step_to(start + ns(10))
    data, framing_error = sampled(word, percent)
    assert uart[SR] & (RXNE | FE) == (RXNE | FE if framing_error else RXNE)
    assert uart[DR] == data


@pytest.mark.parametrize("percent, understood", [(3, True), (-3, True), (7, False), (-7, False)])
def test_baud_rate_tolerance(uart, percent, understood):
    """23.3.5; a stop bit of 0 between characters is what gives a slow sender away."""
    uart.start()
    got = []
    for word in (0x55, 0x00, 0xff):
        uart.receive(word, bit_time=BIT_TIME * (100 + percent) // 100)
        uart.machine.step(ns(1))
        sr, dr = uart.clear()
        got.append((sr & (RXNE | ERRORS), dr))
    assert (got == [(RXNE, 0x55), (RXNE, 0x00), (RXNE, 0xff)]) == understood


# ------------------------------------------------------------------- idle line (23.3.3)

@pytest.mark.parametrize("cr1, cr2, data_bits, bits", [(0, STOP_1, 8, 20), (M, STOP_1, 9, 22),
                                                       (0, STOP_2, 8, 21)])
def test_idle_after_a_frame_of_ones(uart, cr1, cr2, data_bits, bits):
    uart.start(cr1=RE | cr1, cr2=cr2)
    start = uart.receive(0x41, data_bits=data_bits, until_end=False)
    uart.step_to(start + ns(bits) - 1)
    assert uart[SR] & (IDLE | RXNE) == RXNE
    uart.machine.step(1)
    assert uart[SR] & (IDLE | RXNE) == IDLE | RXNE


def test_idle_once_until_the_next_character(uart):
    """23.6.1: not again until RXNE has been set."""
    uart.start()
    for word in (1, 2):
        uart.machine.step(100_000)
        assert not uart[SR] & IDLE
        uart.receive(word)
        uart.machine.step(ns(10) + 1)
        assert uart[SR] & IDLE
        uart.clear()
        assert not uart[SR] & IDLE


def test_no_idle_between_back_to_back_characters(uart):
    uart.start()
    start = uart.receive(*range(20), until_end=False)
    uart.step_to(start + 20 * (ns(10) + 1))
    assert not uart[SR] & IDLE


def test_idle_line_when_the_receiver_is_enabled(uart):
    """A line that is idle then gives IDLE once, without a character before it."""
    uart[BRR] = 16
    uart[CR1] = UE | RE
    uart.machine.step(ns(10) - 1)
    assert not uart[SR] & IDLE
    uart.machine.step(1)
    assert uart[SR] & IDLE
    uart.clear()
    uart.machine.step(100_000)
    assert not uart[SR] & IDLE


# ------------------------------------------------------------------ interrupts (23.4)

def make_flag(uart, flag):
    if flag == TC:
        uart[DR] = 1
        uart.machine.step(ns(10))
    elif flag == RXNE:
        uart.receive(1)
    elif flag == IDLE:
        uart.receive(1)
        uart[DR]
        uart.machine.step(ns(10) + 1)
    elif flag == ORE:
        uart.receive(1, 2)
        uart[DR]  # RXNE is gone, ORE is not
    elif flag == PE:
        uart.receive(1)
    elif flag == FE:
        uart.machine.inject(uart.name, uart.machine.now_ns + 1000, BIT_TIME, 0x55 << 1, 10)
        uart.machine.step(1000 + ns(10))
    elif flag == NE:
        start = uart.machine.now_ns + 1000
        uart.machine.inject(uart.name, start, PERIOD, 1 << 8, 16)
        uart.machine.step(1000 + ns(10))


@pytest.mark.parametrize("enables, flag, cr1", [
    ((TXEIE, 0), TXE, 0), ((TCIE, 0), TC, 0), ((RXNEIE, 0), RXNE, 0), ((RXNEIE, 0), ORE, 0),
    ((IDLEIE, 0), IDLE, 0), ((PEIE, 0), PE, PCE), ((0, EIE | DMAR), FE, 0),
    ((0, EIE | DMAR), NE, 0), ((0, EIE | DMAR), ORE, 0)])
def test_interrupt(each, enables, flag, cr1):
    """Table "USART interrupt requests": the flag and its enable, neither alone."""
    each.start(cr1=TE | RE | cr1)
    if flag == TC:
        each[SR] = 0
    elif flag == TXE:
        each[DR], each[DR] = 1, 2
    each[CR1], each[CR3] = UE | TE | RE | cr1 | enables[0], enables[1]
    assert not each[SR] & flag
    assert not each.irq()
    if flag == TXE:
        each.machine.step(ns(10))
    make_flag(each, flag)
    assert each[SR] & flag
    assert each.irq()
    each[CR1], each[CR3] = UE | TE | RE | cr1, 0
    assert not each.irq()


@pytest.mark.parametrize("flag, others, cr1", [
    (TXE, (TCIE | RXNEIE | IDLEIE | PEIE, EIE | DMAR), 0),
    (RXNE, (IDLEIE | PEIE, EIE | DMAR), 0),
    (IDLE, (RXNEIE | PEIE, EIE | DMAR), 0),
    (ORE, (IDLEIE | PEIE, EIE), 0), (ORE, (0, DMAR), 0),
    (FE, (IDLEIE | PEIE, EIE), 0),
    (PE, (IDLEIE, EIE | DMAR), PCE)])
def test_other_enables_do_not_let_it_through(uart, flag, others, cr1):
    """EIE counts with DMAR only (23.6.6)."""
    uart.start(cr1=TE | RE | cr1)
    uart[SR] = 0
    uart[CR1], uart[CR3] = UE | TE | RE | cr1 | others[0], others[1]
    make_flag(uart, flag)
    assert uart[SR] & flag
    assert not uart.irq()


def test_rxne_interrupt_at_the_exact_time(each):
    each.start(cr1=RE | RXNEIE)
    start = each.receive(0x41, until_end=False)
    each.step_to(start + ns(10) - 1)
    assert not each.irq()
    each.machine.step(1)
    assert each.irq()
    assert not any(each.machine.irq(n) for n in IRQ.values() if n != each.irq_number)
    each[DR]
    assert not each.irq()


# ------------------------------------------------------------------ DMA (23.3.13, table 57)

def start_channel(machine, channel, peripheral, memory, count, ccr):
    registers = DMA1 + 0x14 * channel - 0x0c
    stm32f100.clock_on(machine, "dma1")
    for offset, value in ((4, count), (8, peripheral), (12, memory), (0, ccr)):
        machine.write(registers + offset, value)


def test_transmission_by_dma(each):
    """One request per TXE: characters without gaps, TC after the last."""
    each.start()
    channel = DMA_CHANNEL[each.number][0]
    for n in range(8):
        each.machine.write(SRAM + n, 0x30 + n, size=1)
    start_channel(each.machine, channel, each.base + DR, SRAM, 8, 1 << 7 | 1 << 4 | 1)
    each[SR] = 0
    now = each.machine.now_ns
    each[CR3] = DMAT
    each.machine.step(ns(70) - 1)
    assert len(each.sent()) == 7
    assert each.machine.read(DMA1 + 0x14 * channel - 8) == 0  # the last waits in DR
    each.machine.step(ns(80) - ns(70))
    assert not each[SR] & TC
    each.machine.step(1)
    assert each[SR] & (TC | TXE) == TC | TXE
    assert [s.start_ns for s in each.sent()] == [now + ns(10 * n) for n in range(8)]
    assert qtest.text_of(each.sent()) == "01234567"


def test_reception_by_dma(each):
    """One request per RXNE, served before the next character; DR is read, so RXNE goes."""
    each.start(cr3=DMAR)
    channel = DMA_CHANNEL[each.number][1]
    start_channel(each.machine, channel, each.base + DR, SRAM, 16, 1 << 7 | 1)
    start = each.receive(*b"failsafe", until_end=False)
    count = DMA1 + 0x14 * channel - 8
    for n in range(8):
        end = start + n * (ns(10) + 1) + ns(10)
        each.step_to(end - 1)
        assert each.machine.read(count) == 16 - n
        each.machine.step(1)
        assert each.machine.read(count) == 15 - n
        assert not each[SR] & (RXNE | ORE)
    assert bytes(each.machine.read(SRAM + n, size=1) for n in range(8)) == b"failsafe"


@pytest.mark.parametrize("enable", [DMAT, DMAR])
def test_requests_go_to_their_channel_only(each, enable):
    each.start(cr3=0)
    own = DMA_CHANNEL[each.number][enable == DMAR]
    for channel in range(1, 8):
        start_channel(each.machine, channel, SRAM + 0x100, SRAM, 100, 1)
    each.receive(1)
    each[CR3] = enable
    each.machine.step(1)
    served = [channel for channel in range(1, 8)
              if each.machine.read(DMA1 + 0x14 * channel - 8) != 100]
    assert served == [own]


def test_no_request_without_enable(uart):
    uart.start()
    for channel in (6, 7):
        start_channel(uart.machine, channel, uart.base + DR, SRAM, 100, 1)
    uart.receive(1)
    assert uart[SR] & (RXNE | TXE) == RXNE | TXE
    assert [uart.machine.read(DMA1 + 0x14 * channel - 8) for channel in (6, 7)] == [100, 100]
