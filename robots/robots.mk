# Gates (Robot Framework) and the tests of their keyword library.
# SPDX-License-Identifier: Apache-2.0

ROBOTS_LIBRARY := $(wildcard robots/*.py robots/mews/*.py)

.PHONY: hil-gates test-robots

hil-gates: ## run all suites of robots/ on what is built (exit 0, 1, 2 by robots/run.py)
	@$(PYTHON) robots/run.py

TEST_SUITES += robots
test-robots: $(ROBOTS_LIBRARY)
	@mkdir -p $(TEST_REPORTS)
	$(PYTHON) -m pytest -q --junitxml $(TEST_REPORTS)/robots.xml tests/unit/robots
