# Unit tests of firmware/relay, firmware/apps and what drivers compute: known answers, properties, and mutants of the
# sources, each of which must make the tests fail.
# SPDX-License-Identifier: Apache-2.0

RELAY_BUILD := $(BUILD)/tests/unit/relay
RELAY_VECTORS := $(BUILD)/tests/vectors
RELAY_SOURCES := $(wildcard firmware/relay/*.c) firmware/apps/failsafe.c firmware/apps/pattern.c \
  firmware/drivers/console.c firmware/drivers/seqlock.c
RELAY_TESTS := $(wildcard tests/unit/relay/*.c)
RELAY_HEADERS := $(wildcard firmware/*/*.h tests/unit/relay/*.h)
RELAY_CFLAGS := -std=c11 -g -O1 -Wall -Wextra -Werror -Ifirmware -Itests/unit/relay

TEST_SUITES += unit-relay

$(RELAY_BUILD)/test_relay: $(RELAY_TESTS) $(RELAY_SOURCES) $(RELAY_HEADERS)
	@mkdir -p $(@D)
	gcc $(RELAY_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=undefined -o $@ $(filter %.c,$^) -lcunit

$(RELAY_VECTORS)/ascon-aead128.kat: tests/vectors/generate.py
	python3 tests/vectors/generate.py --write $(@D)

# MEWS_SHARED_VECTORS names a folder with vectors of others: the same tests run on them.
.PHONY: test-unit-relay
test-unit-relay: $(RELAY_BUILD)/test_relay $(RELAY_VECTORS)/ascon-aead128.kat
	ci/junit --suite unit-relay $(TEST_REPORTS)/unit-relay.xml $(RELAY_BUILD)/test_relay $(RELAY_VECTORS)
	ci/junit --suite vectors-in-git $(TEST_REPORTS)/unit-relay.vectors.xml python3 tests/vectors/generate.py --check tests/vectors
	ci/junit --suite unit-relay-mutants $(TEST_REPORTS)/unit-relay.mutants.xml tests/unit/relay/mutants.py $(RELAY_BUILD)/mutants $(RELAY_VECTORS)
ifneq ($(MEWS_SHARED_VECTORS),)
	python3 tests/vectors/generate.py --convert $(MEWS_SHARED_VECTORS) $(RELAY_BUILD)/others
	ci/junit --suite unit-relay-others $(TEST_REPORTS)/unit-relay.others.xml $(RELAY_BUILD)/test_relay $(RELAY_BUILD)/others
endif
