/*
 * The table of packets (docs/wire-formats.md), and one encoder and one decoder that work from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/packets.h"

#include "relay/octets.h"

#define FIELD_COUNT(fields) ((uint8_t)(sizeof(fields) / sizeof((fields)[0])))

/* A field named as in the struct of its payload. */
#define FIELD(payload, field, kind, values)                \
    {                                                      \
        .name = #field, .type = (kind), .count = (values), \
        .offset = offsetof(struct packet_##payload, field) \
    }

static const struct packet_field actuator_cmd_fields[] = {
    FIELD(actuator_cmd, time_us, PACKET_U32, 1),
    FIELD(actuator_cmd, flags, PACKET_U8, 1),
    FIELD(actuator_cmd, n, PACKET_U8, 1),
    FIELD(actuator_cmd, pwm_us, PACKET_U16, PACKET_PWM_CHANNELS),
};

static const struct packet_field heartbeat_fields[] = {
    FIELD(heartbeat, time_us, PACKET_U32, 1),
    FIELD(heartbeat, state, PACKET_U8, 1),
    FIELD(heartbeat, cores_alive, PACKET_U8, 1),
};

static const struct packet_field io_config_fields[] = {
    FIELD(io_config, failsafe_us, PACKET_U16, PACKET_PWM_CHANNELS),
    FIELD(io_config, disarmed_us, PACKET_U16, PACKET_PWM_CHANNELS),
    FIELD(io_config, rate_hz, PACKET_U16, PACKET_RATE_GROUPS),
    FIELD(io_config, fmu_timeout_ms, PACKET_U16, 1),
    FIELD(io_config, flags, PACKET_U8, 1),
};

static const struct packet_field io_status_fields[] = {
    FIELD(io_status, time_us, PACKET_U32, 1),
    FIELD(io_status, status_flags, PACKET_U16, 1),
    FIELD(io_status, alarms, PACKET_U16, 1),
    FIELD(io_status, pwm_us, PACKET_U16, PACKET_PWM_CHANNELS),
    FIELD(io_status, vservo_mv, PACKET_U16, 1),
    FIELD(io_status, rssi_mv, PACKET_U16, 1),
    FIELD(io_status, frames_ok, PACKET_U32, 1),
    FIELD(io_status, bad_mac, PACKET_U16, 1),
    FIELD(io_status, replay, PACKET_U16, 1),
    FIELD(io_status, too_old, PACKET_U16, 1),
    FIELD(io_status, framing, PACKET_U16, 1),
    FIELD(io_status, overrun, PACKET_U16, 1),
};

static const struct packet_field rc_input_fields[] = {
    FIELD(rc_input, time_us, PACKET_U32, 1),
    FIELD(rc_input, source, PACKET_U8, 1),
    FIELD(rc_input, flags, PACKET_U8, 1),
    FIELD(rc_input, n, PACKET_U8, 1),
    FIELD(rc_input, channel_us, PACKET_U16, PACKET_RC_CHANNELS),
};

static const struct packet_field nav_state_fields[] = {
    FIELD(nav_state, seq, PACKET_U32, 1),   FIELD(nav_state, q, PACKET_F32, 4),
    FIELD(nav_state, p, PACKET_F32, 3),     FIELD(nav_state, v, PACKET_F32, 3),
    FIELD(nav_state, omega, PACKET_F32, 3), FIELD(nav_state, bias, PACKET_F32, 3),
};

static const struct packet_field session_share_fields[] = {
    FIELD(session_share, share, PACKET_U8, 32),
    FIELD(session_share, epoch, PACKET_U8, 8),
    FIELD(session_share, tag, PACKET_U8, 16),
};

static const struct packet_field session_confirm_fields[] = {
    FIELD(session_confirm, tag, PACKET_U8, 16),
};

#define TYPE(id, tc, octets, text, list)                                               \
    {                                                                                  \
        .apid = (id), .telecommand = (tc), .payload_octets = (octets), .name = (text), \
        .fields = (list), .field_count = FIELD_COUNT(list)                             \
    }

static const struct packet_type types[] = {
    TYPE(PACKET_ACTUATOR_CMD, true, 22, "ActuatorCmd", actuator_cmd_fields),
    TYPE(PACKET_HEARTBEAT, true, 6, "Heartbeat", heartbeat_fields),
    TYPE(PACKET_IO_CONFIG, true, 41, "IoConfig", io_config_fields),
    TYPE(PACKET_IO_STATUS, false, 42, "IoStatus", io_status_fields),
    TYPE(PACKET_RC_INPUT, false, 39, "RcInput", rc_input_fields),
    TYPE(PACKET_NAV_STATE, false, 68, "NavState", nav_state_fields),
    TYPE(PACKET_SESSION_HELLO, true, 56, "SessionHello", session_share_fields),
    TYPE(PACKET_SESSION_RESPONSE, false, 56, "SessionResponse", session_share_fields),
    TYPE(PACKET_SESSION_CONFIRM, true, 16, "SessionConfirm", session_confirm_fields),
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

const struct packet_type *packet_type_find(uint16_t apid)
{
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (types[i].apid == apid) {
            return &types[i];
        }
    }
    return NULL;
}

const struct packet_type *packet_type_at(size_t index)
{
    return index < TYPE_COUNT ? &types[index] : NULL;
}

/* Octets of one value, on the wire as in memory. */
static size_t value_octets(enum packet_field_type type)
{
    switch (type) {
    case PACKET_U8:
        return 1;
    case PACKET_U16:
        return 2;
    case PACKET_U32:
    case PACKET_F32:
        break;
    }
    return 4;
}

/* A value as memory has it; a float is the 32 bits of its IEEE 754 binary32. */
union value {
    uint8_t octets[4];
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
};

static void value_to_wire(uint8_t *wire, const uint8_t *memory, size_t octets)
{
    union value value = {0};
    octets_copy(value.octets, memory, octets);
    if (octets == 1u) {
        *wire = value.u8;
    } else if (octets == 2u) {
        store_le16(wire, value.u16);
    } else {
        store_le32(wire, value.u32);
    }
}

static void value_from_wire(uint8_t *memory, const uint8_t *wire, size_t octets)
{
    union value value = {0};
    if (octets == 1u) {
        value.u8 = *wire;
    } else if (octets == 2u) {
        value.u16 = load_le16(wire);
    } else {
        value.u32 = load_le32(wire);
    }
    octets_copy(memory, value.octets, octets);
}

static void payload_to_wire(const struct packet_type *type, uint8_t *wire, const uint8_t *memory)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct packet_field *field = &type->fields[i];
        const size_t octets = value_octets(field->type);
        for (size_t n = 0; n < field->count; n++, wire += octets) {
            value_to_wire(wire, memory + field->offset + n * octets, octets);
        }
    }
}

