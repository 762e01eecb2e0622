"""Power control (RM0041 chapter 4): low-power modes, PVD, backup write protection,
supply.  The core's SLEEPDEEP is set by hand; images/sleep.c sets it by WFI and WFE.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import (INPUT_FLOATING, OUTPUT, PWR_CR, allow_backup_writes, clock_on, drive_pin,
                       gpio, modify, pin_mode, qom_set, run_from_hse, set_input)

CR, CSR = PWR_CR, PWR_CR + 4
LPDS, PDDS, CWUF, CSBF, PVDE, DBP = (1 << n for n in (0, 1, 2, 3, 4, 8))
WUF, SBF, PVDO, EWUP = 1 << 0, 1 << 1, 1 << 2, 1 << 8
RCC_CR, RCC_CFGR, RCC_CSR, BDCR = 0x40021000, 0x40021004, 0x40021024, 0x40021020
PORRSTF, PINRSTF, IWDGRSTF, LPWRRSTF, RMVF = (1 << n for n in (27, 26, 29, 31, 24))
EXTI = 0x40010400
IMR, EMR, RTSR, FTSR, SWIER, PR = (EXTI + n for n in range(0, 0x18, 4))
PVD_IRQ, EXTI3_IRQ = 1, 9
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
BKP_DR1, SRAM, TIM2, IWDG_KR = 0x40006c04, 0x20000000, 0x40000000, 0x40003000
WAKE_STOP_NS, WAKE_STOP_LOW_POWER_NS, WAKE_STANDBY_NS = 3_500, 5_400, 50_000
POWERED_MV, UNPOWERED_MV = 3300, 0


@pytest.fixture
def pwr(machine):
    clock_on(machine, "pwr")
    return machine


def sleep_deep(machine):
    set_input(machine, "pwr", "sleepdeep", 1)


def awake(machine):
    set_input(machine, "pwr", "sleepdeep", 0)


def reset(machine):
    machine.write(AIRCR, SYSRESETREQ)


# ------------------------------------------------------------------ registers

def test_reset_values_and_clock_gate(machine):
    """4.4.1, 4.4.2; 6.3.8 PWREN"""
    machine.write(CR, DBP)
    assert [machine.read(CR), machine.read(CSR)] == [0, 0]
    clock_on(machine, "pwr")
    assert [machine.read(CR), machine.read(CSR)] == [0, 0]


def test_writable_bits(pwr):
    """4.4.1: CWUF and CSBF read 0; 4.4.2: EWUP only"""
    pwr.write(CR, 0xffffffff)
    assert pwr.read(CR) == 0x1f3
    pwr.write(CSR, 0xffffffff)
    assert pwr.read(CSR) & ~PVDO == EWUP


def test_narrow_write_is_repeated_over_the_word(pwr):
    """2.1"""
    pwr.write(CR, 0x01, size=1)
    assert pwr.read(CR) == LPDS | DBP


def test_system_reset(pwr):
    pwr.write(CR, 0x1f3)
    pwr.write(CSR, EWUP)
    reset(pwr)
    clock_on(pwr, "pwr")
    assert [pwr.read(CR), pwr.read(CSR)] == [0, 0]


# ------------------------------------------------------------------ PVD (4.2.3)

@pytest.mark.parametrize("level", range(8))
def test_pvd_threshold(pwr, level):
    """Datasheet 5.3.4: 2.18 V to 2.88 V rising, 100 mV less falling"""
    rising = 2180 + 100 * level
    pwr.write(CR, PVDE | level << 5)
    for mv, below in [(3300, 0), (rising - 100, 0), (rising - 101, 1), (rising - 1, 1),
                      (rising, 0), (rising - 99, 0)]:
        qom_set(pwr, "pwr", "vdd-mv", mv)
        assert bool(pwr.read(CSR) & PVDO) == below, mv


def test_pvdo_needs_pvde(pwr):
    qom_set(pwr, "pwr", "vdd-mv", 2000)
    assert not pwr.read(CSR) & PVDO
    pwr.write(CR, PVDE)
    assert pwr.read(CSR) & PVDO
    pwr.write(CR, 0)
    assert not pwr.read(CSR) & PVDO


@pytest.mark.parametrize("edge, first, second", [(RTSR, 2500, 3300), (FTSR, 3300, 2500)])
def test_pvd_interrupt_through_exti_16(pwr, edge, first, second):
    """8.2.5: PVDO rises when VDD falls"""
    pwr.write(CR, PVDE | 7 << 5)
    qom_set(pwr, "pwr", "vdd-mv", second)
    pwr.write(PR, 1 << 16)
    pwr.write(edge, 1 << 16)
    pwr.write(IMR, 1 << 16)
    assert not pwr.irq(PVD_IRQ)
    qom_set(pwr, "pwr", "vdd-mv", first)
    assert pwr.read(PR) == 1 << 16
    assert pwr.irq(PVD_IRQ)


def test_voltage_beyond_the_part(pwr):
    with pytest.raises(RuntimeError, match="vdd-mv=3601 is above 3600"):
        qom_set(pwr, "pwr", "vdd-mv", 3601)


# ------------------------------------------------------------------ supply (4.2.2)

def test_power_down_and_up(pwr):
    """Below 1.88 V the part is off, at 1.92 V it starts as at power-on (6.1.2)."""
    pwr.write(SRAM, 1)
    pwr.write(RCC_CSR, RMVF)
    qom_set(pwr, "pwr", "vdd-mv", 1880)
    assert pwr.read(RCC_CSR) == 0
    qom_set(pwr, "pwr", "vdd-mv", 1879)
    qom_set(pwr, "pwr", "vdd-mv", 1919)
    clock_on(pwr, "gpioa")
    assert pwr.read(gpio("a")) == 0, "nothing is clocked"
    qom_set(pwr, "pwr", "vdd-mv", 1920)
    assert pwr.read(RCC_CSR) == PORRSTF | PINRSTF
    assert pwr.read(SRAM) == 0xdeadbeef


@pytest.mark.parametrize("battery", [0, 1])
def test_backup_domain_without_vdd(machine_with, battery):
    """4.1.2: VBAT keeps it"""
    machine = machine_with(f"vbat={battery}")
    allow_backup_writes(machine)
    machine.write(BKP_DR1, 0x1234)
    machine.write(BDCR, 1)
    qom_set(machine, "pwr", "vdd-mv", UNPOWERED_MV)
    qom_set(machine, "pwr", "vdd-mv", POWERED_MV)
    clock_on(machine, "bkp")
    assert machine.read(BKP_DR1) == (0x1234 if battery else 0)
    assert machine.read(BDCR) == (1 if battery else 0)


# ------------------------------------------------------------------ Stop (4.3.4)

def test_stop_stops_clocks_and_ends_on_hsi(pwr):
    """HSE and PLL are off, timers stand; then HSI is SYSCLK (6.2.2)."""
    run_from_hse(pwr)
    clock_on(pwr, "tim2")
    pwr.write(TIM2, 1)
    pwr.step(100_000)
    before = pwr.read(TIM2 + 0x24)
    sleep_deep(pwr)
    pwr.step(10_000_000)
    awake(pwr)
    assert pwr.read(TIM2 + 0x24) in (before, before + 1)
    assert pwr.read(RCC_CR) & 0x03030003 == 0x3
    assert pwr.read(RCC_CFGR) & 0xf == 0
    before = pwr.read(TIM2 + 0x24)
    pwr.step(1_000_000)
    assert pwr.read(TIM2 + 0x24) - before == 8_000


def test_stop_keeps_registers_and_pins(pwr):
    pin_mode(pwr, "PA5", OUTPUT)
    pwr.write(gpio("a") + 0xc, 1 << 5)
    pwr.write(SRAM, 0x55)
    sleep_deep(pwr)
    pwr.step(1_000_000)
    awake(pwr)
    assert pwr.read(gpio("a") + 8) & 1 << 5
    assert pwr.read(SRAM) == 0x55


@pytest.mark.parametrize("lpds, ns", [(0, WAKE_STOP_NS), (LPDS, WAKE_STOP_LOW_POWER_NS)])
def test_exti_ends_stop_after_the_wake_up_time(pwr, lpds, ns):
    """Table 12 (datasheet 5.3.13): the interrupt comes when the clock is back."""
    pin_mode(pwr, "PA3", INPUT_FLOATING)
    drive_pin(pwr, "PA3", 0)
    pwr.write(IMR, 1 << 3)
    pwr.write(RTSR, 1 << 3)
    pwr.write(CR, lpds)
    sleep_deep(pwr)
    pwr.step(1_000_000)
    drive_pin(pwr, "PA3", 1)
    pwr.step(ns - 1)
    assert not pwr.irq(EXTI3_IRQ)
    pwr.step(1)
    assert pwr.irq(EXTI3_IRQ)
    assert pwr.read(gpio("a")) == 0x44444444


def test_masked_exti_line_does_not_end_stop(pwr):
    pin_mode(pwr, "PA3", INPUT_FLOATING)
    drive_pin(pwr, "PA3", 0)
    pwr.write(RTSR, 1 << 3)
    assert pwr.read(gpio("a")) != 0
    sleep_deep(pwr)
    drive_pin(pwr, "PA3", 1)
    pwr.step(1_000_000)
    assert pwr.read(gpio("a")) == 0


def test_exti_event_ends_stop(pwr):
    """8.2.3: EMR, for WFE"""
    pin_mode(pwr, "PA3", INPUT_FLOATING)
    drive_pin(pwr, "PA3", 0)
    pwr.write(EMR, 1 << 3)
    pwr.write(RTSR, 1 << 3)
    sleep_deep(pwr)
    drive_pin(pwr, "PA3", 1)
    pwr.step(WAKE_STOP_NS - 1)
    assert pwr.read(gpio("a")) == 0
    pwr.step(1)
    assert pwr.read(gpio("a")) == 0x44444444


def test_stop_is_not_entered_with_a_pending_line(pwr):
    """4.3.4: EXTI_PR must be 0"""
    clock_on(pwr, "gpioa")
    pwr.write(SWIER, 1 << 3)
    sleep_deep(pwr)
    assert pwr.read(gpio("a")) == 0x44444444


def test_debugger_keeps_the_clock_in_stop(pwr):
    """25.16.1: DBG_STOP; HSI goes on"""
    run_from_hse(pwr)
    clock_on(pwr, "gpioa")
    pwr.write(0xe0042004, 1 << 1)
    sleep_deep(pwr)
    assert pwr.read(gpio("a")) == 0x44444444
    assert pwr.read(RCC_CFGR) & 0xc == 0


def test_iwdg_ends_stop(pwr):
    """18.3: it cannot be stopped"""
    pwr.write(RCC_CSR, RMVF)
    pwr.write(IWDG_KR, 0xcccc)
    sleep_deep(pwr)
    pwr.step(409_600_000)
    assert pwr.read(RCC_CSR) == IWDGRSTF | PINRSTF


# ------------------------------------------------------------------ Standby (4.3.5)

def enter_standby(machine):
    modify(machine, CR, 0, PDDS)
    sleep_deep(machine)


def wkup_wakes(machine):
    machine.write(RCC_CSR, RMVF)
    machine.step(1_000_000)
    drive_pin(machine, "PA0", 1)
    machine.step(WAKE_STANDBY_NS - 1)
    assert not machine.read(RCC_CSR) & PORRSTF
    machine.step(1)


def test_standby_and_wkup_pin(pwr):
    """It ends with a power reset (6.1.2); CSR is kept."""
    pwr.write(SRAM, 1)
    pwr.write(RCC_CSR, RMVF)
    drive_pin(pwr, "PA0", 0)
    pwr.write(CSR, EWUP)
    enter_standby(pwr)
    wkup_wakes(pwr)
    assert pwr.read(RCC_CSR) == PORRSTF | PINRSTF
    clock_on(pwr, "pwr")
    assert pwr.read(CSR) == EWUP | SBF | WUF
    assert pwr.read(CR) == 0
    assert pwr.read(SRAM) == 0xdeadbeef
    pwr.write(CR, CWUF)
    assert pwr.read(CSR) == EWUP | SBF
    pwr.write(CR, CSBF)
    assert pwr.read(CSR) == EWUP


def test_standby_releases_the_pins(pwr):
    """4.3.5: high impedance"""
    pin_mode(pwr, "PA5", OUTPUT)
    pwr.write(gpio("a") + 0xc, 1 << 5)
    enter_standby(pwr)
    assert [line for line in pwr.qmp.wire_log().splitlines() if " PA5 " in line][-1].endswith(" 0")


def test_falling_wkup_edge_does_not_wake(pwr):
    drive_pin(pwr, "PA0", 0)
    pwr.write(CSR, EWUP)
    drive_pin(pwr, "PA0", 1)
    pwr.write(CR, CWUF)
    enter_standby(pwr)
    drive_pin(pwr, "PA0", 0)
    pwr.step(1_000_000)
    assert not pwr.read(CSR)
    wkup_wakes(pwr)


def test_wkup_pin_without_ewup_does_not_wake(pwr):
    drive_pin(pwr, "PA0", 0)
    enter_standby(pwr)
    drive_pin(pwr, "PA0", 1)
    pwr.step(1_000_000)
    reset(pwr)
    clock_on(pwr, "pwr")
    assert pwr.read(CSR) == SBF, "NRST ends it, no wake-up event"


def test_wkup_pin_that_is_high_when_ewup_is_set(pwr):
    """4.4.2 WUF: an additional event"""
    drive_pin(pwr, "PA0", 1)
    assert pwr.read(CSR) == 0
    pwr.write(CSR, EWUP)
    assert pwr.read(CSR) == EWUP | WUF


def test_standby_does_not_last_with_wuf(pwr):
    drive_pin(pwr, "PA0", 1)
    pwr.write(CSR, EWUP)
    enter_standby(pwr)
    pwr.step(WAKE_STANDBY_NS)
    clock_on(pwr, "pwr")
    assert pwr.read(CSR) & (SBF | WUF) == SBF | WUF


def test_wkup_pin_is_an_input_with_pull_down(pwr):
    """4.4.2 EWUP"""
    pin_mode(pwr, "PA0", OUTPUT)
    pwr.write(gpio("a") + 0xc, 1)
    assert pwr.read(gpio("a") + 8) & 1
    pwr.write(CSR, EWUP)
    assert not pwr.read(gpio("a") + 8) & 1


def test_iwdg_runs_on_and_ends_standby(pwr):
    """4.3.5, 18.3"""
    pwr.write(IWDG_KR, 0xcccc)
    pwr.step(100_000_000)
    enter_standby(pwr)
    pwr.step(309_599_999)
    assert not pwr.read(CSR)
    pwr.step(1)
    assert pwr.read(RCC_CSR) == PORRSTF | PINRSTF | IWDGRSTF
    clock_on(pwr, "pwr")
    assert pwr.read(CSR) == SBF


def test_backup_domain_outlives_standby(pwr):
    allow_backup_writes(pwr)
    pwr.write(BKP_DR1, 0xbeef)
    pwr.write(BDCR, 1)
    enter_standby(pwr)
    pwr.step(1_000_000)
    reset(pwr)
    clock_on(pwr, "bkp")
    assert [pwr.read(BKP_DR1), pwr.read(BDCR)] == [0xbeef, 1]


# ------------------------------------------------------------------ option bytes

@pytest.mark.parametrize("user, pdds", [(0xfd, 0), (0xfb, PDDS)])
def test_low_power_reset(pwr, user, pdds):
    """6.1.1: nRST_STOP = 0, nRST_STDBY = 0: entering the mode is a reset"""
    program_user_option(pwr, user)
    clock_on(pwr, "pwr")
    pwr.write(RCC_CSR, RMVF)
    pwr.write(CR, pdds)
    sleep_deep(pwr)
    assert pwr.read(RCC_CSR) == LPWRRSTF | PINRSTF


def program_user_option(machine, user):
    flash_cr, keyr, optkeyr = 0x40022010, 0x40022004, 0x40022008
    for register in (keyr, optkeyr):
        machine.write(register, 0x45670123)
        machine.write(register, 0xcdef89ab)
    machine.write(flash_cr, 1 << 9 | 1 << 5)
    machine.write(flash_cr, 1 << 9 | 1 << 5 | 1 << 6)
    machine.step(40_000_000)
    machine.write(flash_cr, 1 << 9 | 1 << 4)
    for address, value in ((0x1ffff800, 0xa5), (0x1ffff802, user)):
        machine.write(address, value, size=2)
        machine.step(52_500)
    reset(machine)


# ------------------------------------------------------------------ by instructions

def test_sleep_stop_and_standby_of_the_core(build_image, run_image):
    """4.3: high half: ms of the RTC, low half: of TIM2, which stands in Stop mode."""
    said = run_image(build_image("sleep"), resets=3)
    assert said.startswith(
        "sleep by wfi 00140013\nsleep by wfe 00140013\n"
        "stop by wfi 00140000\nrcc_cr 00008083\nstop by wfe 00140000\n"
        "pwr_csr 00000003\nrcc_csr 0c000000\nsram deadbeef\n")


def test_sleep_on_exit(build_image, run_image):
    """PM0056 2.5.1: interrupts taken, and ms, until the program goes on."""
    assert run_image(build_image("sleep-on-exit")) == "without 00010001\non exit 00050005\n"
