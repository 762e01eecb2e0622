"""The boot ROM: entry forms, device configuration data, what a reset starts, the API tree with
its FlexSPI NOR driver, raw images and flash files (IMXRT1170RM, chapter "System Boot").

SPDX-License-Identifier: Apache-2.0
"""

import re
import struct
import subprocess

import pytest

import qtest
import rt1176
from test_boot import console

FLASH = 0x30000000
IVT = 0x1000
ENTRY, DCD, PLUGIN = IVT + 0x04, IVT + 0x0c, IVT + 0x28
DCD_PLACE = 0x1040


def flash_of(elf):
    """What an image's file puts into flash, from its beginning."""
    binary = elf.with_suffix(".bin")
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", "--gap-fill", "0xff", elf, binary],
                   check=True, timeout=60)
    return bytearray(b"\xff" * 0x400 + binary.read_bytes())


@pytest.fixture
def hello(build_image):
    """The image "hello" as flash holds it."""
    return flash_of(build_image("hello"))


@pytest.fixture
def run_flash(tmp_path, run_image):
    """Runs flash contents that are loaded as a raw image."""

    def run(flash, *options):
        binary = tmp_path / "image.bin"
        binary.write_bytes(flash)
        machine = f"mimxrt1176,images.0.file={binary},images.0.at={FLASH:#x}"
        return console(run_image(None, *options, machine=machine))

    return run


@pytest.fixture
def refuse_flash(tmp_path):
    """Why flash contents are refused."""

    def refuse(flash):
        binary = tmp_path / "image.bin"
        binary.write_bytes(flash)
        code, said = rt1176.try_image(
            None, machine=f"mimxrt1176,images.0.file={binary},images.0.at={FLASH:#x}")
        assert code == 1
        return re.fullmatch(rf"mimxrt1176: '{binary}': (.*)\n", said)[1]

    return refuse


def put(flash, place, *words):
    struct.pack_into(f"<{len(words)}I", flash, place, *words)


# ------------------------------------------------------------------ images

def test_raw_image_runs_as_the_elf_file_does(build_image, run_image, run_flash, hello):
    assert run_flash(hello) == console(run_image(build_image("hello")))


def test_entry_is_the_reset_handler(build_image, run_image):
    """Bit 0 tells it from a vector table; the image sets VTOR."""
    elf = build_image("hello", "-DENTRY_IS_RESET_HANDLER")
    assert struct.unpack_from("<I", flash_of(elf), ENTRY)[0] & 1
    assert console(run_image(elf)) == "hello from the M7\n" + 10 * "tick\n"


def test_entry_is_a_vector_table_elsewhere(run_flash, hello):
    hello += b"\xff" * (0x40000 - len(hello)) + hello[0x2000:0x2400]
    put(hello, ENTRY, FLASH + 0x40000)
    assert run_flash(hello) == "hello from the M7\n" + 10 * "tick\n"


def test_a_reset_of_the_m7_alone_goes_through_the_rom(build_image, run_image):
    assert console(run_image(build_image("m7reset"))) == (
        "start 00000001 vtor 30002000\nstart 00000002 vtor 30002000\n")


def test_a_reset_reads_the_headers_anew(build_image, run_image, tmp_path):
    """An image that erases its own headers is not started again: the M7 is held."""
    log = tmp_path / "log"
    said = console(run_image(build_image("erased"), "-d", "guest_errors", "-D", str(log)))
    assert said == "erased ffffffff\n"
    assert "the M7 is not started: no image vector table at 0x30001000" in log.read_text()


def test_entry_in_no_flash(refuse_flash, hello):
    put(hello, ENTRY, 0x20240001)
    assert refuse_flash(hello) == ("bad image vector table at 0x30001000: its entry 0x20240001 is not"
                                   " a vector table in flash")


def test_plugin_is_refused(refuse_flash, hello):
    put(hello, PLUGIN, 1)
    assert refuse_flash(hello) == "boot data at 0x30001020: plugin images are not supported"


def test_two_images_that_overlap(build_image, tmp_path, hello):
    binary = tmp_path / "image.bin"
    binary.write_bytes(hello)
    code, said = rt1176.try_image(
        build_image("hello"), machine=f"mimxrt1176,images.0.file={binary},images.0.at={FLASH:#x}")
    assert code == 1 and "overlaps 0x30000400" in said


def test_raw_image_outside_of_flash(tmp_path):
    binary = tmp_path / "image.bin"
    binary.write_bytes(bytes(16))
    code, said = rt1176.try_image(
        None, machine=f"mimxrt1176,images.0.file={binary},images.0.at={FLASH + (16 << 20) - 8:#x}")
    assert code == 1 and "lies outside the memories" in said


