"""eDMA, DMAMUX and PIT as the tests of several files use them.

SPDX-License-Identifier: Apache-2.0
"""

import struct

import qtest

EDMA, DMAMUX, PIT = 0x40070000, 0x40074000, 0x400d8000
EDMA_LPSR, DMAMUX_LPSR, PIT_LPSR = 0x40c14000, 0x40c18000, 0x40cb0000
OCRAM = 0x20240000
ERROR_IRQ = 16

# registers
CR, ES, ERQ, EEI, INT, ERR, HRS, EARS = 0x00, 0x04, 0x0c, 0x14, 0x24, 0x2c, 0x34, 0x44
CEEI, SEEI, CERQ, SERQ, CDNE, SSRT, CERR, CINT = range(0x18, 0x20)
DCHPRI, TCD = 0x100, 0x1000
ALL, NOP = 0x40, 0x80
# CR
ERCA, ERGA, HOE, HALT, CLM, EMLM, GRP0PRI, GRP1PRI, ECX, CX = (
    1 << n for n in (2, 3, 4, 5, 6, 7, 8, 10, 16, 17))
# ES
DBE, SBE, SGE, NCE, DOE, DAE, SOE, SAE, CPE, GPE, ES_ECX, VLD = (
    1 << n for n in (0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 31))
# TCD CSR
START, INTMAJOR, INTHALF, DREQ, ESG, MAJORELINK, ACTIVE, DONE = (1 << n for n in range(8))
BYTE, HALF, WORD, DOUBLE, BURST = 0, 1, 2, 3, 5
# DMAMUX CHCFG
A_ON, TRIG, ENBL = 1 << 29, 1 << 30, 1 << 31

BUS_HZ = 24_000_000  # CCM root BUS after reset
CYCLE_NS = 1e9 / BUS_HZ


def tcd(saddr, daddr, nbytes=4, soff=None, doff=None, ssize=WORD, dsize=WORD, smod=0, dmod=0,
        slast=0, dlast=0, iterations=1, csr=0, citer=None, biter=None):
    """The 32 bytes of a transfer control descriptor."""
    width = {BYTE: 1, HALF: 2, WORD: 4, DOUBLE: 8, BURST: 32}
    return struct.pack("<IhHIiIhHIHH", saddr, width[ssize] if soff is None else soff,
                       smod << 11 | ssize << 8 | dmod << 3 | dsize, nbytes, slast, daddr,
                       width[dsize] if doff is None else doff,
                       iterations if citer is None else citer, dlast & 0xffffffff, csr,
                       iterations if biter is None else biter)


class Edma(qtest.Block):
    def __init__(self, machine, base=EDMA, mux=DMAMUX):
        super().__init__(machine, base)
        self.mux = mux

    def command(self, register, value):
        self.machine.write(self.base + register, value, size=1)

    def set_tcd(self, channel, descriptor):
        self.put(self.base + TCD + 32 * channel, descriptor)

    def csr(self, channel):
        return self.machine.read(self.base + TCD + 32 * channel + 0x1c, size=2)

    def citer(self, channel):
        return self.machine.read(self.base + TCD + 32 * channel + 0x16, size=2)

    def saddr(self, channel):
        return self[TCD + 32 * channel]

    def daddr(self, channel):
        return self[TCD + 32 * channel + 0x10]

    def put(self, address, data):
        for offset in range(0, len(data), 4):
            self.machine.write(address + offset,
                               int.from_bytes(data[offset:offset + 4], "little"))

    def get(self, address, count):
        return bytes(self.machine.read(address + n, size=1) for n in range(count))

    def route(self, channel, source):
        self.machine.write(self.mux + 4 * channel, source)
