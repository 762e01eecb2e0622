"""HDMI-CEC (RM0041 chapter 24): registers only.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100

CFGR, OAR, PRES, ESR, CSR, TXD, RXD = (0x40007800 + n for n in range(0, 0x1c, 4))
ALL = (CFGR, OAR, PRES, ESR, CSR, TXD, RXD)
IRQ = 42
WRITABLE = {CFGR: 0xf, OAR: 0xf, PRES: 0x3fff, TXD: 0xff}


@pytest.fixture
def cec(machine):
    stm32f100.clock_on(machine, "cec")
    return machine


def test_reset_values(cec):
    """24.5"""
    assert [cec.read(r) for r in ALL] == [0] * 7


@pytest.mark.parametrize("register, mask", WRITABLE.items())
def test_reserved_bits_read_0(cec, register, mask):
    cec.write(register, 0xffffffff)
    assert cec.read(register) == mask


@pytest.mark.parametrize("register", [ESR, RXD])
def test_read_only(cec, register):
    cec.write(register, 0xffffffff)
    assert cec.read(register) == 0


def test_flags_cannot_be_set(cec):
    """24.5.5: of CSR, software sets TSOM and TEOM only."""
    cec.write(CSR, 0xff)
    assert cec.read(CSR) == 3
    cec.write(CSR, 0)
    assert cec.read(CSR) == 0


def test_nothing_happens(cec):
    cec.write(PRES, 1199)
    cec.write(CFGR, 0x3)
    cec.write(TXD, 0x40)
    cec.write(CSR, 1)
    cec.step(100_000_000)
    assert [cec.read(r) for r in (ESR, CSR, RXD)] == [0, 1, 0]
    assert not cec.irq(IRQ)


def test_without_clock_reads_0_and_ignores_writes(cec):
    cec.write(PRES, 5)
    stm32f100.clock_off(cec, "cec")
    assert cec.read(PRES) == 0
    cec.write(PRES, 6)
    stm32f100.clock_on(cec, "cec")
    assert cec.read(PRES) == 5


def test_reset_by_rcc(cec):
    cec.write(PRES, 5)
    assert cec.read(PRES) == 5
    cec.write(stm32f100.RCC_APB1RSTR, 1 << 30)
    cec.write(stm32f100.RCC_APB1RSTR, 0)
    assert cec.read(PRES) == 0


def test_says_once_that_it_does_nothing(tmp_path):
    log = tmp_path / "log"
    with stm32f100.qtest_machine(tmp_path, "-d", "unimp", "-D", str(log)) as machine:
        stm32f100.clock_on(machine, "cec")
        machine.write(PRES, 5)
        machine.write(CFGR, 1)
        machine.write(CFGR, 0)
        machine.write(CFGR, 1)
        machine.read(CFGR)
    assert log.read_text().count("stm32f100-cec") == 1
