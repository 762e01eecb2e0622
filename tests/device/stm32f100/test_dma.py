"""DMA1 (RM0041 chapter 9): when it moves what, in which order, flags, interrupts.

Memory-to-memory channels and the TXE request of a USART that nobody answers (its
channel moves memory) stand for every requester that always wants more.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100
import test_usart

DMA1, SRAM = 0x40020000, 0x20000000
SOURCE, TARGET = SRAM + 0x100, SRAM + 0x200
ISR, IFCR = 0, 4
EN, TCIE, HTIE, TEIE, DIR, CIRC, PINC, MINC, MEM2MEM = (1 << n for n in (*range(8), 14))
FROM_MEMORY = DIR
PSIZE, MSIZE, PL = 8, 10, 12  # shifts
GIF, TCIF, HTIF, TEIF = (1 << n for n in range(4))

TRANSFER_NS = 5 * 125  # five cycles of HCLK at 8 MHz
TX_CHANNELS = {4: 1, 7: 2, 2: 3}  # of USART n


def register(offset):
    return property(lambda self: self.machine.read(self.base + offset),
                    lambda self, value: self.machine.write(self.base + offset, value))


class Channel:
    ccr, cndtr, cpar, cmar = register(0), register(4), register(8), register(12)

    def __init__(self, machine, number):
        self.machine, self.number = machine, number
        self.base = DMA1 + 0x08 + 0x14 * (number - 1)

    def start(self, ccr, count, peripheral=SOURCE, memory=TARGET):
        self.ccr = 0
        self.cndtr, self.cpar, self.cmar = count, peripheral, memory
        self.ccr = ccr | EN

    def flags(self):
        return self.machine.read(DMA1 + ISR) >> 4 * (self.number - 1) & 0xf

    def clear(self, flags):
        self.machine.write(DMA1 + IFCR, flags << 4 * (self.number - 1))

    def irq(self):
        return self.machine.irq(10 + self.number)

    def request(self):
        """Its USART asks for ever: TXE, which only a write to DR would clear."""
        uart = test_usart.Usart(self.machine, TX_CHANNELS[self.number])
        uart[test_usart.BRR] = 16
        uart[test_usart.CR3] = test_usart.DMAT
        uart[test_usart.CR1] = test_usart.UE | test_usart.TE


@pytest.fixture
def channel(machine):
    """Makes channel n of the clocked DMA1."""
    stm32f100.clock_on(machine, "dma1")
    return lambda number: Channel(machine, number)


def put(machine, address, *values, size=1):
    for n, value in enumerate(values):
        machine.write(address + n * size, value, size=size)


def get(machine, address, count, size=1):
    return [machine.read(address + n * size, size=size) for n in range(count)]


# ---------------------------------------------------------------- registers (9.4)

def test_reset_values(channel):
    for number in range(1, 8):
        one = channel(number)
        assert (one.ccr, one.cndtr, one.cpar, one.cmar) == (0, 0, 0, 0)
    assert (one.machine.read(DMA1 + ISR), one.machine.read(DMA1 + IFCR)) == (0, 0)


@pytest.mark.parametrize("number", range(1, 8))
def test_registers_of_the_channels(channel, number):
    """9.4.3 to 9.4.6: reserved bits read 0."""
    one = channel(number)
    one.cndtr = one.cpar = one.cmar = 0xffffffff
    one.ccr = 0xffffffff & ~EN
    assert (one.ccr, one.cndtr, one.cpar, one.cmar) == (0x7ffe, 0xffff, 0xffffffff, 0xffffffff)
    others = [channel(n) for n in range(1, 8) if n != number]
    assert all((c.ccr, c.cndtr, c.cpar, c.cmar) == (0, 0, 0, 0) for c in others)


@pytest.mark.parametrize("offset", [0x18, 0x90, 0x94, 0x3fc])
def test_no_register_between_and_behind_the_channels(channel, offset):
    one = channel(1)
    one.machine.write(DMA1 + offset, 0xffffffff)
    assert one.machine.read(DMA1 + offset) == 0


def test_status_is_read_only(channel):
    one = channel(1)
    one.machine.write(DMA1 + ISR, 0xffffffff)
    assert one.machine.read(DMA1 + ISR) == 0


def test_narrow_access(channel):
    """On the AHB a byte is a byte (2.1)."""
    one = channel(3)
    one.cpar = 0x11223344
    one.machine.write(one.base + 9, 0x99, size=1)
    assert one.cpar == 0x11229944
    assert one.machine.read(one.base + 10, size=2) == 0x1122


def test_without_clock_reads_0_and_ignores_writes(channel):
    """6.3.6: DMA1EN."""
    one = channel(1)
    one.cpar = 0x1234
    stm32f100.clock_off(one.machine, "dma1")
    assert one.cpar == 0
    one.cpar = 0x5678
    stm32f100.clock_on(one.machine, "dma1")
    assert one.cpar == 0x1234


def test_enabled_channel_keeps_its_registers(channel):
    """9.4.4 to 9.4.6: written only while EN is 0."""
    one = channel(5)
    one.start(0, 10, 0x1000, 0x2000)
    one.cndtr, one.cpar, one.cmar = 1, 2, 3
    assert (one.cndtr, one.cpar, one.cmar) == (10, 0x1000, 0x2000)
    one.ccr = 0
    one.cndtr, one.cpar, one.cmar = 1, 2, 3
    assert (one.cndtr, one.cpar, one.cmar) == (1, 2, 3)


# ---------------------------------------------------------------- transfers (9.3.1, 9.3.3)

def test_counts_down_one_transfer_at_a_time(channel):
    """Memory to memory: starts with EN, without a request (9.3.3)."""
    one = channel(1)
    put(one.machine, SOURCE, *range(1, 9))
    put(one.machine, TARGET, *[0] * 8)
    one.start(MEM2MEM | MINC | PINC, 8)
    for done in range(1, 9):
        assert one.cndtr == 8 - done
        assert get(one.machine, TARGET, 8) == [*range(1, done + 1)] + [0] * (8 - done)
        one.machine.step(TRANSFER_NS - 1)
        assert one.cndtr == 8 - done
        one.machine.step(1)
    assert one.cndtr == 0


def test_transfer_takes_cycles_of_hclk(channel):
    """At 24 MHz the same five take 208 ns."""
    one = channel(1)
    stm32f100.run_from_hse(one.machine)
    one.start(MEM2MEM, 100)
    one.machine.step(207)
    assert one.cndtr == 99
    one.machine.step(1)
    assert one.cndtr == 98


def test_programmed_addresses_stay(channel):
    one = channel(1)
    one.start(MEM2MEM | MINC | PINC, 4)
    one.machine.step(10_000)
    assert (one.cpar, one.cmar, one.cndtr, one.ccr & EN) == (SOURCE, TARGET, 0, EN)


@pytest.mark.parametrize("increment, target", [
    (0, [1, 0, 0, 0]), (MINC, [1, 1, 1, 1]), (PINC, [4, 0, 0, 0]), (MINC | PINC, [1, 2, 3, 4])])
def test_increments(channel, increment, target):
    """Without PINC the first item is read again, without MINC the first place is written."""
    one = channel(1)
    put(one.machine, SOURCE, 1, 2, 3, 4)
    put(one.machine, TARGET, 0, 0, 0, 0)
    one.start(MEM2MEM | increment, 4)
    one.machine.step(10_000)
    assert get(one.machine, TARGET, 4) == target


@pytest.mark.parametrize("direction, source, target", [(0, SOURCE, TARGET),
                                                       (FROM_MEMORY, TARGET, SOURCE)])
def test_direction(channel, direction, source, target):
    one = channel(1)
    put(one.machine, source, 1, 2, 3, 4)
    put(one.machine, target, 0, 0, 0, 0)
    one.start(MEM2MEM | MINC | PINC | direction, 4)
    one.machine.step(10_000)
    assert get(one.machine, target, 4) == [1, 2, 3, 4]


# Table "programmable data width and endian behaviour": source and target width in
# bits, then 4 transfers of 0xb0, 0xb1, .. as (address, value) of each write.
WIDTHS = [
    (8, 8, [(0, 0xb0), (1, 0xb1), (2, 0xb2), (3, 0xb3)]),
    (8, 16, [(0, 0x00b0), (2, 0x00b1), (4, 0x00b2), (6, 0x00b3)]),
    (8, 32, [(0, 0x000000b0), (4, 0x000000b1), (8, 0x000000b2), (12, 0x000000b3)]),
    (16, 8, [(0, 0xb0), (1, 0xb2), (2, 0xb4), (3, 0xb6)]),
    (16, 16, [(0, 0xb1b0), (2, 0xb3b2), (4, 0xb5b4), (6, 0xb7b6)]),
    (16, 32, [(0, 0x0000b1b0), (4, 0x0000b3b2), (8, 0x0000b5b4), (12, 0x0000b7b6)]),
    (32, 8, [(0, 0xb0), (1, 0xb4), (2, 0xb8), (3, 0xbc)]),
    (32, 16, [(0, 0xb1b0), (2, 0xb5b4), (4, 0xb9b8), (6, 0xbdbc)]),
    (32, 32, [(0, 0xb3b2b1b0), (4, 0xb7b6b5b4), (8, 0xbbbab9b8), (12, 0xbfbebdbc)]),
]


@pytest.mark.parametrize("direction", [0, FROM_MEMORY])
@pytest.mark.parametrize("source_bits, target_bits, writes", WIDTHS)
def test_data_widths(channel, source_bits, target_bits, writes, direction):
    one = channel(1)
    code = {8: 0, 16: 1, 32: 2}
    source, target = (TARGET, SOURCE) if direction else (SOURCE, TARGET)
    psize, msize = (target_bits, source_bits) if direction else (source_bits, target_bits)
    put(one.machine, source, *range(0xb0, 0xc0))
    put(one.machine, target, *[0xee] * 20)
    one.start(MEM2MEM | MINC | PINC | direction | code[psize] << PSIZE | code[msize] << MSIZE, 4)
    one.machine.step(10_000)
    size = target_bits // 8
    assert [(at, one.machine.read(target + at, size=size)) for at, _ in writes] == writes
    assert get(one.machine, target + 4 * size, 20 - 4 * size) == [0xee] * (20 - 4 * size)


@pytest.mark.parametrize("code, ignored", [(0, 0), (1, 1), (2, 3)])
def test_low_address_bits_are_ignored(channel, code, ignored):
    """9.4.5, 9.4.6: PA[0] with 16 bits, PA[1:0] with 32 bits."""
    one = channel(1)
    put(one.machine, SOURCE, *range(0x10, 0x18))
    put(one.machine, TARGET, *[0] * 8)
    one.start(MEM2MEM | code << PSIZE | code << MSIZE, 1, SOURCE + 3, TARGET + 3)
    size = 1 << code
    at = 3 & ~ignored
    expected = [0] * 8
    expected[at:at + size] = range(0x10 + at, 0x10 + at + size)
    assert get(one.machine, TARGET, 8) == expected


def test_narrow_write_to_the_apb_reaches_all_lanes(channel):
    """9.3.4, addressing a peripheral that has no byte write: the bridge repeats it."""
    one = channel(1)
    uart = test_usart.Usart(one.machine, 1)
    put(one.machine, TARGET, 0xab)
    one.start(MEM2MEM | FROM_MEMORY, 1, uart.base + test_usart.BRR, TARGET)
    assert uart[test_usart.BRR] == 0xabab


def test_reads_flash(channel):
    one = channel(1)
    put(one.machine, TARGET, 0, size=4)
    one.start(MEM2MEM | 2 << PSIZE | 2 << MSIZE, 1, 0x08000000, TARGET)
    assert get(one.machine, TARGET, 1, size=4) == [0xffffffff]


# ---------------------------------------------------------- requests, enabling (9.3.2, 9.3.3)

def test_no_transfer_without_request(channel):
    one = channel(4)
    one.start(0, 4)
    one.machine.step(10_000)
    assert one.cndtr == 4
    one.request()
    assert one.cndtr == 3


def test_request_waits_for_the_channel(channel):
    one = channel(4)
    one.request()
    one.machine.step(10_000)
    one.start(0, 4)
    assert one.cndtr == 3


def test_channel_that_is_through_serves_no_more(channel):
    """9.3.3: CNDTR is set again only while the channel is disabled."""
    one = channel(4)
    one.request()
    one.start(MINC | PINC, 2)
    one.machine.step(10_000)
    one.cndtr = 5
    one.machine.step(10_000)
    assert (one.cndtr, one.ccr & EN) == (0, EN)
    one.ccr = 0
    one.cndtr = 5
    one.ccr = EN
    assert one.cndtr == 4


def test_disabled_channel_stops_and_starts_over(channel):
    """Registers keep their values; addresses begin at CPAR and CMAR again."""
    one = channel(4)
    put(one.machine, SOURCE, *range(1, 9))
    put(one.machine, TARGET, *[0] * 8)
    one.request()
    one.start(MINC | PINC, 8)
    one.machine.step(2 * TRANSFER_NS)
    one.ccr = MINC | PINC
    one.machine.step(10_000)
    assert one.cndtr == 5
    assert get(one.machine, TARGET, 8) == [1, 2, 3, 0, 0, 0, 0, 0]
    put(one.machine, SOURCE, *range(0x11, 0x19))
    one.ccr = MINC | PINC | EN
    one.machine.step(10_000)
    assert one.cndtr == 0
    assert get(one.machine, TARGET, 8) == [0x11, 0x12, 0x13, 0x14, 0x15, 0, 0, 0]


def test_stopped_clock_stops_and_resumes(channel):
    one = channel(1)
    one.start(MEM2MEM, 8)
    one.machine.step(2 * TRANSFER_NS)
    stm32f100.clock_off(one.machine, "dma1")
    one.machine.step(10_000)
    stm32f100.clock_on(one.machine, "dma1")
    assert one.cndtr == 4  # 3 before, 1 at once
    one.machine.step(4 * TRANSFER_NS)
    assert one.cndtr == 0


# ---------------------------------------------------------------- circular mode (9.3.3)

def test_circular_mode_reloads(channel):
    one = channel(4)
    put(one.machine, SOURCE, *range(1, 5))
    put(one.machine, TARGET, *[0] * 6)
    one.request()
    one.start(MINC | PINC | CIRC, 4)
    counts = []
    for _ in range(9):
        counts.append(one.cndtr)
        one.machine.step(TRANSFER_NS)
    assert counts == [3, 2, 1, 4, 3, 2, 1, 4, 3]
    assert get(one.machine, TARGET, 6) == [1, 2, 3, 4, 0, 0]


def test_circular_mode_starts_at_the_first_address_again(channel):
    one = channel(4)
    put(one.machine, SOURCE, 1, 2)
    one.request()
    one.start(MINC | PINC | CIRC, 2)
    one.machine.step(TRANSFER_NS)
    put(one.machine, SOURCE, 3)
    one.machine.step(TRANSFER_NS)
    assert get(one.machine, TARGET, 2) == [3, 2]


def test_circular_flags_come_every_round(channel):
    one = channel(4)
    one.request()
    one.start(CIRC, 4)
    for expected in (0, HTIF, 0, TCIF, 0, HTIF, 0, TCIF):
        assert one.flags() & ~GIF == expected
        one.clear(HTIF | TCIF)
        one.machine.step(TRANSFER_NS)


def test_memory_to_memory_is_not_circular(channel):
    one = channel(1)
    one.start(MEM2MEM | CIRC, 3)
    one.machine.step(10_000)
    assert one.cndtr == 0
    assert one.flags() & TCIF


# -------------------------------------------------------- flags and interrupts (9.3.6, 9.4.1)

@pytest.mark.parametrize("count, half, complete", [(8, 4, 8), (5, 2, 5), (2, 1, 2)])
def test_half_and_complete(channel, count, half, complete):
    one = channel(1)
    one.start(MEM2MEM, count)
    for done in range(1, count + 1):
        expected = (HTIF if done >= half else 0) | (TCIF if done >= complete else 0)
        assert one.flags() == expected | (GIF if expected else 0)
        one.machine.step(TRANSFER_NS)


@pytest.mark.parametrize("number", range(1, 8))
def test_flags_of_each_channel(channel, number):
    one = channel(number)
    one.start(MEM2MEM, 2)
    one.machine.step(10_000)
    assert one.machine.read(DMA1 + ISR) == (GIF | TCIF | HTIF) << 4 * (number - 1)
    one.machine.write(DMA1 + IFCR, 0xfffffff & ~(0xf << 4 * (number - 1)))
    assert one.flags() == GIF | TCIF | HTIF
    one.clear(GIF)
    assert one.machine.read(DMA1 + ISR) == 0


@pytest.mark.parametrize("clear, left", [
    (HTIF, GIF | TCIF), (TCIF, GIF | HTIF), (TEIF, GIF | TCIF | HTIF), (TCIF | HTIF, 0), (GIF, 0),
    (0, GIF | TCIF | HTIF)])
def test_clear(channel, clear, left):
    """9.4.2: CGIF clears all."""
    one = channel(1)
    one.start(MEM2MEM, 2)
    one.machine.step(10_000)
    one.clear(clear)
    assert one.flags() == left
    assert one.machine.read(DMA1 + IFCR) == 0


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("enable, transfers", [(HTIE, 2), (TCIE, 4)])
def test_interrupt_lines(channel, number, enable, transfers):
    """8.1.2: lines 11 to 17; at the very transfer."""
    one = channel(number)
    one.start(MEM2MEM | enable, 4)
    one.machine.step((transfers - 1) * TRANSFER_NS - 1)
    assert not one.irq()
    one.machine.step(1)
    assert [n for n in range(1, 8) if one.machine.irq(10 + n)] == [number]
    one.clear(enable)  # enables lie where the flags do
    assert not one.irq()


@pytest.mark.parametrize("enables", [0, TCIE | HTIE])
def test_error_interrupt(channel, enables):
    one = channel(6)
    one.start(MEM2MEM | enables, 1, 0x30000000)
    assert one.flags() == GIF | TEIF
    assert not one.irq()
    one.ccr = TEIE
    assert one.irq()
    one.clear(TEIF)
    assert not one.irq()


def test_no_interrupt_without_enable(channel):
    one = channel(1)
    one.start(MEM2MEM, 2)
    one.machine.step(10_000)
    assert not one.irq()
    one.ccr = TCIE
    assert one.irq()


# ---------------------------------------------------------------- errors (9.3.5)

@pytest.mark.parametrize("peripheral, memory", [
    (0x30000000, TARGET), (SOURCE, 0x30000000), (0x20002000, TARGET), (SOURCE, 0x20002000)])
def test_bus_error_disables_the_channel(channel, peripheral, memory):
    """Reserved addresses; the first one behind 8 KiB of SRAM is one."""
    bad, good = channel(1), channel(2)
    bad.start(MEM2MEM | MINC | PINC, 4, peripheral, memory)
    good.start(MEM2MEM, 4)
    assert (bad.ccr & EN, bad.flags(), bad.cndtr) == (0, GIF | TEIF, 4)
    good.machine.step(10_000)
    assert good.cndtr == 0
    assert (bad.cndtr, good.flags()) == (4, GIF | TCIF | HTIF)


def test_bus_error_in_the_middle(channel):
    """The transfers up to the end of SRAM have taken place."""
    one = channel(1)
    put(one.machine, SOURCE, *range(1, 9))
    one.start(MEM2MEM | MINC | PINC, 8, SOURCE, SRAM + 0x2000 - 3)
    one.machine.step(3 * TRANSFER_NS - 1)
    assert (one.ccr & EN, one.cndtr, one.flags()) == (EN, 5, 0)
    one.machine.step(1)
    assert (one.ccr & EN, one.cndtr, one.flags()) == (0, 5, GIF | TEIF)
    assert get(one.machine, SRAM + 0x2000 - 3, 3) == [1, 2, 3]


# ---------------------------------------------------------------- arbiter (9.3.2)

def order_of_end(channels, count):
    """Channels in the order in which their transfers are over, with the times."""
    machine, ended = channels[0].machine, []
    for _ in range(count * len(channels)):
        for one in channels:
            if one.cndtr == 0 and one.number not in [n for n, _ in ended]:
                ended.append((one.number, machine.now_ns))
        machine.step(TRANSFER_NS)
    return ended


def together(channel, levels, count=4):
    """Channels with their priority levels, which all want from the same moment on."""
    channels = [channel(number) for number in levels]
    machine = channels[0].machine
    channel(1).start(MEM2MEM | 3 << PL, 1)  # takes the bus while they are set up
    for one in channels:
        one.start(MEM2MEM | levels[one.number] << PL, count)
    start = machine.now_ns
    return [(number, (time_ns - start) // TRANSFER_NS)
            for number, time_ns in order_of_end(channels, count + 1)]


@pytest.mark.parametrize("levels, order", [
    ({2: 0, 5: 1}, [5, 2]), ({2: 1, 5: 2}, [5, 2]), ({2: 2, 5: 3}, [5, 2]),
    ({2: 3, 5: 0}, [2, 5]),
    ({2: 1, 5: 1}, [2, 5]), ({7: 0, 6: 0, 3: 0}, [3, 6, 7]),
    ({3: 0, 4: 2, 6: 1, 7: 2}, [4, 7, 6, 3])])
def test_priority_is_level_then_number(channel, levels, order):
    ended = together(channel, levels)
    assert ended == [(number, 4 * (n + 1)) for n, number in enumerate(order)]


def test_higher_priority_comes_in_between(channel):
    low, high = channel(1), channel(4)
    high.start(3 << PL, 2)
    low.start(MEM2MEM, 6)
    low.machine.step(2 * TRANSFER_NS)
    assert (low.cndtr, high.cndtr) == (3, 2)
    high.request()
    assert (low.cndtr, high.cndtr) == (3, 2)  # the bus is busy with the last transfer
    seen = []
    for _ in range(4):
        low.machine.step(TRANSFER_NS)
        seen.append((low.cndtr, high.cndtr))
    assert seen == [(3, 1), (3, 0), (2, 0), (1, 0)]


def test_usart_at_full_speed_beside_a_block_move(machine):
    """A peripheral with the higher level loses nothing to a long memory-to-memory move."""
    stm32f100.run_from_hse(machine)
    uart = test_usart.Usart(machine, 2)
    uart.start(cr3=test_usart.DMAR)
    stm32f100.clock_on(machine, "dma1")
    Channel(machine, 6).start(MINC | 1 << PL, 64, uart.base + test_usart.DR, TARGET)
    Channel(machine, 1).start(MEM2MEM, 60000, memory=SRAM + 0x1000)
    uart.receive(*range(64))
    machine.step(208)
    assert get(machine, TARGET, 64) == [*range(64)]
    assert not uart[test_usart.SR] & test_usart.ORE
