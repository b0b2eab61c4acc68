/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel does with keys while somebody sits on the bus.
 */
#ifndef _INTERPOSER_OPERATION_H
#define _INTERPOSER_OPERATION_H

#include <stdbool.h>

#include "keyfile.h"
#include "tpm.h"

/* The parent in both TPMs; of the other one it is another key. */
#define PARENT	0x81000021

/**
 * struct bench - the surroundings of all operations
 * @tpm: /dev/tpmrm0
 * @raw: /dev/tpm0 while a stranger holds it, else -1
 * @ring: keyring of the key that is being worked on
 */
struct bench {
	int tpm;
	int raw;
	int ring;
};

/**
 * struct operation - one of them
 * @name: for people
 * @verb: new, load or update
 * @options: of the blob that is loaded, or is to be made
 * @auth: more of them, needed at load, too
 * @fresh: the kernel knows no parent yet
 * @stranger: somebody has an object and a session in the TPM, and /dev/tpm0 open
 * @pin: parentname= for what is made
 * @blob: sealed by @options; of the key that is updated, before it is
 * @key: serial number of the key that is updated
 * @secret: what is sealed in @blob
 * @public: public area of a blob that was made as it should be
 */
struct operation {
	const char *name;
	const char *verb;
	const char *options;
	const char *auth;
	bool fresh;
	bool stranger;
	char *pin;
	char *blob;
	int key;
	struct octets secret;
	struct octets public;
};

/* operation_prepare() - false, and says why, if it does not even work undisturbed */
bool operation_prepare(struct bench *b, struct operation *o);
void operation_finish(struct bench *b, struct operation *o);

/* operation_forget() - what the kernel knows of parents, if it is to be @fresh */
void operation_forget(const struct operation *o);

/* operation_run() - serial number of the key that comes of it, or -errno */
int operation_run(struct bench *b, struct operation *o);

/*
 * operation_judge() - undisturbed: is what came of it right?
 * @key: as operation_run() returned; unlinked if it is new
 *
 * Return: NULL, or what is wrong.
 */
const char *operation_judge(struct bench *b, struct operation *o, int key);

/* operation_works() - does a load of a good blob work, undisturbed? */
bool operation_works(struct bench *b, struct operation *o);

#endif
