"""LPI2C1 to LPI2C6 (IMXRT1170RM, chapter "Low Power Inter-Integrated Circuit"): registers,
commands, bit times, errors, FIFOs, interrupts.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176
from lpi2c import (ADDRESS, ALF, AUTOSTOP, BBF, CLKHI, CLKLO, DBGEN, DISCARD, DMF, DOZEN, EPF, FEF,
                   FIFO_WORDS, IGNACK, Lpi2c, MATCFG, MBF, MCCR0, MCCR1, MCFGR0, MCFGR1, MCFGR2,
                   MCFGR3, MCR, MDMR, MEN, MFCR, MFSR, MIER, MDER, MRDR, MSR, MTDR, NDF, PARAM,
                   PLTF, RDF, RDMO, READ, ROOT, ROOT_NUMBER, RRF, RST, RTF, RX, RXEMPTY, SAMR, SASR,
                   SCFGR1, SCFGR2, SCR, SDER, SDF, SETHOLD, SIER, SRDR, SSR, START,
                   START_FAST, START_NACK, STAR, STOP, TDF, TIMECFG, TX, VERID, WRITE)
from qtest import Peer


@pytest.fixture(params=range(1, 7))
def each(machine, request):
    return Lpi2c(machine, request.param)


@pytest.fixture
def i2c(tmp_path):
    with rt1176.qtest_machine(tmp_path, "-device",
                              f"mews-i2c-peer,bus=lpi2c1,address={ADDRESS},id=peer,accepts=6",
                              "-device",
                              "mews-i2c-peer,bus=lpi2c1,address=0x51,id=other") as machine:
        yield Lpi2c(machine)


@pytest.fixture
def peer(i2c):
    return Peer(i2c.machine)


# -------------------------------------------------------------------------------- registers

WRITABLE = {MIER: 0x7f03, MDER: 3, MCFGR0: 0x307, MCFGR1: 0x07070707, MCFGR2: 0x0f0f0fff,
            MCFGR3: 0x000fff00, MDMR: 0x00ff00ff, MCCR0: 0x3f3f3f3f, MCCR1: 0x3f3f3f3f,
            MFCR: 0x00030003}
RESET_VALUES = {MCR: 0, MSR: TDF, **{register: 0 for register in WRITABLE}, MFSR: 0, MRDR: RXEMPTY,
                SCR: 0, SSR: 0, SIER: 0, SDER: 0, SCFGR1: 0, SCFGR2: 0, SAMR: 0, SASR: 0x4000,
                STAR: 0, SRDR: 0x4000}


def test_reset_values(each):
    assert each[VERID] & 0xffff == 3  # master and slave
    assert each[PARAM] == 0x202       # FIFOs of 2^2 words
    assert {register: each[register] for register in RESET_VALUES} == RESET_VALUES


@pytest.mark.parametrize("register", WRITABLE)
def test_writable_bits(each, register):
    assert each.try_bits(register) == (RESET_VALUES[register], WRITABLE[register], 0)


@pytest.mark.parametrize("register", [VERID, PARAM, MSR, MFSR, MRDR, SSR, SASR, SRDR])
def test_read_only(each, register):
    before = each[register]
    each[register] = 0xffffffff
    assert each[register] == before


def test_control_bits_and_reset(each):
    each[MCR] = 0xffffffff & ~RST
    assert each[MCR] == MEN | DOZEN | DBGEN
    each[MIER], each[MTDR] = EPF, 0
    each[MCR] = RST
    each[MIER] = EPF
    assert each[MCR] == RST and each[MIER] == 0
    each[MCR] = 0
    assert {register: each[register] for register in RESET_VALUES} == RESET_VALUES


@pytest.mark.parametrize("register", [MCFGR1, MCFGR2, MCFGR3, MDMR, MCCR0, MCCR1])
def test_only_while_disabled(each, register):
    value = WRITABLE[register]
    each[MCR] = MEN
    each[register] = value
    assert each[register] == 0
    each[MCR] = 0
    each[register] = value
    assert each[register] == value


@pytest.mark.parametrize("offset", [0x08, 0x30, 0x44, 0x4c, 0x68, 0x104, 0x12c, 0x174, 0x3ffc])
def test_reserved_offsets(i2c, offset):
    i2c[offset] = 0xffffffff
    assert i2c[offset] == 0


# --------------------------------------------------------------- transfers and their times

LATENCY = 2  # of SCL and SDA without filter and prescaler
BIT = CLKLO + 1 + CLKHI + 1 + LATENCY
START_CYCLES = SETHOLD + 1
OCTET = 9 * BIT
STOP_CYCLES = CLKLO + 1 + SETHOLD + 1 + LATENCY
FREE = CLKLO + 1 + LATENCY
RESTART = STOP_CYCLES + START_CYCLES


def test_write(i2c, peer):
    """Commands 4, 0, 2"""
    i2c.on()
    i2c.run(START | WRITE, TX | 0x12, TX | 0x34, STOP)
    assert peer.events() == ["start-send", "send 12", "send 34", "finish"]
    assert i2c[MSR] == TDF | EPF | SDF


def test_read(i2c, peer):
    """Command 1: DATA + 1 octets; the last one is not acknowledged"""
    peer.answer(0xa1, 0xa2, 0xa3)
    i2c.on()
    i2c.run(START | READ, RX | 2, STOP)
    assert peer.events() == ["start-receive", "receive a1", "receive a2", "receive a3", "nack",
                             "finish"]
    assert i2c.received() == [0xa1, 0xa2, 0xa3]
    assert i2c[MSR] == TDF | EPF | SDF


def test_next_receive_command_acknowledges(i2c, peer):
    peer.answer(1, 2)
    i2c.on()
    i2c.send(START | READ, RX, RX, STOP)
    i2c.machine.step(1_000_000)
    assert peer.events() == ["start-receive", "receive 01", "receive 02", "nack", "finish"]


def test_receive_and_discard(i2c, peer):
    """Command 3"""
    peer.answer(1, 2, 3)
    i2c.on()
    i2c.run(START | READ, DISCARD | 1, RX, STOP)
    assert i2c.received() == [3]


def test_repeated_start(i2c, peer):
    peer.answer(0x77)
    i2c.on()
    i2c.run(START | WRITE, TX | 5, START | READ, RX, STOP)
    assert peer.events() == ["start-send", "send 05", "finish", "start-receive", "receive 77", "nack",
                             "finish"]


def test_repeated_start_to_another_slave(i2c, peer):
    i2c.on()
    i2c.run(START | WRITE, START | 0x51 << 1, TX | 1, STOP)
    assert peer.events() == ["start-send", "finish"]
    assert Peer(i2c.machine, "other").events() == ["start-send", "send 01", "finish"]


@pytest.mark.parametrize("prescale", [0, 1, 3, 7])
def test_bit_times(i2c, peer, prescale):
    """Table "Timing parameters": SETHOLD + 1 after START, nine bits of CLKLO + 1 + CLKHI + 1 +
    latency, before STOP CLKLO + 1 and SETHOLD + 1 + latency; all times 2^PRESCALE."""
    latency = 2 >> prescale
    octet = 9 * (CLKLO + 1 + CLKHI + 1 + latency)
    i2c.on(prescale)
    i2c.send(START | WRITE, TX | 1, STOP)
    i2c.machine.step(20_000_000)
    stop = CLKLO + 1 + SETHOLD + 1 + latency
    assert peer.log(i2c.start_ns) == [
        (i2c.cycles(START_CYCLES + octet), "start-send"),
        (i2c.cycles(START_CYCLES + 2 * octet), "send 01"),
        (i2c.cycles(START_CYCLES + 2 * octet + stop), "finish")]


@pytest.mark.parametrize("filter_scl", [0, 5, 15])
def test_filter_slows_scl(i2c, peer, filter_scl):
    """MCFGR2[FILTSCL]: in the latency of SCL"""
    i2c.on(cfgr2=filter_scl << 16)
    i2c.send(START | WRITE)
    i2c.machine.step(1_000_000)
    assert peer.log(i2c.start_ns) == [
        (i2c.cycles(START_CYCLES + 9 * (BIT + filter_scl)), "start-send")]


def test_bus_free_time(i2c, peer):
    """Between STOP and START: CLKLO + 1 + SDA latency"""
    i2c.on()
    i2c.send(START | WRITE, STOP, START | WRITE, STOP)
    i2c.machine.step(1_000_000)
    once = START_CYCLES + OCTET + STOP_CYCLES
    assert peer.log(i2c.start_ns) == [
        (i2c.cycles(START_CYCLES + OCTET), "start-send"), (i2c.cycles(once), "finish"),
        (i2c.cycles(once + FREE + START_CYCLES + OCTET), "start-send"),
        (i2c.cycles(2 * once + FREE), "finish")]


@pytest.mark.parametrize("filter_sda", [0, 7, 15])
def test_filter_of_sda(i2c, peer, filter_sda):
    """MCFGR2[FILTSDA]: in the bus free time only"""
    i2c.on(cfgr2=filter_sda << 24)
    i2c.send(START | WRITE, STOP, START | WRITE)
    i2c.machine.step(1_000_000)
    once = START_CYCLES + OCTET + STOP_CYCLES
    assert peer.log(i2c.start_ns) == [
        (i2c.cycles(START_CYCLES + OCTET), "start-send"), (i2c.cycles(once), "finish"),
        (i2c.cycles(once + FREE + filter_sda + START_CYCLES + OCTET), "start-send")]


def test_time_of_a_repeated_start(i2c, peer):
    i2c.on()
    i2c.send(START | WRITE, START | WRITE, STOP)
    i2c.machine.step(1_000_000)
    second = START_CYCLES + OCTET + RESTART + OCTET
    assert (i2c.cycles(second), "start-send") in peer.log(i2c.start_ns)


def test_high_speed_has_its_own_times(i2c, peer):
    """Commands 6 and 7: MCCR1 behind their START"""
    i2c[MCCR1] = 3 | 2 << 8 | 1 << 16
    i2c.on()
    i2c.send(START_NACK | 0x08, START_FAST | WRITE, TX | 9)
    i2c.machine.step(1_000_000)
    fast = 9 * (4 + 3 + LATENCY)
    begin = START_CYCLES + OCTET + RESTART
    assert peer.log(i2c.start_ns) == [(i2c.cycles(begin + fast), "start-send"),
                                      (i2c.cycles(begin + 2 * fast), "send 09")]
    assert not i2c[MSR] & NDF


def test_clock_root(each):
    each.machine.write(ROOT[each.number], 3 << 8 | 1)  # 8 MHz
    each.on()
    each.send(START | WRITE)
    each.machine.step(3 * each.cycles(START_CYCLES + OCTET) - 1)
    assert not each[MSR] & NDF
    each.machine.step(3)
    assert each[MSR] & NDF
    rt1176.stop_root(each.machine, ROOT_NUMBER[each.number])
    each.machine.step(1_000_000)
    each[MSR] = NDF
    each[MTDR] = START | WRITE
    each.machine.step(10_000_000)
    assert not each[MSR] & NDF
    rt1176.start_root(each.machine, ROOT_NUMBER[each.number])
    each.machine.step(10_000_000)
    assert each[MSR] & NDF


def test_clock_stopped_within_a_transfer(i2c, peer):
    """It stands still until the clock is back."""
    i2c.on()
    i2c.send(START | WRITE, TX | 1, TX | 2)
    i2c.machine.step(i2c.cycles(START_CYCLES + OCTET) + 1)
    rt1176.stop_root(i2c.machine, ROOT_NUMBER[1])
    i2c.machine.step(1_000_000)
    before = peer.events()
    assert len(before) <= 2 and i2c[MSR] & MBF
    i2c[MTDR] = STOP
    i2c.machine.step(1_000_000)
    assert peer.events() == before
    rt1176.start_root(i2c.machine, ROOT_NUMBER[1])
    i2c.machine.step(1_000_000)
    assert peer.events() == ["start-send", "send 01", "send 02", "finish"]


def test_holds_scl_for_the_next_command(i2c, peer):
    i2c.on()
    i2c.run(START | WRITE)
    assert i2c[MSR] == TDF | MBF | BBF
    i2c.run(TX | 1, STOP)
    assert peer.events() == ["start-send", "send 01", "finish"]
    assert i2c[MSR] == TDF | EPF | SDF


def test_autostop(i2c, peer):
    """MCFGR1[AUTOSTOP]"""
    i2c.on(AUTOSTOP)
    i2c.send(START | WRITE, TX | 1)
    i2c.machine.step(1_000_000)
    assert peer.events() == ["start-send", "send 01", "finish"]
    assert i2c[MSR] == TDF | EPF | SDF


# ------------------------------------------------------------------------------------ errors

def test_nobody_acknowledges_the_address(i2c, peer):
    """MSR[NDF]: STOP by itself, and no START until it is cleared"""
    i2c.on()
    i2c.run(START | 0x20)
    assert i2c[MSR] == TDF | NDF | EPF | SDF
    i2c.run(START | WRITE)
    assert peer.events() == [] and i2c[MFSR] == 1
    i2c[MSR] = NDF
    i2c.machine.step(1_000_000)
    assert peer.events() == ["start-send"]


def test_data_not_acknowledged(i2c, peer):
    i2c.on()
    i2c.run(START | WRITE, *[TX | n for n in range(7)])
    assert i2c[MSR] & (NDF | SDF | MBF) == NDF | SDF
    assert peer.events()[-1] == "finish"


def test_expected_nack(i2c):
    """Command 5: an acknowledge sets NDF, none does not"""
    i2c.on()
    i2c.run(START_NACK | 0x20, STOP)
    assert not i2c[MSR] & NDF
    i2c.run(START_NACK | WRITE, STOP)
    assert i2c[MSR] & NDF


def test_expected_nack_is_that_of_the_address(i2c):
    """Data behind it have to be acknowledged."""
    i2c.on()
    i2c.run(START_NACK | 0x20, TX | 1)
    assert i2c[MSR] & NDF


def test_nack_ignored(i2c):
    """MCFGR1[IGNACK]"""
    i2c.on(IGNACK)
    i2c.run(START | 0x20, TX | 1, STOP)
    assert i2c[MSR] == TDF | EPF | SDF


def test_data_without_start(i2c, peer):
    """MSR[FEF]"""
    for command in (TX, RX, DISCARD):
        i2c.on()
        i2c.run(command)
        assert i2c[MSR] == TDF | FEF
        i2c[MSR] = FEF
        assert i2c[MSR] == TDF
        i2c[MCR] = 0


def test_stop_without_start_does_nothing(i2c, peer):
    i2c.on()
    i2c.run(STOP)
    assert i2c[MSR] == TDF and peer.events() == []


@pytest.mark.parametrize("address, command", [(WRITE, RX), (READ, TX)])
def test_wrong_direction(i2c, address, command):
    i2c.on()
    i2c.run(START | address, command)
    assert i2c[MSR] & (FEF | SDF) == FEF | SDF


def test_arbitration_lost(i2c, peer):
    """MSR[ALF]: another master keeps SDA low where a 1 is sent"""
    i2c.on()
    i2c.send(START | WRITE)
    i2c.machine.step(2_000)
    i2c.hold("sda", True)
    i2c.machine.step(1_000_000)
    assert i2c[MSR] & (ALF | MBF | BBF) == ALF | BBF
    assert peer.events() == []
    i2c.hold("sda", False)
    assert not i2c[MSR] & BBF  # STOP of the other one
    i2c[MSR] = ALF
    i2c.run(START | WRITE)
    assert peer.events() == ["start-send"]


def test_bus_of_another_master(i2c, peer):
    """MSR[BBF]: no START before its STOP"""
    i2c.on()
    i2c.hold("sda", True)
    assert i2c[MSR] & (BBF | MBF) == BBF
    i2c.run(START | WRITE)
    assert peer.events() == []
    i2c.hold("sda", False)
    i2c.machine.step(1_000_000)
    assert peer.events() == ["start-send"]


def test_bus_idle_timeout(i2c, peer):
    """MCFGR2[BUSIDLE]: both lines high for so many cycles; 0: never"""
    for cycles, idle in ((0, False), (4095, True)):
        i2c.on(cfgr2=cycles)
        i2c.hold("sda", True)
        i2c.hold("scl", True)
        i2c.hold("sda", False)
        i2c.hold("scl", False)
        start_ns = i2c.machine.now_ns
        i2c.machine.step(i2c.cycles(4095) - 1)
        assert i2c[MSR] & BBF
        i2c.machine.step(2)
        assert bool(i2c[MSR] & BBF) != idle
        assert i2c.machine.now_ns - start_ns < 200_000
        i2c[MCR] = RST
        i2c[MCR] = 0


@pytest.mark.parametrize("timecfg, line, seen", [(0, "scl", True), (0, "sda", False),
                                                 (TIMECFG, "sda", True), (TIMECFG, "scl", True)])
def test_pin_low_timeout(i2c, timecfg, line, seen):
    """MCFGR3[PINLOW] x 256 cycles; MCFGR1[TIMECFG]: SCL only, or either; also while idle"""
    i2c.on(timecfg, cfgr3=10 << 8)
    i2c.hold(line, True)
    i2c.machine.step(i2c.cycles(2560) - 1)
    assert not i2c[MSR] & PLTF
    i2c.machine.step(2)
    assert bool(i2c[MSR] & PLTF) == seen
    i2c.hold(line, False)
    i2c[MSR] = PLTF
    i2c.machine.step(1_000_000)
    assert not i2c[MSR] & PLTF


def test_own_hold_is_a_low_pin_too(i2c):
    i2c.on(cfgr3=10 << 8)
    i2c.run(START | WRITE)
    assert i2c[MSR] & PLTF


def test_clock_stretching(i2c, peer):
    i2c.on()
    i2c.send(START | WRITE, TX | 1, STOP)
    i2c.machine.step(5_000)
    i2c.hold("scl", True)
    i2c.machine.step(1_000_000)
    assert peer.events() == []
    i2c.hold("scl", False)
    released = i2c.machine.now_ns
    i2c.machine.step(1_000_000)
    assert [event for _, event in peer.log()] == ["start-send", "send 01", "finish"]
    assert peer.log(released)[0] == (0, "start-send")


# ------------------------------------------------------- FIFOs, match, interrupts, disabling

def test_fifos_have_4_words(i2c):
    for n in range(FIFO_WORDS + 2):
        i2c[MTDR] = n
        assert i2c[MFSR] == min(n + 1, FIFO_WORDS)
    i2c[MCR] = RTF
    assert i2c[MFSR] == 0


def test_full_receive_fifo_holds_scl(i2c, peer):
    peer.answer(*range(1, 9))
    i2c.on()
    i2c.run(START | READ, RX | 7, STOP)
    assert i2c[MFSR] >> 16 == FIFO_WORDS
    assert i2c[MSR] & MBF
    assert i2c[MRDR] == 1
    i2c.machine.step(1_000_000)
    assert i2c[MFSR] >> 16 == FIFO_WORDS
    received = []
    for _ in range(7):
        received.append(i2c[MRDR])
        i2c.machine.step(1_000_000)
    assert received == list(range(2, 9))
    assert i2c[MSR] & (SDF | MBF) == SDF
    assert i2c[MRDR] == RXEMPTY


@pytest.mark.parametrize("water", range(4))
def test_watermarks(i2c, peer, water):
    i2c[MFCR] = water | water << 16
    for n in range(1, FIFO_WORDS + 1):
        i2c[MTDR] = 0
        assert bool(i2c[MSR] & TDF) == (n <= water)
    i2c[MCR] = RTF
    i2c.on()
    i2c.send(START | READ)
    for n in range(1, FIFO_WORDS + 1):
        i2c[MTDR] = RX
        i2c.machine.step(1_000_000)
        assert bool(i2c[MSR] & RDF) == (n > water)
    i2c[MCR] = MEN | RRF
    assert not i2c[MSR] & RDF


@pytest.mark.parametrize("config, words, hit", [
    (0, [0x11], None), (2, [0x11], 0), (2, [0x22], 0), (2, [0x33, 0x11], None),
    (3, [0x33, 0x11], 1), (4, [0x11, 0x22], 1), (4, [0x33, 0x11, 0x22], None),
    (5, [0x33, 0x11, 0x22], 2), (6, [0x99], 0), (6, [0x77, 0x11], None), (7, [0x77, 0x11], 1)])
def test_match(i2c, peer, config, words, hit):
    """MCFGR1[MATCFG] with MATCH0 = 0x11 and MATCH1 = 0x22; 6 and 7: masked by MATCH1"""
    i2c[MDMR] = 0x11 | (0x73 if config >= 6 else 0x22) << 16
    peer.answer(*words)
    i2c.on(config << MATCFG)
    i2c.send(START | READ)
    for n in range(len(words)):
        i2c[MTDR] = RX
        i2c.machine.step(1_000_000)
        assert bool(i2c[MSR] & DMF) == (hit is not None and n >= hit)


def test_receive_data_match_only(i2c, peer):
    i2c[MDMR] = 0x220022
    i2c[MCFGR0] = RDMO
    peer.answer(0x11, 0x22, 0x33)
    i2c.on(3 << MATCFG)
    i2c.run(START | READ, RX | 2, STOP)
    assert i2c.received() == [0x22, 0x33]


CAUSES = {EPF: (START | WRITE, STOP), SDF: (START | WRITE, STOP), NDF: (START | 0x20,), FEF: (TX,),
          TDF: (), RDF: (START | READ, RX)}


@pytest.mark.parametrize("flag", CAUSES)
def test_interrupts(i2c, flag):
    i2c.on()
    i2c.run(*CAUSES[flag])
    assert i2c[MSR] & flag and not i2c.irq()
    i2c[MIER] = flag
    assert i2c.irq()
    if flag == TDF:
        i2c[MCR] = 0
        i2c[MTDR] = 0
    elif flag == RDF:
        i2c[MRDR]
    else:
        i2c[MSR] = flag
    assert not i2c.irq()


def test_each_has_its_interrupt(each):
    each[MIER] = FEF
    each.on()
    each[MTDR] = TX
    assert each.irq()


def test_disabling_sends_stop(i2c, peer):
    """MCR[MEN]: reads 1 until the transfer has ended"""
    i2c.on()
    i2c.run(START | WRITE)
    i2c[MCR] = 0
    assert i2c[MCR] == MEN
    i2c.machine.step(1_000_000)
    assert i2c[MCR] == 0 and peer.events()[-1] == "finish"


def test_narrow_accesses(i2c, peer):
    """An octet written to MTDR is transmitted; other registers take words only."""
    i2c.on()
    i2c.send(START | WRITE)
    i2c.machine.write(i2c.base + MTDR, 0x5a, size=1)
    i2c.run(STOP)
    assert peer.events() == ["start-send", "send 5a", "finish"]
    i2c.machine.write(i2c.base + MIER, 3, size=1)
    assert i2c[MIER] == 0
    assert i2c.machine.read(i2c.base + PARAM + 1, size=1) == 2


def test_stock_eeprom(tmp_path):
    """A stock peripheral of QEMU: an at24c keeps what it is given."""
    with rt1176.qtest_machine(tmp_path, "-device",
                              "at24c-eeprom,bus=lpi2c5,address=0x50,rom-size=256") as machine:
        i2c = Lpi2c(machine, 5)
        i2c.on()
        i2c.run(START | WRITE, TX | 0x10, TX | 0xab, TX | 0xcd, STOP)
        i2c.run(START | WRITE, TX | 0x10, START | READ, RX | 1, STOP)
        assert i2c.received() == [0xab, 0xcd]


@pytest.mark.parametrize("after_ns", [1, 1_000, 20_000, 40_000, 60_000])
def test_saved_amid_a_transfer(tmp_path, after_ns):
    device = ("-device", f"mews-i2c-peer,bus=lpi2c1,address={ADDRESS},id=peer")
    state = tmp_path / "state"

    def begin(machine):
        i2c = Lpi2c(machine)
        i2c[MDMR], i2c[MIER], i2c[MFCR] = 0xff, SDF, 1
        i2c.on(3 << MATCFG)
        i2c.send(START | WRITE, TX | 3, START | READ, RX | 1)
        machine.step(after_ns)
        return machine.now_ns

    def rest(machine, since_ns):
        i2c = Lpi2c(machine)
        i2c[MTDR] = STOP
        machine.step(500_000)
        return ([i2c[r] for r in (MCR, MSR, MIER, MCFGR1, MDMR, MCCR0, MFCR, MFSR)], i2c.irq(),
                i2c.received(), [e for t, e in Peer(machine).log(since_ns) if t > 0])

    with rt1176.qtest_machine(tmp_path, *device) as machine:
        now_ns = begin(machine)
        expected = rest(machine, now_ns)
        machine.quit()
    with rt1176.qtest_machine(tmp_path, *device) as machine:
        begin(machine)
        machine.qmp.save_state(state)
        machine.quit()
    with rt1176.qtest_machine(tmp_path, *device, "-incoming", f"file:{state}") as machine:
        machine.resume(now_ns)
        assert rest(machine, now_ns) == expected
    assert expected[1]
