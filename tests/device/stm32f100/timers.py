"""The timers as their tests use them: registers and bits (RM0041 12.4, 13.4, 15.5, 15.6,
16.4), pins without remapping (7.3, datasheet table 4), and a timer with its clock on.

The counter clock is HSI, so a tick lasts 125 ns and every time is exact.

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100

(TIM1, TIM2, TIM3, TIM4, TIM6, TIM7, TIM15, TIM16, TIM17) = BASES = (
    0x40012c00, 0x40000000, 0x40000400, 0x40000800, 0x40001000, 0x40001400, 0x40014000,
    0x40014400, 0x40014800)
NAME = dict(zip(BASES, ("tim1", "tim2", "tim3", "tim4", "tim6", "tim7", "tim15", "tim16",
                        "tim17")))
(CR1, CR2, SMCR, DIER, SR, EGR, CCMR1, CCMR2, CCER, CNT, PSC, ARR, RCR, CCR1, CCR2, CCR3, CCR4,
 BDTR, DCR, DMAR) = REGISTERS = range(0x00, 0x50, 4)
CEN, UDIS, URS, OPM, DIR, ARPE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 7
CENTRE = [0, 1 << 5, 2 << 5, 3 << 5]  # CMS
CKD = 8
CCPC, CCUS, CCDS, MMS, TI1S, OIS1, OIS1N = 1 << 0, 1 << 2, 1 << 3, 4, 1 << 7, 1 << 8, 1 << 9
SMS, TS, ETF, ETPS, ECE, ETP = 0, 4, 8, 12, 1 << 14, 1 << 15
UDE, CC1DE, COMDE, TDE = 1 << 8, 1 << 9, 1 << 13, 1 << 14
UIF, CC1IF, CC2IF, CC4IF, COMIF, TIF, BIF, CC1OF = (1 << n for n in (0, 1, 2, 4, 5, 6, 7, 9))
UG, CC1G, COMG, TG, BG = 1 << 0, 1 << 1, 1 << 5, 1 << 6, 1 << 7
OCFE, OCPE, OCCE = 1 << 2, 1 << 3, 1 << 7
OWN_TI, OTHER_TI, TRC = 1, 2, 3  # CCxS
ICPSC, ICF = 2, 4
FROZEN, ACTIVE, INACTIVE, TOGGLE, FORCE_LOW, FORCE_HIGH, PWM1, PWM2 = (n << 4 for n in range(8))
CC1E, CC1P, CC1NE, CC1NP = 1 << 0, 1 << 1, 1 << 2, 1 << 3
OSSI, OSSR, BKE, BKP, AOE, MOE = (1 << n for n in range(10, 16))
TICK = 125  # ns

CHANNEL_PINS = {
    TIM1: ("PA8", "PA9", "PA10", "PA11"), TIM2: ("PA0", "PA1", "PA2", "PA3"),
    TIM3: ("PA6", "PA7", "PB0", "PB1"), TIM4: ("PB6", "PB7", "PB8", "PB9"),
    TIM15: ("PA2", "PA3"), TIM16: ("PB8",), TIM17: ("PB9",)}
COMPLEMENT_PINS = {
    TIM1: ("PB13", "PB14", "PB15"), TIM15: ("PB15",), TIM16: ("PB6",), TIM17: ("PB7",)}
BREAK_PINS = {TIM1: "PB12", TIM15: "PA9", TIM16: "PB5", TIM17: "PA10"}
CHANNELS = [(base, n) for base, pins in CHANNEL_PINS.items() for n in range(len(pins))]


def name_of(value):
    """For pytest: "tim1" for its base address."""
    return NAME.get(value)


class Timer:
    def __init__(self, machine, base):
        self.machine, self.base = machine, base
        stm32f100.clock_on(machine, NAME[base])

    def read(self, register):
        return self.machine.read(self.base + register)

    def write(self, register, value):
        self.machine.write(self.base + register, value)

    def setup(self, **registers):
        """Registers by name, in the order given."""
        for name, value in registers.items():
            self.write(globals()[name.upper()], value)

    def modify(self, register, clear, setting):
        self.write(register, self.read(register) & ~clear | setting)

    def ticks(self, n):
        self.machine.step(n * TICK)

    def counts(self, n):
        """What the counter reads in the next @n ticks, one after the other."""
        values = []
        for _ in range(n):
            self.ticks(1)
            values.append(self.read(CNT))
        return values

    def expect_flag_in(self, ns, flag):
        """@flag comes in @ns and not one earlier; it is cleared then."""
        self.machine.step(ns - 1)
        assert not self.read(SR) & flag
        self.machine.step(1)
        assert self.read(SR) & flag
        self.write(SR, ~flag & 0xffff)

    def take_flags(self):
        """SR, which is cleared."""
        flags = self.read(SR)
        self.write(SR, 0)
        return flags


class Pin:
    """A pin that the board drives."""

    def __init__(self, machine, name, level=0):
        self.machine, self.name = machine, name
        self.set(level)
        stm32f100.pin_mode(machine, name, stm32f100.INPUT_FLOATING)

    def set(self, level):
        stm32f100.drive_pin(self.machine, self.name, int(level))

    def pulse(self, level=1):
        self.set(level)
        self.set(1 - level)
