"""PIT (IMXRT1170RM, chapter "Periodic Interrupt Timer").  Its triggers of DMA are in
test_edma.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176

PIT1, PIT1_IRQ = 0x400d8000, 155
PIT2, PIT2_IRQ = 0x40cb0000, 156
MCR, LTMR64H, LTMR64L = 0x00, 0xe0, 0xe4
LDVAL, CVAL, TCTRL, TFLG = 0x100, 0x104, 0x108, 0x10c
FRZ, MDIS = 1, 2
TEN, TIE, CHN = 1, 2, 4
MICROSECOND = 24  # clocks of BUS and BUS_LPSR after reset


class Pit(qtest.Block):
    def __init__(self, machine, base=PIT1):
        super().__init__(machine, base)

    def get(self, register, n):
        return self[register + 0x10 * n]

    def set(self, register, n, value):
        self[register + 0x10 * n] = value

    def start(self, n, period, tctrl=TEN):
        self[MCR] = 0
        self.set(LDVAL, n, period - 1)
        self.set(TCTRL, n, tctrl)


@pytest.fixture
def pit(machine):
    return Pit(machine)


def test_reset_values(pit):
    assert pit[MCR] == MDIS
    for n in range(4):
        assert [pit.get(r, n) for r in (LDVAL, CVAL, TCTRL, TFLG)] == [0] * 4


@pytest.mark.parametrize("register, writable", [(MCR, 3), (TCTRL, 7), (LDVAL, 0xffffffff), (CVAL, 0),
                                                (TFLG, 0), (LTMR64H, 0), (LTMR64L, 0)])
def test_writable_bits(pit, register, writable):
    pit[register] = 0xffffffff
    assert pit[register] == writable


@pytest.mark.parametrize("base, irq", [(PIT1, PIT1_IRQ), (PIT2, PIT2_IRQ)])
@pytest.mark.parametrize("n", range(4))
def test_period_is_ldval_plus_1(machine, base, irq, n):
    pit = Pit(machine, base)
    pit.start(n, 1000 * MICROSECOND, TEN | TIE)
    machine.step(999_900)
    assert not machine.irq(irq)
    assert not pit.get(TFLG, n)
    machine.step(200)
    assert machine.irq(irq)
    assert pit.get(TFLG, n) == 1
    pit.set(TFLG, n, 1)
    assert not machine.irq(irq)
    machine.step(999_800)
    assert not machine.irq(irq)
    machine.step(200)
    assert machine.irq(irq)
    assert [pit.get(TFLG, k) for k in range(4)] == [int(k == n) for k in range(4)]


def test_counts_down(pit):
    pit.start(0, 1000)
    assert pit[CVAL] == 999
    pit.machine.step(10_010)  # 240 clocks
    assert pit[CVAL] == 999 - 240
    pit.machine.step(1_000_000)
    assert pit[CVAL] == 999 - (240 + 24_000) % 1000


def test_no_drift(pit):
    pit.start(0, MICROSECOND, TEN | TIE)
    pit.start(1, 0x100000000, TEN | CHN)
    pit.machine.step(10_000_000_000)
    assert 0xffffffff - pit.get(CVAL, 1) in (9_999_999, 10_000_000)


def test_flag_without_interrupt(pit):
    pit.start(2, 10)
    pit.machine.step(1_000)
    assert pit.get(TFLG, 2) == 1
    assert not pit.machine.irq(PIT1_IRQ)
    pit.set(TCTRL, 2, TEN | TIE)
    assert pit.machine.irq(PIT1_IRQ)


def test_new_ldval_counts_from_the_next_expiry(pit):
    pit.start(0, 1000)
    pit[LDVAL] = 9
    pit.machine.step(20_000)
    assert pit[CVAL] == 999 - 479 or pit[CVAL] == 999 - 480
    pit.machine.step(22_000)  # 1008 clocks
    assert pit[CVAL] <= 9


def test_timer_that_is_started_again_begins_at_ldval(pit):
    pit.start(0, 1000)
    pit.machine.step(20_000)
    pit[TCTRL] = 0
    stopped = pit[CVAL]
    pit.machine.step(20_000)
    assert pit[CVAL] == stopped
    pit[TCTRL] = TEN
    assert pit[CVAL] == 999


def test_module_disable_stops_the_timers(pit):
    pit.start(0, 1000)
    pit.machine.step(10_000)
    pit[MCR] = MDIS
    stopped = pit[CVAL]
    pit.machine.step(10_000)
    assert pit[CVAL] == stopped
    pit[MCR] = 0
    pit.machine.step(1_010)
    assert pit[CVAL] == stopped - 24


def test_gated_clock_stops_the_timers(pit):
    pit.start(0, 1000)
    pit.machine.step(10_000)
    stopped = pit[CVAL]
    pit.machine.write(rt1176.lpcg(62), 0)  # LPCG62: PIT1
    pit.machine.step(10_000)
    pit.machine.write(rt1176.lpcg(62), 1)
    assert pit[CVAL] == stopped


@pytest.mark.parametrize("last", [1, 2, 3])
def test_chain(pit, last):
    """A chained timer counts the expiries of the one before it."""
    pit.start(0, 24)
    for n in range(1, last + 1):
        pit.start(n, 10, TEN | CHN | (TIE if n == last else 0))
    pit.machine.step(1000 * 10 ** last - 100)
    assert pit.get(CVAL, last) == 0
    assert not pit.machine.irq(PIT1_IRQ)
    pit.machine.step(300)
    assert pit.machine.irq(PIT1_IRQ)
    assert pit.get(CVAL, last) == 9


def test_chained_timer_stands_still_with_the_one_before_it(pit):
    pit.start(0, 24)
    pit.start(1, 100, TEN | CHN)
    pit.machine.step(10_000)
    pit[TCTRL] = 0
    stopped = pit.get(CVAL, 1)
    pit.machine.step(10_000)
    assert pit.get(CVAL, 1) == stopped
    assert stopped in (89, 90)


def test_first_timer_cannot_be_chained(pit):
    pit.start(0, 1000, TEN | CHN)
    pit.machine.step(10_010)
    assert pit[CVAL] == 999 - 240


def test_lifetime_timer(pit):
    """Timers 0 and 1 in a chain: LTMR64H latches LTMR64L."""
    pit.start(1, 0x100000000, TEN | CHN)
    pit.start(0, 1000, TEN)
    pit.machine.step(1_000_010)  # 24000 clocks
    assert pit[LTMR64H] == 0xffffffff - 24
    low = pit[LTMR64L]
    assert low in (998, 999)
    pit.machine.step(10_000)
    assert pit[LTMR64L] == low
    pit[LTMR64H]
    assert pit[LTMR64L] == low - 240


def test_vmstate(tmp_path):
    state = tmp_path / "state"
    with rt1176.qtest_machine(tmp_path) as source:
        pit = Pit(source)
        pit.start(0, 2400, TEN | TIE)
        pit.start(1, 5, TEN | CHN)
        source.step(150_000)
        pit[LTMR64H]
        before = [pit.get(r, n) for r in (LDVAL, CVAL, TCTRL, TFLG) for n in range(4)]
        low, now_ns = pit[LTMR64L], source.now_ns
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(now_ns)
        pit = Pit(target)
        assert [pit.get(r, n) for r in (LDVAL, CVAL, TCTRL, TFLG) for n in range(4)] == before
        assert pit[LTMR64L] == low
        assert target.irq(PIT1_IRQ)
        pit[TFLG] = 1
        target.step(49_900)
        assert not target.irq(PIT1_IRQ)
        target.step(200)
        assert target.irq(PIT1_IRQ)
