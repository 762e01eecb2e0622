"""SPI1 and SPI2 (RM0041 chapter 21): frames and their times, with peers on the SSI
bus and on the pins, as master and as slave; flags, faults, CRC, DMA.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from qtest import Peer
from test_dma import DIR, EN, MINC, SOURCE, TARGET, Channel, get, put

CR1, CR2, SR, DR, CRCPR, RXCRCR, TXCRCR = range(0, 0x1c, 4)
CPHA, CPOL, MSTR = 1, 2, 4
SPE, LSBFIRST, SSI, SSM, RXONLY, DFF, CRCNEXT, CRCEN, BIDIOE, BIDIMODE = (1 << n for n in range(6, 16))
BR = 3
RXDMAEN, TXDMAEN, SSOE, ERRIE, RXNEIE, TXEIE = 1, 2, 4, 0x20, 0x40, 0x80
RXNE, TXE, CRCERR, MODF, OVR, BSY = 1, 2, 0x10, 0x20, 0x40, 0x80

BASE = {1: 0x40013000, 2: 0x40003800}
IRQ = {1: 35, 2: 36}
NSS, SCK, MISO, MOSI = ({1: one, 2: two} for one, two in (
    ("PA4", "PB12"), ("PA5", "PB13"), ("PA6", "PB14"), ("PA7", "PB15")))
DMA_RX, DMA_TX = {1: 2, 2: 4}, {1: 3, 2: 5}  # 9.3.7
APB_RESET = {1: (stm32f100.RCC_APB2RSTR, 12), 2: (stm32f100.RCC_APB1RSTR, 14)}
AFIO_MAPR = 0x40010004
RESET_VALUES = [0, 0, TXE, 0, 7, 0, 0]
MASTER = MSTR | SSM | SSI
PERIOD = qtest.clock_period(stm32f100.HSE_HZ)


def reverse(word, bits=8):
    return int(f"{word:0{bits}b}"[::-1], 2)


class Spi(qtest.Block):
    """With a clock of 24 MHz, so half a bit at BR=0 is one period of it."""

    def __init__(self, machine, number):
        super().__init__(machine, BASE[number])
        self.number, self.name, self.irq_number = number, f"spi{number}", IRQ[number]
        stm32f100.run_from_hse(machine)
        stm32f100.clock_on(machine, self.name, "afio")
        self.nss, self.sck, self.miso, self.mosi = (p[number] for p in (NSS, SCK, MISO, MOSI))

    def master(self, cr1=0, cr2=0):
        """On its pins, and enabled: software NSS."""
        for pin in (self.sck, self.mosi):
            stm32f100.pin_mode(self.machine, pin, stm32f100.AF_OUTPUT)
        stm32f100.pin_mode(self.machine, self.miso, stm32f100.INPUT_FLOATING)
        self.cr1 = MASTER | cr1
        self[CR2] = cr2
        self[CR1] = self.cr1
        self[CR1] = self.cr1 | SPE

    def slave(self, cr1=0, cr2=0):
        for pin in (self.sck, self.mosi, self.nss):
            stm32f100.pin_mode(self.machine, pin, stm32f100.INPUT_FLOATING)
        stm32f100.pin_mode(self.machine, self.miso, stm32f100.AF_OUTPUT)
        self.drive(self.nss, 1)
        self.drive(self.sck, bool(cr1 & CPOL))
        self.cr1 = cr1
        self[CR2] = cr2
        self[CR1] = cr1
        self[CR1] = cr1 | SPE

    def drive(self, pin, level):
        stm32f100.drive_pin(self.machine, pin, None if level is None else int(level))

    def level(self, pin):
        return self.machine.read(stm32f100.gpio(pin[1].lower()) + 8) >> int(pin[2:]) & 1

    def clock_word(self, word, bits=8):
        """The board is the master: @word out on MOSI, first bit highest; what MISO had."""
        cpol, cpha, seen = bool(self.cr1 & CPOL), bool(self.cr1 & CPHA), 0
        for n in reversed(range(bits)):
            if cpha:
                self.drive(self.sck, not cpol)
            self.drive(self.mosi, word >> n & 1)
            self.machine.step(500)
            seen = seen << 1 | self.level(self.miso)
            self.drive(self.sck, cpol if cpha else not cpol)
            self.machine.step(500)
            if not cpha:
                self.drive(self.sck, cpol)
        return seen

    def half_bits(self, count, br=0):
        """Whole nanoseconds that have passed after @count half bits."""
        return count * (PERIOD << br) >> 32

    def step_to(self, time_ns):
        self.machine.step(time_ns - self.machine.now_ns)

    def step_half_bits(self, count, br=0):
        self.machine.step(self.half_bits(count, br))

    def exchange(self, word):
        self[DR] = word
        self.step_half_bits(2 * (16 if self.cr1 & DFF else 8), self.cr1 >> BR & 7)
        self.machine.step(1)
        assert self[SR] & RXNE
        return self[DR]

    def irq(self):
        return self.machine.irq(self.irq_number)

    def waveform(self, pin, since_ns):
        return [(t - since_ns, level) for t, level in stm32f100.edges(self.machine, pin)
                if t >= since_ns]


@pytest.fixture(params=[1, 2])
def each(machine, request):
    return Spi(machine, request.param)


@pytest.fixture
def spi(machine):
    return Spi(machine, 1)


@pytest.fixture(params=[1, 2])
def with_peer(tmp_path, request):
    number = request.param
    with stm32f100.qtest_machine(tmp_path, "-device",
                                 f"mews-ssi-peer,bus=spi{number},id=peer") as machine:
        yield Spi(machine, number)


@pytest.fixture
def peer(with_peer):
    return Peer(with_peer.machine)


# ---------------------------------------------------------------- registers (21.4)

def test_reset_values(each):
    assert [each[n] for n in range(0, 0x1c, 4)] == RESET_VALUES


def test_reserved_bits_read_0(each):
    each[CR1] = 0xffffffff & ~SPE
    each[CR2] = 0xffffffff
    each[CRCPR] = 0xffffffff
    assert [each[n] for n in (CR1, CR2, CRCPR)] == [0xffff & ~SPE, 0xe7, 0xffff]


@pytest.mark.parametrize("register", [SR, RXCRCR, TXCRCR])
def test_read_only(each, register):
    before = each[register]
    each[register] = 0xffffffff
    assert each[register] == before
    each[register] = 0
    assert each[register] == before


def test_no_register_behind_txcrcr(each):
    """The value line has no I2S."""
    each[0x1c] = each[0x20] = 0xffff
    assert [each[0x1c], each[0x20]] == [0, 0]


def test_without_clock_reads_0_and_ignores_writes(each):
    stm32f100.check_clock_gate(each, each.name, CRCPR, range(0, 0x1c, 4))


def test_reset_by_rcc(each):
    each.master(CRCEN)
    each[DR] = 1
    register, bit = APB_RESET[each.number]
    each.machine.write(register, 1 << bit)
    each.machine.write(register, 0)
    assert [each[n] for n in range(0, 0x1c, 4)] == RESET_VALUES
    each.machine.step(100_000)
    assert each[SR] == TXE


def test_narrow_accesses(each):
    """2.1: a write is repeated over the word."""
    each.machine.write(each.base + CRCPR, 0x12, size=1)
    assert each[CRCPR] == 0x1212
    assert each.machine.read(each.base + CRCPR + 1, size=1) == 0x12


# ------------------------------------------------- master: frames and times (21.3.3)

@pytest.mark.parametrize("br", range(8))
def test_bit_time(each, br):
    """21.4.1: fPCLK / 2^(BR + 1); RXNE with the last sample, BSY until the last bit's end."""
    each.master(br << BR)
    each[DR] = 0xa5
    assert each[SR] == TXE | BSY
    each.step_half_bits(15, br)
    assert each[SR] == TXE | BSY | RXNE
    each.machine.step(each.half_bits(16, br) - each.half_bits(15, br) - 1)
    assert each[SR] & BSY
    each.machine.step(1)
    assert each[SR] == TXE | RXNE


