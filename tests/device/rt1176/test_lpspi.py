"""LPSPI1 to LPSPI6 (IMXRT1170RM, chapter "Low Power Serial Peripheral Interface"): registers,
transfers and their times, FIFOs, commands, flags, interrupts and DMA requests.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176
from lpspi import (AUTOPCS, BASE, BYSW, CCR, CFGR0, CFGR1, CONT, CONTC, CPHA, CPOL, CR, DBGEN, DBT,
                   DER, DMF, DMR0, DMR1, DOZEN, FCF, FCR, FIFO_WORDS, FSR, IER, LSBF, MASTER,
                   MATCFG, MBF, MEN, NOSTALL, PARAM, PCS, PCSPOL, PCSSCK, PRESCALE, RDDE, RDF, RDMO,
                   RDR, REF, ROOT, ROOT_NUMBER, RRF, RSR, RST, RTF, RXEMPTY, RXMSK, SAMPLE, SCKPCS,
                   SOF, SR, TCF, TCR, TDDE, TDF, TDR, TEF, TXMSK, VERID,
                   WCF, WIDTH, Lpspi, frame)
from qtest import Peer

WRITABLE = {IER: 0x3f03, DER: 0x3, CFGR0: 0x307, CFGR1: 0x0f070f0f, DMR0: 0xffffffff,
            DMR1: 0xffffffff, CCR: 0xffffffff, FCR: 0x000f000f}
RESET_VALUES = {CR: 0, SR: TDF, IER: 0, DER: 0, CFGR0: 0, CFGR1: 0, DMR0: 0, DMR1: 0, CCR: 0,
                FCR: 0, FSR: 0, TCR: 0x1f, RSR: RXEMPTY}


@pytest.fixture(params=range(1, 7))
def each(machine, request):
    return Lpspi(machine, request.param)


@pytest.fixture
def spi(machine):
    return Lpspi(machine)


@pytest.fixture
def with_peer(tmp_path):
    with rt1176.qtest_machine(tmp_path, "-device", "mews-ssi-peer,bus=lpspi1,cs=0,id=peer",
                              "-device", "mews-ssi-peer,bus=lpspi1,cs=2,id=other") as machine:
        yield Lpspi(machine)


@pytest.fixture
def peer(with_peer):
    return Peer(with_peer.machine)


# ------------------------------------------------------------ registers ("Register descriptions")

def test_reset_values(each):
    assert each[VERID] & 0xffff == 4  # standard feature set
    assert each[PARAM] == 0x00040404  # 4 PCS, FIFOs of 2^4 words
    assert {register: each[register] for register in RESET_VALUES} == RESET_VALUES


@pytest.mark.parametrize("register", WRITABLE)
def test_writable_bits(each, register):
    assert each.try_bits(register) == (RESET_VALUES[register], WRITABLE[register], 0)


@pytest.mark.parametrize("register", [VERID, PARAM, SR, FSR, RSR])
def test_read_only(spi, register):
    before = spi[register]
    spi[register] = 0xffffffff
    assert spi[register] == before


def test_control_bits(spi):
    spi[CR] = 0xffffffff & ~RST
    assert spi[CR] == MEN | DOZEN | DBGEN  # RTF and RRF read 0


def test_software_reset_holds_all_but_cr(spi):
    """CR[RST]: "Resets all internal logic and registers, except the Control Register"."""
    spi[IER], spi[FCR], spi[TCR], spi[TDR] = 0x3f00, 0x30003, 7, 1
    spi[CR] = RST
    spi[IER] = 0x3f00
    assert spi[CR] == RST
    assert spi[IER] == 0
    spi[CR] = 0
    assert {register: spi[register] for register in RESET_VALUES} == RESET_VALUES


@pytest.mark.parametrize("register, value", [
    (CFGR1, MASTER | NOSTALL), (CCR, 5), (DMR0, 5), (DMR1, 5)])
def test_only_while_disabled(spi, register, value):
    """CFGR1, CCR, DMRn: for a disabled module."""
    spi.on()
    before = spi[register]
    spi[register] = value
    assert spi[register] == before
    spi[CR] = 0
    spi[register] = value
    assert spi[register] == value


def test_tcr_is_read_back_from_the_command_register(spi):
    command = frame(16) | WIDTH << 0 & 0 | RXMSK | CONT | 2 << PCS | 5 << PRESCALE | CPHA | CPOL
    spi.on(command)
    assert spi[TCR] == command
    assert spi.tx_count() == 0


# ------------------------------------------------------------------- frames and their times

def last_sample(bits, ccr, cpha=0, lanes=1):
    """Cycles from PCS to the last sample: PCSSCK + 1, then SCKDIV + 2 a bit."""
    period = (ccr & 0xff) + 2
    return (ccr >> PCSSCK & 0xff) + 1 + (bits // lanes - 1) * period + cpha * -(-period // 2)


def negation(bits, ccr, lanes=1):
    period = (ccr & 0xff) + 2
    return last_sample(bits, ccr, 0, lanes) + -(-period // 2) + (ccr >> SCKPCS) + 1


def idle(bits, ccr):
    return negation(bits, ccr) + (ccr >> DBT & 0xff) + 2


@pytest.mark.parametrize("sckdiv", [0, 1, 2, 5, 254, 255])
@pytest.mark.parametrize("prescale", [0, 1, 7])
def test_bit_time(spi, sckdiv, prescale):
    """CCR[SCKDIV]: SCK has PRESCALE * (SCKDIV + 2) clock periods."""
    spi.on(frame(8) | prescale << PRESCALE, sckdiv)
    spi.send(0xa5)
    spi.just_before(last_sample(8, sckdiv))
    assert not spi[SR] & (WCF | RDF)
    spi.step_to(last_sample(8, sckdiv))
    assert spi[SR] & (WCF | RDF) == WCF | RDF


@pytest.mark.parametrize("ccr", [0, 3 << DBT, 7 << PCSSCK, 9 << SCKPCS,
                                 3 | 20 << DBT | 30 << PCSSCK | 40 << SCKPCS, 0xffffffff])
@pytest.mark.parametrize("mode", [0, CPHA, CPOL, CPHA | CPOL])
def test_delays(spi, ccr, mode):
    """CCR: PCSSCK + 1 to the first edge, SCKPCS + 1 to PCS, DBT + 2 to the next transfer."""
    spi.on(frame(8) | mode, ccr)
    spi.send(0)
    spi.just_before(last_sample(8, ccr, bool(mode & CPHA)))
    assert not spi[SR] & WCF
    spi.step_to(last_sample(8, ccr, bool(mode & CPHA)))
    assert spi[SR] & WCF
    spi.just_before(negation(8, ccr))
    assert spi[SR] & (FCF | MBF) == MBF
    spi.step_to(negation(8, ccr))
    assert spi[SR] & (FCF | TCF | MBF) == FCF | MBF
    spi.just_before(idle(8, ccr))
    assert spi[SR] & (TCF | MBF) == MBF
    spi.step_to(idle(8, ccr))
    assert spi[SR] & (FCF | TCF | MBF) == FCF | TCF


def test_peer_sees_the_times(with_peer, peer):
    spi, ccr = with_peer, 4 | 5 << DBT | 6 << PCSSCK | 7 << SCKPCS
    spi.on(frame(8), ccr)
    spi.send(0x12, 0x34)
    spi.machine.step(100_000)
    period = idle(8, ccr)
    assert peer.log(spi.start_ns) == [
        (spi.cycles(0), "select"),
        (spi.cycles(last_sample(8, ccr)), "exchange 12"),
        (spi.cycles(negation(8, ccr)), "deselect"),
        (spi.cycles(period), "select"),
        (spi.cycles(period + last_sample(8, ccr)), "exchange 34"),
        (spi.cycles(period + negation(8, ccr)), "deselect")]


def test_no_drift_over_a_thousand_frames(with_peer, peer):
    """24 MHz is no whole number of nanoseconds."""
    spi = with_peer
    spi.on(frame(8) | RXMSK, 1)
    spi.send()
    for n in range(100):
        for _ in range(10):
            spi[TDR] = n
        spi.machine.step(20_000)
    starts = [time for time, event in peer.log(spi.start_ns) if event == "select"]
    assert len(starts) == 1000
    for n in range(0, 1000, 10):
        assert starts[n + 9] - starts[n] in (spi.cycles(9 * idle(8, 1)),
                                             spi.cycles(9 * idle(8, 1)) + 1)


@pytest.mark.parametrize("width, lanes", [(0, 1), (1, 2), (2, 4)])
def test_width(spi, width, lanes):
    """TCR[WIDTH]: 1, 2 or 4 bits each SCK."""
    spi.on(frame(16) | RXMSK | width << WIDTH, 2)
    spi.send(0xffff)
    spi.just_before(last_sample(16, 2, 0, lanes))
    assert not spi[SR] & WCF
    spi.step_to(last_sample(16, 2, 0, lanes))
    assert spi[SR] & WCF


def test_clock_root(each):
    """CCM root and LPCG: OSC_RC_16M divided by 2 is 8 MHz, a third of 24."""
    each.machine.write(ROOT[each.number], 3 << 8 | 1)
    each.on(frame(8), 0)
    each.send(0)
    each.machine.step(3 * each.cycles(last_sample(8, 0)) - 1)
    assert not each[SR] & WCF
    each.machine.step(3)
    assert each[SR] & WCF


def test_it_stands_without_its_clock(each):
    rt1176.stop_root(each.machine, ROOT_NUMBER[each.number])
    each.on()
    each.send(0x55)
    each.machine.step(1_000_000)
    assert each[SR] == 0 and each.tx_count() == 2  # command and data wait
    rt1176.start_root(each.machine, ROOT_NUMBER[each.number])
    each.machine.step(1_000_000)
    assert each[SR] & TCF


def test_clock_stopped_within_a_transfer(with_peer, peer):
    """It stands still until the clock is back, and nothing is lost."""
    spi = with_peer
    spi.on(frame(8) | CONT)
    spi.send(1, 2, 3)
    spi.step_to(last_sample(8, 0) + 2)
    rt1176.stop_root(spi.machine, ROOT_NUMBER[1])
    spi.machine.step(1_000_000)
    assert len(peer.octets()) <= 2
    before = peer.octets()
    spi[TDR] = 4
    spi.machine.step(1_000_000)
    assert peer.octets() == before and spi[SR] & MBF
    rt1176.start_root(spi.machine, ROOT_NUMBER[1])
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4]
    rt1176.stop_root(spi.machine, ROOT_NUMBER[1])  # while it holds
    spi[TDR] = 5
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4]
    rt1176.start_root(spi.machine, ROOT_NUMBER[1])
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4, 5]


# ------------------------------------------------------------------------------------- words

def exchange(spi, *words):
    spi.send(*words)
    spi.machine.step(1_000_000)
    return spi.received()


@pytest.mark.parametrize("bits, word, octets", [
    (8, 0xffffffa5, [0xa5]), (16, 0x1234, [0x12, 0x34]), (24, 0x123456, [0x12, 0x34, 0x56]),
    (32, 0x12345678, [0x12, 0x34, 0x56, 0x78])])
def test_word_is_right_aligned_first_bit_highest(with_peer, peer, bits, word, octets):
    """TCR[FRAMESZ], TDR"""
    with_peer.on(frame(bits))
    peer.answer(*range(0xa1, 0xa5))
    assert exchange(with_peer, word) == [int.from_bytes(range(0xa1, 0xa1 + bits // 8), "big")]
    assert peer.octets() == octets


def test_lsb_first(with_peer, peer):
    with_peer.on(frame(16) | LSBF)
    peer.answer(0x01, 0x80)
    assert exchange(with_peer, 0x8001) == [0x0180]
    assert peer.octets() == [0x80, 0x01]


def test_byte_swap(with_peer, peer):
    """TCR[BYSW]: of each data word"""
    with_peer.on(frame(32) | BYSW)
    peer.answer(0x11, 0x22, 0x33, 0x44)
    assert exchange(with_peer, 0x12345678) == [0x44332211]
    assert peer.octets() == [0x78, 0x56, 0x34, 0x12]


def test_long_frame_is_words_of_32_bits_and_the_rest(with_peer, peer):
    with_peer.on(frame(72), 2)
    peer.answer(*range(9))
    assert exchange(with_peer, 0xa0a1a2a3, 0xa4a5a6a7, 0xa8) == [0x00010203, 0x04050607, 0x08]
    assert peer.octets() == list(range(0xa0, 0xa9))
    assert [event for _, event in peer.log()].count("select") == 1


@pytest.mark.parametrize("cpha", [0, CPHA])
def test_words_of_a_frame_follow_without_gap(with_peer, peer, cpha):
    with_peer.on(frame(64) | cpha, 4)
    with_peer.send(0, 0)
    with_peer.machine.step(1_000_000)
    assert [t for t, event in peer.log(with_peer.start_ns) if event.startswith("exchange")] == [
        with_peer.cycles(last_sample(8 * (n + 1), 4, bool(cpha))) for n in range(8)]


def test_odd_frame_size(with_peer, peer):
    """A frame of 12 bits: the peer sees 8 and 4."""
    with_peer.on(frame(12))
    peer.answer(0xab, 0x0c)
    assert exchange(with_peer, 0x123) == [0xabc]
    assert peer.octets() == [0x12, 0x03]


def test_without_a_peer_sin_is_high(spi):
    spi.on()
    assert exchange(spi, 0) == [0xff]


def test_start_of_frame_flag(with_peer, peer):
    """RSR[SOF]: the first word of a frame"""
    with_peer.on(frame(64))
    with_peer.send(1, 2)
    with_peer.machine.step(100_000)
    assert with_peer[RSR] == SOF
    with_peer[RDR]
    assert with_peer[RSR] == 0
    with_peer[RDR]
    assert with_peer[RSR] == RXEMPTY


# ----------------------------------------------------------------- FIFOs and watermarks (FCR, FSR)

def test_fifos_have_16_words(spi):
    spi[CFGR1] = MASTER
    for n in range(FIFO_WORDS + 2):
        spi[TDR] = n
        assert spi.tx_count() == min(n + 1, FIFO_WORDS)


def test_reset_of_fifos(with_peer):
    spi = with_peer
    spi.on()
    assert len(exchange(spi, 1, 2, 3)) == 3
    spi.send(1, 2, 3)
    spi.machine.step(1_000_000)
    spi[CR] = MEN | RRF
    assert spi.rx_count() == 0
    spi[CR] = 0
    spi[TDR] = 1
    spi[CR] = RTF
    assert spi.tx_count() == 0


@pytest.mark.parametrize("water", [0, 1, 7, 15])
def test_transmit_watermark(spi, water):
    """SR[TDF]: the number of words is equal to or less than TXWATER."""
    spi[FCR] = water
    for n in range(1, FIFO_WORDS + 1):
        spi[TDR] = 0
        assert bool(spi[SR] & TDF) == (n <= water)


@pytest.mark.parametrize("water", [0, 1, 7, 15])
def test_receive_watermark(spi, water):
    """SR[RDF]: the number of words is greater than RXWATER."""
    spi[FCR] = water << 16
    spi.on()
    for n in range(1, FIFO_WORDS + 1):
        spi.send(0)
        spi.machine.step(10_000)
        assert bool(spi[SR] & RDF) == (n > water)
    spi[RDR]
    assert bool(spi[SR] & RDF) == (FIFO_WORDS - 1 > water)


def test_full_receive_fifo_stalls(with_peer, peer):
    """CFGR1[NOSTALL] = 0: a transfer stalls while the receive FIFO is full; nothing is lost."""
    spi = with_peer
    spi.on()
    peer.answer(*range(20))
    spi.send(*range(FIFO_WORDS))
    spi.machine.step(1_000_000)
    spi[TDR] = 0xaa
    spi.machine.step(1_000_000)
    assert len(peer.octets()) == FIFO_WORDS and spi.tx_count() == 1
    assert spi[RDR] == 0
    spi.machine.step(1_000_000)
    assert len(peer.octets()) == FIFO_WORDS + 1
    assert spi.received() == list(range(1, FIFO_WORDS + 1))
    assert not spi[SR] & REF


def test_full_receive_fifo_overflows_without_stall(with_peer, peer):
    """SR[REF]"""
    spi = with_peer
    spi.on(cfgr1=NOSTALL)
    peer.answer(*range(20))
    for n in range(FIFO_WORDS + 1):
        assert not spi[SR] & REF
        spi.send(n)
        spi.machine.step(100_000)
    assert spi[SR] & REF
    assert spi.received() == list(range(FIFO_WORDS))
    spi[SR] = REF
    assert not spi[SR] & REF


def test_long_frame_stalls_for_data(with_peer, peer):
    spi = with_peer
    spi.on(frame(64))
    spi.send(0x01020304)
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4]
    assert spi[SR] & (MBF | FCF | TEF) == MBF
    spi[TDR] = 0x05060708
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert spi[SR] & (MBF | FCF | TCF) == FCF | TCF


def test_long_frame_underruns_without_stall(with_peer, peer):
    """SR[TEF]"""
    with_peer.on(frame(64), cfgr1=NOSTALL)
    with_peer.send(0x01020304)
    with_peer.machine.step(1_000_000)
    assert len(peer.octets()) == 8
    assert with_peer[SR] & (TEF | FCF | TCF) == TEF | FCF | TCF


def test_nothing_moves_while_disabled(spi):
    spi[CFGR1] = MASTER
    spi[TDR] = 1
    spi.machine.step(1_000_000)
    assert spi.tx_count() == 1
    spi[CR] = MEN
    assert spi.tx_count() == 0 and spi[SR] & MBF


# ------------------------------------------------------------------------- commands (TCR) in the FIFO

def test_command_waits_for_its_turn(with_peer, peer):
    spi = with_peer
    spi.on(frame(8))
    spi.send(0x11)
    spi[TCR] = frame(16)
    spi[TDR] = 0x2233
    assert spi[TCR] == frame(8)  # what is in effect
    assert spi.tx_count() == 2
    spi.machine.step(1_000_000)
    assert spi[TCR] == frame(16)
    assert spi.received() == [0xff, 0xffff]
    assert peer.octets() == [0x11, 0x22, 0x33]


def test_receive_masked(with_peer, peer):
    with_peer.on(frame(8) | RXMSK)
    assert exchange(with_peer, 1, 2) == []
    assert peer.octets() == [1, 2]


def test_transmit_masked_command_starts_a_frame(with_peer, peer):
    """TCR[TXMSK]: a transfer without data, cleared at its end"""
    spi = with_peer
    peer.answer(0x5a, 0xa5)
    spi.on(frame(16))
    spi[TCR] = frame(16) | TXMSK
    assert spi[TCR] & TXMSK
    spi.machine.step(1_000_000)
    assert not spi[TCR] & TXMSK
    assert spi.received() == [0x5aa5]
    assert spi.tx_count() == 0


def test_continuous_transfer_keeps_pcs(with_peer, peer):
    """TCR[CONT], and CCR[DBT] + 1 from the last edge of a frame to the next one's first."""
    spi, ccr = with_peer, 4 | 5 << DBT | 6 << PCSSCK | 7 << SCKPCS
    spi.on(frame(8) | CONT, ccr)
    spi.send(1, 2)
    spi.machine.step(1_000_000)
    first = last_sample(8, ccr)
    step = 7 * 6 + 3 + 6  # 7 bits, half a bit, DBT + 1
    assert peer.log(spi.start_ns) == [
        (0, "select"), (spi.cycles(first), "exchange 01"), (spi.cycles(first + step), "exchange 02")]
    assert spi[SR] & (FCF | TCF | MBF) == MBF  # still going on


