# Unit tests of the wire's pure parts: what a receiver samples, look-ahead.
#
# SPDX-License-Identifier: Apache-2.0
WIRE_TEST := $(BUILD)/tests/unit/wire/test_wire
WIRE_SOURCES := emu/wire/sampler.c emu/wire/bound.c
WIRE_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Werror -Iemu/wire

TEST_SUITES += unit-wire

$(WIRE_TEST): tests/unit/wire/test_wire.c $(WIRE_SOURCES) $(wildcard emu/wire/*.h)
	@mkdir -p $(@D)
	gcc $(WIRE_CFLAGS) -fsanitize=address,undefined -o $@ $(filter %.c,$^) -lcunit

# A mutant is the same test linked with a source in which one thing is wrong.
$(BUILD)/tests/unit/wire/mutant-%: tests/unit/wire/test_wire.c $(WIRE_SOURCES) tests/unit/wire/mutate
	@mkdir -p $(@D)/$*
	tests/unit/wire/mutate $* $(@D)/$* $(WIRE_SOURCES)
	gcc $(WIRE_CFLAGS) -w -o $@ tests/unit/wire/test_wire.c $(@D)/$*/sampler.c $(@D)/$*/bound.c -lcunit

WIRE_MUTANTS := majority start-check first-stop and-of-sources hunt-low unseen third-machine late-stop start-samples \
                short-break resync pulse-clock pulse-again pulse-length pulse-stretch
.PHONY: test-unit-wire
test-unit-wire: $(WIRE_TEST) $(WIRE_MUTANTS:%=$(BUILD)/tests/unit/wire/mutant-%)
	ci/junit --suite unit-wire $(TEST_REPORTS)/unit-wire.xml $(WIRE_TEST)
	ci/junit --suite unit-wire-mutants $(TEST_REPORTS)/unit-wire.mutants.xml tests/unit/wire/mutants-die $(WIRE_MUTANTS:%=$(BUILD)/tests/unit/wire/mutant-%)
