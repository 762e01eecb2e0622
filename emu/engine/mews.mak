# The devices of our emulator (configs/devices/arm-softmmu/mews.mak of QEMU).
# stm32vldiscovery is QEMU's own STM32F100 machine, for comparisons side by side.
# SPDX-License-Identifier: GPL-2.0-or-later
CONFIG_ARM_V7M=y
CONFIG_STM32VLDISCOVERY=y
CONFIG_UNIMP=y
CONFIG_CPU_CLUSTER=y
CONFIG_SEMIHOSTING=y
CONFIG_ARM_COMPATIBLE_SEMIHOSTING=y
CONFIG_MEWS_WIRE=y
CONFIG_MEWS_STM32F100=y
CONFIG_MEWS_RT1176=y
# Stock peripherals for the buses of SPI and I2C
CONFIG_AT24C=y
CONFIG_SSI_M25P80=y
# Peers of device tests
CONFIG_MEWS_TEST_PEERS=y
