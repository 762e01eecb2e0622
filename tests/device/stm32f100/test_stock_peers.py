"""QEMU's own peripherals on the buses of SPI and I2C, attached by -device: a serial
flash and an EEPROM, spoken to by their data sheets.

SPDX-License-Identifier: Apache-2.0
"""

import stm32f100
from test_i2c import ACK, ADDR, AF, DR, SR1, SR2, STOP, I2c
from test_spi import Spi

EEPROM = 0x54


def flash_command(spi, *octets):
    """One selection of the flash by PA4, an output; what it has answered."""
    spi.machine.write(stm32f100.gpio("a") + 0x14, 1 << 4)
    answers = [spi.exchange(octet) for octet in octets]
    spi.machine.write(stm32f100.gpio("a") + 0x10, 1 << 4)
    return answers


def test_serial_flash(tmp_path):
    with stm32f100.qtest_machine(tmp_path, "-device", "m25p80,bus=spi1") as machine:
        spi = Spi(machine, 1)
        stm32f100.pin_mode(machine, "PA4", stm32f100.OUTPUT)
        machine.write(stm32f100.gpio("a") + 0x10, 1 << 4)
        spi.master(2 << 3)
        assert flash_command(spi, 0x9f, 0, 0, 0)[1:] == [0x20, 0x20, 0x14]  # identification
        flash_command(spi, 0x06)  # write enable
        flash_command(spi, 0x02, 0, 1, 0, 0x12, 0x34)  # page program at 0x100
        assert flash_command(spi, 0x03, 0, 1, 0, 0, 0, 0)[4:] == [0x12, 0x34, 0xff]


def write(i2c, *octets):
    assert i2c.address(EEPROM << 1) == ADDR
    i2c[SR2]
    for octet in octets:
        i2c.octet(octet)
        assert not i2c[SR1] & AF


def test_eeprom(tmp_path):
    with stm32f100.qtest_machine(tmp_path, "-device",
                                 f"at24c-eeprom,bus=i2c2,address={EEPROM},rom-size=256") as machine:
        i2c = I2c(machine, 2)
        i2c.on(ACK)
        write(i2c, 0x10, 0xca, 0xfe)
        i2c.stop()
        write(i2c, 0x11)
        i2c.restart()
        i2c.octet(EEPROM << 1 | 1)
        i2c.clear(ACK)
        i2c[SR1], i2c[SR2]
        i2c.set(STOP)
        i2c.octet()
        assert i2c[DR] == 0xfe
