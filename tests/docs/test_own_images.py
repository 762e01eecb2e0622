"""docs/own-images.md does what it says: its files, written out as they stand there, and its commands.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "own-images.md"
BLOCK = re.compile(r"^<!-- (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)
LIMIT_S = 60

BLOCKS = BLOCK.findall(PAGE.read_text())
FILES = [(name, text) for name, text in BLOCKS if name.startswith("own.")]
COMPILE_AND_WATCH, JUDGE = [text for name, text in BLOCKS if name == "shell"]
[OUTPUT] = [text for name, text in BLOCKS if name == "output"]


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    """A folder of one's own, far from the checkout, with the files of the page."""
    for name, text in FILES:
        (tmp_path / name).write_text(text)
    return tmp_path


def shell(folder, commands):
    """What a user's shell does with a block of the page, up to the first error."""
    return subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=folder,
        env=dict(os.environ, MEWS=str(CHECKOUT)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def in_folder(folder, commands):
    """The run goes to this folder, not to the checkout's numbered runs."""
    return shell(folder, commands.replace("--times", f"--times --run-dir '{folder}/run'"))


def told(output):
    """What is the same for every compiler: the line's time to 0.1 ms, and not the folder."""
    return re.sub(r"recorded in .*", "", re.sub(r"(\[ +0\.\d{4})\d{5}\]", r"\1", output))


def test_image_prints_what_the_page_shows(folder):
    done = in_folder(folder, COMPILE_AND_WATCH)
    assert done.returncode == 0, done.stderr
    assert told(done.stdout + done.stderr) == told(OUTPUT)


def test_gates_hold(folder):
    in_folder(folder, COMPILE_AND_WATCH)
    done = shell(folder, JUDGE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gates: 3 PASS, 0 FAIL, 0 COULD-NOT-RUN" in done.stdout


def test_gates_are_red_for_an_image_that_says_something_else(folder):
    source = folder / "own.c"
    source.write_text(source.read_text().replace("own: ready", "own: steady"))
    in_folder(folder, COMPILE_AND_WATCH)
    assert shell(folder, JUDGE).returncode == 1


def test_image_with_its_load_address_in_ram_is_refused_in_one_line(folder):
    script = folder / "own.ld"
    script.write_text(script.read_text().replace("} > flash\n", "} > sram\n"))
    done = in_folder(folder, COMPILE_AND_WATCH)
    assert done.returncode == 2
    assert re.fullmatch(r"linkd: .*own\.rig:\d+: machine own: image .*\(flash 0x08000000\.\.0x0800ffff\)\n", done.stderr)


def test_properties_of_the_page_are_those_of_the_machines(folder):
    named = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \| (STM32F100|RT1176) \|", PAGE.read_text(), re.M)
    models = {"STM32F100": "stm32f100c8", "RT1176": "mimxrt1176"}
    for names, part in named:
        said = shell(folder, f'"$MEWS/build/bin/qemu-system-arm" -M {models[part]},help').stdout
        for name in re.findall(r"[a-z-]+", names):
            assert re.search(rf"^ +{name}=", said, re.M), f"{part} has no property {name}"
    rows = PAGE.read_text().split("| `property` | model |")[1].split("\n\n")[0]
    assert len(named) == rows.count("\n| `") > 0
