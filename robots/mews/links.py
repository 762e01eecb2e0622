"""Keywords for what crosses a link: packets with their verdicts, counters, and the attacker.

A search begins now, or at `since`, a moment or event that lies in the past; so
no packet is judged that came before the thing a gate waits for.

SPDX-License-Identifier: Apache-2.0
"""

from .arguments import anything, duration, integer, keyword, octets, text
from .errors import GateFailed, UsageError
from .events import Event, moment, since_or_now
from .frames import describe, encode_packet, fields_of, misses, packet_key
from .times import format_ns

SECOND_NS = 10**9
LINK_BAUD = 1500000
# From the end of a frame until a node has counted it, and from the sampling of
# its counters until the status frame starts.  Both are far below.
SETTLE_NS = 2 * 10**6
ERROR_COUNTERS = ("bad_mac", "replay", "too_old", "framing", "overrun")
SHOWN_PACKETS = 8


class LinkKeywords:
    """Mixed into the library; uses self.need_rig() and self.status()."""

    def reset_links(self):
        """Forget the packets of the last rig."""
        self._packets = {}

    # ---- packets ----

    @keyword
    def wait_for_packet(
        self,
        packet: anything = "any",
        fields: fields_of = None,
        verdict: text = "accepted",
        direction: text = None,
        timeout: duration = "1 s",
        link: text = None,
        since: moment = None,
    ):
        """Run until a packet (name, APID or any) with these fields and this verdict has come."""
        found = self._find(packet, fields, verdict, direction, timeout, link, since)
        if found is None:
            raise self._no_packet(packet, fields, verdict, direction, timeout, link, since)
        return found

    @keyword
    def should_not_be_packet(
        self,
        packet: anything = "any",
        fields: fields_of = None,
        verdict: text = "accepted",
        direction: text = None,
        timeout: duration = "1 s",
        link: text = None,
        since: moment = None,
    ):
        """Run for the whole time-out; such a packet is a failure."""
        found = self._find(packet, fields, verdict, direction, timeout, link, since)
        if found is not None:
            raise GateFailed(
                f"{describe(found)} came at {format_ns(found['time_ns'])} and should not have"
            )

    @keyword
    def wait_for_flags(
        self,
        packet: anything,
        field: text,
        set: integer,
        clear: integer = 0,
        timeout: duration = "1 s",
        direction: text = None,
        link: text = None,
        since: moment = None,
    ):
        """Run until an accepted packet has these bits of a field set and those clear."""
        start = since_or_now(since, self.need_rig())
        limit = self.need_rig().time_ns + timeout
        seen = None
        while start < limit:
            left = max(0, limit - self.need_rig().time_ns)
            found = self._find(packet, None, "accepted", direction, left, link, start)
            if found is None:
                break
            start = found["time_ns"]
            seen = found["fields"].get(field)
            if not isinstance(seen, int):
                raise UsageError(f"{packet} has no field '{field}' with flags")
            if seen & set == set and not seen & clear:
                return found
        last = "none came" if seen is None else f"the last had {seen:#x}"
        raise GateFailed(
            f"no {packet} with {field} bits {set:#x} set and {clear:#x} clear "
            f"within {format_ns(timeout)}; {last}"
        )

    @keyword
    def last_packet(
        self,
        packet: anything = "any",
        verdict: text = "accepted",
        direction: text = None,
        link: text = None,
    ):
        """The latest one of the past; time does not move."""
        name = self._link(link)
        known = [
            entry for entry in self._all(name) if self._fits(entry, packet, verdict, direction)
        ]
        if not known:
            raise GateFailed(f"no {packet} ({verdict}) has come so far")
        return Event(known[-1], time_ns=known[-1]["end_ns"])

    @keyword
    def packet_interval_should_be(
        self,
        packet: anything,
        interval: duration,
        tolerance: duration = "0",
        over: duration = "1 s",
        direction: text = None,
        link: text = None,
    ):
        """Run for `over`; accepted packets must start at this interval, all of them, and
        deviations must not add up."""
        start = self.need_rig().time_ns
        self.need_rig().request("run", for_ns=over)
        starts = [
            entry["start_ns"]
            for entry in self._since(self._link(link), start)
            if self._fits(entry, packet, "accepted", direction)
        ]
        if len(starts) < over // interval - 1:
            raise GateFailed(
                f"{packet}: {len(starts)} accepted within {format_ns(over)}, "
                f"not one each {format_ns(interval)}"
            )
        gaps = [later - earlier for earlier, later in zip(starts, starts[1:])]
        wrong = [gap for gap in gaps if abs(gap - interval) > tolerance]
        if wrong:
            raise GateFailed(
                f"{packet}: an interval of {format_ns(wrong[0])}, not {format_ns(interval)} "
                f"within {format_ns(tolerance)} ({len(wrong)} of {len(gaps)})"
            )
        span, expected = starts[-1] - starts[0], interval * len(gaps)
        if abs(span - expected) > tolerance:
            raise GateFailed(
                f"{packet}: {len(gaps)} intervals take {format_ns(span)}, "
                f"not {format_ns(expected)} within {format_ns(tolerance)}"
            )
        self.measured(f"{packet} interval", max(gaps, key=lambda gap: abs(gap - interval)))
        return starts

    @keyword
    def line_should_be_silent(self, direction: text, duration: duration = "1 s", link: text = None):
        """Run for the time; one symbol on the wire in this direction is a failure."""
        name = self._link(link)
        before = self._statistics(name, direction)["symbols"]
        self.need_rig().request("run", for_ns=duration)
        come = self._statistics(name, direction)["symbols"] - before
        if come:
            raise GateFailed(f"{direction} is not silent: {come} symbols in {format_ns(duration)}")

    @keyword
    def link_counter_should_be(
        self, counter: text, value: integer, direction: text, link: text = None
    ):
        """The daemon's own count of a link (symbols, frames, accepted, bad_mac ...)."""
        statistics = self._statistics(self._link(link), direction)
        if counter not in statistics:
            raise UsageError(f"no link counter '{counter}'; there are {', '.join(statistics)}")
        if statistics[counter] != value:
            raise GateFailed(f"{direction} {counter} is {statistics[counter]}, not {value}")

    @keyword
    def get_link_counters(self, direction: text, link: text = None):
        """The daemon's counts of a link, by name."""
        statistics = self._statistics(self._link(link), direction)
        return Event(statistics, time_ns=self.need_rig().time_ns)

    # ---- counters that the node itself reports ----

    @keyword
    def get_counters(self, packet: text = "IoStatus", timeout: duration = "1 s", link: text = None):
        """Run until the node has told its counters as they are now; returns the packet's fields."""
        return self._counters(packet, timeout, link)

    def _counters(self, packet, timeout, link=None):
        not_before = self.need_rig().time_ns + SETTLE_NS
        since = self.need_rig().time_ns
        limit = not_before + timeout
        while since < limit:
            found = self._find(packet, None, "accepted", None, limit - since, link, since)
            if found is None:
                break
            if found["start_ns"] >= not_before:
                return Event(found["fields"], time_ns=found["time_ns"])
            since = found["time_ns"]
        raise GateFailed(f"no accepted {packet} within {format_ns(timeout)}: no counters to judge")

    @keyword
    def counter_should_be(
        self, counter: text, value: integer, packet: text = "IoStatus", timeout: duration = "1 s"
    ):
        """A counter as the node reports it next (field of `packet`) has this value."""
        counters = self._counters(packet, timeout)
        if counter not in counters:
            raise UsageError(f"{packet} has no field '{counter}'; fields: {', '.join(counters)}")
        if counters[counter] != value:
            raise GateFailed(f"{packet}.{counter} is {counters[counter]}, not {value}")

    @keyword
    def counters_should_change_by(
        self,
        before: anything,
        packet: text = "IoStatus",
        timeout: duration = "1 s",
        **rises,
    ):
        """Since `Get Counters` exactly these counters rose (replay=1), and no other of errors."""
        after = self._counters(packet, timeout)
        expected = dict.fromkeys((name for name in ERROR_COUNTERS if name in after), 0)
        expected.update((name, number_of(name, rise)) for name, rise in rises.items())
        wrong = []
        for name, rise in expected.items():
            if name not in after or name not in before:
                raise UsageError(f"{packet} has no field '{name}'; fields: {', '.join(after)}")
            if after[name] - before[name] != rise:
                wrong.append(f"{name} rose by {after[name] - before[name]}, not {rise}")
        if wrong:
            raise GateFailed(f"{packet}: {'; '.join(wrong)}")
        return after

    # ---- the attacker: knows the wire, not the keys ----

    @keyword
    def inject_frame(
        self,
        frame: anything,
        to: text,
        at: anything = None,
        link: text = None,
        baud: integer = LINK_BAUD,
    ):
        """Put a relay-sec frame on the line; `at`: a moment, or 'gap' (behind the next frame)."""
        octets_sent = octets(frame["frame"] if isinstance(frame, dict) else frame)
        return self._inject(to, at, link, frame=octets_sent.hex(), baud=baud)

    @keyword
    def inject_bytes(
        self,
        content: octets,
        to: text,
        at: anything = None,
        link: text = None,
        baud: integer = LINK_BAUD,
        format: text = "8N1",
    ):
        """Put bytes on the line to a machine as they are, without framing."""
        return self._inject(to, at, link, hex=content.hex(), baud=baud, format=format)

    @keyword
    def replay_frame(self, packet: anything, to: text = None, at: anything = None):
        """Send a frame that was seen, bit by bit, to the machine it went to (or another one)."""
        packet = _a_packet(packet)
        return self.inject_frame(packet, to or _receiver(packet), at, packet["link"])

    @keyword
    def tamper_frame(self, packet: anything, bit: integer, to: text = None, at: anything = None):
        """Send a frame that was seen with one bit turned; bit 0 is the first octet's least bit."""
        packet = _a_packet(packet)
        frame = bytearray.fromhex(packet["frame"])
        if not -8 * len(frame) <= bit < 8 * len(frame):
            raise UsageError(f"bit {bit} lies outside the frame's {8 * len(frame)} bits")
        frame[bit // 8] ^= 1 << bit % 8
        return self.inject_frame(bytes(frame), to or _receiver(packet), at, packet["link"])

    @keyword
    def make_packet(self, packet: text, sequence: integer = 0, **fields):
        """A CCSDS packet as bytes (flags=1, pwm_us=[1500, ...]); other fields are 0."""
        return encode_packet(packet, sequence, fields_of(fields))

    @keyword
    def seal_frame(
        self,
        payload: octets,
        spi: integer,
        counter: integer,
        channel: integer = 1,
        key: octets = None,
        mode: text = None,
    ):
        """The frame that the holder of a key sends; without `key`, of that of the rig file."""
        answer = self.need_rig().request(
            "seal",
            spi=spi,
            channel=channel,
            counter=counter,
            payload=payload.hex(),
            key=key.hex() if key is not None else None,
            mode=mode,
        )
        return bytes.fromhex(answer["frame"])

    # ---- how it is done ----

    def _link(self, name):
        links = [entry["name"] for entry in self.status()["links"]]
        if name is None and len(links) == 1:
            return links[0]
        if name not in links:
            raise UsageError(f"which link?  '{name}' is none of: {', '.join(links) or 'none'}")
        return name

    def _statistics(self, link, direction):
        status = self.need_rig().request("status")
        (entry,) = (entry for entry in status["links"] if entry["name"] == link)
        if direction not in entry["directions"]:
            known = ", ".join(entry["directions"])
            raise UsageError(f"link {link} has no direction '{direction}'; directions: {known}")
        return entry["directions"][direction]

    def _all(self, link):
        """All packets of a link so far; asks only for the new ones."""
        known = self._packets.setdefault(link, [])
        answer = self.need_rig().request("packets", link=link, **{"from": len(known)})
        known += answer["packets"]
        return known

    def _since(self, link, since):
        return [entry for entry in self._all(link) if entry["end_ns"] > since]

    @staticmethod
    def _fits(entry, packet, verdict, direction):
        key = packet_key(packet)
        return (
            all(entry.get(name) == value for name, value in key.items())
            and verdict in ("any", entry["verdict"])
            and direction in (None, entry["direction"])
        )

    def _find(self, packet, fields, verdict, direction, timeout, link, since):
        name = self._link(link)
        if direction is not None:
            self._statistics(name, direction)
        start = since_or_now(since, self.need_rig())
        known = self._all(name)
        first = next((i for i, entry in enumerate(known) if entry["end_ns"] > start), len(known))
        gate = {"kind": "packet", "link": name, "from": first}
        gate.update(packet_key(packet))
        if verdict != "any":
            gate["verdict"] = verdict
        if direction is not None:
            gate["direction"] = direction
        if fields:
            gate["fields"] = fields
        answer = self.need_rig().request("run", for_ns=timeout, gates=[gate], mode="any")
        match = answer["matches"][0]
        return Event(match, time_ns=match["end_ns"]) if match else None

    def _no_packet(self, packet, fields, verdict, direction, timeout, link, since):
        start = since if since is not None else self.need_rig().time_ns - timeout
        come = self._since(self._link(link), start)
        wanted = f"{packet} ({verdict}{', ' + direction if direction else ''})"
        near = [entry for entry in come if self._fits(entry, packet, verdict, direction)]
        if fields and near:
            wrong = misses(near[-1], fields)
            differ = ", ".join(f"{name}={seen}, not {want}" for name, (want, seen) in wrong.items())
            seen = f"{len(near)} came, the last with {differ}"
        elif come:
            seen = "came: " + ", ".join(describe(entry) for entry in come[-SHOWN_PACKETS:])
        else:
            seen = "no packet came at all"
        return GateFailed(f"no {wanted} within {format_ns(timeout)}; {seen}")

    def _inject(self, to, at, link, **keys):
        name = self._link(link)
        if at == "gap":
            self._find("any", None, "any", self._direction_to(name, to), SECOND_NS, name, None)
            at = None
        at_ns = None if at is None else moment(at)
        sent = self.need_rig().request("inject", link=name, to=to, at_ns=at_ns, **keys)
        return Event(
            start_ns=sent["start_ns"],
            end_ns=sent["end_ns"],
            time_ns=sent["end_ns"],
            frame=keys.get("frame", keys.get("hex")),
        )

    def _direction_to(self, link, to):
        (entry,) = (entry for entry in self.status()["links"] if entry["name"] == link)
        for direction in entry["directions"]:
            sender, receiver = direction.split(">")
            if receiver == to and sender != "inject":
                return direction
        raise UsageError(f"link {link} has no end at '{to}'")


def number_of(name, value):
    """A whole number for a counter of this name."""
    try:
        return integer(value)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None


def _a_packet(value):
    if not isinstance(value, dict) or "frame" not in value or "direction" not in value:
        raise UsageError("a packet of 'Wait For Packet' is needed here")
    return value


def _receiver(packet):
    return packet["direction"].split(">")[1]