def test_rxne_not_before_the_last_sample(each):
    each.master(7 << BR)
    each[DR] = 0xa5
    each.machine.step(each.half_bits(15, 7) - 1)
    assert each[SR] == TXE | BSY
    each.machine.step(1)
    assert each[SR] & RXNE


@pytest.mark.parametrize("number, ppre, shift", [(1, 11, 4), (2, 8, 4), (1, 8, 0), (2, 11, 0)])
def test_clock_is_that_of_the_bus(machine, number, ppre, shift):
    """6.3.2: SPI1 on PCLK2 (PPRE2 = 111: HCLK / 16), SPI2 on PCLK1."""
    spi = Spi(machine, number)
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 0, 7 << ppre)
    spi.master()
    spi[DR] = 0
    machine.step(spi.half_bits(15, shift) - 1)
    assert not spi[SR] & RXNE
    machine.step(1)
    assert spi[SR] & RXNE


def test_frames_follow_each_other_without_gap_or_drift(each):
    """21.3.5: the buffer goes into the shift register when the last frame ends."""
    each.master()
    start = each.machine.now_ns
    each[DR] = 0
    for n in range(1, 100):
        assert each[SR] & TXE
        each[DR] = n
        assert not each[SR] & TXE
        each.step_to(start + each.half_bits(16 * n) - 1)
        assert not each[SR] & TXE
        each.machine.step(1)
        assert each[SR] & (TXE | BSY) == TXE | BSY


