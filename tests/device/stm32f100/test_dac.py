"""DAC (RM0041 chapter 11): formats, times, triggers, waves, DMA, output voltage.

PCLK1 is 8 MHz: 125 ns a cycle.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from adc import DR as ADC_DR
from adc import EXTI_EMR, EXTI_RTSR, EXTI_SWIER, TICK_NS, Adc, start_timer
from test_dma import DIR, MINC, MSIZE, PSIZE, Channel

DAC = 0x40007400
(CR, SWTRIGR, DHR12R1, DHR12L1, DHR8R1, DHR12R2, DHR12L2, DHR8R2, DHR12RD, DHR12LD, DHR8RD, DOR1,
 DOR2, SR) = range(0, 0x38, 4)
REGISTERS = range(0, 0x38, 4)
EN, BOFF, TEN, DMAEN, DMAUDRIE = (1 << n for n in (0, 1, 2, 12, 13))
TSEL, WAVE, MAMP = 3, 6, 8
NOISE, TRIANGLE = 1 << WAVE, 2 << WAVE
SOFTWARE = TEN | 7 << TSEL
EXTI_9 = TEN | 6 << TSEL
DMAUDR = 1 << 13
IRQ = 54

CYCLE_NS = 125
DOR_NS, TRIGGER_NS = CYCLE_NS, 3 * CYCLE_NS
VDDA_UV, MARGIN_UV = 3_300_000, 200_000
SRAM = 0x20000200
PATH = "/machine/soc/dac"

DHR12R, DHR12L, DHR8R, DOR = (DHR12R1, DHR12R2), (DHR12L1, DHR12L2), (DHR8R1, DHR8R2), (DOR1, DOR2)


class Dac(qtest.Block):
    def __init__(self, machine):
        super().__init__(machine, DAC)
        stm32f100.clock_on(machine, "dac")

    def output_uv(self, channel):
        return self.machine.qmp.command("qom-get", path=PATH, property=f"out{channel + 1}-uv")

    def configure(self, channel, cr):
        self[CR] = cr << 16 * channel

    def pulse(self, number):
        """A pulse on trigger input @number (TSEL)."""
        for level in 1, 0:
            self.machine.ask(f"set_irq_in {PATH} trigger {number} {level}")

    def triggered(self, channel, count):
        """DOR after each of @count software triggers."""
        values = []
        for _ in range(count):
            self[SWTRIGR] = 1 << channel
            self.machine.step(DOR_NS)
            values.append(self[DOR[channel]])
        return values

    def irq(self):
        return self.machine.irq(IRQ)


@pytest.fixture
def dac(machine):
    return Dac(machine)


both = pytest.mark.parametrize("channel", [0, 1])


# ---------------------------------------------------------------- registers (11.5)

def test_reset_values(dac):
    """11.5.15"""
    assert not any(dac[r] for r in REGISTERS)


@pytest.mark.parametrize("register, bits", [
    (CR, 0x3fff3fff), (SWTRIGR, 0), (DHR12R1, 0xfff), (DHR12L1, 0xfff0), (DHR8R1, 0xff),
    (DHR12R2, 0xfff), (DHR12L2, 0xfff0), (DHR8R2, 0xff), (DHR12RD, 0x0fff0fff),
    (DHR12LD, 0xfff0fff0), (DHR8RD, 0xffff), (DOR1, 0), (DOR2, 0), (SR, 0)])
def test_bits_that_exist(dac, register, bits):
    dac[register] = 0xffffffff
    assert dac[register] == bits


def test_registers_need_their_clock(dac):
    stm32f100.check_clock_gate(dac, "dac", DHR12R1)


def test_reset(machine, dac):
    dac.configure(0, EN | BOFF)
    dac[DHR12R1] = 0xfff
    machine.step(DOR_NS)
    assert dac.output_uv(0) == VDDA_UV
    stm32f100.modify(machine, stm32f100.RCC_APB1RSTR, 0, 1 << 29)
    stm32f100.modify(machine, stm32f100.RCC_APB1RSTR, 1 << 29, 0)
    assert not any(dac[r] for r in REGISTERS)
    assert dac.output_uv(0) == -1


# ---------------------------------------------------------------- data formats (11.3.3)

@pytest.mark.parametrize("register, value, first, second", [
    (DHR12R1, 0xfabc, 0xabc, 0), (DHR12L1, 0xabcf, 0xabc, 0), (DHR8R1, 0xfab, 0xab0, 0),
    (DHR12R2, 0xfabc, 0, 0xabc), (DHR12L2, 0xabcf, 0, 0xabc), (DHR8R2, 0xfab, 0, 0xab0),
    (DHR12RD, 0xf123fabc, 0xabc, 0x123), (DHR12LD, 0x123fabcf, 0xabc, 0x123),
    (DHR8RD, 0xffff12ab, 0xab0, 0x120)])
def test_formats(machine, dac, register, value, first, second):
    dac[register] = value
    machine.step(DOR_NS)
    assert (dac[DOR1], dac[DOR2]) == (first, second)


def test_formats_are_views_of_one_register(dac):
    dac[DHR12RD] = 0x0123_0abc
    assert [dac[r] for r in range(DHR12R1, DOR1, 4)] == [
        0xabc, 0xabc0, 0xab, 0x123, 0x1230, 0x12, 0x01230abc, 0x1230abc0, 0x12ab]


def test_narrow_writes_are_repeated(machine, dac):
    """2.1: so a half-word written to DHR12RD is for both channels."""
    machine.write(DAC + DHR12RD, 0xabc, size=2)
    machine.step(DOR_NS)
    assert (dac[DOR1], dac[DOR2]) == (0xabc, 0xabc)


# ---------------------------------------------------------------- conversion (11.3.1, 11.3.4)

@both
@pytest.mark.parametrize("cr", [0, EN])
def test_dor_follows_after_one_cycle(machine, dac, channel, cr):
    """The digital side works without EN, too."""
    dac.configure(channel, cr)
    dac[DHR12R[channel]] = 0x123
    machine.step(DOR_NS - 1)
    assert dac[DOR[channel]] == 0
    machine.step(1)
    assert dac[DOR[channel]] == 0x123
    assert dac[DOR[1 - channel]] == 0


@pytest.mark.parametrize("hz, ns", [(stm32f100.HSI_HZ, 125), (stm32f100.HSE_HZ, 42)])
def test_cycle_is_of_pclk1(machine, dac, hz, ns):
    if hz == stm32f100.HSE_HZ:
        stm32f100.run_from_hse(machine)
    dac[DHR12R1] = 0x123
    machine.step(ns - 1)
    assert dac[DOR1] == 0
    machine.step(1)
    assert dac[DOR1] == 0x123


def test_pclk1_is_divided(machine, dac):
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 7 << 8, 5 << 8)
    dac[DHR12R1] = 0x123
    machine.step(4 * 125 - 1)
    assert dac[DOR1] == 0
    machine.step(1)
    assert dac[DOR1] == 0x123


@both
def test_with_a_trigger_dor_waits_for_it(machine, dac, channel):
    dac.configure(channel, SOFTWARE)
    dac[DHR12R[channel]] = 0x123
    machine.step(1_000_000)
    assert dac[DOR[channel]] == 0
    dac[SWTRIGR] = 1 << channel
    machine.step(1_000_000)
    assert dac[DOR[channel]] == 0x123


# ---------------------------------------------------------------- output (11.3.2, 11.3.5)

@both
@pytest.mark.parametrize("value, microvolts", [
    (0, 0), (1, VDDA_UV // 4095), (0x800, VDDA_UV * 0x800 // 4095), (0xfff, VDDA_UV)])
def test_output_without_buffer(machine, dac, channel, value, microvolts):
    dac.configure(channel, EN | BOFF)
    dac[DHR12R[channel]] = value
    machine.step(DOR_NS)
    assert (dac.output_uv(channel), dac.output_uv(1 - channel)) == (microvolts, -1)


@both
@pytest.mark.parametrize("value, microvolts", [
    (0, MARGIN_UV), (0x800, VDDA_UV * 0x800 // 4095), (0xfff, VDDA_UV - MARGIN_UV)])
def test_buffer_does_not_reach_the_rails(machine, dac, channel, value, microvolts):
    """Datasheet: 0.2 V to VDDA - 0.2 V."""
    dac.configure(channel, EN)
    dac[DHR12R[channel]] = value
    machine.step(DOR_NS)
    assert dac.output_uv(channel) == microvolts


def test_output_is_off_without_en(machine, dac):
    dac[DHR12R1] = 0x800
    machine.step(DOR_NS)
    assert dac.output_uv(0) == -1
    dac.configure(0, EN)
    assert dac.output_uv(0) == VDDA_UV * 0x800 // 4095
    dac.configure(0, 0)
    assert dac.output_uv(0) == -1


def test_vdda_is_the_reference(machine, dac):
    dac.configure(0, EN | BOFF)
    dac[DHR12R1] = 0xfff
    machine.step(DOR_NS)
    Adc(machine).set("vdda-uv", 2_500_000)
    assert dac.output_uv(0) == 2_500_000


@both
def test_adc_measures_the_output(machine, dac, channel):
    """PA4 and PA5: the DAC drives the pin, whatever the board has there."""
    adc = Adc(machine)
    adc.voltage(4 + channel, 3_000_000)
    adc.switch_on()
    dac.configure(channel, EN | BOFF)
    dac[DHR12R[channel]] = 0x400
    machine.step(DOR_NS)
    assert adc.convert(4 + channel) == 0x400
    dac.configure(channel, 0)
    assert adc.convert(4 + channel) == 3_000_000 * 4096 // VDDA_UV


def test_adc_has_sampled_before_the_output_changed(machine, dac):
    adc = Adc(machine)
    adc.switch_on()
    dac.configure(0, EN)
    dac[DHR12R1] = 0x400
    machine.step(DOR_NS)
    adc.sequence(4)
    adc.start()
    machine.step(375)
    dac[DHR12R1] = 0x800
    machine.step(14 * 250 - 375)
    assert adc[ADC_DR] == 0x400


# ---------------------------------------------------------------- triggers (11.3.6)

@both
def test_software_trigger_takes_one_cycle(machine, dac, channel):
    dac.configure(channel, SOFTWARE)
    dac[DHR12R[channel]] = 0x123
    dac[SWTRIGR] = 1 << channel
    assert dac[SWTRIGR] == 0
    machine.step(DOR_NS - 1)
    assert dac[DOR[channel]] == 0
    machine.step(1)
    assert dac[DOR[channel]] == 0x123


@both
@pytest.mark.parametrize("cr", [0, 7 << TSEL, EXTI_9])
def test_software_trigger_must_be_selected(machine, dac, channel, cr):
    dac[DHR12R[channel]] = 0x111
    machine.step(DOR_NS)
    dac.configure(channel, TEN)
    dac[DHR12R[channel]] = 0x123
    dac.configure(channel, cr)
    dac[SWTRIGR] = 1 << channel
    machine.step(1_000_000)
    assert dac[DOR[channel]] == 0x111


@both
@pytest.mark.parametrize("number", range(7))
def test_trigger_inputs(machine, dac, channel, number):
    """Three cycles after a rising edge of the selected one, with DHR as it is then."""
    dac.configure(channel, TEN | number << TSEL)
    dac[DHR12R[channel]] = 0x123
    for other in range(7):
        if other != number:
            dac.pulse(other)
    machine.step(1_000_000)
    assert dac[DOR[channel]] == 0
    dac.pulse(number)
    machine.step(TRIGGER_NS - 1)
    assert dac[DOR[channel]] == 0
    machine.step(1)
    assert dac[DOR[channel]] == 0x123


def test_trigger_at_24_mhz(machine, dac):
    """Three cycles of 41 2/3 ns are 125 ns."""
    stm32f100.run_from_hse(machine)
    dac.configure(0, EXTI_9)
    dac[DHR12R1] = 0x123
    dac.pulse(6)
    machine.step(124)
    assert dac[DOR1] == 0
    machine.step(1)
    assert dac[DOR1] == 0x123


def test_only_edges_trigger(machine, dac):
    dac.configure(0, EXTI_9)
    for value, level, result in (0x111, 1, 0x111), (0x222, 1, 0x111), (0x333, 0, 0x111), (
            0x444, 1, 0x444):
        dac[DHR12R1] = value
        machine.ask(f"set_irq_in {PATH} trigger 6 {level}")
        machine.step(TRIGGER_NS)
        assert dac[DOR1] == result


def test_triggers_faster_than_three_cycles(machine, dac):
    """None is lost: the noise steps with each."""
    dac.configure(0, EXTI_9 | NOISE | 11 << MAMP)
    for _ in range(3):
        dac.pulse(6)
        machine.step(CYCLE_NS)
    machine.step(TRIGGER_NS)
    assert dac[DOR1] == lfsr(3)[2]


def test_one_trigger_for_both_channels(machine, dac):
    """11.4: simultaneous trigger."""
    dac[CR] = EXTI_9 | EXTI_9 << 16
    dac[DHR12RD] = 0x0123_0abc
    dac.pulse(6)
    machine.step(TRIGGER_NS)
    assert (dac[DOR1], dac[DOR2]) == (0xabc, 0x123)


def test_exti_9(machine, dac):
    machine.write(EXTI_RTSR, 1 << 9)
    dac.configure(0, EXTI_9)
    dac[DHR12R1] = 0x123
    machine.write(EXTI_SWIER, 1 << 9)
    machine.step(TRIGGER_NS)
    assert dac[DOR1] == 0
    machine.write(EXTI_SWIER - 0x10 + 0x14, 1 << 9)  # PR
    machine.write(EXTI_EMR, 1 << 9)
    machine.write(EXTI_SWIER, 1 << 9)
    machine.step(TRIGGER_NS)
    assert dac[DOR1] == 0x123


@both
@pytest.mark.parametrize("number, timer", enumerate([6, 3, 7, 15, 2, 4]))
def test_timers(machine, dac, channel, number, timer):
    """11.3.6: their TRGO, by TSEL."""
    dac.configure(channel, TEN | number << TSEL)
    dac[DHR12R[channel]] = 0x123
    start_timer(machine, timer, 1000)
    machine.step(1000 * TICK_NS + TRIGGER_NS - 1)
    assert dac[DOR[channel]] == 0
    machine.step(1)
    assert dac[DOR[channel]] == 0x123


def test_wave_at_the_pace_of_a_timer(machine, dac):
    """TIM6 each 10 us, DMA, nobody looking; the ADC sees the last value."""
    start_dma(machine, 0, 0x100, 0x200, 0x300)
    dac.configure(0, EN | BOFF | TEN | DMAEN)
    start_timer(machine, 6, 80)
    machine.step(35_000)
    assert dac.output_uv(0) == VDDA_UV * 0x200 // 4095
    assert dac[DHR12R1] == 0x300


@both
def test_tsel_is_kept_while_enabled(dac, channel):
    """11.3.6, note"""
    dac.configure(channel, EN | TEN | 3 << TSEL)
    dac.configure(channel, EN | TEN | 5 << TSEL)
    assert dac[CR] == (EN | TEN | 3 << TSEL) << 16 * channel
    dac.configure(channel, TEN | 5 << TSEL)
    assert dac[CR] == (TEN | 5 << TSEL) << 16 * channel


# ---------------------------------------------------------------- noise (11.3.8)

def lfsr(count, value=0xaaa):
    """X^12 + X^6 + X^4 + X + 1, from the reset value on."""
    values = []
    for _ in range(count):
        values.append(value)
        taps = value ^ value >> 1 ^ value >> 4 ^ value >> 6
        value = value >> 1 | (taps & 1) << 11
    return values


@both
def test_noise_as_in_the_manual(machine, dac, channel):
    """The figure's first two values."""
    dac.configure(channel, SOFTWARE | NOISE | 11 << MAMP)
    assert dac.triggered(channel, 2) == [0xaaa, 0xd55]


