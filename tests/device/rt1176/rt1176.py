"""The machine mimxrt1176 as its device tests use it (see ../qtest.py).

SPDX-License-Identifier: Apache-2.0
"""

import qtest

MODEL = "mimxrt1176"
ICOUNT = "rate=250/249,slice=1000,sleep=off"


def qtest_machine(folder, *options):
    return qtest.QtestMachine(folder, MODEL, *options)


def run_image(elf, folder, *options, machine=MODEL, **arguments):
    return qtest.run_image(elf, folder, machine, ICOUNT, *options, **arguments)


def try_image(elf, *options, machine=MODEL, **arguments):
    return qtest.try_image(elf, machine, *options, **arguments)
