"""GPC, PGMC, DCDC and the PMU's part of ANADIG, as far as start-up code goes (IMXRT1170RM,
chapters "General Power Controller", "Power Gating and Memory Controller", "DCDC Converter",
"PMU").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

GPC, PGMC, DCDC, ANADIG = 0x40c00000, 0x40c88000, 0x40ca8000, 0x40c84000
STEP = 0xb000ffff

REGISTERS = [
    (GPC + 0x004, 0xf00, 0x101f13), (GPC + 0x804, 0xf00, 0x101f13), (GPC + 0x00c, 0x6, 0x12),
    (GPC + 0x014, 0, 0), (GPC + 0x814, 1 << 18, 0),  # silicon: WAKEUP_REQUEST of the M4
    (GPC + 0x100, 0, 0xffffffff), (GPC + 0x91c, 0, 0xffffffff),
    (GPC + 0x120, 0, 0), (GPC + 0x140, 1, 3), (GPC + 0x150, 0, 0), (GPC + 0x200, 4, STEP),
    (GPC + 0xab8, 4, STEP), (GPC + 0x304, 0, 0), (GPC + 0x310, 0xffff, 0xffff),
    (GPC + 0xb5c, 0xffff, 0xffff), (GPC + 0x380, 0, 7), (GPC + 0x2014, 1, 0),
    (GPC + 0x2040, 0x76543210, 0xffffffff), (GPC + 0x21b0, 4, STEP), (GPC + 0x280c, 0, 0xf),
    (GPC + 0x2a60, 4, STEP), (GPC + 0x2a64, 0, 0),
    (PGMC + 0x004, 0xf00, 0x101f13), (PGMC + 0xe14, 0, 0xffff0f0e), (PGMC + 0x1044, 0x3330, 0x1ffff),
    (PGMC + 0x1448, 0x33333333, 0xffffffff), (PGMC + 0x1110, 0xff00, 0xffff),
    (PGMC + 0x1680, 0x35ff, 0x8000ffff), (PGMC + 0x3010, 0, 0x33), (PGMC + 0x1004 + 0x800, 0, 0),
    (DCDC + 0x000, 0x3, 0xfff8007f), (DCDC + 0x004, 0x0f0b100c, 0x1f1f1f1f),
    (DCDC + 0x008, 0x84030511, 0x2c2309ff), (DCDC + 0x014, 0x980000, 0x6dfc0000),
    (DCDC + 0x028, 0, 0xffff), (DCDC + 0x06c, 0x100000, 0xffffffff), (DCDC + 0x070, 0, 0),
    (ANADIG + 0x510, 0x108, 0x18017d), (ANADIG + 0x530, 0x1301c05, 0x1f60064),
    (ANADIG + 0x550, 0, 0x5fff), (ANADIG + 0x570, 0, 0x1d), (ANADIG + 0x600, 0, 0xffff),
    (ANADIG + 0x780, 0x2f11, 0x3fff), (ANADIG + 0x7b0, 0, 0), (ANADIG + 0x430, 0, 0),
    (ANADIG + 0x2a0, 0x0fffffff, 0x3fffffff), (ANADIG + 0x2d0, 0x2ffffffe, 0x3fffffff),
    (ANADIG + 0x2f0, 0x1d, 0x7f), (ANADIG + 0x800, 0x1170a0, 0), (ANADIG + 0x840, 0, 0),
    # no registers
    (ANADIG + 0x030, 0, 0), (ANADIG + 0x280, 0, 0), (ANADIG + 0x410, 0, 0), (ANADIG + 0x590, 0, 0),
    (ANADIG + 0x7c0, 0, 0), (ANADIG + 0x810, 0, 0), (ANADIG + 0x504, 0, 0),
]


@pytest.mark.parametrize("address, reset, writable", REGISTERS)
def test_reset_value_and_writable_bits(machine, address, reset, writable):
    assert machine.try_bits(address) == (reset, reset | writable, reset & ~writable)


def test_voltages_have_always_settled(machine):
    """STS_DC_OK of DCDC REG0, for which start-up code waits."""
    machine.write(DCDC + 0x004, 0x0f0b1010)
    assert machine.read(DCDC + 0x008) >> 31 == 1


@pytest.mark.parametrize("controller", [GPC, GPC + 0x800])
def test_set_point_is_granted(machine, controller):
    """CM_SP_CTRL: CPU_SP_RUN_EN; CM_SP_STAT: current, previous, target."""
    machine.write(controller + 0x300, 5 << 1 | 1)
    assert machine.read(controller + 0x300) == 5 << 1
    assert machine.read(controller + 0x304) == 5 | 0 << 4 | 5 << 8
    machine.write(controller + 0x300, 7 << 1 | 1)
    assert machine.read(controller + 0x304) == 7 | 5 << 4 | 7 << 8
    machine.write(controller + 0x300, 9 << 1)  # no request
    assert machine.read(controller + 0x304) == 7 | 5 << 4 | 7 << 8


def test_flags_of_power_controllers_are_cleared_by_writing_1(machine):
    machine.write(PGMC + 0x02c, 1)
    assert machine.read(PGMC + 0x02c) == 0


def test_body_bias_is_ready_once_it_is_on(machine):
    """PMU_BIAS_CTRL2: WB_OK follows WB_EN."""
    assert not machine.read(ANADIG + 0x560) & 1 << 26
    machine.write(ANADIG + 0x560, 1 << 24)
    assert machine.read(ANADIG + 0x560) == 1 << 24 | 1 << 26


def test_ldo_of_the_plls_behind_its_analog_interface(machine):
    """VDDSOC_AI_*, started by a change of PMU_LDO_PLL's AI_TOGGLE."""
    ldo_pll, ctrl, wdata, rdata = (ANADIG + n for n in (0x500, 0x820, 0x830, 0x840))
    machine.write(wdata, 0x105)
    machine.write(ctrl, 0)
    machine.write(ldo_pll, 1 << 16)
    machine.write(wdata, 0x2)
    machine.write(ctrl, 4)  # SET
    machine.write(ldo_pll, 0)
    machine.write(ctrl, 1 << 16)
    assert machine.read(rdata) == 0
    machine.write(ldo_pll, 1 << 16)
    assert machine.read(rdata) == 0x107
