# Broken probes of the messaging unit (robots/rt1176/mu.robot): each has one source changed by one sed
# command, of the program of the M7 or of the M4.
# SPDX-License-Identifier: Apache-2.0

# name, image, source below firmware/ without .c, sed command: the M7's program is wrong, or the M4's
ROBOTS_MU_M7 = $(eval $(call ROBOTS_MUTANT,mu-$(1),$(3),$(4),$(2)))
ROBOTS_MU_M4 = $(eval $(call ROBOTS_MUTANT_M4,mu-$(1),$(3),$(4),$(2)))

$(call ROBOTS_MU_M7,other-channel,rt1176-dualcore-mu,images/mu/dualcore-mu,s/MU_TR + 4 \* 2/MU_TR + 4 * 3/)
$(call ROBOTS_MU_M7,m4-own-memory,rt1176-dualcore-mu,images/mu/dualcore-mu,s/m4_set_vectors(M4_MEMORY)/m4_set_vectors(0x1ffe0000u)/)
$(call ROBOTS_MU_M7,no-restart,rt1176-cm4-boot,images/mu/cm4-boot,s/    m4_reset();//)
$(call ROBOTS_MU_M7,silent-step,rt1176-cm4-boot,images/mu/cm4-boot,s/.*"run2".*//)
$(call ROBOTS_MU_M7,wrong-doorbell,rt1176-cm4-boot,drivers/mu,s/bit.MU_CR_GIR_SHIFT/& - 1u/)
$(call ROBOTS_MU_M4,no-bss,rt1176-cm4-image,nodes/cortexm,s/to < bss_end/to < bss_start/)
$(call ROBOTS_MU_M4,no-data,rt1176-cm4-image,nodes/cortexm,s/to < data_end/to < data_start/)
$(call ROBOTS_MU_M4,doorbell-not-answered,rt1176-dualcore-mu,drivers/mu,s/.*mmio_write32.base + MU_SR.*//)
$(call ROBOTS_MU_M4,slow-tick,rt1176-cm4-intr,images/mu/m4-intr,s/TICK_CLOCKS - 1u/TICK_CLOCKS + 1u/)
$(call ROBOTS_MU_M4,no-interrupt,rt1176-cm4-intr,images/mu/m4-intr,s/    irq_enable(IRQ_MU);//)
$(call ROBOTS_MU_M4,no-pin,rt1176-cm4-dual,images/mu/m4-dual,s/    blink.*//)
