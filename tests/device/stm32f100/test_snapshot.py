"""A part whose every device is busy (images/busy.c) is saved at any instant, and goes on
in another process: symbols, edges and what the core says at the end are those of an
undisturbed run, and so is their hash.

Characters follow each other without a pause, pulses and blocks of DMA overlap, so every
instant lies amid all of them; test_*vmstate.py have exact instants of each device.

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import random
import re

import pytest

import qtest
import stm32f100


@pytest.fixture(scope="module")
def busy(build_image):
    return build_image("busy")


@pytest.fixture(scope="module")
def undisturbed(busy, tmp_path_factory):
    """The wire's log of a whole run."""
    return stm32f100.run_image(busy, tmp_path_factory.mktemp("undisturbed"))


def digest(log):
    """Of what has happened until the core has said all; the emulator ends some time after the
    reset that the image asks for."""
    end = log.rindex("symbol usart1")
    return hashlib.sha256(log[:log.index("\n", end)].encode()).hexdigest()


def save_amid(machine, state, rng):
    """Saves after a random time of the host, amid the start-up or later; the log so far."""
    for _ in range(rng.randrange(rng.choice([12, 150]))):
        machine.qmp.command("query-status")
    machine.qmp.command("stop")
    assert machine.qmp.command("query-status")["status"] == "paused"
    machine.qmp.save_state(state)
    return machine.qmp.wire_log()


def go_on(busy, folder, state):
    """The log from there on."""
    with stm32f100.PART.running_machine(busy, folder, "-S", "-incoming",
                                        f"file:{state}") as machine:
        machine.qmp.await_state()
        machine.qmp.command("cont")
        machine.qmp.wait_event("SHUTDOWN")
        return machine.qmp.wire_log()


def test_the_run_is_busy(undisturbed):
    """No instant between the first characters and the last ones is free of any of them."""
    said = qtest.text_of(qtest.parse_symbols(undisturbed, "usart1"))
    assert re.fullmatch(r"sum [0-9a-f]{8}\n", said)
    for uart in ("usart2", "usart3"):
        symbols = qtest.parse_symbols(undisturbed, uart)[1:]
        assert len(symbols) > 900
        gaps = {b.start_ns - a.start_ns - (a.span_half_bits * a.bit_time >> 33)
                for a, b in zip(symbols, symbols[1:])}
        assert gaps <= {0, 1}, uart
    edges = [line.split()[1] for line in undisturbed.splitlines() if line.startswith("edge")]
    assert {pin for pin in edges if edges.count(pin) > 350} >= {"PA6", "PA7", "PB0", "PB1", "PB6"}


@pytest.mark.parametrize("seed", range(6))
def test_saved_anywhere_it_goes_on_the_same(busy, undisturbed, tmp_path, seed):
    state = tmp_path / "state"
    with stm32f100.PART.running_machine(busy, tmp_path) as machine:
        before = save_amid(machine, state, random.Random(seed))
    assert undisturbed.startswith(before) and before != undisturbed
    after = go_on(busy, tmp_path, state)
    assert digest(before + after) == digest(undisturbed)


def test_saved_twice(busy, undisturbed, tmp_path):
    """What has been restored can be saved again, at the same instant and later."""
    rng = random.Random(7)
    first, second = tmp_path / "first", tmp_path / "second"
    with stm32f100.PART.running_machine(busy, tmp_path) as machine:
        before = save_amid(machine, first, rng)
    with stm32f100.PART.running_machine(busy, tmp_path, "-S", "-incoming",
                                        f"file:{first}") as machine:
        machine.qmp.await_state()
        machine.qmp.command("cont")
        between = save_amid(machine, second, rng)
    assert digest(before + between + go_on(busy, tmp_path, second)) == digest(undisturbed)


# ------------------------------------------------------------------ the core's clock (RM0041 6.2)

def high_times(log):
    """How long PA0 was high, each time but the one that it is high in at the end."""
    at = {level: [int(time) for time, now in re.findall(r"^edge PA0 (\d+) (\d)", log, re.M)
                  if now == level] for level in "01"}
    falls = [time for time in at["0"] if time > at["1"][0]]
    return [end - begin for begin, end in zip(at["1"], falls)]


@pytest.mark.parametrize("seed", range(3))
def test_the_core_goes_on_at_its_clock(build_image, tmp_path, seed):
    """images/core-clock.c, again and again: most of the time HCLK is not what it is after reset."""
    image, state, again = build_image("core-clock"), tmp_path / "state", ("-action", "reboot=reset")
    with stm32f100.PART.running_machine(image, tmp_path, *again) as machine:
        machine.qmp.wait_event("RESET")
        before = save_amid(machine, state, random.Random(seed))
    with stm32f100.PART.running_machine(image, tmp_path, "-S", "-incoming", f"file:{state}",
                                        *again) as machine:
        machine.qmp.await_state()
        machine.qmp.command("cont")
        for _ in range(2):
            machine.qmp.wait_event("RESET")
        after = machine.qmp.wire_log()
    times = high_times(before + after)
    once = times[:10]
    assert times == (once * len(times))[:len(times)] and len(times) >= 30
