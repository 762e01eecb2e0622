"""How the STM32F100 is loaded: ELF, Intel HEX and raw images, several of them, the vector table
that the core starts from, files with the contents of flash and option bytes, larger flash
(docs/devices/stm32f100.md, docs/compatibility.md; RM0041 2.4, PM0056 2.3.4, 4.4.4).

SPDX-License-Identifier: Apache-2.0
"""

import re
import struct
import subprocess

import pytest

import qtest
import stm32f100
from stm32f100 import MODEL

FLASH, FLASH_BYTES = 0x08000000, 128 << 10
KEYR, CR = 0x40022004, 0x40022010
APPLICATION = 0x08001000
AT_4_KIB = f"-Wl,--defsym=flash_origin={APPLICATION:#x}"
# The page is so large that the linker finds room for the file's headers in front of the program.
WITH_HEADERS = "-Wl,-z,max-page-size=0x10000"


@pytest.fixture
def raw(tmp_path):
    """The raw image of an ELF file, made by objcopy."""

    def make(elf):
        path = tmp_path / f"{elf.stem}.bin"
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, path], check=True, timeout=60)
        return path

    return make


def images(*files, model=MODEL):
    """@files: a path, or (path, address) of a raw one."""
    for n, file in enumerate(files):
        path, at = file if isinstance(file, tuple) else (file, None)
        name = str(path).replace(",", ",,")
        model += f",images.{n}.file={name}"
        if at is not None:
            model += f",images.{n}.at={at:#x}"
    return model


def refused_line(machine):
    code, said = stm32f100.try_image(None, machine=machine)
    assert code == 1
    assert said.count("\n") == 1, said
    return said.rstrip("\n")

# ------------------------------------------------------------------ ELF files

@pytest.fixture
def good(build_image, tmp_path):
    """A good image, to be spoilt: (path to write it to, its bytes)."""
    return tmp_path / "image.elf", bytearray(build_image("core").read_bytes())


def refused(path, data):
    path.write_bytes(data)
    code, said = stm32f100.try_image(path)
    assert code == 1
    assert said.startswith(f"stm32f100: '{path}': ")
    assert said.count("\n") == 1
    return said.removeprefix(f"stm32f100: '{path}': ").rstrip("\n")


def first_segment(data):
    """Offset of the first program header: p_type, offset, vaddr, paddr, filesz, ..."""
    return struct.unpack_from("<I", data, 28)[0]


def test_good_image_is_not_refused(good):
    path, data = good
    path.write_bytes(data)
    with pytest.raises(subprocess.TimeoutExpired):
        stm32f100.try_image(path, limit_s=2)


@pytest.mark.parametrize("address", [0x20000000, 0x00000000, 0x1ffff000, 0x0801ff00, 0x07ffff00])
def test_segment_outside_flash(good, address):
    path, data = good
    struct.pack_into("<I", data, first_segment(data) + 12, address)
    said = refused(path, data)
    assert re.fullmatch(rf"segment 0x{address:08x}\.\.0x\w{{8}} \(load address\) is not in flash,"
                        r" 0x08000000\.\.0x0801ffff", said), said


def test_image_for_the_larger_part(good):
    """What fits into 128 KiB does not fit into 64 KiB."""
    path, data = good
    struct.pack_into("<I", data, first_segment(data) + 12, 0x08010000)
    path.write_bytes(data)
    code, said = stm32f100.try_image(path, machine="stm32f100c8")
    assert code == 1
    assert said.endswith("is not in flash, 0x08000000..0x0800ffff\n")


@pytest.mark.parametrize("offset, value, size, message", [
    (0, 0, 4, "neither an ELF file nor an Intel HEX file"),
    (4, 2, 1, "not an ELF file for 32-bit little-endian Arm"),    # 64 bits
    (5, 2, 1, "not an ELF file for 32-bit little-endian Arm"),    # big-endian
    (18, 62, 2, "not an ELF file for 32-bit little-endian Arm"),  # x86-64
    (28, 0x7fffffff, 4, "the program header table is damaged"),
])
def test_wrong_elf_header(good, offset, value, size, message):
    path, data = good
    data[offset:offset + size] = value.to_bytes(size, "little")
    assert refused(path, data) == message


