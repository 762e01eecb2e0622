"""eDMA and DMAMUX (IMXRT1170RM, chapters "Enhanced Direct Memory Access" and "Direct Memory
Access Multiplexer").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import edma
import rt1176
from edma import (A_ON, ACTIVE, ALL, BURST, BYTE, CDNE, CEEI, CERQ, CERR, CINT, CLM, CPE, CR, CX,
                  CYCLE_NS, DAE, DBE, DCHPRI, DOE, DONE, DOUBLE, DREQ, EARS, ECX, EEI, EMLM, ENBL,
                  ERCA, ERGA, ERQ, ERR, ERROR_IRQ, ES, ES_ECX, ESG, GPE, GRP0PRI, GRP1PRI, HALF,
                  HALT, HOE, HRS, INT, INTHALF, INTMAJOR, MAJORELINK, NCE, NOP, OCRAM, PIT, SAE,
                  SBE, SEEI, SERQ, SGE, SOE, SSRT, START, TCD, TRIG, VLD, WORD)

FROM, TO = OCRAM, OCRAM + 0x1000
TEXT = bytes(range(1, 129))
NOWHERE = 0x60000000  # reserved: a bus error
STARTUP, SHUTDOWN = 4, 3  # cycles


@pytest.fixture
def dma(machine):
    dma = edma.Edma(machine)
    dma.put(FROM, TEXT)
    return dma


def run(dma, channel, descriptor, ns=100_000):
    dma.set_tcd(channel, descriptor)
    dma.command(SSRT, channel)
    dma.machine.step(ns)


def cycles(count):
    return int(count * CYCLE_NS)


# ---------------------------------------------------------------- registers

def test_reset_values(dma):
    assert dma[CR] == GRP1PRI
    assert [dma[r] for r in (ES, ERQ, EEI, INT, ERR, HRS, EARS)] == [0] * 7
    assert [dma[DCHPRI + 4 * n] for n in range(8)] == [
        0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f,
        0x10111213, 0x14151617, 0x18191a1b, 0x1c1d1e1f]


@pytest.mark.parametrize("register, writable", [(CR, 0x5fe), (ERQ, 0xffffffff), (EEI, 0xffffffff),
                                                (EARS, 0xffffffff), (ES, 0), (HRS, 0)])
def test_writable_bits(dma, register, writable):
    assert dma.try_bits(register)[1:] == (writable, 0)


@pytest.mark.parametrize("address, value, reserved", [
    (edma.EDMA + CR, 0x1fe, False), (edma.EDMA + CR, 1, True), (edma.EDMA + CR, 1 << 9, True),
    (edma.EDMA + DCHPRI, 0xcfcecdcc, False), (edma.EDMA + DCHPRI, 0x20000000, True),
    (edma.EDMA + TCD + 28, 0x0002, False), (edma.EDMA + TCD + 28, 0x2000, True),
    (0x40074000, 8, False), (0x40074000, 8 | 1 << 8, True)])
def test_reserved_bits_are_logged(tmp_path, address, value, reserved):
    """CR, DCHPRI3 to DCHPRI0, TCD0_CSR, CHCFG0: they read 0, and the guest hears of it."""
    log = tmp_path / "log"
    with rt1176.qtest_machine(tmp_path, "-d", "guest_errors", "-D", str(log)) as machine:
        machine.write(address, value)
        machine.quit()
    assert ("reserved" in log.read_text()) == reserved


def test_priority_registers_are_bytes_in_groups_of_four(dma):
    dma.machine.write(edma.EDMA + DCHPRI + 3, 0xff, size=1)  # DCHPRI0
    assert dma[DCHPRI] == 0xcf010203, "GRPPRI is CR's and read-only"
    dma[CR] = GRP0PRI
    assert dma[DCHPRI] == 0xdf111213
    assert dma[DCHPRI + 16] == 0x00010203


@pytest.mark.parametrize("setter, clearer, register", [(SERQ, CERQ, ERQ), (SEEI, CEEI, EEI)])
def test_set_and_clear_by_channel_number(dma, setter, clearer, register):
    dma.command(setter, 31)
    dma.command(setter, 2)
    assert dma[register] == 1 << 31 | 1 << 2
    dma.command(clearer, 31)
    assert dma[register] == 1 << 2
    dma.command(setter, ALL | 5)
    assert dma[register] == 0xffffffff
    dma.command(clearer, ALL | NOP)
    assert dma[register] == 0xffffffff, "NOP"
    dma.command(clearer, ALL)
    assert dma[register] == 0
    assert dma.machine.read(edma.EDMA + setter, size=1) == 0


def test_word_access_to_the_commands_takes_nop_for_the_others(dma):
    """CEEI, SEEI, CERQ, SERQ in one word."""
    dma[CEEI] = 7 << 24 | NOP << 16 | 3 << 8 | NOP
    assert (dma[ERQ], dma[EEI]) == (1 << 7, 1 << 3)


def test_descriptors_take_narrow_accesses(dma):
    base = edma.EDMA + TCD + 32 * 9
    dma.machine.write(base + 0x16, 0x1234, size=2)
    dma.machine.write(base + 0x14, 0x5678, size=2)
    dma.machine.write(base + 0x15, 0x99, size=1)
    assert dma.machine.read(base + 0x14) == 0x12349978


# -------------------------------------------------------------------- moves

@pytest.mark.parametrize("ssize, dsize", [
    (s, d) for s in (BYTE, HALF, WORD, DOUBLE, BURST) for d in (BYTE, HALF, WORD, DOUBLE, BURST)])
def test_sizes(dma, ssize, dsize):
    run(dma, 3, edma.tcd(FROM, TO, nbytes=64, ssize=ssize, dsize=dsize))
    assert dma.get(TO, 68) == TEXT[:64] + bytes(4)
    assert (dma.saddr(3), dma.daddr(3)) == (FROM + 64, TO + 64)
    assert dma.csr(3) == DONE
    assert dma[ES] == 0


def test_offsets_gather_and_scatter(dma):
    run(dma, 0, edma.tcd(FROM, TO, nbytes=8, ssize=BYTE, dsize=BYTE, soff=4, doff=2))
    assert dma.get(TO, 16) == bytes(b for n in range(0, 32, 4) for b in (TEXT[n], 0))


def test_negative_offset(dma):
    run(dma, 0, edma.tcd(FROM + 7, TO, nbytes=8, ssize=BYTE, dsize=BYTE, soff=-1))
    assert dma.get(TO, 8) == TEXT[7::-1]


def test_source_modulo(dma):
    run(dma, 0, edma.tcd(FROM + 4, TO, nbytes=16, ssize=BYTE, dsize=BYTE, smod=3))
    assert dma.get(TO, 16) == (TEXT[4:8] + TEXT[0:8] + TEXT[0:4])
    assert dma.saddr(0) == FROM + 4


def test_destination_modulo(dma):
    run(dma, 0, edma.tcd(FROM, TO + 2, nbytes=6, ssize=BYTE, dsize=BYTE, dmod=2))
    assert dma.get(TO, 8) == bytes([3, 4, 5, 6, 0, 0, 0, 0])


def test_major_loop_takes_one_request_per_minor_loop(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=4, iterations=3, slast=-12, dlast=0x100, csr=INTMAJOR))
    for left in (2, 1):
        dma.command(SSRT, 0)
        dma.machine.step(10_000)
        assert dma.citer(0) == left
        assert not dma.csr(0) & DONE
        assert dma[INT] == 0
    dma.command(SSRT, 0)
    dma.machine.step(10_000)
    assert dma.citer(0) == 3
    assert dma.csr(0) == DONE | INTMAJOR
    assert dma[INT] == 1
    assert (dma.saddr(0), dma.daddr(0)) == (FROM, TO + 12 + 0x100)
    assert dma.get(TO, 16) == TEXT[:12] + bytes(4)


@pytest.mark.parametrize("bits, source, destination", [
    (1 << 31, 4 - 8, 4), (1 << 30, 4, 4 - 8), (3 << 30, 4 - 8, 4 - 8), (0, 4, 4)])
def test_minor_loop_offset(dma, bits, source, destination):
    """CR[EMLM]: NBYTES holds SMLOE, DMLOE and MLOFF; the last minor loop ignores them."""
    dma[CR] = GRP1PRI | EMLM
    offset = (-8 & 0xfffff) << 10 if bits else 0
    dma.set_tcd(0, edma.tcd(FROM + 16, TO + 16, nbytes=bits | offset | 4, iterations=2))
    dma.command(SSRT, 0)
    dma.machine.step(10_000)
    assert (dma.saddr(0), dma.daddr(0)) == (FROM + 16 + source, TO + 16 + destination)
    dma.command(SSRT, 0)
    dma.machine.step(10_000)
    assert (dma.saddr(0), dma.daddr(0)) == (FROM + 20 + source, TO + 20 + destination)


def test_without_emlm_all_bits_of_nbytes_count(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=1 << 30 | 4))
    dma.command(SSRT, 0)
    dma.machine.step(1_000_000)
    assert dma.csr(0) & ACTIVE


def test_moves_to_its_own_registers(dma):
    """A channel may write another's descriptor."""
    dma.put(FROM, edma.tcd(0x1234, 0x5678, csr=DREQ))
    run(dma, 0, edma.tcd(FROM, edma.EDMA + TCD + 32 * 7, nbytes=32))
    assert dma.saddr(7) == 0x1234
    assert dma.csr(7) == DREQ


