/*
 * The pads of the i.MX RT1176 (IMXRT1170RM, chapters "External Signals and Pin
 * Multiplexing", "IOMUX Controller" and "General Purpose Input/Output").  A pad
 * follows a GPIO port only while its multiplexer says so; what no port drives
 * has the level that the board gives it, or the pull of the pad.  See
 * docs/devices/rt1176-gpio.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "../wire/wire.h"
#include "rt1176_pads.h"

/*
 * SW_PAD_CTL_PAD comes in two layouts: pads of 1.8 V or 3.3 V ("PDRV") have
 * PULL, the others PUE and PUS.  ODE is not everywhere at the same bit.
 */
FIELD(PAD_PDRV, PULL, 2, 2)
FIELD(PAD_PUE, PUE, 2, 1)
FIELD(PAD_PUE, PUS, 3, 1)
enum { PULL_FORBIDDEN, PULL_UP, PULL_DOWN, PULL_NONE };

/* MUX_MODE of GPIO1..6 and GPIO13, of GPIO7..12. */
#define ALT_GPIO 5
#define ALT_GPIO_7_12 10

/* GPR40 to GPR43 choose between GPIO2, GPIO3 and CM7_GPIO2, CM7_GPIO3. */
#define GPR40 0xa0
#define GPR_SIGNALS 16
#define GPIO2 2
#define GPIO3 3

#define RELEASED 2 /* by the board */
#define NO_PORT 0

static const struct {
    const char *link;
    unsigned first;
    unsigned count;
    uint32_t open_drain; /* ODE */
} domain[RT1176_PAD_DOMAINS] = {
    [RT1176_PADS_OF_MAIN] = { "iomuxc", 0, RT1176_PADS_MAIN, 1 << 4 },
    [RT1176_PADS_OF_LPSR] = { "iomuxc-lpsr", RT1176_PADS_MAIN,
                              RT1176_PADS_LPSR, 1 << 5 },
    [RT1176_PADS_OF_SNVS] = { "iomuxc-snvs",
                              RT1176_PADS_MAIN + RT1176_PADS_LPSR,
                              RT1176_PADS_SNVS, 1 << 6 },
};

static Rt1176PadDomain domain_of(unsigned pad)
{
    return pad >= domain[RT1176_PADS_OF_SNVS].first   ? RT1176_PADS_OF_SNVS
           : pad >= domain[RT1176_PADS_OF_LPSR].first ? RT1176_PADS_OF_LPSR
                                                      : RT1176_PADS_OF_MAIN;
}

static unsigned number_in_domain(unsigned pad)
{
    return pad - domain[domain_of(pad)].first;
}

static unsigned pad_mux(const Rt1176PadsState *s, unsigned pad)
{
    return rt1176_pad_mux(s->iomuxc[domain_of(pad)], number_in_domain(pad));
}

static bool pad_sion(const Rt1176PadsState *s, unsigned pad)
{
    return rt1176_pad_sion(s->iomuxc[domain_of(pad)], number_in_domain(pad));
}

static uint32_t pad_control(const Rt1176PadsState *s, unsigned pad)
{
    return rt1176_pad_control(s->iomuxc[domain_of(pad)],
                              number_in_domain(pad));
}

/* ---- which port a pad belongs to ---- */

/* The pads of a port are in a row: 32 of them are a port. */
static unsigned bit_of(unsigned pad)
{
    return number_in_domain(pad) % 32;
}

/* Of GPIO1..6 and GPIO13. */
static unsigned first_port_of(unsigned pad)
{
    switch (domain_of(pad)) {
    case RT1176_PADS_OF_MAIN:
        return RT1176_GPIO1 + pad / 32;
    case RT1176_PADS_OF_LPSR:
        return RT1176_GPIO6;
    default:
        return RT1176_GPIO13;
    }
}

