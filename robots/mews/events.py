"""What keywords return: objects with `time_ns`, readable as ${event.name} and ${event}[name].

SPDX-License-Identifier: Apache-2.0
"""

from robot.utils import DotDict

from .errors import UsageError
from .times import format_ns, parse_ns


class Event(DotDict):
    """Something that happened at `time_ns`."""

    def __str__(self):
        shown = {key: value for key, value in self.items() if key not in ("time_ns", "frame")}
        when = format_ns(self["time_ns"]) if self.get("time_ns") is not None else "no time"
        inner = ", ".join(f"{key}={value}" for key, value in shown.items())
        return f"<{when}: {inner}>"


def moment(value):
    """The virtual time of an event, a number of ns, or a time text since the start of the rig."""
    if isinstance(value, dict):
        if value.get("time_ns") is None:
            raise ValueError("this event has no time")
        return value["time_ns"]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return parse_ns(value)


def since_or_now(since, rig):
    """Where a search begins: a given moment that lies in the past, or now."""
    if since is None:
        return rig.time_ns
    if since > rig.time_ns:
        raise UsageError(
            f"since={format_ns(since)} lies ahead: the rig is at {format_ns(rig.time_ns)}"
        )
    return since
