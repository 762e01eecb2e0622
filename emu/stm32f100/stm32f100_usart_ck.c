/*
 * Clock output CK of a USART (RM0041 23.3.9, 23.3.11); see the header
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "../wire/wire.h"
#include "stm32f100_usart_ck.h"

static void write_edges(void *opaque, int64_t until_ns)
{
    Stm32f100UsartCk *ck = opaque;

    while (ck->edges && ck->next_ns <= until_ns) {
        unsigned __int128 next =
            ck->next_frac + (unsigned __int128)ck->half_period;

        ck->level = !ck->level;
        stm32_af_set(ck->afio, ck->signal, ck->next_ns, ck->level);
        ck->next_ns += (int64_t)(next >> 32);
        ck->next_frac = (uint32_t)next;
        if (ck->edges != STM32F100_CK_FOR_EVER) {
            ck->edges--;
        }
    }
}

void stm32f100_usart_ck_init(Stm32f100UsartCk *ck, Stm32f100AfioState *afio,
                             Stm32AfSignal signal)
{
    ck->afio = afio;
    ck->signal = signal;
    stm32_af_watch(afio, signal, write_edges, NULL, ck);
    wire_pin_add_flush(write_edges, ck);
}

void stm32f100_usart_ck_start(Stm32f100UsartCk *ck, uint64_t first,
                              uint64_t half_period, uint64_t edges)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    write_edges(ck, now_ns);
    ck->next_ns = now_ns + (int64_t)(first >> 32);
    ck->next_frac = (uint32_t)first;
    ck->half_period = half_period;
    ck->edges = half_period ? edges : 0;
}

void stm32f100_usart_ck_steady(Stm32f100UsartCk *ck, bool level)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    write_edges(ck, now_ns);
    ck->edges = 0;
    ck->level = level;
    stm32_af_set(ck->afio, ck->signal, now_ns, level);
}

void stm32f100_usart_ck_off(Stm32f100UsartCk *ck)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    write_edges(ck, now_ns);
    ck->edges = 0;
    stm32_af_release(ck->afio, ck->signal, now_ns);
}

const VMStateDescription vmstate_stm32f100_usart_ck = {
    .name = "stm32f100-usart/ck",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_INT64(next_ns, Stm32f100UsartCk),
        VMSTATE_UINT32(next_frac, Stm32f100UsartCk),
        VMSTATE_UINT64(half_period, Stm32f100UsartCk),
        VMSTATE_UINT64(edges, Stm32f100UsartCk),
        VMSTATE_BOOL(level, Stm32f100UsartCk),
        VMSTATE_END_OF_LIST()
    }
};
