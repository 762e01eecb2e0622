"""Migration of SPI and I2C: in the middle of a frame and of an octet, the other side
goes on as this one would have (see test_vmstate.py).

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100
import test_i2c
import test_spi
from test_i2c import ACK, ADDR, BTF, I2c, RXNE
from test_i2c_slave import OWN, Board, slave
from test_spi import CPHA, CRCEN, CRCNEXT, DFF, LSBFIRST, Spi

PEER = test_i2c.PEER
OPTIONS = ("-device", f"mews-i2c-peer,bus=i2c1,address={PEER},id=peer,accepts=2")


def prepare(machine):
    """SPI1: third bit of a frame, another one waits, then its CRC; SPI2, a slave: fifth bit;
    I2C1, a master: amid the second data octet for its peer, the third waits; I2C2, a slave:
    second octet, DR is full."""
    spi2 = Spi(machine, 2)
    spi2.slave(LSBFIRST)
    spi2[test_spi.DR] = 0x2d
    spi2.drive(spi2.nss, 0)
    spi2.clock_word(0b1011, 5)
    board = Board(I2c(machine, 2))
    slave(board.i2c)
    board.start()
    board.send(OWN << 1)
    assert board.i2c[test_i2c.SR1] == ADDR
    board.i2c[test_i2c.SR2]
    board.send(0x77)
    for level in (1, 0, 1):
        board.bit(level)
    i2c = I2c(machine, 1)
    i2c.on(ACK)
    i2c.address(PEER << 1)
    i2c[test_i2c.SR2]
    i2c.octet(0x11)
    i2c[test_i2c.DR] = 0x22
    i2c[test_i2c.DR] = 0x33
    spi1 = Spi(machine, 1)
    spi1.drive(spi1.miso, 1)
    spi1.master(CPHA | DFF | CRCEN | 6 << 3)
    spi1[test_spi.DR] = 0x1234
    spi1[test_spi.DR] = 0xabcd
    spi1[test_spi.CR1] = spi1[test_spi.CR1] | CRCNEXT
    spi1.step_half_bits(5, 6)


def sight(machine):
    """All registers whose reading changes nothing."""
    return [machine.read(base + register)
            for base in test_spi.BASE.values() for register in (0, 4, 0x10, 0x14, 0x18)] + [
                machine.read(base + register)
                for base in test_i2c.BASE.values() for register in (0, 4, 8, 0x1c)]


def continue_from_here(machine):
    """Sights of the next 400 us, the rest of what comes from outside, the edges of all."""
    start_ns = machine.now_ns
    spi2, board = object.__new__(Spi), object.__new__(Board)
    spi2.machine, spi2.number, spi2.base, spi2.cr1 = machine, 2, test_spi.BASE[2], 0
    spi2.nss, spi2.sck, spi2.miso, spi2.mosi = "PB12", "PB13", "PB14", "PB15"
    board.i2c = object.__new__(I2c)
    board.i2c.machine, board.i2c.base = machine, test_i2c.BASE[2]
    board.i2c.scl, board.i2c.sda = "PB10", "PB11"
    seen = [sight(machine), spi2.clock_word(0b011, 3), spi2[test_spi.SR], spi2[test_spi.DR]]
    seen += [[board.bit(level) for level in (0, 0, 1, 1, 0)], board.bit()]
    seen += [board.i2c[test_i2c.SR1], board.i2c[test_i2c.DR], board.i2c[test_i2c.DR]]
    for _ in range(40):
        machine.step(10_007)
        seen.append(sight(machine))
    seen += [machine.read(base + test_i2c.SR1) for base in test_i2c.BASE.values()]
    seen += [machine.read(base + test_spi.SR) for base in test_spi.BASE.values()]
    edges = {pin: [(t - start_ns, level) for t, level in stm32f100.edges(machine, pin)
                   if t > start_ns]
             for pin in ("PA5", "PA7", "PB6", "PB7", "PB10", "PB11", "PB14")}
    return seen, edges


def test_goes_on_on_the_other_side(tmp_path):
    expected = stm32f100.round_trip(tmp_path, prepare, continue_from_here, *OPTIONS)
    check_that_it_was_in_the_middle(*expected)


def check_that_it_was_in_the_middle(seen, edges):
    # SPI2, lowest bit first: out 10110 and 100, in 01011 and 011; I2C2: 101 and 00110
    assert seen[1:4] == [0b100, test_spi.TXE | test_spi.RXNE, 0b11011010]
    assert seen[5:9] == [0, RXNE | BTF, 0x77, 0b10100110]
    assert seen[-4] & test_i2c.AF, "the peer takes two octets"
    assert seen[-2] & test_spi.OVR, "three frames, none of them read"
    assert len(edges["PA5"]) == 2 * 48 - 6
    assert edges["PB6"] and edges["PB7"] and edges["PB14"]
