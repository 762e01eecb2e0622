#!/usr/bin/env python3
"""A stand-in for linkd that speaks docs/control-socket.md over a made-up flight rig.

It lets the keyword library be tested without an emulator: machines `fmu` and
`io`, a command each 2.5 ms, a status each 20 ms, two servo pins, an input pin,
a console that greets and echoes, and a UART that answers px4io packets: a page
is the registers 4, 1500, 2000 and one that has as many bits set as there have
been reads; page 9 is not answered, 10 by three octets, 11 with a wrong CRC, 12
by ERROR.  The rig's name (first line `name = ...`) chooses how it misbehaves:
dies, vanishes, babbles, refuses, fails-recording.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import hashlib
import json
import os
import re
import socket
import struct
import sys

TICK_NS = 500_000
QUANTUM_NS = 1_000_000
FRAME_NS = 330_000
CHARACTER_NS = 86_806
FAILSAFE_AFTER_NS = 500_000_000
FAILSAFE_US = 1000
PINS = ("io.PA0", "io.PA1", "io.PB5")
ANALOG_PINS = ("io.PA0", "io.PA1")
PX4IO_UART = "io.usart3"
PX4IO_CHARACTER_NS = 6667
NAMES = {0x10: "ActuatorCmd", 0x20: "IoStatus"}
SPI = {"fmu>io": 0x4D01, "io>fmu": 0x4D02, "inject>io": 0x4D01, "inject>fmu": 0x4D02}


class BadRequest(Exception):
    """An error object: code and message."""


class FakeRig:
    """The made-up rig; advance() is its only motion."""

    def __init__(self, name):
        self.name = name
        self.time_ns = 0
        self.halted = set()
        self.text = []  # (time_ns, character)
        self.packets = []
        self.edges = {pin: [] for pin in PINS}
        self.levels = dict.fromkeys(PINS, 0)
        self.injected = []  # (end_ns, frame, direction)
        self.last_command_ns = None
        self.commanded_us = [0, 0]
        self.counters = dict.fromkeys(("frames_ok", "bad_mac", "replay", "too_old", "framing"), 0)
        self.sent = dict.fromkeys(SPI, 0)
        self.symbols = dict.fromkeys(SPI, 0)
        self.words = dict.fromkeys(("boot_count", "state"), 1)
        self.px4io = []  # (time_ns, character) of the replies
        self.px4io_reads = 0
        self.px4io_free_ns = 0
        self.driven_until_ns = 0
        self.say("gust-uart-thin\r\n", 1_000_000)

    def say(self, line, at):
        for number, character in enumerate(line):
            self.text.append((at + (number + 1) * CHARACTER_NS, character))

    def advance(self, until):
        tick = self.time_ns // TICK_NS
        while tick * TICK_NS < until:
            at = tick * TICK_NS
            if at >= self.time_ns:
                self.tick(tick, at)
            tick += 1
        self.time_ns = until

    def tick(self, tick, at):
        for end, frame, direction in [i for i in self.injected if i[0] <= at]:
            self.injected.remove((end, frame, direction))
            self.receive(frame, direction, end - FRAME_NS, end)
        if tick % 5 == 0 and at >= 10_000_000 and "fmu" not in self.halted:
            pwm = [1500, 1600] + [900] * 6
            self.send("fmu>io", 0x10, at, {"flags": 1, "n": 8, "pwm_us": pwm})
        if tick % 40 == 0 and at > 0 and "io" not in self.halted:
            self.send("io>fmu", 0x20, at, {"status_flags": 3, **self.counters})
        if tick % 5 == 0 and at >= 5_000_000:
            self.pulse(at)

    def pulse(self, at):
        highs = self.commanded_us
        if self.last_command_ns is not None and at - self.last_command_ns > FAILSAFE_AFTER_NS:
            highs = [FAILSAFE_US] * 2
        for pin, high in zip(PINS, highs):
            if high:
                self.edges[pin] += [[at, 1], [at + high * 1000, 0]]

    def send(self, direction, apid, at, fields):
        self.sent[direction] += 1
        counter = self.sent[direction]
        body = json.dumps([apid, fields]).encode()
        frame = struct.pack("<HBQ", SPI[direction], 1, counter) + body + bytes(16)
        self.receive(frame, direction, at, at + FRAME_NS)

    def receive(self, frame, direction, start, end):
        self.symbols[direction] += len(frame)
        verdict = self.verdict(frame, direction)
        packet = {
            "index": len(self.packets),
            "link": "flight",
            "direction": direction,
            "start_ns": start,
            "end_ns": end,
            "frame": frame.hex(),
            "verdict": verdict,
        }
        if len(frame) >= 27:
            packet["spi"], packet["channel"], packet["counter"] = struct.unpack_from("<HBQ", frame)
        if verdict == "accepted":
            apid, fields = json.loads(frame[11:-16])
            packet.update(apid=apid, name=NAMES[apid], fields=fields, type="TC", seq=0)
            self.accept(apid, fields, end)
        elif verdict in self.counters:
            self.counters[verdict] += 1
        self.packets.append(packet)

    def accept(self, apid, fields, end):
        if apid == 0x10:
            self.counters["frames_ok"] += 1
            self.last_command_ns = end
            self.commanded_us = fields["pwm_us"][:2]

    def verdict(self, frame, direction):
        if len(frame) < 27:
            return "too_short"
        spi, _, counter = struct.unpack_from("<HBQ", frame)
        if spi != SPI[direction]:
            return "unknown_spi"
        if frame[-16:] != bytes(16):
            return "bad_mac"
        seen = [
            p["counter"] for p in self.packets if p["verdict"] == "accepted" and p["spi"] == spi
        ]
        if seen and max(seen) - counter >= 64:
            return "too_old"
        return "replay" if counter in seen else "accepted"


class FakeLinkd:
    """Requests to answers."""

    KEYS = {
        "status": (),
        "run": ("for_ns", "until_ns", "gates", "mode"),
        "write": ("uart", "hex", "text", "baud", "format", "at_ns"),
        "inject": ("link", "to", "hex", "frame", "baud", "format", "at_ns"),
        "uart": ("uart", "from", "formats"),
        "packets": ("link", "from", "direction"),
        "edges": ("pin", "from_ns", "until_ns"),
        "pin": ("pin",),
        "drive": ("pin", "level", "at_ns", "edges"),
        "analog": ("pin", "uv"),
        "imu": ("machine", "accel", "gyro", "temperature", "at_ns"),
        "read": ("machine", "symbol", "address", "size", "length"),
        "registers": ("machine",),
        "halt": ("machine",),
        "resume": ("machine",),
        "reset": ("machine",),
        "seal": ("spi", "channel", "counter", "payload", "key", "mode"),
        "hash": (),
        "quit": (),
    }

    def __init__(self, name, run_dir):
        self.rig = FakeRig(name)
        self.run_dir = run_dir

    def answer(self, line):
        request = {}
        try:
            request = json.loads(line)
            cmd = request.get("cmd")
            if cmd not in self.KEYS:
                raise BadRequest("unknown-command", f"no command '{cmd}'")
            keys = {key: value for key, value in request.items() if key not in ("cmd", "id")}
            for key in keys:
                if key not in self.KEYS[cmd]:
                    raise BadRequest("unknown-key", f"'{cmd}' has no key '{key}'")
            keys = {("from_" if key == "from" else key): value for key, value in keys.items()}
            result = getattr(self, "do_" + cmd)(**keys)
            return {"id": request.get("id"), "ok": True, **(result or {})}
        except BadRequest as error:
            code, message = error.args
            return {
                "id": request.get("id"),
                "ok": False,
                "error": {"code": code, "message": message},
            }

    def do_status(self):
        rig = self.rig
        return {
            "rig": rig.name,
            "time_ns": rig.time_ns,
            "state": "standing",
            "machines": [
                {
                    "name": m,
                    "model": "m",
                    "state": "halted" if m in rig.halted else "running",
                    "pid": os.getpid(),
                }
                for m in ("fmu", "io")
            ],
            "links": [
                {
                    "name": "flight",
                    "ends": ["fmu.lpuart6", "io.usart2"],
                    "directions": {
                        d: {"symbols": rig.symbols[d], "frames": rig.sent[d]} for d in SPI
                    },
                }
            ],
            "consoles": ["io.usart1", PX4IO_UART],
            "pins": list(PINS),
            "run_dir": self.run_dir,
        }

    def do_run(self, for_ns=None, until_ns=None, gates=(), mode="any"):
        rig = self.rig
        end = until_ns if until_ns is not None else rig.time_ns + for_ns
        if rig.name == "vanishes":
            sys.exit("fake linkd: gone")
        reason = "gates" if gates else "time"
        matches = [self.judge(gate) for gate in gates]
        while not self.done(matches, mode):
            if rig.time_ns >= end:
                reason = "time"
                break
            if rig.name == "dies" and rig.time_ns >= 5_000_000:
                raise BadRequest(
                    "rig-failed", "machine io: Lockup at PC 0x08000100, CFSR 0x00010000"
                )
            if rig.name == "fails-recording":
                raise BadRequest("recording-failed", "link.pcapng: no space left on device")
            rig.advance(min(end, (rig.time_ns // QUANTUM_NS + 1) * QUANTUM_NS))
            matches = [self.judge(gate) for gate in gates]
        return {"time_ns": rig.time_ns, "reason": reason, "matches": matches}

    @staticmethod
    def done(matches, mode):
        return bool(matches) and (all if mode == "all" else any)(
            match is not None for match in matches
        )

    def judge(self, gate):
        return getattr(self, "gate_" + gate["kind"])(gate)

    def come(self, uart, start=0):
        streams = {"io.usart1": self.rig.text, PX4IO_UART: self.rig.px4io}
        if uart not in streams:
            raise BadRequest("no-such-uart", f"no UART '{uart}'")
        streams[uart].sort(key=lambda entry: entry[0])
        return [entry for entry in streams[uart] if entry[0] <= self.rig.time_ns][start:]

    def gate_line(self, gate, unfinished=False):
        start = gate.get("from", 0)
        come = self.come(gate["uart"], start)
        begin = 0
        for end in range(len(come) + 1):
            finished = end < len(come) and come[end][1] == "\n"
            if not finished and not (unfinished and end == len(come) and end > begin):
                continue
            line = "".join(c for _, c in come[begin:end])
            fits = re.search(gate["regex"], line) if "regex" in gate else gate["text"] in line
            if fits:
                last = end if finished else end - 1
                return {"line": line, "time_ns": come[last][0], "next": start + last + 1}
            begin = end + 1
        return None

    def gate_prompt(self, gate):
        return self.gate_line(gate, unfinished=True)

    def gate_bytes(self, gate):
        start = gate.get("from", 0)
        come = self.come(gate["uart"], start)
        wanted = bytes.fromhex(gate["hex"])
        at = bytes(ord(c) for _, c in come).find(wanted)
        if at < 0:
            return None
        last = at + len(wanted) - 1
        return {"time_ns": come[last][0], "next": start + last + 1}

    def gate_packet(self, gate):
        for packet in self.rig.packets[gate.get("from", 0) :]:
            keys = [key for key in ("direction", "apid", "name", "verdict") if key in gate]
            fields = packet.get("fields", {})
            if packet["end_ns"] > self.rig.time_ns:
                continue
            if all(packet.get(key) == gate[key] for key in keys) and all(
                fields.get(name) == value for name, value in gate.get("fields", {}).items()
            ):
                return {**packet, "next": packet["index"] + 1}
        return None

    def past_edges(self, pin):
        if pin not in PINS:
            raise BadRequest("no-such-pin", f"no pin '{pin}'")
        return [edge for edge in self.rig.edges[pin] if edge[0] <= self.rig.time_ns]

    def gate_edge(self, gate):
        for time_ns, level in self.past_edges(gate["pin"]):
            if time_ns >= gate.get("from_ns", 0) and gate.get("level", level) == level:
                return {"time_ns": time_ns, "level": level, "next": time_ns + 1}
        return None

    def cycles(self, pin):
        edges = self.past_edges(pin)
        rises = [i for i, (_, level) in enumerate(edges) if level]
        return [
            (edges[a][0], edges[a + 1][0] - edges[a][0], edges[b][0] - edges[a][0])
            for a, b in zip(rises, rises[1:])
        ]

    def gate_pwm(self, gate):
        for start, high, period in self.cycles(gate["pin"]):
            if (
                start >= gate.get("from_ns", 0)
                and gate["high_ns_min"] <= high <= gate["high_ns_max"]
                and gate.get("period_ns_min", 0) <= period <= gate.get("period_ns_max", period)
            ):
                end = start + period
                return {"time_ns": end, "high_ns": high, "period_ns": period, "next": end}
        return None

    def do_write(self, uart, hex=None, text=None, baud=115200, format="8N1", at_ns=None):
        self.come(uart)
        start = self.rig.time_ns if at_ns is None else at_ns
        if uart == PX4IO_UART:
            return self.px4io_packet(bytes.fromhex(hex), start, baud, format)
        content = bytes.fromhex(hex).decode("latin-1") if hex else text
        for character in content:
            self.rig.say(
                character if character != "\r" else "\r\nok> ", self.rig.time_ns + CHARACTER_NS
            )
        end = self.rig.time_ns + len(content) * CHARACTER_NS
        return {"start_ns": self.rig.time_ns, "end_ns": end}

    def px4io_packet(self, packet, start, baud, line_format):
        """Take a packet, or an S.BUS frame, and queue the reply."""
        bits = {"8N1": 10, "8E2": 12}[line_format]
        start = max(start, self.rig.px4io_free_ns)
        end = self.rig.px4io_free_ns = start + len(packet) * bits * 10**9 // baud
        if baud == 1500000:
            for n, octet in enumerate(self.px4io_reply(packet)):
                self.rig.px4io.append((end + (n + 10) * PX4IO_CHARACTER_NS, chr(octet)))
        return {"start_ns": start, "end_ns": end}

    def px4io_reply(self, packet):
        """SUCCESS of READ and WRITE, and what the page's number asks for."""
        count_code, crc, page, offset = packet[:4]
        good = crc == crc8(packet[:1] + b"\0" + packet[2:])
        registers = b""
        if good and count_code & 0xC0 == 0:
            self.rig.px4io_reads += 1
            seen = min(0xFFFF, (1 << self.rig.px4io_reads) - 1)
            registers = struct.pack("<4H", 4, 1500, 2000, seen)[2 * offset :][: 2 * count_code]
        code = 0x80 if page == 12 else len(registers) // 2 if good else 0x40
        reply = bytes([code, 0, page, offset]) + (registers if code < 0x40 else b"")
        reply = reply[:1] + bytes([crc8(reply) ^ (page == 11)]) + reply[2:]
        return b"" if page == 9 else reply[:3] if page == 10 else reply

    def do_drive(self, pin, level=None, at_ns=None, edges=None):
        self.past_edges(pin)
        edges = edges or [[self.rig.time_ns if at_ns is None else at_ns, level]]
        times = [time_ns for time_ns, _ in edges]
        if times != sorted(times) or times[0] < max(self.rig.time_ns, self.rig.driven_until_ns):
            raise BadRequest("bad-value", f"{pin}: an edge at {times[0]} ns comes too late")
        self.rig.driven_until_ns = times[-1]
        self.rig.edges[pin] += [[time_ns, max(0, now)] for time_ns, now in edges]
        return {"end_ns": times[-1]}

    def do_analog(self, pin, uv):
        self.past_edges(pin)
        if pin not in ANALOG_PINS:
            raise BadRequest("no-such-pin", f"{pin} is no analog input")
        self.rig.words["analog_uv"] = uv

    def do_imu(self, machine, accel=None, gyro=None, temperature=None, at_ns=None):
        """In thousandths, as words."""
        if machine != "fmu":
            raise BadRequest("bad-value", f"machine {machine} has no 'imu' in the rig file")
        felt = (accel or [0, 0, 9.80665]) + (gyro or [0, 0, 0])
        felt.append(25 if temperature is None else temperature)
        for name, value in zip(("ax", "ay", "az", "gx", "gy", "gz", "heat"), felt):
            self.rig.words[f"imu_{name}"] = round(1000 * value)
        return {"start_ns": self.rig.time_ns if at_ns is None else at_ns}

    def do_inject(self, link, to, hex=None, frame=None, baud=1500000, format="8N1", at_ns=None):
        start = self.rig.time_ns if at_ns is None else at_ns
        direction = f"inject>{to}"
        self.rig.injected.append((start + FRAME_NS, bytes.fromhex(frame or hex), direction))
        return {"start_ns": start, "end_ns": start + FRAME_NS}

    def do_uart(self, uart, from_=0, formats=False):
        come = self.come(uart, from_)
        text = "".join(character for _, character in come)
        lines = [["0" + f"{ord(c):08b}"[::-1] + "1", 20, 8681] for _, c in come]
        return {
            **({"formats": lines} if formats else {}),
            "text": text,
            "hex": text.encode("latin-1").hex(),
            "times_ns": [time_ns for time_ns, _ in come],
            "next": from_ + len(come),
        }

    def do_packets(self, link, from_=0, direction=None):
        packets = [p for p in self.rig.packets[from_:] if p["end_ns"] <= self.rig.time_ns]
        return {"packets": packets, "next": from_ + len(packets)}

    def do_edges(self, pin, from_ns=0, until_ns=None):
        edges = self.past_edges(pin)
        level = edges[-1][1] if edges else 0
        until = self.rig.time_ns if until_ns is None else until_ns
        return {"edges": [e for e in edges if from_ns <= e[0] <= until], "level": level}

    def do_pin(self, pin):
        edges, cycles = self.past_edges(pin), self.cycles(pin)
        pwm = {"period_ns": cycles[-1][2], "high_ns": cycles[-1][1]} if cycles else None
        return {"level": edges[-1][1] if edges else 0, "pwm": pwm}

    def do_read(self, machine, symbol=None, address=None, size=4, length=None):
        if symbol is not None and symbol not in self.rig.words:
            raise BadRequest("no-such-symbol", f"{machine} has no symbol '{symbol}'")
        return {"value": self.rig.words.get(symbol, 0x1234), "address": address or 0x20000000}

    def do_registers(self, machine):
        return {"registers": {"PC": 0x08000100, "SP": 0x20001FF0}}

    def do_halt(self, machine):
        self.rig.halted.add(self.known(machine))

    def do_resume(self, machine):
        self.rig.halted.discard(self.known(machine))

    def do_reset(self, machine):
        self.known(machine)
        self.rig.words["boot_count"] += 1

    @staticmethod
    def known(machine):
        if machine not in ("fmu", "io"):
            raise BadRequest("no-such-machine", f"no machine '{machine}'")
        return machine

    def do_seal(self, spi, channel, counter, payload, key=None, mode=None):
        apid = int.from_bytes(bytes.fromhex(payload)[:2], "big") & 0x7FF
        pwm = list(struct.unpack_from("<8H", bytes.fromhex(payload), 12))
        body = json.dumps([apid, {"flags": 1, "n": 8, "pwm_us": pwm}]).encode()
        tag = bytes(16) if key is None else b"\x01" * 16
        return {"frame": (struct.pack("<HBQ", spi, channel, counter) + body + tag).hex()}

    def do_hash(self):
        streams = {f"flight {d}": [p for p in self.rig.packets if p["direction"] == d] for d in SPI}
        streams.update({"io.PA0": self.rig.edges["io.PA0"], "io.usart1": self.rig.text})
        digests = {name: fingerprint(events) for name, events in streams.items()}
        return {"hash": fingerprint(digests), "streams": digests}

    def do_quit(self):
        pass


