"""Fixtures of the STM32F100 device tests: those of ../conftest.py for this part,
and the machine running an image.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100


@pytest.fixture(scope="session")
def part():
    return stm32f100.PART


@pytest.fixture
def run_image(tmp_path):
    """Runs an image until it ends the machine; returns what it said on USART1."""

    def run(elf, *options, **arguments):
        log = stm32f100.run_image(elf, tmp_path, *options, **arguments)
        return qtest.text_of(qtest.parse_symbols(log, "usart1"))

    return run


@pytest.fixture
def machine_of(tmp_path):
    """A machine by model and options: "stm32f100c8,sram-poison=0"."""
    machines = []

    def start(model, *options):
        machine = qtest.QtestMachine(tmp_path, model, *options)
        machines.append(machine)
        return machine.__enter__()

    yield start
    for machine in machines:
        machine.__exit__()


@pytest.fixture
def machine_with(machine_of):
    """The machine with options, "hse-hz=8000000" for example."""
    return lambda options: machine_of(f"{stm32f100.MODEL},{options}")
