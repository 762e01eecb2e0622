"""The M7's data cache of property "incoherent-caches" (Arm Cortex-M7 Processor TRM, chapter
"Memory System"; ARMv7-M ARM B2.2, B3.2.2): lines, policies and maintenance, as the core's
accesses reach it, and images that run with it.

SPDX-License-Identifier: Apache-2.0
"""

import re

import pytest

import edma
import qtest

MODEL = "mimxrt1176,incoherent-caches=on"
LMEM, OCRAM1, OCRAM2, OCRAM2_ECC_END = 0x20200000, 0x20240000, 0x202c0000, 0x20360000
FLEXRAM_ECC, END = 0x20360000, 0x20400000
LINE = 32

# Bits 33:32 of the physical address (ARMDCachePolicy); 0 is what everyone else sees.
THROUGH, BACK, ALLOCATE = (policy << 32 for policy in (1, 2, 3))
POLICIES = pytest.mark.parametrize("policy", [THROUGH, BACK, ALLOCATE],
                                   ids=["write-through", "write-back", "write-back-allocate"])

# B3.2.2
ICIALLU, ICIMVAU, DCIMVAC, DCISW, DCCMVAU, DCCMVAC, DCCSW, DCCIMVAC, DCCISW, BPIALL = (
    0xe000ef50, 0xe000ef58, 0xe000ef5c, 0xe000ef60, 0xe000ef64, 0xe000ef68, 0xe000ef6c,
    0xe000ef70, 0xe000ef74, 0xe000ef78)
BY_ADDRESS = {"invalidate": DCIMVAC, "clean": DCCMVAC, "clean-to-unification": DCCMVAU,
              "clean-invalidate": DCCIMVAC}
BY_SET_WAY = {"invalidate": DCISW, "clean": DCCSW, "clean-invalidate": DCCISW}
SETS, WAYS = 256, 4

CCR, CCR_IC, CCR_DC = 0xe000ed14, 1 << 17, 1 << 16
CACR, FORCEWT = 0xe000ef9c, 1 << 2
CLIDR, CTR, CCSIDR, CSSELR = 0xe000ed78, 0xe000ed7c, 0xe000ed80, 0xe000ed84


@pytest.fixture
def cached(tmp_path):
    with qtest.QtestMachine(tmp_path, MODEL) as machine:
        yield machine


@pytest.mark.parametrize("address", [LMEM, OCRAM1, OCRAM2, OCRAM2_ECC_END - 4, FLEXRAM_ECC])
@POLICIES
def test_a_line_that_was_read_is_stale_until_it_is_invalidated(cached, address, policy):
    """B2.2.2: what another observer writes is not seen."""
    cached.write(address, 1)
    assert cached.read(policy + address) == 1
    cached.write(address, 2)
    assert cached.read(policy + address) == 1
    cached.write(DCIMVAC, address)
    assert cached.read(policy + address) == 2