static void payload_from_wire(const struct packet_type *type, uint8_t *memory, const uint8_t *wire)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct packet_field *field = &type->fields[i];
        const size_t octets = value_octets(field->type);
        for (size_t n = 0; n < field->count; n++, wire += octets) {
            value_from_wire(memory + field->offset + n * octets, wire, octets);
        }
    }
}

size_t packet_encode(const struct packet_type *type, uint16_t sequence_count,
                     const union packet_payload *payload, uint8_t octets[PACKET_OCTETS_MAX])
{
    const struct ccsds_header header = {
        .telecommand = type->telecommand,
        .apid = type->apid,
        .sequence_flags = CCSDS_UNSEGMENTED,
        .sequence_count = sequence_count & CCSDS_SEQUENCE_COUNT_MAX,
        .data_octets = type->payload_octets,
    };
    (void)ccsds_encode(&header, octets); /* every field is in range by construction */
    payload_to_wire(type, octets + CCSDS_HEADER_OCTETS, (const uint8_t *)payload);
    return CCSDS_HEADER_OCTETS + type->payload_octets;
}

/* How many channels a payload says it has must be what the table allows. */
static bool channel_count_allowed(const struct packet *packet)
{
    switch (packet->type->apid) {
    case PACKET_ACTUATOR_CMD:
        return packet->payload.actuator_cmd.n == PACKET_PWM_CHANNELS;
    case PACKET_RC_INPUT:
        return packet->payload.rc_input.n <= PACKET_RC_CHANNELS;
    default:
        return true;
    }
}

enum packet_result packet_decode(const uint8_t *octets, size_t octet_count, struct packet *packet)
{
    struct ccsds_header header;
    if (ccsds_decode(octets, octet_count, &header) != CCSDS_OK || header.secondary_header ||
        header.sequence_flags != CCSDS_UNSEGMENTED) {
        return PACKET_BAD_CCSDS;
    }
    packet->type = packet_type_find(header.apid);
    if (packet->type == NULL) {
        return PACKET_UNKNOWN_APID;
    }
    if (packet->type->telecommand != header.telecommand) {
        return PACKET_WRONG_TYPE;
    }
    if (packet->type->payload_octets != header.data_octets) {
        return PACKET_WRONG_LENGTH;
    }
    packet->sequence_count = header.sequence_count;
    payload_from_wire(packet->type, (uint8_t *)&packet->payload, octets + CCSDS_HEADER_OCTETS);
    return channel_count_allowed(packet) ? PACKET_OK : PACKET_BAD_VALUE;
}
