# SPDX-License-Identifier: GPL-2.0-only
"""signer and authpolicy: systemd's keys and signed policies."""
import base64
import copy
import glob
import hashlib
import json
import subprocess

import der
from test_check import Sealed
from test_policy import keys
from world import Failed, expect, same, slow

MEASURE = glob.glob("/usr/lib/systemd/systemd-measure") + glob.glob("/lib/systemd/systemd-measure")


def openssl(*args, stdin=b""):
    return subprocess.run(["openssl", *args], input=stdin, check=True, capture_output=True).stdout


def fingerprint(public):
    """As systemd has it: of RSA the PKCS#1 RSAPublicKey, of others the point."""
    spki = openssl("pkey", "-pubin", "-in", public, "-outform", "DER")
    if "RSA" in public:
        return hashlib.sha256(openssl("rsa", "-pubin", "-in", public, "-RSAPublicKey_out", "-outform", "DER")).hexdigest()
    return hashlib.sha256(spki[-65:]).hexdigest()


def sign(world, public, text, bank="sha256", pcrs=(11,), ref=b"", digest="sha256"):
    """An entry of systemd's file, over a policy's text."""
    pol = world.policy(text)[1]
    sig = openssl("dgst", "-" + digest, "-sign", public.replace(".pub", ".pem"), stdin=pol + ref)
    return {"pcrs": list(pcrs), "pkfp": fingerprint(public), "pol": pol.hex(), "sig": base64.b64encode(sig).decode()}


def file_of(world, **banks):
    return world.write(json.dumps(banks), ".json")


def test_signer(world):
    for public in keys(world):
        spki = openssl("pkey", "-pubin", "-in", public, "-outform", "DER")
        same(world.ctl("signer", public).out, "signer=%s\n" % spki.hex(), public)
        same(world.ctl("signer", "--hex", public).out, spki.hex() + "\n", public)
        same(world.ctl("signer", "-x", world.write(spki)).out, spki.hex() + "\n", "DER of " + public)
        certificate = world.fresh(".crt")
        openssl("req", "-x509", "-new", "-key", public.replace(".pub", ".pem"), "-subj", "/CN=x", "-days", "30000",
                "-out", certificate)
        same(world.ctl("signer", "-x", certificate).out, spki.hex() + "\n", "certificate of " + public)
        made = world.ctl("signer", "--json", public).json()
        same(made["signer"], spki.hex(), "JSON of " + public)
        same(made["name"], "000b" + hashlib.sha256(bytes.fromhex(made["public"])).hexdigest(), "Name of " + public)
        # The TPM computes the same Name, and userWithAuth, decrypt and sign are what systemd has.
        name = world.fresh()
        context = world.fresh(".ctx")
        world.tpm("loadexternal", "-C", "o", "-u", world.write(der.sized(bytes.fromhex(made["public"]))), "-c", context,
                  "-n", name)
        same(world.read(name).hex(), made["name"], "Name by the TPM")
        same(made["public"][8:16], "00060040", "attributes")


