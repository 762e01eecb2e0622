"""Takes the counts from the last line of robots/run.py's table into a tally file:
    gates.py TABLE.txt TALLY.json
exit: 0 written, 2 the table has no such line

SPDX-License-Identifier: Apache-2.0
"""

import pathlib
import re
import sys

import tally

COUNTS = re.compile(r"^gates: (\d+) PASS, (\d+) FAIL, (\d+) COULD-NOT-RUN\b", re.MULTILINE)


def counts_of(table):
    """The tally a table ends with; None when it was cut short."""
    found = COUNTS.search(table)
    if found is None:
        return None
    total = tally.Tally()
    total.passed, total.failed, total.could_not_run = map(int, found.groups())
    return total


def main(table, file):
    total = counts_of(pathlib.Path(table).read_text())
    if total is None:
        return 2
    total.write(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
