// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TPM 2.0 in the process: libtpms, with its state in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

#include "tpm.h"

#define MAX_FILES	8
#define MAX_FAILURES	16
#define MAX_CODES	0x200	/* above every TPM_CC of the specification */
#define MAX_LISTED	254	/* handles in one TPML_HANDLE */

/* What the TPM has stored under a name: "permall" and others. */
struct file {
	char name[32];
	unsigned char *data;
	u32 len;
};

struct failure {
	u32 code;
	unsigned int skip;
	u32 rc;
};

static struct file files[MAX_FILES];
static struct file factory;	/* the permanent state of a new TPM */
static bool running;

static unsigned int counts[MAX_CODES];
static struct failure failures[MAX_FAILURES];
static host_tpm_hook_t the_hook;
static void *hook_ctx;

static void die(const char *what, unsigned int code)
{
	printf("Bail out! libtpms: %s: 0x%x\n", what, code);
	fflush(stdout);
	exit(99);
}

static void *copy(const void *data, size_t len)
{
	void *p = malloc(len);

	if (!p)
		die("malloc", len);
	return memcpy(p, data, len);
}

/* The file of that name, or the first unused one. */
static struct file *find_file(const char *name)
{
	unsigned int i;

	for (i = 0; i < MAX_FILES; i++) {
		if (!files[i].data || !strcmp(files[i].name, name))
			return &files[i];
	}
	die("too many files", i);
	return NULL;
}

static void set_file(struct file *f, const char *name, const void *data,
		     u32 len)
{
	free(f->data);
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->data = copy(data, len);
	f->len = len;
}

static TPM_RESULT nvram_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT nvram_load(unsigned char **data, uint32_t *len, uint32_t nr,
			     const char *name)
{
	struct file *f = find_file(name);

	/* The code for "there is no such file". */
	if (!f->data || !f->len)
		return TPM_RETRY;
	*data = copy(f->data, f->len);
	*len = f->len;
	return TPM_SUCCESS;
}

static TPM_RESULT nvram_store(const unsigned char *data, uint32_t len,
			      uint32_t nr, const char *name)
{
	set_file(find_file(name), name, data, len);
	return TPM_SUCCESS;
}

/* A deleted file stays in its place, empty. */
static TPM_RESULT nvram_delete(uint32_t nr, const char *name, TPM_BOOL must)
{
	struct file *f = find_file(name);

	if (!f->data || !f->len)
		return must ? TPM_FAIL : TPM_SUCCESS;
	f->len = 0;
	return TPM_SUCCESS;
}

static TPM_RESULT io_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_locality(TPM_MODIFIER_INDICATOR *locality, uint32_t nr)
{
	*locality = 0;
	return TPM_SUCCESS;
}

static TPM_RESULT io_presence(TPM_BOOL *presence, uint32_t nr)
{
	*presence = false;
	return TPM_SUCCESS;
}

static struct libtpms_callbacks callbacks = {
	.sizeOfStruct = sizeof(callbacks),
	.tpm_nvram_init = nvram_init,
	.tpm_nvram_loaddata = nvram_load,
	.tpm_nvram_storedata = nvram_store,
	.tpm_nvram_deletename = nvram_delete,
	.tpm_io_init = io_init,
	.tpm_io_getlocality = io_locality,
	.tpm_io_getphysicalpresence = io_presence,
};

/* To the TPM and nowhere else. */
static size_t process(const u8 *cmd, size_t len, u8 *rsp, size_t size)
{
	static unsigned char *answer;
	static uint32_t answer_size;
	uint32_t answer_len = 0;
	TPM_RESULT res;

	res = TPMLIB_Process(&answer, &answer_len, &answer_size,
			     (unsigned char *)cmd, len);
	if (res || answer_len < TPM2_HEADER_SIZE || answer_len > size)
		die("TPMLIB_Process", res);
	memcpy(rsp, answer, answer_len);
	return answer_len;
}

static void power_on(void)
{
	static const u8 startup[] = {
		0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x44, 0, 0
	};
	u8 rsp[TPM2_BUFFER_SIZE];
	TPM_RESULT res;

	if (running)
		TPMLIB_Terminate();
	res = TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2);
	if (!res)
		res = TPMLIB_RegisterCallbacks(&callbacks);
	if (!res)
		res = TPMLIB_MainInit();
	if (res)
		die("start", res);
	running = true;
	process(startup, sizeof(startup), rsp, sizeof(rsp));
	if (get_unaligned_be32(rsp + 6))
		die("Startup", get_unaligned_be32(rsp + 6));
}

