"""ADC1 (RM0041 chapter 10): registers, power, times, inputs, flags, analog watchdog,
calibration, misuse, migration.  test_adc_groups.py has the sequences and their triggers.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import stm32f100
from adc import (ADC1, ADON, ALIGN, AWD, AWDEN, AWDIE, AWDSGL, Adc, BY_SOFTWARE, CAL, CAL_CYCLES,
                 CEN, CONT, CR1, CR2, CYCLE_NS, DISCEN, DISCNUM, DMA, DR, EOC, EOCIE, EXTSEL,
                 EXTTRIG, HTR, JAUTO, JAWDEN, JBY_SOFTWARE, JDISCEN, JDR1, JDR4, JEOC, JEOCIE,
                 JEXTSEL, JEXTTRIG, JOFR1, JOFR2, JOFR3, JOFR4, JSQR, JSTRT, JSWSTART, LTR, PATH,
                 REGISTERS, RSTCAL, RSTCAL_CYCLES, SAMPLING, SCAN, SENSORS_NS, SHORTEST_NS, SMPR1,
                 SMPR2, SQR1, SQR2, SQR3, SR, STAB_NS, STRT, SWSTART, TEMPERATURE, TIMER, TIM_ARR,
                 TIM_CCER, TIM_CCMR1, TIM_CCR1, TIM_CR1, TSVREFE, VDDA_UV, VREFINT, code, cycles,
                 dma_to_memory)
from qtest import QtestMachine
from test_dma import Channel


@pytest.fixture
def adc(machine):
    return Adc(machine)


@pytest.fixture
def on(machine):
    """Switched on, channel n at (n + 1) x 200 mV."""
    return Adc.switched_on(machine)


# ---------------------------------------------------------------- registers (10.11)

def test_reset_values(adc):
    """10.11.15"""
    assert {r: adc[r] for r in REGISTERS if adc[r]} == {HTR: 0xfff}


@pytest.mark.parametrize("register, bits", [
    (CR1, 0x00c0ffff), (SMPR1, 0x00ffffff), (SMPR2, 0x3fffffff), (JOFR1, 0xfff), (JOFR2, 0xfff),
    (JOFR3, 0xfff), (JOFR4, 0xfff), (HTR, 0xfff), (LTR, 0xfff), (SQR1, 0x00ffffff),
    (SQR2, 0x3fffffff), (SQR3, 0x3fffffff), (JSQR, 0x003fffff), (JDR1, 0), (JDR4, 0), (DR, 0),
    (SR, 0)])
def test_bits_that_exist(adc, register, bits):
    adc[register] = 0xffffffff
    assert adc[register] == bits
    assert not any(adc[r] for r in REGISTERS if r not in (register, HTR))
    adc[register] = 0
    assert adc[register] == 0


def test_bits_of_cr2(adc):
    """10.11.3; SWSTART and JSWSTART stay while nothing starts: ADON is 0."""
    adc[CR2] = 0xffffffff & ~ADON & ~CAL & ~RSTCAL
    assert adc[CR2] == 0x00fef902
    adc[CR2] = 0
    assert adc[CR2] == 0


def test_registers_need_their_clock(adc):
    stm32f100.check_clock_gate(adc, "adc1", HTR)


def test_narrow_writes_are_repeated(machine, adc):
    """2.1: the APB bridge."""
    machine.write(ADC1 + SQR3, 0x41, size=1)
    assert adc[SQR3] == 0x41414141 & 0x3fffffff
    machine.write(ADC1 + HTR + 2, 0x321, size=2)
    assert adc[HTR] == 0x321
    assert machine.read(ADC1 + HTR + 1, size=1) == 0x3


def test_reset_keeps_the_inputs(machine, on):
    on.sequence(3)
    on.start()
    stm32f100.modify(machine, stm32f100.RCC_APB2RSTR, 0, 1 << 9)
    stm32f100.modify(machine, stm32f100.RCC_APB2RSTR, 1 << 9, 0)
    machine.step(100_000)
    assert {r: on[r] for r in REGISTERS if on[r]} == {HTR: 0xfff}
    on.switch_on()
    assert on.convert(3) == code(3)


# ---------------------------------------------------------------- on and off (10.3.1)

def test_first_adon_only_switches_on(machine, adc):
    adc[CR2] = ADON
    machine.step(1_000_000)
    assert (adc[SR], adc[CR2]) == (0, ADON)


def test_second_adon_starts(on):
    on.start()
    assert on[SR] == STRT
    on.expect_in(SHORTEST_NS, EOC)
    assert on[DR] == code(0)


@pytest.mark.parametrize("also", [CONT, DMA, ALIGN, TSVREFE, EXTTRIG, 1 << EXTSEL, JEXTTRIG])
def test_adon_with_another_change_does_not_start(machine, on, also):
    """10.11.3, note of ADON"""
    on[CR2] = ADON | also
    machine.step(1_000_000)
    assert on[SR] == 0
    on[CR2] = ADON | also
    assert on[SR] == STRT


def test_switching_off_ends_the_conversion(machine, on):
    on.start()
    machine.step(SHORTEST_NS - 1)
    on[CR2] = 0
    machine.step(1_000_000)
    assert (on[SR], on[DR]) == (STRT, 0)
    on.switch_on()
    machine.step(1_000_000)
    assert on[SR] == STRT


def test_sample_before_stabilisation_is_wrong(machine, adc):
    """t_STAB; the model's wrong value is 0. 375 ns of sampling."""
    adc.voltages()
    adc[CR2] = ADON
    machine.step(STAB_NS - 375 - 1)
    adc.start()
    adc.expect_in(SHORTEST_NS, EOC)
    assert adc[DR] == 0
    adc[CR2] = 0
    adc[CR2] = ADON
    machine.step(STAB_NS - 375)
    adc.start()
    adc.expect_in(SHORTEST_NS, EOC)
    assert adc[DR] == code(0)