@pytest.mark.parametrize("tcm", [0x00000100, 0x20000100])
def test_reaches_the_tcms_of_the_m7(dma, tcm):
    run(dma, 0, edma.tcd(FROM, tcm, nbytes=32))
    run(dma, 0, edma.tcd(tcm, TO, nbytes=32))
    assert dma.get(TO, 32) == TEXT[:32]
    assert dma[ES] == 0


# --------------------------------------------------------------------- time

@pytest.mark.parametrize("descriptor, length", [
    (edma.tcd(FROM, TO, nbytes=64), 16 * 2),
    (edma.tcd(FROM, TO, nbytes=64, ssize=BURST, dsize=BURST), 2 * 8),
    (edma.tcd(FROM, TO, nbytes=64, ssize=BYTE), 16 * 5),
    (edma.tcd(FROM, TO, nbytes=64, csr=2 << 14), 16 * 6),                # BWC: 4 cycles
    (edma.tcd(FROM, TO, nbytes=64, csr=3 << 14), 16 * 10),               # 8 cycles
    (edma.tcd(PIT + 0xe4, TO, nbytes=64, soff=0), 16 * 4),               # peripheral reads
    (edma.tcd(FROM, 0x40c04014, nbytes=64, doff=0), 16 * 5),             # peripheral writes
])
def test_length_of_a_minor_loop(dma, descriptor, length):
    """Section "Performance"."""
    end = cycles(STARTUP + length + SHUTDOWN)
    run(dma, 0, descriptor, end - 2)
    assert dma.csr(0) & (ACTIVE | DONE) == ACTIVE
    assert dma[CR] & 1 << 31
    dma.machine.step(4)
    assert dma.csr(0) & (ACTIVE | DONE) == DONE
    assert not dma[CR] & 1 << 31


