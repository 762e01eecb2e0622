"""ci/check-tree: each kind of fault is found, and its absence is no fault.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

# Put together here, so that this file itself is no fault.
HOME = "/ho" + "me/someone/src"
APT = "de" + "b http" + "://mirror.test/debian bookworm main"
LINE = "/* SPDX-License-Identifier: %s */\n"


@pytest.fixture
def faults(check_tree, tmp_path, monkeypatch):
    monkeypatch.setattr(check_tree, "registry_hosts", lambda: ["packages.test"])
    (tmp_path / "LICENSES").mkdir()
    (tmp_path / "LICENSES/Apache-2.0.txt").write_text("text\n")
    (tmp_path / "LICENSES/GPL-2.0-or-later.txt").write_text("text\n")

    def check(name, content):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())
        return {kind: found for kind, found in check_tree.check(tmp_path).items() if found}

    return check


@pytest.mark.parametrize("name, content", [
    ("link/a.c", LINE % "Apache-2.0"),
    ("emu/a.c", LINE % "GPL-2.0-or-later"),
    ("emu/abi.h", LINE % "GPL-2.0-or-later OR Apache-2.0"),
    ("docs/a.md", "plain text\n"),
    ("docs/a.md", "de" + "b http://mirror.example/debian bookworm main\n"),
    ("data.bin", "\0\1\2"),
])
def test_no_fault(faults, name, content):
    assert not faults(name, content)


@pytest.mark.parametrize("kind, name, content", [
    ("licence", "link/a.c", "int a;\n"),
    ("licence", "emu/a.c", LINE % "Apache-2.0"),
    ("licence", "link/a.c", LINE % "GPL-2.0-or-later"),
    ("licence", "link/a.c", LINE % "Apache-2.0 OR MIT"),
    ("licence", "ci/program", "#!/bin/sh\n"),
    ("hermetic", "docs/a.md", f"see {HOME}/x\n"),
    ("hermetic", "docs/a.md", f"{APT}\n"),
    ("hermetic", "docs/a.md", "ask packages.test for it\n"),
    ("text", "docs/a.md", "no newline"),
    ("text", "docs/a.md", "dos\r\n"),
    ("text", "link/a.c", LINE % "Apache-2.0" + "int a; \n"),
])
def test_fault(faults, kind, name, content):
    assert list(faults(name, content)) == [kind]


def test_this_checkouts_own_place(faults, tmp_path):
    assert list(faults("docs/a.md", f"cd {tmp_path}/link\n")) == ["hermetic"]
