"""Keywords for gates on registers with names: `mews regs` while a rig runs, and a run
whose accesses to registers are logged.

SPDX-License-Identifier: Apache-2.0
"""

import subprocess
import tempfile
from pathlib import Path

from robot.api.deco import keyword, library

from mews import runs
from mews.rig import CHECKOUT, Rig
from mews.times import parse_ns

HOST_LIMIT_S = 60  # a hang ends as an error
LOOKS = 4


@library(scope="SUITE")
class RegistersLibrary:
    """Runs of a rig that somebody looks at."""

    @keyword("Trace Hash Of A Logged Run")
    def trace_hash_of_a_logged_run(self, rig, duration, blocks=None, machine="io"):
        """Run RIG for DURATION of virtual time; returns its trace hash and the log of the
        accesses of MACHINE to BLOCKS, without them what is left in its place: nothing.
        """
        with tempfile.TemporaryDirectory(prefix="mews-regs-") as folder:
            run = Path(folder) / "run"
            options = ["--trace", blocks] if blocks else []
            done = _mews("run", rig, "--no-pace", *runs.limits(run, duration), *options)
            if done.returncode != 0:
                raise AssertionError(f"mews run ended with {done.returncode}:\n{done.stdout}")
            log = run / f"{machine}.trace.log"
            return runs.trace_hash(run), log.read_text(encoding="utf-8") if log.exists() else ""

    @keyword("Run With Trace Should Be Refused")
    def run_with_trace_should_be_refused(self, rig, blocks):
        """Exit code 2 and no run directory; returns what was said."""
        with tempfile.TemporaryDirectory(prefix="mews-regs-") as folder:
            run = Path(folder) / "run"
            done = _mews("run", rig, "--no-pace", *runs.limits(run, "1 ms"), "--trace", blocks)
            if done.returncode != 2 or run.exists():
                raise AssertionError(f"ended with {done.returncode}:\n{done.stdout}")
            return done.stdout

    @keyword("Trace Hash Of A Run Looked At")
    def trace_hash_of_a_run_looked_at(self, rig, duration, *looks):
        """Run RIG for DURATION in four parts; after each `mews regs SOCKET LOOK` for each of
        LOOKS ("io USART2"). Returns the trace hash and what the last part's looks have printed.
        """
        with tempfile.TemporaryDirectory(prefix="mews-regs-") as folder:
            socket, run = Path(folder) / "control", Path(folder) / "run"
            standing = Rig(CHECKOUT / rig, run)
            standing.start(socket_path=socket)
            try:
                for _ in range(LOOKS):
                    standing.request("run", for_ns=parse_ns(duration) // LOOKS)
                    printed = "".join(_look(socket, look) for look in looks)
            finally:
                standing.stop()
            return runs.trace_hash(run), printed

    @keyword("Looks Should Be Refused")
    def looks_should_be_refused(self, rig, **refusals):
        """Each LOOK=WORDS at the standing RIG ends with exit code 2 and says WORDS."""
        with tempfile.TemporaryDirectory(prefix="mews-regs-") as folder:
            socket = Path(folder) / "control"
            standing = Rig(CHECKOUT / rig, Path(folder) / "run")
            standing.start(socket_path=socket)
            try:
                for look, words in refusals.items():
                    done = _try_look(socket, look)
                    if done.returncode != 2 or words not in done.stdout:
                        raise AssertionError(f"{look}: {done.returncode}, {done.stdout}")
            finally:
                standing.stop()


def _look(socket, look):
    done = _try_look(socket, look)
    if done.returncode != 0:
        raise AssertionError(f"mews regs ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def _try_look(socket, look):
    words = look.split()
    return _mews("regs", *[word for word in words if word.startswith("--")], str(socket),
                 *[word for word in words if not word.startswith("--")])


def _mews(*words):
    return subprocess.run([runs.program(), *words], cwd=CHECKOUT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=HOST_LIMIT_S, check=False)
