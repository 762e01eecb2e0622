"""MU (IMXRT1170RM, chapter "Messaging Unit"); values marked "silicon" were read
on a MIMXRT1170-EVKB.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176

MUA, MUB, IRQ = 0x40c48000, 0x40c4c000, 118
TR, RR, SR, CR = 0x00, 0x10, 0x20, 0x24
FN, MUR = 7, 1 << 5
GIR, TE, TIE, RF, RIE, GIP, GIE = 16, 20, 20, 24, 24, 28, 28  # lowest bit of each group
BRDIP = 1 << 9
IDLE = {MUA: 0x00f00200, MUB: 0x00f00000}  # SR; silicon
SIDES = [(MUA, MUB), (MUB, MUA)]
LPCG = {MUA: rt1176.lpcg(20), MUB: rt1176.lpcg(21)}  # chapter CCM: MU_A, MU_B
SRC_SCR, SRC_CTRL_M4CORE = 0x40c04000, 0x40c04284

both_ways = pytest.mark.parametrize("near, far", SIDES, ids=["A-to-B", "B-to-A"])
each_channel = pytest.mark.parametrize("channel", range(4))


def bit(group, channel):
    """Channel 0 is the highest bit of its group of four."""
    return 1 << (group + 3 - channel)


def group(value, lowest):
    return value >> lowest & 0xf


class Lines:
    """Levels of the interrupt at each core, as the unit drives it."""

    def __init__(self, machine):
        self.machine = machine
        self.m4 = False
        readline = machine.process.stdout.readline

        def listening():
            line = readline()
            if line.startswith("IRQ "):
                _, what, number = line.split()
                if int(number) == IRQ:
                    self.m4 = what == "raise"
            return line

        machine.process.stdout.readline = listening
        machine.ask("irq_intercept_in /machine/cm4/armv7m")

    def __getitem__(self, side):
        return self.machine.irq(IRQ) if side == MUA else self.m4


class Listener:
    """stdout of the emulator, whose lines can be listened to."""

    def __init__(self, stream):
        self.stream = stream
        self.readline = stream.readline


@pytest.fixture
def lines(machine):
    machine.process.stdout = Listener(machine.process.stdout)
    yield Lines(machine)
    machine.process.stdout = machine.process.stdout.stream


# ---------------------------------------------------------------- registers

@pytest.mark.parametrize("side", [MUA, MUB], ids="AB")
def test_reset_state(machine, side):
    assert machine.read(side + SR) == IDLE[side]  # silicon
    assert machine.read(side + CR) == 0
    assert [machine.read(side + RR + 4 * n) for n in range(4)] == [0] * 4


def test_status_after_a_transmission(machine):
    machine.write(MUA + TR + 8, 0x1234)
    assert machine.read(MUA + SR) == 0x00d00200  # silicon
    assert machine.read(MUB + SR) == 0x02f00000  # silicon
    assert machine.read(MUB + RR + 8) == 0x1234
    assert machine.read(MUA + SR) == IDLE[MUA]
    assert machine.read(MUB + SR) == IDLE[MUB]


@both_ways
@each_channel
def test_every_mailbox(machine, near, far, channel):
    machine.write(near + TR + 4 * channel, 0xc0de0000 + channel)
    assert group(machine.read(far + SR), RF) == bit(0, channel)
    assert group(machine.read(near + SR), TE) == 0xf & ~bit(0, channel)
    assert group(machine.read(near + SR), RF) == 0
    assert group(machine.read(far + SR), TE) == 0xf
    assert machine.read(far + RR + 4 * channel) == 0xc0de0000 + channel
    assert machine.read(far + SR) == IDLE[far]
    assert machine.read(near + SR) == IDLE[near]


def test_all_mailboxes_both_ways_at_once(machine):
    for side in (MUA, MUB):
        for channel in range(4):
            machine.write(side + TR + 4 * channel, side + channel)
    assert machine.read(MUA + SR) == 0x0f000000 | BRDIP
    assert machine.read(MUB + SR) == 0x0f000000
    for near, far in SIDES:
        for channel in reversed(range(4)):
            assert machine.read(far + RR + 4 * channel) == near + channel
    assert machine.read(MUA + SR) == IDLE[MUA]
    assert machine.read(MUB + SR) == IDLE[MUB]


@both_ways
@each_channel
def test_transmit_registers_read_0(machine, near, far, channel):
    machine.write(near + TR + 4 * channel, 0x55aa55aa)
    assert machine.read(near + TR + 4 * channel) == 0  # silicon
    assert machine.read(far + RR + 4 * channel) == 0x55aa55aa


@both_ways
@each_channel
def test_receive_registers_cannot_be_written(machine, near, far, channel):
    machine.write(near + RR + 4 * channel, 5)
    assert machine.read(near + SR) == IDLE[near]
    assert machine.read(far + SR) == IDLE[far]
    assert machine.read(near + RR + 4 * channel) == 0


@both_ways
@each_channel
def test_a_full_register_takes_the_later_word(machine, near, far, channel):
    """Unconfirmed: the manual asks for TE before a write."""
    machine.write(near + TR + 4 * channel, 1)
    machine.write(near + TR + 4 * channel, 2)
    assert machine.read(far + RR + 4 * channel) == 2
    assert machine.read(near + SR) == IDLE[near]


@both_ways
def test_a_register_that_is_not_full_has_the_last_word(machine, near, far):
    """Unconfirmed."""
    machine.write(near + TR, 7)
    assert [machine.read(far + RR) for _ in range(2)] == [7, 7]
    assert machine.read(near + SR) == IDLE[near]


@both_ways
@pytest.mark.parametrize("flags", range(8))
def test_flags_are_seen_on_the_other_side(machine, near, far, flags):
    machine.write(near + CR, flags)
    assert machine.read(near + CR) == flags
    assert machine.read(far + SR) == IDLE[far] | flags
    assert machine.read(near + SR) == IDLE[near]  # FUP: the update takes no time
    machine.write(near + CR, 0)
    assert machine.read(far + SR) == IDLE[far]


@pytest.mark.parametrize("side", [MUA, MUB], ids="AB")
def test_every_bit_of_cr(machine, side):
    """What this part's MU has: Fn, GIR, TIE, RIE, GIE (and MUR); all else is reserved, among
    it HR, HRM and RDIE of other parts."""
    for number in range(32):
        if 1 << number == MUR or number in range(GIR, GIR + 4):
            continue
        machine.write(side + CR, 1 << number)
        kept = number < 3 or number >= TIE
        assert machine.read(side + CR) == (1 << number if kept else 0), number
    machine.write(side + CR, 0)
    assert machine.read(side + CR) == 0


@pytest.mark.parametrize("side", [MUA, MUB], ids="AB")
def test_status_cannot_be_written(machine, side):
    """Bit 9 of side A stays set on silicon, RS, EP and FUP were never seen."""
    machine.write(side + SR, 0xffffffff)
    assert machine.read(side + SR) == IDLE[side]


def test_nothing_behind_the_registers(machine):
    for address in (MUA + 0x28, MUA + 0x3ffc, MUB + 0x28, MUB + 0x3ffc):
        machine.write(address, 0xffffffff)
        assert machine.read(address) == 0


# ----------------------------------------------------------------- doorbells

@both_ways
@each_channel
def test_a_doorbell_rings_until_it_is_answered(machine, near, far, channel):
    machine.write(near + CR, bit(GIR, channel))
    assert machine.read(near + CR) == bit(GIR, channel)
    assert machine.read(far + SR) == IDLE[far] | bit(GIP, channel)
    machine.write(near + CR, 0)  # cannot be taken back
    assert machine.read(near + CR) == bit(GIR, channel)
    machine.write(far + SR, bit(GIP, channel))
    assert machine.read(far + SR) == IDLE[far]
    assert machine.read(near + CR) == 0  # silicon: clears itself


@both_ways
def test_each_doorbell_is_answered_by_itself(machine, near, far):
    machine.write(near + CR, 0xf << GIR)
    for channel in (2, 0, 3, 1):
        rung = group(machine.read(far + SR), GIP)
        machine.write(far + SR, bit(GIP, channel))
        assert group(machine.read(far + SR), GIP) == rung & ~bit(0, channel)
        assert group(machine.read(near + CR), GIR) == rung & ~bit(0, channel)


@both_ways
def test_a_doorbell_survives_messages(machine, near, far):
    machine.write(near + CR, bit(GIR, 1))
    for channel in range(4):
        machine.write(near + TR + 4 * channel, 1)
        machine.read(far + RR + 4 * channel)
        machine.write(far + TR + 4 * channel, 1)
        machine.read(near + RR + 4 * channel)
    assert machine.read(far + SR) == IDLE[far] | bit(GIP, 1)


def test_doorbells_of_both_sides_at_once(machine):
    for side in (MUA, MUB):
        machine.write(side + CR, bit(GIR, 0))
    for side in (MUA, MUB):
        assert machine.read(side + SR) == IDLE[side] | bit(GIP, 0)
    machine.write(MUA + SR, bit(GIP, 0))
    assert machine.read(MUB + SR) == IDLE[MUB] | bit(GIP, 0)


# ---------------------------------------------------------------- interrupts

def raise_source(machine, source, near, far, channel):
    """Make one of the three conditions of a side true."""
    if source == RIE:
        machine.write(far + TR + 4 * channel, 1)
    elif source == GIE:
        machine.write(far + CR, bit(GIR, channel))
    elif source == TIE:
        machine.read(far + RR + 4 * channel)


def lower_source(machine, source, near, far, channel):
    if source == RIE:
        machine.read(near + RR + 4 * channel)
    elif source == GIE:
        machine.write(near + SR, bit(GIP, channel))
    elif source == TIE:
        machine.write(near + TR + 4 * channel, 1)


@both_ways
@each_channel
@pytest.mark.parametrize("source", [TIE, RIE, GIE], ids=["TIE", "RIE", "GIE"])
def test_each_interrupt_alone(machine, lines, near, far, channel, source):
    """near: whose interrupt it is.  Everything else is true, too, and enabled or not it does
    not matter."""
    for other in range(4):
        machine.write(near + TR + 4 * other, 1)  # TE is true after reset
    assert not lines[near]
    machine.write(near + CR, bit(source, channel))
    assert not lines[near]
    raise_source(machine, source, near, far, channel)
    assert lines[near]
    assert not lines[far]
    lower_source(machine, source, near, far, channel)
    assert not lines[near]
    for other in set(range(4)) - {channel}:
        raise_source(machine, source, near, far, other)
    for foreign in {TIE, RIE, GIE} - {source}:
        raise_source(machine, foreign, near, far, channel)
    assert not lines[near]


@both_ways
@pytest.mark.parametrize("source", [TIE, RIE, GIE], ids=["TIE", "RIE", "GIE"])
def test_the_enable_bit_is_what_lets_a_source_through(machine, lines, near, far, source):
    raise_source(machine, source, near, far, 2)
    assert not lines[near]
    machine.write(near + CR, bit(source, 2))
    assert lines[near]
    machine.write(near + CR, 0)
    assert not lines[near]


@both_ways
def test_transmit_interrupt_after_reset(machine, lines, near, far):
    machine.write(near + CR, bit(TIE, 0))
    assert lines[near]


# --------------------------------------------------------------------- resets

@both_ways
def test_unit_reset_by_either_side_resets_both(machine, lines, near, far):
    for side in (near, far):
        machine.write(side + TR, 1)
        machine.write(side + CR, FN | bit(GIR, 0) | bit(RIE, 0) | bit(GIE, 0))
    assert lines[near] and lines[far]
    machine.write(near + CR, MUR)
    for side in (near, far):
        assert machine.read(side + SR) == IDLE[side]
        assert machine.read(side + CR) == 0  # MUR clears itself
        assert machine.read(side + RR) == 0
        assert not lines[side]


def test_reset_of_the_m4_leaves_the_unit_alone(machine):
    """Silicon: a word that the M4 has not read is still there after its reset."""
    machine.write(SRC_SCR, 1)
    machine.write(MUA + TR + 8, 0x55aa55aa)
    machine.write(MUB + CR, FN | bit(RIE, 3))
    machine.write(SRC_CTRL_M4CORE, 1)
    assert machine.read(MUA + SR) == 0x00d00200 | FN
    assert machine.read(MUB + SR) == 0x02f00000
    assert machine.read(MUB + CR) == FN | bit(RIE, 3)


def test_reset_of_the_part_resets_the_unit(machine):
    machine.write(MUA + TR, 1)
    machine.write(MUB + CR, 0xfff00007)
    machine.qmp.command("system_reset")
    for side in (MUA, MUB):
        assert machine.read(side + SR) == IDLE[side]
        assert machine.read(side + CR) == 0


# ---------------------------------------------------------------------- clock

@both_ways
def test_a_side_without_clock_stands(machine, near, far):
    """A read of a side whose LPCG is closed is a bus error, which shows as 0 here."""
    machine.write(near + CR, 5)
    machine.write(far + TR, 9)
    machine.write(LPCG[near], 0)
    machine.write(near + CR, 2)
    machine.write(near + TR + 4, 1)
    assert machine.read(near + SR) == machine.read(near + RR) == 0
    assert machine.read(far + SR) == IDLE[far] & ~bit(TE, 0) | 5  # not even read
    machine.write(LPCG[near], 1)
    assert machine.read(near + CR) == 5
    assert machine.read(near + RR) == 9


def test_both_sides_stand_without_their_clock_root(machine):
    """CLOCK_ROOT3, BUS_LPSR: SET and CLR of OFF."""
    machine.write(MUA + CR, 5)
    rt1176.stop_root(machine, 3)
    for side in (MUA, MUB):
        machine.write(side + CR, 2)
        assert machine.read(side + SR) == machine.read(side + CR) == 0
    rt1176.start_root(machine, 3)
    assert [machine.read(side + CR) for side in (MUA, MUB)] == [5, 0]


# ------------------------------------------------------------------ migration

def test_vmstate(tmp_path):
    """Two words, two doorbells, flags, enables, on both sides."""
    changes = {}
    with rt1176.qtest_machine(tmp_path) as source:
        for side, seed in ((MUA, 1), (MUB, 2)):
            source.write(side + TR + 4 * seed, 0xabc0 + seed)
            source.write(side + CR, seed | bit(GIR, seed) | bit(RIE, seed) | bit(GIE, 3 - seed))
        for side in (MUA, MUB):
            changes[side] = source.read(side + SR), source.read(side + CR)
        assert changes[MUA] == (0x02b00202 | bit(GIP, 2), 1 | bit(GIR, 1) | bit(RIE, 1) | bit(GIE, 2))
        source.qmp.save_state(tmp_path / "state")
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{tmp_path}/state") as target:
        target.resume(1)
        for side in (MUA, MUB):
            assert (target.read(side + SR), target.read(side + CR)) == changes[side]
        assert target.read(MUB + RR + 4) == 0xabc1
        assert target.read(MUA + RR + 8) == 0xabc2