def test_file_cut_short(good):
    path, data = good
    assert "cut short" in refused(path, data[:struct.unpack_from("<I", data, 28)[0] + 200])


@pytest.mark.parametrize("reset_vector, message", [
    (0xffffffff, "no vector table at 0x08000000"),
    (0x08000100, "reset vector 0x08000100 in the vector table at 0x08000000 is not a Thumb"
                 " address"),
])
def test_wrong_vector_table(good, reset_vector, message):
    path, data = good
    offset = struct.unpack_from("<I", data, first_segment(data) + 4)[0]
    struct.pack_into("<I", data, offset + 4, reset_vector)
    assert refused(path, data) == message


def test_missing_file(tmp_path):
    code, said = stm32f100.try_image(tmp_path / "none.elf")
    assert code == 1
    assert said.startswith(f"stm32f100: '{tmp_path}/none.elf': cannot read it: ")


def test_blank_flash_does_not_start(tmp_path):
    """One warning; the core stays at the erased reset vector, powered off."""
    qmp = qtest.Qmp(tmp_path)
    process = subprocess.Popen(
        [qtest.QEMU, "-M", MODEL, "-display", "none", "-monitor", "none", "-serial", "none",
         "-qmp", f"unix:{qmp.path}"],
        stderr=subprocess.PIPE, text=True)
    try:
        qmp.accept(process)
        registers = qmp.command("human-monitor-command", **{"command-line": "info registers"})
        assert "R15=fffffffe" in registers
    finally:
        process.kill()
        said = process.communicate(timeout=qtest.LIMIT_S)[1]
    assert re.sub(r"^\S+: ", "", said) == (
        "warning: stm32f100rb: no image (-kernel ELF): flash is blank, the core does not start\n")


# ------------------------------------------------------------------ raw images, several

def test_raw_image(build_image, run_image, raw):
    elf = build_image("core")
    assert run_image(None, machine=images((raw(elf), FLASH))) == run_image(elf)


def test_two_images(build_image, run_image, raw):
    """What the first one starts is itself; the other is where it belongs."""
    core, other = build_image("core"), build_image("faults", AT_4_KIB)
    machine = images(core, (raw(other), APPLICATION))
    assert run_image(None, machine=machine) == run_image(core)


def test_image_behind_that_of_kernel(build_image, machine_of, raw):
    """-kernel is the first image of all."""
    core, other = build_image("core"), build_image("faults", AT_4_KIB)
    machine = machine_of(images((raw(other), APPLICATION)), "-kernel", str(core))
    code = raw(core).read_bytes()
    assert machine.read(FLASH + 4) == int.from_bytes(code[4:8], "little")
    assert machine.read(APPLICATION) == 0x20001000


def test_headers_of_the_file_are_not_loaded(build_image, machine_of):
    """A segment from 0x08000000 on holds the headers of a program at 0x08001000."""
    elf = build_image("core", AT_4_KIB, WITH_HEADERS)
    offset, _, paddr = struct.unpack_from("<III", elf.read_bytes(),
                                          first_segment(elf.read_bytes()) + 4)
    assert (offset, paddr) == (0, FLASH), "the linker has done otherwise"
    machine = machine_of(images(elf, model=f"{MODEL},vector-table={APPLICATION:#x}"))
    assert [machine.read(FLASH + n) for n in (0, 4, 0x34)] == [0xffffffff] * 3
    assert machine.read(APPLICATION) == 0x20001000


def test_raw_image_outside_flash(tmp_path):
    path = tmp_path / "raw.bin"
    path.write_bytes(bytes(0x400))
    assert refused_line(images((path, 0x0801fc01))) == (
        f"stm32f100: '{path}': segment 0x0801fc01..0x08020000 (load address) is not in flash,"
        " 0x08000000..0x0801ffff")


