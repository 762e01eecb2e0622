"""General-purpose I/O (RM0041 7.1, 7.2).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
from stm32f100 import (AF_OPEN_DRAIN, AF_OUTPUT, INPUT_FLOATING, INPUT_PULLED, OUTPUT,
                       RCC_APB2RSTR, clock_off, clock_on, drive_pin, edges, gpio, pin_mode)

CRL, CRH, IDR, ODR, BSRR, BRR, LCKR = range(0, 0x1c, 4)
ANALOG, OPEN_DRAIN = 0x0, 0x7
LCKK = 1 << 16
DEBUG_PULLS = {"a": 0xa000, "b": 0x0010}  # TMS, TDI, NJTRST high; TCK low (7.3.5)
C = gpio("c")


@pytest.fixture
def port_c(machine):
    clock_on(machine, "gpioc")
    return machine


def pin(machine, name):
    return machine.read(gpio(name[1].lower()) + IDR) >> int(name[2:]) & 1


# ------------------------------------------------------------------ registers

@pytest.mark.parametrize("port", "abcde")
def test_reset_values(machine, port):
    """7.2.8; only the pins of the debug port are pulled."""
    clock_on(machine, f"gpio{port}")
    values = [machine.read(gpio(port) + r) for r in range(0, 0x1c, 4)]
    assert values == [0x44444444, 0x44444444, DEBUG_PULLS.get(port, 0), 0, 0, 0, 0]


def test_without_its_clock_it_is_not_there(machine):
    """6.3.7; as seen on silicon: ODR stays 0 while IOPCEN is 0."""
    machine.write(C + CRH, 0x33)
    machine.write(C + ODR, 0x300)
    assert [machine.read(C + r) for r in (CRL, CRH, ODR)] == [0, 0, 0]
    clock_on(machine, "gpioc")
    assert [machine.read(C + r) for r in (CRL, CRH, ODR)] == [0x44444444, 0x44444444, 0]
    machine.write(C + ODR, 0x300)
    assert machine.read(C + ODR) == 0x300


def test_outputs_hold_while_the_clock_is_off(port_c):
    port_c.write(C + CRL, 0x33333333)
    port_c.write(C + ODR, 0x55)
    clock_off(port_c, "gpioc")
    port_c.write(C + ODR, 0xaa)
    assert port_c.read(C + IDR) == 0
    clock_on(port_c, "gpioc")
    assert [port_c.read(C + ODR), port_c.read(C + IDR)] == [0x55, 0x55]


def test_odr_has_sixteen_bits(port_c):
    port_c.write(C + ODR, 0xffffffff)
    assert port_c.read(C + ODR) == 0xffff


def test_idr_is_read_only(port_c):
    port_c.write(C + IDR, 0xffff)
    assert [port_c.read(C + IDR), port_c.read(C + ODR)] == [0, 0]


@pytest.mark.parametrize("register, value, result", [
    (BSRR, 0x00000f00, 0x0ff0), (BSRR, 0x00300000, 0x00c0), (BRR, 0x00000030, 0x00c0),
    (BSRR, 0x00f000f0, 0x00f0),  # both bits: BS wins
    (BSRR, 0, 0x00f0), (BRR, 0xffff0000, 0x00f0)])
def test_bit_set_and_reset(port_c, register, value, result):
    """7.2.5, 7.2.6; both read 0"""
    port_c.write(C + ODR, 0x00f0)
    port_c.write(C + register, value)
    assert port_c.read(C + ODR) == result
    assert port_c.read(C + register) == 0


def test_half_word_write_is_repeated_by_the_bridge(port_c):
    """2.1, 7.2: words only; a half-word reaches both halves, so BS and BR of BSRR: BS wins."""
    port_c.write(C + BSRR, 0x0003, size=2)
    assert port_c.read(C + ODR) == 3
    port_c.write(C + CRL, 0x3333, size=2)
    assert port_c.read(C + CRL) == 0x33333333


def test_reset_by_rcc(port_c):
    """6.3.4"""
    port_c.write(C + CRL, 0x33333333)
    port_c.write(C + ODR, 0xff)
    port_c.write(RCC_APB2RSTR, 1 << 4)
    port_c.write(RCC_APB2RSTR, 0)
    assert [port_c.read(C + r) for r in (CRL, IDR, ODR)] == [0x44444444, 0, 0]


# ------------------------------------------------------------------ inputs

def test_floating_input_follows_the_board(machine):
    pin_mode(machine, "PC6", INPUT_FLOATING)
    for level in (1, 0, 1):
        drive_pin(machine, "PC6", level)
        assert pin(machine, "PC6") == level
    drive_pin(machine, "PC6", None)
    assert pin(machine, "PC6") == 0


@pytest.mark.parametrize("pull", [0, 1])
def test_pulled_input(machine, pull):
    """7.1.7, table 20: ODR chooses pull-up or pull-down; the board is stronger."""
    pin_mode(machine, "PC6", INPUT_PULLED)
    machine.write(C + ODR, pull << 6)
    assert pin(machine, "PC6") == pull
    drive_pin(machine, "PC6", 1 - pull)
    assert pin(machine, "PC6") == 1 - pull
    drive_pin(machine, "PC6", None)
    assert pin(machine, "PC6") == pull


def test_floating_input_has_no_pull(machine):
    pin_mode(machine, "PC6", INPUT_FLOATING)
    machine.write(C + ODR, 1 << 6)
    assert pin(machine, "PC6") == 0


def test_analog_input_reads_zero(machine):
    """7.1.12: the Schmitt trigger is off."""
    pin_mode(machine, "PC6", ANALOG)
    drive_pin(machine, "PC6", 1)
    assert pin(machine, "PC6") == 0
    pin_mode(machine, "PC6", INPUT_FLOATING)
    assert pin(machine, "PC6") == 1


# ------------------------------------------------------------------ outputs

@pytest.mark.parametrize("mode", [0x1, 0x2, 0x3])
def test_push_pull_output(machine, mode):
    """7.1.8, 7.2.1: 10, 2 and 50 MHz; IDR reads the pin."""
    pin_mode(machine, "PC6", mode)
    for level in (1, 0):
        machine.write(C + ODR, level << 6)
        assert pin(machine, "PC6") == level


def test_push_pull_output_wins_over_the_board(machine):
    pin_mode(machine, "PC6", OUTPUT)
    drive_pin(machine, "PC6", 1)
    assert pin(machine, "PC6") == 0


def test_open_drain_output(machine):
    """7.1.8: 1 leaves the pin to the board, 0 pulls it down."""
    pin_mode(machine, "PC6", OPEN_DRAIN)
    machine.write(C + ODR, 1 << 6)
    assert pin(machine, "PC6") == 0  # nobody pulls it up
    drive_pin(machine, "PC6", 1)
    assert pin(machine, "PC6") == 1
    machine.write(C + ODR, 0)
    assert pin(machine, "PC6") == 0


@pytest.mark.parametrize("mode", [AF_OUTPUT, AF_OPEN_DRAIN])
def test_alternate_function_output_does_not_follow_odr(machine, mode):
    """7.1.9; PC13 has no alternate function that is modelled, and stays low."""
    pin_mode(machine, "PC13", mode)
    machine.write(C + ODR, 1 << 13)
    assert pin(machine, "PC13") == 0
    pin_mode(machine, "PC13", OUTPUT)
    assert pin(machine, "PC13") == 1


def test_edges_have_the_time_of_the_write(machine):
    pin_mode(machine, "PC6", OUTPUT)
    machine.step(12_345)
    machine.write(C + BSRR, 1 << 6)
    machine.step(1)
    machine.write(C + BRR, 1 << 6)
    machine.step(99)
    machine.write(C + ODR, 0)  # no edge
    machine.write(C + ODR, 1 << 6)
    assert edges(machine, "PC6") == [(0, 0), (12_345, 1), (12_346, 0), (12_445, 1)]


def test_input_makes_no_edges(machine):
    pin_mode(machine, "PC6", INPUT_FLOATING)
    drive_pin(machine, "PC6", 1)
    assert pin(machine, "PC6") == 1
    assert edges(machine, "PC6") == []
    pin_mode(machine, "PC6", OUTPUT)
    machine.write(C + BSRR, 1 << 6)
    assert edges(machine, "PC6")


def test_output_that_becomes_an_input_shows_what_the_board_makes_of_it(machine):
    """A servo whose pin is let go sees the pull, not the last level."""
    pin_mode(machine, "PC6", OUTPUT)
    machine.write(C + ODR, 1 << 6)
    machine.step(1000)
    pin_mode(machine, "PC6", INPUT_FLOATING)
    assert edges(machine, "PC6") == [(0, 0), (0, 1), (1000, 0)]


def test_mode_is_chosen_after_the_level(machine):
    """ODR set first: the pin rises with its mode, without a dip."""
    clock_on(machine, "gpioc")
    machine.write(C + ODR, 1 << 6)
    machine.step(500)
    pin_mode(machine, "PC6", OUTPUT)
    assert edges(machine, "PC6") == [(500, 1)]


def test_reset_lets_go_of_the_pin(machine):
    pin_mode(machine, "PC6", OUTPUT)
    machine.write(C + ODR, 1 << 6)
    machine.step(1000)
    machine.write(0xe000ed0c, 0x05fa0004)  # SYSRESETREQ
    assert edges(machine, "PC6") == [(0, 0), (0, 1), (1000, 0)]


# ------------------------------------------------------------------ lock

def lock(machine, pins, steps=(1, 0, 1)):
    """7.2.7: LCKK = 1, 0, 1, then a read."""
    for key in steps:
        machine.write(C + LCKR, key * LCKK | pins)
    return machine.read(C + LCKR)


def test_locked_pins_keep_their_mode_until_reset(port_c):
    assert lock(port_c, 0x0102) == 0x0102            # the read that ends the sequence
    assert port_c.read(C + LCKR) == LCKK | 0x0102
    port_c.write(C + CRL, 0x33333333)
    port_c.write(C + CRH, 0x33333333)
    assert [port_c.read(C + CRL), port_c.read(C + CRH)] == [0x33333343, 0x33333334]
    port_c.write(C + ODR, 0xffff)                    # levels are not locked
    assert port_c.read(C + ODR) == 0xffff
    port_c.write(C + LCKR, 0)                        # nor can the lock be opened
    assert port_c.read(C + LCKR) == LCKK | 0x0102
    port_c.write(0xe000ed0c, 0x05fa0004)
    clock_on(port_c, "gpioc")
    assert port_c.read(C + LCKR) == 0


@pytest.mark.parametrize("steps", [(1, 1, 1), (0, 0, 1), (1, 0, 0), (1, 0), (1,)])
def test_wrong_sequence_does_not_lock(port_c, steps):
    lock(port_c, 0xffff, steps)
    assert not port_c.read(C + LCKR) & LCKK
    port_c.write(C + CRL, 0x33333333)
    assert port_c.read(C + CRL) == 0x33333333


def test_pins_must_not_change_in_the_sequence(port_c):
    for value in (LCKK | 1, 2, LCKK | 1):
        port_c.write(C + LCKR, value)
    port_c.read(C + LCKR)
    assert not port_c.read(C + LCKR) & LCKK
    for value in (LCKK | 1, 1, LCKK | 1):
        port_c.write(C + LCKR, value)
    port_c.read(C + LCKR)
    assert port_c.read(C + LCKR) == LCKK | 1


def test_read_in_the_sequence_aborts_it(port_c):
    port_c.write(C + LCKR, LCKK | 1)
    port_c.read(C + LCKR)
    port_c.write(C + LCKR, 1)
    port_c.write(C + LCKR, LCKK | 1)
    port_c.read(C + LCKR)
    assert not port_c.read(C + LCKR) & LCKK


# ------------------------------------------------------------------ packages

@pytest.mark.parametrize("model, pins", [
    ("stm32f100c8", [0xffff, 0xffff, 0xe000, 0x0003, 0]),
    ("stm32f100rb", [0xffff, 0xffff, 0xffff, 0x0007, 0])])
def test_pins_of_the_package(tmp_path, model, pins):
    """Datasheet, table 4: a pin that the package lacks reads 0, and nobody sees it."""
    with qtest.QtestMachine(tmp_path, model) as machine:
        machine.write(0x40021018, 0x7d)
        machine.write(0x40010004, 4 << 24)  # AFIO_MAPR: no debug port
        for n, port in enumerate("abcde"):
            machine.write(gpio(port) + CRL, 0x33333333)
            machine.write(gpio(port) + CRH, 0x33333333)
            machine.write(gpio(port) + ODR, 0xffff)
            assert machine.read(gpio(port) + IDR) == pins[n]
            for number in range(16):
                seen = bool(edges(machine, f"P{port.upper()}{number}"))
                assert seen == bool(pins[n] >> number & 1)
