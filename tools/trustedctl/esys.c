// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TPM through libtss2's ESYS.
 *
 * Each function returns 0 or -errno, and says why in esys.why: -ENODEV there is
 * no TPM, -ENOENT it does not have this, -EACCES it wants an authorization, -EIO.
 */
#include <errno.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#include "esys.h"
#include "object.h"

#define DEFAULT_TCTI	"device:/dev/tpmrm0"
#define MAX_READS	10	/* of all PCRs, while they change */

/**
 * esys_tcti() - which TPM is asked
 * @tpm: the TPM
 *
 * Return: the TCTI's name and configuration.
 */
const char *esys_tcti(const struct esys *tpm)
{
	const char *env = getenv("TPM2TOOLS_TCTI");

	return tpm->tcti ?: env && *env ? env : DEFAULT_TCTI;
}

static int fail(struct esys *tpm, int err, const char *step, TSS2_RC rc)
{
	snprintf(tpm->why, sizeof(tpm->why), "%s: %s (0x%x)", step, Tss2_RC_Decode(rc), rc);
	return err;
}

static int open_tpm(struct esys *tpm)
{
	ESYS_CONTEXT *context = NULL;
	TSS2_TCTI_CONTEXT *tcti = NULL;
	TSS2_RC rc;

	if (tpm->context)
		return 0;
	/* What goes wrong is said here, once. */
	setenv("TSS2_LOG", "all+NONE", 0);
	rc = Tss2_TctiLdr_Initialize(esys_tcti(tpm), &tcti);
	if (!rc)
		rc = Esys_Initialize(&context, tcti, NULL);
	if (rc) {
		Tss2_TctiLdr_Finalize(&tcti);
		snprintf(tpm->why, sizeof(tpm->why),
			 "cannot be opened (0x%x); give --tcti=, or be root or in the device's group",
			 rc);
		return -ENODEV;
	}
	tpm->context = context;
	tpm->transport = tcti;
	return 0;
}

/**
 * esys_close() - close a TPM
 * @tpm: the TPM; may never have been opened
 */
void esys_close(struct esys *tpm)
{
	ESYS_CONTEXT *context = tpm->context;
	TSS2_TCTI_CONTEXT *tcti = tpm->transport;

	if (context)
		Esys_Finalize(&context);
	if (tcti)
		Tss2_TctiLdr_Finalize(&tcti);
	tpm->context = NULL;
	tpm->transport = NULL;
}

static u32 bitmap_of(const TPMS_PCR_SELECTION *s)
{
	u32 bits = 0;
	unsigned int i;

	for (i = 0; i < s->sizeofSelect && i < TPM2_PCR_SELECT_SIZE; i++)
		bits |= (u32)s->pcrSelect[i] << (8 * i);
	return bits;
}

/**
 * esys_banks() - which banks there are, and which PCRs are allocated
 * @tpm: the TPM
 * @banks: result
 *
 * Return: 0; -ENODEV; -EIO.
 */
int esys_banks(struct esys *tpm, struct esys_banks *banks)
{
	TPMS_CAPABILITY_DATA *data = NULL;
	TPML_PCR_SELECTION *list;
	TPMI_YES_NO more;
	TSS2_RC rc;
	unsigned int i;
	int err = open_tpm(tpm);

	memset(banks, 0, sizeof(*banks));
	if (err)
		return err;
	rc = Esys_GetCapability(tpm->context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
				TPM2_CAP_PCRS, 0, 1, &more, &data);
	if (rc)
		return fail(tpm, -EIO, "GetCapability", rc);
	list = &data->data.assignedPCR;
	for (i = 0; i < list->count && banks->nr < ARRAY_SIZE(banks->bank); i++) {
		banks->bank[banks->nr].alg = list->pcrSelections[i].hash;
		banks->bank[banks->nr++].pcrs = bitmap_of(&list->pcrSelections[i]);
	}
	Esys_Free(data);
	return 0;
}

/* PCRs of @want, as many as the TPM gives; @want loses those it read. */
static TSS2_RC read_some(struct esys *tpm, struct tpk_bank *bank, u32 *want, u32 *counter)
{
	TPML_PCR_SELECTION in = {
		.count = 1,
		.pcrSelections[0] = { .hash = bank->alg, .sizeofSelect = TPM2_PCR_SELECT_SIZE },
	}, *out = NULL;
	TPML_DIGEST *values = NULL;
	unsigned int pcr, i = 0;
	u32 got;
	TSS2_RC rc;

	for (i = 0; i < TPM2_PCR_SELECT_SIZE; i++)
		in.pcrSelections[0].pcrSelect[i] = *want >> (8 * i);
	rc = Esys_PCR_Read(tpm->context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &in,
			   counter, &out, &values);
	if (rc)
		return rc;
	got = out->count ? bitmap_of(&out->pcrSelections[0]) & *want : 0;
	for (pcr = 0, i = 0; pcr < TPM2_PCRS && i < values->count; pcr++) {
		if (!(got & 1U << pcr))
			continue;
		if (values->digests[i].size == tpm2_digest_size(bank->alg)) {
			memcpy(bank->value[pcr], values->digests[i].buffer,
			       values->digests[i].size);
			bank->known |= 1U << pcr;
		}
		i++;
	}
	*want = got ? *want & ~got : 0;
	Esys_Free(out);
	Esys_Free(values);
	return 0;
}

