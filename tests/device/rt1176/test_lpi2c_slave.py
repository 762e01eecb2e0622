"""LPI2C as slave (IMXRT1170RM, chapter "Low Power Inter-Integrated Circuit", section "Slave mode"):
LPI2C2 is a slave on the bus of LPI2C1, whose master talks to it.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import lpi2c
import rt1176
from lpi2c import (BBF, Lpi2c, MBF, MSR, NDF, RX, SAMR, SASR, SCFGR1, SCFGR2, SCR, SDER, SIER, SRDR,
                   SSR, START, STAR, STDR, STOP, TX)
from qtest import Peer

SEN, RST, FILTEN, FILTDZ, RTF, RRF = 1, 2, 0x10, 0x20, 0x100, 0x200
TDF, RDF, AVF, TAF = 1, 2, 4, 8
RSF, SDF, BEF, SLAVE_FEF, AM0F, AM1F, GCF, SARF = (1 << n for n in range(8, 16))
SBF = 1 << 24
ADRSTALL, RXSTALL, TXDSTALL, ACKSTALL = 1, 2, 4, 8
GCEN, SAEN, TXCFG, RXCFG, SLAVE_IGNACK = (1 << n for n in range(8, 13))
ADDRCFG = 16
ANV, RXEMPTY, SOF = 1 << 14, 1 << 14, 1 << 15
OWN, SECOND = 0x2a, 0x35
CLKHOLD = 3  # functional cycles, and SCFGR2[CLKHOLD]
WRITE, READ = OWN << 1, OWN << 1 | 1
OCTET = 9 * (lpi2c.CLKLO + 1 + lpi2c.CLKHI + 1 + 2)
ADDRESSED = lpi2c.SETHOLD + 1 + OCTET
WRITABLE = {SIER: 0xff0f, SDER: 7, SCFGR1: 0x00073f0f, SCFGR2: 0x0f0f3f0f, SAMR: 0x07fe07fe,
            STAR: 1}

ON_BUS = ("-device", "rt1176-lpi2c-slave,bus=lpi2c1,lpi2c=lpi2c2,id=slave")
PEER = ("-device", "mews-i2c-peer,bus=lpi2c1,address=0x50,id=peer")


class Pair:
    """The master LPI2C1 and the slave LPI2C2."""

    def __init__(self, machine):
        self.machine, self.master, self.slave = machine, Lpi2c(machine, 1), Lpi2c(machine, 2)

    def on(self, cfgr1=0, addr0=OWN, addr1=SECOND, cfgr2=0, **master):
        self.slave[SCFGR1], self.slave[SCFGR2] = cfgr1, cfgr2
        self.slave[SAMR] = addr0 << 1 | addr1 << 17
        self.slave[SCR] = SEN
        self.master.on(**master)

    def send(self, *commands):
        self.master.send(*commands)
        self.machine.step(1_000_000)

    def status(self):
        return self.slave[SSR]

    def cycles(self, count):
        return self.master.cycles(count)


@pytest.fixture
def machine(tmp_path):
    with rt1176.qtest_machine(tmp_path, *ON_BUS, *PEER) as machine:
        yield machine


@pytest.fixture
def pair(machine):
    return Pair(machine)


# -------------------------------------------------------------------------------- registers

@pytest.mark.parametrize("register", WRITABLE)
def test_writable_bits(pair, register):
    pair.slave[register] = 0xffffffff
    assert pair.slave[register] == WRITABLE[register]
    pair.slave[register] = 0
    assert pair.slave[register] == 0


def test_control_and_reset(pair):
    """SCR[RST]: all but SCR, and held so; RTF and RRF read 0"""
    pair.slave[SCR] = 0xffffffff & ~RST
    assert pair.slave[SCR] == SEN | FILTEN | FILTDZ
    pair.slave[SIER], pair.slave[STDR] = SDF, 0x11
    pair.slave[SCR] = RST
    assert pair.slave[SCR] == RST and pair.slave[SIER] == 0
    pair.slave[SIER] = SDF
    assert pair.slave[SIER] == 0
    pair.slave[SCR] = 0
    assert pair.slave[SSR] == 0 and pair.slave[SASR] == ANV and pair.slave[SRDR] == RXEMPTY


@pytest.mark.parametrize("register", [SCFGR1, SCFGR2, SAMR])
def test_only_while_disabled(pair, register):
    pair.slave[SCR] = SEN
    pair.slave[register] = WRITABLE[register]
    assert pair.slave[register] == 0


def test_the_masters_reset_leaves_the_slave(pair):
    pair.slave[SIER] = SDF
    pair.slave[lpi2c.MCR] = lpi2c.RST
    assert pair.slave[SIER] == SDF


# -------------------------------------------------------------------------------- addresses

def test_not_enabled(pair):
    pair.on()
    pair.slave[SCR] = 0
    pair.send(START | WRITE)
    assert pair.master[MSR] & NDF and pair.status() == 0


# ADDRCFG: which of the addresses of 7 and of 10 bits are answered, as what
TEN0, TEN1 = 0x12a, 0x335
ADDRCFGS = {
    0: ({OWN: AM0F}, {}), 1: ({}, {TEN0: AM0F}), 2: ({OWN: AM0F, SECOND: AM1F}, {}),
    3: ({}, {TEN0: AM0F, TEN1: AM1F}), 4: ({OWN: AM0F}, {TEN1: AM1F}),
    5: ({SECOND: AM1F}, {TEN0: AM0F}),
    6: ({OWN: AM1F, OWN + 1: AM1F, SECOND - 1: AM1F, SECOND: AM1F}, {}),
    7: ({}, {TEN0: AM1F, TEN0 + 1: AM1F, 0x200: AM1F, TEN1 - 1: AM1F, TEN1: AM1F}),
}


@pytest.mark.parametrize("config", ADDRCFGS)
@pytest.mark.parametrize("address", [OWN - 1, OWN, OWN + 1, SECOND - 1, SECOND, SECOND + 1])
def test_seven_bits(pair, config, address):
    """SCFGR1[ADDRCFG]; SASR has the octet as it came, and its read clears AVF and the match"""
    flag = ADDRCFGS[config][0].get(address)
    pair.on(config << ADDRCFG, TEN0, TEN1)
    pair.send(START | address << 1)
    assert bool(pair.master[MSR] & NDF) == (flag is None)
    if flag is None:
        assert pair.status() == 0 and pair.slave[SASR] & ANV
        return
    assert pair.status() == AVF | flag | SBF | BBF
    assert pair.slave[SASR] == address << 1
    assert pair.status() == SBF | BBF and pair.slave[SASR] & ANV


@pytest.mark.parametrize("config", ADDRCFGS)
@pytest.mark.parametrize("address", [TEN0 - 1, TEN0, TEN0 + 1, 0x200, TEN1 - 1, TEN1, TEN1 + 1])
def test_ten_bits(pair, config, address):
    """11110, two bits and W, then eight bits; RADDR[10:9], RADDR[8:1]"""
    flag = ADDRCFGS[config][1].get(address)
    pair.on(config << ADDRCFG, TEN0, TEN1)
    pair.send(START | 0xf0 | address >> 7 & 6, TX | address & 0xff)
    assert bool(pair.master[MSR] & NDF) == (flag is None)
    assert pair.status() & (AVF | AM0F | AM1F) == (flag | AVF if flag else 0)
    if flag:
        assert pair.slave[SASR] == address << 1


def test_ten_bits_are_read_after_a_repeated_start(pair):
    """The first octet with R goes on with the address that was written before."""
    header = 0xf0 | TEN0 >> 7 & 6
    pair.on(1 << ADDRCFG | TXCFG, TEN0)
    pair.slave[STDR] = 0x77
    pair.send(START | header, TX | TEN0 & 0xff, START | header | 1, RX)
    assert pair.status() & (AVF | AM0F | RSF) == AVF | AM0F | RSF
    assert pair.slave[SASR] == TEN0 << 1 | 1
    assert pair.master.received() == [0x77]
    pair.send(STOP, START | header | 1)
    assert pair.master[MSR] & NDF  # it was not written in this transfer


def test_another_ones_transfer(pair):
    """Busy is the bus; the flags are of its own address only."""
    pair.on()
    pair.send(START | 0x50 << 1)
    assert pair.status() == BBF
    pair.send(START | 0x50 << 1, STOP)
    assert pair.status() == 0


@pytest.mark.parametrize("enabled", [False, True])
def test_general_call(pair, enabled):
    """SCFGR1[GCEN]: address 0, for writing"""
    pair.on(GCEN if enabled else 0)
    pair.send(START | 0, TX | 0x06)
    assert pair.status() & (GCF | AVF | RDF) == (GCF | AVF | RDF if enabled else 0)
    if enabled:
        assert pair.slave[SASR] == 0 and pair.slave[SRDR] == 0x06 | SOF
        assert not pair.status() & (GCF | AVF)


@pytest.mark.parametrize("refused", [False, True])
def test_general_call_that_the_only_slave_refuses(tmp_path, refused):
    """STAR[TXNACK] holds for addresses, a general call's, too"""
    with rt1176.qtest_machine(tmp_path, *ON_BUS) as machine:
        pair = Pair(machine)
        pair.on(GCEN)
        pair.slave[STAR] = refused
        pair.send(START | 0)
        assert bool(pair.master[MSR] & NDF) == refused