@both
@pytest.mark.parametrize("mamp, mask", [(n, min(0xfff, (2 << n) - 1)) for n in range(16)])
def test_noise_mask(dac, channel, mamp, mask):
    """11.5.1: MAMP + 1 bits, at most 12."""
    dac.configure(channel, SOFTWARE | NOISE | mamp << MAMP)
    assert dac.triggered(channel, 50) == [value & mask for value in lfsr(50)]


def test_noise_is_added_without_overflow(dac):
    dac.configure(0, SOFTWARE | NOISE | 11 << MAMP)
    dac[DHR12R1] = 0x400
    assert dac.triggered(0, 20) == [min(0x400 + value, 0xfff) for value in lfsr(20)]


def test_noise_starts_anew(dac):
    """WAVE = 00 resets the generator."""
    dac.configure(0, SOFTWARE | NOISE | 11 << MAMP)
    dac.triggered(0, 5)
    dac.configure(0, SOFTWARE)
    dac.configure(0, SOFTWARE | NOISE | 11 << MAMP)
    assert dac.triggered(0, 2) == [0xaaa, 0xd55]


# ---------------------------------------------------------------- triangle (11.3.9)

@both
@pytest.mark.parametrize("mamp, top", [(0, 1), (1, 3), (4, 31), (7, 255)])
def test_triangle(dac, channel, mamp, top):
    """From 0 to the amplitude and back, added to DHR."""
    dac.configure(channel, SOFTWARE | TRIANGLE | mamp << MAMP)
    dac[DHR12R[channel]] = 0x321
    period = list(range(top)) + list(range(top, 0, -1))
    assert dac.triggered(channel, 2 * len(period)) == [0x321 + n for n in 2 * period]


