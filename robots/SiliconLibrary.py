"""Keywords that hold what a probe prints to what it has printed on silicon
(robots/silicon/*.txt; the files say what they are).

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass
from pathlib import Path

from robot.api.deco import keyword, library

SILICON = Path(__file__).resolve().parent / "silicon"


@dataclass(frozen=True)
class Line:
    """A line of silicon; where the emulator is known to differ, its own line and why."""

    silicon: str
    here: str
    reason: str = None


@library(scope="SUITE")
class SiliconLibrary:
    """Probes of one part: robots/silicon/PART.txt."""

    def __init__(self, part):
        self.probes = probes_of((SILICON / f"{part}.txt").read_text(encoding="utf-8"))

    @keyword("Lines Should Be As On Silicon")
    def lines_should_be_as_on_silicon(self, probe, *lines):
        """LINES are those of PROBE: each of them, nothing more, nothing less. Returns how many
        are those of silicon and how many the listed differences.
        """
        expected = self.probes[probe]
        for number, line in enumerate(expected):
            came = lines[number] if number < len(lines) else "nothing"
            if came != line.here:
                raise AssertionError(f"{probe}: '{came}' instead of '{line.here}'")
        if len(lines) > len(expected):
            raise AssertionError(f"{probe}: '{lines[len(expected)]}' behind the last line")
        differ = sum(line.reason is not None for line in expected)
        return len(expected) - differ, differ

    @keyword("Lines Of Probe")
    def lines_of_probe(self, probe):
        """How many lines the probe has printed on silicon."""
        return len(self.probes[probe])


def probes_of(content):
    """The lines of each probe in a file of robots/silicon."""
    probes, lines = {}, None
    for line in content.splitlines():
        section = re.fullmatch(r"\[(\S+)\]", line)
        if section:
            lines = probes.setdefault(section[1], [])
        elif line and not line.startswith("#"):
            lines.append(line_of(line))
    return probes


def line_of(text):
    """A line of silicon with nothing or "| what the emulator prints: reason" behind it."""
    silicon, bar, difference = text.partition(" | ")
    if not bar:
        return Line(silicon, silicon)
    here, colon, reason = difference.partition(": ")
    if not colon or here == silicon or not reason:
        raise ValueError(f"'{text}': a difference is '| OTHER LINE: REASON'")
    return Line(silicon, here, reason)
