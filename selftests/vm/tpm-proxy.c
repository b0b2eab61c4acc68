// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands between QEMU and swtpm, and logs every TPM command and response:
 *
 *	QEMU --- control socket --- tpm-proxy --- control socket --- swtpm
 *	     '-- data socket ----'         '-- data socket -------'
 *
 * The control channel passes through as it is, but for one thing.  Its first
 * message carries the socket for TPM commands; the proxy keeps that one, and
 * hands swtpm one of its own.  And it resets the TPM when it is told to.
 *
 * On the data channel one command is on its way at a time.  Whatever the proxy
 * shall do to commands and responses it does in on_command() and on_response():
 * tpm-gap.c, and tpm-mutate.c, which is the interposer of selftests/interposer.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tpm-gap.h"
#include "tpm-mutate.h"

#define HEADER		10
#define RC_CONTEXT_GAP	0x901
#define RC_VALUE	0x084

/* A command or response, complete when it is as long as its header says. */
struct msg {
	size_t len;
	uint8_t buf[8192];
};

enum verdict {
	FORWARD,
	ANSWERED,
};

static struct {
	FILE *log;
	int delay;
	int qemu_ctrl, tpm_ctrl, qemu_data, tpm_data;
	struct msg command, response;
	bool delayed;
	uint64_t due;
} proxy = { .qemu_data = -1, .tpm_data = -1 };

static void die(const char *what)
{
	fprintf(stderr, "tpm-proxy: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static bool complete(const struct msg *m)
{
	return m->len >= HEADER && m->len >= be32(m->buf + 2);
}

static void write_all(int fd, const void *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0)
			die("write");
		p = (const char *)p + n;
		len -= n;
	}
}

static void receive(int fd, struct msg *m, const char *from)
{
	ssize_t n = read(fd, m->buf + m->len, sizeof(m->buf) - m->len);

	if (n < 0)
		die(from);
	if (!n)
		exit(0);
	m->len += n;
}

static void log_hex(char direction, const struct msg *m)
{
	size_t i;

	fprintf(proxy.log, "%c ", direction);
	for (i = 0; i < m->len; i++)
		fprintf(proxy.log, "%02x", m->buf[i]);
	fputc('\n', proxy.log);
	fflush(proxy.log);
}

/* What tpm-mark says: its text, if @m is StirRandom and begins with @verb. */
static bool told(const struct msg *m, const char *verb, char *text, size_t size)
{
	static const uint8_t stir_random[] = { 0, 0, 1, 0x46 };
	const uint8_t *data = m->buf + HEADER + 2;
	size_t len, skip = strlen(verb), i;

	if (m->len < HEADER + 2 || memcmp(m->buf + 6, stir_random, 4))
		return false;
	len = m->len - HEADER - 2;
	if (len < skip || memcmp(data, verb, skip))
		return false;
	len -= skip;
	if (len >= size)
		len = size - 1;
	for (i = 0; i < len; i++)
		text[i] = isprint(data[skip + i]) ? data[skip + i] : '?';
	text[len] = 0;
	return true;
}

static void answer_with(struct msg *response, uint32_t rc)
{
	uint8_t header[HEADER] = { 0x80, 0x01, 0, 0, 0, HEADER, rc >> 24, rc >> 16, rc >> 8, rc };

	memcpy(response->buf, header, sizeof(header));
	response->len = sizeof(header);
}

/* A command of our own, while none of QEMU's is with the TPM. */
static void ask_tpm(const void *command, size_t len, struct msg *response)
{
	write_all(proxy.tpm_data, command, len);
	response->len = 0;
	while (!complete(response))
		receive(proxy.tpm_data, response, "response");
}

/* GetCapability of TPM_PT_HR_LOADED_AVAIL. */
static unsigned int loaded_free(void)
{
	static const uint8_t command[] = {
		0x80, 0x01, 0, 0, 0, 22, 0, 0, 0x01, 0x7a,
		0, 0, 0, 6, 0, 0, 0x02, 0x04, 0, 0, 0, 1,
	};
	struct msg response;

	ask_tpm(command, sizeof(command), &response);
	return response.len < 27 ? 0 : be32(response.buf + 23);
}