@pytest.mark.parametrize("content, message", [
    (b"", "no raw image: it has 0 bytes"),
    (b":10000000\n", "an Intel HEX file says itself where it belongs, which is not to be given"
                     " again (0x08000000)"),
    (b"\x7fELF and more", "an ELF file says itself where it belongs, which is not to be given"
                          " again (0x08000000)"),
])
def test_no_raw_image(tmp_path, content, message):
    path = tmp_path / "raw.bin"
    path.write_bytes(content)
    assert refused_line(images((path, FLASH))) == f"stm32f100: '{path}': {message}"


def test_raw_image_without_an_address(tmp_path):
    path = tmp_path / "raw.bin"
    path.write_bytes(bytes(0x400))
    assert refused_line(images(path)) == (
        f"stm32f100: '{path}': neither an ELF file nor an Intel HEX file")


def test_images_that_overlap(build_image, tmp_path):
    """By one byte; both are named."""
    core, path = build_image("core", AT_4_KIB), tmp_path / "raw.bin"
    path.write_bytes(bytes(0x1001))
    said = refused_line(images((path, FLASH), core))
    assert re.fullmatch(rf"stm32f100: '{core}': 0x08001000\.\.0x\w{{8}} overlaps 0x08000000\.\."
                        rf"0x08001000 of '{path}'", said), said


def test_list_of_images_is_checked():
    assert refused_line(f"{MODEL},images.0.fil=x") == "Parameter 'images.0.file' is missing"
    assert "'images.0.where' is unexpected" in refused_line(
        f"{MODEL},images.0.file=x,images.0.where=y")


# ------------------------------------------------------------------ Intel HEX
# Intel, "Hexadecimal Object File Format Specification", revision A

def record(kind, data=b"", offset=0):
    octets = bytes([len(data), *offset.to_bytes(2, "big"), kind, *data])
    return f":{(octets + bytes([-sum(octets) & 0xff])).hex().upper()}\n"


def linear(address):
    return record(4, (address >> 16).to_bytes(2, "big"))


END = record(1)
VECTORS = struct.pack("<II", 0x20001000, FLASH + 9)
# as an assembler would: a branch to itself behind the table
CODE = b"\xfe\xe7"


@pytest.fixture
def hex_file(tmp_path):
    def make(*records):
        path = tmp_path / "image.hex"
        path.write_text("".join(records), encoding="ascii")
        return path

    return make


def test_intel_hex_file_as_objcopy_makes_it(build_image, run_image, tmp_path):
    elf, path = build_image("core"), tmp_path / "core.hex"
    subprocess.run(["arm-none-eabi-objcopy", "-O", "ihex", elf, path], check=True, timeout=60)
    assert run_image(path) == run_image(elf)
    assert run_image(None, machine=images(path)) == run_image(elf)


def test_records_in_any_order_and_form(hex_file, machine_of):
    """Lower case, CR LF, empty lines, start addresses, addresses by segment and linear ones."""
    data = bytes(range(1, 9))
    path = hex_file(
        linear(FLASH), record(0, data, 0x100).lower(), "\r\n", record(0, CODE, 8),
        record(3, bytes(4)), record(0, VECTORS), record(5, bytes(4)),
        record(0, b"", 0x300).replace("\n", "\r\n"), record(0, data, 0x108), linear(FLASH + 0x10000),
        record(0, data, 0xfff8), record(1, offset=0x1234))
    machine = machine_of(images(path))
    assert [machine.read(FLASH + n) for n in (0, 4, 8)] == [0x20001000, FLASH + 9, 0xffffe7fe]
    assert [machine.read(FLASH + 0x100 + n) for n in (0, 4, 8, 12, 16)] == [
        0x04030201, 0x08070605, 0x04030201, 0x08070605, 0xffffffff]
    assert [machine.read(FLASH + n) for n in (0x1fff4, 0x1fff8, 0x1fffc)] == [
        0xffffffff, 0x04030201, 0x08070605]


