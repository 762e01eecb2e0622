"""Virtual time as integers of nanoseconds, read and written without rounding.

SPDX-License-Identifier: Apache-2.0
"""

import re
from decimal import Decimal, InvalidOperation

NS_PER = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "second": 10**9,
    "seconds": 10**9,
    "min": 60 * 10**9,
}
_PART = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(ns|us|µs|ms|seconds?|s|min)\b")
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)$")


def parse_ns(value):
    """A duration in nanoseconds from '10 ms', '1 s 500 us', '00:00:01.5' or a number of seconds.

    Raises ValueError for anything else, for negative times and for fractions of a nanosecond.
    """
    if isinstance(value, bool):
        raise ValueError("a truth value is no time")
    text = str(value).strip()
    try:
        return _whole_ns(Decimal(text) * 10**9, text)
    except InvalidOperation:
        pass
    clock = _CLOCK.match(text)
    if clock:
        hours, minutes, seconds = clock.groups()
        total = (int(hours) * 3600 + int(minutes) * 60 + Decimal(seconds)) * 10**9
        return _whole_ns(total, text)
    total, position = Decimal(0), 0
    while position < len(text):
        part = _PART.match(text, position)
        if not part:
            raise ValueError(
                f"'{text}' is no time (write '10 ms', '2.5 us' or a number of seconds)"
            )
        total += Decimal(part.group(1)) * NS_PER[part.group(2)]
        position = part.end()
    if position == 0:
        raise ValueError("an empty text is no time")
    return _whole_ns(total, text)


def _whole_ns(value, text):
    if not value.is_finite() or value < 0:
        raise ValueError(f"'{text}' is no time: it must be finite and not negative")
    if value != int(value):
        raise ValueError(f"'{text}' is no whole number of nanoseconds")
    return int(value)


def format_ns(time_ns):
    """A time for a reader: '502.500 ms', always exact to the nanosecond."""
    sign = "-" if time_ns < 0 else ""
    time_ns = abs(time_ns)
    whole, rest = divmod(time_ns, 10**6)
    digits = f"{rest:06d}"
    digits = digits[:3] if digits.endswith("000") else digits
    return f"{sign}{whole}.{digits} ms"