def test_it_stands_without_its_clock(dma):
    rt1176.stop_root(dma.machine, 2)  # BUS
    run(dma, 0, edma.tcd(FROM, TO))
    assert dma.csr(0) & START
    rt1176.start_root(dma.machine, 2)
    dma.machine.step(10_000)
    assert dma.csr(0) == DONE


# -------------------------------------------------------- flags, interrupts

@pytest.mark.parametrize("channel", [0, 1, 15, 16, 31])
def test_interrupts_of_channels(dma, channel):
    run(dma, channel, edma.tcd(FROM, TO, csr=INTMAJOR))
    assert dma[INT] == 1 << channel
    assert [dma.machine.irq(n) for n in range(17)] == [n == channel % 16 for n in range(17)]
    dma.command(CINT, channel)
    assert dma[INT] == 0
    assert not dma.machine.irq(channel % 16)


def test_int_clears_by_writing_ones(dma):
    run(dma, 4, edma.tcd(FROM, TO, csr=INTMAJOR))
    run(dma, 5, edma.tcd(FROM, TO, csr=INTMAJOR))
    dma[INT] = 1 << 4
    assert dma[INT] == 1 << 5
    run(dma, 4, edma.tcd(FROM, TO, csr=INTMAJOR))
    dma.command(CINT, ALL)
    assert dma[INT] == 0


