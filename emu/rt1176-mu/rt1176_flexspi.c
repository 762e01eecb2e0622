/*
 * FlexSPI1 and FlexSPI2 of the i.MX RT1176 (IMXRT1170RM, chapter "FlexSPI
 * Controller"): lookup table and its lock, IP commands with their FIFOs,
 * interrupts, delay lines.  Memory reads (AHB) go to flash directly.  See
 * docs/devices/rt1176-flexspi.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_flexspi.h"

REG32(MCR0, 0x000)
    FIELD(MCR0, SWRESET, 0, 1)
    FIELD(MCR0, MDIS, 1, 1)
    FIELD(MCR0, RXCLKSRC, 4, 2)
REG32(INTEN, 0x010)
REG32(INTR, 0x014)
    FIELD(INTR, IPCMDDONE, 0, 1)
    FIELD(INTR, IPCMDERR, 3, 1)
    FIELD(INTR, IPRXWA, 5, 1)
    FIELD(INTR, IPTXWE, 6, 1)
REG32(LUTKEY, 0x018)
REG32(LUTCR, 0x01c)
    FIELD(LUTCR, LOCK, 0, 1)
    FIELD(LUTCR, UNLOCK, 1, 1)
REG32(FLSHA1CR0, 0x060)
    FIELD(FLSHA1CR0, FLSHSZ, 0, 23)
REG32(IPCR0, 0x0a0)
REG32(IPCR1, 0x0a4)
    FIELD(IPCR1, IDATSZ, 0, 16)
    FIELD(IPCR1, ISEQID, 16, 4)
    FIELD(IPCR1, ISEQNUM, 24, 3)
REG32(IPCMD, 0x0b0)
    FIELD(IPCMD, TRG, 0, 1)
REG32(IPRXFCR, 0x0b8)
REG32(IPTXFCR, 0x0bc)
    FIELD(IPFCR, CLR, 0, 1)
    FIELD(IPFCR, WMRK, 2, 5)
REG32(DLLCRA, 0x0c0)
    FIELD(DLLCRA, DLLEN, 0, 1)
    FIELD(DLLCRA, SLVDLYTARGET, 3, 4)
REG32(DLLCRB, 0x0c4)
REG32(STS0, 0x0e0)
    FIELD(STS0, SEQIDLE, 0, 1)
    FIELD(STS0, ARBIDLE, 1, 1)
REG32(STS1, 0x0e4)
    FIELD(STS1, IPCMDERRID, 16, 4)
    FIELD(STS1, IPCMDERRCODE, 24, 4)
REG32(STS2, 0x0e8)
    FIELD(STS2, LOCKED, 0, 2) /* ASLVLOCK, AREFLOCK */
    FIELD(STS2, ASLVSEL, 2, 6)
REG32(IPRXFSTS, 0x0f0)
REG32(IPTXFSTS, 0x0f4)
REG32(RFDR, 0x100)
REG32(TFDR, 0x180)
REG32(LUT, 0x200)

#define LUT_KEY 0x5af05af0
#define FIFO_WINDOW 128 /* of RFDR and TFDR */
#define STS2_RESET 0x01000100
#define ERROR_UNKNOWN_INSTRUCTION 3

/* A half-word of the lookup table. */
FIELD(INSTRUCTION, OPERAND, 0, 8)
FIELD(INSTRUCTION, OPCODE, 10, 6)

#define OPCODE_DDR 0x20
enum {
    STOP = 0x00,
    CMD = 0x01,
    RADDR = 0x02,
    CADDR = 0x03,
    MODE1 = 0x04,
    MODE8 = 0x07,
    WRITE = 0x08,
    READ = 0x09,
    LEARN = 0x0a,
    DATSZ = 0x0b,
    DUMMY = 0x0c,
    DUMMY_RWDS = 0x0d,
    JMP_ON_CS = 0x1f,
};
#define INSTRUCTIONS_PER_SEQUENCE 8

static Rt1176RegisterFile *file_of(Rt1176FlexspiState *s)
{
    return RT1176_REGISTER_FILE(s);
}

static uint32_t get(Rt1176FlexspiState *s, hwaddr offset)
{
    return rt1176_register_file_get(file_of(s), offset);
}

