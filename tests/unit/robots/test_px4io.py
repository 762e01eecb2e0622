"""Tests of the px4io packets and of what receivers send, by vectors from elsewhere.

SPDX-License-Identifier: Apache-2.0
"""

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(CHECKOUT / "robots"))

from mews import px4io, receivers  # noqa: E402
from mews.errors import UsageError  # noqa: E402
from mews.outside import microvolts, numbers  # noqa: E402
from mews.px4io_registers import LAYOUTS, Names  # noqa: E402


def remainder(octets):
    """Of the division by x^8 + x^2 + x + 1: the definition of the CRC, without a shift register."""
    value = int.from_bytes(octets, "big") << 8
    while value.bit_length() > 8:
        value ^= 0x107 << (value.bit_length() - 9)
    return value


# ---- packets ----


@pytest.mark.parametrize(
    "octets, crc",
    [
        (b"123456789", 0xF4),  # the check value of CRC-8 in Williams's catalogue
        (bytes.fromhex("b407b5d23a"), 0x30),  # SMBus PEC: the read in the MLX90614's datasheet
        (b"\x01", 0x07),  # the polynomial itself
        (b"", 0x00),
        (bytes(64), 0x00),
    ],
)
def test_crc_has_the_values_of_others(octets, crc):
    assert px4io.crc8(octets) == crc
    assert remainder(octets) == crc


@pytest.mark.parametrize("octet", range(256))
def test_crc_of_every_octet_is_the_remainder(octet):
    assert px4io.crc8(bytes([octet])) == remainder(bytes([octet]))


@pytest.mark.parametrize(
    "code, page, offset, registers, count, head, tail",
    [
        # READ CONFIG PROTOCOL_VERSION
        (0x00, 0, 0, [], 1, "01", "0000 0000"),
        # WRITE SETUP ARMING 0x0043: page 50 is 0x32
        (0x40, 50, 1, [0x43], None, "41", "3201 4300"),
        # WRITE DIRECT_PWM 1000 2000: 0x3e8, 0x7d0, the least octet first; page 54 is 0x36
        (0x40, 54, 0, [1000, 2000], None, "42", "3600 e803 d007"),
        # a reply of nothing but its head: CORRUPT, page and offset 0xff
        (0x40, 0xFF, 0xFF, [], None, "40", "ffff"),
    ],
)
def test_packet_octets(code, page, offset, registers, count, head, tail):
    packet = px4io.encode(code, page, offset, registers, count)
    assert packet[:1] == bytes.fromhex(head) and packet[2:] == bytes.fromhex(tail)
    assert packet[1] == remainder(packet[:1] + b"\0" + packet[2:])
    assert px4io.packet_octets(packet[0]) == len(packet)


def test_longest_packet_has_32_registers_and_68_octets():
    values = list(range(0xFFE0, 0x10000))
    packet = px4io.encode(0x40, 1, 2, values)
    assert len(packet) == 68 and packet[0] == 0x60
    assert px4io.decode(packet).registers == values


@pytest.mark.parametrize(
    "registers, count", [([0] * 33, None), ([], 33), ([0x10000], None), ([-1], None), ([1, 2], 1)]
)
def test_what_fits_no_packet_is_refused(registers, count):
    with pytest.raises(ValueError):
        px4io.encode(0x40, 0, 0, registers, count)


def test_every_turned_bit_is_seen():
    packet = px4io.encode(0x40, 54, 0, [1000, 1500])
    assert px4io.decode(packet).good
    for bit in range(8, 8 * len(packet)):  # the first octet says how long it is
        turned = bytearray(packet)
        turned[bit // 8] ^= 1 << bit % 8
        assert not px4io.decode(bytes(turned)).good


@pytest.mark.parametrize("octets", [b"", b"\x01", px4io.encode(0, 0, 0, [7])[:-1]])
def test_what_is_cut_off_is_no_packet(octets):
    with pytest.raises(ValueError):
        px4io.decode(octets)


# ---- names ----


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "page, number",
    [("CONFIG", 0), ("STATUS", 1), ("SERVOS", 3), ("RAW_RC_INPUT", 4), ("SETUP", 50)]
    + [("DIRECT_PWM", 54), ("failsafe_pwm", 55), ("0x36", 54), (7, 7)],
)
def test_pages_that_all_firmware_has(layout, page, number):
    assert Names(layout).page(page) == number


@pytest.mark.parametrize(
    "layout, disarmed, fmu_ok", [("px4-mixer", 108, 1 << 6), ("px4", 109, 1 << 5)]
)
def test_layouts_of_px4_differ(layout, disarmed, fmu_ok):
    names = Names(layout)
    assert names.page("DISARMED_PWM") == disarmed
    assert names.mask("STATUS", "FLAGS", ["FMU_OK"]) == fmu_ok
    assert names.bits("STATUS", "FLAGS", fmu_ok | 1) == ["OUTPUTS_ARMED", "FMU_OK"]


