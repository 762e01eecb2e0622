#!/usr/bin/env python3
"""Runs the gates: every suite of robots/ in a process of its own, then one table and one report.

    robots/run.py [--jobs N] [--reports DIR] [--limit SECONDS] [SUITE.robot ...]

Exit code: 0 all gates passed, 1 a gate failed, 2 something could not run (and
nothing failed).  A suite that leaves no result (a syntax error, a crash, the
limit of host time) could not run.  Suites may lie anywhere: libraries and
resources of robots/ are found by their names.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
sys.path.insert(0, str(HERE))

PASS, FAIL, COULD_NOT_RUN = "PASS", "FAIL", "COULD-NOT-RUN"
EXIT_CODES = {PASS: 0, FAIL: 1, COULD_NOT_RUN: 2}
COULD_NOT_RUN_TAG = "could-not-run"
ROBOT_WAS_ENDED = "Execution terminated by signal"
SUITE_LIMIT_S = 300
NAME_WIDTH = 62


@dataclass
class Gate:
    """One test of a suite."""

    suite: str
    name: str
    verdict: str
    message: str = ""
    virtual_ns: int = None
    measured: list = field(default_factory=list)


def main():
    """Run, report, and return the exit code."""
    arguments = parse_arguments()
    try:
        importlib.import_module("robot")
    except ImportError:
        return give_up("Robot Framework is not installed for this Python (make sets up build/venv)")
    missing = [str(suite) for suite in arguments.suites if not suite.is_file()]
    if missing or not arguments.suites:
        return give_up(f"no such suite: {missing[0]}" if missing else f"no suites in {HERE}")
    arguments.suites = [suite.resolve() for suite in arguments.suites]
    stems = [suite.stem for suite in arguments.suites]
    twice = [stem for stem in stems if stems.count(stem) > 1]
    if twice:
        return give_up(f"two suites are named {twice[0]}, and so would be their reports")
    reports = arguments.reports.resolve()
    parts = reports / "suites"
    parts.mkdir(parents=True, exist_ok=True)
    for old in (*reports.glob("*.xml"), *reports.glob("*.html"), *parts.glob("*")):
        old.unlink()
    began = time.monotonic()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        ends = list(pool.map(lambda suite: run_suite(suite, reports, arguments), arguments.suites))
    gates = [
        gate for suite, end in zip(arguments.suites, ends) for gate in gates_of(suite, end, parts)
    ]
    if not gates and arguments.test:
        return give_up(f"no test is named '{arguments.test}'")
    merge(arguments.suites, reports)
    print_table(gates, [e for suite in arguments.suites for e in errors_of(suite, parts)])
    print_totals(gates, time.monotonic() - began, reports)
    return EXIT_CODES[overall(gates)]


def parse_arguments():
    """The command line; without suites all of robots/."""
    parser = argparse.ArgumentParser(description="Run gates (docs/gates.md).")
    parser.add_argument("suites", nargs="*", type=Path, help="suites; default: all of robots/")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--reports", type=Path, default=CHECKOUT / "build" / "reports" / "hil")
    parser.add_argument("--limit", type=int, default=SUITE_LIMIT_S, help="host seconds for a suite")
    parser.add_argument("--test", help="only tests whose name matches (Robot's --test)")
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error("--jobs must be at least 1")
    arguments.suites = arguments.suites or sorted(HERE.glob("*.robot"))
    return arguments


def give_up(reason):
    """Nothing could be run at all."""
    print(f"robots/run.py: COULD NOT RUN: {reason}", file=sys.stderr)
    return EXIT_CODES[COULD_NOT_RUN]


def run_suite(suite, reports, arguments):
    """Run one suite; returns a reason when Robot did not come to an end, else None."""
    stem = suite.stem
    parts = reports / "suites"
    command = [
        sys.executable,
        "-B",
        "-m",
        "robot",
        "--outputdir",
        str(parts),
        "--output",
        f"{stem}.xml",
    ]
    command += ["--xunit", str(reports / f"{stem}.xml"), "--log", "NONE", "--report", "NONE"]
    command += [
        "--pythonpath",
        str(HERE),
        "--variable",
        f"RENODEKEYWORDS:{HERE / 'renode-keywords.resource'}",
        "--consolecolors",
        "off",
    ]
    command += ["--test", arguments.test, "--runemptysuite"] if arguments.test else []
    environment = dict(os.environ, MEWS_GATES_FILE=str(parts / f"{stem}.jsonl"))
    with open(parts / f"{stem}.txt", "wb") as console:
        process = subprocess.Popen(
            [*command, str(suite)],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(arguments.limit)
        except subprocess.TimeoutExpired:
            end_group(process)
            return f"not at its end after {arguments.limit} s of host time"
    return None


def end_group(process):
    """End Robot, linkd and the machines, which are one process group."""
    for end in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, end)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def gates_of(suite, end, parts):
    """What became of the tests of a suite."""
    from robot.api import ExecutionResult  # pylint: disable=import-outside-toplevel
    from robot.errors import DataError  # pylint: disable=import-outside-toplevel

    facts = facts_of(parts / f"{suite.stem}.jsonl")
    try:
        result = ExecutionResult(parts / f"{suite.stem}.xml")
        tests = list(result.suite.all_tests)
    except DataError:
        result, tests = None, []
    gates = [gate_of(suite, test, facts.get(test.full_name, {})) for test in tests]
    for gate in gates:
        if end is not None and gate.message.endswith(ROBOT_WAS_ENDED):
            gate.verdict = COULD_NOT_RUN
    if end is not None or not (gates or result):
        gates.append(
            Gate(
                suite.stem, "(suite)", COULD_NOT_RUN, end or last_line(parts / f"{suite.stem}.txt")
            )
        )
    return gates


def errors_of(suite, parts):
    """What Robot found wrong in the suite itself: a library that cannot be imported, a bad setting."""
    from robot.api import ExecutionResult  # pylint: disable=import-outside-toplevel
    from robot.errors import DataError  # pylint: disable=import-outside-toplevel

    try:
        errors = ExecutionResult(parts / f"{suite.stem}.xml").errors
    except DataError:
        return []  # the gates tell already
    return [
        f"{suite.stem}: {error.message.splitlines()[0]}"
        for error in errors
        if error.level == "ERROR"
    ]


def gate_of(suite, test, facts):
    """A test's verdict; one that was skipped for any reason has not passed."""
    verdict = {"PASS": PASS, "FAIL": FAIL}.get(test.status, COULD_NOT_RUN)
    message = "" if verdict == PASS else test.message
    return Gate(
        suite.stem, test.name, verdict, message, facts.get("virtual_ns"), facts.get("measured", [])
    )