# ---------------------------------------------------------------- times (10.6)

@pytest.mark.parametrize("smp", range(8))
def test_conversion_time(on, smp):
    on[SMPR2] = smp
    on.start()
    on.expect_in(cycles(SAMPLING[smp]), EOC)


@pytest.mark.parametrize("channel", range(18))
def test_sampling_time_of_each_channel(on, channel):
    """10.11.4, 10.11.5: 239.5 cycles for this channel only."""
    register, field = (SMPR2, channel) if channel < 10 else (SMPR1, channel - 10)
    on[register] = 7 << 3 * field
    on.sequence(channel)
    on.start()
    on.expect_in(cycles(239.5), EOC)
    on.sequence((channel + 1) % 18)
    on[SR] = 0
    on.start()
    on.expect_in(SHORTEST_NS, EOC)


@pytest.mark.parametrize("adcpre, divider", [(0, 2), (1, 4), (2, 6), (3, 8)])
def test_prescaler(machine, on, adcpre, divider):
    """6.3.2"""
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 3 << 14, adcpre << 14)
    on.start()
    on.expect_in(14 * divider * 125, EOC)


@pytest.mark.parametrize("smp, ns", [(0, 1_167), (6, 7_000), (7, 21_000)])
def test_at_12_mhz(machine, on, smp, ns):
    """14, 84 and 252 cycles of 83 1/3 ns: whole ns stay whole."""
    stm32f100.run_from_hse(machine)
    on[SMPR2] = smp
    on.start()
    on.expect_in(ns, EOC)


def test_sample_is_of_the_end_of_the_sampling_time(machine, on):
    """10.6; the model's hold is instantaneous."""
    on[SMPR2] = 7
    sampling_ns = int(239.5 * CYCLE_NS)
    for change_ns, measured in ((sampling_ns - 1, 2048), (sampling_ns, 0)):
        on.voltage(0, 0)
        on.start()
        machine.step(change_ns)
        on.voltage(0, VDDA_UV // 2)
        machine.step(252 * CYCLE_NS - change_ns)
        assert (on[SR] & EOC, on[DR]) == (EOC, measured)


def test_gated_clock_holds_the_conversion(machine, on):
    on.start()
    machine.step(1_000)
    stm32f100.clock_off(machine, "adc1")
    machine.step(1_000_000)
    stm32f100.clock_on(machine, "adc1")
    on.expect_in(SHORTEST_NS - 1_000, EOC)


def test_clock_change_amid_a_conversion(machine, on):
    """4 of 14 cycles at 4 MHz, then 10 at 1 MHz."""
    on.start()
    machine.step(4 * CYCLE_NS)
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 3 << 14, 3 << 14)
    on.expect_in(10 * 4 * CYCLE_NS, EOC)


