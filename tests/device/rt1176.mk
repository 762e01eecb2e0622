# Device tests of the i.MX RT1176.
#
# SPDX-License-Identifier: Apache-2.0
TEST_SUITES += device-rt1176

.PHONY: test-device-rt1176
test-device-rt1176: | emu
	$(PYTHON) -B -m pytest -q -p no:cacheprovider tests/device/rt1176 --junitxml=$(TEST_REPORTS)/device-rt1176.xml
