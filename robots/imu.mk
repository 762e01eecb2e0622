# Broken programs for the gates of the inertial sensor (robots/rt1176/imu.robot): rt1176-imu with one source
# changed by one sed command.
# SPDX-License-Identifier: Apache-2.0

# name, source below firmware/ without .c, sed command
ROBOTS_IMU = $(eval $(call ROBOTS_MUTANT,imu-$(1),$(2),$(3),rt1176-imu))

# Too early after the reset; pins left in their reset state; another rate; octets or axes swapped; the
# wrong chip select; no interrupt.
$(call ROBOTS_IMU,hasty,drivers/icm42688,s/RESET_US      1100u/RESET_US 100u/)
$(call ROBOTS_IMU,async-reset,drivers/icm42688,s/INT_ASYNC_RESET_OFF = 0/INT_ASYNC_RESET_OFF = 0x10/)
$(call ROBOTS_IMU,two-khz,drivers/icm42688,s/ODR_1_KHZ = 6/ODR_1_KHZ = 5/)
$(call ROBOTS_IMU,little-endian,drivers/icm42688,s/octets\[0\] << 8 | octets\[1\]/octets[1] << 8 | octets[0]/)
$(call ROBOTS_IMU,swapped-axes,drivers/icm42688,s/octets\[3u + 2u/octets[9u + 2u/)
$(call ROBOTS_IMU,wrong-pcs,images/rt1176-imu,s/.pcs = 0/.pcs = 1/)
$(call ROBOTS_IMU,no-interrupt,images/rt1176-imu,s/GPIO_IMR. 1u << IMU_LINE/GPIO_IMR\x2c 0/)
