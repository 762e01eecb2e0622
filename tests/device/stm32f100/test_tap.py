"""The tap on registers (emu/common/mmio_tap.c): what it writes down, and that the device below
sees what it would have seen.  Accesses of qtest count as those of another bus master, "dma".

SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess

import pytest

import qtest
import stm32f100

CRC, USART2, GPIOA = 0x40023000, 0x40004400, 0x40010800


@pytest.fixture
def tapped(tmp_path):
    """A machine with a tap on CRC and USART2, and what the tap has written."""
    log = tmp_path / "taps"
    with stm32f100.qtest_machine(tmp_path, "-device", "mews-mmio-tap,"
                                 f"regions={CRC:#x}+0xc:{USART2:#x}+0x1c,log={log}") as machine:
        yield machine, lambda: log.read_text().splitlines()


def test_reads_and_writes_with_their_times(tapped):
    machine, lines = tapped
    stm32f100.clock_on(machine, "crc", "usart2")
    machine.step(1_000)
    machine.write(USART2 + 0x8, 0x1a1)
    assert machine.read(USART2 + 0x8) == 0x1a1
    machine.step(234)
    assert machine.read(USART2) == 0xc0
    assert lines() == ["1000 w 4 40004408 000001a1 dma", "1000 r 4 40004408 000001a1 dma",
                       "1234 r 4 40004400 000000c0 dma"]


@pytest.mark.parametrize("size, value, word", [(1, 0x5a, 0x5a5a), (2, 0x1234, 0x1234)])
def test_narrow_accesses_reach_the_device_as_they_are(tapped, size, value, word):
    """The bridge repeats them over the word (RM0041 2.1)."""
    machine, lines = tapped
    stm32f100.clock_on(machine, "usart2")
    machine.write(USART2 + 0x8, value, size=size)
    assert machine.read(USART2 + 0x9, size=1) == word >> 8
    assert machine.read(USART2 + 0x8) == word
    assert lines() == [f"0 w {size} 40004408 {value:0{2 * size}x} dma",
                       f"0 r 1 40004409 {word >> 8:02x} dma", f"0 r 4 40004408 {word:08x} dma"]


def test_bus_errors(tapped):
    """CRC_DR takes words only; the wrong access does nothing."""
    machine, lines = tapped
    stm32f100.clock_on(machine, "crc")
    machine.write(CRC, 0x11, size=1)
    machine.read(CRC, size=2)
    assert machine.read(CRC) == 0xffffffff
    assert [line.split()[1:4] for line in lines()] == [
        ["w", "1", "40023000"], ["e", "1", "40023000"], ["r", "2", "40023000"],
        ["e", "2", "40023000"], ["r", "4", "40023000"]]


def test_who_looks_from_outside(tapped, tmp_path):
    machine, lines = tapped
    stm32f100.clock_on(machine, "usart2")
    machine.qmp.command("memsave", **{"val": USART2, "size": 4, "cpu-index": 0,
                                      "filename": str(tmp_path / "word")})
    assert (tmp_path / "word").read_bytes() == b"\xc0\0\0\0"
    assert lines() == ["0 r 4 40004400 000000c0 debugger"]


def test_instructions(build_image, tmp_path):
    """Accesses of a core have the address of the instruction: of a load or a store."""
    log, rcc = tmp_path / "taps", 0x40021000
    elf = build_image("core")
    stm32f100.run_image(elf, tmp_path, "-device",
                        f"mews-mmio-tap,regions={rcc:#x}+0x30,log={log}")
    code = subprocess.run(["arm-none-eabi-objdump", "-d", elf], capture_output=True, text=True,
                          check=True, timeout=60).stdout
    instructions = dict(re.findall(r"^ +([0-9a-f]+):\t[0-9a-f ]+\t(\w+)", code, re.MULTILINE))
    lines = [line.split() for line in log.read_text().splitlines()]
    assert lines
    for _, what, _, _, _, pc, _ in lines:
        assert instructions[f"{int(pc, 16):x}"].startswith("ldr" if what == "r" else "str")


def test_only_what_is_tapped_is_written_down(tapped):
    machine, lines = tapped
    stm32f100.clock_on(machine, "gpioa", "usart2")
    machine.write(GPIOA + 0xc, 1)
    machine.read(USART2 + 0x1c)
    assert lines() == []


def test_accesses_within_an_access(tmp_path):
    """A write that lets the DMA move at once: its accesses come after it."""
    log = tmp_path / "taps"
    dma, sram = 0x40020000, 0x20000000
    with stm32f100.qtest_machine(tmp_path, "-device", "mews-mmio-tap,"
                                 f"regions={dma:#x}+0x90:{CRC:#x}+0xc,log={log}") as machine:
        stm32f100.clock_on(machine, "dma1", "crc")
        machine.write(sram, 0x12345678)
        machine.write(dma + 0xc, 1)
        machine.write(dma + 0x10, CRC)
        machine.write(dma + 0x14, sram)
        machine.write(dma + 0x8, 0x4a11)  # MEM2MEM, words, from memory, EN
        assert machine.read(CRC) != 0xffffffff
        written = [line.split()[1:5] for line in log.read_text().splitlines()]
    assert written[-3:-1] == [["w", "4", "40020008", "00004a11"],
                              ["w", "4", "40023000", "12345678"]]


@pytest.mark.parametrize("options, words", [
    ("regions=0x40023000+0xc", "properties regions and log are needed"),
    ("log=/dev/null", "properties regions and log are needed"),
    ("regions=0x40023000,log=/dev/null", "regions are BASE+SIZE, not '0x40023000'"),
    ("regions=0x40023000+0,log=/dev/null", "regions are BASE+SIZE, not '0x40023000+0'"),
    ("regions=0x40023000+0xc:0x5+x,log=/dev/null", "regions are BASE+SIZE, not '0x5+x'"),
    ("regions=0x60000000+4,log=/dev/null", "no device at 0x60000000+0x4"),
    ("regions=0x20000000+4,log=/dev/null", "no device at 0x20000000+0x4"),
    ("regions=0x40023000+0x800,log=/dev/null", "no device at 0x40023000+0x800"),
    ("regions=0x40023000+0xc,log=/nowhere/taps", "/nowhere/taps: No such file or directory"),
])
def test_what_is_refused(build_image, options, words):
    code, said = qtest.try_image(build_image("core"), stm32f100.MODEL, "-device",
                                 f"mews-mmio-tap,{options}")
    assert code == 1 and words in said
