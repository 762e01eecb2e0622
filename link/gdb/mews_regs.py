"""gdb's command `mews regs BLOCK[.REGISTER]`: registers of the machine that gdb looks at, by name
(docs/registers.md).  session.gdb loads it.

SPDX-License-Identifier: Apache-2.0
"""

import os
import sys

import gdb

sys.path.insert(0, os.path.join(os.getcwd(), "link", "gdb"))
import mews_registers  # noqa: E402  (needs the line above)

# The part that an inferior is, by its core: CPUID without the revision (ARMv7-M B3.2.3).
CPUID = 0xe000ed00
PARTS = {0x41ffc23: "registers/stm32f100.json"}


def read_word(address):
    return int.from_bytes(gdb.selected_inferior().read_memory(address, 4).tobytes(), "little")


def blocks_here():
    core = (read_word(CPUID) | 0xf << 20) >> 4
    if core not in PARTS:
        raise gdb.GdbError(f"no registers are described for a part with this core (CPUID {core:#x}.)")
    return mews_registers.load(PARTS[core])


def find(blocks, path):
    """(block, its registers that @path names)"""
    name, _, register = path.partition(".")
    block = next((b for b in blocks.values() if b.name.lower() == name.lower()), None)
    if not block:
        raise gdb.GdbError(f"no block '{name}'; known: {', '.join(blocks)}")
    if not register:
        return block, block.registers
    found = block.register(register)
    if not found:
        names = ", ".join(r.name for r in block.registers)
        raise gdb.GdbError(f"{block.name} has no register '{register}'; known: {names}")
    return block, (found,)


def disturbs(block, register):
    """Whether a read now would change something."""
    if not register.read or not register.read_if:
        return bool(register.read)
    other = block.register(register.read_if.register)
    field = next(f for f in other.fields if f.name == register.read_if.field)
    return register.read_if.holds(field.of(read_word(block.base + other.offset)))


def show(block, register, named):
    """One line; a register that a read would change is read only when it is named."""
    title = f"{block.name}.{register.name}"
    if not named and disturbs(block, register):
        print(f"{title:<18} not read: {register.read}")
        return
    if not register.mask(*(a for a in mews_registers.ACCESS if a != "wo")):
        print(f"{title:<18} can only be written")
        return
    word = read_word(block.base + register.offset)
    fields = "  ".join(f"{f.name}={f.text(word)}" for f in register.decode(word)
                       if f.access != "wo")
    print(f"{title:<18} 0x{word:08x}  {fields}")


class Mews(gdb.Command):
    """Commands of mews."""

    def __init__(self):
        super().__init__("mews", gdb.COMMAND_DATA, prefix=True)


class MewsRegs(gdb.Command):
    """mews regs BLOCK[.REGISTER]: registers of the current machine with their fields by name.

    Registers that a read would change are shown only when they are named."""

    def __init__(self):
        super().__init__("mews regs", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if len(words) != 1:
            raise gdb.GdbError("mews regs BLOCK[.REGISTER]")
        block, registers = find(blocks_here(), words[0])
        for register in registers:
            show(block, register, "." in words[0])


Mews()
MewsRegs()
