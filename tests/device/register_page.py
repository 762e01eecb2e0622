"""The tables of a page of docs/devices that says, register by register, what does not follow
the plain rules: rows of registers ("`USART.CR1`, `BKP.DR*`"), fields ("UE, TE", "bit 14" or
"all") and the reason.

SPDX-License-Identifier: Apache-2.0
"""

import re
import sys
from dataclasses import dataclass, field

from qtest import PROJECT

sys.path.insert(0, str(PROJECT / "link/gdb"))

import mews_registers  # noqa: E402


@dataclass
class Exceptions:
    """Bits of registers of which the page says something, by "LAYOUT.REGISTER"."""

    bits: dict = field(default_factory=dict)
    used: set = field(default_factory=set)

    def mask(self, block, register):
        return self.bits.get(f"{block.layout}.{register.name}", 0)

    def use(self, block, register, bits):
        """A field counts as needed if one of its bits is."""
        bits |= mews_registers.sum_masks(f.mask for f in register.fields if f.mask & bits)
        self.used |= {(f"{block.layout}.{register.name}", n) for n in range(32) if bits >> n & 1}

    def unused(self, block):
        """What the page says of @block and no test has needed."""
        listed = {(f"{block.layout}.{r.name}", n) for r in block.registers for n in range(32)
                  if self.mask(block, r) >> n & 1}
        return sorted(listed - self.used)


def registers_named(layouts, pattern):
    """(layout, register) of "USART.CR1", "BKP.DR*" or "RTC.*"."""
    layout, _, name = pattern.partition(".")
    expression = re.compile(name.replace("*", ".*"))
    found = [(layout, r) for r in layouts[layout].registers if expression.fullmatch(r.name)]
    assert found, f"no register {pattern}"
    return found


def bits_named(register, names):
    """Of "every bit", "all" (fields), "UE, TE" or "bit 14"; those of them that it has."""
    if names == "every bit":
        return (1 << 8 * register.size) - 1
    bits = 0
    for name in names.split(", "):
        masks = [f.mask for f in register.fields if name in ("all", f.name)]
        if name.startswith("bit "):
            masks.append(1 << int(name[4:]))
        bits |= mews_registers.sum_masks(masks)
    return bits


def read_page(page, blocks):
    """Exceptions by the title of the section, for the @blocks of a description."""
    layouts = {block.layout: block for block in blocks.values()}
    tables, title = {}, None
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or not line.startswith("| `"):
            continue
        assert cells[2], f"{page.name}: no reason for {cells[0]}"
        bits = tables.setdefault(title, Exceptions()).bits
        fields = cells[1].replace("`", "")
        found = [item for pattern in re.findall(r"`([^`]+)`", cells[0])
                 for item in registers_named(layouts, pattern)]
        for name in fields.split(", "):
            assert any(bits_named(register, name) for _, register in found), (
                f"{page.name}: {cells[0]} has no {name}")
        for layout, register in found:
            name = f"{layout}.{register.name}"
            bits[name] = bits.get(name, 0) | bits_named(register, fields)
    return tables


def read_back(register, before, written):
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
