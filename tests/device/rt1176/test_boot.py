"""Images that run on the machine: boot from flash, interrupts, faults, resets,
the Cortex-M4, and what is refused (docs/devices/mimxrt1176.md, "Image").

SPDX-License-Identifier: Apache-2.0
"""

import re
import struct
import subprocess

import pytest

import qtest
import rt1176

CONSOLE_BIT_TIME = 16 * 13 * qtest.clock_period(24_000_000)


def console(log):
    return qtest.text_of(qtest.parse_symbols(log, "lpuart1"))


def test_boots_from_flash_and_takes_interrupts(build_image, run_image):
    log = run_image(build_image("hello"))
    assert console(log) == "hello from the M7\n" + 10 * "tick\n"


def test_console_has_the_baud_rate_that_was_set(build_image, run_image):
    symbols = qtest.parse_symbols(run_image(build_image("hello")), "lpuart1")
    assert {s.bit_time for s in symbols} == {CONSOLE_BIT_TIME}


def test_gpt_ticks_come_a_millisecond_apart(build_image, run_image):
    """The first character of each line follows its interrupt at once."""
    symbols = qtest.parse_symbols(run_image(build_image("hello")), "lpuart1")
    starts = [s.start_ns for s in symbols[len("hello from the M7\n"):]
              if s.bits >> 1 & 0xff == ord("t")]
    gaps = [b - a for a, b in zip(starts, starts[1:])]
    assert len(gaps) == 9
    # the first tick comes while the greeting is still being sent
    assert all(abs(gap - 1_000_000) < 1_000 for gap in gaps[2:]), gaps


def test_every_run_is_the_same(build_image, run_image):
    elf = build_image("hello")
    assert len({run_image(elf) for _ in range(5)}) == 1


def test_nothing_but_memory_and_peripherals_answers(build_image, run_image):
    addresses = [0x00040000, 0x00240000, 0x1ffe0000, 0x20040000, 0x31000000, 0x40000000, 0x40c50000,
                 0x30000000]
    assert console(run_image(build_image("faults"))) == (
        "".join(f"fault {a:08x}\n" for a in addresses) + f"faults {len(addresses):08x}\n")


def test_m4_is_released_and_answers(build_image, run_image):
    assert console(run_image(build_image("dual"))) == (
        "sr0 00f00200\nheld 00000001\nheld 00000000\nhello c0ffee42\nvtor 20200000\n"
        "echo 12345679\necho 1234567a\necho 1234567b\n")


def test_two_cores_run_the_same_every_time(build_image, run_image):
    elf = build_image("dual")
    assert len({run_image(elf) for _ in range(5)}) == 1


@pytest.mark.parametrize("address", ["0x1ffe0000u", "0x20000000u"])
def test_m4_cannot_start_from_its_own_tcm(build_image, run_image, address):
    """Seen on silicon: started at 0x1ffe0000 the M4 never runs."""
    log = run_image(build_image("dual", f"-DSTART_ADDRESS={address}"))
    assert console(log).endswith("held 00000000\nno answer\n")


def test_sysresetreq_resets_the_part(build_image, run_image):
    log = run_image(build_image("reset"), resets=2)
    assert console(log).startswith("start 00000001 cause 00010001\nstart 00000002 cause 08000002\n")


# ------------------------------------------------------------------ refused

@pytest.fixture
def hello(build_image, tmp_path):
    """A good image, to be spoilt: (path to write it to, its bytes)."""
    path = tmp_path / "image.elf"
    data = bytearray(build_image("hello").read_bytes())
    return path, data


def file_offset(data, address):
    phoff, = struct.unpack_from("<I", data, 28)
    for n in range(struct.unpack_from("<H", data, 44)[0]):
        _, offset, _, paddr, filesz = struct.unpack_from("<5I", data, phoff + 32 * n)
        if paddr <= address < paddr + filesz:
            return offset + address - paddr
    raise KeyError(hex(address))


def refused(path, data):
    """Why the file with @data is refused."""
    path.write_bytes(data)
    code, said = rt1176.try_image(path)
    assert code == 1
    line = re.fullmatch(rf"mimxrt1176: '{re.escape(str(path))}': (.*)\n", said)
    assert line, said
    return line[1]


