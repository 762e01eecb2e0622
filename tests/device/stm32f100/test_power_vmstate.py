"""Migration of PWR, BKP, RTC, WWDG, IWDG, DBGMCU, flash and RCC amid what they do:
the other side goes on as this one would have.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
import test_bkp
import test_rtc
from stm32f100 import clock_on, drive_pin, modify, qom_get, qom_set, set_input

RCC_CSR, RCC_CR, RCC_CFGR, RCC_CIR, BDCR = (0x40021000 + n for n in (0x24, 0x00, 0x04, 0x08, 0x20))
PWR_CR, PWR_CSR = 0x40007000, 0x40007004
WWDG = 0x40002c00
FLASH_SR, FLASH_CR, FLASH_OBR = 0x4002200c, 0x40022010, 0x4002201c
REGISTERS = [RCC_CSR, RCC_CR, RCC_CFGR, RCC_CIR, BDCR, PWR_CR, PWR_CSR, WWDG, WWDG + 4, WWDG + 8,
             FLASH_SR, FLASH_CR, FLASH_OBR, 0xe0042004, 0x40010414, 0x40003004, 0x40003008,
             *(test_rtc.RTC + n for n in range(0, 0x28, 4)),
             *(test_bkp.BKP + n for n in range(4, 0x38, 4))]


def busy(machine):
    """RTC amid a write and with its alarm ahead, its second on PC13; WWDG amid a step;
    IWDG frozen; an option byte amid its programming; PVD below its threshold."""
    test_rtc.start_on_lsi(machine)
    clock_on(machine, "wwdg")
    test_rtc.configure_and_wait(machine, prl=9, cnt=0, alr=5)
    machine.write(test_bkp.RTCCR, test_bkp.ASOE | test_bkp.ASOS | 77)
    machine.write(test_bkp.DR[3], 0x4321)
    machine.write(WWDG + 4, 0x7f | 1 << 9)
    machine.write(0x40003000, 0xcccc)
    machine.write(0xe0042004, 1 << 8)
    machine.step(1_000_000)
    set_input(machine, "dbgmcu", "halted", 1)
    modify(machine, PWR_CR, 0, 1 << 4 | 7 << 5)
    qom_set(machine, "pwr", "vdd-mv", 2800)
    for register in (0x40022004, 0x40022008):
        machine.write(register, 0x45670123)
        machine.write(register, 0xcdef89ab)
    machine.write(FLASH_CR, 1 << 9 | 1 << 5)
    machine.write(FLASH_CR, 1 << 9 | 1 << 5 | 1 << 6)
    test_rtc.configure(machine, prl=14, cnt=3)
    machine.step(50_000)


def asleep(machine):
    """Stop mode with the wake-up time running; tamper detected; HSE failed."""
    stm32f100.run_from_hse(machine)
    modify(machine, RCC_CR, 0, 1 << 19)
    qom_set(machine, "rcc", "hse-fails", True)
    stm32f100.allow_backup_writes(machine)
    test_bkp.fill(machine)
    machine.write(test_bkp.CR, test_bkp.TPE)
    machine.write(test_bkp.CSR, test_bkp.TPIE)
    drive_pin(machine, "PC13", 1)
    machine.write(0x40010400, 1 << 3)
    machine.write(0x40010408, 1 << 3)
    stm32f100.pin_mode(machine, "PA3", stm32f100.INPUT_FLOATING)
    set_input(machine, "pwr", "sleepdeep", 1)
    drive_pin(machine, "PA3", 1)
    machine.step(1_000)


def in_standby(machine):
    """With the wake-up time running, IWDG on."""
    clock_on(machine, "pwr")
    machine.write(0x40003000, 0xcccc)
    machine.write(PWR_CSR, 1 << 8)
    modify(machine, PWR_CR, 0, 1 << 1)
    set_input(machine, "pwr", "sleepdeep", 1)
    machine.step(1_000_000)
    drive_pin(machine, "PA0", 1)
    machine.step(20_000)


def go_on(machine):
    seen = []
    for ns in (0, 500, 2_000, 20_000, 30_000, 100_000, 300_000, 3_000_000, 40_000_000):
        if ns:
            machine.step(ns)
        seen.append([machine.read(register) for register in REGISTERS])
        seen.append([machine.irq(n) for n in (0, 1, 2, 3, 4, 9, 41)])
        seen.append(qom_get(machine, "pwr", "vdd-mv"))
    set_input(machine, "dbgmcu", "halted", 0)
    machine.step(405_000_000)
    seen.append(machine.read(RCC_CSR))
    machine.step(10_000_000)
    seen.append(machine.read(RCC_CSR))
    return seen


@pytest.mark.parametrize("prepare", [busy, asleep, in_standby])
def test_goes_on_on_the_other_side(tmp_path, prepare):
    expected = stm32f100.round_trip(tmp_path, prepare, go_on)
    assert len({tuple(row) for row in expected[:-2:3]}) > 1, "something has happened"
