# Gates (Robot Framework), the broken failsafe nodes that must turn them red,
# and the tests of the keyword library.
# SPDX-License-Identifier: Apache-2.0

ROBOTS_BUILD := $(BUILD)/robots
ROBOTS_LIBRARY := $(wildcard robots/*.py robots/mews/*.py)

# A mutant is an image with one source changed by one sed command.  A command
# that changes nothing (because the source has moved on) is an error.
ROBOTS_MUTANTS :=

robots_script = $(or $(firmware_script_$(1)),$(FIRMWARE_SCRIPT_$(firmware_part_$(1))))
# image, source: the image's objects without that of the source
robots_others = $(patsubst %,$(FIRMWARE_BUILD)/$(firmware_part_$(1))/%.o,$(filter-out $(2),$(firmware_objects_$(1))))

# elf, image, objects: linked as the image
define ROBOTS_LINK
$(ROBOTS_BUILD)/$(1).elf: $(3) $(call robots_script,$(2))
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(firmware_part_$(2))) $(FIRMWARE_LDFLAGS) -T $(call robots_script,$(2)) $$(filter %.o,$$^) -lgcc -o $$@
endef

# mutant: name, source below firmware/ without .c, sed command, image if not io
ROBOTS_MUTANT = $(call ROBOTS_MUTANT_OF,$(1),$(2),$(3),$(or $(4),io))
define ROBOTS_MUTANT_OF
ROBOTS_MUTANTS += $(1)
$(ROBOTS_BUILD)/$(1).c: firmware/$(2).c robots/robots.mk
	@mkdir -p $$(@D)
	@sed '$(3)' $$< >$$@
	@! cmp -s $$< $$@ || { echo 'mutant $(1) changes nothing in $$<' >&2; exit 1; }
$(ROBOTS_BUILD)/$(1).o: $(ROBOTS_BUILD)/$(1).c
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(firmware_part_$(4))) $(FIRMWARE_CFLAGS) -MMD -MP -c $$< -o $$@
$(call ROBOTS_LINK,$(1),$(4),$(ROBOTS_BUILD)/$(1).o $(call robots_others,$(4),$(2)))
-include $(ROBOTS_BUILD)/$(1).d
endef

# The same for an image of both cores whose program of the M4 is wrong.
define ROBOTS_MUTANT_M4
$(call ROBOTS_MUTANT_OF,$(1)-m4,$(2),$(3),$(4)-m4)
ROBOTS_MUTANTS += $(1)
$(ROBOTS_BUILD)/$(1)-m4.bin: $(ROBOTS_BUILD)/$(1)-m4.elf
	$(FIRMWARE_CROSS)objcopy -O binary $$< $$@
$(ROBOTS_BUILD)/$(1)-image.o: firmware/nodes/fmu/m4_image.S $(ROBOTS_BUILD)/$(1)-m4.bin
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) -DM4_IMAGE='"$(1)-m4.bin"' -Wa,-I,$(ROBOTS_BUILD) -c $$< -o $$@
$(call ROBOTS_LINK,$(1),$(4),$(ROBOTS_BUILD)/$(1)-image.o $(call robots_others,$(4),m4/$(4)))
endef

# The failsafe: never, 3 ms late, 3 ms early, fed by every octet.
$(eval $(call ROBOTS_MUTANT,no-failsafe,apps/failsafe,s/refreshed_us >= config->timeout_us/refreshed_us > UINT32_MAX - config->timeout_us/))
$(eval $(call ROBOTS_MUTANT,late-failsafe,apps/failsafe,s/refreshed_us >= config->timeout_us/& + 3000u/))
$(eval $(call ROBOTS_MUTANT,early-failsafe,apps/failsafe,s/refreshed_us >= config->timeout_us/& - 3000u/))
$(eval $(call ROBOTS_MUTANT,octets-feed-timer,nodes/io/main,s/struct packet packet;/& io_failsafe.refreshed_us = clock_us();/))
# Authentication and replay.
$(eval $(call ROBOTS_MUTANT,tag-not-checked,relay/relaysec,s/return RELAYSEC_BAD_MAC;/(void)opened;/))
$(eval $(call ROBOTS_MUTANT,replay-accepted,relay/relaysec,s/return RELAYSEC_REPLAY;/break;/))
$(eval $(call ROBOTS_MUTANT,old-accepted,relay/relaysec,s/return RELAYSEC_TOO_OLD;/break;/))
$(eval $(call ROBOTS_MUTANT,spi-not-checked,relay/relaysec,s/association.spi == spi/& || count > 0/))
$(eval $(call ROBOTS_MUTANT,wrong-counter,nodes/io/main,s/endpoint_saturate16(frames->replay)/endpoint_saturate16(frames->bad_mac)/))
# Outputs, report and line.
$(eval $(call ROBOTS_MUTANT,pulse-one-longer,drivers/stm32f1_pwm,s/pulse_us : longest_us/pulse_us + 1u : longest_us/))
$(eval $(call ROBOTS_MUTANT,lying-status,nodes/io/main,s/pwm_us\[i\] = io_pwm_us\[i\]/& + 1u/))
$(eval $(call ROBOTS_MUTANT,swapped-voltages,nodes/io/main,s/BOARD_VSERVO_CHANNEL/BOARD_RSSI_X/;s/BOARD_RSSI_CHANNEL/BOARD_VSERVO_CHANNEL/;s/BOARD_RSSI_X/BOARD_RSSI_CHANNEL/))
$(eval $(call ROBOTS_MUTANT,no-divider,nodes/io/main,s/BOARD_VSERVO_DIVIDER/1u/))
$(eval $(call ROBOTS_MUTANT,adc-without-clock,nodes/io/shim,s/ APB2ENR_ADC1EN |//))
$(eval $(call ROBOTS_MUTANT,adc-old-result,drivers/stm32f1_adc,s/!= value/== ~value/))
$(eval $(call ROBOTS_MUTANT,slow-status,nodes/io/main,s/STATUS_PERIOD_US 20000u/STATUS_PERIOD_US 20200u/))
$(eval $(call ROBOTS_MUTANT,wrong-baud,nodes/io/main,s/^.include .nodes.io.board.h.$$$$/\x23define BOARD_LINK_BRR 24u\n&/))
$(eval $(call ROBOTS_MUTANT,framing-not-counted,drivers/stm32f1_link,s/counters.framing += /counters.noise += /))
$(eval $(call ROBOTS_MUTANT,silent-console,nodes/io/main,s/gust-uart-thin/gust-uart-fat/))

# Of the px4io-like image: failsafe, packets, outputs, receivers, board.
ROBOTS_PX4IO = $(eval $(call ROBOTS_MUTANT,px4io-$(1),images/$(2),$(3),f100-px4io-like))
$(call ROBOTS_PX4IO,no-failsafe,f100-px4io-like,s/FMU_TIMEOUT_US 500000u/FMU_TIMEOUT_US UINT32_MAX/)
$(call ROBOTS_PX4IO,late-failsafe,f100-px4io-like,s/FMU_TIMEOUT_US 500000u/FMU_TIMEOUT_US 505000u/)
$(call ROBOTS_PX4IO,early-failsafe,f100-px4io-like,s/FMU_TIMEOUT_US 500000u/FMU_TIMEOUT_US 495000u/)
$(call ROBOTS_PX4IO,fed-by-reading,px4io/pages,s/ measure();/& fmu_data_us = hrt_now_us();/)
$(call ROBOTS_PX4IO,crc-not-checked,px4io/link,s/request.crc == packet_crc/true || &/)
$(call ROBOTS_PX4IO,swapped-servos,px4io/servos,s/outputs\[servo\]/outputs[servo ^ 1u]/g)
$(call ROBOTS_PX4IO,slow-clock,px4io/hrt,s/1000000u - 1u/500000u - 1u/)
$(call ROBOTS_PX4IO,ppm-off-by-one,px4io/ppm,s/= distance_us;/= (uint16_t)(distance_us + 1u);/)
$(call ROBOTS_PX4IO,lost-edges-ignored,px4io/ppm,s/if (lost)/if (lost \&\& decoded > CHANNELS_MAX)/)
$(call ROBOTS_PX4IO,sbus-order,px4io/sbus,s/<< bit;/<< (10u - bit);/)
$(call ROBOTS_PX4IO,sbus-baud,px4io/sbus,s/100000u/115200u/)
$(call ROBOTS_PX4IO,dsm-steps,px4io/dsm,s/583u/291u/)
$(call ROBOTS_PX4IO,dsm-order,px4io/dsm,s/place.channel. : channel/channel : channel/)
$(call ROBOTS_PX4IO,dsm-baud,px4io/dsm,s/115200u/100000u/)
$(call ROBOTS_PX4IO,dsm-words,px4io/dsm,s/octets.2u + 2u . n. << 8 | octets.3u/octets[3u + 2u * n] << 8 | octets[2u/)
$(call ROBOTS_PX4IO,sbus-one-stop-bit,px4io/sbus,s/USART_CR2_STOP_2;/0;/)
$(call ROBOTS_PX4IO,sbus-no-parity,px4io/sbus,s/USART_CR1_M | USART_CR1_PCE | //)
$(call ROBOTS_PX4IO,sbus-slow,px4io/sbus,s/13888u/14100u/)
$(call ROBOTS_PX4IO,sbus-not-enabled,px4io/sbus,s/!on/on/)
$(call ROBOTS_PX4IO,sbus-rounded-down,px4io/sbus,s/8u + 2u/8u - 3u/)
$(call ROBOTS_PX4IO,swapped-voltages,px4io/pages,s/adc_measure(ADC_CHANNEL_VSERVO)/adc_measure(ADC_CHANNEL_RSSI)/)
$(call ROBOTS_PX4IO,no-watchdog,f100-px4io-like,s/IWDG->KR = IWDG_KR_START;//)
$(call ROBOTS_PX4IO,quick-button,f100-px4io-like,s/1000000u/800000u/)

# Images for gates under a debugger: both cores of the RT1176, and one of them locks up.
ROBOTS_CORES_OBJECTS := $(FIRMWARE_RT1176) nodes/fmu/m4 drivers/mu images/silent
ROBOTS_CORES := $(ROBOTS_BUILD)/two-cores.elf $(ROBOTS_BUILD)/two-cores-lock-up.elf
$(ROBOTS_BUILD)/two-cores-lock-up.elf: ROBOTS_DEFINES := -DLOCK_UP
$(ROBOTS_CORES): robots/images/two-cores.c robots/images/two-cores.ld $(FIRMWARE_SCRIPT_rt1176) $(ROBOTS_CORES_OBJECTS:%=$(FIRMWARE_BUILD)/rt1176/%.o)
	@mkdir -p $(@D)
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) $(filter-out -fcallgraph-info=su,$(FIRMWARE_CFLAGS)) $(ROBOTS_DEFINES) $(FIRMWARE_LDFLAGS) -T robots/images/two-cores.ld $(filter %.c %.o,$^) -lgcc -o $@

include robots/mu.mk robots/imu.mk

.PHONY: robots-mutants hil-gates test-robots
all: robots-mutants
robots-mutants: $(ROBOTS_MUTANTS:%=$(ROBOTS_BUILD)/%.elf) $(ROBOTS_CORES) ## broken failsafe nodes for the negative controls of the gates

hil-gates: robots-mutants ## run all suites of robots/ on what is built (exit 0, 1, 2 by robots/run.py)
	@$(PYTHON) -B robots/run.py

# Gates of one part alone, which need no flight rig: part of `make test`, so that `make hil` stays quick.
ROBOTS_PARTS := rt1176 stm32f100
.PHONY: $(ROBOTS_PARTS:%=hil-%) $(ROBOTS_PARTS:%=test-gates-%)
hil-rt1176: ## gates of the RT1176 alone: MU, MPU, caches, sensor, boot, both cores under gdb
hil-stm32f100: ## gates of the STM32F100 alone: how it is loaded, px4io-class firmware
$(ROBOTS_PARTS:%=hil-%): hil-%: robots-mutants
	@$(PYTHON) -B robots/run.py --reports $(BUILD)/reports/hil-$* $(wildcard robots/$*/*.robot)

TEST_SUITES += $(ROBOTS_PARTS:%=gates-%)
$(ROBOTS_PARTS:%=test-gates-%): test-gates-%: | all
	@mkdir -p $(TEST_REPORTS)
	@verdict=0; $(MAKE) --no-print-directory hil-$* || verdict=$$?; \
	  for suite in $(BUILD)/reports/hil-$*/*.xml; do \
	    case $$suite in */output.xml) ;; *) cp $$suite $(TEST_REPORTS)/gates-$*.$$(basename $$suite) ;; esac; \
	  done; exit $$verdict

TEST_SUITES += robots
test-robots: $(ROBOTS_LIBRARY)
	@mkdir -p $(TEST_REPORTS)
	$(PYTHON) -B -m pytest -q -p no:cacheprovider --junitxml $(TEST_REPORTS)/robots.xml tests/unit/robots
