"""Backup registers (RM0041 chapter 5): data, tamper detection, the RTC's calibration
and outputs on PC13.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import test_rtc
from stm32f100 import (INPUT_PULLED, OUTPUT, allow_backup_writes, clock_on, drive_pin, edges, gpio,
                       modify, pin_mode)
from test_rtc import BDCR, BDRST, LSI_NS

BKP = 0x40006c00
DR = [BKP + 4 * n for n in range(1, 11)]
RTCCR, CR, CSR = BKP + 0x2c, BKP + 0x30, BKP + 0x34
CCO, ASOE, ASOS = 1 << 7, 1 << 8, 1 << 9
TPE, TPAL = 1, 2
CTE, CTI, TPIE, TEF, TIF = 1 << 0, 1 << 1, 1 << 2, 1 << 8, 1 << 9
TAMPER_IRQ = 2
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004


@pytest.fixture
def bkp(machine):
    allow_backup_writes(machine)
    return machine


@pytest.fixture
def clocked(machine):
    """The RTC on LSI."""
    test_rtc.start_on_lsi(machine)
    return machine


def data(machine):
    return [machine.read(address) for address in DR]


def fill(machine):
    for n, address in enumerate(DR):
        machine.write(address, 0x1111 * (n + 1))


FILLED = [0x1111 * (n + 1) for n in range(10)]


# ------------------------------------------------------------------ registers

def test_reset_values(bkp):
    assert data(bkp) == [0] * 10
    assert [bkp.read(r) for r in (RTCCR, CR, CSR)] == [0, 0, 0]


def test_data_registers_hold_16_bits(bkp):
    for address in DR:
        bkp.write(address, 0xffffffff)
    assert data(bkp) == [0xffff] * 10


def test_writable_bits(bkp):
    """5.4.2 to 5.4.4"""
    bkp.write(RTCCR, 0xffff)
    assert bkp.read(RTCCR) == 0x3ff
    bkp.write(RTCCR, 0)
    bkp.write(CSR, TPIE | TEF | TIF)
    assert bkp.read(CSR) == TPIE
    bkp.write(CR, 0xfffe)
    assert bkp.read(CR) == TPAL


def test_data_registers_of_larger_parts_are_not_there(bkp):
    bkp.write(BKP + 0x40, 1)
    assert bkp.read(BKP + 0x40) == 0


def test_clock_gate_and_write_protection(machine):
    """6.3.8 BKPEN; 4.1.2 DBP"""
    machine.write(DR[0], 1)
    clock_on(machine, "bkp")
    machine.write(DR[0], 1)
    assert machine.read(DR[0]) == 0
    allow_backup_writes(machine)
    machine.write(DR[0], 1)
    assert machine.read(DR[0]) == 1
    modify(machine, 0x40007000, 1 << 8, 0)
    machine.write(DR[0], 2)
    assert machine.read(DR[0]) == 1


def test_system_reset_leaves_them_alone(bkp):
    """5.2"""
    fill(bkp)
    bkp.write(RTCCR, 0x55)
    bkp.write(CR, TPAL)
    bkp.write(CSR, TPIE)
    bkp.write(AIRCR, SYSRESETREQ)
    clock_on(bkp, "bkp")
    assert data(bkp) == FILLED
    assert [bkp.read(r) for r in (RTCCR, CR, CSR)] == [0x55, TPAL, 0]


def test_apb_reset_leaves_them_alone(bkp):
    """6.3.5 BKPRST resets the interface only"""
    fill(bkp)
    bkp.write(0x40021010, 1 << 27)
    bkp.write(0x40021010, 0)
    assert data(bkp) == FILLED


def test_backup_reset(bkp):
    """6.1.3; held in reset while BDRST is set"""
    fill(bkp)
    bkp.write(RTCCR, 0x55)
    bkp.write(CR, TPAL)
    bkp.write(BDCR, BDRST)
    assert data(bkp) == [0] * 10
    assert [bkp.read(RTCCR), bkp.read(CR)] == [0, 0]
    fill(bkp)
    assert data(bkp) == [0] * 10
    bkp.write(BDCR, 0)
    fill(bkp)
    assert data(bkp) == FILLED


# ------------------------------------------------------------------ tamper detection (5.3.1)

def start_tamper(machine, tpal):
    drive_pin(machine, "PC13", tpal)
    machine.write(CR, tpal << 1)
    machine.write(CR, tpal << 1 | TPE)
    fill(machine)


@pytest.mark.parametrize("tpal", [0, 1])
def test_tamper_resets_the_data(bkp, tpal):
    start_tamper(bkp, tpal)
    assert [data(bkp), bkp.read(CSR)] == [FILLED, 0]
    drive_pin(bkp, "PC13", 1 - tpal)
    assert [data(bkp), bkp.read(CSR)] == [[0] * 10, TEF]
    assert not bkp.irq(TAMPER_IRQ)


def test_data_is_held_in_reset_until_cte(bkp):
    start_tamper(bkp, 0)
    drive_pin(bkp, "PC13", 1)
    fill(bkp)
    assert data(bkp) == [0] * 10
    bkp.write(CSR, CTE)
    assert bkp.read(CSR) == 0
    fill(bkp)
    assert data(bkp) == FILLED


@pytest.mark.parametrize("tpal", [0, 1])
def test_level_that_is_there_before_tpe_is_an_event(bkp, tpal):
    drive_pin(bkp, "PC13", 1 - tpal)
    bkp.write(CR, tpal << 1)
    fill(bkp)
    assert data(bkp) == FILLED
    bkp.write(CR, tpal << 1 | TPE)
    assert [data(bkp), bkp.read(CSR)] == [[0] * 10, TEF]


def test_level_after_cte_is_seen_when_tpe_is_set_again(bkp):
    start_tamper(bkp, 0)
    drive_pin(bkp, "PC13", 1)
    bkp.write(CSR, CTE)
    assert bkp.read(CSR) == 0
    bkp.write(CR, 0)
    bkp.write(CR, TPE)
    assert bkp.read(CSR) == TEF


def test_no_detection_without_tpe(bkp):
    fill(bkp)
    drive_pin(bkp, "PC13", 0)
    drive_pin(bkp, "PC13", 1)
    assert data(bkp) == FILLED


def test_detection_without_dbp(bkp):
    """It is hardware, nobody writes."""
    start_tamper(bkp, 0)
    modify(bkp, 0x40007000, 1 << 8, 0)
    assert data(bkp) == FILLED
    drive_pin(bkp, "PC13", 1)
    assert data(bkp) == [0] * 10


def test_tamper_interrupt(bkp):
    """5.4.4: TPIE, TIF, CTI; interrupt 2"""
    start_tamper(bkp, 0)
    bkp.write(CSR, TPIE)
    drive_pin(bkp, "PC13", 1)
    assert bkp.read(CSR) == TPIE | TEF | TIF
    assert bkp.irq(TAMPER_IRQ)
    bkp.write(CSR, TPIE | CTI)
    assert bkp.read(CSR) == TPIE | TEF
    assert not bkp.irq(TAMPER_IRQ)


def test_tif_goes_with_tpie_and_with_a_system_reset(bkp):
    for action in (lambda: bkp.write(CSR, 0), lambda: bkp.write(AIRCR, SYSRESETREQ)):
        allow_backup_writes(bkp)
        start_tamper(bkp, 0)
        bkp.write(CSR, TPIE | CTE)
        drive_pin(bkp, "PC13", 1)
        assert bkp.irq(TAMPER_IRQ)
        action()
        assert not bkp.irq(TAMPER_IRQ)
        clock_on(bkp, "bkp")
        assert bkp.read(CSR) == TEF


def test_pin_is_an_input_while_it_detects(bkp):
    """5.4.3 TPE, whatever the port says"""
    pin_mode(bkp, "PC13", OUTPUT)
    bkp.write(gpio("c") + 0xc, 1 << 13)
    assert bkp.read(gpio("c") + 8) & 1 << 13
    bkp.write(CR, TPE)
    assert not bkp.read(gpio("c") + 8) & 1 << 13
    bkp.write(CR, 0)
    assert bkp.read(gpio("c") + 8) & 1 << 13


# ------------------------------------------------------------------ RTC on the pin (5.3.2)

def test_calibration_clock(clocked):
    """CCO: RTCCLK / 64, here 625 Hz"""
    pin_mode(clocked, "PC13", INPUT_PULLED)
    start = clocked.now_ns
    clocked.write(RTCCR, CCO)
    clocked.step(4 * 32 * LSI_NS)
    seen = [(at - start, level) for at, level in edges(clocked, "PC13")]
    assert seen[-4:] == [(32 * n * LSI_NS, n & 1) for n in (1, 2, 3, 4)]
    clocked.write(RTCCR, 0)
    count = len(edges(clocked, "PC13"))
    clocked.step(1_000_000)
    assert len(edges(clocked, "PC13")) == count


def test_calibration_clock_needs_rtcclk(bkp):
    bkp.write(RTCCR, CCO)
    bkp.step(1_000_000_000)
    assert edges(bkp, "PC13") == []
    assert bkp.read(RTCCR) == CCO


@pytest.mark.parametrize("setting, periods", [(ASOE | ASOS, (0, 1, 2, 3)), (ASOE, (2,))])
def test_pulses(clocked, setting, periods):
    """ASOE: one cycle of RTCCLK, each second (ASOS) or at the alarm"""
    test_rtc.configure_and_wait(clocked, prl=39, cnt=0, alr=2)
    start = clocked.now_ns
    clocked.write(RTCCR, setting)
    clocked.step(4 * 40 * LSI_NS)
    rising = [at - start for at, level in edges(clocked, "PC13") if level]
    falling = [at - start for at, level in edges(clocked, "PC13") if not level and at > start]
    assert rising == [(40 * n + 39) * LSI_NS for n in periods]
    assert falling == [at + LSI_NS for at in rising]


def test_outputs_outlive_a_system_reset(clocked):
    """5.4.2: a backup reset ends them"""
    clocked.write(RTCCR, CCO | 3)
    clocked.write(AIRCR, SYSRESETREQ)
    clock_on(clocked, "bkp")
    assert clocked.read(RTCCR) == CCO | 3


@pytest.mark.parametrize("cal", [0, 1, 127])
def test_calibration(clocked, cal):
    """CAL pulses of each 2^20 are ignored."""
    clocked.write(RTCCR, cal)
    test_rtc.configure_and_wait(clocked, prl=1023, cnt=0)
    clocked.step(((4 << 20) - 1024) * LSI_NS)
    left = (test_rtc.counter(clocked) << 10) + 1023 - test_rtc.divider(clocked)
    swallowed = (4 << 20) - 1024 - left
    assert 3 * cal <= swallowed <= 4 * cal