# ---------------------------------------------------------------- inputs (10.3.3, 10.9)

@pytest.mark.parametrize("microvolts, result", [
    (0, 0), (805, 0), (806, 1), (VDDA_UV // 2, 2048), (3_299_194, 4094), (3_299_195, 4095),
    (VDDA_UV, 4095), (5_000_000, 4095)])
def test_code_of_a_voltage(on, microvolts, result):
    on.voltage(0, microvolts)
    assert on.convert(0) == result


@pytest.mark.parametrize("channel", range(16))
def test_each_channel_has_its_input(on, channel):
    assert on.convert(channel) == code(channel)


def test_vdda_is_the_reference(on):
    on.set("vdda-uv", 3_000_000)
    on.voltage(0, 1_500_000)
    assert on.convert(0) == 2048


def test_vrefint_as_on_silicon(machine, adc):
    """STM32VLDISCOVERY at VDDA 2.985 V, started by CR2 = 0x5E0001: 1645 or 1646."""
    adc.set("vdda-uv", 2_985_000)
    adc.switch_on(TSVREFE)
    adc[SMPR1] = 7 << 21
    adc.sequence(VREFINT)
    adc[CR2] = TSVREFE | 0x5e0001
    adc.expect_in(cycles(239.5), EOC)
    assert adc[DR] in (1645, 1646)


@pytest.mark.parametrize("channel", [TEMPERATURE, VREFINT])
def test_internal_channels_need_tsvrefe(machine, on, channel):
    """10.9; t_START is 10 us."""
    assert on.convert(channel) == 0
    on[CR2] = ADON | TSVREFE
    machine.step(SENSORS_NS - 375 - 1)
    on.start()
    machine.step(SHORTEST_NS)
    assert on[DR] == 0
    on[CR2] = ADON
    on[CR2] = ADON | TSVREFE
    machine.step(SENSORS_NS - 375)
    on.start()
    machine.step(SHORTEST_NS)
    assert on[DR] > 1000


@pytest.mark.parametrize("temperature_mc, microvolts", [
    (25_000, 1_410_000), (-40_000, 1_689_500), (105_000, 1_066_000)])
def test_temperature_sensor(adc, temperature_mc, microvolts):
    """10.9 with the datasheet's V25 = 1.41 V and 4.3 mV/K."""
    adc.set("temperature-mc", temperature_mc)
    adc.switch_on(TSVREFE)
    adc[SMPR1] = 7 << 18
    assert adc.convert(TEMPERATURE) == microvolts * 4096 // VDDA_UV


def test_channels_beyond_17_read_0(on):
    on[CR2] |= TSVREFE
    for channel in (18, 31):
        assert on.convert(channel) == 0


def test_output_pin_is_measured(machine, on):
    """The switch to the pin does not ask for its mode; a push-pull output wins."""
    stm32f100.pin_mode(machine, "PA3", stm32f100.OUTPUT)
    assert on.convert(3) == 0
    machine.write(stm32f100.gpio("a") + 0x10, 1 << 3)
    assert on.convert(3) == 4095


@pytest.mark.parametrize("sampled_ns, result", [(6_249, 4095), (6_250, 0), (12_499, 0),
                                                (12_500, 4095)])
def test_pwm_pin_is_measured_at_the_sample_s_time(machine, on, sampled_ns, result):
    """TIM3_CH1 on PA6: 50 of 100 ticks high; its edges are computed when the ADC looks."""
    stm32f100.pin_mode(machine, "PA6", stm32f100.AF_OUTPUT)
    stm32f100.clock_on(machine, "tim3")
    on.sequence(6)
    for register, value in ((TIM_ARR, 99), (TIM_CCR1, 50), (TIM_CCMR1, 6 << 4), (TIM_CCER, 1),
                            (TIM_CR1, CEN)):
        machine.write(TIMER[3] + register, value)
    machine.step(sampled_ns - 375)
    on.start()
    on.expect_in(SHORTEST_NS, EOC)
    assert on[DR] == result


def test_open_drain_that_is_off_leaves_the_pin_to_the_board(machine, on):
    stm32f100.pin_mode(machine, "PB1", 0x7)
    assert on.convert(9) == 0
    machine.write(stm32f100.gpio("b") + 0x10, 1 << 1)
    assert on.convert(9) == code(9)


def test_pull_of_a_pin_that_nobody_drives(machine, on):
    on.voltage(12, -1)
    stm32f100.pin_mode(machine, "PC2", stm32f100.INPUT_PULLED)
    assert on.convert(12) == 0
    machine.write(stm32f100.gpio("c") + 0x10, 1 << 2)
    assert on.convert(12) == 4095
    on.voltage(12, 1_000_000)
    assert on.convert(12) == 1_000_000 * 4096 // VDDA_UV


def test_level_that_the_board_drives(machine, on):
    on.voltage(5, -1)
    assert on.convert(5) == 0
    stm32f100.drive_pin(machine, "PA5", 1)
    assert on.convert(5) == 4095


def test_pin_that_the_package_lacks(tmp_path):
    """LQFP48 has no PC0."""
    with QtestMachine(tmp_path, "stm32f100c8") as machine:
        adc = Adc(machine)
        adc.voltages()
        adc.switch_on()
        assert [adc.convert(channel) for channel in (9, 10)] == [code(9), 0]


def test_inputs_from_the_command_line(tmp_path):
    with stm32f100.qtest_machine(tmp_path, "-global", "stm32f100-adc.vdda-uv=3000000",
                                 "-global", "stm32f100-adc.in7-uv=750000") as machine:
        adc = Adc(machine)
        adc.switch_on()
        assert adc.convert(7) == 1024


@pytest.mark.parametrize("name, value", [
    ("in0-uv", -2), ("in15-uv", 5_500_001), ("vdda-uv", 1_999_999), ("vdda-uv", 3_600_001),
    ("temperature-mc", -55_001)])
def test_impossible_inputs_are_refused(adc, name, value):
    with pytest.raises(RuntimeError, match=f"{name}={value} is not in"):
        adc.set(name, value)


def test_inputs_can_be_read_back(machine, adc):
    adc.voltage(15, 1_234_567)
    assert machine.qmp.command("qom-get", path=PATH, property="in15-uv") == 1_234_567
    assert machine.qmp.command("qom-get", path=PATH, property="in14-uv") == -1


# ---------------------------------------------------------------- software starts (10.11.3)

@pytest.mark.parametrize("cr2", [0, EXTTRIG, 7 << EXTSEL, EXTTRIG | 6 << EXTSEL])
def test_swstart_is_inert(machine, on, cr2):
    """Silicon: without EXTTRIG = 1 and EXTSEL = 111 nothing starts."""
    on[CR2] = ADON | SWSTART | cr2
    machine.step(1_000_000)
    assert (on[SR], on[CR2]) == (0, ADON | SWSTART | cr2)


def test_swstart(on):
    on[CR2] = ADON | BY_SOFTWARE | SWSTART
    assert (on[SR], on[CR2]) == (STRT, ADON | BY_SOFTWARE)
    on.expect_in(SHORTEST_NS, EOC)


@pytest.mark.parametrize("cr2", [0, JEXTTRIG, 7 << JEXTSEL, JEXTTRIG | 6 << JEXTSEL])
def test_jswstart_is_inert(machine, on, cr2):
    on[CR2] = ADON | JSWSTART | cr2
    machine.step(1_000_000)
    assert (on[SR], on[CR2]) == (0, ADON | JSWSTART | cr2)
    on[CR2] = ADON | cr2
    assert on[CR2] == ADON | cr2


def test_jswstart(on):
    """EOC is set by the end of an injected group, too (10.11.1)."""
    on.injected(6)
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    assert (on[SR], on[CR2]) == (JSTRT, ADON | JBY_SOFTWARE)
    on.expect_in(SHORTEST_NS, JEOC)
    assert (on[SR], on[JDR1], on[DR]) == (JSTRT | JEOC | EOC, code(6), 0)


def test_start_amid_a_conversion_is_ignored(machine, on):
    on.start()
    machine.step(1_000)
    on.start()
    on.expect_in(SHORTEST_NS - 1_000, EOC)
    on[SR] = 0
    machine.step(1_000_000)
    assert on[SR] == 0


# -------------------------------------------------------------- flags (10.11.1), interrupts (10.10)

def test_eoc_is_cleared_by_a_read_of_dr(machine, on):
    on.start()
    machine.step(SHORTEST_NS)
    assert on[SR] == EOC | STRT
    assert on[DR] == code(0)
    assert on[SR] == STRT
    assert on[DR] == code(0)


@pytest.mark.parametrize("flag", [EOC, STRT, JEOC, JSTRT, AWD])
def test_flags_are_cleared_by_writing_0(machine, on, flag):
    on[HTR] = 0
    on[CR1] = AWDEN
    on.start()
    machine.step(SHORTEST_NS)
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS)
    everything = AWD | EOC | JEOC | JSTRT | STRT
    on[SR] = 0xffffffff
    assert on[SR] == everything
    on[SR] = ~flag & 0xffffffff
    assert on[SR] == everything & ~flag


