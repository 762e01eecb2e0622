"""The stand-in for linkd as a program that starts fast: under this very Python, without site packages.

SPDX-License-Identifier: Apache-2.0
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(name="rig_environment", scope="session")
def fixture_rig_environment(tmp_path_factory):
    """environment(folder): variables under which the library starts the stand-in and writes there."""
    program = tmp_path_factory.mktemp("bin") / "linkd"
    source = (HERE / "fake_linkd.py").read_text().split("\n", 1)[1]
    program.write_text(f"#!{sys.executable} -SE\n{source}")
    program.chmod(0o755)

    def environment(folder):
        return dict(os.environ, MEWS_LINKD=str(program), MEWS_BUILD=str(folder), TMPDIR=str(folder))

    return environment
