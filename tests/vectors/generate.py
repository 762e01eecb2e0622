#!/usr/bin/env python3
"""Writes the known answers that the relay library is tested with.

Everything here is a second implementation, written from the standards in the plainest way and
sharing nothing with firmware/relay: Ascon-AEAD128 by table look-up of its S-box (NIST SP 800-232),
X25519 by big integers (RFC 7748), COBS by splitting at zeros, the replay window by a set.

A file is a list of records separated by blank lines; a record is lines "Name = value", octets in
hex.  ascon-aead128.kat has the shape of the usual known-answer files.  The small files are kept in
git beside this program; ascon-aead128.kat is made when it is needed.

usage: generate.py --write DIR           all files into DIR
       generate.py --check DIR           the files in DIR are what this program writes
       generate.py --convert FROM TO     vectors of others (relay-sec-vectors.json,
                                         replay-window-vectors.json, ascon-aead128.kat in FROM) in
                                         this format into TO, after comparing them with our own
exit:  0 fine, 1 they differ, 2 could not run

SPDX-License-Identifier: Apache-2.0
"""

import json
import pathlib
import random
import shutil
import sys

# ---------------------------------------------------------------- Ascon-AEAD128 (SP 800-232)

MASK = (1 << 64) - 1
# Table 6: the S-box of five bits, x0 the most significant.
SBOX = [0x04, 0x0B, 0x1F, 0x14, 0x1A, 0x15, 0x09, 0x02, 0x1B, 0x05, 0x08, 0x12, 0x1D, 0x03, 0x06,
        0x1C, 0x1E, 0x13, 0x07, 0x0E, 0x00, 0x0D, 0x11, 0x18, 0x10, 0x0C, 0x01, 0x19, 0x16, 0x0A,
        0x0F, 0x17]
# Table 5: the constants of the twelve rounds.
CONSTANTS = [0xF0, 0xE1, 0xD2, 0xC3, 0xB4, 0xA5, 0x96, 0x87, 0x78, 0x69, 0x5A, 0x4B]
ROTATIONS = [(19, 28), (61, 39), (1, 6), (10, 17), (7, 41)]
IV = 0x00001000808C0001


def rotate_right(word, bits):
    return (word >> bits | word << (64 - bits)) & MASK


def permute(state, rounds):
    for constant in CONSTANTS[12 - rounds:]:
        state[2] ^= constant
        columns = [SBOX[sum((state[row] >> bit & 1) << (4 - row) for row in range(5))]
                   for bit in range(64)]
        for row in range(5):
            state[row] = sum((column >> (4 - row) & 1) << bit for bit, column in enumerate(columns))
        for row, (first, second) in enumerate(ROTATIONS):
            state[row] ^= rotate_right(state[row], first) ^ rotate_right(state[row], second)


def words(octets):
    return [int.from_bytes(octets[i:i + 8], "little") for i in range(0, len(octets), 8)]


def octets_of(values):
    return b"".join(value.to_bytes(8, "little") for value in values)


def pad(octets):
    return octets + b"\x01" + bytes(15 - len(octets) % 16)


def ascon_encrypt(key, nonce, associated, plaintext):
    """Ciphertext followed by the tag."""
    state = [IV, *words(key), *words(nonce)]
    permute(state, 12)
    state[3] ^= words(key)[0]
    state[4] ^= words(key)[1]
    if associated:
        padded = words(pad(associated))
        for i in range(0, len(padded), 2):
            state[0] ^= padded[i]
            state[1] ^= padded[i + 1]
            permute(state, 8)
    state[4] ^= 1 << 63
    ciphertext = b""
    padded = words(pad(plaintext))
    for i in range(0, len(padded), 2):
        state[0] ^= padded[i]
        state[1] ^= padded[i + 1]
        ciphertext += octets_of(state[:2])
        if i + 2 < len(padded):
            permute(state, 8)
    state[2] ^= words(key)[0]
    state[3] ^= words(key)[1]
    permute(state, 12)
    tag = octets_of([state[3] ^ words(key)[0], state[4] ^ words(key)[1]])
    return ciphertext[:len(plaintext)] + tag


def mac(key, nonce, message):
    return ascon_encrypt(key, nonce, message, b"")


# ---------------------------------------------------------------- X25519 (RFC 7748)

P = 2**255 - 19


