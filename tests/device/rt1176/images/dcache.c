/*
 * What the M7's data cache does with its accesses: attributes of the MPU, code, exclusive
 * accesses, stack (ARMv7-M B3.1, B3.5.10).  DMA's part is the core's own while the cache is off.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define NVIC_ISPR(n)      (0xe000e200u + 4 * (n))
#define SCB_SHCSR         REG(0xe000ed24u)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SCB_CFSR          REG(0xe000ed28u)
#define SCB_BFAR          REG(0xe000ed38u)
#define SCB_CCR           REG(0xe000ed14u)
#define CCR_DC            (1u << 16)
#define DCIMVAC           0xe000ef5cu
#define DCCMVAU           0xe000ef64u
#define DCCIMVAC          0xe000ef70u

#define MPU_CTRL      REG(0xe000ed94u)
#define MPU_ON        5u /* with the default map */
#define MPU_RBAR      REG(0xe000ed9cu)
#define MPU_RASR      REG(0xe000eda0u)
#define RASR_FULL_64K (3u << 24 | 15u << 1 | 1u)
#define RASR_TEX(tex) ((uint32_t)(tex) << 19)
#define RASR_S        (1u << 18)
#define RASR_C        (1u << 17)
#define RASR_B        (1u << 16)

#define WORD 0x20250000u
#define CODE 0x20260000u

static volatile uint32_t fault_address;

void bus_fault_handler(void);

__attribute__((naked)) void bus_fault_handler(void)
{
    __asm__ volatile("mov r0, sp\n"
                     "b bus_fault_at\n");
}

/* Goes on behind the store of two octets, privileged. */
__attribute__((used)) static void bus_fault_at(uint32_t *frame)
{
    fault_address = SCB_BFAR;
    SCB_CFSR = SCB_CFSR;
    frame[6] += 2;
    __asm__ volatile("msr control, %0\n\tisb" : : "r"(0));
}

