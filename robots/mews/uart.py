"""Terminal testers: text and bytes on UARTs, with Renode's keyword names and argument order.

A tester remembers how far its UART has been read; every keyword looks from
there on and a match moves the place behind the matched line (or, for an
unfinished line, behind all that has come), as Renode's testers do.  Unlike
there, all waiting is virtual time and the rig stands still in between.

SPDX-License-Identifier: Apache-2.0
"""

import re

from .arguments import boolean, duration, integer, keyword, listing, octets, text
from .errors import GateFailed, UsageError
from .events import Event
from .times import format_ns

RENODE_DEFAULT_TIMEOUT_NS = 8 * 10**9
CONSOLE_BAUD = 115200
REPORT_LINES_MAX = 1000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def plain(line):
    """A line as a reader sees it: no carriage returns, no colours."""
    return _COLOUR.sub("", line.replace("\r", ""))


class Tester:
    """One UART as a suite reads it."""

    def __init__(self, uart, timeout_ns, binary, baud, position):
        self.uart = uart
        self.timeout_ns = timeout_ns
        self.binary = binary
        self.baud = baud
        self.position = position
        self.report = []
        self.failing = []

    def note(self, line):
        """Add a line to the report; the oldest go first."""
        self.report.append(line)
        del self.report[:-REPORT_LINES_MAX]


