"""docs/gates.md names every keyword with exactly its arguments and defaults, and no other.

SPDX-License-Identifier: Apache-2.0
"""

import re
from pathlib import Path

from robot.libdocpkg import LibraryDocumentation

CHECKOUT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| `([A-Z][^`]+)` \| ([^|]*)\|[^|]+\|$")


def documented():
    """{keyword: arguments} of the tables with three columns."""
    section = (CHECKOUT / "docs" / "gates.md").read_text().split("## Keywords")[1]
    rows = map(ROW.match, section.split("## Porting")[0].splitlines())
    return {row[1]: row[2].strip() for row in rows if row}


def declared():
    """{keyword: arguments} as Robot Framework sees them."""
    library = LibraryDocumentation(str(CHECKOUT / "robots" / "MewsLibrary.py"))
    shown = lambda keyword: [str(a) for a in keyword.args if str(a) != "**unknown"]  # noqa: E731
    return {keyword.name: ", ".join(shown(keyword)) for keyword in library.keywords}


def test_documentation_has_every_keyword_with_its_arguments():
    assert documented() == declared()


def test_every_keyword_tells_what_it_does():
    library = LibraryDocumentation(str(CHECKOUT / "robots" / "MewsLibrary.py"))
    assert not [keyword.name for keyword in library.keywords if not keyword.doc]
