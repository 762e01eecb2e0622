"""Reset and clock control (RM0041 chapter 6; start-up times from the datasheet,
5.3.6 to 5.3.8).  Frequencies are those that a timer sees.

SPDX-License-Identifier: Apache-2.0
"""

import dataclasses

import pytest

import stm32f100
from stm32f100 import (ENABLE, MODEL, RCC, RCC_AHBENR, RCC_APB1ENR, RCC_APB1RSTR, RCC_APB2ENR,
                       RCC_APB2RSTR, RCC_CFGR, RCC_CR, allow_backup_writes, clock_on, modify,
                       qom_get, qom_set, try_image)

CIR, BDCR, CSR, CFGR2 = RCC + 0x08, RCC + 0x20, RCC + 0x24, RCC + 0x2c
HSION, HSIRDY, HSEON, HSERDY = 1 << 0, 1 << 1, 1 << 16, 1 << 17
HSEBYP, CSSON, PLLON, PLLRDY = 1 << 18, 1 << 19, 1 << 24, 1 << 25
SW_HSI, SW_HSE, SW_PLL, SWS = 0, 1, 2, 3 << 2
PLLSRC, PLLXTPRE = 1 << 16, 1 << 17
LSION, LSIRDY, RMVF, PINRSTF, PORRSTF, SFTRSTF = 1, 2, 1 << 24, 1 << 26, 1 << 27, 1 << 28
LSEON, LSERDY, BDRST = 1, 2, 1 << 16
RCC_IRQ = 5
HSE_START_NS, PLL_LOCK_NS, LSI_START_NS, HSI_START_NS, LSE_START_NS = (
    1_200_000, 200_000, 85_000, 2_000, 3_000_000_000)
TIM2_CR1, TIM2_EGR, TIM2_CNT, TIM2_PSC = 0x40000000, 0x40000014, 0x40000024, 0x40000028
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004


def pll(factor):
    return (factor - 2) << 18


def timer_khz(machine):
    """Counts of TIM2 in the next millisecond."""
    clock_on(machine, "tim2")
    machine.write(TIM2_CR1, 1)
    before = machine.read(TIM2_CNT)
    machine.step(1_000_000)
    return (machine.read(TIM2_CNT) - before) % 0x10000


def expect_bit_in(machine, ns, address, bit):
    machine.step(ns - 1)
    assert not machine.read(address) & bit
    machine.step(1)
    assert machine.read(address) & bit


def start_hse(machine):
    modify(machine, RCC_CR, 0, HSEON)
    machine.step(HSE_START_NS)
    assert machine.read(RCC_CR) & HSERDY


def start_pll(machine, setting):
    modify(machine, RCC_CFGR, PLLSRC | PLLXTPRE | 0xf << 18, setting)
    modify(machine, RCC_CR, 0, PLLON)
    machine.step(PLL_LOCK_NS)


def switch_to(machine, source):
    modify(machine, RCC_CFGR, 3, source)
    return (machine.read(RCC_CFGR) & SWS) >> 2


# ------------------------------------------------------------------ registers

def test_reset_values(machine):
    """6.3.11; HSICAL is set in the factory, here to its middle."""
    values = {RCC_CR: 0x8083, RCC_CFGR: 0, CIR: 0, RCC_APB2RSTR: 0, RCC_APB1RSTR: 0,
              RCC_AHBENR: 0x14, RCC_APB2ENR: 0, RCC_APB1ENR: 0, BDCR: 0, CSR: 0x0c000000, CFGR2: 0}
    assert {address: machine.read(address) for address in values} == values


@pytest.mark.parametrize("address, mask", [
    (RCC_AHBENR, 0x55), (RCC_APB2ENR, 0x75a7d), (RCC_APB1ENR, 0x78664837),
    (RCC_APB2RSTR, 0x75a7d), (RCC_APB1RSTR, 0x78664837), (CFGR2, 0xf)])
def test_bits_of_what_the_part_lacks_stay_zero(machine, address, mask):
    """6.3.4 to 6.3.8, as medium-density value line has them."""
    machine.write(address, 0xffffffff)
    assert machine.read(address) == mask


