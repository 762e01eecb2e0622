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
BLOCKS = [pytest.param(path, block, id=f"{path.stem}-{block.name}")
          for path in PARTS for block in mews_registers.load(path).values()]
REGISTERS = [pytest.param(block, register, id=f"{path.stem}-{layout}.{register.name}")
             for path in PARTS
             for layout, block in {b.layout: b for b in mews_registers.load(path).values()}.items()
             for register in block.registers]
KEYS = {"name", "offset", "section", "reset", "unknown", "read", "read_if", "write", "domain",
        "fields"}
DOMAINS = ("system", "backup", "power")
PAGE_BYTES = 0x1000


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
    assert sum(line.startswith('{"name"') and '"section"' in line for line in lines) == len(registers)


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
    assert all(offset % 4 == 0 and offset < PAGE_BYTES for offset in offsets)
    rcc = mews_registers.load(path).get("RCC")
    for register, name in filter(None, (block.enable, block.reset)):
        assert name in [field.name for field in rcc.register(register).fields]


@pytest.mark.parametrize("path, block", BLOCKS)
def test_blocks_do_not_overlap(path, block):
    last = block.base + block.registers[-1].offset
    for other in mews_registers.load(path).values():
        others = {other.base + register.offset for register in other.registers}
        if other.name != block.name:
            assert not others & {block.base + register.offset for register in block.registers}
            assert other.base <= block.base or other.base > last or block.base >= 0xe0000000


@pytest.mark.parametrize("block, register", REGISTERS)
def test_fields(block, register):
    assert register.fields and register.section and register.domain in DOMAINS
    for n, field in enumerate(register.fields):
        assert field.width >= 1 and field.low + field.width <= 32
        assert field.access in mews_registers.ACCESS
        assert not field.values or len(field.values) in (5, 1 << field.width)
        for other in register.fields[n + 1:]:
            assert not field.mask & other.mask or exclude_each_other(field, other), other.name
            assert field.name != other.name or exclude_each_other(field, other)


@pytest.mark.parametrize("block, register", REGISTERS)
def test_reset_value(block, register):
    """Within 32 bits; what is not defined after reset belongs to a field."""
    assert 0 <= register.reset < 1 << 32
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


@pytest.mark.parametrize("text", ["UE", "UE 13", "UE 13 xy", "UE x rw", "UE 13 rw if", "UE 13 rw a b"])
def test_what_is_no_field(text):
    with pytest.raises((ValueError, KeyError)):
        mews_registers.parse_field(text, {})


@pytest.mark.parametrize("text", ["CC1S", "CC1S>1", "=1", "A.B.C=1"])
def test_what_is_no_condition(text):
    with pytest.raises(ValueError):
        mews_registers.Condition.parse(text)
