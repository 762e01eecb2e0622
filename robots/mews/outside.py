"""Keywords for what lies outside a part: levels driven on its pins, voltages, receivers' signals.

SPDX-License-Identifier: Apache-2.0
"""

import math
import re
from decimal import Decimal, InvalidOperation

from . import receivers
from .arguments import boolean, duration, integer, keyword, text
from .errors import GateFailed, UsageError
from .events import Event, moment
from .pins import level_of
from .times import format_ns

RELEASED = -1
SBUS_BAUD = 100000
SBUS_FORMAT = "8E2"
DSM_BAUD = 115200
DSM_FORMAT = "8N1"

_UNITS_UV = {"V": 10**6, "MV": 10**3, "UV": 1}
_VOLTAGE = re.compile(r"([0-9]*\.?[0-9]+)\s*(V|mV|uV)", re.IGNORECASE)


def microvolts(value):
    """Whole microvolts from '1.65 V', '1650 mV' or a number of volts; -1 from 'nothing'."""
    word = str(value).strip()
    if word.lower() == "nothing":
        return -1
    match = _VOLTAGE.fullmatch(word)
    number, unit = match.groups() if match else (word, "V")
    try:
        result = Decimal(number) * _UNITS_UV[unit.upper()]
    except InvalidOperation:
        raise ValueError(
            f"'{value}' is no voltage (write '1.65 V', '1650 mV', 'nothing')"
        ) from None
    if not result.is_finite() or result < 0 or result != int(result):
        raise ValueError(f"'{value}' is no whole number of microvolts from 0 up")
    return int(result)


def _parts(value):
    """Those of a list or a text with spaces or commas."""
    return value if isinstance(value, (list, tuple)) else re.split(r"[\s,]+", str(value).strip())


def numbers(value):
    """Whole numbers from a list or a text with spaces or commas: '1500 1500, 0x5dc'."""
    return [integer(part) for part in _parts(value) if str(part)]


def real(value):
    """A finite number."""
    try:
        result = float(str(value).strip())
    except ValueError:
        raise ValueError(f"'{value}' is no number") from None
    if not math.isfinite(result):
        raise ValueError(f"'{value}' is no finite number")
    return result


def axes(value):
    """Three numbers from a list or a text with spaces or commas: '0 0 9.80665'."""
    result = [real(part) for part in _parts(value)]
    if len(result) != 3:
        raise ValueError(f"'{value}' is not three numbers")
    return result