def test_start_byte_is_no_general_call(pair):
    """UM10204 3.1.15: nobody acknowledges it"""
    pair.on(GCEN)
    pair.send(START | 1)
    assert pair.status() & (GCF | AVF | SBF) == 0
    assert pair.master[MSR] & NDF


def test_switched_off_while_it_is_asked(pair):
    """ACKSTALL: a slave that is not there any more leaves SDA high."""
    pair.on(ACKSTALL)
    pair.send(START | WRITE)
    assert pair.status() & TAF and not pair.master[MSR] & NDF
    pair.slave[SCR] = 0
    pair.machine.step(1_000_000)
    assert pair.master[MSR] & NDF


@pytest.mark.parametrize("cfgr1, direction, flag", [(0, 1, 0), (SAEN, 1, SARF), (SAEN, 0, 0)])
def test_smbus_alert_response(pair, cfgr1, direction, flag):
    """SCFGR1[SAEN]: address 0001100, for reading"""
    pair.on(cfgr1 | TXDSTALL)
    pair.send(START | 0x18 | direction, *([RX] if direction else []))
    assert pair.status() & (SARF | AVF) == (flag | AVF if flag else 0)
    assert bool(pair.master[MSR] & NDF) == (not flag)
    if flag:
        pair.slave[STDR] = WRITE
        pair.machine.step(1_000_000)
        assert pair.master.received() == [WRITE]
        pair.slave[SASR]
        assert not pair.status() & SARF


