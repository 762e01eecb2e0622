"""How keywords get their arguments: named as declared, converted, or refused.

Robot Framework passes `name=value` as a positional text when a keyword has no
argument of that name, so a misspelt `tiemout=1 s` would be taken for something
else without a word.  Keywords declared here accept every name and refuse the
unknown ones, with the list of the known ones.  Names are compared without
regard to case, because suites in the field write testerId and testerid.

SPDX-License-Identifier: Apache-2.0
"""

import functools
import inspect
import re
import string

from robot.api import SkipExecution
from robot.api.deco import keyword as robot_keyword
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from .errors import CouldNotRun, GateFailed, UsageError
from .times import parse_ns

COULD_NOT_RUN_TAG = "could-not-run"


# ---- converters: each takes what Robot passes and raises ValueError ----


def text(value):
    """Text, as it is."""
    return str(value)


def anything(value):
    """Whatever the suite passes: an event, a list, a text."""
    return value


def duration(value):
    """Virtual nanoseconds from '10 ms' or a number of seconds."""
    return parse_ns(value)


def integer(value):
    """A whole number: 12, 0x0c, 0b1100."""
    if isinstance(value, bool):
        raise ValueError("a truth value is no number")
    if isinstance(value, int):
        return value
    try:
        return int(str(value).strip(), 0)
    except ValueError:
        raise ValueError(f"'{value}' is no whole number") from None


def boolean(value):
    """True or False; yes, no, on, off, 1, 0 as Robot has them."""
    if isinstance(value, (bool, int)):
        return bool(value)
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0", "none", ""):
        return False
    raise ValueError(f"'{value}' is neither true nor false")


def octets(value):
    """Bytes from hex digits ('aa 55', '0xaa55') or a bytes object."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    digits = re.sub(r"\s|0x|,|_", "", str(value))
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(f"'{value}' is no even number of hex digits") from None


def listing(value):
    """A list, or a text with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, (list, tuple)):
        return list(value)
    return [value]


def durations(value):
    """A list of times."""
    return [parse_ns(part) for part in listing(value)]


# ---- the decorator ----


def title(function):
    """`wait_for_line_on_uart` -> 'Wait For Line On Uart'."""
    return string.capwords(function.__name__.replace("_", " "))


def keyword(function):
    """Make a method a Robot keyword; its annotations are converters.

    One that takes *arguments takes them as they are, names and all; one that
    takes **values has named arguments of its own and looks at the rest itself.
    """
    return _expose(function, title(function), checked=not _kinds(function) & _VARIADIC)


_VARIADIC = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def _kinds(function):
    return {parameter.kind for parameter in inspect.signature(function).parameters.values()}


def sentence(name):
    """Make a method a Robot keyword with embedded arguments; no named ones."""

    def decorate(function):
        return _expose(function, name, checked=False)

    return decorate


def _expose(function, name, checked):
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(self, *positional, **named):
        try:
            if checked:
                named = _known(signature, name, named)
            bound = signature.bind(self, *positional, **named)
            bound.apply_defaults()
            _convert(signature, name, bound)
            return function(*bound.args, **bound.kwargs)
        except GateFailed as failure:
            self.last_gate_failure = failure
            raise
        except CouldNotRun as reason:
            raise skip(reason) from reason

    del wrapper.__wrapped__
    wrapper.__annotations__ = {}
    wrapper.__signature__ = _signature_for_robot(signature, checked)
    return robot_keyword(name=name)(wrapper)


def skip(reason):
    """The exception that makes Robot report `reason` as COULD-NOT-RUN."""
    try:
        BuiltIn().set_tags(COULD_NOT_RUN_TAG)
    except RobotNotRunningError:
        pass
    return SkipExecution(f"COULD-NOT-RUN: {reason}")


def _signature_for_robot(signature, checked):
    """Without annotations (the converters are ours) and open for any name."""
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    if checked:
        parameters.append(inspect.Parameter("unknown", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def argument_names(signature):
    """Names a suite may use, in order."""
    return [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.name != "self" and parameter.kind is not inspect.Parameter.VAR_POSITIONAL
    ]


def _known(signature, keyword_name, named):
    names = argument_names(signature)
    by_lower_case = {name.lower(): name for name in names}
    result = {}
    for given, value in named.items():
        name = by_lower_case.get(given.lower())
        if name is None:
            raise UsageError(
                f"unknown argument '{given}' of '{keyword_name}': it takes "
                f"{', '.join(names) or 'no arguments'} (a text with an equals sign is written \\=)"
            )
        if name in result:
            raise UsageError(f"argument '{name}' of '{keyword_name}' is given twice")
        result[name] = value
    return result


def _convert(signature, keyword_name, bound):
    for name, value in bound.arguments.items():
        parameter = signature.parameters[name]
        convert = parameter.annotation
        if convert is inspect.Parameter.empty or name == "self":
            continue
        if parameter.kind in _VARIADIC:
            continue
        if parameter.default is None and (value is None or value == "None"):
            bound.arguments[name] = None
            continue
        try:
            bound.arguments[name] = convert(value)
        except ValueError as error:
            raise UsageError(f"argument '{name}' of '{keyword_name}': {error}") from None
