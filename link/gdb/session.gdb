# Both machines as inferiors, stopped at main.  Variables come from link/gdb/start:
#   $fmu_socket, $io_socket (paths of the stubs), $fmu_image, $io_image
#
# SPDX-License-Identifier: Apache-2.0
set pagination off
set confirm off
set print thread-events off
set width 0

eval "file %s", $fmu_image
eval "target extended-remote %s", $fmu_socket
eval "add-inferior -no-connection -exec %s", $io_image
inferior 2
eval "target extended-remote %s", $io_socket

# "continue" lets both go, and a stop of one stops the other.
set schedule-multiple on

define machines
    info inferiors
end
document machines
The machines of the rig: inferior 1 is fmu (i.MX RT1176), inferior 2 is io
(STM32F100).  "inferior N" turns to one, "continue" lets both go.
end
