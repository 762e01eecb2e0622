# A rig in gdb, an inferior for each core of each machine: for the flight rig
# 1 is fmu.cm7 (i.MX RT1176), 2 is io.cm3 (STM32F100), 3 is fmu.cm4.  make gdb
# starts it; $mews_target is what gdb runs as its target.
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
# mews connect, mews regs
source link/gdb/mews.py

set $mews_connected = 0
mews connect
