"""Keywords for pins: levels, edges and pulse widths, as a logic analyser sees them.

SPDX-License-Identifier: Apache-2.0
"""

from .arguments import duration, durations, integer, keyword, listing, text
from .errors import GateFailed, UsageError
from .events import Event, moment, since_or_now
from .times import format_ns

# Half a tick of a 1 us servo timer: one tick off is red.
HALF_TICK = "500 ns"

_LEVELS = {"1": 1, "high": 1, "rising": 1, "true": 1, "0": 0, "low": 0, "falling": 0, "false": 0}


def level_of(value):
    """1 or 0 from high, low, rising, falling, 1, 0; None from any."""
    word = str(value).strip().lower()
    if word in ("any", "none"):
        return None
    if word not in _LEVELS:
        raise ValueError(f"'{value}' is no level (high, low, rising, falling, any)")
    return _LEVELS[word]


def cycles_of(edges):
    """Whole PWM cycles (start, high time, period) of [[time_ns, level], ...]."""
    cycles, rise, fall = [], None, None
    for time_ns, level in edges:
        if level and rise is not None and fall is not None:
            cycles.append((rise, fall - rise, time_ns - rise))
        if level:
            rise, fall = time_ns, None
        else:
            fall = time_ns
    return cycles


class PinKeywords:
    """Mixed into the library; uses self.need_rig() and self.measured()."""

    @keyword
    def pin_should_be(self, pin: text, level: level_of):
        """The pin has this level now."""
        if level is None:
            raise UsageError("'Pin Should Be' needs a level: high or low")
        seen = self.need_rig().request("pin", pin=pin)["level"]
        if seen != level:
            raise GateFailed(
                f"{pin} is {'high' if seen else 'low'}, not {'high' if level else 'low'}"
            )

    @keyword
    def wait_for_edge(
        self,
        pin: text,
        level: level_of = "any",
        timeout: duration = "1 s",
        since: moment = None,
    ):
        """Run until the pin changes (to this level); returns time_ns and level."""
        found = self._edge(pin, level, timeout, since)
        if found is None:
            raise GateFailed(f"{pin}: no {_edge_name(level)} within {format_ns(timeout)}")
        return found

    @keyword
    def should_not_be_edge(
        self,
        pin: text,
        level: level_of = "any",
        timeout: duration = "1 s",
        since: moment = None,
    ):
        """Run for the whole time-out; such an edge is a failure."""
        found = self._edge(pin, level, timeout, since)
        if found is not None:
            raise GateFailed(
                f"{pin}: {_edge_name(found['level'])} at {format_ns(found['time_ns'])}, "
                "none was to come"
            )

    def _edge(self, pin, level, timeout, since):
        gate = {"kind": "edge", "pin": pin, "from_ns": since_or_now(since, self.need_rig())}
        if level is not None:
            gate["level"] = level
        answer = self.need_rig().request("run", for_ns=timeout, gates=[gate], mode="any")
        match = answer["matches"][0]
        return Event(match, pin=pin) if match else None

    @keyword
    def wait_for_pwm(
        self,
        pin: text,
        high: duration,
        tolerance: duration = HALF_TICK,
        period: duration = None,
        timeout: duration = "1 s",
        since: moment = None,
    ):
        """Run until a whole cycle with this high time; its time_ns is its rising edge."""
        return self._all_pwm([pin], [high], tolerance, period, timeout, since)[0]

    @keyword
    def wait_for_all_pwm(
        self,
        pins: listing,
        highs: durations,
        tolerance: duration = HALF_TICK,
        period: duration = None,
        timeout: duration = "1 s",
        since: moment = None,
    ):
        """Run until every pin has shown its high time; returns the first such cycle of each."""
        return self._all_pwm(pins, highs, tolerance, period, timeout, since)

    def _all_pwm(self, pins, highs, tolerance, period, timeout, since):
        highs = _one_for_each(pins, highs)
        start = since_or_now(since, self.need_rig())
        gates = [_pwm_gate(pin, high, tolerance, period, start) for pin, high in zip(pins, highs)]
        answer = self.need_rig().request("run", for_ns=timeout, gates=gates, mode="all")
        missing = [number for number, match in enumerate(answer["matches"]) if not match]
        if missing:
            raise GateFailed(
                "; ".join(self._no_pwm(pins[n], highs[n], tolerance, timeout) for n in missing)
            )
        return [_cycle(pin, match) for pin, match in zip(pins, answer["matches"])]

    def _no_pwm(self, pin, high, tolerance, timeout):
        last = self.need_rig().request("pin", pin=pin)["pwm"]
        seen = f"the last is {_microseconds(last['high_ns'])}" if last else "there is no pulse"
        return (
            f"{pin}: no pulse of {_microseconds(high)} within {_microseconds(tolerance)} "
            f"came in {format_ns(timeout)}, {seen}"
        )

    @keyword
    def pwm_should_stay(
        self,
        pins: listing,
        highs: durations,
        duration: duration = "1 s",
        tolerance: duration = HALF_TICK,
        period: duration = None,
        since: moment = None,
    ):
        """Run for the time; every whole cycle of a pin must have its high time.  0: no pulse."""
        highs = _one_for_each(pins, highs)
        start = since_or_now(since, self.need_rig())
        self.need_rig().request("run", for_ns=duration)
        for pin, high in zip(pins, highs):
            self._judge_steady(pin, high, tolerance, period, start)

    def _judge_steady(self, pin, high, tolerance, period, start):
        answer = self.need_rig().request("edges", pin=pin, from_ns=start)
        if high == 0:
            if answer["edges"] or answer["level"]:
                raise GateFailed(
                    f"{pin} is not off: level {answer['level']}, {len(answer['edges'])} edges"
                )
            return
        cycles = cycles_of(answer["edges"])
        if not cycles:
            raise GateFailed(f"{pin}: no whole PWM cycle since {format_ns(start)}")
        for at, high_ns, period_ns in cycles:
            if abs(high_ns - high) > tolerance:
                raise GateFailed(
                    f"{pin} moved: a pulse of {_microseconds(high_ns)} at {format_ns(at)}, "
                    f"not {_microseconds(high)}"
                )
            if period is not None and abs(period_ns - period) > tolerance:
                raise GateFailed(
                    f"{pin}: a period of {_microseconds(period_ns)} at {format_ns(at)}"
                )

    @keyword
    def measure_servo_pulses(self, pins: listing, over: duration = "100 ms", since: moment = None):
        """Run; what a servo tester shows of each pin: count, high and period, least and most."""
        return self._servo_meters(pins, over, since)

    def _servo_meters(self, pins, over, since):
        start = since_or_now(since, self.need_rig())
        self.need_rig().request("run", for_ns=over)
        return [self._servo_meter(pin, start) for pin in pins]

    def _servo_meter(self, pin, start):
        answer = self.need_rig().request("edges", pin=pin, from_ns=start)
        cycles = cycles_of(answer["edges"])
        highs, periods = [high for _, high, _ in cycles], [period for _, _, period in cycles]
        return Event(
            pin=pin,
            time_ns=self.need_rig().time_ns,
            count=len(cycles),
            high_ns=highs[-1] if highs else None,
            shortest_ns=min(highs, default=None),
            longest_ns=max(highs, default=None),
            shortest_period_ns=min(periods, default=None),
            longest_period_ns=max(periods, default=None),
        )

    @keyword
    def servo_pulses_should_be(
        self,
        pins: listing,
        highs: durations,
        rate: integer = None,
        over: duration = "100 ms",
        tolerance: duration = HALF_TICK,
        since: moment = None,
    ):
        """Run; every pulse of every pin has its width, and they come at the rate (Hz).  0: none."""
        highs = _one_for_each(pins, highs)
        meters = self._servo_meters(pins, over, since)
        period = None if rate is None else 10**9 / rate
        wrong = [
            words
            for meter, high in zip(meters, highs)
            for words in _servo_faults(meter, high, period, tolerance)
        ]
        if wrong:
            raise GateFailed("; ".join(wrong))
        return meters

    @keyword
    def measure_pwm(self, pin: text):
        """High time and period of the last whole cycle."""
        last = self.need_rig().request("pin", pin=pin)["pwm"]
        if not last:
            raise GateFailed(f"{pin}: there has been no whole PWM cycle")
        return Event(last, pin=pin, time_ns=self.need_rig().time_ns)

    @keyword
    def get_edges(self, pin: text, since: moment = None, until: moment = None):
        """All edges of a pin as [time_ns, level], of the past."""
        answer = self.need_rig().request("edges", pin=pin, from_ns=since, until_ns=until)
        return answer["edges"]


