/*
 * Start of every test image: vector table, memory initialisation, a polled
 * console on USART1 (PA9), and bus faults that are told and stepped over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_APB2ENR       REG(0x40021018u)
#define GPIOA_CRH         REG(0x40010804u)
#define USART1_SR         REG(0x40013800u)
#define USART1_DR         REG(0x40013804u)
#define USART1_BRR        REG(0x40013808u)
#define USART1_CR1        REG(0x4001380cu)
#define SCB_AIRCR         REG(0xe000ed0cu)
#define SCB_SHCSR         REG(0xe000ed24u)
#define SCB_CFSR          REG(0xe000ed28u)
#define SCB_BFAR          REG(0xe000ed38u)
#define SHCSR_BUSFAULTENA (1u << 17)

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];

void reset_handler(void);
void bus_fault_handler(void);
static void default_handler(void);

typedef void (*Handler)(void);

__attribute__((section(".vectors"), used)) static const Handler vectors[16] = {
    [0] = (Handler)stack_top, [1] = reset_handler,          [2 ... 4] = default_handler,
    [5] = bus_fault_handler,  [6 ... 15] = default_handler,
};

void reset_handler(void)
{
    const uint32_t *from = data_load;

    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    SCB_SHCSR |= SHCSR_BUSFAULTENA;
    console_start();
    main();
    end_of_test();
}

static void default_handler(void)
{
    console_text("unexpected exception\n");
    end_of_test();
}

/* Steps over the instruction that faulted: all of them are 2 or 4 bytes. */
__attribute__((naked)) void bus_fault_handler(void)
{
    __asm__ volatile("mov r0, sp\n"
                     "b bus_fault_at\n");
}

__attribute__((used)) static void bus_fault_at(uint32_t *frame)
{
    uint16_t instruction = *(const uint16_t *)frame[6];

    frame[6] += instruction >> 11 >= 0x1d ? 4 : 2;
    console_value("fault", SCB_BFAR);
    SCB_CFSR = SCB_CFSR;
}

/* The test waits for the reset that this asks for. */
void end_of_test(void)
{
    while (!(USART1_SR & 1u << 6)) {
    }
    SCB_AIRCR = 0x05fa0004u;
    for (;;) {
    }
}

void console_start(void)
{
    RCC_APB2ENR |= 1u << 14 | 1u << 2;
    GPIOA_CRH = 0x444444b4u;
    USART1_BRR = 69; /* 8 MHz / 69 = 115942 */
    USART1_CR1 = 1u << 13 | 1u << 3;
}

static void console_character(char c)
{
    while (!(USART1_SR & 1u << 7)) {
    }
    USART1_DR = (uint8_t)c;
}

void console_text(const char *text)
{
    while (*text) {
        console_character(*text++);
    }
}

void console_value(const char *name, uint32_t value)
{
    console_text(name);
    console_character(' ');
    for (int shift = 28; shift >= 0; shift -= 4) {
        console_character("0123456789abcdef"[value >> shift & 0xf]);
    }
    console_character('\n');
}
