"""The tap on registers (emu/common/mmio_tap.c) of a machine with two cores: which core an
access is by, and that an instruction which the MU has executed again, because the other core
has to be as far, is written down once.

SPDX-License-Identifier: Apache-2.0
"""

import subprocess

import rt1176

MUA, MUB, LPSR_GPR = 0x40c48000, 0x40c4c000, 0x40c0c000
TR0, RR0, MU_BYTES = 0x00, 0x10, 0x28
ECHOES = 3  # of images/dual.c


def accesses(build_image, tmp_path):
    """[(what, address, value, core, instruction)] of dual.c to both sides of the MU."""
    log = tmp_path / "taps"
    elf = build_image("dual")
    rt1176.run_image(elf, tmp_path, "-device",
                     f"mews-mmio-tap,regions={MUA:#x}+{MU_BYTES:#x}:{MUB:#x}+{MU_BYTES:#x}"
                     f":{LPSR_GPR:#x}+0x8,log={log}")
    rows = [line.split() for line in log.read_text().splitlines()]
    assert all(len(row) == 8 for row in rows)
    return elf, [(row[1], int(row[3], 16), int(row[4], 16), row[5], int(row[6], 16))
                 for row in rows]


def test_each_core_has_its_name(build_image, tmp_path):
    """images/dual.c: the M7 uses side A and IOMUXC_LPSR_GPR only, the M4 side B only."""
    _, rows = accesses(build_image, tmp_path)
    assert {(core, address & ~0x3fff) for _, address, _, core, _ in rows} == {
        ("cm7", MUA), ("cm7", LPSR_GPR), ("cm4", MUB)}


def test_each_access_once(build_image, tmp_path):
    """What the one core sends the other one receives: as many writes of TR0 as reads of RR0."""
    _, rows = accesses(build_image, tmp_path)
    sent = [value for what, address, value, _, _ in rows if (what, address) == ("w", MUA + TR0)]
    received = [value for what, address, value, _, _ in rows if (what, address) == ("r", MUB + RR0)]
    assert sent == received == [0x12345678 + n for n in range(ECHOES)]


def test_instructions_of_both_cores(build_image, tmp_path):
    """Loads and stores of the core that is named: the M4's code lies where the M7 has put it."""
    elf, rows = accesses(build_image, tmp_path)
    table = subprocess.run(["arm-none-eabi-nm", elf], capture_output=True, text=True, check=True,
                           timeout=60).stdout
    assert "m4_start" in table
    assert all(0x30000000 <= pc < 0x31000000 for _, _, _, core, pc in rows if core == "cm7")
    assert all(0x20200000 <= pc < 0x20240000 for _, _, _, core, pc in rows if core == "cm4")
