"""Debug MCU (RM0041 25.6.1, 25.16): identity, and blocks that stand still while a
debugger holds the core.  Here the control socket's halt is the input "halted".

SPDX-License-Identifier: Apache-2.0
"""

import subprocess

import pytest

import qtest
from stm32f100 import MODEL, clock_on, qom_set, set_input

IDCODE, CR = 0xe0042000, 0xe0042004
RCC_CSR, RMVF, IWDGRSTF, WWDGRSTF, PINRSTF = 0x40021024, 1 << 24, 1 << 29, 1 << 30, 1 << 26
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
# Sleep, Stop, Standby; trace; IWDG, WWDG, TIM1-4; I2C1, I2C2; TIM6, TIM7; TIM15-17
CR_BITS = 0x7 | 0x7 << 5 | 0x3f << 8 | 0x3 << 15 | 0x3 << 19 | 0x7 << 22
TIMERS = {1: (0x40012c00, 10), 2: (0x40000000, 11), 3: (0x40000400, 12), 4: (0x40000800, 13),
          6: (0x40001000, 19), 7: (0x40001400, 20), 15: (0x40014000, 22), 16: (0x40014400, 23),
          17: (0x40014800, 24)}
TIM_CR1, TIM_CNT, TIM_PSC = 0x00, 0x24, 0x28


def halt(machine, held):
    set_input(machine, "dbgmcu", "halted", int(held))


def test_identity(machine):
    """25.6.1: low and medium density value line, revision Z (as on an STM32VLDISCOVERY)"""
    assert machine.read(IDCODE) == 0x10016420
    machine.write(IDCODE, 0)
    assert machine.read(IDCODE) == 0x10016420


def test_bits_of_cr(machine):
    """25.16.3; those of blocks that the part lacks read 0"""
    assert machine.read(CR) == 0
    machine.write(CR, 0xffffffff)
    assert machine.read(CR) == CR_BITS


def test_words_only(machine):
    """25.6.1, 25.16.3"""
    machine.write(CR, 0xff, size=1)
    machine.write(CR, 0xffff, size=2)
    assert machine.read(CR) == 0


def test_system_reset_keeps_cr(machine):
    """25.16.3: reset by power-on only"""
    machine.write(CR, 0x107)
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(CR) == 0x107
    qom_set(machine, "pwr", "vdd-mv", 0)
    qom_set(machine, "pwr", "vdd-mv", 3300)
    assert machine.read(CR) == 0


# ------------------------------------------------------------------ freezing (25.16.2)

@pytest.mark.parametrize("number", TIMERS)
def test_timers(machine, number):
    base, bit = TIMERS[number]
    clock_on(machine, f"tim{number}")
    machine.write(base + TIM_PSC, 7)
    machine.write(base + 0x14, 1)
    machine.write(base + TIM_CR1, 1)
    machine.step(100_000)
    halt(machine, True)
    machine.step(100_000)
    assert machine.read(base + TIM_CNT) == 200, "the bit is 0"
    machine.write(CR, 1 << bit)
    machine.step(1_000_000)
    assert machine.read(base + TIM_CNT) == 200
    halt(machine, False)
    machine.step(100_000)
    assert machine.read(base + TIM_CNT) == 300


def test_each_timer_has_its_own_bit(machine):
    clock_on(machine, *(f"tim{number}" for number in TIMERS))
    for base, _ in TIMERS.values():
        machine.write(base + TIM_CR1, 1)
    for number, (_, bit) in TIMERS.items():
        machine.write(CR, 1 << bit)
        halt(machine, True)
        before = {n: machine.read(base + TIM_CNT) for n, (base, _) in TIMERS.items()}
        machine.step(10_000)
        assert [n for n, (base, _) in TIMERS.items()
                if machine.read(base + TIM_CNT) == before[n]] == [number]
        halt(machine, False)


@pytest.mark.parametrize("bit, frozen", [(0, False), (1 << 8, True)])
def test_iwdg(machine, bit, frozen):
    machine.write(CR, bit)
    machine.write(RCC_CSR, RMVF)
    machine.write(0x40003000, 0xcccc)
    machine.step(100_000_000)
    halt(machine, True)
    machine.step(309_600_000)
    assert bool(machine.read(RCC_CSR) & IWDGRSTF) != frozen
    if frozen:
        machine.step(1_000_000_000)
        halt(machine, False)
        machine.step(309_599_999)
        assert not machine.read(RCC_CSR) & IWDGRSTF
        machine.step(1)
        assert machine.read(RCC_CSR) == IWDGRSTF | PINRSTF


def test_iwdg_reloaded_or_started_while_frozen(machine):
    """By the debugger: the time counts when the core is released."""
    machine.write(CR, 1 << 8)
    halt(machine, True)
    machine.write(0x40003000, 0xcccc)
    machine.write(0x40003000, 0xaaaa)
    machine.step(10_000_000_000)
    assert not machine.read(RCC_CSR) & IWDGRSTF
    halt(machine, False)
    machine.step(409_599_999)
    assert not machine.read(RCC_CSR) & IWDGRSTF
    machine.step(1)
    assert machine.read(RCC_CSR) & IWDGRSTF


@pytest.mark.parametrize("bit, frozen", [(0, False), (1 << 9, True)])
def test_wwdg(machine, bit, frozen):
    machine.write(CR, bit)
    machine.write(RCC_CSR, RMVF)
    clock_on(machine, "wwdg")
    machine.write(0x40002c00, 0xff)
    machine.step(1_000_000)
    halt(machine, True)
    machine.step(64 * 4096 * 125)
    assert bool(machine.read(RCC_CSR) & WWDGRSTF) != frozen
    if frozen:
        halt(machine, False)
        machine.step(64 * 4096 * 125 - 1_000_001)
        assert not machine.read(RCC_CSR) & WWDGRSTF
        machine.step(1)
        assert machine.read(RCC_CSR) == WWDGRSTF | PINRSTF


def test_nothing_freezes_while_the_core_runs(machine):
    machine.write(CR, CR_BITS)
    clock_on(machine, "tim2")
    machine.write(TIMERS[2][0] + TIM_CR1, 1)
    machine.step(1_000)
    assert machine.read(TIMERS[2][0] + TIM_CNT) == 8


# ------------------------------------------------------------------ a core that is held

def test_hold_of_the_control_socket_freezes(build_image, tmp_path):
    """Virtual time goes on while the core is held: IWDG stands, WWDG, not frozen, bites."""
    qmp = qtest.Qmp(tmp_path)
    process = subprocess.Popen(
        [qtest.QEMU, "-M", MODEL, "-display", "none", "-monitor", "none", "-serial", "none",
         "-kernel", str(build_image("freeze")), "-icount", "rate=125/3,slice=1000000,sleep=off",
         "-global", "wire-hub.record=on", "-qmp", f"unix:{qmp.path}"])
    try:
        qmp.accept(process)
        while "runs\n" not in said(qmp):
            pass
        hold(qmp, True)
        qmp.wait_event("RESET")
        hold(qmp, False)
        qmp.wait_event("RESET")
        assert said(qmp).startswith("cause 00000000\nruns\ncause 40000000\n")
    finally:
        process.kill()
        process.wait(timeout=qtest.LIMIT_S)


def said(qmp):
    return qtest.text_of(qtest.parse_symbols(qmp.wire_log(), "usart1"))


def hold(qmp, held):
    qmp.command("qom-set", path="/machine/wire-hub", property="held", value=held)