/* The port on the M7's own bus, or none. */
static unsigned fast_port_of(unsigned pad)
{
    switch (first_port_of(pad)) {
    case GPIO2:
        return RT1176_CM7_GPIO2;
    case GPIO3:
        return RT1176_CM7_GPIO3;
    default:
        return NO_PORT;
    }
}

/* Of GPIO7..12, or none. */
static unsigned second_port_of(unsigned pad)
{
    unsigned first = first_port_of(pad);

    return first == RT1176_GPIO13 ? NO_PORT
                                  : first + RT1176_GPIO7 - RT1176_GPIO1;
}

static bool is_fast(const Rt1176PadsState *s, unsigned pad)
{
    unsigned half = 2 * (first_port_of(pad) - GPIO2) +
                    bit_of(pad) / GPR_SIGNALS;

    return fast_port_of(pad) != NO_PORT &&
           extract32(rt1176_register_file_get(s->gpr, GPR40 + 4 * half),
                     bit_of(pad) % GPR_SIGNALS, 1);
}

/* The port that the multiplexer has given the pad to, or none. */
static unsigned port_of(const Rt1176PadsState *s, unsigned pad)
{
    switch (pad_mux(s, pad)) {
    case ALT_GPIO:
        return is_fast(s, pad) ? fast_port_of(pad) : first_port_of(pad);
    case ALT_GPIO_7_12:
        return second_port_of(pad);
    default:
        return NO_PORT;
    }
}

/* The pad of signal @bit of @port; RT1176_PAD_COUNT: there is none. */
static unsigned pad_of(Rt1176GpioPort port, unsigned bit)
{
    unsigned pad;

    switch (port) {
    case RT1176_GPIO13:
        return bit < RT1176_PADS_SNVS ? domain[RT1176_PADS_OF_SNVS].first + bit
                                      : RT1176_PAD_COUNT;
    case RT1176_GPIO6:
    case RT1176_GPIO12:
        return bit < RT1176_PADS_LPSR ? domain[RT1176_PADS_OF_LPSR].first + bit
                                      : RT1176_PAD_COUNT;
    case RT1176_CM7_GPIO2:
    case RT1176_CM7_GPIO3:
        return 32 * (port - RT1176_CM7_GPIO2 + GPIO2 - RT1176_GPIO1) + bit;
    default:
        pad = 32 * (port - (port >= RT1176_GPIO7 ? RT1176_GPIO7
                                                 : RT1176_GPIO1)) + bit;
        return pad < RT1176_PADS_MAIN ? pad : RT1176_PAD_COUNT;
    }
}

/* ---- levels ---- */

/* Pads of GPIO_AD, GPIO_DISP_B2 and outside the main domain have PUE, PUS. */
static bool has_pue(unsigned pad)
{
    return pad >= 129 || (pad >= 63 && pad < 99);
}

static bool pulled_level(const Rt1176PadsState *s, unsigned pad)
{
    uint32_t control = pad_control(s, pad);

    if (has_pue(pad)) {
        return FIELD_EX32(control, PAD_PUE, PUE) &&
               FIELD_EX32(control, PAD_PUE, PUS);
    }
    return FIELD_EX32(control, PAD_PDRV, PULL) == PULL_UP;
}

/* Whether @port, which may be none, drives the pad, and to what. */
static bool port_drives(const Rt1176PadsState *s, unsigned pad, unsigned port,
                        bool *level)
{
    const Rt1176GpioState *gpio = s->port[port];
    bool open_drain = pad_control(s, pad) & domain[domain_of(pad)].open_drain;

    if (!gpio || !extract32(gpio->gdir, bit_of(pad), 1)) {
        return false;
    }
    *level = extract32(gpio->dr, bit_of(pad), 1);
    return !(open_drain && *level);
}

/*
 * A port's input path is on while the pad is its input; SION forces it on for
 * its outputs and for other functions (chapter "IOMUX Controller", "SW loopback
 * through SION bit").
 */
