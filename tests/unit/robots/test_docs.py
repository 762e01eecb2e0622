"""The pages of both libraries name every keyword with its arguments and defaults, and no other.

SPDX-License-Identifier: Apache-2.0
"""

import re
from pathlib import Path

import pytest
from robot.libdocpkg import LibraryDocumentation

CHECKOUT = Path(__file__).resolve().parents[3]
LIBRARIES = {"MewsLibrary.py": "gates.md", "Px4IoLibrary.py": "px4io.md"}
ROW = re.compile(r"^\| `([A-Z][^`]+)` \| ([^|]*)\|[^|]+\|$")


def documented(page):
    """{keyword: arguments} of the tables with three columns."""
    section = (CHECKOUT / "docs" / page).read_text().split("## Keywords")[1]
    rows = map(ROW.match, section.split("## Porting")[0].splitlines())
    return {row[1]: row[2].strip() for row in rows if row}


def declared(name):
    """{keyword: arguments} as Robot Framework sees them."""
    library = LibraryDocumentation(str(CHECKOUT / "robots" / name))
    shown = lambda keyword: [str(a) for a in keyword.args if str(a) != "**unknown"]  # noqa: E731
    return {keyword.name: ", ".join(shown(keyword)) for keyword in library.keywords}


@pytest.mark.parametrize("name, page", LIBRARIES.items())
def test_documentation_has_every_keyword_with_its_arguments(name, page):
    assert documented(page) == declared(name)


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_keyword_tells_what_it_does(name):
    library = LibraryDocumentation(str(CHECKOUT / "robots" / name))
    assert not [keyword.name for keyword in library.keywords if not keyword.doc]