class UartKeywords:
    """Mixed into the library; uses self.rig and self.status()."""

    def reset_testers(self):
        """Forget all testers, as when the emulation is cleared."""
        self._testers = []
        self._default_tester = None
        self._uart_timeout_ns = getattr(self, "_uart_timeout_ns", RENODE_DEFAULT_TIMEOUT_NS)
        self._default_echo = True
        self._default_next_line = False

    # ---- testers ----

    @keyword
    def create_terminal_tester(
        self,
        uart: text,
        timeout: duration = None,
        machine: text = None,
        endLineOption: text = None,
        defaultPauseEmulation: boolean = None,
        defaultWaitForEcho: boolean = None,
        defaultMatchNextLine: boolean = None,
        binaryMode: boolean = False,
        baud: integer = CONSOLE_BAUD,
    ):
        """Watch a UART from now on; returns the tester's id, the same one for the same UART."""
        if endLineOption not in (None, "TreatLineFeedAsEndLine"):
            raise UsageError(
                f"endLineOption={endLineOption}: only TreatLineFeedAsEndLine is known here"
            )
        name = self._uart_name(uart, machine)
        self._default_echo = True if defaultWaitForEcho is None else defaultWaitForEcho
        self._default_next_line = bool(defaultMatchNextLine)
        for number, tester in enumerate(self._testers):
            if tester.uart == name:
                return number
        position = self.need_rig().request("uart", uart=name)["next"]
        limit = self._uart_timeout_ns if timeout is None else timeout
        self._testers.append(Tester(name, limit, binaryMode, baud, position))
        return len(self._testers) - 1

    def _uart_name(self, uart, machine):
        """'io.usart1' from Renode's 'sysbus.usart1' and a machine, or from itself."""
        short = uart.split("sysbus.", 1)[-1].lstrip("@")
        machines = [entry["name"] for entry in self.status()["machines"]]
        if machine is None and "." in short:
            return short
        if machine is None:
            machine = self.selected_machine
        if machine is None:
            consoles = [name for name in self.status()["consoles"] if name.endswith("." + short)]
            if len(consoles) == 1:
                return consoles[0]
            raise UsageError(
                f"which machine's '{short}'?  Machines: {', '.join(machines)}; "
                f"consoles: {', '.join(self.status()['consoles']) or 'none'}"
            )
        if machine not in machines:
            raise UsageError(f"no machine '{machine}'; machines: {', '.join(machines)}")
        return f"{machine}.{short}"

    def _tester(self, number):
        if number is None:
            if self._default_tester is not None:
                return self._testers[self._default_tester]
            if len(self._testers) == 1:
                return self._testers[0]
            raise UsageError(
                "no terminal tester: 'Create Terminal Tester' first"
                if not self._testers
                else "more than one terminal tester: say which by testerId"
            )
        if not 0 <= number < len(self._testers):
            raise UsageError(f"no terminal tester {number}: 'Create Terminal Tester' first")
        return self._testers[number]

    @keyword
    def set_default_uart_timeout(self, timeout: duration):
        """Time-out of testers made from now on."""
        self._uart_timeout_ns = timeout

    @keyword
    def set_default_tester(self, id: integer):
        """The tester that keywords without testerId mean; None: none."""
        if id is not None:
            self._tester(id)
        self._default_tester = id

    @keyword
    def get_terminal_tester_report(self, testerId: integer = None):
        """All lines seen and all waits of a tester, as text."""
        return "\n".join(self._tester(testerId).report)

    @keyword
    def clear_terminal_tester_report(self, testerId: integer = None):
        """Empty the report and forget what has come but was not waited for."""
        tester = self._tester(testerId)
        tester.report = []
        tester.position = self._received(tester)["next"]

    @keyword
    def register_failing_uart_string(
        self, pattern: text, treatAsRegex: boolean = False, testerId: integer = None
    ):
        """From now on a line with this pattern fails every wait of the tester."""
        self._tester(testerId).failing.append((pattern, treatAsRegex))

    @keyword
    def unregister_failing_uart_string(
        self, pattern: text, treatAsRegex: boolean = False, testerId: integer = None
    ):
        """Take a failing string back."""
        try:
            self._tester(testerId).failing.remove((pattern, treatAsRegex))
        except ValueError:
            raise UsageError(f"'{pattern}' is no failing string of this tester") from None

    # ---- waiting ----

    @keyword
    def wait_for_line_on_uart(
        self,
        content: text,
        timeout: duration = None,
        testerId: integer = None,
        treatAsRegex: boolean = False,
        includeUnfinishedLine: boolean = False,
        pauseEmulation: boolean = None,
        matchNextLine: boolean = None,
    ):
        """Run until a line with the content; returns line, timestamp (ms), groups, time_ns."""
        tester = self._text_tester(testerId)
        next_line = self._default_next_line if matchNextLine is None else matchNextLine
        if next_line:
            return self._expect_next_line(tester, content, timeout, treatAsRegex)
        kind = "prompt" if includeUnfinishedLine else "line"
        return self._expect(tester, kind, content, timeout, treatAsRegex)

    @keyword
    def wait_for_lines_on_uart(
        self,
        content: listing,
        timeout: duration = None,
        testerId: integer = None,
        treatAsRegex: boolean = False,
        includeUnfinishedLine: boolean = False,
        pauseEmulation: boolean = None,
        matchFromNextLine: boolean = None,
    ):
        """Run until the lines have come one after the other; the time-out is for each."""
        tester = self._text_tester(testerId)
        if not content:
            raise UsageError("'Wait For Lines On Uart' needs at least one line")
        follow = self._default_next_line if matchFromNextLine is None else matchFromNextLine
        while True:
            if follow:
                self._expect_next_line(tester, content[0], timeout, treatAsRegex)
            else:
                self._expect(tester, "line", content[0], timeout, treatAsRegex)
            behind_first = tester.position
            try:
                return self._follow(
                    tester, content[1:], timeout, treatAsRegex, includeUnfinishedLine
                )
            except GateFailed:
                if follow:
                    raise
                tester.position = behind_first  # a later line may begin the sequence

    def _follow(self, tester, content, timeout, regex, unfinished):
        result = None
        for number, line in enumerate(content):
            if unfinished and number == len(content) - 1:
                result = self._expect(tester, "prompt", line, timeout, regex)
            else:
                result = self._expect_next_line(tester, line, timeout, regex)
        return result

    @keyword
    def wait_for_prompt_on_uart(
        self,
        prompt: text,
        testerId: integer = None,
        timeout: duration = None,
        treatAsRegex: boolean = False,
        pauseEmulation: boolean = None,
    ):
        """As `Wait For Line On Uart`, and the text need not end with a line feed."""
        tester = self._text_tester(testerId)
        return self._expect(tester, "prompt", prompt, timeout, treatAsRegex)

    @keyword
    def wait_for_next_line_on_uart(
        self, timeout: duration = None, testerId: integer = None, pauseEmulation: boolean = None
    ):
        """Run until a further line has come, whatever it says."""
        return self._expect(self._text_tester(testerId), "line", "", timeout, False)

    @keyword
    def wait_for_bytes_on_uart(
        self,
        content: octets,
        timeout: duration = None,
        testerId: integer = None,
        treatAsRegex: boolean = False,
        pauseEmulation: boolean = None,
        matchStart: boolean = False,
    ):
        """Run until the bytes (hex digits) have come; the tester needs binaryMode=true."""
        tester = self._tester(testerId)
        if not tester.binary:
            raise UsageError("waiting for bytes needs a tester made with binaryMode=true")
        if treatAsRegex:
            raise UsageError("bytes are compared as they are: treatAsRegex is for text")
        start = tester.position
        gate = {"kind": "bytes", "uart": tester.uart, "hex": content.hex(), "from": start}
        match = self._run(tester, gate, timeout)
        if match is None or (matchStart and match["next"] - start != len(content)):
            raise self._red(tester, f"the bytes {content.hex(' ')}", timeout)
        tester.position = match["next"]
        tester.note(f"[{format_ns(match['time_ns'])}] {content.hex(' ')}")
        return Event(
            content=content, timestamp=match["time_ns"] / 1e6, groups=[], time_ns=match["time_ns"]
        )

    @keyword
    def should_not_be_on_uart(
        self,
        content: text,
        timeout: duration = None,
        testerId: integer = None,
        treatAsRegex: boolean = False,
        includeUnfinishedLine: boolean = False,
    ):
        """Run for the whole time-out; a line with the content is a failure."""
        tester = self._text_tester(testerId)
        kind = "prompt" if includeUnfinishedLine else "line"
        match = self._run(tester, self._gate(tester, kind, content, treatAsRegex), timeout)
        if match is not None:
            raise GateFailed(
                f"{tester.uart}: '{plain(match['line'])}' came at {format_ns(match['time_ns'])} "
                f"and should not have"
            )

    @keyword
    def test_if_uart_is_idle(
        self, timeout: duration, testerId: integer = None, pauseEmulation: boolean = None
    ):
        """Run for the time; any character on the UART is a failure."""
        tester = self._tester(testerId)
        before = self._received(tester)["next"]
        self.need_rig().request("run", for_ns=timeout)
        come = self.need_rig().request("uart", uart=tester.uart, **{"from": before})
        if come["times_ns"]:
            raise GateFailed(
                f"{tester.uart} is not idle: {come['text']!r} ({len(come['times_ns'])} characters) "
                f"came, the first at {format_ns(come['times_ns'][0])}"
            )

    # ---- writing ----

    @keyword
    def write_to_uart(self, content: text, testerId: integer = None):
        """Send text into the UART, from now on, at the tester's baud rate."""
        self._write(self._tester(testerId), content)
        return Event(line="", timestamp=0.0, groups=[], time_ns=self.need_rig().time_ns)

    @keyword
    def write_char_on_uart(self, c: text, testerId: integer = None):
        """Send one character."""
        if len(c) != 1:
            raise UsageError(f"'{c}' is not one character")
        return self.write_to_uart(c, testerId)

    @keyword
    def send_key_to_uart(self, c: integer, testerId: integer = None):
        """Send one character by its code."""
        if not 0 <= c <= 255:
            raise UsageError(f"{c} is no character code (0..255)")
        tester = self._tester(testerId)
        self.need_rig().request("write", uart=tester.uart, hex=f"{c:02x}", baud=tester.baud)

    @keyword
    def write_line_to_uart(
        self,
        content: text = "",
        testerId: integer = None,
        waitForEcho: boolean = None,
        pauseEmulation: boolean = None,
    ):
        """Send a line and a carriage return, as a terminal does, and wait for its echo."""
        tester = self._tester(testerId)
        self._write(tester, content + "\r")
        echo = self._default_echo if waitForEcho is None else waitForEcho
        if echo and content:
            self._expect(tester, "prompt", content, None, False)
        return Event(line="", timestamp=0.0, groups=[], time_ns=self.need_rig().time_ns)

    def _write(self, tester, content):
        if content:
            self.need_rig().request(
                "write", uart=tester.uart, hex=content.encode().hex(), baud=tester.baud
            )

    # ---- how it is done ----

    def _text_tester(self, number):
        tester = self._tester(number)
        if tester.binary:
            raise UsageError("waiting for text needs a tester made without binaryMode")
        return tester

    def _received(self, tester):
        return self.need_rig().request("uart", uart=tester.uart, **{"from": tester.position})

    @staticmethod
    def _gate(tester, kind, content, regex):
        gate = {"kind": kind, "uart": tester.uart, "from": tester.position}
        gate["regex" if regex else "text"] = content
        return gate

    def _run(self, tester, gate, timeout):
        """Run to the gate's match, the first failing string or the time-out."""
        limit = tester.timeout_ns if timeout is None else timeout
        gates = [gate]
        gates += [self._gate(tester, "line", *failing) for failing in tester.failing]
        answer = self.need_rig().request("run", for_ns=limit, gates=gates, mode="any")
        match, *failing = answer["matches"]
        failing = [bad for bad in failing if bad]
        first = min(failing, key=lambda bad: bad["time_ns"], default=None)
        if first and (match is None or first["time_ns"] <= match["time_ns"]):
            raise GateFailed(
                f"{tester.uart}: the failing line '{plain(first['line'])}' came at "
                f"{format_ns(first['time_ns'])}"
            )
        return match

    def _expect(self, tester, kind, content, timeout, regex):
        match = self._run(tester, self._gate(tester, kind, content, regex), timeout)
        if match is None:
            wanted = "a line" if content == "" else f"'{content}'"
            raise self._red(tester, wanted, timeout)
        return self._taken(tester, match, content if regex else None)

    def _expect_next_line(self, tester, content, timeout, regex):
        match = self._run(tester, self._gate(tester, "line", "", False), timeout)
        if match is None:
            raise self._red(tester, f"a line with '{content}'", timeout)
        line = plain(match["line"])
        fits = re.search(content, line) if regex else content in line
        if not fits:
            raise GateFailed(f"{tester.uart}: the next line is '{line}', not '{content}'")
        return self._taken(tester, match, content if regex else None)

    @staticmethod
    def _taken(tester, match, pattern):
        tester.position = match["next"]
        line = plain(match["line"])
        tester.note(f"[{format_ns(match['time_ns'])}] {line}")
        found = re.search(pattern, line) if pattern is not None else None
        return Event(
            line=line,
            timestamp=match["time_ns"] / 1e6,
            groups=list(found.groups()) if found else [],
            time_ns=match["time_ns"],
        )

    def _red(self, tester, wanted, timeout):
        limit = tester.timeout_ns if timeout is None else timeout
        come = self._received(tester)["text"]
        tester.note(f"(no {wanted} within {format_ns(limit)})")
        shown = plain(come)[-400:] if come else ""
        return GateFailed(
            f"{tester.uart}: {wanted} did not come within {format_ns(limit)} "
            f"(now {format_ns(self.need_rig().time_ns)}); since the last match came: {shown!r}"
        )