def test_flash_file(build_image, tmp_path, hello):
    """What one run leaves is what the next one starts."""
    old, new = tmp_path / "old.flash", tmp_path / "new.flash"
    old.write_bytes(hello + b"\xff" * ((16 << 20) - len(hello)))
    options = f"mimxrt1176,flash-load={old},flash-save={new}"
    with qtest.QtestMachine(tmp_path, options) as machine:
        machine.write(0x400cc000, 0xffff0030)  # FlexSPI1 on
        machine.write(0x400cc200, 1 << 10 | 0x06)
        machine.write(0x400cc210, 1 << 10 | 0x20 | (2 << 10 | 24) << 16)
        machine.write(0x400cc0a0, 0x1000)
        machine.write(0x400cc0a4, 1 << 24)
        machine.write(0x400cc0b0, 1)
        machine.quit()
    expected = bytearray(old.read_bytes())
    expected[0x1000:0x2000] = b"\xff" * 0x1000
    assert new.read_bytes() == bytes(expected)
    code, said = rt1176.try_image(None, machine=f"mimxrt1176,flash-load={new}")
    assert (code, said) == (1, f"mimxrt1176: '{new}': no image vector table at 0x30001000\n")


def test_flash_file_of_another_size(tmp_path):
    (tmp_path / "short").write_bytes(bytes(100))
    code, said = rt1176.try_image(None, machine=f"mimxrt1176,flash-load={tmp_path}/short")
    assert code == 1 and "it has 100 bytes, not 16777216" in said


# ------------------------------------------------------------------ device configuration data

def dcd(*commands):
    """Commands are (tag, parameter, words)."""
    body = b"".join(struct.pack(">BHB", tag, 4 + 4 * len(words), parameter)
                    + struct.pack(f">{len(words)}I", *words) for tag, parameter, words in commands)
    return struct.pack(">BHB", 0xd2, 4 + len(body), 0x41) + body


WRITE, CHECK, NOP = 0xcc, 0xcf, 0xc0
MASK, SET = 0x08, 0x10
GPR = 0x40c04014  # SRC GPR1
PLACE = 0x20240000


@pytest.fixture
def configured(tmp_path, build_image):
    """What memory holds after the ROM has executed device configuration data."""
    flash = flash_of(build_image("hello"))

    def configure(data, *addresses):
        flash[DCD_PLACE:DCD_PLACE + len(data)] = data
        put(flash, DCD, FLASH + DCD_PLACE)
        (tmp_path / "image.bin").write_bytes(flash)
        log = tmp_path / "log"
        machine = f"mimxrt1176,images.0.file={tmp_path}/image.bin,images.0.at={FLASH:#x}"
        with qtest.QtestMachine(tmp_path, machine, "-d", "guest_errors,unimp", "-D", str(log)) as m:
            return [m.read(address) for address in addresses], log.read_text()

    return configure


def test_write_data(configured):
    values, _ = configured(dcd((WRITE, 4, (GPR, 0x12345678, GPR + 4, 0x9abcdef0)), (NOP, 0, ()),
                               (WRITE, 1, (PLACE, 0x1ff)), (WRITE, 2, (PLACE + 4, 0x2ffff))),
                           GPR, GPR + 4, PLACE, PLACE + 4)
    assert values == [0x12345678, 0x9abcdef0, 0xff, 0xffff]


def test_set_and_clear_bits(configured):
    values, _ = configured(dcd((WRITE, 4, (GPR, 0xf0f0)), (WRITE, 4 | MASK | SET, (GPR, 0x0f01)),
                               (WRITE, 4 | MASK, (GPR, 0x8010))), GPR)
    assert values == [(0xf0f0 | 0x0f01) & ~0x8010]


@pytest.mark.parametrize("parameter, mask, good", [
    (0, 0x0f0f, True), (0, 0x0f1f, False),               # all clear
    (SET, 0xf0f0, True), (SET, 0xf1f0, False),           # all set
    (MASK, 0xf1f0, True), (MASK, 0xf0f0, False),         # any clear
    (MASK | SET, 0x100f, True), (MASK | SET, 0x0f0f, False),  # any set
])
def test_check_data(configured, parameter, mask, good):
    values, log = configured(dcd((WRITE, 4, (GPR, 0xf0f0)), (CHECK, 4 | parameter, (GPR, mask)),
                                 (WRITE, 4, (GPR + 4, 1))), GPR + 4)
    assert values == [int(good)]
    assert ("the M7 is not started" in log) != good


