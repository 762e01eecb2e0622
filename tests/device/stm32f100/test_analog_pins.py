"""Analog levels by the names of pins: "PA4-uv" of the part is what its board puts on the ADC input
that the pin is (STM32F100x4/6/8/B datasheet, table of pins: PA0 to PA7 are ADC1_IN0 to 7, PB0 and
PB1 are 8 and 9, PC0 to PC5 are 10 to 15).

SPDX-License-Identifier: Apache-2.0
"""

import adc
import pytest
from qtest import QtestMachine

SOC = "/machine/soc"
CHANNELS = {**{f"PA{n}": n for n in range(8)}, **{f"PB{n}": 8 + n for n in range(2)},
            **{f"PC{n}": 10 + n for n in range(6)}}


@pytest.mark.parametrize("model, pins", [
    ("stm32f100rb", list(CHANNELS)),
    ("stm32f100c8", [pin for pin in CHANNELS if pin[1] != "C"]),  # LQFP48 has no PC0 to PC5
])
def test_pins_of_the_package_that_the_adc_measures(tmp_path, model, pins):
    with QtestMachine(tmp_path, model) as machine:
        properties = machine.qmp.command("qom-list", path=SOC)
    names = {entry["name"] for entry in properties if entry["name"].endswith("-uv")}
    assert names == {f"{pin}-uv" for pin in pins}


def test_a_pin_is_the_input_of_its_channel(machine):
    for pin, channel in CHANNELS.items():
        machine.qmp.command("qom-set", path=SOC, property=f"{pin}-uv", value=100_000 + channel)
    for channel in CHANNELS.values():
        assert machine.qmp.command("qom-get", path=adc.PATH, property=f"in{channel}-uv") == (
            100_000 + channel)


def test_what_is_set_by_the_pin_is_measured(machine):
    converter = adc.Adc.switched_on(machine)
    machine.qmp.command("qom-set", path=SOC, property="PA4-uv", value=1_650_000)
    converter.sequence(4)
    converter[adc.CR2] = adc.ADON
    machine.step(adc.SHORTEST_NS + 10 * adc.CYCLE_NS)
    assert converter[adc.DR] == 2048


@pytest.mark.parametrize("microvolts", [-2, 5_500_001])
def test_a_voltage_that_the_part_does_not_survive_is_refused(machine, microvolts):
    with pytest.raises(RuntimeError):
        machine.qmp.command("qom-set", path=SOC, property="PA4-uv", value=microvolts)
    assert machine.qmp.command("qom-get", path=SOC, property="PA4-uv") == -1
