"""Keywords for repeatability: the hash of all bytes, edges and times, and load on the host.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import os
import signal
import subprocess
import sys

from .arguments import anything, integer, keyword
from .errors import GateFailed, UsageError
from .events import Event
from .times import format_ns

LOAD_PROCESSES_MAX = 64
# Ends by itself should its parent be killed; changes its memory and its branches.
_LOAD = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(20000))"
# The same; now and then it keeps process argv[1] from running, for times of all lengths.
_STALL = """
import os, random, signal, sys
parent, pid = os.getppid(), int(sys.argv[1])
while os.getppid() == parent:
    for end in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(pid, end)
        sum(range(random.randrange(20000)))
"""


class TraceKeywords:
    """Mixed into the library; uses self.need_rig()."""

    @keyword
    def trace_hash(self):
        """Hash of everything that was on wires and pins so far, in all and for each stream."""
        answer = self.need_rig().request("hash")
        return Event(
            hash=answer["hash"], streams=answer["streams"], time_ns=self.need_rig().time_ns
        )

    @keyword
    def should_be_equal_traces(self, first: anything, second: anything):
        """Two `Trace Hash` results are the same; otherwise the streams that differ are named."""
        for trace in (first, second):
            if not isinstance(trace, dict) or "streams" not in trace:
                raise UsageError("'Should Be Equal Traces' compares results of 'Trace Hash'")
        if not first["streams"]:
            raise UsageError("these traces have no streams: nothing was compared")
        if first["time_ns"] != second["time_ns"]:
            raise GateFailed(
                f"the runs have different lengths: {format_ns(first['time_ns'])} "
                f"and {format_ns(second['time_ns'])}"
            )
        if first["hash"] == second["hash"] and first["streams"] == second["streams"]:
            return
        names = sorted(set(first["streams"]) | set(second["streams"]))
        differ = [
            name for name in names if first["streams"].get(name) != second["streams"].get(name)
        ]
        raise GateFailed(
            f"the traces differ ({first['hash']} and {second['hash']}) in: {', '.join(differ)}"
        )

    @keyword
    def start_host_load(self, processes: integer = 2):
        """Busy processes on the host, until `Stop Host Load` or the end of the suite."""
        if not 1 <= processes <= LOAD_PROCESSES_MAX:
            raise UsageError(f"{processes} processes: 1..{LOAD_PROCESSES_MAX} are possible")
        for _ in range(processes):
            self._load.append((subprocess.Popen([sys.executable, "-c", _LOAD]), None))

    @keyword
    def stall_machine(self, machine):
        """Stop and continue its process on the host again and again, until `Stop Host Load`."""
        for known in self.need_rig().request("status")["machines"]:
            if known["name"] == machine:
                command = [sys.executable, "-c", _STALL, str(known["pid"])]
                self._load.append((subprocess.Popen(command), known["pid"]))
                return
        raise UsageError(f"the rig has no machine '{machine}'")

    @keyword
    def stop_host_load(self):
        """End them, and let stalled machines go on."""
        while self._load:
            process, stalled = self._load.pop()
            process.kill()
            process.wait()
            if stalled is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(stalled, signal.SIGCONT)
