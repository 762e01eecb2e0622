/*
 * The slave of an LPI2C on the bus of another one, as a board connects their
 * SDA and SCL (IMXRT1170RM, chapter "Low Power Inter-Integrated Circuit"):
 *
 *   -device rt1176-lpi2c-slave,bus=lpi2c1,lpi2c=lpi2c2
 *
 * QEMU's bus has octets with their acknowledge.  START, STOP, the master's
 * acknowledge and a clock that a slave stretches are told past it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "rt1176_lpi2c_internal.h"

OBJECT_DECLARE_SIMPLE_TYPE(Rt1176Lpi2cTarget, RT1176_LPI2C_SLAVE)

struct Rt1176Lpi2cTarget {
    I2CSlave parent_obj;

    Rt1176Lpi2cState *lpi2c;
};

/*
 * QEMU finds the slaves of a transfer that is loaded by their one address.
 * What these ones answer to is in registers, so they get numbers above.
 */
#define ADDRESS_OF_THE_FIRST 0x80

/* ---- what QEMU's bus knows ---- */

static bool target_match_and_add(I2CSlave *candidate, uint8_t address,
                                 bool broadcast, I2CNodeList *current_devs)
{
    I2CNode *node;

    if (!lpi2c_slave_answers(RT1176_LPI2C_SLAVE(candidate)->lpi2c, address)) {
        return false;
    }
    node = g_new(I2CNode, 1);
    node->elt = candidate;
    QLIST_INSERT_HEAD(current_devs, node, next);
    return true;
}

static int target_event(I2CSlave *dev, enum i2c_event event)
{
    Rt1176Lpi2cState *s = RT1176_LPI2C_SLAVE(dev)->lpi2c;
    Rt1176Lpi2cState *master = RT1176_LPI2C(s->slave.bus->qbus.parent);

    switch (event) {
    case I2C_START_RECV:
    case I2C_START_SEND:
        return lpi2c_slave_address(s, master->octet) ? 0 : -1;
    case I2C_NACK:
        lpi2c_slave_acknowledged(s, false);
        return 0;
    default: /* see lpi2c_targets_start(), lpi2c_targets_stop() */
        return 0;
    }
}

static int target_send(I2CSlave *dev, uint8_t octet)
{
    return lpi2c_slave_receive(RT1176_LPI2C_SLAVE(dev)->lpi2c, octet) ? 0 : -1;
}

static uint8_t target_receive(I2CSlave *dev)
{
    return lpi2c_slave_send(RT1176_LPI2C_SLAVE(dev)->lpi2c);
}

/* ---- ... and what it does not ---- */

static Rt1176Lpi2cState *slave_of(DeviceState *dev)
{
    Rt1176Lpi2cTarget *target = (Rt1176Lpi2cTarget *)object_dynamic_cast(
        OBJECT(dev), TYPE_RT1176_LPI2C_SLAVE);

    return target ? target->lpi2c : NULL;
}

void lpi2c_targets_start(I2CBus *bus)
{
    BusChild *kid;

    QTAILQ_FOREACH(kid, &bus->qbus.children, sibling) {
        if (slave_of(kid->child)) {
            lpi2c_slave_start(slave_of(kid->child));
        }
    }
}

void lpi2c_targets_stop(I2CBus *bus)
{
    BusChild *kid;

    QTAILQ_FOREACH(kid, &bus->qbus.children, sibling) {
        if (slave_of(kid->child)) {
            lpi2c_slave_stop(slave_of(kid->child));
        }
    }
}

bool lpi2c_targets_stretch(I2CBus *bus)
{
    BusChild *kid;

    QTAILQ_FOREACH(kid, &bus->qbus.children, sibling) {
        if (slave_of(kid->child) && slave_of(kid->child)->slave.stretches) {
            return true;
        }
    }
    return false;
}

void lpi2c_targets_acknowledged(I2CBus *bus)
{
    I2CNode *node;

    QLIST_FOREACH(node, &bus->current_devs, next) {
        if (slave_of(DEVICE(node->elt))) {
            lpi2c_slave_acknowledged(slave_of(DEVICE(node->elt)), true);
        }
    }
}

bool lpi2c_targets_are_asked(I2CBus *bus)
{
    I2CNode *node;

    QLIST_FOREACH(node, &bus->current_devs, next) {
        Rt1176Lpi2cState *s = slave_of(DEVICE(node->elt));

        if (s && lpi2c_slave_is_asked(s)) {
            return true;
        }
    }
    return false;
}

/* Others on the bus have acknowledged before: it is a general call. */
bool lpi2c_targets_acknowledge(I2CBus *bus)
{
    I2CNode *node;

    QLIST_FOREACH(node, &bus->current_devs, next) {
        Rt1176Lpi2cState *s = slave_of(DEVICE(node->elt));

        if (!s || s->slave.acknowledges) {
            return true;
        }
    }
    return false;
}

/* ---- device ---- */

static unsigned targets_before(I2CBus *bus, DeviceState *dev)
{
    unsigned count = 0;
    BusChild *kid;

    QTAILQ_FOREACH(kid, &bus->qbus.children, sibling) {
        count += kid->child != dev && slave_of(kid->child);
    }
    return count;
}

static void target_realize(DeviceState *dev, Error **errp)
{
    Rt1176Lpi2cTarget *target = RT1176_LPI2C_SLAVE(dev);
    I2CBus *bus = I2C_BUS(qdev_get_parent_bus(dev));

    if (!target->lpi2c) {
        error_setg(errp, "property 'lpi2c' is not set");
        return;
    }
    if (!object_dynamic_cast(OBJECT(bus->qbus.parent), TYPE_RT1176_LPI2C)) {
        error_setg(errp, "bus '%s' is not an LPI2C's", bus->qbus.name);
        return;
    }
    if (target->lpi2c->slave.bus) {
        error_setg(errp, "%s is a slave on bus '%s' already",
                   target->lpi2c->i2c, target->lpi2c->slave.bus->qbus.name);
        return;
    }
    target->lpi2c->slave.bus = bus;
    i2c_slave_set_address(I2C_SLAVE(dev),
                          ADDRESS_OF_THE_FIRST + targets_before(bus, dev));
}

static const VMStateDescription vmstate_target = {
    .name = TYPE_RT1176_LPI2C_SLAVE,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_I2C_SLAVE(parent_obj, Rt1176Lpi2cTarget),
        VMSTATE_END_OF_LIST()
    }
};

static const Property target_properties[] = {
    DEFINE_PROP_LINK("lpi2c", Rt1176Lpi2cTarget, lpi2c, TYPE_RT1176_LPI2C,
                     Rt1176Lpi2cState *),
};

static void target_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    I2CSlaveClass *sc = I2C_SLAVE_CLASS(klass);

    dc->realize = target_realize;
    dc->vmsd = &vmstate_target;
    dc->desc = "i.MX RT1176 LPI2C as slave on a bus";
    dc->hotpluggable = false;
    device_class_set_props(dc, target_properties);
    sc->match_and_add = target_match_and_add;
    sc->event = target_event;
    sc->send = target_send;
    sc->recv = target_receive;
}

static const TypeInfo target_types[] = {
    {
        .name = TYPE_RT1176_LPI2C_SLAVE,
        .parent = TYPE_I2C_SLAVE,
        .instance_size = sizeof(Rt1176Lpi2cTarget),
        .class_init = target_class_init,
    },
};

DEFINE_TYPES(target_types)
