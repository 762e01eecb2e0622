/*
 * f100-relay-cost: prints what the relay library costs on a Cortex-M3, in clocks of SysTick: under
 * the emulator's clock of one instruction per cycle, in instructions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/say.h"
#include "nodes/cortexm.h"
#include "relay/cobs.h"
#include "relay/relaysec.h"
#include "relay/x25519.h"

#define PAYLOAD_OCTETS 22u /* a frame of 49 octets */
#define FRAME_OCTETS   (PAYLOAD_OCTETS + RELAYSEC_OVERHEAD_OCTETS)

static struct console console;

static void report(const char *what, uint32_t clocks)
{
    console_text(&console, "cost: ");
    console_text(&console, what);
    console_text(&console, " ");
    console_decimal(&console, clocks);
    console_end_line(&console);
    say(&console);
}

static void measure_mode(enum relaysec_mode mode, const char *seal, const char *open)
{
    struct relaysec_sender sender = {.association = {.spi = 1, .mode = mode}};
    struct relaysec_receiver receiver = {.association = sender.association};
    const uint8_t payload[PAYLOAD_OCTETS] = {1};
    uint8_t frame[FRAME_OCTETS];
    struct relaysec_opened opened;

    uint32_t start = core_clocks();
    (void)relaysec_seal(&sender, payload, sizeof(payload), frame);
    report(seal, core_clocks() - start);

    start = core_clocks();
    const enum relaysec_verdict verdict =
        relaysec_open(&receiver, 1, frame, sizeof(frame), &opened);
    const uint32_t clocks = core_clocks() - start;
    report(verdict == RELAYSEC_ACCEPTED ? open : "refused", clocks);
}

static void measure_cobs(void)
{
    static struct cobs_decoder decoder;
    const uint8_t frame[FRAME_OCTETS] = {1};
    uint8_t framed[COBS_FRAMED_OCTETS_MAX(FRAME_OCTETS)];
    const size_t octets = cobs_frame(frame, sizeof(frame), framed);
    cobs_decoder_init(&decoder);
    const uint32_t start = core_clocks();
    for (size_t i = 0; i < octets; i++) {
        (void)cobs_decode(&decoder, framed[i]);
    }
    report("COBS decode of 49 octets", core_clocks() - start);
}

static void measure_x25519(void)
{
    uint8_t share[X25519_OCTETS] = {9};
    const uint32_t start = core_clocks();
    (void)x25519(share, share, share);
    report("X25519", core_clocks() - start);
}

int main(void)
{
    say_start();
    core_clocks_start();
    const uint32_t start = core_clocks();
    report("nothing", core_clocks() - start);
    measure_mode(RELAYSEC_MODE_AEAD, "AEAD seal of 49 octets", "AEAD verify of 49 octets");
    measure_mode(RELAYSEC_MODE_MAC, "MAC seal of 49 octets", "MAC verify of 49 octets");
    measure_cobs();
    measure_x25519();
    say_line("cost: done");
    sleep_for_good();
}
