"""IOMUXC, IOMUXC_LPSR, IOMUXC_SNVS and their general purpose registers (IMXRT1170RM,
chapter "IOMUX Controller"): reset values, writable bits, locks.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

IOMUXC, GPR = 0x400e8000, 0x400e4000
LPSR, LPSR_GPR = 0x40c08000, 0x40c0c000
SNVS, SNVS_GPR = 0x40c94000, 0x40c98000
MUX, PAD, LOCKS = 0x1f, 0xf000001e, 0xf0000000

# What a register holds after reset, and which of its bits can be written.
REGISTERS = [
    (IOMUXC + 0x010, 0x5, MUX),         # GPIO_EMC_B1_00: ALT5 is GPIO
    (IOMUXC + 0x10c, 0x5, MUX),         # GPIO_AD_00
    (IOMUXC + 0x250, 0x5, MUX),         # GPIO_DISP_B2_15, the last multiplexer
    (IOMUXC + 0x254, 0x8, PAD),         # GPIO_EMC_B1_00, the first pad
    (IOMUXC + 0x31c, 0x4, PAD),         # GPIO_EMC_B2_08
    (IOMUXC + 0x350, 0xe, PAD | 1),     # GPIO_AD_00: slew rate, too
    (IOMUXC + 0x440, 0xc, PAD),         # GPIO_DISP_B1_06
    (IOMUXC + 0x494, 0xe, PAD | 1),     # GPIO_DISP_B2_15, the last pad
    (IOMUXC + 0x498, 0, 3),             # the first input selector
    (IOMUXC + 0x61c, 0, 3),             # LPUART1_RXD
    (IOMUXC + 0x624, 0, 1),             # LPUART10_RXD
    (IOMUXC + 0x714, 0, 1),             # the last one
    (GPR + 0x000, 0x18, LOCKS | 0x1ff),
    (GPR + 0x040, 0xaa03, LOCKS | 0x2c),   # GPR16
    (GPR + 0x044, 0, LOCKS | 0xffff),      # GPR17, FlexRAM banks 0 to 7
    (GPR + 0x048, 0, LOCKS | 0xffff),      # GPR18, banks 8 to 15
    (GPR + 0x094, 0x17, LOCKS | 0x6b),     # GPR37
    (GPR + 0x0a0, 0, LOCKS | 0xffff),      # GPR40, GPIO2 or CM7_GPIO2
    (GPR + 0x0fc, 0, 0),                   # GPR63, read-only
    (GPR + 0x130, 0, 0),                   # GPR76, read-only
    (LPSR + 0x000, 0xa, MUX),           # GPIO_LPSR_00: ALT10 is GPIO12
    (LPSR + 0x008, 0x0, MUX),           # GPIO_LPSR_02: boot mode
    (LPSR + 0x028, 0x0, MUX),           # GPIO_LPSR_10: JTAG
    (LPSR + 0x040, 0x2, LOCKS | 0x2f),
    (LPSR + 0x07c, 0xe, LOCKS | 0x2f),
    (LPSR + 0x0dc, 0, 1),
    (LPSR_GPR + 0x000, 0, LOCKS | 0xfff8),        # (silicon: 0)
    (LPSR_GPR + 0x004, 0x2020, LOCKS | 0xffff),   # (silicon: 0x2020)
    (LPSR_GPR + 0x068, 0x4000, 0xffffffff),
    (LPSR_GPR + 0x088, 0xe00, LOCKS | 0x83e),
    (LPSR_GPR + 0x0a4, 0, 0),
    (SNVS + 0x000, 0x5, 0x17),          # WAKEUP
    (SNVS + 0x004, 0x0, 0x17),          # PMIC_ON_REQ
    (SNVS + 0x070, 0x2, LOCKS | 0x4f),
    (SNVS_GPR + 0x07c, 0, 0xffffffff),
    (SNVS_GPR + 0x084, 0x180000, 0x6),  # DCDC has settled, 32 kHz is stable
    (SNVS_GPR + 0x090, 0x04800000, 0xfc800000),
]


@pytest.mark.parametrize("address, reset, writable", REGISTERS)
def test_reset_value_and_writable_bits(machine, address, reset, writable):
    assert machine.read(address) == reset
    free = writable & ~LOCKS if writable & LOCKS == LOCKS else writable
    machine.write(address, free)
    assert machine.read(address) == (reset & ~writable) | free
    machine.write(address, ~writable & 0xffffffff)
    assert machine.read(address) == reset & ~writable


@pytest.mark.parametrize("address", [
    IOMUXC + 0x00c, IOMUXC + 0x718, GPR + 0x04c, GPR + 0x0e0, GPR + 0x134, LPSR + 0x0e0,
    LPSR_GPR + 0x06c, SNVS + 0x074, SNVS_GPR + 0x098])
def test_no_register_holds_nothing(machine, address):
    machine.write(address, 0xffffffff)
    assert machine.read(address) == 0


def test_domain_write_protection_keeps_the_m7_out(machine):
    """DWP bit 28: CM7 is forbidden, also to take the bit back."""
    machine.write(GPR + 0x044, 0x1234)
    machine.write(GPR + 0x044, 1 << 28 | 0x5678)
    machine.write(GPR + 0x044, 0)
    assert machine.read(GPR + 0x044) == 1 << 28 | 0x5678


def test_domain_write_protection_of_the_m4_is_none_for_the_m7(machine):
    machine.write(GPR + 0x044, 1 << 29 | 0x5678)
    machine.write(GPR + 0x044, 0x1234)
    assert machine.read(GPR + 0x044) == 0x1234


@pytest.mark.parametrize("lock, kept", [(1 << 30, 1 << 28), (1 << 31, 1 << 29)])
def test_domain_write_protection_lock(machine, lock, kept):
    """DWP_LOCK: neither it nor the bit of DWP that it locks can be changed; data can."""
    machine.write(GPR + 0x044, lock | 0x1)
    machine.write(GPR + 0x044, kept | 0x2)
    assert machine.read(GPR + 0x044) == lock | 0x2


def test_lock_bit_of_a_register(machine):
    """IOMUXC_LPSR_GPR2: LOCK, bit 0, once set blocks the register."""
    machine.write(LPSR_GPR + 0x008, 0x12345678)
    machine.write(LPSR_GPR + 0x008, 0x87654321 & 0xfffffff9)
    machine.write(LPSR_GPR + 0x008, 0)
    assert machine.read(LPSR_GPR + 0x008) == 0x87654321 & 0xfffffff9


def test_lock_in_the_high_half(machine):
    """IOMUXC_LPSR_GPR18: bit 16 + n locks bit n."""
    machine.write(LPSR_GPR + 0x048, 0x10)
    machine.write(LPSR_GPR + 0x048, 0x10 << 16 | 0x10)
    machine.write(LPSR_GPR + 0x048, 0)
    assert machine.read(LPSR_GPR + 0x048) == 0x10 << 16 | 0x10


def test_reset_unlocks(machine):
    machine.write(GPR + 0x044, 0xf0001234)
    machine.qmp.command("system_reset")
    machine.read(GPR + 0x044)
    assert machine.read(GPR + 0x044) == 0