def test_command_without_contc_ends_a_continuous_transfer(with_peer, peer):
    spi, ccr = with_peer, 2 | 9 << SCKPCS
    spi.on(frame(8) | CONT, ccr)
    spi.send(1)
    spi.machine.step(1_000_000)
    spi.start_ns = spi.machine.now_ns
    spi[TCR] = frame(8)
    spi.machine.step(1_000_000)
    assert peer.log(spi.start_ns) == [(spi.cycles(10), "deselect")]
    assert spi[SR] & (FCF | TCF | MBF) == FCF | TCF


def test_continuing_command_changes_the_frame_within_a_transfer(with_peer, peer):
    """TCR[CONTC]: PCS stays, and CONT = 0 makes the frame behind it the last one."""
    spi = with_peer
    spi.on(frame(8) | CONT)
    spi.send(0x81)
    spi[TCR] = frame(16) | CONTC
    spi[TDR] = 0x1234
    spi.machine.step(1_000_000)
    assert [event for _, event in peer.log(spi.start_ns)] == [
        "select", "exchange 81", "exchange 12", "exchange 34", "deselect"]
    assert spi[SR] & (FCF | TCF | MBF) == FCF | TCF


def test_command_aborts_a_frame_at_a_word(with_peer, peer):
    spi = with_peer
    spi.on(frame(96))
    spi.send(0x01020304)
    spi[TCR] = frame(8)
    spi.machine.step(1_000_000)
    assert peer.octets() == [1, 2, 3, 4]
    assert spi[SR] & (FCF | TCF | MBF) == FCF | TCF


