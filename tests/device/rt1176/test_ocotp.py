"""OCOTP: fuses, shadow registers, reading and programming (IMXRT1170RM, chapter "On-Chip OTP
Controller").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

OCOTP = 0x40cac000
CTRL, PDN, DATA, READ_CTRL, OUT_STATUS, VERSION, READ_DATA, FUSE = (OCOTP + n for n in (
    0x0, 0x10, 0x20, 0x30, 0x90, 0xb0, 0x100, 0x800))
BUSY, ERROR, RELOAD = 1 << 10, 1 << 11, 1 << 12
KEY = 0x3e77 << 16
ERROR_IRQ, DONE_IRQ = 115, 116
PROGRAM_NS, READ_NS = 20_000, 1_000


def program(machine, word, value):
    machine.write(CTRL, KEY | word)
    machine.write(DATA, value)


def fuse(machine, word):
    machine.write(CTRL, word)
    machine.write(READ_CTRL, 1)
    machine.step(READ_NS)
    return machine.read(READ_DATA)


def test_unique_id(machine):
    assert machine.read(FUSE + 0x100) != 0 and machine.read(FUSE + 0x110) != 0
    assert machine.read(FUSE + 0x120) == 0


def test_programming_takes_time_and_shows_after_a_reload(machine):
    program(machine, 0x40, 0x1234)
    assert machine.read(CTRL) == BUSY | 0x40  # the key is used up
    machine.step(PROGRAM_NS - 1)
    assert machine.read(CTRL) & BUSY
    machine.step(1)
    assert machine.read(CTRL) == 0x40
    assert machine.read(FUSE + 0x400) == 0
    machine.write(CTRL + 4, RELOAD)
    assert machine.read(FUSE + 0x400) == 0x1234 and machine.read(CTRL) == 0x40


def test_a_fuse_goes_from_0_to_1_only_and_outlives_a_reset(machine):
    for value in (0xf0, 0x0f00):
        program(machine, 0x41, value)
        machine.step(PROGRAM_NS)
    machine.qmp.command("system_reset")
    assert machine.read(FUSE + 0x410) == 0x0ff0


def test_without_the_key_nothing_is_programmed(machine):
    machine.write(CTRL, 0x3e76 << 16 | 0x42)
    machine.write(DATA, 0xffffffff)
    assert machine.read(CTRL) == ERROR | 0x42
    machine.write(CTRL + 8, ERROR)
    assert fuse(machine, 0x42) == 0


def test_a_word_that_does_not_exist(machine):
    program(machine, 144, 1)
    assert machine.read(CTRL) & ERROR


def test_programming_while_busy(machine):
    program(machine, 0x43, 1)
    program(machine, 0x44, 1)
    assert machine.read(CTRL) & ERROR
    machine.step(PROGRAM_NS)
    assert fuse(machine, 0x43) == 1 and fuse(machine, 0x44) == 0


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_reading_fuses(machine, count):
    """READ_FUSE_CNTR: one to four words; done is an interrupt."""
    for n in range(4):
        program(machine, 0x50 + n, 0x1111 * (n + 1))
        machine.step(PROGRAM_NS)
    machine.write(CTRL, 0x50)
    machine.write(READ_CTRL, 1 << 3 | (count - 1) << 1 | 1)
    assert machine.read(CTRL) & BUSY and not machine.irq(DONE_IRQ)
    machine.step(count * READ_NS)
    assert machine.irq(DONE_IRQ) and machine.read(READ_CTRL) & 1 == 0
    assert [machine.read(READ_DATA + 16 * n) for n in range(4)] == [
        0x1111 * (n + 1) if n < count else 0 for n in range(4)]
    machine.write(OUT_STATUS + 8, 1 << 22)
    assert not machine.irq(DONE_IRQ) and machine.read(OUT_STATUS) == 0


def test_read_error(machine):
    machine.write(CTRL, 143)
    machine.write(READ_CTRL, 1 << 4 | 1 << 1 | 1)  # two words from the last one
    assert machine.read(OUT_STATUS) == 1 << 23 and machine.read(CTRL) & ERROR
    assert machine.irq(ERROR_IRQ)
    machine.write(OUT_STATUS + 8, 1 << 23)
    assert not machine.irq(ERROR_IRQ)


def test_set_clear_toggle(machine):
    machine.write(CTRL, 0x0f)
    machine.write(CTRL + 4, 0xf0)
    machine.write(CTRL + 8, 0x01)
    machine.write(CTRL + 12, 0x102)
    assert machine.read(CTRL) == machine.read(CTRL + 4) == 0x1fc
    machine.write(OUT_STATUS + 12, 1 << 12)
    assert machine.read(OUT_STATUS) == 1 << 12


@pytest.mark.parametrize("offset, reset, writable", [
    (0x100, 0, 0xffffffff), (0x130, 0, 0xffffffff), (0x140, 0, 0xffffffff), (0x150, 0, 0xffffffff),
    (0x0b0, 0x0a000000, 0), (0x600, 0, 0), (0x640, 0, 0), (0x800, 0, 0), (0x10f0, 0, 0), (0x040, 0, 0),
    (0x1100, 0, 0)])
def test_registers(machine, offset, reset, writable):
    assert machine.read(OCOTP + offset) == reset
    machine.write(OCOTP + offset, 0xffffffff)
    assert machine.read(OCOTP + offset) == reset | writable