/* All of them; @changed if the TPM counted an update in between. */
static TSS2_RC read_all(struct esys *tpm, struct tpk_pcrs *pcrs, bool *changed)
{
	u32 want, counter, first = 0;
	bool started = false;
	unsigned int i;
	TSS2_RC rc;

	*changed = false;
	for (i = 0; i < pcrs->nr; i++) {
		pcrs->bank[i].known = 0;
		for (want = pcrs->bank[i].selected; want;) {
			rc = read_some(tpm, &pcrs->bank[i], &want, &counter);
			/* A bank that the TPM does not know has no values. */
			if (rc == TPM2_RC_P + TPM2_RC_1 + TPM2_RC_HASH)
				break;
			if (rc)
				return rc;
			*changed |= started && counter != first;
			first = counter;
			started = true;
		}
	}
	return 0;
}

/**
 * esys_read_pcrs() - read the PCRs of a set
 * @tpm: the TPM
 * @pcrs: the set; values that it had are lost.  Those that the TPM does not have
 *	are not known afterwards
 *
 * Return: 0; -ENODEV; -EIO; -EBUSY if they would not stop changing.
 */
int esys_read_pcrs(struct esys *tpm, struct tpk_pcrs *pcrs)
{
	bool changed = true;
	unsigned int i;
	TSS2_RC rc = 0;
	int err = open_tpm(tpm);

	if (err)
		return err;
	for (i = 0; changed && !rc && i < MAX_READS; i++)
		rc = read_all(tpm, pcrs, &changed);
	if (rc)
		return fail(tpm, -EIO, "PCR_Read", rc);
	if (changed) {
		snprintf(tpm->why, sizeof(tpm->why), "PCRs change all the time; try again");
		return -EBUSY;
	}
	return 0;
}

static int find_object(struct esys *tpm, u32 handle, ESYS_TR *object)
{
	TSS2_RC rc;
	int err = open_tpm(tpm);

	if (err)
		return err;
	rc = Esys_TR_FromTPMPublic(tpm->context, handle, ESYS_TR_NONE, ESYS_TR_NONE,
				   ESYS_TR_NONE, object);
	if (rc && (rc & TPM2_RC_FMT1) && tpm2_rc_base(rc) == TPM_RC_HANDLE) {
		snprintf(tpm->why, sizeof(tpm->why), "there is no 0x%08x in this TPM", handle);
		return -ENOENT;
	}
	return rc ? fail(tpm, -EIO, "ReadPublic", rc) : 0;
}

/**
 * esys_read_name() - the Name of an NV index or persistent object
 * @tpm: the TPM
 * @handle: its handle
 * @name: TPM2_MAX_NAME octets
 * @len: result
 *
 * Return: 0; -ENODEV; -ENOENT; -EIO.
 */
int esys_read_name(struct esys *tpm, u32 handle, u8 *name, size_t *len)
{
	TPM2B_NAME *n = NULL;
	ESYS_TR object;
	TSS2_RC rc;
	int err = find_object(tpm, handle, &object);

	if (err)
		return err;
	rc = Esys_TR_GetName(tpm->context, object, &n);
	Esys_TR_Close(tpm->context, &object);
	if (rc || n->size > TPM2_MAX_NAME) {
		Esys_Free(n);
		return fail(tpm, -EIO, "the Name of the object", rc);
	}
	memcpy(name, n->name, n->size);
	*len = n->size;
	Esys_Free(n);
	return 0;
}

/**
 * esys_read_time() - what PolicyCounterTimer compares
 * @tpm: the TPM
 * @info: result, TPMS_TIME_INFO
 *
 * Return: 0; -ENODEV; -EIO.
 */
int esys_read_time(struct esys *tpm, u8 info[ESYS_TIME_INFO_SIZE])
{
	TPMS_TIME_INFO *now = NULL;
	size_t at = 0;
	TSS2_RC rc;
	int err = open_tpm(tpm);

	if (err)
		return err;
	rc = Esys_ReadClock(tpm->context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &now);
	if (rc)
		return fail(tpm, -EIO, "ReadClock", rc);
	rc = Tss2_MU_TPMS_TIME_INFO_Marshal(now, info, ESYS_TIME_INFO_SIZE, &at);
	Esys_Free(now);
	return rc ? fail(tpm, -EIO, "TPMS_TIME_INFO", rc) : 0;
}

