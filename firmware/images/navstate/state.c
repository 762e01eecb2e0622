/*
 * The values of NavState, and the stop watch of both cores (IMXRT1170RM, chapters "Clock Controller
 * Module", "General Purpose Timer").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/navstate/state.h"

#include "relay/packets.h"
#include "seam.h"

_Static_assert(sizeof(struct packet_nav_state) == 4u * NAVSTATE_WORDS, "the packet's payload");

enum gpt3 {
    CCM_ROOT_GPT3 = 0x40cc0000 + 16 * 0x80,
    ROOT_OSC_RC_400M = 2 << 8,
    ROOT_DIVIDE_BY_2 = 1,
    CCM_LPCG_GPT3 = 0x40cc6000 + 66 * 0x20,
    LPCG_ON = 1,
    GPT3_CR = 0x400f4000,
    GPT3_PR = 0x400f4004,
    GPT3_CNT = 0x400f4024,
    CR_EN = 1 << 0,
    CR_ENMOD = 1 << 1,
    CR_WAITEN = 1 << 3,
    CR_CLKSRC_PERIPHERAL = 1 << 6,
    CR_FRR = 1 << 9,
};

void stopwatch_start(void)
{
    mmio_write32(CCM_ROOT_GPT3, ROOT_OSC_RC_400M | ROOT_DIVIDE_BY_2);
    mmio_write32(CCM_LPCG_GPT3, LPCG_ON);
    mmio_write32(GPT3_PR, 0);
    mmio_write32(GPT3_CR, CR_FRR | CR_CLKSRC_PERIPHERAL | CR_WAITEN | CR_ENMOD | CR_EN);
}

uint32_t stopwatch(void)
{
    return mmio_read32(GPT3_CNT);
}

void navstate_make(uint32_t seq, uint32_t words[NAVSTATE_WORDS])
{
    const uint32_t first = 16u * (seq & 0xffffu);
    union {
        float value[NAVSTATE_WORDS - 1u];
        uint32_t word[NAVSTATE_WORDS - 1u];
    } values;

    words[0] = seq;
    for (uint32_t i = 0; i < NAVSTATE_WORDS - 1u; i++) {
        values.value[i] = (float)(first + i);
        words[1u + i] = values.word[i];
    }
}

uint32_t navstate_wrong_words(const uint32_t words[NAVSTATE_WORDS])
{
    uint32_t right[NAVSTATE_WORDS];
    uint32_t wrong = 0;

    navstate_make(words[0], right);
    for (uint32_t i = 0; i < NAVSTATE_WORDS; i++) {
        wrong += words[i] != right[i];
    }
    return wrong;
}
