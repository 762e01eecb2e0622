"""I2C1 and I2C2 (RM0041 chapter 22) as master, with a peer on the I2C bus: events and
their times, ends of transfers, errors, PEC, DMA.  As slave: test_i2c_slave.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from qtest import Peer
from test_dma import DIR, MINC, SOURCE, TARGET, TCIF, TCIE, Channel, get, put

CR1, CR2, OAR1, OAR2, DR, SR1, SR2, CCR, TRISE = range(0, 0x24, 4)
PE, SMBUS, SMBTYPE, ENARP, ENPEC, ENGC, NOSTRETCH = 1, 2, 8, 0x10, 0x20, 0x40, 0x80
START, STOP, ACK, POS, PEC, ALERT, SWRST = 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x8000
ITERREN, ITEVTEN, ITBUFEN, DMAEN, LAST = (1 << n for n in range(8, 13))
SB, ADDR, BTF, ADD10, STOPF, RXNE, TXE = 1, 2, 4, 8, 0x10, 0x40, 0x80
BERR, ARLO, AF, OVR, PECERR, TIMEOUT, SMBALERT = 0x100, 0x200, 0x400, 0x800, 0x1000, 0x4000, 0x8000
MSL, BUSY, TRA, GENCALL, SMBDEFAULT, SMBHOST, DUALF = 1, 2, 4, 0x10, 0x20, 0x40, 0x80

BASE = {1: 0x40005400, 2: 0x40005800}
EVENT_IRQ, ERROR_IRQ = {1: 31, 2: 33}, {1: 32, 2: 34}
SCL, SDA, SMBA = {1: "PB6", 2: "PB10"}, {1: "PB7", 2: "PB11"}, {1: "PB5", 2: "PB12"}
DMA_TX, DMA_RX = {1: 6, 2: 4}, {1: 7, 2: 5}  # 9.3.7
RESET_BIT = {1: 21, 2: 22}
RESET_VALUES = [0] * 8 + [2]
AFIO_MAPR = 0x40010004
PERIOD = qtest.clock_period(stm32f100.HSE_HZ)
STANDARD = 120  # CCR of 100 kHz at 24 MHz
PEER = 0x50


class I2c(qtest.Block):
    """At 24 MHz, 100 kHz unless told otherwise."""

    def __init__(self, machine, number):
        super().__init__(machine, BASE[number])
        self.number = number
        self.scl, self.sda, self.smba = SCL[number], SDA[number], SMBA[number]
        stm32f100.run_from_hse(machine)
        stm32f100.clock_on(machine, f"i2c{number}", "afio")
        self.low, self.high = STANDARD, STANDARD

    def set(self, bits):
        self[CR1] = self[CR1] | bits

    def clear(self, bits):
        self[CR1] = self[CR1] & ~bits

    def on(self, cr1=0, cr2=0, ccr=STANDARD):
        for pin in (self.scl, self.sda):
            stm32f100.pin_mode(self.machine, pin, stm32f100.AF_OPEN_DRAIN)
        self[CR2], self[CCR] = 24 | cr2, ccr
        self[CR1] = PE | cr1
        fast, duty, ccr = ccr >> 15, ccr >> 14 & 1, ccr & 0xfff
        self.low, self.high = ((16 * ccr, 9 * ccr) if duty else (2 * ccr, ccr)) if fast else (ccr, ccr)

    def ns(self, low=0, high=0):
        """Whole nanoseconds of so many low and high halves."""
        return (low * self.low + high * self.high) * PERIOD >> 32

    def step_to(self, time_ns):
        if time_ns != self.machine.now_ns:
            self.machine.step(time_ns - self.machine.now_ns)

    def start(self):
        """START and EV5; the time at which SDA fell."""
        now = self.machine.now_ns
        self.set(START)
        self.machine.step(self.ns(high=1))
        assert self[SR1] & SB
        return now

    def restart(self):
        self.set(START)
        self.machine.step(self.ns(low=1, high=2) + 2)
        assert self[SR1] & SB

    def octet(self, value=None):
        """Nine bits, begun by @value in DR or otherwise."""
        if value is not None:
            self[DR] = value
        self.machine.step(self.ns(9, 9) + 1)

    def address(self, address):
        """START, address, EV6 without its end."""
        self.start()
        self.octet(address)
        return self[SR1]

    def stop(self):
        self.set(STOP)
        self.machine.step(self.ns(low=3, high=2))
        assert not self[CR1] & STOP

    def flags(self):
        return self[SR1], self[SR2] & 0xff

    def level(self, pin):
        return self.machine.read(stm32f100.gpio("b") + 8) >> int(pin[2:]) & 1

    def drive(self, pin, level):
        stm32f100.drive_pin(self.machine, pin, level)

    def event(self):
        return self.machine.irq(EVENT_IRQ[self.number])

    def error(self):
        return self.machine.irq(ERROR_IRQ[self.number])


class PinSlave:
    """A slave on the pins, in step with the octets of @i2c, which has pull-ups."""

    def __init__(self, i2c):
        self.i2c = i2c

    def hear(self, value, acknowledge=True):
        """The octet that the write of DR begins."""
        now = self.i2c.machine.now_ns
        self.i2c[DR] = value
        octet = 0
        for n in range(8):
            self.i2c.step_to(now + self.i2c.ns(n + 1, n) + 1)
            octet = octet << 1 | self.i2c.level(self.i2c.sda)
        self.i2c.step_to(now + self.i2c.ns(8, 8) + 1)
        self.i2c.drive(self.i2c.sda, int(not acknowledge))
        self.i2c.step_to(now + self.i2c.ns(9, 9) + 1)
        self.i2c.drive(self.i2c.sda, 1)
        return octet

    def say(self, octet, begun_ns):
        """Bit by bit; whether the master acknowledges."""
        for n in range(8):
            self.i2c.step_to(begun_ns + self.i2c.ns(n, n) + 1)
            self.i2c.drive(self.i2c.sda, octet >> (7 - n) & 1)
        self.i2c.step_to(begun_ns + self.i2c.ns(8, 8) + 1)
        self.i2c.drive(self.i2c.sda, 1)
        self.i2c.step_to(begun_ns + self.i2c.ns(9, 8) + 1)
        acknowledged = not self.i2c.level(self.i2c.sda)
        self.i2c.step_to(begun_ns + self.i2c.ns(9, 9) + 1)
        return acknowledged


def machine_with_peer(folder, number, options="", *more):
    return stm32f100.qtest_machine(
        folder, "-device", f"mews-i2c-peer,bus=i2c{number},address={PEER},id=peer{options}", *more)


@pytest.fixture(params=[1, 2])
def alone(machine, request):
    """Nobody else on the bus; the board has pull-ups."""
    i2c = I2c(machine, request.param)
    for pin in (i2c.scl, i2c.sda, i2c.smba):
        i2c.drive(pin, 1)
    return i2c


@pytest.fixture(params=[1, 2])
def i2c(tmp_path, request):
    with machine_with_peer(tmp_path, request.param) as machine:
        yield I2c(machine, request.param)


@pytest.fixture
def peer(i2c):
    return Peer(i2c.machine)


# ---------------------------------------------------------------- registers (22.6)

def test_reset_values(alone):
    assert [alone[n] for n in range(0, 0x24, 4)] == RESET_VALUES


@pytest.mark.parametrize("register, mask", [
    (CR2, 0x1f3f), (OAR1, 0xc3ff), (OAR2, 0xff), (DR, 0xff), (CCR, 0xcfff), (TRISE, 0x3f)])
def test_reserved_bits_read_0(alone, register, mask):
    alone[register] = 0xffffffff
    assert alone[register] == mask


def test_reserved_bits_of_cr1(alone):
    """Bits 2 and 14; what hardware clears while PE is 0 (START, STOP, ACK, PEC) stays 0."""
    alone[CR1] = 0x7ffe
    assert alone[CR1] == 0x28fa
    alone.on(ACK | POS)
    assert alone[CR1] == PE | ACK | POS
    alone[CR1] = 0
    assert alone[CR1] == 0


@pytest.mark.parametrize("register", [SR1, SR2])
def test_status_cannot_be_set(alone, register):
    alone[register] = 0xffffffff
    assert alone[register] == 0


def test_no_register_behind_trise(alone):
    alone[0x24] = 0xffff
    assert alone[0x24] == 0


@pytest.mark.parametrize("register", [CCR, TRISE])
def test_configured_while_pe_is_0(alone, register):
    """22.6.8, 22.6.9"""
    alone[register] = 0x11
    alone[CR1] = PE
    alone[register] = 0x22
    assert alone[register] == 0x11
    alone[CR1] = 0
    alone[register] = 0x22
    assert alone[register] == 0x22


def test_without_clock_reads_0_and_ignores_writes(alone):
    stm32f100.check_clock_gate(alone, f"i2c{alone.number}", OAR1, range(0, 0x24, 4))


def test_reset_by_rcc(alone):
    alone.on(ACK)
    alone.start()
    alone.machine.write(stm32f100.RCC_APB1RSTR, 1 << RESET_BIT[alone.number])
    assert alone.level(alone.scl) == alone.level(alone.sda) == 1
    alone.machine.write(stm32f100.RCC_APB1RSTR, 0)
    assert [alone[n] for n in range(0, 0x24, 4)] == RESET_VALUES


def test_software_reset(alone):
    """22.6.1, SWRST: everything is in reset until it is cleared."""
    alone.on(ACK)
    alone.start()
    alone[CR1] = SWRST
    assert [alone[n] for n in range(0, 0x24, 4)] == [SWRST] + RESET_VALUES[1:]
    alone[CCR] = 1
    alone[CR1] = 0
    assert [alone[n] for n in range(0, 0x24, 4)] == RESET_VALUES
    assert alone.level(alone.scl) == alone.level(alone.sda) == 1


# ------------------------------------------------------------ events and times (22.3.3)

@pytest.mark.parametrize("ccr", [STANDARD, 4, 0xfff, 0x8000 | 20, 0xc000 | 2, 0xc001])
def test_times_follow_ccr(i2c, ccr):
    """22.6.8: standard 1:1, fast 2:1, fast with DUTY 16:9, in periods of PCLK1."""
    i2c.on(ccr=ccr)
    now = i2c.machine.now_ns
    i2c[CR1] = PE | START
    assert i2c[SR1] == 0
    i2c.step_to(now + i2c.ns(high=1) - 1)
    assert i2c[SR1] == 0
    i2c.machine.step(1)
    assert i2c.flags() == (SB, BUSY | MSL)
    i2c.machine.step(12_345)
    now = i2c.machine.now_ns
    i2c[DR] = PEER << 1
    assert i2c[SR1] == 0, "SR1 read and DR written clear SB"
    i2c.step_to(now + i2c.ns(9, 9) - 1)
    assert i2c[SR1] == 0
    i2c.machine.step(1)
    assert i2c[SR1] == ADDR


def test_octets_follow_each_other_without_drift(i2c, peer):
    i2c.on(ccr=0x8000 | 7)
    i2c.address(PEER << 1)
    i2c[SR2]
    now = i2c.machine.now_ns
    i2c[DR] = 0
    for n in range(1, 50):
        i2c[DR] = n
        i2c.step_to(now + i2c.ns(9 * n, 9 * n))
        assert i2c[SR1] & TXE
    times = [t for t, event in peer.log() if event.startswith("send")]
    # the peer acknowledges: it has heard the octet when its ninth bit begins
    assert times == [now + i2c.ns(9 * n + 8, 9 * n + 8) for n in range(49)]


def test_waveform(i2c):
    """START, 0xa0, acknowledge, STOP."""
    i2c.on()
    i2c.machine.step(10_000)
    start = i2c.start()
    i2c.machine.step(20_000)
    now = i2c.machine.now_ns
    i2c.octet(PEER << 1)
    i2c[SR1]
    i2c[SR2]
    i2c.machine.step(10_000)
    stop = i2c.machine.now_ns
    i2c.stop()
    scl = [e for e in stm32f100.edges(i2c.machine, i2c.scl) if e[0] >= start]
    sda = [e for e in stm32f100.edges(i2c.machine, i2c.sda) if e[0] >= start]
    clock = [(start + i2c.ns(high=1), 0)]
    for n in range(9):
        clock += [(now + i2c.ns(n + 1, n), 1), (now + i2c.ns(n + 1, n + 1), 0)]
    assert scl == clock + [(stop + i2c.ns(low=1), 1)]
    bit = [now + i2c.ns(n, n) for n in range(10)]
    # 1 0 1 0 0 0 0 0, the peer's 0, then SDA is let go until the STOP
    assert sda == [(start, 0), (now, 1), (bit[1], 0), (bit[2], 1), (bit[3], 0), (bit[9], 1),
                   (stop, 0), (stop + i2c.ns(1, 1), 1)]


def test_write(i2c, peer):
    """EV5, EV6, EV8_1, EV8, EV8_2."""
    i2c.on()
    i2c.start()
    i2c.octet(PEER << 1)
    assert i2c.flags() == (ADDR, BUSY | MSL | TRA)
    assert i2c[SR1] == TXE, "the read of SR2 has cleared ADDR"
    i2c[DR] = 0x12
    assert i2c[SR1] == TXE, "DR is empty again: the octet is in the shift register"
    i2c[DR] = 0x34
    assert i2c[SR1] == 0
    i2c.octet()
    assert i2c[SR1] == TXE
    i2c.octet()
    assert i2c[SR1] == TXE | BTF
    assert i2c.level(i2c.scl) == 0, "SCL is held"
    i2c.stop()
    assert i2c.flags() == (0, 0)
    assert peer.events() == ["start-send", "send 12", "send 34", "finish"]


def test_btf_ends_with_dr(i2c, peer):
    i2c.on()
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.octet(1)
    assert i2c[SR1] == TXE | BTF
    i2c[DR] = 2
    assert i2c[SR1] == TXE
    i2c.octet()
    assert peer.events() == ["start-send", "send 01", "send 02"]


def test_read_of_one_octet(i2c, peer):
    """EV6_1: ACK = 0, ADDR cleared, STOP = 1 at once."""
    peer.answer(0x5a, 0x5b)
    i2c.on(ACK)
    i2c.address(PEER << 1 | 1)
    i2c.clear(ACK)
    assert i2c[SR1] & ADDR
    assert i2c[SR2] == BUSY | MSL
    i2c.set(STOP)
    i2c.octet()
    assert i2c.flags() == (RXNE, BUSY | MSL)
    i2c.machine.step(i2c.ns(2, 2))
    assert i2c.flags() == (RXNE, 0)
    assert i2c[DR] == 0x5a
    assert i2c[SR1] == 0
    assert peer.events() == ["start-receive", "receive 5a", "nack", "finish"]


def test_stop_too_late_reads_one_octet_too_many(i2c, peer):
    peer.answer(0x5a, 0x5b)
    i2c.on(ACK)
    i2c.address(PEER << 1 | 1)
    i2c.clear(ACK)
    i2c[SR1], i2c[SR2]
    i2c.octet()
    assert i2c[SR1] == RXNE
    i2c.set(STOP)
    assert i2c[DR] == 0x5a
    i2c.octet()
    i2c.machine.step(i2c.ns(2, 2))
    assert i2c.flags() == (RXNE, 0)
    assert i2c[DR] == 0x5b
    assert [e for e in peer.events() if e.startswith("receive")] == ["receive 5a", "receive 5b"]


def test_read_of_two_octets_with_pos(i2c, peer):
    """22.3.3: POS and ACK before, ACK = 0 after ADDR, then BTF, STOP, two reads."""
    peer.answer(1, 2, 3)
    i2c.on(ACK | POS)
    i2c.address(PEER << 1 | 1)
    i2c[SR1], i2c[SR2]
    i2c.clear(ACK)
    i2c.octet()
    assert i2c[SR1] == RXNE
    i2c.octet()
    assert i2c[SR1] == RXNE | BTF
    assert i2c.level(i2c.scl) == 0
    i2c.set(STOP)
    assert i2c[DR] == 1
    assert i2c[SR1] == RXNE
    assert i2c[DR] == 2
    i2c.machine.step(i2c.ns(3, 3))
    assert i2c.flags() == (0, 0)
    assert peer.events() == ["start-receive", "receive 01", "receive 02", "nack", "finish"]


def test_pos_decides_when_the_octet_begins(i2c, peer):
    """ACK cleared before ADDR is: with POS the first octet is not acknowledged already."""
    i2c.on(ACK | POS)
    i2c.address(PEER << 1 | 1)
    i2c.clear(ACK)
    i2c[SR1], i2c[SR2]
    i2c.octet()
    assert "nack" in peer.events()


def test_read_of_three_octets(i2c, peer):
    """22.3.3: BTF, ACK = 0, read, STOP, read, read."""
    peer.answer(1, 2, 3, 4)
    i2c.on(ACK)
    i2c.address(PEER << 1 | 1)
    i2c[SR1], i2c[SR2]
    i2c.octet()
    i2c.octet()
    assert i2c[SR1] == RXNE | BTF
    i2c.machine.step(1_000_000)
    assert i2c[SR1] == RXNE | BTF, "SCL is held: nothing is lost"
    i2c.clear(ACK)
    assert i2c[DR] == 1
    i2c.set(STOP)
    assert i2c[DR] == 2
    i2c.octet()
    assert i2c[DR] == 3
    i2c.machine.step(i2c.ns(3, 3))
    assert i2c.flags() == (0, 0)
    assert peer.events() == ["start-receive", "receive 01", "receive 02", "receive 03", "nack",
                             "finish"]


def test_repeated_start(i2c, peer):
    peer.answer(0x77)
    i2c.on(ACK)
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.octet(0x10)
    i2c.restart()
    assert i2c[SR1] == SB
    assert i2c[SR2] == BUSY | MSL
    i2c.octet(PEER << 1 | 1)
    i2c.clear(ACK)
    i2c[SR1], i2c[SR2]
    i2c.set(STOP)
    i2c.octet()
    assert i2c[DR] == 0x77
    i2c.machine.step(i2c.ns(3, 3))
    assert peer.events() == ["start-send", "send 10", "start-receive", "receive 77", "nack",
                             "finish"]


def test_time_of_a_repeated_start(i2c):
    """SCL low, then set-up and hold, as long as the halves of CCR."""
    i2c.on()
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.machine.step(10_000)
    now = i2c.machine.now_ns
    i2c.set(START)
    i2c.step_to(now + i2c.ns(1, 2) - 1)
    assert not i2c[SR1] & SB
    i2c.machine.step(1)
    assert i2c[SR1] & SB


def test_stop_and_start_together(i2c, peer):
    i2c.on()
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.octet(1)
    i2c.set(STOP | START)
    i2c.machine.step(i2c.ns(10, 10))
    assert i2c.flags() == (SB, BUSY | MSL)
    assert i2c[CR1] & (STOP | START) == 0
    assert peer.events()[-1] == "finish"


def test_other_address_after_a_repeated_start(tmp_path):
    with machine_with_peer(tmp_path, 1, "", "-device",
                           "mews-i2c-peer,bus=i2c1,address=0x51,id=second") as machine:
        i2c = I2c(machine, 1)
        i2c.on()
        i2c.address(PEER << 1)
        i2c[SR2]
        i2c.octet(1)
        i2c.restart()
        i2c.octet(0x51 << 1)
        i2c[SR1], i2c[SR2]
        i2c.octet(2)
        assert Peer(i2c.machine).events() == ["start-send", "send 01", "finish"]
        assert Peer(i2c.machine, "second").events() == ["start-send", "send 02"]


def test_general_call(i2c, peer):
    i2c.on()
    i2c.address(0)
    assert i2c[SR1] & ADDR
    i2c[SR2]
    i2c.octet(6)
    i2c.stop()
    assert peer.events() == ["start-send", "send 06", "finish"]


def test_remap_of_i2c1(tmp_path):
    """7.3, I2C1_REMAP: PB8 and PB9."""
    with machine_with_peer(tmp_path, 1) as machine:
        i2c = I2c(machine, 1)
        machine.write(AFIO_MAPR, 2)
        i2c.scl, i2c.sda = "PB8", "PB9"
        i2c.on()
        assert i2c.address(PEER << 1) & ADDR


def test_stock_bus_of_the_other_i2c_is_another(i2c, peer):
    other = I2c(i2c.machine, 3 - i2c.number)
    for pin in (other.scl, other.sda):
        other.drive(pin, 1)
    other.on()
    assert other.address(PEER << 1) & AF
    assert peer.events() == []


# --------------------------------------------------------------- sequences and ends

def test_sb_needs_a_read_of_sr1(i2c, peer):
    i2c.on()
    i2c[CR1] = PE | START
    i2c.machine.step(i2c.ns(high=1))
    i2c.octet(PEER << 1)
    assert peer.events() == []
    assert i2c[SR1] == SB


def test_addr_needs_reads_of_sr1_and_sr2(i2c):
    i2c.on()
    i2c.start()
    i2c.octet(PEER << 1)
    i2c[SR2]
    assert i2c[SR1] == ADDR
    assert i2c[SR1] == ADDR
    i2c[SR2]
    assert i2c[SR1] == TXE


def test_no_peer_is_no_acknowledge(i2c):
    i2c.on(0, ITERREN)
    assert i2c.address(0x12 << 1) == AF
    assert i2c.error()
    assert i2c[SR2] == BUSY | MSL
    i2c.machine.step(1_000_000)
    assert i2c.level(i2c.scl) == 0, "the bus is the master's until STOP or START"
    i2c[SR1] = 0
    assert not i2c.error()
    i2c.stop()
    assert i2c.flags() == (0, 0)


def test_peer_that_takes_no_more(tmp_path):
    with machine_with_peer(tmp_path, 1, ",accepts=1") as machine:
        i2c = I2c(machine, 1)
        i2c.on()
        i2c.address(PEER << 1)
        i2c[SR2]
        i2c.octet(1)
        assert not i2c[SR1] & AF
        i2c.octet(2)
        assert i2c[SR1] & AF
        i2c[DR] = 3
        i2c.machine.step(1_000_000)
        i2c.stop()
        assert Peer(i2c.machine).events() == ["start-send", "send 01", "send 02", "finish"]


@pytest.mark.parametrize("bit", [BERR, ARLO, AF, OVR, PECERR, TIMEOUT, SMBALERT])
def test_af_is_cleared_by_its_own_0_only(i2c, bit):
    i2c.on()
    i2c.address(0x12 << 1)
    i2c[SR1] = ~bit & 0xffff
    assert i2c[SR1] == (0 if bit == AF else AF)


def test_stop_before_an_address(i2c):
    """STOP after the START condition (22.6.1)."""
    i2c.on()
    i2c.start()
    i2c.stop()
    assert i2c.flags() == (0, 0)


def test_disabling_waits_for_the_end_of_the_transfer(i2c, peer):
    """22.6.1, PE"""
    i2c.on()
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c[DR] = 1
    i2c[CR1] = STOP
    i2c.machine.step(i2c.ns(12, 12))
    assert peer.events() == ["start-send", "send 01", "finish"]
    assert i2c.flags() == (0, 0)


def test_start_after_a_stop_keeps_its_distance(i2c):
    i2c.on()
    i2c.start()
    i2c.stop()
    i2c.start()
    i2c.set(STOP)
    i2c.machine.step(i2c.ns(1, 1))
    now = i2c.machine.now_ns
    assert not i2c[SR2] & BUSY
    i2c.set(START)
    i2c.step_to(now + i2c.ns(1, 1) - 1)
    assert not i2c[SR1] & SB
    i2c.machine.step(1)
    assert i2c[SR1] & SB


def test_without_ccr_nothing_moves(i2c):
    i2c.on(ccr=0)
    i2c[CR1] = PE | START
    i2c.machine.step(10_000_000)
    assert i2c.flags() == (0, 0)


# ----------------------------------------------------------------- lines and pins

def test_without_pull_ups_the_bus_is_busy(machine):
    """22.6.7: BUSY as long as a line is low, and no START."""
    i2c = I2c(machine, 1)
    i2c.on()
    assert i2c[SR2] == BUSY
    i2c[CR1] = PE | START
    machine.step(1_000_000)
    assert i2c.flags() == (0, BUSY)


def test_busy_stays_until_a_stop_or_a_software_reset(alone):
    """A line that was low for a moment without START and STOP: only SWRST helps."""
    alone.on()
    alone.drive(alone.scl, 0)
    alone.drive(alone.scl, 1)
    assert alone[SR2] == BUSY
    alone[CR1] = PE | START
    alone.machine.step(1_000_000)
    assert alone[SR1] == 0
    alone[CR1] = 0
    alone[CR1] = PE
    assert alone[SR2] == BUSY, "PE does not help"
    alone[CR1] = SWRST
    alone[CR1] = 0
    assert alone[SR2] == 0
    alone.on()
    alone.start()


def test_busy_ends_with_the_stop_of_another_master(alone):
    alone.on()
    alone.drive(alone.sda, 0)
    assert alone[SR2] == BUSY
    alone[CR1] = PE | START
    alone.machine.step(1_000_000)
    assert alone[SR1] == 0
    alone.drive(alone.sda, 1)
    assert alone[SR2] == 0
    alone.machine.step(alone.ns(1, 1))
    assert alone[SR1] == SB


def test_busy_is_kept_while_disabled(alone):
    """22.6.7: still updated when PE = 0."""
    alone.on()
    alone[CR1] = 0
    alone.drive(alone.sda, 0)
    assert alone[SR2] == BUSY
    alone.drive(alone.sda, 1)
    assert alone[SR2] == 0


@pytest.mark.parametrize("mode", [stm32f100.INPUT_FLOATING, stm32f100.OUTPUT])
def test_pins_that_are_not_alternate_outputs_carry_nothing(i2c, peer, mode):
    i2c.on()
    for pin in (i2c.scl, i2c.sda):
        stm32f100.pin_mode(i2c.machine, pin, mode)
    i2c[CR1] = PE | START
    i2c.machine.step(1_000_000)
    assert not i2c[SR1] & SB
    assert peer.events() == []


def test_slave_on_the_pins(alone):
    slave = PinSlave(alone)
    alone.on(ACK)
    alone.start()
    assert slave.hear(0x55 << 1) == 0x55 << 1
    assert alone[SR1] == ADDR
    alone[SR2]
    assert slave.hear(0x3c) == 0x3c
    assert alone[SR1] == TXE | BTF
    assert slave.hear(0x81, acknowledge=False) == 0x81
    assert alone[SR1] == TXE | AF
    alone[SR1] = 0
    alone.restart()
    assert slave.hear(0x55 << 1 | 1) == 0xab
    assert alone[SR1] == ADDR
    alone[SR2]
    begun = alone.machine.now_ns
    assert slave.say(0x96, begun)
    alone.clear(ACK)
    assert not slave.say(0x5a, begun + alone.ns(9, 9))
    assert alone[SR1] == RXNE | BTF
    alone.set(STOP)
    assert [alone[DR], alone[DR]] == [0x96, 0x5a]
    alone.machine.step(alone.ns(2, 2))
    assert alone.flags() == (0, 0)


def test_address_of_10_bits(alone):
    """22.3.3: header, EV9, second octet, EV6; repeated START and header to read."""
    slave = PinSlave(alone)
    alone.on(ACK, ITEVTEN)
    alone.start()
    slave.hear(0xf4)
    assert alone.event()
    assert alone[SR1] == ADD10
    assert alone[SR2] == BUSY | MSL
    assert alone[SR1] == ADD10, "a read of SR2 does not clear it"
    slave.hear(0xa5)
    assert alone.flags() == (ADDR, BUSY | MSL | TRA)
    alone.restart()
    slave.hear(0xf5)
    assert alone.flags() == (ADDR, BUSY | MSL)


def test_header_that_nobody_acknowledges(alone):
    alone.on()
    alone.start()
    PinSlave(alone).hear(0xf4, acknowledge=False)
    assert alone[SR1] == AF


def test_clock_stretching_of_others(alone):
    """SCL held low by the board in the fourth bit: the high half begins when it rises."""
    alone.on()
    alone.start()
    now = alone.machine.now_ns
    alone[DR] = 0xa0
    alone.step_to(now + alone.ns(3, 3) + 10)
    alone.drive(alone.scl, 0)
    alone.machine.step(1_000_000)
    alone.drive(alone.scl, 1)
    resumed = alone.machine.now_ns
    alone.step_to(resumed + alone.ns(5, 6) - 1)
    assert alone[SR1] == 0
    alone.machine.step(1)
    assert alone[SR1] == AF


def test_arbitration_lost(alone):
    """22.3.4: SDA is low where this master sends 1."""
    alone.on(0, ITERREN)
    alone.start()
    now = alone.machine.now_ns
    alone[DR] = 0xa0
    alone.step_to(now + alone.ns(2, 2) + 10)
    alone.drive(alone.sda, 0)
    alone.step_to(now + alone.ns(3, 2) - 1)
    assert alone[SR1] == 0
    alone.machine.step(1)
    assert alone.flags() == (ARLO, BUSY)
    assert alone.error()
    alone.machine.step(alone.ns(2, 2))
    assert alone.level(alone.scl) == 1, "its clock has stopped"


def test_misplaced_stop_is_a_bus_error(alone):
    """22.3.4: a master goes on."""
    alone.on()
    alone.start()
    now = alone.machine.now_ns
    alone[DR] = 0xff
    alone.step_to(now + alone.ns(4, 3))  # fourth bit, SCL high, SDA high
    alone.drive(alone.sda, 0)
    assert alone[SR1] == BERR
    alone.drive(alone.sda, 1)
    assert alone[SR1] == BERR
    assert alone[SR2] & MSL


def test_transfer_stands_still_without_a_clock(i2c, peer):
    """6.3.8: I2CxEN"""
    i2c.on()
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c[DR] = 0x12
    i2c.machine.step(i2c.ns(4, 4))
    stm32f100.clock_off(i2c.machine, f"i2c{i2c.number}")
    i2c.machine.step(10_000_000)
    assert "send 12" not in peer.events()
    stm32f100.clock_on(i2c.machine, f"i2c{i2c.number}")
    i2c.machine.step(i2c.ns(6, 6))
    assert i2c[SR1] == TXE | BTF
    assert peer.events()[-1] == "send 12"


# --------------------------------------------------------------- interrupts (22.4)

def test_event_interrupts(i2c):
    i2c.on(ACK, ITEVTEN)
    assert not i2c.event()
    i2c.start()
    assert i2c.event(), "SB"
    i2c[DR] = PEER << 1
    assert not i2c.event()
    i2c.octet()
    assert i2c.event(), "ADDR"
    i2c[SR1], i2c[SR2]
    assert i2c[SR1] == TXE
    assert not i2c.event(), "TXE needs ITBUFEN"
    i2c[CR2] = 24 | ITEVTEN | ITBUFEN
    assert i2c.event()
    i2c[CR2] = 24 | ITBUFEN
    assert not i2c.event(), "ITBUFEN needs ITEVTEN"
    i2c[CR2] = 24 | ITEVTEN
    i2c.octet(1)
    assert i2c.event(), "BTF"
    assert not i2c.error()


def test_interrupt_of_rxne(i2c, peer):
    i2c.on(ACK)
    i2c.address(PEER << 1 | 1)
    i2c[SR2]
    i2c[CR2] = 24 | ITEVTEN | ITBUFEN
    assert not i2c.event()
    i2c.octet()
    assert i2c.event()
    i2c[DR]
    assert not i2c.event()


# ------------------------------------------------------------------- PEC (22.3.8)

def pec(*octets):
    value = 0
    for octet in octets:
        value ^= octet
        for _ in range(8):
            value = (value << 1 ^ (7 if value & 0x80 else 0)) & 0xff
    return value


def test_pec_of_what_is_sent(i2c, peer):
    i2c.on(ENPEC)
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.octet(0x12)
    i2c.octet(0x34)
    expected = pec(PEER << 1, 0x12, 0x34)
    assert i2c[SR2] >> 8 == expected
    i2c.set(PEC)
    assert not i2c[CR1] & PEC
    i2c.octet()
    i2c.stop()
    assert peer.events()[-2:] == [f"send {expected:02x}", "finish"]


@pytest.mark.parametrize("good", [True, False])
def test_pec_of_what_is_received(i2c, peer, good):
    """22.3.8: a master does not acknowledge the PEC in any case."""
    check = pec(PEER << 1 | 1, 0x12) ^ (not good)
    peer.answer(0x12, check)
    i2c.on(ACK | ENPEC, ITERREN)
    i2c.address(PEER << 1 | 1)
    i2c[SR2]
    i2c.octet()
    i2c.set(PEC | STOP)
    assert i2c[DR] == 0x12
    i2c.octet()
    assert i2c[SR1] == RXNE | (0 if good else PECERR)
    assert i2c.error() == (not good)
    assert i2c[DR] == check
    assert "nack" in peer.events()
    i2c[SR1] = 0
    assert not i2c.error()


def test_pec_goes_on_over_a_repeated_start(i2c, peer):
    i2c.on(ENPEC | ACK)
    i2c.address(PEER << 1)
    i2c[SR2]
    i2c.octet(0x10)
    i2c.restart()
    i2c.octet(PEER << 1 | 1)
    assert i2c[SR2] >> 8 == pec(PEER << 1, 0x10, PEER << 1 | 1)


# -------------------------------------------------------------------- DMA (22.3.7)

def channel(i2c, number, flags, count, memory):
    stm32f100.clock_on(i2c.machine, "dma1")
    dma = Channel(i2c.machine, number)
    dma.start(flags | MINC, count, i2c.base + DR, memory)
    return dma


def test_dma_sends(i2c, peer):
    put(i2c.machine, SOURCE, *b"by DMA")
    channel(i2c, DMA_TX[i2c.number], DIR, 6, SOURCE)
    i2c.on(0, DMAEN)
    i2c.address(PEER << 1)
    i2c[SR2]
    for _ in range(6):
        i2c.octet()
    i2c.machine.step(10_000)
    assert i2c[SR1] == TXE | BTF
    assert peer.events() == ["start-send"] + [f"send {octet:02x}" for octet in b"by DMA"]


def test_dma_receives_and_does_not_acknowledge_the_last(i2c, peer):
    """LAST: EOT_1 makes the next acknowledge a NACK."""
    peer.answer(*b"by DMA")
    dma = channel(i2c, DMA_RX[i2c.number], TCIE, 6, TARGET)
    i2c.on(ACK, DMAEN | LAST)
    i2c.address(PEER << 1 | 1)
    i2c[SR2]
    for n in range(6):
        assert "nack" not in peer.events()
        i2c.octet()
    i2c.machine.step(1000)
    assert dma.flags() & TCIF
    assert get(i2c.machine, TARGET, 6) == list(b"by DMA")
    assert [e for e in peer.events() if "receive " in e or e == "nack"][:7] == [
        f"receive {octet:02x}" for octet in b"by DMA"] + ["nack"]


def test_dma_without_last_acknowledges_all(i2c, peer):
    channel(i2c, DMA_RX[i2c.number], 0, 3, TARGET)
    i2c.on(ACK, DMAEN)
    i2c.address(PEER << 1 | 1)
    i2c[SR2]
    for _ in range(3):
        i2c.octet()
    assert "nack" not in peer.events()


def test_dma_sends_the_pec_by_itself(i2c, peer):
    put(i2c.machine, SOURCE, 1, 2)
    channel(i2c, DMA_TX[i2c.number], DIR, 2, SOURCE)
    i2c.on(ENPEC, DMAEN)
    i2c.address(PEER << 1)
    i2c[SR2]
    for _ in range(4):
        i2c.octet()
    assert peer.events()[1:] == ["send 01", "send 02", f"send {pec(PEER << 1, 1, 2):02x}"]


@pytest.mark.parametrize("good", [True, False])
def test_dma_checks_the_pec_by_itself(i2c, peer, good):
    answers = [1, 2, pec(PEER << 1 | 1, 1, 2) ^ (not good)]
    peer.answer(*answers)
    channel(i2c, DMA_RX[i2c.number], 0, 3, TARGET)
    i2c.on(ACK | ENPEC, DMAEN)
    i2c.address(PEER << 1 | 1)
    i2c[SR2]
    for _ in range(3):
        i2c.octet()
    i2c.machine.step(1000)
    assert get(i2c.machine, TARGET, 3) == answers
    assert bool(i2c[SR1] & PECERR) == (not good)
