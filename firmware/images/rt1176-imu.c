/*
 * rt1176-imu: the Cortex-M7 reads an ICM-42688-P on LPSPI1 at each data-ready interrupt, 1 kHz, and
 * tells every hundredth sample on the console.  robots/rt1176/imu.robot has its gates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/fault_text.h"
#include "drivers/icm42688.h"
#include "drivers/lpuart_console.h"
#include "drivers/rt1176_regs.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define IMU_LINE   26u /* GPIO9_IO26, on pad GPIO_AD_27: the sensor's INT1 */
#define TELL_EVERY 100u
#define SILENCE_US 100000u /* the sensor's start is 30 ms */

/* Of all samples so far: for a debugger and for gates that read memory. */
struct imu_counts {
    uint32_t samples;
    uint32_t shortest_us; /* between two interrupts, as the program sees them */
    uint32_t longest_us;
    uint32_t last_us;
} imu_counts = {.shortest_us = UINT32_MAX};
struct icm42688_sample imu_sample;

static const struct lpspi spi = {.base = LPSPI1, .pcs = 0, .divisor = 2};
static struct lpuart uart = {.config = BOARD_CONSOLE};
static struct console console;

static void send_console(void)
{
    lpuart_console_send(&uart, &console);
    (void)lpuart_service(&uart);
}

static void number(int32_t value)
{
    console_text(&console, value < 0 ? " -" : " ");
    console_decimal(&console, (uint32_t)(value < 0 ? -value : value));
}

static void tell_sample(void)
{
    console_text(&console, "imu sample ");
    console_decimal(&console, imu_counts.samples);
    console_text(&console, " accel");
    for (uint32_t axis = 0; axis < ICM42688_AXES; axis++) {
        number(imu_sample.accel[axis]);
    }
    console_text(&console, " gyro");
    for (uint32_t axis = 0; axis < ICM42688_AXES; axis++) {
        number(imu_sample.gyro[axis]);
    }
    console_text(&console, " temperature");
    number(imu_sample.temperature);
    console_end_line(&console);
}

static void tell_periods(void)
{
    console_text(&console, "imu period ");
    console_decimal(&console, imu_counts.shortest_us);
    console_text(&console, " to ");
    console_decimal(&console, imu_counts.longest_us);
    console_text(&console, " us");
    console_end_line(&console);
}

static void count_sample(uint32_t now_us)
{
    const uint32_t period_us = now_us - imu_counts.last_us;

    if (imu_counts.samples++ > 0) {
        imu_counts.shortest_us =
            period_us < imu_counts.shortest_us ? period_us : imu_counts.shortest_us;
        imu_counts.longest_us =
            period_us > imu_counts.longest_us ? period_us : imu_counts.longest_us;
    }
    imu_counts.last_us = now_us;
}

static void board_start(void)
{
    mmio_write32(CCM_CLOCK_ROOT(ROOT_LPSPI1), ROOT_MUX_OSC_24M);
    for (uint32_t pad = PAD_GPIO_AD_28; pad <= PAD_GPIO_AD_31; pad += 4u) {
        mmio_write32(pad, MUX_ALT0);
    }
    mmio_write32(PAD_GPIO_AD_27, MUX_ALT10);
    mmio_write32(GPIO9 + GPIO_ICR2, GPIO_ICR_RISING << 2u * (IMU_LINE - 16u));
    mmio_write32(GPIO9 + GPIO_ISR, UINT32_MAX);
    mmio_write32(GPIO9 + GPIO_IMR, 1u << IMU_LINE);
    lpuart_init(&uart);
    lpspi_init(&spi);
}

static void serve_interrupt(void)
{
    mmio_write32(GPIO9 + GPIO_ISR, 1u << IMU_LINE);
    count_sample(clock_us());
    icm42688_read(&spi, &imu_sample);
    if (imu_counts.samples % TELL_EVERY == 0) {
        tell_sample();
        tell_periods();
    }
}

int main(void)
{
    uint8_t who;

    board_start();
    const bool found = icm42688_start(&spi, &who);
    console_text(&console, found ? "imu found " : "imu missing ");
    console_hex(&console, who);
    console_end_line(&console);
    uint32_t deadline_us = clock_us() + SILENCE_US;
    for (;;) {
        if (irq_poll(IRQ_GPIO9)) {
            serve_interrupt();
            deadline_us = clock_us() + SILENCE_US;
        } else if ((int32_t)(clock_us() - deadline_us) >= 0) {
            console_text(&console, "imu silent");
            console_end_line(&console);
            deadline_us += SILENCE_US;
        }
        send_console();
        wait_until(deadline_us);
    }
}

void fault_hook(const struct fault *fault)
{
    fault_text(&console, "rt1176-imu", fault);
    lpuart_console_send_now(&uart, &console);
}
