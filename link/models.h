/*
 * What the daemon must know of each QEMU machine: how its virtual time runs,
 * which UARTs it has, and where an image may lie (as the machine itself checks:
 * emu/stm32f100/stm32f100_image.c, emu/rt1176-mu/rt1176_boot.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MODELS_H
#define MEWS_LINK_MODELS_H

#include <glib.h>

typedef struct ModelMemory {
    guint32 address;
    guint32 size;
    const char *name;
} ModelMemory;

#define MODEL_MEMORIES_MAX 8

typedef struct Model {
    const char *name;
    const char *icount; /* argument of -icount */
    const char *uart;   /* "usart": usart<uart_first>..usart<uart_last> */
    unsigned uart_first, uart_last;
    ModelMemory flash;                            /* what an image is loaded to */
    const char *debug_property;                   /* with it also to any of debug_memory; or NULL */
    ModelMemory debug_memory[MODEL_MEMORIES_MAX]; /* ends at size 0 */
} Model;

/* NULL when there is no such model. */
const Model *model_find(const char *name);
/* "stm32f100c8, stm32f100rb, mimxrt1176", for messages; free it. */
char *model_names(void);
gboolean model_has_uart(const Model *model, const char *uart);

#endif