static size_t ask_and_copy(const void *command, size_t len, uint8_t *rsp)
{
	struct msg response;

	ask_tpm(command, len, &response);
	if (response.len > MUTATE_MAX)
		return 0;
	memcpy(rsp, response.buf, response.len);
	return response.len;
}

/* Says what became of a plan, behind the header of a response. */
static void report(struct msg *response)
{
	char text[2048];
	size_t len = mutate_report(text, sizeof(text), ask_and_copy);

	answer_with(response, 0);
	memcpy(response->buf + HEADER, text, len);
	response->len += len;
	response->buf[4] = response->len >> 8;
	response->buf[5] = response->len;
}

/*
 * As after a loss of power: swtpm is told to initialize itself, without what was
 * in its memory, and the TPM to start up.  QEMU waits for nothing meanwhile.
 */
static void reset_tpm(void)
{
	static const uint8_t init[] = { 0, 0, 0, 2, 0, 0, 0, 1 };
	static const uint8_t startup[] = { 0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x44, 0, 0 };
	struct msg response = { 0 };

	write_all(proxy.tpm_ctrl, init, sizeof(init));
	while (response.len < 4)
		receive(proxy.tpm_ctrl, &response, "control channel");
	if (be32(response.buf))
		fprintf(stderr, "tpm-proxy: swtpm cannot be initialized\n");
	ask_tpm(startup, sizeof(startup), &response);
	gap_done(startup, sizeof(startup), response.buf, response.len);
}

static enum verdict on_real_command(struct msg *command, struct msg *response)
{
	log_hex('>', command);
	if (gap_forbids(command->buf, command->len, loaded_free))
		answer_with(response, RC_CONTEXT_GAP);
	else
		response->len = mutate_command(command->buf, command->len, response->buf);
	if (!response->len)
		return FORWARD;
	log_hex('<', response);
	return ANSWERED;
}

/* A whole command from QEMU: what becomes of it? */
static enum verdict on_command(struct msg *command, struct msg *response)
{
	char text[256];

	if (told(command, "MARK:", text, sizeof(text))) {
		fprintf(proxy.log, "# %s\n", text);
		fflush(proxy.log);
	} else if (told(command, "DELAY:", text, sizeof(text))) {
		proxy.delay = atoi(text);
	} else if (told(command, "RESET:", text, sizeof(text))) {
		reset_tpm();
	} else if (told(command, "PLAN:", text, sizeof(text))) {
		answer_with(response, mutate_plan(text) ? 0 : RC_VALUE);
		return ANSWERED;
	} else if (told(command, "ASK:", text, sizeof(text))) {
		report(response);
		return ANSWERED;
	} else {
		return on_real_command(command, response);
	}
	answer_with(response, 0);
	return ANSWERED;
}

/* A whole response from the TPM, on its way to QEMU. */
static void on_response(const struct msg *command, struct msg *response)
{
	gap_done(command->buf, command->len, response->buf, response->len);
	response->len = mutate_response(command->buf, command->len, response->buf, response->len);
	log_hex('<', response);
}

static void answer(void)
{
	write_all(proxy.qemu_data, proxy.response.buf, proxy.response.len);
	proxy.command.len = 0;
	proxy.response.len = 0;
}

static void command_arrives(void)
{
	receive(proxy.qemu_data, &proxy.command, "command");
	if (!complete(&proxy.command))
		return;
	if (on_command(&proxy.command, &proxy.response) == ANSWERED) {
		answer();
		return;
	}
	proxy.delayed = true;
	proxy.due = now_ms() + proxy.delay;
}

static void command_is_due(void)
{
	proxy.delayed = false;
	write_all(proxy.tpm_data, proxy.command.buf, proxy.command.len);
}

static void response_arrives(void)
{
	receive(proxy.tpm_data, &proxy.response, "response");
	if (!complete(&proxy.response))
		return;
	on_response(&proxy.command, &proxy.response);
	answer();
}

