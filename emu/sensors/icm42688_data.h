/*
 * What an ICM-42688-P makes of a sample: data registers and packets of the FIFO
 * (DS-000347, "Sensor data", "FIFO packet structures").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_ICM42688_DATA_H
#define HW_MEWS_ICM42688_DATA_H

#include "icm42688_regs.h"

/* The data registers of the sensors in @fresh, and the temperature. */
void icm42688_update_data(Icm42688State *s, const ImuSample *sample,
                          const bool *fresh);

void icm42688_append(Icm42688Packet *packet, uint8_t octet);
/*
 * What comes behind the header of packets 1, 2 and 3, which have the sensors in
 * @wanted.  A sensor that is not in @fresh is marked as invalid.
 */
void icm42688_append_16_bits(Icm42688State *s, Icm42688Packet *packet,
                             const ImuSample *sample, const bool *wanted,
                             const bool *fresh, uint16_t stamp);
/* ... and of packet 4, which always has both. */
void icm42688_append_20_bits(Icm42688State *s, Icm42688Packet *packet,
                             const ImuSample *sample, const bool *fresh,
                             uint16_t stamp);

#endif
