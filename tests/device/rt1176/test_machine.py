"""mimxrt1176: memory map, identification, unmodelled peripherals.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176


@pytest.mark.parametrize("address, size", [
    (0x00000000, 256 << 10),  # ITCM (memory map of the M7, FlexRAM default)
    (0x20000000, 256 << 10),  # DTCM
    (0x20200000, 256 << 10),  # OCRAM M4 (LMEM back door)
    (0x20240000, 512 << 10),  # OCRAM1
    (0x202c0000, 512 << 10),  # OCRAM2
    (0x20340000, 64 << 10),   # OCRAM1 ECC, plain RAM without ECC
    (0x20350000, 64 << 10),   # OCRAM2 ECC
])
def test_ram_is_there_from_end_to_end(machine, address, size):
    machine.write(address, 0x12345678)
    machine.write(address + size - 4, 0x9abcdef0)
    assert machine.read(address) == 0x12345678
    assert machine.read(address + size - 4) == 0x9abcdef0


def test_memories_do_not_alias(machine):
    starts = [0x00000000, 0x20000000, 0x20200000, 0x20240000, 0x202c0000, 0x20340000, 0x20350000]
    for n, address in enumerate(starts):
        machine.write(address, n + 1)
    assert [machine.read(address) for address in starts] == [1, 2, 3, 4, 5, 6, 7]


def test_blank_flash_reads_ones_and_cannot_be_written(machine):
    machine.write(0x30000000, 0)
    assert machine.read(0x30000000) == 0xffffffff
    assert machine.read(0x30fffffc) == 0xffffffff


def test_chip_identification(machine):
    assert machine.read(0x40c84800) == 0x001170a0  # MISC_DIFPROG


def test_unmodelled_peripheral_holds_nothing(machine):
    machine.write(0x4012c000, 0xffffffff)  # GPIO1 DR
    assert machine.read(0x4012c000) == 0


def test_m4_start_address_after_reset(machine):
    """Read on silicon: GPR0 = 0, GPR1 = 0x2020."""
    assert (machine.read(0x40c0c000), machine.read(0x40c0c004)) == (0, 0x2020)


def test_state_of_the_m4_is_held(machine):
    assert machine.read(0x40c04290) & 1 == 1  # STAT_M4CORE, UNDER_RST
    assert machine.read(0x40c04000) == 0      # SCR


def test_release_bits_cannot_be_cleared(machine):
    machine.write(0x40c04000, 1)
    machine.write(0x40c04000, 0)
    assert machine.read(0x40c04000) == 1
    assert machine.read(0x40c04290) & 1 == 0


def test_power_on_is_the_reset_cause(machine):
    assert machine.read(0x40c04010) == 0x00010001  # SRSR
    machine.write(0x40c04010, 1)
    assert machine.read(0x40c04010) == 0x00010000


def test_interrupt_controller_and_mpu_of_the_m7(machine):
    machine.write(0xe000e118, 0xffffffff)
    assert machine.read(0xe000e118) == 0x03ffffff       # NVIC_ISER6: 218 lines
    machine.write(0xe000e400, 0xff, size=1)
    assert machine.read(0xe000e400, size=1) == 0xf0     # 4 priority bits
    assert machine.read(0xe000ed90) >> 8 & 0xff == 16   # MPU_TYPE[DREGION]


def test_wrong_image_is_refused(tmp_path):
    image = tmp_path / "no.elf"
    image.write_text("no ELF file")
    code, said = rt1176.try_image(image)
    assert code == 1
    assert said == f"mimxrt1176: '{image}': neither an ELF file nor an Intel HEX file\n"
