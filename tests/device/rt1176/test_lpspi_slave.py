"""LPSPI as slave (IMXRT1170RM, chapter "Low Power Serial Peripheral Interface", section "Slave
mode"): LPSPI2 is a slave at PCS0 of LPSPI1.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import edma
import rt1176
from lpspi import (AUTOPCS, BYSW, CFGR0, CFGR1, CONT, CPHA, CPOL, CR, DER, DMF, DMR0, DMR1, FCF,
                   IER, LSBF, Lpspi, MASTER, MATCFG, MBF, MEN, NOSTALL, PCS, PCSPOL, RDDE, RDF,
                   RDMO, RDR, REF, RSR, RST, RXMSK, SCKPCS, SOF, SR, TCF, TCR, TDDE, TDF, TDR, TEF,
                   TXMSK, WCF, WIDTH, frame)

ON_BUS = ("-device", "rt1176-lpspi-slave,bus=lpspi1,cs=0,lpspi=lpspi2")
FIFO_WORDS = 16


class Pair:
    """The master LPSPI1 and the slave LPSPI2."""

    def __init__(self, machine):
        self.machine, self.master, self.slave = machine, Lpspi(machine, 1), Lpspi(machine, 2)

    def on(self, command=frame(8), *words, cfgr1=0, master=None, master_cfgr1=0):
        self.slave[CR] = 0
        self.slave[CFGR1] = cfgr1
        self.slave[CR] = MEN
        self.slave[TCR] = command
        for word in words:
            self.slave[TDR] = word
        self.master.on(command if master is None else master, 4 | 8 << SCKPCS, master_cfgr1)

    def send(self, *words):
        self.master.send(*words)
        self.machine.step(1_000_000)

    def status(self, mask=0xffffffff):
        return self.slave[SR] & mask


@pytest.fixture
def pair(tmp_path):
    with rt1176.qtest_machine(tmp_path, *ON_BUS) as machine:
        yield Pair(machine)


# ----------------------------------------------------------------------------- words and frames

@pytest.mark.parametrize("bits", [8, 9, 15, 16, 31, 32])
def test_both_ways(pair, bits):
    ones = (1 << bits) - 1
    pair.on(frame(bits), 0x9abcdef1 & ones)
    pair.send(0x5a3c9671 & ones)
    assert pair.slave.received() == [0x5a3c9671 & ones]
    assert pair.master.received() == [0x9abcdef1 & ones]
    assert pair.status() == TDF | WCF | FCF  # TCF is the master's


@pytest.mark.parametrize("bits", [33, 40, 64, 100])
def test_frames_of_several_words(pair, bits):
    words = [0x11223344, 0x55667788, 0x99aabbcc, 0xd]
    count = -(-bits // 32)
    sent = words[:count - 1] + [words[count - 1] & (1 << (bits - 1) % 32 + 1) - 1]
    pair.on(frame(bits), *sent)
    pair.send(*sent)
    marks = []
    for word in sent:
        marks.append(pair.slave[RSR])
        assert pair.slave[RDR] == word
    assert marks == [SOF] + [0] * (count - 1)
    assert pair.master.received() == sent


@pytest.mark.parametrize("order, sent, got", [(LSBF, 0x1248, 0x1248), (BYSW, 0x12481357, 0x12481357)])
def test_orders_are_the_same_on_both_sides(pair, order, sent, got):
    bits = 16 if order == LSBF else 32
    pair.on(frame(bits) | order, sent)
    pair.send(sent)
    assert pair.slave.received() == [got] and pair.master.received() == [got]


def test_slaves_own_order(pair):
    """TCR[LSBF] of the slave only: the bits come reversed, both ways"""
    pair.on(frame(8) | LSBF, 0x01, master=frame(8))
    pair.send(0x0f)
    assert pair.slave.received() == [0xf0] and pair.master.received() == [0x80]


@pytest.mark.parametrize("mode", [0, CPHA, CPOL, CPHA | CPOL])
@pytest.mark.parametrize("masters", [0, CPHA, CPOL, CPHA | CPOL])
def test_modes_have_to_agree(pair, mode, masters):
    pair.on(frame(8) | mode, 0x5a, master=frame(8) | masters)
    pair.send(0xa5)
    same = mode == masters
    assert pair.slave.received() == ([0xa5] if same else [])
    assert pair.master.received() == [0x5a if same else 0xff]


@pytest.mark.parametrize("width", [1, 2])
def test_several_lines(pair, width):
    """TCR[WIDTH]: half duplex, so one of them is masked"""
    pair.on(frame(16) | width << WIDTH | TXMSK, master=frame(16) | width << WIDTH | RXMSK)
    pair.send(0xbeef)
    assert pair.slave.received() == [0xbeef]


def test_transmission_masked(pair):
    """TCR[TXMSK]: no word is taken, and nobody drives the line; it stays so as a slave"""
    pair.on(frame(8) | TXMSK, 0x12, master=frame(8))
    pair.send(1, 2)
    assert pair.master.received() == [0xff, 0xff] and pair.slave.tx_count() == 1
    assert pair.slave[TCR] & TXMSK and not pair.status() & TEF


def test_reception_masked(pair):
    """TCR[RXMSK]"""
    pair.on(frame(8) | RXMSK, 0x12, master=frame(8))
    pair.send(1)
    assert pair.slave.rx_count() == 0 and pair.master.received() == [0x12]
    assert pair.status() & (WCF | FCF) == WCF | FCF


def test_commands_take_effect_between_frames(pair):
    pair.on(frame(8), 0x11)
    pair.slave[TCR] = frame(16)
    assert pair.slave[TCR] == frame(8)  # behind the word
    pair.slave[TDR] = 0x2233
    pair.send(0xaa)
    assert pair.slave[TCR] == frame(16)
    pair.master[TCR] = frame(16)
    pair.send(0xbbcc)
    assert pair.slave.received() == [0xaa, 0xbbcc]
    assert pair.master.received() == [0x11, 0x2233]


# --------------------------------------------------------------------------------- chip selects

@pytest.mark.parametrize("pcs", range(4))
def test_its_chip_select(tmp_path, pcs):
    """TCR[PCS]: which pin selects it"""
    with rt1176.qtest_machine(tmp_path, "-device", "rt1176-lpspi-slave,bus=lpspi1,cs=2,"
                                                   "lpspi=lpspi2,pcs=1") as machine:
        pair = Pair(machine)
        pair.on(frame(8) | pcs << PCS, 0x5a, master=frame(8) | 2 << PCS)
        pair.send(0xa5)
        assert pair.slave.received() == ([0xa5] if pcs == 1 else [])


@pytest.mark.parametrize("masters, own", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_polarity(pair, masters, own):
    """CFGR1[PCSPOL] of both"""
    pair.on(frame(8), 0x5a, cfgr1=own << PCSPOL, master_cfgr1=masters << PCSPOL)
    pair.send(0xa5)
    seen = masters == own
    assert pair.slave.received() == ([0xa5] if seen else [])
    assert pair.master.received() == [0x5a if seen else 0xff]


@pytest.mark.parametrize("pcscfg", [0, 1])
def test_data_pins_are_no_chip_selects(tmp_path, pcscfg):
    """CFGR1[PCSCFG]"""
    with rt1176.qtest_machine(tmp_path, "-device", "rt1176-lpspi-slave,bus=lpspi1,cs=0,"
                                                   "lpspi=lpspi2,pcs=3") as machine:
        pair = Pair(machine)
        pair.on(frame(8) | 3 << PCS, 0x5a, cfgr1=pcscfg << 27, master=frame(8))
        pair.send(0xa5)
        assert pair.slave.received() == ([] if pcscfg else [0xa5])


def test_not_enabled_or_not_a_slave(pair):
    for cr, cfgr1 in ((0, 0), (MEN, MASTER)):
        pair.on(cfgr1=cfgr1)
        pair.slave[CR] = cr
        pair.send(0xa5)
        assert pair.slave.rx_count() == 0 and pair.master.received() == [0xff]
        pair.slave[CR] = RST
        pair.slave[CR] = 0


def test_enabled_within_a_frame(pair):
    """It begins with the next chip select."""
    pair.on(frame(8), 0x5a)
    pair.slave[CR] = 0
    pair.master.send(1, 2)
    pair.machine.step(1_000)
    pair.slave[CR] = MEN
    pair.machine.step(1_000_000)
    assert pair.slave.received() == [2] and pair.master.received() == [0xff, 0x5a]


def test_busy_while_selected(pair):
    """SR[MBF]; CR[MEN] reads 1 until the frame has ended"""
    pair.on(frame(32), 1)
    pair.master.send(2)
    pair.machine.step(2_000)
    assert pair.status() & MBF
    pair.slave[CR] = 0
    assert pair.slave[CR] == MEN
    pair.machine.step(1_000_000)
    assert pair.slave[CR] == 0 and not pair.status() & MBF
    assert pair.slave.received() == [2]


def test_frame_cut_short(pair):
    """An incomplete word is lost."""
    pair.on(frame(16), 0x1234, 0x5678, master=frame(8))
    pair.send(0xaa)
    assert pair.slave.rx_count() == 0
    assert pair.status() & (WCF | FCF) == FCF
    pair.send(0xbb)
    assert pair.master.received() == [0x12, 0x56]


@pytest.mark.parametrize("cfgr1, mode, got", [
    (0, 0, [1]), (0, CPHA, [1]), (AUTOPCS, 0, [1]), (AUTOPCS, CPHA, [1, 2, 3])])
def test_chip_select_of_its_own_making(pair, cfgr1, mode, got):
    """CFGR1[AUTOPCS]: with CPHA = 1 each word ends a frame; else PCS has to be negated."""
    pair.on(frame(8) | mode, 0x11, 0x22, 0x33, cfgr1=cfgr1, master=frame(8) | mode | CONT)
    pair.master[TDR], pair.master[TDR], pair.master[TDR] = 1, 2, 3
    pair.machine.step(1_000_000)
    assert pair.slave.received() == got
    assert pair.master.received() == [0x11, 0x22, 0x33] if len(got) > 1 else [0x11, 0xff, 0xff]
    assert bool(pair.status() & FCF) == (len(got) > 1)


def test_continuous_transfer_is_a_chain(pair):
    """TCR[CONT] of a slave: behind its frame it passes on what it has received 32 bits before."""
    pair.on(frame(8) | CONT, 0x77, master=frame(64))
    pair.send(0x11223344, 0x55667788)
    assert pair.master.received() == [0x77000000, 0x11223344]
    assert pair.slave.received() == [0x11]


# ------------------------------------------------------------------------------------- the FIFOs

@pytest.mark.parametrize("nostall", [0, NOSTALL])
def test_underflow(pair, nostall):
    """SR[TEF]: a slave never stalls; zeros are sent"""
    pair.on(frame(8), 0x11, cfgr1=nostall)
    pair.send(1)
    assert not pair.status() & TEF
    pair.send(2)
    assert pair.status() & TEF and pair.master.received() == [0x11, 0]
    pair.slave[SR] = TEF
    assert not pair.status() & TEF


@pytest.mark.parametrize("nostall", [0, NOSTALL])
def test_overflow(pair, nostall):
    """SR[REF]: the word that finds the FIFO full is lost"""
    pair.on(frame(8) | TXMSK, cfgr1=nostall, master=frame(8) | RXMSK)
    for n in range(FIFO_WORDS):
        pair.send(n)
    assert not pair.status() & REF
    pair.send(99)
    assert pair.status() & REF
    assert pair.slave.received() == list(range(FIFO_WORDS))


@pytest.mark.parametrize("config, words, hit", [
    (0, [0x11], None), (2, [0x11], 0), (2, [0x33, 0x11], 1), (3, [0x33, 0x22], 1),
    (6, [0x99], 0), (7, [0x77, 0x11], 1)])
def test_match(pair, config, words, hit):
    """CFGR1[MATCFG] with DMR0 = 0x11 and DMR1 = 0x22 (6 and 7: 0x73, a mask)"""
    pair.slave[DMR0], pair.slave[DMR1] = 0x11, 0x73 if config >= 6 else 0x22
    pair.on(frame(8) | TXMSK, cfgr1=config << MATCFG, master=frame(8))
    for n, word in enumerate(words):
        pair.send(word)
        assert bool(pair.status() & DMF) == (hit is not None and n >= hit)


def test_receive_data_match_only(pair):
    pair.slave[DMR0] = pair.slave[DMR1] = 0x22
    pair.slave[CFGR0] = RDMO
    pair.on(frame(8) | TXMSK, cfgr1=3 << MATCFG, master=frame(8))
    pair.send(0x11, 0x22, 0x33)
    assert pair.slave.received() == [0x22, 0x33]


@pytest.mark.parametrize("flag", [RDF, WCF, FCF, TEF, REF])
def test_interrupts(pair, flag):
    pair.on(frame(8), master=frame(8) | RXMSK)
    for n in range(FIFO_WORDS + 1):
        pair.send(n)
    assert pair.status() & flag and not pair.slave.irq()
    pair.slave[IER] = flag
    assert pair.slave.irq()
    pair.slave.received()
    pair.slave[SR] = flag
    assert not pair.slave.irq()


def test_edma(pair):
    """DER[TDDE], DER[RDDE]: more than a FIFO holds, both ways"""
    dma, count = edma.Edma(pair.machine), 40
    dma.put(edma.OCRAM, bytes(range(1, 41)))
    pair.on(frame(8))
    for channel, source, saddr, daddr, offsets in (
            (0, 39, edma.OCRAM, pair.slave.base + TDR, {"doff": 0}),
            (1, 38, pair.slave.base + RDR, edma.OCRAM + 0x100, {"soff": 0})):
        dma.route(channel, edma.ENBL | source)
        dma.set_tcd(channel, edma.tcd(saddr, daddr, nbytes=1, ssize=edma.BYTE, dsize=edma.BYTE,
                                      iterations=count, csr=edma.DREQ, **offsets))
        dma.command(edma.SERQ, channel)
    pair.slave[DER] = TDDE | RDDE
    pair.machine.step(10_000)
    received = []
    for n in range(count):
        pair.send(0x80 + n)
        received += pair.master.received()
    assert received == list(range(1, 41))
    assert dma.get(edma.OCRAM + 0x100, count) == bytes(range(0x80, 0x80 + count))


# ------------------------------------------------------------------------ reset, errors, state

def test_reset_within_a_frame(pair):
    pair.on(frame(32), 0)
    pair.master.send(0)
    pair.machine.step(2_000)
    pair.slave[CR] = RST
    pair.slave[CR] = 0
    pair.machine.step(1_000_000)
    assert pair.status() == TDF and pair.slave.rx_count() == 0
    assert pair.master.received()[0] & 1  # nobody drives the line any more


@pytest.mark.parametrize("devices, complaint", [
    (["bus=lpspi1"], "property 'lpspi' is not set"),
    (["bus=lpspi1,lpspi=lpspi2,pcs=4"], "property 'pcs' is 4, but there are PCS0 to PCS3"),
    (["bus=lpspi2,lpspi=lpspi2"], "bus 'lpspi2' is not that of another LPSPI"),
    (["bus=lpspi1,lpspi=lpspi2", "bus=lpspi3,lpspi=lpspi2"], "lpspi2 is a slave on a bus already")])
def test_errors_of_the_command_line(build_image, devices, complaint):
    options = [word for device in devices for word in ("-device", f"rt1176-lpspi-slave,{device}")]
    code, said = rt1176.try_image(build_image("hello"), *options)
    assert code == 1 and complaint in said


@pytest.mark.parametrize("after_ns", [100, 3_000, 6_000, 12_000])
def test_saved_within_a_frame(tmp_path, after_ns):
    def begin(machine):
        pair = Pair(machine)
        pair.slave[IER] = FCF
        pair.on(frame(40), 0x12345678, 0x9a)
        pair.master.send(0xcafebabe, 0x55)
        machine.step(after_ns)

    def rest(machine):
        machine.step(50_000)
        pair = Pair(machine)
        return (pair.slave.received(), pair.master.received(), pair.status(), pair.slave.irq())

    seen = rt1176.PART.round_trip(tmp_path, begin, rest, *ON_BUS)
    assert seen == ([0xcafebabe, 0x55], [0x12345678, 0x9a], TDF | WCF | FCF, True)
