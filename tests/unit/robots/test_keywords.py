"""Runs the suites beside this file with Robot Framework against the stand-in for linkd.

Each Robot test says its outcome in [Documentation]; nothing means PASS.

SPDX-License-Identifier: Apache-2.0
"""

import subprocess
import sys
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from robot.api import TestSuite as RobotSuite

HERE = Path(__file__).resolve().parent
SUITES = sorted((HERE / "suites").glob("*.robot"))
LIMIT_S = 120


def expected(documentation):
    """('FAIL', text) from 'FAIL text'; PASS when there is none."""
    status, _, text = documentation.partition(" ")
    return (status, text) if status in ("FAIL", "SKIP") else ("PASS", "")


def cases():
    """(suite, test, status, text) of every test."""
    for path in SUITES:
        for test in RobotSuite.from_file_system(path).tests:
            yield pytest.param(path, test.name, *expected(test.doc), id=f"{path.stem}: {test.name}")


@pytest.fixture(scope="session")
def results(tmp_path_factory, rig_environment):
    """Outcomes of all tests, (suite, test) -> result."""
    outcomes = {}
    for path in SUITES:
        folder = tmp_path_factory.mktemp(path.stem)
        command = [
            sys.executable,
            "-m",
            "robot",
            "--outputdir",
            str(folder),
            "--report",
            "NONE",
            "--log",
            "NONE",
        ]
        subprocess.run(
            [*command, str(path)],
            env=rig_environment(folder),
            timeout=LIMIT_S,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        for test in ExecutionResult(folder / "output.xml").suite.tests:
            outcomes[path, test.name] = test
    return outcomes


@pytest.mark.parametrize("path, name, status, text", cases())
def test_keyword(results, path, name, status, text):
    outcome = results[path, name]
    assert outcome.status == status, outcome.message
    assert text in outcome.message
    assert ("could-not-run" in outcome.tags) == (status == "SKIP")