# --------------------------------------------------------------------------------- receiving

def test_receives(pair):
    """SRDR: SOF marks the first octet since START; empty it reads RXEMPTY"""
    pair.on(RXSTALL)
    pair.send(START | WRITE, TX | 0x12, TX | 0x34, STOP)
    assert pair.status() & RDF and pair.slave[SRDR] == 0x12 | SOF
    pair.machine.step(1_000_000)
    assert pair.slave[SRDR] == 0x34 and pair.slave[SRDR] == RXEMPTY
    pair.machine.step(1_000_000)
    assert pair.status() == AVF | AM0F | SDF
    assert pair.master[MSR] & (NDF | lpi2c.SDF) == lpi2c.SDF


def test_overflow(pair):
    """SSR[FEF]: without RXSTALL an octet that finds SRDR full is lost, and acknowledged"""
    pair.on()
    pair.send(START | WRITE, TX | 1, TX | 2)
    assert pair.status() & SLAVE_FEF and not pair.master[MSR] & NDF
    assert pair.slave[SRDR] == 1 | SOF and pair.slave[SRDR] == RXEMPTY
    pair.slave[SSR] = SLAVE_FEF
    assert not pair.status() & SLAVE_FEF


def test_receive_register_tells_the_address(pair):
    """SCFGR1[RXCFG]: while AVF is set SRDR reads as SASR"""
    pair.on(RXCFG)
    pair.send(START | WRITE, TX | 0x12)
    assert pair.slave[SRDR] == WRITE and not pair.status() & AVF
    assert pair.slave[SRDR] == 0x12 | SOF