/* Keeps the data socket that QEMU sends; returns what swtpm gets in its place. */
static int take_data(int fd)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	proxy.qemu_data = fd;
	proxy.tpm_data = pair[0];
	return pair[1];
}

/* Passes on what has come on one control channel, and the socket with it. */
static void forward_control(int from, int to)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char buf[8192];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.buf, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	ssize_t n;
	int fd = -1;

	n = recvmsg(from, &msg, MSG_CMSG_CLOEXEC);
	if (n < 0)
		die("control channel");
	if (!n)
		exit(0);
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS) {
		memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
		fd = take_data(fd);
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	} else {
		msg.msg_control = NULL;
		msg.msg_controllen = 0;
	}
	iov.iov_len = n;
	if (sendmsg(to, &msg, 0) != n)
		die("control channel");
	if (fd >= 0)
		close(fd);
}

/*
 * The control channel is served while a command waits to be sent: QEMU may ask
 * to cancel it.  The TPM then has nothing to cancel, as if it came too late.
 */
static void run(void)
{
	struct pollfd fds[] = {
		{ proxy.qemu_ctrl, POLLIN, 0 }, { proxy.tpm_ctrl, POLLIN, 0 },
		{ -1, POLLIN, 0 }, { -1, POLLIN, 0 },
	};

	for (;;) {
		int timeout = -1;

		if (proxy.delayed) {
			uint64_t now = now_ms();

			timeout = now < proxy.due ? proxy.due - now : 0;
		}
		/* One command at a time: the next one has to wait. */
		fds[2].fd = complete(&proxy.command) ? -1 : proxy.qemu_data;
		fds[3].fd = proxy.tpm_data;
		if (poll(fds, 4, timeout) < 0)
			die("poll");
		if (fds[0].revents)
			forward_control(proxy.qemu_ctrl, proxy.tpm_ctrl);
		if (fds[1].revents)
			forward_control(proxy.tpm_ctrl, proxy.qemu_ctrl);
		if (fds[2].revents)
			command_arrives();
		if (fds[3].revents)
			response_arrives();
		if (proxy.delayed && now_ms() >= proxy.due)
			command_is_due();
	}
}

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(a.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	memcpy(a.sun_path, path, strlen(path));
	return a;
}

/* swtpm binds its socket a moment before it listens: 5 s for that. */
static void connect_tpm(int fd, const struct sockaddr_un *tpm)
{
	int tries;

	for (tries = 0; tries < 500; tries++) {
		if (!connect(fd, (const struct sockaddr *)tpm, sizeof(*tpm)))
			return;
		if (errno != ECONNREFUSED)
			break;
		poll(NULL, 0, 10);
	}
	die(tpm->sun_path);
}

int main(int argc, char **argv)
{
	struct sockaddr_un qemu, tpm;
	char name[128];
	int i, listener;

	proxy.log = stdout;
	for (i = 1; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		if (!strcmp(argv[i], "--delay"))
			proxy.delay = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--log"))
			proxy.log = fopen(argv[i + 1], "w");
		else if (!strcmp(argv[i], "--gap"))
			gap_set(atoi(argv[i + 1]));
		else if (!strcmp(argv[i], "--other"))
			mutate_set_other(argv[i + 1]);
		else
			break;
		if (!proxy.log)
			die(argv[i + 1]);
	}
	if (argc - i != 2) {
		fputs("usage: tpm-proxy [--delay MS] [--gap MAX] [--log FILE] [--other SWTPM]\n"
		      "                 LISTEN SWTPM\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	snprintf(name, sizeof(name), "%s.new", argv[i]);
	qemu = address(name);
	tpm = address(argv[i + 1]);

	proxy.tpm_ctrl = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	connect_tpm(proxy.tpm_ctrl, &tpm);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* The name tells `run` that one can connect: it must not come before. */
	if (bind(listener, (struct sockaddr *)&qemu, sizeof(qemu)) ||
	    listen(listener, 1) || rename(name, argv[i]))
		die(name);
	proxy.qemu_ctrl = accept(listener, NULL, NULL);
	if (proxy.qemu_ctrl < 0)
		die("accept");
	close(listener);
	run();
}
