"""Flash memory and its interface (PM0063; times from the datasheet, 5.3.9).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

FLITF = 0x40022000
ACR, KEYR, OPTKEYR, SR, CR, AR, OBR, WRPR = (FLITF + n for n in (0, 4, 8, 0xc, 0x10, 0x14, 0x1c,
                                                                  0x20))
KEY1, KEY2 = 0x45670123, 0xcdef89ab
BSY, PGERR, WRPRTERR, EOP = 1 << 0, 1 << 2, 1 << 4, 1 << 5
PG, PER, MER, STRT, LOCK, ERRIE, EOPIE = (1 << n for n in (0, 1, 2, 6, 7, 10, 12))
FLASH, SIZE, PAGE = 0x08000000, 128 << 10, 1 << 10
PROGRAM_NS, ERASE_NS = 52_500, 40_000_000
FLASH_IRQ = 4
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004


@pytest.fixture
def flash(machine):
    """Flash, unlocked."""
    unlock(machine)
    assert not machine.read(CR) & LOCK
    return machine


def unlock(machine):
    machine.write(KEYR, KEY1)
    machine.write(KEYR, KEY2)


def program(machine, address, value):
    machine.write(CR, PG)
    machine.write(address, value, size=2)
    machine.step(PROGRAM_NS)


def erase(machine, control, address=0):
    machine.write(CR, control)
    machine.write(AR, address)
    machine.write(CR, control | STRT)


def reset(machine):
    machine.write(AIRCR, SYSRESETREQ)


# ------------------------------------------------------------------ registers

def test_reset_values(machine):
    """3.9; no option byte protects anything."""
    assert [machine.read(r) for r in (ACR, KEYR, OPTKEYR, SR, CR, AR, OBR, WRPR)] == [
        0, 0, 0, 0, LOCK, 0, 0x03fffffc, 0xffffffff]


def test_no_latency_and_no_prefetch(machine):
    """3.1: the value line has half-cycle access only."""
    machine.write(ACR, 0xffffffff)
    assert machine.read(ACR) == 1 << 3


def test_blank_flash_is_all_ones(machine):
    assert machine.read(FLASH) == machine.read(FLASH + SIZE - 4) == 0xffffffff


# ------------------------------------------------------------------ keys

def test_control_register_is_locked(machine):
    """2.3.1"""
    machine.write(CR, PG)
    assert machine.read(CR) == LOCK


def test_two_keys_unlock(machine):
    machine.write(KEYR, KEY1)
    assert machine.read(CR) == LOCK
    machine.write(KEYR, KEY2)
    assert machine.read(CR) == 0


@pytest.mark.parametrize("keys", [(KEY2,), (KEY1, KEY1), (0,), (KEY1, 0), (KEY2, KEY1)])
def test_wrong_key_locks_until_reset(machine, keys):
    for key in keys:
        machine.write(KEYR, key)
    unlock(machine)
    assert machine.read(CR) == LOCK
    reset(machine)
    unlock(machine)
    assert machine.read(CR) == 0


def test_right_keys_leave_an_open_lock_open(flash):
    """2.3.1 calls wrong what does not match: what unlocks twice, as ST's library does, goes on."""
    flash.write(KEYR, KEY1)
    flash.write(KEYR, KEY2)
    flash.write(CR, PG)
    assert flash.read(CR) == PG
    flash.write(KEYR, KEY2)
    assert flash.read(CR) & LOCK, "a wrong one locks an open lock"
    unlock(flash)
    assert flash.read(CR) & LOCK


def test_locked_by_software(flash):
    flash.write(CR, LOCK | PG)
    flash.write(CR, 0)
    assert flash.read(CR) & LOCK
    unlock(flash)
    assert not flash.read(CR) & LOCK


def test_lock_cannot_be_cleared_by_writing_it(machine):
    machine.write(CR, 0)
    assert machine.read(CR) == LOCK


# ------------------------------------------------------------------ programming

def test_half_word_is_programmed(flash):
    """2.3.2; 52.5 us (typical)"""
    flash.write(CR, PG)
    flash.write(FLASH + 0x102, 0x1234, size=2)
    flash.step(PROGRAM_NS - 1)
    assert flash.read(SR) == BSY
    flash.step(1)
    assert flash.read(SR) == EOP
    assert flash.read(FLASH + 0x100) == 0x1234ffff
    flash.write(SR, EOP)
    assert flash.read(SR) == 0


def test_programmed_through_the_alias_at_0(flash):
    """2.4: main flash is selected for boot."""
    flash.write(CR, PG)
    flash.write(0x102, 0x1234, size=2)
    flash.step(PROGRAM_NS)
    assert flash.read(0x100) == flash.read(FLASH + 0x100) == 0x1234ffff


def test_nothing_without_pg(flash):
    flash.write(FLASH, 0x1234, size=2)
    assert [flash.read(FLASH), flash.read(SR)] == [0xffffffff, 0]