def test_a_line_has_32_octets(cached):
    """CCSIDR.LineSize: all of the line comes with its first word, nothing of its neighbours."""
    for word in range(-1, LINE // 4 + 1):
        cached.write(OCRAM1 + LINE + 4 * word, 0x100 + word)
    cached.read(ALLOCATE + OCRAM1 + LINE + 12)
    for word in range(-1, LINE // 4 + 1):
        cached.write(OCRAM1 + LINE + 4 * word, 0x200 + word)
    seen = [cached.read(ALLOCATE + OCRAM1 + LINE + 4 * word) - word
            for word in range(-1, LINE // 4 + 1)]
    assert seen == [0x200] + 8 * [0x100] + [0x200]


@pytest.mark.parametrize("operation, cleaned", [
    ("clean", True), ("clean-to-unification", True), ("clean-invalidate", True),
    ("invalidate", False)])
def test_a_write_is_invisible_until_its_line_is_cleaned(cached, operation, cleaned):
    cached.write(OCRAM1, 1)
    cached.write(ALLOCATE + OCRAM1, 2)
    assert (cached.read(OCRAM1), cached.read(ALLOCATE + OCRAM1)) == (1, 2)
    cached.write(BY_ADDRESS[operation], OCRAM1 + 31)  # any address of the line
    assert cached.read(OCRAM1) == (2 if cleaned else 1)
    cached.write(OCRAM1, 3)
    if "invalidate" in operation:
        assert cached.read(ALLOCATE + OCRAM1) == 3
    else:
        assert cached.read(ALLOCATE + OCRAM1) == 2


def test_a_cleaned_line_is_not_written_again(cached):
    cached.write(ALLOCATE + OCRAM1, 1)
    cached.write(DCCMVAC, OCRAM1)
    cached.write(OCRAM1, 2)
    cached.write(DCCMVAC, OCRAM1)
    assert cached.read(OCRAM1) == 2


def test_a_line_is_written_back_as_a_whole(cached):
    """False sharing: what another observer has written to the same line is lost."""
    cached.write(OCRAM1, 1)
    cached.write(ALLOCATE + OCRAM1 + 4, 2)
    cached.write(OCRAM1, 3)
    cached.write(DCCMVAC, OCRAM1 + 4)
    assert (cached.read(OCRAM1), cached.read(OCRAM1 + 4)) == (1, 2)


def test_write_through_reaches_memory_and_the_line(cached):
    """B2.1.4: it does not allocate, and updates a line that is there."""
    cached.write(THROUGH + OCRAM1, 1)
    assert cached.read(OCRAM1) == 1
    cached.write(OCRAM1, 2)
    assert cached.read(THROUGH + OCRAM1) == 2  # was not allocated
    cached.write(THROUGH + OCRAM1, 3)
    assert (cached.read(OCRAM1), cached.read(THROUGH + OCRAM1)) == (3, 3)
    cached.write(DCIMVAC, OCRAM1)
    assert cached.read(THROUGH + OCRAM1) == 3


def test_write_back_without_allocation_writes_memory_on_a_miss(cached):
    cached.write(BACK + OCRAM1, 1)
    assert cached.read(OCRAM1) == 1
    assert cached.read(BACK + OCRAM1) == 1  # now it is there
    cached.write(BACK + OCRAM1, 2)
    assert cached.read(OCRAM1) == 1
    cached.write(DCCMVAC, OCRAM1)
    assert cached.read(OCRAM1) == 2


@pytest.mark.parametrize("policy", [BACK, ALLOCATE], ids=["write-back", "write-back-allocate"])
def test_forced_write_through(cached, policy):
    """Cortex-M7 TRM, CACR.FORCEWT; SIWT is not modelled, the rest is reserved."""
    cached.write(CACR, 0xffffffff)
    assert cached.read(CACR) == FORCEWT
    cached.write(policy + OCRAM1, 1)
    assert cached.read(OCRAM1) == 1
    cached.read(policy + OCRAM1)
    cached.write(policy + OCRAM1, 2)
    assert (cached.read(OCRAM1), cached.read(policy + OCRAM1)) == (2, 2)
    cached.write(OCRAM1, 3)
    assert cached.read(policy + OCRAM1) == 2  # reads are cached
    cached.write(CACR, 0)
    cached.write(policy + OCRAM1, 4)
    assert cached.read(OCRAM1) == 3


def test_dma_takes_what_memory_holds(cached):
    """A transfer sees no write that was not cleaned, and the core none of it before it invalidates."""
    dma = edma.Edma(cached)
    source, target = ALLOCATE + OCRAM1, ALLOCATE + OCRAM2

    def transfer():
        dma.set_tcd(0, edma.tcd(OCRAM1, OCRAM2))
        dma.command(edma.SSRT, 0)
        cached.step(100_000)

    assert cached.read(target) == 0
    cached.write(source, 1)
    transfer()
    assert cached.read(OCRAM2) == 0
    cached.write(DCCMVAC, OCRAM1)
    transfer()
    assert (cached.read(OCRAM2), cached.read(target)) == (1, 0)
    cached.write(DCIMVAC, OCRAM2)
    assert cached.read(target) == 1


@pytest.mark.parametrize("size, value", [(1, 0x5a), (2, 0xa55a), (4, 0x89abcdef)])
def test_accesses_of_all_sizes(cached, size, value):
    cached.write(OCRAM1 + 8, 0)
    cached.write(ALLOCATE + OCRAM1 + 8 + 4 - size, value, size)
    assert cached.read(ALLOCATE + OCRAM1 + 8) == value << 8 * (4 - size)
    assert cached.read(OCRAM1 + 8) == 0
    cached.write(DCCMVAC, OCRAM1)
    assert cached.read(OCRAM1 + 8) == value << 8 * (4 - size)


@pytest.mark.parametrize("operation", BY_SET_WAY)
def test_all_sets_and_ways_are_every_line(cached, operation):
    """Cortex-M7 TRM: set in bits 12:5, way in bits 31:30."""
    lines = [LMEM, OCRAM1 + 5 * LINE, OCRAM1 + 0x2000 + 5 * LINE, OCRAM2 + 0x6000,
             OCRAM2_ECC_END - LINE]
    for address in lines:
        cached.write(address, 1)
        cached.write(ALLOCATE + address, 2)
    for way in range(WAYS):
        for each in range(SETS):
            cached.write(BY_SET_WAY[operation], way << 30 | each << 5)
    assert [cached.read(a) for a in lines] == len(lines) * [1 if operation == "invalidate" else 2]
    for address in lines:
        cached.write(address, 3)
    kept = operation == "clean"
    assert [cached.read(ALLOCATE + a) for a in lines] == len(lines) * [2 if kept else 3]


def test_one_set_and_way_is_not_all(cached):
    for address in (OCRAM1, OCRAM1 + LINE, OCRAM1 + 0x2000):
        cached.write(ALLOCATE + address, 1)
    cached.write(DCCSW, (OCRAM1 >> 13 & 3) << 30)
    assert [cached.read(OCRAM1 + offset) for offset in (0, LINE, 0x2000)] == [1, 0, 0]


@pytest.mark.parametrize("register", [ICIALLU, ICIMVAU, BPIALL])
def test_other_maintenance_leaves_data_alone(cached, register):
    cached.write(ALLOCATE + OCRAM1, 1)
    cached.write(register, OCRAM1)
    assert (cached.read(OCRAM1), cached.read(ALLOCATE + OCRAM1)) == (0, 1)
    assert cached.read(register) == 0


@pytest.mark.parametrize("register", BY_ADDRESS.values())
def test_maintenance_of_other_addresses(cached, register):
    """Neither TCM nor a neighbour of the cached memory is a line."""
    cached.write(ALLOCATE + LMEM, 1)
    for address in (0, 0x20000000, LMEM - LINE, END, 0x30000000, 0xffffffff):
        cached.write(register, address)
    assert (cached.read(LMEM), cached.read(ALLOCATE + LMEM)) == (0, 1)


def test_reset_empties_it(cached):
    cached.write(OCRAM1, 1)
    cached.write(ALLOCATE + OCRAM1, 2)
    cached.write(CACR, FORCEWT)
    cached.qmp.command("system_reset")
    assert cached.read(CACR) == 0
    assert (cached.read(OCRAM1), cached.read(ALLOCATE + OCRAM1)) == (1, 1)


def test_state_is_saved(tmp_path):
    with qtest.QtestMachine(tmp_path, MODEL) as source:
        source.write(ALLOCATE + OCRAM1, 0x11)         # dirty
        source.read(ALLOCATE + OCRAM2)                # valid
        source.write(OCRAM2, 0x22)
        source.write(CCR, CCR_DC)
        source.write(CSSELR, 1)
        source.write(CACR, FORCEWT)
        source.qmp.save_state(tmp_path / "state")
    (tmp_path / "there").mkdir()
    with qtest.QtestMachine(tmp_path / "there", MODEL, "-incoming",
                            f"file:{tmp_path}/state") as target:
        target.resume(1)
        assert target.read(CCR) & CCR_DC
        assert target.read(CSSELR) == 1
        assert target.read(CACR) == FORCEWT
        assert (target.read(OCRAM1), target.read(ALLOCATE + OCRAM1)) == (0, 0x11)
        assert (target.read(OCRAM2), target.read(ALLOCATE + OCRAM2)) == (0x22, 0)
        target.write(DCCMVAC, OCRAM1)
        assert target.read(OCRAM1) == 0x11


# ------------------------------------------------- registers, with and without the property

@pytest.mark.parametrize("model", ["mimxrt1176", MODEL])
def test_identification(tmp_path, model):
    """Cortex-M7 TRM, "System Control": two caches of 32 KiB, data in 4 ways, instructions in 2."""
    with qtest.QtestMachine(tmp_path, model) as machine:
        assert machine.read(CLIDR) == 0x09000003
        assert machine.read(CTR) == 0x8303c003
        sizes = []
        for selected in (0, 1):
            machine.write(CSSELR, selected)
            assert machine.read(CSSELR) == selected
            size = machine.read(CCSIDR)
            sizes.append(((size & 7) + 2, (size >> 3 & 0x3ff) + 1, (size >> 13 & 0x7fff) + 1))
        assert sizes == [(3, 4, 256), (3, 2, 512)]  # log2 of words, ways, sets


@pytest.mark.parametrize("model", ["mimxrt1176", MODEL])
def test_cache_enables(tmp_path, model):
    """B3.2.8 CCR; BP and STKALIGN of the Cortex-M7 read as one."""
    with qtest.QtestMachine(tmp_path, model) as machine:
        assert machine.read(CCR) == 0x00040200
        machine.write(CCR, CCR_IC | CCR_DC)
        assert machine.read(CCR) == 0x00070200
        machine.write(CCR, 0)
        assert machine.read(CCR) == 0x00040200


def test_it_is_off_by_default(machine):
    machine.write(OCRAM1, 1)
    machine.write(CCR, CCR_DC)
    machine.write(DCIMVAC, OCRAM1)
    assert machine.read(OCRAM1) == 1
    assert machine.read(ALLOCATE + OCRAM1) == 0  # nothing is there


# ------------------------------------------------------------------ the core's own accesses

def console(log):
    return qtest.text_of(qtest.parse_symbols(log, "lpuart1"))


SAID = {}  # by model: the image is run once


def run(build_image, run_image, model):
    if model not in SAID:
        said = console(run_image(build_image("dcache"), machine=model))
        SAID[model] = dict(re.findall(r"^(.*): (\w+)$", said, re.M))
    return SAID[model]


# What a word of memory holds after 1 was there and the core has written 2: 2 if no cache holds
# it back; and what the core reads after that and after 3 has been written to memory.
UNCACHED, WRITE_THROUGH, WRITE_BACK = "00000023", "00000022", "00000012"


@pytest.mark.parametrize("attributes, expected", [
    ("cache off", UNCACHED),
    ("default map", WRITE_BACK),
    ("TEX 0 C 0 B 0", UNCACHED),       # strongly-ordered
    ("TEX 0 C 0 B 1", UNCACHED),       # shared device
    ("TEX 0 C 1 B 0", WRITE_THROUGH),
    ("TEX 0 C 1 B 1", WRITE_BACK),
    ("TEX 1 C 0 B 0", UNCACHED),       # normal, not cacheable
    ("TEX 1 C 1 B 1", WRITE_BACK),
    ("TEX 2 C 0 B 0", UNCACHED),       # device
    ("TEX 4 C 0 B 0", UNCACHED),       # inner not cacheable
    ("TEX 7 C 0 B 1", WRITE_BACK),     # inner write-back, allocate
    ("TEX 4 C 1 B 0", WRITE_THROUGH),  # inner write-through
    ("TEX 4 C 1 B 1", WRITE_BACK),     # inner write-back
    ("TEX 1 C 1 B 1 S", UNCACHED),     # shareable
    ("TEX 0 C 1 B 1 S", UNCACHED),
])
def test_attributes_of_the_mpu(build_image, run_image, attributes, expected):
    """B3.5.10, B3.1; each with the cache on but for the first."""
    assert run(build_image, run_image, MODEL)[attributes] == expected


@pytest.mark.parametrize("attributes", ["default map", "TEX 0 C 1 B 0", "TEX 1 C 1 B 1"])
def test_without_the_property_nothing_is_cached(build_image, run_image, attributes):
    assert run(build_image, run_image, "mimxrt1176")[attributes] == UNCACHED


def test_code_runs_from_cached_memory(build_image, run_image):
    """It is fetched from memory: what was written has to be cleaned first (DCCMVAU)."""
    said = run(build_image, run_image, MODEL)
    assert said["code before cleaning"] == "00000001"
    assert said["code after cleaning"] == "00000002"
    assert run(build_image, run_image, "mimxrt1176")["code before cleaning"] == "00000002"


def test_exclusive_accesses_and_stack_go_through_the_cache(build_image, run_image):
    said = run(build_image, run_image, MODEL)
    assert said["exclusive"] == "00000005"
    assert said["exclusive in memory"] == "00000000"
    assert said["stack"] == "00000007"
    assert said["stack in memory"] == "00000000"


def test_unaligned_access_across_lines(build_image, run_image):
    said = run(build_image, run_image, MODEL)
    assert said["unaligned"] == "11223344"
    assert (said["unaligned low"], said["unaligned high"]) == ("33440000", "00001122")
    assert said["unaligned in memory"] == "00000000"


def test_every_run_is_the_same(build_image, run_image):
    elf = build_image("dcache")
    assert len({run_image(elf, machine=MODEL) for _ in range(3)}) == 1


def test_unprivileged_maintenance_is_a_bus_fault(build_image, run_image):
    """B3.1.1"""
    assert run(build_image, run_image, MODEL)["unprivileged DCIMVAC"] == "e000ef5c"
