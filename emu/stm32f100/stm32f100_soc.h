/*
 * The STM32F100 medium-density value line part: core, memories, peripherals
 * (RM0041 2.3 memory map, 8.1.2 vector table).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_SOC_H
#define HW_MEWS_STM32F100_SOC_H

#include "hw/arm/armv7m.h"
#include "../common/armv7m_dwt.h"
#include "hw/core/split-irq.h"
#include "hw/or-irq.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_adc.h"
#include "stm32f100_afio.h"
#include "stm32f100_cec.h"
#include "stm32f100_bkp.h"
#include "stm32f100_crc.h"
#include "stm32f100_dac.h"
#include "stm32f100_dbgmcu.h"
#include "stm32f100_dma.h"
#include "stm32f100_exti.h"
#include "stm32f100_flash.h"
#include "stm32f100_gpio.h"
#include "stm32f100_i2c.h"
#include "stm32f100_iwdg.h"
#include "stm32f100_pwr.h"
#include "stm32f100_rcc.h"
#include "stm32f100_rtc.h"
#include "stm32f100_spi.h"
#include "stm32f100_tim.h"
#include "stm32f100_usart.h"
#include "stm32f100_wwdg.h"

#define TYPE_STM32F100_MEWS_SOC "stm32f100-mews-soc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100SocState, STM32F100_MEWS_SOC)

#define STM32F100_FLASH_BASE 0x08000000
#define STM32F100_SRAM_BASE 0x20000000
#define STM32F100_UNIQUE_ID_WORDS 3
#define STM32F100_USARTS 3
#define STM32F100_SPIS 2
#define STM32F100_I2CS 2
#define STM32F100_TIMERS 9 /* TIM1 to 4, 6, 7, 15 to 17 */
#define STM32F100_TIM1_SHARED_IRQS 3

struct Stm32f100SocState {
    SysBusDevice parent_obj;

    /* properties */
    uint32_t flash_size;
    uint32_t sram_size;
    uint32_t sram_poison;
    uint32_t mpu_regions;
    uint32_t vector_table; /* VTOR at reset */
    uint32_t hse_hz;
    uint32_t hse_start_us;
    uint32_t pll_max_hz;
    uint32_t lse_hz;
    uint32_t vbat;
    uint32_t unique_id[STM32F100_UNIQUE_ID_WORDS];
    uint16_t package_pins[STM32F100_PORTS];
    char *chip_selects[STM32F100_SPIS];
    bool starts; /* there is something in flash */

    ARMv7MState armv7m;
    Armv7mDwtState dwt;
    MemoryRegion flash_alias;
    MemoryRegion sram;
    MemoryRegion system_memory;

    Stm32f100RccState rcc;
    Stm32f100FlashState flash;
    Stm32f100GpioState gpio[STM32F100_PORTS];
    Stm32f100AfioState afio;
    Stm32f100ExtiState exti;
    Stm32f100IwdgState iwdg;
    Stm32f100WwdgState wwdg;
    Stm32f100PwrState pwr;
    Stm32f100BkpState bkp;
    Stm32f100RtcState rtc;
    Stm32f100DbgmcuState dbgmcu;
    SplitIRQ wkup_pin;   /* PA0: also WKUP */
    SplitIRQ tamper_pin; /* PC13: also TAMPER */
    SplitIRQ rtc_alarm;  /* to EXTI, PWR and BKP */
    SplitIRQ power_on_reset;
    Stm32f100CrcState crc;
    Stm32f100DmaState dma;
    Stm32f100AdcState adc;
    Stm32f100DacState dac;
    OrIRQState tim6_dac_irq; /* of TIM6 and of the DAC */
    Stm32f100UsartState usart[STM32F100_USARTS];
    Stm32f100SpiState spi[STM32F100_SPIS];
    Stm32f100I2cState i2c[STM32F100_I2CS];
    Stm32f100CecState cec;
    Notifier board_is_complete;
    Stm32f100TimState tim[STM32F100_TIMERS];
    OrIRQState tim1_irq[STM32F100_TIM1_SHARED_IRQS]; /* with TIM15 to 17 */
};

/* Fill SRAM with what a power-on leaves there. */
void stm32f100_soc_poison_sram(Stm32f100SocState *s);

/* ---- stm32f100_soc_power.c ---- */

/* For instance_init, and for realize behind pins, RCC and flash. */
void stm32f100_soc_init_power(Stm32f100SocState *s);
void stm32f100_soc_make_power(Stm32f100SocState *s);

/* DBGMCU_CR can stop the clock of @device: its input "freeze". */
void stm32f100_soc_freeze(Stm32f100SocState *s, Stm32f100Freeze freeze,
                          void *device);
/* The same for the timers, and clock failures; when they are realized. */
void stm32f100_soc_connect_timers(Stm32f100SocState *s);

/* ---- stm32f100_soc_serial.c: SPI, I2C, CEC ---- */

/* For instance_init and for realize, behind all that they are wired to. */
void stm32f100_soc_init_serial(Stm32f100SocState *s);
bool stm32f100_soc_make_serial(Stm32f100SocState *s, Error **errp);

/* ---- stm32f100_soc_timers.c ---- */

/* For instance_init and for realize, behind all that they are wired to. */
void stm32f100_soc_init_timers(Stm32f100SocState *s);
void stm32f100_soc_make_timers(Stm32f100SocState *s);

/* TIM@number */
Stm32f100TimState *stm32f100_soc_timer(Stm32f100SocState *s, unsigned number);

#endif
