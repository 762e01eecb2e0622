"""An LPI2C as device tests use it, as master and as slave.

SPDX-License-Identifier: Apache-2.0
"""

import qtest
import rt1176

(VERID, PARAM, MCR, MSR, MIER, MDER, MCFGR0, MCFGR1, MCFGR2, MCFGR3, MDMR, MCCR0, MCCR1, MFCR, MFSR,
 MTDR, MRDR) = (0x00, 0x04, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x40, 0x48, 0x50, 0x58,
                0x5c, 0x60, 0x70)
SCR, SSR, SIER, SDER, SCFGR1, SCFGR2, SAMR, SASR, STAR, STDR, SRDR = (
    0x110, 0x114, 0x118, 0x11c, 0x124, 0x128, 0x140, 0x150, 0x154, 0x160, 0x170)
MEN, RST, DOZEN, DBGEN, RTF, RRF = 1, 2, 4, 8, 0x100, 0x200
TDF, RDF, EPF, SDF, NDF, ALF, FEF, PLTF, DMF, MBF, BBF = (
    1 << n for n in (0, 1, 8, 9, 10, 11, 12, 13, 14, 24, 25))
AUTOSTOP, IGNACK, TIMECFG = 0x100, 0x200, 0x400
MATCFG, RDMO = 16, 0x200
TX, RX, STOP, DISCARD, START, START_NACK, START_FAST, START_FAST_NACK = (n << 8 for n in range(8))
RXEMPTY = 0x4000
FIFO_WORDS = 4

BASE = {n: 0x40104000 + 0x4000 * (n - 1) for n in range(1, 5)} | {5: 0x40c34000, 6: 0x40c38000}
IRQ = {n: 31 + n for n in range(1, 7)}
ROOT_NUMBER = {n: 36 + n for n in range(1, 7)}
ROOT = {n: rt1176.root(36 + n) for n in range(1, 7)}
OSC_24M_HZ = 24_000_000
ADDRESS = 0x50
WRITE, READ = ADDRESS << 1, ADDRESS << 1 | 1
CLKLO, CLKHI, SETHOLD, DATAVD = 26, 25, 12, 4
TIMING = CLKLO | CLKHI << 8 | SETHOLD << 16 | DATAVD << 24


class Lpi2c(qtest.Block):
    """With a functional clock of 24 MHz."""

    def __init__(self, machine, number=1):
        super().__init__(machine, BASE[number])
        self.number = number

    def on(self, cfgr1=0, cfgr2=0, cfgr3=0, timing=TIMING):
        self.machine.step(1000)
        self[MCFGR1], self[MCFGR2], self[MCFGR3], self[MCCR0] = cfgr1, cfgr2, cfgr3, timing
        self.prescale = cfgr1 & 7
        self[MCR] = MEN
        self.start_ns = self.machine.now_ns

    def cycles(self, count):
        return (qtest.clock_period(OSC_24M_HZ) << self.prescale) * count >> 32

    def send(self, *commands):
        self.start_ns = self.machine.now_ns
        for command in commands:
            self[MTDR] = command

    def run(self, *commands):
        """All of them, some at a time; then everything has happened."""
        for command in commands:
            while self[MFSR] & 7 == FIFO_WORDS:
                self.machine.step(10_000)
            self[MTDR] = command
        self.machine.step(3_000_000)

    def received(self):
        return [self[MRDR] for _ in range(self[MFSR] >> 16)]

    def hold(self, line, low):
        self.machine.ask(f"set_irq_in /machine/lpi2c{self.number} hold-{line} 0 {int(low)}")

    def irq(self):
        return self.machine.irq(IRQ[self.number])
