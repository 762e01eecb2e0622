"""ci/junit: what a program says becomes cases, and nothing bad becomes a pass.

SPDX-License-Identifier: Apache-2.0
"""

import subprocess
import sys
import xml.etree.ElementTree as ET

from conftest import CI

CUNIT = """
     CUnit - A unit testing framework for C - Version 2.1-3

Suite: cobs
  Test: empty frame ...passed
  Test: 254 octets ...FAILED
    1. tests/unit/test_cobs.c:12  - n == 256
Suite: ring
  Test: wraps ...some output
passed

Run Summary:    Type  Total    Ran Passed Failed Inactive
              suites      2      2    n/a      0        0
               tests      3      3      2      1        0
             asserts      9      9      8      1      n/a
"""


def outcomes(cases):
    return [(case.name, case.outcome) for case in cases]


def test_cunit_listing(junit):
    cases = junit.judge(CUNIT, 1, "unit")
    assert outcomes(cases) == [("empty frame", "passed"), ("254 octets", "failure"),
                               ("wraps", "passed")]
    assert cases[1].suite == "cobs"
    assert "n == 256" in cases[1].text


def test_cunit_that_dies_within_a_test(junit):
    cases = junit.judge("Suite: cobs\n  Test: one ...passed\n  Test: two ...", -11, "unit")
    assert outcomes(cases) == [("one", "passed"), ("two", "error"), ("summary", "error")]


def test_tap(junit):
    cases = junit.judge("TAP version 13\n# seed\nok 1 /usart/baud\nnot ok 2 - /usart/tc\n"
                        "ok 3 /usart/x # SKIP no such part\n1..3\n", 1, "device")
    assert outcomes(cases) == [("/usart/baud", "passed"), ("/usart/tc", "failure"),
                               ("/usart/x", "skipped")]


def test_tap_that_stops_short_of_its_plan(junit):
    cases = junit.judge("1..3\nok 1 a\n", 0, "device")
    assert outcomes(cases) == [("a", "passed"), ("plan", "error")]


def test_exit_code_against_the_listing(junit):
    cases = junit.judge("1..1\nok 1 a\n", 134, "device")
    assert outcomes(cases) == [("a", "passed"), ("exit code", "error")]


def test_plain_program(junit):
    assert junit.judge("hello", 0, "x")[0].outcome == "passed"
    assert junit.judge("hello", 1, "x")[0].outcome == "failure"
    assert junit.judge("hello", 77, "x")[0].outcome == "skipped"
    assert junit.judge("hello", -6, "x")[0].outcome == "error"


def run(tmp_path, *command, options=()):
    file = tmp_path / "suite.xml"
    code = subprocess.run([CI / "junit", *options, file, *command], capture_output=True,
                          check=False, timeout=60).returncode
    return code, ET.parse(file).getroot()


def test_program_that_hangs_is_ended_with_its_children(tmp_path):
    code, root = run(tmp_path, "sh", "-c", "tail -f /dev/null & wait", options=("--timeout", "0.5"))
    assert code == 2
    assert root.get("errors") == "1"


def test_missing_program(tmp_path):
    code, root = run(tmp_path, "./no-such-program")
    assert code == 2
    assert "No such file" in root.find("testcase/error").text


def test_control_characters_are_legal_xml(tmp_path):
    code, root = run(tmp_path, sys.executable, "-c", "print('\\x00\\x1b'); raise SystemExit(1)")
    assert code == 1
    assert root.get("failures") == "1"
