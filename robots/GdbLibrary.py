"""Keywords for gates under a debugger: the same run, undisturbed and with gdb
attached to both machines.

gdb has stopped both machines before virtual time begins, so a script sees the
first instruction, and it lets them go with "detach" at its end.  The run goes
on to the same virtual time either way, and its trace hash is what counts.

SPDX-License-Identifier: Apache-2.0
"""

import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from robot.api.deco import keyword, library

from mews.client import ControlSocket
from mews.errors import CouldNotRun
from mews.rig import BUILD, CHECKOUT, linkd_program
from mews.times import parse_ns

HOST_LIMIT_S = 120  # a broken stub or script ends as an error, not as a hang


@library(scope="SUITE")
class GdbLibrary:
    """Runs of a rig under a scripted gdb-multiarch."""

    @keyword("Trace Hash Of A Run")
    def trace_hash_of_a_run(self, rig, duration):
        """Run RIG for DURATION of virtual time; returns the trace hash."""
        return self._run(rig, duration, None)

    @keyword("Trace Hash Of A Debugged Run")
    def trace_hash_of_a_debugged_run(self, rig, duration, *script):
        """The same with gdb on both machines, which carries out SCRIPT (gdb commands).

        Returns the trace hash and what gdb has printed.
        """
        if shutil.which("gdb-multiarch") is None:
            raise CouldNotRun("gdb-multiarch is not installed")
        return self._run(rig, duration, script)

    def _run(self, rig, duration, script):
        with tempfile.TemporaryDirectory(prefix="mews-gdb-") as folder:
            path = f"{folder}/control"
            with subprocess.Popen(
                [linkd_program(), CHECKOUT / rig, "--gdb", "--socket", path,
                 "--run-dir", f"{folder}/run"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            ) as process:
                try:
                    control = self._connect(process, path)
                    answer, printed = {}, ""
                    if script is None:
                        answer = control.request("run", until_ns=parse_ns(duration))
                    else:
                        answer, printed = self._under_gdb(control, folder, duration, script)
                    assert answer["time_ns"] == parse_ns(duration), answer
                    value = control.request("hash")["hash"]
                    control.request("quit")
                    control.close()
                    process.wait(HOST_LIMIT_S)
                finally:
                    process.kill()
        return value if script is None else (value, printed)

    @staticmethod
    def _connect(process, path):
        while process.poll() is None:
            try:
                return ControlSocket(path)
            except OSError:
                continue
        raise CouldNotRun("linkd: " + process.stdout.read().decode(errors="replace").strip())

    @staticmethod
    def _under_gdb(control, folder, duration, script):
        images = BUILD / "firmware"
        commands = [
            f'set $fmu_socket = "{folder}/run/fmu.gdb"',
            f'set $io_socket = "{folder}/run/io.gdb"',
            f'set $fmu_image = "{images}/fmu.elf"',
            f'set $io_image = "{images}/io.elf"',
            f"source {CHECKOUT}/link/gdb/session.gdb",
            "echo attached\\n",
            *script,
            "delete",
            "inferior 2",
            "detach",
            "inferior 1",
            "detach",
        ]
        file = Path(folder) / "script.gdb"
        file.write_text("\n".join(commands) + "\n", encoding="utf-8")
        answer = {}
        with subprocess.Popen(
            ["gdb-multiarch", "-q", "-nx", "-batch", "-x", file],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env={**os.environ, "HOME": folder},
        ) as gdb:
            printed = ""
            for line in gdb.stdout:
                printed += line
                if line.strip() == "attached":
                    break
            runner = threading.Thread(
                target=lambda: answer.update(
                    control.request("run", until_ns=parse_ns(duration))))
            runner.start()
            timer = threading.Timer(HOST_LIMIT_S, gdb.kill)
            timer.start()
            printed += gdb.stdout.read()
            gdb.wait()
            timer.cancel()
        runner.join(HOST_LIMIT_S)
        if gdb.returncode != 0:
            raise AssertionError(f"gdb ended with {gdb.returncode}:\n{printed}")
        return answer, printed
