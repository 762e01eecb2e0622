# The link daemon and the command line: build/bin/linkd, build/bin/mews.
# `make link-asan` builds both with ASan and UBSan into build/link-asan/.
# SPDX-License-Identifier: Apache-2.0

LINK_PACKAGES := glib-2.0 gio-unix-2.0 json-glib-1.0 libelf
LINK_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -MMD -MP \
  -I. -Ilink -Ifirmware $(shell pkg-config --cflags $(LINK_PACKAGES))
LINK_LIBS := $(shell pkg-config --libs $(LINK_PACKAGES))
LINK_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined

# What the command line has besides; the rest is shared by both programs and the tests.
LINK_MEWS := link/client.c link/gdb_mux.c link/rsp.c $(sort $(wildcard link/mews*.c))
LINK_RELAY := $(patsubst %,firmware/relay/%.c,ascon ccsds cobs packets relaysec replay)
# Plain C that the emulator has, too.
LINK_SHARED := emu/common/intel_hex.c
LINK_SOURCES := $(filter-out link/linkd.c $(LINK_MEWS),$(sort $(wildcard link/*.c))) $(LINK_RELAY) $(LINK_SHARED)

LINK_OUT := $(BUILD)/link
LINK_ASAN := $(BUILD)/link-asan
LINK_OBJECTS := $(LINK_SOURCES:%.c=$(LINK_OUT)/%.o)
LINK_ASAN_OBJECTS := $(LINK_SOURCES:%.c=$(LINK_ASAN)/%.o)

# What the programs know of registers (docs/registers.md).
LINK_DESCRIPTIONS := $(patsubst %,$(BUILD)/%,$(wildcard registers/*.json))

.PHONY: link-asan run gdb
link: $(BUILD)/bin/linkd $(BUILD)/bin/mews $(LINK_DESCRIPTIONS) ## the link daemon and the command line

$(BUILD)/registers/%.json: registers/%.json
	@mkdir -p $(@D)
	cp $< $@

$(LINK_OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(LINK_CFLAGS) -c $< -o $@

$(BUILD)/bin/linkd: $(LINK_OUT)/link/linkd.o $(LINK_OBJECTS)
$(BUILD)/bin/mews: $(LINK_MEWS:%.c=$(LINK_OUT)/%.o) $(LINK_OBJECTS)
$(BUILD)/bin/linkd $(BUILD)/bin/mews:
	@mkdir -p $(@D)
	$(CC) $^ $(LINK_LIBS) -o $@

$(LINK_ASAN)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(LINK_CFLAGS) -O1 $(LINK_SANITIZE) -c $< -o $@

$(LINK_ASAN)/linkd: $(LINK_ASAN)/link/linkd.o $(LINK_ASAN_OBJECTS)
$(LINK_ASAN)/mews: $(LINK_MEWS:%.c=$(LINK_ASAN)/%.o) $(LINK_ASAN_OBJECTS)
$(LINK_ASAN)/linkd $(LINK_ASAN)/mews:
	$(CC) $(LINK_SANITIZE) $^ $(LINK_LIBS) -o $@

link-asan: $(LINK_ASAN)/linkd $(LINK_ASAN)/mews $(LINK_DESCRIPTIONS) ## the same with ASan and UBSan, in build/link-asan/

run: emu firmware link ## the flight rig in this terminal; Ctrl-C ends it
	$(BUILD)/bin/mews run rigs/flight.rig

gdb: emu firmware link ## a rig (RIG=FILE, default the flight rig) under gdb, stopped at main
	@RIG='$(RIG)' link/gdb/start

-include $(shell find $(LINK_OUT) $(LINK_ASAN) -name '*.d' 2>/dev/null)