@pytest.mark.parametrize("address, word, message", [
    (0x30000400, 0, r"no FlexSPI configuration block \(tag 0x42464346\) at 0x30000400"),
    (0x30001000, 0x412000d2, r"bad image vector table at 0x30001000: its header is 0x412000d2, .*"),
    (0x30001000, 0x41200000, r"bad image vector table at 0x30001000: its header is .*"),
    (0x30001000, 0x002000d1, r"bad image vector table at 0x30001000: its header is .*"),
    (0x30001004, 0x20000000, r"bad image vector table .* entry 0x20000000 is not a vector table in flash"),
    (0x30001004, 0x30002004, r"vector table at 0x30002004 is not aligned to 128 bytes"),
    (0x30001004, 0x30800000, r"no vector table at 0x30800000"),
    (0x30001010, 0x30f00000, r"no boot data at 0x30f00000, where the image vector table points"),
    (0x30001014, 0x30002000, r"bad image vector table at 0x30001000: its own address in it is 0x30002000"),
    (0x30001020, 0x30001000, r"boot data at 0x30001020: image of .*"),
    (0x30001028, 1, r"boot data at 0x30001020: plugin images are not supported"),
    (0x30002004, 0x30002400, r"reset vector 0x30002400 .* is not a Thumb address"),
])
def test_wrong_header_is_one_clear_line(hello, address, word, message):
    path, data = hello
    struct.pack_into("<I", data, file_offset(data, address), word)
    said = refused(path, data)
    assert re.fullmatch(message, said), said


def test_good_image_is_not_refused(hello):
    path, data = hello
    path.write_bytes(data)
    with pytest.raises(Exception, match="timed out"):
        rt1176.try_image(path, limit_s=2)


@pytest.mark.parametrize("offset, word, size, message", [
    (18, 62, 2, "not an ELF file for 32-bit little-endian Arm"),   # e_machine: x86-64
    (4, 2, 1, "not an ELF file for 32-bit little-endian Arm"),     # 64 bits
    (28, 0x7fffffff, 4, "the program header table is damaged"),
    (28, 0xffffffe0, 4, "the program header table is damaged"),    # ends behind 2^32
])
def test_wrong_elf_header(hello, offset, word, size, message):
    path, data = hello
    data[offset:offset + size] = word.to_bytes(size, "little")
    assert refused(path, data) == message


@pytest.mark.parametrize("address, message", [
    (0x08000000, r"lies outside the memories of the i\.MX RT1176"),
    (0x00000000, r"is to be loaded to ITCM, but the boot ROM only starts .*boot-mode=debug .*"),
])
def test_segment_elsewhere_is_not_what_the_rom_starts(hello, address, message):
    path, data = hello
    phoff, = struct.unpack_from("<I", data, 28)
    struct.pack_into("<I", data, phoff + 12, address)
    said = refused(path, data)
    assert re.fullmatch(rf"segment 0x{address:08x}\.\.0x\w{{8}} {message}", said), said


def test_file_cut_short(hello):
    path, data = hello
    assert "cut short" in refused(path, data[:0x1000])


def test_missing_file(tmp_path):
    code, said = rt1176.try_image(tmp_path / "none.elf")
    assert code == 1
    assert said.startswith(f"mimxrt1176: '{tmp_path}/none.elf': cannot read it: ")


def test_intel_hex_file(build_image, run_image, tmp_path):
    """What objcopy makes of an image is the same image; a damaged one is refused with its line."""
    elf, path = build_image("hello"), tmp_path / "hello.hex"
    subprocess.run(["arm-none-eabi-objcopy", "-O", "ihex", elf, path], check=True, timeout=60)
    assert run_image(path) == run_image(elf)
    lines = path.read_text(encoding="ascii").splitlines(keepends=True)
    lines[1] = lines[1][:-3] + "00\n"
    path.write_text("".join(lines), encoding="ascii")
    code, said = rt1176.try_image(path)
    assert code == 1
    assert re.fullmatch(rf"mimxrt1176: '{path}': line 2: checksum 0x00, the record gives 0x\w\w\n",
                        said), said


def test_debug_boot_needs_no_headers(build_image, run_image):
    """The vector table is at the lowest address of flash that is loaded."""
    elf = build_image("hello", "-DNO_BOOT_HEADERS")
    assert rt1176.try_image(elf)[0] == 1
    assert console(run_image(elf, machine="mimxrt1176,boot-mode=debug")).startswith("hello")


def test_unknown_boot_mode(build_image):
    code, said = rt1176.try_image(build_image("hello"), machine="mimxrt1176,boot-mode=rom")
    assert code == 1
    assert said.endswith("boot-mode: 'rom' is neither 'flash' nor 'debug'\n")
