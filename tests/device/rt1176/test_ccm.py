"""CCM: the sources of every clock root, what its status registers tell, locks, and that a
block behind a closed LPCG cannot be reached (IMXRT1170RM, chapter "Clock Controller Module":
tables of clock roots and LPCGs, register descriptions).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176

CCM = 0x40cc0000
ANADIG = 0x40c84000
MUX_SHIFT, OFF = 8, 1 << 24
CHANGING, SLICE_BUSY = 1 << 31, 1 << 28
STATUS0, AUTHEN = 0x20, 0x30
PLL2_ON = 1 << 23 | 1 << 13 | 1 << 3
LPUART6, GPIO1, GPIO9, GPIO13 = 0x40090000, 0x4012c000, 0x40c64000, 0x40ca0000


def root(n):
    return CCM + 0x80 * n


def oscpll(n):
    return CCM + 0x5000 + 0x20 * n


def lpcg(n):
    return CCM + 0x6000 + 0x20 * n


def period(machine, clock):
    return machine.qmp.command("qom-get", path=f"/machine/{clock}", property="qtest-clock-period")


# ------------------------------------------------------------------ clock roots

# Everything runs, and nothing but a PLL and its half as fast as anything else.
HZ = {
    "48m": 48_000_000, "24m": 24_000_000, "400m": 400_000_000, "16m": 16_000_000,
    "arm": 996_000_000, "1": 1_000_000_000, "1/2": 500_000_000, "1/5": 200_000_000,
    "2": 528_000_000, "2.0": 528_000_000 * 18 // 27, "2.1": 528_000_000 * 18 // 16,
    "2.2": 528_000_000 * 18 // 24, "2.3": 528_000_000 * 18 // 32,
    "3": 480_000_000, "3/2": 240_000_000, "3.0": 480_000_000 * 18 // 13,
    "3.1": 480_000_000 * 18 // 17, "3.2": 480_000_000 * 18 // 33, "3.3": 480_000_000 * 18 // 12,
    "audio": 24_000_000 * 41, "video": 24_000_000 * 31,
}
FIRST = "24m 24m 400m 16m"
MAIN, LPSR, CORE_LPSR = "3/2 1/5 2 2.3", "3.3 3 2.3 1/5", "3.3 3 2 1/5"
GPT, GPT_AV, ENET = "3/2 1/5 3.2 3.3", "3/2 1/5 audio video", "1/2 audio 1/5 2.1"
SAI, AUDIO_LPSR = "audio 3.2 1/5 2.3", "3.3 3 audio 1/5"
# What MUX = 4 to 7 takes, by the numbers of the roots.
SOURCES = {
    (0,): "arm 1 3 video", (1, 3): CORE_LPSR, (2,): "3 1/5 2 2.3", (4,): "1/5 2 2.1 3.0",
    (5, 9, 10, 12, 13, 22, 23, *range(25, 35), *range(37, 41), 49, 50): MAIN,
    (6,): "3/2 1/5 2.1 2", (7,): "3.3 3 2.0 1/5", (8,): "2 3/2 1/5 2.0", (11,): "3 1/5 audio 2.3",
    (14, 17, 18, 19): GPT, (15, 16): GPT_AV, (20, 21): "3.0 2 2.2 3", (24, 35, 36, 41, 42): LPSR,
    (43, 44, 45, 46): "3.2 1/5 2 2.3", (47, 48): "3.3 3 3.2 1/5", tuple(range(51, 58)): ENET,
    (58, 59): "2.2 2.0 1/5 arm", (60, 61): "1/5 3/2 audio 2.3", (62, 67): AUDIO_LPSR,
    (63,): "audio 3 3.2 2.3", (64, 65, 66): SAI, (68,): "2 2.1 3 video",
    (69, 70): "2 2.2 3.0 video", (71, 72): "2 2.0 3.0 video", (73, 74, 75): "2.2 3 2.0 video",
    (76,): "2.2 3 3.1 video", (77,): "2.2 2 3.1 1/5", (78,): "2.3 48m 3.1 audio",
}


def everything_on(machine):
    ai_on = 1 << 14 | 1 << 15 | 1 << 22  # POWER_UP, ENABLE, PLL_REG_EN
    for port, divider in ((0x850, 0), (0x880, 41), (0x8b0, 31)):
        machine.write(ANADIG + port + 0x10, ai_on | divider)
        machine.write(ANADIG + port, 0x100)
    for register, value in (
            (0x200, 1 << 13 | 1 << 14 | 166), (0x210, 1 << 21 | 1 << 13 | 1 << 4 | 1 << 3),
            (0x240, 1 << 23 | 1 << 13 | 1 << 3), (0x2c0, 1 << 13 | 1 << 25 | 1 << 26),
            (0x300, 1 << 13), (0x350, 1 << 13),
            (0x230, 12 << 24 | 33 << 16 | 17 << 8 | 13), (0x220, 0x1e),
            (0x270, 32 << 24 | 24 << 16 | 16 << 8 | 27), (0x250, 0x1e)):
        machine.write(ANADIG + register, value)
    machine.step(500_000)


def test_sources_of_every_clock_root(machine):
    everything_on(machine)
    assert sorted(n for roots in SOURCES for n in roots) == list(range(79))
    wrong = []
    for roots, last in SOURCES.items():
        for mux, name in enumerate(f"{FIRST} {last}".split()):
            for n in roots:
                machine.write(root(n), mux << MUX_SHIFT)
                if period(machine, f"ccm/root{n}") != qtest.clock_period(HZ[name]):
                    wrong.append((n, mux, name))
    assert not wrong


def test_status_of_a_root_follows_its_clock(machine):
    """STATUS0: the old setting, CHANGING and SLICE_BUSY until the slower clock has run for 3 cycles."""
    machine.write(root(30), 239)  # 24 MHz / 240: 10 us a cycle
    machine.step(30_001)
    assert machine.read(root(30) + STATUS0) == 239
    machine.write(root(30), 3 << MUX_SHIFT | 15)
    assert machine.read(root(30)) == 3 << MUX_SHIFT | 15
    assert machine.read(root(30) + STATUS0) == 239 | CHANGING | SLICE_BUSY
    machine.step(29_990)
    assert machine.read(root(30) + STATUS0) == 239 | CHANGING | SLICE_BUSY
    machine.step(20)
    assert machine.read(root(30) + STATUS0) == 3 << MUX_SHIFT | 15


def test_a_setting_that_is_there_is_no_change(machine):
    machine.write(root(30), 0)
    assert machine.read(root(30) + STATUS0) == 0


@pytest.mark.parametrize("n, running", [(0, True), (2, True), (3, True), (5, True), (7, False),
                                        (9, False), (13, False), (22, False), (26, False)])
def test_status_of_a_clock_source(machine, n, running):
    """OSCPLLn_STATUS0: ON, STATUS_EARLY, STATUS_LATE"""
    assert machine.read(oscpll(n) + 0x10) & 0x31 == (0x31 if running else 1)
    machine.write(oscpll(n), 0)
    assert not machine.read(oscpll(n) + 0x10) & 1


def test_status_of_a_pll_comes_with_its_clock(machine):
    machine.write(ANADIG + 0x240, PLL2_ON)
    assert not machine.read(oscpll(9) + 0x10) & 0x30
    machine.step(500_000)
    assert machine.read(oscpll(9) + 0x10) & 0x30 == 0x30


def test_a_source_is_in_use_while_a_root_takes_it(machine):
    """OSCPLLn_STATUS0: IN_USE; after reset all roots take OSC_RC_48M_DIV2."""
    in_use = 1 << 28
    assert machine.read(oscpll(2) + 0x10) & in_use
    assert not machine.read(oscpll(3) + 0x10) & in_use
    machine.write(root(30), 2 << MUX_SHIFT)
    assert machine.read(oscpll(3) + 0x10) & in_use
    machine.write(root(30), 2 << MUX_SHIFT | OFF)
    assert not machine.read(oscpll(3) + 0x10) & in_use


# ------------------------------------------------------------------ locks

AUTHENS = [root(30) + AUTHEN, CCM + 0x4030, CCM + 0x4810, CCM + 0x4c30, oscpll(3) + 0x1c, lpcg(91) + 0x1c]
LOCKS = [(1 << 4, 0x3), (1 << 12, 0xf00), (1 << 20, 0x10000)]  # lock bit, what it locks


@pytest.mark.parametrize("lock, field", LOCKS)
@pytest.mark.parametrize("authen", AUTHENS)
def test_locks_of_authen(machine, authen, lock, field):
    """LOCK_TZ, LOCK_LIST, LOCK_MODE: until the next reset."""
    everything = 0x10f03
    machine.write(authen, everything)
    assert machine.read(authen) == everything
    machine.write(authen, everything | lock)
    machine.write(authen, 0)
    assert machine.read(authen) == field | lock
    machine.qmp.command("system_reset")
    machine.step(1)
    machine.write(authen, everything)
    assert machine.read(authen) == everything


@pytest.mark.parametrize("authen", AUTHENS[:4])
def test_locks_hold_against_set_clear_and_toggle(machine, authen):
    machine.write(authen + 4, 1 << 12 | 0x500)
    for alias, value in ((4, 0xf00), (8, 0xf00), (12, 0xf00), (8, 1 << 12), (12, 1 << 12)):
        machine.write(authen + alias, value)
        assert machine.read(authen) == 1 << 12 | 0x500


@pytest.mark.parametrize("address, value, logged", [
    (root(30), 0x010007ff, False), (root(30), 0x800, True), (root(30) + 4, 1 << 25, True),
    (root(30) + AUTHEN, 0x00131f13, False), (root(30) + AUTHEN, 4, True), (lpcg(91), 1, False),
    (lpcg(91), 3, True), (lpcg(91) + 4, 0x77770007, False), (lpcg(91) + 4, 8, True),
    (CCM + 0x4800, 0xffffffff, False), (ANADIG + 0x240, PLL2_ON, False),
    (ANADIG + 0x240, PLL2_ON | 1 << 29, True), (ANADIG + 0x20, 0x40000014, False)])
def test_reserved_bits_are_logged(tmp_path, address, value, logged):
    """A bit that is not there, or a status bit that is not set: never what was read."""
    log = tmp_path / "log"
    with rt1176.qtest_machine(tmp_path, "-d", "guest_errors", "-D", str(log)) as machine:
        machine.write(address, value)
        machine.quit()
    assert ("reserved" in log.read_text()) == logged


# ------------------------------------------------------------------ gates

@pytest.mark.parametrize("port", [GPIO1, GPIO9, GPIO13])
def test_one_gate_for_all_gpio_ports(machine, port):
    """LPCG51: GPIO1 to GPIO13."""
    machine.write(port + 4, 0x55)  # GDIR
    machine.write(lpcg(51), 0)
    assert machine.read(port + 4) == 0
    machine.write(port + 4, 0xaa)
    machine.write(lpcg(51), 1)
    assert machine.read(port + 4) == 0x55


def test_a_reset_opens_the_gates(machine):
    machine.write(lpcg(91), 0)
    assert machine.read(LPUART6 + 0x10) == 0
    machine.qmp.command("system_reset")
    machine.step(1)
    assert machine.read(LPUART6 + 0x10) == 0x0f000004  # BAUD


def test_vmstate(tmp_path):
    """A closed gate, a lock, a root that changes."""
    def prepare(machine):
        machine.write(lpcg(91), 0)
        machine.write(root(30) + AUTHEN, 1 << 12 | 0x500)
        machine.write(root(29), 239)
        machine.step(10_000)

    def go_on(machine):
        machine.write(root(30) + AUTHEN, 0)
        seen = [machine.read(a) for a in (LPUART6 + 0x10, root(30) + AUTHEN, root(29) + STATUS0)]
        machine.step(20_010)
        machine.write(lpcg(91), 1)
        return seen + [machine.read(root(29) + STATUS0), machine.read(LPUART6 + 0x10)]

    assert rt1176.PART.round_trip(tmp_path, prepare, go_on) == [
        0, 0x1500, CHANGING | SLICE_BUSY, 239, 0x0f000004]


def test_an_access_behind_a_closed_gate_is_a_bus_fault(build_image, run_image):
    """A read and a write, each with its BFAR; with the gate open again nothing has changed."""
    log = run_image(build_image("faults", "-DGATED"))
    assert qtest.text_of(qtest.parse_symbols(log, "lpuart1")) == (
        "fault 4009000c\nfault 40090010\nbaud 0f000004\nfaults 00000002\n")
