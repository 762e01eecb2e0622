/*
 * Both cores at once; CASE says what for.  The M4's part runs in place from
 * flash, which both cores see alike, and keeps its variables in OCRAM1: what
 * the linker puts into DTCM is the M7's alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define SRC_SRMR        REG(0x40c04004u)
#define SRC_GPR1        REG(0x40c04014u)
#define SRC_CTRL_M4CORE REG(0x40c04284u)
#define SRC_CTRL_M7CORE REG(0x40c042a4u)
#define SYST_CSR        REG(0xe000e010u)
#define SYST_RVR        REG(0xe000e014u)
#define SYST_CVR        REG(0xe000e018u)
#define DEMCR           REG(0xe000edfcu)
#define DEMCR_TRCENA    (1u << 24)
#define DWT_CTRL        REG(0xe0001000u)
#define DWT_CYCCNT      REG(0xe0001004u)
#define DWT_LAR         REG(0xe0001fb0u)
#define LAR_KEY         0xc5acce55u

#define MU_GIR0 (1u << 19)
#define MU_GIP0 (1u << 31)
#define MU_GIE0 (1u << 31)

#ifndef M7_DOES
#define M7_DOES NOTHING
#endif
#ifndef M4_DOES
#define M4_DOES NOTHING
#endif
#ifndef MASK
#define MASK 0
#endif

#define M4_STACK 0x20280000u
#define ROUNDS   24u

/* Zero at power-on. */
static volatile struct shared {
    uint32_t done;    /* the M4 has come to its end */
    uint32_t ticks;   /* GPT1 clocks, 24 MHz, that its loop has taken */
    uint32_t clocks;  /* the same in clocks of the core */
    uint32_t woken;   /* how often WFE has ended */
    uint32_t systick; /* and SysTick has interrupted */
    uint32_t rung;    /* when the M7's doorbell was heard, GPT1 */
} *const shared = (void *)0x20240000u;

/* Entries behind the stack pointer: 0 is reset. */
struct vectors {
    uint32_t stack;
    void (*entries[15 + MU_IRQ + 1])(void);
};
static const struct vectors m4_vectors;
static volatile uint32_t heard, woken, systick;

void systick_handler(void);
void mu_handler(void);

static void say(const char *text, uint32_t value)
{
    console_text(text);
    console_hex(value);
    console_text("\n");
}

static void start_gpt1(void)
{
    GPT_CR(GPT1) = 0;
    GPT_PR(GPT1) = 0;
    GPT_CR(GPT1) = GPT_CR_EN | GPT_CR_ENMOD | GPT_CR_CLKSRC_PERIPHERAL | 1u << 9;
}

static void wait_us(uint32_t us)
{
    const uint32_t began = GPT_CNT(GPT1);

    while (GPT_CNT(GPT1) - began < 24 * us) {
    }
}

static void start_m4(void)
{
    LPSR_GPR0 = (uint32_t)&m4_vectors & 0xfff8;
    LPSR_GPR1 = (uint32_t)&m4_vectors >> 16;
    SRC_SCR = SRC_SCR_BT_RELEASE_M4;
}

