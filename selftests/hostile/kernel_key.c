// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trusted key that is loaded while something hostile happens.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "hostile.h"
#include "kernel_key.h"
#include "keys.h"
#include "module.h"

static char *blob;
static bool known;

void kernel_key_prepare(void)
{
	int ring = key_ring();
	int key = key_add(ring, "hostile", "new 32 pcrs=7");

	known = key != -ENODEV || module_present("trusted");
	if (key > 0) {
		blob = key_blob(key);
		key_unlink(ring, key);
	} else if (known) {
		printf("# no key could be sealed: %s\n", outcome(key));
	}
}

bool kernel_key_known(void)
{
	return known;
}

const char *kernel_key_blob(void)
{
	return blob;
}

long kernel_key_load(void)
{
	int ring = key_ring();
	int key = blob ? key_add(ring, "hostile", "load %s", blob) : -ENOKEY;

	if (key > 0)
		key_unlink(ring, key);
	return key > 0 ? 0 : key;
}

bool expect_kernel_key(const char *what)
{
	if (known)
		return expect(what, kernel_key_load());
	expect_nothing(what);
	return true;
}