/*
 * May the index be tried with an empty password?  Not if a failure would count
 * towards the TPM's lockout.
 */
static bool is_harmless(struct esys *tpm, ESYS_TR nv, bool by_index)
{
	TPM2B_NV_PUBLIC *public = NULL;
	TPMA_NV attributes;

	if (Esys_NV_ReadPublic(tpm->context, nv, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
			       &public, NULL))
		return false;
	attributes = public->nvPublic.attributes;
	Esys_Free(public);
	return by_index ? attributes & TPMA_NV_AUTHREAD && attributes & TPMA_NV_NO_DA :
			  attributes & TPMA_NV_OWNERREAD;
}

static int read_nv(struct esys *tpm, ESYS_TR nv, ESYS_TR auth, u16 offset, u8 *data, size_t len)
{
	TPM2B_MAX_NV_BUFFER *out = NULL;
	TSS2_RC rc = Esys_NV_Read(tpm->context, auth, nv, ESYS_TR_PASSWORD, ESYS_TR_NONE,
				  ESYS_TR_NONE, len, offset, &out);

	if (!rc && out->size == len)
		memcpy(data, out->buffer, len);
	Esys_Free(out);
	return rc ? fail(tpm, -EACCES, "NV_Read", rc) : 0;
}

/**
 * esys_read_nv() - octets of an NV index
 * @tpm: the TPM
 * @index: its handle
 * @auth: whose authorization reads it; only an empty one is tried
 * @offset: from where
 * @data: result
 * @len: how many, ESYS_MAX_NV at most
 *
 * Return: 0; -ENODEV; -ENOENT; -EACCES if it cannot be read like that; -EIO.
 */
int esys_read_nv(struct esys *tpm, u32 index, u32 auth, u16 offset, u8 *data, size_t len)
{
	ESYS_TR nv;
	int err = find_object(tpm, index, &nv);

	if (err)
		return err;
	if ((auth != index && auth != TPM_RH_OWNER) || !is_harmless(tpm, nv, auth == index)) {
		snprintf(tpm->why, sizeof(tpm->why), "reading it takes an authorization");
		err = -EACCES;
	} else {
		err = read_nv(tpm, nv, auth == index ? nv : ESYS_TR_RH_OWNER, offset, data, len);
	}
	Esys_TR_Close(tpm->context, &nv);
	return err;
}

static ESYS_TR hierarchy_of(u32 handle)
{
	switch (handle) {
	case TPM_RH_OWNER:
		return ESYS_TR_RH_OWNER;
	case TPM_RH_ENDORSEMENT:
		return ESYS_TR_RH_ENDORSEMENT;
	case TPM_RH_PLATFORM:
		return ESYS_TR_RH_PLATFORM;
	default:
		return ESYS_TR_RH_NULL;
	}
}

/* The template that the kernel uses. */
static TSS2_RC primary_template(bool rsa, TPM2B_PUBLIC *template)
{
	u8 buf[256];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	size_t at = 0;

	tpk_put_primary(&w, rsa);
	return Tss2_MU_TPM2B_PUBLIC_Unmarshal(buf, w.len, &at, template);
}

/**
 * esys_primary_name() - the Name of the primary that the kernel would derive
 * @tpm: the TPM
 * @hierarchy: where
 * @rsa: RSA-2048 instead of ECC P-256
 * @name: TPM2_MAX_NAME octets
 * @len: result
 *
 * Derived with an empty authorization, which is under no lockout, and flushed.
 *
 * Return: 0; -ENODEV; -EACCES if it cannot be derived like that.
 */
int esys_primary_name(struct esys *tpm, u32 hierarchy, bool rsa, u8 *name, size_t *len)
{
	const TPM2B_SENSITIVE_CREATE nothing = {};
	const TPM2B_DATA no_info = {};
	const TPML_PCR_SELECTION no_pcrs = {};
	TPM2B_PUBLIC template = {};
	TPM2B_NAME *n = NULL;
	ESYS_TR primary;
	TSS2_RC rc;
	int err = open_tpm(tpm);

	if (err)
		return err;
	rc = primary_template(rsa, &template);
	if (!rc)
		rc = Esys_CreatePrimary(tpm->context, hierarchy_of(hierarchy), ESYS_TR_PASSWORD,
					ESYS_TR_NONE, ESYS_TR_NONE, &nothing, &template, &no_info,
					&no_pcrs, &primary, NULL, NULL, NULL, NULL);
	if (rc)
		return fail(tpm, -EACCES, "CreatePrimary", rc);
	rc = Esys_TR_GetName(tpm->context, primary, &n);
	if (!rc && n->size <= TPM2_MAX_NAME) {
		memcpy(name, n->name, n->size);
		*len = n->size;
	}
	Esys_Free(n);
	Esys_FlushContext(tpm->context, primary);
	return rc ? fail(tpm, -EIO, "the Name of the primary", rc) : 0;
}
