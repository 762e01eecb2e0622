"""External interrupts (RM0041 8.2, 8.3).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import OUTPUT, clock_on, drive_pin, gpio, pin_mode

EXTI = 0x40010400
IMR, EMR, RTSR, FTSR, SWIER, PR = (EXTI + n for n in range(0, 0x18, 4))
LINES = 0x3ffff
EXTI0_IRQ = 6
# Interrupt of each line (8.1.2): EXTI0 to EXTI4, 9_5, 15_10, PVD, RTC alarm
IRQ = [6, 7, 8, 9, 10] + 5 * [23] + 6 * [40] + [1, 41]
EVERY_IRQ = sorted(set(IRQ))
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004


def interrupts(machine):
    return [n for n in EVERY_IRQ if machine.irq(n)]


def test_reset_values(machine):
    """8.3.7"""
    assert [machine.read(r) for r in (IMR, EMR, RTSR, FTSR, SWIER, PR)] == [0] * 6


@pytest.mark.parametrize("register", [IMR, EMR, RTSR, FTSR])
def test_eighteen_lines(machine, register):
    machine.write(register, 0xffffffff)
    assert machine.read(register) == LINES


@pytest.mark.parametrize("rising, falling, expected", [
    (0, 0, [0, 0]), (1, 0, [1, 0]), (0, 1, [0, 1]), (1, 1, [1, 1])])
def test_edges(machine, rising, falling, expected):
    """8.2.4: RTSR and FTSR"""
    machine.write(RTSR, rising)
    machine.write(FTSR, falling)
    for level, pending in zip((1, 0), expected):
        drive_pin(machine, "PA0", level)
        assert machine.read(PR) == pending
        machine.write(PR, 1)
        assert machine.read(PR) == 0


def test_levels_are_no_edges(machine):
    """An edge that is chosen after it has happened is lost; the same level again is none."""
    drive_pin(machine, "PA0", 1)
    machine.write(RTSR, 1)
    machine.write(IMR, 1)
    drive_pin(machine, "PA0", 1)
    assert machine.read(PR) == 0
    drive_pin(machine, "PA0", 0)
    drive_pin(machine, "PA0", 1)
    assert machine.read(PR) == 1


def test_pending_is_cleared_by_ones_only(machine):
    """8.3.6"""
    machine.write(SWIER, 0x15)
    machine.write(PR, 0)
    assert machine.read(PR) == 0x15
    machine.write(PR, 0x2e)
    assert machine.read(PR) == 0x11


def test_mask_gates_the_interrupt_not_the_flag(machine):
    """8.2.4"""
    machine.write(RTSR, 1)
    drive_pin(machine, "PA0", 1)
    assert machine.read(PR) == 1
    assert interrupts(machine) == []
    machine.write(IMR, 1)
    assert interrupts(machine) == [EXTI0_IRQ]
    machine.write(IMR, 0)
    assert interrupts(machine) == []


@pytest.mark.parametrize("line", range(18))
def test_interrupt_of_each_line(machine, line):
    """8.1.2, table 50; by software"""
    machine.write(IMR, 1 << line)
    machine.write(SWIER, 1 << line)
    assert machine.read(PR) == 1 << line
    assert interrupts(machine) == [IRQ[line]]
    machine.write(PR, 1 << line)
    assert interrupts(machine) == []


def test_shared_interrupt_stays_until_the_last_line_is_cleared(machine):
    machine.write(IMR, 0x3e0)
    machine.write(SWIER, 0x3e0)
    machine.write(PR, 0x1e0)
    assert interrupts(machine) == [23]
    machine.write(PR, 0x200)
    assert interrupts(machine) == []


def test_software_interrupt(machine):
    """8.3.5: a bit sets its flag when it goes from 0 to 1; clearing PR clears it."""
    machine.write(SWIER, 1)
    assert [machine.read(SWIER), machine.read(PR)] == [1, 1]
    machine.write(SWIER, 0)
    assert machine.read(SWIER) == 1
    machine.write(PR, 1)
    assert [machine.read(SWIER), machine.read(PR)] == [0, 0]
    machine.write(SWIER, 1)
    assert machine.read(PR) == 1


def test_second_write_of_a_set_software_bit_is_nothing(machine):
    machine.write(SWIER, 1)
    machine.write(SWIER, 3)
    assert machine.read(PR) == 3


def test_pin_that_the_part_itself_drives(machine):
    """8.2.5: an output is an interrupt source, too."""
    pin_mode(machine, "PA0", OUTPUT)
    machine.write(RTSR, 1)
    machine.write(IMR, 1)
    machine.write(gpio("a") + 0x10, 1)
    assert interrupts(machine) == [EXTI0_IRQ]


def test_port_needs_no_clock_for_its_lines(machine):
    """The edge detector is asynchronous (8.2.4)."""
    machine.write(FTSR, 1 << 7)
    drive_pin(machine, "PA7", 1)
    drive_pin(machine, "PA7", 0)
    assert machine.read(PR) == 1 << 7


def test_pull_up_makes_an_edge(machine):
    clock_on(machine, "gpioa")
    machine.write(RTSR, 1 << 5)
    machine.write(gpio("a") + 0x0c, 1 << 5)
    assert machine.read(PR) == 0
    pin_mode(machine, "PA5", 0x8)
    assert machine.read(PR) == 1 << 5


def test_reset(machine):
    for register in (IMR, EMR, RTSR, FTSR, SWIER):
        machine.write(register, LINES)
        assert machine.read(register) == LINES
    machine.write(AIRCR, SYSRESETREQ)
    assert [machine.read(r) for r in (IMR, EMR, RTSR, FTSR, SWIER, PR)] == [0] * 6
    assert interrupts(machine) == []