def _servo_faults(meter, high, period, tolerance):
    """What is wrong with what a servo tester shows, in words."""
    if high == 0:
        return [f"{meter.pin}: {meter.count} pulses, none were to come"] if meter.count else []
    if not meter.count:
        return [f"{meter.pin}: no pulse, not {_microseconds(high)}"]
    faults = []
    if meter.shortest_ns < high - tolerance or meter.longest_ns > high + tolerance:
        shown = {meter.shortest_ns, meter.longest_ns}
        words = " to ".join(_microseconds(width) for width in sorted(shown))
        faults.append(f"{meter.pin}: pulses of {words}, not {_microseconds(high)}")
    if period is not None and (
        meter.shortest_period_ns < period - tolerance
        or meter.longest_period_ns > period + tolerance
    ):
        faults.append(
            f"{meter.pin}: periods of {_microseconds(meter.shortest_period_ns)} to "
            f"{_microseconds(meter.longest_period_ns)}, not {_microseconds(period)}"
        )
    return faults


def _one_for_each(pins, highs):
    if len(highs) == 1:
        return highs * len(pins)
    if len(highs) != len(pins):
        raise UsageError(f"{len(pins)} pins and {len(highs)} high times")
    return highs


def _pwm_gate(pin, high, tolerance, period, start):
    gate = {
        "kind": "pwm",
        "pin": pin,
        "from_ns": start,
        "high_ns_min": max(0, high - tolerance),
        "high_ns_max": high + tolerance,
    }
    if period is not None:
        gate["period_ns_min"] = period - tolerance
        gate["period_ns_max"] = period + tolerance
    return gate


def _cycle(pin, match):
    start = match["time_ns"] - match["period_ns"]
    return Event(
        pin=pin,
        time_ns=start,
        start_ns=start,
        end_ns=match["time_ns"],
        high_ns=match["high_ns"],
        period_ns=match["period_ns"],
    )


def _edge_name(level):
    return {None: "edge", 0: "falling edge", 1: "rising edge"}[level]


def _microseconds(time_ns):
    return f"{time_ns / 1000:.3f} us"