@pytest.mark.parametrize("data, why", [
    (dcd((0x55, 0, ())), "no command 0x55"),
    (dcd((WRITE, 3, (GPR, 1))), "accesses of 3 octets"),
    (dcd((WRITE, 4, (0x50000000, 1))), "no register at 0x50000000"),
    (struct.pack(">BHB", 0xd2, 8, 0x41) + struct.pack(">BHB", WRITE, 12, 4), "cut short"),
    (struct.pack(">BHB", 0xd1, 4, 0x41), "no device configuration data at 0x30001040"),
])
def test_damaged_data_does_not_start(configured, data, why):
    _, log = configured(data)
    assert "the M7 is not started" in log and why in log


def test_clocks_as_the_rom_leaves_them(tmp_path, build_image):
    """SYS_PLL2 and SYS_PLL3 run; FlexSPI1 is on and reads as the configuration block says."""
    image = build_image("hello")
    with qtest.QtestMachine(tmp_path, "mimxrt1176", "-kernel", str(image)) as machine:
        assert machine.read(0x40c84240) == 0x20802008
        assert machine.read(0x40c84210) == 0x2020201b
        assert machine.read(0x400cc000) & 2 == 0


def test_without_an_image_the_rom_leaves_nothing(machine):
    assert machine.read(0x40c84240) == 0x40000000
    assert machine.read(0x400cc000) & 2 == 2


# ------------------------------------------------------------------ API

EXPECTED = """name 0000004b
copyright 00000001
driver 00000046
bad option 00000004
get_config 00000000
tag 42464346
size 01000000
page 00000100
sector 00001000
bad tag 00000004
init 00000000
sampled by 00000001
blank ffffffff
program 00000000
right 00000040
read 00000000
right 00000040
erase_sector 00000000
blank ffffffff
program 00000000
erase 00000000
blank ffffffff
program 00000000
erase_block 00000000
blank ffffffff
update_lut 00000000
xfer 00000000
identification 003881c2
wait_busy 00000000
clear_cache 00000000
other instance 00000004
"""


@pytest.mark.parametrize("options", [
    (), ("-DTREE_POINTER=ROM_API_TREE_B0", "-DCLEAR_CACHE=0x0021a3b7u")], ids=["A0", "B0"])
def test_api(build_image, run_image, options):
    assert console(run_image(build_image("romapi", *options))) == EXPECTED


def test_erasing_takes_its_time(build_image, run_image):
    """Four sectors (25 ms each), a block (220 ms), three pages (0.15 ms each)."""
    symbols = qtest.parse_symbols(run_image(build_image("romapi")), "lpuart1")
    erasing_ns = 3 * 25_000_000 + 220_000_000 + 3 * 150_000
    sending_ns = len(symbols) * 10 * 8681
    assert erasing_ns < symbols[-1].start_ns < erasing_ns + sending_ns + 20_000_000


# ------------------------------------------------------------ bad arguments

DOOR = 0x0023f000  # the driver's registers, docs/devices/rt1176-rom.md
ARGUMENT, CALL, PHASE, DATA, RESULT = 0x00, 0x14, 0x18, 0x20, 0x24
PAGE_PROGRAM, ERASE, UPDATE_LUT = 2, 4, 8
DONE, TAKE = 0, 2
INVALID_ARGUMENT = 4


def call(machine, number, *arguments):
    for n, argument in enumerate(arguments):
        machine.write(DOOR + ARGUMENT + 4 * n, argument)
    machine.write(DOOR + CALL, number)


def refused(machine):
    return (machine.read(DOOR + PHASE), machine.read(DOOR + RESULT)) == (DONE, INVALID_ARGUMENT)


@pytest.mark.parametrize("first, count", [(0xfffffff0, 0x10), (0xffff0000, 0x10001), (16, 1),
                                          (1, 16), (0, 0)])
def test_sequences_that_do_not_exist(machine, first, count):
    call(machine, UPDATE_LUT, 1, first, 0, count)
    assert refused(machine)


def test_arguments_that_change_during_a_call(machine):
    call(machine, UPDATE_LUT, 1, 15, 0, 1)
    machine.write(DOOR + ARGUMENT + 4, 0x10000)
    for _ in range(4):
        assert machine.read(DOOR + PHASE) == TAKE
        machine.write(DOOR + DATA, 0)
    assert refused(machine)


@pytest.mark.parametrize("number", [PAGE_PROGRAM, ERASE])
@pytest.mark.parametrize("page, sector", [(0, 4096), (3, 4096), (516, 4096), (256, 0), (256, 4095)])
def test_sizes_that_no_flash_has(machine, number, page, sector):
    call(machine, number, 1, 0, 0, 0)
    machine.write(DOOR + DATA, page)
    machine.write(DOOR + DATA, sector)
    assert refused(machine)
