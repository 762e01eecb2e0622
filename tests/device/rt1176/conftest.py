"""Fixtures of the i.MX RT1176 device tests: the machine under qtest (virtual
time is stepped, no core runs), the test images, and the machine running one.

SPDX-License-Identifier: Apache-2.0
"""

import pathlib
import shutil
import subprocess

import pytest

import rt1176

HERE = pathlib.Path(__file__).resolve().parent
IMAGES = HERE / "images"
COMPILER = "arm-none-eabi-gcc"


@pytest.fixture
def machine(tmp_path):
    with rt1176.qtest_machine(tmp_path) as machine:
        yield machine


@pytest.fixture(scope="session")
def build_image(tmp_path_factory):
    """Compiles images/NAME.c with what every image has, and the M4's part."""
    if not shutil.which(COMPILER):
        pytest.fail(f"{COMPILER} is not installed")
    folder = tmp_path_factory.mktemp("images")
    common = [COMPILER, "-mthumb", "-O2", "-g", "-std=gnu11", "-Wall", "-Wextra", "-Werror",
              "-ffreestanding", "-nostdlib", "-Wl,--build-id=none"]

    def build(name, *options):
        elf = folder / (name + "".join(options) + ".elf").replace("/", "_")
        subprocess.run([*common, "-mcpu=cortex-m7", *options, "-T", IMAGES / "image.ld",
                        IMAGES / "start.c", IMAGES / "m4.S", IMAGES / f"{name}.c", "-o", elf],
                       check=True, timeout=60)
        return elf

    return build


@pytest.fixture
def run_image(tmp_path):
    """Runs an image until it ends the machine; returns what crossed its wires."""

    def run(elf, *options, **arguments):
        return rt1176.run_image(elf, tmp_path, *options, **arguments)

    return run
