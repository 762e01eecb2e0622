# Broken programs for the gates of the inertial sensor (robots/rt1176/imu.robot): rt1176-imu with one source
# changed by one sed command.
# SPDX-License-Identifier: Apache-2.0

# name, source below firmware/ without .c, sed command
define ROBOTS_IMU_MUTANT
ROBOTS_MUTANTS += imu-$(1)
$(ROBOTS_BUILD)/imu-$(1).c: firmware/$(2).c robots/imu.mk
	@mkdir -p $$(@D)
	@sed '$(3)' $$< >$$@
	@! cmp -s $$< $$@ || { echo 'imu.mk: mutant $(1) changes nothing in $$<' >&2; exit 1; }
$(ROBOTS_BUILD)/imu-$(1).o: $(ROBOTS_BUILD)/imu-$(1).c
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) $(FIRMWARE_CFLAGS) -MMD -MP -c $$< -o $$@
$(ROBOTS_BUILD)/imu-$(1).elf: $(ROBOTS_BUILD)/imu-$(1).o $(filter-out %/$(2).o,$(firmware_objects_rt1176-imu:%=$(FIRMWARE_BUILD)/rt1176/%.o)) $(FIRMWARE_SCRIPT_rt1176)
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) $(FIRMWARE_LDFLAGS) -T $(FIRMWARE_SCRIPT_rt1176) $$(filter %.o,$$^) -lgcc -o $$@
-include $(ROBOTS_BUILD)/imu-$(1).d
endef

# Too early after the reset; pins left in their reset state; another rate; octets or axes swapped; the
# wrong chip select; no interrupt.
$(eval $(call ROBOTS_IMU_MUTANT,hasty,drivers/icm42688,s/RESET_US      1100u/RESET_US 100u/))
$(eval $(call ROBOTS_IMU_MUTANT,async-reset,drivers/icm42688,s/INT_ASYNC_RESET_OFF = 0/INT_ASYNC_RESET_OFF = 0x10/))
$(eval $(call ROBOTS_IMU_MUTANT,two-khz,drivers/icm42688,s/ODR_1_KHZ = 6/ODR_1_KHZ = 5/))
$(eval $(call ROBOTS_IMU_MUTANT,little-endian,drivers/icm42688,s/octets\[0\] << 8 | octets\[1\]/octets[1] << 8 | octets[0]/))
$(eval $(call ROBOTS_IMU_MUTANT,swapped-axes,drivers/icm42688,s/octets\[3u + 2u/octets[9u + 2u/))
$(eval $(call ROBOTS_IMU_MUTANT,wrong-pcs,images/rt1176-imu,s/.pcs = 0/.pcs = 1/))
$(eval $(call ROBOTS_IMU_MUTANT,no-interrupt,images/rt1176-imu,s/GPIO_IMR. 1u << IMU_LINE/GPIO_IMR\x2c 0/))
