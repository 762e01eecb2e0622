"""ANADIG and CCM: PLL bits as start-up code polls them, and clocks that really
reach a UART (IMXRT1170RM, chapters CCM and PLL).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
from rt1176 import lpcg, root

ANADIG = 0x40c84000
LPUART6 = 0x40090000
LPUART11 = 0x40c24000
ROOT_LPUART6, LPCG_LPUART6 = 30, 91
ROOT_LPUART11 = 35
SYS_PLL2_CTRL, SYS_PLL2_UPDATE, SYS_PLL2_PFD = ANADIG + 0x240, ANADIG + 0x250, ANADIG + 0x270
SYS_PLL3_CTRL = ANADIG + 0x210
ARM_PLL_CTRL = ANADIG + 0x200
PLL2_ON, PLL3_ON = 1 << 23 | 1 << 13, 1 << 21 | 1 << 13  # POWERUP, ENABLE_CLK
STABLE = 1 << 29


def sent_bit_time(machine, base, uart):
    """Bit time of a character sent now with OSR = 15, SBR = 1."""
    machine.write(base + 0x18, 0)
    machine.write(base + 0x10, 15 << 24 | 1)
    machine.write(base + 0x18, 1 << 19)
    machine.write(base + 0x1c, 0x55)
    machine.step(1_000_000)
    symbols = machine.symbols(uart)
    return symbols[-1].bit_time if symbols else None


def test_reset_clock_is_24_mhz(machine):
    assert machine.read(root(ROOT_LPUART6)) == 0
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(24_000_000)


@pytest.mark.parametrize("mux, hz", [(0, 24_000_000), (1, 24_000_000), (2, 400_000_000),
                                     (3, 16_000_000), (4, 240_000_000), (6, 528_000_000)])
def test_clock_root_sources(machine, mux, hz):
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    machine.write(root(ROOT_LPUART6), mux << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(hz)


# What a root's sources are with PLL2 and PLL3 on, but for PFDs and PLL1.
ANY_ROOT = {0: 24_000_000, 1: 24_000_000, 2: 400_000_000, 3: 16_000_000}
MAIN_SPI = ANY_ROOT | {6: 528_000_000}
MAIN_I2C = MAIN_SPI | {4: 240_000_000}
LPSR = ANY_ROOT | {5: 480_000_000}


@pytest.mark.parametrize("name, number, sources", [
    *[(f"lpi2c{n}", 36 + n, MAIN_I2C if n < 5 else LPSR) for n in range(1, 7)],
    *[(f"lpspi{n}", 42 + n, MAIN_SPI if n < 5 else LPSR) for n in range(1, 7)]])
def test_clock_roots_of_serial_buses(machine, name, number, sources):
    """Chapter CCM, clock roots 37 to 48 and LPCG 98 to 109"""
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    for mux, hz in sources.items():
        machine.write(root(number), mux << 8)
        period = machine.qmp.command("qom-get", path=f"/machine/{name}/clk",
                                     property="qtest-clock-period")
        assert period == qtest.clock_period(hz)
    machine.write(lpcg(number + 61), 0)
    assert machine.qmp.command("qom-get", path=f"/machine/{name}/clk",
                               property="qtest-clock-period") == 0


def test_clock_root_of_the_lpsr_domain(machine):
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    machine.write(root(ROOT_LPUART11), 5 << 8)  # SYS_PLL3
    assert sent_bit_time(machine, LPUART11, "lpuart11") == 16 * qtest.clock_period(480_000_000)


def test_clock_root_divides(machine):
    machine.write(root(ROOT_LPUART6), 4)  # DIV: by 5
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 5 * 16 * qtest.clock_period(24_000_000)


def test_set_clear_toggle_registers(machine):
    machine.write(root(ROOT_LPUART6) + 4, 0x103)
    machine.write(root(ROOT_LPUART6) + 8, 0x001)
    machine.write(root(ROOT_LPUART6) + 12, 0x202)
    assert machine.read(root(ROOT_LPUART6)) == 0x300
    assert machine.read(root(ROOT_LPUART6) + 0x20) == 0x300  # STATUS0


def test_closed_gate_is_silence_until_it_opens(machine):
    assert machine.read(lpcg(LPCG_LPUART6)) == 1
    machine.write(lpcg(LPCG_LPUART6), 0)
    assert machine.read(lpcg(LPCG_LPUART6) + 0x10) & 1 == 0
    assert sent_bit_time(machine, LPUART6, "lpuart6") is None
    machine.write(lpcg(LPCG_LPUART6), 1)
    machine.step(1_000_000)
    assert len(machine.symbols("lpuart6")) == 1


def test_switched_off_root_is_silence(machine):
    machine.write(root(ROOT_LPUART6), 1 << 24)
    assert sent_bit_time(machine, LPUART6, "lpuart6") is None


def test_pll_that_is_off_gives_no_clock(machine):
    machine.write(root(ROOT_LPUART6), 6 << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") is None


def test_gated_pll_gives_no_clock(machine):
    machine.write(SYS_PLL2_CTRL, PLL2_ON | 1 << 30)
    machine.write(root(ROOT_LPUART6), 6 << 8)
    assert machine.read(SYS_PLL2_CTRL) & STABLE
    assert sent_bit_time(machine, LPUART6, "lpuart6") is None


def test_pll_is_stable_after_hold_ring_off(machine):
    assert not machine.read(ARM_PLL_CTRL) & STABLE
    machine.write(ARM_PLL_CTRL, 1 << 13 | 1 << 12 | 166)
    assert not machine.read(ARM_PLL_CTRL) & STABLE
    machine.write(ARM_PLL_CTRL, 1 << 13 | 166)
    assert machine.read(ARM_PLL_CTRL) & STABLE


def test_stable_bit_cannot_be_written(machine):
    machine.write(ARM_PLL_CTRL, STABLE)
    assert not machine.read(ARM_PLL_CTRL) & STABLE


def test_phase_fractional_divider(machine):
    """PFD3 of SYS_PLL2: 528 MHz x 18 / 24 = 396 MHz; UPDATE toggles STABLE."""
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    before = machine.read(SYS_PLL2_PFD) >> 30 & 1
    machine.write(SYS_PLL2_PFD, 24 << 24)
    machine.write(SYS_PLL2_UPDATE, 1 << 4)
    assert machine.read(SYS_PLL2_PFD) >> 30 & 1 == 1 - before
    machine.write(root(ROOT_LPUART6), 7 << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(396_000_000)


def test_a_new_divider_counts_from_update_on(machine):
    """FRAC without a toggle of UPDATE changes nothing; 528 MHz x 18 / 24 and x 18 / 36."""
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    machine.write(root(ROOT_LPUART6), 7 << 8)
    for frac, update, hz in ((24, 1, 396_000_000), (36, 1, 396_000_000), (36, 0, 264_000_000)):
        machine.write(SYS_PLL2_PFD, frac << 24)
        machine.write(SYS_PLL2_UPDATE, update << 4)
        period = machine.qmp.command("qom-get", path="/machine/lpuart6/clk",
                                     property="qtest-clock-period")
        assert period == qtest.clock_period(hz), frac


def test_sys_pll1_behind_the_analog_interface(machine):
    """Write CTRL0, see TOGGLE_DONE follow, read it back; DIV5 = 200 MHz."""
    ctrl, wdata, rdata = ANADIG + 0x850, ANADIG + 0x860, ANADIG + 0x870
    machine.write(wdata, 1 << 14 | 1 << 15)  # POWER_UP, ENABLE
    machine.write(ctrl, 0x100)
    assert machine.read(ctrl) & 0x300 == 0x300
    machine.write(ctrl, 0x10000)
    assert machine.read(ctrl) & 0x300 == 0
    assert machine.read(rdata) == 1 << 14 | 1 << 15
    machine.write(ANADIG + 0x2c0, 1 << 13 | 1 << 26)  # ENABLE_CLK, DIV5
    machine.write(root(ROOT_LPUART6), 5 << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(200_000_000)


def test_24_mhz_oscillator_is_stable(machine):
    assert machine.read(ANADIG + 0x20) & 1 << 30