/* Makes a TPM the first time, and gives out copies of it from then on. */
void host_tpm_reset(void)
{
	struct file *made;
	unsigned int i;

	for (i = 0; i < MAX_FILES; i++) {
		free(files[i].data);
		memset(&files[i], 0, sizeof(files[i]));
	}
	if (factory.data)
		set_file(&files[0], factory.name, factory.data, factory.len);
	power_on();
	made = find_file("permall");
	if (!factory.data)
		set_file(&factory, made->name, made->data, made->len);
	host_tpm_clear_counts();
	memset(failures, 0, sizeof(failures));
	host_tpm_hook(NULL, NULL);
}

void host_tpm_reboot(void)
{
	power_on();
}

void host_tpm_clear_counts(void)
{
	memset(counts, 0, sizeof(counts));
}

unsigned int host_tpm_count(u32 code)
{
	return code < MAX_CODES ? counts[code] : 0;
}

void host_tpm_hook(host_tpm_hook_t hook, void *ctx)
{
	the_hook = hook;
	hook_ctx = ctx;
}

void host_tpm_fail(u32 code, unsigned int skip, u32 rc)
{
	unsigned int i;

	for (i = 0; i < MAX_FAILURES; i++) {
		if (failures[i].rc && failures[i].code != code)
			continue;
		failures[i] = (struct failure){ code, skip, rc };
		return;
	}
	die("too many failures", code);
}

/* The response code that this command is to fail with, or 0. */
static u32 take_failure(u32 code)
{
	unsigned int i;
	u32 rc;

	for (i = 0; i < MAX_FAILURES; i++) {
		if (!failures[i].rc || failures[i].code != code)
			continue;
		if (failures[i].skip--)
			return 0;
		rc = failures[i].rc;
		failures[i].rc = 0;
		return rc;
	}
	return 0;
}

int host_tpm_put_error(u8 *rsp, u32 rc)
{
	put_unaligned_be16(TPM_ST_NO_SESSIONS, rsp);
	put_unaligned_be32(TPM2_HEADER_SIZE, rsp + 2);
	put_unaligned_be32(rc, rsp + 6);
	return TPM2_HEADER_SIZE;
}

static int ask_hook(const u8 *cmd, size_t len, u8 *rsp, size_t size)
{
	static bool asking;
	int ret;

	if (!the_hook || asking)
		return 0;
	asking = true;
	ret = the_hook(hook_ctx, cmd, len, rsp, size);
	asking = false;
	return ret;
}

int host_tpm_send(u8 *buf, size_t len, size_t size)
{
	u8 rsp[2 * TPM2_BUFFER_SIZE];
	u32 code = len < TPM2_HEADER_SIZE ? 0 : get_unaligned_be32(buf + 6);
	u32 rc;
	int ret;

	counts[0]++;
	if (code && code < MAX_CODES)
		counts[code]++;
	rc = take_failure(code);
	if (rc)
		return host_tpm_put_error(buf, rc);
	ret = ask_hook(buf, len, rsp, sizeof(rsp));
	if (!ret)
		ret = process(buf, len, rsp, sizeof(rsp));
	if (ret > 0 && (size_t)ret > size)
		die("answer longer than the buffer", ret);
	if (ret > 0)
		memcpy(buf, rsp, ret);
	return ret;
}

int host_tpm_handles(u32 ht, u32 *handle, unsigned int max)
{
	u8 buf[TPM2_BUFFER_SIZE];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	struct tpm2_reader r;
	unsigned int i, nr;

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + 12);
	tpm2_put_u32(&w, TPM_CC_GetCapability);
	tpm2_put_u32(&w, TPM_CAP_HANDLES);
	tpm2_put_u32(&w, TPM_HANDLE_FIRST(ht));
	tpm2_put_u32(&w, MAX_LISTED);
	r = tpm2_reader(buf, process(buf, w.len, buf, sizeof(buf)));
	if (get_unaligned_be32(buf + 6))
		die("GetCapability", get_unaligned_be32(buf + 6));
	tpm2_get(&r, TPM2_HEADER_SIZE + 1 + 4);
	nr = tpm2_get_u32(&r);
	for (i = 0; i < nr && i < max; i++)
		handle[i] = tpm2_get_u32(&r);
	return i;
}