def test_addresses_by_segment(hex_file, machine_of):
    """USBA is bits 4 to 19 of the base; with the alias such an image can be for flash."""
    path = hex_file(record(0, VECTORS + CODE), record(2, b"\x10\x01"),
                    record(0, b"\x11\x22\x33\x44", 0x20), END)
    machine = machine_of(images(path, model=f"{MODEL},flash-alias=on"))
    assert machine.read(FLASH + 0x10030) == 0x44332211


def spoilt(text, line, old, new):
    lines = text.splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    return "".join(lines)


HEX = linear(FLASH) + record(0, VECTORS) + record(0, CODE, 8) + END


@pytest.mark.parametrize("content, message", [
    (HEX.replace(END, ""), "no end-of-file record behind line 3: is it cut off?"),
    (HEX[:30], "line 2: the record is not as long as it says: is it cut off?"),
    (spoilt(HEX, 2, "0020", "00200"), "line 2: the record is not as long as it says: is it cut off?"),
    (spoilt(HEX, 2, ":08", ":09"), "line 2: the record is not as long as it says: is it cut off?"),
    (spoilt(HEX, 2, "0020", "0021"), "line 2: checksum 0xb7, the record gives 0xb6"),
    (spoilt(HEX, 3, "FEE7", "FEG7"), "line 3: no hex digit in column 12"),
    (spoilt(HEX, 3, ":", "S"), "line 3: no record, it does not begin with a colon"),
    (HEX + "\r\n \n" + HEX, "line 7: there is more behind the end-of-file record"),
    (linear(FLASH) + record(6) + END, "line 2: there is no record type 06"),
    (record(4, b"\x08") + END, "line 1: a record of type 04 has 2 octets of data, not 1"),
    (record(1, b"\x08"), "line 1: a record of type 01 has 0 octets of data, not 1"),
    (linear(FLASH) + END, "no record has data"),
    (record(2, b"\x10\x00") + record(0, CODE, 0xffff) + END,
     "line 2: data behind the end of its segment of 64 KiB"),
    (linear(0xffff0000) + record(0, CODE, 0xffff) + END, "line 2: data behind 0xffffffff"),
    (HEX.replace(END, record(0, CODE, 7) + END),
     "the data from line 2 on and that from line 4 on overlap at 0x08000007"),
    (record(0, VECTORS) + END, "segment 0x00000000..0x00000007 (load address) is not in flash,"
                               " 0x08000000..0x0801ffff"),
    (linear(FLASH) + record(0, VECTORS[:4] + b"\xff" * 4) + END, "no vector table at 0x08000000"),
    (linear(FLASH) + record(0, VECTORS[:4] + b"\x08\0\0\x08") + END,
     "reset vector 0x08000008 in the vector table at 0x08000000 is not a Thumb address"),
])
def test_wrong_intel_hex_file(hex_file, content, message):
    path = hex_file(content)
    assert refused_line(images(path)) == f"stm32f100: '{path}': {message}"


def test_intel_hex_file_that_is_not_spoilt(hex_file):
    """Negative control of those above."""
    with pytest.raises(subprocess.TimeoutExpired):
        stm32f100.try_image(hex_file(HEX), limit_s=2)


def test_intel_hex_file_that_overlaps_another_image(build_image, hex_file):
    core, path = build_image("core"), hex_file(HEX)
    said = refused_line(images(core, path))
    assert re.fullmatch(rf"stm32f100: '{path}': 0x08000000\.\.0x08000009 overlaps 0x08000000\.\."
                        rf"0x\w{{8}} of '{core}'", said), said


# ------------------------------------------------------------------ vector table