static bool input_is_on(const Rt1176PadsState *s, unsigned pad, unsigned port)
{
    return pad_sion(s, pad) ||
           (port_of(s, pad) == port &&
            !extract32(s->port[port]->gdir, bit_of(pad), 1));
}

static void update_inputs(Rt1176PadsState *s, unsigned pad)
{
    const unsigned ports[] = { first_port_of(pad), second_port_of(pad),
                               fast_port_of(pad) };

    for (unsigned i = 0; i < ARRAY_SIZE(ports); i++) {
        if (s->port[ports[i]]) {
            rt1176_gpio_set_input(s->port[ports[i]], bit_of(pad),
                                  input_is_on(s, pad, ports[i]),
                                  s->level[pad]);
        }
    }
}

static void update_pad(Rt1176PadsState *s, unsigned pad)
{
    bool level = false;
    bool driven = port_drives(s, pad, port_of(s, pad), &level);

    if (driven && s->board[pad] != RELEASED && s->board[pad] != level) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-pads: pad %u is an output and"
                      " is driven from outside\n", pad);
    }
    if (!driven) {
        level = s->board[pad] != RELEASED ? s->board[pad]
                                          : pulled_level(s, pad);
    }
    s->level[pad] = level;
    s->driven[pad] |= driven;
    if (s->driven[pad]) {
        wire_pin_set(s->wire_pin[pad], qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL),
                     level);
    }
    qemu_set_irq(s->drives[pad], driven ? level : -1);
    update_inputs(s, pad);
}

void rt1176_pads_update(Rt1176PadsState *s, Rt1176GpioPort port, uint32_t bits)
{
    for (; bits; bits &= bits - 1) {
        unsigned pad = pad_of(port, ctz32(bits));

        if (pad < RT1176_PAD_COUNT) {
            update_pad(s, pad);
        }
    }
}

void rt1176_pads_attach(Rt1176PadsState *s, Rt1176GpioState *port)
{
    assert(!s->port[port->port]);
    s->port[port->port] = port;
}

static void set_board_level(void *opaque, int pad, int level)
{
    Rt1176PadsState *s = opaque;

    s->board[pad] = level < 0 ? RELEASED : level;
    update_pad(s, pad);
}

/* ---- changes of IOMUXC ---- */

static void update_pads(Rt1176PadsState *s, unsigned first, unsigned count)
{
    for (unsigned pad = first; pad < first + count; pad++) {
        update_pad(s, pad);
    }
}

static void iomuxc_change(Rt1176PadsState *s, Rt1176PadDomain n,
                          const Rt1176RegisterChange *change)
{
    int pad = rt1176_pad_of_change(change);

    if (change->old == change->value) {
        update_pads(s, domain[n].first, domain[n].count); /* a reset */
    } else if (pad >= 0) {
        update_pad(s, domain[n].first + pad);
    }
}

static void iomuxc_changed(Notifier *notifier, void *data)
{
    iomuxc_change(container_of(notifier, Rt1176PadsState, iomuxc_changed),
                  RT1176_PADS_OF_MAIN, data);
}

static void iomuxc_lpsr_changed(Notifier *notifier, void *data)
{
    iomuxc_change(container_of(notifier, Rt1176PadsState, iomuxc_lpsr_changed),
                  RT1176_PADS_OF_LPSR, data);
}

static void iomuxc_snvs_changed(Notifier *notifier, void *data)
{
    iomuxc_change(container_of(notifier, Rt1176PadsState, iomuxc_snvs_changed),
                  RT1176_PADS_OF_SNVS, data);
}

static void gpr_changed(Notifier *notifier, void *data)
{
    Rt1176PadsState *s = container_of(notifier, Rt1176PadsState, gpr_changed);
    const Rt1176RegisterChange *change = data;

    if ((change->offset >= GPR40 && change->offset < GPR40 + 16) ||
        change->old == change->value) {
        rt1176_pads_update(s, GPIO2, UINT32_MAX);
        rt1176_pads_update(s, GPIO3, UINT32_MAX);
    }
}

