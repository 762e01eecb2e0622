"""A machine as device tests use it: under qtest, where a test reads and writes
registers and steps virtual time, or running an image to its end.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import pathlib
import re
import socket
import subprocess
from collections import namedtuple
from dataclasses import dataclass

PROJECT = pathlib.Path(__file__).resolve().parents[2]
QEMU = os.environ.get("MEWS_QEMU") or str(PROJECT / "build/bin/qemu-system-arm")
LIMIT_S = 60  # of the host, against a hang; no verdict depends on it
SUFFIX = {1: "b", 2: "w", 4: "l"}

Symbol = namedtuple("Symbol", "uart start_ns bit_time bits nbits span_half_bits kind"
                              " pulse_length pulse_of", defaults=(0, 0))


def clock_period(hz):
    """Clock period in 2^-32 ns, rounded up (wire_clock_period())."""
    return -(-(10**9 << 32) // hz)


def parse_symbols(log, uart):
    """Symbols that @uart sent, from the wire's log."""
    symbols = []
    for line in log.splitlines():
        word = line.split()
        if word[0] == "symbol" and word[1] == uart:
            symbols.append(Symbol(word[1], int(word[2]), int(word[3]), int(word[4], 16),
                                  *map(int, word[5:10])))
    return symbols


def text_of(symbols):
    """The text in characters of 8 data bits."""
    return bytes(s.bits >> 1 & 0xff for s in symbols if s.nbits == 10).decode()


def frame_bits(data, data_bits=8):
    """A character on the line: start bit, data, first stop bit."""
    return data << 1 | 1 << (data_bits + 1)