def test_start_from_another_vector_table(build_image, run_image):
    """SP and PC are its first words, VTOR is its address; else as after any reset."""
    said = run_image(build_image("core", AT_4_KIB), machine=f"{MODEL},vector-table=0x08001000")
    assert said == (
        "sram deadbeef\ncpuid 411fc231\nmpu 00000000\nidcode 10016420\nvtor 08001000\n"
        "alias 00000001\nband 00000020\nband 00000020\nflags 0c000000\n")


def test_exceptions_take_the_other_vector_table(build_image, run_image):
    """The bus faults of this image are handled, through its own table."""
    said = run_image(build_image("faults", AT_4_KIB), machine=f"{MODEL},vector-table=0x08001000")
    assert said.startswith("memories\nfault 20002000\n")


def test_reset_starts_from_the_other_vector_table_again(build_image, run_image):
    said = run_image(build_image("core", AT_4_KIB), machine=f"{MODEL},vector-table=0x08001000",
                     resets=2)
    tables = [line for line in said.splitlines() if line.startswith("vtor")]
    assert tables[:2] == ["vtor 08001000", "vtor 08001000"]


@pytest.mark.parametrize("table", [0x100, 0x08000100, 0x07fffe00, 0x08020000, 0x20000000])
def test_place_that_no_vector_table_can_have(build_image, table):
    code, said = stm32f100.try_image(build_image("core"), machine=f"{MODEL},vector-table={table:#x}")
    assert (code, said) == (
        1, f"stm32f100: vector-table=0x{table:08x} is no multiple of 0x200 in flash\n")


def test_vector_table_in_erased_flash(build_image):
    code, said = stm32f100.try_image(build_image("core"), machine=f"{MODEL},vector-table=0x08010000")
    assert (code, said) == (
        1, "stm32f100: no vector table at 0x08010000, neither of an image nor in flash before\n")


def test_application_without_its_boot_loader(build_image):
    """Nothing is at 0x08000000, and no other table was named."""
    code, said = stm32f100.try_image(build_image("core", AT_4_KIB))
    assert (code, said) == (
        1, "stm32f100: no vector table at 0x08000000, neither of an image nor in flash before\n")


# ------------------------------------------------------------------ contents of flash

def program(machine, address, value):
    """PM0063 2.3.2"""
    machine.write(KEYR, 0x45670123)
    machine.write(KEYR, 0xcdef89ab)
    machine.write(CR, 1)
    machine.write(address, value, size=2)
    machine.step(52_500)


def test_contents_of_flash_outlive_the_process(machine_of, tmp_path):
    path = tmp_path / "flash"
    first = machine_of(f"{MODEL},flash-save={path}")
    program(first, 0x0801fc00, 0x1234)
    first.quit()
    expected = bytearray(b"\xff" * FLASH_BYTES)
    expected[0x1fc00:0x1fc02] = b"\x34\x12"
    # its vector table, so that the next machine can start
    assert path.read_bytes() == expected
    expected[0:8] = struct.pack("<II", 0x20001000, 0x08000009)
    path.write_bytes(expected)
    second = machine_of(f"{MODEL},flash-load={path}")
    assert second.read(0x0801fc00) == 0xffff1234
    second.quit()
    assert path.read_bytes() == expected
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("flash.")]


def test_images_are_put_over_what_was_in_flash(build_image, machine_of, tmp_path, raw):
    core, path = build_image("core"), tmp_path / "flash"
    path.write_bytes(b"\x5a" * FLASH_BYTES)
    machine_of(f"{MODEL},flash-load={path},flash-save={path}", "-kernel", str(core)).quit()
    code = raw(core).read_bytes()
    content = path.read_bytes()
    assert content[:len(code)] == code
    assert content[len(code):] == b"\x5a" * (FLASH_BYTES - len(code))


def test_core_starts_from_a_flash_file(build_image, run_image, tmp_path, raw):
    core, path = build_image("core"), tmp_path / "flash"
    path.write_bytes(raw(core).read_bytes().ljust(FLASH_BYTES, b"\xff"))
    assert run_image(None, machine=f"{MODEL},flash-load={path}") == run_image(core)