@pytest.mark.parametrize("pcs, name", [(0, "peer"), (2, "other")])
def test_chip_select(with_peer, pcs, name):
    with_peer.on(frame(8) | pcs << PCS)
    with_peer.send(0x42)
    with_peer.machine.step(100_000)
    logs = {n: [event for _, event in Peer(with_peer.machine, n).log(with_peer.start_ns)]
            for n in ("peer", "other")}
    assert logs.pop(name) == ["select", "exchange 42", "deselect"]
    assert list(logs.values()) == [[]]


def test_polarity_of_chip_select(with_peer, peer):
    """CFGR1[PCSPOL]: with an active high PCS a peer of the other kind hears all but the frame."""
    spi = with_peer
    spi.on(frame(8), cfgr1=1 << PCSPOL)
    spi.machine.step(1000)
    spi.send(0x42)
    spi.machine.step(100_000)
    assert [event for _, event in peer.log(spi.start_ns)] == ["deselect", "select"]


def test_data_pins_are_no_chip_selects(with_peer):
    """CFGR1[PCSCFG]: PCS2 and PCS3 are DATA2 and DATA3."""
    with_peer.on(frame(8) | 2 << PCS, cfgr1=1 << 27)
    with_peer.send(0x42)
    with_peer.machine.step(100_000)
    assert Peer(with_peer.machine, "other").log(with_peer.start_ns) == []