static void set(Rt1176FlexspiState *s, hwaddr offset, uint32_t value)
{
    rt1176_register_file_set(file_of(s), offset, value);
}

/* ---- FIFOs ---- */

static uint32_t watermark(Rt1176FlexspiState *s, hwaddr control)
{
    return (FIELD_EX32(get(s, control), IPFCR, WMRK) + 1) * 8;
}

static void fifo_drop(Rt1176FlexspiFifo *fifo, uint32_t octets)
{
    octets = MIN(octets, fifo->level);
    fifo->level -= octets;
    memmove(fifo->octet, fifo->octet + octets, fifo->level);
}

static uint32_t fifo_free(const Rt1176FlexspiFifo *fifo)
{
    return RT1176_FLEXSPI_FIFO_SIZE - fifo->level;
}

/* Octets of the word at @offset of the receive window. */
static uint32_t rx_word(const Rt1176FlexspiState *s, uint32_t offset)
{
    uint8_t word[4] = {};

    for (unsigned n = 0; n < 4 && offset + n < s->rx.level; n++) {
        word[n] = s->rx.octet[offset + n];
    }
    return ldl_le_p(word);
}

/*
 * What is written to the window waits behind what has been pushed, until
 * IPTXWE is cleared.
 */
static void tx_word(Rt1176FlexspiState *s, uint32_t offset, uint32_t word)
{
    if (s->tx.level + offset + 4 <= RT1176_FLEXSPI_FIFO_SIZE) {
        stl_le_p(s->tx.octet + s->tx.level + offset, word);
    }
}

static void update_interrupts(Rt1176FlexspiState *s)
{
    uint32_t intr = get(s, A_INTR);

    if (s->rx.level >= watermark(s, A_IPRXFCR)) {
        intr |= R_INTR_IPRXWA_MASK;
    }
    if (fifo_free(&s->tx) >= watermark(s, A_IPTXFCR)) {
        intr |= R_INTR_IPTXWE_MASK;
    }
    set(s, A_INTR, intr);
    qemu_set_irq(s->irq, !!(intr & get(s, A_INTEN)));
}

/* ---- sequences ---- */

static uint32_t instruction(Rt1176FlexspiState *s)
{
    unsigned n = s->sequence * INSTRUCTIONS_PER_SEQUENCE + s->instruction;
    uint32_t word = get(s, A_LUT + 4 * (n / 2));

    return extract32(word, 16 * (n % 2), 16);
}

static void to_flash(Rt1176FlexspiState *s, uint8_t octet)
{
    if (s->flash) {
        rt1176_nor_write(&s->nor, octet);
    }
}

static uint8_t from_flash(Rt1176FlexspiState *s)
{
    return s->flash ? rt1176_nor_read(&s->nor) : 0xff;
}

static void select_flash(Rt1176FlexspiState *s, bool selected)
{
    if (!s->flash) {
        return;
    }
    if (selected) {
        rt1176_nor_select(&s->nor);
    } else {
        rt1176_nor_deselect(&s->nor);
    }
}

static void send_address(Rt1176FlexspiState *s, unsigned bits)
{
    uint32_t address = get(s, A_IPCR0);

    for (int shift = bits - 8; shift >= 0; shift -= 8) {
        to_flash(s, shift < 32 ? address >> shift : 0);
    }
}

typedef enum StepResult { STEP_ON, STEP_STOP, STEP_WAIT, STEP_BAD } StepResult;

/* An instruction that carries data waits when its FIFO is full or empty. */
static StepResult step_data(Rt1176FlexspiState *s, bool read)
{
    while (s->data_left) {
        if (read ? fifo_free(&s->rx) == 0 : s->tx.level == 0) {
            return STEP_WAIT;
        }
        if (read) {
            s->rx.octet[s->rx.level++] = from_flash(s);
        } else {
            to_flash(s, s->tx.octet[0]);
            fifo_drop(&s->tx, 1);
        }
        s->data_left--;
    }
    return STEP_ON;
}