def wave(bits, br, cpol, cpha):
    """Edges of SCK for @bits bits."""
    half = PERIOD << br
    return [((half * (n + (not cpha)) >> 32), int(cpol != (n % 2 == 0))) for n in range(2 * bits)]


@pytest.mark.parametrize("dff", [0, DFF])
@pytest.mark.parametrize("mode", range(4))
def test_waveform(each, mode, dff):
    """21.3.1, data clock timing: SCK idles at CPOL; data change half a bit before they are sampled."""
    bits, word = (16, 0xb2e5) if dff else (8, 0xe5)
    each.master(mode | dff | 3 << BR)
    each.machine.step(1000)
    start = each.machine.now_ns
    each[DR] = word
    each.machine.step(100_000)
    assert each.waveform(each.sck, start) == wave(bits, 3, bool(mode & CPOL), mode & CPHA)
    level, expected = 0, []
    for n in range(bits):
        bit = word >> (bits - 1 - n) & 1
        if bit != level:
            expected.append((each.half_bits(2 * n, 3), bit))
        level = bit
    assert each.waveform(each.mosi, start) == expected


def test_lsb_first(each):
    each.master(LSBFIRST | 3 << BR)
    each.machine.step(1000)
    start = each.machine.now_ns
    each[DR] = 0x01
    each.machine.step(100_000)
    assert each.waveform(each.mosi, start) == [(0, 1), (each.half_bits(2, 3), 0)]


def test_pins_can_be_read_amid_a_frame(each):
    each.master(7 << BR)
    start = each.machine.now_ns
    each[DR] = 0x40
    levels = []
    for n in range(1, 9):
        each.step_to(start + each.half_bits(n, 7))
        levels.append((each.level(each.sck), each.level(each.mosi)))
    assert levels == [(1, 0), (0, 1), (1, 1), (0, 0), (1, 0), (0, 0), (1, 0), (0, 0)]


@pytest.mark.parametrize("mode", range(4))
def test_miso_is_sampled_bit_by_bit(each, mode):
    """Bit n is there until its sampling edge only."""
    each.master(mode | 7 << BR)
    start = each.machine.now_ns
    each[DR] = 0
    for n in range(8):
        each.drive(each.miso, 0x9a >> (7 - n) & 1)
        each.step_to(start + each.half_bits(2 * n + 1, 7))
        each.drive(each.miso, not 0x9a >> (7 - n) & 1)
        each.step_to(start + each.half_bits(2 * n + 2, 7))
    assert each[DR] == 0x9a


@pytest.mark.parametrize("level, word", [(0, 0x00), (1, 0xff)])
def test_without_a_peer_miso_is_its_idle_level(each, level, word):
    each.master()
    each.drive(each.miso, level)
    assert each.exchange(0x5a) == word


def test_pull_up_of_miso(each):
    each.master()
    stm32f100.pin_mode(each.machine, each.miso, stm32f100.INPUT_PULLED)
    port, pin = stm32f100.gpio(each.miso[1].lower()), int(each.miso[2:])
    each.machine.write(port + 0x10, 1 << pin)
    assert each.exchange(0) == 0xff