@pytest.mark.parametrize("mamp", [11, 12, 15])
def test_highest_amplitude(dac, mamp):
    dac.configure(0, SOFTWARE | TRIANGLE | mamp << MAMP)
    values = dac.triggered(0, 4097)
    assert values[4094:] == [4094, 4095, 4094]


def test_triangle_is_added_without_overflow(dac):
    dac.configure(0, SOFTWARE | 3 << WAVE | 2 << MAMP)
    dac[DHR12R1] = 0xffd
    assert dac.triggered(0, 8) == [0xffd, 0xffe, 0xfff, 0xfff, 0xfff, 0xfff, 0xfff, 0xfff]


def test_triangle_starts_anew(dac):
    dac.configure(0, SOFTWARE | TRIANGLE | 3 << MAMP)
    dac.triggered(0, 20)
    dac.configure(0, SOFTWARE)
    dac.configure(0, SOFTWARE | TRIANGLE | 3 << MAMP)
    assert dac.triggered(0, 3) == [0, 1, 2]


def test_waves_need_the_trigger(machine, dac):
    """11.3.8, 11.3.9: TEN must be set."""
    dac.configure(0, NOISE | 11 << MAMP)
    dac[DHR12R1] = 0x123
    machine.step(DOR_NS)
    assert dac[DOR1] == 0x123


