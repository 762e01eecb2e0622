"""Migration of the blocks that start-up code touches: what was under way goes on over there.

SPDX-License-Identifier: Apache-2.0
"""

import rt1176
from test_flexspi import FLASH, FLEXSPI1, INTR, IPCMD, IPCR1, IPRXFSTS, MCR0, SECTOR_NS, Flash

SNVS, OCOTP, SEMA4, GPC = 0x40c90000, 0x40cac000, 0x40cc8000, 0x40c00000
SECOND = 1_000_000_000


def prepare(machine):
    machine.write(0x400e4044, 0x5555)          # FlexRAM: banks 0 to 7 as OCRAM
    machine.write(0x400e4048, 0xffff)          # banks 8 to 15 as ITCM
    machine.write(0x400e4040, 0xaa07)
    machine.write(0x20380004, 0x0c0a0001)
    machine.write(0x00000008, 0x17c30002)
    machine.write(SNVS + 0x10c, 0xb007b007)    # LPGPR3
    machine.write(SNVS + 0x54, 0x100)          # LPSRTCLR
    machine.write(SNVS + 0x58, 3)              # LPTAR
    machine.write(SNVS + 0x38, 0x23)           # SRTC_ENV, LPTA_EN
    machine.write(OCOTP, 0x3e77 << 16 | 0x40)
    machine.write(OCOTP + 0x20, 0xf0)
    machine.write(SEMA4 + 5, 1, size=1)
    machine.write(SEMA4 + 0x100, 0xe2, size=2)
    machine.write(GPC + 0x300, 7)              # another set point
    flash = Flash(machine)
    flash.write_register(MCR0, 0xffff0030)
    flash.program(0x2000, bytes(8))
    machine.step(1_000_000)
    flash.erase(0x2000)
    flash.load(7, (1, 0x05), (9, 4))           # status, more than the FIFO takes
    flash.write_register(IPCR1, 7 << 16 | 300)
    flash.write_register(INTR, 1)
    flash.write_register(IPCMD, 1)


def test_round_trip(tmp_path):
    state = tmp_path / "state"
    with rt1176.qtest_machine(tmp_path) as source:
        prepare(source)
        now_ns = source.now_ns
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(now_ns)
        assert target.read(0x20380004) == 0x0c0a0001 and target.read(0x00000008) == 0x17c30002
        assert target.read(SNVS + 0x10c) == 0xb007b007
        assert target.read(GPC + 0x304) == 3 | 3 << 8
        assert target.read(SEMA4 + 5, size=1) == 1
        target.write(SEMA4 + 0x100, 0x51d, size=2)  # the second write
        assert target.read(SEMA4 + 5, size=1) == 0
        assert target.read(FLASH + 0x2000) == 0xffffffff
        assert target.read(FLEXSPI1 + IPRXFSTS) == 32
        assert not target.read(FLEXSPI1 + INTR) & 1
        for _ in range(6):
            target.write(FLEXSPI1 + INTR, 1 << 5)
        assert target.read(FLEXSPI1 + INTR) & 1
        target.step(SECTOR_NS)
        assert Flash(target).status() == 0
        target.write(OCOTP + 4, 1 << 12)
        assert target.read(OCOTP + 0xc00) == 0xf0
        assert not target.irq(66)
        target.step(3 * SECOND)
        assert target.irq(66) and target.read(SNVS + 0x54) > 3 * 32768
