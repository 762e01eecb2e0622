"""Keywords for bad input and accidents: refusals, dead machines, and what they leave behind.

SPDX-License-Identifier: Apache-2.0
"""

import json
import re
import shutil
import struct

from .arguments import duration, integer, keyword, listing, text
from .elf import KINDS
from .emulation import checkout_path
from .errors import CouldNotRun, GateFailed, RigFailed, UsageError
from .rig import BUILD, Rig

PCAPNG_SECTION, PCAPNG_MAGIC = 0x0A0D0D0A, 0x1A2B3C4D
LEFT_OVERS = (".tmp", ".part", ".partial", ".lock", "~")


class MishapKeywords:
    """Mixed into the library; uses self.need_rig()."""

    def _scratch(self):
        folder = BUILD / "runs" / "bad-input"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @keyword
    def create_image(self, kind: text, name: text = None):
        """Write a small image of a kind (mews/elf.py has them); returns its path."""
        if kind not in KINDS:
            raise UsageError(f"no image kind '{kind}'; kinds: {', '.join(KINDS)}")
        path = self._scratch() / f"{name or kind.replace(' ', '-')}.elf"
        path.write_bytes(KINDS[kind]())
        return str(path)

    @keyword
    def create_rig_file(self, name: text, *lines):
        """Write a rig file from its lines; returns its path."""
        path = self._scratch() / f"{name}.rig"
        path.write_text("".join(f"{line}\n" for line in lines))
        return str(path)

    @keyword
    def create_rig_from(self, rig: text, name: text, **images):
        """Write a copy of a rig file with other images (io=path); returns its path."""
        source = checkout_path(rig)
        if not source.is_file():
            raise CouldNotRun(f"{source}: no such rig file")
        path = self._scratch() / f"{name}.rig"
        unused = set(images)
        lines, machine = [], None
        for line in source.read_text().splitlines():
            section = re.match(r"\s*\[(?:machine\s+(\S+))?.*\]", line)
            machine = section[1] if section else machine
            key = re.match(r"\s*image\s*=\s*(.*\S)", line)
            if key:
                image = (
                    checkout_path(images[machine]) if machine in images else source.parent / key[1]
                )
                unused.discard(machine)
                line = f"image = {image.resolve()}"
            lines.append(line)
        if unused:
            raise UsageError(f"{rig} has no machine '{sorted(unused)[0]}' with an image")
        path.write_text("\n".join(lines) + "\n")
        return str(path)

    @keyword
    def rig_should_not_start(
        self, rig: text, message: text, exit_code: integer = 2, socket: text = None
    ):
        """The start is refused with this exit code and one line that matches; nothing is left."""
        run_dir = self._scratch() / "refused"
        shutil.rmtree(run_dir, ignore_errors=True)
        refused = Rig(checkout_path(rig), run_dir)
        try:
            refused.start(socket)
        except (CouldNotRun, RigFailed) as refusal:
            self._judge_refusal(refused, refusal, message, exit_code)
        else:
            refused.stop()
            raise GateFailed(f"{rig} has started and should not have")
        finally:
            self._last_rig = refused
        if refused.living():
            raise GateFailed("processes of the refused rig still run")

    @staticmethod
    def _judge_refusal(refused, refusal, message, exit_code):
        if refused.exit_code is None:
            raise refusal
        if refused.exit_code != exit_code:
            raise GateFailed(f"exit code {refused.exit_code}, not {exit_code}: {refusal}")
        lines = [line for line in refused.last_output.splitlines() if line.strip()]
        if len(lines) != 1:
            raise GateFailed(f"{len(lines)} lines instead of one: {' / '.join(lines)}")
        if not re.search(message, lines[0]):
            raise GateFailed(f"the line '{lines[0]}' does not match '{message}'")

    @keyword
    def rig_should_fail(self, message: text, within: duration = "1 s"):
        """Run; the rig must end by itself within the time, with exit code 1 and such a line."""
        rig = self.need_rig()
        try:
            rig.request("run", for_ns=within)
        except RigFailed as failure:
            words = str(failure)
        else:
            raise GateFailed("the rig goes on and should have failed")
        if not re.search(message, words):
            raise GateFailed(f"the rig failed with '{words}', which does not match '{message}'")
        self.reset_emulation()
        if self.last_exit_code != 1:
            raise GateFailed(f"linkd ended with exit code {self.last_exit_code}, not 1")
        return words

    @keyword
    def no_process_should_be_left(self):
        """linkd and all machines of the last rig have ended."""
        if self._last_rig is None:
            raise UsageError("no rig has ended yet")
        living = self._last_rig.living()
        if living:
            raise GateFailed(f"still running: {', '.join(str(pid) for pid in living)}")

    @keyword
    def run_files_should_be_whole(self, files: listing = None):
        """Every file of the last run is complete; `files` must be among them."""
        if self._last_rig is None:
            raise UsageError("no rig has ended yet")
        folder = self._last_rig.run_dir
        seen = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
        for name in files or []:
            if name not in seen:
                raise GateFailed(
                    f"{folder} has no {name}; it has {', '.join(sorted(seen)) or 'nothing'}"
                )
        for name, path in seen.items():
            why = _broken(path)
            if why:
                raise GateFailed(f"{name}: {why}")


def _broken(path):
    """Why a file of a run is not whole, or None."""
    if path.name.endswith(LEFT_OVERS):
        return "an unfinished file was left"
    if path.suffix == ".json":
        try:
            json.loads(path.read_text())
        except ValueError as error:
            return f"no whole JSON: {error}"
    if path.suffix == ".pcapng":
        return _broken_pcapng(path.read_bytes())
    if path.suffix == ".vcd" and "$enddefinitions" not in path.read_text():
        return "the header does not end"
    return None


def _broken_pcapng(content):
    """Walk the blocks (draft-ietf-opsawg-pcapng 3.1): lengths agree, nothing is left over."""
    if struct.unpack_from("<II", content.ljust(12), 0)[0] != PCAPNG_SECTION:
        return "no section header block"
    if struct.unpack_from("<I", content.ljust(12), 8)[0] != PCAPNG_MAGIC:
        return "no byte-order magic"
    offset = 0
    while offset < len(content):
        if offset + 12 > len(content):
            return f"a block is cut off at octet {offset}"
        length = struct.unpack_from("<I", content, offset + 4)[0]
        end = offset + length
        if length < 12 or length % 4 or end > len(content):
            return f"a block is cut off at octet {offset}"
        if struct.unpack_from("<I", content, end - 4)[0] != length:
            return f"the lengths of the block at octet {offset} differ"
        offset = end
    return None
