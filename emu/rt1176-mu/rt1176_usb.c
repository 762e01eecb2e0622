/*
 * USB of the i.MX RT1176 without a cable (IMXRT1170RM, chapters "Universal
 * Serial Bus Controller", "USB-PHY"): what a boot loader sees that looks for
 * VBUS or sets up a device.  VBUS is not there, the port is never connected,
 * nothing is ever transferred.  See docs/devices/rt1176-usb.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/registerfields.h"
#include "rt1176_usb.h"

/* ---- controller, with its non-core registers behind it ---- */

REG32(USBCMD, 0x140)
    FIELD(USBCMD, RS, 0, 1)
    FIELD(USBCMD, RST, 1, 1)
REG32(ENDPTPRIME, 0x1b0)
REG32(ENDPTFLUSH, 0x1b4)

static const Rt1176RegisterRow otg_row[] = {
    { .first = 0x000, .count = 1, .reset = 0xe4a1fa05 }, /* ID */
    { .first = 0x004, .count = 1, .reset = 0x00000015 },
    { .first = 0x008, .count = 1, .reset = 0x10020001 },
    { .first = 0x00c, .count = 1, .reset = 0x00000011 },
    { .first = 0x010, .count = 1, .reset = 0x80080b08 },
    { .first = 0x014, .count = 1, .reset = 0x00000808 },
    { .first = 0x080, .count = 2, .writable = 0x00ffffff, .step = 8 },
    { .first = 0x084, .count = 2, .writable = 0xc1ffffff, .step = 8 },
    { .first = 0x090, .count = 1, .reset = 0x2, .writable = 0x7 },
    { .first = 0x100, .count = 1, .reset = 0x01000040 }, /* CAPLENGTH */
    { .first = 0x104, .count = 1, .reset = 0x00010011 },
    { .first = 0x108, .count = 1, .reset = 0x00000006 },
    { .first = 0x120, .count = 1, .reset = 0x00000001 },
    { .first = 0x124, .count = 1, .reset = 0x00000188 },
    { .first = A_USBCMD, .count = 1, .reset = 0x00080000,
      .writable = 0x00ffeb7f },
    { .first = 0x144, .count = 1, .reset = 0x80, .w1c = 0x0300057f },
    { .first = 0x148, .count = 1, .writable = 0x030d05ff }, /* USBINTR */
    { .first = 0x14c, .count = 1, .writable = 0x00003fff }, /* FRINDEX */
    { .first = 0x154, .count = 1, .writable = 0xfffff000 }, /* DEVICEADDR */
    { .first = 0x158, .count = 1, .writable = 0xffffffe0 },
    { .first = 0x160, .count = 1, .reset = 0x808, .writable = 0x0001ffff },
    { .first = 0x164, .count = 1, .writable = 0x003f1fff },
    { .first = 0x178, .count = 1, .w1c = 0x00ff00ff },      /* ENDPTNAK */
    { .first = 0x17c, .count = 1, .writable = 0x00ff00ff },
    { .first = 0x180, .count = 1, .reset = 0x1 },           /* CONFIGFLAG */
    { .first = 0x184, .count = 1, .reset = 0x1c000004,      /* PORTSC1 */
      .writable = 0xd1fff3c4, .w1c = 0x0000002a },
    { .first = 0x1a4, .count = 1, .reset = 0x00202f20,      /* OTGSC */
      .writable = 0x7f00003b, .w1c = 0x007f0000 },
    { .first = 0x1a8, .count = 1, .reset = 0x5000, .writable = 0x1f },
    { .first = 0x1ac, .count = 1, .w1c = 0x0000ffff },      /* SETUPSTAT */
    { .first = A_ENDPTPRIME, .count = 2, .writable = 0x00ff00ff },
    { .first = 0x1b8, .count = 1 },                         /* ENDPTSTAT */
    { .first = 0x1bc, .count = 1, .w1c = 0x00ff00ff },
    { .first = 0x1c0, .count = 1, .reset = 0x00800080, .writable = 0x00010001 },
    { .first = 0x1c4, .count = 7, .writable = 0x00ef00ef },
    { .first = 0x200, .count = 1, .reset = 0x30001000, .writable = 0x2003c780 },
    { .first = 0x204, .count = 1, .reset = 0x5f000000, .writable = 0xf },
    { .first = 0x210, .count = 1, .reset = 0x10004084, .writable = 0x1800 },
};

static const Rt1176RegisterMap otg_map = {
    .desc = "i.MX RT1176 USB controller",
    .size = 0x214,
    .row = otg_row,
    .rows = ARRAY_SIZE(otg_row),
};

