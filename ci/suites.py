"""Runs the test suites that the Makefile's fragments announce and adds up their
JUnit XML; called by ci/test.  The convention is told at the top of the Makefile.

A suite is `make test-NAME`; what counts is the files it leaves.  No file, a
file without a case, an <error>, or a failing `make` whose files name no
failure: the suite could not run, which is never a pass.

SPDX-License-Identifier: Apache-2.0
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import tally

REPORTS = pathlib.Path("build/reports/test")
SUITE_LIMIT_S = int(os.environ.get("MEWS_SUITE_LIMIT_S", "1500"))
QUOTED_LINES = 30


def make(*goals):
    return ["make", "--no-print-directory", f"-j{os.cpu_count()}", *goals]


def announced_suites():
    output = subprocess.run(make("-s", "print-test-suites"), capture_output=True, text=True,
                            check=False)
    if output.returncode:
        sys.stderr.write(output.stderr)
        raise tally.CouldNotRun("the suites cannot be listed")
    suites = output.stdout.split()
    chosen = os.environ.get("SUITES", "").split()
    unknown = [name for name in chosen if name not in suites]
    if unknown:
        raise tally.CouldNotRun(f"SUITES: no suite {' '.join(unknown)} (there are: {' '.join(suites)})")
    return chosen or suites


def run_suite(name):
    """Exit code of `make test-NAME`, None when it did not end; output in a log."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    with (REPORTS / f"{name}.log").open("wb") as log, subprocess.Popen(
            make(f"test-{name}"), stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True) as process:
        try:
            return process.wait(timeout=SUITE_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise


def outcome_of(case):
    for kind, outcome in (("failure", "failed"), ("error", "could_not_run"), ("skipped", "skipped")):
        element = case.find(kind)
        if element is not None:
            return outcome, (element.get("message") or element.text or "").strip()
    return "passed", ""


def read_cases(name):
    """(case name, outcome, message) of every case in the suite's files."""
    cases = []
    for file in sorted([*REPORTS.glob(f"{name}.xml"), *REPORTS.glob(f"{name}.*.xml")]):
        try:
            root = ET.parse(file).getroot()
        except ET.ParseError as error:
            cases.append((str(file), "could_not_run", f"no JUnit XML: {error}"))
            continue
        for case in root.iter("testcase"):
            cases.append((f"{case.get('classname', '')}: {case.get('name', '')}", *outcome_of(case)))
    return cases


def judge_suite(name, code):
    """The suite's cases, with one more when it did not end as its files say."""
    cases = read_cases(name)
    bad = any(outcome in ("failed", "could_not_run") for _, outcome, _ in cases)
    if code is None:
        cases.append((name, "could_not_run", f"not ended within {SUITE_LIMIT_S} s"))
    elif not cases:
        cases.append((name, "could_not_run", "it left no result"))
    elif code and not bad:
        cases.append((name, "could_not_run", f"make ended with exit code {code} though no case failed"))
    return cases


def explain(name, cases):
    """The cases that did not pass, and the end of the log when it has to tell why."""
    for case, outcome, message in cases:
        if outcome in ("failed", "could_not_run"):
            print(f"  {outcome.replace('_', ' ').upper()} {case}: {message.splitlines()[0] if message else ''}")
    if any(outcome == "could_not_run" for _, outcome, _ in cases):
        log = REPORTS / f"{name}.log"
        for line in log.read_text(errors="replace").splitlines()[-QUOTED_LINES:]:
            print(f"  | {line}")


def main():
    total = tally.Tally()
    try:
        suites = announced_suites()
        if not suites:
            raise tally.CouldNotRun("no suite is announced")
    except tally.CouldNotRun as error:
        print(f"make test: COULD NOT RUN: {error}", file=sys.stderr)
        return 2
    print(f"{'suite':<18}{'passed':>8}{'failed':>8}{'skipped':>9}{'could not run':>15}{'seconds':>9}")
    for name in suites:
        start_s = time.monotonic()
        cases = judge_suite(name, run_suite(name))
        count = tally.Tally(outcome for _, outcome, _ in cases)
        total += count
        print(f"{name:<18}{count.passed:>8}{count.failed:>8}{count.skipped:>9}"
              f"{count.could_not_run:>15}{time.monotonic() - start_s:>9.1f}", flush=True)
        explain(name, cases)
    total.write(REPORTS / "tally.json")
    print(f"reports: {REPORTS.resolve()}")
    print(total.closing_line())
    return total.exit_code()


if __name__ == "__main__":
    sys.exit(main())
