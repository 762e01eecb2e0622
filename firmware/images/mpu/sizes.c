/*
 * Sizes, subregions and ends of the MPU's regions (ARMv7-M B3.5.3, B3.5.9): a mask for each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/mpu/regions.h"
#include "images/mpu/trap.h"
#include "images/report.h"
#include "seam.h"

#define SMALLEST_LOG 5u
#define LARGEST_LOG  18u /* the largest that the arena holds twice */
#define FULL         (MPU_AP(3) | MPU_RASR_ENABLE)

static bool allows(access how, uint32_t address)
{
    trap_try(how, address, false);
    return trap.exception == 0;
}

static void print(const char *name, uint32_t mask)
{
    console_text(&report, report_core);
    console_text(&report, name);
    console_hex(&report, mask);
    report_end();
}

/* A region of 2^@log2 octets in the arena begins and ends where it should. */
static bool has_both_ends(uint32_t log2)
{
    const uint32_t octets = 1u << log2;
    const uint32_t base = ARENA + octets;

    regions_begin();
    regions_set(regions_last(), base, FULL | MPU_SIZE(log2));
    regions_on(0);
    const bool inside = allows(access_read, base) && allows(access_read, base + octets - 4u);
    const bool outside = allows(access_read, base - 4u) || allows(access_read, base + octets);
    regions_off();
    return inside && !outside;
}

/* A region of 2^@log2 octets holds the arena, and the one beside it does not. */
static bool is_large(uint32_t log2)
{
    const uint32_t base = log2 < 32u ? ARENA >> log2 << log2 : 0;

    regions_begin();
    regions_set(regions_last(), base, FULL | MPU_SIZE(log2));
    regions_on(0);
    const bool inside = allows(access_read, ARENA) && allows(access_read, ARENA + 0x1000u);
    regions_off();
    if (log2 == 32u) {
        return inside;
    }
    regions_begin();
    regions_set(regions_last(), base ^ 1u << log2, FULL | MPU_SIZE(log2));
    regions_on(0);
    const bool outside = allows(access_read, ARENA) || allows(access_read, ARENA + 0x1000u);
    regions_off();
    return inside && !outside;
}

/* Bit n: SIZE = n, 2^(n + 1) octets, is right. */
static void sizes(void)
{
    uint32_t right = 0;

    for (uint32_t log2 = SMALLEST_LOG; log2 <= 32u; log2++) {
        if (log2 <= LARGEST_LOG ? has_both_ends(log2) : is_large(log2)) {
            right |= 1u << (log2 - 1u);
        }
    }
    print(" sizes ", right);
}

/* Bit n: subregion n of a region of 2^@log2 octets lets @how pass. */
static uint32_t subregions(uint32_t log2, access how)
{
    const uint32_t octets = 1u << log2;
    uint32_t mask = 0;

    regions_on(0);
    for (uint32_t n = 0; n < 8u; n++) {
        const uint32_t first = ARENA + n * octets / 8u;
        if (allows(how, first) && allows(how, first + octets / 8u - 4u)) {
            mask |= 1u << n;
        }
    }
    regions_off();
    return mask;
}

/* A region with holes, alone and over one that may be read only. */
static void holes(const char *name, uint32_t log2)
{
    regions_begin();
    regions_set(regions_last(), ARENA, FULL | MPU_SRD(0xa5) | MPU_SIZE(log2));
    const uint32_t alone = subregions(log2, access_read);
    regions_set(regions_last() - 1u, ARENA, MPU_AP(6) | MPU_RASR_ENABLE | MPU_SIZE(log2));
    const uint32_t readable = subregions(log2, access_read);
    print(name, alone << 16 | readable << 8 | subregions(log2, access_write));
}

/*
 * A region of 256 octets whose first subregion is disabled, over one of 64 KiB: words that a TLB
 * would hold as one, none of which may answer for the other.
 */
static void neighbours(const char *name, uint32_t below, uint32_t above)
{
    uint32_t mask = 0;

    regions_begin();
    regions_set(regions_last() - 1u, ARENA, below | MPU_RASR_ENABLE | MPU_SIZE(16));
    regions_set(regions_last(), ARENA, above | MPU_RASR_ENABLE | MPU_SRD(0x01) | MPU_SIZE(8));
    regions_on(0);
    mask |= (uint32_t)allows(access_write, ARENA) << 0;
    mask |= (uint32_t)allows(access_write, ARENA + 32u) << 1;
    mask |= (uint32_t)allows(access_write, ARENA + 28u) << 2;
    mask |= (uint32_t)allows(access_write, ARENA + 252u) << 3;
    mask |= (uint32_t)allows(access_write, ARENA + 256u) << 4;
    mask |= (uint32_t)allows(access_execute, ARENA) << 5;
    regions_off();
    print(name, mask);
}

/* The lower bits of a base that is no multiple of the size take no part. */
static void misaligned(void)
{
    uint32_t mask = 0;

    regions_begin();
    regions_set(regions_last(), ARENA + 0x800u, FULL | MPU_SIZE(12));
    regions_on(0);
    mask |= (uint32_t)allows(access_read, ARENA) << 0;
    mask |= (uint32_t)allows(access_read, ARENA + 0xffcu) << 1;
    mask |= (uint32_t)allows(access_read, ARENA + 0x1000u) << 2;
    regions_off();
    print(" misaligned ", mask);
}

void mpu_sizes(void)
{
    for (uint32_t address = ARENA; address < ARENA + 0x2000u; address += 4u) {
        mmio_write32(address, ACCESS_WRITTEN);
    }
    sizes();
    holes(" holes of 256 ", 8);
    holes(" holes of 512 ", 9);
    holes(" holes of 2048 ", 11);
    holes(" holes of 65536 ", 16);
    neighbours(" neighbours of a hole in read-only ", MPU_AP(6), MPU_AP(3));
    neighbours(" neighbours of a hole in full ", MPU_AP(3), MPU_AP(6));
    misaligned();
}