def test_narrow_write_leaves_the_other_bytes(machine):
    """6.3: bytes, half-words and words (the RCC is on the AHB)."""
    machine.write(RCC_CR + 2, HSEON >> 16, size=1)
    assert machine.read(RCC_CR) == 0x8083 | HSEON
    assert machine.read(RCC_CR, size=1) == 0x83
    assert machine.read(RCC_CR + 2, size=2) == 1


def test_trimming(machine):
    machine.write(RCC_CR, HSION | 0x1f << 3)
    assert machine.read(RCC_CR) == 0x80fb


# ------------------------------------------------------------------ oscillators

@pytest.mark.parametrize("address, on, ready, ns", [
    (RCC_CR, HSEON, HSERDY, HSE_START_NS), (RCC_CR, PLLON, PLLRDY, PLL_LOCK_NS),
    (CSR, LSION, LSIRDY, LSI_START_NS)])
def test_ready_after_the_start_up_time(machine, address, on, ready, ns):
    modify(machine, RCC_CFGR, 0, pll(4))  # 16 MHz from HSI / 2
    modify(machine, address, 0, on)
    expect_bit_in(machine, ns, address, ready)
    modify(machine, address, on, 0)
    assert not machine.read(address) & (on | ready)


def test_hsi_starts_again(machine):
    start_hse(machine)
    assert switch_to(machine, SW_HSE) == SW_HSE
    modify(machine, RCC_CR, HSION, 0)
    assert not machine.read(RCC_CR) & HSIRDY
    modify(machine, RCC_CR, 0, HSION)
    expect_bit_in(machine, HSI_START_NS, RCC_CR, HSIRDY)


def test_a_crystal_that_takes_its_time(machine_with):
    machine = machine_with("hse-start-us=2000")
    modify(machine, RCC_CR, 0, HSEON)
    expect_bit_in(machine, 2_000_000, RCC_CR, HSERDY)


def test_switched_off_before_it_is_ready_it_never_gets_ready(machine):
    modify(machine, RCC_CR, 0, HSEON)
    machine.step(HSE_START_NS - 1)
    modify(machine, RCC_CR, HSEON, 0)
    machine.step(HSE_START_NS)
    assert not machine.read(RCC_CR) & HSERDY
    modify(machine, RCC_CR, 0, HSEON)
    machine.step(HSE_START_NS)
    assert machine.read(RCC_CR) & HSERDY


def test_no_crystal_no_hse(machine_with):
    machine = machine_with("hse-hz=0")
    modify(machine, RCC_CR, 0, HSEON)
    machine.step(1_000_000_000)
    assert machine.read(RCC_CR) & (HSEON | HSERDY) == HSEON
    assert switch_to(machine, SW_HSE) == SW_HSI
    assert timer_khz(machine) == 8_000


def test_bypass_only_while_hse_is_off(machine):
    """6.3.1, HSEBYP"""
    modify(machine, RCC_CR, 0, HSEBYP)
    assert machine.read(RCC_CR) & HSEBYP
    modify(machine, RCC_CR, 0, HSEON)
    modify(machine, RCC_CR, HSEBYP, 0)
    assert machine.read(RCC_CR) & HSEBYP


def test_lse_is_write_protected_by_pwr(machine):
    """6.3.9: BDCR needs DBP; LSE lives on over a system reset, not over BDRST."""
    machine.write(BDCR, LSEON)
    assert machine.read(BDCR) == 0
    allow_backup_writes(machine)
    machine.write(BDCR, LSEON)
    expect_bit_in(machine, LSE_START_NS, BDCR, LSERDY)
    machine.write(AIRCR, SYSRESETREQ)
    machine.write(BDCR, 0)
    assert machine.read(BDCR) == LSEON | LSERDY
    allow_backup_writes(machine)
    machine.write(BDCR, BDRST)
    assert machine.read(BDCR) == BDRST


# ------------------------------------------------------------------ SYSCLK

def test_runs_from_hsi_after_reset(machine):
    assert timer_khz(machine) == 8_000


def test_runs_from_hse(machine):
    start_hse(machine)
    assert switch_to(machine, SW_HSE) == SW_HSE
    assert timer_khz(machine) in (23_999, 24_000)  # 24 MHz is no whole ns


def test_switch_waits_until_the_source_is_ready(machine):
    """6.2.6: SWS and the frequency follow HSERDY."""
    modify(machine, RCC_CR, 0, HSEON)
    assert switch_to(machine, SW_HSE) == SW_HSI
    machine.step(HSE_START_NS - 1)
    assert machine.read(RCC_CFGR) & SWS == SW_HSI
    machine.step(1)
    assert machine.read(RCC_CFGR) & SWS == SW_HSE << 2