def test_different_waves(machine, dac):
    """11.4: each channel has its own generators."""
    dac[CR] = EXTI_9 | NOISE | 11 << MAMP | (EXTI_9 | TRIANGLE | 5 << MAMP) << 16
    seen = []
    for _ in range(3):
        dac.pulse(6)
        machine.step(TRIGGER_NS)
        seen.append((dac[DOR1], dac[DOR2]))
    assert seen == list(zip(lfsr(3), range(3)))


# ---------------------------------------------------------------- DMA (11.3.7)

def start_dma(machine, channel, *values):
    """DMA1 channel 3 or 4 (table of 9.3.7) to DHR12Rx."""
    stm32f100.clock_on(machine, "dma1")
    for n, value in enumerate(values):
        machine.write(SRAM + 2 * n, value, size=2)
    dma = Channel(machine, 3 + channel)
    dma.start(DIR | MINC | 1 << PSIZE | 1 << MSIZE, len(values), DAC + DHR12R[channel], SRAM)
    return dma


@both
def test_dma_request(machine, dac, channel):
    """A trigger takes DHR to DOR, and asks for the next value."""
    dma = start_dma(machine, channel, 0x111, 0x222, 0x333)
    dac.configure(channel, EXTI_9 | DMAEN)
    dac[DHR12R[channel]] = 0xabc
    seen = []
    for _ in range(5):
        dac.pulse(6)
        machine.step(10_000)
        seen.append((dac[DOR[channel]], dac[DHR12R[channel]]))
    assert seen[:3] == [(0xabc, 0x111), (0x111, 0x222), (0x222, 0x333)]
    assert (dma.cndtr, dac[SR]) == (0, DMAUDR << 16 * channel)