def test_miso_as_alternate_output_is_still_an_input(each):
    """A master does not drive it (7.1.9, note in 21.3.3)."""
    each.master()
    stm32f100.pin_mode(each.machine, each.miso, stm32f100.AF_OUTPUT)
    each.drive(each.miso, 1)
    assert each.exchange(0) == 0xff


def test_16_bits(each):
    each.master(DFF)
    each.drive(each.miso, 1)
    assert each.exchange(0) == 0xffff


def test_words_of_8_bits_have_their_upper_half_cleared(each):
    """21.4.4"""
    each.master()
    each.drive(each.miso, 1)
    assert each.exchange(0xffff) == 0xff


def test_remap_of_spi1(spi):
    """7.3, SPI1_REMAP: NSS PA15, SCK PB3, MISO PB4, MOSI PB5, once the debug port is off."""
    spi.machine.write(AFIO_MAPR, 1 | 4 << 24)
    spi.sck, spi.miso, spi.mosi = "PB3", "PB4", "PB5"
    spi.master()
    spi.drive("PB4", 1)
    spi.machine.step(1000)
    start = spi.machine.now_ns
    assert spi.exchange(0x80) == 0xff
    assert len(spi.waveform("PB3", start)) == 16
    assert spi.waveform("PB5", start) == [(0, 1), (spi.half_bits(2), 0)]
    assert spi.waveform("PA5", start) == []


def test_nothing_moves_while_spe_is_0(each):
    each.master()
    each[CR1] = MASTER
    each[DR] = 1
    each.machine.step(10_000)
    assert each[SR] == 0
    each[CR1] = MASTER | SPE
    assert each[SR] == TXE | BSY


def test_disabling_cuts_a_frame(each):
    """21.3.8"""
    each.master(7 << BR)
    each[DR] = 1
    each.step_half_bits(4, 7)
    each[CR1] = each.cr1
    each.machine.step(1_000_000)
    assert each[SR] == TXE


def test_pins_are_released_when_disabled(each):
    each.master(CPOL)
    assert each.level(each.sck) == 1
    each[CR1] = each.cr1
    assert each.level(each.sck) == 0
    each.drive(each.sck, 1)
    assert each.level(each.sck) == 1


# ------------------------------------------------------------------ peers (SSI bus)

def test_peer_exchanges_at_the_last_sample(with_peer, peer):
    with_peer.master(2 << BR)
    peer.answer(0x3c, 0x5a)
    start = with_peer.machine.now_ns
    assert with_peer.exchange(0xa5) == 0x3c
    second = with_peer.machine.now_ns
    assert with_peer.exchange(0x0f) == 0x5a
    assert [e for e in peer.log() if "exchange" in e[1]] == [
        (start + with_peer.half_bits(15, 2), "exchange a5"),
        (second + with_peer.half_bits(15, 2), "exchange 0f")]


def test_words_of_16_bits_are_two_octets(with_peer, peer):
    with_peer.master(DFF)
    peer.answer(0x12, 0x34)
    assert with_peer.exchange(0xabcd) == 0x1234
    assert peer.octets() == [0xab, 0xcd]


def test_peer_hears_bits_in_the_order_of_the_line(with_peer, peer):
    with_peer.master(LSBFIRST | DFF)
    peer.answer(0x12, 0x34)
    assert with_peer.exchange(0x8001) == reverse(0x1234, 16)
    assert peer.octets() == [0x80, 0x01]
    with_peer[CR1] = MASTER | LSBFIRST
    with_peer.master(LSBFIRST)
    peer.answer(0x12)
    assert with_peer.exchange(0x03) == reverse(0x12)
    assert peer.octets()[2:] == [0xc0]


def test_peer_is_selected_by_the_nss_pin(with_peer, peer):
    """Here a plain output, as most drivers have it."""
    stm32f100.pin_mode(with_peer.machine, with_peer.nss, stm32f100.OUTPUT)
    port, pin = stm32f100.gpio(with_peer.nss[1].lower()), int(with_peer.nss[2:])
    with_peer.machine.write(port + 0x10, 1 << pin)
    with_peer.master()
    with_peer.drive(with_peer.miso, 1)
    peer.answer(0x12)
    assert with_peer.exchange(0x55) == 0xff, "MISO of an unselected peer is not driven"
    with_peer.machine.write(port + 0x14, 1 << pin)
    assert with_peer.exchange(0x66) == 0x12
    with_peer.machine.write(port + 0x10, 1 << pin)
    assert [event for _, event in peer.log()] == ["deselect", "select", "exchange 66", "deselect"]


