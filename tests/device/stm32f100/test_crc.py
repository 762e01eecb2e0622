"""CRC calculation unit (RM0041 chapter 3).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

RCC_AHBENR, CRCEN = 0x40021014, 1 << 6
CRC = 0x40023000
DR, IDR, CR = CRC, CRC + 4, CRC + 8


@pytest.fixture
def crc(machine):
    machine.write(RCC_AHBENR, machine.read(RCC_AHBENR) | CRCEN)
    return machine


def crc32_mpeg2(message):
    """CRC-32/MPEG-2, from its definition as the remainder of a division of polynomials."""
    remainder = int.from_bytes(message, "big") << 32 ^ 0xffffffff << 8 * len(message)
    for bit in reversed(range(32, 8 * len(message) + 32)):
        if remainder >> bit & 1:
            remainder ^= 0x104c11db7 << (bit - 32)
    return remainder


def test_reset_values(crc):
    """3.4.5"""
    assert [crc.read(r) for r in (DR, IDR, CR)] == [0xffffffff, 0, 0]


@pytest.mark.parametrize("words, result", [
    ([0x00000000], 0xc704dd7b),
    ([0x12345678], 0xdf8a8a2b),
    ([0xffffffff], 0x00000000),
])
def test_known_answers(crc, words, result):
    """3.3: polynomial 0x04C11DB7, initial value all ones, no reflection."""
    for word in words:
        crc.write(DR, word)
    assert crc.read(DR) == result


def test_goes_on_over_a_long_message(crc):
    assert crc32_mpeg2(b"123456789") == 0x0376e6e7  # the check value of this CRC
    message = b""
    for n in range(1, 65):
        word = 0x9e3779b9 * n & 0xffffffff
        message += word.to_bytes(4, "big")
        crc.write(DR, word)
        assert crc.read(DR) == crc32_mpeg2(message)


def test_reading_does_not_change_the_result(crc):
    crc.write(DR, 0x12345678)
    assert crc.read(DR) == crc.read(DR) == 0xdf8a8a2b


def test_reset_bit_leaves_idr_alone(crc):
    """3.4.2, 3.4.3: IDR holds eight bits and is not affected by RESET, which reads as 0."""
    crc.write(IDR, 0xffffff5a)
    crc.write(DR, 1)
    crc.write(CR, 1)
    assert [crc.read(r) for r in (DR, IDR, CR)] == [0xffffffff, 0x5a, 0]


def test_cr_without_reset_bit_does_nothing(crc):
    crc.write(DR, 0x12345678)
    crc.write(CR, 0xfffffffe)
    assert crc.read(DR) == 0xdf8a8a2b


@pytest.mark.parametrize("size", [1, 2])
def test_takes_words_only(crc, size):
    """3.4: a narrower write does not reach the unit."""
    crc.write(DR, 0x12, size=size)
    assert crc.read(DR) == 0xffffffff


def test_without_its_clock_it_is_not_there(machine):
    """6.3.6: CRCEN."""
    machine.write(DR, 0x12345678)
    machine.write(IDR, 0x5a)
    assert [machine.read(r) for r in (DR, IDR, CR)] == [0, 0, 0]
    machine.write(RCC_AHBENR, CRCEN)
    assert [machine.read(r) for r in (DR, IDR)] == [0xffffffff, 0]


def test_stopping_the_clock_keeps_the_result(crc):
    crc.write(DR, 0x12345678)
    crc.write(RCC_AHBENR, 0)
    assert crc.read(DR) == 0
    crc.write(RCC_AHBENR, CRCEN)
    assert crc.read(DR) == 0xdf8a8a2b