def test_half_interrupt(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, iterations=4, csr=INTHALF))
    seen = []
    for _ in range(4):
        dma.command(SSRT, 0)
        dma.machine.step(10_000)
        seen.append(dma[INT])
        dma.command(CINT, 0)
    assert seen == [0, 1, 0, 0]


def test_no_interrupt_unless_asked(dma):
    run(dma, 0, edma.tcd(FROM, TO))
    assert dma[INT] == 0


def test_dreq_takes_the_channel_off(dma):
    dma.route(0, ENBL | A_ON)
    dma.set_tcd(0, edma.tcd(FROM, TO, iterations=5, csr=DREQ))
    dma.command(SERQ, 0)
    dma.machine.step(100_000)
    assert dma[ERQ] == 0
    assert dma.daddr(0) == TO + 20


def test_without_dreq_it_begins_anew(dma):
    dma.route(0, ENBL | A_ON)
    dma.set_tcd(0, edma.tcd(FROM, TO, iterations=5, slast=-20, dlast=-20))
    dma.command(SERQ, 0)
    dma.machine.step(100_000)
    assert dma[ERQ] == 1
    assert dma[HRS] == 1
    dma.command(CERQ, 0)
    assert dma[HRS] == 0
    assert dma.get(TO, 20) == TEXT[:20]


def test_done_is_cleared_by_cdne_and_by_the_next_start(dma):
    run(dma, 2, edma.tcd(FROM, TO, iterations=1))
    assert dma.csr(2) == DONE
    dma.command(CDNE, 2)
    assert dma.csr(2) == 0
    dma.set_tcd(2, edma.tcd(FROM, TO, iterations=1))
    dma.command(SSRT, 2)
    dma.machine.step(10_000)
    dma.machine.write(edma.EDMA + TCD + 64 + 0x16, 2, size=2)  # CITER
    dma.command(SSRT, 2)
    dma.machine.step(10_000)
    assert dma.csr(2) == 0


@pytest.mark.parametrize("bit", [ESG, MAJORELINK])
def test_esg_and_majorelink_cannot_be_set_while_done_is(dma, bit):
    run(dma, 0, edma.tcd(FROM, TO))
    dma.machine.write(edma.EDMA + TCD + 0x1c, DONE | bit, size=2)
    assert dma.csr(0) == DONE
    dma.command(CDNE, 0)
    dma.machine.write(edma.EDMA + TCD + 0x1c, DONE | ACTIVE | bit, size=2)
    assert dma.csr(0) == bit, "DONE and ACTIVE cannot be set"


# ------------------------------------------------- links and scatter/gather

def test_minor_loop_link(dma):
    """ELINK links after each minor loop but the last."""
    dma.set_tcd(0, edma.tcd(FROM, TO, citer=1 << 15 | 5 << 9 | 3, biter=1 << 15 | 5 << 9 | 3))
    dma.set_tcd(5, edma.tcd(FROM + 64, TO + 64, nbytes=4, iterations=7))
    for linked in (6, 5, 5):
        dma.command(SSRT, 0)
        dma.machine.step(20_000)
        assert dma.citer(5) == linked
    assert dma.csr(0) == DONE
    assert dma.citer(0) == 1 << 15 | 5 << 9 | 3


def test_major_loop_link(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, iterations=2, csr=MAJORELINK | 9 << 8))
    dma.set_tcd(9, edma.tcd(FROM + 64, TO + 64))
    dma.command(SSRT, 0)
    dma.machine.step(20_000)
    assert not dma.csr(9) & DONE
    dma.command(SSRT, 0)
    dma.machine.step(20_000)
    assert dma.csr(9) & DONE
    assert dma.get(TO + 64, 4) == TEXT[64:68]


def test_continuous_link_to_itself_needs_no_arbitration(dma):
    """CR[CLM]: channel 1 of higher priority has to wait."""
    dma[CR] = GRP1PRI | CLM
    link = 1 << 15 | 0 << 9 | 3
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=32, citer=link, biter=link))
    dma.set_tcd(1, edma.tcd(FROM, TO + 256))
    dma.command(SSRT, 0)
    dma.command(SSRT, 1)
    one = cycles(STARTUP + SHUTDOWN + 8 * 2)
    dma.machine.step(2 * one + 100)
    assert dma.csr(1) & START
    dma.machine.step(2 * one)
    assert dma.csr(0) & DONE
    assert dma.csr(1) & DONE


