/*
 * The values of NavState, and the stop watch of both cores (IMXRT1170RM, chapters "Clock Controller
 * Module", "General Purpose Timer").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/navstate/state.h"

#include "drivers/rt1176_regs.h"
#include "nodes/fmu/rt1176_map.h"
#include "relay/packets.h"
#include "seam.h"

_Static_assert(sizeof(struct packet_nav_state) == 4u * NAVSTATE_WORDS, "the packet's payload");

void stopwatch_start(void)
{
    mmio_write32(CCM_CLOCK_ROOT(ROOT_GPT3), ROOT_MUX_OSC_RC_400M | ROOT_DIVIDE_BY_2);
    mmio_write32(CCM_LPCG(LPCG_GPT3), LPCG_ON);
    mmio_write32(GPT3 + GPT_PR, 0);
    mmio_write32(GPT3 + GPT_CR,
                 GPT_CR_FRR | GPT_CR_CLKSRC_PERIPHERAL | GPT_CR_WAITEN | GPT_CR_ENMOD | GPT_CR_EN);
}

uint32_t stopwatch(void)
{
    return mmio_read32(GPT3 + GPT_CNT);
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