static void cache(uint32_t on)
{
    __asm__ volatile("dsb" ::: "memory");
    SCB_CCR = on ? SCB_CCR | CCR_DC : SCB_CCR & ~CCR_DC;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

static void say(const char *text, uint32_t value)
{
    console_text(text);
    console_text(": ");
    console_hex(value);
    console_text("\n");
}

/* What memory holds, behind the cache's back. */
static uint32_t memory(uint32_t address)
{
    const uint32_t on = SCB_CCR & CCR_DC;

    cache(0);
    const uint32_t value = REG(address);
    cache(on);
    return value;
}

static void set_memory(uint32_t address, uint32_t value)
{
    const uint32_t on = SCB_CCR & CCR_DC;

    cache(0);
    REG(address) = value;
    cache(on);
}

static void try_attributes(const char *name)
{
    set_memory(WORD, 1);
    (void)REG(WORD);
    REG(WORD) = 2;
    const uint32_t written = memory(WORD);
    set_memory(WORD, 3);
    say(name, written << 4 | REG(WORD));
    REG(DCIMVAC) = WORD;
}

static void try_regions(void)
{
    static const struct {
        const char *name;
        uint32_t attributes;
    } regions[] = {
        {"TEX 0 C 0 B 0", 0},
        {"TEX 0 C 0 B 1", RASR_B},
        {"TEX 0 C 1 B 0", RASR_C},
        {"TEX 0 C 1 B 1", RASR_C | RASR_B},
        {"TEX 1 C 0 B 0", RASR_TEX(1)},
        {"TEX 1 C 1 B 1", RASR_TEX(1) | RASR_C | RASR_B},
        {"TEX 2 C 0 B 0", RASR_TEX(2)},
        {"TEX 4 C 0 B 0", RASR_TEX(4)},
        {"TEX 7 C 0 B 1", RASR_TEX(7) | RASR_B},
        {"TEX 4 C 1 B 0", RASR_TEX(4) | RASR_C},
        {"TEX 4 C 1 B 1", RASR_TEX(4) | RASR_C | RASR_B},
        {"TEX 1 C 1 B 1 S", RASR_TEX(1) | RASR_C | RASR_B | RASR_S},
        {"TEX 0 C 1 B 1 S", RASR_C | RASR_B | RASR_S},
    };

    for (uint32_t n = 0; n < sizeof(regions) / sizeof(regions[0]); n++) {
        MPU_RBAR = WORD;
        MPU_RASR = RASR_FULL_64K | regions[n].attributes;
        MPU_CTRL = MPU_ON;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
        try_attributes(regions[n].name);
        MPU_CTRL = 0;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}

/* movs r0, #value; bx lr */
static uint32_t function(uint32_t value)
{
    return 0x47702000u | value;
}

static void try_code(void)
{
    uint32_t (*call)(void) = (uint32_t(*)(void))(CODE | 1u);

    set_memory(CODE, function(1));
    (void)call();
    REG(CODE) = function(2);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    say("code before cleaning", call());
    REG(DCCMVAU) = CODE;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    say("code after cleaning", call());
}

static void try_exclusive(void)
{
    uint32_t failed, value;

    set_memory(WORD, 0);
    do {
        __asm__ volatile("ldrex %0, [%1]" : "=&r"(value) : "r"(WORD) : "memory");
        __asm__ volatile("strex %0, %1, [%2]"
                         : "=&r"(failed)
                         : "r"(value + 5u), "r"(WORD)
                         : "memory");
    } while (failed);
    say("exclusive", REG(WORD));
    say("exclusive in memory", memory(WORD));
    REG(DCIMVAC) = WORD;
}

void gpt1_handler(void);

void gpt1_handler(void) {}

/* An interrupt stacks r0 in cached memory. */
static void try_stack(void)
{
    const uint32_t stack = WORD + 0x100u;
    const uint32_t stacked_r0 = stack - 0x20u;

    set_memory(stacked_r0, 0);
    nvic_enable(GPT1_IRQ);
    __asm__ volatile("msr psp, %0\n\t"
                     "movs r0, #2\n\t"
                     "msr control, r0\n\t"
                     "isb\n\t"
                     "movs r0, #7\n\t"
                     "str %1, [%2]\n\t"
                     "dsb\n\t"
                     "isb\n\t"
                     "movs r0, #0\n\t"
                     "msr control, r0\n\t"
                     "isb"
                     :
                     : "r"(stack), "r"(1u << GPT1_IRQ % 32), "r"(NVIC_ISPR(GPT1_IRQ / 32))
                     : "r0", "memory");
    say("stack", REG(stacked_r0));
    say("stack in memory", memory(stacked_r0));
    REG(DCCIMVAC) = stacked_r0;
}

/* Two octets in one line, two in the next one. */
static void try_unaligned(void)
{
    volatile uint32_t *const across = (volatile uint32_t *)(WORD + 0x1eu);

    set_memory(WORD + 0x1cu, 0);
    set_memory(WORD + 0x20u, 0);
    *across = 0x11223344u;
    say("unaligned", *across);
    say("unaligned low", REG(WORD + 0x1cu));
    say("unaligned high", REG(WORD + 0x20u));
    say("unaligned in memory", memory(WORD + 0x1cu) | memory(WORD + 0x20u));
    REG(DCIMVAC) = WORD;
    REG(DCIMVAC) = WORD + 0x20u;
}

static void try_unprivileged(void)
{
    __asm__ volatile("msr control, %0\n\t"
                     "isb\n\t"
                     "str %1, [%2]"
                     :
                     : "r"(1), "l"(WORD), "l"(DCIMVAC)
                     : "memory");
    say("unprivileged DCIMVAC", fault_address);
}

int main(void)
{
    console_start();
    SCB_SHCSR |= SHCSR_BUSFAULTENA;
    try_attributes("cache off");
    cache(1);
    try_attributes("default map");
    try_regions();
    try_code();
    try_exclusive();
    try_stack();
    try_unaligned();
    try_unprivileged();
    return 0;
}
