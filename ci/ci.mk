# Checks that need no emulator: what must hold for every file, the tests of the
# build's own tools, and the layout of the sources.
# SPDX-License-Identifier: Apache-2.0

TEST_SUITES += tree tools format

.PHONY: test-tree test-tools test-format
test-tree:
	@ci/check-tree --xml $(TEST_REPORTS)/tree.xml

test-tools:
	@$(PYTHON) -B -m pytest -q -p no:cacheprovider --junit-xml=$(TEST_REPORTS)/tools.xml ci/tests emu/engine/tests

test-format:
	@ci/junit $(TEST_REPORTS)/format.xml ci/format --check

format: ## lay out all C outside emu/ by clang-format
	@ci/format --fix

format-check: ## layout of all C outside emu/
	@ci/format --check

lint: format-check ## format-check, ci/check-tree, QEMU's checkpatch below emu/; rooms add theirs
	@ci/check-tree
	@ci/checkpatch
