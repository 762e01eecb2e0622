"""The machine mimxrt1176 as its device tests use it (see ../qtest.py).

SPDX-License-Identifier: Apache-2.0
"""

import pathlib

import qtest

# Every image has the M4's part, too.
PART = qtest.Part(model="mimxrt1176", icount="rate=250/249,slice=1000,sleep=off", cpu="cortex-m7",
                  images=pathlib.Path(__file__).resolve().parent / "images",
                  start=("start.c", "m4.S"))
qtest_machine, run_image, try_image = PART.qtest_machine, PART.run_image, PART.try_image


def root(number):
    """CLOCK_ROOT_CONTROL (chapter "Clock Controller Module")"""
    return 0x40cc0000 + 0x80 * number


def lpcg(number):
    """LPCG_DIRECT"""
    return 0x40cc6000 + 0x20 * number


def stop_root(machine, number):
    """CLOCK_ROOT_CONTROL_SET: OFF; the registers behind it stay reachable."""
    machine.write(root(number) + 4, 1 << 24)


def start_root(machine, number):
    machine.write(root(number) + 8, 1 << 24)
