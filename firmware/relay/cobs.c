/*
 * COBS: each code octet tells how far the next zero is; 0xff stands for 254 octets and no zero.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/cobs.h"

#define DELIMITER 0x00u
#define CODE_FULL 0xffu /* 254 data octets, no zero behind them */

/* So the decoder needs to know nothing of CODE_FULL: such a block is too long for any frame. */
_Static_assert(COBS_FRAME_OCTETS_MAX < CODE_FULL - 1u, "a full block never fits into a frame");

size_t cobs_encode(const uint8_t *octets, size_t octet_count, uint8_t *encoded)
{
    size_t code_at = 0;
    size_t at = 1;
    uint8_t code = 1;
    for (size_t i = 0; i < octet_count; i++) {
        if (code == CODE_FULL) {
            encoded[code_at] = code;
            code_at = at++;
            code = 1;
        }
        if (octets[i] == 0) {
            encoded[code_at] = code;
            code_at = at++;
            code = 1;
        } else {
            encoded[at++] = octets[i];
            code++;
        }
    }
    encoded[code_at] = code;
    return at;
}

size_t cobs_frame(const uint8_t *octets, size_t octet_count, uint8_t *framed)
{
    framed[0] = DELIMITER;
    const size_t encoded_octets = cobs_encode(octets, octet_count, framed + 1);
    framed[1u + encoded_octets] = DELIMITER;
    return encoded_octets + 2u;
}

/* Between two frames: the next octet but a delimiter begins one. */
static void wait_for_frame(struct cobs_decoder *decoder)
{
    decoder->hunting = false;
    decoder->begun = false;
    decoder->block_left = 0;
}

static void hunt(struct cobs_decoder *decoder)
{
    wait_for_frame(decoder);
    decoder->hunting = true;
}

void cobs_decoder_init(struct cobs_decoder *decoder)
{
    decoder->octet_count = 0;
    hunt(decoder);
}

bool cobs_decoder_lost_sync(struct cobs_decoder *decoder)
{
    const bool cut = decoder->begun;
    hunt(decoder);
    return cut;
}

static enum cobs_event append(struct cobs_decoder *decoder, uint8_t octet)
{
    if (decoder->octet_count == COBS_FRAME_OCTETS_MAX) {
        hunt(decoder);
        return COBS_TOO_LONG;
    }
    decoder->octets[decoder->octet_count++] = octet;
    return COBS_NOTHING;
}

/* The block that has ended stands for a zero, too. */
static enum cobs_event take_code(struct cobs_decoder *decoder, uint8_t code)
{
    enum cobs_event event = COBS_NOTHING;
    if (!decoder->begun) {
        decoder->begun = true;
        decoder->octet_count = 0;
    } else {
        event = append(decoder, 0);
    }
    if (event == COBS_NOTHING) {
        decoder->block_left = (uint8_t)(code - 1u);
    }
    return event;
}

static enum cobs_event take_delimiter(struct cobs_decoder *decoder)
{
    enum cobs_event event = COBS_NOTHING;
    if (decoder->block_left > 0) {
        event = COBS_MALFORMED;
    } else if (decoder->begun) {
        event = COBS_FRAME;
    }
    wait_for_frame(decoder);
    return event;
}

enum cobs_event cobs_decode(struct cobs_decoder *decoder, uint8_t octet)
{
    if (octet == DELIMITER) {
        return take_delimiter(decoder);
    }
    if (decoder->hunting) {
        return COBS_NOTHING;
    }
    if (decoder->block_left == 0) {
        return take_code(decoder, octet);
    }
    decoder->block_left--;
    return append(decoder, octet);
}