def test_peers_with_chip_selects_of_their_own(tmp_path):
    with stm32f100.qtest_machine(
            tmp_path, "-global", "stm32f100-mews-soc.spi1-cs=PA3:PC4", "-device",
            "mews-ssi-peer,bus=spi1,id=first,cs=0", "-device",
            "mews-ssi-peer,bus=spi1,id=second,cs=1") as machine:
        spi = Spi(machine, 1)
        spi.master()
        first, second = Peer(spi.machine, "first"), Peer(spi.machine, "second")
        first.answer(0x11)
        second.answer(0x22)
        spi.drive("PA3", 1)
        assert spi.exchange(1) == 0x22
        spi.drive("PA3", 0)
        spi.drive("PC4", 1)
        assert spi.exchange(2) == 0x11
        assert (first.octets(), second.octets()) == ([2], [1])


@pytest.mark.parametrize("pins", ["PA16", "PF1", "PA", "A4", "PC4:PE0", "PA4:PA5x"])
def test_chip_select_that_is_no_pin(tmp_path, pins):
    code, text = qtest.try_image("none", stm32f100.MODEL, "-global",
                                 f"stm32f100-mews-soc.spi1-cs={pins}")
    assert code == 1
    assert "is no pin of this package" in text


def test_peer_hears_nothing_without_sck(with_peer, peer):
    """7.3.7: SCK's pin is not an alternate output."""
    with_peer.master()
    stm32f100.pin_mode(with_peer.machine, with_peer.sck, stm32f100.INPUT_FLOATING)
    with_peer[DR] = 1
    with_peer.machine.step(10_000)
    assert with_peer[SR] & RXNE, "the frame takes place inside"
    assert peer.octets() == []


@pytest.mark.parametrize("level, octet", [(0, 0x00), (1, 0xff)])
def test_peer_hears_the_level_of_a_mosi_that_is_not_driven(with_peer, peer, level, octet):
    with_peer.master()
    stm32f100.pin_mode(with_peer.machine, with_peer.mosi, stm32f100.INPUT_FLOATING)
    with_peer.drive(with_peer.mosi, level)
    with_peer.exchange(0x5a)
    assert peer.octets() == [octet]


def test_peer_is_not_heard_without_miso(with_peer, peer):
    with_peer.master()
    stm32f100.pin_mode(with_peer.machine, with_peer.miso, stm32f100.OUTPUT)
    peer.answer(0x77)
    assert with_peer.exchange(0x5a) == 0
    assert peer.octets() == [0x5a]


# ------------------------------------------------- receive only, one line (21.3.4)

def test_master_that_only_receives_clocks_while_enabled(with_peer, peer):
    peer.answer(*range(1, 9))
    start = with_peer.machine.now_ns
    with_peer.master(RXONLY | 7 << BR)
    for n in range(1, 4):
        with_peer.step_to(start + with_peer.half_bits(16 * n, 7))
        assert with_peer[SR] & (BSY | RXNE) == BSY | RXNE
        assert with_peer[DR] == n


def test_disabling_lets_a_receiving_master_end_its_frame(with_peer, peer):
    """21.3.8"""
    peer.answer(1, 2)
    with_peer.master(RXONLY | 7 << BR)
    with_peer.step_half_bits(3, 7)
    with_peer[CR1] = with_peer.cr1
    with_peer.step_half_bits(14, 7)
    assert with_peer[SR] == TXE | RXNE
    assert with_peer[DR] == 1
    with_peer.machine.step(1_000_000)
    assert with_peer[SR] == TXE


def test_mosi_is_not_driven_by_a_master_that_only_receives(each):
    each.master(RXONLY)
    each.drive(each.mosi, 1)
    assert each.level(each.mosi) == 1


def test_one_line_out(with_peer, peer):
    """BIDIMODE = 1, BIDIOE = 1: nothing is received."""
    with_peer.master(BIDIMODE | BIDIOE)
    with_peer[DR] = 0x42
    with_peer.machine.step(10_000)
    assert with_peer[SR] == TXE
    assert peer.octets() == [0x42]