def test_receive_register_is_reset(pair):
    """SCR[RRF]"""
    pair.on()
    pair.send(START | WRITE, TX | 0x12)
    pair.slave[SCR] = SEN | RRF
    assert not pair.status() & RDF and pair.slave[SRDR] == RXEMPTY


# ----------------------------------------------------------------------------------- sending

def test_sends(pair):
    """TXDSTALL: SCL is low until STDR is written; TDF asks for one octet more than is read"""
    pair.on(TXDSTALL)
    pair.slave[STDR] = 0x99  # emptied by the address (TXCFG = 0)
    pair.send(START | READ, RX | 1, STOP)
    assert pair.status() == TDF | AVF | AM0F | SBF | BBF
    pair.slave[STDR] = 0xa1
    assert pair.status() & TDF  # it is being sent
    pair.slave[STDR] = 0xa2
    assert not pair.status() & TDF
    pair.machine.step(1_000_000)
    assert pair.master.received() == [0xa1, 0xa2]
    assert pair.status() == AVF | AM0F | SDF


def test_transmit_flag_when_empty(pair):
    """SCFGR1[TXCFG]: TDF is set whenever STDR is empty, and the address keeps what is there"""
    pair.on(TXCFG)
    assert pair.status() == TDF
    pair.slave[STDR] = 0x5a
    assert pair.status() == 0
    pair.send(START | READ, RX, STOP)
    assert pair.master.received() == [0x5a]


def test_transmit_register_is_reset(pair):
    """SCR[RTF]"""
    pair.on(TXCFG)
    pair.slave[STDR] = 0x5a
    pair.slave[SCR] = SEN | RTF
    assert pair.status() & TDF


def test_underflow(pair):
    """SSR[FEF]: without TXDSTALL there is nothing to send"""
    pair.on(TXCFG)
    pair.slave[STDR] = 0x5a
    pair.send(START | READ, RX | 1, STOP)
    assert pair.status() & SLAVE_FEF
    assert pair.master.received() == [0x5a, 0xff]


@pytest.mark.parametrize("cfgr1, left", [(0, 0), (SLAVE_IGNACK, SBF)])
def test_masters_nack_ends_it(pair, cfgr1, left):
    """SCFGR1[IGNACK]"""
    pair.on(TXDSTALL | TXCFG | cfgr1)
    pair.slave[STDR] = 0x5a
    pair.send(START | READ, RX)
    assert pair.master.received() == [0x5a]
    assert pair.status() & SBF == left


def test_bit_error(pair):
    """SSR[BEF]: a one that reads back as zero; the rest of the transfer is ignored"""
    pair.on(TXCFG)
    pair.slave[STDR] = 0x5a
    pair.master.send(START | READ, RX)
    pair.machine.step(pair.cycles(ADDRESSED) + 1000)
    pair.master.hold("sda", True)
    pair.machine.step(1_000_000)
    assert pair.status() & (BEF | SBF) == BEF
    assert pair.master.received() == [0]
    pair.slave[SSR] = BEF
    assert not pair.status() & BEF


# ------------------------------------------------------------------- acknowledge, stretching

