/*
 * LPSPI as slave (IMXRT1170RM, chapter "Low Power Serial Peripheral Interface",
 * "Slave mode"), at a chip select of another LPSPI, as a board connects SCK,
 * PCS, SIN and SOUT of both:
 *
 *   -device rt1176-lpspi-slave,bus=lpspi1,cs=0,lpspi=lpspi2,pcs=0
 *
 * The master's clock shifts it bit by bit; it never makes the master wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "rt1176_lpspi_internal.h"

#define CHAIN_BITS 32 /* of the shift register, in a continuous transfer */

OBJECT_DECLARE_SIMPLE_TYPE(Rt1176LpspiTarget, RT1176_LPSPI_SLAVE)

struct Rt1176LpspiTarget {
    SSIPeripheral parent_obj;

    Rt1176LpspiState *lpspi;
    uint8_t pcs; /* its pin that the chip select goes to */
};

/* ---- frames ---- */

static void begin_frame(Rt1176LpspiState *s)
{
    lpspi_load_frame(s);
    s->over = false;
    s->chain = s->shift_out << (CHAIN_BITS - s->word_bits);
}

static void end_frame(Rt1176LpspiState *s)
{
    s->sr |= R_SR_FCF_MASK;
    lpspi_load_commands(s);
}

static void word_ended(Rt1176LpspiState *s)
{
    lpspi_word_received(s);
    if (s->bits_left) {
        s->first_word = false;
        lpspi_load_word(s);
        return;
    }
    s->over = true;
    if (FIELD_EX32(s->cfgr1, CFGR1, AUTOPCS) && TCR_BIT(s, CPHA)) {
        end_frame(s);
    }
}

/* A bit after the last one of the frame; true: a new frame begins with it. */
static bool continues(Rt1176LpspiState *s)
{
    if (FIELD_EX32(s->cfgr1, CFGR1, AUTOPCS) && TCR_BIT(s, CPHA)) {
        begin_frame(s);
        return true;
    }
    if (!TCR_BIT(s, CONT) && s->word_bits) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: a frame of more than %u bits\n",
                      s->spi, TCR_BIT(s, FRAMESZ) + 1);
        s->word_bits = 0; /* said once a frame */
    }
    return false;
}

/* What is sent while the master's bit @in is sampled. */
static bool exchange_bit(Rt1176LpspiState *s, bool in)
{
    bool out = true; /* nobody drives the line */

    if (s->over && !continues(s)) {
        if (TCR_BIT(s, CONT) && !TCR_BIT(s, TXMSK)) {
            out = extract32(s->chain, CHAIN_BITS - 1, 1);
        }
        s->chain = s->chain << 1 | in;
        return out;
    }
    if (!TCR_BIT(s, TXMSK)) {
        out = extract32(s->shift_out, s->word_bits - 1 - s->word_done, 1);
    }
    s->chain = s->chain << 1 | in;
    s->shift_in = s->shift_in << 1 | in;
    s->word_done++;
    if (s->word_done == s->word_bits) {
        word_ended(s);
    }
    return out;
}

/* ---- lines ---- */

void lpspi_slave_go_on(Rt1176LpspiState *s)
{
    if (!s->selected && clock_is_enabled(s->clk)) {
        lpspi_load_commands(s);
    }
}

static Rt1176LpspiState *master_of(Rt1176LpspiTarget *target)
{
    return RT1176_LPSPI(qdev_get_parent_bus(DEVICE(target))->parent);
}

/* Edges of SCK, and the number of lines, are what the slave expects. */
static bool understands(const Rt1176LpspiState *s,
                        const Rt1176LpspiState *master)
{
    uint32_t same = R_TCR_CPOL_MASK | R_TCR_CPHA_MASK | R_TCR_WIDTH_MASK;

    if ((s->tcr ^ master->tcr) & same) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: CPOL, CPHA or WIDTH differ from "
                      "those of the master (TCR 0x%x, 0x%x)\n", s->spi, s->tcr,
                      master->tcr);
        return false;
    }
    return true;
}

static bool has_pcs(const Rt1176LpspiState *s, unsigned pcs)
{
    return TCR_BIT(s, PCS) == pcs &&
           (pcs < 2 || !FIELD_EX32(s->cfgr1, CFGR1, PCSCFG));
}