def test_killed_process_leaves_the_file_alone(machine_of, tmp_path):
    path = tmp_path / "flash"
    path.write_bytes(struct.pack("<II", 0x20001000, 0x08000009).ljust(FLASH_BYTES, b"\xff"))
    before = path.read_bytes()
    machine = machine_of(f"{MODEL},flash-load={path},flash-save={path}")
    program(machine, 0x0801fc00, 0x1234)
    assert machine.read(0x0801fc00) == 0xffff1234
    machine.__exit__()
    assert path.read_bytes() == before


def test_flash_file_of_another_size(tmp_path):
    path = tmp_path / "flash"
    path.write_bytes(bytes(65536))
    assert refused_line(f"{MODEL},flash-load={path}") == (
        f"stm32f100: flash file '{path}': it has 65536 bytes, not 131072")


def test_missing_flash_file(tmp_path):
    assert refused_line(f"{MODEL},flash-load={tmp_path}/none").startswith(
        f"stm32f100: flash file '{tmp_path}/none': cannot read it: ")


def test_refused_start_saves_nothing(tmp_path):
    path = tmp_path / "flash"
    image = tmp_path / "raw.bin"
    image.write_bytes(struct.pack("<II", 0x20001000, 0x08000009))
    code, _ = stm32f100.try_image(None, "-device", "none-such",
                                  machine=images((image, FLASH), model=f"{MODEL},flash-save={path}"))
    assert code == 1
    assert not path.exists()


def test_flash_file_that_cannot_be_written(machine_of, tmp_path, capfd):
    """It says so; what is there instead stays."""
    (tmp_path / "flash").mkdir()
    machine = machine_of(f"{MODEL},flash-save={tmp_path}/flash")
    machine.quit()
    assert "stm32f100: flash file: " in capfd.readouterr().err
    assert list((tmp_path / "flash").iterdir()) == []


# ------------------------------------------------------------------ files with option bytes (PM0063 2.6)

OPTIONS, OBR, WRPR = 0x1ffff800, 0x4002201c, 0x40022020
OPTIONS_NEW = bytes.fromhex("a55aff00ff00ff00ff00ff00ff00ff00")
OPTIONS_OWN = bytes.fromhex("00fffa0512ed34cbfe01ff00ff007f80")


def program_options(machine, values):
    """2.3.3: all are erased, then one half-word each."""
    for register in (KEYR, 0x40022008):
        machine.write(register, 0x45670123)
        machine.write(register, 0xcdef89ab)
    machine.write(CR, 1 << 9 | 1 << 5)
    machine.write(CR, 1 << 9 | 1 << 5 | 1 << 6)
    machine.step(40_000_000)
    machine.write(CR, 1 << 9 | 1 << 4)
    for n, value in enumerate(values):
        machine.write(OPTIONS + 2 * n, value, size=2)
        machine.step(52_500)


def test_option_bytes_outlive_the_process(machine_of, tmp_path):
    path = tmp_path / "options"
    machine = machine_of(f"{MODEL},options-save={path}")
    program_options(machine, OPTIONS_OWN[::2])
    assert [machine.read(OBR), machine.read(WRPR)] == [0x03fffffc, 0xffffffff]
    machine.quit()
    assert path.read_bytes() == OPTIONS_OWN
    machine = machine_of(f"{MODEL},options-load={path}")
    assert machine.read(OPTIONS) == 0x05faff00
    assert machine.read(OBR) == 0x34 << 18 | 0x12 << 10 | 0xfa << 2 | 2
    assert machine.read(WRPR) == 0x7ffffffe
    machine.quit()
    assert path.read_bytes() == OPTIONS_OWN
    assert not [p for p in tmp_path.iterdir() if p != path]


def test_option_bytes_of_a_new_part(machine_of, tmp_path):
    path = tmp_path / "options"
    machine_of(f"{MODEL},options-save={path}").quit()
    assert path.read_bytes() == OPTIONS_NEW


