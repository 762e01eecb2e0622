"""Keywords for the rig as a whole: start and end it, let time pass, stop and read its machines.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import signal
from pathlib import Path

from robot.libraries.BuiltIn import BuiltIn

from .arguments import duration, integer, keyword, listing, sentence, text
from .errors import CouldNotRun, GateFailed, MewsError, RigFailed, UsageError
from .events import Event, moment
from .rig import BUILD, CHECKOUT, Rig
from .times import format_ns


def checkout_path(path):
    """Paths of a suite are relative to the checkout, wherever Robot was started."""
    return Path(CHECKOUT, path)


class EmulationKeywords:
    """Mixed into the library; owns self.rig."""

    # ---- start and end ----

    @keyword
    def start_rig(self, rig: text, run_dir: text = None, socket: text = None):
        """Start the machines of a rig file; virtual time stands at 0."""
        if self.rig is not None:
            raise UsageError("a rig is there already: 'Stop Rig' or 'Reset Emulation' first")
        self._start(rig, run_dir, socket)

    def _start(self, rig, run_dir, socket):
        self._forget_rig()
        self._last_rig_file = rig
        started = Rig(checkout_path(rig), self._run_dir(run_dir))
        self.rig = started
        try:
            self._status = started.start(socket)
        except MewsError:
            self.rig = None
            raise

    @staticmethod
    def _run_dir(given):
        if given is not None:
            return checkout_path(given)
        suite = BuiltIn().get_variable_value("${SUITE NAME}", "suite")
        return BUILD / "runs" / re.sub(r"[^a-z0-9]+", "-", suite.lower()).strip("-")

    @keyword
    def stop_rig(self):
        """End the rig and close its files.  An exit code other than 0 is a failure."""
        rig, self.rig = self.rig, None
        if rig is None:
            return
        code, failure = rig.stop(), rig.failure
        self.last_exit_code = code
        self._last_rig = rig
        self._forget_rig()
        if failure is None and code == 2:
            raise CouldNotRun(f"linkd ended with exit code 2 ({rig.run_dir}/linkd.log)")
        if failure is None and code != 0:
            raise RigFailed(f"linkd ended with exit code {code} ({rig.run_dir}/linkd.log)")

    @keyword
    def reset_emulation(self):
        """As Renode's: end the rig and forget all testers.  Without a rig nothing happens."""
        rig, self.rig = self.rig, None
        if rig is not None:
            self.last_exit_code = rig.stop()
            self._last_rig = rig
        self._forget_rig()

    @keyword
    def start_emulation(self):
        """As Renode's: the rig must be there.  Time still moves only inside keywords."""
        self.need_rig()

    def _forget_rig(self):
        self.selected_machine = None
        self._status = None
        self.reset_testers()
        self.reset_links()

    def need_rig(self):
        """The running rig, or an error that says what is missing."""
        if self.rig is None:
            raise UsageError("there is no rig: 'Start Rig' first")
        return self.rig

    def status(self):
        """The status as it was at the start: names of machines, links, consoles, pins."""
        self.need_rig()
        return self._status

    # ---- time ----

    @keyword
    def run_for(self, duration: duration):
        """Let virtual time pass; returns the time now, in nanoseconds."""
        return self.need_rig().request("run", for_ns=duration)["time_ns"]

    @keyword
    def run_until(self, time: moment):
        """Run to a virtual time since the start of the rig."""
        if time < self.need_rig().time_ns:
            raise UsageError(
                f"{format_ns(time)} is past: the rig is at {format_ns(self.rig.time_ns)}"
            )
        return self.need_rig().request("run", until_ns=time)["time_ns"]

    @keyword
    def virtual_time(self):
        """The virtual time now, in nanoseconds."""
        return self.need_rig().time_ns

    # ---- machines ----

    @keyword
    def halt_machine(self, machine: text):
        """Stop its cores; its timers, UARTs and its time go on."""
        self.need_rig().request("halt", machine=machine)

    @keyword
    def resume_machine(self, machine: text):
        """Let its cores run again."""
        self.need_rig().request("resume", machine=machine)

    @keyword
    def reset_machine(self, machine: text):
        """As by its reset pin, at the present time."""
        self.need_rig().request("reset", machine=machine)

    @keyword
    def machine_state_should_be(self, machine: text, state: text):
        """The daemon's word for the machine's state."""
        seen = self._machine(machine)["state"]
        if seen != state:
            raise GateFailed(f"{machine} is {seen}, not {state}")

    def _machine(self, name):
        machines = self.need_rig().request("status")["machines"]
        for entry in machines:
            if entry["name"] == name:
                return entry
        names = ", ".join(entry["name"] for entry in machines)
        raise UsageError(f"no machine '{name}'; machines: {names}")

    @keyword
    def read_symbol(self, machine: text, symbol: text, size: integer = 4):
        """The value at an ELF symbol ('name' or 'name+4'), 1, 2 or 4 octets."""
        answer = self.need_rig().request("read", machine=machine, symbol=symbol, size=size)
        return answer["value"]

    @keyword
    def symbol_should_be(self, machine: text, symbol: text, value: integer, size: integer = 4):
        """The value at an ELF symbol."""
        seen = self.read_symbol(machine, symbol, size)
        if seen != value:
            raise GateFailed(f"{machine}: {symbol} is {seen:#x}, not {value:#x}")

    @keyword
    def read_memory(self, machine: text, address: integer, size: integer = 4):
        """The value at an address, 1, 2 or 4 octets."""
        return self.need_rig().request("read", machine=machine, address=address, size=size)["value"]

    @keyword
    def get_registers(self, machine: text):
        """Registers of the machine's first core, by name."""
        answer = self.need_rig().request("registers", machine=machine)
        return Event(answer["registers"], time_ns=self.need_rig().time_ns)

    @keyword
    def kill_machine(self, machine: text):
        """Kill the emulator's process of a machine, as an accident would."""
        os.kill(self._machine(machine)["pid"], signal.SIGKILL)

    # ---- measurements ----

    def measured(self, what, time_ns):
        """Keep a measurement for the table of gates."""
        self.measurements.append(f"{what} {format_ns(time_ns)}")

    @sentence("Measure Time From ${start} To ${end} Within ${limit}")
    def measure_time(self, start: moment, end: moment, limit: duration):
        """Nanoseconds between two events; more than the limit, or backwards, is a failure."""
        return self._measure(start, end, 0, limit)

    @sentence("Measure Time From ${start} To ${end} Between ${least} And ${most}")
    def measure_time_between(self, start: moment, end: moment, least: duration, most: duration):
        """Nanoseconds between two events; less or more is a failure."""
        return self._measure(start, end, least, most)

    def _measure(self, start, end, least, most):
        taken = end - start
        if not least <= taken <= most:
            allowed = f"{format_ns(least)} .. {format_ns(most)}" if least else format_ns(most)
            raise GateFailed(
                f"{format_ns(taken)} from {format_ns(start)} to {format_ns(end)}, "
                f"allowed: {allowed}"
            )
        self.measured("took", taken)
        return taken

    @keyword
    def latest_of(self, events: listing):
        """The event with the latest time."""
        if not events:
            raise UsageError("'Latest Of' needs at least one event")
        return max(events, key=moment)

    # ---- negative controls ----

    @keyword
    def gate_should_fail(self, name: text, *arguments):
        """Run a gate that must be red; green, a wrong use and a dead rig fail."""
        return self.gate_should_fail_with("", name, *arguments)

    @keyword
    def gate_should_fail_with(self, message: text, name: text, *arguments):
        """As `Gate Should Fail`, and the gate's message contains this text."""
        self.last_gate_failure = None
        passed, error = BuiltIn().run_keyword_and_ignore_error(name, *arguments)
        failure, self.last_gate_failure = self.last_gate_failure, None
        if passed == "PASS":
            raise GateFailed(f"negative control is green: '{name}' passed and must not")
        if failure is None or str(failure) not in str(error):
            raise UsageError(f"negative control '{name}' did not end as a red gate: {error}")
        if message not in str(failure):
            raise GateFailed(f"negative control is red for another reason: {failure}")
        return str(failure)

    # ---- Renode's monitor, the part that a suite uses ----

    @keyword
    def execute_command(self, command: text, machine: text = None):
        """A monitor command of Renode's (docs/gates.md has the list); returns its output."""
        if machine is not None:
            self._machine(machine)
            self.selected_machine = machine
        line = " ".join(command.split())
        for pattern, method in _COMMANDS:
            match = re.fullmatch(pattern, line, re.IGNORECASE)
            if match:
                return method(self, *match.groups()) or ""
        raise UsageError(
            f"monitor command '{command}' is not known here; known: {', '.join(_COMMAND_NAMES)}"
        )

    @keyword
    def execute_script(self, path: text):
        """As Renode's: a rig file is started (a .resc script has no meaning here)."""
        self._include(path)

    def _include(self, path):
        path = path.strip().lstrip("@")
        if not path.endswith(".rig"):
            raise UsageError(
                f"'{path}' is no rig file: write the set-up as a .rig (docs/rig-files.md)"
            )
        self.start_rig(path)

    def _command_machine(self):
        if self.selected_machine is not None:
            return self.selected_machine
        machines = [entry["name"] for entry in self.status()["machines"]]
        if len(machines) == 1:
            return machines[0]
        raise UsageError(f"which machine?  'mach set \"{machines[0]}\"' first, or machine=")

    def _mach_set(self, name):
        self._machine(name)
        self.selected_machine = name

    def _run_command(self, time):
        self.run_for(time)

    def _elapsed(self):
        total_us = self.need_rig().time_ns // 1000
        minutes, micros = divmod(total_us, 60 * 10**6)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours:02d}:{minutes:02d}:{micros // 10**6:02d}.{micros % 10**6:06d}"
        return f"Elapsed Virtual Time: {clock}\n"

    def _halted(self, value):
        act = self.halt_machine if value.lower() == "true" else self.resume_machine
        act(self._command_machine())

    def _reset_command(self):
        self.reset_machine(self._command_machine())

    def _read_command(self, width, address):
        size, digits = {"byte": (1, 2), "word": (2, 4), "doubleword": (4, 8)}[width.lower()]
        value = self.read_memory(self._command_machine(), int(address, 0), size)
        return f"0x{value:0{digits}X}\n"

    def _symbol_address(self, name):
        answer = self.need_rig().request(
            "read", machine=self._command_machine(), symbol=name, size=1
        )
        return f"0x{answer['address']:X}\n"

    def _register(self, name):
        registers = self.get_registers(self._command_machine())
        for known, value in registers.items():
            if known.lower() == name.lower():
                return f"0x{value:X}\n"
        raise UsageError(f"no register '{name}'; registers: {', '.join(registers)}")

    def _nothing(self):
        self.need_rig()


_COMMANDS = [
    (r"start|s|pause|p", EmulationKeywords._nothing),
    (r"emulation RunFor \"?@?([^\"]+)\"?", EmulationKeywords._run_command),
    (r"emulation GetTimeSourceInfo", EmulationKeywords._elapsed),
    (r"mach set \"?([^\"]+?)\"?", EmulationKeywords._mach_set),
    (r"machine Reset", EmulationKeywords._reset_command),
    (r"(?:sysbus\.)?cpu IsHalted (true|false)", EmulationKeywords._halted),
    (r"(?:sysbus\.)?cpu (PC|SP|LR|R\d+|xPSR)", EmulationKeywords._register),
    (r"sysbus Read(Byte|Word|DoubleWord) (\w+)", EmulationKeywords._read_command),
    (r"sysbus GetSymbolAddress \"?([^\"]+?)\"?", EmulationKeywords._symbol_address),
    (r"(?:include|i) (@?.+)", EmulationKeywords._include),
    (r"Clear", EmulationKeywords.reset_emulation),
]
_COMMAND_NAMES = [
    "start",
    "pause",
    'emulation RunFor "SECONDS"',
    "emulation GetTimeSourceInfo",
    'mach set "NAME"',
    "machine Reset",
    "cpu IsHalted true|false",
    "cpu PC|SP|LR|Rn|xPSR",
    "sysbus ReadByte|ReadWord|ReadDoubleWord ADDRESS",
    'sysbus GetSymbolAddress "NAME"',
    "include @FILE.rig",
    "Clear",
]
