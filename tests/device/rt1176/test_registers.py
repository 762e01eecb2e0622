"""Every register of registers/mimxrt1176.json: the value after reset where the description
has one, and that a write changes what its fields allow: reserved and read-only bits keep
what they have, write-only bits read 0, bits that a 1 clears or sets do that and no more,
writable bits take both values.

What does not follow the plain rule of its kind of access is in the tables of
docs/devices/rt1176-registers.md, which this test reads: each entry there must be needed, so
that the page neither lacks nor invents a deviation.  In rows of equal registers the first
and the last one are tested.

SPDX-License-Identifier: Apache-2.0
"""

import pathlib
import re
import sys

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT / "link/gdb"))

import mews_registers  # noqa: E402

BLOCKS = {name: block for name, block in
          mews_registers.load(PROJECT / "registers/mimxrt1176.json").items()
          if block.base < 0xe0000000}  # the cores' own registers are QEMU's
PAGE = PROJECT / "docs/devices/rt1176-registers.md"
RESET, UNTOUCHED = "Other values after reset", "Not written by the test"
PLAIN = "Other than the plain rule"


def layouts():
    return {block.layout: block for block in reversed(BLOCKS.values())}


def bits_named(register, names):
    """Of "all", reserved bits included, or of "UE, TE"; a pattern's registers differ in fields."""
    if names == "all":
        return (1 << 8 * register.size) - 1
    return mews_registers.sum_masks(f.mask for f in register.fields
                                    if f.name in names.split(", "))


def read_page():
    """{title: {"LAYOUT.REGISTER": bits}}; a row names registers, fields and the reason."""
    tables, title = {name: {} for name in (RESET, UNTOUCHED, PLAIN)}, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if title not in tables or not line.startswith("| `"):
            continue
        assert cells[2], f"{PAGE.name}: no reason for {cells[0]}"
        for pattern in re.findall(r"`([^`]+)`", cells[0]):
            layout, _, name = pattern.partition(".")
            expression = re.compile(name.replace("*", ".*"))
            found = [r for r in layouts()[layout].registers if expression.fullmatch(r.name)]
            assert found, f"{PAGE.name}: no register {pattern}"
            fields = cells[1].replace("`", "")
            assert any(bits_named(r, fields) for r in found), f"{PAGE.name}: {pattern}: {fields}"
            for register in found:
                key = f"{layout}.{register.name}"
                tables[title][key] = tables[title].get(key, 0) | bits_named(register, fields)
    return tables


def read_absent():
    """The layouts whose blocks are not modelled."""
    section = PAGE.read_text(encoding="utf-8").partition("## Not modelled\n")[2].partition("## ")[0]
    return re.findall(r"`([^`]+)`", section)


EXCEPTIONS = read_page()
ABSENT = read_absent()


class Excuses:
    """What the page says of the registers of a block in one table, and what of it was needed."""

    def __init__(self, block, title):
        self.bits = {r.name: EXCEPTIONS[title].get(f"{block.layout}.{r.name}", 0)
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


def expected(register, before, written):
    """What a register reads that read @before and was written @written."""
    masks = dict.fromkeys(mews_registers.ACCESS, 0)
    for f in register.decode(written):
        masks[f.access] |= f.mask
    after = before & ~register.mask()
    after |= before & (masks["ro"] | masks["rc_r"])
    after |= written & masks["rw"]
    after |= before & written & masks["rc_w0"]
    after |= before & ~written & masks["rc_w1"]
    after |= (before | written) & masks["rs"]
    return after


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
            wanted = expected(register, before, written)
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
        untouched = EXCEPTIONS[UNTOUCHED].get(f"{layout}.{register.name}", 0)
        if untouched != (1 << 8 * register.size) - 1 and not register.read:
            tested.append(register)
            wrong.append(flip_bits(machine, block, register, untouched, excuses))
    assert not "\n".join(filter(None, wrong))
    assert not excuses.idle(tested)


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
    assert not [name for title in (RESET, UNTOUCHED, PLAIN) for name in EXCEPTIONS[title]
                if name.partition(".")[0] in ABSENT]
