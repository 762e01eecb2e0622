/*
 * SEMA4 of the i.MX RT1176 (IMXRT1170RM, chapter "Semaphores"): 16 gates that
 * only the core that has locked one can unlock, a notification for the core
 * that did not get it, and the two writes that free a gate by force.  See
 * docs/devices/rt1176-sema4.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_bus.h"
#include "rt1176_sema4.h"

REG16(GATE0, 0x00)
REG16(CP0INE, 0x40)
REG16(CP1INE, 0x48)
REG16(CP0NTF, 0x80)
REG16(CP1NTF, 0x88)
REG16(RSTGT, 0x100)
    FIELD(RESET, PATTERN, 0, 8) /* written; read: state 5:4, core 2:0 */
    FIELD(RESET, NUMBER, 8, 8)
    FIELD(RESET, CORE, 0, 3)
    FIELD(RESET, STATE, 4, 2)
REG16(RSTNTF, 0x104)

#define GATE_PATTERN_1 0xe2
#define GATE_PATTERN_2 0x1d
#define NOTIFICATION_PATTERN_1 0x47
#define NOTIFICATION_PATTERN_2 0xb8

enum { RESET_IDLE, RESET_SECOND, RESET_DONE };

/* Gate 0 is the highest bit. */
static uint16_t gate_bit(unsigned gate)
{
    return 0x8000 >> gate;
}

static void update_irqs(Rt1176Sema4State *s)
{
    for (unsigned core = 0; core < RT1176_SEMA4_CORES; core++) {
        qemu_set_irq(s->irq[core], !!(s->notified[core] & s->enabled[core]));
    }
}

static void free_gate(Rt1176Sema4State *s, unsigned gate)
{
    uint16_t bit = gate_bit(gate);

    s->gate[gate] = 0;
    for (unsigned core = 0; core < RT1176_SEMA4_CORES; core++) {
        s->notified[core] |= s->waiting[core] & bit;
        s->waiting[core] &= ~bit;
    }
}

/* Who was told that it is free, and is late, waits again. */
static void lock_gate(Rt1176Sema4State *s, unsigned gate, unsigned owner)
{
    uint16_t bit = gate_bit(gate);

    s->gate[gate] = owner + 1;
    for (unsigned core = 0; core < RT1176_SEMA4_CORES; core++) {
        if (core != owner) {
            s->waiting[core] |= s->notified[core] & bit;
        }
        s->notified[core] &= ~bit;
    }
}

static void write_gate(Rt1176Sema4State *s, unsigned gate, uint8_t value)
{
    unsigned core = rt1176_bus_core();

    value &= 3;
    if (value == 0 && s->gate[gate] == core + 1) {
        free_gate(s, gate);
    } else if (value == core + 1 && s->gate[gate] == 0) {
        lock_gate(s, gate, core);
    } else if (value == core + 1 && s->gate[gate] != value) {
        s->waiting[core] |= gate_bit(gate);
    } else if (value && value != core + 1) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-sema4: core %u writes %u to"
                      " gate %u\n", core, value, gate);
    }
}

/* True: the second write has come, from the core of the first. */
static bool write_reset(Rt1176Sema4Reset *reset, uint16_t value,
                        uint8_t first, uint8_t second)
{
    unsigned core = rt1176_bus_core();
    uint8_t pattern = FIELD_EX16(value, RESET, PATTERN);

    reset->number = FIELD_EX16(value, RESET, NUMBER);
    if (reset->state == RESET_SECOND && pattern == second &&
        reset->core == core) {
        reset->state = RESET_DONE;
        return true;
    }
    reset->state = pattern == first ? RESET_SECOND : RESET_IDLE;
    reset->core = core;
    return false;
}

/* Numbers that are no gate's mean all of them. */
static bool concerns(const Rt1176Sema4Reset *reset, unsigned gate)
{
    return reset->number == gate || reset->number >= RT1176_SEMA4_GATES;
}

static void reset_gates(Rt1176Sema4State *s)
{
    for (unsigned gate = 0; gate < RT1176_SEMA4_GATES; gate++) {
        if (concerns(&s->gate_reset, gate)) {
            free_gate(s, gate);
        }
    }
}

static void reset_notifications(Rt1176Sema4State *s)
{
    for (unsigned gate = 0; gate < RT1176_SEMA4_GATES; gate++) {
        for (unsigned core = 0; core < RT1176_SEMA4_CORES &&
                                concerns(&s->notification_reset, gate);
             core++) {
            s->waiting[core] &= ~gate_bit(gate);
            s->notified[core] &= ~gate_bit(gate);
        }
    }
}

