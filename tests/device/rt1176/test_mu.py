"""MU (IMXRT1170RM, chapter "Messaging Unit"); values marked "silicon" were read
on a MIMXRT1170-EVKB.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

MUA, MUB, IRQ = 0x40c48000, 0x40c4c000, 118
TR, RR, SR, CR = 0x00, 0x10, 0x20, 0x24
MUR = 1 << 5


def bit(group, channel):
    """Channel 0 is the highest bit of its group of four."""
    return 1 << (group + 3 - channel)


def test_idle_status(machine):
    assert machine.read(MUA + SR) == 0x00f00200  # silicon
    assert machine.read(MUB + SR) == 0x00f00000


def test_status_after_a_transmission(machine):
    machine.write(MUA + TR + 8, 0x1234)
    assert machine.read(MUA + SR) == 0x00d00200  # silicon
    assert machine.read(MUB + SR) == 0x02f00000  # silicon
    assert machine.read(MUB + RR + 8) == 0x1234
    assert machine.read(MUA + SR) == 0x00f00200
    assert machine.read(MUB + SR) == 0x00f00000


@pytest.mark.parametrize("channel", range(4))
@pytest.mark.parametrize("sender, receiver", [(MUA, MUB), (MUB, MUA)])
def test_every_mailbox(machine, channel, sender, receiver):
    machine.write(sender + TR + 4 * channel, 0xc0de0000 + channel)
    assert machine.read(receiver + SR) >> 24 & 0xf == bit(0, channel)
    assert machine.read(sender + SR) >> 20 & 0xf == 0xf & ~bit(0, channel)
    assert machine.read(receiver + RR + 4 * channel) == 0xc0de0000 + channel


def test_transmit_registers_read_0(machine):
    machine.write(MUA + TR, 5)
    assert machine.read(MUA + TR) == 0


@pytest.mark.parametrize("channel", range(4))
def test_receive_interrupt(machine, channel):
    machine.write(MUA + CR, bit(24, channel))
    assert not machine.irq(IRQ)
    machine.write(MUB + TR + 4 * channel, 1)
    assert machine.irq(IRQ)
    machine.read(MUA + RR + 4 * channel)
    assert not machine.irq(IRQ)


@pytest.mark.parametrize("channel", range(4))
def test_transmit_interrupt(machine, channel):
    machine.write(MUA + CR, bit(20, channel))
    assert machine.irq(IRQ)
    machine.write(MUA + TR + 4 * channel, 1)
    assert not machine.irq(IRQ)
    machine.read(MUB + RR + 4 * channel)
    assert machine.irq(IRQ)


@pytest.mark.parametrize("channel", range(4))
def test_general_purpose_interrupt(machine, channel):
    machine.write(MUA + CR, bit(28, channel))
    machine.write(MUB + CR, bit(16, channel))
    assert machine.read(MUA + SR) >> 28 == bit(0, channel)
    assert machine.read(MUB + CR) >> 16 & 0xf == bit(0, channel)
    assert machine.irq(IRQ)
    machine.write(MUB + TR, 1)  # other traffic does not touch it
    machine.read(MUA + RR)
    assert machine.irq(IRQ)
    machine.write(MUA + SR, bit(28, channel))
    assert machine.read(MUB + CR) >> 16 & 0xf == 0  # silicon: clears itself
    assert not machine.irq(IRQ)


def test_flags(machine):
    machine.write(MUB + CR, 5)
    assert machine.read(MUA + SR) & 7 == 5
    assert machine.read(MUB + SR) & 7 == 0


def test_unit_reset(machine):
    machine.write(MUA + TR, 1)
    machine.write(MUB + CR, 7 | bit(16, 0))
    machine.write(MUA + CR, MUR)
    assert machine.read(MUA + SR) == 0x00f00200
    assert machine.read(MUA + CR) == machine.read(MUB + CR) == 0
