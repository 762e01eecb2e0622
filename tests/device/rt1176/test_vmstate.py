"""Migration: what a device has in it goes along and continues on the other side.

SPDX-License-Identifier: Apache-2.0
"""

import rt1176
from test_lpuart import BASE, BIT_TIME, CTRL, DATA, RE, RXFE, STAT, TC, TE, TXFE, UART, Lpuart

GPT1, MUA, MUB = 0x400ec000, 0x40c48000, 0x40c4c000
ARM_PLL_CTRL = 0x40c84000 + 0x200
WDOG1, RTWDOG3 = 0x40030000, 0x40038000

# One line per thing that a test has changed: what to read, and what it must be.
CHANGES = [
    (rt1176.root(25), 0x00000103),         # of LPUART1
    (ARM_PLL_CTRL, 0x000060a6),
    (0x40c0c004, 0x00002024),              # IOMUXC_LPSR_GPR1
    (0x400e40a0, 0x00005678),              # IOMUXC_GPR40
    (0x40c04014, 0x0000cafe),              # SRC GPR1
    (GPT1 + 0x10, 0x0000ffff),             # OCR1
    (MUB + 0x20, 0x02f00000),              # MUB SR: RR2 is full
    (0x20240000, 0xdeadbeef),              # OCRAM1
]


def prepare(machine):
    machine.write(rt1176.root(25), 0x103)
    machine.write(ARM_PLL_CTRL, 0x60a6)
    machine.write(0x40c0c004, 0x2024)
    machine.write(0x400e40a0, 0x5678)
    machine.write(0x40c04014, 0xcafe)
    machine.write(0x20240000, 0xdeadbeef)
    machine.write(MUA + 8, 0x55)
    machine.write(GPT1 + 0x04, 23)
    machine.write(GPT1 + 0x00, 1 << 0 | 1 << 1 | 1 << 6)
    machine.write(GPT1 + 0x10, 0xffff)
    uart = Lpuart(machine)
    uart.start(ctrl=TE | RE, fifo=RXFE | TXFE)
    uart.receive(0x41, 0x42)
    uart.send(1, 2, 3)
    machine.step(10_000)


def test_round_trip(tmp_path):
    state = tmp_path / "state"
    with rt1176.qtest_machine(tmp_path) as source:
        prepare(source)
        count, now_ns = source.read(GPT1 + 0x24), source.now_ns
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.qmp.await_state()
        assert [target.read(address) for address, _ in CHANGES] == [value for _, value in CHANGES]
        assert target.read(MUB + 0x18) == 0x55
        assert [target.read(BASE + DATA) & 0xff for _ in range(2)] == [0x41, 0x42]
        target.step(now_ns + 100_000)  # qtest's clock starts anew over there
        assert target.read(ARM_PLL_CTRL) == 0x200060a6  # STABLE
        assert target.read(BASE + STAT) & TC
        assert [s.bits >> 1 & 0xff for s in target.symbols(UART)] == [3]
        assert {s.bit_time for s in target.symbols(UART)} == {BIT_TIME}
        assert target.read(BASE + CTRL) == TE | RE
        assert target.read(GPT1 + 0x24) - count in (99, 100)
