/*
 * A peer on an SSI bus for device tests: it keeps a log of the octets it has
 * exchanged and of its chip select, and gives the answers it is told to give.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/ssi/ssi.h"
#include "migration/vmstate.h"
#include "qemu/module.h"
#include "peer_log.h"

#define TYPE_SSI_PEER "mews-ssi-peer"
OBJECT_DECLARE_SIMPLE_TYPE(SsiPeerState, SSI_PEER)

struct SsiPeerState {
    SSIPeripheral parent_obj;

    PeerLog log;
};

static uint32_t ssi_peer_transfer(SSIPeripheral *dev, uint32_t value)
{
    PeerLog *log = &SSI_PEER(dev)->log;

    peer_log_octet(log, "exchange", value);
    return peer_log_answer(log);
}

static int ssi_peer_set_cs(SSIPeripheral *dev, bool level)
{
    peer_log_event(&SSI_PEER(dev)->log, level ? "deselect" : "select");
    return 0;
}

static void ssi_peer_realize(SSIPeripheral *dev, Error **errp)
{
}

static void ssi_peer_init(Object *obj)
{
    peer_log_init(obj, &SSI_PEER(obj)->log);
}

static void ssi_peer_finalize(Object *obj)
{
    peer_log_finalize(&SSI_PEER(obj)->log);
}

static const VMStateDescription vmstate_ssi_peer = {
    .name = TYPE_SSI_PEER,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_SSI_PERIPHERAL(parent_obj, SsiPeerState),
        VMSTATE_END_OF_LIST()
    }
};

static void ssi_peer_class_init(ObjectClass *oc, void *data)
{
    SSIPeripheralClass *sc = SSI_PERIPHERAL_CLASS(oc);

    sc->realize = ssi_peer_realize;
    sc->transfer = ssi_peer_transfer;
    sc->set_cs = ssi_peer_set_cs;
    sc->cs_polarity = SSI_CS_LOW;
    DEVICE_CLASS(oc)->vmsd = &vmstate_ssi_peer;
}

static const TypeInfo ssi_peer_types[] = {
    {
        .name = TYPE_SSI_PEER,
        .parent = TYPE_SSI_PERIPHERAL,
        .instance_size = sizeof(SsiPeerState),
        .instance_init = ssi_peer_init,
        .instance_finalize = ssi_peer_finalize,
        .class_init = ssi_peer_class_init,
    },
};

DEFINE_TYPES(ssi_peer_types)
