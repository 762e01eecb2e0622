"""DWT cycle counter (ARMv7-M ARM, C1.6.5 DEMCR, C1.8 DWT), the M7's; the M4's: test_cores.py.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176

DEMCR, TRCENA = 0xe000edfc, 1 << 24
CTRL, CYCCNT, LAR, LSR = 0xe0001000, 0xe0001004, 0xe0001fb0, 0xe0001fb4
NUMCOMP, CYCCNTENA, KEY = 4 << 28, 1, 0xc5acce55
US = 1000
CLOCKS_PER_US = 996


def start(machine):
    machine.write(DEMCR, TRCENA)
    machine.write(LAR, KEY)
    machine.write(CTRL, CYCCNTENA)


def near(value, expected):
    """The clock is read in whole ns: a value may be one clock low."""
    return value - expected in (-1, 0)


def test_reset_state(machine):
    assert machine.read(DEMCR) == 0
    assert machine.read(CTRL) == NUMCOMP
    assert machine.read(CYCCNT) == 0
    assert machine.read(LSR) == 3  # there is a lock, and it is closed


def test_counts_the_core_s_clocks(machine):
    start(machine)
    machine.step(250 * US)
    assert near(machine.read(CYCCNT), 250 * CLOCKS_PER_US)
    machine.step(750 * US)
    assert near(machine.read(CYCCNT), 1000 * CLOCKS_PER_US)


def test_wraps_after_32_bits(machine):
    start(machine)
    machine.write(CYCCNT, 0xffffff00)
    machine.step(US)
    assert near(machine.read(CYCCNT), CLOCKS_PER_US - 0x100)


@pytest.mark.parametrize("address, on", [(DEMCR, TRCENA), (CTRL, CYCCNTENA)],
                         ids=["TRCENA", "CYCCNTENA"])
def test_stands_unless_both_enables_are_set(machine, address, on):
    start(machine)
    machine.step(10 * US)
    machine.write(address, 0)
    stands = machine.read(CYCCNT)
    assert near(stands, 10 * CLOCKS_PER_US)
    machine.step(10 * US)
    assert machine.read(CYCCNT) == stands
    machine.write(address, on)
    machine.step(10 * US)
    assert near(machine.read(CYCCNT), stands + 10 * CLOCKS_PER_US)


@pytest.mark.parametrize("value", [0, KEY - 1, 0xffffffff])
def test_nothing_can_be_written_without_the_key(machine, value):
    """LAR: any other value closes the lock."""
    machine.write(DEMCR, TRCENA)
    machine.write(LAR, KEY)
    assert machine.read(LSR) == 1
    machine.write(CYCCNT, 5)
    machine.write(LAR, value)
    assert machine.read(LSR) == 3
    machine.write(CTRL, CYCCNTENA)
    machine.write(CYCCNT, 7)
    machine.step(US)
    assert machine.read(CTRL) == NUMCOMP
    assert machine.read(CYCCNT) == 5


def test_other_bits_are_not_there(machine):
    start(machine)
    machine.write(DEMCR, 0xffffffff)
    machine.write(CTRL, 0xffffffff)
    assert machine.read(DEMCR) == TRCENA
    assert machine.read(CTRL) == NUMCOMP | CYCCNTENA
    machine.write(0xe0001020, 0x20000000)  # COMP0
    assert machine.read(0xe0001020) == 0


def test_reset(machine):
    start(machine)
    machine.step(US)
    machine.qmp.command("system_reset")
    assert [machine.read(r) for r in (DEMCR, CTRL, CYCCNT, LSR)] == [0, NUMCOMP, 0, 3]


def test_vmstate(tmp_path):
    with rt1176.qtest_machine(tmp_path) as source:
        start(source)
        source.step(100 * US)
        source.write(CYCCNT, 0x1000)
        source.step(100 * US)
        source.qmp.save_state(tmp_path / "state")
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{tmp_path}/state") as target:
        target.resume(300 * US)  # since the start of the clock
        assert near(target.read(CYCCNT), 0x1000 + 200 * CLOCKS_PER_US)
        target.write(CYCCNT, 3)  # the lock is open
        assert target.read(CYCCNT) == 3
