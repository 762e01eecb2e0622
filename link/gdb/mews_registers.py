"""The description of a part's registers (docs/registers.md), as the gdb command
`mews regs` and the tests read it.  Plain Python, without gdb.

SPDX-License-Identifier: Apache-2.0
"""

import json
import re
from dataclasses import dataclass

ACCESS = ("rw", "ro", "wo", "rs", "rc_w0", "rc_w1", "rc_r")
FIELD = re.compile(r"(?P<name>\w+) (?P<high>\d+)(?::(?P<low>\d+))? (?P<access>\w+)"
                   r"(?: (?!if )(?P<enum>\w+))?(?: if (?P<condition>\S+))?")
ROW = re.compile(r"(?P<first>\d+)-(?P<last>\d+) (?P<step>0x[0-9a-f]+)")
CONDITION = re.compile(r"(?:(?P<register>\w+)\.)?(?P<field>\w+)(?P<operator>!?=)(?P<number>\d+)")


@dataclass(frozen=True)
class Condition:
    """FIELD=NUMBER or FIELD!=NUMBER, of the same register unless @register names another."""

    register: str | None
    field: str
    equal: bool
    number: int

    @classmethod
    def parse(cls, text):
        match = CONDITION.fullmatch(text)
        if not match:
            raise ValueError(f"no condition: {text!r}")
        return cls(match["register"], match["field"], match["operator"] == "=",
                   int(match["number"]))

    def holds(self, value):
        return (value == self.number) == self.equal


@dataclass(frozen=True)
class Field:
    name: str
    low: int
    width: int
    access: str
    values: tuple
    condition: Condition | None

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.low

    def of(self, word):
        return (word & self.mask) >> self.low

    def text(self, word):
        """Its value in @word, and what that means."""
        number = self.of(word)
        digits = str(number) if self.width < 8 else f"{number:#0{2 + (self.width + 3) // 4}x}"
        return f"{digits} ({self.values[number]})" if number < len(self.values) else digits


@dataclass(frozen=True)
class Register:
    """@unknown: bits whose value after reset is not defined; @read: what a read does
    besides, if @read_if holds; @write: when a write counts, or what it does; @domain:
    which reset it obeys; @size in bytes; @alias: it sets, clears or toggles another one's
    bits; @reset None: not known."""

    name: str
    offset: int
    section: str | None
    reset: int | None
    unknown: int
    read: str | None
    read_if: Condition | None
    write: str | None
    domain: str
    fields: tuple
    size: int = 4
    alias: bool = False

    def mask(self, *access):
        """Bits with one of these kinds of access."""
        return sum_masks(f.mask for f in self.fields if not access or f.access in access)

    def decode(self, word):
        """The fields that @word has: those whose condition it meets."""
        named = {f.name: f.of(word) for f in self.fields if not f.condition}
        return [f for f in self.fields
                if not f.condition or f.condition.holds(named[f.condition.field])]


@dataclass(frozen=True)
class Block:
    """@enable, @reset: (register, field) of RCC or CCM, None: it is always clocked, has none."""

    name: str
    layout: str
    base: int
    manual: str
    enable: tuple | None
    reset: tuple | None
    registers: tuple

    def register(self, name):
        return next((r for r in self.registers if r.name.lower() == name.lower()), None)


def sum_masks(masks):
    total = 0
    for mask in masks:
        total |= mask
    return total


def parse_field(text, enums):
    match = FIELD.fullmatch(text)
    if not match or match["access"] not in ACCESS:
        raise ValueError(f"no field: {text!r}")
    high, low = int(match["high"]), int(match["low"] or match["high"])
    values = tuple(enums[match["enum"]]) if match["enum"] else ()
    condition = Condition.parse(match["condition"]) if match["condition"] else None
    return Field(match["name"], low, high - low + 1, match["access"], values, condition)


def parse_row(text):
    """The numbers and the step of "FIRST-LAST STEP"; without it one register, no number."""
    if not text:
        return [None], 0
    match = ROW.fullmatch(text)
    if not match or int(match["first"]) >= int(match["last"]):
        raise ValueError(f"no array: {text!r}")
    return range(int(match["first"]), int(match["last"]) + 1), int(match["step"], 16)


def parse_registers(entry, layout, enums):
    """The register that an entry describes, or the row of them, each with its aliases."""
    numbers, step = parse_row(entry.get("array"))
    reset = entry.get("reset")
    fields = tuple(parse_field(field, enums) for field in entry["fields"])
    aliases = entry.get("aliases", "").split()
    for row, n in enumerate(numbers):
        for place, suffix in enumerate(["", *(f"_{alias}" for alias in aliases)]):
            yield Register(
                entry["name"].replace("#", str(n)) + suffix,
                int(entry["offset"], 0) + step * row + 4 * place, entry.get("section"),
                None if reset is None else int(reset, 0), int(entry.get("unknown", "0"), 0),
                entry.get("read"),
                Condition.parse(entry["read_if"]) if "read_if" in entry else None,
                entry.get("write", layout.get("write")),
                entry.get("domain", layout.get("domain", "system")), fields,
                int(entry.get("size", "4")), bool(suffix))


def bit_of_clock_control(path):
    """("APB1ENR", "USART2EN") of "RCC.APB1ENR.USART2EN"."""
    return tuple(path.split(".")[1:]) if path else None


def read_part(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def cores(path):
    """CPUID of each core of the part."""
    return [int(word, 0) for word in read_part(path)["cores"]]


def load(path):
    """The blocks of the part, by name."""
    part = read_part(path)
    layouts = {layout["name"]: layout for layout in part["layouts"]}
    blocks = {}
    for entry in part["blocks"]:
        layout = layouts[entry["layout"]]
        blocks[entry["name"]] = Block(
            entry["name"], entry["layout"], int(entry["base"], 0), layout["manual"],
            bit_of_clock_control(entry.get("enable")), bit_of_clock_control(entry.get("reset")),
            tuple(sorted((r for one in layout["registers"]
                          for r in parse_registers(one, layout, part["enums"])),
                         key=lambda r: r.offset)))
    return blocks
