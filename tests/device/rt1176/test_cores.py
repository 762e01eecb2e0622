"""The two cores: instruction rates, cycle counters, sleep, doorbells, resets and
lockups (IMXRT1170RM, chapters "System Reset Controller", "Messaging Unit";
ARMv7-M ARM B1.5.15, B1.5.18, C1.8).

SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
from collections import defaultdict

import pytest

import qtest
import rt1176

RATES, WFE, RESETS, DOORBELLS, M7_RESET = range(1, 6)
TICKS_PER_US = 24  # of GPT1

# SRSR: causes as each core sees them (chapter SRC)
M7_REQUEST, M4_REQUEST = 1 << 1 | 1 << 27, 1 << 11 | 1 << 17
M7_LOCKUP, M4_LOCKUP = 1 << 2 | 1 << 28, 1 << 12 | 1 << 18
# who does what, the cause, the lowest bit of its mask in SRMR
REQUESTS = [
    ("M7_DOES=REQUEST_RESET", M7_REQUEST, 12),
    ("M4_DOES=REQUEST_RESET", M4_REQUEST, 10),
]
LOCKUPS = [
    ("M7_DOES=LOCK_UP", M7_LOCKUP, 8),
    ("M4_DOES=LOCK_UP", M4_LOCKUP, 6),
]


def values(log):
    """Lines "name VALUE" of the console: for each name its values, one after the other."""
    said = defaultdict(list)
    for line in re.findall(r"^.+ [0-9a-f]{8}$", qtest.text_of(qtest.parse_symbols(log, "lpuart1")),
                           re.MULTILINE):
        name, _, value = line.rpartition(" ")
        said[name].append(int(value, 16))
    return said


@pytest.fixture
def run_case(build_image, run_image):
    def run(case, *options, machine=None, **arguments):
        return values(run_image(build_image("cores", f"-DCASE={case}", *options),
                                machine=machine, **arguments))

    return run


def test_each_core_has_its_own_rate(run_case):
    """996 and 400 million instructions a second, while both are busy."""
    said = run_case(RATES)
    assert abs(said["m7 ticks"][0] - 1_000_000 * 24 / 996) < 2
    assert abs(said["m4 ticks"][0] - 200_000 * 24 / 400) < 2


def test_cycle_counters_count_the_core_s_clocks(run_case):
    """DWT_CYCCNT; one instruction is one clock.  A few belong to reading it."""
    said = run_case(RATES)
    assert 0 <= said["m7 clocks"][0] - 1_000_000 < 10
    assert 0 <= said["m4 clocks"][0] - 200_000 < 10


def test_the_m7_s_cycle_counter_is_locked(run_case):
    """DWT_LAR: nothing can be written before it holds the key."""
    assert run_case(RATES)["locked"] == [0]


def test_wfe_sleeps(run_case):
    """B1.5.18: until an event: exception entry and return of SysTick, twice a tick at most.  The
    M7's SEV is no event of the M4."""
    said = run_case(WFE)
    assert said["m4 ticks"][0] == 10
    assert 10 <= said["m4 woken"][0] <= 24
    assert 10 <= said["m7 woken"][0] <= 24


@pytest.mark.parametrize("slice_ns", [None, 100, 5000, 10000])
def test_a_doorbell_is_heard_within_a_slice(run_case, slice_ns):
    """By the M4 at once, by the M7 within a slice; never before it has rung."""
    said = run_case(DOORBELLS, machine=f"mimxrt1176,slice-ns={slice_ns}" if slice_ns else None)
    limit = (slice_ns or 1000) * TICKS_PER_US // 1000 + 4
    assert 0 <= said["there from"][0] <= said["there to"][0] <= 3
    assert 0 <= said["back from"][0] <= said["back to"][0] <= limit
    assert said["back to"][0] > limit // 3  # and slices are as long as they say


@pytest.mark.parametrize("slice_ns", [0, 10001, 1_000_000])
def test_slices_that_are_too_long_are_refused(slice_ns):
    code, said = rt1176.try_image(None, machine=f"mimxrt1176,slice-ns={slice_ns}")
    assert code == 1
    assert f"slice-ns: {slice_ns} is not within 1 to 10000 ns" in said


def test_slices_of_the_command_line_are_checked_too():
    code, said = rt1176.try_image(None, "-icount", "rate=1,slice=10001,sleep=off")
    assert code == 1
    assert "slices of 10001 ns are longer than 10000 ns" in said


@pytest.mark.parametrize("does, cause, mask", REQUESTS)
def test_request_resets_the_part(run_case, does, cause, mask):
    said = run_case(RESETS, f"-D{does}", f"-DMASK={~(3 << mask) & 0x3fffff:#x}", resets=2)
    assert said["cause"][:2] == [0x00010001, cause]


@pytest.mark.parametrize("does, cause, mask", REQUESTS[1:])
def test_masked_request_does_nothing(run_case, does, cause, mask):
    said = run_case(RESETS, f"-D{does}", f"-DMASK={3 << mask:#x}")
    assert said["not reset, cause"] == [0]
    assert said["start"] == [1]


@pytest.mark.parametrize("does, cause, mask", LOCKUPS)
def test_lockup_resets_the_part_if_it_may(run_case, does, cause, mask):
    """As the part: SRMR is 0 after reset, which is "reset system"."""
    said = run_case(RESETS, f"-D{does}", f"-DMASK={~(3 << mask) & 0x3fffff:#x}", resets=2,
                    machine="mimxrt1176,lockup=reset")
    assert said["cause"][:2] == [0x00010001, cause]


@pytest.mark.parametrize("does, cause, mask", LOCKUPS[1:])
def test_masked_lockup_leaves_the_core_locked_up(run_case, does, cause, mask):
    """Until it is reset; the other core goes on."""
    said = run_case(RESETS, f"-D{does}", f"-DMASK={3 << mask:#x}",
                    machine="mimxrt1176,lockup=reset")
    assert said["not reset, cause"] == [0]
    assert said["start"] == [1]
    assert said["m4 goes on"] == [0]
    assert said["m4 after its reset"] == [1]


@pytest.mark.parametrize("does, core", [("M7_DOES", "CPU 0 (cortex-m7-arm-cpu)"),
                                        ("M4_DOES", "CPU 1 (cortex-m4-arm-cpu)")])
def test_lockup_stops_the_machine_and_names_the_core(build_image, does, core):
    elf = build_image("cores", f"-DCASE={RESETS}", f"-D{does}=LOCK_UP", "-DMASK=0")
    done = subprocess.run(
        [qtest.QEMU, "-M", "mimxrt1176", "-display", "none", "-monitor", "none", "-serial", "none",
         "-icount", rt1176.PART.icount, "-action", "panic=exit-failure", "-kernel", elf],
        capture_output=True, text=True, timeout=qtest.LIMIT_S, check=False)
    assert done.returncode != 0
    assert f"{core} locked up: a fault in a HardFault or NMI handler; PC 0x3000" in done.stderr


def test_reset_of_the_m7_alone(run_case):
    """CTRL_M7CORE: the core with its NVIC and SysTick; the M4 goes on, no cause is set."""
    said = run_case(M7_RESET)
    assert said["start"] == [1, 2]
    assert said["cause"] == [0x00010001, 0x00010001]
    assert said["systick"][0] != 0x1234
    assert said["m4 goes on"] == [1]
    assert said["stat"] == [8]  # STAT_M7CORE, RST_BY_SW
