"""SEMA4: gates, notifications, resets by force (IMXRT1170RM, chapter "Semaphores").
Under qtest every access is the M7's; the M4 plays its part in the image sema4.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

from test_boot import console

SEMA4 = 0x40cc8000
CP0INE, CP1INE, CP0NTF, CP1NTF, RSTGT, RSTNTF = (SEMA4 + n for n in (0x40, 0x48, 0x80, 0x88, 0x100, 0x104))


@pytest.mark.parametrize("gate", range(16))
def test_lock_and_unlock(machine, gate):
    machine.write(SEMA4 + gate, 1, size=1)
    assert [machine.read(SEMA4 + n, size=1) for n in range(16)] == [int(n == gate) for n in range(16)]
    machine.write(SEMA4 + gate, 1, size=1)
    assert machine.read(SEMA4 + gate, size=1) == 1
    machine.write(SEMA4 + gate, 0, size=1)
    assert machine.read(SEMA4 + gate, size=1) == 0


@pytest.mark.parametrize("value", [2, 3])
def test_the_m7_cannot_lock_for_another(machine, value):
    machine.write(SEMA4, value, size=1)
    assert machine.read(SEMA4, size=1) == 0


def test_both_cores(build_image, run_image):
    assert console(run_image(build_image("sema4"))) == "".join(f"{line}\n" for line in (
        "the M4's 00000002", "still 00000002", "still 00000002", "free 00000000", "free 00000000",
        "held 00000001", "not yet 00000000", "told 00000400", "pending 00000001", "late 00000000",
        "told 00000400", "has it 00000002", "no more 00000000", "kept 00000002", "freed 00000000"))


@pytest.mark.parametrize("number, freed", [(4, [4]), (16, [4, 9]), (64, [4, 9])])
def test_reset_of_gates(machine, number, freed):
    """RSTGT: 0xE2, then 0x1D with a gate's number, or any other for all of them."""
    for gate in (4, 9):
        machine.write(SEMA4 + gate, 1, size=1)
    machine.write(RSTGT, 0xe2, size=2)
    assert machine.read(RSTGT, size=2) == 1 << 4
    machine.write(RSTGT, number << 8 | 0x1d, size=2)
    assert machine.read(RSTGT, size=2) == number << 8 | 2 << 4
    assert [machine.read(SEMA4 + gate, size=1) for gate in (4, 9)] == [int(g not in freed) for g in (4, 9)]


@pytest.mark.parametrize("writes", [[0x1d], [0xe2, 0xe2, 0xff, 0x1d], [0xe2, 0x1c], [0xe2, 0xff, 0x1d]])
def test_wrong_sequences_reset_nothing(machine, writes):
    machine.write(SEMA4, 1, size=1)
    for value in writes:
        machine.write(RSTGT, value, size=2)
    assert machine.read(SEMA4, size=1) == 1


def test_reset_of_notifications(machine):
    """RSTNTF: 0x47, 0xB8."""
    machine.write(RSTNTF, 0x47, size=2)
    assert machine.read(RSTNTF, size=2) == 1 << 4
    machine.write(RSTNTF, 0xb8, size=2)
    assert machine.read(RSTNTF, size=2) == 2 << 4


def test_notification_registers(machine):
    for address in (CP0INE, CP1INE):
        machine.write(address, 0xa5a5, size=2)
        assert machine.read(address, size=2) == 0xa5a5
    for address in (CP0NTF, CP1NTF):
        machine.write(address, 0xffff, size=2)
        assert machine.read(address, size=2) == 0


def test_reset_frees_everything(machine):
    machine.write(SEMA4, 1, size=1)
    machine.write(CP0INE, 0xffff, size=2)
    machine.qmp.command("system_reset")
    assert machine.read(SEMA4, size=1) == 0 and machine.read(CP0INE, size=2) == 0
