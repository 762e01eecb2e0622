"""QEMU's source, from the user's own tarball or as Debian's source package.

Debian's package comes from the mirror the running system already uses, through
an apt configuration of our own: a source-only entry, private lists and cache.
The system's lists are never touched and no binary of another release can slip
in.  apt verifies the archive's signature down to the tarball's hash.

Run as a program it prints the mirror (ci/fresh asks for it).

SPDX-License-Identifier: GPL-2.0-or-later
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
APT_TIMEOUT_S = 900


class SourceError(Exception):
    """The source cannot be had; the text is one line for the user."""


class Source:
    """A tarball and what names it: version "10.0.13", identity for cache keys."""

    def __init__(self, tarball, version, identity):
        self.tarball = pathlib.Path(tarball)
        self.version = version
        self.identity = identity


def read_pin(path):
    """The `key = value` lines of emu/engine/version as a dictionary."""
    pin = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, value = line.partition("=")
            pin[key.strip()] = value.strip()
    return pin


def in_series(version, series):
    return re.fullmatch(re.escape(series) + r"\.\d+", version) is not None


def upstream_version(package_version):
    """1:10.0.13+ds-0+deb13u1 -> 10.0.13"""
    match = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", package_version)
    return match.group(1) if match else ""


# ------------------------------------------------------------- own tarball

def _tarball_version(tarball):
    """The text of the VERSION file in the tarball's only folder; "" if none."""
    with subprocess.Popen(["tar", "-tf", tarball], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as listing:
        folder = listing.stdout.readline().strip().split("/")[0]
        listing.kill()
    content = subprocess.run(["tar", "-xOf", tarball, "--occurrence=1", f"{folder}/VERSION"],
                             capture_output=True, text=True, check=False)
    return content.stdout.strip()


def from_tarball(path, pin):
    """QEMU_SRC: a qemu-10.0.x.tar.xz of the project or Debian's orig tarball."""
    tarball = pathlib.Path(path)
    if not tarball.is_file():
        raise SourceError(f"QEMU_SRC: {path}: no such file")
    version = _tarball_version(tarball)
    if not in_series(version, pin["series"]):
        raise SourceError(f"QEMU_SRC: {path}: QEMU {pin['series']}.x is needed, "
                          f"this is {version or 'no QEMU source'}")
    with tarball.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Source(tarball, version, f"{version} sha256:{digest}")


# ------------------------------------------------------------ apt's mirror

def _deb822_entries(text):
    for stanza in re.split(r"\n\s*\n", text):
        fields = {}
        key = None
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and key:
                fields[key] += " " + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                key = key.strip().lower()
                fields[key] = value.strip()
        if not fields or fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield fields.get("types", "").split(), uri, suite, fields.get("components", "").split()


def _one_line_entries(text):
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        match = re.match(r"(deb|deb-src)\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$", line)
        if match:
            kind, uri, suite, components = match.groups()
            yield [kind], uri, suite, components.split()


def apt_entries(etc="/etc/apt"):
    """All (types, uri, suite, components) of the system's apt sources."""
    folder = pathlib.Path(etc)
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for file in files:
        if not file.is_file():
            continue
        text = file.read_text(errors="replace")
        if file.suffix == ".sources":
            yield from _deb822_entries(text)
        elif file.suffix == ".list":
            yield from _one_line_entries(text)


def _os_release(path="/etc/os-release"):
    fields = {}
    for line in pathlib.Path(path).read_text().splitlines():
        key, _, value = line.partition("=")
        fields[key] = value.strip("'\"")
    return fields


def system_mirror(entries=None, codename=None):
    """The URI that serves main of the running release."""
    entries = list(apt_entries() if entries is None else entries)
    codename = codename or _os_release().get("VERSION_CODENAME", "")
    usable = [(uri, suite) for types, uri, suite, components in entries
              if "main" in components
              and not suite.startswith(codename + "-security") and "security" not in uri
              and re.match(r"(mirror\+)?(https?|file|copy|mirror)[:+]", uri)]
    for uri, suite in usable:
        if suite in (codename, "stable", "oldstable", "testing", "sid", "unstable"):
            return uri
    if usable:
        return usable[0][0]
    raise SourceError("no Debian mirror in /etc/apt/sources.list and /etc/apt/sources.list.d; "
                      "give QEMU's tarball by QEMU_SRC=FILE")


# --------------------------------------------------------- Debian's package

def _private_apt(folder, suite):
    """Writes our apt configuration into folder; returns the environment to use."""
    keyring = next((k for k in KEYRINGS if os.path.exists(k)), None)
    if keyring is None:
        raise SourceError("no /usr/share/keyrings/debian-archive-keyring.gpg: "
                          "install the package debian-archive-keyring")
    for sub in ("lists/partial", "cache/archives/partial"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(
        f"deb-src [signed-by={keyring}] {system_mirror()} {suite} main\n")
    # Of the system's settings only how to reach a server (proxies, certificates).
    acquire = subprocess.run(["apt-config", "dump", "Acquire"],
                             capture_output=True, text=True, check=True).stdout
    (folder / "apt.conf").write_text(acquire + f"""
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
""")
    return {**os.environ, "APT_CONFIG": str(folder / "apt.conf"), "LC_ALL": "C.UTF-8"}


def _apt(arguments, environment, cwd, log):
    with log.open("a") as stream:
        stream.write("$ " + " ".join(arguments) + "\n")
        stream.flush()
        result = subprocess.run(arguments, env=environment, cwd=cwd, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, timeout=APT_TIMEOUT_S, check=False)
        stream.write(result.stdout)
    if result.returncode == 0:
        return result.stdout
    if "NO_PUBKEY" in result.stdout or "Missing key" in result.stdout:
        raise SourceError("this machine's archive keyring does not know the key of the source "
                          "package's release; upgrade the package debian-archive-keyring")
    errors = [line for line in result.stdout.splitlines() if line.startswith("E:")]
    raise SourceError(f"{arguments[0]} {arguments[1]}: {' '.join(errors) or 'failed'} (see {log}); "
                      "QEMU_SRC=FILE takes a tarball instead")


def _choose(offered, pin):
    """The pinned package version, or the newest of the series."""
    candidates = [v for v in offered if in_series(upstream_version(v), pin["series"])]
    if pin["package"] in candidates:
        return pin["package"]
    if not candidates:
        raise SourceError(f"{pin['suite']} offers QEMU {', '.join(offered) or '(none)'}, but "
                          f"{pin['series']}.x is needed: give its tarball by QEMU_SRC=FILE")
    return max(candidates, key=lambda v: [int(n) for n in upstream_version(v).split(".")])


def _downloaded(folder, pin):
    """Finished downloads of the series: {package version: tarball}."""
    found = {}
    for tarball in folder.glob("*/qemu_*.orig.tar.xz"):
        version = (tarball.parent / "package").read_text().strip()
        if in_series(upstream_version(version), pin["series"]):
            found[version] = tarball
    return found


def from_debian(cache, pin, say):
    """Debian's source package; asks the network only when it is not there yet."""
    downloads = cache / "download"
    have = _downloaded(downloads, pin)
    if not have:
        _download(cache, downloads, pin, say)
        have = _downloaded(downloads, pin)
    version = _choose(list(have), pin)
    return Source(have[version], upstream_version(version), version)


def _download(cache, downloads, pin, say):
    apt = cache / "apt"
    environment = _private_apt(apt, pin["suite"])
    log = apt / "log"
    log.write_text("")
    say(f"asking the system's Debian mirror for QEMU {pin['series']}.x ({pin['suite']}, source only)")
    _apt(["apt-get", "update"], environment, apt, log)
    records = _apt(["apt-cache", "showsrc", "--only-source", "qemu"], environment, apt, log)
    offered = re.findall(r"^Version: (\S+)$", records, re.MULTILINE)
    version = _choose(offered, pin)
    say(f"downloading the source package qemu {version}")
    downloads.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=".part-", dir=downloads))
    try:
        _apt(["apt-get", "source", "--download-only", "--only-source", f"qemu={version}"],
             environment, folder, log)
        if not list(folder.glob("qemu_*.orig.tar.xz")):
            raise SourceError(f"the source package qemu {version} has no .orig.tar.xz (see {log})")
        (folder / "package").write_text(version + "\n")
        folder.rename(downloads / version.replace(":", "%3a"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(apt / "lists", ignore_errors=True)
    shutil.rmtree(apt / "cache", ignore_errors=True)


if __name__ == "__main__":
    try:
        print(system_mirror())
    except SourceError as error:
        sys.exit(f"{sys.argv[0]}: {error}")
