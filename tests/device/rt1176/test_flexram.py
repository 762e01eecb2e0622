"""FlexRAM: banks that IOMUXC_GPR16 to GPR18 make ITCM, DTCM or OCRAM (IMXRT1170RM,
chapter "FlexRAM"), and its registers.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

GPR16, GPR17, GPR18 = 0x400e4040, 0x400e4044, 0x400e4048
FLEXRAM = 0x40028000
INT_STATUS, INT_STAT_EN, INT_SIG_EN, FLEXRAM_CTRL = (FLEXRAM + n for n in (0x10, 0x14, 0x18, 0x108))
ITCM, DTCM, OCRAM, ECC_RAM = 0, 0x20000000, 0x20380000, 0x20360000
BANK = 32 << 10
SEL = 1 << 2
OFF, AS_OCRAM, AS_DTCM, AS_ITCM = range(4)
IRQ, ECC_IRQ = 50, 98


def lay_out(machine, banks):
    """Make bank n what banks[n] says."""
    machine.write(GPR17, sum(use << 2 * n for n, use in enumerate(banks[:8])))
    machine.write(GPR18, sum(use << 2 * n for n, use in enumerate(banks[8:])))
    machine.write(GPR16, machine.read(GPR16) | SEL)


def is_there(machine, address):
    machine.write(address, 0x5a5a1234)
    return machine.read(address) == 0x5a5a1234


def size_of(machine, base):
    """Banks in a row from @base on."""
    n = 0
    while n < 16 and is_there(machine, base + n * BANK) and is_there(machine, base + n * BANK + BANK - 4):
        n += 1
    return n


def sizes(machine):
    return tuple(size_of(machine, base) for base in (ITCM, DTCM, OCRAM))


def test_fused_split(machine):
    assert sizes(machine) == (8, 8, 0)


def test_bank_configuration_needs_to_be_selected(machine):
    machine.write(GPR17, 0x5555)
    machine.write(GPR18, 0x5555)
    assert sizes(machine) == (8, 8, 0)
    machine.write(GPR16, machine.read(GPR16) | SEL)
    assert sizes(machine) == (0, 0, 16)
    machine.write(GPR16, machine.read(GPR16) & ~SEL)
    assert sizes(machine) == (8, 8, 0)


@pytest.mark.parametrize("itcm, dtcm, ocram", [
    (16, 0, 0), (0, 16, 0), (0, 0, 16), (8, 0, 8), (4, 8, 4), (1, 2, 13), (0, 0, 0)])
def test_sizes(machine, itcm, dtcm, ocram):
    used = [AS_ITCM] * itcm + [AS_DTCM] * dtcm + [AS_OCRAM] * ocram
    lay_out(machine, used + [OFF] * (16 - len(used)))
    assert sizes(machine) == (itcm, dtcm, ocram)


def test_banks_follow_each_other_by_number(machine):
    """Banks that are not neighbours are one memory."""
    lay_out(machine, [AS_OCRAM, AS_DTCM] * 8)
    for n in range(8):
        machine.write(OCRAM + n * BANK, 0x0c000000 + n)
        machine.write(DTCM + n * BANK, 0xd0000000 + n)
    lay_out(machine, [AS_DTCM, AS_OCRAM] * 8)
    assert [machine.read(DTCM + n * BANK) for n in range(8)] == [0x0c000000 + n for n in range(8)]
    assert [machine.read(OCRAM + n * BANK) for n in range(8)] == [0xd0000000 + n for n in range(8)]


def test_a_bank_keeps_its_contents(machine):
    machine.write(ITCM + 7 * BANK, 0xcafe0007)
    lay_out(machine, [AS_ITCM] * 4 + [AS_OCRAM] * 12)
    assert machine.read(OCRAM + 3 * BANK) == 0xcafe0007


def test_reset_restores_the_split(machine):
    lay_out(machine, [AS_OCRAM] * 16)
    machine.qmp.command("system_reset")
    assert sizes(machine) == (8, 8, 0)


@pytest.mark.parametrize("address, bit", [(ITCM + 8 * BANK, 3), (DTCM + 8 * BANK, 4), (OCRAM, 5)])
def test_access_where_no_bank_is(machine, address, bit):
    """INT_STATUS: ITCM_ERR, DTCM_ERR, OCRAM_ERR; each behind INT_STAT_EN and INT_SIG_EN."""
    machine.read(address)
    assert machine.read(INT_STATUS) == 0
    machine.write(INT_STAT_EN, 1 << bit)
    machine.read(address)
    assert machine.read(INT_STATUS) == 1 << bit
    assert not machine.irq(IRQ)
    machine.write(INT_SIG_EN, 1 << bit)
    assert machine.irq(IRQ) and not machine.irq(ECC_IRQ)
    machine.write(INT_STATUS, 1 << bit)
    assert machine.read(INT_STATUS) == 0 and not machine.irq(IRQ)
    machine.write(address, 0)
    assert machine.irq(IRQ)


def test_ram_of_the_check_bits_is_memory_while_ecc_is_off(machine):
    """FLEXRAM_CTRL: OCRAM_ECC_EN, TCM_ECC_EN."""
    assert is_there(machine, ECC_RAM) and is_there(machine, ECC_RAM + (128 << 10) - 4)
    for bit in (4, 5):
        machine.write(FLEXRAM_CTRL, 1 << bit)
        assert not is_there(machine, ECC_RAM)
        machine.write(FLEXRAM_CTRL, 0)
        assert is_there(machine, ECC_RAM)


@pytest.mark.parametrize("offset, writable", [
    (0x00, 0x7), (0x04, 0x3ffff), (0x08, 0x1ffff), (0x0c, 0x1ffff), (0x14, 0x3ffff),
    (0x18, 0x3ffff), (0x1c, 0), (0x88, 0), (0x8c, 0), (0x104, 0), (0x108, 0x3f), (0x10c, 0)])
def test_registers(machine, offset, writable):
    assert machine.read(FLEXRAM + offset) == 0
    machine.write(FLEXRAM + offset, 0xffffffff)
    assert machine.read(FLEXRAM + offset) == writable
