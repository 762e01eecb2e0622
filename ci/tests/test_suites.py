"""ci/suites.py and ci/tally.py: how results are added up, and the exit codes.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import gates
import suites
import tally

PASS = "<testsuite><testcase classname='a' name='b'/></testsuite>"
FAIL = "<testsuite><testcase name='b'><failure message='1 != 2'/></testcase></testsuite>"


@pytest.fixture(autouse=True)
def reports(tmp_path, monkeypatch):
    monkeypatch.setattr(suites, "REPORTS", tmp_path)
    return tmp_path


def outcomes(name, code):
    return [outcome for _, outcome, _ in suites.judge_suite(name, code)]


def test_several_files_are_one_suite(reports):
    (reports / "unit.xml").write_text(PASS)
    (reports / "unit.relay.xml").write_text(FAIL)
    (reports / "units.xml").write_text(FAIL)
    assert sorted(outcomes("unit", 2)) == ["failed", "passed"]


@pytest.mark.parametrize("code, text", [
    (0, None),                      # no file at all
    (0, "<testsuite/>"),            # a file without a case
    (0, "<testsuite><testca"),      # a file cut short
    (None, PASS),                   # it had to be killed
    (2, PASS),                      # make failed, the cases do not say why
])
def test_what_is_never_a_pass(reports, code, text):
    if text:
        (reports / "unit.xml").write_text(text)
    assert "could_not_run" in outcomes("unit", code)


@pytest.mark.parametrize("counted, code", [
    (["passed"], 0),
    (["passed", "skipped"], 0),
    (["passed", "failed"], 1),
    (["passed", "failed", "could_not_run"], 1),
    (["passed", "could_not_run"], 2),
    (["skipped"], 2),
    ([], 2),
])
def test_exit_codes(counted, code):
    assert tally.Tally(counted).exit_code() == code


def test_what_could_not_run_is_counted_as_failed():
    total = tally.Tally(["passed", "failed", "could_not_run", "skipped"])
    assert total.closing_line() == "1 passed, 2 failed, 1 skipped"


def test_missing_tally_could_not_run(tmp_path):
    assert tally.Tally.read(tmp_path / "none.json").exit_code() == 2


def test_tally_round_trip(tmp_path):
    tally.Tally(["passed", "skipped", "failed"]).write(tmp_path / "t.json")
    assert tally.Tally.read(tmp_path / "t.json").closing_line() == "1 passed, 1 failed, 1 skipped"


def test_counts_of_the_gates():
    total = gates.counts_of("gate  verdict\na: b  PASS\n"
                            "gates: 12 PASS, 1 FAIL, 2 COULD-NOT-RUN; 1.5 s virtual in 0.2 s\n")
    assert (total.passed, total.failed, total.could_not_run) == (12, 1, 2)


def test_table_that_was_cut_short():
    assert gates.counts_of("gate  verdict\na: b  PASS\n") is None