@pytest.mark.parametrize("nack", [0, 1])
def test_answer_given_before(pair, nack):
    """STAR[TXNACK] is for address and data alike."""
    pair.on()
    pair.slave[STAR] = nack
    pair.send(START | WRITE)
    assert bool(pair.master[MSR] & NDF) == bool(nack)
    assert pair.status() & (AVF | SBF) == (AVF if nack else AVF | SBF)


def test_data_is_not_acknowledged(pair):
    pair.on()
    pair.send(START | WRITE)
    pair.slave[STAR] = 1
    pair.send(TX | 0x12)
    assert pair.master[MSR] & NDF and pair.slave[SRDR] == 0x12 | SOF
    assert not pair.status() & SBF


@pytest.mark.parametrize("answers", [(1,), (0, 1), (0, 0, 0)])
def test_asks_for_each_acknowledge(pair, answers):
    """SCFGR1[ACKSTALL], SSR[TAF]: SCL is low until STAR is written"""
    pair.on(ACKSTALL)
    pair.send(START | WRITE, TX | 1, TX | 2)
    for n, nack in enumerate(answers):
        assert pair.status() & TAF and not pair.master[MSR] & NDF
        pair.slave[STAR] = nack
        assert not pair.status() & TAF
        if n:
            assert pair.slave[SRDR] & 0xff == n
        pair.machine.step(1_000_000)
        assert bool(pair.master[MSR] & NDF) == bool(nack)
    assert not pair.status() & TAF


@pytest.mark.parametrize("clkhold", [0, 15])
def test_length_of_a_stretch(pair, clkhold):
    """ADRSTALL: until SASR is read and SCFGR2[CLKHOLD] + 3 cycles; then the high half of SCL"""
    pair.on(ADRSTALL, cfgr2=clkhold)
    pair.master.send(START | WRITE, TX | 1)
    pair.machine.step(pair.cycles(ADDRESSED) - 1)
    assert not pair.status() & AVF
    pair.machine.step(1_000_000)
    assert pair.status() == AVF | AM0F | SBF | BBF and pair.master[MSR] & MBF
    pair.slave[SASR]
    rest = pair.cycles(CLKHOLD + clkhold) + pair.cycles(OCTET - lpi2c.CLKLO - 1)
    pair.machine.step(rest - 4)
    assert not pair.status() & RDF
    pair.machine.step(8)
    assert pair.status() & RDF


def test_short_stretch_takes_no_time(pair):
    """Within the low half of SCL"""
    pair.on(ADRSTALL)
    pair.master.send(START | WRITE, TX | 1)
    pair.machine.step(pair.cycles(ADDRESSED) + 5)
    pair.slave[SASR]
    pair.machine.step(pair.cycles(OCTET) - 10)
    assert not pair.status() & RDF
    pair.machine.step(10)
    assert pair.status() & RDF


def test_no_stretching_without_a_stall(pair):
    pair.on()
    pair.master.send(START | WRITE, TX | 1)
    pair.machine.step(pair.cycles(ADDRESSED + OCTET) + 5)
    assert pair.status() & (AVF | RDF) == AVF | RDF


def test_stretch_is_a_low_pin_to_the_master(pair):
    """MCFGR3[PINLOW]"""
    pair.on(ADRSTALL, cfgr3=10 << 8)
    pair.send(START | WRITE, TX | 1)
    assert pair.master[MSR] & lpi2c.PLTF


def test_disabling_releases_the_clock(pair):
    pair.on(ADRSTALL)
    pair.send(START | WRITE, TX | 1)
    pair.slave[SCR] = 0
    pair.machine.step(1_000_000)
    assert pair.master[MSR] & NDF and pair.status() == AVF | AM0F


# ----------------------------------------------------- START and STOP, interrupts, eDMA, state