def test_one_line_in(with_peer, peer):
    """BIDIMODE = 1, BIDIOE = 0: clocks while enabled, and BSY stays 0 (21.3.7)."""
    peer.answer(0x42, 0x43)
    with_peer.master(BIDIMODE | 7 << BR)
    with_peer.step_half_bits(16, 7)
    assert with_peer[SR] == TXE | RXNE
    assert with_peer[DR] == 0x42


def test_one_line_in_listens_to_mosi(each):
    each.drive(each.mosi, 1)
    each.master(BIDIMODE | 7 << BR)
    each.step_half_bits(16, 7)
    assert each[DR] == 0xff


# ------------------------------------------------------------------- slave (21.3.2)

@pytest.mark.parametrize("dff", [0, DFF])
@pytest.mark.parametrize("lsbfirst", [0, LSBFIRST])
@pytest.mark.parametrize("mode", range(4))
def test_slave_exchanges_words(each, mode, lsbfirst, dff):
    bits = 16 if dff else 8
    each.slave(mode | lsbfirst | dff)
    each[DR] = 0x5ac3
    each.drive(each.nss, 0)
    mask = (1 << bits) - 1
    out = 0x5ac3 & mask
    for n, word in enumerate((0x1d2b, 0xe4f0, 0x8001)):
        seen = each.clock_word(word & mask, bits)
        assert seen == (reverse(out, bits) if lsbfirst else out)
        assert each[SR] == TXE | RXNE
        assert each[DR] == (reverse(word & mask, bits) if lsbfirst else word & mask)
        out = n * 0x1357 & mask
        each[DR] = out


def test_slave_takes_its_word_at_the_first_edge(each):
    each.slave()
    each[DR] = 0x80
    each.drive(each.nss, 0)
    assert each[SR] == 0
    assert each.level(each.miso) == 1, "the first bit is there before the first edge"
    each.drive(each.sck, 1)
    assert each[SR] == TXE | BSY


def test_slave_hears_nothing_unless_selected(each):
    each.slave()
    each.clock_word(0x12)
    assert each[SR] == TXE
    each.drive(each.miso, 1)
    assert each.level(each.miso) == 1, "MISO is not driven"


def test_slave_selected_by_software(each):
    """SSM: SSI takes the place of the pin."""
    each.slave(SSM)
    each.clock_word(0x12)
    assert each[SR] & RXNE
    assert each[DR] == 0x12
    each[CR1] = SSM | SSI | SPE
    each.clock_word(0x13)
    assert not each[SR] & RXNE


def test_slave_that_only_receives_does_not_drive_miso(each):
    each.slave(RXONLY)
    each.drive(each.nss, 0)
    each.drive(each.miso, 1)
    assert each.level(each.miso) == 1
    each.clock_word(0x99)
    assert each[DR] == 0x99


def test_slave_on_one_line(each):
    each.slave(BIDIMODE | BIDIOE)
    each[DR] = 0x96
    each.drive(each.nss, 0)
    assert each.clock_word(0xff) == 0x96
    assert each[SR] == TXE
    each[CR1] = BIDIMODE | SPE
    each.mosi = each.miso  # its only line
    each.clock_word(0x3a)
    assert each[DR] == 0x3a


def test_slave_overrun(each):
    """21.3.10: the first word stays."""
    each.slave()
    each.drive(each.nss, 0)
    each.clock_word(1)
    each.clock_word(2)
    assert each[SR] & (OVR | RXNE) == OVR | RXNE
    assert each[DR] == 1
    assert each[SR] & OVR
    assert not each[SR] & (OVR | RXNE)


# ----------------------------------------------------------- flags and faults (21.3.10)

def test_overrun_is_cleared_by_dr_then_sr(each):
    each.master()
    each[DR] = 1
    each.machine.step(10_000)
    each[DR] = 2
    each.machine.step(10_000)
    assert each[SR] == TXE | RXNE | OVR
    assert each[SR] == TXE | RXNE | OVR
    each[DR]
    assert each[SR] == TXE | OVR
    assert each[SR] == TXE


