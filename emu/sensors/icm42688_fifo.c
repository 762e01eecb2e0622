/*
 * The FIFO of an ICM-42688-P; see icm42688_fifo.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "icm42688_fifo.h"

void icm42688_fifo_flush(Icm42688Fifo *fifo)
{
    *fifo = (Icm42688Fifo){ 0 };
}

static void drop_first(Icm42688Fifo *fifo)
{
    fifo->octets -= fifo->packet[fifo->first].length;
    fifo->first = (fifo->first + 1) % ICM42688_FIFO_PACKETS;
    fifo->packets--;
    fifo->read = 0;
}

static bool has_room(const Icm42688Fifo *fifo, unsigned length)
{
    return fifo->octets + length <= ICM42688_FIFO_OCTETS;
}

bool icm42688_fifo_push(Icm42688Fifo *fifo, const Icm42688Packet *packet,
                        bool stream)
{
    unsigned lost = 0;

    while (stream && !has_room(fifo, packet->length)) {
        drop_first(fifo);
        lost++;
    }
    if (has_room(fifo, packet->length)) {
        fifo->packet[(fifo->first + fifo->packets++) % ICM42688_FIFO_PACKETS] =
            *packet;
        fifo->octets += packet->length;
    } else {
        lost++;
    }
    fifo->lost = MIN(fifo->lost + lost, UINT16_MAX);
    return !lost;
}

uint8_t icm42688_fifo_read(Icm42688Fifo *fifo)
{
    const Icm42688Packet *packet = &fifo->packet[fifo->first];
    uint8_t octet;

    if (!fifo->packets) {
        return 0xff;
    }
    octet = packet->octet[fifo->read++];
    if (fifo->read == packet->length) {
        drop_first(fifo);
    }
    return octet;
}

static const VMStateDescription vmstate_icm42688_packet = {
    .name = "icm42688-packet",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(octet, Icm42688Packet, ICM42688_PACKET_MAX),
        VMSTATE_UINT8(length, Icm42688Packet),
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_icm42688_fifo = {
    .name = "icm42688-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(packet, Icm42688Fifo, ICM42688_FIFO_PACKETS, 1,
                             vmstate_icm42688_packet, Icm42688Packet),
        VMSTATE_UINT16(first, Icm42688Fifo),
        VMSTATE_UINT16(packets, Icm42688Fifo),
        VMSTATE_UINT16(octets, Icm42688Fifo),
        VMSTATE_UINT8(read, Icm42688Fifo),
        VMSTATE_UINT16(lost, Icm42688Fifo),
        VMSTATE_END_OF_LIST()
    }
};
