"""DMA of the LPUARTs end to end (IMXRT1170RM, chapter "LPUART", "DMA operation"; chapter
"eDMA"; DMAMUX sources of "Interrupts, DMA Events, and XBAR Assignments"): transfers are
paced by the characters on the wire.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import edma
import qtest
from edma import DREQ, ENBL, ERQ, INT, INTMAJOR, OCRAM, SERQ
from test_lpuart import (BASE, BIT_NS, DATA, IDLE, IDLECFG_SHIFT, ILIE, ILT, IRQ, OR, RDRF, RE,
                         RXFE, STAT, TC, TE, TXFE, Lpuart)

RIDMAE, RDMAE, TDMAE = 1 << 20, 1 << 21, 1 << 23
TX_SOURCE, RX_SOURCE = 18, 19  # of LPUART6
TX, RX = 0, 17  # channels
BUFFER = OCRAM + 0x100


@pytest.fixture
def uart(machine):
    return Lpuart(machine)


@pytest.fixture
def dma(machine):
    return edma.Edma(machine)


def start_transmission(dma, text, csr=DREQ | INTMAJOR):
    dma.put(BUFFER, text + bytes(-len(text) % 4))
    dma.route(TX, ENBL | TX_SOURCE)
    dma.set_tcd(TX, edma.tcd(BUFFER, BASE + DATA, nbytes=1, doff=0, ssize=edma.BYTE,
                             dsize=edma.BYTE, iterations=len(text), csr=csr))
    dma.command(SERQ, TX)


def start_reception(dma, length, csr=DREQ | INTMAJOR, dlast=0):
    dma.route(RX, ENBL | RX_SOURCE)
    dma.set_tcd(RX, edma.tcd(BASE + DATA, BUFFER, nbytes=1, soff=0, ssize=edma.BYTE,
                             dsize=edma.BYTE, iterations=length, csr=csr, dlast=dlast))
    dma.command(SERQ, RX)


@pytest.mark.parametrize("fifo", [0, TXFE])
def test_transmission_is_paced_by_the_wire(uart, dma, fifo):
    uart.start(fifo=fifo, baud=TDMAE)
    text = bytes(range(1, 41))
    start_transmission(dma, text)
    uart.machine.step(int(20 * 10 * BIT_NS))
    assert 17 <= 40 - dma.citer(TX) <= 26  # no faster than the wire, but for the FIFO
    assert not uart.machine.irq(TX)
    uart.machine.step(int(21 * 10 * BIT_NS))
    sent = uart.sent()
    assert bytes(s.bits >> 1 & 0xff for s in sent) == text
    gaps = {b.start_ns - a.start_ns for a, b in zip(sent, sent[1:])}
    assert gaps <= {int(10 * BIT_NS), int(10 * BIT_NS) + 1}, "no gap between characters"
    assert uart.machine.irq(TX)
    assert dma[INT] == 1 << TX
    assert not dma[ERQ] & 1 << TX
    assert uart[STAT] & TC


def test_no_request_without_tdmae(uart, dma):
    uart.start()
    start_transmission(dma, b"AB")
    uart.machine.step(100_000)
    assert not uart.sent()


def test_no_request_without_erq(uart, dma):
    uart.start(baud=TDMAE)
    start_transmission(dma, b"AB")
    dma.command(edma.CERQ, TX)
    uart.machine.step(100_000)
    assert len(uart.sent()) <= 1


def test_wrong_source_moves_nothing(uart, dma):
    uart.start(baud=TDMAE)
    dma.route(TX, ENBL | TX_SOURCE + 2)
    dma.set_tcd(TX, edma.tcd(BUFFER, BASE + DATA, nbytes=1, doff=0, ssize=0, dsize=0))
    dma.command(SERQ, TX)
    uart.machine.step(100_000)
    assert not uart.sent()


def test_reception(uart, dma):
    uart.start(fifo=RXFE, baud=RDMAE)
    start_reception(dma, 8)
    uart.receive(*b"ABCDEFG")
    uart.machine.step(2_000)
    assert dma.get(BUFFER, 8) == b"ABCDEFG\0"
    assert dma.citer(RX) == 1
    assert not uart.machine.irq(RX - 16)
    uart.receive(0x48)
    uart.machine.step(2_000)
    assert dma.get(BUFFER, 8) == b"ABCDEFGH"
    assert dma[INT] == 1 << RX
    assert uart.machine.irq(RX - 16), "channels n and n + 16 share an interrupt"
    assert not uart[STAT] & (RDRF | OR)


def test_reception_that_has_ended_leaves_the_rest_to_the_uart(uart, dma):
    uart.start(fifo=RXFE, baud=RDMAE)
    start_reception(dma, 2)
    uart.receive(*b"ABC")
    uart.machine.step(2_000)
    assert dma.get(BUFFER, 4) == b"AB\0\0"
    assert uart[STAT] & RDRF
    assert uart[DATA] & 0xff == 0x43


def test_reception_terminated_by_an_idle_line(uart, dma):
    """As drivers do it: a circular buffer, and IDLE's interrupt looks how far it is."""
    uart.start(ctrl=TE | RE | ILT | ILIE | 1 << IDLECFG_SHIFT, fifo=RXFE, baud=RDMAE)
    start_reception(dma, 64, csr=INTMAJOR, dlast=-64)
    uart.receive(*b"a packet")
    uart.machine.step(int(19 * 10 * BIT_NS / 10))
    assert not uart.machine.irq(IRQ)
    uart.machine.step(int(10 * BIT_NS))
    assert uart.machine.irq(IRQ)
    assert uart[STAT] & IDLE
    assert dma.citer(RX) == 64 - 8
    assert dma.daddr(RX) == BUFFER + 8
    uart[STAT] = IDLE
    uart.receive(*range(64 - 8))
    uart.machine.step(2_000)
    assert dma[INT] == 1 << RX
    assert dma.daddr(RX) == BUFFER
    uart.receive(*b"x")
    uart.machine.step(2_000)
    assert dma.get(BUFFER, 8) == b"x packet"


