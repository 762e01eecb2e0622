/*
 * The FIFO of an ICM-42688-P (DS-000347, "FIFO"): 2048 octets of whole packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_ICM42688_FIFO_H
#define HW_MEWS_ICM42688_FIFO_H

#include "migration/vmstate.h"

#define ICM42688_FIFO_OCTETS 2048
#define ICM42688_PACKET_MAX 20
#define ICM42688_PACKET_MIN 8
#define ICM42688_FIFO_PACKETS (ICM42688_FIFO_OCTETS / ICM42688_PACKET_MIN)

typedef struct Icm42688Packet {
    uint8_t octet[ICM42688_PACKET_MAX];
    uint8_t length;
} Icm42688Packet;

typedef struct Icm42688Fifo {
    Icm42688Packet packet[ICM42688_FIFO_PACKETS];
    uint16_t first;
    uint16_t packets;
    uint16_t octets; /* of all packets */
    uint8_t read;    /* octets of the first packet that have been read */
    uint16_t lost;   /* packets, up to 0xffff */
} Icm42688Fifo;

void icm42688_fifo_flush(Icm42688Fifo *fifo);
/*
 * Put @packet in.  If there is no room, it is lost, or with @stream the oldest
 * ones make room for it.  False: one was lost.
 */
bool icm42688_fifo_push(Icm42688Fifo *fifo, const Icm42688Packet *packet,
                        bool stream);
/* The next octet; 0xff, which as a header says so: the FIFO is empty. */
uint8_t icm42688_fifo_read(Icm42688Fifo *fifo);

extern const VMStateDescription vmstate_icm42688_fifo;

#endif
