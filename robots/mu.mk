# Broken probes of the messaging unit (robots/rt1176/mu.robot): each has one source changed by one sed
# command, of the program of the M7 or of the M4.
# SPDX-License-Identifier: Apache-2.0

# name, part (rt1176 or rt1176-m4), source below firmware/ without .c, sed command
define ROBOTS_MU_SOURCE
ROBOTS_MUTANTS += mu-$(1)
$(ROBOTS_BUILD)/mu-$(1).c: firmware/$(3).c robots/mu.mk
	@mkdir -p $$(@D)
	@sed '$(4)' $$< >$$@
	@! cmp -s $$< $$@ || { echo 'mu.mk: mutant $(1) changes nothing in $$<' >&2; exit 1; }
$(ROBOTS_BUILD)/mu-$(1).o: $(ROBOTS_BUILD)/mu-$(1).c
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(2)) $(FIRMWARE_CFLAGS) -MMD -MP -c $$< -o $$@
-include $(ROBOTS_BUILD)/mu-$(1).d
endef

# elf, part, objects, linker script
define ROBOTS_MU_LINK
$(1): $(3) $(4)
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_$(2)) $(FIRMWARE_LDFLAGS) -T $(4) $$(filter %.o,$$^) -lgcc -o $$@
endef

# part, image, source: the image's objects without that of the source
robots_mu_others = $(filter-out %/$(3).o,$(firmware_objects_$(2):%=$(FIRMWARE_BUILD)/$(1)/%.o))

# name, image, source, sed command: the M7's program is wrong
define ROBOTS_MU_M7
$(call ROBOTS_MU_SOURCE,$(1),rt1176,$(3),$(4))
$(call ROBOTS_MU_LINK,$(ROBOTS_BUILD)/mu-$(1).elf,rt1176,$(ROBOTS_BUILD)/mu-$(1).o $(call robots_mu_others,rt1176,$(2),$(3)),$(FIRMWARE_SCRIPT_rt1176))
endef

# The same: the M4's program is wrong.
define ROBOTS_MU_M4
$(call ROBOTS_MU_SOURCE,$(1),rt1176-m4,$(3),$(4))
$(call ROBOTS_MU_LINK,$(ROBOTS_BUILD)/mu-$(1)-m4.elf,rt1176-m4,$(ROBOTS_BUILD)/mu-$(1).o $(call robots_mu_others,rt1176-m4,$(2)-m4,$(3)),$(FIRMWARE_SCRIPT_rt1176-m4))
$(ROBOTS_BUILD)/mu-$(1)-m4.bin: $(ROBOTS_BUILD)/mu-$(1)-m4.elf
	$(FIRMWARE_CROSS)objcopy -O binary $$< $$@
$(ROBOTS_BUILD)/mu-$(1)-image.o: firmware/nodes/fmu/m4_image.S $(ROBOTS_BUILD)/mu-$(1)-m4.bin
	$(FIRMWARE_CROSS)gcc $(FIRMWARE_CFLAGS_rt1176) -DM4_IMAGE='"mu-$(1)-m4.bin"' -Wa,-I,$(ROBOTS_BUILD) -c $$< -o $$@
$(call ROBOTS_MU_LINK,$(ROBOTS_BUILD)/mu-$(1).elf,rt1176,$(ROBOTS_BUILD)/mu-$(1)-image.o $(call robots_mu_others,rt1176,$(2),m4/$(2)),$(FIRMWARE_SCRIPT_rt1176))
endef

$(eval $(call ROBOTS_MU_M7,other-channel,rt1176-dualcore-mu,images/mu/dualcore-mu,s/MU_TR + 4 \* 2/MU_TR + 4 * 3/))
$(eval $(call ROBOTS_MU_M7,m4-own-memory,rt1176-dualcore-mu,images/mu/dualcore-mu,s/m4_set_vectors(M4_MEMORY)/m4_set_vectors(0x1ffe0000u)/))
$(eval $(call ROBOTS_MU_M7,no-restart,rt1176-cm4-boot,images/mu/cm4-boot,s/    m4_reset();//))
$(eval $(call ROBOTS_MU_M7,silent-step,rt1176-cm4-boot,images/mu/cm4-boot,s/.*"run2".*//))
$(eval $(call ROBOTS_MU_M7,wrong-doorbell,rt1176-cm4-boot,drivers/mu,s/bit.MU_CR_GIR_SHIFT/& - 1u/))
$(eval $(call ROBOTS_MU_M4,no-bss,rt1176-cm4-image,nodes/cortexm,s/to < bss_end/to < bss_start/))
$(eval $(call ROBOTS_MU_M4,no-data,rt1176-cm4-image,nodes/cortexm,s/to < data_end/to < data_start/))
$(eval $(call ROBOTS_MU_M4,doorbell-not-answered,rt1176-dualcore-mu,drivers/mu,s/.*mmio_write32.base + MU_SR.*//))
$(eval $(call ROBOTS_MU_M4,slow-tick,rt1176-cm4-intr,images/mu/m4-intr,s/TICK_CLOCKS - 1u/TICK_CLOCKS + 1u/))
$(eval $(call ROBOTS_MU_M4,no-interrupt,rt1176-cm4-intr,images/mu/m4-intr,s/    irq_enable(IRQ_MU);//))
$(eval $(call ROBOTS_MU_M4,no-pin,rt1176-cm4-dual,images/mu/m4-dual,s/    blink.*//))
