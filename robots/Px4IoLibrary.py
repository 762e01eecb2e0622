"""Robot Framework keywords that speak to px4io-class firmware (docs/px4io.md).

    *** Settings ***
    Library    MewsLibrary.py
    Library    Px4IoLibrary.py

The rig is that of MewsLibrary, which the suite imports, too.

SPDX-License-Identifier: Apache-2.0
"""

import sys
from pathlib import Path

from robot.libraries.BuiltIn import BuiltIn

sys.path.insert(0, str(Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
from mews.errors import UsageError
from mews.px4io import Px4IoKeywords


class Px4IoLibrary(Px4IoKeywords):
    """A flight controller's side of the px4io protocol, over a UART of the rig."""

    ROBOT_LIBRARY_SCOPE = "SUITE"
    ROBOT_AUTO_KEYWORDS = False

    @staticmethod
    def _mews():
        try:
            return BuiltIn().get_library_instance("MewsLibrary")
        except RuntimeError:
            raise UsageError("Px4IoLibrary needs MewsLibrary.py in the same suite") from None

    def need_rig(self):
        """The running rig of MewsLibrary."""
        return self._mews().need_rig()

    @property
    def last_gate_failure(self):
        """Where `Gate Should Fail` looks for it."""
        return self._mews().last_gate_failure

    @last_gate_failure.setter
    def last_gate_failure(self, failure):
        self._mews().last_gate_failure = failure
