/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel modules, and the driver of the TPM.
 */
#ifndef _COMMON_MODULE_H
#define _COMMON_MODULE_H

#include <limits.h>
#include <stdbool.h>

/* Of /lib/modules/<release>/updates/; 0, or -errno. */
int module_insert(const char *name);
int module_insert_with(const char *name, const char *parameters);

/* As `rmmod`, which does not wait; -EWOULDBLOCK if it is in use. */
int module_remove(const char *name);
bool module_present(const char *name);

/* Is it part of the kernel, so that it neither comes nor goes? */
bool module_built_in(const char *name);

/* By whom it is in use at this moment, 0 if it is built in; -errno. */
int module_references(const char *name);

/*
 * Inserts the module a second time: a copy with another name, in which @symbol,
 * that it exports, is spelt otherwise.
 */
int module_insert_copy(const char *name, const char *symbol);

/*
 * Registers a key type MODULE_TYPE: a copy of trusted.ko, with the module, the
 * type and the device node spelt otherwise.  Removed as module MODULE_TYPE.
 */
#define MODULE_TYPE	"truste_"
int module_insert_type(void);

/* The device that is tpm0 and its driver. */
struct tpm_driver {
	char device[64], path[PATH_MAX];
};

/* 0, or -errno. */
int tpm_driver_find(struct tpm_driver *driver);
int tpm_driver_unbind(const struct tpm_driver *driver);

/*
 * The number of the TPM, which is that of the one that was unbound if nobody
 * holds on to that; or -errno.  With any other /dev/tpm0 and /dev/tpmrm0 become
 * links.  IMA never lets go of the TPM that it finds at boot.
 */
int tpm_driver_bind(const struct tpm_driver *driver);

#endif
