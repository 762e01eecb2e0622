"""docs/own-images.md does what it says: its files, written out as they stand there, and its commands.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "own-images.md"
BLOCK = re.compile(r"^<!-- (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)
LIMIT_S = 60

BLOCKS = BLOCK.findall(PAGE.read_text())
FILES = [(name, text) for name, text in BLOCKS if "." in name]
COMPILE_AND_WATCH, JUDGE, TWO_CORES = [text for name, text in BLOCKS if name == "shell"]
OUTPUT, TWO_CORES_OUTPUT = [text for name, text in BLOCKS if name == "output"]


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
    """What is the same for every compiler: a line's time to 0.1 ms."""
    return re.sub(r"(\[ +0\.\d{4})\d{5}\]", r"\1", output)


@pytest.mark.parametrize("commands, shown", [(COMPILE_AND_WATCH, OUTPUT), (TWO_CORES, TWO_CORES_OUTPUT)],
                         ids=["own", "two cores"])
def test_image_prints_what_the_page_shows(folder, commands, shown):
    """The run is one of the checkout's, with the next free number; it is not left there."""
    done = shell(folder, commands)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    run = Path(re.search(r"recorded in (.*)", said)[1])
    assert (run / "run.json").is_file()
    shutil.rmtree(run)
    shown = shown.replace("/path/to/mews", str(CHECKOUT))
    assert told(re.sub(r"-\d+$", "-1", said, flags=re.M)) == told(shown)


def test_word_that_the_other_core_makes_is_seen(folder):
    source = folder / "m4.c"
    source.write_text(source.read_text().replace("* 7", "* 8"))
    assert "m7: the m4 is wrong\n" in in_folder(folder, TWO_CORES).stdout


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