def test_scatter_gather_loads_the_next_descriptor(dma):
    first = edma.tcd(FROM, TO, nbytes=8, iterations=1, csr=ESG | INTMAJOR, dlast=OCRAM + 0x800)
    dma.put(OCRAM + 0x800, edma.tcd(FROM + 32, TO + 8, nbytes=4, csr=ESG | START,
                                    dlast=OCRAM + 0x820))
    dma.put(OCRAM + 0x820, edma.tcd(FROM + 64, TO + 12, nbytes=4, iterations=9))
    run(dma, 6, first)
    assert dma.get(TO, 16) == TEXT[:8] + TEXT[32:36] + bytes(4)
    assert dma[INT] == 1 << 6
    assert dma.saddr(6) == FROM + 64
    assert dma.citer(6) == 9
    assert dma.csr(6) == 0


# ------------------------------------------------------------------- errors

@pytest.mark.parametrize("descriptor, error", [
    (edma.tcd(FROM + 1, TO), SAE),
    (edma.tcd(FROM, TO, soff=2), SOE),
    (edma.tcd(FROM, TO + 2), DAE),
    (edma.tcd(FROM, TO, doff=3), DOE),
    (edma.tcd(FROM, TO, nbytes=6), NCE),
    (edma.tcd(FROM, TO, nbytes=4, ssize=DOUBLE), NCE),
    (edma.tcd(FROM + 16, TO, nbytes=32, ssize=BURST), SAE),
    (edma.tcd(FROM, TO, iterations=0), NCE),
    (edma.tcd(FROM, TO, citer=1 << 15 | 1, biter=1), NCE),
    (edma.tcd(FROM, TO, ssize=BYTE, soff=1, dsize=WORD, nbytes=2), NCE),
])
def test_configuration_errors(dma, descriptor, error):
    dma.command(SEEI, 18)
    run(dma, 18, descriptor)
    assert dma[ES] == VLD | 18 << 8 | error
    assert dma[ERR] == 1 << 18
    assert dma.machine.irq(ERROR_IRQ)
    assert dma.get(TO, 8) == bytes(8)
    assert not dma.csr(18) & (START | DONE)
    dma.command(CERR, 18)
    assert dma[ERR] == 0
    assert not dma.machine.irq(ERROR_IRQ)
    assert dma[ES] == VLD | 18 << 8 | error, "of the last error"


@pytest.mark.parametrize("field", [24, 16])
@pytest.mark.parametrize("size", [4, 6, 7])
def test_reserved_sizes(dma, field, size):
    dma.set_tcd(0, edma.tcd(FROM, TO))
    offset = edma.EDMA + TCD + 4
    dma.machine.write(offset, dma.machine.read(offset) & ~(7 << field) | size << field)
    dma.command(SSRT, 0)
    dma.machine.step(10_000)
    assert dma[ES] & (SAE if field == 24 else DAE)


@pytest.mark.parametrize("sizes, error", [(0x0404, SAE | DAE), (0x0402, SAE), (0x0204, DAE)])
def test_sizes_that_become_reserved_while_the_channel_is_active(dma, sizes, error):
    dma.set_tcd(0, edma.tcd(FROM, TO))
    dma.command(SSRT, 0)
    dma.machine.write(edma.EDMA + TCD + 6, sizes, size=2)
    dma.machine.step(10_000)
    assert dma[ES] == VLD | error
    assert not dma.csr(0) & (ACTIVE | DONE)


def test_length_of_a_channel_that_is_active_stays(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=8))
    dma.command(SSRT, 0)
    dma[TCD + 8] = 64
    dma.machine.step(10_000)
    assert dma.get(TO, 12) == TEXT[:8] + bytes(4)


def test_misaligned_scatter_gather(dma):
    run(dma, 0, edma.tcd(FROM, TO, csr=ESG, dlast=OCRAM + 0x810))
    assert dma[ES] == VLD | SGE
    assert dma.get(TO, 4) == TEXT[:4], "the major loop itself was good"


@pytest.mark.parametrize("source, destination, error", [(NOWHERE, TO, SBE), (FROM, NOWHERE, DBE),
                                                        (FROM, 0x30000000, DBE)])