def test_source_in_use_cannot_be_stopped(machine):
    """6.3.1: HSION, HSEON, PLLON"""
    modify(machine, RCC_CR, HSION, 0)
    assert machine.read(RCC_CR) & HSION
    start_hse(machine)
    start_pll(machine, PLLSRC | PLLXTPRE | pll(2))
    assert switch_to(machine, SW_PLL) == SW_PLL
    modify(machine, RCC_CR, HSEON | PLLON, 0)
    assert machine.read(RCC_CR) & (HSERDY | PLLRDY) == HSERDY | PLLRDY
    modify(machine, RCC_CR, HSION, 0)  # nobody needs HSI now
    assert not machine.read(RCC_CR) & HSION


def test_reserved_source_is_refused(machine):
    modify(machine, RCC_CFGR, 0, 3)
    assert machine.read(RCC_CFGR) & 0xf == 0


@pytest.mark.parametrize("factor, khz", [(4, 16_000), (5, 20_000), (6, 24_000)])
def test_pll_from_hsi(machine, factor, khz):
    start_pll(machine, pll(factor))
    assert switch_to(machine, SW_PLL) == SW_PLL
    assert timer_khz(machine) in (khz - 1, khz)


@pytest.mark.parametrize("divider, factor, khz", [(1, 3, 24_000), (2, 4, 16_000), (4, 8, 16_000)])
def test_pll_from_a_crystal_of_8_mhz(machine_with, divider, factor, khz):
    """6.3.12: PREDIV1"""
    machine = machine_with("hse-hz=8000000")
    start_hse(machine)
    machine.write(CFGR2, divider - 1)
    start_pll(machine, PLLSRC | ((divider - 1) & 1) << 17 | pll(factor))
    assert switch_to(machine, SW_PLL) == SW_PLL
    assert timer_khz(machine) in (khz - 1, khz)


@pytest.mark.parametrize("setting", [pll(3), pll(7), PLLSRC | pll(2)])
def test_pll_out_of_its_limits_does_not_lock(machine, setting):
    """Datasheet 5.3.8: 16 to 24 MHz; and its source must run."""
    start_pll(machine, setting)
    machine.step(1_000_000_000)
    assert machine.read(RCC_CR) & (PLLON | PLLRDY) == PLLON
    assert switch_to(machine, SW_PLL) == SW_HSI


@pytest.mark.parametrize("limit, ready", [(72_000_000, PLLRDY), (71_000_000, 0)])
def test_pll_of_a_faster_part(machine_with, limit, ready):
    """Compatibility profile: images for the STM32F103 at 72 MHz."""
    machine = machine_with(f"hse-hz=8000000,pll-max-hz={limit}")
    start_hse(machine)
    start_pll(machine, PLLSRC | pll(9))
    assert machine.read(RCC_CR) & PLLRDY == ready
    if ready:
        assert switch_to(machine, SW_PLL) == SW_PLL
        clock_on(machine, "tim2")
        machine.write(TIM2_PSC, 71)
        machine.write(TIM2_EGR, 1)
        assert timer_khz(machine) in (999, 1000)


@pytest.mark.parametrize("model, khz", [("stm32f100c8", 24_000), ("stm32f100rb", 8_000)])
def test_crystals_of_the_boards(machine_of, model, khz):
    """px4io: 24 MHz; STM32VLDISCOVERY: 8 MHz."""
    machine = machine_of(model)
    start_hse(machine)
    assert switch_to(machine, SW_HSE) == SW_HSE
    assert timer_khz(machine) in (khz - 1, khz)


def test_pll_cannot_be_changed_while_it_is_on(machine):
    """6.3.2, 6.3.12"""
    start_pll(machine, pll(4))
    modify(machine, RCC_CFGR, 0xf << 18, pll(6) | PLLSRC | PLLXTPRE)
    machine.write(CFGR2, 5)
    assert machine.read(RCC_CFGR) == pll(4)
    assert machine.read(CFGR2) == 0


