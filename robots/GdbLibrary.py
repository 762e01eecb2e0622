"""Keywords for gates under a debugger: the same run, undisturbed and with gdb on
all machines.

Both end at the same virtual time, and the trace hash that the run directory
tells is what counts.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from robot.api.deco import keyword, library

from mews import runs
from mews.errors import CouldNotRun
from mews.rig import BUILD, CHECKOUT

HOST_LIMIT_S = 120  # a broken stub or script ends as an error, not as a hang


@library(scope="SUITE")
class GdbLibrary:
    """Runs of a rig under a scripted gdb-multiarch."""

    @keyword("Trace Hash Of A Run")
    def trace_hash_of_a_run(self, rig, duration):
        """Run RIG for DURATION of virtual time; returns the trace hash."""
        with tempfile.TemporaryDirectory(prefix="mews-gdb-") as folder:
            run = Path(folder) / "run"
            command = [runs.program(), "run", rig, "--no-pace", *runs.limits(run, duration)]
            self._finish(command, folder)
            return runs.trace_hash(run)

    @keyword("Trace Hash Of A Debugged Run")
    def trace_hash_of_a_debugged_run(self, rig, duration, *script):
        """The same in gdb, which has stopped all machines before time begins and carries out SCRIPT.

        Returns the trace hash and what gdb has printed.
        """
        if shutil.which("gdb-multiarch") is None:
            raise CouldNotRun("gdb-multiarch is not installed")
        with tempfile.TemporaryDirectory(prefix="mews-gdb-") as folder:
            run = Path(folder) / "run"
            target = " ".join(["|", str(runs.program()), "gdb", rig, *runs.limits(run, duration)])
            file = Path(folder) / "script.gdb"
            commands = [
                f'set $mews_target = "{target}"',
                "source link/gdb/session.gdb",
                *script,
                "delete",
                "continue",
            ]
            file.write_text("\n".join(commands) + "\n", encoding="utf-8")
            printed = self._finish(["gdb-multiarch", "-q", "-nx", "-batch", "-x", file], folder)
            return runs.trace_hash(run), printed

    @keyword("Trace Hash Of An Editor's Session")
    def trace_hash_of_an_editors_session(self, page, rig, duration, *commands):
        """What an editor does with the launch.json in PAGE: its set-up commands, for RIG, then
        COMMANDS of gdb's machine interface. Returns the trace hash and what gdb has answered.
        """
        text = (CHECKOUT / page).read_text(encoding="utf-8")
        launch = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
        configuration = launch["configurations"][0]
        setup = [entry["text"] for entry in configuration["customLaunchSetupCommands"]]
        with tempfile.TemporaryDirectory(prefix="mews-gdb-") as folder:
            run = Path(folder) / "run"
            target = " ".join([rig, *runs.limits(run, duration)])
            lines = [line.replace("rigs/flight.rig", target)
                     .replace("${workspaceFolder}", str(CHECKOUT)) for line in setup]
            lines = [f"-interpreter-exec console {json.dumps(line)}" for line in lines]
            lines += [*commands, "-break-delete", "-exec-continue", "-gdb-exit"]
            command = [configuration["miDebuggerPath"], "-q", "-nx",
                       f"--interpreter={configuration['MIMode'].replace('gdb', 'mi')}"]
            program = configuration["program"].replace("${workspaceFolder}", str(CHECKOUT))
            printed = self._finish(command, folder, "\n".join(lines) + "\n",
                                   Path(program).parent)
            return runs.trace_hash(run), printed

    @keyword("Rig With Another Image")
    def rig_with_another_image(self, rig, image, other, only=None):
        """A rig file as RIG but for an image's name, or with machine ONLY alone; returns its path."""
        text = (CHECKOUT / rig).read_text(encoding="utf-8")
        if image not in text:
            raise CouldNotRun(f"{rig} has no image {image}")
        text = text.replace(image, other).replace("../build", str(BUILD))
        if only:
            sections = re.split(r"(?m)^(?=\[)", text)
            text = "".join(s for s in sections if s.startswith(("[rig]", f"[machine {only}]")))
        path = BUILD / "robots" / f"{other}-{only or 'all'}.rig"
        path.write_text(text, encoding="utf-8")
        return str(path)

    @staticmethod
    def _finish(command, folder, typed="", where=CHECKOUT):
        done = subprocess.run(
            command, cwd=where, input=typed, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=HOST_LIMIT_S, check=False,
            env={**os.environ, "HOME": folder})
        if done.returncode != 0:
            raise AssertionError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout
