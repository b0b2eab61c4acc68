# SPDX-License-Identifier: GPL-2.0-only
#
# One static program for the VM, of the C files of its directory and those of
# selftests/common.
#
# Before the include: $(name), of the directory and of the program.

top_srcdir := $(abspath ../..)
OUTPUT     := $(top_srcdir)/build/selftests/$(name)
# Without what needs libcrypto.
common     := $(filter-out %/policy.c %/signer.c,$(wildcard ../common/*.c))
program    := $(OUTPUT)/$(name)
objects    := $(patsubst %.c,$(OUTPUT)/%.o,$(wildcard *.c)) \
	$(patsubst ../common/%.c,$(OUTPUT)/common/%.o,$(common))

CFLAGS   ?= -O2 -g
CFLAGS   += -std=gnu11 -Wall -Werror
CPPFLAGS += -D_GNU_SOURCE -MMD -MP -I../common -I$(top_srcdir)/include/uapi

Q := $(if $(filter 1,$(V)),,@)

all: $(program)

$(program): $(objects)
	@echo "  LD      $(@:$(top_srcdir)/%=%)"
	$(Q)$(CC) -static -o $@ $^ -lkeyutils

$(OUTPUT)/common/%.o: ../common/%.c ../guest.mk
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUTPUT)/%.o: %.c ../guest.mk
	@echo "  CC      selftests/$(name)/$<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(wildcard $(OUTPUT)/*.d $(OUTPUT)/common/*.d)

.PHONY: all