def test_pllxtpre_is_bit_0_of_prediv1(machine):
    """6.3.2"""
    machine.write(RCC_CFGR, PLLXTPRE)
    assert machine.read(CFGR2) == 1
    machine.write(CFGR2, 6)
    assert machine.read(RCC_CFGR) == 0


@pytest.mark.parametrize("hpre, divider", [
    (0, 1), (7, 1), (8, 2), (9, 4), (10, 8), (11, 16), (12, 64), (13, 128), (14, 256), (15, 512)])
def test_ahb_prescaler(machine, hpre, divider):
    """6.3.2, HPRE: there is no 32"""
    modify(machine, RCC_CFGR, 0xf << 4, hpre << 4)
    assert timer_khz(machine) == 8_000 // divider


@pytest.mark.parametrize("clock_source, tick_ns", [(1, 125), (0, 1_000)])
def test_systick(machine, clock_source, tick_ns):
    """6.2: HCLK, or HCLK / 8 (CLKSOURCE, PM0056 4.5)"""
    control = 0xe000e010
    machine.write(control + 4, 999)
    machine.write(control + 8, 0)
    machine.write(control, clock_source << 2 | 1)
    for _ in range(3):
        expect_bit_in(machine, 1000 * tick_ns, control, 1 << 16)  # the read clears it


# ------------------------------------------------------------------ interrupts

@pytest.mark.parametrize("address, on, flag, ns", [
    (CSR, LSION, 1 << 0, LSI_START_NS), (RCC_CR, HSEON, 1 << 3, HSE_START_NS),
    (RCC_CR, PLLON, 1 << 4, PLL_LOCK_NS)])
def test_ready_interrupt(machine, address, on, flag, ns):
    """6.3.3: RDYF with RDYIE; cleared through RDYC"""
    modify(machine, RCC_CFGR, 0, pll(4))
    machine.write(CIR, flag << 8)
    modify(machine, address, 0, on)
    machine.step(ns - 1)
    assert machine.read(CIR) == flag << 8
    assert not machine.irq(RCC_IRQ)
    machine.step(1)
    assert machine.read(CIR) == flag << 8 | flag
    assert machine.irq(RCC_IRQ)
    machine.write(CIR, flag << 8)  # the flag itself is read-only
    assert machine.irq(RCC_IRQ)
    machine.write(CIR, flag << 8 | flag << 16)
    assert machine.read(CIR) == flag << 8
    assert not machine.irq(RCC_IRQ)


def test_no_ready_flag_without_its_enable(machine):
    start_hse(machine)
    machine.write(CIR, 1 << 11)
    assert machine.read(CIR) == 1 << 11


# ------------------------------------------------------------------ peripherals

# What a register of each peripheral holds after reset, to see that it is clocked.
VISIBLE = {"gpioa": (0x40010800, 0x44444444), "gpiob": (0x40010c00, 0x44444444),
           "gpioc": (0x40011000, 0x44444444), "gpiod": (0x40011400, 0x44444444),
           "gpioe": (0x40011800, 0x44444444), "tim1": (0x40012c2c, 0xffff),
           "tim2": (0x4000002c, 0xffff), "tim3": (0x4000042c, 0xffff),
           "tim4": (0x4000082c, 0xffff), "usart1": (0x40013800, 0xc0),
           "usart2": (0x40004400, 0xc0), "usart3": (0x40004800, 0xc0),
           "crc": (0x40023000, 0xffffffff)}


@pytest.mark.parametrize("name", VISIBLE)
def test_each_peripheral_has_its_own_enable_bit(machine, name):
    """6.3.6 to 6.3.8"""
    assert [machine.read(address) for address, _ in VISIBLE.values()] == [0] * len(VISIBLE)
    clock_on(machine, name)
    answering = [n for n, (address, value) in VISIBLE.items() if machine.read(address) == value]
    assert answering == [name]


@pytest.mark.parametrize("name", [n for n in VISIBLE if n != "crc"])
def test_reset_bit_resets_and_holds(machine, name):
    """6.3.4, 6.3.5: what is written before or while it is set is lost."""
    address, value = VISIBLE[name]
    enable, bit = ENABLE[name]
    reset = {RCC_APB2ENR: RCC_APB2RSTR, RCC_APB1ENR: RCC_APB1RSTR}[enable]
    scratch = address + {"u": 0xc, "t": -4, "g": 0}[name[0]]  # CR1, PSC, CRL
    clock_on(machine, name)
    before = machine.read(scratch)
    machine.write(scratch, 0x1111)
    assert machine.read(scratch) == 0x1111
    machine.write(reset, 1 << bit)
    machine.write(scratch, 0x1111)
    machine.write(reset, 0)
    assert machine.read(scratch) == before
    assert machine.read(address) == value


