"""DWT cycle counter of the Cortex-M3 (ARMv7-M ARM, C1.6.5 DEMCR, C1.8 DWT), which counts HCLK.

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100
from stm32f100 import HSE_HZ, HSI_HZ, RCC_CFGR, modify, run_from_hse

DEMCR, TRCENA = 0xe000edfc, 1 << 24
CTRL, CYCCNT, LAR, LSR = 0xe0001000, 0xe0001004, 0xe0001fb0, 0xe0001fb4
NUMCOMP, CYCCNTENA = 4 << 28, 1
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
MS = 1_000_000


def start(machine):
    machine.write(DEMCR, TRCENA)
    machine.write(CTRL, CYCCNTENA)


def counted(machine, ns):
    before = machine.read(CYCCNT)
    machine.step(ns)
    return machine.read(CYCCNT) - before


def test_reset_state(machine):
    """Four comparators, as on an STM32VLDISCOVERY (four watchpoints); no lock."""
    assert [machine.read(r) for r in (DEMCR, CTRL, CYCCNT, LSR)] == [0, NUMCOMP, 0, 0]


def test_counts_hclk(machine):
    start(machine)
    assert counted(machine, MS) == HSI_HZ // 1000
    run_from_hse(machine)
    assert counted(machine, MS) == HSE_HZ // 1000
    modify(machine, RCC_CFGR, 0xf << 4, 8 << 4)  # HPRE: SYSCLK / 2
    assert counted(machine, MS) == HSE_HZ // 2000


def test_a_change_of_the_clock_keeps_the_count(machine):
    start(machine)
    machine.step(MS)
    modify(machine, RCC_CFGR, 0xf << 4, 0xf << 4)  # HPRE: SYSCLK / 512
    assert machine.read(CYCCNT) == HSI_HZ // 1000


def test_both_bits_are_needed(machine):
    for demcr, ctrl, clocks in ((TRCENA, 0, 0), (0, CYCCNTENA, 0), (TRCENA, CYCCNTENA, 8000)):
        machine.write(DEMCR, demcr)
        machine.write(CTRL, ctrl)
        assert counted(machine, MS) == clocks


def test_can_be_written(machine):
    start(machine)
    machine.write(CYCCNT, 0xffffffff)
    machine.step(1000)
    assert machine.read(CYCCNT) == 7


def test_system_reset(machine):
    start(machine)
    machine.step(MS)
    machine.write(AIRCR, SYSRESETREQ)
    assert [machine.read(r) for r in (DEMCR, CTRL, CYCCNT)] == [0, NUMCOMP, 0]


def test_goes_on_on_the_other_side(tmp_path):
    def prepare(machine):
        start(machine)
        machine.step(MS)

    def go_on(machine):
        return [counted(machine, MS) for _ in range(3)], machine.read(CYCCNT)

    assert stm32f100.round_trip(tmp_path, prepare, go_on) == ([8000] * 3, 32000)
