"""Tests of what keywords read and write: times, fields, packets, PWM cycles, ELF files, run files.

SPDX-License-Identifier: Apache-2.0
"""

import struct
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(CHECKOUT / "robots"))

from mews import elf, mishaps, pins  # noqa: E402
from mews.errors import UsageError  # noqa: E402
from mews.frames import encode_packet, fields_of, packet_key  # noqa: E402
from mews.times import format_ns, parse_ns  # noqa: E402


@pytest.mark.parametrize(
    "text, time_ns",
    [
        ("10 ms", 10_000_000),
        ("2.5us", 2500),
        ("1 s 500 us", 1_000_500_000),
        ("0.1", 100_000_000),  # no binary fraction gets in
        (8, 8_000_000_000),
        (0.25, 250_000_000),
        ("00:00:01.5", 1_500_000_000),
        ("2 min", 120_000_000_000),
        ("0", 0),
    ],
)
def test_times_are_read_exactly(text, time_ns):
    assert parse_ns(text) == time_ns


@pytest.mark.parametrize(
    "text", ["", "soon", "-1 ms", "-1", "1.5 ns", "10 ms later", "nan", "inf", True, "1e-12"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        parse_ns(text)


@pytest.mark.parametrize(
    "time_ns, text", [(502_500_000, "502.500 ms"), (1, "0.000001 ms"), (-2500, "-0.002500 ms")]
)
def test_times_are_written_exactly(time_ns, text):
    assert format_ns(time_ns) == text


def test_fields_from_text():
    assert fields_of("flags=0x3, pwm_us=[1000, 1500] n=8") == {
        "flags": 3,
        "pwm_us": [1000, 1500],
        "n": 8,
    }
    with pytest.raises(ValueError):
        fields_of("flags")


@pytest.mark.parametrize(
    "written, key",
    [("0x020", {"apid": 32}), (16, {"apid": 16}), ("IoStatus", {"name": "IoStatus"}), ("any", {})],
)
def test_packet_key(written, key):
    assert packet_key(written) == key


def test_actuator_command_octets():
    packet = encode_packet("ActuatorCmd", 5, {"time_us": 1, "flags": 1, "pwm_us": [1500] * 8})
    # version 0, TC, APID 0x010 | unsegmented, count 5 | 22 octets of data less one
    assert packet[:6] == bytes.fromhex("1010c0050015")
    assert packet[6:12] == bytes.fromhex("010000000108") and packet[12:14] == struct.pack(
        "<H", 1500
    )
    assert len(packet) == 28


@pytest.mark.parametrize("fields", [{"pwm_us": [1] * 7}, {"flags": 256}, {"mood": 1}])
def test_fields_that_do_not_fit_are_refused(fields):
    with pytest.raises(UsageError):
        encode_packet("ActuatorCmd", 0, fields)


def test_cycles_are_whole_ones_only():
    edges = [[50, 0], [100, 1], [130, 0], [200, 1], [240, 0], [300, 1]]
    assert pins.cycles_of(edges) == [(100, 30, 100), (200, 40, 100)]


def test_lock_up_image_faults_in_its_fault_handler():
    content = elf.KINDS["lock-up"]()
    (entry,) = struct.unpack_from("<I", content, 24)
    loaded = content[elf.HEADER_SIZE + elf.SEGMENT_SIZE :]
    stack, reset, _, hard_fault = struct.unpack_from("<4I", loaded)
    assert (stack, reset, entry & 1) == (elf.STACK_TOP, entry, 1)
    for vector in (reset, hard_fault):
        at = (vector & ~1) - elf.FLASH_ADDRESS
        assert loaded[at : at + 2] == elf.UDF


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


SECTION = block(mishaps.PCAPNG_SECTION, struct.pack("<IHHq", mishaps.PCAPNG_MAGIC, 1, 0, -1))


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("link.pcapng", SECTION + block(6, bytes(8)), None),
        ("link.pcapng", SECTION + block(6, bytes(8))[:-2], "cut off at octet 28"),
        ("link.pcapng", b"", "no section header block"),
        ("run.json", b'{"seed": 1}', None),
        ("run.json", b'{"seed": ', "no whole JSON"),
        ("rig.vcd", b"$timescale 1 ns $end", "the header does not end"),
        ("run.json.tmp", b"", "an unfinished file was left"),
        ("io.usart1.log", b"gust", None),
    ],
)
def test_run_files(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_bytes(content)
    found = mishaps._broken(path)
    assert found is None if why is None else why in found
