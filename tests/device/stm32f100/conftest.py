"""Fixtures of the STM32F100 device tests: the machine under qtest (virtual time
is stepped, no core runs), the test images, and the machine running one.

SPDX-License-Identifier: Apache-2.0
"""

import pathlib
import shutil
import subprocess

import pytest

import qtest
import stm32f100

IMAGES = pathlib.Path(__file__).resolve().parent / "images"
COMPILER = "arm-none-eabi-gcc"


@pytest.fixture
def machine(tmp_path):
    with stm32f100.qtest_machine(tmp_path) as machine:
        yield machine


@pytest.fixture(scope="session")
def build_image(tmp_path_factory):
    """Compiles images/NAME.c with what every image has."""
    if not shutil.which(COMPILER):
        pytest.fail(f"{COMPILER} is not installed")
    folder = tmp_path_factory.mktemp("images")
    common = [COMPILER, "-mcpu=cortex-m3", "-mthumb", "-O2", "-g", "-std=gnu11", "-Wall", "-Wextra",
              "-Werror", "-ffreestanding", "-nostdlib", "-Wl,--build-id=none"]

    def build(name):
        elf = folder / f"{name}.elf"
        subprocess.run([*common, "-T", IMAGES / "image.ld", IMAGES / "start.c",
                        IMAGES / f"{name}.c", "-o", elf], check=True, timeout=60)
        return elf

    return build


@pytest.fixture
def run_image(tmp_path):
    """Runs an image until it ends the machine; returns what it said on USART1."""

    def run(elf, *options, **arguments):
        log = stm32f100.run_image(elf, tmp_path, *options, **arguments)
        return qtest.text_of(qtest.parse_symbols(log, "usart1"))

    return run
