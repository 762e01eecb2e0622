"""KEY_MANAGER, MECC, XECC, CDOG: registers only (IMXRT1170RM, chapters of these names).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

KEY_MANAGER, CDOG = 0x40c80000, 0x41900000
MECC1, MECC2 = 0x40014000, 0x40018000
XECC = [0x4001c000, 0x40020000, 0x40024000]


@pytest.mark.parametrize("address, reset, writable", [
    (KEY_MANAGER + 0x000, 0, 0x10001), (KEY_MANAGER + 0x018, 0, 0x10001), (KEY_MANAGER + 0x030, 0, 1),
    (KEY_MANAGER + 0x400, 0xf, 0x8003800f), (KEY_MANAGER + 0x410, 0xf, 0x8003800f),
    (KEY_MANAGER + 0x414, 0, 0), (MECC1 + 0x000, 0, 0), (MECC1 + 0x008, 0, 0xffff),
    (MECC1 + 0x014, 0, 0xff), (MECC2 + 0x038, 0, 0xff), (MECC2 + 0x034, 0, 0xffffffff),
    (MECC1 + 0x0b8, 0, 0), (MECC1 + 0x100, 0, 0x1f), (MECC1 + 0x0bc, 0, 0), (XECC[0] + 0x000, 0, 0xf),
    (XECC[1] + 0x004, 0, 0), (XECC[2] + 0x00c, 0, 3), (XECC[0] + 0x038, 0, 0),
    (XECC[0] + 0x058, 0, 0xffffffff), (CDOG + 0x000, 0x50092492, 0xf00fffff),
    (CDOG + 0x008, 0xffffffff, 0xffffffff), (CDOG + 0x010, 0x50000000, 0), (CDOG + 0x018, 0, 0x1003f),
    (CDOG + 0x01c, 0, 0xffffffff), (CDOG + 0x020, 0, 0), (CDOG + 0x04c, 0, 0)])
def test_reset_value_and_writable_bits(machine, address, reset, writable):
    assert machine.try_bits(address) == (reset, reset | writable, reset & ~writable)