@pytest.mark.parametrize("enable, flag", [(EOCIE, EOC), (JEOCIE, JEOC), (AWDIE, AWD)])
def test_interrupts(machine, on, enable, flag):
    """At the very ns, with nobody looking at the registers."""
    on[LTR] = 0xfff
    on[CR1] = JAWDEN | enable
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS - 1)
    assert not on.irq()
    machine.step(1)
    assert on.irq()
    on[SR] = ~flag & 0xffffffff
    assert not on.irq()


def test_interrupts_need_their_enable_bits(machine, on):
    on[LTR] = 0xfff
    on[CR1] = JAWDEN
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS)
    assert on[SR] == AWD | EOC | JEOC | JSTRT
    assert not on.irq()


# ---------------------------------------------------------------- analog watchdog (10.3.7)

@pytest.mark.parametrize("low, high, fires", [
    (0, 0xfff, False), (code(4), code(4), False), (code(4) + 1, 0xfff, True),
    (0, code(4) - 1, True)])
def test_thresholds(machine, on, low, high, fires):
    """10.11.7, 10.11.8: outside of LT..HT; the alignment does not matter."""
    on[LTR], on[HTR], on[CR1] = low, high, AWDEN
    on[CR2] = ADON | ALIGN
    on.sequence(4)
    on.start()
    machine.step(SHORTEST_NS)
    assert bool(on[SR] & AWD) == fires


