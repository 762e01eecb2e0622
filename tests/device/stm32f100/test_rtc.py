"""Real-time clock (RM0041 chapter 17) on LSI, 40 kHz, LSE, 32.768 kHz, and HSE / 128.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from stm32f100 import allow_backup_writes, clock_off, clock_on, modify, run_from_hse, set_input

RTC = 0x40002800
CRH, CRL, PRLH, PRLL, DIVH, DIVL, CNTH, CNTL, ALRH, ALRL = (RTC + n for n in range(0, 0x28, 4))
SECIE, ALRIE, OWIE = 1, 2, 4
SECF, ALRF, OWF, RSF, CNF, RTOFF = (1 << n for n in range(6))
BDCR, RCC_CSR = 0x40021020, 0x40021024
RTCEN, BDRST, SEL_LSE, SEL_LSI, SEL_HSE = 1 << 15, 1 << 16, 1 << 8, 2 << 8, 3 << 8
RTC_IRQ, ALARM_IRQ = 3, 41
EXTI_IMR, EXTI_RTSR, EXTI_PR = 0x40010400, 0x40010408, 0x40010414
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
LSI_NS = 25_000
WRITE_CYCLES = 4


@pytest.fixture
def rtc(machine):
    """On LSI, synchronized; now is an edge of RTCCLK."""
    start_on_lsi(machine)
    return machine


def start_on_lsi(machine):
    allow_backup_writes(machine)
    modify(machine, RCC_CSR, 0, 1)
    machine.step(85_000)
    machine.write(BDCR, RTCEN | SEL_LSI)
    machine.step(LSI_NS)
    assert machine.read(CRL) == RSF | RTOFF


def configure(machine, **values):
    """17.3.4: enter configuration mode, write, leave, wait for RTOFF."""
    at = {"prl": PRLH, "cnt": CNTH, "alr": ALRH}
    assert machine.read(CRL) & RTOFF
    modify(machine, CRL, 0, CNF)
    for name, value in values.items():
        machine.write(at[name], value >> 16)
        machine.write(at[name] + 4, value & 0xffff)
    modify(machine, CRL, CNF, 0)


def run_from_lse(machine):
    """The crystal of 32768 Hz is ready (6.3.9), and the RTC runs from it."""
    allow_backup_writes(machine)
    machine.write(BDCR, 1)
    machine.step(3_000_000_000)
    machine.write(BDCR, RTCEN | SEL_LSE | 1)


def configure_and_wait(machine, **values):
    configure(machine, **values)
    machine.step(WRITE_CYCLES * LSI_NS)
    assert machine.read(CRL) & RTOFF


def test_registers_are_behind_the_backup_interface(rtc):
    """17.1: PWREN alone does not do.  The core goes on meanwhile."""
    configure_and_wait(rtc, prl=0, alr=5)
    rtc.write(CRH, SECIE)
    before = counter(rtc)
    clock_off(rtc, "bkp")
    assert [rtc.read(n) for n in (CRH, CRL, DIVL, CNTL)] == [0] * 4
    rtc.write(CRH, OWIE)
    modify(rtc, CRL, 0, CNF)
    rtc.step(10 * LSI_NS)
    clock_on(rtc, "bkp")
    assert rtc.read(CRH) == SECIE
    assert not rtc.read(CRL) & CNF
    assert counter(rtc) == before + 10


def counter(machine):
    return machine.read(CNTH) << 16 | machine.read(CNTL)


def divider(machine):
    return machine.read(DIVH) << 16 | machine.read(DIVL)


def clear(machine, flags):
    machine.write(CRL, ~flags & 0xf)


# ------------------------------------------------------------------ registers

def test_reset_values(machine):
    """17.4; PRL and ALR can only be written."""
    values = {CRH: 0, CRL: RTOFF, PRLH: 0, PRLL: 0, DIVH: 0, DIVL: 0x8000, CNTH: 0, CNTL: 0,
              ALRH: 0, ALRL: 0}
    clock_on(machine, "bkp")
    assert {address: machine.read(address) for address in values} == values


def test_write_protection(machine):
    """4.1.2: DBP"""
    clock_on(machine, "bkp")
    machine.write(CRH, 7)
    assert machine.read(CRH) == 0
    allow_backup_writes(machine)
    machine.write(CRH, 0xffff)
    assert machine.read(CRH) == SECIE | ALRIE | OWIE


def test_without_a_clock_nothing_moves(machine):
    """RSF never comes, a write never ends."""
    allow_backup_writes(machine)
    configure(machine, cnt=5)
    machine.step(1_000_000_000)
    assert machine.read(CRL) == 0


def test_narrow_write_is_repeated_over_the_word(rtc):
    """2.1"""
    rtc.write(CRH, 0x03, size=1)
    assert rtc.read(CRH) == 3


# ------------------------------------------------------------------ synchronization (17.3.3)

def test_rsf(rtc):
    clear(rtc, RSF)
    assert not rtc.read(CRL) & RSF
    rtc.step(LSI_NS - 1)
    assert not rtc.read(CRL) & RSF
    rtc.step(1)
    assert rtc.read(CRL) & RSF


def test_registers_are_stale_after_a_system_reset(rtc):
    """Reads are right after RSF only."""
    configure_and_wait(rtc, prl=39, cnt=0x12345678)
    rtc.write(AIRCR, SYSRESETREQ)
    clock_on(rtc, "bkp")
    assert [counter(rtc), divider(rtc)] == [0, 0x8000]


def test_system_reset_leaves_the_core_alone(machine):
    """17.2: PRL, ALR, CNT and DIV are in the backup domain, CRH and CRL are not."""
    run_from_lse(machine)
    machine.step(1_000_000)
    modify(machine, CRL, 0, CNF)
    machine.write(PRLL, 32767)
    machine.write(CNTL, 100)
    machine.write(CRL, 0)
    machine.step(1_000_000)
    machine.write(CRH, SECIE)
    machine.step(2_500_000_000)
    machine.write(AIRCR, SYSRESETREQ)
    clock_on(machine, "bkp")
    assert [machine.read(CRH), machine.read(CRL)] == [0, RTOFF]
    machine.step(1_000_000_000)
    assert machine.read(CRL) & RSF
    assert counter(machine) == 103


# ------------------------------------------------------------------ counting

@pytest.mark.parametrize("prl", [2, 39, 0x8000, 0xfffff])
def test_prescaler(rtc, prl):
    """17.4.3: RTCCLK / (PRL + 1); DIV counts down and is reloaded (17.4.4)"""
    configure_and_wait(rtc, prl=prl, cnt=7)
    assert [counter(rtc), divider(rtc)] == [7, prl]
    rtc.step(LSI_NS)
    assert divider(rtc) == prl - 1
    rtc.step((prl - 1) * LSI_NS)
    assert [counter(rtc), divider(rtc)] == [7, 0]
    rtc.step(LSI_NS)
    assert [counter(rtc), divider(rtc)] == [8, prl]
    rtc.step(1000 * (prl + 1) * LSI_NS)
    assert counter(rtc) == 1008


def test_lse_gives_one_second(machine):
    """17.4.3: 0x7fff; LSE is 32768 Hz"""
    run_from_lse(machine)
    machine.step(10_000_000)
    modify(machine, CRL, 0, CNF)
    machine.write(PRLL, 0x7fff)
    machine.write(CRL, 0)
    machine.step(10_000_000)
    before = counter(machine)
    machine.step(86_400_000_000_000)
    assert counter(machine) - before == 86_400


def test_hse_divided_by_128(machine):
    """6.2.8: 24 MHz / 128 = 187500 Hz; it stops with HSE."""
    run_from_hse(machine)
    allow_backup_writes(machine)
    machine.write(BDCR, RTCEN | SEL_HSE)
    machine.step(1_000_000)
    modify(machine, CRL, 0, CNF)
    machine.write(PRLL, 187)
    machine.write(CRL, 0)
    machine.step(1_000_000)
    before = counter(machine)
    machine.step(188_000_000)
    assert counter(machine) - before in (187, 188)


def test_counter_stands_with_rtcen(rtc):
    """6.3.9: the phase is kept."""
    configure_and_wait(rtc, prl=39, cnt=0)
    rtc.step(20 * LSI_NS)
    assert divider(rtc) == 19
    rtc.write(BDCR, SEL_LSI)
    rtc.step(1_000_000_000)
    rtc.write(BDCR, SEL_LSI | RTCEN)
    assert [counter(rtc), divider(rtc)] == [0, 19]
    rtc.step(20 * LSI_NS)
    assert [counter(rtc), divider(rtc)] == [1, 39]


def test_backup_reset(rtc):
    """6.1.3: BDRST"""
    configure_and_wait(rtc, prl=39, cnt=0x10001)
    rtc.write(BDCR, BDRST)
    rtc.write(BDCR, 0)
    rtc.write(BDCR, RTCEN | SEL_LSI)
    rtc.step(LSI_NS)
    assert [counter(rtc), divider(rtc)] == [0, 0x7fff]


# ------------------------------------------------------------------ configuration (17.3.4)

def test_write_takes_effect_when_configuration_mode_is_left(rtc):
    configure(rtc, cnt=0xabcd1234)
    assert not rtc.read(CRL) & RTOFF
    rtc.step((WRITE_CYCLES - 1) * LSI_NS)
    assert [counter(rtc), rtc.read(CRL) & RTOFF] == [0, 0]
    rtc.step(LSI_NS)
    assert [counter(rtc), rtc.read(CRL) & RTOFF] == [0xabcd1234, RTOFF]


def test_no_write_outside_configuration_mode(rtc):
    rtc.write(CNTL, 5)
    rtc.write(CRL, 0)
    rtc.step(WRITE_CYCLES * LSI_NS)
    assert counter(rtc) == 0


def test_no_write_while_the_last_one_is_under_way(rtc):
    configure(rtc, cnt=5)
    rtc.write(CRH, SECIE)
    rtc.write(CRL, CNF)
    assert [rtc.read(CRH), rtc.read(CRL) & CNF] == [0, 0]
    rtc.step(WRITE_CYCLES * LSI_NS)
    rtc.write(CRH, SECIE)
    assert rtc.read(CRH) == SECIE


def test_half_that_is_not_written_stays(rtc):
    configure_and_wait(rtc, cnt=0x00010002, prl=0xfffff)
    modify(rtc, CRL, 0, CNF)
    rtc.write(CNTL, 9)
    modify(rtc, CRL, CNF, 0)
    rtc.step(WRITE_CYCLES * LSI_NS)
    assert counter(rtc) == 0x00010009


def test_alarm_alone_does_not_reload_the_prescaler(rtc):
    """17.4.4: PRL and CNT do"""
    configure_and_wait(rtc, prl=99, cnt=0)
    rtc.step(10 * LSI_NS)
    configure_and_wait(rtc, alr=3)
    assert divider(rtc) == 99 - 10 - WRITE_CYCLES


# ------------------------------------------------------------------ flags (17.3.5)

def test_second_flag_one_cycle_before_the_counter(rtc):
    configure_and_wait(rtc, prl=39, cnt=0)
    clear(rtc, SECF)
    rtc.step(39 * LSI_NS - 1)
    assert not rtc.read(CRL) & SECF
    rtc.step(1)
    assert rtc.read(CRL) & SECF
    assert counter(rtc) == 0
    clear(rtc, SECF)
    rtc.step(LSI_NS)
    assert [rtc.read(CRL) & SECF, counter(rtc)] == [0, 1]


def test_alarm_flag_one_cycle_before_the_counter_leaves_alr(rtc):
    configure_and_wait(rtc, prl=9, cnt=0, alr=4)
    rtc.step(49 * LSI_NS - 1)
    assert [rtc.read(CRL) & ALRF, counter(rtc)] == [0, 4]
    rtc.step(1)
    assert [rtc.read(CRL) & ALRF, counter(rtc)] == [ALRF, 4]


def test_overflow_flag_one_cycle_before_zero(rtc):
    configure_and_wait(rtc, prl=9, cnt=0xfffffffe)
    rtc.step(19 * LSI_NS - 1)
    assert [rtc.read(CRL) & OWF, counter(rtc)] == [0, 0xffffffff]
    rtc.step(1)
    assert rtc.read(CRL) & OWF
    rtc.step(LSI_NS)
    assert counter(rtc) == 0


def test_flags_are_cleared_by_0_and_cannot_be_set(rtc):
    """17.4.2: rc_w0"""
    configure_and_wait(rtc, prl=9, cnt=0xffffffff, alr=0xffffffff)
    rtc.step(10 * LSI_NS)
    assert rtc.read(CRL) & 0xf == SECF | ALRF | OWF | RSF
    for flag in (SECF, ALRF, OWF):
        clear(rtc, flag)
        assert not rtc.read(CRL) & flag
    rtc.write(CRL, 0xf)
    assert rtc.read(CRL) & 0x7 == 0


@pytest.mark.parametrize("enable, flag", [(SECIE, SECF), (ALRIE, ALRF), (OWIE, OWF)])
def test_interrupt(rtc, enable, flag):
    """17.4.1; interrupt 3"""
    configure_and_wait(rtc, prl=99, cnt=0xffffffff, alr=0xffffffff)
    rtc.write(CRH, enable)
    clear(rtc, 7)
    rtc.step(99 * LSI_NS - 1)
    assert not rtc.irq(RTC_IRQ)
    rtc.step(1)
    assert rtc.irq(RTC_IRQ)
    assert rtc.read(CRL) & 7 == 7
    clear(rtc, flag)
    assert not rtc.irq(RTC_IRQ)


def test_no_interrupt_without_its_enable(rtc):
    configure_and_wait(rtc, prl=9, cnt=0xffffffff, alr=0xffffffff)
    rtc.step(100 * LSI_NS)
    assert rtc.read(CRL) & 7 == 7
    assert not rtc.irq(RTC_IRQ)


def test_seconds_interrupt_each_time(rtc):
    configure_and_wait(rtc, prl=9, cnt=0)
    rtc.write(CRH, SECIE)
    for _ in range(5):
        clear(rtc, SECF)
        assert not rtc.irq(RTC_IRQ)
        rtc.step(10 * LSI_NS)
        assert rtc.irq(RTC_IRQ)


def test_alarm_reaches_exti_17(rtc):
    """8.2.5; interrupt 41, whether ALRIE is set or not"""
    configure_and_wait(rtc, prl=9, cnt=0, alr=2)
    rtc.write(EXTI_RTSR, 1 << 17)
    rtc.write(EXTI_IMR, 1 << 17)
    rtc.step(29 * LSI_NS - 1)
    assert not rtc.irq(ALARM_IRQ)
    rtc.step(1)
    assert rtc.read(EXTI_PR) == 1 << 17
    assert rtc.irq(ALARM_IRQ)


def test_alarm_comes_once_a_round(rtc):
    configure_and_wait(rtc, prl=9, cnt=0, alr=2)
    rtc.step(1000 * LSI_NS)
    assert rtc.read(CRL) & ALRF
    clear(rtc, ALRF)
    rtc.step(100_000 * LSI_NS)
    assert not rtc.read(CRL) & ALRF


def test_stop_mode_stops_apb1_not_the_core(rtc):
    """17.3.3: RSF after APB1 has stood still"""
    configure_and_wait(rtc, prl=39, cnt=0)
    set_input(rtc, "pwr", "sleepdeep", 1)
    rtc.step(10 * 40 * LSI_NS)
    set_input(rtc, "pwr", "sleepdeep", 0)
    assert not rtc.read(CRL) & RSF
    assert counter(rtc) == 0
    rtc.step(LSI_NS)
    assert rtc.read(CRL) & RSF
    assert counter(rtc) == 10


def test_rtcsel_stays_until_backup_reset(rtc):
    """6.3.9"""
    rtc.write(BDCR, RTCEN | SEL_LSE)
    assert rtc.read(BDCR) == RTCEN | SEL_LSI
    rtc.write(BDCR, BDRST)
    rtc.write(BDCR, 0)
    rtc.write(BDCR, SEL_LSE)
    assert rtc.read(BDCR) == SEL_LSE


def test_lsi_stops_the_rtc(rtc):
    configure_and_wait(rtc, prl=39, cnt=0)
    rtc.write(RCC_CSR, 0)
    rtc.step(1_000_000_000)
    assert counter(rtc) == 0
