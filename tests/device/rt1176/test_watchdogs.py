"""WDOG and RTWDOG (IMXRT1170RM, chapters "Watchdog Timer" and "RT Watchdog").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

WDOG1, WDOG1_IRQ = 0x40030000, 112
WCR, WSR, WRSR, WICR, WMCR = 0, 2, 4, 6, 8
RTWDOG3, RTWDOG3_IRQ = 0x40038000, 113
CS, CNT, TOVAL, WIN = 0x0, 0x4, 0x8, 0xc
UPDATE, INT, EN, RCS, ULK = 1 << 5, 1 << 6, 1 << 7, 1 << 10, 1 << 11
UNLOCK, REFRESH = 0xd928c520, 0xb480a602
SRSR = 0x40c04010
HALF_SECOND = 500_000_000


def wdog_write(machine, register, value):
    machine.write(WDOG1 + register, value, size=2)


def wdog_read(machine, register):
    return machine.read(WDOG1 + register, size=2)


def test_wdog_reset_values(machine):
    assert [wdog_read(machine, r) for r in (WCR, WSR, WRSR, WICR, WMCR)] == [0x30, 0, 0x10, 4, 1]


def test_wdog_power_down_enable_can_only_be_cleared(machine):
    wdog_write(machine, WMCR, 0)
    wdog_write(machine, WMCR, 1)
    assert wdog_read(machine, WMCR) == 0


def test_wdog_enable_cannot_be_cleared(machine):
    wdog_write(machine, WCR, 0xff34)
    wdog_write(machine, WCR, 0xff30)
    assert wdog_read(machine, WCR) & 4


def wdog_enable(machine):
    wdog_write(machine, WICR, 0x8002)  # WIE, one second before the end
    wdog_write(machine, WCR, 0x0534)   # WT = 5: 3 s


def wdog_service(machine, *words):
    for word in words:
        wdog_write(machine, WSR, word)


def test_wdog_warns_before_its_end(machine):
    wdog_enable(machine)
    machine.step(4 * HALF_SECOND - 1000)
    assert not machine.irq(WDOG1_IRQ)
    machine.step(2000)
    assert machine.irq(WDOG1_IRQ)
    wdog_write(machine, WICR, 0x4000)
    assert not machine.irq(WDOG1_IRQ)


def test_wdog_service_starts_anew(machine):
    wdog_enable(machine)
    machine.step(3 * HALF_SECOND)
    wdog_service(machine, 0x5555, 0xaaaa)
    machine.step(3 * HALF_SECOND)
    assert not machine.irq(WDOG1_IRQ)


def test_wdog_wrong_service_does_nothing(machine):
    wdog_enable(machine)
    machine.step(3 * HALF_SECOND)
    wdog_service(machine, 0xaaaa, 0x5555)
    machine.step(2 * HALF_SECOND)
    assert machine.irq(WDOG1_IRQ)


def test_rtwdog_is_off_and_configurable(machine):
    assert machine.read(RTWDOG3 + CS) & (EN | UPDATE) == UPDATE


def test_rtwdog_disable_sequence_of_start_up_code(machine):
    machine.write(RTWDOG3 + CNT, UNLOCK)
    assert machine.read(RTWDOG3 + CS) & (ULK | RCS) == ULK
    machine.write(RTWDOG3 + TOVAL, 0xffff)
    machine.write(RTWDOG3 + CS, (machine.read(RTWDOG3 + CS) & ~EN) | UPDATE)
    assert machine.read(RTWDOG3 + CS) & (ULK | RCS) == RCS
    assert machine.read(RTWDOG3 + TOVAL) == 0xffff


def test_rtwdog_locked_registers_do_not_change(machine):
    machine.write(RTWDOG3 + TOVAL, 0x1234)
    assert machine.read(RTWDOG3 + TOVAL) == 0x400


def test_rtwdog_window_closes_after_255_bus_clocks(machine):
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.step(10_700)  # 255 / 24 MHz = 10.6 us
    assert not machine.read(RTWDOG3 + CS) & ULK
    machine.write(RTWDOG3 + TOVAL, 0x1234)
    assert machine.read(RTWDOG3 + TOVAL) == 0x400


def test_rtwdog_without_update_is_locked_for_good(machine):
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.write(RTWDOG3 + CS, machine.read(RTWDOG3 + CS) & ~UPDATE)
    machine.write(RTWDOG3 + CNT, UNLOCK)
    assert not machine.read(RTWDOG3 + CS) & ULK


def rtwdog_enable(machine, toval, flags=0):
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.write(RTWDOG3 + TOVAL, toval)
    machine.write(RTWDOG3 + CS, machine.read(RTWDOG3 + CS) | EN | UPDATE | flags)


def test_rtwdog_counts_the_32_khz_clock(machine):
    rtwdog_enable(machine, 0x8000)
    machine.step(100_000_000)
    assert abs(machine.read(RTWDOG3 + CNT) - 3200) <= 1


def test_rtwdog_interrupts_at_its_time_out(machine):
    rtwdog_enable(machine, 320, INT)  # 10 ms
    machine.step(9_990_000)
    assert not machine.irq(RTWDOG3_IRQ)
    machine.step(15_000)
    assert machine.irq(RTWDOG3_IRQ)


def test_rtwdog_without_a_time_always_times_out(machine):
    rtwdog_enable(machine, 0, INT)
    machine.step(1)
    assert machine.irq(RTWDOG3_IRQ)


def test_rtwdog_refresh(machine):
    rtwdog_enable(machine, 320, INT)
    for _ in range(5):
        machine.step(8_000_000)
        machine.write(RTWDOG3 + CNT, REFRESH)
    assert not machine.irq(RTWDOG3_IRQ)


@pytest.mark.parametrize("base, cause", [(WDOG1, 5), (RTWDOG3, 8)])
def test_time_out_resets_the_part_and_leaves_its_cause(machine, base, cause):
    machine.write(SRSR, 0xffffffff)
    machine.write(0x40c04014, 0xcafe)  # SRC GPR1 survives
    machine.write(0x400ec010, 5)       # GPT1 OCR1 does not
    if base == WDOG1:
        wdog_write(machine, WCR, 0x0034)
        machine.step(HALF_SECOND + 1000)
    else:
        rtwdog_enable(machine, 320)
        machine.step(10_001_000)
    assert machine.read(SRSR) == (1 << cause | 1 << (cause + 16))
    assert machine.read(0x40c04014) == 0xcafe
    assert machine.read(0x400ec010) == 0xffffffff


def test_reset_can_be_masked(machine):
    machine.write(SRSR, 0xffffffff)
    machine.write(0x40c04004, 3)  # SRMR: WDOG does not reset anything
    wdog_write(machine, WCR, 0x0034)
    machine.step(HALF_SECOND + 1000)
    assert machine.read(SRSR) == 0
