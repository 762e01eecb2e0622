# Firmware images: build/firmware/*.elf, from C by arm-none-eabi-gcc, byte for byte the same
# wherever the checkout lies.  docs/firmware.md tells what they are made of.
# SPDX-License-Identifier: Apache-2.0

FIRMWARE_BUILD := $(BUILD)/firmware
FIRMWARE_CROSS ?= arm-none-eabi-

FIRMWARE_RELAY := $(patsubst firmware/%.c,%,$(wildcard firmware/relay/*.c))
FIRMWARE_F100 := nodes/memory nodes/cortexm nodes/io/shim nodes/io/board drivers/uart_thin \
  drivers/stm32f1_gpio drivers/console drivers/fault_text

FIRMWARE_IO := $(FIRMWARE_F100) drivers/stm32f1_console drivers/stm32f1_link drivers/stm32f1_pwm \
  drivers/stm32f1_adc \
  $(filter-out relay/session relay/x25519,$(FIRMWARE_RELAY)) apps/failsafe nodes/io/main

FIRMWARE_RT1176 := nodes/memory nodes/cortexm nodes/fmu/shim nodes/fmu/boot_header drivers/lpuart \
  drivers/lpuart_console drivers/console drivers/fault_text
FIRMWARE_FMU := $(FIRMWARE_RT1176) $(filter-out relay/session relay/x25519,$(FIRMWARE_RELAY)) \
  apps/pattern nodes/fmu/main

# Small images for tests, gates and benches of the rig.
FIRMWARE_SAY := $(FIRMWARE_F100) images/say
FIRMWARE_F100_SMALL := f100-hello f100-busfault f100-lockup f100-selftest-exact f100-bootloader \
  f100-application f100-options

# An image is linked for a part from objects without their suffix.
FIRMWARE_IMAGES := io fmu f100-wrong-baud f100-saturate f100-relay-cost f100-idle f100-px4io-like \
  rt1176-saturate rt1176-idle rt1176-dualcore-mu rt1176-cm4-boot rt1176-cm4-image rt1176-cm4-intr \
  rt1176-cm4-dual rt1176-imu rt1176-mu-round-trip rt1176-fmu-busy rt1176-fmu-two-busy rt1176-mpu rt1176-mpu-other-region rt1176-caches rt1176-caches-no-maintenance \
  rt1176-navstate rt1176-navstate-no-check rt1176-navstate-no-parity rt1176-navstate-no-maintenance $(FIRMWARE_F100_SMALL) \
  rt1176-bootloader rt1176-application
$(foreach image,io $(filter f100-%,$(FIRMWARE_IMAGES)),$(eval firmware_part_$(image) := f100))
$(foreach image,fmu $(filter rt1176-%,$(FIRMWARE_IMAGES)),$(eval firmware_part_$(image) := rt1176))
firmware_objects_io := $(FIRMWARE_IO)
firmware_objects_fmu := $(FIRMWARE_FMU)
firmware_objects_f100-wrong-baud := $(FIRMWARE_IO:nodes/io/main=nodes/io/main-wrong-baud)
firmware_objects_f100-saturate := $(FIRMWARE_SAY) drivers/stm32f1_console drivers/stm32f1_link \
  images/saturate images/f100-saturate
firmware_objects_f100-relay-cost := $(FIRMWARE_SAY) $(FIRMWARE_RELAY) images/f100-relay-cost
firmware_objects_rt1176-saturate := $(FIRMWARE_RT1176) images/saturate images/rt1176-saturate
firmware_objects_f100-idle := nodes/memory nodes/cortexm nodes/io/shim images/silent images/idle
firmware_objects_f100-px4io-like := nodes/memory nodes/cortexm images/f100-px4io-like \
  $(patsubst firmware/%.c,%,$(wildcard firmware/images/px4io/*.c))
firmware_objects_rt1176-idle := nodes/memory nodes/cortexm nodes/fmu/shim nodes/fmu/boot_header \
  images/silent images/idle
$(foreach image,$(FIRMWARE_F100_SMALL),\
  $(eval firmware_objects_$(image) := $(FIRMWARE_SAY) images/$(image)))
firmware_objects_f100-bootloader += images/program

# A boot loader and its application, which share the RT1176's flash.
FIRMWARE_RT1176_BOOT := nodes/memory nodes/cortexm images/rt1176boot/board
firmware_objects_rt1176-bootloader := $(FIRMWARE_RT1176_BOOT) nodes/fmu/boot_header images/program images/rt1176-bootloader
firmware_objects_rt1176-application := $(FIRMWARE_RT1176_BOOT) images/rt1176-application

# Images of both cores of the RT1176.  NAME-m4 is linked for the M4's memories from
# firmware_m4_NAME; as a raw image it is data of NAME, which copies it (nodes/fmu/m4.c).
FIRMWARE_RT1176_M4 := nodes/memory nodes/cortexm nodes/fmu/shim
FIRMWARE_MU_PROBE := $(FIRMWARE_RT1176) nodes/fmu/m4 drivers/mu images/mu/probe
FIRMWARE_MU_PROBE_M4 := $(FIRMWARE_RT1176_M4) drivers/mu images/silent

firmware_objects_rt1176-dualcore-mu := $(FIRMWARE_MU_PROBE) images/mu/dualcore-mu
firmware_m4_rt1176-dualcore-mu := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-echo
firmware_objects_rt1176-cm4-boot := $(FIRMWARE_MU_PROBE) images/mu/cm4-boot
firmware_m4_rt1176-cm4-boot := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-echo
firmware_objects_rt1176-cm4-image := $(FIRMWARE_MU_PROBE) images/mu/cm4-image
firmware_m4_rt1176-cm4-image := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-image
firmware_objects_rt1176-cm4-intr := $(FIRMWARE_MU_PROBE) images/mu/cm4-intr
firmware_m4_rt1176-cm4-intr := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-intr
firmware_objects_rt1176-cm4-dual := $(FIRMWARE_MU_PROBE) images/mu/cm4-dual
firmware_m4_rt1176-cm4-dual := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-dual

FIRMWARE_COMMA := ,

# The MPU of both cores; the second image has a region that differs.
FIRMWARE_REPORT_M4 := $(FIRMWARE_RT1176_M4) drivers/lpuart drivers/lpuart_console drivers/console drivers/fault_text images/report
FIRMWARE_MPU := images/mpu/try images/mpu/trap images/mpu/regions images/mpu/registers \
  images/mpu/combinations images/mpu/sizes images/mpu/faults
firmware_objects_rt1176-imu := $(FIRMWARE_RT1176) drivers/lpspi drivers/icm42688 images/rt1176-imu
firmware_objects_rt1176-mpu := $(FIRMWARE_RT1176) nodes/fmu/m4 images/report $(FIRMWARE_MPU) images/rt1176-mpu
firmware_m4_rt1176-mpu := $(FIRMWARE_REPORT_M4) $(FIRMWARE_MPU) images/mpu/m4
firmware_objects_rt1176-mpu-other-region := $(firmware_objects_rt1176-mpu:%/combinations=%/combinations-other-region)
firmware_m4_rt1176-mpu-other-region := $(firmware_m4_rt1176-mpu:%/combinations=%/combinations-other-region)

# Memory that both cores share, and the same without maintenance of the cache or without the
# second look at the sequence.
FIRMWARE_SHARED := $(FIRMWARE_RT1176) nodes/fmu/m4 drivers/mu nodes/fmu/shared_m7 images/report
FIRMWARE_SHARED_M4 := $(FIRMWARE_REPORT_M4) drivers/mu nodes/fmu/shared_m4
firmware_objects_rt1176-caches := $(FIRMWARE_SHARED) images/rt1176-caches
firmware_m4_rt1176-caches := $(FIRMWARE_SHARED_M4) images/caches/m4
firmware_objects_rt1176-navstate := $(FIRMWARE_SHARED) drivers/seqlock images/navstate/state images/rt1176-navstate
firmware_m4_rt1176-navstate := $(FIRMWARE_SHARED_M4) drivers/seqlock images/navstate/state images/navstate/m4
$(foreach image,caches navstate,\
  $(eval firmware_objects_rt1176-$(image)-no-maintenance := $(firmware_objects_rt1176-$(image):%/shared_m7=%/shared_m7-no-maintenance))\
  $(eval firmware_m4_rt1176-$(image)-no-maintenance := $(firmware_m4_rt1176-$(image))))
$(foreach without,no-check no-parity,\
  $(eval firmware_objects_rt1176-navstate-$(without) := $(firmware_objects_rt1176-navstate:%/seqlock=%/seqlock-$(without)))\
  $(eval firmware_m4_rt1176-navstate-$(without) := $(firmware_m4_rt1176-navstate)))

firmware_objects_rt1176-mu-round-trip := $(FIRMWARE_MU_PROBE) images/mu/round-trip
firmware_m4_rt1176-mu-round-trip := $(FIRMWARE_MU_PROBE_M4) images/mu/m4-mirror

# The FMU node with nothing but work to do, alone and beside a busy M4: for `make bench`.
firmware_objects_rt1176-fmu-busy := $(FIRMWARE_FMU) images/busy
firmware_ldflags_rt1176-fmu-busy := -Wl,--wrap=irq_sleep
firmware_objects_rt1176-fmu-two-busy := $(FIRMWARE_FMU) nodes/fmu/m4 images/busy images/busy-m4
firmware_ldflags_rt1176-fmu-two-busy := -Wl,--wrap=irq_sleep -Wl,--wrap=part_start
firmware_m4_rt1176-fmu-two-busy := $(FIRMWARE_RT1176_M4) images/silent images/m4-busy

FIRMWARE_TWO_CORE := $(filter $(patsubst firmware_m4_%,%,$(filter firmware_m4_%,$(.VARIABLES))),$(FIRMWARE_IMAGES))
$(foreach image,$(FIRMWARE_TWO_CORE),\
  $(eval firmware_objects_$(image)-m4 := $(firmware_m4_$(image)))\
  $(eval firmware_part_$(image)-m4 := rt1176-m4)\
  $(eval firmware_objects_$(image) += m4/$(image)))

# -Os but for the cipher, which is most of what the nodes compute.
FIRMWARE_CFLAGS := -std=c11 -Os -g -ffreestanding -ffunction-sections -fdata-sections -fno-common \
  -fno-tree-loop-distribute-patterns -fcallgraph-info=su -Wall -Wextra -Wshadow -Wstrict-prototypes \
  -Wmissing-prototypes -Werror -ffile-prefix-map=$(CURDIR)=. -Ifirmware
FIRMWARE_CFLAGS_f100 := -mcpu=cortex-m3 -mthumb -DPART_STM32F100
FIRMWARE_CFLAGS_rt1176 := -mcpu=cortex-m7 -mthumb -mfloat-abi=soft -DPART_RT1176
FIRMWARE_CFLAGS_rt1176-m4 := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -DPART_RT1176 -DPART_RT1176_M4
FIRMWARE_SCRIPT_f100 := firmware/nodes/io/io.ld
FIRMWARE_SCRIPT_rt1176 := firmware/nodes/fmu/fmu.ld
FIRMWARE_SCRIPT_rt1176-m4 := firmware/nodes/fmu/m4.ld
# These two share a part's flash.
firmware_script_f100-bootloader := firmware/images/f100-bootloader.ld
firmware_script_f100-application := firmware/images/f100-application.ld
firmware_script_rt1176-bootloader := firmware/images/rt1176-bootloader.ld
firmware_script_rt1176-application := firmware/images/rt1176-application.ld
FIRMWARE_RAW := f100-bootloader f100-application rt1176-bootloader rt1176-application
FIRMWARE_LDFLAGS := -nostdlib -Wl,--gc-sections -Wl,--build-id=none -Wl,--fatal-warnings

firmware: $(FIRMWARE_IMAGES:%=$(FIRMWARE_BUILD)/%.elf) $(FIRMWARE_RAW:%=$(FIRMWARE_BUILD)/%.bin) ## images of both nodes and of the tests

define FIRMWARE_COMPILE_RULE
$(FIRMWARE_BUILD)/$(1)/relay/ascon.o: FIRMWARE_OPTIMISE := -O2
$(FIRMWARE_BUILD)/$(1)/%.o: firmware/%.c firmware/firmware.mk
	@mkdir -p $$(@D)
	@echo '  ARM-CC  $$(<:firmware/%=%)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(1)) $(FIRMWARE_CFLAGS) $$(FIRMWARE_OPTIMISE) -MMD -MP -c $$< -o $$@
endef
$(foreach part,f100 rt1176 rt1176-m4,$(eval $(call FIRMWARE_COMPILE_RULE,$(part))))

# The IO node with its link at half the baud rate.
$(FIRMWARE_BUILD)/f100/%-wrong-baud.o: firmware/%.c firmware/firmware.mk
	@mkdir -p $(@D)
	@echo '  ARM-CC  $(<:firmware/%=%) (wrong baud)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_f100) $(FIRMWARE_CFLAGS) -DBOARD_LINK_BRR=32u -MMD -MP -c $< -o $@

# Variants for negative controls: a source changed by one sed command.  One that changes nothing
# (because the source has moved on) is an error.
# part, suffix of the object, sed command
define FIRMWARE_VARIANT_RULE
$(FIRMWARE_BUILD)/$(1)/%-$(2).c: firmware/%.c firmware/firmware.mk
	@mkdir -p $$(@D)
	@sed '$(3)' $$< >$$@
	@! cmp -s $$< $$@ || { echo 'firmware.mk: variant $(2) changes nothing in $$<' >&2; exit 1; }
$(FIRMWARE_BUILD)/$(1)/%-$(2).o: $(FIRMWARE_BUILD)/$(1)/%-$(2).c
	@echo '  ARM-CC  $$(<:$(FIRMWARE_BUILD)/%=%)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(1)) $(FIRMWARE_CFLAGS) -MMD -MP -c $$< -o $$@
.PRECIOUS: $(FIRMWARE_BUILD)/$(1)/%-$(2).c
endef
$(foreach part,rt1176 rt1176-m4,\
  $(eval $(call FIRMWARE_VARIANT_RULE,$(part),other-region,s/"ap6". 0. MPU_AP(6)/"ap6"$(FIRMWARE_COMMA) 0$(FIRMWARE_COMMA) MPU_AP(3)/)))
$(eval $(call FIRMWARE_VARIANT_RULE,rt1176,no-maintenance,s/mmio_write32(operation. line);/(void)operation;/))
$(eval $(call FIRMWARE_VARIANT_RULE,rt1176,no-check,s/return lock->sequence == before;/return true;/))
$(eval $(call FIRMWARE_VARIANT_RULE,rt1176,no-parity,s/(before & 1u) != 0/false/))

# image, linker script
define FIRMWARE_LINK_RULE
$(FIRMWARE_BUILD)/$(1).elf: $(firmware_objects_$(1):%=$(FIRMWARE_BUILD)/$(firmware_part_$(1))/%.o) $(2) $(if $(filter f100,$(firmware_part_$(1))),firmware/nodes/io/sections.ld)
	@echo '  ARM-LD  $$(@F)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(firmware_part_$(1))) $(FIRMWARE_LDFLAGS) $(firmware_ldflags_$(1)) -T $(2) -Wl,-Map=$$(@:.elf=.map) $$(filter %.o,$$^) -lgcc -o $$@
-include $(firmware_objects_$(1):%=$(FIRMWARE_BUILD)/$(firmware_part_$(1))/%.d)
endef
$(foreach image,$(FIRMWARE_IMAGES) $(FIRMWARE_TWO_CORE:%=%-m4),$(eval $(call FIRMWARE_LINK_RULE,$(image),$(or $(firmware_script_$(image)),$(FIRMWARE_SCRIPT_$(firmware_part_$(image)))))))

$(FIRMWARE_TWO_CORE:%=$(FIRMWARE_BUILD)/rt1176/m4/%.o): $(FIRMWARE_BUILD)/rt1176/m4/%.o: \
  firmware/nodes/fmu/m4_image.S $(FIRMWARE_BUILD)/%-m4.bin
	@mkdir -p $(@D)
	@echo '  ARM-AS  $(<:firmware/%=%) ($*-m4.bin)'
	@$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) -DM4_IMAGE='"$*-m4.bin"' -Wa,-I,$(FIRMWARE_BUILD) -c $< -o $@

$(foreach raw,$(FIRMWARE_RAW) $(FIRMWARE_TWO_CORE:%=%-m4),$(FIRMWARE_BUILD)/$(raw).bin): %.bin: %.elf
	@echo '  OBJCOPY $(@F)'
	@$(FIRMWARE_CROSS)objcopy -O binary $< $@

.PHONY: firmware-sizes
firmware-sizes: firmware ## flash and SRAM of the images
	@$(FIRMWARE_CROSS)size $(FIRMWARE_IMAGES:%=$(FIRMWARE_BUILD)/%.elf)

TEST_SUITES += firmware

.PHONY: test-firmware
test-firmware: firmware
	ci/junit --suite firmware $(TEST_REPORTS)/firmware.xml firmware/check-images $(FIRMWARE_BUILD)
