"""Fixtures of the i.MX RT1176 device tests: those of ../conftest.py for this part,
and the machine running an image.

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176


@pytest.fixture(scope="session")
def part():
    return rt1176.PART


@pytest.fixture
def run_image(tmp_path):
    """Runs an image until it ends the machine; returns what crossed its wires."""

    def run(elf, *options, **arguments):
        return rt1176.run_image(elf, tmp_path, *options, **arguments)

    return run