def x25519(scalar, point):
    """The Montgomery ladder of RFC 7748, 5, with Python's integers."""
    k = int.from_bytes(scalar, "little")
    k = k & ~7 & ~(1 << 255) | 1 << 254
    u = int.from_bytes(point, "little") % 2**255 % P
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in reversed(range(255)):
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        total, difference = x2 + z2, x2 - z2
        square, other = total**2 % P, difference**2 % P
        cross_a, cross_b = (x3 - z3) * total % P, (x3 + z3) * difference % P
        x3, z3 = (cross_a + cross_b)**2 % P, u * (cross_a - cross_b)**2 % P
        e = square - other
        x2, z2 = square * other % P, e * (square + 121665 * e) % P
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


BASE = (9).to_bytes(32, "little")

# ---------------------------------------------------------------- relay-sec (docs/wire-formats.md)


def u16(value):
    return value.to_bytes(2, "little")


def u64(value):
    return value.to_bytes(8, "little")


def seal(mode, key, spi, channel, counter, payload):
    header = u16(spi) + bytes([channel]) + u64(counter)
    nonce = header + bytes(5)
    if mode == "aead":
        return header + ascon_encrypt(key, nonce, header, payload)
    return header + payload + mac(key, nonce, header + payload)


def handshake(spi, channel, k_id, priv_i, priv_r, epoch_i, epoch_r):
    """Every value of one handshake, in the order in which it arises."""
    protocol = b"relay-sec/x25519/v1"
    s = u16(spi) + bytes([channel])
    e_i, e_r = x25519(priv_i, BASE), x25519(priv_r, BASE)
    t1 = protocol + s + u64(epoch_i) + e_i
    ts = s + u64(epoch_i) + u64(epoch_r) + e_i + e_r
    t2 = protocol + ts
    z = x25519(priv_i, e_r)
    assert z == x25519(priv_r, e_i)
    prk = mac(b"relay-sec/kdf".ljust(16, b"\0"), bytes([10]) + bytes(15), z + ts)
    sk_enc = mac(prk, bytes([11]) + bytes(15), b"relay-sec/enc")
    sk_mac = mac(prk, bytes([12]) + bytes(15), b"relay-sec/mac")
    return {
        "SPI": u16(spi), "Channel": bytes([channel]), "Identity": k_id,
        "PrivateI": priv_i, "PrivateR": priv_r, "EpochI": u64(epoch_i), "EpochR": u64(epoch_r),
        "ShareI": e_i, "TagI": mac(k_id, bytes([1]) + bytes(7) + u64(epoch_i), t1),
        "ShareR": e_r, "TagR": mac(k_id, bytes([2]) + bytes(7) + u64(epoch_r), t2),
        "Encryption": sk_enc, "Mac": sk_mac, "Z": z, "PRK": prk,
        "Confirm": mac(sk_mac, bytes([13]) + bytes(15), ts),
    }


def replay_verdicts(counters):
    accepted = set()
    for counter in counters:
        highest = max(accepted, default=0)
        if counter == 0 or counter in accepted and highest - counter < 64:
            yield "Replay"
        elif counter > highest:
            yield "Fresh"
        elif highest - counter >= 64:
            yield "TooOld"
        else:
            yield "Reordered"
        if counter and (counter > highest or highest - counter < 64):
            accepted.add(counter)


# ---------------------------------------------------------------- COBS and CCSDS


def cobs(octets):
    encoded = b""
    for group in octets.split(b"\0"):
        while len(group) >= 254:
            encoded += b"\xff" + group[:254]
            group = group[254:]
            if not group:
                break
        else:
            encoded += bytes([len(group) + 1]) + group
            continue
        # The group ended with a full block.  A zero that follows needs a code of its own; the end
        # of the data does not.
        encoded += b"\x01"
    if octets and octets[-1] and len(octets.split(b"\0")[-1]) % 254 == 0:
        encoded = encoded[:-1]
    return encoded


def ccsds(telecommand, apid, flags, count, data):
    first = telecommand << 12 | apid
    return b"".join(value.to_bytes(2, "big")
                    for value in (first, flags << 14 | count, len(data) - 1)) + data


# ---------------------------------------------------------------- the files