def test_disabling_waits_for_the_end_of_the_transfer(with_peer, peer):
    """CR[MEN]: reads 1 until the transfer has ended."""
    spi = with_peer
    spi.on(frame(8) | CONT)
    spi.send(1)
    spi[TDR] = 2
    spi[CR] = 0
    assert spi[CR] == MEN
    spi.machine.step(1_000_000)
    assert spi[CR] == 0
    assert peer.octets() == [1] and spi.tx_count() == 1
    assert peer.log()[-1][1] == "deselect"


# --------------------------------------------------------------------------- data match (MATCFG)

@pytest.mark.parametrize("config, words, hit", [
    (0, [0x11], None), (1, [0x11], None),
    (2, [0x11], 0), (2, [0x22], 0), (2, [0x33, 0x11], None),
    (3, [0x33, 0x11], 1), (3, [0x33, 0x22], 1), (3, [0x33, 0x44], None),
    (4, [0x11, 0x22], 1), (4, [0x33, 0x11, 0x22], None), (4, [0x22, 0x11], None),
    (5, [0x33, 0x11, 0x22], 2), (5, [0x11, 0x33, 0x22], None),
    (6, [0x33, 0x11], None), (6, [0x11], 0), (6, [0x99], 0),
    (7, [0x77, 0x11], 1), (7, [0x77, 0x9d], 1), (7, [0x77], None)])