def test_bus_errors(dma, source, destination, error):
    run(dma, 1, edma.tcd(source, destination, iterations=2))
    assert dma[ES] == VLD | 1 << 8 | error
    assert dma.citer(1) == 2
    assert not dma.machine.irq(ERROR_IRQ), "EEI is clear"


def test_a_closed_gate_is_a_bus_error(dma):
    """Chapter CCM, LPCG91: LPUART6."""
    dma.machine.write(rt1176.lpcg(91), 0)
    run(dma, 1, edma.tcd(0x40090000, TO, iterations=2))
    assert dma[ES] == VLD | 1 << 8 | SBE


def test_bus_error_stops_where_it_happened(dma):
    end_of_flash = 0x31000000
    run(dma, 0, edma.tcd(end_of_flash - 8, TO, nbytes=16))
    assert dma[ES] == VLD | SBE
    assert (dma.saddr(0), dma.daddr(0)) == (end_of_flash, TO + 8)


def test_request_that_ends_in_an_error_keeps_doing_so(dma):
    dma.route(0, ENBL | A_ON)
    dma.set_tcd(0, edma.tcd(FROM + 1, TO))
    dma.command(SERQ, 0)
    assert dma[ERR] == 1
    dma.command(CERR, 0)
    assert dma[ERR] == 1, "at once again"
    dma.set_tcd(0, edma.tcd(FROM, TO, csr=DREQ))
    dma.machine.step(10_000)
    dma.command(CERR, 0)
    assert dma[ERR] == 0
    assert dma[ERQ] == 0


def test_halt_on_error(dma):
    dma[CR] = GRP1PRI | HOE
    run(dma, 0, edma.tcd(FROM + 1, TO))
    assert dma[CR] == GRP1PRI | HOE | HALT
    run(dma, 1, edma.tcd(FROM, TO))
    assert dma.csr(1) == START
    dma[CR] = GRP1PRI | HOE
    dma.machine.step(10_000)
    assert dma.csr(1) == DONE


def test_priorities_that_are_not_unique(dma):
    dma.machine.write(edma.EDMA + DCHPRI + 3, 1, size=1)  # channel 0 as channel 1
    run(dma, 7, edma.tcd(FROM, TO))
    assert dma[ES] & (VLD | CPE | GPE) == VLD | CPE
    assert dma.get(TO, 4) == bytes(4)
    dma[CR] = GRP1PRI | ERCA
    run(dma, 7, edma.tcd(FROM, TO))
    assert dma.get(TO, 4) == TEXT[:4], "round robin does not ask for priorities"


def test_group_priorities_that_are_not_unique(dma):
    dma[CR] = 0
    run(dma, 7, edma.tcd(FROM, TO))
    assert dma[ES] & (VLD | CPE | GPE) == VLD | GPE
    dma[CR] = ERGA
    run(dma, 7, edma.tcd(FROM, TO))
    assert dma.csr(7) == DONE


# -------------------------------------------------------------- arbitration

def order(dma, channels):
    """In which order channels that are started at once are served."""
    dma[CR] = dma[CR] | HALT
    for n in channels:
        dma.set_tcd(n, edma.tcd(FROM, TO))
        dma.command(SSRT, n)
    dma[CR] = dma[CR] & ~HALT
    seen = []
    for _ in channels:
        seen += [n for n in channels if dma.csr(n) & ACTIVE]
        dma.machine.step(cycles(STARTUP + 2 + SHUTDOWN) + 1)
    return seen


def test_fixed_priorities(dma):
    assert order(dma, [0, 3, 15, 16, 20]) == [20, 16, 15, 3, 0]


def test_fixed_priorities_follow_dchpri_and_grpnpri(dma):
    for n in range(16):
        dma.machine.write(edma.EDMA + DCHPRI + (n ^ 3), 15 - n, size=1)
    dma[CR] = GRP0PRI
    assert order(dma, [0, 3, 15, 16, 20]) == [0, 3, 15, 20, 16]


def test_round_robin_goes_down(dma):
    dma[CR] = GRP1PRI | ERCA
    assert order(dma, [1, 5, 9]) == [9, 5, 1]
    run(dma, 5, edma.tcd(FROM, TO))
    assert order(dma, [1, 5, 9]) == [1, 9, 5], "the one behind the last served"


