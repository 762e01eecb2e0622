# Checks that need no emulator: layout, licences, and what must not be in the tree.
# SPDX-License-Identifier: Apache-2.0