# ------------------------------------------------------------------ resets

def test_reset_flags(machine):
    """6.3.10: they add up until RMVF clears them."""
    assert machine.read(CSR) == PORRSTF | PINRSTF
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(CSR) == SFTRSTF | PORRSTF | PINRSTF
    machine.write(CSR, RMVF)
    assert machine.read(CSR) == 0
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(CSR) == SFTRSTF | PINRSTF


def test_reset_pin(machine):
    machine.write(CSR, RMVF)
    machine.qmp.command("system_reset")
    assert machine.read(CSR) == PINRSTF


def test_flags_cannot_be_set(machine):
    machine.write(CSR, RMVF)
    machine.write(CSR, 0xfc000000)
    assert machine.read(CSR) == 0


def test_system_reset_goes_back_to_hsi(machine):
    start_hse(machine)
    switch_to(machine, SW_HSE)
    clock_on(machine, "gpioa", "tim2")
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(RCC_CR) == 0x8083
    assert [machine.read(r) for r in (RCC_CFGR, RCC_APB2ENR, RCC_APB1ENR)] == [0, 0, 0]
    assert timer_khz(machine) == 8_000


# ------------------------------------------------------------------ low-speed oscillators, RTCCLK

def test_no_low_speed_crystal_no_lse(machine_with):
    machine = machine_with("lse-hz=0")
    allow_backup_writes(machine)
    machine.write(BDCR, LSEON)
    machine.step(10_000_000_000)
    assert machine.read(BDCR) == LSEON


def test_wrong_low_speed_crystal(build_image):
    code, said = try_image(build_image("core"), machine=f"{MODEL},lse-hz=32000")
    assert code == 1
    assert "lse-hz=32000 is not 0 (no crystal) or 32768" in said


def test_lsebyp_only_while_lse_is_off(machine):
    """6.3.9"""
    allow_backup_writes(machine)
    machine.write(BDCR, LSEON)
    machine.write(BDCR, LSEON | 4)
    assert machine.read(BDCR) == LSEON
    machine.write(BDCR, 4)
    assert machine.read(BDCR) == 0, "LSE was on when this came"
    machine.write(BDCR, 4)
    assert machine.read(BDCR) == 4


# ------------------------------------------------------------------ MCO (6.2.10)

@pytest.mark.parametrize("mco, hz", [
    (0, 0), (3, 0), (4, 24_000_000), (5, 8_000_000), (6, 24_000_000), (7, 12_000_000)])
def test_clock_output(machine, mco, hz):
    start_hse(machine)
    start_pll(machine, pll(6))
    switch_to(machine, SW_PLL)
    modify(machine, RCC_CFGR, 7 << 24, mco << 24)
    assert machine.read(RCC_CFGR) >> 24 == mco
    assert qom_get(machine, "rcc", "mco-hz") == hz


def test_clock_output_of_what_is_off(machine):
    for mco in (6, 7):
        modify(machine, RCC_CFGR, 7 << 24, mco << 24)
        assert qom_get(machine, "rcc", "mco-hz") == 0
    modify(machine, RCC_CFGR, 7 << 24, 5 << 24)
    assert qom_get(machine, "rcc", "mco-hz") == 8_000_000


# ------------------------------------------------------------------ clock security (6.2.7)

CSSF, CSSC = 1 << 7, 1 << 23
NMIPENDSET = 1 << 31
ICSR = 0xe000ed04


def fail_hse(machine, fails=True):
    qom_set(machine, "rcc", "hse-fails", fails)


@pytest.mark.parametrize("source", [SW_HSE, SW_PLL])
def test_clock_security(machine_with, source):
    """HSE and the PLL on it go off, HSI is SYSCLK, CSSF and NMI"""
    machine = machine_with("hse-hz=8000000")
    start_hse(machine)
    start_pll(machine, PLLSRC | pll(3))
    switch_to(machine, source)
    modify(machine, RCC_CR, HSION, CSSON)
    fail_hse(machine)
    assert machine.read(RCC_CR) & ~CSSON == 0x8083
    assert machine.read(RCC_CFGR) & 0xf == 0
    assert machine.read(CIR) == CSSF
    assert machine.read(ICSR) & NMIPENDSET
    assert timer_khz(machine) == 8_000
    machine.write(CIR, 0)
    assert machine.read(CIR) == CSSF
    machine.write(CIR, CSSC)
    assert machine.read(CIR) == 0