def test_mode_fault_by_software_nss(each):
    each.master()
    each[CR1] = MSTR | SSM | SPE
    assert each[SR] == TXE | MODF
    assert each[CR1] == SSM, "SPE and MSTR are cleared"


def test_mode_fault_by_the_pin(each):
    each.drive(each.nss, 1)
    each.master()
    stm32f100.pin_mode(each.machine, each.nss, stm32f100.INPUT_FLOATING)
    each[CR1] = MSTR | SPE
    each[DR] = 1
    assert each[SR] & BSY
    each.drive(each.nss, 0)
    assert each[SR] == TXE | MODF
    assert each[CR1] == 0
    each.machine.step(10_000)
    assert not each[SR] & RXNE


def test_mode_fault_is_cleared_by_sr_then_cr1(each):
    each.master()
    each[CR1] = MSTR | SSM | SPE
    each[CR1] = MASTER
    assert each[SR] & MODF, "SR had not been read"
    assert each[CR1] == SSM | SSI
    each[CR1] = MASTER | SPE
    assert not each[SR] & MODF
    assert each[CR1] == SSM | SSI, "neither bit can be set while MODF is"
    each[CR1] = MASTER | SPE
    assert each[CR1] == MASTER | SPE


def test_no_mode_fault_as_nss_output(each):
    """21.3.1: SSOE; NSS is low from SPE on until SPE is cleared."""
    each.drive(each.nss, 1)
    stm32f100.pin_mode(each.machine, each.nss, stm32f100.AF_OUTPUT)
    each[CR2] = SSOE
    each[CR1] = MSTR
    assert each.level(each.nss) == 1
    each[CR1] = MSTR | SPE
    assert each[SR] == TXE
    assert each.level(each.nss) == 0
    each[CR1] = MSTR
    assert each.level(each.nss) == 1


@pytest.mark.parametrize("enable", [TXEIE, RXNEIE, ERRIE])
def test_interrupts(each, enable):
    """21.3.11"""
    each.master(7 << BR)
    each[DR], each[DR] = 1, 2
    each[CR2] = enable
    assert not each.irq()
    each.step_half_bits(17, 7)
    assert each.irq() == (enable != ERRIE)
    if enable == RXNEIE:
        each[DR]
        assert not each.irq()
    each[DR] = 3
    each.step_half_bits(48, 7)
    assert each.irq()
    each[CR2] = 0
    assert not each.irq()


def test_interrupt_of_a_mode_fault(each):
    each.master(0, ERRIE)
    each[CR1] = MSTR | SSM | SPE
    assert each.irq()
    each[SR]
    each[CR1] = SSM | SSI
    assert not each.irq()


# --------------------------------------------------------------------- CRC (21.3.6)

def crc(octets, bits=8, polynomial=7):
    value = 0
    for octet in octets:
        value ^= octet
        for _ in range(bits):
            value = (value << 1 ^ (polynomial if value >> bits - 1 & 1 else 0)) & (1 << bits) - 1
    return value


