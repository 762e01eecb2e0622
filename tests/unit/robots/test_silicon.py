"""Tests of the keywords that hold a probe's lines to those of silicon.

SPDX-License-Identifier: Apache-2.0
"""

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(CHECKOUT / "robots"))

from SiliconLibrary import SILICON, SiliconLibrary, line_of, probes_of  # noqa: E402

LINES = ("TITLE", "a=1", "b=3", "DONE")


@pytest.fixture
def library():
    library = SiliconLibrary("rt1176-mu")
    library.probes = probes_of("# why\n\n[probe]\nTITLE\na=1\nb=2 | b=3: it is late\nDONE\n")
    return library


def test_lines_as_expected(library):
    assert library.lines_should_be_as_on_silicon("probe", *LINES) == (3, 1)


@pytest.mark.parametrize("lines, message", [
    (("TITLE", "a=2", "b=3", "DONE"), "'a=2' instead of 'a=1'"),
    (("TITLE", "a=1", "b=2", "DONE"), "'b=2' instead of 'b=3'"),  # silicon's, and not ours
    (("TITLE", "b=3", "DONE"), "'b=3' instead of 'a=1'"),
    (("TITLE", "a=1", "b=3"), "'nothing' instead of 'DONE'"),
    ((*LINES, "more"), "'more' behind the last line"),
    ((), "'nothing' instead of 'TITLE'"),
])
def test_other_lines(library, lines, message):
    with pytest.raises(AssertionError, match=f"probe: {message}"):
        library.lines_should_be_as_on_silicon("probe", *lines)


@pytest.mark.parametrize("text", ["a=1 | a=2", "a=1 | a=1: no difference", "a=1 | a=2: "])
def test_a_difference_needs_another_line_and_a_reason(text):
    with pytest.raises(ValueError, match="a difference is"):
        line_of(text)


def test_the_files_are_whole():
    """Every probe begins with a title and ends with a line that says so; every file has a licence."""
    for path in SILICON.glob("*.txt"):
        content = path.read_text(encoding="utf-8")
        assert "Permission is hereby granted" in content
        for lines in probes_of(content).values():
            assert "=" not in lines[0].silicon and lines[-1].silicon.endswith("-DONE")
            assert all("=" in line.silicon for line in lines[1:-1])