def test_loaded_option_bytes_protect(machine_of, tmp_path):
    """2.4.1: pages 0 to 3 with RDP, and what WRP names; IWDG runs with WDG_SW = 0."""
    path = tmp_path / "options"
    path.write_bytes(bytes.fromhex("00fffe01ff00ff00fd02ff00ff00ff00"))
    machine = machine_of(f"{MODEL},options-load={path}")
    assert machine.read(0x40021024) & 1, "LSION by the hardware watchdog"
    for page, refused in ((0, True), (3, True), (4, True), (7, True), (8, False)):
        program(machine, FLASH + page * 1024, 0x1234)
        assert machine.read(0x4002200c) & 0x10 == (0x10 if refused else 0)
        assert machine.read(FLASH + page * 1024, size=2) == (0xffff if refused else 0x1234)
        machine.write(0x4002200c, 0x34)
        machine.write(CR, 1 << 7)


def test_power_cycle_loads_the_option_bytes(machine_of):
    """2.6: each system reset does, that of power-on too"""
    machine = machine_of(MODEL)
    program_options(machine, OPTIONS_OWN[::2])
    assert machine.read(WRPR) == 0xffffffff
    for millivolts in (0, 3300):
        stm32f100.qom_set(machine, "pwr", "vdd-mv", millivolts)
    assert machine.read(0x40021024) & 1 << 27, "PORRSTF"
    assert machine.read(WRPR) == 0x7ffffffe


@pytest.mark.parametrize("content, said", [
    (OPTIONS_NEW[:15], "it has 15 bytes, not 16"),
    (OPTIONS_NEW + b"\xff", "it has 17 bytes, not 16"),
    (b"\xa5\x5b" + OPTIONS_NEW[2:],
     "RDP, byte 0, is 0xa5, and behind it is 0x5b instead of its complement 0x5a"),
    (OPTIONS_NEW[:14] + b"\x00\x00",
     "WRP3, byte 14, is 0x00, and behind it is 0x00 instead of its complement 0xff"),
], ids=["short", "long", "first", "last"])
def test_option_file_that_no_part_can_have(build_image, tmp_path, content, said):
    path = tmp_path / "options"
    path.write_bytes(content)
    assert stm32f100.try_image(build_image("core"), machine=f"{MODEL},options-load={path}") == (
        1, f"stm32f100: option file '{path}': {said}\n")


def test_erased_option_bytes_are_accepted(machine_of, tmp_path):
    """A program was interrupted after the erasing; RDP is not 0xa5 then."""
    path = tmp_path / "options"
    path.write_bytes(b"\xff" * 16)
    machine = machine_of(f"{MODEL},options-load={path}")
    assert [machine.read(OBR), machine.read(WRPR)] == [0x03fffffe, 0xffffffff]


# ------------------------------------------------------------------ compatibility profile

def test_larger_flash(machine_of):
    """Its size is in the signature, too (25.6.1); behind it is nothing."""
    machine = machine_of(f"{MODEL},flash-size=262144")
    assert [machine.read(FLASH + 0x3fffc), machine.read(0x3fffc)] == [0xffffffff] * 2
    assert machine.read(FLASH + 0x40000) == 0
    assert machine.read(0x1ffff7e0, size=2) == 256
    program(machine, 0x0803fc00, 0x1234)
    assert machine.read(0x0803fc00) == 0xffff1234


def test_image_that_is_linked_for_0(build_image, run_image):
    elf = build_image("core", "-Wl,--defsym=flash_origin=0")
    said = stm32f100.try_image(elf)[1]
    assert "is not in flash, 0x08000000..0x0801ffff" in said
    assert run_image(elf, machine=f"{MODEL},flash-alias=on") == run_image(build_image("core"))


def test_image_behind_the_alias(tmp_path):
    path = tmp_path / "raw.bin"
    path.write_bytes(bytes(0x400))
    assert "is not in flash" in refused_line(
        images((path, 0x0001fc01), model=f"{MODEL},flash-alias=on"))