static StepResult step(Rt1176FlexspiState *s)
{
    uint32_t half = instruction(s);
    unsigned operand = FIELD_EX32(half, INSTRUCTION, OPERAND);

    switch (FIELD_EX32(half, INSTRUCTION, OPCODE) & ~OPCODE_DDR) {
    case STOP:
    case JMP_ON_CS:
        return STEP_STOP;
    case CMD:
    case MODE8:
        to_flash(s, operand);
        return STEP_ON;
    case RADDR:
        send_address(s, operand);
        return STEP_ON;
    case WRITE:
        return step_data(s, false);
    case READ:
        return step_data(s, true);
    case CADDR ... MODE8 - 1:
    case LEARN:
    case DATSZ:
        qemu_log_mask(LOG_UNIMP, "rt1176-flexspi: instruction 0x%04" PRIx32
                      " is not modelled\n", half);
        return STEP_ON;
    case DUMMY:
    case DUMMY_RWDS:
        return STEP_ON;
    default:
        return STEP_BAD;
    }
}

static void begin_sequence(Rt1176FlexspiState *s, unsigned sequence)
{
    s->sequence = sequence % (RT1176_FLEXSPI_LUT_WORDS / 4);
    s->instruction = 0;
    select_flash(s, true);
}

static void end_command(Rt1176FlexspiState *s, bool good)
{
    uint32_t sts1 = 0, intr = R_INTR_IPCMDDONE_MASK;

    s->active = false;
    if (!good) {
        intr |= R_INTR_IPCMDERR_MASK;
        sts1 = FIELD_DP32(sts1, STS1, IPCMDERRID, s->sequence);
        sts1 = FIELD_DP32(sts1, STS1, IPCMDERRCODE, ERROR_UNKNOWN_INSTRUCTION);
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-flexspi: sequence %" PRIu32
                      " of the lookup table has an unknown instruction\n",
                      s->sequence);
    }
    set(s, A_STS1, sts1);
    set(s, A_INTR, get(s, A_INTR) | intr);
}

/* Go on with the IP command, as far as its FIFOs let it. */
static void go_on(Rt1176FlexspiState *s)
{
    while (s->active) {
        StepResult result = s->instruction < INSTRUCTIONS_PER_SEQUENCE
                                ? step(s)
                                : STEP_STOP;

        if (result == STEP_WAIT) {
            return;
        }
        if (result == STEP_ON) {
            s->instruction++;
            continue;
        }
        select_flash(s, false);
        if (result == STEP_BAD || s->sequences == 0) {
            end_command(s, result == STEP_STOP);
        } else {
            s->sequences--;
            begin_sequence(s, s->sequence + 1);
        }
    }
}

static void trigger(Rt1176FlexspiState *s)
{
    uint32_t ipcr1 = get(s, A_IPCR1);

    if (FIELD_EX32(get(s, A_MCR0), MCR0, MDIS) || s->active) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-flexspi: IP command while the"
                      " module is disabled or busy\n");
        return;
    }
    s->active = true;
    s->sequences = FIELD_EX32(ipcr1, IPCR1, ISEQNUM);
    s->data_left = FIELD_EX32(ipcr1, IPCR1, IDATSZ);
    begin_sequence(s, FIELD_EX32(ipcr1, IPCR1, ISEQID));
    go_on(s);
}

/* ---- the ROM's driver ---- */

void rt1176_flexspi_load_lut(Rt1176FlexspiState *s, const uint32_t *lut)
{
    for (unsigned n = 0; n < RT1176_FLEXSPI_LUT_WORDS; n++) {
        set(s, A_LUT + 4 * n, lut[n]);
    }
}

uint32_t rt1176_flexspi_lut_word(Rt1176FlexspiState *s, unsigned n)
{
    return get(s, A_LUT + 4 * n);
}