/* ---- device ---- */

static void pads_realize(DeviceState *dev, Error **errp)
{
    Rt1176PadsState *s = RT1176_PADS(dev);
    Notifier *notifier[] = { &s->iomuxc_changed, &s->iomuxc_lpsr_changed,
                             &s->iomuxc_snvs_changed };

    for (unsigned n = 0; n < RT1176_PAD_DOMAINS; n++) {
        if (!s->iomuxc[n] || !s->gpr) {
            error_setg(errp, "rt1176-pads: link '%s' is not set",
                       s->gpr ? domain[n].link : "iomuxc-gpr");
            return;
        }
        assert(rt1176_pads(s->iomuxc[n]) == domain[n].count);
    }
    s->iomuxc_changed.notify = iomuxc_changed;
    s->iomuxc_lpsr_changed.notify = iomuxc_lpsr_changed;
    s->iomuxc_snvs_changed.notify = iomuxc_snvs_changed;
    s->gpr_changed.notify = gpr_changed;
    for (unsigned n = 0; n < RT1176_PAD_DOMAINS; n++) {
        rt1176_register_file_notify(s->iomuxc[n], notifier[n]);
    }
    rt1176_register_file_notify(s->gpr, &s->gpr_changed);
    for (unsigned pad = 0; pad < RT1176_PAD_COUNT; pad++) {
        g_autofree char *name = rt1176_pad_name(s->iomuxc[domain_of(pad)],
                                                number_in_domain(pad));

        s->board[pad] = RELEASED;
        s->wire_pin[pad] = wire_pin_new(name);
        wire_pin_set_input(s->wire_pin[pad], qdev_get_gpio_in(dev, pad));
    }
}

static void pads_init(Object *obj)
{
    qdev_init_gpio_in(DEVICE(obj), set_board_level, RT1176_PAD_COUNT);
    qdev_init_gpio_out_named(DEVICE(obj), RT1176_PADS(obj)->drives, "drives",
                             RT1176_PAD_COUNT);
}

static const VMStateDescription vmstate_pads = {
    .name = TYPE_RT1176_PADS,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(board, Rt1176PadsState, RT1176_PAD_COUNT),
        VMSTATE_BOOL_ARRAY(level, Rt1176PadsState, RT1176_PAD_COUNT),
        VMSTATE_BOOL_ARRAY(driven, Rt1176PadsState, RT1176_PAD_COUNT),
        VMSTATE_END_OF_LIST()
    }
};

static const Property pads_properties[] = {
    DEFINE_PROP_LINK("iomuxc", Rt1176PadsState, iomuxc[RT1176_PADS_OF_MAIN],
                     TYPE_RT1176_REGISTER_FILE, Rt1176RegisterFile *),
    DEFINE_PROP_LINK("iomuxc-lpsr", Rt1176PadsState,
                     iomuxc[RT1176_PADS_OF_LPSR], TYPE_RT1176_REGISTER_FILE,
                     Rt1176RegisterFile *),
    DEFINE_PROP_LINK("iomuxc-snvs", Rt1176PadsState,
                     iomuxc[RT1176_PADS_OF_SNVS], TYPE_RT1176_REGISTER_FILE,
                     Rt1176RegisterFile *),
    DEFINE_PROP_LINK("iomuxc-gpr", Rt1176PadsState, gpr,
                     TYPE_RT1176_REGISTER_FILE, Rt1176RegisterFile *),
};

static void pads_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = pads_realize;
    dc->vmsd = &vmstate_pads;
    dc->desc = "i.MX RT1176 pads";
    device_class_set_props(dc, pads_properties);
}

static const TypeInfo pads_types[] = {
    {
        .name = TYPE_RT1176_PADS,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176PadsState),
        .instance_init = pads_init,
        .class_init = pads_class_init,
    },
};
DEFINE_TYPES(pads_types)
