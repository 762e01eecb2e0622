"""The machine stm32f100rb as its device tests use it (see ../qtest.py), and what
every test of a peripheral needs first: its clock (RM0041 6.3) and its pins (7.2).

SPDX-License-Identifier: Apache-2.0
"""

import pathlib

import qtest

MODEL = "stm32f100rb,hse-hz=24000000"  # its board's crystal has 8 MHz, the part takes up to 24
PART = qtest.Part(model=MODEL, icount="rate=125/3,slice=1000,sleep=off", cpu="cortex-m3",
                  images=pathlib.Path(__file__).resolve().parent / "images", start=("start.c",))
qtest_machine, round_trip = PART.qtest_machine, PART.round_trip
run_image, try_image = PART.run_image, PART.try_image

RCC = 0x40021000
RCC_CR, RCC_CFGR, RCC_APB2RSTR, RCC_APB1RSTR, RCC_AHBENR, RCC_APB2ENR, RCC_APB1ENR = (
    RCC + n for n in (0x00, 0x04, 0x0c, 0x10, 0x14, 0x18, 0x1c))
PWR_CR = 0x40007000
HSI_HZ, HSE_HZ = 8_000_000, 24_000_000

# Peripherals by name: the enable register of RCC and the bit in it.
ENABLE = {
    **{name: (RCC_AHBENR, bit) for name, bit in {"dma1": 0, "crc": 6}.items()},
    **{name: (RCC_APB2ENR, bit) for name, bit in {
        "afio": 0, "gpioa": 2, "gpiob": 3, "gpioc": 4, "gpiod": 5, "gpioe": 6, "adc1": 9,
        "tim1": 11, "spi1": 12, "usart1": 14, "tim15": 16, "tim16": 17, "tim17": 18}.items()},
    **{name: (RCC_APB1ENR, bit) for name, bit in {
        "tim2": 0, "tim3": 1, "tim4": 2, "tim6": 4, "tim7": 5, "wwdg": 11, "spi2": 14,
        "usart2": 17, "usart3": 18, "i2c1": 21, "i2c2": 22, "bkp": 27, "pwr": 28, "dac": 29,
        "cec": 30}.items()},
}

# Modes of a pin: CNF and MODE of CRL or CRH (7.2.1).
INPUT_FLOATING, INPUT_PULLED, OUTPUT, AF_OUTPUT, AF_OPEN_DRAIN = 0x4, 0x8, 0x3, 0xb, 0xf


def modify(machine, address, clear, setting):
    machine.write(address, machine.read(address) & ~clear | setting)


def clock_on(machine, *names):
    for name in names:
        register, bit = ENABLE[name]
        modify(machine, register, 0, 1 << bit)


def clock_off(machine, *names):
    for name in names:
        register, bit = ENABLE[name]
        modify(machine, register, 1 << bit, 0)


def check_clock_gate(block, name, register, registers=()):
    """Without its clock @register of @block is not written and, as all @registers, reads 0; it
    keeps its value (6.3.6 to 6.3.8)."""
    block[register] = 0x123
    clock_off(block.machine, name)
    assert [block[n] for n in registers] == [0] * len(registers)
    block[register] = 0x456
    assert block[register] == 0
    clock_on(block.machine, name)
    assert block[register] == 0x123


def run_from_hse(machine):
    """SYSCLK from the crystal of 24 MHz, without prescalers (6.2.2, 6.2.6)."""
    modify(machine, RCC_CR, 0, 1 << 16)
    for _ in range(1000):
        if machine.read(RCC_CR) & 1 << 17:
            break
        machine.step(10_000)
    else:
        raise TimeoutError("HSERDY does not come")
    modify(machine, RCC_CFGR, 3, 1)
    assert machine.read(RCC_CFGR) & 0xf == 0x5


def allow_backup_writes(machine):
    """PWREN, BKPEN and PWR_CR.DBP (4.1.2, 5.1)"""
    clock_on(machine, "pwr", "bkp")
    modify(machine, PWR_CR, 0, 1 << 8)


def qom_get(machine, path, name):
    return machine.qmp.command("qom-get", path=f"/machine/soc/{path}", property=name)


def qom_set(machine, path, name, value):
    machine.qmp.command("qom-set", path=f"/machine/soc/{path}", property=name, value=value)


def set_input(machine, path, name, level, number=0):
    """The level of a named input of a device of the part."""
    machine.ask(f"set_irq_in /machine/soc/{path} {name} {number} {level}")


def gpio(port):
    """Base address of the port "a".."e"."""
    return 0x40010800 + 0x400 * (ord(port) - ord("a"))


def pin_mode(machine, pin, mode):
    """Clocks the port of @pin ("PA2") and gives the pin its mode."""
    port, number = pin[1].lower(), int(pin[2:])
    clock_on(machine, f"gpio{port}")
    shift = 4 * (number % 8)
    modify(machine, gpio(port) + 4 * (number // 8), 0xf << shift, mode << shift)


def drive_pin(machine, pin, level):
    """The board drives @pin ("PA2") to 0 or 1, or lets it go: None."""
    machine.ask(f"set_irq_in /machine/soc/gpio{pin[1].lower()} unnamed-gpio-in {int(pin[2:])}"
                f" {-1 if level is None else level}")


def edges(machine, pin):
    """(ns, level) of every edge of @pin so far, the first one when it became an output."""
    words = [line.split() for line in machine.qmp.wire_log().splitlines()]
    return [(int(w[2]), int(w[3])) for w in words if w[:2] == ["edge", pin]]
