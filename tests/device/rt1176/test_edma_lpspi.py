"""DMA of LPSPI and LPI2C end to end (IMXRT1170RM, chapters "LPSPI" and "LPI2C", DER and MDER;
chapter "eDMA"; DMAMUX sources of "Interrupts, DMA Events, and XBAR Assignments").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import edma
import lpi2c
import lpspi
import rt1176
from edma import BYTE, DREQ, ENBL, INT, INTMAJOR, OCRAM, SERQ
from qtest import Peer

TX, RX = 0, 1  # channels
OUT, IN = OCRAM + 0x100, OCRAM + 0x200
COUNT = 40  # more than a FIFO holds
LPSPI_RX = {n: 34 + 2 * n for n in range(1, 7)}
LPI2C_SOURCE = {n: 47 + n for n in range(1, 7)}


def channel(dma, number, source, saddr, daddr, count, **how):
    dma.route(number, ENBL | source)
    dma.set_tcd(number, edma.tcd(saddr, daddr, iterations=count, csr=DREQ | INTMAJOR, **how))
    dma.command(SERQ, number)


@pytest.mark.parametrize("number", range(1, 7))
def test_lpspi_both_ways(tmp_path, number):
    """DER[TDDE], DER[RDDE]: the FIFOs are kept filled and emptied; nothing is lost."""
    with rt1176.qtest_machine(tmp_path, "-device", f"mews-ssi-peer,bus=lpspi{number},cs=0,id=peer") as machine:
        spi, dma, peer = lpspi.Lpspi(machine, number), edma.Edma(machine), Peer(machine)
        words = bytes(range(1, COUNT + 1))
        peer.answer(*range(0x80, 0x80 + COUNT))
        dma.put(OUT, words)
        spi[lpspi.FCR] = 4  # and 0 for what comes in
        spi.on(lpspi.frame(8) | lpspi.CONT)
        channel(dma, TX, LPSPI_RX[number] + 1, OUT, spi.base + lpspi.TDR, COUNT, nbytes=1, doff=0,
                ssize=BYTE, dsize=BYTE)
        channel(dma, RX, LPSPI_RX[number], spi.base + lpspi.RDR, IN, COUNT, nbytes=1, soff=0,
                ssize=BYTE, dsize=BYTE)
        spi[lpspi.DER] = lpspi.TDDE | lpspi.RDDE
        machine.step(1_000_000)
        assert peer.octets() == list(words)
        assert dma.get(IN, COUNT) == bytes(range(0x80, 0x80 + COUNT))
        assert dma[INT] == 1 << TX | 1 << RX


@pytest.mark.parametrize("der", [lpspi.TDDE, lpspi.RDDE, 0])
def test_lpspi_requests_are_enabled_each(tmp_path, der):
    with rt1176.qtest_machine(tmp_path, "-device", "mews-ssi-peer,bus=lpspi1,cs=0,id=peer") as machine:
        spi, dma = lpspi.Lpspi(machine), edma.Edma(machine)
        spi.on()
        channel(dma, TX, LPSPI_RX[1] + 1, OUT, spi.base + lpspi.TDR, 4, nbytes=1, doff=0, ssize=BYTE,
                dsize=BYTE)
        channel(dma, RX, LPSPI_RX[1], spi.base + lpspi.RDR, IN, 4, nbytes=1, soff=0, ssize=BYTE,
                dsize=BYTE)
        spi[lpspi.DER] = der
        spi.send(1, 2)
        machine.step(100_000)
        assert bool(dma.citer(TX) < 4) == bool(der & lpspi.TDDE) or dma[INT] & 1 << TX
        assert bool(spi.rx_count()) != bool(der & lpspi.RDDE)


@pytest.mark.parametrize("number", range(1, 7))
def test_lpi2c_commands(tmp_path, number):
    """MDER[TDDE]: commands by DMA, as many as the transfer has"""
    with rt1176.qtest_machine(tmp_path, "-device",
               f"mews-i2c-peer,bus=lpi2c{number},address=0x50,id=peer") as machine:
        i2c, dma, peer = lpi2c.Lpi2c(machine, number), edma.Edma(machine), Peer(machine)
        commands = [lpi2c.START | lpi2c.WRITE, *[lpi2c.TX | n for n in range(10)], lpi2c.STOP]
        dma.put(OUT, b"".join(command.to_bytes(4, "little") for command in commands))
        i2c.on()
        channel(dma, TX, LPI2C_SOURCE[number], OUT, i2c.base + lpi2c.MTDR, len(commands), doff=0)
        i2c[lpi2c.MDER] = 1
        machine.step(2_000_000)
        assert [e for _, e in peer.log()] == ["start-send", *[f"send {n:02x}" for n in range(10)],
                                              "finish"]
        assert dma[INT] == 1 << TX


def test_lpi2c_reception(tmp_path):
    """MDER[RDDE]"""
    with rt1176.qtest_machine(tmp_path, "-device", "mews-i2c-peer,bus=lpi2c1,address=0x50,id=peer") as machine:
        i2c, dma, peer = lpi2c.Lpi2c(machine), edma.Edma(machine), Peer(machine)
        peer.answer(*range(1, 13))
        i2c.on()
        channel(dma, RX, LPI2C_SOURCE[1], i2c.base + lpi2c.MRDR, IN, 12, nbytes=1, soff=0, ssize=BYTE,
                dsize=BYTE)
        i2c[lpi2c.MDER] = 2
        i2c.send(lpi2c.START | lpi2c.READ, lpi2c.RX | 11, lpi2c.STOP)
        machine.step(3_000_000)
        assert dma.get(IN, 12) == bytes(range(1, 13))


TXDSTALL, TXCFG, SEN = 4, 1 << 10, 1


def test_lpi2c_slave_both_ways(tmp_path):
    """SDER[TDDE], SDER[RDDE]: the request of the slave is the master's, too"""
    with rt1176.qtest_machine(tmp_path, "-device",
                              "rt1176-lpi2c-slave,bus=lpi2c1,lpi2c=lpi2c2") as machine:
        master, slave, dma = lpi2c.Lpi2c(machine), lpi2c.Lpi2c(machine, 2), edma.Edma(machine)
        dma.put(OUT, bytes(range(1, 13)))
        slave[lpi2c.SCFGR1], slave[lpi2c.SAMR] = TXDSTALL | TXCFG, lpi2c.WRITE
        slave[lpi2c.SCR] = SEN
        master.on()
        channel(dma, TX, LPI2C_SOURCE[2], OUT, slave.base + lpi2c.STDR, 12, nbytes=1, doff=0,
                ssize=BYTE, dsize=BYTE)
        slave[lpi2c.SDER] = 1
        master.send(lpi2c.START | lpi2c.READ, lpi2c.RX | 3, lpi2c.STOP)
        machine.step(3_000_000)
        assert master.received() == [1, 2, 3, 4]
        slave[lpi2c.SDER] = 0
        channel(dma, RX, LPI2C_SOURCE[2], slave.base + lpi2c.SRDR, IN, 5, nbytes=1, soff=0,
                ssize=BYTE, dsize=BYTE)
        dma.route(TX, 0)
        slave[lpi2c.SDER] = 2
        master.run(lpi2c.START | lpi2c.WRITE, *[lpi2c.TX | n for n in range(0x21, 0x26)], lpi2c.STOP)
        assert dma.get(IN, 5) == bytes(range(0x21, 0x26))