static void start_systick(uint32_t clocks)
{
    SYST_RVR = clocks - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

static void start_cycle_counter(void)
{
    DWT_LAR = LAR_KEY;
    DEMCR |= DEMCR_TRCENA;
    DWT_CTRL |= 1;
}

/* Two instructions a round. */
static inline void spin(uint32_t rounds)
{
    __asm__ volatile("1: subs %0, #1\n\tbne 1b" : "+r"(rounds) : : "cc");
}

static void nothing(void) {}

/* With FAULTMASK set no fault can be taken. */
static void lock_up(void)
{
    __asm__ volatile("cpsid f\n\tudf #0");
}

static void request_reset(void)
{
    SCB_AIRCR = AIRCR_SYSRESETREQ;
    __asm__ volatile("dsb");
}

enum deed { NOTHING, LOCK_UP, REQUEST_RESET };
static void (*const deeds[])(void) = {nothing, lock_up, request_reset};

/* ---- instruction rates ---- */

static void m4_rates(void)
{
    start_cycle_counter();
    const uint32_t ticks = GPT_CNT(GPT1), clocks = DWT_CYCCNT;
    spin(100000);
    shared->clocks = DWT_CYCCNT - clocks;
    shared->ticks = GPT_CNT(GPT1) - ticks;
    shared->done = 1;
}

static void m7_rates(void)
{
    DEMCR |= DEMCR_TRCENA;
    DWT_CTRL |= 1; /* locked */
    say("locked ", DWT_CTRL & 1);
    start_cycle_counter();
    start_m4();
    const uint32_t ticks = GPT_CNT(GPT1), clocks = DWT_CYCCNT;
    spin(500000);
    const uint32_t m7_clocks = DWT_CYCCNT - clocks, m7_ticks = GPT_CNT(GPT1) - ticks;
    say("m7 clocks ", m7_clocks);
    say("m7 ticks ", m7_ticks);
    while (!shared->done) {
    }
    say("m4 clocks ", shared->clocks);
    say("m4 ticks ", shared->ticks);
}

/* ---- WFE ---- */

static void wait_for_events(volatile uint32_t *count)
{
    for (;;) {
        __asm__ volatile("wfe");
        (*count)++;
    }
}

static void m4_wfe(void)
{
    start_systick(400000);
    wait_for_events(&shared->woken);
}

static void m7_wfe(void)
{
    start_m4();
    for (uint32_t i = 0; i < 105; i++) {
        wait_us(100);
        __asm__ volatile("sev");
    }
    say("m4 ticks ", shared->systick);
    say("m4 woken ", shared->woken);
    __asm__ volatile("wfe"); /* takes the event of the last sev */
    systick = 0;
    start_systick(996000);
    while (systick < 10) {
        __asm__ volatile("wfe");
        woken++;
    }
    say("m7 woken ", woken);
}

/* ---- requests and lockups: M4_DOES or M7_DOES one, MASK is put into SRMR ---- */

static void m4_resets(void)
{
    if (!shared->done) {
        deeds[M4_DOES]();
    }
    shared->woken = 1;
    for (;;) {
    }
}

static void m7_resets(void)
{
    say("start ", ++SRC_GPR1);
    say("cause ", SRC_SRSR);
    SRC_SRSR = SRC_SRSR;
    if (SRC_GPR1 > 1) {
        return;
    }
    SRC_SRMR = MASK;
    console_flush();
    start_m4();
    deeds[M7_DOES]();
    wait_us(200);
    say("not reset, cause ", SRC_SRSR);
    say("m4 goes on ", shared->woken);
    shared->done = 1; /* now it does nothing */
    SRC_CTRL_M4CORE = 1;
    wait_us(10);
    say("m4 after its reset ", shared->woken);
}

/* ---- doorbells: how long until the other core's handler ---- */

static void m4_doorbells(void)
{
    MU_CR(MUB) = MU_GIE0;
    nvic_enable(MU_IRQ);
    for (;;) {
    }
}

static void m7_doorbells(void)
{
    uint32_t there[2] = {~0u, 0}, back[2] = {~0u, 0};

    start_m4();
    MU_CR(MUA) = MU_GIE0;
    nvic_enable(MU_IRQ);
    wait_us(20);
    for (uint32_t n = 0; n < ROUNDS; n++) {
        heard = 0;
        spin(137 * n + 1);
        const uint32_t rings = GPT_CNT(GPT1);
        MU_CR(MUA) = MU_GIE0 | MU_GIR0;
        while (!heard) {
        }
        const uint32_t times[2] = {shared->rung - rings, heard - shared->rung};
        there[0] = times[0] < there[0] ? times[0] : there[0];
        there[1] = times[0] > there[1] ? times[0] : there[1];
        back[0] = times[1] < back[0] ? times[1] : back[0];
        back[1] = times[1] > back[1] ? times[1] : back[1];
    }
    say("there from ", there[0]);
    say("there to ", there[1]);
    say("back from ", back[0]);
    say("back to ", back[1]);
}

/* ---- reset of the M7 alone ---- */

static void m4_m7_reset(void)
{
    for (;;) {
        shared->woken++;
    }
}

static void m7_m7_reset(void)
{
    say("start ", ++SRC_GPR1);
    say("cause ", SRC_SRSR);
    if (SRC_GPR1 == 1) {
        start_m4();
        wait_us(10);
        SYST_RVR = 0x1234;
        console_flush();
        SRC_CTRL_M7CORE = 1;
        __asm__ volatile("dsb");
    }
    const uint32_t before = shared->woken;
    say("systick ", SYST_RVR);
    say("m4 goes on ", shared->woken > before);
    say("stat ", REG(0x40c042b0u));
}

/* ---- the start of both cores ---- */

static const struct {
    void (*m4)(void);
    void (*m7)(void);
} cases[] = {
    [1] = {m4_rates, m7_rates},       [2] = {m4_wfe, m7_wfe},
    [3] = {m4_resets, m7_resets},     [4] = {m4_doorbells, m7_doorbells},
    [5] = {m4_m7_reset, m7_m7_reset},
};

static void m4_main(void)
{
    cases[CASE].m4();
    for (;;) {
        __asm__ volatile("wfi");
    }
}

static void m4_systick(void)
{
    shared->systick++;
}

/* Answer the doorbell, ring back. */
static void m4_mu(void)
{
    shared->rung = GPT_CNT(GPT1);
    MU_SR(MUB) = MU_GIP0;
    MU_CR(MUB) = MU_GIE0 | MU_GIR0;
}

static const struct vectors m4_vectors __attribute__((aligned(1024))) = {
    .stack = M4_STACK,
    .entries = {[0] = m4_main, [14] = m4_systick, [15 + MU_IRQ] = m4_mu},
};

void systick_handler(void)
{
    systick++;
}

void mu_handler(void)
{
    MU_SR(MUA) = MU_GIP0;
    heard = GPT_CNT(GPT1);
}

int main(void)
{
    console_start();
    start_gpt1();
    cases[CASE].m7();
    return 0;
}
