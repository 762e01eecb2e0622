# Device tests of the STM32F100.
#
# SPDX-License-Identifier: Apache-2.0
TEST_SUITES += device-stm32f100

.PHONY: test-device-stm32f100
test-device-stm32f100: | emu
	$(PYTHON) -B -m pytest -q -p no:cacheprovider tests/device/stm32f100 --junitxml=$(TEST_REPORTS)/device-stm32f100.xml
