"""Counts the gates of Robot Framework's output.xml into a tally file, for CI:
    gates.py OUTPUT.xml TALLY.json
A gate that Robot skipped could not run (robots/mews/errors.py).

SPDX-License-Identifier: Apache-2.0
"""

import sys

import robot.api

import tally

OUTCOME = {"PASS": "passed", "FAIL": "failed"}


class Collector(robot.api.ResultVisitor):
    """The outcome of every test, in order."""

    def __init__(self):
        self.outcomes = []

    def visit_test(self, test):
        self.outcomes.append(OUTCOME.get(test.status, "could_not_run"))


def main(output, file):
    collector = Collector()
    robot.api.ExecutionResult(output).visit(collector)
    tally.Tally(collector.outcomes).write(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