@pytest.mark.parametrize("page, offset", [("NOWHERE", 0), (256, 0), ("STATUS", "MOOD"), (1, -1)])
def test_unknown_names_are_refused(page, offset):
    names = Names("px4")
    with pytest.raises(UsageError):
        names.offset(names.page(page), offset)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_names_have_one_number(layout):
    for table in (
        LAYOUTS[layout]["pages"],
        *LAYOUTS[layout]["registers"].values(),
        *LAYOUTS[layout]["bits"].values(),
    ):
        assert len(set(table.values())) == len(table)


# ---- S.BUS ----


@pytest.mark.parametrize(
    "frame, raw",
    [
        # what a receiver has sent, as decoders in the field are tested with it
        (
            "0f e0031f58c00716b080052c60010bf8c0070000000000 03 00",
            [992, 992, 352, 992, 352, 352, 352, 352, 352, 352, 992, 992, 0, 0, 0, 0],
        ),
        # all ones but for the eighth channel: bits 77 to 87
        ("0f ffffffffffffffffff1f00ffffffffffffffffffffff 03 00", [2047] * 7 + [0] + [2047] * 8),
    ],
)
def test_sbus_frame_of_others(frame, raw):
    assert receivers.sbus_frame(raw, ch17=True, ch18=True) == bytes.fromhex(frame)


@pytest.mark.parametrize(
    "name, bit", [("ch17", 0), ("ch18", 1), ("frame_lost", 2), ("failsafe", 3)]
)
def test_sbus_flags(name, bit):
    frame = receivers.sbus_frame([0] * 16, **{name: True})
    assert len(frame) == 25 and frame[23] == 1 << bit


@pytest.mark.parametrize(
    "width_us, raw", [(1000, 200), (2000, 1800), (1500, 1000), (875, 0), (1001, 202)]
)
def test_sbus_scale(width_us, raw):
    assert receivers.sbus_raw(width_us) == raw


@pytest.mark.parametrize("raw", [[2048], [-1], [0] * 17])
def test_what_sbus_cannot_send_is_refused(raw):
    with pytest.raises(ValueError):
        receivers.sbus_frame(raw)


@pytest.mark.parametrize("width_us", [874, 2155])
def test_widths_outside_sbus_are_refused(width_us):
    with pytest.raises(ValueError):
        receivers.sbus_raw(width_us)


def formats(octets, parity=0, half_bits=24, bit_ns=10_000):
    """Of characters with 8 bits and even parity, as linkd tells them."""
    lines = []
    for octet in octets:
        data = f"{octet:08b}"[::-1]
        lines.append([f"0{data}{(octet.bit_count() + parity) % 2}1", half_bits, bit_ns])
    return lines


def test_sbus_values_are_those_of_the_frame():
    raw = [992, 0, 2047, 200, *range(12)]
    octets = receivers.sbus_frame(raw, ch18=True)
    assert receivers.sbus_fault(octets, formats(octets)) is None
    assert receivers.sbus_values(octets) == (raw, 2)
    assert receivers.sbus_width(200) == 1000 and receivers.sbus_width(1800) == 2000


@pytest.mark.parametrize(
    "octets, how, fault",
    [
        (bytes([0x0F] * 24 + [0]), {"parity": 1}, "octet 0 has odd parity"),
        (bytes([0x0F] * 24 + [0]), {"half_bits": 22}, "octet 0 has 11 bits, not 12: 8E2"),
        (bytes([0x0F] * 24 + [0]), {"bit_ns": 8681}, "octet 0 has 115194 baud, not 100000"),
        (bytes([0x0F] * 24 + [0]), {"bit_ns": 10_200}, None),
        (bytes([0x0F] * 23 + [0]), {}, "24 octets, not 25"),
        (bytes([0x0E] * 24 + [0]), {}, "it begins with 0x0e and ends with 0x00"),
        (bytes([0x0F] * 25), {}, "it begins with 0x0f and ends with 0x0f"),
    ],
)
def test_what_an_sbus_servo_drops(octets, how, fault):
    assert receivers.sbus_fault(octets, formats(octets, **how)) == fault


def test_characters_without_parity_are_no_sbus():
    assert receivers.sbus_fault(b"\x0f", [["0111100001", 22, 10_000]]).endswith("not 12: 8E2")


def test_a_pause_of_two_characters_ends_an_sbus_frame():
    line = formats(bytes(4))
    assert receivers.sbus_groups([120_000, 240_000, 600_000, 720_000], line) == [[0, 4]]
    assert receivers.sbus_groups([120_000, 240_000, 600_001, 720_001], line) == [[0, 2], [2, 4]]
    assert receivers.sbus_groups([], []) == []


