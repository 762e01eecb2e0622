"""SRC (IMXRT1170RM, chapter "System Reset Controller"); values marked "silicon"
were read on a MIMXRT1170-EVKB.  What resets do to running cores: test_cores.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176

SRC = 0x40c04000
SCR, SRMR, SBMR1, SBMR2, SRSR, GPR1 = (SRC + offset for offset in (0, 4, 8, 0xc, 0x10, 0x14))
AUTHEN, CTRL, SETPOINT, DOMAIN, STAT = 0x00, 0x04, 0x08, 0x0c, 0x10
SLICES = [n for n in range(10) if n != 3]  # MEGA, DISPLAY, WAKEUP, M4CORE, M7CORE, ...
M4CORE, M7CORE = 4, 5
UNDER_RST, RST_BY_SW = 1, 1 << 3
POWER_ON = 0x00010001
# lock bit of AUTHEN, the field it holds
LOCKS = [(1 << 7, 0x3), (1 << 15, 0xf00), (1 << 23, 0xf0000), (1 << 31, 0x3000000)]


def slice_register(number, register):
    return SRC + 0x200 + 0x20 * number + register


def test_reset_state(machine):
    assert [machine.read(r) for r in (SCR, SRMR, SRSR)] == [0, 0, POWER_ON]  # SCR: silicon
    assert machine.read(SBMR2) == 2 << 24  # BMOD: internal boot
    assert machine.read(slice_register(M4CORE, STAT)) == UNDER_RST  # silicon
    assert machine.read(slice_register(M7CORE, STAT)) == 0


def test_boot_modes_are_read_only(machine):
    before = machine.read(SBMR1), machine.read(SBMR2)
    for register in (SBMR1, SBMR2):
        machine.write(register, 0xffffffff)
    assert (machine.read(SBMR1), machine.read(SBMR2)) == before


@pytest.mark.parametrize("number", range(32))
def test_release_bits_can_only_be_set(machine, number):
    """Silicon: written back to 0, BT_RELEASE_M4 stays 1."""
    machine.write(SCR, 1 << number)
    machine.write(SCR, 0)
    assert machine.read(SCR) == (1 << number if number < 2 else 0)


def test_reset_modes_of_eleven_sources(machine):
    machine.write(SRMR, 0xffffffff)
    assert machine.read(SRMR) == 0x003fffff


def test_causes_are_cleared_by_writing_1(machine):
    machine.write(SRSR, 0x00010000)
    assert machine.read(SRSR) == 0x00000001
    machine.write(SRSR, 0)
    assert machine.read(SRSR) == 0x00000001
    machine.write(SRSR, 0xffffffff)
    assert machine.read(SRSR) == 0


def test_general_purpose_registers(machine):
    for n in range(20):
        machine.write(GPR1 + 4 * n, 0xa5a50000 + n)
    assert [machine.read(GPR1 + 4 * n) for n in range(20)] == [0xa5a50000 + n for n in range(20)]


def test_release_ends_the_hold(machine):
    machine.write(SCR, 1)
    assert machine.read(slice_register(M4CORE, STAT)) == 0  # silicon


def test_reset_of_a_core_that_is_held_leaves_no_trace(machine):
    """Silicon: SW_RESET, then release, then STAT_M4CORE reads 0."""
    machine.write(slice_register(M4CORE, CTRL), 1)
    assert machine.read(slice_register(M4CORE, STAT)) == UNDER_RST
    machine.write(SCR, 1)
    assert machine.read(slice_register(M4CORE, STAT)) == 0


@pytest.mark.parametrize("core", [M4CORE, M7CORE], ids=["M4", "M7"])
def test_software_reset_of_a_core(machine, core):
    machine.write(SCR, 1)
    machine.write(slice_register(core, CTRL), 0xfffffffe)  # no SW_RESET
    assert machine.read(slice_register(core, STAT)) == 0
    machine.write(slice_register(core, CTRL), 1)
    assert machine.read(slice_register(core, CTRL)) == 0  # silicon
    assert machine.read(slice_register(core, STAT)) == RST_BY_SW
    machine.write(slice_register(core, STAT), UNDER_RST)
    assert machine.read(slice_register(core, STAT)) == RST_BY_SW
    machine.write(slice_register(core, STAT), RST_BY_SW)
    assert machine.read(slice_register(core, STAT)) == 0


@pytest.mark.parametrize("number", SLICES)
def test_slice_registers(machine, number):
    for register, writable in ((SETPOINT, 0xffff), (DOMAIN, 0xff), (AUTHEN, 0x838f8f83)):
        address = slice_register(number, register)
        assert machine.read(address) == 0
        machine.write(address, 0xffffffff)
        assert machine.read(address) == writable


@pytest.mark.parametrize("lock, field", LOCKS)
def test_a_lock_holds_its_field_until_reset(machine, lock, field):
    address = slice_register(0, AUTHEN)
    machine.write(address, lock)
    machine.write(address, 0xffffffff & ~0x80808080)
    assert machine.read(address) == lock | 0x030f0f03 & ~field
    machine.write(address, 0)
    assert machine.read(address) == lock
    machine.qmp.command("system_reset")
    assert machine.read(address) == 0


def test_there_is_no_slice_3_and_none_behind_the_last(machine):
    for number in (3, 10):
        machine.write(slice_register(number, SETPOINT), 5)
        assert machine.read(slice_register(number, SETPOINT)) == 0


def test_vmstate(tmp_path):
    with rt1176.qtest_machine(tmp_path) as source:
        source.write(SCR, 1)
        source.write(SRMR, 0x3c0)
        source.write(SRSR, 1)
        source.write(GPR1 + 76, 0x5a)
        source.write(slice_register(7, DOMAIN), 0x81)
        source.qmp.save_state(tmp_path / "state")
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{tmp_path}/state") as target:
        target.resume(1)
        addresses = (SCR, SRMR, SRSR, GPR1 + 76, slice_register(7, DOMAIN), slice_register(M4CORE, STAT))
        assert [target.read(a) for a in addresses] == [1, 0x3c0, 0x10000, 0x5a, 0x81, 0]