bool rt1176_flexspi_run(Rt1176FlexspiState *s, unsigned sequence,
                        uint32_t address, uint8_t *data, uint32_t octets)
{
    uint32_t done = 0, ipcr0 = get(s, A_IPCR0);
    StepResult result = STEP_STOP;

    set(s, A_IPCR0, address);
    s->data_left = octets;
    s->rx.level = s->tx.level = 0;
    begin_sequence(s, sequence);
    while (s->instruction < INSTRUCTIONS_PER_SEQUENCE) {
        uint32_t count = MIN(octets - done, RT1176_FLEXSPI_FIFO_SIZE);

        if (s->tx.level == 0 && s->rx.level == 0) {
            memcpy(s->tx.octet, data + done, count);
            s->tx.level = count;
        }
        result = step(s);
        if (s->rx.level) {
            memcpy(data + done, s->rx.octet, s->rx.level);
            done += s->rx.level;
            s->rx.level = s->tx.level = 0;
        } else if (s->tx.level < count) {
            done += count - s->tx.level;
        }
        if (result == STEP_STOP || result == STEP_BAD) {
            break;
        }
        s->instruction += result == STEP_ON;
    }
    select_flash(s, false);
    s->rx.level = s->tx.level = 0;
    set(s, A_IPCR0, ipcr0);
    return result != STEP_BAD;
}

void rt1176_flexspi_set_up(Rt1176FlexspiState *s, unsigned rx_clock_source,
                           uint32_t flash_size)
{
    set(s, A_MCR0, FIELD_DP32(get(s, A_MCR0) & ~R_MCR0_MDIS_MASK, MCR0,
                              RXCLKSRC, rx_clock_source));
    set(s, A_FLSHA1CR0, FIELD_DP32(get(s, A_FLSHA1CR0), FLSHA1CR0, FLSHSZ,
                                   flash_size / 1024));
    set(s, A_DLLCRA, R_DLLCRA_DLLEN_MASK);
}

/* ---- registers ---- */

static void software_reset(Rt1176FlexspiState *s)
{
    if (s->active) {
        select_flash(s, false);
    }
    s->active = false;
    s->rx.level = s->tx.level = 0;
    set(s, A_INTR, 0);
    set(s, A_STS1, 0);
    set(s, A_MCR0, get(s, A_MCR0) & ~R_MCR0_SWRESET_MASK);
}

/* The key is good for one write of LUTCR. */
static void write_lutcr(Rt1176FlexspiState *s, uint32_t old, uint32_t data)
{
    bool lock = FIELD_EX32(data, LUTCR, LOCK);
    bool unlock = FIELD_EX32(data, LUTCR, UNLOCK);

    if (get(s, A_LUTKEY) != LUT_KEY || lock == unlock) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-flexspi: LUTCR without its key,"
                      " or with LOCK and UNLOCK alike\n");
        set(s, A_LUTCR, old);
    }
    set(s, A_LUTKEY, 0);
}

static void write_lut(Rt1176FlexspiState *s, hwaddr offset, uint32_t old)
{
    if (FIELD_EX32(get(s, A_LUTCR), LUTCR, LOCK)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-flexspi: write to the locked"
                      " lookup table\n");
        set(s, offset, old);
    }
}

/* Clearing IPRXWA pops the watermark's octets, clearing IPTXWE pushes them. */
static void write_intr(Rt1176FlexspiState *s, uint32_t data)
{
    if (data & R_INTR_IPCMDERR_MASK) {
        set(s, A_STS1, 0);
    }
    if (data & R_INTR_IPRXWA_MASK) {
        fifo_drop(&s->rx, watermark(s, A_IPRXFCR));
    }
    if (data & R_INTR_IPTXWE_MASK) {
        s->tx.level += MIN(watermark(s, A_IPTXFCR), fifo_free(&s->tx));
    }
    go_on(s);
}

static void write_fifo_control(Rt1176FlexspiState *s, hwaddr offset,
                               Rt1176FlexspiFifo *fifo)
{
    if (FIELD_EX32(get(s, offset), IPFCR, CLR)) {
        fifo->level = 0;
        set(s, offset, get(s, offset) & ~R_IPFCR_CLR_MASK);
    }
}

static void flexspi_written(Rt1176RegisterFile *file, hwaddr offset,
                            uint32_t old, uint32_t data)
{
    Rt1176FlexspiState *s = RT1176_FLEXSPI(file);

    switch (offset) {
    case A_MCR0:
        if (FIELD_EX32(data, MCR0, SWRESET)) {
            software_reset(s);
        }
        break;
    case A_INTR:
        write_intr(s, data);
        break;
    case A_LUTCR:
        write_lutcr(s, old, data);
        break;
    case A_IPCMD:
        set(s, A_IPCMD, 0);
        if (FIELD_EX32(data, IPCMD, TRG)) {
            trigger(s);
        }
        break;
    case A_IPRXFCR:
        write_fifo_control(s, offset, &s->rx);
        break;
    case A_IPTXFCR:
        write_fifo_control(s, offset, &s->tx);
        break;
    case A_TFDR ... A_TFDR + FIFO_WINDOW - 4:
        set(s, offset, 0);
        tx_word(s, offset - A_TFDR, data);
        break;
    case A_LUT ... A_LUT + 4 * (RT1176_FLEXSPI_LUT_WORDS - 1):
        write_lut(s, offset, old);
        break;
    }
    update_interrupts(s);
}

