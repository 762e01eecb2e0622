"""Tests of the runner of gates: its exit codes, its table and its reports.

SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[2]
RUN = CHECKOUT / "robots" / "run.py"
LIBRARY = CHECKOUT / "robots" / "MewsLibrary.py"
LIMIT_S = 60

GREEN = """\
    Start Rig    {rigs}/flight.rig
    ${{packet}}=    Wait For Packet
    Measure Time From 0 To ${{packet}} Within 1 s"""
RED = "    Start Rig    {rigs}/flight.rig\n    Wait For Packet    IoConfig    timeout=10 ms"
ABSENT = "    Start Rig    {rigs}/refuses.rig"


@pytest.fixture(name="gates")
def fixture_gates(tmp_path, rig_environment):
    """run(*bodies) -> (exit code, output, reports folder); a body is that of one gate."""

    def run(*bodies, options=(), library=LIBRARY):
        suite = tmp_path / "suite.robot"
        lines = [
            "*** Settings ***",
            f"Library    {library}",
            "Test Teardown    Reset Emulation",
            "*** Test Cases ***",
        ]
        for number, body in enumerate(bodies):
            lines += [f"Gate {number}", body.format(rigs=HERE / "suites")]
        suite.write_text("\n".join(lines) + "\n")
        reports = tmp_path / "reports"
        done = subprocess.run(
            [sys.executable, str(RUN), "--reports", str(reports), *options, str(suite)],
            env=rig_environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, reports

    return run


@pytest.mark.parametrize(
    "bodies, code",
    [
        ((GREEN,), 0),
        ((GREEN, RED), 1),
        ((GREEN, ABSENT), 2),
        ((RED, ABSENT, GREEN), 1),  # a failure weighs more than a gate that could not run
        (("    No Such Keyword",), 1),
        (("    Skip    for no reason",), 2),  # skipped is not passed
        ((), 2),  # a suite without gates proves nothing
    ],
)
def test_exit_code(gates, bodies, code):
    assert gates(*bodies)[0] == code


def test_table_names_verdict_virtual_time_measurement_and_reason(gates):
    _, output, reports = gates(GREEN, RED, ABSENT)
    lines = output.splitlines()
    assert lines[1].split() == "suite: Gate 0 PASS 11.000 ms took 10.330 ms".split()
    assert "FAIL: suite: Gate 1: no IoConfig (accepted) within 10.000 ms" in output
    assert "COULD-NOT-RUN: suite: Gate 2: COULD-NOT-RUN: linkd ended with exit code 2" in output
    assert "gates: 1 PASS, 1 FAIL, 1 COULD-NOT-RUN; 21.000 ms virtual" in output
    assert (reports / "log.html").is_file()


def test_junit_counts_what_could_not_run_as_skipped(gates):
    _, _, reports = gates(GREEN, RED, ABSENT)
    suite = ElementTree.parse(reports / "suite.xml").getroot()
    counted = {key: suite.get(key) for key in ("tests", "failures", "skipped")}
    assert counted == {"tests": "3", "failures": "1", "skipped": "1"}


def test_library_that_is_missing_fails_the_gates(gates):
    code, output, _ = gates(GREEN, library="Missing.py")
    assert code == 1 and "No keyword with name 'Start Rig'" in output
    assert re.search(r"^ERROR: suite: .* Library 'Missing\.py' does not exist", output, re.M)


def test_suite_outside_of_robots_finds_libraries_and_resources_by_name(gates):
    code, output, _ = gates(GREEN, library="MewsLibrary.py\nResource    flight.resource")
    assert code == 0 and "ERROR" not in output


def test_suite_is_found_from_any_folder(tmp_path, rig_environment):
    (tmp_path / "near.robot").write_text("*** Test Cases ***\nGate\n    No Operation\n")
    done = subprocess.run(
        [sys.executable, str(RUN), "--reports", str(tmp_path / "reports"), "near.robot"],
        cwd=tmp_path,
        env=rig_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_suites_of_the_same_name_could_not_run(gates, tmp_path):
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "suite.robot"
    other.write_text("*** Test Cases ***\nGate\n    No Operation\n")
    code, output, _ = gates(GREEN, options=(str(other),))
    assert code == 2 and "two suites are named suite" in output


def test_suite_that_hangs_could_not_run_and_leaves_no_process(gates, tmp_path):
    code, output, _ = gates(
        "    Start Rig    {rigs}/flight.rig\n    Evaluate    signal.pause()", options=("--limit", "3")
    )
    assert code == 2 and "not at its end after 3 s of host time" in output
    mine = str(tmp_path).encode()
    commands = [
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if readable(path)
    ]
    assert not [command for command in commands if mine in command and b"/linkd" in command]


def readable(path):
    """False for a process that has just ended."""
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


def test_missing_suite_could_not_run(gates):
    code, output, _ = gates(GREEN, options=("nowhere.robot",))
    assert code == 2 and "no such suite: nowhere.robot" in output


def test_reason_is_told_behind_its_announcement(tmp_path, rig_environment):
    """Robot says "Skipped in parent suite setup:" in a line of its own."""
    suite = tmp_path / "suite.robot"
    suite.write_text(
        f"*** Settings ***\nLibrary    {LIBRARY}\nSuite Setup    Start Rig    gone.rig\n"
        "*** Test Cases ***\nA\n    Run For    1 ms\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", RUN, "--reports", tmp_path / "reports", suite],
        capture_output=True, text=True, timeout=LIMIT_S, check=False, env=rig_environment(tmp_path),
    )
    assert done.returncode == 2
    assert re.search(r"^COULD-NOT-RUN: .*setup: .*gone\.rig: no such rig file$", done.stdout, re.M)
