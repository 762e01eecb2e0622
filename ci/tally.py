"""How many passed, failed, were skipped or could not run, and the exit code
that follows; shared by `make test`, `make hil` and CI.

As a program it adds up tally files and prints the closing line of all:
    tally.py FILE...       a file that is missing counts as one "could not run"

SPDX-License-Identifier: Apache-2.0
"""

import json
import pathlib
import sys

OUTCOMES = ("passed", "failed", "skipped", "could_not_run")


class CouldNotRun(Exception):
    """Nothing can be said about the tested; the text is one line for the user."""


class Tally:
    """Counts of the four outcomes."""

    def __init__(self, outcomes=()):
        self.passed = self.failed = self.skipped = self.could_not_run = 0
        for outcome in outcomes:
            setattr(self, outcome, getattr(self, outcome) + 1)

    def __iadd__(self, other):
        for outcome in OUTCOMES:
            setattr(self, outcome, getattr(self, outcome) + getattr(other, outcome))
        return self

    def exit_code(self):
        """1 when something failed; 2 when something, or everything, could not run."""
        if self.failed:
            return 1
        return 2 if self.could_not_run or not self.passed else 0

    def closing_line(self):
        """What could not run counts as failed here, because it has not passed."""
        return f"{self.passed} passed, {self.failed + self.could_not_run} failed, {self.skipped} skipped"

    def write(self, path):
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({o: getattr(self, o) for o in OUTCOMES}) + "\n")

    @classmethod
    def read(cls, path):
        tally = cls()
        try:
            counts = json.loads(pathlib.Path(path).read_text())
        except (OSError, json.JSONDecodeError):
            counts = {"could_not_run": 1}
        for outcome in OUTCOMES:
            setattr(tally, outcome, counts.get(outcome, 0))
        return tally


def main(paths):
    total = Tally()
    for path in paths:
        total += Tally.read(path)
    print(total.closing_line())
    return total.exit_code()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
