# mews: one entrance for people and for CI.  `make help` lists the targets;
# README.md tells what a bare machine needs first.
#
# Rooms.  Every folder brings one fragment, included below: emu/emu.mk,
# firmware/firmware.mk, link/link.mk, tests/tests.mk, robots/robots.mk.  A
# fragment prefixes its variables with the room's name, puts products under
# $(BUILD), adds prerequisites to the phony targets of this file, and documents
# a target of its own by "## text" on the rule's line, which `make help` shows.
#
# Tests.  A suite NAME is announced by `TEST_SUITES += NAME` and run by its
# phony target `test-NAME`, which must leave its results as JUnit XML in
# $(TEST_REPORTS)/NAME.xml (or several files NAME.*.xml).  ci/junit turns a
# CUnit, TAP or plain program into that file; pytest and robot write it
# themselves.  `make test` runs every suite, adds the files up and ends with
# "N passed, N failed, N skipped".  A suite without a file could not run.
#
# Verdicts.  `make hil` and `make test` exit with 0 pass, 1 fail, 2 could not
# run.  A recipe that fails makes GNU make exit with 2, except under --question:
# there a recipe line marked with + is carried out all the same and its exit code
# 1 is make's own ("not up to date").  So these two goals are made under that flag.
#
# SPDX-License-Identifier: Apache-2.0

BUILD := build
TEST_REPORTS := $(BUILD)/reports/test
PYTHON := $(BUILD)/venv/bin/python
JOBS := $(shell nproc)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

JUDGED := hil test
ifneq ($(filter $(JUDGED),$(MAKECMDGOALS)),)
# ---------------------------------------------------------------- verdicts
ifneq ($(words $(MAKECMDGOALS)),1)
$(error `$(filter $(JUDGED),$(MAKECMDGOALS))' must be the only goal, because its exit code is a verdict)
endif
MAKEFLAGS += --question
.PHONY: $(JUDGED)

$(JUDGED):
	+@MAKEFLAGS= ci/$@

else
# ------------------------------------------------------------------- rooms
.PHONY: all help emu firmware link clean lint format format-check FORCE

all: emu firmware link ## everything that is built: emulator, images, programs

TEST_SUITES :=

# The tools a fragment asks while it is read (pkg-config) must be there before;
# make starts anew when ci/setup has changed something.
ifneq ($(filter-out help clean,$(MAKECMDGOALS)),)
include $(BUILD)/setup.mk
$(BUILD)/setup.mk: FORCE
	@ci/setup $@
include $(wildcard emu/emu.mk firmware/firmware.mk link/link.mk tests/tests.mk robots/robots.mk)
endif
include ci/ci.mk

.PHONY: print-test-suites $(TEST_SUITES:%=test-%)
print-test-suites:
	@echo $(TEST_SUITES)

help:
	@echo 'make hil             build everything, run the gates of the rig (exit 0 pass, 1 fail, 2 could not run)'
	@echo 'make test            unit, device and engine tests, gates of parts (exit 0 pass, 1 fail, 2 could not run)'
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## *\(.*\)/\1	\2/p' Makefile ci/ci.mk \
	  $(wildcard */*.mk tests/*/*.mk) | sort -u | while IFS='	' read -r goal text; do \
	  printf 'make %-15s %s\n' "$$goal" "$$text"; done

clean: ## remove build/ (the emulator's cache outside stays)
	rm -rf $(BUILD)
endif
