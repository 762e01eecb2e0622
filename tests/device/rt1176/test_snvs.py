"""SNVS: what outlives resets, counters, alarms, locks, violations (IMXRT1170RM, chapter
"Secure Non-Volatile Storage").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

SNVS = 0x40c90000
(HPLR, HPCOMR, HPCR, HPSICR, HPSR, HPSVSR, HPRTCMR, HPRTCLR, HPTAMR, HPTALR, LPLR, LPCR, LPSR,
 LPSRTCMR, LPSRTCLR, LPTAR, LPSMCMR, LPSMCLR, LPLVDR, LPZMKR, LPGPR) = (SNVS + n for n in (
     0x00, 0x04, 0x08, 0x0c, 0x14, 0x18, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x4c, 0x50, 0x54, 0x58,
     0x5c, 0x60, 0x64, 0x6c, 0x100))
SRTC_ENV, LPTA_EN, MC_ENV, GPR_Z_DIS = 1, 2, 4, 1 << 24
IRQ, SECURITY_IRQ = 66, 67
SECOND = 1_000_000_000
KEEP = 0x20  # DP_EN, which LPCR resets to


@pytest.mark.parametrize("n", range(4))
def test_general_purpose_registers_outlive_a_reset(machine, n):
    machine.write(LPGPR + 4 * n, 0xb007b007 + n)
    machine.qmp.command("system_reset")
    assert machine.read(LPGPR + 4 * n) == 0xb007b007 + n
    assert machine.read(SNVS + 0x90 + 4 * n) == 0xb007b007 + n  # its alias


def test_aliases_of_the_general_purpose_registers(machine):
    machine.write(SNVS + 0x68, 0x11111111)
    machine.write(SNVS + 0x9c, 0x44444444)
    assert [machine.read(LPGPR + 4 * n) for n in range(4)] == [0x11111111, 0, 0, 0x44444444]
    machine.write(LPGPR, 0x55555555)
    assert machine.read(SNVS + 0x68) == machine.read(SNVS + 0x90) == 0x55555555


def test_secure_counter_counts_at_32_khz_and_outlives_a_reset(machine):
    machine.write(LPSRTCMR, 0x12)
    machine.write(LPSRTCLR, 0xffffff00)
    machine.step(SECOND)
    assert machine.read(LPSRTCLR) == 0xffffff00
    machine.write(LPCR, KEEP | SRTC_ENV)
    machine.step(SECOND)
    assert (machine.read(LPSRTCMR), machine.read(LPSRTCLR)) == (0x13, 0x7f00)
    machine.write(LPSRTCLR, 0)  # not while it runs
    machine.qmp.command("system_reset")
    machine.step(SECOND)
    assert (machine.read(LPSRTCMR), machine.read(LPSRTCLR)) == (0x13, 0xff00)
    machine.write(LPCR, KEEP)
    machine.step(SECOND)
    assert machine.read(LPSRTCLR) == 0xff00


def test_hp_counter_is_reset_and_takes_the_secure_time(machine):
    machine.write(LPSRTCLR, 0x1000)
    machine.write(LPCR, KEEP | SRTC_ENV)
    machine.step(SECOND)
    machine.write(HPCR, 1 << 16 | 1)  # HP_TS, RTC_EN
    machine.step(SECOND)
    assert machine.read(HPRTCLR) == 0x1000 + 2 * 32768
    machine.qmp.command("system_reset")
    machine.step(SECOND)
    assert (machine.read(HPRTCMR), machine.read(HPRTCLR), machine.read(HPCR)) == (0, 0, 0)


def test_hp_counter_is_written_while_it_stands(machine):
    machine.write(HPRTCMR, 0x7fff)
    machine.write(HPRTCLR, 0xffffffff)
    machine.write(HPCR, 1)
    machine.write(HPRTCLR, 5)
    machine.step(SECOND)  # it rolls over
    assert (machine.read(HPRTCMR), machine.read(HPRTCLR)) == (0, 32767)


def test_lp_alarm(machine):
    """LPTAR is in seconds; LPTA stays when LPTA_EN is taken back, the interrupt does not."""
    machine.write(LPTAR, 2)
    machine.write(LPCR, KEEP | SRTC_ENV | LPTA_EN)
    machine.step(2 * SECOND - 1)
    assert machine.read(LPSR) & 1 == 0 and not machine.irq(IRQ)
    machine.step(1)
    assert machine.read(LPSR) & 1 and machine.irq(IRQ)
    machine.write(LPCR, KEEP | SRTC_ENV)
    assert machine.read(LPSR) & 1 and not machine.irq(IRQ)
    machine.write(LPCR, KEEP | SRTC_ENV | LPTA_EN)
    machine.write(LPSR, 1)
    assert machine.read(LPSR) & 1 == 0 and not machine.irq(IRQ)


def test_hp_alarm(machine):
    machine.write(HPTALR, 32768)
    machine.write(HPCR, 3)  # HPTA_EN, RTC_EN
    machine.step(SECOND - 1)
    assert machine.read(HPSR) & 1 == 0
    machine.step(1)
    assert machine.read(HPSR) & 1 and machine.irq(IRQ)
    machine.write(HPSR, 1)
    assert not machine.irq(IRQ)


def test_alarm_that_is_not_enabled(machine):
    machine.write(HPTALR, 32768)
    machine.write(HPCR, 1)
    machine.write(LPTAR, 1)
    machine.write(LPCR, KEEP | SRTC_ENV)
    machine.step(2 * SECOND)
    assert machine.read(HPSR) & 1 == 0 and machine.read(LPSR) & 1 == 0


@pytest.mark.parametrize("frequency", [0, 4, 10, 15])
def test_periodic_interrupt(machine, frequency):
    """PI_FREQ: rising edges of that bit of the counter; DIS_PI keeps the interrupt back."""
    tick = SECOND / 32768
    machine.write(HPCR, 1 | 8 | frequency << 4)
    first = int(tick * (1 << frequency))
    machine.step(first - 2)
    assert not machine.irq(IRQ)
    machine.step(4)
    assert machine.read(HPSR) & 2 and machine.irq(IRQ)
    machine.write(HPCR, 1 | 4 | 8 | frequency << 4)
    assert not machine.irq(IRQ)
    machine.write(HPCR, 1 | 8 | frequency << 4)
    machine.write(HPSR, 2)
    assert not machine.irq(IRQ)
    machine.step(2 * first - 4)
    assert not machine.irq(IRQ)
    machine.step(8)
    assert machine.irq(IRQ)


def test_monotonic_counter_only_goes_up(machine):
    machine.write(LPSMCLR, 100)
    assert machine.read(LPSMCLR) == 0  # not enabled
    machine.write(LPCR, KEEP | MC_ENV)
    for address in (LPSMCLR, LPSMCMR, LPSMCLR):
        machine.write(address, 0xdeadbeef)
    machine.qmp.command("system_reset")
    assert (machine.read(LPSMCMR), machine.read(LPSMCLR)) == (0, 3)


@pytest.mark.parametrize("lock, outlives", [(HPLR, False), (LPLR, True)])
@pytest.mark.parametrize("bit, address, value", [
    (5, LPGPR, 0x55), (2, LPSRTCLR, 0x55), (4, LPSMCLR, 1), (0, LPZMKR, 0x55), (6, SNVS + 0x40, 0x15),
    (7, SNVS + 0x44, 0x15), (8, SNVS + 0x48, 0x14), (9, SNVS + 0x3c, 0x15)])
def test_locks(machine, lock, outlives, bit, address, value):
    """A soft lock (HPLR) lasts until the next reset, a hard one (LPLR) outlives it."""
    machine.write(LPCR, KEEP | MC_ENV)
    machine.write(lock, 1 << bit)
    machine.write(lock, 0)
    machine.write(address, value)
    assert machine.read(lock) == 1 << bit and machine.read(address) == 0
    machine.qmp.command("system_reset")
    machine.write(address, value)
    assert machine.read(address) == (0 if outlives else value)


def test_locked_counter_cannot_be_switched(machine):
    machine.write(HPLR, 1 << 2 | 1 << 4)
    machine.write(LPCR, KEEP | SRTC_ENV | MC_ENV)
    assert machine.read(LPCR) == KEEP


@pytest.mark.parametrize("z_dis", [0, GPR_Z_DIS])
def test_security_violation_of_software(machine, z_dis):
    """SW_LPSV: key and, without GPR_Z_DIS, general purpose registers become 0."""
    machine.write(LPCR, KEEP | z_dis | SRTC_ENV | MC_ENV | 1 << 4)  # SRTC_INV_EN
    machine.write(LPGPR, 0x1234)
    machine.write(LPZMKR, 0x5678)
    machine.write(HPSICR, 1 << 31)
    machine.write(HPCOMR, 1 << 10)
    assert machine.read(LPGPR) == (0x1234 if z_dis else 0)
    assert machine.read(LPZMKR) == 0
    assert machine.read(LPCR) & (SRTC_ENV | MC_ENV) == 0
    assert machine.read(LPSR) & 1 << 16 and machine.read(HPSVSR) & 1 << 31
    assert machine.read(HPSVSR) >> 13 & 7 == 4
    assert machine.irq(SECURITY_IRQ)
    machine.write(LPSR, 1 << 16)
    assert not machine.irq(SECURITY_IRQ)


def test_software_reset_of_the_lp_section(machine):
    machine.write(LPGPR, 0x1234)
    machine.write(LPLR, 1 << 5)
    machine.write(HPCOMR, 1 << 4)
    assert (machine.read(LPGPR), machine.read(LPLR), machine.read(HPCOMR)) == (0, 0, 0)
    machine.write(LPGPR, 0x1234)
    machine.write(HPCOMR, 1 << 5)  # LP_SWR_DIS
    machine.write(HPCOMR, 1 << 4)
    assert machine.read(LPGPR) == 0x1234


def test_low_voltage_flag_is_cleared_once_its_detector_is_set(machine):
    assert machine.read(LPSR) == 8
    machine.write(LPSR, 8)
    assert machine.read(LPSR) == 8
    machine.write(LPLVDR, 0x41736166)
    machine.write(LPSR, 8)
    assert machine.read(LPSR) == 0


@pytest.mark.parametrize("offset, reset, writable", [
    (0x00c, 0, 0x80000037), (0x010, 0, 0xc0000077), (0x014, 0x8000b000, 0), (0x018, 0, 0),
    (0x01c, 0, 0xffffffff), (0x020, 0, 0), (0x02c, 0, 0x7fff), (0x03c, 0, 0x1f), (0x040, 0, 0x37),
    (0x044, 0, 0xffff009f), (0x048, 0, 0x1777dff6), (0x058, 0, 0xffffffff), (0x064, 0, 0xffffffff),
    (0x088, 0, 0xffffffff), (0x08c, 0, 0), (0x0a0, 0, 0x00ff00ff), (0x0a4, 0, 0), (0x0c0, 0, 0),
    (0x0e0, 0, 0x1f001f), (0x0e4, 0, 0x33333), (0x0e8, 0, 0x77777777), (0x0ec, 0, 0x77),
    (0x110, 0, 0), (0xbf8, 0x003e0103, 0), (0xbfc, 0x06000500, 0)])
def test_registers(machine, offset, reset, writable):
    assert machine.read(SNVS + offset) == reset
    machine.write(SNVS + offset, 0xffffffff)
    assert machine.read(SNVS + offset) == reset | writable
