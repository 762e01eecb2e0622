"""Every register of registers/stm32f100.json: its value after reset, the access to each
of its 32 bits, its clock gate (RM0041 6.3.6 to 6.3.8) and the reset of its block (6.3.4,
6.3.5).  What does not follow the plain rule of its kind of access is in the tables of
docs/devices/stm32f100-registers.md, which this test reads: each entry there must be
needed, so that the page neither lacks nor invents a deviation.

With MEWS_SVD=FILE the description is also compared with a CMSIS-SVD file of the part.

SPDX-License-Identifier: Apache-2.0
"""

import fnmatch
import os
import re
import xml.etree.ElementTree as ElementTree

import pytest

import register_page
import stm32f100
from register_page import PROJECT, mews_registers

BLOCKS = mews_registers.load(PROJECT / "registers/stm32f100.json")
PAGE = PROJECT / "docs/devices/stm32f100-registers.md"
ALL = 0xffffffff
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
WITH_DBP = "while PWR_CR.DBP is set"
LSI_NS = 25_000
TITLES = ("Other values after reset", "Not written by the test", "Other than the plain rule")
GATED = [name for name, block in BLOCKS.items() if block.enable]
RESETTABLE = [name for name, block in BLOCKS.items() if block.reset]

EXCEPTIONS = register_page.read_page(PAGE, BLOCKS)
RESET, UNTOUCHED, PLAIN = (EXCEPTIONS[title] for title in TITLES)


# ---- a block of a machine ----

class Registers:
    """The registers of @block, and what must be done for a write to count."""

    def __init__(self, machine, block):
        self.machine = machine
        self.block = block

    def address(self, register):
        return self.block.base + register.offset

    def read(self, register):
        return self.machine.read(self.address(register))

    def write(self, register, value):
        if self.block.name == "IWDG":
            self.machine.write(self.block.base, 0x5555)  # 18.3.2
        elif self.block.name == "SCB" and register.name == "AIRCR":
            value = value & 0xffff | 0x05fa0000
        self.machine.write(self.address(register), value)
        if self.block.name == "IWDG":
            self.machine.step(6 * LSI_NS)  # PVU and RVU

    def snapshot(self, *, domain=None):
        """What can be read without changing anything."""
        return {r.name: self.read(r) & ~r.unknown for r in self.block.registers
                if not r.read and domain in (None, r.domain)}

    def rcc(self, path, on):
        name, bit = path
        rcc = BLOCKS["RCC"]
        register = rcc.register(name)
        mask = next(f.mask for f in register.fields if f.name == bit)
        stm32f100.modify(self.machine, rcc.base + register.offset, mask, mask if on else 0)

    def open(self):
        if self.block.name in ("BKP", "RTC", "RCC"):
            stm32f100.allow_backup_writes(self.machine)
        if self.block.enable:
            self.rcc(self.block.enable, True)
        if self.block.name == "FLASH" and self.read(self.block.register("CR")) & 1 << 7:
            for name in ("KEYR", "OPTKEYR"):
                for word in (0x45670123, 0xcdef89ab):
                    self.machine.write(self.address(self.block.register(name)), word)

    def restart(self):
        """A reset of the part, and the block ready to be written again."""
        self.machine.write(AIRCR, SYSRESETREQ)
        self.open()

    def fill(self):
        """Other values than after reset; BKP_CR would make a tamper event (5.3.2)."""
        for register in self.block.registers:
            if (self.block.name, register.name) == ("BKP", "CR"):
                continue
            bits = register.mask("rw") & ~UNTOUCHED.mask(self.block, register)
            if bits and not register.read and register.write in (None, WITH_DBP):
                self.write(register, (self.read(register) ^ bits) & ALL)


def open_block(machine, name):
    registers = Registers(machine, BLOCKS[name])
    registers.open()
    return registers


def compare(registers, register, wanted, different, exceptions):
    """Reads @register; adds what is wrong to @different, unless @exceptions has it."""
    read = registers.read(register)
    excepted = exceptions.mask(registers.block, register)
    exceptions.use(registers.block, register, (read ^ wanted) & excepted)
    if (read ^ wanted) & ~excepted:
        different.append(f"{register.name} reads {read:#x} instead of {wanted:#x}")
    return read


# ---- tests ----

@pytest.mark.parametrize("name", BLOCKS)
def test_value_after_reset(machine, name):
    """Each register section's "Reset value"."""
    registers = Registers(machine, BLOCKS[name])
    if registers.block.enable:
        registers.rcc(registers.block.enable, True)
    different = []
    for register in registers.block.registers:
        unknown = registers.read(register) & register.unknown
        wanted = register.reset & ~(register.mask("wo") | register.unknown) | unknown
        compare(registers, register, wanted, different, RESET)
    assert not "\n".join(different)
    assert not RESET.unused(registers.block)


def check_bit(registers, register, bit, different):
    """Write the register as it is but for one bit; then as it was."""
    start = before = registers.read(register)
    for written in (before ^ bit, before):
        registers.write(register, written)
        wanted = register_page.read_back(register, before, written)
        before = compare(registers, register, wanted, different, PLAIN)
    if before != start:
        registers.restart()