def test_group_round_robin(dma):
    dma[CR] = GRP1PRI | ERGA
    assert order(dma, [1, 2, 17, 18]) == [18, 2, 17, 1]


@pytest.mark.parametrize("ecp, dpa, preempts", [(True, False, True), (False, False, False),
                                                (True, True, False)])
def test_preemption(dma, ecp, dpa, preempts):
    dma.machine.write(edma.EDMA + DCHPRI + (2 ^ 3), 2 | ecp << 7, size=1)
    dma.machine.write(edma.EDMA + DCHPRI + (8 ^ 3), 8 | dpa << 6, size=1)
    dma.set_tcd(2, edma.tcd(FROM, TO, nbytes=64))
    dma.set_tcd(8, edma.tcd(FROM, TO + 256, nbytes=4))
    dma.command(SSRT, 2)
    dma.machine.step(cycles(10))
    dma.command(SSRT, 8)
    dma.machine.step(cycles(STARTUP + 2 + SHUTDOWN) + 2)
    assert bool(dma.csr(8) & DONE) == preempts
    assert dma.csr(2) & ACTIVE
    dma.machine.step(cycles(STARTUP + 32 + SHUTDOWN - 10) - 4)
    assert not dma.csr(2) & DONE or not preempts
    dma.machine.step(cycles(10))
    assert dma.csr(2) & DONE
    assert dma.csr(8) & DONE
    assert dma.get(TO, 64) == TEXT[:64]


def test_no_preemption_in_round_robin(dma):
    dma[CR] = GRP1PRI | ERCA
    dma.machine.write(edma.EDMA + DCHPRI + (2 ^ 3), 2 | 1 << 7, size=1)
    dma.set_tcd(2, edma.tcd(FROM, TO, nbytes=64))
    dma.set_tcd(8, edma.tcd(FROM, TO + 256, nbytes=4))
    dma.command(SSRT, 2)
    dma.command(SSRT, 8)
    dma.machine.step(cycles(20))
    assert dma.csr(8) & START


@pytest.mark.parametrize("command, error", [(CX, False), (ECX, True)])
def test_cancel(dma, command, error):
    """The minor loop ends with the sequence in progress, as if it were complete."""
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=64, iterations=2))
    dma.command(SSRT, 0)
    dma.machine.step(cycles(STARTUP + 7))  # in the fourth sequence of two cycles
    dma[CR] = GRP1PRI | command
    assert dma[CR] == GRP1PRI, "the command clears itself"
    assert dma.get(TO, 20) == TEXT[:16] + bytes(4)
    assert dma.citer(0) == 1
    assert dma[ES] == (VLD | ES_ECX if error else 0)
    assert dma[ERR] == error
    assert not dma.csr(0) & (ACTIVE | DONE)


def test_channel_that_cancels_itself(dma):
    dma.machine.write(FROM, GRP1PRI | CX)
    run(dma, 0, edma.tcd(FROM, edma.EDMA + CR, soff=0, doff=0, nbytes=64))
    assert dma[CR] == GRP1PRI
    assert dma.csr(0) == DONE
    run(dma, 1, edma.tcd(FROM, TO))
    assert dma.csr(1) == DONE


def test_channel_that_starts_one_that_may_preempt_it(dma):
    """The write is its last: both end, and once."""
    dma.machine.write(edma.EDMA + DCHPRI + (2 ^ 3), 2 | 1 << 7, size=1)
    dma.machine.write(FROM + 0x100, 8, size=1)
    dma.set_tcd(8, edma.tcd(FROM, TO, nbytes=16, csr=INTMAJOR))
    run(dma, 2, edma.tcd(FROM + 0x100, edma.EDMA + SSRT, nbytes=1, ssize=BYTE, dsize=BYTE,
                         csr=INTMAJOR))
    assert [dma.csr(n) & (ACTIVE | DONE) for n in (2, 8)] == [DONE, DONE]
    assert dma.saddr(2) == FROM + 0x101
    assert dma.get(TO, 16) == TEXT[:16]
    assert dma[INT] == 1 << 2 | 1 << 8


def test_halt_lets_the_channel_end(dma):
    dma.set_tcd(0, edma.tcd(FROM, TO, nbytes=64))
    dma.command(SSRT, 0)
    dma[CR] = GRP1PRI | HALT
    dma.machine.step(10_000)
    assert dma.csr(0) == DONE
    run(dma, 1, edma.tcd(FROM, TO))
    assert dma.csr(1) == START


