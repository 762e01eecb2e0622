/*
 * A peer on an I2C bus for device tests: it keeps a log of what comes and gives
 * the answers it is told to give.  Property "accepts": it acknowledges so many
 * octets of a transfer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/i2c/i2c.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qemu/module.h"
#include "peer_log.h"

#define TYPE_I2C_PEER "mews-i2c-peer"
OBJECT_DECLARE_SIMPLE_TYPE(I2cPeerState, I2C_PEER)

struct I2cPeerState {
    I2CSlave parent_obj;

    PeerLog log;
    uint32_t accepts;
    uint32_t accepted; /* of this transfer */
};

static int i2c_peer_event(I2CSlave *dev, enum i2c_event event)
{
    static const char *const name[] = {
        [I2C_START_RECV] = "start-receive",
        [I2C_START_SEND] = "start-send",
        [I2C_START_SEND_ASYNC] = "start-send-async",
        [I2C_FINISH] = "finish",
        [I2C_NACK] = "nack",
    };

    I2C_PEER(dev)->accepted = 0;
    peer_log_event(&I2C_PEER(dev)->log, name[event]);
    return 0;
}

static int i2c_peer_send(I2CSlave *dev, uint8_t octet)
{
    I2cPeerState *s = I2C_PEER(dev);

    peer_log_octet(&s->log, "send", octet);
    return s->accepted++ < s->accepts ? 0 : -1;
}

static uint8_t i2c_peer_receive(I2CSlave *dev)
{
    PeerLog *log = &I2C_PEER(dev)->log;
    uint8_t octet = peer_log_answer(log);

    peer_log_octet(log, "receive", octet);
    return octet;
}

static void i2c_peer_init(Object *obj)
{
    peer_log_init(obj, &I2C_PEER(obj)->log);
}

static void i2c_peer_finalize(Object *obj)
{
    peer_log_finalize(&I2C_PEER(obj)->log);
}

static const VMStateDescription vmstate_i2c_peer = {
    .name = TYPE_I2C_PEER,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_I2C_SLAVE(parent_obj, I2cPeerState),
        VMSTATE_UINT32(accepted, I2cPeerState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property i2c_peer_properties[] = {
    DEFINE_PROP_UINT32("accepts", I2cPeerState, accepts, UINT32_MAX),
};

static void i2c_peer_class_init(ObjectClass *oc, void *data)
{
    I2CSlaveClass *sc = I2C_SLAVE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    sc->event = i2c_peer_event;
    sc->send = i2c_peer_send;
    sc->recv = i2c_peer_receive;
    dc->vmsd = &vmstate_i2c_peer;
    device_class_set_props(dc, i2c_peer_properties);
}

static const TypeInfo i2c_peer_types[] = {
    {
        .name = TYPE_I2C_PEER,
        .parent = TYPE_I2C_SLAVE,
        .instance_size = sizeof(I2cPeerState),
        .instance_init = i2c_peer_init,
        .instance_finalize = i2c_peer_finalize,
        .class_init = i2c_peer_class_init,
    },
};

DEFINE_TYPES(i2c_peer_types)
