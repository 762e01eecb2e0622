"""The four ways a keyword can end badly.

GateFailed: the rig ran and did not do what the gate says.  This alone is what
`Gate Should Fail` accepts from a negative control.
UsageError: the suite is wrong (unknown argument, no such pin).  The test fails.
RigFailed: a machine died or locked up while time ran.  The test fails.
CouldNotRun: nothing can be said about the firmware (no image, no emulator,
socket in use).  The test is skipped and tagged, never passed and never failed.

SPDX-License-Identifier: Apache-2.0
"""


class MewsError(Exception):
    """Base of all errors of the library."""

    ROBOT_SUPPRESS_NAME = True


class GateFailed(MewsError, AssertionError):
    """A gate was judged and is red."""


class UsageError(MewsError):
    """A keyword was used wrongly."""

    ROBOT_EXIT_ON_FAILURE = False


class RigFailed(MewsError):
    """The rig ended while virtual time ran; the message names the machine."""


class CouldNotRun(MewsError):
    """The rig could not be started or watched."""
