"""An LPSPI as device tests use it.

SPDX-License-Identifier: Apache-2.0
"""

import qtest
import rt1176

(VERID, PARAM, CR, SR, IER, DER, CFGR0, CFGR1, DMR0, DMR1, CCR, FCR, FSR, TCR, TDR, RSR, RDR) = (
    0x00, 0x04, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30, 0x34, 0x40, 0x58, 0x5c, 0x60, 0x64,
    0x70, 0x74)
MEN, RST, DOZEN, DBGEN, RTF, RRF = 1, 2, 4, 8, 0x100, 0x200
TDF, RDF, WCF, FCF, TCF, TEF, REF, DMF, MBF = (1 << n for n in (0, 1, 8, 9, 10, 11, 12, 13, 24))
TDDE, RDDE = 1, 2
RDMO = 0x200
MASTER, SAMPLE, AUTOPCS, NOSTALL = 1, 2, 4, 8
PCSPOL, MATCFG = 8, 16
DBT, PCSSCK, SCKPCS = 8, 16, 24
TXMSK, RXMSK, CONTC, CONT, BYSW, LSBF = (1 << n for n in range(18, 24))
WIDTH, PCS, PRESCALE, CPHA, CPOL = 16, 24, 27, 1 << 30, 1 << 31
SOF, RXEMPTY = 1, 2
FIFO_WORDS = 16

BASE = {n: 0x40114000 + 0x4000 * (n - 1) for n in range(1, 5)} | {5: 0x40c2c000, 6: 0x40c30000}
IRQ = {n: 37 + n for n in range(1, 7)}
ROOT_NUMBER = {n: 42 + n for n in range(1, 7)}
ROOT = {n: rt1176.root(42 + n) for n in range(1, 7)}
OSC_24M_HZ = 24_000_000


def frame(bits=8):
    return bits - 1


class Lpspi(qtest.Block):
    """With a functional clock of 24 MHz, from OSC_RC_48M_DIV2 as after reset."""

    def __init__(self, machine, number=1):
        super().__init__(machine, BASE[number])
        self.number = number
        self.ccr, self.prescale = 0, 0

    def on(self, command=frame(8), ccr=0, cfgr1=0):
        self.ccr, self.prescale = ccr, command >> PRESCALE & 7
        self.machine.step(1000)  # away from what reset does at 0
        self[CR] = 0
        self[CFGR1] = MASTER | cfgr1
        self[CCR] = ccr
        self[CR] = MEN
        self[TCR] = command
        self.start_ns = self.machine.now_ns

    def cycles(self, count):
        """Whole nanoseconds of @count prescaled clock cycles."""
        return (qtest.clock_period(OSC_24M_HZ) << self.prescale) * count >> 32

    def step_to(self, cycles):
        """To so many prescaled cycles after start_ns."""
        self.machine.step(self.start_ns + self.cycles(cycles) - self.machine.now_ns)

    def just_before(self, cycles):
        self.machine.step(self.start_ns + self.cycles(cycles) - 1 - self.machine.now_ns)

    def tx_count(self):
        return self[FSR] & 0x1f

    def rx_count(self):
        return self[FSR] >> 16

    def send(self, *words):
        self.start_ns = self.machine.now_ns
        for word in words:
            self[TDR] = word

    def received(self):
        return [self[RDR] for _ in range(self.rx_count())]

    def irq(self):
        return self.machine.irq(IRQ[self.number])