def facts_of(path):
    """What the library noted about each test (MewsLibrary.end_test)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {entry["test"]: entry for entry in map(json.loads, lines)}


def last_line(path):
    """Why Robot left no result."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "ERROR" in line), lines[-1] if lines else "no output")


def merge(suites, reports):
    """One output.xml, log.html and report.html of all suites."""
    outputs = [reports / "suites" / f"{suite.stem}.xml" for suite in suites]
    outputs = [str(output) for output in outputs if output.is_file()]
    if not outputs:
        return
    command = [
        sys.executable,
        "-B",
        "-m",
        "robot.rebot",
        "--name",
        "Gates",
        "--outputdir",
        str(reports),
    ]
    command += ["--output", "output.xml", "--log", "log.html", "--report", "report.html"]
    command += ["--nostatusrc", "--processemptysuite", "--loglevel", "INFO"]
    subprocess.run([*command, *outputs], check=False, stdout=subprocess.DEVNULL)


def overall(gates):
    """FAIL before COULD-NOT-RUN before PASS; no gate at all could not run."""
    verdicts = {gate.verdict for gate in gates}
    return next((v for v in (FAIL, COULD_NOT_RUN, PASS) if v in verdicts), COULD_NOT_RUN)


def print_table(gates, errors):
    """Gate, verdict, virtual time, measurements; then why."""
    from mews.times import format_ns  # pylint: disable=import-outside-toplevel

    print(f"{'gate':{NAME_WIDTH}}  {'verdict':13}  {'virtual time':>14}  measured")
    for gate in gates:
        name = f"{gate.suite}: {gate.name}"[:NAME_WIDTH]
        virtual = format_ns(gate.virtual_ns) if gate.virtual_ns is not None else "-"
        line = f"{name:{NAME_WIDTH}}  {gate.verdict:13}  {virtual:>14}  {'; '.join(gate.measured)}"
        print(line.rstrip())
    for error in errors:
        print(f"ERROR: {error}")
    for gate in gates:
        if gate.verdict != PASS:
            print(f"{gate.verdict}: {gate.suite}: {gate.name}: {reason_of(gate)}")


def reason_of(gate):
    """The first line of its message, and the next where that only announces it ("Setup failed:")."""
    lines = [line.strip() for line in gate.message.splitlines() if line.strip()]
    for count, line in enumerate(lines, start=1):
        if not line.endswith(":"):
            return " ".join(lines[:count])
    return " ".join(lines) or "(no message)"


def print_totals(gates, seconds, reports):
    """How many, how long, where."""
    from mews.times import format_ns  # pylint: disable=import-outside-toplevel

    counts = [f"{sum(g.verdict == v for g in gates)} {v}" for v in (PASS, FAIL, COULD_NOT_RUN)]
    virtual_ns = sum(gate.virtual_ns or 0 for gate in gates)
    print(f"gates: {', '.join(counts)}; {format_ns(virtual_ns)} virtual in {seconds:.1f} s")
    where = os.path.relpath(reports) if reports.is_relative_to(Path.cwd()) else reports
    print(f"report: {where}/log.html, JUnit: {where}/*.xml")


if __name__ == "__main__":
    sys.exit(main())