/* The delay line locks at once; without it a fixed delay is taken. */
static uint32_t read_sts2(Rt1176FlexspiState *s)
{
    uint32_t dllcr = get(s, A_DLLCRA), sts2 = STS2_RESET;

    if (FIELD_EX32(dllcr, DLLCRA, DLLEN) &&
        !FIELD_EX32(get(s, A_MCR0), MCR0, MDIS)) {
        sts2 = FIELD_DP32(sts2, STS2, LOCKED, 3);
        sts2 = FIELD_DP32(sts2, STS2, ASLVSEL,
                          FIELD_EX32(dllcr, DLLCRA, SLVDLYTARGET));
    }
    return sts2;
}

static uint32_t flexspi_read(Rt1176RegisterFile *file, hwaddr offset,
                             uint32_t value)
{
    Rt1176FlexspiState *s = RT1176_FLEXSPI(file);

    switch (offset) {
    case A_STS0:
        return s->active ? 0 : R_STS0_SEQIDLE_MASK | R_STS0_ARBIDLE_MASK;
    case A_STS2:
        return read_sts2(s);
    case A_IPRXFSTS:
        return DIV_ROUND_UP(s->rx.level, 8);
    case A_IPTXFSTS:
        return DIV_ROUND_UP(s->tx.level, 8);
    case A_RFDR ... A_RFDR + FIFO_WINDOW - 4:
        return rx_word(s, offset - A_RFDR);
    default:
        return value;
    }
}

static const Rt1176RegisterRow flexspi_row[] = {
    { A_MCR0, 1, 0xffff80c2, 0xffff7ff3 },
    { 0x004, 1, 0xffffffff, 0xffffffff },   /* MCR1 */
    { 0x008, 1, 0x200081f7, 0xff088800 },   /* MCR2 */
    { 0x00c, 1, 0x00000018, 0x003ffc7b },   /* AHBCR */
    { A_INTEN, 1, 0, 0x0001ff7f },
    { A_INTR, 1, 0, 0, 0x0001df7f },
    { A_LUTKEY, 1, 0x5af05af0, 0xffffffff },
    { A_LUTCR, 1, 0x00000002, 0x7 },
    { 0x020, 1, 0x80000040, 0xc70f03ff }, { 0x024, 1, 0x80010040, 0xc70f03ff },
    { 0x028, 1, 0x80020040, 0xc70f03ff }, { 0x02c, 1, 0x80030040, 0xc70f03ff },
    { 0x030, 1, 0x80040040, 0xc70f03ff }, { 0x034, 1, 0x80050040, 0xc70f03ff },
    { 0x038, 1, 0x80060040, 0xc70f03ff }, { 0x03c, 1, 0x80070040, 0xc70f03ff },
    { A_FLSHA1CR0, 4, 0x00010000, 0xc07fffff },
    { 0x070, 4, 0x00000063, 0xffffffff },   /* FLSHCR1 */
    { 0x080, 4, 0, 0xffffefef },            /* FLSHCR2 */
    { 0x094, 1, 0x000000c3, 0x00000e0f },   /* FLSHCR4 */
    { A_IPCR0, 1, 0, 0xffffffff },
    { A_IPCR1, 1, 0, 0x870fffff },
    { A_IPCMD, 1, 0, 0x1 },
    { A_IPRXFCR, 2, 0, 0x7f },
    { A_DLLCRA, 2, 0x00000100, 0x00007f7b },
    { 0x0d0, 4 },                           /* MISCCR4 to MISCCR7 */
    { A_STS0, 6 },                          /* STS0 to IPTXFSTS */
    { A_RFDR, 32 },
    { A_TFDR, 32, 0, 0xffffffff },
    { A_LUT, RT1176_FLEXSPI_LUT_WORDS, 0, 0xffffffff },
    { 0x400, 1, 0x0040ffcf, 0xffffffff }, { 0x404, 1, 0x0000ffcf, 0xffffffff },
    { 0x408, 1, 0x0004f00f, 0xffffffff }, { 0x40c, 1, 0x0022807f, 0xffffffff },
    { 0x410, 1, 0x0032f87f, 0xffffffff }, { 0x414, 1, 0x0011f87f, 0xffffffff },
    { 0x418, 2, 0, 0xffffffff },            /* HMSTR6CR, HMSTR7CR */
    { 0x420, 1, 0, 0xfffff003 },            /* HADDRSTART */
    { 0x424, 2, 0, 0xfffff000 },            /* HADDREND, HADDROFFSET */
    { 0x430, 12, 0, 0xfffff000 },           /* IPSNSZ*, AHBBUFREGION* */
};

