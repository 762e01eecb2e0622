"""I2C1 and I2C2 (RM0041 chapter 22) as slave: the test is the master, on the pins.
Addresses, data, clock stretching, errors, SMBus.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_i2c import (ACK, ADDR, AF, ALERT, BERR, BTF, BUSY, CR1, CR2, DMAEN, DMA_RX, DR, DUALF, ENARP,
                      ENGC, ENPEC, GENCALL, I2c, ITERREN, NOSTRETCH, OAR1, OAR2, OVR, PE, PEC, PECERR,
                      RXNE, SB, SMBALERT, SMBDEFAULT, SMBHOST, SMBTYPE, SMBUS, SR1, SR2, START, STOP,
                      STOPF, TIMEOUT, TRA, TXE, channel, get, pec)
from test_dma import TARGET

OWN, QUARTER_NS = 0x33, 2_500


class Board:
    """The other master, with pull-ups."""

    def __init__(self, i2c):
        self.i2c = i2c
        self.scl(1)
        self.sda(1)

    def scl(self, level):
        self.i2c.drive(self.i2c.scl, level)

    def sda(self, level):
        self.i2c.drive(self.i2c.sda, level)

    def wait(self):
        self.i2c.machine.step(QUARTER_NS)

    def start(self):
        self.sda(1)
        self.wait()
        self.scl(1)
        self.wait()
        self.sda(0)
        self.wait()
        self.scl(0)
        self.wait()

    def stop(self):
        self.sda(0)
        self.wait()
        self.scl(1)
        self.wait()
        self.sda(1)
        self.wait()

    def bit(self, level=1):
        self.sda(level)
        self.wait()
        self.scl(1)
        assert self.i2c.level(self.i2c.scl) == 1, "SCL is held by the slave"
        self.wait()
        seen = self.i2c.level(self.i2c.sda)
        self.scl(0)
        self.sda(1)
        self.wait()
        return seen

    def send(self, octet):
        """Whether it is acknowledged."""
        for n in reversed(range(8)):
            self.bit(octet >> n & 1)
        return self.bit() == 0

    def receive(self, acknowledge):
        octet = 0
        for _ in range(8):
            octet = octet << 1 | self.bit()
        self.bit(0 if acknowledge else 1)
        return octet

    def holds(self):
        """SCL is let go by the board, a clock if the slave does not hold it: does it?"""
        self.scl(1)
        held = not self.i2c.level(self.i2c.scl)
        self.scl(0)
        return held


@pytest.fixture(params=[1, 2])
def i2c(machine, request):
    return I2c(machine, request.param)


@pytest.fixture
def board(i2c):
    return Board(i2c)


def slave(i2c, cr1=0, cr2=0, oar1=0x4000 | OWN << 1, oar2=0):
    i2c[OAR1], i2c[OAR2] = oar1, oar2
    i2c.on(0, cr2)
    i2c.set(ACK | cr1)


# ------------------------------------------------------------------ addresses (22.3.2)

def test_own_address(i2c, board):
    slave(i2c)
    board.start()
    assert i2c[SR2] == BUSY
    assert board.send(OWN << 1)
    assert i2c.flags() == (ADDR, BUSY)


def test_own_address_for_reading(i2c, board):
    slave(i2c)
    board.start()
    assert board.send(OWN << 1 | 1)
    assert i2c.flags() == (ADDR, BUSY | TRA)


def test_other_address(i2c, board):
    slave(i2c)
    board.start()
    assert not board.send(OWN + 1 << 1)
    assert not board.send(OWN << 1), "not an address any more"
    assert i2c.flags() == (0, BUSY)
    board.stop()
    assert i2c.flags() == (0, 0), "STOPF is for those addressed"


@pytest.mark.parametrize("cr1", [0, PE])
def test_no_address_without_ack(i2c, board, cr1):
    slave(i2c)
    i2c[CR1] = cr1
    board.start()
    assert not board.send(OWN << 1)
    assert i2c.flags() == (0, BUSY)


def test_second_address(i2c, board):
    slave(i2c, oar2=0x44 << 1 | 1)
    board.start()
    assert board.send(0x44 << 1)
    assert i2c.flags() == (ADDR, BUSY | DUALF)
    board.stop()
    assert i2c[SR2] & DUALF == 0
    i2c[OAR2] = 0x44 << 1
    board.start()
    assert not board.send(0x44 << 1)


@pytest.mark.parametrize("enabled", [True, False])
def test_general_call(i2c, board, enabled):
    slave(i2c, ENGC if enabled else 0)
    board.start()
    assert board.send(0) == enabled
    assert i2c.flags() == ((ADDR, BUSY | GENCALL) if enabled else (0, BUSY))


def test_address_of_10_bits(i2c, board):
    """Header, second octet; after a repeated START the header alone, to read."""
    slave(i2c, oar1=0xc000 | 0x2a5)
    board.start()
    assert board.send(0xf0 | 2 << 1)
    assert i2c[SR1] == 0
    assert board.send(0xa5)
    assert i2c.flags() == (ADDR, BUSY)
    board.start()
    assert board.send(0xf0 | 2 << 1 | 1)
    assert i2c.flags() == (ADDR, BUSY | TRA)


@pytest.mark.parametrize("octets", [[0xf0 | 1 << 1], [0xf0 | 2 << 1, 0xa6], [0xf0 | 2 << 1 | 1],
                                    [0xa5 << 1 & 0xff]])
def test_other_address_of_10_bits(i2c, board, octets):
    slave(i2c, oar1=0xc000 | 0x2a5)
    board.start()
    *first, last = octets
    assert all(board.send(octet) for octet in first)
    assert not board.send(last)
    assert i2c[SR1] == 0


@pytest.mark.parametrize("cr1, address, flag", [
    (SMBUS | ENARP, 0x61, SMBDEFAULT), (SMBUS | ENARP | SMBTYPE, 0x08, SMBHOST),
    (SMBUS | ALERT, 0x0c, 0), (ENARP, 0x61, None), (SMBUS, 0x61, None), (SMBUS | ENARP, 0x08, None),
    (SMBUS, 0x0c, None)])
def test_addresses_of_smbus(i2c, board, cr1, address, flag):
    """22.3.6"""
    i2c.drive(i2c.smba, 1)
    slave(i2c, cr1)
    board.start()
    assert board.send(address << 1) == (flag is not None)
    assert i2c.flags() == ((0, BUSY) if flag is None else (ADDR, BUSY | flag))


# ----------------------------------------------------------------------- data (22.3.2)

def test_receives(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    assert board.holds(), "until ADDR is cleared"
    i2c[SR1], i2c[SR2]
    assert not board.holds()


def test_receives_octets(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    for octet in (0x00, 0xff, 0x5a):
        assert board.send(octet)
        assert i2c[SR1] == RXNE
        assert i2c[DR] == octet
    board.stop()
    assert i2c.flags() == (STOPF, 0)
    assert i2c[SR1] == STOPF
    i2c[CR1] = PE | ACK
    assert i2c[SR1] == 0, "the read of SR1 and the write of CR1 clear it"


def test_stopf_needs_the_read_of_sr1(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    board.stop()
    i2c[CR1] = PE | ACK
    assert i2c[SR1] == STOPF


def test_full_receiver_holds_scl(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    assert board.send(1) and board.send(2)
    assert i2c[SR1] == RXNE | BTF
    assert board.holds()
    assert i2c[DR] == 1
    assert i2c[SR1] == RXNE
    assert board.send(3)
    assert i2c[DR] == 2 and i2c[DR] == 3


def test_receiver_that_does_not_acknowledge(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    i2c.clear(ACK)
    assert not board.send(1)
    assert i2c[DR] == 1
    board.stop()
    assert i2c.flags() == (0, 0), "STOPF comes after an acknowledge only (22.6.6)"


def test_sends(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1 | 1)
    i2c[SR1], i2c[SR2]
    assert i2c[SR1] == TXE
    assert board.holds(), "until DR is written"
    i2c[DR] = 0x96
    assert i2c[SR1] == TXE
    i2c[DR] = 0x0f
    assert i2c[SR1] == 0
    assert board.receive(True) == 0x96
    assert i2c[SR1] == TXE
    assert board.receive(True) == 0x0f
    assert i2c[SR1] == TXE | BTF
    assert board.holds()
    i2c[DR] = 0x81
    assert board.receive(False) == 0x81
    assert i2c[SR1] & AF
    assert not board.holds()
    board.stop()
    assert not i2c[SR1] & STOPF, "after a NACK there is none"


def test_repeated_start_turns_the_direction(i2c, board):
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    board.send(7)
    i2c[DR]
    board.start()
    board.send(OWN << 1 | 1)
    assert i2c.flags() == (ADDR, BUSY | TRA)
    i2c[DR] = 0x3c
    assert board.receive(False) == 0x3c


def test_stop_bit_lets_the_bus_go(i2c, board):
    """22.6.1: a slave releases SCL and SDA after the current octet."""
    slave(i2c)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    board.send(1)
    board.send(2)
    assert board.holds()
    i2c.set(STOP)
    assert not board.holds()


# ------------------------------------------------------- without stretching (22.6.1)

def test_overrun(i2c, board):
    slave(i2c, NOSTRETCH, ITERREN)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    board.send(1)
    assert not i2c.error()
    board.send(2)
    assert i2c[SR1] == RXNE | OVR
    assert i2c.error()
    assert i2c[DR] == 1, "the second is lost"
    assert i2c[SR1] == OVR
    i2c[SR1] = 0
    board.send(3)
    assert i2c[DR] == 3


def test_underrun_sends_the_same_again(i2c, board):
    slave(i2c, NOSTRETCH)
    i2c[DR] = 0
    board.start()
    board.send(OWN << 1 | 1)
    i2c[SR1], i2c[SR2]
    board.receive(True)
    i2c[SR1] = 0
    i2c[DR] = 0x42
    board.receive(True)
    assert not i2c[SR1] & OVR
    assert board.receive(True) == 0x42
    assert i2c[SR1] & OVR
    assert board.receive(False) == 0x42


# ------------------------------------------------------------- errors, PEC, DMA, SMBus

@pytest.mark.parametrize("condition", ["start", "stop"])
def test_misplaced_condition(i2c, board, condition):
    """22.3.4: BERR; the lines are let go."""
    slave(i2c, 0, ITERREN)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    for _ in range(3):
        board.bit(1)
    board.start() if condition == "start" else board.stop()
    assert i2c[SR1] & BERR
    assert i2c.error()
    if condition == "start":
        assert board.send(OWN << 1), "it is taken as a repeated START"


@pytest.mark.parametrize("good", [True, False])
def test_pec_received(i2c, board, good):
    """22.3.8: a slave acknowledges a good PEC only."""
    slave(i2c, ENPEC)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    board.send(0x12)
    i2c[DR]
    i2c.set(PEC)
    assert board.send(pec(OWN << 1, 0x12) ^ (not good)) == good
    assert bool(i2c[SR1] & PECERR) == (not good)
    assert not i2c[CR1] & PEC


def test_dma_receives(i2c, board):
    channel(i2c, DMA_RX[i2c.number], 0, 3, TARGET)
    slave(i2c, 0, DMAEN)
    board.start()
    board.send(OWN << 1)
    i2c[SR1], i2c[SR2]
    for octet in (1, 2, 3):
        assert board.send(octet)
    i2c.machine.step(1000)
    assert get(i2c.machine, TARGET, 3) == [1, 2, 3]


def test_start_waits_for_the_other_masters_stop(i2c, board):
    slave(i2c)
    board.start()
    i2c.set(START)
    board.send(0x12 << 1)
    assert i2c[SR1] == 0
    board.stop()
    i2c.machine.step(i2c.ns(1, 1))
    assert i2c[SR1] == SB


def test_alert(i2c, board):
    """22.3.6: ALERT pulls SMBA down; a host sees SMBALERT."""
    i2c.drive(i2c.smba, 1)
    stm32f100.pin_mode(i2c.machine, i2c.smba, stm32f100.AF_OPEN_DRAIN)
    slave(i2c, SMBUS)
    assert i2c.level(i2c.smba) == 1
    i2c.set(ALERT)
    assert i2c.level(i2c.smba) == 0
    assert not i2c[SR1] & SMBALERT
    i2c.clear(ALERT)
    assert i2c.level(i2c.smba) == 1
    i2c.set(SMBTYPE)
    i2c[CR2] = 24 | ITERREN
    i2c.drive(i2c.smba, 0)
    assert i2c[SR1] & SMBALERT
    assert i2c.error()


@pytest.mark.parametrize("cr1", [SMBUS, 0])
def test_timeout(i2c, board, cr1):
    """22.3.6: SCL low for 25 ms, in SMBus mode."""
    slave(i2c, cr1, ITERREN)
    board.start()
    started = i2c.machine.now_ns - QUARTER_NS
    i2c.step_to(started + 24_999_999)
    assert not i2c[SR1] & TIMEOUT
    i2c.machine.step(1)
    assert bool(i2c[SR1] & TIMEOUT) == i2c.error() == bool(cr1)


def test_slave_leaves_the_bus_after_a_timeout(i2c, board):
    slave(i2c, SMBUS)
    board.start()
    board.send(OWN << 1)
    assert board.holds()
    i2c.machine.step(25_000_000)
    assert i2c[SR1] & TIMEOUT
    assert not board.holds()


def test_master_sends_a_stop_after_a_timeout(i2c, board):
    i2c.on(SMBUS)
    i2c.start()
    i2c.machine.step(25_000_000 + i2c.ns(3, 3))
    assert i2c[SR1] & TIMEOUT
    assert i2c[SR2] == 0


def test_timeout_stands_still_while_frozen(i2c, board):
    """25.16.4, DBG_I2Cx_SMBUS_TIMEOUT"""
    slave(i2c, SMBUS)
    board.start()
    i2c.machine.step(10_000_000)
    i2c.machine.ask(f"set_irq_in /machine/soc/i2c{i2c.number} freeze 0 1")
    i2c.machine.step(100_000_000)
    assert not i2c[SR1] & TIMEOUT
    i2c.machine.ask(f"set_irq_in /machine/soc/i2c{i2c.number} freeze 0 0")
    i2c.machine.step(14_900_000)
    assert not i2c[SR1] & TIMEOUT
    i2c.machine.step(100_000)
    assert i2c[SR1] & TIMEOUT
