"""The px4io protocol as the flight controller speaks it, and its keywords (docs/px4io.md).

A packet is count and code in one octet, CRC, page, offset, and up to 32 registers of 16 bits,
the least octet first.  The controller asks, the io processor answers each whole packet once.

SPDX-License-Identifier: Apache-2.0
"""

import struct
from dataclasses import dataclass, field

from .arguments import boolean, duration, integer, keyword, listing, text
from .errors import GateFailed, UsageError
from .events import Event
from .outside import numbers
from .px4io_registers import SAFETY_MAGIC, Names, layout_of
from .times import format_ns

REQUESTS = {"READ": 0x00, "WRITE": 0x40}
REPLIES = {0x00: "SUCCESS", 0x40: "CORRUPT", 0x80: "ERROR"}
CODE_MASK, COUNT_MASK = 0xC0, 0x3F
HEAD_OCTETS = 4
REGISTERS_MAX = 32

# How finely time moves while a reply is waited for: what is returned has exact times anyway.
LOOK_NS = 100_000


def crc8(octets):
    """CRC-8: polynomial x^8 + x^2 + x + 1, from 0, no reflection, no final XOR."""
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def packet_octets(count_code):
    """Length of the packet that begins with this octet."""
    return HEAD_OCTETS + 2 * (count_code & COUNT_MASK)


def encode(code, page, offset, registers=(), count=None):
    """A packet with its CRC; @count of a READ, whose registers are to come."""
    count = len(registers) if count is None else count
    if not 0 <= count <= REGISTERS_MAX or len(registers) > count:
        raise ValueError(f"{count} registers: a packet has at most {REGISTERS_MAX}")
    if not all(0 <= value <= 0xFFFF for value in registers):
        raise ValueError("a register has 16 bits")
    values = [*registers, *[0] * (count - len(registers))]
    body = struct.pack(f"<BBBB{count}H", count | code, 0, page, offset, *values)
    return body[:1] + bytes([crc8(body)]) + body[2:]


@dataclass
class Packet:
    """One decoded packet."""

    code: int
    page: int
    offset: int
    registers: list = field(default_factory=list)
    good: bool = True  # the CRC fits


def decode(octets):
    """A whole packet from its octets; ValueError when it is cut off."""
    if not octets or len(octets) < packet_octets(octets[0]):
        raise ValueError("the packet is cut off")
    octets = octets[: packet_octets(octets[0])]
    count_code, crc, page, offset = octets[:HEAD_OCTETS]
    count = count_code & COUNT_MASK
    return Packet(
        code=count_code & CODE_MASK,
        page=page,
        offset=offset,
        registers=list(struct.unpack(f"<{count}H", octets[HEAD_OCTETS:])),
        good=crc == crc8(octets[:1] + b"\0" + octets[2:]),
    )


@dataclass
class Connection:
    """To whom we speak, and how; it ends with its rig."""

    rig: object
    uart: str
    names: Names
    baud: int
    timeout_ns: int


