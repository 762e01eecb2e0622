"""GPT (IMXRT1170RM, chapter "General Purpose Timer").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

GPT1, GPT1_IRQ = 0x400ec000, 119
GPT6, GPT6_IRQ = 0x40100000, 124
CR, PR, SR, IR, OCR1, OCR2, OCR3, CNT = 0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x24
EN, ENMOD, CLK_ROOT, FRR, SWR = 1 << 0, 1 << 1, 1 << 6, 1 << 9, 1 << 15
OF1, OF2, OF3, ROV = 1, 2, 4, 32
MICROSECOND = 24 - 1  # prescaler for 1 MHz from 24 MHz


def start(machine, base=GPT1, mode=0, prescaler=MICROSECOND):
    machine.write(base + PR, prescaler)
    machine.write(base + CR, EN | ENMOD | CLK_ROOT | mode)


def test_reset_values(machine):
    assert machine.read(GPT1 + CR) == 0
    assert [machine.read(GPT1 + r) for r in (OCR1, OCR2, OCR3)] == [0xffffffff] * 3
    machine.step(1000)
    assert machine.read(GPT1 + CNT) == 0


@pytest.mark.parametrize("prescaler, ticks", [(0, 24_000), (23, 1_000), (4095, 5)])
def test_counts_the_clock_root(machine, prescaler, ticks):
    start(machine, mode=FRR, prescaler=prescaler)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) in (ticks - 1, ticks)  # 24 MHz is no whole ns


def test_second_is_exact(machine):
    """No drift: after 10 s the count is off by the rounding of the period only."""
    start(machine, mode=FRR, prescaler=0)
    machine.step(10_000_000_000)
    assert abs(machine.read(GPT1 + CNT) - 240_000_000) <= 1


@pytest.mark.parametrize("source, hz", [(5, 16_000_000), (4, 32_768)])
def test_other_clock_sources(machine, source, hz):
    machine.write(GPT1 + CR, EN | ENMOD | FRR | source << 6 | 1 << 10)
    machine.step(1_000_000_000)
    assert abs(machine.read(GPT1 + CNT) - hz) <= 1


def test_no_clock_source_stands_still(machine):
    machine.write(GPT1 + CR, EN | ENMOD | FRR)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) == 0


def test_restart_mode_interrupts_with_its_period(machine):
    start(machine)
    machine.write(GPT1 + OCR1, 999)
    machine.write(GPT1 + IR, OF1)
    machine.step(998_000)
    assert not machine.irq(GPT1_IRQ)
    machine.step(2_000)
    assert machine.irq(GPT1_IRQ)
    machine.write(GPT1 + SR, OF1)
    assert not machine.irq(GPT1_IRQ)
    machine.step(995_000)
    assert not machine.irq(GPT1_IRQ)
    machine.step(5_000)
    assert machine.irq(GPT1_IRQ)
    machine.step(3_000)
    assert machine.read(GPT1 + CNT) < 10


def test_flags_without_interrupt_enable(machine):
    start(machine)
    machine.write(GPT1 + OCR2, 10)
    machine.step(20_000)
    assert machine.read(GPT1 + SR) == OF2
    assert not machine.irq(GPT1_IRQ)
    machine.write(GPT1 + IR, OF2)
    assert machine.irq(GPT1_IRQ)


def test_compare_above_ocr1_never_matches_in_restart_mode(machine):
    start(machine)
    machine.write(GPT1 + OCR1, 99)
    machine.write(GPT1 + OCR2, 100)
    machine.write(GPT1 + OCR3, 98)
    machine.step(10_000_000)
    assert machine.read(GPT1 + SR) == OF1 | OF3


def test_free_run_does_not_restart(machine):
    start(machine, mode=FRR)
    machine.write(GPT1 + OCR1, 100)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) in (999, 1000)
    assert machine.read(GPT1 + SR) == OF1


def test_rollover(machine):
    start(machine, mode=FRR, prescaler=0)
    machine.write(GPT1 + IR, ROV)
    machine.step(178_900_000_000)  # 2^32 / 24 MHz = 178.957 s
    assert not machine.irq(GPT1_IRQ)
    machine.step(100_000_000)
    assert machine.irq(GPT1_IRQ)


def test_write_to_ocr1_restarts_the_counter(machine):
    start(machine)
    machine.step(500_000)
    machine.write(GPT1 + OCR1, 999)
    assert machine.read(GPT1 + CNT) == 0


def test_disabled_counter_freezes_and_goes_on(machine):
    start(machine, mode=FRR)
    machine.step(500_000)
    machine.write(GPT1 + CR, CLK_ROOT | FRR)
    frozen = machine.read(GPT1 + CNT)
    machine.step(500_000)
    assert machine.read(GPT1 + CNT) == frozen
    machine.write(GPT1 + CR, EN | CLK_ROOT | FRR)  # ENMOD = 0
    machine.step(100_000)
    assert machine.read(GPT1 + CNT) - frozen in (99, 100)


def test_enable_mode_1_counts_from_zero(machine):
    start(machine, mode=FRR)
    machine.step(500_000)
    machine.write(GPT1 + CR, CLK_ROOT | FRR | ENMOD)
    machine.write(GPT1 + CR, EN | CLK_ROOT | FRR | ENMOD)
    assert machine.read(GPT1 + CNT) == 0


def test_software_reset_keeps_clock_source_and_enable(machine):
    start(machine, mode=FRR)
    machine.write(GPT1 + OCR2, 5)
    machine.write(GPT1 + CR, machine.read(GPT1 + CR) | SWR)
    assert machine.read(GPT1 + CR) == EN | ENMOD | CLK_ROOT
    assert machine.read(GPT1 + OCR2) == 0xffffffff
    assert machine.read(GPT1 + PR) == 0


def test_sixth_timer_has_its_own_interrupt(machine):
    start(machine, base=GPT6)
    machine.write(GPT6 + OCR1, 9)
    machine.write(GPT6 + IR, OF1)
    machine.step(20_000)
    assert machine.irq(GPT6_IRQ)
    assert not machine.irq(GPT1_IRQ)


def test_closed_gate_stops_the_counter(machine):
    start(machine, mode=FRR)
    machine.step(100_000)
    machine.write(0x40cc6000 + 0x20 * 64, 0)  # LPCG64: GPT1
    count = machine.read(GPT1 + CNT)
    machine.step(100_000)
    assert machine.read(GPT1 + CNT) == count
