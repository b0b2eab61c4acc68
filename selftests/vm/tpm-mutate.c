// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interposer's plans; see tpm-mutate.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tpm-mutate.h"

#define HEADER		10
#define MAX_KEPT	64

/* An answer. */
struct kept {
	uint32_t code;
	size_t len;
	uint8_t data[MUTATE_MAX];
};

/* The answers of one run. */
struct answers {
	unsigned int nr;
	struct kept kept[MAX_KEPT];
};

static struct {
	char kind[16];
	unsigned int at;
	unsigned long arg;
	bool told;
	struct answers now, recorded;
	const char *other_path;
	int other;
} plan = { .kind = "none", .other = -1 };

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void set_be32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void die(const char *what)
{
	fprintf(stderr, "tpm-proxy: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- the other TPM -------------------------------------------------------- */

void mutate_set_other(const char *path)
{
	plan.other_path = path;
}

static void connect_other(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (!plan.other_path || strlen(plan.other_path) >= sizeof(a.sun_path)) {
		errno = ENOENT;
		die("the other TPM");
	}
	strcpy(a.sun_path, plan.other_path);
	plan.other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(plan.other, (struct sockaddr *)&a, sizeof(a)))
		die(plan.other_path);
}

static size_t ask_other(const uint8_t *cmd, size_t len, uint8_t *rsp)
{
	size_t got = 0;

	if (plan.other < 0)
		connect_other();
	if (write(plan.other, cmd, len) != (ssize_t)len)
		die("the other TPM");
	while (got < HEADER || got < be32(rsp + 2)) {
		ssize_t n = read(plan.other, rsp + got, MUTATE_MAX - got);

		if (n <= 0)
			die("the other TPM");
		got += n;
	}
	return got;
}

/* --- plans ---------------------------------------------------------------- */

static bool is(const char *kind)
{
	return !strcmp(plan.kind, kind);
}

bool mutate_plan(const char *text)
{
	static const char *const kinds[] = {
		"record", "none", "bit", "cut", "rc", "swallow", "repeat",
		"replay", "other", "both", "others",
	};
	char kind[16];
	unsigned int at = 0, i;
	unsigned long arg = 0;

	if (sscanf(text, "%15s %u %lu", kind, &at, &arg) < 1)
		return false;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kind, kinds[i]))
			continue;
		if (is("record"))
			plan.recorded = plan.now;
		strcpy(plan.kind, kind);
		plan.at = at;
		plan.arg = arg;
		plan.told = false;
		plan.now.nr = 0;
		return true;
	}
	return false;
}

/* Which answer is it that the TPM is about to give? */
static unsigned int next(void)
{
	return plan.now.nr + 1;
}

static void keep(const uint8_t *cmd, const uint8_t *rsp, size_t len)
{
	struct kept *k = &plan.now.kept[plan.now.nr];

	if (plan.now.nr == MAX_KEPT)
		return;
	k->code = be32(cmd + 6);
	k->len = len;
	memcpy(k->data, rsp, len);
	plan.now.nr++;
}

static size_t put_header(uint8_t *rsp, uint32_t rc)
{
	static const uint8_t header[HEADER] = { 0x80, 0x01, 0, 0, 0, HEADER };

	memcpy(rsp, header, HEADER);
	set_be32(rsp + 6, rc);
	return HEADER;
}

/* GetRandom without a session: the kernel's random number generator, at any time. */
static bool is_by_the_way(const uint8_t *cmd)
{
	return cmd[1] == 0x01 && be32(cmd + 6) == 0x17b;
}

size_t mutate_command(const uint8_t *cmd, size_t len, uint8_t *rsp)
{
	size_t rsp_len;

	if (is_by_the_way(cmd))
		return 0;
	if (!(is("other") && next() == plan.at) && !(is("others") && next() >= plan.at) &&
	    !(is("swallow") && next() == plan.at))
		return 0;
	plan.told = true;
	rsp_len = is("swallow") ? put_header(rsp, 0) : ask_other(cmd, len, rsp);
	keep(cmd, rsp, rsp_len);
	return rsp_len;
}