def test_keys_that_are_none(world):
    small, curve, other = (world.fresh(".pub") for _ in range(3))
    for path, args in ((small, ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")),
                       (curve, ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")),
                       (other, ("-algorithm", "ED25519"))):
        private = world.fresh(".pem")
        openssl("genpkey", *args, "-out", private)
        openssl("pkey", "-in", private, "-pubout", "-out", path)
        result = world.ctl("signer", path, status=2)
        expect(result.err.startswith("trustedctl: %s: " % path) and result.out == "", result.err)
        world.ctl("authpolicy", "--key=" + path, "/dev/null", status=2)
    world.refused("signer", "/nonexistent", says="/nonexistent: cannot be opened")
    none = "%s: is no public key; give one in PEM (openssl pkey -in KEY -pubout) or DER"
    world.refused("signer", world.path("RSA.pem") if keys(world) else "", says=none % world.path("RSA.pem"))
    world.refused("signer", "/dev/null", says=none % "/dev/null")


@slow
def test_policies_in_the_order_of_the_file(world):
    texts = ["pcr 11=" + n * 64 for n in "123"]
    for public in keys(world):
        path = file_of(world, sha256=[sign(world, public, t) for t in texts])
        made = world.ctl("authpolicy", "--json", "--key=" + public, path).json()
        same((made["policies"], made["of_other_keys"]), (3, 0), public)
        same(world.ctl("authpolicy", "-k", public, path).out, "authpolicy=%s\n" % made["authpolicy"], "as text")
        same(world.ctl("authpolicy", "-x", "-k", public, path).out, made["authpolicy"] + "\n", "--hex")
        shown = world.ctl("show", "--json", "-", stdin=made["authpolicy"]).json()["signed_policies"]
        same([p["name"] for p in shown], ["sha256[0]", "sha256[1]", "sha256[2]"], "order")
        same([p["policy"][0]["text"] for p in shown], ["pcr sha256:11 digest=none"] * 3, "PolicyPCR")
        same([p["policy"][1]["signature"] for p in shown],
             ["rsassa sha256" if "RSA" in public else "ecdsa sha256"] * 3, "PolicyAuthorize")


def test_policies_for_some_values(world):
    public = keys(world)[0]
    world.extend({11: "now"})
    path = file_of(world, sha256=[sign(world, public, "pcr 11=" + v) for v in ("1" * 64, world.pcr(11), "2" * 64)])
    made = world.ctl("authpolicy", "--json", "--now", "-k", public, path).json()
    same((made["policies"], made["for_other_values"]), (1, 2), "--now")
    digest = hashlib.sha256(bytes.fromhex(world.pcr(11))).hexdigest()
    shown = world.ctl("show", "--json", "-", stdin=made["authpolicy"]).json()["signed_policies"][0]
    same((shown["name"], shown["policy"][0]["text"]), ("sha256[1]", "pcr sha256:11 digest=" + digest), "--now")
    same(world.ctl("authpolicy", "--json", "--pcrs=11=" + "2" * 64, "-k", public, path).json()["policies"], 1, "--pcrs")
    for args in (["--pcrs=11=" + "3" * 64], ["--pcrs=10=" + "3" * 64]):
        world.refused("authpolicy", *args, "-k", public, path, status=1,
                      says=path + ": has no policy of this key for these PCR values, but 3 for others")
    world.refused("authpolicy", "--pcrs=x", "-k", public, path,
                  says="--pcrs: a PCR is a decimal number, as in sha256:0-7,11")
    world.refused("authpolicy", "--pcrs=11", "--now", "-k", public, path,
                  says="authpolicy: --now contradicts --pcrs; give one of them; see trustedctl authpolicy --help")


@slow
def test_the_kernel_would_open_with_them(world):
    """signer= at new, authpolicy= at load: by the kernel's choice, and on the TPM."""
    world.extend({11: "now"})
    for public in keys(world):
        sealed = Sealed(world, "authorize file=" + public)
        same(sealed.check(1)["reason"], "no signed policy by this key fits; give authpolicy=", "without")
        path = file_of(world, sha256=[sign(world, public, "pcr 11=" + v) for v in ("1" * 64, world.pcr(11))])
        for args in ([], ["--now"]):
            value = world.ctl("authpolicy", "-x", *args, "-k", public, path).out.strip()
            made = sealed.check(0, "--authpolicy=" + value)
            same([(s["statement"], s["verdict"]) for s in made["policy"]],
                 [("pcr", "holds"), ("authorize", "holds")], "the way")
        only = file_of(world, sha256=[sign(world, public, "pcr 11=" + "1" * 64)])
        value = world.ctl("authpolicy", "-x", "-k", public, only).out.strip()
        made = sealed.check(1, "--authpolicy=" + value)
        same(made["reason"], "the signature is not of this policy with these PCRs", "of other values")
        runs(world, sealed, public, path)


def runs(world, sealed, public, path):
    """The TPM takes the same signature over the same policy for the same Name."""
    entry = json.loads(world.read(path))["sha256"][1]
    context, name, ticket = world.fresh(".ctx"), world.fresh(), world.fresh()
    area = world.ctl("signer", "--json", public).json()["public"]
    world.tpm("loadexternal", "-C", "o", "-u", world.write(der.sized(bytes.fromhex(area))), "-c", context, "-n", name)
    world.tpm("verifysignature", "-c", context, "-g", "sha256", "-m", world.write(bytes.fromhex(entry["pol"])),
              "-s", world.write(base64.b64decode(entry["sig"])), "-f", "rsassa" if "RSA" in public else "ecdsa", "-t", ticket)
    expect(sealed.unseals(["policypcr", "-l", "sha256:11"],
                          ["policyauthorize", "-i", world.write(bytes.fromhex(entry["pol"])), "-n", name, "-t", ticket]),
           "the TPM does not unseal")


@slow
def test_policies_with_a_ref(world):
    public = keys(world)[0]
    path = file_of(world, sha256=[sign(world, public, "pcr 11=" + "1" * 64, ref=b"ref")])
    value = world.ctl("authpolicy", "-x", "--ref=726566", "-k", public, path).out
    expect('ref="ref"' in world.ctl("show", "-", stdin=value).out, "ref")
    expect("is not that of this key over pol; " in world.ctl("authpolicy", "-k", public, path, status=2).err, "without")
    expect("is not that of this key over pol and --ref; " in
           world.ctl("authpolicy", "--ref=00", "-k", public, path, status=2).err, "another")
    world.refused("authpolicy", "--ref=x", "-k", public, path,
                  says="authpolicy: --ref is hex digits of 64 octets at most; see trustedctl authpolicy --help")


def test_forged_and_foreign_policies(world):
    rsa, ecc = keys(world)
    good = sign(world, rsa, "pcr 11=" + "1" * 64)
    forged = dict(good, pol="22" * 32)
    world.refused("authpolicy", "-k", rsa, path := file_of(world, sha256=[good, forged]),
                  says=path + ": sha256[1]: the signature is not that of this key over pol; do not use this file")
    path = file_of(world, sha256=[good])
    world.refused("authpolicy", "-k", ecc, path, status=1,
                  says=path + ": has no policy of this key, but 1 of others; is --key right?")
    path = file_of(world, sha1=[good], sha256=[], sha3_256="for others")
    world.refused("authpolicy", "-k", rsa, "--bank=sha256", path, status=1, says=path + ": has no policy for this bank")
    world.refused("authpolicy", "-k", rsa, "--bank=md5", path,
                  says="authpolicy: --bank is one of sha1, sha256, sha384, sha512; see trustedctl authpolicy --help")
    world.refused("authpolicy", "-k", rsa, path := world.write("{}"), status=1, says=path + ": has no policy")
    both = file_of(world, sha256=[good, sign(world, ecc, "pcr 11=" + "1" * 64)])
    same(world.ctl("authpolicy", "--json", "-k", rsa, "-k", ecc, both).json()["policies"], 2, "both keys")
    other_hash = file_of(world, sha1=[sign(world, rsa, "pcr sha1:11=" + "1" * 40, digest="sha1")])
    world.refused("authpolicy", "-k", rsa, other_hash, status=1,
                  says=other_hash + ": has 1 policies of this key, but signed with another hash than sha256, which no TPM "
                  "takes; sign for --bank=sha256")
    # The fingerprint of others' files: of the SubjectPublicKeyInfo.
    spki = hashlib.sha256(openssl("pkey", "-pubin", "-in", rsa, "-outform", "DER")).hexdigest()
    world.ctl("authpolicy", "-k", rsa, file_of(world, sha256=[dict(good, pkfp=spki)]))


@slow
def test_malformed_files(world):
    public = keys(world)[1]
    good = sign(world, public, "pcr 11=" + "1" * 64)
    ask = "; is it a file of systemd-measure sign?"
    for member, values, says in [
            ("pcrs", [None, 11, [], [24], [-1], [11, 11], ["11"], [11.5], [2 ** 70]], "pcrs is no list of PCRs"),
            ("pkfp", [None, 1, "", "zz" * 32, "00" * 31], "pkfp is no SHA-256 in hex"),
            ("pol", [None, 1, "", "00" * 48], "pol is no SHA-256 in hex"),
            ("sig", [None, 1, "", "A", "A===", "====", "AAA?", "A" * 720], "sig is no signature in base64")]:
        for value in values:
            entry = copy.deepcopy(good)
            if value is None:
                del entry[member]
            else:
                entry[member] = value
            path = file_of(world, sha256=[good, entry])
            world.refused("authpolicy", "-k", public, path, says="%s: sha256[1]: %s%s" % (path, says, ask))
    for text, says in [('{"sha256": [1]}', "sha256[0]: is no object" + ask), ('{"sha256": 1}', "sha256 is no list" + ask),
                       ("[]", "is no JSON object (success)" + ask), ("{", "is no JSON object (unexpected end of data)" + ask),
                       ('{"sha256": []} x', None), ("", "is empty")]:
        path = world.write(text)
        result = world.ctl("authpolicy", "-k", public, path, status=2)
        expect(result.err.startswith("trustedctl: %s: " % path), text)
        if says:
            same(result.err, "trustedctl: %s: %s\n" % (path, says), text)
    bad_der = dict(good, sig=base64.b64encode(b"\x30\x00").decode())
    result = world.ctl("authpolicy", "-k", public, file_of(world, sha256=[bad_der]), status=2)
    expect("sha256[0]: the signature is not that of this key" in result.err, result.err)


def test_too_many_policies(world):
    public = keys(world)[0]
    entry = sign(world, public, "pcr 11=" + "1" * 64)
    path = file_of(world, sha256=[entry] * 14)
    result = world.ctl("authpolicy", "-k", public, path, status=2)
    expect("has 14 policies, " in result.err and "and the kernel takes 8192; choose with --bank=, --now or --pcrs=" in
           result.err, result.err)
    path = file_of(world, sha256=[dict(entry, sig="AAAA")] * 257)
    world.refused("authpolicy", "-k", public, path, says=path + ": has more than 256 policies")


def test_files_of_systemd_measure(world):
    if not MEASURE:
        raise Failed("systemd-measure is missing: apt-get install systemd")
    public = keys(world)[0]
    image = world.write(b"an image")
    made = subprocess.run([MEASURE[0], "sign", "--linux=" + image, "--bank=sha256", "--bank=sha1",
                           "--private-key=" + public.replace(".pub", ".pem"), "--public-key=" + public,
                           "--tpm2-device=" + world.tcti], check=True, capture_output=True, env=world.env()).stdout
    path = world.write(made)
    entries = json.loads(made)["sha256"]
    same(world.ctl("authpolicy", "--json", "-k", public, "--bank=sha256", path).json()["policies"], len(entries), "policies")
    # As that image would leave PCR 11 before the first phase: its own prediction.
    said = subprocess.run([MEASURE[0], "calculate", "--linux=" + image, "--bank=sha256", "--phase=", "--json=short",
                           ], check=True, capture_output=True, env=world.env()).stdout
    value = json.loads(said)["sha256"][0]["hash"]
    signed = subprocess.run([MEASURE[0], "sign", "--linux=" + image, "--bank=sha256", "--phase=",
                             "--private-key=" + public.replace(".pub", ".pem"), "--public-key=" + public,
                             "--tpm2-device=" + world.tcti], check=True, capture_output=True, env=world.env()).stdout
    same(world.ctl("authpolicy", "--json", "-k", public, "--pcrs=sha256:11=" + value, world.write(signed)).json()["policies"],
         1, "the policy of systemd's own prediction")
