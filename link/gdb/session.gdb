# The flight rig in gdb: process 1 is fmu (i.MX RT1176), process 2 is io
# (STM32F100).  make gdb starts it; $mews_target is what gdb runs as its target.
#
# SPDX-License-Identifier: Apache-2.0
set pagination off
set confirm off
set print thread-events off
set width 0
# One virtual time: what lets one machine run lets all run.
set schedule-multiple on
# A rig that starts slowly (a new emulator, a loaded host) is no broken one.
set remotetimeout 120
# registers by name: mews regs
source link/gdb/mews.py

file build/firmware/fmu.elf
eval "target extended-remote %s", $mews_target
add-inferior -exec build/firmware/io.elf
inferior 2
attach 2
inferior 1
