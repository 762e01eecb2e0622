"""The MPU's registers at the M7 (ARMv7-M B3.5), and the fault that cannot be taken; what the MPU
lets pass on both cores: robots/rt1176/mpu.robot.

SPDX-License-Identifier: Apache-2.0
"""

import select
import subprocess

import pytest

import qtest
import rt1176

TYPE, CTRL, RNR, RBAR, RASR = 0xe000ed90, 0xe000ed94, 0xe000ed98, 0xe000ed9c, 0xe000eda0
ALIAS = 8  # RBAR_A1 and RASR_A1 are that much behind
REGIONS, VALID = 16, 1 << 4


def test_type(machine):
    """B3.5.5: unified, 16 regions, read-only."""
    machine.write(TYPE, 0xffffffff)
    assert machine.read(TYPE) == REGIONS << 8


def test_ctrl(machine):
    """B3.5.6: ENABLE, HFNMIENA, PRIVDEFENA; the rest is 0."""
    assert machine.read(CTRL) == 0
    machine.write(CTRL, 0xffffffff)
    assert machine.read(CTRL) == 7


def test_every_region_is_its_own(machine):
    """B3.5.7 to B3.5.9"""
    for n in range(REGIONS):
        machine.write(RNR, n)
        machine.write(RBAR, 0x20000000 + 0x1000 * n)
        machine.write(RASR, n << 8 | 0x16)
    for n in range(REGIONS):
        machine.write(RNR, n)
        assert machine.read(RBAR) == 0x20000000 + 0x1000 * n + n
        assert machine.read(RASR) == n << 8 | 0x16


def test_a_region_that_is_not_there(machine):
    """UNPREDICTABLE: RNR stays."""
    machine.write(RNR, 3)
    machine.write(RNR, REGIONS)
    assert machine.read(RNR) == 3


@pytest.mark.parametrize("bits", [1 << n for n in range(32)])
def test_bits_of_rasr(machine, bits):
    """B3.5.9: XN, AP, TEX, S, C, B, SRD, SIZE, ENABLE."""
    machine.write(RASR, bits)
    assert machine.read(RASR) == bits & 0x173fff3f


@pytest.mark.parametrize("alias", range(4))
def test_aliases(machine, alias):
    """B3.5.10: the same registers at four places; VALID and REGION choose."""
    machine.write(RBAR + ALIAS * alias, 0x20280000 | VALID | 9)
    machine.write(RASR + ALIAS * alias, 0x0306_0011)
    assert machine.read(RNR) == 9
    for at in range(4):
        assert machine.read(RBAR + ALIAS * at) == 0x20280009
        assert machine.read(RASR + ALIAS * at) == 0x0306_0011


@pytest.mark.parametrize("alias", range(4))
def test_halfwords_of_rasr(machine, alias):
    """B3.5.9: attributes in the upper one, size and subregions in the lower one."""
    rasr = RASR + ALIAS * alias
    machine.write(rasr + 2, 0x1306, 2)
    assert machine.read(RASR) == 0x1306_0000
    machine.write(rasr, 0xa511, 2)
    assert machine.read(RASR) == 0x1306_a511
    assert (machine.read(rasr, 2), machine.read(rasr + 2, 2)) == (0xa511, 0x1306)


def test_state_is_saved(tmp_path):
    with rt1176.qtest_machine(tmp_path) as source:
        for n in range(REGIONS):
            source.write(RBAR, 0x20000000 + 0x1000 * n | VALID | n)
            source.write(RASR, n << 24 & 0x7000000 | n << 8 | 0x16)
        source.write(RNR, 11)
        source.write(CTRL, 5)
        source.qmp.save_state(tmp_path / "state")
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming",
                              f"file:{tmp_path}/state") as target:
        target.resume(1)
        assert (target.read(RNR), target.read(CTRL)) == (11, 5)
        for n in range(REGIONS):
            target.write(RNR, n)
            assert target.read(RBAR) == 0x20000000 + 0x1000 * n + n
            assert target.read(RASR) == n << 24 & 0x7000000 | n << 8 | 0x16


def first_words_of(elf):
    """What the emulator says of the image first; nothing when it comes to its end."""
    with subprocess.Popen(
        [qtest.QEMU, "-M", rt1176.PART.model, "-display", "none", "-monitor", "none",
         "-serial", "none", "-kernel", elf, "-icount", rt1176.PART.icount,
         "-action", "reboot=shutdown"], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert select.select([process.stderr], [], [], qtest.LIMIT_S)[0], "neither"
            return process.stderr.readline()
        finally:
            process.kill()


def test_a_violation_at_priority_minus_1_locks_up(build_image):
    """B3.5.6 HFNMIENA, B1.5.15: with FAULTMASK set no fault can be taken."""
    said = first_words_of(build_image("hfnmiena", "-DHFNMIENA=1"))
    assert "locked up" in said
    assert "CFSR 0x00000082 HFSR 0x00000000 MMFAR 0x20280000" in said


def test_without_hfnmiena_it_is_none(build_image):
    assert first_words_of(build_image("hfnmiena", "-DHFNMIENA=0")) == ""