@pytest.mark.parametrize("name", BLOCKS)
def test_access_to_each_bit(machine, name):
    """Each register section's rw, r, w, rc_w0, rc_w1 and "Reserved"."""
    registers = Registers(machine, BLOCKS[name])
    different = []
    for register in registers.block.registers:
        registers.open()
        untouched = UNTOUCHED.mask(registers.block, register)
        for n in range(32):
            if not untouched >> n & 1:
                check_bit(registers, register, 1 << n, different)
    assert not "\n".join(different)
    assert not PLAIN.unused(registers.block)


@pytest.mark.parametrize("name", GATED)
def test_clock_gate(machine, name):
    """Without its clock a block reads 0 and ignores writes, and keeps what it has."""
    registers = open_block(machine, name)
    registers.fill()
    before = registers.snapshot()
    registers.rcc(registers.block.enable, False)
    for value in (ALL, 0):
        for register in registers.block.registers:
            registers.machine.write(registers.address(register), value)
    assert [registers.read(r) for r in registers.block.registers] == (
        [0] * len(registers.block.registers))
    registers.rcc(registers.block.enable, True)
    assert registers.snapshot() == before


@pytest.mark.parametrize("name", RESETTABLE)
def test_reset_by_rcc(machine, name):
    """While its bit in APB1RSTR or APB2RSTR is 1 a block reads 0; then it is as after reset,
    but for the backup domain."""
    registers = open_block(machine, name)
    clean = registers.snapshot(domain="system")
    registers.fill()
    assert registers.snapshot(domain="system") != clean
    kept = registers.snapshot(domain="backup")
    registers.rcc(registers.block.reset, True)
    assert all(registers.read(r) == 0 for r in registers.block.registers)
    registers.rcc(registers.block.reset, False)
    assert registers.snapshot(domain="system") == clean
    assert registers.snapshot(domain="backup") == kept


# ---- a CMSIS-SVD file ----

SVD_NAMES = {"DBG": "DBGMCU"}  # theirs: ours


def number(element, name):
    return int(element.findtext(name), 0)


def svd_registers(path):
    """{"BLOCK.REGISTER": [address, reset, bits of fields]} of our blocks; two views of a
    register, CCMR1_Input and CCMR1_Output, are one."""
    found = {}
    for peripheral in ElementTree.parse(path).iter("peripheral"):
        block = SVD_NAMES.get(peripheral.findtext("name"), peripheral.findtext("name"))
        if block not in BLOCKS:
            continue
        for register in peripheral.iter("register"):
            name = re.sub(r"_(Input|Output)$", "", register.findtext("name"))
            entry = found.setdefault(f"{block}.{name}", [
                number(peripheral, "baseAddress") + number(register, "addressOffset"),
                number(register, "resetValue"), 0])
            for f in register.iter("field"):
                entry[2] |= ((1 << number(f, "bitWidth")) - 1) << number(f, "bitOffset")
    return found


def svd_differences(path):
    """What differs, by "BLOCK.REGISTER"; of equal blocks the file has the first one only."""
    theirs = svd_registers(path)
    named = {name.partition(".")[0] for name in theirs}
    ours = {f"{block.name}.{r.name}": [block.base + r.offset, r.reset, r.mask()]
            for block in BLOCKS.values() if block.name in named for r in block.registers}
    different = {name: "only here" if name in ours else "only in the SVD file"
                 for name in ours.keys() ^ theirs.keys()}
    for name in ours.keys() & theirs.keys():
        texts = [f"{what} {mine:#x}, in the SVD file {other:#x}" for what, mine, other in
                 zip(("address", "reset value", "bits"), ours[name], theirs[name], strict=True)
                 if mine != other]
        if texts:
            different[name] = ", ".join(texts)
    return different


def known_svd_differences():
    """The names in the first column of the page's last table."""
    table = PAGE.read_text(encoding="utf-8").partition("## The vendor's SVD file")[2]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_svd_file():
    path = os.environ.get("MEWS_SVD")
    if not path:
        pytest.skip("MEWS_SVD=FILE names no CMSIS-SVD file to compare with")
    different, known = svd_differences(path), known_svd_differences()
    for name in sorted(different):
        print(f"{name}: {different[name]}")
    assert not [f"{name}: {text}" for name, text in different.items()
                if not any(fnmatch.fnmatchcase(name, pattern) for pattern in known)]
    assert not [pattern for pattern in known if not fnmatch.filter(different, pattern)]


# ---- the table of bits ----

def bits_of(layout):
    """(with an effect, all of them) in one block of this layout."""
    block = next(block for block in BLOCKS.values() if block.layout == layout)
    inert = EXCEPTIONS["Without effect"]
    every = sum(mews_registers.sum_masks(f.mask for f in r.fields).bit_count()
                for r in block.registers)
    return every - sum(inert.mask(block, r).bit_count() for r in block.registers), every


def test_table_of_bits():
    """docs/devices/README.md counts as the description and the page do."""
    page = PAGE.with_name("README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \[.*?\]\(.*?\) \| (\d+) / (\d+) \|", page, re.M)
    table = {layout: (int(working), int(every)) for layout, working, every in rows}
    core = {"NVIC", "SCB", "STK"}
    assert table == {block.layout: bits_of(block.layout) for block in BLOCKS.values()
                     if block.layout not in core}
    assert "| all of them | {} / {} |".format(*map(sum, zip(*table.values()))) in page
