# Tests of the documents: what they tell a user to do is done.
#
# SPDX-License-Identifier: Apache-2.0
TEST_SUITES += docs

.PHONY: test-docs
test-docs: | emu link
	$(PYTHON) -B -m pytest -q -p no:cacheprovider tests/docs --junitxml=$(TEST_REPORTS)/docs.xml
