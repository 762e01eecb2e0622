/*
 * Start of every test image: the boot ROM's headers, the vector table, memory
 * initialisation, and a polled console on LPUART1 (115200 8N1 from the 24 MHz
 * that its clock root has after reset).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];

void reset_handler(void);
void default_handler(void);
__attribute__((weak, alias("default_handler"))) void dma0_handler(void);
__attribute__((weak, alias("default_handler"))) void gpt1_handler(void);
__attribute__((weak, alias("default_handler"))) void mu_handler(void);
__attribute__((weak, alias("default_handler"))) void bus_fault_handler(void);
__attribute__((weak, alias("default_handler"))) void systick_handler(void);

typedef void (*Handler)(void);

__attribute__((section(".vectors"), used)) static const Handler vectors[16 + 218] = {
    [0] = (Handler)stack_top,
    [1] = reset_handler,
    [2 ... 4] = default_handler,
    [5] = bus_fault_handler,
    [6 ... 14] = default_handler,
    [15] = systick_handler,
    [16 + DMA0_IRQ] = dma0_handler,
    [16 + DMA0_IRQ + 1 ... 16 + MU_IRQ - 1] = default_handler,
    [16 + MU_IRQ] = mu_handler,
    [16 + GPT1_IRQ] = gpt1_handler,
    [16 + GPT1_IRQ + 1 ... 16 + 217] = default_handler,
};

#ifndef NO_BOOT_HEADERS

/* The first words of the FlexSPI configuration block: tag, version 5.6.0 */
__attribute__((section(".boot_fcfb"), used)) static const uint32_t fcfb[128] = {
    0x42464346u,
    0x56010400u,
};

typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t plugin;
} BootData;

typedef struct {
    uint32_t header;
    const void *entry;
    uint32_t reserved1;
    const void *dcd;
    const BootData *boot_data;
    const void *self;
    const void *csf;
    uint32_t reserved2;
} Ivt;

__attribute__((section(".boot_ivt"), used)) static const struct {
    Ivt ivt;
    BootData boot_data;
} boot = {
    .ivt = {.header = 0x412000d1u,
#ifdef ENTRY_IS_RESET_HANDLER
            .entry = (const void *)reset_handler,
#else
            .entry = vectors,
#endif
            .boot_data = &boot.boot_data,
            .self = &boot.ivt},
    .boot_data = {.start = 0x30000000u, .length = 0x1000000u},
};

#endif

void reset_handler(void)
{
    const uint32_t *from = data_load;

#ifdef ENTRY_IS_RESET_HANDLER
    SCB_VTOR = (uint32_t)vectors;
#endif
    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    main();
    end_of_test();
}

void default_handler(void)
{
    console_text("unexpected exception\n");
    end_of_test();
}

/* The test waits for the reset that this asks for. */
void end_of_test(void)
{
    console_flush();
    SCB_AIRCR = AIRCR_SYSRESETREQ;
    for (;;) {
    }
}

void console_start(void)
{
    LPUART_BAUD(LPUART1) = 15u << 24 | 13; /* 24 MHz / 16 / 13 = 115385 */
    LPUART_CTRL(LPUART1) = LPUART_CTRL_TE;
}

static void console_character(char c)
{
    while (!(LPUART_STAT(LPUART1) & LPUART_STAT_TDRE)) {
    }
    LPUART_DATA(LPUART1) = (uint8_t)c;
}

void console_text(const char *text)
{
    while (*text) {
        console_character(*text++);
    }
}

void console_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4) {
        console_character("0123456789abcdef"[value >> shift & 0xf]);
    }
}

void console_flush(void)
{
    while (!(LPUART_STAT(LPUART1) & LPUART_STAT_TC)) {
    }
}
