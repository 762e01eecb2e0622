# Firmware images: build/firmware/*.elf, from C by arm-none-eabi-gcc, byte for byte the same
# wherever the checkout lies.  docs/firmware.md tells what they are made of.
# SPDX-License-Identifier: Apache-2.0

FIRMWARE_BUILD := $(BUILD)/firmware
FIRMWARE_CROSS ?= arm-none-eabi-

FIRMWARE_RELAY := $(patsubst firmware/%.c,%,$(wildcard firmware/relay/*.c))
FIRMWARE_F100 := nodes/memory nodes/cortexm nodes/io/shim nodes/io/board drivers/uart_thin \
  drivers/stm32f1_gpio drivers/console drivers/fault_text

FIRMWARE_IO := $(FIRMWARE_F100) drivers/stm32f1_console drivers/stm32f1_link drivers/stm32f1_pwm \
  $(filter-out relay/session relay/x25519,$(FIRMWARE_RELAY)) apps/failsafe nodes/io/main

FIRMWARE_RT1176 := nodes/memory nodes/cortexm nodes/fmu/shim nodes/fmu/boot_header drivers/lpuart \
  drivers/console drivers/fault_text
FIRMWARE_FMU := $(FIRMWARE_RT1176) $(filter-out relay/session relay/x25519,$(FIRMWARE_RELAY)) \
  apps/pattern nodes/fmu/main

# Small images for tests, gates and benches of the rig.
FIRMWARE_SAY := $(FIRMWARE_F100) images/say
FIRMWARE_F100_SMALL := f100-hello f100-busfault f100-lockup f100-selftest-exact f100-bootloader \
  f100-application

# An image is linked for a part from objects without their suffix.
FIRMWARE_IMAGES := io fmu f100-wrong-baud f100-saturate f100-relay-cost f100-idle f100-px4io-like \
  rt1176-saturate rt1176-idle $(FIRMWARE_F100_SMALL)
$(foreach image,io $(filter f100-%,$(FIRMWARE_IMAGES)),$(eval firmware_part_$(image) := f100))
$(foreach image,fmu $(filter rt1176-%,$(FIRMWARE_IMAGES)),$(eval firmware_part_$(image) := rt1176))
firmware_objects_io := $(FIRMWARE_IO)
firmware_objects_fmu := $(FIRMWARE_FMU)
firmware_objects_f100-wrong-baud := $(FIRMWARE_IO:nodes/io/main=nodes/io/main-wrong-baud)
firmware_objects_f100-saturate := $(FIRMWARE_SAY) drivers/stm32f1_console drivers/stm32f1_link \
  images/saturate images/f100-saturate
firmware_objects_f100-relay-cost := $(FIRMWARE_SAY) $(FIRMWARE_RELAY) images/f100-relay-cost
firmware_objects_rt1176-saturate := $(FIRMWARE_RT1176) images/saturate images/rt1176-saturate
firmware_objects_f100-idle := nodes/memory nodes/cortexm nodes/io/shim images/idle
firmware_objects_f100-px4io-like := nodes/memory nodes/cortexm images/f100-px4io-like \
  $(patsubst firmware/%.c,%,$(wildcard firmware/images/px4io/*.c))
firmware_objects_rt1176-idle := nodes/memory nodes/cortexm nodes/fmu/shim nodes/fmu/boot_header \
  images/idle
$(foreach image,$(FIRMWARE_F100_SMALL),\
  $(eval firmware_objects_$(image) := $(FIRMWARE_SAY) images/$(image)))

# -Os but for the cipher, which is most of what the nodes compute.
FIRMWARE_CFLAGS := -std=c11 -Os -g -ffreestanding -ffunction-sections -fdata-sections -fno-common \
  -fno-tree-loop-distribute-patterns -fcallgraph-info=su -Wall -Wextra -Wshadow -Wstrict-prototypes \
  -Wmissing-prototypes -Werror -ffile-prefix-map=$(CURDIR)=. -Ifirmware
FIRMWARE_CFLAGS_f100 := -mcpu=cortex-m3 -mthumb -DPART_STM32F100
FIRMWARE_CFLAGS_rt1176 := -mcpu=cortex-m7 -mthumb -mfloat-abi=soft -DPART_RT1176
FIRMWARE_SCRIPT_f100 := firmware/nodes/io/io.ld
FIRMWARE_SCRIPT_rt1176 := firmware/nodes/fmu/fmu.ld
# These two share a part's flash.
firmware_script_f100-bootloader := firmware/images/f100-bootloader.ld
firmware_script_f100-application := firmware/images/f100-application.ld
FIRMWARE_RAW := f100-bootloader f100-application
FIRMWARE_LDFLAGS := -nostdlib -Wl,--gc-sections -Wl,--build-id=none -Wl,--fatal-warnings

firmware: $(FIRMWARE_IMAGES:%=$(FIRMWARE_BUILD)/%.elf) $(FIRMWARE_RAW:%=$(FIRMWARE_BUILD)/%.bin) ## images of both nodes and of the tests

define FIRMWARE_COMPILE_RULE
$(FIRMWARE_BUILD)/$(1)/relay/ascon.o: FIRMWARE_OPTIMISE := -O2
$(FIRMWARE_BUILD)/$(1)/%.o: firmware/%.c firmware/firmware.mk
	@mkdir -p $$(@D)
	@echo '  ARM-CC  $$(<:firmware/%=%)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(1)) $(FIRMWARE_CFLAGS) $$(FIRMWARE_OPTIMISE) -MMD -MP -c $$< -o $$@
endef
$(foreach part,f100 rt1176,$(eval $(call FIRMWARE_COMPILE_RULE,$(part))))

# The IO node with its link at half the baud rate.
$(FIRMWARE_BUILD)/f100/%-wrong-baud.o: firmware/%.c firmware/firmware.mk
	@mkdir -p $(@D)
	@echo '  ARM-CC  $(<:firmware/%=%) (wrong baud)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_f100) $(FIRMWARE_CFLAGS) -DBOARD_LINK_BRR=32u -MMD -MP -c $< -o $@

# image, linker script
define FIRMWARE_LINK_RULE
$(FIRMWARE_BUILD)/$(1).elf: $(firmware_objects_$(1):%=$(FIRMWARE_BUILD)/$(firmware_part_$(1))/%.o) $(2) $(if $(filter f100,$(firmware_part_$(1))),firmware/nodes/io/sections.ld)
	@echo '  ARM-LD  $$(@F)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(firmware_part_$(1))) $(FIRMWARE_LDFLAGS) -T $(2) -Wl,-Map=$$(@:.elf=.map) $$(filter %.o,$$^) -lgcc -o $$@
-include $(firmware_objects_$(1):%=$(FIRMWARE_BUILD)/$(firmware_part_$(1))/%.d)
endef
$(foreach image,$(FIRMWARE_IMAGES),$(eval $(call FIRMWARE_LINK_RULE,$(image),$(or $(firmware_script_$(image)),$(FIRMWARE_SCRIPT_$(firmware_part_$(image)))))))

$(FIRMWARE_RAW:%=$(FIRMWARE_BUILD)/%.bin): %.bin: %.elf
	@echo '  OBJCOPY $(@F)'
	@$(FIRMWARE_CROSS)objcopy -O binary $< $@

.PHONY: firmware-sizes
firmware-sizes: firmware ## flash and SRAM of the images
	@$(FIRMWARE_CROSS)size $(FIRMWARE_IMAGES:%=$(FIRMWARE_BUILD)/%.elf)

TEST_SUITES += firmware

.PHONY: test-firmware
test-firmware: firmware
	ci/junit --suite firmware $(TEST_REPORTS)/firmware.xml firmware/check-images $(FIRMWARE_BUILD)
