"""WDOG and RTWDOG (IMXRT1170RM, chapters "Watchdog Timer" and "RT Watchdog").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176

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


def wdog_b(machine):
    return machine.qmp.command("qom-get", path="/machine/wdog1", property="wdog-b")


@pytest.mark.parametrize("bit", [0x01, 0x02, 0x80])
@pytest.mark.parametrize("first", [0, 1])
def test_wdog_write_once_bits(machine, bit, first):
    """WDZST, WDBG, WDW: the first write after a reset counts, of 0, too."""
    wdog_write(machine, WCR, 0x30 | (bit if first else 0))
    for value in (0x30 | bit, 0x30, 0xff30 | bit):
        wdog_write(machine, WCR, value)
        assert wdog_read(machine, WCR) & bit == (bit if first else 0)


@pytest.mark.parametrize("bit", [0x04, 0x08])
def test_wdog_write_one_once_bits(machine, bit):
    """WDE, WDT: may be written 0 as often as one likes, and set once."""
    wdog_write(machine, WCR, 0xff30)
    wdog_write(machine, WCR, 0xff30 | bit)
    wdog_write(machine, WCR, 0xff30)
    assert wdog_read(machine, WCR) == 0xff30 | bit


def test_wdog_sre_and_wt_can_be_written_again(machine):
    for value in (0xff70, 0x0130, 0x4470):
        wdog_write(machine, WCR, value)
        assert wdog_read(machine, WCR) == value


def test_wdog_configuration_of_the_interrupt_is_written_once(machine):
    """WICR: WIE, WICT; WTIS stays."""
    wdog_write(machine, WICR, 0x0007)
    wdog_write(machine, WICR, 0x80ff)
    assert wdog_read(machine, WICR) == 7


def test_wdog_configuration_of_the_interrupt_does_not_service(machine):
    wdog_write(machine, WCR, 0x0934)  # 5 s
    machine.step(2 * HALF_SECOND)
    machine.write(SRSR, 0xffffffff)
    wdog_write(machine, WICR, 0x8001)
    machine.step(7 * HALF_SECOND - 1000)
    assert not machine.irq(WDOG1_IRQ)
    machine.step(2000)
    assert machine.irq(WDOG1_IRQ)
    machine.step(HALF_SECOND)
    assert machine.read(SRSR) & 1 << 5


def test_wdog_new_time_counts_from_the_next_service_on(machine):
    wdog_write(machine, WICR, 0x8000)
    wdog_write(machine, WCR, 0x0134)  # 1 s
    wdog_write(machine, WCR, 0xff34)
    machine.write(SRSR, 0xffffffff)
    machine.step(2 * HALF_SECOND - 1000)
    assert not machine.read(SRSR)
    machine.step(2000)
    assert machine.read(SRSR) & 1 << 5


@pytest.mark.parametrize("words", [(0xaaaa,), (0x5555,), (0x5555, 0x5554, 0xaaaa), (0xaaaa, 0x5555)])
def test_wdog_wrong_service_sequences(machine, words):
    wdog_write(machine, WCR, 0x0134)
    machine.step(HALF_SECOND)
    machine.write(SRSR, 0xffffffff)
    wdog_service(machine, *words)
    machine.step(HALF_SECOND + 1000)
    assert machine.read(SRSR) & 1 << 5


def test_wdog_service_takes_as_long_as_it_likes(machine):
    wdog_write(machine, WCR, 0x0134)
    wdog_service(machine, 0x5555)
    machine.step(HALF_SECOND)
    machine.write(SRSR, 0xffffffff)
    wdog_service(machine, 0xaaaa)
    machine.step(HALF_SECOND + 1000)
    assert not machine.read(SRSR)


def test_wdog_software_reset(machine):
    """SRS = 0; WRSR: SFTW alone; SRS reads 1 again."""
    machine.write(SRSR, 0xffffffff)
    wdog_write(machine, WCR, 0x0020)
    machine.step(1)
    assert machine.read(SRSR) == 1 << 5 | 1 << 21
    assert wdog_read(machine, WRSR) == 1
    assert wdog_read(machine, WCR) == 0x30


def test_wdog_reason_is_that_of_its_own_last_reset(machine):
    """WRSR outlives resets that this watchdog has not asked for; power-on clears it."""
    wdog_write(machine, WCR, 0x0034)
    machine.step(HALF_SECOND + 1000)
    assert wdog_read(machine, WRSR) == 2
    rtwdog_enable(machine, 32)
    machine.step(1_100_000)
    assert machine.read(SRSR) & 1 << 8
    assert wdog_read(machine, WRSR) == 2
    assert machine.read(WDOG1 + 0x4000 + WRSR, size=2) == 0x10  # WDOG2: POR
    machine.qmp.command("system_reset")
    machine.step(1)
    assert wdog_read(machine, WRSR) == 0x10


def test_wdog_words_are_halves(machine):
    """A 32-bit access is one of 16 bits."""
    machine.write(WDOG1 + WCR, 0xffff4430)
    assert machine.read(WDOG1 + WCR) == 0x4430
    assert wdog_read(machine, WSR) == 0


def test_wdog_pin_by_wda(machine):
    assert wdog_b(machine)
    wdog_write(machine, WCR, 0x10)
    assert not wdog_b(machine)
    wdog_write(machine, WCR, 0x30)
    assert wdog_b(machine)


@pytest.mark.parametrize("wdt", [0, 1])
def test_wdog_pin_by_a_time_out(machine, wdt):
    """WDT outlives the reset, and so does WDOG_B."""
    wdog_write(machine, WCR, 0x34 | wdt << 3)
    machine.step(HALF_SECOND + 1000)
    assert wdog_read(machine, WRSR) == 2
    assert wdog_read(machine, WCR) == 0x30 | wdt << 3
    assert wdog_b(machine) == (not wdt)
    machine.qmp.command("system_reset")
    machine.step(1)
    assert wdog_read(machine, WCR) == 0x30
    assert wdog_b(machine)


def test_wdog_power_down_counter(machine):
    """WMCR: unless PDE is cleared within 16 s, WDOG_B goes low; the part is not reset."""
    machine.step(15_999_999_000)
    assert wdog_b(machine)
    machine.step(2_000)
    assert not wdog_b(machine)
    assert wdog_read(machine, WMCR) == 1


def test_wdog_power_down_counter_can_be_stopped(machine):
    machine.step(15_999_999_000)
    wdog_write(machine, WMCR, 0)
    machine.step(20_000_000_000)
    assert wdog_b(machine)


def test_wdog_write_of_the_reason_is_a_bus_fault(build_image, run_image):
    log = run_image(build_image("faults", "-DWDOG_WRSR"))
    assert qtest.text_of(qtest.parse_symbols(log, "lpuart1")) == (
        "fault 40030004\nwrsr 00000010\nfaults 00000001\n")


# ------------------------------------------------------------------ RTWDOG

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


def test_rtwdog_window_that_closes_is_no_success(machine):
    """RCS waits for a configuration that never comes; the part is not reset."""
    machine.write(SRSR, 0xffffffff)
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.write(RTWDOG3 + TOVAL, 0x1234)
    machine.step(10_700)
    machine.write(RTWDOG3 + CS, 0x2120)
    assert machine.read(RTWDOG3 + CS) & (ULK | RCS) == 0
    assert not machine.read(SRSR)


def rtwdog_configure(machine, cs, toval=0x400, win=0):
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.write(RTWDOG3 + WIN, win)
    machine.write(RTWDOG3 + TOVAL, toval)
    machine.write(RTWDOG3 + CS, cs)
    machine.write(SRSR, 0xffffffff)


CMD32EN, PRES, WINDOW, FLG = 1 << 13, 1 << 12, 1 << 15, 1 << 14
LPO, BUS = 1 << 8, 0
WORDS = LPO | EN | UPDATE  # commands in two words
RESET_BY_RTWDOG3 = 1 << 8 | 1 << 24


@pytest.mark.parametrize("parts, size", [([0xa602, 0xb480], 2), ([0xa602, 0xb480], 4),
                                         ([0xa6, 0x02, 0xb4, 0x80], 1)])
def test_rtwdog_refresh_in_parts(machine, parts, size):
    """CMD32EN = 0"""
    rtwdog_configure(machine, WORDS, 320)
    machine.step(9_000_000)
    for part in parts:
        machine.write(RTWDOG3 + CNT, part, size)
    assert machine.read(RTWDOG3 + CNT) == 0
    machine.step(9_000_000)
    assert not machine.read(SRSR)


def test_rtwdog_unlock_in_parts(machine):
    rtwdog_configure(machine, WORDS, 320)
    machine.write(RTWDOG3 + CNT, 0xc520, 2)
    assert not machine.read(RTWDOG3 + CS) & ULK
    machine.write(RTWDOG3 + CNT, 0xd928, 2)
    assert machine.read(RTWDOG3 + CS) & ULK
    assert not machine.read(SRSR)


@pytest.mark.parametrize("cs, writes", [
    (WORDS, [0xb480]), (WORDS, [0xa602, 0xd928]), (WORDS, [0xc520, 0xb480]), (WORDS, [0xa602, 0xa602]),
    (WORDS | CMD32EN, [0xa602]), (WORDS | CMD32EN, [0x1234]), (LPO | UPDATE | CMD32EN, [0])])
def test_rtwdog_illegal_commands_reset(machine, cs, writes):
    """CNT: all other writes are illegal and force a reset, also while it is off."""
    rtwdog_configure(machine, cs)
    for value in writes[:-1]:
        machine.write(RTWDOG3 + CNT, value)
        assert not machine.read(SRSR)
    machine.write(RTWDOG3 + CNT, writes[-1])
    machine.step(1)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


@pytest.mark.parametrize("count, resets", [(99, True), (101, False)])
def test_rtwdog_window(machine, count, resets):
    """WIN: a refresh before it is an event, one behind it is none."""
    rtwdog_configure(machine, WORDS | CMD32EN | WINDOW, 320, win=100)
    machine.step(count * 31_250 + 1000)
    machine.write(RTWDOG3 + CNT, REFRESH)
    machine.step(1)
    assert machine.read(SRSR) == (RESET_BY_RTWDOG3 if resets else 0)


def test_rtwdog_window_has_no_effect_without_its_bit(machine):
    rtwdog_configure(machine, WORDS | CMD32EN, 320, win=100)
    machine.step(31_250)
    machine.write(RTWDOG3 + CNT, REFRESH)
    machine.step(1)
    assert not machine.read(SRSR)


def delayed_reset(machine):
    """The interrupt now, the reset 255 bus clocks later, whatever is done to FLG."""
    assert machine.irq(RTWDOG3_IRQ)
    assert machine.read(RTWDOG3 + CS) & FLG
    machine.write(RTWDOG3 + CS, machine.read(RTWDOG3 + CS))
    assert not machine.irq(RTWDOG3_IRQ)
    machine.step(10_500)
    assert not machine.read(SRSR)
    machine.step(200)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


def test_rtwdog_interrupt_delays_the_reset_of_a_time_out(machine):
    rtwdog_configure(machine, WORDS | INT | CMD32EN, 32)
    machine.step(1_000_010)
    delayed_reset(machine)


def test_rtwdog_interrupt_delays_the_reset_of_an_early_refresh(machine):
    rtwdog_configure(machine, WORDS | INT | CMD32EN | WINDOW, 320, win=100)
    machine.write(RTWDOG3 + CNT, REFRESH)
    delayed_reset(machine)


@pytest.mark.parametrize("clock, pres, tick_ns", [(LPO, 0, 31_250), (LPO, PRES, 256 * 31_250),
                                                  (BUS, 0, 1000 / 24), (BUS, PRES, 256_000 / 24)])
def test_rtwdog_clocks(machine, clock, pres, tick_ns):
    """CS: CLK, PRES"""
    rtwdog_configure(machine, EN | UPDATE | CMD32EN | clock | pres, 1000)
    machine.step(int(500 * tick_ns) + 100)
    assert abs(machine.read(RTWDOG3 + CNT) - 500) <= 2
    machine.step(int(490 * tick_ns))
    assert not machine.read(SRSR)
    machine.step(int(11 * tick_ns))
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


def test_rtwdog_follows_its_bus_clock(machine):
    """Half as fast, stopped, and as before: what has been counted stays."""
    rtwdog_configure(machine, EN | UPDATE | CMD32EN | BUS, 48_000)  # 2 ms
    machine.step(1_000_000)
    machine.write(rt1176.root(2), 1)  # CLOCK_ROOT2: by 2
    machine.step(1_000_000)
    assert abs(machine.read(RTWDOG3 + CNT) - 36_000) <= 2
    machine.write(rt1176.root(2), 1 << 24)  # OFF
    machine.step(10_000_000)
    machine.write(rt1176.root(2), 0)
    assert abs(machine.read(RTWDOG3 + CNT) - 36_000) <= 2
    machine.step(499_000)
    assert not machine.read(SRSR)
    machine.step(1_500)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


@pytest.mark.parametrize("tst, ticks", [(0, 0x0520), (1, 0x0520), (2, 0x20), (3, 0x05)])
def test_rtwdog_test_modes(machine, tst, ticks):
    """CS: TST: one octet of the counter is compared."""
    rtwdog_configure(machine, WORDS | CMD32EN | tst << 3, 0x0520)
    machine.step(2 * 31_250 + 1000)
    assert machine.read(RTWDOG3 + CNT) == (0x200 if tst == 3 else 2)
    machine.step((ticks - 3) * 31_250)
    assert not machine.read(SRSR)
    machine.step(31_250)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


def test_rtwdog_backup_reset(machine):
    """Without the bus clock it overflows twice before it resets the part."""
    rtwdog_configure(machine, WORDS | INT | CMD32EN, 320)
    machine.write(rt1176.lpcg(16), 0)  # LPCG16: WDOG3
    machine.step(19_900_000)
    assert not machine.read(SRSR) and not machine.irq(RTWDOG3_IRQ)
    machine.step(200_000)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


def test_rtwdog_unlock_without_update_does_nothing(machine):
    rtwdog_configure(machine, LPO | EN | CMD32EN, 320)
    machine.write(RTWDOG3 + CNT, UNLOCK)
    machine.write(RTWDOG3 + CS, LPO | UPDATE | CMD32EN)
    assert machine.read(RTWDOG3 + CS) & EN
    machine.step(10_100_000)
    assert machine.read(SRSR) == RESET_BY_RTWDOG3


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


def test_vmstate_of_wdog(tmp_path):
    """Locks, both counters, a warning to come, and a pin that has been pulled."""
    def prepare(machine):
        machine.step(15_000_000_000)
        wdog_write(machine, WICR, 0x8001)
        wdog_write(machine, WCR, 0x0534)  # 3 s
        wdog_write(machine, WSR, 0x5555)
        machine.step(500_000_000)

    def go_on(machine):
        wdog_write(machine, WICR, 0)
        wdog_write(machine, WCR, 0x05b7)
        seen = [wdog_read(machine, WICR), wdog_read(machine, WCR), wdog_b(machine)]
        machine.step(501_000_000)
        seen += [wdog_b(machine), machine.irq(WDOG1_IRQ)]
        wdog_write(machine, WSR, 0xaaaa)
        machine.step(2_499_000_000)
        seen.append(machine.irq(WDOG1_IRQ))
        machine.step(2_000_000)
        seen.append(machine.irq(WDOG1_IRQ))
        machine.step(500_000_000)
        return [*seen, wdog_read(machine, WRSR), wdog_b(machine)]

    assert rt1176.PART.round_trip(tmp_path, prepare, go_on) == [
        0x8001, 0x0534, True, False, False, False, True, 2, False]


def test_vmstate_of_rtwdog(tmp_path):
    """Half a command, a count, an open window."""
    def prepare(machine):
        rtwdog_configure(machine, WORDS, 320)
        machine.step(5_000_000)
        machine.write(RTWDOG3 + CNT, 0xc520)

    def go_on(machine):
        seen = [machine.read(RTWDOG3 + CNT), machine.read(RTWDOG3 + CS) & ULK]
        machine.write(RTWDOG3 + CNT, 0xd928)
        seen.append(machine.read(RTWDOG3 + CS) & ULK)
        machine.step(5_100_000)
        return [*seen, machine.read(SRSR)]

    assert rt1176.PART.round_trip(tmp_path, prepare, go_on) == [160, 0, ULK, RESET_BY_RTWDOG3]