static const Rt1176RegisterMap flexspi_map = {
    .desc = "i.MX RT1176 FlexSPI controller",
    .size = 0x460,
    .row = flexspi_row,
    .rows = ARRAY_SIZE(flexspi_row),
};

/* ---- device ---- */

static void flexspi_init(Object *obj)
{
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &RT1176_FLEXSPI(obj)->irq);
}

static void flexspi_realize(DeviceState *dev, Error **errp)
{
    Rt1176FlexspiState *s = RT1176_FLEXSPI(dev);

    rt1176_nor_init(&s->nor, s->flash);
}

/* What the boot ROM leaves: rt1176_rom.c. */
static void flexspi_reset_exit(Object *obj, ResetType type)
{
    Rt1176FlexspiState *s = RT1176_FLEXSPI(obj);

    s->active = false;
    s->rx.level = s->tx.level = 0;
    s->sequence = s->sequences = s->instruction = s->data_left = 0;
    if (s->flash) {
        rt1176_nor_reset(&s->nor);
    }
    update_interrupts(s);
}

static const VMStateDescription vmstate_fifo = {
    .name = "rt1176-flexspi-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(octet, Rt1176FlexspiFifo, RT1176_FLEXSPI_FIFO_SIZE),
        VMSTATE_UINT32(level, Rt1176FlexspiFifo),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_flexspi = {
    .name = TYPE_RT1176_FLEXSPI,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        RT1176_VMSTATE_REGISTERS(parent_obj, Rt1176FlexspiState),
        VMSTATE_STRUCT(nor, Rt1176FlexspiState, 1, rt1176_vmstate_nor,
                       Rt1176Nor),
        VMSTATE_STRUCT(rx, Rt1176FlexspiState, 1, vmstate_fifo,
                       Rt1176FlexspiFifo),
        VMSTATE_STRUCT(tx, Rt1176FlexspiState, 1, vmstate_fifo,
                       Rt1176FlexspiFifo),
        VMSTATE_BOOL(active, Rt1176FlexspiState),
        VMSTATE_UINT32(sequence, Rt1176FlexspiState),
        VMSTATE_UINT32(sequences, Rt1176FlexspiState),
        VMSTATE_UINT32(instruction, Rt1176FlexspiState),
        VMSTATE_UINT32(data_left, Rt1176FlexspiState),
        VMSTATE_END_OF_LIST()
    }
};

static void flexspi_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    Rt1176RegisterFileClass *rc = RT1176_REGISTER_FILE_CLASS(klass);

    rt1176_register_file_map_class_init(klass, data);
    rc->read = flexspi_read;
    rc->written = flexspi_written;
    RESETTABLE_CLASS(klass)->phases.exit = flexspi_reset_exit;
    dc->realize = flexspi_realize;
    dc->vmsd = &vmstate_flexspi;
}

static const TypeInfo flexspi_types[] = {
    {
        .name = TYPE_RT1176_FLEXSPI,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .instance_size = sizeof(Rt1176FlexspiState),
        .instance_init = flexspi_init,
        .class_init = flexspi_class_init,
        .class_data = (void *)&flexspi_map,
    },
};
DEFINE_TYPES(flexspi_types)
