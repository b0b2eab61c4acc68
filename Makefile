# SPDX-License-Identifier: GPL-2.0-only
#
# Read twice.  Kbuild reads the first half, in a tree of links that mirrors this
# one; a person reads the second: `make help`.

ifneq ($(KERNELRELEASE),)

# The leaf Makefiles are those of a kernel tree.  What Kconfig does there is
# done here: the options, their C spelling, and the include path.
export CONFIG_TCG_TPM_RM := m
export CONFIG_TRUSTED_KEYS_TPM2 := m

# $(src) is absolute or, since 6.13, relative to where kbuild runs.
here := $(abspath $(src))

# The kernel's own directories come first in the search: a header in
# include/compat is found only where the kernel has none of that name.
subdir-ccflags-y += -I$(here)/include -I$(here)/include/compat
subdir-ccflags-y += -DCONFIG_TCG_TPM_RM_MODULE=1 -DCONFIG_TRUSTED_KEYS_TPM2_MODULE=1
subdir-ccflags-y += -include $(here)/include/compat/compat.h

obj-y += drivers/char/tpm/rm/ security/keys/trusted-keys/tpm2/

else

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all

Q := $(if $(filter 1,$(V)),,@)

# Taken by the tests under the same names.
export K T TPM V FUZZ_SECONDS

# Packagers: where `install` puts lib/modules (PREFIX=/usr where / is merged).
DESTDIR ?=
PREFIX ?=
modlib = $(DESTDIR)$(PREFIX)/lib/modules

##@ Build

all: modules ## build everything (for the running kernel)

# For which kernel?  KDIR=, else one of the test kernels with K=, else the
# running one, else (no headers of it here) the test kernel 6.12.  A test kernel
# brings every warning, and each is an error.
running := /lib/modules/$(shell uname -r)/build
ifneq ($(KDIR),)
kdir = $(abspath $(KDIR))
else ifneq ($(K),)
kdir = $(shell selftests/vm/kernels $(K))
strict = W=1 KCFLAGS=-Werror
else ifneq ($(wildcard $(running)/Makefile),)
kdir = $(running)
else
fallback := 6.12
kdir = $(shell echo "no headers of the running kernel here: building for the test kernel $(fallback)" >&2; \
	selftests/vm/kernels $(fallback))
strict = W=1 KCFLAGS=-Werror
endif

# What `uname -r` says there; `make kernelrelease` says something else on 6.1.
release = awk -F'"' '$$1 ~ /UTS_RELEASE/ { print $$2 }' "$$kdir/include/generated/utsrelease.h"

# $(call with_kernel,TARGET): TARGET with kdir and rel, worked out once; one make
# at a time in a tree.
with_kernel = $(Q)kdir='$(kdir)'; \
	[ -f "$$kdir/Makefile" ] || { echo "no kernel headers in '$$kdir': give KDIR= or K=" >&2; exit 1; }; \
	rel=$$($(release)); lock=$(or $(LINKS),build/kbuild/$$rel).lock; \
	mkdir -p "$${lock%/*}"; exec 9> "$$lock"; flock 9; \
	$(MAKE) $(1) kdir="$$kdir" rel="$$rel"

modules: ## build the modules into build/modules/ (K=6.12|6.1|7.3, or KDIR=dir; W=1, C=2)
	$(call with_kernel,_modules)

tools: ## build trustedctl into build/tools/
	$(Q)$(MAKE) -C tools

# Kbuild writes beside its sources, so it gets a tree of links to ours.
# $(links) is where it works, $(products) what comes out of it.
links    = $(or $(LINKS),build/kbuild/$(rel))
products = $(or $(PRODUCTS),build/modules/$(rel))
leaves   = drivers/char/tpm/rm security/keys/trusted-keys/tpm2
jobs     = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
kbuild   = $(MAKE) $(jobs) -C $(kdir) M=$(CURDIR)/$(links)
quiet    = sed -e '/^Skipping BTF generation/d' -e '/^make.*: \(Entering\|Leaving\) directory/d' \
	-e 's|$(CURDIR)/$(links)/||g'

