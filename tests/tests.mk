# Test suites.  Every folder of tests announces its own suites in a fragment
# (see the top of the Makefile for the conventions).
#
# SPDX-License-Identifier: Apache-2.0
include $(sort $(wildcard tests/*/*.mk tests/unit/*/*.mk))