static void pcs_asserted(Rt1176LpspiTarget *target)
{
    Rt1176LpspiState *s = target->lpspi;

    if ((s->cr & (R_CR_MEN_MASK | R_CR_RST_MASK)) != R_CR_MEN_MASK ||
        s->stopping || FIELD_EX32(s->cfgr1, CFGR1, MASTER) ||
        !has_pcs(s, target->pcs) || !understands(s, master_of(target))) {
        return;
    }
    s->selected = true;
    s->words = 0;
    begin_frame(s);
}

/* A word that is not complete is lost. */
static void pcs_negated(Rt1176LpspiState *s)
{
    if (!s->selected) {
        return;
    }
    s->selected = false;
    if (s->stopping) {
        s->stopping = false;
        s->cr &= ~R_CR_MEN_MASK;
    }
    end_frame(s);
}

/* A change of the chip select; before MEN there is nobody to see it. */
static void target_set_pcs(void *opaque, int n, int level)
{
    Rt1176LpspiTarget *target = opaque;
    Rt1176LpspiState *s = target->lpspi;
    bool active = extract32(s->cfgr1, R_CFGR1_PCSPOL_SHIFT + target->pcs, 1);

    if (!level == active) {
        pcs_negated(s);
    } else if (!s->selected) {
        pcs_asserted(target);
    }
    /* of a peer whose chip select is low when it is asserted */
    target->parent_obj.cs = !s->selected;
    lpspi_update(s);
}

/* As many bits as the master samples at a time. */
static uint32_t target_transfer(SSIPeripheral *dev, uint32_t value)
{
    Rt1176LpspiTarget *target = RT1176_LPSPI_SLAVE(dev);
    Rt1176LpspiState *s = target->lpspi;
    unsigned bits = master_of(target)->chunk;
    uint32_t answer = 0;

    if (!s->selected) {
        /* a peer that is not selected adds nothing to what others answer */
        return dev->cs ? 0 : MAKE_64BIT_MASK(0, bits);
    }
    for (unsigned n = bits; n--;) {
        answer = answer << 1 | exchange_bit(s, extract32(value, n, 1));
    }
    lpspi_update(s);
    return answer;
}

/* ---- device ---- */

static void target_realize(SSIPeripheral *dev, Error **errp)
{
    Rt1176LpspiTarget *target = RT1176_LPSPI_SLAVE(dev);
    BusState *bus = qdev_get_parent_bus(DEVICE(dev));

    if (!target->lpspi) {
        error_setg(errp, "property 'lpspi' is not set");
        return;
    }
    if (target->pcs >= RT1176_LPSPI_CHIP_SELECTS) {
        error_setg(errp, "property 'pcs' is %u, but there are PCS0 to PCS%u",
                   target->pcs, RT1176_LPSPI_CHIP_SELECTS - 1);
        return;
    }
    if (!object_dynamic_cast(OBJECT(bus->parent), TYPE_RT1176_LPSPI) ||
        bus->parent == DEVICE(target->lpspi)) {
        error_setg(errp, "bus '%s' is not that of another LPSPI", bus->name);
        return;
    }
    if (target->lpspi->wired) {
        error_setg(errp, "%s is a slave on a bus already", target->lpspi->spi);
        return;
    }
    target->lpspi->wired = true;
    dev->cs = true;
    qdev_init_gpio_in_named(DEVICE(dev), target_set_pcs, SSI_GPIO_CS, 1);
}

static const VMStateDescription vmstate_target = {
    .name = TYPE_RT1176_LPSPI_SLAVE,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_SSI_PERIPHERAL(parent_obj, Rt1176LpspiTarget),
        VMSTATE_END_OF_LIST()
    }
};

static const Property target_properties[] = {
    DEFINE_PROP_LINK("lpspi", Rt1176LpspiTarget, lpspi, TYPE_RT1176_LPSPI,
                     Rt1176LpspiState *),
    DEFINE_PROP_UINT8("pcs", Rt1176LpspiTarget, pcs, 0),
};

static void target_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    SSIPeripheralClass *sc = SSI_PERIPHERAL_CLASS(klass);

    dc->vmsd = &vmstate_target;
    dc->desc = "i.MX RT1176 LPSPI as slave on a bus";
    dc->hotpluggable = false;
    device_class_set_props(dc, target_properties);
    sc->realize = target_realize;
    sc->transfer_raw = target_transfer;
    sc->cs_polarity = SSI_CS_LOW;
}

static const TypeInfo target_types[] = {
    {
        .name = TYPE_RT1176_LPSPI_SLAVE,
        .parent = TYPE_SSI_PERIPHERAL,
        .instance_size = sizeof(Rt1176LpspiTarget),
        .class_init = target_class_init,
    },
};

DEFINE_TYPES(target_types)