# ---- DSM ----


def test_dsm_frame_of_others():
    """Seven channels as ArduPilot's tests of its decoder have them, but for the octet of the protocol."""
    theirs = bytes.fromhex("00ab 00ae 08bf 10d0 18e1 20f2 2903 3114")
    ours = receivers.dsm_frames([0xAE, 0xBF, 0xD0, 0xE1, 0xF2, 0x103, 0x114], "dsmx-11ms")
    assert [ours[0][:1], ours[0][2:]] == [theirs[:1], theirs[2:]] and len(ours) == 1


def test_dsm_second_frame():
    """Bit 15 of the first word, no channel in the words that are left."""
    first, second = receivers.dsm_frames(list(range(9)), "dsmx-22ms", fades=3)
    assert first.hex() == "03a2" + "0000" "0801" "1002" "1803" "2004" "2805" "3006"
    assert second.hex() == "03a2" + "b807" "4008" + "ffff" * 5


def test_dsm_of_1024_steps_has_wider_channels():
    frame = receivers.dsm_frames([512, 1023], "dsm2-22ms")[0]
    assert frame.hex() == "0001" + "0200" "07ff" + "ffff" * 5


@pytest.mark.parametrize("protocol, octet", [
    ("dsm2-22ms", 0x01), ("dsm2-11ms", 0x12), ("dsmx-22ms", 0xA2), ("dsmx-11ms", 0xB2)])
def test_dsm_protocols(protocol, octet):
    assert receivers.dsm_frames([0], protocol)[0][1] == octet
    assert receivers.dsm_protocol(f" {protocol.upper()}") == protocol


@pytest.mark.parametrize(
    "width_us, steps, position",
    [(903, 2048, 0), (1102, 2048, 341), (1500, 2048, 1024), (2096, 2048, 2046), (1500, 1024, 512)],
)
def test_dsm_scale(width_us, steps, position):
    assert receivers.dsm_position(width_us, steps) == position


@pytest.mark.parametrize("width_us, steps", [(902, 2048), (2098, 2048), (2097, 1024)])
def test_widths_outside_dsm_are_refused(width_us, steps):
    with pytest.raises(ValueError):
        receivers.dsm_position(width_us, steps)


@pytest.mark.parametrize(
    "positions, protocol, fades",
    [([], "dsmx-11ms", 0), ([0] * 13, "dsmx-11ms", 0), ([1024], "dsm2-22ms", 0),
     ([2048], "dsmx-11ms", 0), ([0], "dsmx-11ms", 256)],
)
def test_what_dsm_cannot_send_is_refused(positions, protocol, fades):
    with pytest.raises(ValueError):
        receivers.dsm_frames(positions, protocol, fades)


def test_unknown_dsm_protocol():
    with pytest.raises(ValueError, match="protocols: dsm2-22ms, "):
        receivers.dsm_protocol("dsm3")


# ---- PPM ----


def test_ppm_distances_are_the_channels():
    assert receivers.ppm_frame([1500, 1000, 2000], 20_000_000, 300_000) == [
        0,
        1_500_000,
        2_500_000,
        4_500_000,
    ]


def test_pulses_of_both_polarities():
    assert receivers.pulses([10, 50], 5, 1) == [[10, 1], [15, 0], [50, 1], [55, 0]]
    assert receivers.pulses([10], 5, 0) == [[10, 0], [15, 1]]


@pytest.mark.parametrize(
    "channels, period_ns",
    [
        ([], 20_000_000),
        ([300], 20_000_000),  # no longer than the pulse
        ([2000] * 9, 20_000_000),  # 18 ms leave 2 ms
    ],
)
def test_what_ppm_cannot_send_is_refused(channels, period_ns):
    with pytest.raises(ValueError):
        receivers.ppm_frame(channels, period_ns, 300_000)


# ---- arguments ----


@pytest.mark.parametrize(
    "text, uv",
    [
        ("1.65 V", 1650000),
        ("1650 mV", 1650000),
        ("3.3", 3300000),
        (0.1, 100000),
        ("5uV", 5),
        ("0", 0),
        ("nothing", -1),
    ],
)
def test_voltages_are_read_exactly(text, uv):
    assert microvolts(text) == uv


@pytest.mark.parametrize("text", ["", "-1 V", "1 A", "0.5 uV", "nan", "a lot"])
def test_what_is_no_voltage_is_refused(text):
    with pytest.raises(ValueError):
        microvolts(text)


def test_numbers_from_a_text():
    assert numbers("1500 0x5dc, 7") == [1500, 1500, 7]
    assert numbers([1, "2"]) == [1, 2]
    with pytest.raises(ValueError):
        numbers("1500 us")