def crc8(octets):
    """CRC-8 of polynomial 0x07 by long division of the octets and eight zeros."""
    value = int.from_bytes(octets, "big") << 8
    for bit in reversed(range(8, value.bit_length())):
        if value >> bit & 1:
            value ^= 0x107 << (bit - 8)
    return value


def fingerprint(value):
    """64 bits of a hash, as text."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def bind(path):
    """The socket at @path, where nobody else may be."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(path)
    except OSError as error:
        sys.stderr.write(f"fake linkd: {path}: {error.strerror}\n")
        sys.exit(2)
    return listener


def serve(client, run_dir, name):
    """Answer the client until `quit` or its end."""
    daemon = FakeLinkd(name, run_dir)
    with client, client.makefile("rb") as stream:
        for line in stream:
            if name == "babbles" and b'"run"' in line:
                client.sendall(b"}{ not JSON\n")
                continue
            client.sendall(json.dumps(daemon.answer(line)).encode() + b"\n")
            if b'"quit"' in line:
                return 1 if name == "dies" else 0
    return 0


def main():
    """As linkd's command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rig")
    parser.add_argument("--socket", required=True)
    parser.add_argument("--run-dir", required=True)
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--client-fd", type=int, required=True)
    arguments = parser.parse_args()
    with open(arguments.rig, encoding="utf-8") as rig:
        name = re.search(r"name\s*=\s*(\S+)", rig.read()).group(1)
    if name == "refuses":
        sys.stderr.write(f"{arguments.rig}:1: image io.elf: no such file\n")
        sys.exit(2)
    os.makedirs(arguments.run_dir, exist_ok=True)
    with bind(arguments.socket):
        code = serve(socket.socket(fileno=arguments.client_fd), arguments.run_dir, name)
    os.unlink(arguments.socket)
    sys.exit(code)


main()
