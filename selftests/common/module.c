// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules, and the driver of the TPM.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "file.h"
#include "module.h"

static int module_open(const char *name)
{
	struct utsname uts;
	char path[256];

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/%s.ko", uts.release, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int module_insert_with(const char *name, const char *parameters)
{
	int err = 0, fd = module_open(name);

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, parameters, 0))
		err = -errno;
	close(fd);
	return err;
}

int module_insert(const char *name)
{
	return module_insert_with(name, "");
}

int module_remove(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

bool module_present(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

bool module_built_in(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	return module_present(name) && access(path, F_OK);
}

int module_references(const char *name)
{
	char path[128];
	int nr = -EINVAL;
	FILE *f;

	if (module_built_in(name))
		return 0;
	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	if (fscanf(f, "%d", &nr) != 1)
		nr = -EINVAL;
	fclose(f);
	return nr;
}

/* --- a copy of a module --------------------------------------------------- */

static char *read_whole(int fd, size_t *len)
{
	struct stat st;
	char *image;

	if (fstat(fd, &st))
		return NULL;
	image = malloc(st.st_size);
	if (image && read(fd, image, st.st_size) != st.st_size) {
		free(image);
		return NULL;
	}
	*len = st.st_size;
	return image;
}

static const Elf64_Shdr *find_section(const char *image, const char *name)
{
	const Elf64_Ehdr *e = (const void *)image;
	const Elf64_Shdr *s = (const void *)(image + e->e_shoff);
	const char *names = image + s[e->e_shstrndx].sh_offset;
	int i;

	for (i = 0; i < e->e_shnum; i++) {
		if (!strcmp(names + s[i].sh_name, name))
			return &s[i];
	}
	return NULL;
}

/* Changes the last letter of the string @text in a section. */
static int respell(char *image, const char *section, const char *text, char last)
{
	const Elf64_Shdr *s = find_section(image, section);
	size_t len = strlen(text) + 1;
	char *at = s ? memmem(image + s->sh_offset, s->sh_size, text, len) : NULL;

	if (!at)
		return -ENOENT;
	at[len - 2] = last;
	return 0;
}

static int insert_respelt(char *image, size_t len, const char *name, const char *symbol)
{
	int err = respell(image, ".gnu.linkonce.this_module", name, '_');

	if (!err)
		err = respell(image, "__ksymtab_strings", symbol, '_');
	if (err)
		return err;
	return syscall(SYS_init_module, image, len, "") ? -errno : 0;
}

/* trusted.ko, and the names that a second one must not have. */
static int respell_type(char *image)
{
	int err = respell(image, ".rodata.str1.1", "trusted-sign", '_');

	return err ? err : respell(image, ".rodata.str1.1", "trusted", '_');
}

int module_insert_type(void)
{
	int err, fd = module_open("trusted");
	char *image;
	size_t len;

	if (fd < 0)
		return -errno;
	image = read_whole(fd, &len);
	close(fd);
	if (!image)
		return -EIO;
	err = respell_type(image);
	if (!err)
		err = insert_respelt(image, len, "trusted", "key_type_trusted");
	free(image);
	return err;
}

int module_insert_copy(const char *name, const char *symbol)
{
	int err, fd = module_open(name);
	char *image;
	size_t len;

	if (fd < 0)
		return -errno;
	image = read_whole(fd, &len);
	close(fd);
	if (!image)
		return -EIO;
	err = insert_respelt(image, len, name, symbol);
	free(image);
	return err;
}

/* --- the driver of the TPM ------------------------------------------------ */

/* The number of the only TPM, or -ENODEV. */
static int find_tpm(void)
{
	int nr = -ENODEV;
	glob_t g;

	if (glob("/sys/class/tpm/tpm*", 0, NULL, &g))
		return -ENODEV;
	if (g.gl_pathc == 1)
		nr = atoi(g.gl_pathv[0] + strlen("/sys/class/tpm/tpm"));
	globfree(&g);
	return nr;
}

int tpm_driver_find(struct tpm_driver *driver)
{
	char path[64], device[PATH_MAX];
	int nr = find_tpm();

	if (nr < 0)
		return nr;
	snprintf(path, sizeof(path), "/sys/class/tpm/tpm%d/device", nr);
	if (!realpath(path, device))
		return -errno;
	snprintf(driver->device, sizeof(driver->device), "%s", strrchr(device, '/') + 1);
	strcat(path, "/driver");
	return realpath(path, driver->path) ? 0 : -errno;
}

static int tell(const struct tpm_driver *driver, const char *file)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/%s", driver->path, file);
	return file_write(path, 0, driver->device);
}

int tpm_driver_unbind(const struct tpm_driver *driver)
{
	int err = tell(driver, "unbind");

	return err || find_tpm() < 0 ? err : -EEXIST;
}

static int give_old_name(const char *name, int nr)
{
	char to[32], from[32];

	snprintf(from, sizeof(from), "/dev/%s0", name);
	snprintf(to, sizeof(to), "%s%d", name, nr);
	unlink(from);
	return symlink(to, from) ? -errno : 0;
}

int tpm_driver_bind(const struct tpm_driver *driver)
{
	int err = tell(driver, "bind"), nr = find_tpm();

	if (err || nr <= 0)
		return err ? err : nr;
	err = give_old_name("tpm", nr);
	if (!err)
		err = give_old_name("tpmrm", nr);
	return err ? err : nr;
}
