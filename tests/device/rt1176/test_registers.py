"""Every register of registers/mimxrt1176.json: the value after reset where the description
has one, and that a write changes what its fields allow: reserved and read-only bits keep
what they have, write-only bits read 0, bits that a 1 clears or sets do that and no more,
writable bits take both values; and that a block behind a closed LPCG cannot be reached.

What does not follow the plain rule of its kind of access is in the tables of
docs/devices/rt1176-registers.md, which this test reads: each entry there must be needed, so
that the page neither lacks nor invents a deviation.  In rows of equal registers the first
and the last one are tested.

SPDX-License-Identifier: Apache-2.0
"""

import re

import pytest

import register_page
from register_page import PROJECT, mews_registers

BLOCKS = {name: block for name, block in
          mews_registers.load(PROJECT / "registers/mimxrt1176.json").items()
          if block.base < 0xe0000000}  # the cores' own registers are QEMU's
PAGE = PROJECT / "docs/devices/rt1176-registers.md"
# Something to lose where every register may be 0 after reset.
SET_FIRST = {"GPIO": "GDIR", "DMAMUX": "CHCFG0", "SEMA4": "CPINE0", "FLEXRAM": "INT_STAT_EN"}
RESET, UNTOUCHED = "Other values after reset", "Not written by the test"
PLAIN = "Other than the plain rule"


def layouts():
    return {block.layout: block for block in reversed(BLOCKS.values())}


def read_absent():
    """The layouts whose blocks are not modelled."""
    section = PAGE.read_text(encoding="utf-8").partition("## Not modelled\n")[2].partition("## ")[0]
    return re.findall(r"`([^`]+)`", section)


EXCEPTIONS = register_page.read_page(PAGE, BLOCKS)
ABSENT = read_absent()


class Excuses:
    """What the page says of the registers of a block in one table, and what of it was needed."""

    def __init__(self, block, title):
        self.bits = {r.name: EXCEPTIONS[title].bits.get(f"{block.layout}.{r.name}", 0)
                     for r in block.registers}
        self.needed = set()

    def cover(self, register, different):
        """What of @different the page does not have."""
        excused = different & self.bits[register.name]
        if excused:
            self.needed.add(register.name)
        return different & ~excused

    def idle(self, tested):
        return sorted(r.name for r in tested if self.bits[r.name] and r.name not in self.needed)


def representatives(block):
    """Of a row of equal registers the first and the last one, and no alias."""
    rows = {}
    for register in block.registers:
        if not register.alias:
            rows.setdefault(id(register.fields), []).append(register)
    return [r for row in rows.values() for r in dict.fromkeys((row[0], row[-1]))]


def first_of_each_layout():
    return sorted(item for item in layouts().items() if item[0] not in ABSENT)


def read(machine, block, register):
    return machine.read(block.base + register.offset, register.size)


@pytest.mark.parametrize("layout", [name for name, _ in first_of_each_layout()])
def test_value_after_reset(machine, layout):
    """IMXRT1170RM, "Memory Map and Register Definition" of each chapter."""
    excuses, wrong = Excuses(layouts()[layout], RESET), []
    known = [r for r in layouts()[layout].registers
             if r.reset is not None and not r.read and not r.alias]
    for block in (b for b in BLOCKS.values() if b.layout == layout):
        for register in known:
            value = read(machine, block, register)
            wanted = register.reset & ~register.mask("wo")
            if excuses.cover(register, value ^ wanted):
                wrong.append(f"{block.name}.{register.name}: {value:#x} instead of {wanted:#x}")
    assert not "\n".join(wrong)
    assert not excuses.idle(known)


def flip_bits(machine, block, register, untouched, excuses):
    """Write each bit that may be written the other way round, and back; what went wrong."""
    for n in range(8 * register.size):
        bit = 1 << n
        if untouched & bit:
            continue
        before = start = read(machine, block, register)
        for written in (before ^ bit, before):
            machine.write(block.base + register.offset, written, register.size)
            wanted = register_page.read_back(register, before, written)
            value = read(machine, block, register)
            if excuses.cover(register, value ^ wanted):
                return f"{register.name}: bit {n}: {value:#x} instead of {wanted:#x} (was {start:#x})"
            before = value
    return None


@pytest.mark.parametrize("layout, block", first_of_each_layout())
def test_access_to_each_bit(machine, layout, block):
    """The same chapters: access to each bit, reserved bits included."""
    excuses, wrong = Excuses(block, PLAIN), []
    tested = []
    for register in representatives(block):
        untouched = EXCEPTIONS[UNTOUCHED].bits.get(f"{layout}.{register.name}", 0)
        if untouched != (1 << 8 * register.size) - 1 and not register.read:
            tested.append(register)
            wrong.append(flip_bits(machine, block, register, untouched, excuses))
    assert not "\n".join(filter(None, wrong))
    assert not excuses.idle(tested)


def gate_of(block):
    register, _ = block.enable  # its only field is ON, bit 0
    return BLOCKS["CCM"].base + BLOCKS["CCM"].register(register).offset


@pytest.mark.parametrize("name", [n for n, b in BLOCKS.items()
                                  if b.enable and b.layout not in ABSENT])
def test_clock_gate(machine, name):
    """Chapter CCM, LPCGs: an access ends in a bus error, for qtest a read of 0; nothing of the
    block changes."""
    block = BLOCKS[name]
    registers = [r for r in representatives(block) if not r.read]
    if block.layout in SET_FIRST:
        register = block.register(SET_FIRST[block.layout])
        machine.write(block.base + register.offset, 8, register.size)
    before = [read(machine, block, r) for r in registers]
    assert any(before)
    machine.write(gate_of(block), 0)
    for value in (0xffffffff, 0):
        for register in registers:
            machine.write(block.base + register.offset, value & (1 << 8 * register.size) - 1,
                          register.size)
    assert [read(machine, block, r) for r in registers] == [0] * len(registers)
    machine.write(gate_of(block), 1)
    assert [read(machine, block, r) for r in registers] == before


@pytest.mark.parametrize("name", [n for n, b in BLOCKS.items() if b.layout in ABSENT])
def test_block_that_is_not_modelled(machine, name):
    """It reads 0, and takes no write: docs/devices/mimxrt1176.md."""
    block = BLOCKS[name]
    for register in representatives(block):
        machine.write(block.base + register.offset, (1 << 8 * register.size) - 1, register.size)
        assert read(machine, block, register) == 0, register.name


def test_page_names_what_there_is():
    """A row for a layout that is not modelled, or none at all, would say nothing."""
    assert set(ABSENT) <= set(layouts())
    assert not [name for title in (RESET, UNTOUCHED, PLAIN) for name in EXCEPTIONS[title].bits
                if name.partition(".")[0] in ABSENT]
