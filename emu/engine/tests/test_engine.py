"""emu/engine: where the mirror is read from, which version is taken, what makes
a new tree, and that a binary is never half there.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import importlib.machinery
import importlib.util
import pathlib
import sys
import tarfile

import pytest

ENGINE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ENGINE))
import qemu_source  # noqa: E402  (needs the line above)

PIN = {"series": "10.0", "version": "10.0.13", "package": "1:10.0.13+ds-0+deb13u1",
       "suite": "trixie"}


@pytest.fixture(scope="module")
def build():
    loader = importlib.machinery.SourceFileLoader("engine_build", str(ENGINE / "build"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


# ---------------------------------------------------------- apt's sources

def mirror(tmp_path, **files):
    (tmp_path / "sources.list.d").mkdir()
    for name, text in files.items():
        name = name.replace("__", ".")
        place = tmp_path if name == "sources.list" else tmp_path / "sources.list.d"
        (place / name).write_text(text)
    return qemu_source.system_mirror(qemu_source.apt_entries(tmp_path), "bookworm")


def test_deb822(tmp_path):
    text = ("Types: deb\nURIs: http://first.example/debian-security\nSuites: bookworm-security\n"
            "Components: main\n\n# a remark\nTypes: deb deb-src\nURIs: https://second.example/d\n"
            "Suites: bookworm bookworm-updates\nComponents: main\n contrib\nSigned-By: /x\n")
    assert mirror(tmp_path, debian__sources=text) == "https://second.example/d"


def test_deb822_that_is_disabled(tmp_path):
    text = "Enabled: no\nTypes: deb\nURIs: http://a.example/d\nSuites: bookworm\nComponents: main\n"
    with pytest.raises(qemu_source.SourceError, match="QEMU_SRC"):
        mirror(tmp_path, debian__sources=text)


def test_one_line(tmp_path):
    text = ("# deb http://remark.example/d bookworm main\n"
            "deb [arch=amd64 signed-by=/x] http://other.example/apt stable tools\n"
            "deb http://security.example/d bookworm-security main\n"
            "deb [signed-by=/usr/share/x.gpg] http://plain.example/d bookworm main contrib # end\n")
    assert mirror(tmp_path, sources__list=text) == "http://plain.example/d"


def test_mirror_method(tmp_path):
    text = "deb mirror+file:/etc/apt/mirrors.txt bookworm main\n"
    assert mirror(tmp_path, debian__list=text) == "mirror+file:/etc/apt/mirrors.txt"


def test_the_release_goes_before_its_updates(tmp_path):
    text = ("deb http://updates.example/d bookworm-updates main\n"
            "deb http://release.example/d bookworm main\n")
    assert mirror(tmp_path, debian__list=text) == "http://release.example/d"


def test_a_cdrom_is_no_mirror(tmp_path):
    with pytest.raises(qemu_source.SourceError):
        mirror(tmp_path, sources__list="deb cdrom:[Debian]/ bookworm main\n")


# ---------------------------------------------------------- which version

@pytest.mark.parametrize("offered, chosen", [
    (["1:10.0.13+ds-0+deb13u1", "1:10.0.14+ds-0+deb13u1"], "1:10.0.13+ds-0+deb13u1"),
    (["1:10.0.2+ds-2", "1:10.0.14+ds-0+deb13u1"], "1:10.0.14+ds-0+deb13u1"),
    (["1:7.2+dfsg-7", "1:10.0.9+ds-1"], "1:10.0.9+ds-1"),
])
def test_choice_of_the_package(offered, chosen):
    assert qemu_source._choose(offered, PIN) == chosen


@pytest.mark.parametrize("offered", [[], ["1:7.2+dfsg-7"], ["1:10.1.0+ds-1"], ["1:100.0.1-1"]])
def test_no_package_of_the_series(offered):
    with pytest.raises(qemu_source.SourceError, match="QEMU_SRC"):
        qemu_source._choose(offered, PIN)


def tarball(tmp_path, version):
    folder = tmp_path / f"qemu-{version}"
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/VERSION").write_text("1\n")
    (folder / "VERSION").write_text(version + "\n")
    path = tmp_path / "own.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        archive.add(folder, arcname=folder.name)
    return path


def test_own_tarball(tmp_path):
    source = qemu_source.from_tarball(tarball(tmp_path, "10.0.9"), PIN)
    assert source.version == "10.0.9"
    assert "sha256:" in source.identity


def test_own_tarball_of_another_series(tmp_path):
    with pytest.raises(qemu_source.SourceError, match="10.0.x is needed, this is 9.2.0"):
        qemu_source.from_tarball(tarball(tmp_path, "9.2.0"), PIN)


def test_own_tarball_that_is_none(tmp_path):
    (tmp_path / "x").write_text("no tarball")
    with pytest.raises(qemu_source.SourceError, match="no QEMU source"):
        qemu_source.from_tarball(tmp_path / "x", PIN)
    with pytest.raises(qemu_source.SourceError, match="no such file"):
        qemu_source.from_tarball(tmp_path / "y", PIN)


# ---------------------------------------------------------- keys and cache

def test_digest_counts_borders(build):
    assert build.digest([b"ab", b"c"]) != build.digest([b"a", b"bc"])


def test_graft_touches_only_what_differs(build, tmp_path):
    build.graft({"wire/a.c": b"a", "b.c": b"b"}, tmp_path)
    target = tmp_path / "src/hw/mews"
    before_ns = (target / "wire/a.c").stat().st_mtime_ns
    (target / "old.c").write_text("gone from emu/")
    build.graft({"wire/a.c": b"a", "b.c": b"changed"}, tmp_path)
    assert (target / "wire/a.c").stat().st_mtime_ns == before_ns
    assert (target / "b.c").read_bytes() == b"changed"
    assert not (target / "old.c").exists()


def test_key_tells_names_and_contents_apart(build):
    keys = {build.emulator_key(tree, devices) for tree, devices in (
        ("t", {"a.c": b"x"}), ("t", {"a.c": b"y"}), ("t", {"b.c": b"x"}), ("u", {"a.c": b"x"}))}
    assert len(keys) == 4


def test_what_is_grafted(build):
    names = build.device_sources()
    assert "meson.build" in names and "Kconfig" in names
    assert not [n for n in names if n.startswith(("engine/", "plugins/")) or n.endswith(".md")]


def test_publish_is_all_or_nothing(build, tmp_path):
    (tmp_path / "build").mkdir()
    with pytest.raises(OSError):
        build.publish(tmp_path, tmp_path / "emulator/key", {})
    assert not list((tmp_path / "emulator").iterdir())
    (tmp_path / "build" / build.BINARY).write_text("binary")
    build.publish(tmp_path, tmp_path / "emulator/key", {"qemu": "10.0.13"})
    assert sorted(p.name for p in (tmp_path / "emulator/key").iterdir()) == [
        "about.json", build.BINARY]


def test_prune_keeps_what_is_in_use(build, tmp_path):
    import fcntl
    import os
    trees, locks = tmp_path / "engine", tmp_path / "locks"
    locks.mkdir()
    for age, name in enumerate(("a0", "b0", "c0", "d0")):
        (trees / name).mkdir(parents=True)
        os.utime(trees / name, (1000 - age, 1000 - age))
    with (locks / "d0.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        build.prune(trees, 2, locks)
    assert sorted(p.name for p in trees.iterdir()) == ["a0", "b0", "d0"]


def test_link_moves_at_once(build, tmp_path):
    build.link(tmp_path / "bin/qemu", tmp_path / "one")
    build.link(tmp_path / "bin/qemu", tmp_path / "two")
    assert (tmp_path / "bin/qemu").readlink() == tmp_path / "two"
    assert [p.name for p in (tmp_path / "bin").iterdir()] == ["qemu"]