class OutsideKeywords:
    """Mixed into the library; uses self.need_rig()."""

    @keyword
    def drive_pin(self, pin: text, level: level_of, at: moment = None):
        """From now on (or from a time that is still to come) the board drives the pin so."""
        if level is None:
            raise UsageError("'Drive Pin' needs a level: high or low")
        return self._drive_level(pin, level, at)

    @keyword
    def release_pin(self, pin: text, at: moment = None):
        """From now on the board does not drive the pin any more."""
        return self._drive_level(pin, RELEASED, at)

    def _drive_level(self, pin, level, at):
        answer = self.need_rig().request("drive", pin=pin, level=level, at_ns=at)
        return Event(pin=pin, level=level, time_ns=answer["end_ns"])

    @keyword
    def drive_pulses(
        self,
        pin: text,
        width: duration,
        period: duration = "20 ms",
        count: integer = 1,
        polarity: level_of = "high",
        at: moment = None,
    ):
        """Queue pulses on a pin, the first one now; returns time_ns and end_ns.  Does not run."""
        if polarity is None or not 0 < width < period or count < 1:
            raise UsageError(
                "'Drive Pulses' needs a polarity, at least one pulse, and a width below the period"
            )
        start = self.need_rig().time_ns if at is None else at
        edges = receivers.pulses([start + n * period for n in range(count)], width, polarity)
        return self._drive(pin, edges, start + count * period)

    def _drive(self, pin, edges, end_ns):
        self.need_rig().request("drive", pin=pin, edges=edges)
        return Event(pin=pin, time_ns=edges[0][0], end_ns=end_ns)

    @keyword
    def send_ppm_frames(
        self,
        pin: text,
        channels: numbers,
        frames: integer = 1,
        period: duration = "20 ms",
        pulse: duration = "300 us",
        polarity: level_of = "high",
        background: boolean = False,
    ):
        """Drive PPM frames of these channels (us) and run until they have gone out."""
        rig = self.need_rig()
        if polarity is None or frames < 1:
            raise UsageError("'Send Ppm Frames' needs a polarity and at least one frame")
        try:
            starts = receivers.ppm_frame(channels, period, pulse)
        except ValueError as error:
            raise UsageError(f"'Send Ppm Frames': {error}") from None
        first = rig.time_ns
        rises = [first + n * period + start for n in range(frames) for start in starts]
        # one more pulse ends the gap of the last frame; what follows keeps a gap from it
        rises.append(first + frames * period)
        edges = receivers.pulses(rises, pulse, polarity)
        sent = self._drive(pin, edges, rises[-1] + receivers.PPM_GAP_LEAST_NS)
        return self._sent(sent, background)

    @keyword
    def send_sbus_frames(
        self,
        uart: text,
        channels: numbers,
        frames: integer = 1,
        period: duration = "14 ms",
        ch17: boolean = False,
        ch18: boolean = False,
        frame_lost: boolean = False,
        failsafe: boolean = False,
        raw: boolean = False,
        background: boolean = False,
    ):
        """Send S.BUS frames of these channels (us, or raw 0..2047) and run until they are out."""
        self.need_rig()
        if frames < 1:
            raise UsageError("'Send Sbus Frames' needs at least one frame")
        try:
            values = channels if raw else [receivers.sbus_raw(width) for width in channels]
            content = receivers.sbus_frame(values, ch17, ch18, frame_lost, failsafe)
        except ValueError as error:
            raise UsageError(f"'Send Sbus Frames': {error}") from None
        sent = [content] * frames
        return self._send_frames(uart, sent, period, SBUS_BAUD, SBUS_FORMAT, background)

    @keyword
    def send_dsm_frames(
        self,
        uart: text,
        channels: numbers,
        protocol: receivers.dsm_protocol = "dsmx-11ms",
        frames: integer = 1,
        fades: integer = 0,
        raw: boolean = False,
        background: boolean = False,
    ):
        """Send DSM frames of these channels (us, or raw positions) and run until they are out."""
        self.need_rig()
        _, steps, period = receivers.DSM_PROTOCOLS[protocol]
        if frames < 1:
            raise UsageError("'Send Dsm Frames' needs at least one frame")
        try:
            values = (
                channels if raw else [receivers.dsm_position(width, steps) for width in channels]
            )
            contents = receivers.dsm_frames(values, protocol, fades)
        except ValueError as error:
            raise UsageError(f"'Send Dsm Frames': {error}") from None
        sent = [contents[n % len(contents)] for n in range(frames)]
        return self._send_frames(uart, sent, period, DSM_BAUD, DSM_FORMAT, background)

    def _send_frames(self, uart, frames, period, baud, form, background):
        rig = self.need_rig()
        first = rig.time_ns
        line = {"uart": uart, "baud": baud, "format": form}
        for n, frame in enumerate(frames):
            answer = rig.request("write", at_ns=first + n * period, hex=frame.hex(), **line)
            if answer["start_ns"] != first + n * period:
                raise UsageError(
                    f"{uart}: a frame takes longer than {format_ns(period)}, "
                    "or what was sent before has not ended"
                )
        end = first + len(frames) * period
        sent = Event(uart=uart, time_ns=first, end_ns=end, frame=frames[-1].hex())
        return self._sent(sent, background)

    @keyword
    def measure_sbus_output(self, uart: text, over: duration = "100 ms"):
        """Run, and return the S.BUS frames that a servo on this UART's line takes.

        Each has time_ns and end_ns, raw (16 channels), us and flags.  What it would drop is red.
        """
        return self._sbus_frames(uart, over)

    def _sbus_frames(self, uart, over):
        rig = self.need_rig()
        earlier = max(0, rig.request("uart", uart=uart)["next"] - 1)
        rig.request("run", for_ns=over)
        come = rig.request("uart", uart=uart, formats=True, **{"from": earlier})
        octets, times, formats = bytes.fromhex(come["hex"]), come["times_ns"], come["formats"]
        frames = []
        # what the octet before belongs to has begun too early to be judged
        for first, behind in receivers.sbus_groups(times, formats)[earlier > 0 :]:
            start = times[first] - formats[first][1] * formats[first][2] // 2
            if rig.time_ns - times[behind - 1] <= receivers.SBUS_PAUSE_NS:
                break  # it may go on
            fault = receivers.sbus_fault(octets[first:behind], formats[first:behind])
            if fault:
                raise GateFailed(f"{uart}: a frame at {format_ns(start)} is no S.BUS: {fault}")
            raw, flags = receivers.sbus_values(octets[first:behind])
            frames.append(
                Event(
                    time_ns=start,
                    end_ns=times[behind - 1],
                    raw=raw,
                    us=[receivers.sbus_width(value) for value in raw],
                    flags=flags,
                )
            )
        return frames

    @keyword
    def sbus_output_should_be(
        self,
        uart: text,
        channels: numbers,
        period: duration = None,
        tolerance: duration = "500 us",
        flags: integer = 0,
        raw: boolean = False,
        over: duration = "100 ms",
    ):
        """Run; every S.BUS frame has these first channels and flags, and they come in this period."""
        try:
            wanted = channels if raw else [receivers.sbus_raw(width) for width in channels]
        except ValueError as error:
            raise UsageError(f"'Sbus Output Should Be': {error}") from None
        frames = self._sbus_frames(uart, over)
        if len(frames) < 2:
            raise GateFailed(f"{uart}: {len(frames)} S.BUS frames in {format_ns(over)}")
        for frame in frames:
            seen = frame.raw[: len(wanted)]
            if seen != wanted:
                raise GateFailed(
                    f"{uart}: the frame at {format_ns(frame.time_ns)} has {seen}, not {wanted}"
                )
            if frame.flags != flags:
                raise GateFailed(f"{uart}: flags are {frame.flags:#04x}, not {flags:#04x}")
        for before, frame in zip(frames, frames[1:]):
            distance = frame.time_ns - before.time_ns
            if period is not None and abs(distance - period) > tolerance:
                raise GateFailed(
                    f"{uart}: S.BUS frames {format_ns(distance)} apart, not {format_ns(period)}"
                )
        return frames

    def _sent(self, sent, background):
        if not background:
            self.need_rig().request("run", until_ns=sent["end_ns"])
        return sent

    @keyword
    def set_analog_input(self, pin: text, voltage: microvolts):
        """From now on the board puts this voltage on an input of the ADC; 'nothing': open."""
        self.need_rig().request("analog", pin=pin, uv=voltage)

    @keyword
    def set_imu(
        self,
        machine: text,
        accel: axes = None,
        gyro: axes = None,
        temperature: real = None,
        at: moment = None,
    ):
        """From now on (or from a time that is still to come) the machine's inertial sensor feels this.

        Acceleration in m/s^2, rotation in rad/s, degrees Celsius; what is not given is as at rest.
        """
        feels = {"accel": accel, "gyro": gyro, "temperature": temperature, "at_ns": at}
        given = {key: value for key, value in feels.items() if value is not None}
        answer = self.need_rig().request("imu", machine=machine, **given)
        return Event(machine=machine, time_ns=answer["start_ns"])
