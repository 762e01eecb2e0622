# Unit tests of the register descriptions and of what gdb makes of them.
#
# SPDX-License-Identifier: Apache-2.0
TEST_SUITES += unit-registers

.PHONY: test-unit-registers
test-unit-registers:
	$(PYTHON) -B -m pytest -q -p no:cacheprovider tests/unit/registers --junitxml=$(TEST_REPORTS)/unit-registers.xml
