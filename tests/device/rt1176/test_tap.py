"""The tap on registers (emu/common/mmio_tap.c) of a machine with two cores: which core an
access is by, and that an instruction which the MU has executed again, because the other core
has to be as far, is written down once.

SPDX-License-Identifier: Apache-2.0
"""

import rt1176

MUA, MUB, LPSR_GPR = 0x40c48000, 0x40c4c000, 0x40c0c000
TR0, RR0, MU_BYTES = 0x00, 0x10, 0x28
LPUART1, MATCH, LPCG86 = 0x4007c000, 0x20, 0x40cc6000 + 86 * 0x20
ECHOES = 3  # of images/dual.c


def test_accesses_of_two_cores(build_image, tmp_path):
    """images/dual.c: the M7 uses side A and IOMUXC_LPSR_GPR only, from flash; the M4 side B only,
    from where the M7 has put its code.  What the one writes to TR0 the other reads from RR0, and
    each of both accesses is there once."""
    log = tmp_path / "taps"
    rt1176.run_image(build_image("dual"), tmp_path, "-device",
                     f"mews-mmio-tap,regions={MUA:#x}+{MU_BYTES:#x}:{MUB:#x}+{MU_BYTES:#x}"
                     f":{LPSR_GPR:#x}+0x8,log={log}")
    rows = [line.split() for line in log.read_text().splitlines()]
    assert all(len(row) == 8 for row in rows)
    assert {(row[5], int(row[3], 16) & ~0x3fff) for row in rows} == {
        ("cm7", MUA), ("cm7", LPSR_GPR), ("cm4", MUB)}
    assert {(row[5], row[6][:4]) for row in rows} == {("cm7", "3000"), ("cm4", "2020")}
    sent = [int(row[4], 16) for row in rows if (row[1], int(row[3], 16)) == ("w", MUA + TR0)]
    received = [int(row[4], 16) for row in rows if (row[1], int(row[3], 16)) == ("r", MUB + RR0)]
    assert sent == received == [0x12345678 + n for n in range(ECHOES)]


def test_a_closed_gate_is_closed_under_the_tap(tmp_path):
    """What is written to LPUART1_MATCH while LPCG86 is closed is a bus error, and is not there when
    it is open again."""
    log = tmp_path / "taps"
    with rt1176.qtest_machine(tmp_path, "-device",
                              f"mews-mmio-tap,regions={LPUART1:#x}+0x30,log={log}") as machine:
        machine.write(LPUART1 + MATCH, 0x11)
        machine.write(LPCG86, 0)
        machine.write(LPUART1 + MATCH, 0x22)
        machine.write(LPCG86, 1)
        assert machine.read(LPUART1 + MATCH) == 0x11
    rows = [line.split()[1:5] for line in log.read_text().splitlines()]
    assert [(kind, int(value, 16)) for kind, _, _, value in rows] == [
        ("w", 0x11), ("w", 0x22), ("e", 0x22), ("r", 0x11)]
