/*
 * Register files of the i.MX RT1176 that only hold configuration: IOMUXC,
 * IOMUXC_GPR, IOMUXC_LPSR, IOMUXC_LPSR_GPR (IMXRT1170RM, chapter "IOMUXC").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_IOMUXC_H
#define HW_MEWS_RT1176_IOMUXC_H

#include "hw/sysbus.h"
#include "qom/object.h"

/* The common base; the others are what a machine makes. */
#define TYPE_RT1176_REGISTER_FILE "rt1176-register-file"
OBJECT_DECLARE_TYPE(Rt1176RegisterFile, Rt1176RegisterFileClass,
                    RT1176_REGISTER_FILE)

#define TYPE_RT1176_IOMUXC "rt1176-iomuxc"
#define TYPE_RT1176_IOMUXC_GPR "rt1176-iomuxc-gpr"
#define TYPE_RT1176_IOMUXC_LPSR "rt1176-iomuxc-lpsr"
#define TYPE_RT1176_IOMUXC_LPSR_GPR "rt1176-iomuxc-lpsr-gpr"

#define RT1176_REGISTER_FILE_WORDS 512

struct Rt1176RegisterFile {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[RT1176_REGISTER_FILE_WORDS];
};

/* @count registers from offset @first on reset to @value. */
typedef struct Rt1176RegisterReset {
    uint16_t first;
    uint16_t count;
    uint32_t value;
} Rt1176RegisterReset;

typedef struct Rt1176RegisterMap {
    uint32_t size; /* offset behind the last register */
    const Rt1176RegisterReset *reset;
    unsigned resets;
} Rt1176RegisterMap;

struct Rt1176RegisterFileClass {
    SysBusDeviceClass parent_class;

    const Rt1176RegisterMap *map;
};

/* The register at @offset. */
uint32_t rt1176_register_file_get(Rt1176RegisterFile *s, hwaddr offset);

#endif