@pytest.mark.parametrize("cr1, guarded", [
    (0, (False, False)), (AWDEN, (True, False)), (JAWDEN, (False, True)),
    (AWDEN | JAWDEN, (True, True)), (AWDSGL | AWDEN | JAWDEN | 1, (True, False)),
    (AWDSGL | AWDEN | JAWDEN | 2, (False, True)), (AWDSGL | JAWDEN | 1, (False, False)),
    (AWDSGL | AWDEN | 3, (False, False))])
def test_guarded_channels(machine, on, cr1, guarded):
    """Table of 10.3.7: regular channel 1, injected channel 2."""
    on[LTR], on[CR1] = 0xfff, cr1
    on.sequence(1)
    on.injected(2)
    on.start()
    machine.step(SHORTEST_NS)
    regular = bool(on[SR] & AWD)
    on[SR] = 0
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS)
    assert (regular, bool(on[SR] & AWD)) == guarded


def test_watchdog_ignores_the_offset(machine, on):
    on[JOFR1], on[HTR], on[CR1] = 0xfff, code(2), JAWDEN
    on.injected(2)
    on[CR2] = ADON | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS)
    assert on[SR] == JSTRT | JEOC | EOC


# ---------------------------------------------------------------- calibration (10.4)

@pytest.mark.parametrize("bit, count", [(RSTCAL, RSTCAL_CYCLES), (CAL, CAL_CYCLES)])
def test_calibration_takes_its_time(machine, on, bit, count):
    on[CR2] = ADON | bit
    machine.step(count * CYCLE_NS - 1)
    on[CR2] = ADON  # only hardware clears it
    assert on[CR2] == ADON | bit
    machine.step(1)
    assert (on[CR2], on[SR]) == (ADON, 0)


