/*
 * LPSPI of the i.MX RT1176 (IMXRT1170RM, chapter "LPSPI") as master: short transfers of octets,
 * polled.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_LPSPI_H
#define DRIVERS_LPSPI_H

#include <stdint.h>

#define LPSPI_OCTETS_MAX 15u /* of a transfer: what the FIFO holds beside its last command */

struct lpspi {
    uint32_t base;
    uint32_t pcs;
    uint32_t divisor; /* SCK = clock / divisor, from 2 on */
};

/* Master, mode 0, chip selects active low. */
void lpspi_init(const struct lpspi *lpspi);

/* One transfer: @count octets both ways, @octets is what came in then. */
void lpspi_transfer(const struct lpspi *lpspi, uint8_t *octets, uint32_t count);

#endif
