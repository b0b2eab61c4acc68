// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes to standard error: where, the cause, and the cure.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"

static void say(const char *where, const char *format, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "trustedctl: %s: ", where);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * ctl_fault() - say what went wrong
 * @where: file, option or device
 * @format: the cause; the cure
 *
 * Return: CTL_TROUBLE.
 */
enum ctl_status ctl_fault(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(where, format, args);
	va_end(args);
	return CTL_TROUBLE;
}

/**
 * ctl_no() - say why the answer is no
 * @where: file, option or device
 * @format: the cause; the cure
 *
 * Return: CTL_NO.
 */
enum ctl_status ctl_no(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(where, format, args);
	va_end(args);
	return CTL_NO;
}

/**
 * ctl_alloc() - memory, zeroed
 * @size: octets
 *
 * Return: the memory; the program ends if there is none.
 */
void *ctl_alloc(size_t size)
{
	void *p = calloc(1, size ?: 1);

	if (!p) {
		ctl_fault("memory", "there is no more");
		exit(CTL_TROUBLE);
	}
	return p;
}
