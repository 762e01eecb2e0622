/*
 * Two watchdogs, of which DBGMCU_CR freezes the faster one while the core is
 * halted (RM0041 25.16.2); the program keeps both from biting while it runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_APB1ENR REG(0x4002101cu)
#define RCC_CSR     REG(0x40021024u)
#define IWDG_KR     REG(0x40003000u)
#define WWDG_CR     REG(0x40002c00u)
#define WWDG_CFR    REG(0x40002c04u)
#define DBGMCU_CR   REG(0xe0042004u)

int main(void)
{
    uint32_t cause = RCC_CSR & 0xf0000000u;

    console_value("cause", cause);
    if (cause) {
        return 0;
    }
    RCC_APB1ENR |= 1u << 11;
    DBGMCU_CR = 1u << 8;
    WWDG_CFR = 3u << 7 | 0x7fu; /* 262 ms */
    WWDG_CR = 0xffu;
    IWDG_KR = 0x5555u;
    REG(0x40003008u) = 99; /* 10 ms */
    IWDG_KR = 0xccccu;
    console_text("runs\n");
    for (;;) {
        IWDG_KR = 0xaaaau;
        WWDG_CR = 0xffu;
    }
}
