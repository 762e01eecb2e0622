"""DMA1's request lines (RM0041 9.3.7): which peripheral asks which channel, levels
that their peripheral takes back, events that are kept until they are served.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
from test_dma import (DIR, EN, MEM2MEM, MINC, PINC, PL, SOURCE, TARGET, TCIF, TRANSFER_NS, Channel,
                      get, put)

SOURCES = 16  # inputs per channel

# Table "Summary of DMA1 requests for each channel", in the order of the inputs.
LEVELS = {
    1: ["ADC1"], 2: ["USART3_TX", "SPI1_RX"], 3: ["USART3_RX", "SPI1_TX"],
    4: ["USART1_TX", "SPI2_RX", "I2C2_TX"], 5: ["USART1_RX", "SPI2_TX", "I2C2_RX"],
    6: ["USART2_RX", "I2C1_TX"], 7: ["USART2_TX", "I2C1_RX"]}
EVENTS = {
    1: ["TIM2_CH3", "TIM4_CH1"], 2: ["TIM1_CH1", "TIM2_UP", "TIM3_CH3"],
    3: ["TIM1_CH2", "TIM3_CH4", "TIM3_UP", "TIM6_UP", "DAC_CHANNEL1"],
    4: ["TIM1_CH4", "TIM1_TRIG", "TIM1_COM", "TIM4_CH2", "TIM7_UP", "DAC_CHANNEL2"],
    5: ["TIM1_UP", "TIM2_CH1", "TIM4_CH3", "TIM15_CH1", "TIM15_UP", "TIM15_TRIG", "TIM15_COM"],
    6: ["TIM1_CH3", "TIM3_CH1", "TIM3_TRIG", "TIM16_CH1", "TIM16_UP"],
    7: ["TIM2_CH2", "TIM2_CH4", "TIM4_UP", "TIM17_CH1", "TIM17_UP"]}
INPUT = {name: (channel, SOURCES * (channel - 1) + n)
         for channel in range(1, 8)
         for n, name in enumerate(LEVELS[channel] + EVENTS[channel])}
LEVEL_NAMES = [name for names in LEVELS.values() for name in names]
EVENT_NAMES = [name for names in EVENTS.values() for name in names]


def line(machine, name, level):
    machine.ask(f"set_irq_in /machine/soc/dma1 request {INPUT[name][1]} {level}")


def pulse(machine, name):
    line(machine, name, 1)
    line(machine, name, 0)


def remap_tim1(machine, level):
    """AFIO_MAPR2, TIM1_DMA_REMAP."""
    stm32f100.clock_on(machine, "afio")
    machine.write(0x4001001c, level << 4)


@pytest.fixture
def dma(machine):
    """Seven channels that wait, each for four transfers."""
    stm32f100.clock_on(machine, "dma1")
    return {number: Channel(machine, number) for number in range(1, 8)}


def start_all(dma):
    for channel in dma.values():
        channel.start(0, 1000)


def served(dma):
    return {number: 1000 - channel.cndtr for number, channel in dma.items()
            if channel.cndtr != 1000}


@pytest.mark.parametrize("name", LEVEL_NAMES)
def test_level_asks_its_channel_for_as_long_as_it_stands(dma, name):
    start_all(dma)
    machine = dma[1].machine
    line(machine, name, 1)
    machine.step(3 * TRANSFER_NS - 1)
    assert served(dma) == {INPUT[name][0]: 3}
    line(machine, name, 0)
    machine.step(10_000)
    assert served(dma) == {INPUT[name][0]: 3}


@pytest.mark.parametrize("name", EVENT_NAMES)
def test_event_asks_its_channel_once(dma, name):
    start_all(dma)
    pulse(dma[1].machine, name)
    dma[1].machine.step(10_000)
    assert served(dma) == {INPUT[name][0]: 1}


@pytest.mark.parametrize("name", EVENT_NAMES)
def test_event_is_kept_until_the_bus_is_free(dma, name):
    """The acknowledge of the transfer takes the request back (9.3.1)."""
    start_all(dma)
    machine = dma[1].machine
    busy = 1 if INPUT[name][0] != 1 else 2
    dma[busy].start(MEM2MEM, 1)
    pulse(machine, name)
    assert dma[INPUT[name][0]].cndtr == 1000
    machine.step(TRANSFER_NS)
    assert dma[INPUT[name][0]].cndtr == 999
    machine.step(10_000)
    assert dma[INPUT[name][0]].cndtr == 999


def test_events_of_one_channel_share_a_transfer(dma):
    """9.3.7: the requests of a channel are ORed; one acknowledge answers all."""
    start_all(dma)
    dma[1].start(MEM2MEM, 1)
    pulse(dma[1].machine, "TIM15_CH1")
    pulse(dma[1].machine, "TIM1_UP")
    dma[1].machine.step(10_000)
    assert dma[5].cndtr == 999


def test_event_waits_for_its_channel(dma):
    pulse(dma[1].machine, "TIM4_UP")
    dma[1].machine.step(10_000)
    dma[7].start(0, 4)
    dma[7].machine.step(10_000)
    assert dma[7].cndtr == 3


def test_event_does_not_survive_a_reset(dma):
    machine = dma[1].machine
    pulse(machine, "TIM4_UP")
    machine.qmp.command("system_reset")
    stm32f100.clock_on(machine, "dma1")
    dma[7].start(0, 4)
    machine.step(10_000)
    assert dma[7].cndtr == 4


def test_event_without_clock_is_served_later(dma):
    start_all(dma)
    machine = dma[1].machine
    stm32f100.clock_off(machine, "dma1")
    pulse(machine, "TIM2_UP")
    machine.step(10_000)
    stm32f100.clock_on(machine, "dma1")
    assert dma[2].cndtr == 999


def test_event_and_remap_are_saved(tmp_path):
    state = tmp_path / "state"
    with stm32f100.qtest_machine(tmp_path) as source:
        stm32f100.clock_on(source, "dma1")
        remap_tim1(source, 1)
        pulse(source, "TIM1_CH2")
        source.step(1_000)
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with stm32f100.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(1_000)
        channels = {number: Channel(target, number) for number in range(1, 8)}
        start_all(channels)
        assert served(channels) == {6: 1}
        pulse(target, "TIM1_CH1")
        target.step(10_000)
        assert served(channels) == {6: 2}


def test_priority_among_waiting_events(dma):
    """9.3.2: PL first, then the number of the channel."""
    machine = dma[1].machine
    put(machine, SOURCE, 1, 2, 3, 4)
    for number, level in ((2, 0), (3, 3), (5, 0), (6, 2)):
        dma[number].start(level << PL, 1, SOURCE + number - 2, TARGET)
    dma[1].start(MEM2MEM | 3 << PL, 1)
    for name in ("TIM1_UP", "TIM2_UP", "TIM3_TRIG", "TIM6_UP"):
        pulse(machine, name)
    order = []
    for _ in range(4):
        waiting = {n for n in (2, 3, 5, 6) if dma[n].cndtr}
        machine.step(TRANSFER_NS)
        order += waiting - {n for n in (2, 3, 5, 6) if dma[n].cndtr}
    assert order == [3, 6, 2, 5]


@pytest.mark.parametrize("name, channel", [("TIM1_CH1", 2), ("TIM1_CH2", 3)])
def test_tim1_remapped_to_channel_6(dma, name, channel):
    """7.4.7, TIM1_DMA_REMAP."""
    start_all(dma)
    machine = dma[1].machine
    remap_tim1(machine, 1)
    pulse(machine, name)
    machine.step(10_000)
    assert served(dma) == {6: 1}
    remap_tim1(machine, 0)
    pulse(machine, name)
    machine.step(10_000)
    assert served(dma) == {6: 1, channel: 1}


def test_remap_leaves_the_others(dma):
    start_all(dma)
    machine = dma[1].machine
    remap_tim1(machine, 1)
    for name in ("TIM1_CH3", "TIM1_CH4", "TIM2_UP", "TIM3_CH4"):
        pulse(machine, name)
        machine.step(10_000)
    assert served(dma) == {6: 1, 4: 1, 2: 1, 3: 1}


def test_a_waveform_by_events(dma):
    """One item per event, memory to peripheral, until the count is through."""
    machine = dma[1].machine
    put(machine, TARGET, *range(1, 5), size=2)
    dma[3].start(DIR | MINC | 1 << 8 | 1 << 10, 4, SOURCE, TARGET)
    seen = []
    for _ in range(6):
        pulse(machine, "DAC_CHANNEL1")
        machine.step(5_000)
        seen += get(machine, SOURCE, 1, size=2)
    assert seen == [1, 2, 3, 4, 4, 4]
    assert dma[3].flags() & TCIF
    assert dma[3].ccr & EN


def test_capture_by_events_fills_a_buffer(dma):
    machine = dma[1].machine
    put(machine, TARGET, *[0] * 4)
    dma[7].start(MINC, 3, SOURCE, TARGET)
    for value in (7, 8, 9, 10):
        put(machine, SOURCE, value)
        pulse(machine, "TIM17_CH1")
        machine.step(5_000)
    assert get(machine, TARGET, 4) == [7, 8, 9, 0]
    assert PINC & dma[7].ccr == 0
