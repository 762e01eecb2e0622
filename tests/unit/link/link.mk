# Unit tests of the link daemon: its parts in one process, and the whole daemon
# with machines played by fake_machine.c.  All with ASan and UBSan.
#
# SPDX-License-Identifier: Apache-2.0
LINK_TEST := $(BUILD)/tests/unit/link
LINK_TEST_CFLAGS = $(LINK_CFLAGS) -O1 $(LINK_SANITIZE) -DTEST_FOLDER='"$(LINK_TEST)"' \
  -DTEST_ASAN='"$(LINK_ASAN)"'

TEST_SUITES += unit-rig unit-link unit-load unit-link-registers unit-linkd unit-gdb

$(LINK_TEST)/%.o: tests/unit/link/%.c
	@mkdir -p $(@D)
	$(CC) $(LINK_TEST_CFLAGS) -c $< -o $@

$(LINK_TEST)/test_rig: $(LINK_TEST)/test_rig.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/test_link: $(LINK_TEST)/test_link.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/test_load: $(LINK_TEST)/test_load.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/test_registers: $(LINK_TEST)/test_registers.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/test_linkd: $(LINK_TEST)/test_linkd.o $(LINK_ASAN)/link/client.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/test_gdb: $(LINK_TEST)/test_gdb.o $(LINK_ASAN)/link/gdb_mux.o $(LINK_ASAN)/link/rsp.o $(LINK_ASAN_OBJECTS)
$(LINK_TEST)/fake_machine: $(LINK_TEST)/fake_machine.o $(LINK_RELAY:%.c=$(LINK_ASAN)/%.o)
$(LINK_TEST)/test_rig $(LINK_TEST)/test_link $(LINK_TEST)/test_load $(LINK_TEST)/test_registers $(LINK_TEST)/test_linkd $(LINK_TEST)/test_gdb $(LINK_TEST)/fake_machine:
	$(CC) $(LINK_SANITIZE) $^ $(LINK_LIBS) -lcunit -o $@

.PHONY: test-unit-rig test-unit-link test-unit-load test-unit-link-registers test-unit-linkd test-unit-gdb
test-unit-load: $(LINK_TEST)/test_load
	ci/junit --timeout 120 --suite unit-load $(TEST_REPORTS)/unit-load.xml $<

test-unit-link-registers: $(LINK_TEST)/test_registers
	ci/junit --timeout 120 --suite unit-link-registers $(TEST_REPORTS)/unit-link-registers.xml $<

test-unit-gdb: $(LINK_TEST)/test_gdb
	ci/junit --timeout 120 --suite unit-gdb $(TEST_REPORTS)/unit-gdb.xml $<

test-unit-rig: $(LINK_TEST)/test_rig
	ci/junit --timeout 120 --suite unit-rig $(TEST_REPORTS)/unit-rig.xml $<

test-unit-link: $(LINK_TEST)/test_link
	ci/junit --timeout 120 --suite unit-link $(TEST_REPORTS)/unit-link.xml $<

test-unit-linkd: $(LINK_TEST)/test_linkd $(LINK_TEST)/fake_machine link-asan
	ci/junit --timeout 300 --suite unit-linkd $(TEST_REPORTS)/unit-linkd.xml $<

-include $(wildcard $(LINK_TEST)/*.d)
