# All machines up to their main.
#
# SPDX-License-Identifier: Apache-2.0
mews main
