# Benchmarks; `make bench` prints the table of docs/performance.md.
#
# SPDX-License-Identifier: Apache-2.0
BENCH_IMAGES := $(patsubst %,$(BUILD)/tests/bench/%.elf,usart registers memory pwm nopwm)

# GPIOA_IDR and GPIOA_ODR; two words of SRAM
$(BUILD)/tests/bench/registers.elf: BENCH_FLAGS := -DADDRESS_READ=0x40010808 -DADDRESS_WRITE=0x4001080c
$(BUILD)/tests/bench/memory.elf: BENCH_FLAGS := -DADDRESS_READ=0x20000100 -DADDRESS_WRITE=0x20000104
$(BUILD)/tests/bench/pwm.elf: BENCH_FLAGS := -DPERIOD_US=40
$(BUILD)/tests/bench/nopwm.elf: BENCH_FLAGS := -DPERIOD_US=0
$(BUILD)/tests/bench/usart.elf: tests/bench/usart.S
$(BUILD)/tests/bench/registers.elf $(BUILD)/tests/bench/memory.elf: tests/bench/access.S
$(BUILD)/tests/bench/pwm.elf $(BUILD)/tests/bench/nopwm.elf: tests/bench/pwm.S

$(BENCH_IMAGES): $(addprefix tests/engine/images/,f100.inc f100.ld)
	@mkdir -p $(@D)
	arm-none-eabi-gcc -mcpu=cortex-m3 $(ENGINE_IMAGE_FLAGS) $(BENCH_FLAGS) \
	  -T tests/engine/images/f100.ld -o $@ $(filter %.S,$^)

.PHONY: bench
bench: emu firmware link $(BENCH_IMAGES) ## what the rig costs: start, virtual/real, characters
	$(PYTHON) -B tests/bench/bench.py $(BENCH_OPTIONS)
