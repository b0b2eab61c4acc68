// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted keys as a program sees them: the system calls, what the kernel's log
 * says of them, and which TPM commands they send.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "keys.h"

/* --- system calls --------------------------------------------------------- */

static int result(long ret)
{
	return ret < 0 ? -errno : ret;
}

int key_ring(void)
{
	return result(add_key("keyring", "test", NULL, 0,
			      KEY_SPEC_PROCESS_KEYRING));
}

int key_add_octets(int ring, const char *name, const void *text, size_t len)
{
	return result(add_key("trusted", name, text, len, ring));
}

/* Tests that run out of memory end here. */
static char *format(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		abort();
	return text;
}

int key_add(int ring, const char *name, const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	ret = key_add_octets(ring, name, text, strlen(text));
	free(text);
	return ret;
}

int key_update(int key, const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	ret = result(keyctl_update(key, text, strlen(text)));
	free(text);
	return ret;
}

int key_unlink(int ring, int key)
{
	return result(keyctl_unlink(key, ring));
}

int key_find(int ring, const char *name)
{
	return result(keyctl_search(ring, "trusted", name, 0));
}

int key_count(int ring)
{
	long len = keyctl_read(ring, NULL, 0);

	return len < 0 ? -errno : len / sizeof(key_serial_t);
}

char *key_blob(int key)
{
	void *blob;

	return keyctl_read_alloc(key, &blob) < 0 ? NULL : blob;
}

/* --- hex ------------------------------------------------------------------ */

char *hex_encode(const void *octets, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *from = octets;
	char *hex = malloc(2 * len + 1);
	size_t i;

	if (!hex)
		abort();
	for (i = 0; i < len; i++) {
		hex[2 * i] = digit[from[i] >> 4];
		hex[2 * i + 1] = digit[from[i] & 15];
	}
	hex[2 * len] = '\0';
	return hex;
}

static int nibble(char c)
{
	static const char digit[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = strchr(digit, c);

	return c && at ? (at - digit) % 16 : -1;
}

size_t hex_decode(const char *hex, uint8_t *out, size_t size)
{
	size_t i, len = strlen(hex) / 2;

	if (strlen(hex) % 2 || len > size)
		return 0;
	for (i = 0; i < len; i++) {
		int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		out[i] = high << 4 | low;
	}
	return len;
}

/* --- the kernel's log ----------------------------------------------------- */

int klog_open(struct klog *log)
{
	log->nr = 0;
	log->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd < 0)
		return -errno;
	klog_mark(log);
	return 0;
}

void klog_close(struct klog *log)
{
	close(log->fd);
	log->fd = -1;
}

void klog_mark(struct klog *log)
{
	log->nr = 0;
	lseek(log->fd, 0, SEEK_END);
}

/* "5,1234,5678,-;text\n SUBSYSTEM=..." */
static bool take_record(struct klog *log, char *record)
{
	char *text = strchr(record, ';');

	if (!text || log->nr == KLOG_LINES)
		return false;
	text[1 + strcspn(text + 1, "\n")] = '\0';
	snprintf(log->line[log->nr++], sizeof(log->line[0]), "%s", text + 1);
	return true;
}

bool klog_read(struct klog *log)
{
	char record[8192];
	ssize_t len;

	for (;;) {
		len = read(log->fd, record, sizeof(record) - 1);
		if (len < 0)
			return errno == EAGAIN;
		record[len] = '\0';
		if (!take_record(log, record))
			return false;
	}
}

int klog_has(const struct klog *log, const char *text)
{
	int i, nr = 0;

	for (i = 0; i < log->nr; i++)
		nr += !!strstr(log->line[i], text);
	return nr;
}

/* --- TPM commands --------------------------------------------------------- */

#define TRACING	"/sys/kernel/tracing/"
#define PROBE	"selftests/tpm_command"

static int set_probe(bool on)
{
	return file_write(TRACING "events/" PROBE "/enable", 0, on ? "1" : "0");
}

/* The code is the third field of a command's header (Part 1, 18.2). */
int tpm_trace_start(void)
{
	char pid[16];
	int err;

	tpm_trace_stop();
	err = file_write(TRACING "kprobe_events", O_APPEND,
			 "p:" PROBE " tpm_transmit cc=+6($arg2):x32");
	snprintf(pid, sizeof(pid), "%d", getpid());
	if (!err)
		err = file_write(TRACING "set_event_pid", O_TRUNC, pid);
	if (!err)
		err = file_write(TRACING "trace", O_TRUNC, "");
	return err ?: set_probe(true);
}

void tpm_trace_stop(void)
{
	set_probe(false);
	file_write(TRACING "set_event_pid", O_TRUNC, "");
	file_write(TRACING "kprobe_events", O_APPEND, "-:" PROBE);
}

int tpm_trace_take(struct tpm_trace *trace)
{
	FILE *f = fopen(TRACING "trace", "re");
	char line[512];
	int ret = 0;

	if (!f)
		return -errno;
	trace->nr = 0;
	while (fgets(line, sizeof(line), f)) {
		char *cc = strstr(line, "cc=");

		if (strstr(line, "LOST") || trace->nr == TPM_TRACE_MAX)
			ret = -EOVERFLOW;
		else if (*line != '#' && cc)
			trace->cc[trace->nr++] =
				be32toh(strtoul(cc + 3, NULL, 0));
	}
	fclose(f);
	return ret ?: file_write(TRACING "trace", O_TRUNC, "");
}
