/*
 * Puts an image into the M4's memory, releases the M4 and talks to it through
 * the MU, by interrupt on this side.  Built with START_ADDRESS it starts the
 * M4 somewhere else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#ifndef START_ADDRESS
#define START_ADDRESS M4_VECTORS
#endif

#define CR_RIE0 (1u << 27)
#define SR_RF1  (1u << 26)
#define SR_TE0  (1u << 23)

extern const uint32_t m4_image[], m4_image_end[];

static volatile uint32_t received, count;

void mu_handler(void);
void systick_handler(void);

void mu_handler(void)
{
    received = MU_RR(MUA, 0);
    count++;
}

static void say(const char *text, uint32_t value)
{
    console_text(text);
    console_hex(value);
    console_text("\n");
}

/* False: nothing has come within 1 ms of virtual time. */
static int wait_for(uint32_t messages)
{
    GPT_CR(GPT1) = 0;
    GPT_PR(GPT1) = 24 - 1;
    GPT_CR(GPT1) = GPT_CR_EN | GPT_CR_ENMOD | GPT_CR_CLKSRC_PERIPHERAL;
    while (count < messages) {
        if (GPT_CNT(GPT1) > 1000) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    volatile uint32_t *to = (volatile uint32_t *)M4_VECTORS;

    console_start();
    say("sr0 ", MU_SR(MUA));
    say("held ", SRC_STAT_M4CORE & 1);
    for (const uint32_t *from = m4_image; from < m4_image_end; from++) {
        *to++ = *from;
    }
    MU_CR(MUA) = CR_RIE0;
    nvic_enable(MU_IRQ);
    LPSR_GPR0 = START_ADDRESS & 0xfff8;
    LPSR_GPR1 = START_ADDRESS >> 16;
    SRC_SCR = SRC_SCR_BT_RELEASE_M4;
    say("held ", SRC_STAT_M4CORE & 1);
    if (!wait_for(1)) {
        console_text("no answer\n");
        return 0;
    }
    say("hello ", received);
    while (!(MU_SR(MUA) & SR_RF1)) {
    }
    say("vtor ", MU_RR(MUA, 1));
    for (uint32_t n = 0; n < 3; n++) {
        MU_TR(MUA, 0) = 0x12345678 + n;
        if (!wait_for(2 + n)) {
            console_text("no answer\n");
            return 0;
        }
        say("echo ", received);
    }
    return 0;
}
