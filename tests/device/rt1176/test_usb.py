"""USB without a cable: what a boot loader sees (IMXRT1170RM, chapters "Universal Serial Bus
Controller", "USB-PHY").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

OTG = [0x40430000, 0x4042c000]
PHY = [0x40434000, 0x40438000]


@pytest.mark.parametrize("phy", PHY)
def test_no_vbus(machine, phy):
    """USB1_VBUS_DET_STAT: nothing valid, whatever the detector is told."""
    machine.write(phy + 0xc4, 1 << 31)
    assert machine.read(phy + 0xd0) == 0


@pytest.mark.parametrize("phy", PHY)
def test_set_clear_toggle(machine, phy):
    """CTRL and its SET, CLR and TOG addresses, each of which reads the register."""
    machine.write(phy + 0x30, 0)
    machine.write(phy + 0x34, 0x8000c002)
    machine.write(phy + 0x38, 0x80000000)
    machine.write(phy + 0x3c, 0x00004001)
    assert [machine.read(phy + n) for n in (0x30, 0x34, 0x38, 0x3c)] == 4 * [0x08008003]


@pytest.mark.parametrize("phy", PHY)
def test_pll_is_locked_while_it_has_power(machine, phy):
    assert machine.read(phy + 0xa0) == 0x00d12000
    machine.write(phy + 0xa4, 1 << 12)
    assert machine.read(phy + 0xa0) >> 31 == 1
    machine.write(phy + 0xa8, 1 << 12)
    assert machine.read(phy + 0xa0) >> 31 == 0


@pytest.mark.parametrize("otg", OTG)
def test_controller_reset_is_over_at_once(machine, otg):
    machine.write(otg + 0x154, 0x20240000)
    machine.write(otg + 0x200, 0x20000000)
    machine.write(otg + 0x140, 2)
    assert machine.read(otg + 0x140) == 0x00080000
    assert machine.read(otg + 0x154) == 0
    assert machine.read(otg + 0x200) == 0x30001000 & ~0x2003c780 | 0x20000000


@pytest.mark.parametrize("otg", OTG)
def test_nothing_is_connected(machine, otg):
    machine.write(otg + 0x1a8, 2)  # device
    machine.write(otg + 0x140, 0x00080001)  # run
    machine.step(1_000_000_000)
    assert machine.read(otg + 0x184) & 1 == 0
    assert machine.read(otg + 0x144) == 0x80
    machine.write(otg + 0x1b0, 0x00010001)
    assert machine.read(otg + 0x1b0) == 0 and machine.read(otg + 0x1bc) == 0


@pytest.mark.parametrize("address, reset, writable", [
    (OTG[0] + 0x000, 0xe4a1fa05, 0), (OTG[0] + 0x084, 0, 0xc1ffffff), (OTG[0] + 0x090, 2, 7),
    (OTG[0] + 0x100, 0x01000040, 0), (OTG[0] + 0x124, 0x188, 0), (OTG[0] + 0x148, 0, 0x030d05ff),
    (OTG[0] + 0x160, 0x808, 0x1ffff), (OTG[0] + 0x180, 1, 0), (OTG[0] + 0x1a8, 0x5000, 0x1f),
    (OTG[0] + 0x1dc, 0, 0xef00ef), (OTG[0] + 0x150, 0, 0), (OTG[0] + 0x210, 0x10004084, 0x1800),
    (PHY[0] + 0x000, 0x1e1c00, 0x1e1c00), (PHY[0] + 0x010, 0x10060607, 0xf0f0f),
    (PHY[0] + 0x040, 0, 0x100), (PHY[0] + 0x080, 0x04030000, 0), (PHY[0] + 0x0c0, 0x700004, 0x84741fff),
    (PHY[0] + 0x100, 0x402, 0x400), (PHY[0] + 0x130, 0x7f, 0x7f), (PHY[0] + 0x090, 0, 0)])
def test_registers(machine, address, reset, writable):
    assert machine.read(address) == reset
    machine.write(address, 0xffffffff)
    assert machine.read(address) == reset | writable
    machine.write(address, 0)
    assert machine.read(address) == reset & ~writable
