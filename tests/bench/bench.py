"""What the rig costs: `make bench`.

Every figure is the median of several runs, with the smallest and the largest.
Virtual/real is virtual seconds per second of host time.  The targets stand in
the table; docs/performance.md keeps the results with machine and date.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "robots"))
from mews.client import spawn_linkd  # noqa: E402

MS = 1_000_000
SECOND = 1_000_000_000
QEMU = ROOT / "build/bin/qemu-system-arm"
HERE = pathlib.Path(__file__).resolve().parent


class Linkd:
    """A daemon for one measurement."""

    def __init__(self, rig, record):
        self.folder = tempfile.TemporaryDirectory(prefix="mews-bench-")
        self.began = time.perf_counter()
        self.process, self.socket = spawn_linkd(
            [ROOT / "build/bin/linkd", rig, "--socket", self.folder.name + "/control",
             *(["--run-dir", self.folder.name + "/run"] if record else ["--no-record"])],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            self.socket.request("status")
        except ConnectionError:
            raise SystemExit(f"bench: linkd could not run {rig}") from None

    def run(self, **keys):
        """Host seconds of one `run`, and its answer."""
        began = time.perf_counter()
        answer = self.socket.request("run", **keys)
        return time.perf_counter() - began, answer

    def close(self):
        self.socket.request("quit")
        self.socket.close()
        self.process.wait(30)
        self.folder.cleanup()


def speed(rig, virtual_ns, record):
    """Virtual seconds per host second, after 20 ms for the start."""
    linkd = Linkd(rig, record)
    linkd.run(for_ns=20 * MS)
    host_s, _ = linkd.run(for_ns=virtual_ns)
    linkd.close()
    return virtual_ns / SECOND / host_s


def first_byte_ms(rig):
    """From the start of linkd to the first byte of a packet seen on the wire."""
    linkd = Linkd(rig, record=True)
    _, answer = linkd.run(for_ns=SECOND, gates=[{"kind": "packet", "link": "flight"}])
    elapsed_ms = (time.perf_counter() - linkd.began) * 1000
    assert answer["reason"] == "gates", "no packet in the first second"
    linkd.close()
    return elapsed_ms


def image_s(machine, icount, image="usart"):
    """Host seconds until the image has done its work and resets."""
    command = [QEMU, "-M", machine, "-display", "none", "-nodefaults", "-serial", "null",
               "-monitor", "none", "-no-reboot", *icount,
               "-kernel", ROOT / f"build/tests/bench/{image}.elf"]
    began = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=120)
    return time.perf_counter() - began


def access_ns():
    """Host ns for one access of a register by firmware, of a million reads and a million writes."""
    registers, memory = (image_s("stm32f100rb", ICOUNT, image) for image in ("registers", "memory"))
    return (registers - memory) / 2e6 * SECOND


EDGES_PER_S = 400_000  # of pwm.rig: eight channels, two edges in 40 us


def edge_ns():
    """Host ns for one edge of a PWM channel, with all that becomes of it in the daemon."""
    with_edges, without = (1 / speed(HERE / rig, SECOND, True) for rig in ("pwm.rig", "nopwm.rig"))
    return (with_edges - without) / EDGES_PER_S * SECOND


def pwm_share():
    """Per cent of the flight rig's host time that eight channels at 400 Hz take."""
    return edge_ns() * 8 * 2 * 400 / SECOND * speed(FLIGHT, SECOND, True) * 100


def flight_speed(fmu):
    """Of the flight rig, recording, with another image of the FMU node."""
    text = FLIGHT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="mews-bench-") as folder:
        rig = pathlib.Path(folder) / "flight.rig"
        rig.write_text(text.replace("../build/firmware/fmu.elf", f"../build/firmware/{fmu}.elf")
                       .replace("= ../build", f"= {ROOT / 'build'}"), encoding="utf-8")
        return speed(rig, SECOND, True)


ROUND_TRIPS = 100_000  # between two reports of rt1176-mu-round-trip


def round_trip_ns():
    """Virtual and host ns of one round trip through the messaging unit."""
    linkd = Linkd(HERE / "round-trip.rig", record=False)
    gate = {"kind": "line", "uart": "fmu.lpuart1", "text": "mean_ns=", "from": 0}
    for _ in range(2):  # the first report includes the start
        host_s, answer = linkd.run(for_ns=SECOND, gates=[gate])
        assert answer["reason"] == "gates", "no report within a second"
        gate["from"] = answer["matches"][0]["next"]
    linkd.close()
    virtual_ns = int(answer["matches"][0]["line"].strip().partition("=")[2], 16)
    return virtual_ns, host_s / ROUND_TRIPS * SECOND


FLIGHT = ROOT / "rigs/flight.rig"
ICOUNT = ["-icount", "rate=125/3,sleep=off"]

# name, unit, target as shown, measurement
BENCHES = [
    ("start of the rig to the first packet", "ms", "< 150", lambda: first_byte_ms(FLIGHT)),
    ("idle nodes, 10 s", "x", "> 100", lambda: speed(HERE / "idle.rig", 10 * SECOND, True)),
    ("flight rig at 400 Hz, 5 s, recording", "x", "> 1", lambda: speed(FLIGHT, 5 * SECOND, True)),
    ("flight rig at 400 Hz, 5 s, no recording", "x", "> 1",
     lambda: speed(FLIGHT, 5 * SECOND, False)),
    ("saturated wire both ways, 1 s, recording", "x", "> 1",
     lambda: speed(HERE / "saturate.rig", SECOND, True)),
    ("saturated wire both ways, 1 s, no recording", "x", "> 1",
     lambda: speed(HERE / "saturate.rig", SECOND, False)),
    ("flight rig, 1 s, the M7 never sleeps", "x", "", lambda: flight_speed("rt1176-fmu-busy")),
    ("flight rig, 1 s, neither M7 nor M4 ever sleep", "x", "",
     lambda: flight_speed("rt1176-fmu-two-busy")),
    ("MU round trip from M7 to M4 and back, virtual", "ns", "", lambda: round_trip_ns()[0]),
    ("MU round trip, host", "ns", "", lambda: round_trip_ns()[1]),
    ("one register access by firmware, stm32f100rb", "ns", "", access_ns),
    ("one edge of a PWM channel, recorded", "ns", "", edge_ns),
    ("eight PWM channels at 400 Hz, of the flight rig's time", "%", "< 5", pwm_share),
    ("100,000 characters polled, stm32f100rb, icount (8.68 s of line time)", "s", "",
     lambda: image_s("stm32f100rb", ICOUNT)),
    ("the same image, stock stm32vldiscovery, no icount (characters take no time)", "s", "",
     lambda: image_s("stm32vldiscovery", [])),
    ("the same image, stock stm32vldiscovery, -icount shift=5", "s", "",
     lambda: image_s("stm32vldiscovery", ["-icount", "shift=5,sleep=off"])),
]


def cpu_name():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    match = re.search(r"model name\s*: (.*)", text)
    return match.group(1) if match else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="benches whose name has this text")
    options = parser.parse_args()
    print(f"{datetime.date.today()}, {os.cpu_count()} x {cpu_name()}, {options.rounds} rounds\n")
    print("| what | target | median | min | max |\n|---|---|---|---|---|")
    for name, unit, target, measure in BENCHES:
        if options.only not in name:
            continue
        values = [measure() for _ in range(options.rounds)]
        print(f"| {name} | {target} | {statistics.median(values):.3g} {unit} "
              f"| {min(values):.3g} | {max(values):.3g} |", flush=True)


if __name__ == "__main__":
    main()