def test_calibration_leaves_its_code_in_dr(machine, on):
    on.convert(0)
    on[CR2] = ADON | CAL
    machine.step(CAL_CYCLES * CYCLE_NS - 1)
    assert on[DR] == code(0)
    machine.step(1)
    assert on[DR] == 0


def test_start_waits_for_the_calibration(machine, on):
    on[CR2] = ADON | CAL
    machine.step(1_000)
    on.start()
    on.expect_in(CAL_CYCLES * CYCLE_NS - 1_000 + SHORTEST_NS, EOC)
    assert on[DR] == code(0)


def test_reset_of_calibration_waits_for_the_conversion(machine, on):
    """10.11.3: with a conversion under way it takes longer."""
    on.start()
    machine.step(1_000)
    on[CR2] = ADON | RSTCAL
    machine.step(SHORTEST_NS - 1_000 + RSTCAL_CYCLES * CYCLE_NS - 1)
    assert on[CR2] == ADON | RSTCAL
    machine.step(1)
    assert (on[CR2], on[SR]) == (ADON, STRT | EOC)


def test_no_calibration_while_off(machine, adc):
    adc[CR2] = CAL
    machine.step(1_000_000)
    assert adc[CR2] == CAL
    adc[CR2] = ADON | CAL
    machine.step(CAL_CYCLES * CYCLE_NS)
    assert adc[CR2] == ADON


def test_initialisation_and_measurement_of_px4io_class_firmware(machine, adc):
    """ADCCLK 12 MHz: 10 us of power-up, RSTCAL gone after 1 us, CAL after 100 us, then ADON
    once per measurement; every write of CR2 changes one bit."""
    stm32f100.run_from_hse(machine)
    adc.voltages()
    adc[CR2] &= ~ADON
    for bit, wait_ns in (ADON, 10_000), (RSTCAL, 1_000), (CAL, 100_000):
        adc[CR2] |= bit
        machine.step(wait_ns)
        assert adc[CR2] == ADON
    adc[SMPR1] = adc[SMPR2] = 0o3333333333
    adc[CR2] |= TSVREFE
    adc[CR1] = 0
    machine.step(100_000)
    assert adc[SR] == 0
    for channel, result in (4, code(4)), (5, code(5)), (VREFINT, 1489):
        adc[SR] = 0
        adc[DR]
        adc[SQR3] = channel
        adc[CR2] |= ADON
        adc.expect_in(3_417, EOC)
        assert adc[DR] == result


# ---------------------------------------------------------------- misuse is logged

def misuses():
    def swstart(adc):
        adc[CR2] = ADON | SWSTART

    def jswstart(adc):
        adc[CR2] = ADON | JSWSTART

    def unstable(adc):
        adc[CR2] = 0
        adc[CR2] = ADON
        adc.start()
        adc.machine.step(SHORTEST_NS)
        adc[SR]

    def no_channel(adc):
        adc.convert(18)

    def no_reference(adc):
        adc.convert(17)

    def short_sampling(adc):
        adc.switch_on(TSVREFE)
        adc.convert(16)

    def early_calibration(adc):
        adc[CR2] = 0
        adc[CR2] = ADON
        adc.machine.step(2 * CYCLE_NS - 1)
        adc[CR2] = ADON | CAL

    def unclocked(adc):
        stm32f100.clock_off(adc.machine, "adc1")
        adc[CR1] = 0

    def no_register(adc):
        adc[0x50] = 0

    return [
        (swstart, "SWSTART starts nothing without ADON, EXTTRIG and EXTSEL=7"),
        (jswstart, "JSWSTART starts nothing without ADON, JEXTTRIG and JEXTSEL=7"),
        (unstable, "channel 0 reads 0: ADON has been set for less than t_STAB"),
        (no_channel, "channel 18 reads 0: there is no such channel"),
        (no_reference, "channel 17 reads 0: TSVREFE is 0"),
        (short_sampling, "the temperature sensor is sampled for less than 17.1 us"),
        (early_calibration, "CAL is set before ADON has been for two cycles"),
        (unclocked, "write while RCC does not clock it"),
        (no_register, "write of offset 0x50, which cannot be written")]


