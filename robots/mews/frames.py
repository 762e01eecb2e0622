"""CCSDS packets of the link as a test builds them, and the telling of packets in words.

The daemon decodes what crosses the wire with the firmware's own code; this
encoder is written independently from docs/wire-formats.md, so that a gate
which seals a packet checks the decoder instead of agreeing with it.

SPDX-License-Identifier: Apache-2.0
"""

import ast
import re
import struct

from .errors import UsageError

TM, TC = 0, 1

# APID, type, name, [(field, struct code or code with a count)], little-endian
PACKETS = {
    "ActuatorCmd": (0x010, TC, [("time_us", "I"), ("flags", "B"), ("n", "B"), ("pwm_us", "8H")]),
    "Heartbeat": (0x011, TC, [("time_us", "I"), ("state", "B"), ("cores_alive", "B")]),
    "IoConfig": (
        0x012,
        TC,
        [
            ("failsafe_us", "8H"),
            ("disarmed_us", "8H"),
            ("rate_hz", "3H"),
            ("fmu_timeout_ms", "H"),
            ("flags", "B"),
        ],
    ),
    "IoStatus": (
        0x020,
        TM,
        [
            ("time_us", "I"),
            ("status_flags", "H"),
            ("alarms", "H"),
            ("pwm_us", "8H"),
            ("vservo_mv", "H"),
            ("rssi_mv", "H"),
            ("frames_ok", "I"),
            ("bad_mac", "H"),
            ("replay", "H"),
            ("too_old", "H"),
            ("framing", "H"),
            ("overrun", "H"),
        ],
    ),
    "RcInput": (
        0x021,
        TM,
        [("time_us", "I"), ("source", "B"), ("flags", "B"), ("n", "B"), ("channel_us", "16H")],
    ),
}
DEFAULTS = {"n": 8}


def encode_packet(name, sequence, fields):
    """A CCSDS Space Packet (133.0-B-2, unsegmented) with the payload of `name`."""
    if name not in PACKETS:
        raise UsageError(f"no packet '{name}'; packets: {', '.join(PACKETS)}")
    apid, kind, layout = PACKETS[name]
    unknown = set(fields) - {field for field, _ in layout}
    if unknown:
        known = ", ".join(field for field, _ in layout)
        raise UsageError(f"{name} has no field {sorted(unknown)[0]!r}; fields: {known}")
    payload = b""
    for field, code in layout:
        count = int(code[:-1] or 1)
        value = fields.get(field, DEFAULTS.get(field, 0))
        values = list(value) if isinstance(value, (list, tuple)) else [value] * count
        try:
            payload += struct.pack("<" + code, *values)
        except struct.error as error:
            raise UsageError(f"{name}.{field}: {error}") from None
    header = struct.pack(">HHH", kind << 12 | apid, 3 << 14 | sequence & 0x3FFF, len(payload) - 1)
    return header + payload


_FIELD = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(\[[^\]]*\]|[^,\s]+)\s*(?:,|\s|$)")


def fields_of(value):
    """Field values from a dictionary or from a text like 'replay=1, pwm_us=[1000, 0x5dc]'."""
    if isinstance(value, dict):
        return {name: _number(part) for name, part in value.items()}
    result, position, line = {}, 0, str(value)
    while position < len(line.rstrip()):
        match = _FIELD.match(line, position)
        if not match:
            raise ValueError(f"'{line[position:]}' is not of the form name=value, name=[v, v]")
        result[match.group(1)] = _number(match.group(2))
        position = match.end()
    return result


def _number(value):
    if isinstance(value, (list, tuple)):
        return [_number(part) for part in value]
    if isinstance(value, (int, float)):
        return value
    try:
        return ast.literal_eval(str(value).strip())
    except (ValueError, SyntaxError):
        return str(value)


def packet_key(value):
    """{'apid': 0x20} or {'name': 'IoStatus'} or {} from what a suite writes."""
    if value is None or str(value).lower() == "any":
        return {}
    if isinstance(value, int):
        return {"apid": value}
    try:
        return {"apid": int(str(value), 0)}
    except ValueError:
        return {"name": str(value)}


def describe(packet):
    """One packet in one line, for failures."""
    words = [packet["direction"], packet.get("name") or "", packet["verdict"]]
    if packet.get("counter") is not None:
        words.append(f"counter {packet['counter']}")
    return " ".join(word for word in words if word)


def misses(packet, fields):
    """The fields in which a packet differs, as {name: (wanted, seen)}."""
    seen = packet.get("fields") or {}
    return {
        name: (wanted, seen.get(name))
        for name, wanted in fields.items()
        if seen.get(name) != wanted
    }
