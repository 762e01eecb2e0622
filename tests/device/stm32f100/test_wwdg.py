"""Window watchdog (RM0041 chapter 19) on PCLK1, 8 MHz after reset.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import RCC_APB1RSTR, clock_off, clock_on, modify, set_input

CR, CFR, SR = 0x40002c00, 0x40002c04, 0x40002c08
WDGA, EWI, EWIF = 1 << 7, 1 << 9, 1
RCC_CSR, RCC_CFGR = 0x40021024, 0x40021004
RMVF, PINRSTF, WWDGRSTF = 1 << 24, 1 << 26, 1 << 30
WWDG_IRQ = 0
TICK_NS = 4096 * 125


@pytest.fixture
def wwdg(machine):
    """Clocked since now, so the prescaler is at 0."""
    machine.write(RCC_CSR, RMVF)
    clock_on(machine, "wwdg")
    return machine


def has_reset(machine):
    return bool(machine.read(RCC_CSR) & WWDGRSTF)


def expect_reset_in(machine, ns):
    machine.step(ns - 1)
    assert not has_reset(machine)
    machine.step(1)
    assert machine.read(RCC_CSR) == WWDGRSTF | PINRSTF


def test_reset_values_and_clock_gate(machine):
    """19.6; 6.3.8 WWDGEN"""
    machine.write(CR, 0)
    assert [machine.read(r) for r in (CR, CFR, SR)] == [0, 0, 0]
    clock_on(machine, "wwdg")
    assert [machine.read(r) for r in (CR, CFR, SR)] == [0x7f, 0x7f, 0]


def test_writable_bits(wwdg):
    wwdg.write(CFR, 0xffffffff)
    assert wwdg.read(CFR) == 0x3ff
    wwdg.write(SR, 0xffff)
    assert wwdg.read(SR) == 0


@pytest.mark.parametrize("wdgtb", range(4))
@pytest.mark.parametrize("t", [0x40, 0x41, 0x7f])
def test_timeout(wwdg, wdgtb, t):
    """19.4: T_PCLK1 x 4096 x 2^WDGTB x (T[5:0] + 1)"""
    wwdg.write(CFR, wdgtb << 7 | 0x7f)
    wwdg.write(CR, WDGA | t)
    expect_reset_in(wwdg, (TICK_NS << wdgtb) * ((t & 0x3f) + 1))


def test_first_step_is_early(wwdg):
    """19.4: the prescaler runs freely, a write does not start it."""
    wwdg.step(3 * TICK_NS + 100_000)
    wwdg.write(CR, WDGA | 0x41)
    expect_reset_in(wwdg, 2 * TICK_NS - 100_000)


def test_timeout_follows_pclk1(wwdg):
    """6.3.2 PPRE1"""
    modify(wwdg, RCC_CFGR, 7 << 8, 5 << 8)
    wwdg.write(CR, WDGA | 0x43)
    expect_reset_in(wwdg, 4 * 4 * TICK_NS)


def test_counter_counts_without_wdga(wwdg):
    """19.3: also beyond 0x40, and no reset"""
    wwdg.step(10 * TICK_NS)
    assert wwdg.read(CR) == 0x7f - 10
    wwdg.step(0x80 * TICK_NS)
    assert wwdg.read(CR) == 0x7f - 10
    assert not has_reset(wwdg)


def test_counter_below_0x40_at_the_start_resets_at_once(wwdg):
    wwdg.write(CR, 0x3f)
    assert not has_reset(wwdg)
    wwdg.write(CR, WDGA | 0x3f)
    assert has_reset(wwdg)


def test_software_reset(wwdg):
    """19.3: T6 cleared by software"""
    wwdg.write(CR, WDGA | 0x7f)
    wwdg.write(CR, WDGA)
    assert has_reset(wwdg)


def test_wdga_stays(wwdg):
    wwdg.write(CR, WDGA | 0x7f)
    wwdg.write(CR, 0x7f)
    assert wwdg.read(CR) & WDGA
    expect_reset_in(wwdg, 64 * TICK_NS)


@pytest.mark.parametrize("steps, allowed", [(0x1f, False), (0x20, True)])
def test_window(wwdg, steps, allowed):
    """19.3: a refresh while T > W resets."""
    wwdg.write(CFR, 0x5f)
    wwdg.write(CR, WDGA | 0x7f)
    wwdg.step(steps * TICK_NS)
    wwdg.write(CR, WDGA | 0x7f)
    assert has_reset(wwdg) != allowed
    if allowed:
        expect_reset_in(wwdg, 64 * TICK_NS)


def test_window_counts_for_refreshes_only(wwdg):
    """The write that activates is none."""
    wwdg.write(CFR, 0x40)
    wwdg.write(CR, WDGA | 0x7f)
    assert not has_reset(wwdg)
    wwdg.write(CR, WDGA | 0x7f)
    assert has_reset(wwdg)


def test_refreshed_it_does_not_bite(wwdg):
    wwdg.write(CR, WDGA | 0x7f)
    for _ in range(20):
        wwdg.step(60 * TICK_NS)
        wwdg.write(CR, WDGA | 0x7f)
    assert not has_reset(wwdg)
    wwdg.step(65 * TICK_NS)
    assert has_reset(wwdg)


# ------------------------------------------------------------------ early wake-up

def test_early_wakeup_interrupt(wwdg):
    """19.3: at 0x40, one step before the reset; interrupt 0"""
    wwdg.write(CFR, EWI | 0x7f)
    wwdg.write(CR, WDGA | 0x43)
    wwdg.step(3 * TICK_NS - 1)
    assert [wwdg.read(SR), wwdg.irq(WWDG_IRQ)] == [0, False]
    wwdg.step(1)
    assert [wwdg.read(SR), wwdg.irq(WWDG_IRQ)] == [EWIF, True]
    wwdg.write(SR, 1)
    assert wwdg.irq(WWDG_IRQ), "rc_w0"
    wwdg.write(SR, 0)
    assert [wwdg.read(SR), wwdg.irq(WWDG_IRQ)] == [0, False]
    wwdg.write(CR, WDGA | 0x42)
    expect_reset_in(wwdg, 3 * TICK_NS)


def test_early_wakeup_without_wdga(wwdg):
    wwdg.write(CFR, EWI | 0x7f)
    wwdg.step(63 * TICK_NS - 1)
    assert not wwdg.irq(WWDG_IRQ)
    wwdg.step(1)
    assert wwdg.irq(WWDG_IRQ)


def test_flag_without_its_interrupt(wwdg):
    """19.6.3: EWIF is set whether EWI is or not."""
    wwdg.step(63 * TICK_NS)
    assert wwdg.read(SR) == EWIF
    assert not wwdg.irq(WWDG_IRQ)
    wwdg.write(CFR, EWI | 0x7f)
    assert wwdg.irq(WWDG_IRQ)


def test_ewi_is_cleared_by_reset_only(wwdg):
    wwdg.write(CFR, EWI | 0x7f)
    wwdg.write(CFR, 0x7f)
    assert wwdg.read(CFR) == EWI | 0x7f


# ------------------------------------------------------------------ what stops it

def test_without_its_clock_it_stands(wwdg):
    wwdg.write(CR, WDGA | 0x43)
    wwdg.step(TICK_NS // 2)
    clock_off(wwdg, "wwdg")
    wwdg.step(1_000_000_000)
    clock_on(wwdg, "wwdg")
    assert not has_reset(wwdg)
    expect_reset_in(wwdg, 4 * TICK_NS - TICK_NS // 2)


def test_apb_reset_ends_it(wwdg):
    """6.3.5 WWDGRST"""
    wwdg.write(CR, WDGA | 0x43)
    wwdg.write(RCC_APB1RSTR, 1 << 11)
    wwdg.write(RCC_APB1RSTR, 0)
    assert wwdg.read(CR) == 0x7f
    wwdg.step(1_000_000_000)
    assert not has_reset(wwdg)


def test_stands_in_stop_mode(wwdg):
    """4.3.4: no PCLK1"""
    wwdg.write(CR, WDGA | 0x43)
    set_input(wwdg, "pwr", "sleepdeep", 1)
    wwdg.step(1_000_000_000)
    set_input(wwdg, "pwr", "sleepdeep", 0)
    expect_reset_in(wwdg, 4 * TICK_NS)
