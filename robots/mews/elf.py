"""Tiny ELF files for gates on bad input, written octet by octet (ELF-32, System V ABI, chapter 4).

They need no compiler, so a gate says itself what is wrong with its image.

SPDX-License-Identifier: Apache-2.0
"""

import struct

EM_386, EM_ARM = 3, 40
ET_EXEC, PT_LOAD, PF_RX = 2, 1, 5
HEADER_SIZE, SEGMENT_SIZE = 52, 32

FLASH_ADDRESS = 0x08000000
STACK_TOP = 0x20002000
VECTORS = 16
THUMB = 1
UDF = b"\x00\xde"  # permanently undefined instruction, ARMv7-M A7.7.194
LOOP = b"\xfe\xe7"  # b .


def elf(content, address=FLASH_ADDRESS, entry=None, machine=EM_ARM):
    """An executable with one loadable segment."""
    ident = b"\x7fELF\x01\x01\x01" + bytes(9)
    entry = address if entry is None else entry
    header = ident + struct.pack(
        "<HHIIIIIHHHHHH",
        ET_EXEC,
        machine,
        1,
        entry,
        HEADER_SIZE,
        0,
        0x05000200 if machine == EM_ARM else 0,  # EABI 5, soft float
        HEADER_SIZE,
        SEGMENT_SIZE,
        1,
        0,
        0,
        0,
    )
    offset = HEADER_SIZE + SEGMENT_SIZE
    segment = struct.pack(
        "<IIIIIIII", PT_LOAD, offset, address, address, len(content), len(content), PF_RX, 4
    )
    return header + segment + content


def image(reset_code, hard_fault_code=LOOP, address=FLASH_ADDRESS, machine=EM_ARM):
    """An ELF with a vector table, a reset handler and one handler for all exceptions."""
    handler = address + 4 * VECTORS
    reset = handler + len(hard_fault_code) + len(hard_fault_code) % 4
    vectors = [STACK_TOP, reset | THUMB] + [handler | THUMB] * (VECTORS - 2)
    content = struct.pack(f"<{VECTORS}I", *vectors)
    content += hard_fault_code.ljust(reset - handler, b"\0") + reset_code
    return elf(content, address, reset | THUMB, machine)


KINDS = {
    "idle": lambda: image(LOOP),
    "lock-up": lambda: image(UDF, hard_fault_code=UDF),
    "outside flash": lambda: image(LOOP, address=0x60000000),
    "wrong machine": lambda: image(LOOP, machine=EM_386),
    "no ELF": lambda: b"this is no ELF file\n",
    "cut off": lambda: image(LOOP)[:-2],
}
