# The emulator: build/bin/qemu-system-arm is a symlink into the cache that
# emu/engine/build keeps outside the checkout.  The script itself knows what has
# changed, so it is asked every time; it answers in a tenth of a second.
# SPDX-License-Identifier: GPL-2.0-or-later

EMU_QEMU := $(BUILD)/bin/qemu-system-arm

emu: $(EMU_QEMU) ## the emulator, from the cache if it was built before

$(EMU_QEMU): FORCE
	@emu/engine/build --link $@
