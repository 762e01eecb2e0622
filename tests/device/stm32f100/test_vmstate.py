"""Migration of USART and DMA1: in the middle of a character and of a block, the
other side goes on as this one would have.

Both sides do the same from the moment of saving on, and every later sight of them
is compared: flags, counters, memory, interrupts and symbols, with their times.

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100
import test_usart
from test_dma import (CIRC, DMA1, DIR, EN, GIF, HTIE, HTIF, ISR, MEM2MEM, MINC, PINC, SOURCE, SRAM,
                      TARGET, TCIE, TCIF, Channel, get, put)
from test_usart import CR1, CR3, DMAR, DMAT, DR, RE, SR, TE, UE, Usart, ns

MESSAGE = b"in flight"
# QEMU 10.0 cannot save a Cortex-M3 without an MPU, which is what the part has.
MPU = ("-machine", "mpu-regions=8")


def prepare(machine):
    """USART2 amid the second of nine characters by DMA; USART1 with ORE, seen by a read
    of SR, and a break; USART3 in its idle frame; a block move amid its 100 items."""
    stm32f100.run_from_hse(machine)
    overrun = Usart(machine, 1)
    overrun.start()
    overrun.receive(0x5a, 0x5b)
    overrun[CR1] = UE | TE | RE | test_usart.SBK
    overrun[SR]
    sender = Usart(machine, 2)
    sender.start(cr3=DMAT)
    put(machine, SOURCE, *MESSAGE)
    stm32f100.clock_on(machine, "dma1")
    Channel(machine, 7).start(DIR | MINC | TCIE | HTIE, len(MESSAGE), sender.base + DR, SOURCE)
    machine.step(ns(11))
    third = Usart(machine, 3)
    stm32f100.pin_mode(machine, "PB10", stm32f100.AF_OUTPUT)
    third[test_usart.BRR] = 16
    third[CR1] = UE | TE
    third[DR] = 0x33
    put(machine, TARGET, *[0] * 100)
    put(machine, SRAM + 0x400, *range(100))
    Channel(machine, 1).start(MEM2MEM | MINC | PINC | CIRC, 100, SRAM + 0x400, TARGET)
    machine.step(1_000)


def sight(machine):
    """What can be seen without changing anything but USART1's flags."""
    channels = [Channel(machine, n) for n in (1, 7)]
    return (
        [(c.ccr, c.cndtr, c.cpar, c.cmar, c.irq()) for c in channels],
        machine.read(DMA1 + ISR),
        [machine.read(test_usart.BASE[n] + r) for n in (2, 3) for r in (SR, CR1, CR3)],
        get(machine, TARGET, 25, size=4),
    )


def continue_from_here(machine):
    """Sights of the next 80 us, then symbols with times from now on."""
    start_ns = machine.now_ns
    seen = [sight(machine)]
    overrun = machine.read(test_usart.BASE[1] + DR)  # the read of SR came before saving
    seen.append((overrun, machine.read(test_usart.BASE[1] + SR)))
    for step_ns in [208] * 10 + [1_111] * 70:
        machine.step(step_ns)
        seen.append(sight(machine))
    symbols = [(s.uart, s.start_ns - start_ns, s.bit_time, s.bits, s.kind)
               for n in (1, 2, 3) for s in machine.symbols(f"usart{n}") if s.start_ns >= start_ns]
    return seen, symbols


def test_goes_on_on_the_other_side(tmp_path):
    state = tmp_path / "state"
    with stm32f100.qtest_machine(tmp_path, *MPU) as source:
        prepare(source)
        source.qmp.command("migrate", uri=f"file:{state}")
        while source.qmp.command("query-migrate").get("status") not in ("completed", "failed"):
            pass
        assert source.qmp.command("query-migrate")["status"] == "completed"
        saved_ns = source.now_ns
    (tmp_path / "here").mkdir()
    with stm32f100.qtest_machine(tmp_path / "here", *MPU) as stayed:
        prepare(stayed)
        assert stayed.now_ns == saved_ns
        expected = continue_from_here(stayed)
    (tmp_path / "there").mkdir()
    with stm32f100.qtest_machine(tmp_path / "there", *MPU, "-incoming",
                                 f"file:{state}") as target:
        while target.qmp.command("query-status")["status"] == "inmigrate":
            pass
        target.step(saved_ns)  # qtest's clock starts anew over there
        assert continue_from_here(target) == expected
    check_that_it_was_in_the_middle(*expected)


def check_that_it_was_in_the_middle(seen, symbols):
    (block, sending), isr, _, _ = seen[0]
    assert 0 < block[1] < 100 and block[0] & EN
    assert sending[1] == len(MESSAGE) - 3  # one sent, one in the shifter, one in DR
    assert isr == 0
    # ORE is cleared by this read of DR; IDLE, which came after the read of SR, is not
    assert seen[1] == (0x5a, test_usart.TXE | test_usart.TC | test_usart.IDLE)
    assert seen[-1][1] & (GIF | HTIF | TCIF) << 24 == (GIF | HTIF | TCIF) << 24
    assert seen[-1][0][1][4], "interrupt of channel 7"
    text = bytes(bits >> 1 & 0xff for uart, _, _, bits, _ in symbols if uart == "usart2")
    assert text == MESSAGE[2:]
    assert [(uart, bits >> 1 & 0xff) for uart, _, _, bits, _ in symbols if uart != "usart2"] == [
        ("usart3", 0x33)]