def ascon_records():
    key, nonce = bytes(range(16)), bytes(range(16, 32))
    text = bytes(range(32, 64))
    associated = bytes(range(0x30, 0x50))
    count = 0
    for text_octets in range(33):
        for associated_octets in range(33):
            count += 1
            sealed = ascon_encrypt(key, nonce, associated[:associated_octets], text[:text_octets])
            yield {"Count": str(count), "Key": key, "Nonce": nonce, "PT": text[:text_octets],
                   "AD": associated[:associated_octets], "CT": sealed}


def frame_record(mode, key, spi, channel, counter, payload):
    return {"Mode": mode, "SPI": u16(spi), "Channel": bytes([channel]), "Counter": u64(counter),
            "Key": key, "Payload": payload,
            "Frame": seal(mode, key, spi, channel, counter, payload)}


def frame_records():
    rng = random.Random("relay-sec frames")
    for mode in ("mac", "aead"):
        for octets in (0, 1, 4, 15, 16, 17, 22, 28, 31, 32, 33, 48, 100, 101):
            yield frame_record(mode, rng.randbytes(16), rng.randrange(2**16), rng.randrange(256),
                               1 + rng.randrange(2**64 - 1), rng.randbytes(octets))
        for counter in (1, 63, 64, 2**32 - 1, 2**32, 2**64 - 1):
            yield frame_record(mode, b"\x42" * 16, 0xABCD, 2, counter, b"LAND")


def handshake_records():
    rng = random.Random("relay-sec handshakes")
    yield handshake(0x1234, 7, b"\x11" * 16, b"\x42" * 32, b"\x99" * 32, 100, 200)
    yield handshake(0x1234, 7, b"\x11" * 16, b"\x42" * 32, b"\x99" * 32, 101, 201)
    for _ in range(4):
        yield handshake(rng.randrange(2**16), rng.randrange(256), rng.randbytes(16),
                        rng.randbytes(32), rng.randbytes(32), rng.randrange(1, 2**64),
                        rng.randrange(1, 2**64))


