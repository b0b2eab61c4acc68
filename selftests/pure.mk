# SPDX-License-Identifier: GPL-2.0-only
#
# The PURE files as an archive for programs on this machine: selftests/unit with
# gcc and for tests, selftests/fuzz with clang and for fuzzers.
#
# Before the include: $(out), where to; $(CC) and $(SANITIZE); $(own), C files
# that each program needs; $(mains), the C file of each program; $(pure_in), where
# PURE files are wanted from, if not from everywhere.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@echo "  $(1)	$(patsubst $(top)/%,%,$(2))";)

# A file that says " * PURE:" is built, and the digests and ciphers for user space.
pure := $(sort $(shell grep -rls --include='*.c' '^ \* PURE:' \
	$(addprefix $(top)/,$(or $(pure_in),drivers security))) $(wildcard $(top)/tools/lib/*.c))

object   = $(patsubst $(top)/%.c,$(out)/obj/%.o,$(1))
pure_o  := $(call object,$(pure))
programs := $(patsubst $(top)/%.c,$(out)/%,$(mains))

CFLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer \
	$(SANITIZE) -fno-sanitize-recover=all \
	-fno-strict-aliasing -fno-delete-null-pointer-checks \
	-Wall -Wextra -Werror -Wmissing-prototypes -Wno-unused-parameter \
	-Wno-sign-compare -Wno-missing-field-initializers \
	-fmacro-prefix-map=$(top)/=
unit := $(top)/selftests/unit
CPPFLAGS := -include $(unit)/include/shim.h -I$(unit)/include \
	-I$(top)/include -I$(top)/include/uapi -I$(top)/drivers/char/tpm/rm \
	-I$(top)/security/keys/trusted-keys/tpm2 -MMD -MP

jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# A file that does not compile spoils only the programs that need it; whoever
# runs them counts what is missing as failed.  One make at a time.
locked = mkdir -p $(out); exec 9>$(out)/lock; flock 9
build_all = $(MAKE) -k $(jobs) objects || true; $(MAKE) -k $(jobs) programs || true

build:
	$(Q)$(locked); $(build_all)

objects: $(pure_o) $(call object,$(own)); @:
programs: $(programs); @:

$(out)/obj/%.o: $(top)/%.c $(MAKEFILE_LIST)
	@mkdir -p $(@D); rm -f $@
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# What compiled; written anew only if that is something else now.
have := $(wildcard $(pure_o))
had  := $(file <$(out)/pure.list)
$(out)/pure.a: $(have) $(if $(filter-out $(have),$(had))$(filter-out $(had),$(have)),force)
	@mkdir -p $(@D); rm -f $@
	$(Q)ar Drcs $@ $(have)
	$(Q)echo $(have) >$(out)/pure.list

$(programs): $(out)/%: $(out)/obj/%.o $(call object,$(own)) $(out)/pure.a
	@mkdir -p $(@D); rm -f $@
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

clean:
	$(Q)rm -rf $(out)

-include $(patsubst %.o,%.d,$(pure_o) $(call object,$(own) $(mains)))

.PHONY: build objects programs clean force
