"""Robot Framework keywords for content gates on a mews rig (docs/gates.md).

    *** Settings ***
    Library    MewsLibrary.py

The library talks to linkd's control socket; it starts the daemon with
`Start Rig` and ends it with the suite at the latest.  Keywords that Renode's
Robot suites know have their names and argument order here.

SPDX-License-Identifier: Apache-2.0
"""

import atexit
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
from mews.emulation import EmulationKeywords
from mews.links import LinkKeywords
from mews.mishaps import MishapKeywords
from mews.outside import OutsideKeywords
from mews.pins import PinKeywords
from mews.rig import Rig
from mews.traces import TraceKeywords
from mews.uart import UartKeywords


class MewsLibrary(
    EmulationKeywords,
    UartKeywords,
    LinkKeywords,
    PinKeywords,
    OutsideKeywords,
    TraceKeywords,
    MishapKeywords,
):
    """Keywords over the control socket of linkd; one instance and at most one rig per suite."""

    ROBOT_LIBRARY_SCOPE = "SUITE"
    ROBOT_AUTO_KEYWORDS = False
    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self):
        self.ROBOT_LIBRARY_LISTENER = self
        self.rig = None
        self.last_gate_failure = None
        self.last_exit_code = None
        self.measurements = []
        self._last_rig = None
        self._load = []
        self._test_began_ns = 0
        self._forget_rig()
        atexit.register(self._end)

    # ---- Robot tells what happens to tests and suites ----

    def start_test(self, data, result):
        """A test begins: its virtual time and its measurements are its own."""
        self.measurements = []
        self._test_began_ns = Rig.total_ns

    def end_test(self, data, result):
        """Tell the table of gates (robots/run.py) how much virtual time a test took."""
        path = os.environ.get("MEWS_GATES_FILE")
        if not path:
            return
        line = {
            "test": result.full_name,
            "virtual_ns": Rig.total_ns - self._test_began_ns,
            "measured": self.measurements,
        }
        with open(path, "a", encoding="utf-8") as gates:
            gates.write(json.dumps(line) + "\n")

    def end_suite(self, data, result):
        """Nothing of the suite goes on."""
        self._end()

    def _end(self):
        self.stop_host_load()
        self.reset_emulation()