def test_match(with_peer, peer, config, words, hit):
    """MATCH0 = 0x11 and MATCH1 = 0x22; 6 and 7: masked by MATCH1."""
    spi, mask = with_peer, 0x73 if config >= 6 else 0x22
    spi[DMR0], spi[DMR1] = 0x11, mask
    spi.on(frame(8) | CONT, cfgr1=config << MATCFG)
    peer.answer(*words)
    for n in range(len(words)):
        spi.send(0)
        spi.machine.step(10_000)
        assert bool(spi[SR] & DMF) == (hit is not None and n >= hit)
    spi[SR] = DMF
    assert not spi[SR] & DMF


def test_receive_data_match_only(with_peer, peer):
    """CFGR0[RDMO]: what comes before the match is dropped."""
    spi = with_peer
    spi[DMR0], spi[DMR1], spi[CFGR0] = 0x22, 0x22, RDMO
    spi.on(cfgr1=3 << MATCFG)
    peer.answer(0x11, 0x22, 0x33)
    assert exchange(spi, 0, 0, 0) == [0x22, 0x33]


# ------------------------------------------------------------------ interrupts and DMA (IER, DER)

@pytest.mark.parametrize("flag", [TDF, RDF, WCF, FCF, TCF])
def test_interrupts(each, flag):
    each[FCR] = 0
    each[IER] = flag
    each.on()
    each[TDR], each[TDR] = 0, 0  # one is being sent, one waits
    assert each.irq() == bool(each[SR] & flag) == 0
    each.machine.step(1_000_000)
    assert each[SR] & flag and each.irq()
    each[IER] = 0
    assert not each.irq()
    each[IER] = flag
    if flag == RDF:
        each[CR] = MEN | RRF
    elif flag == TDF:
        each[CR] = 0
        each[TDR] = 0
    else:
        each[SR] = flag
    assert not each[SR] & flag and not each.irq()