@both
@pytest.mark.parametrize("cr", [EXTI_9, SOFTWARE | DMAEN])
def test_no_dma_request(machine, dac, channel, cr):
    """Without DMAEN, and for software triggers."""
    dma = start_dma(machine, channel, 0x111)
    dac.configure(channel, cr)
    dac.pulse(6)
    dac[SWTRIGR] = 3
    machine.step(10_000)
    assert dma.cndtr == 1


def test_dma_is_asked_when_dor_takes_its_value(machine, dac):
    start_dma(machine, 0, 0x111)
    dac.configure(0, EXTI_9 | DMAEN)
    dac[DHR12R1] = 0xabc
    dac.pulse(6)
    machine.step(TRIGGER_NS - 1)
    assert dac[DHR12R1] == 0xabc
    machine.step(1)
    assert (dac[DOR1], dac[DHR12R1]) == (0xabc, 0x111)


@both
def test_underrun(machine, dac, channel):
    """A second trigger before the DMA has acknowledged the first."""
    dac.configure(channel, EXTI_9 | DMAEN | DMAUDRIE)
    dac[DHR12R[channel]] = 0xabc
    dac.pulse(6)
    machine.step(10_000)
    assert (dac[SR], dac.irq()) == (0, False)
    dac.pulse(6)
    assert (dac[SR], dac.irq()) == (DMAUDR << 16 * channel, True)
    machine.step(10_000)
    dac[DHR12R[channel]] = 0xdef
    dac.pulse(6)
    machine.step(10_000)
    assert dac[DOR[channel]] == 0xdef, "it goes on converting"
    dac[SR] = DMAUDR << 16 * (1 - channel)
    assert dac.irq()
    dac[SR] = DMAUDR << 16 * channel
    assert (dac[SR], dac.irq()) == (0, False)