@pytest.mark.parametrize("misuse, said", misuses())
def test_misuse_is_logged(tmp_path, misuse, said):
    log = tmp_path / "log"
    with stm32f100.qtest_machine(tmp_path, "-d", "guest_errors", "-D", str(log)) as machine:
        adc = Adc(machine)
        adc.switch_on()
        adc.convert(0)
        assert log.read_text() == ""
        misuse(adc)
        assert log.read_text() == f"stm32f100-adc: {said}\n"


# ---------------------------------------------------------------- migration

def prepare(machine, *hse):
    """A while after power-on, so that times count."""
    if hse:
        stm32f100.run_from_hse(machine)
    machine.step(100_000)
    adc = Adc(machine)
    adc.voltages()
    return adc


def prepare_scan(machine):
    """Amid the second conversion of a scan with DMA, an injected start waiting behind it."""
    adc = prepare(machine)
    adc.switch_on()
    dma_to_memory(machine, 4)
    adc[CR1] = SCAN | JDISCEN | EOCIE
    adc[SMPR2] = 7 << 6
    adc.sequence(1, 2, 3, 4)
    adc.injected(5, 6)
    adc[CR2] = ADON | DMA | JBY_SOFTWARE | JSWSTART
    machine.step(SHORTEST_NS - 500)
    adc.start()
    machine.step(500 + SHORTEST_NS + 777)
    adc[CR2] = adc[CR2] | TSVREFE


def prepare_gated(machine):
    """A conversion, already sampled, that waits for its clock; of a level of the DAC."""
    adc = prepare(machine)
    stm32f100.clock_on(machine, "dac")
    machine.write(0x40007400, 1)
    machine.write(0x40007408, 0x800)
    adc.switch_on()
    adc.sequence(4)
    adc.start()
    machine.step(1_000)
    stm32f100.clock_off(machine, "adc1")


def prepare_calibration(machine):
    adc = prepare(machine)
    adc.set("vdda-uv", 3_000_000)
    adc.set("temperature-mc", 60_000)
    adc[SMPR1] = 7 << 18
    adc.switch_on(TSVREFE)
    adc.sequence(TEMPERATURE)
    adc[CR2] = ADON | TSVREFE | CAL | RSTCAL
    machine.step(1_500)
    adc.start()


def prepare_discontinuous(machine):
    adc = prepare(machine)
    adc.switch_on()
    adc[CR1] = SCAN | DISCEN | 1 << DISCNUM
    adc.sequence(1, 2, 3)
    adc.start()
    machine.step(SHORTEST_NS + 100)


def prepare_twelve_mhz(machine):
    """The conversion ends 1166 2/3 ns after its start."""
    adc = prepare(machine, "hse")
    adc.switch_on()
    adc.start()
    machine.step(1_165)
    assert adc[SR] == STRT


def prepare_interrupt(machine):
    adc = prepare(machine)
    adc.switch_on()
    adc[CR1] = EOCIE
    adc.start()
    machine.step(SHORTEST_NS - 100)


def prepare_unstable(machine):
    """Samples that will come too early after ADON and TSVREFE."""
    adc = prepare(machine)
    adc[CR1] = SCAN
    adc.injected(0, VREFINT)
    adc[CR2] = ADON | TSVREFE | JBY_SOFTWARE
    adc[CR2] = ADON | TSVREFE | JBY_SOFTWARE | JSWSTART


def prepare_request(machine):
    """A result that waits for DMA."""
    adc = prepare(machine)
    adc.switch_on()
    adc[CR2] = ADON | DMA
    adc.start()
    machine.step(SHORTEST_NS)
    assert adc[SR] == EOC | STRT


def prepare_auto_injection(machine):
    """PCLK2 is HCLK / 2, ADCCLK PCLK2 / 2."""
    adc = prepare(machine)
    stm32f100.modify(machine, stm32f100.RCC_CFGR, 7 << 11, 4 << 11)
    adc.switch_on()
    adc[CR1] = SCAN | JAUTO
    adc.start()
    machine.step(SHORTEST_NS)