# An encrypted-keys.ko or dm-crypt.ko of the kernel's own that was built for
# another key_type_trusted refuses to load: both trees' checksums must agree.
same_checksum = awk '$$2 == "key_type_trusted" { crc[$$1] } \
	END { if (length(crc) > 1) { print "key_type_trusted is not what this kernel expects:" \
	" its encrypted-keys and dm-crypt would not load" > "/dev/stderr"; exit 1 } }'

_modules:
	$(Q)mkdir -p $(links) $(products)
	$(Q)find $(links) -xtype l -delete
	$(Q)cp -Rsf $(addprefix $(CURDIR)/,Makefile drivers security include) $(links)/
	$(if $(strict),$(Q)rm -f $(links)/Module.symvers)
	$(Q)$(kbuild) $(strict) modules 2>&1 | $(quiet)
	$(Q)$(same_checksum) $(kdir)/Module.symvers $(links)/Module.symvers
	$(Q)for ko in $(patsubst %,$(links)/%/*.ko,$(leaves)); do \
		to=$(products)/$${ko##*/}; cmp -s $$ko $$to || cp $$ko $$to; done
	@echo "$(products): $$(cd $(products) && echo *.ko)"

##@ Install

install: modules ## install the modules and tools/boot, run depmod (DESTDIR=, PREFIX=; KDIR=)
	$(if $(fallback),$(error install: no headers of the running kernel (apt-get install linux-headers-$$(uname -r)); or give KDIR=))
	$(call with_kernel,_install)
	$(Q)$(MAKE) -C tools/boot install

# Debian's kernels want modules signed, but the key is not there to sign with.
sig_key  = $(shell sed -n 's/^CONFIG_MODULE_SIG_KEY="\(.*\)"/\1/p' $(kdir)/include/config/auto.conf)
unsigned = $(if $(filter pkcs11:%,$(sig_key))$(wildcard $(sig_key) $(kdir)/$(sig_key)),,CONFIG_MODULE_SIG_ALL=)

_install:
	$(Q)$(kbuild) INSTALL_MOD_PATH=$(DESTDIR)$(PREFIX) INSTALL_MOD_DIR=updates DEPMOD=true $(unsigned) \
		modules_install 2>&1 | sed -e '/System\.map/d' -e '/^  DEPMOD/d' | $(quiet)
	$(Q)if [ -z "$(DESTDIR)" ]; then depmod -b "$(PREFIX)/" $(rel); fi
	@echo "installed for $(rel)"

install-tools: ## install trustedctl, its man page and completion (DESTDIR=, PREFIX=/usr/local)
	$(Q)$(MAKE) -C tools install DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"

uninstall: ## remove what install, install-tools and dkms installed, for all kernels
	$(Q)$(MAKE) -C tools/boot uninstall
	$(Q)$(MAKE) -C tools uninstall DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"
	$(Q)for dir in $(modlib)/*/updates; do \
		rm -f $(patsubst %,"$$dir"/%/tpm_rm.ko*,$(leaves)) $(patsubst %,"$$dir"/%/trusted.ko*,$(leaves)); \
		find "$$dir" -depth -type d -empty -delete 2> /dev/null || :; \
		rel=$${dir%/updates}; rel=$${rel##*/}; \
		[ -n "$(DESTDIR)" ] || [ ! -f "$(modlib)/$$rel/modules.dep" ] || depmod -b "$(PREFIX)/" "$$rel"; \
	done
	$(Q)if [ -z "$(DESTDIR)" ] && [ -d /usr/src/$(dkms_name) ]; then \
		dkms remove $(subst -$(dkms_version),/$(dkms_version),$(dkms_name)) --all || :; \
		rm -rf /usr/src/$(dkms_name); fi

dkms_version = $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
dkms_name    = tpm-rm-$(dkms_version)

dkms: ## hand the sources to DKMS, which builds them for this and every later kernel
	$(Q)command -v dkms > /dev/null || { echo "dkms: not installed (apt-get install dkms)" >&2; exit 1; }
	$(Q)mkdir -p /usr/src/$(dkms_name)
	$(Q)cp -R Makefile dkms.conf drivers security include /usr/src/$(dkms_name)/
	$(Q)dkms install tpm-rm/$(dkms_version)
	$(Q)$(MAKE) -C tools/boot install

