"""FlexSPI: lookup table, IP commands, FIFOs, interrupts (IMXRT1170RM, chapter "FlexSPI
Controller"), and the serial NOR flash behind it (MX25UM51345G datasheet).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

FLEXSPI1, FLEXSPI2, FLASH = 0x400cc000, 0x400d0000, 0x30000000
(MCR0, INTEN, INTR, LUTKEY, LUTCR, IPCR0, IPCR1, IPCMD, IPRXFCR, IPTXFCR, DLLCRA, STS0, STS1, STS2,
 IPRXFSTS, IPTXFSTS, RFDR, TFDR, LUT) = (0x0, 0x10, 0x14, 0x18, 0x1c, 0xa0, 0xa4, 0xb0, 0xb8, 0xbc,
                                         0xc0, 0xe0, 0xe4, 0xe8, 0xf0, 0xf4, 0x100, 0x180, 0x200)
IRQ = 130
KEY = 0x5af05af0
DONE, ERROR, RXWA, TXWE = 1, 1 << 3, 1 << 5, 1 << 6
CMD, RADDR, WRITE, READ, DUMMY, DDR = 1, 2, 8, 9, 12, 0x20
WIP, WEL = 1, 2
PROGRAM_NS, SECTOR_NS, BLOCK_NS = 150_000, 25_000_000, 220_000_000


class Flash:
    """IP commands, as a driver gives them."""

    def __init__(self, machine, base=FLEXSPI1):
        self.machine, self.base = machine, base

    def read_register(self, offset):
        return self.machine.read(self.base + offset)

    def write_register(self, offset, value):
        self.machine.write(self.base + offset, value)

    def load(self, sequence, *instructions):
        """Instructions are (opcode, operand)."""
        halves = [opcode << 10 | operand for opcode, operand in instructions]
        halves += [0] * (8 - len(halves))
        for n in range(4):
            self.write_register(LUT + 16 * sequence + 4 * n, halves[2 * n] | halves[2 * n + 1] << 16)

    def command(self, *instructions, address=0, size=0, data=b"", count=0):
        """Runs them as sequence 5; returns the octets that are read."""
        self.load(5, *instructions)
        self.write_register(IPRXFCR, 1)
        self.write_register(IPTXFCR, 1)
        self.write_register(INTR, DONE | ERROR)
        self.write_register(IPCR0, address)
        self.write_register(IPCR1, count << 24 | 5 << 16 | (len(data) or size))
        self.write_register(IPCMD, 1)
        for at in range(0, len(data), 8):
            assert self.read_register(INTR) & TXWE
            chunk = data[at:at + 8].ljust(8, b"\xff")
            self.write_register(TFDR, int.from_bytes(chunk[:4], "little"))
            self.write_register(TFDR + 4, int.from_bytes(chunk[4:], "little"))
            self.write_register(INTR, TXWE)
        octets = b""
        while len(octets) < size:
            for n in range(2):
                octets += self.read_register(RFDR + 4 * n).to_bytes(4, "little")
            self.write_register(INTR, RXWA)
        assert self.read_register(INTR) & DONE
        return octets[:size]

    def status(self):
        return self.command((CMD, 0x05), (READ, 4), size=1)[0]

    def enable(self):
        self.command((CMD, 0x06))

    def erase(self, address, command=0x20):
        self.enable()
        self.command((CMD, command), (RADDR, 24), address=address)

    def program(self, address, data):
        self.enable()
        self.command((CMD, 0x02), (RADDR, 24), (WRITE, 4), address=address, data=data)

    def octal(self):
        self.enable()
        self.command((CMD, 0x72), (CMD, 0), (CMD, 0), (CMD, 0), (CMD, 0), (WRITE, 1), data=b"\x02")


@pytest.fixture
def flash(machine):
    """As the boot ROM leaves it: on; its reset value has MDIS."""
    flash = Flash(machine)
    assert flash.read_register(MCR0) == 0xffff80c2
    flash.write_register(MCR0, 0xffff0030)
    return flash


def memory(machine, address, words):
    return [machine.read(FLASH + address + 4 * n) for n in range(words)]


# ------------------------------------------------------------------ flash

def test_identification(flash):
    assert flash.command((CMD, 0x9f), (READ, 4), size=3) == b"\xc2\x81\x38"


def test_program_and_read_back(flash, machine):
    data = bytes(range(64))
    flash.program(0x1000, data)
    machine.step(PROGRAM_NS)
    assert flash.command((CMD, 0x03), (RADDR, 24), (READ, 4), address=0x1000, size=64) == data
    assert memory(machine, 0x1000, 2) == [0x03020100, 0x07060504]
    assert memory(machine, 0x1040, 1) == [0xffffffff]


def test_programming_clears_bits_and_erasing_sets_them(flash, machine):
    flash.program(0x2000, b"\xf0" * 8)
    machine.step(PROGRAM_NS)
    flash.program(0x2000, b"\x3c" * 8)
    machine.step(PROGRAM_NS)
    assert memory(machine, 0x2000, 1) == [0x30303030]
    flash.erase(0x2abc)  # any address of the sector
    machine.step(SECTOR_NS)
    assert memory(machine, 0x2000, 1) == [0xffffffff]


@pytest.mark.parametrize("command, size, time_ns", [(0x20, 0x1000, SECTOR_NS), (0xd8, 0x10000, BLOCK_NS)])
def test_what_an_erase_reaches_and_how_long_it_takes(flash, machine, command, size, time_ns):
    for address in (0x20000 - 8, 0x20000, 0x20000 + size - 8, 0x20000 + size):
        flash.program(address, bytes(8))
        machine.step(PROGRAM_NS)
    flash.erase(0x20000, command)
    machine.step(time_ns - 1000)
    assert flash.status() & WIP
    machine.step(1000)
    assert not flash.status() & WIP
    assert [memory(machine, a, 1)[0] for a in (0x20000 - 8, 0x20000, 0x20000 + size - 8, 0x20000 + size)] == [
        0, 0xffffffff, 0xffffffff, 0]


def test_page_program_wraps_in_its_page(flash, machine):
    flash.program(0x30f8, bytes([1] * 8 + [2] * 8))
    machine.step(PROGRAM_NS)
    assert memory(machine, 0x30f8, 3) == [0x01010101, 0x01010101, 0xffffffff]
    assert memory(machine, 0x3000, 2) == [0x02020202, 0x02020202]


def test_write_enable_latch(flash, machine):
    flash.command((CMD, 0x20), (RADDR, 24), address=0)
    assert flash.status() == 0
    flash.enable()
    assert flash.status() == WEL
    flash.command((CMD, 0x04))
    assert flash.status() == 0
    flash.program(0, bytes(8))
    assert flash.status() == WIP
    machine.step(PROGRAM_NS)
    assert flash.status() == 0  # the latch falls with the end of the program


def test_without_write_enable_nothing_is_programmed(flash, machine):
    flash.command((CMD, 0x02), (RADDR, 24), (WRITE, 4), address=0, data=bytes(8))
    assert memory(machine, 0, 1) == [0xffffffff]


def test_nothing_but_the_status_answers_while_busy(flash, machine):
    flash.program(0x4000, bytes(8))
    assert flash.command((CMD, 0x9f), (READ, 4), size=3) == b"\xff\xff\xff"
    flash.enable()
    machine.step(PROGRAM_NS)
    assert flash.status() == 0


def test_octal_commands(flash, machine):
    flash.program(0x5000, bytes(range(8)))
    machine.step(PROGRAM_NS)
    flash.octal()
    assert flash.command((CMD, 0x9f), (READ, 4), size=3) == b"\xff\xff\xff"  # no complement
    data = flash.command((CMD | DDR, 0xee), (CMD | DDR, 0x11), (RADDR | DDR, 32), (DUMMY | DDR, 40),
                         (READ | DDR, 4), address=0x5000, size=8)
    assert data == bytes(range(8))
    flash.command((CMD | DDR, 0x06), (CMD | DDR, 0xf9))
    flash.command((CMD | DDR, 0x21), (CMD | DDR, 0xde), (RADDR | DDR, 32), address=0x5000)
    status = flash.command((CMD | DDR, 0x05), (CMD | DDR, 0xfa), (RADDR | DDR, 32), (DUMMY | DDR, 8),
                           (READ | DDR, 4), size=2)
    assert status[0] & WIP
    machine.step(SECTOR_NS)
    assert memory(machine, 0x5000, 1) == [0xffffffff]


def test_reset_of_the_flash_ends_octal_mode(flash):
    flash.octal()
    flash.command((CMD | DDR, 0x66), (CMD | DDR, 0x99))
    flash.command((CMD | DDR, 0x99), (CMD | DDR, 0x66))
    assert flash.command((CMD, 0x9f), (READ, 4), size=3) == b"\xc2\x81\x38"


# ------------------------------------------------------------------ controller

def test_sequences_that_follow_each_other(flash, machine):
    """ISEQNUM: one more, the next of the table: write enable, then erase."""
    flash.program(0x6000, bytes(8))
    machine.step(PROGRAM_NS)
    flash.load(6, (CMD, 0x20), (RADDR, 24))
    flash.command((CMD, 0x06), address=0x6000, count=1)
    machine.step(SECTOR_NS)
    assert memory(machine, 0x6000, 1) == [0xffffffff]


def test_locked_lookup_table(flash):
    flash.write_register(LUT, 0x11111111)
    flash.write_register(LUTKEY, KEY)
    flash.write_register(LUTCR, 1)
    flash.write_register(LUT, 0x22222222)
    assert flash.read_register(LUT) == 0x11111111
    flash.write_register(LUTCR, 2)  # the key counts once
    assert flash.read_register(LUTCR) == 1
    flash.write_register(LUTKEY, KEY)
    flash.write_register(LUTCR, 2)
    flash.write_register(LUT, 0x22222222)
    assert flash.read_register(LUT) == 0x22222222


def test_wrong_key_does_not_lock(flash):
    flash.write_register(LUTKEY, KEY ^ 1)
    flash.write_register(LUTCR, 1)
    assert flash.read_register(LUTCR) == 2


def test_unknown_instruction_is_a_command_error(flash):
    flash.load(7, (0x15, 0))
    flash.write_register(IPCR1, 7 << 16)
    flash.write_register(IPCMD, 1)
    assert flash.read_register(INTR) & (DONE | ERROR) == DONE | ERROR
    assert flash.read_register(STS1) == 3 << 24 | 7 << 16
    flash.write_register(INTR, ERROR)
    assert flash.read_register(STS1) == 0


@pytest.mark.parametrize("bit", [DONE, ERROR, RXWA, TXWE])
def test_interrupts_are_independent(flash, machine, bit):
    flash.load(7, (CMD, 0x03), (RADDR, 24), (READ, 4), (0x15, 0))
    flash.write_register(IPCR1, 7 << 16 | 8)
    flash.write_register(IPCMD, 1)
    assert not machine.irq(IRQ)
    flash.write_register(INTEN, bit)
    assert machine.irq(IRQ)
    if bit != TXWE:  # there is room in the FIFO again at once
        flash.write_register(INTR, bit)
        assert not machine.irq(IRQ)
    flash.write_register(INTEN, 0)
    assert not machine.irq(IRQ)


def test_watermark_and_fill_level_of_the_receive_fifo(flash):
    flash.write_register(IPRXFCR, 3 << 2)  # (3 + 1) x 8 octets
    flash.load(7, (CMD, 0x03), (RADDR, 24), (READ, 4))
    flash.write_register(IPCR1, 7 << 16 | 40)
    flash.write_register(IPCMD, 1)
    assert flash.read_register(IPRXFSTS) & 0xff == 5
    assert flash.read_register(INTR) & RXWA
    flash.write_register(INTR, RXWA)
    assert flash.read_register(IPRXFSTS) & 0xff == 1
    assert not flash.read_register(INTR) & RXWA
    flash.write_register(IPRXFCR, 1)  # CLRIPRXF
    assert flash.read_register(IPRXFSTS) & 0xff == 0


def test_a_full_fifo_holds_the_command(flash):
    flash.load(7, (CMD, 0x03), (RADDR, 24), (READ, 4))
    flash.write_register(IPCR1, 7 << 16 | 300)
    flash.write_register(INTR, DONE)
    flash.write_register(IPCMD, 1)
    assert not flash.read_register(INTR) & DONE
    assert flash.read_register(STS0) == 0
    for _ in range(6):
        flash.write_register(INTR, RXWA)
    assert flash.read_register(INTR) & DONE
    assert flash.read_register(STS0) == 3


def test_software_reset(flash):
    flash.load(7, (CMD, 0x02), (RADDR, 24), (WRITE, 4))
    flash.write_register(IPCR1, 7 << 16 | 8)
    flash.write_register(IPCMD, 1)
    assert flash.read_register(STS0) == 0
    flash.write_register(MCR0, flash.read_register(MCR0) | 1)
    assert flash.read_register(MCR0) == 0xffff8030
    assert flash.read_register(STS0) == 3


def test_disabled_module_runs_no_command(flash):
    flash.write_register(MCR0, flash.read_register(MCR0) | 2)
    flash.write_register(INTR, DONE)
    flash.write_register(IPCR1, 5 << 16)
    flash.write_register(IPCMD, 1)
    assert not flash.read_register(INTR) & DONE


def test_delay_line_locks_while_it_is_on(flash):
    """STS2: ASLVLOCK, AREFLOCK, ASLVSEL."""
    assert flash.read_register(STS2) == 0x01000100
    flash.write_register(DLLCRA, 1 | 5 << 3)
    assert flash.read_register(STS2) == 0x01000103 | 5 << 2
    flash.write_register(MCR0, 0xffff0032)
    assert flash.read_register(STS2) & 3 == 0


@pytest.mark.parametrize("good", [True, False])
def test_calibration_of_the_delay_line(flash, machine, good):
    """Pattern: start-up code that tries each delay by reading words it knows, 64 octets a command of
    the first sequence, and takes them from the window of the FIFO all at once."""
    words = [n * 2654435761 % 2**32 for n in range(16)]
    flash.program(0x7000, b"".join(w.to_bytes(4, "little") for w in words))
    machine.step(PROGRAM_NS)
    if not good:
        words[15] ^= 1
    flash.octal()
    flash.load(0, (CMD | DDR, 0xee), (CMD | DDR, 0x11), (RADDR | DDR, 32), (DUMMY | DDR, 40),
               (READ | DDR, 4))
    mcr0, passed = flash.read_register(MCR0), []
    for delay in range(1, 16):
        assert flash.read_register(STS0) & 3 == 3
        flash.write_register(MCR0, mcr0 | 2)
        flash.write_register(DLLCRA, 1 | delay << 3)
        flash.write_register(MCR0, mcr0)
        assert flash.read_register(STS2) & 3 == 3
        flash.write_register(INTR, DONE | ERROR | 1 << 1 | 1 << 4)
        flash.write_register(IPRXFCR, flash.read_register(IPRXFCR) | 1)
        flash.write_register(IPCR0, 0x7000)
        flash.write_register(IPCR1, 64)
        flash.write_register(IPCMD, flash.read_register(IPCMD) | 1)
        assert flash.read_register(INTR) & (DONE | ERROR) == DONE
        assert flash.read_register(IPRXFSTS) & 0xff == 8
        passed.append([flash.read_register(RFDR + 4 * n) for n in range(16)] == words)
        flash.write_register(INTR, RXWA)
    assert passed == [good] * 15


def test_nothing_is_on_flexspi2(machine):
    other = Flash(machine, FLEXSPI2)
    other.write_register(MCR0, 0xffff0030)
    assert other.command((CMD, 0x9f), (READ, 4), size=3) == b"\xff\xff\xff"


@pytest.mark.parametrize("offset, reset, writable", [
    (0x004, 0xffffffff, 0xffffffff), (0x008, 0x200081f7, 0xff088800), (0x00c, 0x18, 0x3ffc7b),
    (0x010, 0, 0x1ff7f), (0x020, 0x80000040, 0xc70f03ff), (0x03c, 0x80070040, 0xc70f03ff),
    (0x060, 0x10000, 0xc07fffff), (0x06c, 0x10000, 0xc07fffff), (0x070, 0x63, 0xffffffff),
    (0x080, 0, 0xffffefef), (0x094, 0xc3, 0xe0f), (0x0a0, 0, 0xffffffff), (0x0a4, 0, 0x870fffff),
    (0x0c0, 0x100, 0x7f7b), (0x0d0, 0, 0), (0x0ec, 0, 0), (0x400, 0x0040ffcf, 0xffffffff),
    (0x420, 0, 0xfffff003), (0x428, 0, 0xfffff000), (0x440, 0, 0xfffff000), (0x45c, 0, 0xfffff000),
    (0x040, 0, 0), (0x460, 0, 0)])
def test_registers(machine, offset, reset, writable):
    assert machine.try_bits(FLEXSPI2 + offset) == (reset, reset | writable, reset & ~writable)
