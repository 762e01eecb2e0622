"""A running rig: the linkd process, its control socket and what it left behind.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .client import spawn_linkd
from .errors import CouldNotRun, RigFailed

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("MEWS_BUILD", CHECKOUT / "build"))

# Host time, never a verdict: beyond it the outcome is COULD-NOT-RUN.
STOP_LIMIT_S = 10

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def linkd_program():
    """The daemon under test; MEWS_LINKD names another one."""
    return os.environ.get("MEWS_LINKD", str(BUILD / "bin" / "linkd"))


def _die_with_parent():
    """In the child: a killed test run leaves no daemon behind."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def last_words(output, lines=1):
    """The last non-empty lines of a process, as one line."""
    kept = [line.strip() for line in output.splitlines() if line.strip()]
    return " / ".join(kept[-lines:]) or "(it said nothing)"


class Rig:
    """One linkd process from start to end."""

    total_ns = 0  # virtual time of all rigs of this process

    def __init__(self, rig_file, run_dir, program=None):
        self.rig_file = str(rig_file)
        self.run_dir = Path(run_dir)
        self.time_ns = 0
        self.failure = None
        self.exit_code = None
        self.last_output = ""
        self._program = program or linkd_program()
        self._scratch = None
        self._process = None
        self._socket = None
        self._machine_pids = []

    def start(self, socket_path=None):
        """Start linkd and wait until its rig stands.

        Raises CouldNotRun with linkd's last line when it refuses (exit 2) and
        RigFailed when the rig ends at once (exit 1).
        """
        if not os.access(self._program, os.X_OK):
            raise CouldNotRun(f"{self._program}: no such program (build it with 'make')")
        if not os.path.isfile(self.rig_file):
            raise CouldNotRun(f"{self.rig_file}: no such rig file")
        self.run_dir.parent.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="mews-"))
        path = str(socket_path or self._scratch / "control")
        # a suite writes to one folder: what its last rig, or an earlier run of it, left goes
        command = [self._program, self.rig_file, "--socket", path]
        command += ["--run-dir", str(self.run_dir), "--force"]
        try:
            with open(self._scratch / "output", "wb") as output:
                self._process, self._socket = spawn_linkd(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    preexec_fn=_die_with_parent,
                )
            status = self._first_status()
        except BaseException:
            self._end_process()
            raise
        self.time_ns = status["time_ns"]
        self._machine_pids = [_identity(machine["pid"]) for machine in status["machines"]]
        return status

    def _first_status(self):
        try:
            return self._socket.request("status")
        except ConnectionError:
            self._raise_refusal()

    def _raise_refusal(self):
        code, words = self._process.wait(STOP_LIMIT_S), last_words(self.output())
        if code == 1:
            self.failure = words
            raise RigFailed(words)
        raise CouldNotRun(f"linkd ended with exit code {code}: {words}")

    @property
    def running(self):
        """True until stop() or the rig's failure."""
        return self._socket is not None

    def output(self):
        """Everything linkd has printed so far."""
        try:
            return (self._scratch / "output").read_text(errors="replace")
        except (OSError, TypeError):
            return ""

    def request(self, cmd, **keys):
        """One request; keeps the virtual time and the reason of a failure."""
        if self._socket is None:
            raise RigFailed(self.failure or "the rig has ended")
        try:
            answer = self._socket.request(cmd, **keys)
        except RigFailed as failure:
            self.failure = str(failure)
            raise
        except ConnectionError:
            self.failure = self._words_of_the_dead()
            raise RigFailed(self.failure) from None
        if cmd == "run":
            Rig.total_ns += answer["time_ns"] - self.time_ns
            self.time_ns = answer["time_ns"]
        return answer

    def _words_of_the_dead(self):
        try:
            code = self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            return "linkd closed the control socket and hangs"
        return f"linkd ended with exit code {code}: {last_words(self.output())}"

    def living(self):
        """Process ids of the rig (linkd, machines) that still run."""
        pids = [
            pid
            for pid, started in self._machine_pids
            if started is not None and _identity(pid) == (pid, started)
        ]
        if self._process is not None and self._process.poll() is None:
            pids.append(self._process.pid)
        return pids

    def wait(self, limit_s=STOP_LIMIT_S):
        """Wait for linkd's own end; its exit code, or None when it goes on."""
        try:
            return self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        """End the rig; returns linkd's exit code.  A second call does nothing."""
        if self._process is None:
            return None
        if self._socket is not None:
            try:
                self._socket.request("quit")
                self.wait()
            except (OSError, RigFailed, CouldNotRun):
                pass  # it is ending already; the exit code tells how
        return self._end_process()

    def _end_process(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self.exit_code = self._reap()
            self._process = None
        if self._scratch is not None:
            self.last_output = self.output()
            self._keep_output()
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None
        return self.exit_code

    def _reap(self):
        for end in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(end)
            try:
                return self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                continue
        return self._process.wait()

    def _keep_output(self):
        if self.run_dir.is_dir() and self.last_output:
            (self.run_dir / "linkd.log").write_text(self.last_output)


def _identity(pid):
    """A process id with its start time, so that a reused id is no old friend."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return (pid, None)
    if fields[0] in "ZX":
        return (pid, None)
    return (pid, fields[19])