##@ Kernel

drop: ## put the code into a kernel tree, or bring it up to date there (KSRC=dir)
	$(Q)tools/drop "$(or $(KSRC),$(error drop: which tree? give KSRC=))"

undrop: ## take it out of there again
	$(Q)tools/drop --undo "$(or $(KSRC),$(error undrop: which tree? give KSRC=))"

kernel: ## build a small kernel with the code in it, for the VM (K=6.12|7.3, DEBUG=1)
	$(Q)selftests/vm/build $(if $(filter 1,$(DEBUG)),--debug) $(or $(K),6.12)

##@ Test

deps: ## install the Debian packages that are missing, and say which
	$(Q)selftests/deps

check: ## the tests that fit in five minutes; ends with "N passed, N failed"
	$(Q)selftests/check

unit: ## unit tests on this machine, under ASan and UBSan (T=suite.case)
	$(Q)$(MAKE) -C selftests/unit check

fuzz: ## fuzz the parsers, each for FUZZ_SECONDS=60
	$(Q)$(MAKE) -C selftests/unit fuzz

property: ## random programs of many clients through the resource manager, and alone (SEED=)
	$(Q)$(MAKE) -C selftests/property run

check-tools: ## trustedctl against a software TPM and tpm2-tools (LONG=1)
	$(Q)selftests/trustedctl/run $(if $(LONG),--long)

check-vm: ## tests in a VM with a software TPM (T=glob, K=6.12|6.1, TPM=tis|crb)
	$(Q)selftests/check vm

check-intree: ## the form that a kernel tree has: TPM 2.0, TPM 1.2, no TPM, other trust sources
	$(Q)selftests/check drop intree

check-builtin: ## all tests that a kernel has a part in, with one of make kernel (K=, DEBUG=1)
	$(Q)selftests/check $(patsubst %,%:$(builtin),kernel kunit vm \
		$(if $(filter 1,$(DEBUG)),harness) intree stories ima programs signer hostile interposer)

builtin = $(if $(filter 1,$(DEBUG)),debug,builtin)$(if $(filter 7.3,$(K)),-7.3)

check-harness: ## does the VM harness fail when it should?
	$(Q)selftests/check harness

check-programs: ## tpm2-tools, tpm2-tss, tpm2-abrmd and the kernel's own tests on /dev/tpmrm0
	$(Q)selftests/check programs

hostile: ## attacks on the kernel's own /dev/tpmrm0 and on ours, side by side
	$(Q)$(MAKE) modules K=$(or $(K),6.12)
	$(Q)selftests/hostile/run

interposer: ## answers of the TPM changed on their way (LONG=1: every bit of them)
	$(Q)$(MAKE) modules K=$(or $(K),6.12)
	$(Q)selftests/interposer/run $(if $(LONG),--long)

bench: ## TPM commands, throughput, memory, fairness: stock, ours and raw (LONG=1)
	$(Q)selftests/bench/run $(if $(LONG),--long)

matrix: ## build for all three kernels, test on the two that have an image
	$(Q)selftests/check matrix

lint: ## checkpatch, sparse, coccinelle, layers and more, without running anything
	$(Q)selftests/lint/run

##@ Try

demo: deps ## seal, reboot, unseal, and see a changed PCR refused, in a VM
	$(Q)selftests/demo/demo

shell: ## a VM with the modules, a TPM and a shell on the console (K=, TPM=)
	$(Q)$(MAKE) modules K=$(or $(K),6.12)
	$(Q)selftests/vm/run --kernel $(or $(K),6.12) --tpm $(or $(TPM),tis) --shell

##@ Clean

clean: ## remove what was built, keep what was fetched
	$(Q)for d in build/*; do case $$d in build/kernels | build/linux-source) ;; *) rm -rf "$$d" ;; esac; done

distclean: ## remove all of build/
	$(Q)rm -rf build

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: all modules tools install install-tools uninstall dkms deps check unit fuzz check-vm check-harness
.PHONY: check-programs check-tools drop undrop kernel check-intree check-builtin
.PHONY: property hostile interposer bench matrix lint demo shell
.PHONY: clean distclean help _modules _install

endif
