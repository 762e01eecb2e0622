# Checks that need no emulator: what must hold for every file, the tests of the
# build's own tools, and the layout of the sources.
# SPDX-License-Identifier: Apache-2.0

TEST_SUITES += tree tools

.PHONY: test-tree test-tools
test-tree:
	@ci/check-tree --xml $(TEST_REPORTS)/tree.xml

test-tools:
	@$(PYTHON) -B -m pytest -q -p no:cacheprovider --junit-xml=$(TEST_REPORTS)/tools.xml ci/tests emu/engine/tests

format-check: ## layout of all C: clang-format, and QEMU's checkpatch below emu/
	@ci/format --check

format: ## lay out all C outside emu/ by clang-format
	@ci/format --fix

lint: format-check ## format-check and ci/check-tree; rooms add their own linters
	@ci/check-tree
