/*
 * LPSPI of the i.MX RT1176 as master; see lpspi.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/lpspi.h"

#include "seam.h"

enum lpspi_registers {
    LPSPI_CR = 0x10,
    LPSPI_SR = 0x14,
    LPSPI_CFGR1 = 0x24,
    LPSPI_CCR = 0x40,
    LPSPI_FSR = 0x5c,
    LPSPI_TCR = 0x60,
    LPSPI_TDR = 0x64,
    LPSPI_RDR = 0x74,
    CR_MEN = 1 << 0,
    CR_RST = 1 << 1,
    SR_TCF = 1 << 10, /* transfer complete */
    CFGR1_MASTER = 1 << 0,
    CCR_DBT_SHIFT = 8,
    CCR_PCSSCK_SHIFT = 16,
    CCR_SCKPCS_SHIFT = 24,
    FSR_RXCOUNT_SHIFT = 16,
    TCR_FRAME_OF_8 = 7,
    TCR_CONT = 1 << 21,
    TCR_PCS_SHIFT = 24,
};

void lpspi_init(const struct lpspi *lpspi)
{
    /* every delay is half a bit, so an octet's last pulse is as long as the others */
    const uint32_t half = lpspi->divisor / 2u - 1u;

    mmio_write32(lpspi->base + LPSPI_CR, CR_RST);
    mmio_write32(lpspi->base + LPSPI_CR, 0);
    mmio_write32(lpspi->base + LPSPI_CFGR1, CFGR1_MASTER);
    mmio_write32(lpspi->base + LPSPI_CCR, (lpspi->divisor - 2u) | half << CCR_DBT_SHIFT |
                                              half << CCR_PCSSCK_SHIFT | half << CCR_SCKPCS_SHIFT);
    mmio_write32(lpspi->base + LPSPI_CR, CR_MEN);
}

void lpspi_transfer(const struct lpspi *lpspi, uint8_t *octets, uint32_t count)
{
    const uint32_t command = TCR_FRAME_OF_8 | lpspi->pcs << TCR_PCS_SHIFT;

    mmio_write32(lpspi->base + LPSPI_SR, SR_TCF);
    mmio_write32(lpspi->base + LPSPI_TCR, command | TCR_CONT);
    for (uint32_t i = 0; i < count; i++) {
        mmio_write32(lpspi->base + LPSPI_TDR, octets[i]);
    }
    mmio_write32(lpspi->base + LPSPI_TCR, command); /* ends the transfer */
    for (uint32_t i = 0; i < count; i++) {
        while (mmio_read32(lpspi->base + LPSPI_FSR) >> FSR_RXCOUNT_SHIFT == 0) {
        }
        octets[i] = (uint8_t)mmio_read32(lpspi->base + LPSPI_RDR);
    }
    while ((mmio_read32(lpspi->base + LPSPI_SR) & SR_TCF) == 0) {
    }
}