/* RST resets what can be written but for what the non-core registers hold. */
static void reset_controller(Rt1176RegisterFile *s)
{
    for (unsigned n = 0; n < ARRAY_SIZE(otg_row); n++) {
        for (unsigned i = 0; otg_row[n].first < 0x200 && i < otg_row[n].count;
             i++) {
            hwaddr step = otg_row[n].step ? otg_row[n].step : 4;

            rt1176_register_file_set(s, otg_row[n].first + step * i,
                                     otg_row[n].reset);
        }
    }
}

/* Resets, primes and flushes are over at once; nothing comes of a prime. */
static void otg_written(Rt1176RegisterFile *s, hwaddr offset, uint32_t old,
                        uint32_t data)
{
    switch (offset) {
    case A_USBCMD:
        if (FIELD_EX32(data, USBCMD, RST)) {
            reset_controller(s);
        } else if (FIELD_EX32(data, USBCMD, RS) &&
                   !FIELD_EX32(old, USBCMD, RS)) {
            qemu_log_mask(LOG_UNIMP, "rt1176-usb-otg: it runs, but no cable is"
                          " ever connected\n");
        }
        break;
    case A_ENDPTPRIME:
    case A_ENDPTFLUSH:
        rt1176_register_file_set(s, offset, 0);
        break;
    }
}

static void otg_class_init(ObjectClass *klass, void *data)
{
    rt1176_register_file_map_class_init(klass, data);
    RT1176_REGISTER_FILE_CLASS(klass)->written = otg_written;
}

/* ---- PHY ---- */

REG32(PLL_SIC, 0x0a0)
    FIELD(PLL_SIC, PLL_POWER, 12, 1)
    FIELD(PLL_SIC, PLL_LOCK, 31, 1)

#define SCT(first_, reset_, writable_) \
    { .first = first_, .count = 1, .reset = reset_, .writable = writable_, \
      .set_clear_toggle = true }

static const Rt1176RegisterRow phy_row[] = {
    SCT(0x000, 0x001e1c00, 0x001e1c00), /* PWD */
    SCT(0x010, 0x10060607, 0x000f0f0f), /* TX */
    SCT(0x020, 0x00000000, 0x00400077), /* RX */
    SCT(0x030, 0x88000000, 0xd1ffdfff), /* CTRL */
    { .first = 0x040, .count = 1, .writable = 0x100 },
    SCT(0x050, 0x7f180000, 0x7f1f1f3f), /* DEBUG */
    { .first = 0x060, .count = 1 },
    SCT(0x070, 0x00001000, 0x007fe000), /* DEBUG1 */
    { .first = 0x080, .count = 1, .reset = 0x04030000 },
    SCT(A_PLL_SIC, 0x00d12000, 0x01f9305c),
    SCT(0x0c0, 0x00700004, 0x84741fff), /* USB1_VBUS_DETECT */
    { .first = 0x0d0, .count = 1 },     /* USB1_VBUS_DET_STAT: no VBUS */
    SCT(0x0e0, 0x80180000, 0x00800004), /* USB1_CHRG_DETECT */
    { .first = 0x0f0, .count = 1 },     /* USB1_CHRG_DET_STAT */
    SCT(0x100, 0x00000402, 0x00000400), /* ANACTRL */
    SCT(0x110, 0x00550000, 0x00ff807f), /* USB1_LOOPBACK */
    SCT(0x120, 0x00040010, 0xffffffff),
    SCT(0x130, 0x0000007f, 0x0000007f), /* TRIM_OVERRIDE_EN */
};

static const Rt1176RegisterMap phy_map = {
    .desc = "i.MX RT1176 USB PHY",
    .size = 0x140,
    .row = phy_row,
    .rows = ARRAY_SIZE(phy_row),
};

/* The PLL is locked while it has power. */
static uint32_t phy_read(Rt1176RegisterFile *s, hwaddr offset, uint32_t value)
{
    return offset == A_PLL_SIC
               ? FIELD_DP32(value, PLL_SIC, PLL_LOCK,
                            FIELD_EX32(value, PLL_SIC, PLL_POWER))
               : value;
}

static void phy_class_init(ObjectClass *klass, void *data)
{
    rt1176_register_file_map_class_init(klass, data);
    RT1176_REGISTER_FILE_CLASS(klass)->read = phy_read;
}

static const TypeInfo usb_types[] = {
    {
        .name = TYPE_RT1176_USB_OTG,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = otg_class_init,
        .class_data = (void *)&otg_map,
    }, {
        .name = TYPE_RT1176_USBPHY,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = phy_class_init,
        .class_data = (void *)&phy_map,
    },
};
DEFINE_TYPES(usb_types)
