"""ADC1 (RM0041 chapter 10) as its tests use it.

ADCCLK is 4 MHz unless a test changes it: HSI, ADCPRE = 2, 250 ns a cycle.

SPDX-License-Identifier: Apache-2.0
"""

import qtest
import stm32f100
from test_dma import MINC, MSIZE, PSIZE, Channel

ADC1 = 0x40012400
(SR, CR1, CR2, SMPR1, SMPR2, JOFR1, JOFR2, JOFR3, JOFR4, HTR, LTR, SQR1, SQR2, SQR3, JSQR, JDR1,
 JDR2, JDR3, JDR4, DR) = range(0, 0x50, 4)
REGISTERS = range(0, 0x50, 4)
AWD, EOC, JEOC, JSTRT, STRT = (1 << n for n in range(5))
EOCIE, AWDIE, JEOCIE, SCAN, AWDSGL, JAUTO, DISCEN, JDISCEN = (1 << n for n in range(5, 13))
DISCNUM, JAWDEN, AWDEN = 13, 1 << 22, 1 << 23
ADON, CONT, CAL, RSTCAL = (1 << n for n in range(4))
DMA, ALIGN, JEXTTRIG, EXTTRIG = 1 << 8, 1 << 11, 1 << 15, 1 << 20
JEXTSEL, EXTSEL = 12, 17
JSWSTART, SWSTART, TSVREFE = 1 << 21, 1 << 22, 1 << 23
BY_SOFTWARE, JBY_SOFTWARE = EXTTRIG | 7 << EXTSEL, JEXTTRIG | 7 << JEXTSEL
IRQ = 18

CYCLE_NS = 250
SAMPLING = (1.5, 7.5, 13.5, 28.5, 41.5, 55.5, 71.5, 239.5)  # cycles, by SMP (10.11.4)
CONVERSION = 12.5
SHORTEST_NS = 14 * CYCLE_NS
STAB_NS, SENSORS_NS = 1_000, 10_000
RSTCAL_CYCLES, CAL_CYCLES = 5, 83
VDDA_UV = 3_300_000
TEMPERATURE, VREFINT = 16, 17

EXTI_IMR, EXTI_EMR, EXTI_RTSR, EXTI_FTSR, EXTI_SWIER = (0x40010400 + n for n in range(0, 0x14, 4))
AFIO_EXTICR1 = 0x40010008
PATH = "/machine/soc/adc1"


class Adc(qtest.Block):
    """Its registers by subscript, its inputs by voltage()."""

    def __init__(self, machine):
        super().__init__(machine, ADC1)
        stm32f100.clock_on(machine, "adc1")

    @classmethod
    def switched_on(cls, machine):
        """Past t_STAB, channel n at (n + 1) x 200 mV."""
        adc = cls(machine)
        adc.voltages()
        adc.switch_on()
        return adc

    def switch_on(self, cr2=0):
        """Past t_STAB, and t_START if TSVREFE is among @cr2."""
        self[CR2] = ADON | cr2
        self.machine.step(SENSORS_NS if cr2 & TSVREFE else STAB_NS)

    def set(self, name, value):
        self.machine.qmp.command("qom-set", path=PATH, property=name, value=value)

    def voltage(self, channel, microvolts):
        self.set(f"in{channel}-uv", microvolts)

    def voltages(self):
        """A different one on each channel: code(channel)."""
        for channel in range(16):
            self.voltage(channel, (channel + 1) * 200_000)

    def sequence(self, *channels):
        self[SQR1] = len(channels) - 1 << 20 | fields(channels[12:])
        self[SQR2], self[SQR3] = fields(channels[6:12]), fields(channels[:6])

    def injected(self, *channels):
        self[JSQR] = len(channels) - 1 << 20 | fields((0,) * (4 - len(channels)) + channels)

    def start(self):
        """ADON again (10.3.1)."""
        self[CR2] = self[CR2]

    def irq(self):
        return self.machine.irq(IRQ)

    def convert(self, channel):
        self.sequence(channel)
        self.start()
        self.machine.step(252 * 8 * CYCLE_NS)
        assert self[SR] & EOC
        return self[DR]

    def expect_in(self, ns, flag):
        """@flag is set in @ns, not before."""
        self.machine.step(ns - 1)
        assert not self[SR] & flag
        self.machine.step(1)
        assert self[SR] & flag


def fields(channels):
    return sum(channel << 5 * n for n, channel in enumerate(channels))


def code(channel):
    return (channel + 1) * 200_000 * 4096 // VDDA_UV


def cycles(*sampling):
    """ns that conversions with these sampling times take."""
    return int(sum(s + CONVERSION for s in sampling) * CYCLE_NS)


def dma_to_memory(machine, count, ccr=0):
    stm32f100.clock_on(machine, "dma1")
    channel = Channel(machine, 1)
    channel.start(MINC | 1 << PSIZE | 1 << MSIZE | ccr, count, ADC1 + DR, 0x20000200)
    return lambda: [machine.read(0x20000200 + 2 * n, size=2) for n in range(count)]


# Timers whose events trigger ADC and DAC, and what the tests need of them (12.4, 13.4).
TIMER = {1: 0x40012c00, 2: 0x40000000, 3: 0x40000400, 4: 0x40000800, 6: 0x40001000,
         7: 0x40001400, 15: 0x40014000}
TIM_CR1, TIM_CR2, TIM_CCMR1, TIM_CCER, TIM_ARR, TIM_CCR1 = 0x00, 0x04, 0x18, 0x20, 0x2c, 0x34
CEN, MMS_UPDATE = 1, 2 << 4
TICK_NS = 125


def start_timer(machine, number, ticks, channel=None):
    """Makes an event @ticks from now: a match of @channel, or TRGO of its update."""
    base = TIMER[number]
    stm32f100.clock_on(machine, f"tim{number}")
    if channel:
        machine.write(base + TIM_CCR1 + 4 * (channel - 1), ticks)
    else:
        machine.write(base + TIM_ARR, ticks - 1)
        machine.write(base + TIM_CR2, MMS_UPDATE)
    machine.write(base + TIM_CR1, CEN)
