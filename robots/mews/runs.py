"""What a run of `mews` has left, and the program itself, for libraries that run it.

SPDX-License-Identifier: Apache-2.0
"""

import json

from .errors import CouldNotRun
from .rig import BUILD
from .times import parse_ns


def program():
    """The path of `mews`."""
    path = BUILD / "bin" / "mews"
    if not path.exists():
        raise CouldNotRun(f"{path} is missing: make link")
    return path


def limits(run, duration):
    """The options for so much virtual time, recorded in the folder @run."""
    return ["--for", str(parse_ns(duration) / 10**9), "--run-dir", str(run)]


def trace_hash(run):
    """Hash and virtual time of the end of the run that is recorded in the folder @run."""
    end = json.loads((run / "run.json").read_text(encoding="utf-8"))["end"]
    return end["hash"], end["time_ns"]
