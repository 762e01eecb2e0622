/*
 * USB of the i.MX RT1176 without a cable: controllers and PHYs (IMXRT1170RM,
 * chapters "Universal Serial Bus Controller", "USB-PHY").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_USB_H
#define HW_MEWS_RT1176_USB_H

#include "rt1176_regfile.h"

#define TYPE_RT1176_USB_OTG "rt1176-usb-otg"
#define TYPE_RT1176_USBPHY "rt1176-usbphy"

#endif
