"""What a reset of the part does to eDMA, DMAMUX, PIT, GPT, LPUART, pads and GPIO (IMXRT1170RM,
their chapters' reset values): nothing of what was going on goes on.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import edma
import test_gpio as gpio
from edma import (A_ON, ACTIVE, CR, ENBL, ERQ, GRP1PRI, HALT, HRS, INT, INTMAJOR, OCRAM, SERQ,
                  SSRT, TRIG)
from test_lpuart import BASE as LPUART6
from test_lpuart import CTRL, DATA, MODIR, STAT, TC, TDRE, UART, Lpuart
from test_pit import CVAL, LDVAL, MCR, MDIS, PIT1, TCTRL

GPT1 = 0x400ec000


@pytest.fixture
def reset(machine):
    def reset():
        machine.qmp.command("system_reset")
    return reset


def test_edma(machine, reset):
    dma = edma.Edma(machine)
    dma.put(OCRAM, bytes(range(64)))
    dma.route(1, ENBL | A_ON)
    dma.set_tcd(1, edma.tcd(OCRAM, OCRAM + 0x100, iterations=100, csr=INTMAJOR))
    dma.set_tcd(2, edma.tcd(OCRAM, OCRAM + 0x200, nbytes=64, csr=INTMAJOR))
    dma.command(SSRT, 2)
    dma.command(SERQ, 1)
    assert dma.csr(2) & ACTIVE
    reset()
    machine.step(100_000)
    assert [dma[r] for r in (CR, ERQ, HRS, INT)] == [GRP1PRI, 0, 0, 0]
    assert (dma.saddr(1), dma.csr(2)) == (0, 0)
    assert dma.get(OCRAM + 0x200, 4) == bytes(4)
    assert machine.read(edma.DMAMUX + 4) == 0


def test_trigger_and_timers(machine, reset):
    dma = edma.Edma(machine)
    dma.route(0, ENBL | A_ON | TRIG)
    machine.write(PIT1 + MCR, 0)
    machine.write(PIT1 + LDVAL, 240)
    machine.write(PIT1 + TCTRL, 3)
    machine.step(20_000)
    assert machine.irq(155)
    reset()
    machine.step(20_000)
    assert not machine.irq(155)
    assert [machine.read(PIT1 + r) for r in (MCR, LDVAL, CVAL, TCTRL)] == [MDIS, 0, 0, 0]


def test_request_that_stands_over_a_reset(machine, reset):
    """The LPUART's own request is gone with its reset."""
    dma = edma.Edma(machine)
    uart = Lpuart(machine)
    uart.start(baud=1 << 23)
    dma.route(3, ENBL | 18)
    dma[CR] = GRP1PRI | HALT
    dma.command(SERQ, 3)
    assert dma[HRS] == 1 << 3
    reset()
    dma.route(3, ENBL | 18)
    dma.command(SERQ, 3)
    assert dma[HRS] == 0


def test_uart(machine, reset):
    uart = Lpuart(machine)
    uart.start()
    uart[MODIR] = 8
    uart.send(1, 2)
    reset()
    assert machine.read(LPUART6 + STAT) == TDRE | TC
    assert [uart[r] for r in (CTRL, MODIR)] == [0, 0]
    machine.step(100_000)
    assert len(machine.symbols(UART)) == 1
    assert uart[DATA] & 1 << 12


def test_pads(machine, reset):
    port = gpio.Port(machine, 3)
    gpio.control(machine, "GPIO_AD_04", 0)
    gpio.mux(machine, "GPIO_AD_04", 5)
    port[gpio.GDIR] = port[gpio.DR] = 8
    assert gpio.levels(machine, "GPIO_AD_04")[-1] == 1
    gpio.drive(machine, "GPIO_AD_05", 1)
    reset()
    assert port[gpio.GDIR] == 0
    assert gpio.levels(machine, "GPIO_AD_04")[-1] == 0
    gpio.mux(machine, "GPIO_AD_05", 5)
    assert port[gpio.PSR] & 16, "the board still drives"


def test_compare_output(machine, reset):
    machine.write(GPT1, 3 << 20)
    machine.write(GPT1, 3 << 20 | 1 << 29)
    edges = [line for line in machine.qmp.wire_log().splitlines() if "GPT1_COMPARE1" in line]
    assert edges[-1].endswith(" 1")
    reset()
    edges = [line for line in machine.qmp.wire_log().splitlines() if "GPT1_COMPARE1" in line]
    assert edges[-1].endswith(" 0")
    assert machine.read(GPT1) == 0
