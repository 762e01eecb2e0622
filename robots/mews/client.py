"""The control socket of linkd, one JSON object per line (docs/control-socket.md).

SPDX-License-Identifier: Apache-2.0
"""

import json
import socket
import subprocess

from .errors import CouldNotRun, RigFailed, UsageError

# A rig that computes is not late.  This bounds the host time of one answer so
# that a daemon that hangs ends as COULD-NOT-RUN; it never decides a gate.
ANSWER_LIMIT_S = 120
ANSWER_SIZE_MAX = 256 * 1024 * 1024


def spawn_linkd(command, **options):
    """Start linkd with a connection of ours; the process and the connection.

    linkd answers the first request as soon as its rig stands, and closes the
    connection when it cannot start.  @options: those of subprocess.Popen.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [*command, "--client-fd", str(theirs.fileno())], pass_fds=[theirs.fileno()], **options
        )
    return process, ControlSocket(ours)


class ControlSocket:
    """A client's side of one connection, a connected UNIX socket."""

    def __init__(self, connected, answer_limit_s=ANSWER_LIMIT_S):
        self._socket = connected
        self._socket.settimeout(answer_limit_s)
        self._answer_limit_s = answer_limit_s
        self._next_id = 1
        self._stream = self._socket.makefile("rb")

    def close(self):
        """Close; a second call does nothing."""
        self._stream.close()
        self._socket.close()

    def request(self, cmd, **keys):
        """Send one request and return the answer's object.

        Keys whose value is None are left out.  Raises UsageError for an error
        of the request, RigFailed when the rig has ended, CouldNotRun when the
        daemon cannot be understood, ConnectionError when it is gone.
        """
        request = {"cmd": cmd, "id": self._next_id}
        self._next_id += 1
        request.update((key, value) for key, value in keys.items() if value is not None)
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._stream.readline(ANSWER_SIZE_MAX)
        except socket.timeout:
            raise CouldNotRun(
                f"linkd has not answered '{cmd}' within {self._answer_limit_s} s of host time"
            ) from None
        if not line.endswith(b"\n"):
            raise ConnectionError("linkd closed the control socket")
        return self._answer(request, line)

    @staticmethod
    def _answer(request, line):
        try:
            answer = json.loads(line)
            if answer["ok"] is True and answer["id"] == request["id"]:
                return answer
            code, message = answer["error"]["code"], answer["error"]["message"]
        except (ValueError, KeyError, TypeError):
            raise CouldNotRun(
                f"linkd's answer to '{request['cmd']}' is not understood: {line[:200]!r}"
            ) from None
        if code == "rig-failed":
            raise RigFailed(message)
        if code in ("recording-failed", "busy"):
            raise CouldNotRun(f"{code}: {message}")
        raise UsageError(f"linkd refused '{request['cmd']}': {code}: {message}")