@pytest.mark.parametrize("dff, polynomial", [(0, 7), (0, 0x31), (DFF, 0x1021), (DFF, 0x8005)])
def test_crc_of_both_directions(with_peer, peer, dff, polynomial):
    bits = 16 if dff else 8
    with_peer[CRCPR] = polynomial
    with_peer.master(CRCEN | dff)
    out, answers = [0x12, 0x34, 0x56], [0x9a, 0xbc, 0xde]
    peer.answer(*(octet for word in answers for octet in word.to_bytes(bits // 8, "big")))
    assert [with_peer.exchange(word) for word in out] == answers
    assert with_peer[TXCRCR] == crc(out, bits, polynomial)
    assert with_peer[RXCRCR] == crc(answers, bits, polynomial)


@pytest.mark.parametrize("good", [True, False])
def test_crc_follows_the_last_word(with_peer, peer, good):
    """CRCNEXT is set while the last word is under way; CRCERR if the CRC received is not RXCRCR."""
    out, answers = [0x12, 0x34], [0x9a, 0xbc]
    check = crc(answers) ^ (not good)
    peer.answer(*answers, check)
    with_peer.master(CRCEN, ERRIE)
    assert with_peer.exchange(out[0]) == answers[0]
    with_peer[DR] = out[1]
    with_peer[CR1] = with_peer.cr1 | SPE | CRCNEXT
    with_peer.step_half_bits(16)
    assert with_peer[DR] == answers[1]
    assert with_peer[SR] & BSY
    with_peer.machine.step(10_000)
    assert peer.octets() == [*out, crc(out)]
    assert with_peer[SR] == TXE | RXNE | (0 if good else CRCERR)
    assert with_peer[DR] == check, "the CRC is received like data"
    assert with_peer.irq() == (not good)
    assert with_peer[RXCRCR] == crc(answers), "the CRC itself is not counted"
    with_peer[SR] = 0
    assert with_peer[SR] == TXE
    assert not with_peer.irq()


def test_crcen_starts_from_0(with_peer, peer):
    with_peer.master(CRCEN)
    with_peer.exchange(0x12)
    with_peer[CR1] = MASTER
    with_peer[CR1] = MASTER | CRCEN
    assert [with_peer[TXCRCR], with_peer[RXCRCR]] == [0, 0]


def test_slave_crc(each):
    each.slave(CRCEN)
    each[DR] = 0x21
    each.drive(each.nss, 0)
    assert each.clock_word(0x43) == 0x21
    each[CR1] = each.cr1 | SPE | CRCNEXT
    assert each[DR] == 0x43
    assert each.clock_word(crc([0x43])) == crc([0x21])
    assert each[SR] == TXE | RXNE


# --------------------------------------------------------------------- DMA (21.3.9)

def dma(spi, number, flags, count, memory):
    stm32f100.clock_on(spi.machine, "dma1")
    Channel(spi.machine, number).start(flags | MINC, count, spi.base + DR, memory)


def test_dma_both_ways(with_peer, peer):
    message, answers = list(b"out by DMA"), list(b"in by DMA.")
    put(with_peer.machine, SOURCE, *message)
    put(with_peer.machine, TARGET, *[0] * 10)
    peer.answer(*answers)
    with_peer.master(3 << BR, RXDMAEN)
    dma(with_peer, DMA_RX[with_peer.number], 0, 10, TARGET)
    dma(with_peer, DMA_TX[with_peer.number], DIR, 10, SOURCE)
    start = with_peer.machine.now_ns
    with_peer[CR2] = RXDMAEN | TXDMAEN
    with_peer.step_half_bits(16 * 10 + 1, 3)
    assert peer.octets() == message
    assert get(with_peer.machine, TARGET, 10) == answers
    assert with_peer[SR] == TXE
    times = [t - start for t, event in peer.log() if "exchange" in event]
    assert times == [with_peer.half_bits(16 * n + 15, 3) for n in range(10)]


def test_dma_sends_the_crc_by_itself(with_peer, peer):
    """21.3.9: after the last word, without CRCNEXT from software."""
    message, answers = [1, 2, 3], [7, 8, 9]
    put(with_peer.machine, SOURCE, *message)
    peer.answer(*answers, crc(answers))
    with_peer.master(CRCEN | 3 << BR, RXDMAEN)
    dma(with_peer, DMA_RX[with_peer.number], 0, 3, TARGET)
    dma(with_peer, DMA_TX[with_peer.number], DIR, 3, SOURCE)
    with_peer[CR2] = RXDMAEN | TXDMAEN
    with_peer.machine.step(100_000)
    assert peer.octets() == [*message, crc(message)]
    assert get(with_peer.machine, TARGET, 3) == answers
    assert with_peer[SR] == TXE | RXNE
    assert with_peer[DR] == crc(answers)


@pytest.mark.parametrize("good", [True, False])
def test_dma_that_only_receives_checks_the_crc(with_peer, peer, good):
    answers = [7, 8, 9]
    peer.answer(*answers, crc(answers) ^ (not good))
    dma(with_peer, DMA_RX[with_peer.number], 0, 3, TARGET)
    with_peer.master(CRCEN | RXONLY | 7 << BR, RXDMAEN)
    with_peer.step_half_bits(16 * 4 - 1, 7)
    with_peer[CR1] = with_peer.cr1
    with_peer.machine.step(100_000)
    assert bool(with_peer[SR] & CRCERR) == (not good)
    assert EN & Channel(with_peer.machine, DMA_RX[with_peer.number]).ccr
