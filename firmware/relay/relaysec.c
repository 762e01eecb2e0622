/*
 * relay-sec frames (docs/wire-formats.md): sealing, and opening in the order of its verdicts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/relaysec.h"

#include "relay/octets.h"

void relaysec_header_write(const struct relaysec_header *header,
                           uint8_t octets[RELAYSEC_HEADER_OCTETS])
{
    store_le16(octets, header->spi);
    octets[2] = header->channel;
    store_le64(octets + 3, header->counter);
}

struct relaysec_header relaysec_header_read(const uint8_t octets[RELAYSEC_HEADER_OCTETS])
{
    return (struct relaysec_header){
        .spi = load_le16(octets),
        .channel = octets[2],
        .counter = load_le64(octets + 3),
    };
}

void relaysec_nonce(const uint8_t header[RELAYSEC_HEADER_OCTETS], uint8_t nonce[ASCON_NONCE_OCTETS])
{
    octets_copy(nonce, header, RELAYSEC_HEADER_OCTETS);
    octets_zero(nonce + RELAYSEC_HEADER_OCTETS, ASCON_NONCE_OCTETS - RELAYSEC_HEADER_OCTETS);
}

void relaysec_seal_with(const struct relaysec_association *association,
                        const struct relaysec_header *header, const uint8_t *payload,
                        size_t payload_octets, uint8_t *frame)
{
    uint8_t *body = frame + RELAYSEC_HEADER_OCTETS;
    uint8_t *tag = body + payload_octets;
    uint8_t nonce[ASCON_NONCE_OCTETS];

    relaysec_header_write(header, frame);
    relaysec_nonce(frame, nonce);
    if (association->mode == RELAYSEC_MODE_AEAD) {
        ascon_aead128_encrypt(association->key, nonce, frame, RELAYSEC_HEADER_OCTETS, payload,
                              payload_octets, body, tag);
    } else {
        octets_copy(body, payload, payload_octets);
        ascon_mac(association->key, nonce, frame, RELAYSEC_HEADER_OCTETS + payload_octets, tag);
    }
}

enum relaysec_seal_error relaysec_seal(struct relaysec_sender *sender, const uint8_t *payload,
                                       size_t payload_octets, uint8_t *frame)
{
    if (payload_octets == 0) {
        return RELAYSEC_EMPTY_PAYLOAD;
    }
    if (payload_octets > RELAYSEC_PAYLOAD_OCTETS_MAX) {
        return RELAYSEC_PAYLOAD_TOO_LONG;
    }
    if (sender->counter == UINT64_MAX) {
        return RELAYSEC_COUNTER_EXHAUSTED;
    }
    sender->counter++;
    const struct relaysec_header header = {
        .spi = sender->association.spi,
        .channel = sender->channel,
        .counter = sender->counter,
    };
    relaysec_seal_with(&sender->association, &header, payload, payload_octets, frame);
    return RELAYSEC_SEALED;
}

static struct relaysec_receiver *find_receiver(struct relaysec_receiver *receivers, size_t count,
                                               uint16_t spi)
{
    for (size_t i = 0; i < count; i++) {
        if (receivers[i].association.spi == spi) {
            return &receivers[i];
        }
    }
    return NULL;
}

static bool authenticate(const struct relaysec_association *association, uint8_t *frame,
                         size_t payload_octets)
{
    uint8_t *body = frame + RELAYSEC_HEADER_OCTETS;
    const uint8_t *tag = body + payload_octets;
    uint8_t nonce[ASCON_NONCE_OCTETS];

    relaysec_nonce(frame, nonce);
    if (association->mode == RELAYSEC_MODE_AEAD) {
        return ascon_aead128_decrypt(association->key, nonce, frame, RELAYSEC_HEADER_OCTETS, body,
                                     payload_octets, tag, body);
    }
    return ascon_mac_verify(association->key, nonce, frame, RELAYSEC_HEADER_OCTETS + payload_octets,
                            tag);
}

static enum relaysec_verdict admit(struct replay_window *window, uint64_t counter)
{
    switch (replay_judge(*window, counter)) {
    case REPLAY_REPEATED:
        return RELAYSEC_REPLAY;
    case REPLAY_TOO_OLD:
        return RELAYSEC_TOO_OLD;
    case REPLAY_FRESH:
    case REPLAY_REORDERED:
        break;
    }
    *window = replay_advance(*window, counter);
    return RELAYSEC_ACCEPTED;
}

enum relaysec_verdict relaysec_open(struct relaysec_receiver *receivers, size_t receiver_count,
                                    uint8_t *frame, size_t frame_octets,
                                    struct relaysec_opened *opened)
{
    if (frame_octets < RELAYSEC_FRAME_OCTETS_MIN) {
        return RELAYSEC_TOO_SHORT;
    }
    opened->header = relaysec_header_read(frame);
    opened->payload = frame + RELAYSEC_HEADER_OCTETS;
    opened->payload_octets = frame_octets - RELAYSEC_OVERHEAD_OCTETS;
    opened->receiver = find_receiver(receivers, receiver_count, opened->header.spi);
    if (opened->receiver == NULL) {
        return RELAYSEC_UNKNOWN_SPI;
    }
    if (!authenticate(&opened->receiver->association, frame, opened->payload_octets)) {
        return RELAYSEC_BAD_MAC;
    }
    return admit(&opened->receiver->window, opened->header.counter);
}