/*
 * QEMU takes as many octets as the header says, so that many there must be; if it
 * cannot take so many, the answer stays as it is.
 */
static size_t fit(uint8_t *rsp, size_t len)
{
	size_t size = be32(rsp + 2);

	if (size > len && size <= MUTATE_MAX)
		memset(rsp + len, 0, size - len);
	return size;
}

static size_t flip(uint8_t *rsp, size_t len)
{
	size_t octet = plan.arg / 8, size;

	if (octet >= len)
		return len;
	rsp[octet] ^= 1 << plan.arg % 8;
	size = fit(rsp, len);
	if (size >= HEADER && size <= MUTATE_MAX)
		return size;
	rsp[octet] ^= 1 << plan.arg % 8;
	return len;
}

static size_t cut(uint8_t *rsp, size_t len)
{
	if (plan.arg < HEADER || plan.arg >= len)
		return len;
	set_be32(rsp + 2, plan.arg);
	return plan.arg;
}

static size_t give(const struct answers *from, uint8_t *rsp, size_t len)
{
	const struct kept *k = &from->kept[plan.arg - 1];

	if (!plan.arg || plan.arg > from->nr)
		return len;
	memcpy(rsp, k->data, k->len);
	return k->len;
}

static size_t change(const uint8_t *cmd, size_t cmd_len, uint8_t *rsp, size_t len)
{
	if (is("bit"))
		return flip(rsp, len);
	if (is("cut"))
		return cut(rsp, len);
	if (is("repeat"))
		return give(&plan.now, rsp, len);
	if (is("replay"))
		return give(&plan.recorded, rsp, len);
	if (is("rc"))
		return put_header(rsp, plan.arg);
	if (is("both"))
		return ask_other(cmd, cmd_len, rsp);
	return len;
}

size_t mutate_response(const uint8_t *cmd, size_t cmd_len, uint8_t *rsp, size_t len)
{
	bool now = next() == plan.at && plan.at <= MAX_KEPT;
	const struct kept *original;
	size_t new;

	if (len > MUTATE_MAX || is_by_the_way(cmd))
		return len;
	keep(cmd, rsp, len);
	if (!now)
		return len;
	new = change(cmd, cmd_len, rsp, len);
	original = &plan.now.kept[plan.at - 1];
	plan.told = new != len || memcmp(rsp, original->data, len);
	return new;
}

/* --- the report ----------------------------------------------------------- */

static size_t list_handles(char *text, size_t size, uint32_t first, mutate_ask_t ask)
{
	uint8_t cmd[22] = { 0x80, 1, 0, 0, 0, 22, 0, 0, 1, 0x7a, 0, 0, 0, 1 };
	uint8_t rsp[MUTATE_MAX];
	size_t len = 0;
	uint32_t i, nr;

	set_be32(cmd + 14, first);
	set_be32(cmd + 18, 64);
	if (ask(cmd, sizeof(cmd), rsp) < HEADER + 9 || be32(rsp + 6))
		return snprintf(text, size, " ?");
	nr = be32(rsp + HEADER + 5);
	for (i = 0; i < nr && len < size; i++)
		len += snprintf(text + len, size - len, " %08x",
				be32(rsp + HEADER + 9 + 4 * i));
	return len;
}

size_t mutate_report(char *text, size_t size, mutate_ask_t ask)
{
	static const uint32_t first[] = { 0x80000000, 0x02000000, 0x03000000, 0x81000000 };
	size_t len = snprintf(text, size, "%s", plan.told ? "told" : "untold");
	unsigned int i;

	for (i = 0; i < plan.now.nr; i++)
		len += snprintf(text + len, size - len, " %x:%zu",
				plan.now.kept[i].code, plan.now.kept[i].len);
	for (i = 0; i < 4; i++) {
		len += snprintf(text + len, size - len, " |");
		len += list_handles(text + len, size - len, first[i], ask);
	}
	return len;
}
