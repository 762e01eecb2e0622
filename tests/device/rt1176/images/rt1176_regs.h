/*
 * The registers that the test images use (IMXRT1170RM, chapters of the named
 * peripherals), and the small helpers all images share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RT1176_REGS_H
#define RT1176_REGS_H

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define LPUART1           0x4007c000u
#define LPUART_BAUD(base) REG((base) + 0x10)
#define LPUART_STAT(base) REG((base) + 0x14)
#define LPUART_CTRL(base) REG((base) + 0x18)
#define LPUART_DATA(base) REG((base) + 0x1c)
#define LPUART_STAT_TC    (1u << 22)
#define LPUART_STAT_TDRE  (1u << 23)
#define LPUART_CTRL_TE    (1u << 19)

#define LPUART_BAUD_TDMAE (1u << 23)

#define EDMA            0x40070000u
#define EDMA_SERQ       (*(volatile uint8_t *)(EDMA + 0x1b))
#define EDMA_CINT       (*(volatile uint8_t *)(EDMA + 0x1f))
#define EDMA_TCD(n, w)  REG(EDMA + 0x1000 + 32 * (n) + 4 * (w))
#define DMAMUX_CHCFG(n) REG(0x40074000u + 4 * (n))
#define DMAMUX_ENBL     (1u << 31)
#define DMA0_IRQ        0u

#define IOMUXC_MUX(pad)     REG(0x400e8010u + 4 * (pad))
#define PAD_GPIO_AD_04      67u
#define GPIO9               0x40c64000u
#define GPIO_GDIR(base)     REG((base) + 0x04)
#define GPIO_DR_SET(base)   REG((base) + 0x84)
#define GPIO_DR_CLEAR(base) REG((base) + 0x88)

#define GPT1                     0x400ec000u
#define GPT_CR(base)             REG((base) + 0x00)
#define GPT_PR(base)             REG((base) + 0x04)
#define GPT_SR(base)             REG((base) + 0x08)
#define GPT_IR(base)             REG((base) + 0x0c)
#define GPT_OCR1(base)           REG((base) + 0x10)
#define GPT_CNT(base)            REG((base) + 0x24)
#define GPT_CR_EN                (1u << 0)
#define GPT_CR_ENMOD             (1u << 1)
#define GPT_CR_CLKSRC_PERIPHERAL (1u << 6)
#define GPT_OF1                  (1u << 0)
#define GPT1_IRQ                 119u

#define SRC_SCR               REG(0x40c04000u)
#define SRC_SCR_BT_RELEASE_M4 (1u << 0)
#define SRC_SRSR              REG(0x40c04010u)
#define SRC_STAT_M4CORE       REG(0x40c04290u)
#define LPSR_GPR0             REG(0x40c0c000u)
#define LPSR_GPR1             REG(0x40c0c004u)
#define M4_VECTORS            0x20200000u

#define MUA            0x40c48000u
#define MUB            0x40c4c000u
#define MU_TR(base, n) REG((base) + 4 * (n))
#define MU_RR(base, n) REG((base) + 0x10 + 4 * (n))
#define MU_SR(base)    REG((base) + 0x20)
#define MU_CR(base)    REG((base) + 0x24)
#define MU_IRQ         118u

#define NVIC_ISER(n)      REG(0xe000e100u + 4 * (n))
#define SCB_VTOR          REG(0xe000ed08u)
#define SCB_AIRCR         REG(0xe000ed0cu)
#define AIRCR_SYSRESETREQ 0x05fa0004u

static inline void nvic_enable(unsigned irq)
{
    NVIC_ISER(irq / 32) = 1u << (irq % 32);
}

void console_start(void);
void console_text(const char *text);
void console_hex(uint32_t value);
void console_flush(void);
__attribute__((noreturn)) void end_of_test(void);

int main(void);

#endif