class Px4IoKeywords:
    """Mixed into the library; uses self.need_rig()."""

    _connection = None

    @keyword
    def px4io_connect(
        self,
        uart: text,
        layout: layout_of = "px4-mixer",
        baud: integer = 1500000,
        timeout: duration = "10 ms",
    ):
        """Speak to the io processor behind a UART; the layout is that of its registers."""
        rig = self.need_rig()
        rig.request("uart", uart=uart)
        self._connection = Connection(rig, uart, Names(layout), baud, timeout)

    def _io(self):
        rig = self.need_rig()
        if self._connection is None or self._connection.rig is not rig:
            raise UsageError("nobody to speak to: 'Px4io Connect' first")
        return self._connection

    # ---- packets ----

    def _exchange(self, octets, words, timeout=None):
        """Send, run until the reply is whole, and return it: an event."""
        io, rig = self._io(), self.need_rig()
        limit = io.timeout_ns if timeout is None else timeout
        start = rig.request("uart", uart=io.uart)["next"]
        sent = rig.request("write", uart=io.uart, hex=octets.hex(), baud=io.baud, format="8N1")
        until, answer = sent["end_ns"] + limit, None
        while rig.time_ns < until:
            rig.request("run", until_ns=min(until, max(sent["end_ns"], rig.time_ns) + LOOK_NS))
            answer = rig.request("uart", uart=io.uart, **{"from": start})
            come = bytes.fromhex(answer["hex"])
            if come and len(come) >= packet_octets(come[0]):
                return self._reply(come, answer["times_ns"], sent)
        come = bytes.fromhex(answer["hex"]) if answer else b""
        if come:
            raise GateFailed(
                f"{io.uart}: the reply to {words} is cut off: {len(come)} of "
                f"{packet_octets(come[0])} octets ({come.hex(' ')}) within {format_ns(limit)}"
            )
        raise GateFailed(f"{io.uart}: no reply to {words} within {format_ns(limit)}")

    def _reply(self, come, times_ns, sent):
        packet = decode(come)
        octets = packet_octets(come[0])
        if len(come) > octets:
            raise GateFailed(
                f"{self._io().uart}: {len(come) - octets} octets behind the reply: "
                f"{come[octets:].hex(' ')}"
            )
        if not packet.good:
            raise GateFailed(f"{self._io().uart}: a reply with a wrong CRC: {come.hex(' ')}")
        return Event(
            code=REPLIES.get(packet.code, f"{packet.code:#04x}"),
            page=packet.page,
            offset=packet.offset,
            registers=packet.registers,
            time_ns=times_ns[octets - 1],
            first_octet_ns=times_ns[0],
            sent_ns=sent["start_ns"],
            request_end_ns=sent["end_ns"],
        )

    def _succeed(self, octets, words):
        reply = self._exchange(octets, words)
        if reply.code != "SUCCESS":
            raise GateFailed(f"{self._io().uart}: {words} is answered {reply.code}")
        return reply

    def _packet(self, code, page, offset, registers=(), count=None):
        """Octets and words of a request; page and offset as the suite names them."""
        names = self._io().names
        number = names.page(page)
        at = names.offset(number, offset)
        try:
            octets = encode(REQUESTS[code], number, at, registers, count)
        except ValueError as error:
            raise UsageError(str(error)) from None
        count = len(registers) if count is None else count
        return octets, f"{code} {names.page_name(number)}[{at}..{at + count - 1}]"

    @keyword
    def px4io_send_corrupt_packet(
        self,
        page: text = "CONFIG",
        offset: text = "0",
        flip: integer = 0x01,
        timeout: duration = None,
    ):
        """A READ whose CRC has these bits turned must be answered CORRUPT; returns the reply."""
        octets, words = self._packet("READ", page, offset, count=1)
        if not 0 <= flip <= 0xFF:
            raise UsageError(f"flip={flip} is no octet")
        octets = octets[:1] + bytes([octets[1] ^ flip]) + octets[2:]
        reply = self._exchange(octets, f"{words} with a wrong CRC", timeout)
        if reply.code != "CORRUPT":
            raise GateFailed(f"a packet with CRC {octets[1]:#04x} is answered {reply.code}")
        return reply

    @keyword
    def px4io_request_should_be_refused(
        self, code: text, page: text, offset: text = "0", values: numbers = "0"
    ):
        """A READ of as many registers, or a WRITE of these, must be answered ERROR."""
        if code.upper() not in REQUESTS:
            raise UsageError(f"'{code}' is neither READ nor WRITE")
        write = code.upper() == "WRITE"
        octets, words = self._packet(
            code.upper(), page, offset, values if write else (), len(values)
        )
        reply = self._exchange(octets, words)
        if reply.code != "ERROR":
            raise GateFailed(f"{words} is answered {reply.code}, not ERROR")
        return reply

    # ---- registers ----

    def _read(self, page, offset, count):
        octets, words = self._packet("READ", page, offset, count=count)
        reply = self._succeed(octets, words)
        if len(reply.registers) != count:
            raise GateFailed(f"{words}: {len(reply.registers)} registers came, not {count}")
        return reply

    def _write(self, page, offset, values):
        return self._succeed(*self._packet("WRITE", page, offset, values))

    @keyword
    def px4io_read_registers(self, page: text, offset: text = "0", count: integer = 1):
        """The values of registers, as a list."""
        return self._read(page, offset, count).registers

    @keyword
    def px4io_read_register(self, page: text, offset: text):
        """The value of one register."""
        return self._read(page, offset, 1).registers[0]

    @keyword
    def px4io_write_registers(self, page: text, offset: text, values: numbers):
        """Write registers; returns the reply with its times."""
        return self._write(page, offset, values)

    @keyword
    def px4io_registers_should_be(
        self, page: text, offset: text, values: numbers, tolerance: integer = 0
    ):
        """Registers have these values."""
        seen = self._read(page, offset, len(values)).registers
        if any(abs(got - wanted) > tolerance for got, wanted in zip(seen, values)):
            raise GateFailed(f"{page}[{offset}]: {seen}, not {values}")
        return seen

    @keyword
    def px4io_flags_should_be(
        self,
        set: listing = "",
        clear: listing = "",
        page: text = "STATUS",
        register: text = "FLAGS",
    ):
        """These bits of a register are set and those are clear."""
        seen, wrong = self._flags(page, register, set, clear)
        if wrong:
            raise GateFailed(f"{page} {register} has {seen}: wrong are {wrong}")

    @keyword
    def px4io_wait_for_flags(
        self,
        set: listing = "",
        clear: listing = "",
        timeout: duration = "1 s",
        interval: duration = "10 ms",
        page: text = "STATUS",
        register: text = "FLAGS",
    ):
        """Run, and read each interval, until these bits are set and those are clear."""
        rig = self.need_rig()
        end = rig.time_ns + timeout
        while True:
            seen, wrong = self._flags(page, register, set, clear)
            if not wrong:
                return Event(flags=seen, time_ns=rig.time_ns)
            if rig.time_ns >= end:
                raise GateFailed(
                    f"{page} {register} has {seen} after {format_ns(timeout)}: wrong are {wrong}"
                )
            rig.request("run", for_ns=min(interval, end - rig.time_ns))

    def _flags(self, page, register, wanted, unwanted):
        """Names of the bits that are set, and of those that are not as they were to be."""
        names, page, register = self._io().names, page.upper(), register.upper()
        ones, zeros = names.mask(page, register, wanted), names.mask(page, register, unwanted)
        value = self._read(page, register, 1).registers[0]
        wrong = (ones & ~value) | (zeros & value)
        known = names.bits(page, register, wrong)
        return names.bits(page, register, value), known or ([f"{wrong:#06x}"] if wrong else [])

    # ---- what a flight controller does ----

    @keyword
    def px4io_protocol_version_should_be(self, version: integer):
        """CONFIG PROTOCOL_VERSION."""
        seen = self._read("CONFIG", "PROTOCOL_VERSION", 1).registers[0]
        if seen != version:
            raise GateFailed(f"protocol version {seen}, not {version}")

    @keyword
    def px4io_wait_for_answer(self, timeout: duration = "2 s", interval: duration = "10 ms"):
        """Run, and ask each interval, until CONFIG is answered, as after a reset."""
        rig = self.need_rig()
        end = rig.time_ns + timeout
        while True:
            try:
                return self._read("CONFIG", 0, 1)
            except GateFailed as failure:
                if rig.time_ns >= end:
                    raise GateFailed(f"after {format_ns(timeout)}: {failure}") from None
            rig.request("run", for_ns=min(interval, max(0, end - rig.time_ns)))

    @keyword
    def px4io_arm(self, safety: boolean = True):
        """Arm: the safety switch off by force (where the layout has one), then SETUP ARMING."""
        layout = self._io().names.layout
        if safety and layout["safety"]:
            self._write("SETUP", "FORCE_SAFETY_OFF", [SAFETY_MAGIC])
        return self._write("SETUP", "ARMING", [layout["arming"]])

    @keyword
    def px4io_disarm(self):
        """SETUP ARMING 0."""
        return self._write("SETUP", "ARMING", [0])

    @keyword
    def px4io_write_direct_pwm(self, values: numbers, offset: integer = 0):
        """Pulses in us, from this output on; returns the reply with its times."""
        return self._write("DIRECT_PWM", offset, values)

    @keyword
    def px4io_write_failsafe_pwm(self, values: numbers, offset: integer = 0):
        """Pulses in us of the failsafe."""
        return self._write("FAILSAFE_PWM", offset, values)

    @keyword
    def px4io_repeat_direct_pwm(
        self, values: numbers, duration: duration = "1 s", interval: duration = "20 ms"
    ):
        """Run for the time and write the pulses each interval; returns the last reply."""
        rig = self.need_rig()
        begin, reply, turns = rig.time_ns, None, max(1, duration // max(1, interval))
        for turn in range(turns):
            reply = self._write("DIRECT_PWM", 0, values)
            rig.request("run", until_ns=max(rig.time_ns, begin + (turn + 1) * interval))
        return reply

    @keyword
    def px4io_rc_channels_should_be(self, values: numbers, tolerance: integer = 0):
        """RAW_RC_INPUT has these channels (us) from the first one on, and at least as many."""
        if "RAW_RC_INPUT" not in self._io().names.layout["registers"]:
            raise UsageError("this layout has no names for the channels: read RAW_RC_INPUT")
        count = self._read("RAW_RC_INPUT", "COUNT", 1).registers[0]
        if count < len(values):
            raise GateFailed(f"{count} RC channels, not {len(values)}")
        seen = self._read("RAW_RC_INPUT", "BASE", len(values)).registers
        if any(abs(got - wanted) > tolerance for got, wanted in zip(seen, values)):
            raise GateFailed(f"RC channels are {seen}, not {values}")
        return seen


