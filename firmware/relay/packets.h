/*
 * The packets of the link: every APID with its payload (docs/wire-formats.md has the same table).
 * Payload integers are little-endian.
 *
 * One table describes each payload field by field; encoder, decoder and whoever prints packets
 * work from it, so that they cannot disagree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_PACKETS_H
#define RELAY_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/ccsds.h"

#define PACKET_PWM_CHANNELS       8u
#define PACKET_RC_CHANNELS        16u
#define PACKET_RATE_GROUPS        3u
#define PACKET_PAYLOAD_OCTETS_MAX 68u
#define PACKET_OCTETS_MAX         (CCSDS_HEADER_OCTETS + PACKET_PAYLOAD_OCTETS_MAX)

#define PACKET_PWM_OFF     0u
#define PACKET_PWM_KEEP_US 0xffffu

enum packet_apid {
    PACKET_ACTUATOR_CMD = 0x010,
    PACKET_HEARTBEAT = 0x011,
    PACKET_IO_CONFIG = 0x012,
    PACKET_IO_STATUS = 0x020,
    PACKET_RC_INPUT = 0x021,
    PACKET_NAV_STATE = 0x030,
    /* The flights of session.h: COBS frames of their own, without a relay-sec layer. */
    PACKET_SESSION_HELLO = 0x0f0,
    PACKET_SESSION_RESPONSE = 0x0f1,
    PACKET_SESSION_CONFIRM = 0x0f2,
};

enum packet_actuator_flags {
    PACKET_ARMED = 1u << 0,
    PACKET_LOCKDOWN = 1u << 1,
    PACKET_FORCE_FAILSAFE = 1u << 2,
};

/* IoStatus.status_flags. */
enum packet_io_status_flags {
    PACKET_IO_FMU_OK = 1u << 0,     /* a fresh ActuatorCmd within the timeout */
    PACKET_IO_ARMED = 1u << 1,      /* as the last command said */
    PACKET_IO_FAILSAFE = 1u << 2,   /* no FMU, or forced: an armed node shows failsafe values */
    PACKET_IO_LOCKDOWN = 1u << 3,   /* as the last command said */
    PACKET_IO_FORCED = 1u << 4,     /* force_failsafe, sticky until disarmed */
    PACKET_IO_CONFIGURED = 1u << 5, /* an IoConfig has been taken */
};

/* IoStatus.alarms: what has happened since the node's reset. */
enum packet_io_alarms {
    PACKET_IO_ALARM_FMU_LOST = 1u << 0,
    PACKET_IO_ALARM_BAD_MAC = 1u << 1,     /* bad_mac is not 0 */
    PACKET_IO_ALARM_REPLAY = 1u << 2,      /* replay or too_old is not 0 */
    PACKET_IO_ALARM_LINK = 1u << 3,        /* framing or overrun is not 0 */
    PACKET_IO_ALARM_UNKNOWN_SPI = 1u << 4, /* a frame with a foreign SPI came */
    PACKET_IO_ALARM_BAD_PACKET = 1u << 5,  /* an authentic frame held no valid packet */
};

struct packet_actuator_cmd {
    uint32_t time_us;
    uint8_t flags; /* enum packet_actuator_flags */
    uint8_t n;     /* 8 */
    uint16_t pwm_us[PACKET_PWM_CHANNELS];
};

struct packet_heartbeat {
    uint32_t time_us;
    uint8_t state;
    uint8_t cores_alive;
};

struct packet_io_config {
    uint16_t failsafe_us[PACKET_PWM_CHANNELS]; /* 0: not configured */
    uint16_t disarmed_us[PACKET_PWM_CHANNELS];
    uint16_t rate_hz[PACKET_RATE_GROUPS]; /* channels 1-2, 3-4, 5-8 */
    uint16_t fmu_timeout_ms;
    uint8_t flags;
};

struct packet_io_status {
    uint32_t time_us;
    uint16_t status_flags; /* enum packet_io_status_flags */
    uint16_t alarms;       /* enum packet_io_alarms */
    uint16_t pwm_us[PACKET_PWM_CHANNELS];
    uint16_t vservo_mv;
    uint16_t rssi_mv;
    uint32_t frames_ok;
    uint16_t bad_mac;
    uint16_t replay;
    uint16_t too_old;
    uint16_t framing;
    uint16_t overrun;
};

struct packet_rc_input {
    uint32_t time_us;
    uint8_t source; /* 1 SBUS, 2 PPM, 3 DSM */
    uint8_t flags;  /* b0 lost, b1 failsafe */
    uint8_t n;      /* channels in use, 0..16 */
    uint16_t channel_us[PACKET_RC_CHANNELS];
};

struct packet_nav_state {
    uint32_t seq;
    float q[4];     /* attitude quaternion */
    float p[3];     /* position */
    float v[3];     /* velocity */
    float omega[3]; /* angular rate */
    float bias[3];  /* gyroscope bias */
};

struct packet_session_share { /* Hello and Response */
    uint8_t share[32];
    uint8_t epoch[8];
    uint8_t tag[16];
};

struct packet_session_confirm {
    uint8_t tag[16];
};

union packet_payload {
    struct packet_actuator_cmd actuator_cmd;
    struct packet_heartbeat heartbeat;
    struct packet_io_config io_config;
    struct packet_io_status io_status;
    struct packet_rc_input rc_input;
    struct packet_nav_state nav_state;
    struct packet_session_share session_share;
    struct packet_session_confirm session_confirm;
};

enum packet_field_type { PACKET_U8 = 1, PACKET_U16 = 2, PACKET_U32 = 4, PACKET_F32 = 5 };

/* @count values of one type, at @offset in the struct of the payload. */
struct packet_field {
    const char *name;
    enum packet_field_type type;
    uint8_t count;
    uint8_t offset;
};

struct packet_type {
    uint16_t apid;
    bool telecommand;
    uint8_t payload_octets;
    uint8_t field_count;
    const char *name;
    const struct packet_field *fields;
};

enum packet_result {
    PACKET_OK,
    PACKET_BAD_CCSDS, /* ccsds_decode() refuses it, or it is a segment, or has a secondary header */
    PACKET_UNKNOWN_APID,
    PACKET_WRONG_TYPE,   /* TC where TM belongs, or the other way round */
    PACKET_WRONG_LENGTH, /* of the payload */
    PACKET_BAD_VALUE,    /* n is not what the table allows */
};

struct packet {
    const struct packet_type *type;
    uint16_t sequence_count;
    union packet_payload payload;
};

/* The type with this APID, or NULL. */
const struct packet_type *packet_type_find(uint16_t apid);

/* The types in ascending order of APID: 0 <= @index; NULL after the last. */
const struct packet_type *packet_type_at(size_t index);

/*
 * Write a whole Space Packet (unsegmented, @sequence_count modulo 2^14) of a type in the table.
 * Returns its octets: CCSDS_HEADER_OCTETS + payload_octets.
 */
size_t packet_encode(const struct packet_type *type, uint16_t sequence_count,
                     const union packet_payload *payload, uint8_t octets[PACKET_OCTETS_MAX]);

/* Read a whole Space Packet.  Total: every buffer of every length.  @packet is valid if OK. */
enum packet_result packet_decode(const uint8_t *octets, size_t octet_count, struct packet *packet);

#endif
