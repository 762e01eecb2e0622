"""ANADIG and CCM: PLLs that lock in their time, and clocks that really reach a UART
(IMXRT1170RM, chapters CCM and PLL; lock times: data sheet, PLL electrical parameters).
What CCM's own registers do: test_ccm.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176
from rt1176 import lpcg, root

ANADIG = 0x40c84000
LPUART6 = 0x40090000
LPUART11 = 0x40c24000
ROOT_LPUART6, LPCG_LPUART6 = 30, 91
ROOT_LPUART11 = 35
SYS_PLL2_CTRL, SYS_PLL2_UPDATE, SYS_PLL2_PFD = ANADIG + 0x240, ANADIG + 0x250, ANADIG + 0x270
SYS_PLL3_CTRL = ANADIG + 0x210
ARM_PLL_CTRL = ANADIG + 0x200
# POWERUP, ENABLE_CLK, PLL_REG_EN; of SYS_PLL3 its half, too
PLL2_ON, PLL3_ON = 1 << 23 | 1 << 13 | 1 << 3, 1 << 21 | 1 << 13 | 1 << 4 | 1 << 3
ARM_ON = 1 << 13 | 1 << 14 | 166  # POWERUP, ENABLE_CLK, DIV_SELECT: 996 MHz
STABLE = 1 << 29
OSC_24M_CTRL = ANADIG + 0x20
LOCKED_NS = 500_000  # longer than any PLL takes


def sent_bit_time(machine, base, uart):
    """Bit time of a character sent now with OSR = 15, SBR = 1."""
    machine.write(base + 0x18, 0)
    machine.write(base + 0x10, 15 << 24 | 1)
    machine.write(base + 0x18, 1 << 19)
    machine.write(base + 0x1c, 0x55)
    machine.step(1_000_000)
    symbols = machine.symbols(uart)
    return symbols[-1].bit_time if symbols else None


def plls_on(machine):
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    machine.step(LOCKED_NS)


def period(machine, clock):
    return machine.qmp.command("qom-get", path=f"/machine/{clock}", property="qtest-clock-period")


def test_reset_clock_is_24_mhz(machine):
    assert machine.read(root(ROOT_LPUART6)) == 0
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(24_000_000)


@pytest.mark.parametrize("mux, hz", [(0, 24_000_000), (1, 24_000_000), (2, 400_000_000),
                                     (3, 16_000_000), (4, 240_000_000), (6, 528_000_000)])
def test_clock_root_sources(machine, mux, hz):
    plls_on(machine)
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
    plls_on(machine)
    for mux, hz in sources.items():
        machine.write(root(number), mux << 8)
        assert period(machine, f"{name}/clk") == qtest.clock_period(hz)
    machine.write(lpcg(number + 61), 0)
    assert period(machine, f"{name}/clk") == 0


def test_clock_root_of_the_lpsr_domain(machine):
    plls_on(machine)
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
    machine.step(1000)
    assert machine.read(root(ROOT_LPUART6) + 0x20) == 0x300  # STATUS0


def test_closed_gate_is_silence_until_it_opens(machine):
    """A character that waits for its clock; its bits are as long as ever."""
    machine.write(LPUART6 + 0x10, 15 << 24 | 1)
    machine.write(LPUART6 + 0x18, 1 << 19)
    machine.write(root(ROOT_LPUART6), 1 << 24)
    machine.write(LPUART6 + 0x1c, 0x55)
    assert machine.read(lpcg(LPCG_LPUART6)) == 1
    machine.write(lpcg(LPCG_LPUART6), 0)
    machine.write(root(ROOT_LPUART6), 0)
    assert machine.read(lpcg(LPCG_LPUART6) + 0x10) & 1 == 0
    machine.step(1_000_000)
    assert not machine.symbols("lpuart6")
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
    machine.step(LOCKED_NS)
    machine.write(root(ROOT_LPUART6), 6 << 8)
    assert machine.read(SYS_PLL2_CTRL) & STABLE
    assert sent_bit_time(machine, LPUART6, "lpuart6") is None


# ------------------------------------------------------------------ locking

AI_ON = 1 << 14 | 1 << 15 | 1 << 22  # POWER_UP, ENABLE, PLL_REG_EN
CYCLE_NS = 1000 / 24


def write_ai(machine, port, value, address=0):
    """Write a word behind the analog interface at @port, which its toggle starts."""
    toggle = ~machine.read(port) & 0x100
    machine.write(port + 0x10, value)
    machine.write(port, toggle | address)


# What switches it on, its control register, cycles of the crystal until it is locked.
PLLS = {
    "arm-pll": (lambda m: m.write(ARM_PLL_CTRL, ARM_ON), ARM_PLL_CTRL, 2250),
    "sys-pll1": (lambda m: write_ai(m, ANADIG + 0x850, AI_ON), ANADIG + 0x2c0, 11250),
    "sys-pll2": (lambda m: m.write(SYS_PLL2_CTRL, PLL2_ON), SYS_PLL2_CTRL, 11250),
    "sys-pll3": (lambda m: m.write(SYS_PLL3_CTRL, PLL3_ON), SYS_PLL3_CTRL, 383),
    "audio-pll": (lambda m: write_ai(m, ANADIG + 0x880, AI_ON | 41), ANADIG + 0x300, 11250),
    "video-pll": (lambda m: write_ai(m, ANADIG + 0x8b0, AI_ON | 41), ANADIG + 0x350, 11250),
}
PLL_OFF = {
    "arm-pll": lambda m: m.write(ARM_PLL_CTRL, ARM_ON & ~(1 << 13)),
    "sys-pll1": lambda m: write_ai(m, ANADIG + 0x850, 1 << 14, address=8),  # CLR
    "sys-pll2": lambda m: m.write(SYS_PLL2_CTRL, PLL2_ON & ~(1 << 23)),
    "sys-pll3": lambda m: m.write(SYS_PLL3_CTRL, PLL3_ON & ~(1 << 21)),
    "audio-pll": lambda m: write_ai(m, ANADIG + 0x880, 1 << 14, address=8),
    "video-pll": lambda m: write_ai(m, ANADIG + 0x8b0, 1 << 14, address=8),
}


@pytest.mark.parametrize("name", PLLS)
def test_a_pll_takes_its_time_to_lock(machine, name):
    """STABLE and the clock behind ENABLE_CLK come together, and go with POWERUP at once."""
    power_up, ctrl, cycles = PLLS[name]
    ai = name in ("sys-pll1", "audio-pll", "video-pll")
    if ai:
        machine.write(ctrl, 1 << 13)  # ENABLE_CLK, no GATE
    assert not machine.read(ctrl) & STABLE
    power_up(machine)
    machine.step(int(cycles * CYCLE_NS) - 2)
    assert not machine.read(ctrl) & STABLE
    assert period(machine, f"anadig/{name}") == 0
    machine.step(4)
    assert machine.read(ctrl) & STABLE
    assert period(machine, f"anadig/{name}") != 0
    PLL_OFF[name](machine)
    assert not machine.read(ctrl) & STABLE
    assert period(machine, f"anadig/{name}") == 0


@pytest.mark.parametrize("ctrl, on, regulator", [(SYS_PLL2_CTRL, PLL2_ON, 1 << 3),
                                                 (SYS_PLL3_CTRL, PLL3_ON, 1 << 4)])
def test_a_pll_without_its_regulator_does_not_lock(machine, ctrl, on, regulator):
    machine.write(ctrl, on & ~regulator)
    machine.step(LOCKED_NS)
    assert not machine.read(ctrl) & STABLE
    machine.write(ctrl, on)
    machine.step(LOCKED_NS)
    assert machine.read(ctrl) & STABLE


@pytest.mark.parametrize("ctrl, on, hold", [(ARM_PLL_CTRL, ARM_ON, 1 << 12),
                                            (SYS_PLL2_CTRL, PLL2_ON, 1 << 11),
                                            (SYS_PLL3_CTRL, PLL3_ON, 1 << 11)])
def test_hold_ring_off_keeps_a_pll_from_being_stable(machine, ctrl, on, hold):
    """It is taken back at half the lock time; the lock time counts from POWERUP."""
    machine.write(ctrl, on | hold)
    machine.step(LOCKED_NS)
    assert not machine.read(ctrl) & STABLE
    machine.write(ctrl, on)
    assert machine.read(ctrl) & STABLE


def test_a_new_multiplier_is_a_new_lock(machine):
    machine.write(ARM_PLL_CTRL, ARM_ON)
    machine.step(LOCKED_NS)
    machine.write(ARM_PLL_CTRL, ARM_ON | 1 << 15)  # the divider behind it is none
    assert machine.read(ARM_PLL_CTRL) & STABLE
    machine.write(ARM_PLL_CTRL, ARM_ON ^ 1)
    assert not machine.read(ARM_PLL_CTRL) & STABLE
    machine.step(LOCKED_NS)
    assert period(machine, "anadig/arm-pll") == qtest.clock_period(1_002_000_000)


@pytest.mark.parametrize("name, locks, does_not", [
    ("arm-pll", (104, 208), (0, 103, 209)), ("audio-pll", (27, 54), (0, 26, 55)),
    ("video-pll", (27, 54), (0, 26, 55))])
def test_a_multiplier_out_of_range_does_not_lock(machine, name, locks, does_not):
    ctrl, port = PLLS[name][1], {"audio-pll": ANADIG + 0x880, "video-pll": ANADIG + 0x8b0}.get(name)
    machine.write(ctrl, 1 << 13)
    for multiplier in locks + does_not + locks:
        if port:
            write_ai(machine, port, AI_ON | multiplier)
        else:
            machine.write(ctrl, ARM_ON & ~0xff | multiplier)
        machine.step(LOCKED_NS)
        assert bool(machine.read(ctrl) & STABLE) == (multiplier in locks)
        assert bool(period(machine, f"anadig/{name}")) == (multiplier in locks)


def test_a_bypassed_pll_gives_the_crystal_at_once(machine):
    machine.write(ARM_PLL_CTRL, 1 << 14 | 1 << 17 | 166)
    assert period(machine, "anadig/arm-pll") == qtest.clock_period(24_000_000)


def test_the_gate_bit_of_the_400_mhz_oscillator_does_nothing(machine):
    """OSC_400M_CTRL1: PWD stops it, CLKGATE_400MEG, which start-up code sets, does not."""
    for ctrl1, hz in ((2, 400_000_000), (1, None), (0, 400_000_000)):
        machine.write(ANADIG + 0x50, ctrl1)
        assert period(machine, "anadig/osc-rc-400m") == (qtest.clock_period(hz) if hz else 0)


def test_pll1_as_drivers_start_it(machine):
    """Bypassed while it locks: regulator, 100 us, POWER_UP with HOLD_RING_OFF, which goes after
    225 us, STABLE, ENABLE, the gate, no bypass."""
    port, ctrl, hold, bypass = ANADIG + 0x850, ANADIG + 0x2c0, 1 << 13, 1 << 16
    write_ai(machine, port, bypass, address=4)  # SET
    machine.write(ctrl, 1 << 13 | 1 << 14 | 1 << 25 | 1 << 26)
    write_ai(machine, port, 1 << 22, address=4)
    machine.step(100_000)
    write_ai(machine, port, 1 << 14 | hold, address=4)
    machine.step(225_000)
    write_ai(machine, port, hold, address=8)  # CLR
    assert not machine.read(ctrl) & STABLE
    machine.step(243_750)
    assert machine.read(ctrl) & STABLE
    write_ai(machine, port, 1 << 15, address=4)
    machine.write(ctrl, 1 << 13 | 1 << 25 | 1 << 26)
    assert period(machine, "anadig/sys-pll1") == qtest.clock_period(24_000_000)
    write_ai(machine, port, bypass, address=8)
    assert [period(machine, f"anadig/sys-pll1{name}") for name in ("", "-div2", "-div5")] == [
        qtest.clock_period(hz) for hz in (1_000_000_000, 500_000_000, 200_000_000)]


def test_the_crystal_takes_a_millisecond(machine):
    """OSC_24M_CTRL: OSC_EN, OSC_24M_STABLE; chapter "Crystal Oscillator"."""
    assert machine.read(OSC_24M_CTRL) & 1 << 30  # the boot ROM has waited for it
    machine.write(OSC_24M_CTRL, 0)
    assert not machine.read(OSC_24M_CTRL) & 1 << 30
    assert period(machine, "anadig/osc-24m") == 0
    machine.write(OSC_24M_CTRL, 1 << 4)
    machine.step(999_999)
    assert not machine.read(OSC_24M_CTRL) & 1 << 30
    machine.step(1)
    assert machine.read(OSC_24M_CTRL) & 1 << 30
    assert period(machine, "anadig/osc-24m") == qtest.clock_period(24_000_000)


def test_plls_lock_to_the_crystal(machine):
    """Without it none is stable; with it they lock once it is."""
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    machine.step(LOCKED_NS)
    machine.write(OSC_24M_CTRL, 0)
    assert not machine.read(SYS_PLL3_CTRL) & STABLE
    machine.write(OSC_24M_CTRL, 1 << 4)
    machine.step(1_000_000 + 15_900)
    assert not machine.read(SYS_PLL3_CTRL) & STABLE
    machine.step(100)
    assert machine.read(SYS_PLL3_CTRL) & STABLE


def test_half_of_pll3_has_a_gate_of_its_own(machine):
    """SYS_PLL3_CTRL: SYS_PLL3_DIV2"""
    machine.write(SYS_PLL3_CTRL, PLL3_ON & ~(1 << 3))
    machine.step(LOCKED_NS)
    assert period(machine, "anadig/sys-pll3") == qtest.clock_period(480_000_000)
    assert period(machine, "anadig/sys-pll3-div2") == 0
    machine.write(SYS_PLL3_CTRL, PLL3_ON)
    assert period(machine, "anadig/sys-pll3-div2") == qtest.clock_period(240_000_000)


def test_a_uart_waits_for_the_pll_it_runs_from(machine):
    """Firmware that does not wait for STABLE: its character comes when the PLL does."""
    machine.write(LPUART6 + 0x10, 15 << 24 | 1)
    machine.write(LPUART6 + 0x18, 1 << 19)
    machine.write(root(ROOT_LPUART6), 6 << 8)
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    machine.write(LPUART6 + 0x1c, 0x55)
    machine.step(LOCKED_NS)
    symbol, = machine.symbols("lpuart6")
    assert 468_750 <= symbol.start_ns <= 468_800
    assert symbol.bit_time == 16 * qtest.clock_period(528_000_000)


def test_vmstate_of_a_pll_that_locks(tmp_path):
    """Half the lock time on one side, the rest on the other; a PFD that waits for it."""
    def prepare(machine):
        machine.write(SYS_PLL2_PFD, 24 << 24)
        machine.write(SYS_PLL2_UPDATE, 1 << 4)
        machine.write(SYS_PLL2_CTRL, PLL2_ON)
        machine.step(200_000)

    def go_on(machine):
        machine.step(268_749)
        before = machine.read(SYS_PLL2_CTRL) & STABLE
        machine.step(1)
        return (before, machine.read(SYS_PLL2_CTRL) & STABLE, period(machine, "anadig/sys-pll2"),
                period(machine, "anadig/sys-pll2-pfd3"))

    assert rt1176.PART.round_trip(tmp_path, prepare, go_on) == (
        0, STABLE, qtest.clock_period(528_000_000), qtest.clock_period(396_000_000))


def test_stable_bit_cannot_be_written(machine):
    machine.write(ARM_PLL_CTRL, STABLE)
    assert not machine.read(ARM_PLL_CTRL) & STABLE


def test_phase_fractional_divider(machine):
    """PFD3 of SYS_PLL2: 528 MHz x 18 / 24 = 396 MHz; UPDATE toggles STABLE."""
    plls_on(machine)
    before = machine.read(SYS_PLL2_PFD) >> 30 & 1
    machine.write(SYS_PLL2_PFD, 24 << 24)
    machine.write(SYS_PLL2_UPDATE, 1 << 4)
    assert machine.read(SYS_PLL2_PFD) >> 30 & 1 == 1 - before
    machine.write(root(ROOT_LPUART6), 7 << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(396_000_000)


def test_a_new_divider_counts_from_update_on(machine):
    """FRAC without a toggle of UPDATE changes nothing; 528 MHz x 18 / 24 and x 18 / 36."""
    plls_on(machine)
    machine.write(root(ROOT_LPUART6), 7 << 8)
    for frac, update, hz in ((24, 1, 396_000_000), (36, 1, 396_000_000), (36, 0, 264_000_000)):
        machine.write(SYS_PLL2_PFD, frac << 24)
        machine.write(SYS_PLL2_UPDATE, update << 4)
        assert period(machine, "lpuart6/clk") == qtest.clock_period(hz), frac


def test_a_divider_is_updated_once_its_pll_is_stable(machine):
    """PFDn_STABLE toggles when the new FRAC is in use: not before the PLL gives a clock."""
    machine.write(SYS_PLL2_PFD, 24 << 24)
    before = machine.read(SYS_PLL2_PFD)
    machine.write(SYS_PLL2_UPDATE, 1 << 4)
    machine.step(LOCKED_NS)
    assert machine.read(SYS_PLL2_PFD) == before
    machine.write(SYS_PLL2_CTRL, PLL2_ON)
    assert machine.read(SYS_PLL2_PFD) == before
    machine.step(LOCKED_NS)
    assert machine.read(SYS_PLL2_PFD) == before ^ 1 << 30
    assert period(machine, "anadig/sys-pll2-pfd3") == qtest.clock_period(396_000_000)


def test_sys_pll1_behind_the_analog_interface(machine):
    """Write CTRL0, see TOGGLE_DONE follow, read it back; DIV5 = 200 MHz."""
    ctrl, wdata, rdata = ANADIG + 0x850, ANADIG + 0x860, ANADIG + 0x870
    machine.write(wdata, AI_ON)
    machine.write(ctrl, 0x100)
    assert machine.read(ctrl) & 0x300 == 0x300
    machine.write(ctrl, 0x10000)
    assert machine.read(ctrl) & 0x300 == 0
    assert machine.read(rdata) == AI_ON
    machine.step(LOCKED_NS)
    machine.write(ANADIG + 0x2c0, 1 << 13 | 1 << 26)  # ENABLE_CLK, DIV5
    machine.write(root(ROOT_LPUART6), 5 << 8)
    assert sent_bit_time(machine, LPUART6, "lpuart6") == 16 * qtest.clock_period(200_000_000)
