// SPDX-License-Identifier: GPL-2.0-only
/*
 * An answer as text, line by line, or as JSON, at the end.
 */
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "report.h"

#define MAX_DEPTH	64
#define LABEL_WIDTH	15

static struct {
	bool json;
	unsigned int depth;		/* of objects and lists */
	unsigned int indent;		/* of text */
	struct json_object *at[MAX_DEPTH];
	bool headed[MAX_DEPTH];
} report;

void report_start(bool json)
{
	report.json = json;
	report.depth = 0;
	report.indent = 0;
	report.at[0] = json ? json_object_new_object() : NULL;
}

void report_end(void)
{
	if (report.json)
		puts(json_object_to_json_string_ext(report.at[0], JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(report.at[0]);
	report.at[0] = NULL;
}

/* The answer was none after all. */
void report_drop(void)
{
	json_object_put(report.at[0]);
	report.at[0] = NULL;
}

static void add(const char *key, struct json_object *value)
{
	struct json_object *in = report.at[report.depth];

	if (json_object_is_type(in, json_type_array))
		json_object_array_add(in, value);
	else
		json_object_object_add(in, key, value);
}

static bool is_in_list(void)
{
	return json_object_is_type(report.at[report.depth], json_type_array);
}

static bool wants_json(const char *key)
{
	return report.json && (key || is_in_list());
}

static void print(const char *label, const char *value)
{
	if (report.json || !label)
		return;
	if (*label)
		printf("%*s%-*s %s\n", 2 * report.indent, "", LABEL_WIDTH, label, value);
	else
		printf("%*s%s\n", 2 * report.indent, "", value);
}

void report_text(const char *key, const char *label, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (wants_json(key))
		add(key, json_object_new_string(text ?: ""));
	print(label, text ?: "");
	free(text);
}

void report_line(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	print("", text ?: "");
	free(text);
}

void report_hex(const char *key, const char *label, struct tpm2_bytes octets)
{
	char *text = ctl_alloc(2 * octets.len + 1);
	size_t i;

	for (i = 0; i < octets.len; i++)
		sprintf(text + 2 * i, "%02x", octets.data[i]);
	report_text(key, label, "%s", text);
	free(text);
}

void report_flag(const char *key, const char *label, bool value)
{
	if (wants_json(key))
		add(key, json_object_new_boolean(value));
	print(label, value ? "yes" : "no");
}

void report_number(const char *key, const char *label, u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	if (wants_json(key))
		add(key, json_object_new_uint64(value));
	print(label, text);
}

void report_null(const char *key)
{
	if (wants_json(key))
		add(key, NULL);
}

static void enter(const char *key, const char *heading, struct json_object *value)
{
	if (report.depth == MAX_DEPTH - 1)
		abort();
	if (report.json)
		add(key, value);
	else if (heading)
		print("", heading);
	report.depth++;
	report.at[report.depth] = value;
	report.headed[report.depth] = heading;
	report.indent += !!heading;
}

void report_enter(const char *key, const char *heading)
{
	enter(key, heading, report.json ? json_object_new_object() : NULL);
}

void report_enter_list(const char *key, const char *heading)
{
	enter(key, heading, report.json ? json_object_new_array() : NULL);
}

void report_leave(void)
{
	report.indent -= report.headed[report.depth];
	report.depth--;
}