@both
def test_underrun_interrupt_needs_its_bit(dac, channel):
    dac.configure(channel, EXTI_9 | DMAEN)
    dac.pulse(6)
    dac.pulse(6)
    assert (dac[SR], dac.irq()) == (DMAUDR << 16 * channel, False)
    dac.configure(channel, EXTI_9 | DMAEN | DMAUDRIE)
    assert dac.irq()


def test_dmaen_takes_the_request_back(machine, dac):
    dac.configure(0, EXTI_9 | DMAEN)
    dac.pulse(6)
    dac.configure(0, EXTI_9)
    dac.configure(0, EXTI_9 | DMAEN)
    dac.pulse(6)
    assert dac[SR] == 0
    dac.pulse(6)
    assert dac[SR] == DMAUDR


def test_no_request_during_underrun(machine, dac):
    """11.3.7: until DMAUDR is cleared and DMA is started again."""
    dac.configure(0, EXTI_9 | DMAEN)
    dac.pulse(6)
    dac.pulse(6)
    dma = start_dma(machine, 0, 0x111, 0x222, 0x333)
    machine.step(10_000)
    assert dma.cndtr == 2, "the first request"
    dac.pulse(6)
    machine.step(10_000)
    assert dma.cndtr == 2
    dac.configure(0, EXTI_9)
    dac[SR] = DMAUDR
    dac.configure(0, EXTI_9 | DMAEN)
    dac.pulse(6)
    machine.step(10_000)
    assert (dma.cndtr, dac[SR]) == (1, 0)


