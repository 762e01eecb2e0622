/*
 * What a board has around the i.MX RT1176: an inertial sensor on an LPSPI, with
 * its interrupts on pads.  Machine properties say which, and where.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/qdev-properties.h"
#include "../sensors/icm42688.h"
#include "mimxrt1176_internal.h"

/* Properties of the machine, and what they are without being set. */
static const struct {
    const char *name;
    const char *preset;
    const char *description;
} board_property[BOARD_PROPERTIES] = {
    [BOARD_IMU] = { "imu", NULL,
                    "an ICM-42688-P on this bus, \"lpspi1\" to \"lpspi6\""
                    " (default: none)" },
    [BOARD_IMU_SAMPLES] = { "imu-samples", NULL,
                            "file of what it feels (default: it is at rest)" },
    [BOARD_IMU_PCS] = { "imu-pcs", "0",
                        "its chip select: PCS 0 to 3, or a pad that is a GPIO"
                        " (default: 0)" },
    [BOARD_IMU_INT1] = { "imu-int1", "GPIO_AD_27", "pad at its pin INT1" },
    [BOARD_IMU_INT2] = { "imu-int2", "", "... at INT2; empty: open" },
};

static void set_board(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    char **value = &MIMXRT1176_MACHINE(obj)->board[(uintptr_t)opaque];
    char *text;

    if (visit_type_str(v, name, &text, errp)) {
        g_free(*value);
        *value = text;
    }
}

void mimxrt1176_add_board_options(ObjectClass *klass)
{
    for (uintptr_t n = 0; n < BOARD_PROPERTIES; n++) {
        object_class_property_add(klass, board_property[n].name, "string",
                                  NULL, set_board, NULL, (void *)n);
        object_class_property_set_description(klass, board_property[n].name,
                                              board_property[n].description);
    }
}

static const char *board_value(const Mimxrt1176MachineState *s,
                               BoardProperty n)
{
    return s->board[n] ? s->board[n] : board_property[n].preset;
}

#define NO_PAD (-1)

/* The number of pad @name, or NO_PAD. */
static int find_pad(Mimxrt1176MachineState *s, const char *name)
{
    unsigned first = 0;

    for (unsigned n = 0; n < RT1176_PAD_DOMAINS; n++) {
        Rt1176RegisterFile *file = s->pads.iomuxc[n];

        for (unsigned pad = 0; pad < rt1176_pads(file); pad++) {
            g_autofree char *found = rt1176_pad_name(file, pad);

            if (!strcmp(found, name)) {
                return first + pad;
            }
        }
        first += rt1176_pads(file);
    }
    return NO_PAD;
}

static bool connect_interrupt(Mimxrt1176MachineState *s, DeviceState *imu,
                              unsigned output, BoardProperty property,
                              Error **errp)
{
    const char *name = board_value(s, property);
    int pad = find_pad(s, name);

    if (pad != NO_PAD) {
        qdev_connect_gpio_out_named(imu, "int", output,
                                    qdev_get_gpio_in(DEVICE(&s->pads), pad));
    } else if (*name) {
        error_setg(errp, "%s: there is no pad '%s'",
                   board_property[property].name, name);
        return false;
    }
    return true;
}

static Rt1176LpspiState *find_lpspi(Mimxrt1176MachineState *s,
                                    const char *name)
{
    for (unsigned n = 0; n < LPSPIS; n++) {
        if (!strcmp(s->lpspi[n].spi, name)) {
            return &s->lpspi[n];
        }
    }
    return NULL;
}

static void make_imu(Mimxrt1176MachineState *s, const char *bus, Error **errp)
{
    Rt1176LpspiState *lpspi = find_lpspi(s, bus);
    const char *pcs = board_value(s, BOARD_IMU_PCS);
    bool by_lpspi = strlen(pcs) == 1 && *pcs >= '0' && *pcs <= '3';
    int pad = by_lpspi ? NO_PAD : find_pad(s, pcs);
    const char *samples = board_value(s, BOARD_IMU_SAMPLES);
    DeviceState *imu;

    if (!lpspi) {
        error_setg(errp, "imu: there is no bus '%s'", bus);
        return;
    }
    if (!by_lpspi && pad == NO_PAD) {
        error_setg(errp, "imu-pcs: '%s' is none of 0 to 3, and no pad", pcs);
        return;
    }
    imu = qdev_new(TYPE_ICM42688);
    object_property_add_child(OBJECT(s), "icm42688", OBJECT(imu));
    qdev_prop_set_uint8(imu, "cs", by_lpspi ? *pcs - '0'
                                            : RT1176_LPSPI_CHIP_SELECTS);
    if (samples) {
        qdev_prop_set_string(imu, "samples", samples);
    }
    if (connect_interrupt(s, imu, 0, BOARD_IMU_INT1, errp) &&
        connect_interrupt(s, imu, 1, BOARD_IMU_INT2, errp) &&
        qdev_realize(imu, BUS(lpspi->peers), errp) && pad != NO_PAD) {
        qdev_connect_gpio_out_named(
            DEVICE(&s->pads), "drives", pad,
            qdev_get_gpio_in_named(imu, SSI_GPIO_CS, 0));
    }
    object_unref(OBJECT(imu));
}

void mimxrt1176_make_board(Mimxrt1176MachineState *s)
{
    const char *bus = board_value(s, BOARD_IMU);

    if (bus) {
        make_imu(s, bus, &error_fatal);
    }
}

void mimxrt1176_free_board(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < BOARD_PROPERTIES; n++) {
        g_free(s->board[n]);
    }
}