@pytest.mark.parametrize("size", [1, 4])
def test_half_words_only(flash, size):
    """2.3.2: others are a bus error."""
    flash.write(CR, PG)
    flash.write(FLASH, 0, size=size)
    assert [flash.read(FLASH), flash.read(SR)] == [0xffffffff, 0]


def test_no_second_half_word_while_busy(flash):
    flash.write(CR, PG)
    flash.write(FLASH, 0x1234, size=2)
    flash.write(FLASH + 2, 0x5678, size=2)
    flash.step(PROGRAM_NS)
    assert flash.read(FLASH) == 0xffff1234


def test_what_is_not_erased_is_not_programmed(flash):
    """2.3.2: PGERR, and the old value stays, even where only zeros would be added."""
    program(flash, FLASH, 0x1234)
    flash.write(SR, EOP)
    program(flash, FLASH, 0x1230)
    assert flash.read(FLASH) == 0xffff1234
    assert flash.read(SR) == PGERR
    flash.write(SR, PGERR)
    assert flash.read(SR) == 0


def test_zero_can_always_be_programmed(flash):
    """2.3.2: the exception"""
    program(flash, FLASH, 0x1234)
    flash.write(SR, EOP)
    program(flash, FLASH, 0)
    assert flash.read(FLASH) == 0xffff0000
    assert flash.read(SR) == EOP


def test_flags_are_cleared_by_ones_only(flash):
    program(flash, FLASH, 0x1234)
    flash.write(SR, PGERR | WRPRTERR | BSY)
    assert flash.read(SR) == EOP


def test_contents_outlive_a_reset(flash):
    program(flash, FLASH, 0x1234)
    reset(flash)
    assert flash.read(FLASH) == 0xffff1234
    assert flash.read(CR) == LOCK


# ------------------------------------------------------------------ erasing

def test_page_erase(flash):
    """2.3.3: one page of 1 KiB; 40 ms (maximum)"""
    for address in (FLASH + PAGE - 2, FLASH + PAGE, FLASH + 2 * PAGE - 2, FLASH + 2 * PAGE):
        program(flash, address, 0)
    flash.write(SR, EOP)
    erase(flash, PER, FLASH + PAGE + 0x123)
    assert flash.read(CR) == PER | STRT
    flash.step(ERASE_NS - 1)
    assert flash.read(SR) == BSY
    flash.step(1)
    assert flash.read(SR) == EOP
    assert flash.read(CR) == PER
    assert [flash.read(a) for a in (FLASH + PAGE - 4, FLASH + PAGE, FLASH + 2 * PAGE - 4,
                                    FLASH + 2 * PAGE)] == [
        0x0000ffff, 0xffffffff, 0xffffffff, 0xffff0000]


def test_mass_erase(flash):
    program(flash, FLASH, 0)
    program(flash, FLASH + SIZE - 2, 0)
    flash.write(SR, EOP)
    erase(flash, MER)
    flash.step(ERASE_NS - 1)
    assert flash.read(SR) == BSY
    flash.step(1)
    assert flash.read(SR) == EOP
    assert flash.read(FLASH) == flash.read(FLASH + SIZE - 4) == 0xffffffff


def test_page_outside_flash_is_not_erased(flash):
    erase(flash, PER, FLASH + SIZE)
    assert flash.read(SR) == 0


def test_start_without_a_kind_of_erase(flash):
    program(flash, FLASH, 0)
    flash.write(SR, EOP)
    erase(flash, 0, FLASH)
    assert [flash.read(SR), flash.read(FLASH)] == [0, 0xffff0000]


def test_control_register_is_kept_while_busy(flash):
    erase(flash, PER, FLASH)
    flash.write(CR, PG)
    assert flash.read(CR) == PER | STRT


def test_reset_ends_an_erase(flash):
    erase(flash, PER, FLASH)
    reset(flash)
    flash.step(ERASE_NS)
    assert flash.read(SR) == 0


# ------------------------------------------------------------------ interrupt

def test_end_of_operation_interrupt(flash):
    """3.9.5: EOPIE"""
    flash.write(CR, PG | EOPIE)
    flash.write(FLASH, 0x1234, size=2)
    flash.step(PROGRAM_NS - 1)
    assert not flash.irq(FLASH_IRQ)
    flash.step(1)
    assert flash.irq(FLASH_IRQ)
    flash.write(SR, EOP)
    assert not flash.irq(FLASH_IRQ)


def test_error_interrupt(flash):
    """3.9.5: ERRIE"""
    program(flash, FLASH, 0x1234)
    flash.write(SR, EOP)
    flash.write(CR, PG | ERRIE)
    flash.write(FLASH, 0x1111, size=2)
    flash.step(PROGRAM_NS)
    assert flash.irq(FLASH_IRQ)
    flash.write(SR, PGERR)
    assert not flash.irq(FLASH_IRQ)


def test_no_interrupt_without_its_enable(flash):
    program(flash, FLASH, 0x1234)
    assert flash.read(SR) == EOP
    assert not flash.irq(FLASH_IRQ)