# ---------------------------------------------------------------- misuse is logged

def misuses():
    def no_trigger(dac):
        dac[SWTRIGR] = 2

    def tsel(dac):
        dac.configure(0, EN)
        dac.configure(0, EN | 1 << TSEL)

    def mamp(dac):
        dac.configure(1, EN)
        dac.configure(1, EN | 1 << MAMP)

    def unclocked(dac):
        stm32f100.clock_off(dac.machine, "dac")
        dac[CR] = 0

    def read_only(dac):
        dac[DOR1] = 0

    return [
        (no_trigger, "SWTRIG2 does nothing without TEN2 and TSEL2=7"),
        (tsel, "TSEL1 cannot be changed while EN1 is set"),
        (mamp, "WAVE2 or MAMP2 is changed while EN2 is set"),
        (unclocked, "write while RCC does not clock it"),
        (read_only, "write of offset 0x2c, which cannot be written")]


@pytest.mark.parametrize("misuse, said", misuses())
def test_misuse_is_logged(tmp_path, misuse, said):
    log = tmp_path / "log"
    with stm32f100.qtest_machine(tmp_path, "-d", "guest_errors", "-D", str(log)) as machine:
        misuse(Dac(machine))
        assert log.read_text() == f"stm32f100-dac: {said}\n"


# ---------------------------------------------------------------- migration

def prepare(machine):
    """Channel 1 with noise amid three cycles, channel 2 falling, with an underrun."""
    dac = Dac(machine)
    Adc(machine).set("vdda-uv", 3_000_000)
    start_dma(machine, 0, *range(0x100, 0x120))
    dac[CR] = (EN | EXTI_9 | NOISE | 7 << MAMP | DMAEN |
               (EN | BOFF | EXTI_9 | TRIANGLE | 1 << MAMP | DMAEN | DMAUDRIE) << 16)
    dac[DHR12RD] = 0x0123_0456
    for _ in range(5):
        dac.pulse(6)
        machine.step(2_000)
    machine.ask(f"set_irq_in {PATH} trigger 6 1")
    machine.step(100)


def continue_from_here(machine):
    """First only the DMA is looked at; the trigger is high already."""
    machine.step(290)
    seen = [(Channel(machine, 3).cndtr,)]
    dac = Dac(machine)
    machine.ask(f"set_irq_in {PATH} trigger 6 1")
    for n in range(40):
        machine.step(77)
        seen.append([dac[r] for r in REGISTERS] + [dac.output_uv(0), dac.output_uv(1), dac.irq()])
        if n % 9 == 8:
            dac.pulse(6)
    return seen


def test_migration(tmp_path):
    expected = stm32f100.round_trip(tmp_path, prepare, continue_from_here)
    assert expected[1][SR // 4] == DMAUDR << 16
    assert len({tuple(now) for now in expected}) > 3, "something went on"
