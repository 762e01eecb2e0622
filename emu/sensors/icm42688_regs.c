/*
 * Registers of the ICM-42688-P; see icm42688_regs.h.  REG_BANK_SEL is in every
 * bank.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "icm42688_regs.h"

#define R(reset, writable) { reset, writable, true }
#define READ_ONLY(reset) { reset, 0, true }

const Icm42688Register icm42688_register[ICM42688_BANKS][ICM42688_REGISTERS] = {
    {
        [A_DEVICE_CONFIG] = R(0x00, 0x11),
        [0x13] = R(0x05, 0x3f), /* DRIVE_CONFIG */
        [A_INT_CONFIG] = R(0x00, 0x3f),
        [A_FIFO_CONFIG] = R(0x00, 0xc0),
        [A_TEMP_DATA1] = READ_ONLY(0x80),
        [0x1e] = READ_ONLY(0x00),
        [0x1f] = READ_ONLY(0x80), /* ACCEL_DATA */
        [0x20] = READ_ONLY(0x00),
        [0x21] = READ_ONLY(0x80),
        [0x22] = READ_ONLY(0x00),
        [0x23] = READ_ONLY(0x80),
        [0x24] = READ_ONLY(0x00),
        [0x25] = READ_ONLY(0x80), /* GYRO_DATA */
        [0x26] = READ_ONLY(0x00),
        [0x27] = READ_ONLY(0x80),
        [0x28] = READ_ONLY(0x00),
        [0x29] = READ_ONLY(0x80),
        [0x2a] = READ_ONLY(0x00),
        [0x2b ... A_TMST_FSYNCL] = READ_ONLY(0x00),
        [A_INT_STATUS ... A_FIFO_DATA] = READ_ONLY(0x00),
        [0x31 ... 0x34] = READ_ONLY(0x00), /* APEX_DATA0 to 3 */
        [0x35] = READ_ONLY(0x10),          /* APEX_DATA4 */
        [0x36 ... 0x38] = READ_ONLY(0x00), /* APEX_DATA5, INT_STATUS2, 3 */
        [A_SIGNAL_PATH_RESET] = R(0x00, 0x6e),
        [A_INTF_CONFIG0] = R(0x30, 0xf3),
        [0x4d] = R(0x91, 0x0f), /* INTF_CONFIG1 */
        [A_PWR_MGMT0] = R(0x00, 0x3f),
        [A_GYRO_CONFIG0] = R(0x06, 0xef),
        [A_ACCEL_CONFIG0] = R(0x06, 0xef),
        [0x51] = R(0x16, 0xef), /* GYRO_CONFIG1 */
        [0x52] = R(0x11, 0xff), /* GYRO_ACCEL_CONFIG0 */
        [0x53] = R(0x0d, 0x1e), /* ACCEL_CONFIG1 */
        [A_TMST_CONFIG] = R(0x23, 0x1f),
        [A_APEX_CONFIG0] = R(0x82, 0xfb),
        [A_SMD_CONFIG] = R(0x00, 0x0f),
        [A_FIFO_CONFIG1] = R(0x00, 0x7f),
        [A_FIFO_CONFIG2] = R(0x00, 0xff),
        [A_FIFO_CONFIG3] = R(0x00, 0x0f),
        [A_FSYNC_CONFIG] = R(0x10, 0x73),
        [A_INT_CONFIG0] = R(0x00, 0x3f),
        [A_INT_CONFIG1] = R(0x10, 0x70),
        [A_INT_SOURCE0] = R(0x10, 0x7f),
        [A_INT_SOURCE1] = R(0x00, 0x4f),
        [A_INT_SOURCE3] = R(0x00, 0x7f),
        [A_INT_SOURCE4] = R(0x00, 0x4f),
        [A_FIFO_LOST_PKT0] = READ_ONLY(0x00),
        [A_FIFO_LOST_PKT1] = READ_ONLY(0x00),
        [A_SELF_TEST_CONFIG] = R(0x00, 0x7f),
        [A_WHO_AM_I] = READ_ONLY(WHO_AM_I_VALUE),
    },
    {
        [0x03] = R(0x80, 0x3f), /* SENSOR_CONFIG0 */
        [0x0b] = R(0xa0, 0x03), /* GYRO_CONFIG_STATIC2 */
        [0x0c] = R(0x0d, 0x3f),
        [0x0d] = R(0xaa, 0xff),
        [0x0e] = R(0x80, 0xff),
        [0x0f] = R(0x1f, 0xff),
        [0x10 ... 0x12] = R(0x00, 0xff), /* GYRO_CONFIG_STATIC7 to 9 */
        [0x13] = R(0x00, 0x0f),
        [0x5f ... 0x61] = R(0x00, 0xff), /* XG_, YG_, ZG_ST_DATA */
        [A_TMSTVAL0 ... A_TMSTVAL0 + 2] = READ_ONLY(0x00),
        [0x7a] = R(0x83, 0x42), /* INTF_CONFIG4 */
        [0x7b] = R(0x00, 0x06), /* INTF_CONFIG5 */
        [0x7c] = R(0x5f, 0x1f), /* INTF_CONFIG6 */
    },
    {
        [0x03] = R(0x30, 0x7f), /* ACCEL_CONFIG_STATIC2 */
        [0x04] = R(0x40, 0xff),
        [0x05] = R(0x62, 0xff),
        [0x3b ... 0x3d] = R(0x00, 0xff), /* XA_, YA_, ZA_ST_DATA */
    },
    {
        [0x06] = R(0x88, 0xff), /* PU_PD_CONFIG1 */
        [0x0e] = R(0x20, 0xff), /* PU_PD_CONFIG2 */
    },
    {
        [0x09] = R(0x00, 0xff), /* FDR_CONFIG */
        [0x40] = R(0xa2, 0xff), /* APEX_CONFIG1 */
        [0x41] = R(0x85, 0xff),
        [0x42] = R(0x51, 0xff),
        [0x43] = R(0xa4, 0xff),
        [0x44] = R(0x8c, 0xff),
        [0x45] = R(0x5c, 0xff),
        [0x46] = R(0x45, 0xff),
        [0x47] = R(0x5b, 0xff),
        [0x48] = R(0x00, 0xff), /* APEX_CONFIG9 */
        [0x4a ... 0x4c] = R(0x00, 0xff), /* ACCEL_WOM_X, Y, Z_THR */
        [0x4d ... 0x4e] = R(0x00, 0x3f), /* INT_SOURCE6, 7 */
        [0x4f ... 0x50] = R(0x00, 0x3f), /* INT_SOURCE8, 9 */
        [0x51] = R(0x00, 0x3f),          /* INT_SOURCE10 */
        [A_OFFSET_USER0 ... A_OFFSET_USER0 + 8] = R(0x00, 0xff),
    },
};
