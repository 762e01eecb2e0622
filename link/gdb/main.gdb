# For make gdb: all machines up to their main.
#
# SPDX-License-Identifier: Apache-2.0
# Without a rig there is nothing to do here: why has been told.
if !$mews_connected
  quit 2
end
mews main
