"""gdb's commands for a rig: `mews connect`, `mews main` and `mews regs`.

`mews connect` starts the target that $mews_target names and attaches to all its processes,
each with its symbols; the rig says which they are (mews gdb --list).  `mews regs
BLOCK[.REGISTER]` shows registers of the selected machine by name; one whose read changes
something is not read, unless /a asks for all.  session.gdb loads this file; elsewhere:
source link/gdb/mews.py

SPDX-License-Identifier: Apache-2.0
"""

import difflib
import pathlib
import shlex
import subprocess
import sys

import gdb

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

import mews_registers  # noqa: E402

PARTS = FOLDER.parents[1] / "registers"
CPUID = 0xe000ed00
NEAR_NAMES = 4


def read_word(address, size=4):
    memory = gdb.selected_inferior().read_memory(address, size)
    return int.from_bytes(bytes(memory), "little")


def blocks_of_machine():
    """Those of the part whose core identifies itself as the machine's does."""
    try:
        cpuid = read_word(CPUID)
    except gdb.error as error:
        raise gdb.GdbError(f"no machine: {error}") from None
    for path in sorted(PARTS.glob("*.json")):
        if cpuid in mews_registers.cores(path):
            return mews_registers.load(path)
    raise gdb.GdbError(f"the registers of this machine (CPUID {cpuid:#010x}) are not described")


def near_it(name, names):
    """What may have been meant, for a message."""
    near = difflib.get_close_matches(name.upper(), names, NEAR_NAMES)
    return f"; near it: {', '.join(near)}" if near else ""


def find(blocks, what):
    """(block, its registers that @what names)"""
    name, _, register = what.partition(".")
    block = next((b for b in blocks.values() if b.name.lower() == name.lower()), None)
    if not block:
        raise gdb.GdbError(f"no block '{name}'{near_it(name, blocks)}"
                           f"; 'mews regs /l' names all {len(blocks)}")
    if not register:
        return block, [r for r in block.registers if not r.alias]
    if not block.register(register):
        names = [r.name for r in block.registers]
        raise gdb.GdbError(f"{block.name} has no register '{register}'{near_it(register, names)}")
    return block, [block.register(register)]


def changes_something(block, register):
    condition = register.read_if
    if not register.read or not condition:
        return bool(register.read)
    asked = block.register(condition.register)
    field = next(f for f in asked.fields if f.name == condition.field)
    return condition.holds(field.of(read_word(block.base + asked.offset)))


def fields_in_line(register, word):
    """Those that are not 0; none of a register that is one number."""
    if len(register.fields) == 1 and register.fields[0].width >= 8:
        return ""
    return "".join(f" {f.name}={f.text(word)}" for f in register.decode(word) if f.of(word))


def print_fields(register, word):
    for field in reversed(register.decode(word)):
        high = field.low + field.width - 1
        bits = f"{high}" if field.width == 1 else f"{high}:{field.low}"
        gdb.write(f"    {bits:>5}  {field.name:16} {field.text(word)}\n")


def show(block, register, read_all, alone):
    if not read_all and changes_something(block, register):
        gdb.write(f"  {register.name:8} not read (mews regs /a): a read {register.read}\n")
        return
    word = read_word(block.base + register.offset, register.size)
    fields = "" if alone else fields_in_line(register, word)
    gdb.write(f"  {register.name:8} {word:#0{2 + 2 * register.size}x}{fields}\n")
    if alone:
        print_fields(register, word)


def processes(target):
    """[(number, name, path of the symbols or "")] of "| mews gdb RIG..."."""
    done = subprocess.run([*shlex.split(target.lstrip("| ")), "--list"], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise gdb.GdbError(f"{target}: cannot be started")
    return [line.split(" ", 2) for line in done.stdout.splitlines()]


def forget_registers(_):
    """All cores have moved, and gdb may think that only one of them has."""
    gdb.execute("maintenance flush register-cache", to_string=True)


class Mews(gdb.Command):
    """Commands of the mews rig."""

    def __init__(self):
        super().__init__("mews", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class MewsConnect(gdb.Command):
    """Start the rig that $mews_target names and attach to all its processes: mews connect"""

    def __init__(self):
        super().__init__("mews connect", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        target = gdb.convenience_variable("mews_target")
        if argument or target is None:
            raise gdb.GdbError("usage: set $mews_target = \"| mews gdb RIG\", then mews connect")
        first, *others = processes(target.string())
        gdb.execute(f"file {first[2]}")
        try:
            gdb.execute(f"target extended-remote {target.string()}")
        except gdb.error:
            raise gdb.GdbError("the rig has not started, and has told why") from None
        for number, _, path in others:
            gdb.execute(f"add-inferior {'-exec ' + path if path else ''}")
            gdb.execute(f"inferior {len(gdb.inferiors())}")
            gdb.execute(f"attach {number}")
        gdb.execute("inferior 1")
        if others:
            # gdb keeps quiet about stops of the process that the connection began with, while
            # another one is current
            gdb.execute("detach", to_string=True)
            gdb.execute("attach 1", to_string=True)
        gdb.events.stop.connect(forget_registers)
        gdb.set_convenience_variable("mews_connected", 1)


class MewsMain(gdb.Command):
    """Let the rig run until the first core of each machine has been at its main: mews main"""

    def __init__(self):
        super().__init__("mews main", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        target = gdb.convenience_variable("mews_target")
        if argument or target is None:
            raise gdb.GdbError("usage: mews connect, then mews main")
        names = [name for _, name, _ in processes(target.string())]
        machines = len({name.partition(".")[0] for name in names})
        awaited = set()
        for number, name in enumerate(names[:machines], 1):
            gdb.execute(f"inferior {number}", to_string=True)
            if gdb.lookup_global_symbol("main"):
                awaited.add(number)
            else:
                gdb.write(f"{name} has no main\n")
        gdb.execute("inferior 1", to_string=True)
        if not awaited:
            return
        gdb.execute("break main")
        while awaited and gdb.selected_inferior().pid:
            gdb.execute("continue")
            awaited.discard(gdb.selected_inferior().num)
        gdb.execute("delete")


class MewsRegs(gdb.Command):
    """Registers of the selected machine by name: mews regs [/a] BLOCK[.REGISTER]
/a also reads registers whose read changes something.  mews regs /l: all blocks."""

    def __init__(self):
        super().__init__("mews regs", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        read_all = "/a" in words
        words = [word for word in words if word != "/a"]
        if words == ["/l"]:
            for block in blocks_of_machine().values():
                gdb.write(f"{block.name:20} {block.base:#010x}  {block.manual}\n")
            return
        if len(words) != 1:
            raise gdb.GdbError("usage: mews regs [/a] BLOCK[.REGISTER], or mews regs /l")
        block, registers = find(blocks_of_machine(), words[0])
        gdb.write(f"{block.name} at {block.base:#010x} ({block.manual})\n")
        for register in registers:
            show(block, register, read_all, len(registers) == 1 and "." in words[0])


Mews()
MewsConnect()
MewsMain()
MewsRegs()