def prepare_trigger(machine):
    """A trigger that is high already."""
    adc = prepare(machine)
    adc.switch_on()
    adc[CR2] = ADON | EXTTRIG | 5 << EXTSEL
    machine.ask(f"set_irq_in {PATH} trigger 5 1")
    machine.step(2 * SHORTEST_NS)
    adc[SR] = 0


def continue_from_here(machine, unwatched):
    """With @unwatched only the interrupt is looked at, for a while."""
    stm32f100.clock_on(machine, "adc1")
    adc = Adc(machine)
    seen = []
    for ns in [1] * 200 + [99] * 300:
        machine.step(ns)
        seen.append((adc.irq(), 0 if unwatched else adc[SR]))
    adc[CR1] = adc[CR1]
    if not Channel(machine, 1).cndtr:
        dma_to_memory(machine, 4)
    machine.ask(f"set_irq_in {PATH} trigger 5 1")
    for _ in range(50):
        machine.step(2_000)
        seen.append((adc.irq(), *(adc[r] for r in REGISTERS)))
    adc.start()
    machine.step(SHORTEST_NS)
    memory = [machine.read(0x20000200 + 2 * n, size=2) for n in range(4)]
    return seen + [(adc[DR], Channel(machine, 1).cndtr, *memory)]


@pytest.mark.parametrize("prepare_it, unwatched", [
    (prepare_scan, False), (prepare_gated, False), (prepare_calibration, False),
    (prepare_discontinuous, False), (prepare_twelve_mhz, False), (prepare_interrupt, True),
    (prepare_unstable, False), (prepare_request, False), (prepare_auto_injection, False),
    (prepare_trigger, False)])
def test_migration(tmp_path, prepare_it, unwatched):
    """The other side goes on as this one does."""
    expected = stm32f100.round_trip(tmp_path, prepare_it,
                                    lambda machine: continue_from_here(machine, unwatched))
    assert len(set(expected)) > 2, "something went on"


@pytest.mark.parametrize("rate, measured", [("125/3", 0xffff), ("425/6", 1489)])
def test_a_driver_that_counts_its_polls(build_image, tmp_path, rate, measured):
    """Pattern: 16 polls of EOC, or no result.  The conversion takes 82 cycles of the core; so many
    polls take 80 at one cycle an instruction, and at 1.7, as on the part, as long as they need."""
    log = qtest.run_image(build_image("adc-polls"), tmp_path, stm32f100.MODEL,
                          f"rate={rate},slice=1000,sleep=off")
    text = qtest.text_of(qtest.parse_symbols(log, "usart1"))
    assert text == f"measured {measured:08x}\n"


def test_a_driver_that_goes_on_in_its_handler(machine):
    """Pattern: calibrated on the way, EOCIE; a call starts a conversion unless STRT is set; the handler
    writes SR back without EOC and STRT, reads DR, selects the other channel and starts that."""
    adc = Adc(machine)
    adc.voltages()
    adc[CR1], adc[CR2] = 0, ADON
    for calibration, needed in ((RSTCAL, RSTCAL_CYCLES), (CAL, CAL_CYCLES)):
        adc[CR2] = ADON | calibration
        machine.step((needed + 2) * CYCLE_NS)
        assert not adc[CR2] & calibration
    adc[SMPR2], adc[SQR1], adc[SQR2] = 3 << 12 | 3 << 15, 0, 0
    adc[CR1] |= EOCIE
    adc[SQR3], seen = 4, []
    for channel, other in ((4, 5), (5, 4), (4, 5)):
        assert not adc[SR] & STRT
        adc[CR2] |= ADON
        machine.step(int(41 * CYCLE_NS) - 1)
        assert adc[SR] & (STRT | EOC) == STRT and not adc.irq()
        machine.step(1)
        assert adc.irq()
        adc[SR] &= ~(EOC | STRT) & 0xffffffff
        seen.append(adc[DR] == code(channel))
        adc[SQR3] = other
        assert not adc.irq()
    assert seen == [True] * 3