# ------------------------------------------------------------------- DMAMUX

def test_dmamux_registers(dma):
    dma.route(31, 0xffffffff)
    assert dma.machine.read(edma.DMAMUX + 4 * 31) == 0xe00000ff
    assert dma.machine.read(edma.DMAMUX) == 0


@pytest.mark.parametrize("chcfg, moves", [(ENBL | A_ON, True), (A_ON, False), (ENBL, False)])
def test_always_on_source(dma, chcfg, moves):
    dma.route(4, chcfg)
    dma.set_tcd(4, edma.tcd(FROM, TO, csr=DREQ))
    dma.command(SERQ, 4)
    dma.machine.step(10_000)
    assert bool(dma.csr(4) & DONE) == moves


def start_pit(machine, timer, period, pit=PIT):
    machine.write(pit, 0)
    machine.write(pit + 0x100 + 0x10 * timer, period - 1)
    machine.write(pit + 0x108 + 0x10 * timer, 1)


@pytest.mark.parametrize("base, mux, pit", [(edma.EDMA, edma.DMAMUX, edma.PIT),
                                            (edma.EDMA_LPSR, edma.DMAMUX_LPSR, edma.PIT_LPSR)])
@pytest.mark.parametrize("channel", range(4))
def test_periodic_trigger(machine, base, mux, pit, channel):
    """One transfer per expiry of the PIT timer of the channel's number."""
    dma = edma.Edma(machine, base, mux)
    dma.route(channel, ENBL | A_ON | TRIG)
    dma.set_tcd(channel, edma.tcd(FROM, TO, iterations=100))
    dma.command(SERQ, channel)
    start_pit(machine, channel, 2400, pit)  # 100 us
    machine.step(99_000)
    assert dma.citer(channel) == 100
    machine.step(2_000)
    assert dma.citer(channel) == 99
    machine.step(300_000)
    assert dma.citer(channel) == 96
    dma.route(channel, 0)
    machine.step(300_000)
    assert dma.citer(channel) == 96


@pytest.mark.parametrize("channel, source, timer", [
    (1, A_ON, 2),  # the timer of another channel
    (0, 18, 0),    # LPUART6, which does not ask
])
def test_trigger_that_is_lost(dma, channel, source, timer):
    dma.route(channel, ENBL | source | TRIG)
    dma.set_tcd(channel, edma.tcd(FROM, TO, iterations=100))
    dma.command(SERQ, channel)
    start_pit(dma.machine, timer, 240)
    dma.machine.step(100_000)
    assert dma.citer(channel) == 100


# -------------------------------------------------------------- saved state

def test_vmstate(tmp_path):
    state = tmp_path / "state"
    registers = (CR, ERQ, EEI, INT, ERR, ES, EARS, DCHPRI)
    with rt1176.qtest_machine(tmp_path) as source:
        dma = edma.Edma(source)
        dma.put(FROM, TEXT)
        run(dma, 9, edma.tcd(FROM + 1, TO))
        run(dma, 10, edma.tcd(FROM, TO, csr=INTMAJOR))
        dma[EEI], dma[EARS] = 0x123, 0x456
        dma.machine.write(edma.EDMA + DCHPRI + (2 ^ 3), 2 | 1 << 7, size=1)
        dma.route(1, ENBL | A_ON | TRIG)
        dma.set_tcd(1, edma.tcd(FROM, TO + 64, iterations=10))
        dma.command(SERQ, 1)
        start_pit(source, 1, 2400)
        dma.set_tcd(2, edma.tcd(FROM, TO + 256, nbytes=64))
        dma.command(SSRT, 2)
        before, now_ns = [dma[r] for r in registers], source.now_ns
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(now_ns)
        dma = edma.Edma(target)
        assert [dma[r] for r in registers] == before
        assert dma.csr(2) & ACTIVE
        target.step(cycles(STARTUP + 32 + SHUTDOWN) + 2)
        assert dma.csr(2) & DONE
        assert dma.get(TO + 256, 64) == TEXT[:64]
        assert dma.citer(1) == 10
        target.step(200_000)
        assert dma.citer(1) == 8