def replay_records():
    rng = random.Random("replay windows")
    edges = [0, 1, 1, 64, 1, 65, 1, 2, 2, 66, 129, 65, 66, 67, 2**64 - 1, 2**64 - 64, 2**64 - 65,
             2**64 - 1, 2**64 - 2, 0]
    walks = [edges, [5, 4, 3, 2, 1, 0, 5, 69, 6, 5], [2**64 - 1, 1, 2**64 - 63]]
    for spread in (3, 40, 70, 200):
        middle = 1000
        walk = []
        for _ in range(200):
            middle += rng.randrange(4)
            walk.append(max(0, middle + rng.randrange(-spread, spread // 8 + 1)))
        walks.append(walk)
    for number, walk in enumerate(walks):
        for counter, verdict in zip(walk, replay_verdicts(walk)):
            yield {"Window": str(number), "Counter": u64(counter), "Verdict": verdict}


def x25519_records():
    rng = random.Random("x25519")
    points = [rng.randbytes(32) for _ in range(24)]
    # not canonical: p and more, and bit 255 set
    points += [(P + n).to_bytes(32, "little") for n in (2, 3, 9, 18)]
    points += [(2**255 + n).to_bytes(32, "little") for n in (9, 2**254, P + 5)]
    for point in points:
        scalar = rng.randbytes(32)
        yield {"Scalar": scalar, "Point": point, "Shared": x25519(scalar, point)}


def cobs_records():
    rng = random.Random("cobs")
    plain = [b"", b"\0", b"\0\0", b"\x01", b"\0\x01", b"\x01\0", b"\x01\0\x02", b"\xff" * 3]
    plain += [b"\x11" * n for n in (127, 253, 254, 255, 508, 509)]
    plain += [b"\x11" * 254 + b"\0", b"\x11" * 254 + b"\0\x22", b"\0" * 128]
    plain += [bytes(rng.choice((0, 1, rng.randrange(256))) for _ in range(n)) for n in range(1, 129, 9)]
    for octets in plain:
        yield {"Plain": octets, "Encoded": cobs(octets)}


def ccsds_records():
    rng = random.Random("ccsds")
    for telecommand, apid, flags, count, octets in (
            (0, 0, 0, 0, 1), (1, 0x7FF, 3, 0x3FFF, 1), (1, 0x010, 3, 0, 22), (0, 0x020, 3, 1, 42),
            (1, 0x0F0, 3, 0x2AAA, 56), (0, 0x555, 1, 0x1555, 257), (1, 0x2AA, 2, 256, 300)):
        data = rng.randbytes(octets)
        yield {"Telecommand": bytes([telecommand]), "APID": u16(apid), "Flags": bytes([flags]),
               "Count": u16(count), "Data": data,
               "Packet": ccsds(telecommand, apid, flags, count, data)}


SMALL = {
    "relay-sec.kat": frame_records, "handshakes.kat": handshake_records,
    "replay.kat": replay_records, "x25519.kat": x25519_records, "cobs.kat": cobs_records,
    "ccsds.kat": ccsds_records,
}
FILES = {"ascon-aead128.kat": ascon_records, **SMALL}


def text_of(records):
    def value(item):
        return item.hex().upper() if isinstance(item, bytes) else item
    return "\n".join("".join(f"{name} = {value(item)}".rstrip() + "\n" for name, item in record.items())
                     for record in records)


# ---------------------------------------------------------------- vectors of others


def counted(values):
    return {name: bytes.fromhex(value) if isinstance(value, str) else value
            for name, value in values.items()}


def convert(source, target):
    """Differences between the vectors of others and our own; theirs in our format in @target."""
    theirs = json.loads((source / "relay-sec-vectors.json").read_text())
    frames = []
    for case in theirs["frames"]:
        record = frame_record(case["mode"], bytes.fromhex(case["key"]), int(case["spi"], 16),
                              case["channel"], case["counter"], bytes.fromhex(case["payload"]))
        if record["Frame"].hex() != case["frame"]:
            yield f"frame {case['mode']} counter {case['counter']}"
        frames.append({**record, "Frame": bytes.fromhex(case["frame"])})
    handshakes = []
    names = {"e_pub_i": "ShareI", "tag_i": "TagI", "e_pub_r": "ShareR", "tag_r": "TagR", "z": "Z",
             "prk": "PRK", "sk_enc": "Encryption", "sk_mac": "Mac", "tag_confirm": "Confirm"}
    for case in theirs["handshakes"]:
        octets = counted(case)
        record = handshake(int(case["spi"], 16), case["channel"], octets["k_id"], octets["priv_i"],
                           octets["priv_r"], case["epoch_i"], case["epoch_r"])
        for name, ours in names.items():
            if record[ours] != octets[name]:
                yield f"handshake epoch {case['epoch_i']}: {name}"
        handshakes.append({**record, **{ours: octets[name] for name, ours in names.items()}})
    walk = json.loads((source / "replay-window-vectors.json").read_text())
    for (counter, verdict), ours in zip(walk, replay_verdicts([counter for counter, _ in walk])):
        if verdict != ours:
            yield f"replay {counter}: {verdict}, we say {ours}"
    window = [{"Window": "0", "Counter": u64(counter), "Verdict": verdict}
              for counter, verdict in walk]
    kat = (source / "ascon-aead128.kat").read_text()
    tidy = "\n".join(line.rstrip() for line in kat.strip().splitlines()) + "\n"
    if tidy != text_of(ascon_records()):
        yield "ascon-aead128.kat"
    target.mkdir(parents=True, exist_ok=True)
    (target / "relay-sec.kat").write_text(text_of(frames))
    (target / "handshakes.kat").write_text(text_of(handshakes))
    (target / "replay.kat").write_text(text_of(window))
    for name in ("x25519.kat", "cobs.kat", "ccsds.kat"):  # nobody else's: ours
        (target / name).write_text(text_of(SMALL[name]()))
    shutil.copyfile(source / "ascon-aead128.kat", target / "ascon-aead128.kat")


def main(arguments):
    match arguments:
        case ["--write", place]:
            pathlib.Path(place).mkdir(parents=True, exist_ok=True)
            for name, records in FILES.items():
                (pathlib.Path(place) / name).write_text(text_of(records()))
            return 0
        case ["--check", place]:
            wrong = [name for name, records in SMALL.items()
                     if (pathlib.Path(place) / name).read_text() != text_of(records())]
        case ["--convert", source, target]:
            wrong = list(convert(pathlib.Path(source), pathlib.Path(target)))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    for text in wrong:
        print(f"generate.py: differs: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError, KeyError) as problem:
        print(f"generate.py: {problem}", file=sys.stderr)
        sys.exit(2)