@pytest.mark.parametrize("flag", [TEF, REF, DMF])
def test_error_and_match_interrupts(spi, flag):
    spi[IER] = flag
    spi[DMR0] = 0xffffffff
    spi.on(frame(64), cfgr1=NOSTALL | (3 << MATCFG if flag == DMF else 0))
    for _ in range(FIFO_WORDS // 2 + 1):
        spi.send(0)
        spi.machine.step(100_000)
    assert spi[SR] & flag and spi.irq()
    spi[SR] = flag
    assert not spi.irq()


@pytest.mark.parametrize("bits, disabled", [(7, SAMPLE), (7, AUTOPCS)])
def test_bits_without_effect_on_frames(spi, bits, disabled):
    """SAMPLE moves the sample within the bit; AUTOPCS is a slave's."""
    spi.on(bits, cfgr1=disabled)
    assert spi[CFGR1] == MASTER | disabled
    assert exchange(spi, 0) == [0xff]


# -------------------------------------------------------------------------------------- bad accesses

def test_full_transmit_fifo_ignores_writes(with_peer, peer):
    spi = with_peer
    spi[CFGR1] = MASTER
    spi[TCR] = frame(8)
    for n in range(FIFO_WORDS + 1):
        spi[TDR] = n
    spi[CR] = MEN
    spi.machine.step(1_000_000)
    assert peer.octets() == list(range(FIFO_WORDS))


def test_empty_receive_fifo_reads_0(spi):
    assert spi[RDR] == 0 and spi[TDR] == 0


def test_narrow_accesses(with_peer, peer):
    """TDR and RDR by octets and halfwords, as an eDMA moves them; no other register"""
    spi = with_peer
    peer.answer(0x12, 0x34, 0x56)
    spi.on(frame(16))
    spi.machine.write(spi.base + TDR, 0xabcd, size=2)
    spi.machine.step(100_000)
    spi[TCR] = frame(8)
    spi.machine.write(spi.base + TDR, 0xef, size=1)
    spi.machine.step(100_000)
    assert peer.octets() == [0xab, 0xcd, 0xef]
    assert spi.machine.read(spi.base + RDR, size=2) == 0x1234
    assert spi.machine.read(spi.base + RDR, size=1) == 0x56
    spi.machine.write(spi.base + IER, 0x03, size=1)
    assert spi[IER] == 0
    assert spi.machine.read(spi.base + PARAM + 2, size=1) == 4


@pytest.mark.parametrize("offset", [0x08, 0x0c, 0x28, 0x44, 0x68, 0x78, 0x3ffc])
def test_reserved_offsets(spi, offset):
    spi.machine.write(BASE[1] + offset, 0xffffffff)
    assert spi.machine.read(BASE[1] + offset) == 0


# ------------------------------------------------------------------------------------------- VMState

SAVED_REGISTERS = (CR, SR, IER, DER, CFGR0, CFGR1, DMR0, DMR1, CCR, FCR, FSR, TCR, RSR)


def rest_of_it(machine, since_ns):
    spi = Lpspi(machine)
    machine.step(100_000)
    return ([spi[r] for r in SAVED_REGISTERS], spi.irq(), spi.received(),
            Peer(machine).log(since_ns))


@pytest.mark.parametrize("steps", [0, 3, 9, 20, 40])
def test_saved_amid_a_transfer(tmp_path, steps):
    """The rest of a continuous transfer is the same with and without a move in between."""
    device = ("-device", "mews-ssi-peer,bus=lpspi1,cs=0,id=peer")
    state = tmp_path / "state"

    def begin(machine):
        spi = Lpspi(machine)
        spi[DMR0], spi[IER], spi[FCR], spi[DER] = 0xff, TCF, 2, RDDE
        spi.on(frame(72) | CONT | 1 << PRESCALE, 3 | 4 << DBT, cfgr1=5 << MATCFG)
        spi.send(*range(6))
        spi[TCR] = frame(8)
        machine.step(steps * 500 + 7)
        return machine.now_ns

    with rt1176.qtest_machine(tmp_path, *device) as machine:
        expected = rest_of_it(machine, begin(machine))
        machine.quit()
    with rt1176.qtest_machine(tmp_path, *device) as machine:
        saved_ns = begin(machine)
        machine.qmp.save_state(state)
        machine.quit()
    with rt1176.qtest_machine(tmp_path, *device, "-incoming", f"file:{state}") as machine:
        machine.resume(saved_ns)
        assert rest_of_it(machine, saved_ns) == expected
    assert expected[0][1] & TCF and expected[1]