static uint16_t read_reset(const Rt1176Sema4Reset *reset)
{
    uint16_t value = FIELD_DP16(0, RESET, NUMBER, reset->number);

    value = FIELD_DP16(value, RESET, STATE, reset->state);
    return FIELD_DP16(value, RESET, CORE, reset->core);
}

static uint64_t sema4_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176Sema4State *s = opaque;

    switch (addr) {
    case A_GATE0 ... A_GATE0 + RT1176_SEMA4_GATES - 1:
        return s->gate[addr];
    case A_CP0INE:
        return s->enabled[0];
    case A_CP1INE:
        return s->enabled[1];
    case A_CP0NTF:
        return s->notified[0];
    case A_CP1NTF:
        return s->notified[1];
    case A_RSTGT:
        return read_reset(&s->gate_reset);
    case A_RSTNTF:
        return read_reset(&s->notification_reset);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-sema4: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void sema4_write(void *opaque, hwaddr addr, uint64_t value,
                        unsigned size)
{
    Rt1176Sema4State *s = opaque;

    switch (addr) {
    case A_GATE0 ... A_GATE0 + RT1176_SEMA4_GATES - 1:
        write_gate(s, addr, value);
        break;
    case A_CP0INE:
        s->enabled[0] = value;
        break;
    case A_CP1INE:
        s->enabled[1] = value;
        break;
    case A_RSTGT:
        if (write_reset(&s->gate_reset, value, GATE_PATTERN_1,
                        GATE_PATTERN_2)) {
            reset_gates(s);
        }
        break;
    case A_RSTNTF:
        if (write_reset(&s->notification_reset, value, NOTIFICATION_PATTERN_1,
                        NOTIFICATION_PATTERN_2)) {
            reset_notifications(s);
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-sema4: write to 0x%"
                      HWADDR_PRIx " ignored\n", addr);
    }
    update_irqs(s);
}

static const MemoryRegionOps sema4_ops = {
    .read = sema4_read,
    .write = sema4_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 2,
    .impl.min_access_size = 1,
    .impl.max_access_size = 2,
};

static void sema4_reset_hold(Object *obj, ResetType type)
{
    Rt1176Sema4State *s = RT1176_SEMA4(obj);

    memset(s->gate, 0, sizeof(s->gate));
    memset(s->enabled, 0, sizeof(s->enabled));
    memset(s->waiting, 0, sizeof(s->waiting));
    memset(s->notified, 0, sizeof(s->notified));
    s->gate_reset = (Rt1176Sema4Reset){};
    s->notification_reset = (Rt1176Sema4Reset){};
}

static void sema4_reset_exit(Object *obj, ResetType type)
{
    update_irqs(RT1176_SEMA4(obj));
}

static void sema4_init(Object *obj)
{
    Rt1176Sema4State *s = RT1176_SEMA4(obj);

    memory_region_init_io(&s->iomem, obj, &sema4_ops, s, TYPE_RT1176_SEMA4,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned core = 0; core < RT1176_SEMA4_CORES; core++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[core]);
    }
}

static const VMStateDescription vmstate_reset = {
    .name = "rt1176-sema4-reset",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8(state, Rt1176Sema4Reset),
        VMSTATE_UINT8(core, Rt1176Sema4Reset),
        VMSTATE_UINT8(number, Rt1176Sema4Reset),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_sema4 = {
    .name = TYPE_RT1176_SEMA4,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(gate, Rt1176Sema4State, RT1176_SEMA4_GATES),
        VMSTATE_UINT16_ARRAY(enabled, Rt1176Sema4State, RT1176_SEMA4_CORES),
        VMSTATE_UINT16_ARRAY(waiting, Rt1176Sema4State, RT1176_SEMA4_CORES),
        VMSTATE_UINT16_ARRAY(notified, Rt1176Sema4State, RT1176_SEMA4_CORES),
        VMSTATE_STRUCT(gate_reset, Rt1176Sema4State, 1, vmstate_reset,
                       Rt1176Sema4Reset),
        VMSTATE_STRUCT(notification_reset, Rt1176Sema4State, 1, vmstate_reset,
                       Rt1176Sema4Reset),
        VMSTATE_END_OF_LIST()
    }
};

static void sema4_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_sema4;
    dc->desc = "i.MX RT1176 semaphores";
    RESETTABLE_CLASS(klass)->phases.hold = sema4_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = sema4_reset_exit;
}

static const TypeInfo sema4_types[] = {
    {
        .name = TYPE_RT1176_SEMA4,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176Sema4State),
        .instance_init = sema4_init,
        .class_init = sema4_class_init,
    },
};
DEFINE_TYPES(sema4_types)
