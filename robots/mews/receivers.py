"""What the receivers of radio controls send: PPM as pulses, S.BUS and DSM as frames.

And what an S.BUS servo makes of frames that it hears.

SPDX-License-Identifier: Apache-2.0
"""

PPM_GAP_LEAST_NS = 3 * 10**6  # decoders take 2.5 to 3 ms without a pulse for the end of a frame

SBUS_CHANNELS = 16
SBUS_BITS = 11
SBUS_FIRST, SBUS_LAST = 0x0F, 0x00
SBUS_MIDDLE = 1000  # 1500 us

SBUS_BIT_NS = 10_000
SBUS_HALF_BITS = 24  # start bit, 8 of data, parity, 2 stop bits
SBUS_PAUSE_NS = 2 * 12 * SBUS_BIT_NS  # more than this within a frame and it is two
BAUD_TOLERANCE = 0.02  # of a receiver that samples the middle of 11 bits

# Octet 1 of a frame of an internal receiver, steps of a position, and the distance of frames
# ("Specification for Spektrum Remote Receiver Interfacing", Rev A, 8.3 and 8.4).
DSM_PROTOCOLS = {
    "dsm2-22ms": (0x01, 1024, 22 * 10**6),
    "dsm2-11ms": (0x12, 2048, 11 * 10**6),
    "dsmx-22ms": (0xA2, 2048, 22 * 10**6),
    "dsmx-11ms": (0xB2, 2048, 11 * 10**6),
}
DSM_WORDS = 7
DSM_CHANNELS = 12
DSM_UNUSED = 0xFFFF
DSM_OFFSET_US = 903
DSM_STEP_US = {1024: 1.166, 2048: 0.583}

US = 1000


def pulses(rises, width_ns, level):
    """Edges [[time_ns, level], ...] of pulses that begin at these times."""
    return [edge for rise in rises for edge in ([rise, level], [rise + width_ns, 1 - level])]


def ppm_frame(channels_us, period_ns, pulse_ns):
    """When the pulses of a frame begin: one ends each channel, and one begins the first.

    Raises ValueError when a channel is no longer than its pulse, or the frame has no gap left.
    """
    if not channels_us:
        raise ValueError("a frame has at least one channel")
    starts = [0]
    for width in channels_us:
        if width * US <= pulse_ns:
            raise ValueError(f"a channel of {width} us is no longer than a pulse")
        starts.append(starts[-1] + width * US)
    if period_ns - starts[-1] < PPM_GAP_LEAST_NS:
        raise ValueError("the channels leave no gap of 3 ms in the frame")
    return starts


def sbus_raw(width_us):
    """1000..2000 us as 200..1800, to the nearest."""
    raw = 200 + round((width_us - 1000) * 8 / 5)
    if not 0 <= raw < 1 << SBUS_BITS:
        raise ValueError(f"{width_us} us is no value of S.BUS (875..2154 us)")
    return raw


def sbus_width(raw):
    """The pulse of a raw value in us: 0.625 us a step, 1000 us at 200."""
    return 875 + raw * 0.625


def sbus_frame(raw, ch17=False, ch18=False, frame_lost=False, failsafe=False):
    """25 octets: 0x0f, channels of 11 bits from the least bit on, flags, 0x00."""
    if len(raw) > SBUS_CHANNELS:
        raise ValueError(f"{len(raw)} channels: a frame has {SBUS_CHANNELS}")
    packed = 0
    for n, value in enumerate([*raw, *[SBUS_MIDDLE] * (SBUS_CHANNELS - len(raw))]):
        if not 0 <= value < 1 << SBUS_BITS:
            raise ValueError(f"{value} is no raw value (0..2047)")
        packed |= value << SBUS_BITS * n
    flags = ch17 | ch18 << 1 | frame_lost << 2 | failsafe << 3
    body = packed.to_bytes(SBUS_CHANNELS * SBUS_BITS // 8, "little")
    return bytes([SBUS_FIRST]) + body + bytes([flags, SBUS_LAST])


def dsm_protocol(value):
    """A protocol's name, checked."""
    name = str(value).strip().lower()
    if name not in DSM_PROTOCOLS:
        raise ValueError(f"no DSM protocol '{value}'; protocols: {', '.join(DSM_PROTOCOLS)}")
    return name


def dsm_position(width_us, steps):
    """The position of a pulse, 0 to 1023 or 2047, to the nearest."""
    position = round((width_us - DSM_OFFSET_US) / DSM_STEP_US[steps])
    if not 0 <= position < steps:
        last = DSM_OFFSET_US + int((steps - 1) * DSM_STEP_US[steps])
        raise ValueError(f"{width_us} us is no position of DSM ({DSM_OFFSET_US}..{last} us)")
    return position


def dsm_frames(positions, protocol, fades=0):
    """The frames, one or two of 16 octets, that have all channels once.

    Fades, protocol, and seven words: channel and position.  What has no channel is 0xffff; with
    2048 steps the first word of a second frame has bit 15.
    """
    system, steps, _ = DSM_PROTOCOLS[protocol]
    if not 1 <= len(positions) <= DSM_CHANNELS:
        raise ValueError(f"{len(positions)} channels: DSM has 1 to {DSM_CHANNELS}")
    if not 0 <= fades <= 0xFF:
        raise ValueError(f"fades={fades} is no octet")
    words = []
    for channel, position in enumerate(positions):
        if not 0 <= position < steps:
            raise ValueError(f"{position} is no position of {protocol} (0..{steps - 1})")
        second = steps == 2048 and channel == DSM_WORDS
        words.append(second << 15 | channel << (steps.bit_length() - 1) | position)
    words += [DSM_UNUSED] * (-len(words) % DSM_WORDS)
    return [
        bytes([fades, system])
        + b"".join(word.to_bytes(2, "big") for word in words[first : first + DSM_WORDS])
        for first in range(0, len(words), DSM_WORDS)
    ]


def sbus_groups(times_ns, formats):
    """Ranges of octets between which the line was idle, by the index of the first and behind the last."""
    groups = []
    for n, (end_ns, (_, half_bits, bit_ns)) in enumerate(zip(times_ns, formats)):
        start_ns = end_ns - half_bits * bit_ns // 2
        if not groups or start_ns - times_ns[n - 1] > SBUS_PAUSE_NS:
            groups.append([n, n])
        groups[-1][1] = n + 1
    return groups


def sbus_fault(octets, formats):
    """Why an S.BUS servo drops this frame, or None."""
    for number, (levels, half_bits, bit_ns) in enumerate(formats):
        if abs(bit_ns - SBUS_BIT_NS) > SBUS_BIT_NS * BAUD_TOLERANCE:
            return f"octet {number} has {10**9 // bit_ns} baud, not 100000"
        if len(levels) != 11 or half_bits != SBUS_HALF_BITS:
            return f"octet {number} has {half_bits / 2:g} bits, not 12: 8E2"
        if levels[1:10].count("1") % 2:
            return f"octet {number} has odd parity"
    if len(octets) != 25:
        return f"{len(octets)} octets, not 25"
    if octets[0] != SBUS_FIRST or octets[-1] != SBUS_LAST:
        return f"it begins with {octets[0]:#04x} and ends with {octets[-1]:#04x}"
    return None


def sbus_values(octets):
    """Raw values of the 16 channels, and the flags, of a whole frame."""
    packed = int.from_bytes(octets[1:23], "little")
    mask = (1 << SBUS_BITS) - 1
    return [packed >> SBUS_BITS * n & mask for n in range(SBUS_CHANNELS)], octets[23]
