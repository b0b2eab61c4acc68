// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second TPM, which makes mistakes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vtpm_proxy.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "tpm.h"
#include "vtpm.h"

#define HEADER		10
#define START_MS	10000

/* In memory that the server shares. */
struct vtpm_orders {
	_Atomic enum fault fault;
	_Atomic uint32_t code;
	_Atomic int last;
	_Atomic bool done;
	_Atomic int nr;		/* of the device */
};

/* --- the server ----------------------------------------------------------- */

static const uint8_t success[HEADER] = { 0x80, 0x01, 0, 0, 0, HEADER };

static uint32_t code_of(const uint8_t *command)
{
	return (uint32_t)command[6] << 24 | command[7] << 16 | command[8] << 8 | command[9];
}

/* The driver tells a locality before each command: that is not for the TPM. */
static ssize_t ask(int tpm, uint8_t *data, size_t len)
{
	if (code_of(data) == TPM2_CC_SET_LOCALITY) {
		memcpy(data, success, HEADER);
		return HEADER;
	}
	if (write(tpm, data, len) != (ssize_t)len)
		return -1;
	return read(tpm, data, TPM_BUF_SIZE);
}

static bool is_meant(const struct vtpm_orders *o, const uint8_t *command, size_t len)
{
	int last = command[len - 2] << 8 | command[len - 1];

	return o->fault && !o->done && code_of(command) == o->code &&
	       (o->last < 0 || o->last == last);
}

/* The driver has given up when it comes with another command. */
static void be_silent(int device)
{
	struct pollfd p = { device, POLLIN, 0 };

	while (!poll(&p, 1, 1000))
		;
}

/* What is sent in place of an answer of @len octets. */
static size_t spoil(int device, struct vtpm_orders *o, uint8_t *answer, size_t len)
{
	switch (o->fault) {
	case FAULT_SILENT:
		o->done = true;
		be_silent(device);
		break;
	case FAULT_SHORT:
		len = 4;
		break;
	case FAULT_LENGTH:
		answer[5] += 1;
		break;
	case FAULT_EMPTY:
		memcpy(answer, success, HEADER);
		len = HEADER;
		break;
	case FAULT_NONE:
		break;
	}
	o->done = true;
	return len;
}

static int serve(int device, struct vtpm_orders *o)
{
	int tpm = tpm_open(TPM_RAW);
	uint8_t data[TPM_BUF_SIZE];
	bool meant;
	ssize_t n;

	if (tpm < 0)
		return 1;
	while ((n = read(device, data, sizeof(data))) >= HEADER) {
		meant = is_meant(o, data, n);
		n = ask(tpm, data, n);
		if (meant)
			n = spoil(device, o, data, n);
		/* The driver may have given up. */
		if (n <= 0 || (write(device, data, n) < 0 && errno != EIO))
			return 1;
	}
	return 0;
}

static int make_and_serve(void *arg)
{
	struct vtpm_proxy_new_dev new = { .flags = VTPM_PROXY_FLAG_TPM2 };
	struct vtpm_orders *o = arg;
	int err, control = open("/dev/vtpmx", O_RDWR | O_CLOEXEC);

	if (control < 0 || ioctl(control, VTPM_PROXY_IOC_NEW_DEV, &new))
		return 1;
	o->nr = new.tpm_num;
	err = serve(new.fd, o);
	close(new.fd);
	return err;
}

/* --- its master ----------------------------------------------------------- */

static bool appears(struct vtpm *v)
{
	long end = now_ms() + START_MS;

	while (now_ms() < end && process_runs(v->server)) {
		snprintf(v->managed, sizeof(v->managed), "/dev/tpmrm%d", v->orders->nr);
		if (v->orders->nr >= 0 && !access(v->managed, F_OK))
			return !chmod(v->managed, 0666);
		usleep(1000);
	}
	return false;
}

int vtpm_start(struct vtpm *v)
{
	v->orders = mmap(NULL, sizeof(*v->orders), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (v->orders == MAP_FAILED ||
	    (access("/dev/vtpmx", F_OK) && system("modprobe tpm_vtpm_proxy")))
		return -ENODEV;
	v->orders->nr = -1;
	v->server = process_start(make_and_serve, v->orders);
	return appears(v) ? 0 : -ENODEV;
}

void vtpm_fault(struct vtpm *v, enum fault kind, uint32_t code, int last)
{
	struct vtpm_orders *o = v->orders;

	o->done = false;
	o->code = code;
	o->last = last;
	o->fault = kind;
}

bool vtpm_fault_done(const struct vtpm *v)
{
	return v->orders->done;
}

void vtpm_stop(struct vtpm *v)
{
	kill(v->server, SIGKILL);
	waitpid(v->server, NULL, 0);
}
