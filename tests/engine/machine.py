"""A machine under test: QEMU with its QMP monitor, and what it put on its
wires and pins with the virtual times (the log of the wire hub).

A run ends when the image asks for a reset (SYSRESETREQ): QEMU then stops, and
says so on QMP, so that nobody has to guess how long a run takes.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import socket
import subprocess

QEMU = os.environ.get("MEWS_QEMU", "build/bin/qemu-system-arm")
TIMEOUT_S = 120  # host time after which a test is broken, not slow


class Machine:
    """One QEMU process."""

    def __init__(self, *arguments, paused=False, env=None):
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT_S)
        self.process = subprocess.Popen(
            [QEMU, "-display", "none", "-serial", "none", "-monitor", "none",
             "-nodefaults", "-action", "reboot=shutdown,shutdown=pause",
             "-global", "wire-hub.record=on",
             "-chardev", f"socket,id=qmp,fd={theirs.fileno()}",
             "-mon", "chardev=qmp,mode=control",
             *(["-S"] if paused else []), *arguments],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            pass_fds=[theirs.fileno()], env=env)
        theirs.close()
        self.socket = ours
        # for reading only: a text file forgets what it has read ahead when it is written to
        self.file = ours.makefile("r")
        self.events = []
        self._receive()  # greeting
        self.qmp("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.file.close()
        self.socket.close()
        self.process.stderr.close()

    def _receive(self):
        line = self.file.readline()
        if not line:
            raise EOFError("QEMU has ended: " + self.process.stderr.read())
        return json.loads(line)

    def qmp(self, command, **arguments):
        """The answer of a QMP command; events on the way are kept."""
        request = {"execute": command, "arguments": arguments}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            answer = self._receive()
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            else:
                return answer["return"]

    def wait_event(self, name):
        while not any(e["event"] == name for e in self.events):
            answer = self._receive()
            if "event" in answer:
                self.events.append(answer)

    def ended(self):
        return any(e["event"] == "SHUTDOWN" for e in self.events)

    def wait_end(self):
        """Until the image is done; what it did, with times."""
        self.wait_event("SHUTDOWN")
        return self.log()

    def log(self):
        return self.qmp("qom-get", path="/machine/wire-hub", property="log")
