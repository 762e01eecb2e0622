"""Fixtures of the STM32F100 device tests: the machine under qtest (virtual time
is stepped, no core runs).

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import stm32f100


@pytest.fixture
def machine(tmp_path):
    with stm32f100.qtest_machine(tmp_path) as machine:
        yield machine