def test_both_directions_at_once(uart, dma):
    uart.start(fifo=RXFE | TXFE, baud=RDMAE | TDMAE)
    start_reception(dma, 16)
    dma.put(BUFFER + 64, bytes(range(16)))
    dma.route(TX, ENBL | TX_SOURCE)
    dma.set_tcd(TX, edma.tcd(BUFFER + 64, BASE + DATA, nbytes=1, doff=0, ssize=0, dsize=0,
                             iterations=16, csr=DREQ))
    dma.command(SERQ, TX)
    uart.receive(*range(16, 32))
    uart.machine.step(20_000)
    assert dma.get(BUFFER, 16) == bytes(range(16, 32))
    assert bytes(s.bits >> 1 & 0xff for s in uart.sent()) == bytes(range(16))


def test_lpsr_domain_reaches_the_same_uart(uart, machine):
    dma = edma.Edma(machine, edma.EDMA_LPSR, edma.DMAMUX_LPSR)
    uart.start(fifo=TXFE, baud=TDMAE)
    start_transmission(dma, b"LPSR")
    machine.step(100_000)
    assert bytes(s.bits >> 1 & 0xff for s in uart.sent()) == b"LPSR"
    assert not machine.irq(TX), "its interrupts are the M4's"


def test_firmware_that_sleeps_until_the_interrupt(build_image, run_image):
    """images/dma.c: from DTCM, through the M7's interrupt 0; a pad shows how long it took."""
    log = run_image(build_image("dma"))
    symbols = qtest.parse_symbols(log, "lpuart1")
    text = "sixty-four characters, which the core neither sees nor waits for"
    assert qtest.text_of(symbols) == text + "\ndone\n"
    starts = [s.start_ns for s in symbols[:len(text)]]
    character = 10 * symbols[0].bit_time
    assert {b - a for a, b in zip(starts, starts[1:])} <= {character >> 32, (character >> 32) + 1}
    edges = [(int(line.split()[2]), int(line.split()[3])) for line in log.splitlines()
             if line.startswith("edge GPIO_AD_04 ")]
    assert [level for _, level in edges[-2:]] == [1, 0]
    assert starts[0] > edges[-2][0]
    assert 0 <= edges[-1][0] - starts[-2] < 2000, "the last word goes into DATA as the one before starts"
