"""What the receivers of radio controls send: PPM as pulses, S.BUS as frames of octets.

SPDX-License-Identifier: Apache-2.0
"""

PPM_GAP_LEAST_NS = 3 * 10**6  # decoders take 2.5 to 3 ms without a pulse for the end of a frame

SBUS_CHANNELS = 16
SBUS_BITS = 11
SBUS_FIRST, SBUS_LAST = 0x0F, 0x00
SBUS_MIDDLE = 1000  # 1500 us

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