def test_clock_security_without_hse_in_use(machine):
    start_hse(machine)
    modify(machine, RCC_CR, 0, CSSON)
    fail_hse(machine)
    assert machine.read(RCC_CR) & ~CSSON == 0x8083
    assert machine.read(CIR) == CSSF


def test_failure_without_security_stops_the_clock(machine):
    start_hse(machine)
    switch_to(machine, SW_HSE)
    clock_on(machine, "gpioa")
    fail_hse(machine)
    assert machine.read(CIR) == 0
    assert machine.read(RCC_CR) & (HSEON | HSERDY) == HSEON
    assert machine.read(0x40010800) == 0
    fail_hse(machine, False)
    machine.step(HSE_START_NS)
    assert machine.read(RCC_CR) & HSERDY
    assert machine.read(0x40010800) == 0x44444444


def test_crystal_that_does_not_swing(machine):
    fail_hse(machine)
    modify(machine, RCC_CR, 0, HSEON)
    machine.step(1_000_000_000)
    assert not machine.read(RCC_CR) & HSERDY


@pytest.mark.parametrize("name, base", [
    ("tim1", 0x40012c00), ("tim15", 0x40014000), ("tim16", 0x40014400), ("tim17", 0x40014800)])
@pytest.mark.parametrize("bke", [0, 1])
def test_clock_failure_is_a_break(machine, name, base, bke):
    """12.3.12, 14.3.10: with BKE; MOE goes, BIF comes"""
    bif, moe = 1 << 7, 1 << 15
    clock_on(machine, name)
    machine.write(base + 0x44, moe | bke << 12 | 1 << 13)
    machine.write(base + 0x10, 0)
    start_hse(machine)
    modify(machine, RCC_CR, 0, CSSON)
    fail_hse(machine)
    assert bool(machine.read(base + 0x10) & bif) == bke
    assert bool(machine.read(base + 0x44) & moe) != bke


# ------------------------------------------------------------------ causes as on silicon

def test_causes_as_on_silicon(machine):
    """RMVF, then a software reset, then IWDG: 0x14000000, 0x34000000"""
    machine.write(CSR, RMVF)
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(CSR) == 0x14000000
    machine.write(0x40003000, 0xcccc)
    machine.step(409_600_000)
    assert machine.read(CSR) == 0x34000000


# ------------------------------------------------------------------ the core's clock (6.2)

def durations(log):
    """How long PA0 was high, each time."""
    times = [int(line.split()[2]) for line in log.splitlines() if line.startswith("edge PA0 ")]
    return [end - begin for begin, end in zip(times[1::2], times[2::2])]


@pytest.mark.parametrize("cycles", [1, 2])
def test_instructions_take_their_time_at_hclk(build_image, tmp_path, cycles):
    """... from the next one on, with @cycles of HCLK each, down to 1 MHz; a reset goes back to HSI."""
    part = dataclasses.replace(stm32f100.PART, icount=f"rate={125 * cycles}/3,slice=1000,sleep=off")
    high = durations(part.run_image(build_image("core-clock"), tmp_path, resets=2))[:20]
    expected = [2000 * cycles * 1e9 / hz for hz in (8e6, 4e6, 1e6, 1e6, 24e6)]
    assert [b - a for a, b in zip(high[::2], high[1::2])] == pytest.approx(2 * expected, abs=1)


# ------------------------------------------------------------------ start-up code

@pytest.mark.parametrize("hse_hz, ready", [(8_000_000, HSERDY), (24_000_000, HSERDY), (0, 0)])
def test_hse_comes_while_start_up_code_polls(build_image, run_image, hse_hz, ready):
    """Pattern: SystemInit, which polls HSERDY 1280 times; without a crystal it gives up."""
    elf = build_image("hse-wait")
    assert run_image(elf, machine=f"{MODEL},hse-hz={hse_hz}") == f"ready {ready:08x}\n"
