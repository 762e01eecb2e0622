# Tests of the time engine.
#
# SPDX-License-Identifier: Apache-2.0
ENGINE_IMAGES := $(patsubst %,$(BUILD)/tests/engine/%.elf,dual exact)
ENGINE_IMAGE_FLAGS := -mthumb -ffreestanding -nostdlib -g -Wall -Wextra -Werror

TEST_SUITES += engine

$(BUILD)/tests/engine/dual.elf: tests/engine/images/dual.c tests/engine/images/dual.ld
	@mkdir -p $(@D)
	arm-none-eabi-gcc -mcpu=cortex-m4 -O2 $(ENGINE_IMAGE_FLAGS) -T $(lastword $^) -o $@ $<

$(BUILD)/tests/engine/exact.elf: tests/engine/images/exact.S $(addprefix tests/engine/images/,f100.inc f100.ld)
	@mkdir -p $(@D)
	arm-none-eabi-gcc -mcpu=cortex-m3 $(ENGINE_IMAGE_FLAGS) -T $(lastword $^) -o $@ $<

.PHONY: test-engine
test-engine: $(ENGINE_IMAGES) | emu
	$(PYTHON) -m pytest -q -p no:cacheprovider tests/engine --junitxml=$(TEST_REPORTS)/engine.xml
