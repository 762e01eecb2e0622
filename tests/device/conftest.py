"""What the device tests of every part share: qtest.py becomes importable, and the
fixtures that differ only by the part, which each folder's own conftest.py names
(fixture part: a qtest.Part).

SPDX-License-Identifier: Apache-2.0
"""

import shutil
import subprocess

import pytest

import qtest

COMPILER = "arm-none-eabi-gcc"
FLAGS = ("-mthumb", "-O2", "-g", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-ffreestanding",
         "-nostdlib", "-Wl,--build-id=none", f"-I{qtest.PROJECT / 'firmware'}")


@pytest.fixture
def machine(part, tmp_path):
    with part.qtest_machine(tmp_path) as machine:
        yield machine


@pytest.fixture(scope="module")
def build_image(part, tmp_path_factory):
    """Compiles images/NAME.c with what every image of the part has."""
    if not shutil.which(COMPILER):
        pytest.fail(f"{COMPILER} is not installed")
    folder = tmp_path_factory.mktemp("images")

    def build(name, *options):
        elf = folder / (name + "".join(options) + ".elf").replace("/", "_")
        sources = [part.images / source for source in (*part.start, f"{name}.c")]
        subprocess.run([COMPILER, f"-mcpu={part.cpu}", *FLAGS, *options,
                        "-T", part.images / "image.ld", *sources, "-o", elf],
                       check=True, timeout=60)
        return elf

    return build
