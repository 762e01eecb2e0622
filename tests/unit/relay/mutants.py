#!/usr/bin/env python3
"""Negative controls of the relay tests: each mutant is the library with one thing wrong, and the
tests must fail on it.  A mutant that passes is a hole in the tests and fails this suite; one whose
text is no longer in the source could not run.

usage: mutants.py WORK VECTORS      from the top of the tree; results as TAP on standard output
exit:  0 every mutant was seen, 1 one was not, 2 could not run

SPDX-License-Identifier: Apache-2.0
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

TESTS = pathlib.Path("tests/unit/relay")
FLAGS = ["-std=c11", "-O1", "-w", "-Ifirmware", f"-I{TESTS}"]
SOURCES = [*sorted(pathlib.Path("firmware/relay").glob("*.c")), pathlib.Path("firmware/apps/failsafe.c"),
           pathlib.Path("firmware/apps/pattern.c"), pathlib.Path("firmware/drivers/console.c"),
           pathlib.Path("firmware/drivers/seqlock.c")]
LIMIT_S = 60

# (source, text, what stands there instead)
MUTANTS = [
    ("relay/ascon.c", "state->s[4] ^= DOMAIN_SEPARATION;", ""),
    ("relay/ascon.c", "direction == ENCRYPT ? crypted : text", "crypted"),
    ("relay/ascon.c", "direction == ENCRYPT ? text : crypted", "text"),
    ("relay/ascon.c", "rotate_right(x4, 41)", "rotate_right(x4, 40)"),
    ("relay/ascon.c", "i < ASCON_TAG_OCTETS; i += 4u", "i < ASCON_TAG_OCTETS - 4u; i += 4u"),
    ("relay/ascon.c", "difference |=", "difference ="),
    ("relay/ascon.c", "if (!ascon_tag_equal(expected, tag))", "if (0)"),
    ("relay/ascon.c", "octets_zero(plaintext, text_octets);", ""),
    ("relay/ascon.c", "count >= RATE_OCTETS; count -= RATE_OCTETS, octets",
     "count > RATE_OCTETS; count -= RATE_OCTETS, octets"),
    ("relay/replay.c", "if (counter == 0)", "if (0)"),
    ("relay/replay.c", "counter > window.highest", "counter >= window.highest"),
    ("relay/replay.c", "age >= REPLAY_WINDOW_COUNTERS", "age > REPLAY_WINDOW_COUNTERS"),
    ("relay/replay.c", "ahead < REPLAY_WINDOW_COUNTERS", "ahead <= REPLAY_WINDOW_COUNTERS"),
    ("relay/replay.c", "window.seen << ahead | 1u", "window.seen << ahead"),
    ("relay/replay.c", "window.highest = counter;", ""),
    ("relay/replay.c", "(uint64_t)1u << (window.highest - counter)", "0u"),
    ("relay/relaysec.c", "sender->counter++;", ""),
    ("relay/relaysec.c", "sender->counter == UINT64_MAX", "0"),
    ("relay/relaysec.c", "if (payload_octets == 0)", "if (0)"),
    ("relay/relaysec.c", "payload_octets > RELAYSEC_PAYLOAD_OCTETS_MAX",
     "payload_octets > RELAYSEC_PAYLOAD_OCTETS_MAX + 1u"),
    ("relay/relaysec.c", "frame_octets < RELAYSEC_FRAME_OCTETS_MIN",
     "frame_octets < RELAYSEC_FRAME_OCTETS_MIN - 1u"),
    ("relay/relaysec.c", "receivers[i].association.spi == spi", "1"),
    ("relay/relaysec.c", "*window = replay_advance(*window, counter);", ""),
    ("relay/relaysec.c", "return RELAYSEC_BAD_MAC;",
     "opened->receiver->window.seen |= 2u; return RELAYSEC_BAD_MAC;"),
    ("relay/relaysec.c", "octets_copy(nonce, header, RELAYSEC_HEADER_OCTETS)",
     "octets_copy(nonce, header, RELAYSEC_HEADER_OCTETS - 1u)"),
    ("relay/relaysec.c", ".channel = octets[2]", ".channel = octets[1]"),
    ("relay/x25519.c", "0xfffffff8u", "0xffffffffu"),
    ("relay/x25519.c", "    x1[WORDS - 1u] &= 0x7fffffffu;", ""),
    ("relay/x25519.c", "freeze(x2);", ""),
    ("relay/x25519.c", "any |= x2[i];", "any = 1;"),
    ("relay/x25519.c", "multiply_add(z2, e, A24, aa)", "multiply_add(z2, e, A24 + 1u, aa)"),
    ("relay/session.c", "flight->epoch <= session->peer_epoch", "flight->epoch < session->peer_epoch"),
    ("relay/session.c", "if (shares_equal(flight->share, own_share))", "if (0)"),
    ("relay/session.c", "x25519(z, scalar, flight->share) ? SESSION_OK : SESSION_LOW_ORDER_POINT",
     "(x25519(z, scalar, flight->share), SESSION_OK)"),
    ("relay/session.c", "if (!ascon_tag_equal(session->expected_confirm, confirm))", "if (0)"),
    ("relay/session.c", "store_le64(nonce + 8, epoch);", "store_le32(nonce + 8, (uint32_t)epoch);"),
    ("relay/session.c", "octets_copy(t2 + at, share_r, X25519_OCTETS);",
     "octets_copy(t2 + at, share_i, X25519_OCTETS);"),
    ("relay/session.c", "session->state != SESSION_WAITING", "0"),
    ("relay/session.c", "response_octets != SESSION_RESPONSE_OCTETS", "0"),
    ("relay/ccsds.c", "packet[0] >> 5 != 0", "0"),
    ("relay/ccsds.c", "data_octets != packet_octets - CCSDS_HEADER_OCTETS", "0"),
    ("relay/ccsds.c", "packet_octets == CCSDS_HEADER_OCTETS", "0"),
    ("relay/ccsds.c", "packet[0] & 7u", "packet[0] & 3u"),
    ("relay/ccsds.c", "header->data_octets > CCSDS_DATA_OCTETS_MAX", "0"),
    ("relay/cobs.c", "if (decoder->block_left > 0)", "if (0)"),
    ("relay/cobs.c", "decoder->octet_count == COBS_FRAME_OCTETS_MAX",
     "decoder->octet_count == COBS_FRAME_OCTETS_MAX - 1u"),
    ("relay/cobs.c", "event = append(decoder, 0);", ""),
    ("relay/cobs.c", "if (decoder->hunting)", "if (0)"),
    ("relay/cobs.c", "if (code == CODE_FULL)", "if (0)"),
    ("relay/packets.c", "packet->type->payload_octets != header.data_octets", "0"),
    ("relay/packets.c", "packet->type->telecommand != header.telecommand", "0"),
    ("relay/packets.c", "header.sequence_flags != CCSDS_UNSEGMENTED", "0"),
    ("relay/packets.c", "n == PACKET_PWM_CHANNELS", "n <= 255u"),
    ("relay/packets.c", "FIELD(io_status, alarms, PACKET_U16, 1)",
     "FIELD(io_status, status_flags, PACKET_U16, 1)"),
    ("relay/endpoint.c", "counters->replay++;", ""),
    ("relay/endpoint.c", "counters->bad_packet++;", ""),
    ("apps/failsafe.c", ">= config->timeout_us", "> config->timeout_us"),
    ("apps/failsafe.c", "state.forced = state.armed && (state.forced ||",
     "state.forced = state.armed && (0 ||"),
    ("apps/failsafe.c", "state.forced = state.armed &&", "state.forced = 1 &&"),
    ("apps/failsafe.c", "if (!state->armed)", "if (0)"),
    ("apps/failsafe.c", "if (state->lockdown)", "if (0)"),
    ("apps/failsafe.c", "state->commanded_us[channel] == PACKET_PWM_OFF", "0"),
    ("apps/failsafe.c", "config->failsafe_us[channel] != 0", "1"),
    ("apps/failsafe.c", "command->pwm_us[i] != PACKET_PWM_KEEP_US", "1"),
    ("apps/failsafe.c", "state.refreshed_us = arrived_us;", ""),
    ("drivers/seqlock.c", "if ((before & 1u) != 0)", "if (0)"),
    ("drivers/seqlock.c", "return lock->sequence == before;", "return true;"),
    ("drivers/seqlock.c", "shared_refresh(lock, octets(count)); /* nothing", "/* nothing"),
    ("drivers/seqlock.c", "shared_refresh(lock, octets(count)); /* no word", "/* no word"),
    ("drivers/seqlock.c", "shared_refresh(&lock->sequence, sizeof(lock->sequence));", ""),
    ("drivers/seqlock.c", "+ 1u; /* odd */", "; /* odd */"),
    ("drivers/seqlock.c", "shared_publish(lock, octets(count));", ""),
    ("drivers/seqlock.c", "(uint32_t)sizeof(struct seqlock) + 4u * count", "4u * count - 4u"),
    ("drivers/console.c", "console->lines_dropped++;", "console->written += console->line_octets;"),
]


class CouldNotRun(Exception):
    """The control itself is broken."""


def compile_to(work, source, text=None):
    target = work / (source.stem + ".o")
    if text is not None:
        source = work / source.name
        source.write_text(text)
    done = subprocess.run(["gcc", *FLAGS, "-c", str(source), "-o", str(target)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise CouldNotRun(f"{source} does not compile: {done.stderr.splitlines()[:1]}")
    return target


def tests_pass(work, objects, vectors):
    program = work / "test_relay"
    subprocess.run(["gcc", *map(str, objects), "-lcunit", "-o", str(program)], check=True)
    try:
        done = subprocess.run([str(program), vectors], capture_output=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    if done.returncode == 2:
        raise CouldNotRun("the tests did not run")
    return done.returncode == 0


def judge(number, base, work, vectors):
    """What became of a mutant: None when the tests have seen it, else why not."""
    name, text, instead = MUTANTS[number]
    source = pathlib.Path("firmware") / name
    content = source.read_text()
    if text not in content:
        raise CouldNotRun(f"{name} has no '{text}'")
    place = work / str(number)
    place.mkdir(parents=True, exist_ok=True)
    mutant = compile_to(place, source, content.replace(text, instead, 1))
    objects = [mutant if path.stem == source.stem else path for path in base]
    return "the tests passed" if tests_pass(place, objects, vectors) else None


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    work, vectors = pathlib.Path(sys.argv[1]), sys.argv[2]
    (work / "base").mkdir(parents=True, exist_ok=True)
    base = [compile_to(work / "base", source) for source in [*SOURCES, *sorted(TESTS.glob("*.c"))]]
    if not tests_pass(work / "base", base, vectors):
        raise CouldNotRun("the tests fail without any mutant")
    survived = 0
    print(f"1..{len(MUTANTS)}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(lambda number: judge(number, base, work, vectors), range(len(MUTANTS)))
        for number, (outcome, (name, text, instead)) in enumerate(zip(outcomes, MUTANTS), 1):
            survived += outcome is not None
            label = f"{name}: {text} -> {instead or 'nothing'}".replace("#", "")
            print(f"{'not ok' if outcome else 'ok'} {number} - {label}", flush=True)
    return 1 if survived else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CouldNotRun, OSError, subprocess.SubprocessError) as problem:
        print(f"Bail out! {problem}")
        print(f"mutants.py: {problem}", file=sys.stderr)
        sys.exit(2)
