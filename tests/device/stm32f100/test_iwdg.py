"""Independent watchdog (RM0041 chapter 18) on LSI, nominally 40 kHz.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

KR, PR, RLR, SR = (0x40003000 + offset for offset in (0x0, 0x4, 0x8, 0xc))
UNLOCK, RELOAD, START = 0x5555, 0xaaaa, 0xcccc
PVU, RVU = 1, 2
RCC_CSR = 0x40021024
LSION, RMVF, PINRSTF, SFTRSTF, IWDGRSTF = 1 << 0, 1 << 24, 1 << 26, 1 << 28, 1 << 29
AIRCR, SYSRESETREQ = 0xe000ed0c, 0x05fa0004
LSI_NS = 25_000
UPDATE_NS = 5 * LSI_NS
SRAM = 0x20000000


def start(machine, prescaler, reload):
    """As 18.3 has it: PR and RLR, wait for SR, reload, start."""
    machine.write(KR, UNLOCK)
    machine.write(PR, prescaler)
    machine.write(RLR, reload)
    machine.step(UPDATE_NS)
    machine.write(KR, RELOAD)
    machine.write(KR, START)


def has_reset(machine):
    return bool(machine.read(RCC_CSR) & IWDGRSTF)


def expect_reset_in(machine, ns):
    machine.step(ns - 1)
    assert not has_reset(machine)
    machine.step(1)
    assert has_reset(machine)


def test_reset_values(machine):
    """18.4.5"""
    assert [machine.read(r) for r in (KR, PR, RLR, SR)] == [0, 0, 0xfff, 0]


@pytest.mark.parametrize("prescaler, divider", [
    (0, 4), (1, 8), (2, 16), (3, 32), (4, 64), (5, 128), (6, 256), (7, 256)])
@pytest.mark.parametrize("reload", [0, 1, 0xfff])
def test_timeout(machine, prescaler, divider, reload):
    """Table 78: (RLR + 1) x divider / 40 kHz, so 0.1 ms to 26214.4 ms."""
    start(machine, prescaler, reload)
    expect_reset_in(machine, (reload + 1) * divider * LSI_NS)


def test_timeout_as_on_silicon(machine):
    """STM32VLDISCOVERY: PR = 5, RLR = 0x123 resets after about 1.2 s; 0.934 s at nominal LSI."""
    start(machine, 5, 0x123)
    expect_reset_in(machine, 292 * 128 * LSI_NS)


def test_starts_with_reset_values(machine):
    machine.write(KR, START)
    expect_reset_in(machine, 4096 * 4 * LSI_NS)


def test_never_resets_unless_started(machine):
    machine.write(KR, RELOAD)
    machine.step(100_000_000_000)
    assert not has_reset(machine)


def test_reload_starts_the_count_anew(machine):
    start(machine, 0, 99)
    for _ in range(10):
        machine.step(100 * 4 * LSI_NS - 1)
        machine.write(KR, RELOAD)
    expect_reset_in(machine, 100 * 4 * LSI_NS)


@pytest.mark.parametrize("key", [0, 0x5555, 0xcccc, 0xaaab, 0x1234])
def test_other_keys_do_not_reload(machine, key):
    """18.4.1"""
    start(machine, 0, 99)
    machine.step(50 * 4 * LSI_NS)
    machine.write(KR, key)
    expect_reset_in(machine, 50 * 4 * LSI_NS)


def test_cannot_be_stopped(machine):
    """18.3: neither by a key nor by turning LSI off (6.2.9)."""
    start(machine, 0, 99)
    machine.write(KR, 0)
    machine.write(RCC_CSR, 0)
    assert machine.read(RCC_CSR) & LSION
    expect_reset_in(machine, 100 * 4 * LSI_NS)


def test_registers_are_protected_by_the_key(machine):
    """18.3.2"""
    machine.write(PR, 5)
    machine.write(RLR, 0x123)
    assert [machine.read(r) for r in (PR, RLR, SR)] == [0, 0xfff, 0]
    machine.write(KR, UNLOCK)
    machine.write(PR, 5)
    assert machine.read(SR) == PVU


@pytest.mark.parametrize("key", [RELOAD, START, 0])
def test_another_key_protects_again(machine, key):
    machine.write(KR, UNLOCK)
    machine.write(KR, key)
    machine.write(PR, 5)
    machine.write(RLR, 0x123)
    assert [machine.read(r) for r in (PR, RLR, SR)] == [0, 0xfff, 0]
    machine.write(KR, UNLOCK)
    machine.write(RLR, 0x123)
    assert machine.read(SR) == RVU


def test_reserved_bits_read_zero(machine):
    machine.write(KR, UNLOCK)
    machine.write(PR, 0xffffffff)
    machine.write(RLR, 0xffffffff)
    assert [machine.read(r) for r in (KR, PR, RLR)] == [0, 7, 0xfff]


def test_update_flags_last_five_lsi_cycles(machine):
    """18.4.4: up to five cycles."""
    machine.write(KR, UNLOCK)
    machine.write(PR, 5)
    assert machine.read(SR) == PVU
    machine.step(LSI_NS)
    machine.write(RLR, 0x123)
    assert machine.read(SR) == PVU | RVU
    machine.step(4 * LSI_NS - 1)
    assert machine.read(SR) == PVU | RVU
    machine.step(1)
    assert machine.read(SR) == RVU
    machine.step(LSI_NS)
    assert machine.read(SR) == 0


def test_no_write_while_the_last_is_on_its_way(machine):
    """18.4.2, 18.4.3: only when PVU, RVU is 0."""
    machine.write(KR, UNLOCK)
    machine.write(PR, 5)
    machine.write(RLR, 0x123)
    machine.write(PR, 1)
    machine.write(RLR, 0x456)
    assert [machine.read(r) for r in (PR, RLR)] == [5, 0x123]
    machine.step(UPDATE_NS)
    machine.write(PR, 1)
    machine.write(RLR, 0x456)
    assert [machine.read(r) for r in (PR, RLR)] == [1, 0x456]


def test_flags_cannot_be_written(machine):
    machine.write(SR, 3)
    assert machine.read(SR) == 0


def test_reset_puts_everything_back(machine):
    """The watchdog's own reset stops it; SRAM keeps what it holds."""
    machine.write(SRAM, 0x12345678)
    start(machine, 0, 99)
    machine.step(100 * 4 * LSI_NS)
    assert [machine.read(r) for r in (PR, RLR, SR)] == [0, 0xfff, 0]
    machine.write(KR, UNLOCK)
    machine.write(PR, 5)
    assert machine.read(SR) == PVU
    assert machine.read(SRAM) == 0x12345678
    machine.write(RCC_CSR, RMVF)
    machine.step(30_000_000_000)
    assert machine.read(RCC_CSR) == 0


def test_reset_cause(machine):
    """6.3.10; after a software reset, as read on an STM32VLDISCOVERY: 0x14000000, 0x34000000."""
    machine.write(RCC_CSR, RMVF)
    machine.write(AIRCR, SYSRESETREQ)
    assert machine.read(RCC_CSR) == SFTRSTF | PINRSTF == 0x14000000
    start(machine, 0, 0)
    machine.step(4 * LSI_NS)
    assert machine.read(RCC_CSR) == IWDGRSTF | SFTRSTF | PINRSTF == 0x34000000


def test_cause_of_a_watchdog_reset_alone(machine):
    machine.write(RCC_CSR, RMVF)
    start(machine, 0, 0)
    machine.step(4 * LSI_NS)
    assert machine.read(RCC_CSR) == IWDGRSTF | PINRSTF
