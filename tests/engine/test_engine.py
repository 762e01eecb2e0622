"""The time engine (emu/engine/patches): rates, slices, and that nothing the
host does, from its load to a debugger's visit, changes a run.

Facts come from the engine's own contract, include/system/icount-engine.h in
the patch.  The image dual.elf makes two cores watch each other, so that any
change of their interleaving shows in what they send (see its header).

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import pathlib
import random
import signal
import subprocess
import time

import pytest

from machine import QEMU, TIMEOUT_S, Machine

IMAGES = pathlib.Path("build/tests/engine")
DUAL = ("-M", "mimxrt1176,boot-mode=debug",
        "-icount", "rate=250/249,slice=1000,sleep=off",
        "-kernel", str(IMAGES / "dual.elf"))
EXACT = ("-M", "stm32f100rb", "-icount", "rate=125/3,sleep=off",
         "-kernel", str(IMAGES / "exact.elf"))


def run(*arguments):
    with Machine(*arguments) as machine:
        return machine.wait_end()


@pytest.fixture(scope="module")
def dual_log():
    return run(*DUAL)


def edges(log, pin):
    return [int(line.split()[2]) for line in log.splitlines()
            if line.startswith(f"edge {pin} ")]


@contextlib.contextmanager
def host_load():
    """Two processes that spin: more than the cores can give to all."""
    spinners = [subprocess.Popen(["sh", "-c", "while :; do :; done"])
                for _ in range(3)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def test_rate_is_exact():
    """24,000,000 instructions at 125/3 ns are one second, to the ns."""
    first, second = edges(run(*EXACT), "PC9")[-2:]
    assert second - first == 1_000_000_000


def test_rate_is_what_is_asked_for():
    """Negative control: another rate gives another time."""
    arguments = [a.replace("125/3", "42") for a in EXACT]
    first, second = edges(run(*arguments), "PC9")[-2:]
    assert second - first == 24_000_000 * 42


def test_twenty_runs_under_load_are_equal(dual_log):
    with host_load():
        for _ in range(20):
            assert run(*DUAL) == dual_log


def test_another_slice_is_another_run(dual_log):
    """Negative control: the image does show how the cores interleave."""
    assert run(*[a.replace("slice=1000", "slice=900") for a in DUAL]) != dual_log


@pytest.mark.parametrize("seed", range(5))
def test_stop_and_cont_are_transparent(dual_log, seed):
    rng = random.Random(seed)
    stops = 0
    with Machine(*DUAL) as machine:
        while not machine.ended() and stops < 100:
            machine.qmp("stop")
            # QEMU may tell of the run's end behind the answer; to go on then is to run beyond it
            machine.qmp("query-status")
            if not machine.ended():
                machine.qmp("cont")
            stops += 1
            for _ in range(rng.randrange(40)):
                machine.qmp("query-status")
        assert machine.wait_end() == dual_log
    assert stops > 5


@pytest.mark.parametrize("seed", range(3))
def test_migration_is_transparent(dual_log, tmp_path, seed):
    """State saved to a file in mid-run goes on in another process."""
    state = tmp_path / "state"
    rng = random.Random(seed)
    with Machine(*DUAL) as machine:
        for _ in range(rng.randrange(5, 60)):
            machine.qmp("query-status")
        machine.qmp("stop")
        assert not machine.ended()
        before = machine.log()
        machine.qmp("migrate", uri=f"file:{state}")
        while (status := machine.qmp("query-migrate"))["status"] != "completed":
            assert status["status"] != "failed", status
    with Machine(*DUAL, "-incoming", f"file:{state}", paused=True) as machine:
        while machine.qmp("query-status")["status"] == "inmigrate":
            pass
        machine.qmp("cont")
        assert before + machine.wait_end() == dual_log
    assert before and before != dual_log


def test_sigterm_ends_a_busy_machine():
    with Machine(*DUAL) as machine:
        machine.process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        machine.process.wait(timeout=TIMEOUT_S)
        assert time.monotonic() - start < 5


@pytest.mark.parametrize("icount, message", [
    ("rate=0", "rate '0' is not NUM[/DEN]"),
    ("rate=1/0", "rate '1/0' is not NUM[/DEN]"),
    ("rate=1/1000001", "both 1 to 1000000"),
    ("rate=fast", "rate 'fast' is not NUM[/DEN]"),
    ("rate=1,shift=1", "shift and rate are incompatible"),
    ("slice=1000,sleep=off", "slice needs shift or rate"),
    ("rate=1,slice=0,sleep=off", "slice must be 1 to 1000000000 ns"),
    ("rate=1,slice=x,sleep=off", "slice must be 1 to 1000000000 ns"),
    ("rate=1,slice=1000", "sleep=off"),
    ("shift=auto,slice=1000", "slice and shift=auto are incompatible"),
])
def test_bad_values_are_named(icount, message):
    result = subprocess.run(
        [QEMU, "-M", "none", "-display", "none", "-icount", icount],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False)
    assert result.returncode == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_cpu_rate_needs_the_engine():
    result = subprocess.run(
        [QEMU, "-M", "stm32f100rb", "-display", "none", "-icount", "shift=0",
         "-kernel", str(IMAGES / "exact.elf"),
         "-global", "cortex-m3-arm-cpu.icount-rate=5/2"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False)
    assert result.returncode == 1
    assert "icount-rate needs -icount slice=NS" in result.stderr


def test_help_tells_of_rate_and_slice():
    text = subprocess.run([QEMU, "-help"], capture_output=True, text=True,
                          timeout=TIMEOUT_S, check=True).stdout
    assert "rate=NUM[/DEN]" in text and "slice=NS" in text


def test_shift_without_slices_is_as_before():
    """Without the new options the old loop runs: 2^5 ns an instruction."""
    arguments = [a.replace("rate=125/3", "shift=5") for a in EXACT]
    first, second = edges(run(*arguments), "PC9")[-2:]
    assert second - first == 24_000_000 * 32