class Qmp:
    """A QMP connection; QEMU connects to us, so nothing has to be waited for."""

    def __init__(self, folder):
        self.path = folder / "qmp"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(1)
        self.listener.settimeout(0.5)

    def accept(self, process):
        for _ in range(2 * LIMIT_S):
            try:
                connection, _ = self.listener.accept()
                break
            except TimeoutError:
                if process.poll() is not None:
                    raise ConnectionError(f"the emulator has ended ({process.returncode})") from None
        else:
            raise ConnectionError("the emulator does not answer")
        connection.settimeout(LIMIT_S)
        self.file = connection.makefile("rw", encoding="utf-8")
        self.events = set()  # by name
        assert "QMP" in self.receive()
        self.command("qmp_capabilities")

    def receive(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("the emulator has ended")
        return json.loads(line)

    def command(self, name, **arguments):
        self.file.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = self.receive()
            if "error" in answer:
                raise RuntimeError(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]
            self.events.add(answer.get("event"))

    def wait_event(self, name):
        """Waits for the next event of this name, or takes one that came before an answer."""
        if name in self.events:
            self.events.remove(name)
            return
        while self.receive().get("event") != name:
            pass

    def save_state(self, path):
        """The machine's state, for one that is started with "-incoming file:PATH"."""
        self.command("migrate", uri=f"file:{path}")
        while self.command("query-migrate").get("status") not in ("completed", "failed"):
            pass
        assert self.command("query-migrate")["status"] == "completed"

    def await_state(self):
        """Waits for the incoming state."""
        while self.command("query-status")["status"] == "inmigrate":
            pass

    def wire_log(self):
        return self.command("qom-get", path="/machine/wire-hub", property="log")


class QtestMachine:
    """No core runs; time stands still between step()s."""

    def __init__(self, folder, model, *options):
        self.folder = folder
        self.model = model
        self.options = options
        self.now_ns = 0

    def __enter__(self):
        self.qmp = Qmp(self.folder)
        self.process = subprocess.Popen(
            [QEMU, "-M", self.model, "-display", "none", "-accel", "qtest", "-qtest", "stdio",
             "-qtest-log", "/dev/null", "-qmp", f"unix:{self.qmp.path}", *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.qmp.accept(self.process)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate(timeout=LIMIT_S)

    def quit(self):
        """Its regular end."""
        self.qmp.command("quit")
        self.process.wait(timeout=LIMIT_S)
        self.qmp.path.unlink()

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise ConnectionError("the emulator has ended")
            if line.startswith("OK"):
                return line.split()[1:]
            if line.startswith(("FAIL", "ERR")):
                raise RuntimeError(f"{request}: {line.strip()}")

    def read(self, address, size=4):
        return int(self.ask(f"read{SUFFIX[size]} {address:#x}")[0], 16)

    def write(self, address, value, size=4):
        self.ask(f"write{SUFFIX[size]} {address:#x} {value:#x}")

    def step(self, ns):
        self.now_ns = int(self.ask(f"clock_step {ns}")[0])

    def resume(self, now_ns):
        """Goes on with the incoming state; qtest's clock starts anew over here."""
        self.qmp.await_state()
        self.step(now_ns)

    def try_bits(self, address):
        """What a register reads: before, after a write of all ones, after one of none."""
        values = [self.read(address)]
        for value in (0xffffffff, 0):
            self.write(address, value)
            values.append(self.read(address))
        return tuple(values)

    def symbols(self, uart):
        return parse_symbols(self.qmp.wire_log(), uart)

    def inject(self, uart, start_ns, bit_time, bits, nbits, span_half_bits=None, kind=1):
        span = 2 * nbits if span_half_bits is None else span_half_bits
        self.qmp.command("qom-set", path="/machine/wire-hub", property="inject",
                         value=f"{uart} {start_ns} {bit_time} {bits:x} {nbits} {span} {kind}")

    def irq(self, number):
        """Level of an interrupt line at the (first) core: pending stays set while it is high."""
        word, bit = 4 * (number // 32), 1 << number % 32
        self.write(0xe000e280 + word, bit)
        return bool(self.read(0xe000e200 + word) & bit)


class Block:
    """A peripheral of a QtestMachine: its registers by subscript."""

    def __init__(self, machine, base):
        self.machine, self.base = machine, base

    def __getitem__(self, register):
        return self.machine.read(self.base + register)

    def __setitem__(self, register, value):
        self.machine.write(self.base + register, value)

    def try_bits(self, register):
        return self.machine.try_bits(self.base + register)


class Peer:
    """A mews-ssi-peer or mews-i2c-peer: what it answers, and what it has seen on its bus."""

    def __init__(self, machine, name="peer"):
        self.qmp, self.path = machine.qmp, f"/machine/peripheral/{name}"

    def answer(self, *octets):
        self.qmp.command("qom-set", path=self.path, property="answers", value=bytes(octets).hex())

    def log(self, since_ns=0):
        """(ns after @since_ns, event)"""
        lines = self.qmp.command("qom-get", path=self.path, property="log").splitlines()
        split = [(int(line.split()[0]), line.split(maxsplit=1)[1]) for line in lines]
        return [(time - since_ns, event) for time, event in split if time >= since_ns]

    def events(self):
        return [event for _, event in self.log()]

    def octets(self):
        return [int(event.split()[1], 16) for event in self.events() if event.startswith("exchange")]


def kernel(elf):
    return ["-kernel", str(elf)] if elf else []


class RunningMachine:
    """The machine runs @elf (None: what @model's options load), from when its events are heard on.

    @reboot: what a reset that the image asks for does, as the emulator's option -action has it.
    """

    def __init__(self, elf, folder, model, icount, *options, reboot="shutdown"):
        self.folder = folder
        self.command = [
            QEMU, "-S", "-M", model, "-display", "none", "-monitor", "none", "-serial", "none",
            *kernel(elf), "-icount", icount, "-global", "wire-hub.record=on",
            "-action", f"reboot={reboot},shutdown=pause", *options]

    def __enter__(self):
        self.qmp = Qmp(self.folder)
        self.process = subprocess.Popen([*self.command, "-qmp", f"unix:{self.qmp.path}"])
        self.qmp.accept(self.process)
        self.qmp.command("cont")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(timeout=LIMIT_S)
        self.qmp.path.unlink()


def run_image(elf, folder, model, icount, *options, resets=0):
    """Runs @elf (None: what @model's options load) until it asks for a reset, which ends it;
    returns the wire's log.

    @resets: how many resets it is given before that; the machine goes on behind the last one,
    so what it says from there on may be in the log or not.
    """
    with RunningMachine(elf, folder, model, icount, *options,
                        reboot="reset" if resets else "shutdown") as machine:
        for _ in range(resets):
            machine.qmp.wait_event("RESET")
        if not resets:
            machine.qmp.wait_event("SHUTDOWN")
        return machine.qmp.wire_log()


def try_image(elf, model, *options, limit_s=LIMIT_S):
    """Starts @elf, which is to be refused: (exit code, what it said)."""
    done = subprocess.run(
        [QEMU, "-M", model, "-display", "none", "-monitor", "none", "-serial", "none",
         "-S", *kernel(elf), *options], capture_output=True, text=True, timeout=limit_s,
        check=False)
    return done.returncode, re.sub(r"^\S+: ", "", done.stderr)


@dataclass(frozen=True)
class Part:
    """A part: its machine, and what its test images are made of.

    @images: the folder of the images' sources; @start: those that every image has.
    """

    model: str
    icount: str
    cpu: str
    images: pathlib.Path
    start: tuple

    def qtest_machine(self, folder, *options):
        return QtestMachine(folder, self.model, *options)

    def round_trip(self, folder, prepare, go_on, *options):
        """What @go_on returns on a machine that stayed here; its state went away behind
        @prepare, and on the other side @go_on sees the same, or this asserts.

        @prepare, @go_on: functions of a machine.
        """
        state = folder / "state"
        with self.qtest_machine(folder, *options) as source:
            prepare(source)
            source.qmp.save_state(state)
            saved_ns = source.now_ns
        (folder / "here").mkdir()
        with self.qtest_machine(folder / "here", *options) as stayed:
            prepare(stayed)
            assert stayed.now_ns == saved_ns
            expected = go_on(stayed)
        (folder / "there").mkdir()
        with self.qtest_machine(folder / "there", *options, "-incoming",
                                f"file:{state}") as target:
            target.resume(saved_ns)
            assert go_on(target) == expected
        return expected

    def running_machine(self, elf, folder, *options):
        return RunningMachine(elf, folder, self.model, self.icount, *options)

    def run_image(self, elf, folder, *options, machine=None, **arguments):
        return run_image(elf, folder, machine or self.model, self.icount, *options, **arguments)

    def try_image(self, elf, *options, machine=None, **arguments):
        return try_image(elf, machine or self.model, *options, **arguments)
