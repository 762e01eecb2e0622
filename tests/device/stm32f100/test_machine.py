"""stm32f100c8, stm32f100rb: core, memories, signature, what is not modelled (RM0041 2.3, 2.4, 25.6; PM0056; docs/devices/stm32f100.md).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from stm32f100 import MODEL, clock_on

SRAM, FLASH, SYSTEM_MEMORY = 0x20000000, 0x08000000, 0x1ffff000


# ------------------------------------------------------------------ memories

def test_sram_from_end_to_end(machine):
    """8 KiB (datasheet, table 2)"""
    machine.write(SRAM, 0x12345678)
    machine.write(SRAM + 0x1ffc, 0x9abcdef0)
    assert [machine.read(SRAM), machine.read(SRAM + 0x1ffc)] == [0x12345678, 0x9abcdef0]
    machine.write(SRAM + 0x2000, 0x55)
    assert machine.read(SRAM + 0x2000) == 0


def test_sram_is_not_zero_at_power_on(machine):
    assert {machine.read(SRAM + n) for n in range(0, 0x2000, 0x100)} == {0xdeadbeef}


def test_other_contents_of_sram_at_power_on(machine_of):
    machine = machine_of(f"{MODEL},sram-poison=0x00c0ffee")
    assert [machine.read(SRAM), machine.read(SRAM + 0x1ffc)] == [0x00c0ffee] * 2


def test_reset_leaves_sram_alone(machine):
    machine.write(SRAM, 0x12345678)
    machine.write(0xe000ed0c, 0x05fa0004)
    assert [machine.read(SRAM), machine.read(SRAM + 4)] == [0x12345678, 0xdeadbeef]


def test_other_size_of_sram(machine_of):
    machine = machine_of(f"{MODEL},sram-size=16384")
    machine.write(SRAM + 0x3ffc, 1)
    assert [machine.read(SRAM + 0x3ffc), machine.read(SRAM + 0x4000)] == [1, 0]


@pytest.mark.parametrize("model, size", [("stm32f100c8", 64), ("stm32f100rb", 128)])
def test_flash_of_each_part(machine_of, model, size):
    """Blank: all ones; its alias at 0; its size in KiB (25.6.1)"""
    machine = machine_of(model)
    end = size << 10
    for base in (FLASH, 0):
        assert [machine.read(base), machine.read(base + end - 4)] == [0xffffffff] * 2
        assert machine.read(base + end) == 0
    assert machine.read(0x1ffff7e0, size=2) == size


def test_signature_and_option_bytes(machine):
    """25.6.2: 96 bits of unique id; PM0063 2.6: unprotected option bytes"""
    unique_id = [machine.read(0x1ffff7e8 + n) for n in (0, 4, 8)]
    assert 0xffffffff not in unique_id and 0 not in unique_id
    assert machine.read(0x1ffff800) == 0x00ff5aa5
    assert [machine.read(0x1ffff800 + n) for n in (4, 8, 12)] == [0x00ff00ff] * 3


def test_system_memory_cannot_be_written(machine):
    machine.write(SYSTEM_MEMORY, 0)
    assert machine.read(SYSTEM_MEMORY) == 0xffffffff


# ------------------------------------------------------------------ core

def test_interrupt_controller(machine):
    """8.1: 16 priorities, vectors up to 60"""
    machine.write(0xe000e104, 0xffffffff)
    assert machine.read(0xe000e104) == 0x1fffffff
    machine.write(0xe000e400, 0xff, size=1)
    assert machine.read(0xe000e400, size=1) == 0xf0


def test_what_software_sees(build_image, run_image):
    """PM0056 4.4.1: r1p1; no MPU; RM0041 23.6.1; bit band (2.3.1); power-on flags"""
    assert run_image(build_image("core")) == (
        "sram deadbeef\ncpuid 411fc231\nmpu 00000000\nidcode 10016420\nvtor 00000000\n"
        "alias 00000001\nband 00000020\nband 00000020\nflags 0c000000\n")


def test_mpu_for_experiments(build_image, run_image):
    said = run_image(build_image("core"), machine=f"{MODEL},mpu-regions=8")
    assert "mpu 00000800\n" in said


def test_reset_runs_the_image_again(build_image, run_image):
    """SFTRSTF joins the power-on flags (6.3.10)."""
    said = run_image(build_image("core"), resets=2)
    flags = [line for line in said.splitlines() if line.startswith("flags")]
    assert flags[:2] == ["flags 0c000000", "flags 1c000000"]


def test_bus_faults(build_image, run_image):
    """2.3; PM0063 2.3.1, 2.3.2; 3.4: the first address behind each memory, and refused writes"""
    assert run_image(build_image("faults")) == (
        "memories\nfault 20002000\nfault 20002000\nfault 20002001\nfault 08020000\n"
        "fault 00020000\nfault 1fffeffc\nfault 1ffff810\nfault 40000c00\nfault 60000000\n"
        "flash\nfault 08010000\nfault 08010000\nfault 08010000\nprogrammed ffff1234\n"
        "fault 40022004\n"
        "CRC\nfault 40023000\nfault 40023000\n")


def test_larger_sram_has_its_end_elsewhere(build_image, run_image):
    said = run_image(build_image("faults"), machine=f"{MODEL},sram-size=16384")
    assert said.startswith("memories\nfault 08020000\n")


def test_every_run_is_the_same(build_image, run_image):
    elf = build_image("faults")
    assert len({run_image(elf) for _ in range(5)}) == 1


# ------------------------------------------------------------------ not modelled

def test_feature_that_a_device_lacks_says_so(machine_of, tmp_path):
    log = tmp_path / "log"
    machine = machine_of(MODEL, "-d", "unimp", "-D", str(log))
    clock_on(machine, "afio")
    machine.write(0x40010000, 1 << 7)  # EVCR: EVOE
    assert log.read_text() == "stm32f100-afio: EVENTOUT drives no pin\n"


def test_access_without_a_clock_says_so(machine_of, tmp_path):
    log = tmp_path / "log"
    machine = machine_of(MODEL, "-d", "guest_errors", "-D", str(log))
    machine.write(0x4001100c, 1)
    assert log.read_text() == "stm32f100-gpio: write of port C while RCC does not clock it\n"


# ------------------------------------------------------------------ options

@pytest.mark.parametrize("option, message", [
    ("sram-size=1000", "sram-size=1000 is not a number of KiB"),
    ("sram-size=0", "sram-size=0 is not a number of KiB"),
    ("sram-size=1049600", "sram-size=1049600 is not a number of KiB up to 0x100000"),
    ("mpu-regions=16", "mpu-regions=16 is neither 0 nor 8"),
    ("mpu-regions=4294967295", "mpu-regions=4294967295 is neither 0 nor 8"),
    ("flash-size=1000", "size=1000 is not a number of pages of 1024 bytes"),
    ("flash-size=525312", "flash-size=525312 is more than 524288 bytes"),
    ("hse-hz=1000000", "hse-hz=1000000 is not 0 (no crystal) or 4000000..24000000"),
    ("pll-max-hz=20000000", "pll-max-hz=20000000 is not 24000000..72000000"),
    ("pll-max-hz=72000001", "pll-max-hz=72000001 is not 24000000..72000000"),
])
def test_wrong_option(build_image, option, message):
    code, said = stm32f100.try_image(build_image("core"), machine=f"{MODEL},{option}")
    assert code == 1
    assert message in said