def test_repeated_start(pair):
    """SSR[RSF] behind an address of its own only, SDF if the last one was"""
    pair.on(TXCFG)
    pair.slave[STDR] = 0x42
    pair.send(START | WRITE, TX | 1, START | READ)
    assert pair.status() & (RSF | SDF) == RSF
    pair.send(RX, STOP)
    assert pair.status() & (RSF | SDF) == RSF | SDF
    pair.slave[SSR] = RSF | SDF
    assert pair.status() & (RSF | SDF) == 0
    pair.send(START | WRITE, START | 0x50 << 1, STOP)
    assert pair.status() & (RSF | SDF) == RSF


def test_first_octet_after_a_repeated_start(pair):
    pair.on()
    pair.send(START | WRITE, TX | 1)
    assert pair.slave[SRDR] == 1 | SOF
    pair.send(START | WRITE, TX | 2)
    assert pair.slave[SRDR] == 2 | SOF


def causes(pair):
    pair.on(GCEN | SAEN | TXCFG | 2 << ADDRCFG | ACKSTALL)
    return {TDF: [], AVF: [START | WRITE], TAF: [START | WRITE], AM0F: [START | WRITE],
            AM1F: [START | SECOND << 1], GCF: [START], SARF: [START | 0x19]}


@pytest.mark.parametrize("flag", [TDF, AVF, TAF, AM0F, AM1F, GCF, SARF])
def test_interrupts(pair, flag):
    """SIER: each flag has its enable, on the interrupt that master and slave share"""
    pair.send(*causes(pair)[flag])
    assert pair.status() & flag and not pair.slave.irq()
    pair.slave[SIER] = 0xff0f & ~flag & ~pair.status()
    assert not pair.slave.irq()
    pair.slave[SIER] = flag
    assert pair.slave.irq()
    pair.slave[STDR] = 0
    pair.slave[STAR] = 0
    pair.slave[SASR]
    assert not pair.slave.irq()


@pytest.mark.parametrize("flag", [RDF, RSF, SDF, SLAVE_FEF])
def test_interrupts_of_a_transfer(pair, flag):
    pair.on()
    pair.send(START | WRITE, TX | 1, TX | 2, START | WRITE)
    pair.send(STOP)
    assert pair.status() & flag and not pair.slave.irq()
    pair.slave[SIER] = flag
    assert pair.slave.irq()
    pair.slave[SRDR]
    pair.slave[SSR] = flag
    assert not pair.slave.irq()


@pytest.mark.parametrize("devices, complaint", [
    (["bus=lpi2c1"], "property 'lpi2c' is not set"),
    (["bus=lpi2c1,lpi2c=lpi2c2", "bus=lpi2c3,lpi2c=lpi2c2"],
     "lpi2c2 is a slave on bus 'lpi2c1' already")])
def test_errors_of_the_command_line(build_image, devices, complaint):
    options = [word for device in devices for word in ("-device", f"rt1176-lpi2c-slave,{device}")]
    code, said = rt1176.try_image(build_image("hello"), *options)
    assert code == 1 and complaint in said


@pytest.mark.parametrize("after_ns", [25_000, 200_000])
def test_saved_while_it_stretches(tmp_path, after_ns):
    def begin(machine):
        pair = Pair(machine)
        pair.on(ACKSTALL | RXSTALL)
        pair.slave[SIER] = SDF
        pair.master.send(START | WRITE, TX | 0x21, STOP)
        machine.step(after_ns)

    def rest(machine):
        pair = Pair(machine)
        machine.step(50_000)
        seen = []
        for _ in range(3):
            seen.append((pair.status(), pair.slave[SRDR], pair.slave[SASR]))
            pair.slave[STAR] = 0
            machine.step(1_000_000)
        return seen + [Peer(machine).log(), Lpi2c(machine, 3)[SSR], pair.status(),
                       pair.master[MSR], pair.slave.irq()]

    third = ("-device", "rt1176-lpi2c-slave,bus=lpi2c1,lpi2c=lpi2c3")
    seen = rt1176.PART.round_trip(tmp_path, begin, rest, *ON_BUS, *PEER, *third)
    assert seen[0][0] & TAF and seen[1][1] == 0x21 | SOF and seen[-1]
