"""registers/*.json say nothing that cannot be: fields lie within their register and beside
each other, names are unique, what names something else names something that is there.

SPDX-License-Identifier: Apache-2.0
"""

import json
import pathlib
import sys

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT / "link/gdb"))

import mews_registers  # noqa: E402

PARTS = sorted((PROJECT / "registers").glob("*.json"))
ALL = {path: mews_registers.load(path) for path in PARTS}
BLOCKS = [pytest.param(path, block, id=f"{path.stem}-{block.name}")
          for path, blocks in ALL.items() for block in blocks.values()]
# of a row of equal registers the first one
REGISTERS = [pytest.param(block, register, id=f"{path.stem}-{layout}.{register.name}")
             for path, blocks in ALL.items()
             for layout, block in {b.layout: b for b in blocks.values()}.items()
             for register in {id(r.fields): r for r in reversed(block.registers)}.values()]
KEYS = {"name", "offset", "array", "aliases", "size", "section", "reset", "unknown", "read",
        "read_if", "write", "domain", "fields"}
DOMAINS = ("system", "backup", "power")
BLOCK_BYTES = {"stm32f100": 0x1000, "mimxrt1176": 0x10000}


def exclude_each_other(one, other):
    """Fields that are never there together: FIELD=N and FIELD!=N, or FIELD=M."""
    if not one.condition or not other.condition or one.condition.field != other.condition.field:
        return False
    return ((one.condition.number == other.condition.number)
            == (one.condition.equal != other.condition.equal)
            and (one.condition.equal or other.condition.equal))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_one_register_a_line(path):
    part = json.loads(path.read_text(encoding="utf-8"))
    lines = path.read_text(encoding="utf-8").splitlines()
    registers = [r for layout in part["layouts"] for r in layout["registers"]]
    assert all(set(register) <= KEYS for register in registers)
    assert sum(line.startswith('{"name"') and '"fields"' in line for line in lines) == len(registers)
    assert part["cores"] and all(int(cpuid, 0) >> 24 == 0x41 for cpuid in part["cores"])


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_names_and_places_are_unique(path):
    blocks = mews_registers.load(path).values()
    bases = [block.base for block in blocks]
    assert len(set(bases)) == len(bases)
    part = json.loads(path.read_text(encoding="utf-8"))
    for entries in (part["blocks"], part["layouts"]):
        names = [entry["name"].lower() for entry in entries]
        assert len(set(names)) == len(names)
    assert {b["layout"] for b in part["blocks"]} == {layout["name"] for layout in part["layouts"]}


@pytest.mark.parametrize("path, block", BLOCKS)
def test_block(path, block):
    offsets = [register.offset for register in block.registers]
    names = [register.name.lower() for register in block.registers]
    assert offsets == sorted(set(offsets)) and len(set(names)) == len(names)
    assert all(register.offset % register.size == 0 for register in block.registers)
    assert all(offset < BLOCK_BYTES[path.stem] for offset in offsets)
    clock_control = ALL[path].get("RCC") or ALL[path].get("CCM")
    for register, name in filter(None, (block.enable, block.reset)):
        assert name in [field.name for field in clock_control.register(register).fields]


@pytest.mark.parametrize("path, block", BLOCKS)
def test_blocks_do_not_overlap(path, block):
    last = block.base + block.registers[-1].offset
    for other in (b for b in ALL[path].values() if b.name != block.name):
        if other.base <= last and other.base + other.registers[-1].offset >= block.base:
            others = {other.base + register.offset for register in other.registers}
            assert not others & {block.base + register.offset for register in block.registers}
            assert other.base <= block.base or other.base > last or block.base >= 0xe0000000


@pytest.mark.parametrize("block, register", REGISTERS)
def test_fields(block, register):
    assert register.fields and register.domain in DOMAINS and block.manual
    for n, field in enumerate(register.fields):
        assert field.width >= 1 and field.low + field.width <= 8 * register.size
        assert field.access in mews_registers.ACCESS
        assert not field.values or len(field.values) in (5, 1 << field.width)
        for other in register.fields[n + 1:]:
            assert not field.mask & other.mask or exclude_each_other(field, other), other.name
            assert field.name != other.name or exclude_each_other(field, other)


@pytest.mark.parametrize("block, register", REGISTERS)
def test_reset_value(block, register):
    """Within 32 bits; what is not defined after reset belongs to a field."""
    if register.reset is not None:
        assert 0 <= register.reset < 1 << 8 * register.size
    assert not register.unknown & ~register.mask()


@pytest.mark.parametrize("block, register", REGISTERS)
def test_conditions(block, register):
    """They ask for a field that is always there, of a register that can be read."""
    for condition in [f.condition for f in register.fields] + [register.read_if]:
        if not condition:
            continue
        asked = block.register(condition.register) if condition.register else register
        field = next(f for f in asked.fields if f.name == condition.field)
        assert not field.condition and condition.number < 1 << field.width
        assert asked is register or not asked.read
    assert not register.read_if or (register.read and register.read_if.register)


def test_text_of_a_field():
    blocks = mews_registers.load(PROJECT / "registers/stm32f100.json")
    crl = blocks["GPIOA"].register("crl")
    assert [(f.name, f.text(0x4b)) for f in crl.decode(0x4b)][:4] == [
        ("MODE0", "3 (output, 50 MHz)"), ("CNF0", "2 (alternate push-pull)"), ("MODE1", "0 (input)"),
        ("CNF1", "1 (floating)")]
    dr = blocks["ADC1"].register("DR")
    assert [f.text(0x123) for f in dr.decode(0x123)] == ["0x0123"]


def test_a_row_and_its_aliases():
    root = {"name": "ROOT#_CONTROL", "offset": "0x100", "array": "3-4 0x80", "aliases": "SET CLR",
            "fields": ["MUX 10:8 rw"]}
    found = list(mews_registers.parse_registers(root, {}, {}))
    assert [(r.name, r.offset, r.alias) for r in found] == [
        ("ROOT3_CONTROL", 0x100, False), ("ROOT3_CONTROL_SET", 0x104, True),
        ("ROOT3_CONTROL_CLR", 0x108, True), ("ROOT4_CONTROL", 0x180, False),
        ("ROOT4_CONTROL_SET", 0x184, True), ("ROOT4_CONTROL_CLR", 0x188, True)]
    assert all(r.reset is None and r.size == 4 for r in found)


@pytest.mark.parametrize("text", ["3", "3-", "3-4", "4-3 0x4", "3-4 4", "a-b 0x4"])
def test_what_is_no_array(text):
    with pytest.raises(ValueError):
        mews_registers.parse_row(text)


@pytest.mark.parametrize("text", ["UE", "UE 13", "UE 13 xy", "UE x rw", "UE 13 rw if", "UE 13 rw a b"])
def test_what_is_no_field(text):
    with pytest.raises((ValueError, KeyError)):
        mews_registers.parse_field(text, {})


@pytest.mark.parametrize("text", ["CC1S", "CC1S>1", "=1", "A.B.C=1"])
def test_what_is_no_condition(text):
    with pytest.raises(ValueError):
        mews_registers.Condition.parse(text)
