"""Option bytes of the flash interface (PM0063 2.3.3, 2.4, 2.6, 3.3 to 3.8), and the
core that stands still while flash is busy (2.1).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from test_flash import (AR, BSY, CR, EOP, ERASE_NS, FLASH, KEY1, KEY2, LOCK, MER, OBR, OPTKEYR,
                        PAGE, PER, PG, PGERR, PROGRAM_NS, SR, STRT, WRPR, WRPRTERR, erase, reset,
                        unlock)

OPTPG, OPTER, OPTWRE = 1 << 4, 1 << 5, 1 << 9
OPTIONS = 0x1ffff800
RDP, USER, DATA0, DATA1, WRP0, WRP3 = (OPTIONS + 2 * n for n in (0, 1, 2, 3, 4, 7))
RDPRT = 2
OBR_DEFAULT = 0x03fffffc
UNPROTECTED = 0xa5
WHOLE = 128 << 10


@pytest.fixture
def flash(machine):
    """Unlocked, the option bytes, too."""
    open_options(machine)
    return machine


def open_options(machine):
    unlock(machine)
    machine.write(OPTKEYR, KEY1)
    machine.write(OPTKEYR, KEY2)
    assert machine.read(CR) == OPTWRE


def erase_options(machine):
    machine.write(CR, OPTWRE | OPTER)
    machine.write(CR, OPTWRE | OPTER | STRT)
    machine.step(ERASE_NS)


def program_option(machine, address, value):
    machine.write(CR, OPTWRE | OPTPG)
    machine.write(address, value, size=2)
    machine.step(PROGRAM_NS)


def set_options(machine, options):
    """All of them anew, then a reset that loads them."""
    erase_options(machine)
    for address, value in ({RDP: UNPROTECTED} | options).items():
        program_option(machine, address, value)
    reset(machine)


def words(machine):
    return [machine.read(OPTIONS + n) for n in range(0, 16, 4)]


# ------------------------------------------------------------------ keys

def test_keys_set_optwre(machine):
    unlock(machine)
    machine.write(OPTKEYR, KEY1)
    assert machine.read(CR) == 0
    machine.write(OPTKEYR, KEY2)
    assert machine.read(CR) == OPTWRE


@pytest.mark.parametrize("keys", [(KEY2,), (KEY1, KEY1), (0,), (KEY1, KEY2, KEY1)])
def test_wrong_key_locks_the_options_until_reset(machine, keys):
    unlock(machine)
    for key in keys:
        machine.write(OPTKEYR, key)
    machine.write(OPTKEYR, KEY1)
    machine.write(OPTKEYR, KEY2)
    assert machine.read(CR) == 0
    reset(machine)
    open_options(machine)


def test_right_keys_leave_optwre_set(flash):
    flash.write(OPTKEYR, KEY1)
    flash.write(OPTKEYR, KEY2)
    assert flash.read(CR) == OPTWRE
    flash.write(OPTKEYR, 0)
    assert flash.read(CR) == 0


def test_optwre_is_cleared_by_software_and_not_set(flash):
    flash.write(CR, 0)
    assert flash.read(CR) == 0
    flash.write(CR, OPTWRE)
    assert flash.read(CR) == 0


def test_options_are_closed_without_optwre(machine):
    """2.4.3: WRPRTERR"""
    unlock(machine)
    machine.write(CR, OPTPG)
    machine.write(DATA0, 0, size=2)
    assert machine.read(SR) == WRPRTERR
    machine.write(SR, WRPRTERR)
    machine.write(CR, OPTER | STRT)
    assert machine.read(SR) == WRPRTERR
    assert words(machine) == [0x00ff5aa5, 0x00ff00ff, 0x00ff00ff, 0x00ff00ff]


def test_options_are_not_written_without_optpg(flash):
    flash.write(DATA0, 0, size=2)
    flash.write(CR, OPTWRE | PG)
    flash.write(DATA0, 0, size=2)
    assert [words(flash)[1], flash.read(SR)] == [0x00ff00ff, 0]


# ------------------------------------------------------------------ programming

def test_erase_of_the_options(flash):
    """3.5 OPTER; the memory stays"""
    flash.write(CR, OPTWRE | PG)
    flash.write(FLASH, 0x1234, size=2)
    flash.step(PROGRAM_NS)
    flash.write(SR, EOP)
    flash.write(CR, OPTWRE | OPTER)
    flash.write(CR, OPTWRE | OPTER | STRT)
    assert [flash.read(SR), flash.read(CR)] == [BSY, OPTWRE | OPTER | STRT]
    flash.step(ERASE_NS)
    assert [flash.read(SR), flash.read(CR)] == [EOP, OPTWRE | OPTER]
    assert words(flash) == [0xffffffff] * 4
    assert flash.read(FLASH, size=2) == 0x1234


def test_complement_is_programmed_by_the_interface(flash):
    """2.3.3: it takes the low byte"""
    erase_options(flash)
    program_option(flash, DATA1, 0xee12)
    assert words(flash)[1] == 0xed12ffff
    assert flash.read(SR) == EOP


def test_option_that_is_not_erased_is_not_programmed(flash):
    program_option(flash, DATA0, 0x12)
    assert flash.read(SR) == PGERR
    assert words(flash)[1] == 0x00ff00ff


@pytest.mark.parametrize("size", [1, 4])
def test_half_words_only(flash, size):
    erase_options(flash)
    flash.write(CR, OPTWRE | OPTPG)
    flash.write(DATA0, 0x12, size=size)
    assert words(flash) == [0xffffffff] * 4


# ------------------------------------------------------------------ loading

def test_reset_loads_the_options(flash):
    """3.7 OBR, 3.8 WRPR: not before"""
    erase_options(flash)
    for address, value in {RDP: UNPROTECTED, USER: 0xfa, DATA0: 0x12, DATA1: 0x34, WRP0: 0xfe,
                           WRP3: 0x7f}.items():
        program_option(flash, address, value)
    assert [flash.read(OBR), flash.read(WRPR)] == [OBR_DEFAULT, 0xffffffff]
    reset(flash)
    assert flash.read(OBR) == 0x34 << 18 | 0x12 << 10 | 0xfa << 2
    assert flash.read(WRPR) == 0x7ffffffe


def test_erased_options_are_no_mismatch(flash):
    """2.6: both bytes 0xff; RDP is not 0xa5 then"""
    erase_options(flash)
    reset(flash)
    assert flash.read(OBR) == OBR_DEFAULT | RDPRT
    assert flash.read(WRPR) == 0xffffffff


def test_options_outlive_resets(flash):
    set_options(flash, {DATA0: 0x55})
    reset(flash)
    assert flash.read(OBR) >> 10 & 0xff == 0x55


# ------------------------------------------------------------------ write protection (2.4.2)

@pytest.mark.parametrize("page", [0, 3, 4, 77, 127])
def test_protected_pages(flash, page):
    """One bit for four pages"""
    bit = page // 4
    set_options(flash, {WRP0 + 2 * (bit // 8): 0xff & ~(1 << bit % 8)})
    unlock(flash)
    first = bit * 4
    for other, protected in ((first - 1, False), (first, True), (first + 3, True),
                             (first + 4, False)):
        if not 0 <= other < 128:
            continue
        address = FLASH + other * PAGE
        flash.write(CR, PG)
        flash.write(address, 0x1234, size=2)
        flash.step(PROGRAM_NS)
        assert flash.read(SR) == (WRPRTERR if protected else EOP)
        flash.write(SR, 0x34)
        assert flash.read(address, size=2) == (0xffff if protected else 0x1234)
        erase(flash, PER, address)
        assert flash.read(SR) == (WRPRTERR if protected else BSY)
        flash.step(ERASE_NS)
        flash.write(SR, 0x34)


def test_mass_erase_needs_all_pages(flash):
    flash.write(CR, PG)
    flash.write(FLASH + 5 * PAGE, 0x1234, size=2)
    flash.step(PROGRAM_NS)
    open_options_again(flash)
    set_options(flash, {WRP3: 0x7f})
    unlock(flash)
    erase(flash, MER)
    assert flash.read(SR) == WRPRTERR
    assert flash.read(FLASH + 5 * PAGE, size=2) == 0x1234


def open_options_again(machine):
    reset(machine)
    open_options(machine)


def test_protection_error_interrupt(flash):
    """3.5 ERRIE"""
    set_options(flash, {WRP0: 0xfe})
    unlock(flash)
    flash.write(CR, PG | 1 << 10)
    flash.write(FLASH, 0, size=2)
    assert flash.irq(4)
    flash.write(SR, WRPRTERR)
    assert not flash.irq(4)


# ------------------------------------------------------------------ read-out protection (2.4.1)

@pytest.mark.parametrize("rdp", [0x00, 0x5a, 0xff])
def test_read_protection(flash, rdp):
    """Any value but 0xa5; the first four pages are write-protected, too."""
    set_options(flash, {RDP: rdp})
    assert flash.read(OBR) & RDPRT
    unlock(flash)
    for page, flag in ((0, WRPRTERR), (3, WRPRTERR), (4, BSY)):
        erase(flash, PER, FLASH + page * PAGE)
        assert flash.read(SR) == flag
        flash.step(ERASE_NS)
        flash.write(SR, 0x34)


def test_lifting_read_protection_erases_the_memory(flash):
    """2.4.1: a mass erase first"""
    flash.write(CR, OPTWRE | PG)
    flash.write(FLASH + WHOLE - 2, 0x1234, size=2)
    flash.step(PROGRAM_NS)
    set_options(flash, {RDP: 0})
    assert flash.read(FLASH + WHOLE - 2, size=2) == 0x1234
    open_options(flash)
    erase_options(flash)
    flash.write(CR, OPTWRE | OPTPG)
    flash.write(SR, EOP)
    flash.write(RDP, UNPROTECTED, size=2)
    flash.step(ERASE_NS - 1)
    assert flash.read(SR) == BSY
    flash.step(1)
    assert flash.read(FLASH + WHOLE - 2, size=2) == 0xffff
    reset(flash)
    assert not flash.read(OBR) & RDPRT


def test_programming_0xa5_without_protection_erases_nothing(flash):
    flash.write(CR, OPTWRE | PG)
    flash.write(FLASH, 0x1234, size=2)
    flash.step(PROGRAM_NS)
    set_options(flash, {})
    assert flash.read(FLASH, size=2) == 0x1234


# ------------------------------------------------------------------ hardware watchdog

def test_hardware_watchdog(flash):
    """2.6 WDG_SW = 0; RM0041 18.3.1: it runs from reset on"""
    set_options(flash, {USER: 0xfe})
    rcc_csr, iwdgrstf, lsion = 0x40021024, 1 << 29, 1
    flash.write(rcc_csr, 1 << 24)
    assert flash.read(rcc_csr) & lsion
    flash.step(409_600_000 - 1)
    assert not flash.read(rcc_csr) & iwdgrstf
    flash.step(1)
    assert flash.read(rcc_csr) & iwdgrstf
    flash.step(100_000_000)
    flash.write(0x40003000, 0xaaaa)
    flash.write(rcc_csr, 1 << 24)
    flash.step(409_599_999)
    assert not flash.read(rcc_csr) & iwdgrstf


# ------------------------------------------------------------------ the core

def test_core_stands_still_while_flash_is_busy(build_image, run_image):
    """Microseconds x 2, and BSY: 53 and 40000 from flash; from SRAM one, and BSY."""
    assert run_image(build_image("stall")) == (
        "program from flash 0000006a\nerase from flash 00013880\nerase from sram 00000003\n")


def test_locked_options_after_lock(flash):
    """3.5 LOCK: the whole register"""
    flash.write(CR, LOCK)
    flash.write(CR, OPTPG)
    assert not flash.read(CR) & OPTPG
    assert flash.read(AR) == 0
