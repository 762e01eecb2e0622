# Benchmarks; `make bench` prints the table of docs/performance.md.
#
# SPDX-License-Identifier: Apache-2.0
$(BUILD)/tests/bench/usart.elf: tests/bench/usart.S $(addprefix tests/engine/images/,f100.inc f100.ld)
	@mkdir -p $(@D)
	arm-none-eabi-gcc -mcpu=cortex-m3 $(ENGINE_IMAGE_FLAGS) -T $(lastword $^) -o $@ $<

.PHONY: bench
bench: emu firmware link $(BUILD)/tests/bench/usart.elf ## what the rig costs: start, virtual/real, characters
	$(PYTHON) -B tests/bench/bench.py $(BENCH_OPTIONS)
