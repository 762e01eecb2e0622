"""Migration of USART and DMA1: in the middle of a character and of a block, the
other side goes on as this one would have.

Both sides do the same from the moment of saving on, and every later sight of them
is compared: flags, counters, memory, interrupts and symbols, with their times.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
import test_usart
from test_dma import (DMA1, DIR, EN, GIF, HTIE, HTIF, ISR, MEM2MEM, MINC, PINC, PL, SOURCE, SRAM,
                      TARGET, TCIE, TCIF, Channel, get, put)
from test_usart import CR1, CR3, DMAT, DR, RE, SR, TE, UE, Usart, ns

MESSAGE = b"in flight"


def prepare(machine):
    """USART2 amid the second of nine characters by DMA; USART1 with ORE, seen by a read
    of SR, amid a break, with a DMA request that nobody serves; USART3 in its idle frame;
    a block move amid its sixth item."""
    stm32f100.run_from_hse(machine)
    overrun = Usart(machine, 1)
    overrun.start()
    overrun[CR3] = DMAT
    overrun.receive(0x5a, 0x5b)
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
    Channel(machine, 1).start(MEM2MEM | MINC | PINC, 100, SRAM + 0x400, TARGET)
    overrun[CR1] = UE | TE | RE | test_usart.SBK
    overrun[SR]
    machine.step(1_000)  # 4 transfers of 208 ns, and 168 ns of the fifth


def sight(machine):
    """What can be seen without changing anything but USART1's flags."""
    channels = [Channel(machine, n) for n in (1, 7, 4)]
    return (
        [(c.ccr, c.cndtr, c.cpar, c.cmar, c.irq()) for c in channels],
        machine.read(DMA1 + ISR),
        [machine.read(test_usart.BASE[n] + r)
         for n, r in ((2, SR), (3, SR), (1, CR1), (2, CR1), (3, CR1))],
        get(machine, TARGET, 25, size=4),
    )


def continue_from_here(machine, wait_ns):
    """Sights of the next 80 us, then symbols with times from now on.

    After @wait_ns channel 4 is enabled: its request stands, but the bus is busy.
    """
    start_ns = machine.now_ns
    if wait_ns:
        machine.step(wait_ns)
    Channel(machine, 4).start(3 << PL, 4, SRAM, SRAM + 4)
    seen = [sight(machine)]
    for _ in range(8):
        machine.step(40)
        seen.append(sight(machine))
    overrun = machine.read(test_usart.BASE[1] + DR)  # the read of SR came before saving
    seen.append((overrun, machine.read(test_usart.BASE[1] + SR)))
    for _ in range(70):
        machine.step(1_111)
        seen.append(sight(machine))
    symbols = [(s.uart, s.start_ns - start_ns, s.bit_time, s.bits, s.kind)
               for n in (1, 2, 3) for s in machine.symbols(f"usart{n}") if s.start_ns >= start_ns]
    return seen, symbols


@pytest.mark.parametrize("wait_ns, items_left, served_at", [(0, 95, 1), (50, 94, 5)])
def test_goes_on_on_the_other_side(tmp_path, wait_ns, items_left, served_at):
    expected = stm32f100.round_trip(tmp_path, prepare,
                                    lambda machine: continue_from_here(machine, wait_ns))
    (block, _, _), _, _, _ = expected[0][0]
    assert (block[0] & EN, block[1]) == (EN, items_left)
    assert [now[0][2][1] for now in expected[0][:served_at + 1]] == [4] * served_at + [3]
    check_that_it_was_in_the_middle(*expected)


def check_that_it_was_in_the_middle(seen, symbols):
    (_, sending, _), isr, usarts, _ = seen[0]
    assert usarts[2] & test_usart.SBK and not seen[-1][2][2] & test_usart.SBK
    assert sending[1] == len(MESSAGE) - 3  # one sent, one in the shifter, one in DR
    assert isr == 0
    assert seen[9] == (0x5a, test_usart.TXE | test_usart.TC), "this read of DR clears ORE"
    assert seen[-1][1] & (GIF | HTIF | TCIF) << 24 == (GIF | HTIF | TCIF) << 24
    assert seen[-1][0][1][4], "interrupt of channel 7"
    text = bytes(bits >> 1 & 0xff for uart, _, _, bits, _ in symbols if uart == "usart2")
    assert text == MESSAGE[2:]
    assert [(uart, bits >> 1 & 0xff) for uart, _, _, bits, _ in symbols if uart != "usart2"] == [
        ("usart3", 0x33)]
