# SPDX-License-Identifier: GPL-2.0-only
"""show: blobs of every kind, and what is none."""
import hashlib
import os
import subprocess

import der
from world import TOP, expect, same

VECTORS = os.path.join(TOP, "selftests/unit/vectors")
VALUE = "5a" * 32
NAME = "000b" + "11" * 32


def public_area(policy=b"", name_alg="000b", attributes="00000412"):
    """TPM2B_PUBLIC of sealed data."""
    return der.sized(bytes.fromhex("0008" + name_alg + attributes) + der.sized(policy) +
                     bytes.fromhex("0010") + der.sized(b"\x22" * 32))


def blob(world, text="pcr 7=" + VALUE, **fields):
    """(DER, digest of the policy)"""
    policy, digest = world.policy(text)
    return der.keyfile(public_area(digest), der.sized(b"\x33" * 40), policy=policy, **fields), digest


def test_all_fields_are_shown(world):
    blob_der, digest = blob(world, description="pcrs=sha256:7=" + VALUE, parent_name=bytes.fromhex(NAME))
    name = "000b" + hashlib.sha256(public_area(digest)[2:]).hexdigest()
    pcr_digest = hashlib.sha256(bytes.fromhex(VALUE)).hexdigest()
    out = world.ctl("show", world.write(blob_der)).out
    same(out, """type            sealed data
parent          0x40000001 (primary of the owner hierarchy, ECC P-256)
parent's Name   %s
Name            %s
name algorithm  sha256
attributes      fixedTPM fixedParent noDA (0x00000412)
authorization   empty
policy digest   %s
policy
  pcr sha256:7 digest=%s
      # sha256:7 secure-boot-policy %s
""" % (NAME, name, digest.hex(), pcr_digest, VALUE), "as text")
    same(world.ctl("show", "--json", world.write(blob_der)).json(), {
        "type": "sealed data", "old_format": False,
        "parent": {"handle": "0x40000001", "hierarchy": "owner", "rsa": False, "name": NAME},
        "name": name, "name_alg": "sha256",
        "attributes": ["fixedTPM", "fixedParent", "noDA"], "attribute_bits": 0x412,
        "empty_auth": "empty", "description": "pcrs=sha256:7=" + VALUE,
        "digest": digest.hex(), "matches": True,
        "policy": [{"statement": "pcr", "text": "pcr sha256:7 digest=" + pcr_digest,
                    "sealed": [{"bank": "sha256", "pcr": 7, "name": "secure-boot-policy", "value": VALUE}]}]}, "as JSON")


def test_every_form_of_a_file_says_the_same(world):
    blob_der, _ = blob(world)
    want = world.ctl("show", world.write(blob_der)).out
    text = blob_der.hex()
    lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64)) + "\n"
    for form in (text, text.upper(), lines, der.pem(blob_der), "a line before\n" + der.pem(blob_der)):
        same(world.ctl("show", world.write(form)).out, want, form[:40])
        same(world.ctl("show", "-", stdin=form).out, want, "standard input: " + form[:40])


def test_keys_are_read(world):
    """A key of type user stands for a trusted one: what it gives is hex too."""
    blob_der, _ = blob(world)
    want = world.ctl("show", "-", stdin=blob_der).out
    import world as w
    script = 'keyctl add user trustedctl-test "$1" @s > /dev/null && exec "$2" show %user:trustedctl-test'
    done = subprocess.run(["keyctl", "session", "-", "sh", "-c", script, "sh", blob_der.hex(), w.CTL],
                          env=world.env(), capture_output=True, text=True, check=False)
    same((done.returncode, done.stdout), (0, want), "a key: " + done.stderr)
    world.refused("show", "%user:trustedctl-none", status=1,
                  says="%user:trustedctl-none: there is no such key; keyctl show lists those that there are")
    for wrong in ("%user", "%:x", "%user:"):
        world.refused("show", wrong, says=wrong + ": is not the name of a key; write it as %trusted:NAME")


def test_parents(world):
    for handle, says in ((0x40000001, "primary of the owner hierarchy, ECC P-256"),
                         (0x4000000b, "primary of the endorsement hierarchy, ECC P-256"),
                         (0x81000001, "persistent")):
        blob_der, _ = blob(world, parent=handle)
        expect("parent          0x%08x (%s)\n" % (handle, says) in world.ctl("show", "-", stdin=blob_der).out, says)
    blob_der, _ = blob(world, rsa=True)
    expect("owner hierarchy, RSA-2048)" in world.ctl("show", "-", stdin=blob_der).out, "RSA")


def test_blobs_of_others(world):
    for name, says in (("k1", "pcr sha256:7,16 digest="), ("k2", "locality 0"), ("k5", "0x81000001 (persistent)")):
        expect(says in world.ctl("show", os.path.join(VECTORS, name + ".der")).out, name)


def test_old_format(world):
    old = der.sized(b"\x33" * 40) + public_area()
    made = world.ctl("show", "--json", "-", stdin=old).json()
    same((made["type"], made["old_format"], made["digest"], made.get("policy")), ("sealed data", True, "", None), "old")
    out = world.ctl("show", "-", stdin=old.hex()).out
    expect("type            sealed data (format of Linux before 5.13)\n" in out, out)
    expect("parent          not said: keyhandle= is needed\n" in out, out)


def test_objects_without_a_policy(world):
    digest = b"\x44" * 32
    out = world.ctl("show", "-", stdin=der.keyfile(public_area(), der.sized(b"\x33" * 40))).out
    expect("policy          none\n" in out, out)
    out = world.ctl("show", "-", stdin=der.keyfile(public_area(digest), der.sized(b"\x33" * 40), empty_auth=False)).out
    expect("policy          not recorded; load needs pcrs= or policy=\n" in out, out)
    expect("authorization   not empty: blobauth= is needed if asked for\n" in out, out)
    key = der.sized(bytes.fromhex("0023000b00060072" "0000" "0010" "0010" "0003" "0010" "0020" + "11" * 32 + "0020" + "22" * 32))
    expect("type            loadable key\n" in
           world.ctl("show", "-", stdin=der.keyfile(key, der.sized(b"\x33" * 40), kind=der.LOADABLE)).out, "a key")


def test_a_policy_that_is_not_the_objects_is_noted(world):
    policy, _ = world.policy("authvalue")
    wrong = der.keyfile(public_area(b"\x44" * 32), der.sized(b"\x33" * 40), policy=policy)
    same(world.ctl("show", "--json", "-", stdin=wrong).json()["matches"], False, "matches")
    expect("# NOT that of the policy below: the kernel refuses this blob\n" in world.ctl("show", "-", stdin=wrong).out,
           "as text")


def test_statements_that_are_not_known_are_shown_raw(world):
    policy = der.sequence(der.statement(0x16b, b""), der.statement(0x18c, b"\1\2"))
    out = world.ctl("show", "-", stdin=der.keyfile(public_area(b"\x44" * 32), der.sized(b"\x33"), policy=policy)).out
    expect(out.endswith("policy          policy: statement is not supported\n"
                        "policy\n  # 0x16b authvalue\n  #               \n  # 0x18c unknown\n  #               0102\n"), out)


def test_values_that_do_not_lead_to_the_digest_are_not_shown(world):
    for description in ("pcrs=sha256:7=" + "00" * 32, "pcrs=sha256:8=" + VALUE, "pcrs=nonsense", "some text"):
        blob_der, _ = blob(world, description=description)
        made = world.ctl("show", "--json", "-", stdin=blob_der).json()
        expect("sealed" not in made["policy"][0], description)
        same(made["description"], description, "description")
    both, _ = blob(world, "or {pcr 7=%s} {pcr 7=%s}" % (VALUE, "11" * 32),
                   description="pcrs=sha256:7=%s|sha256:7=%s" % ("11" * 32, VALUE))
    alternatives = world.ctl("show", "--json", "-", stdin=both).json()["policy"][0]["alternatives"]
    same([a[0]["sealed"][0]["value"] for a in alternatives], [VALUE, "11" * 32], "alternatives")


def test_policy_alone(world):
    policy, digest = world.policy("authvalue; or { locality 0 } { pcr 7 digest=%s }" % VALUE)
    text = "authvalue\nor {\n  locality 0\n} {\n  pcr sha256:7 digest=%s\n}\n" % VALUE
    same(world.ctl("show", "--policy", "-", stdin=policy).out, text, "a policy")
    same(world.ctl("show", "-", stdin=policy).out,
         "type            policy\nhash            sha256\npolicy digest   %s\npolicy\n" % digest.hex() +
         "".join("  %s\n" % line for line in text.split("\n")[:-1]), "with its digest")
    blob_der = der.keyfile(public_area(digest), der.sized(b"\x33"), policy=policy)
    same(world.ctl("show", "-p", "-", stdin=blob_der).out, text, "of a blob")
    expect(world.policy("authvalue", "--hash=sha384")[1].hex() in
           world.ctl("show", "--hash=sha384", "-", stdin=world.policy("authvalue")[0]).out, "--hash")
    world.refused("show", "--hash=x", "-", says="show: --hash is one of sha1, sha256, sha384, sha512; "
                  "see trustedctl show --help")


def test_malformed_files(world):
    blob_der, _ = blob(world, description="x", parent_name=bytes.fromhex(NAME))
    for cut in range(1, len(blob_der), 17):
        result = world.ctl("show", "-", stdin=blob_der[:cut], status=2)
        same(result.out, "", "cut at %d" % cut)
        expect(result.err.startswith("trustedctl: -: is malformed: "), "cut at %d: %s" % (cut, result.err))
    for data, says in [
            (b"", "standard input: is empty"),
            (b"hello\n", "-: is no key file: neither DER, hex nor PEM of it (privkey: not a TPM2B_PRIVATE)"),
            (b"\n \n", "-: is no key file: neither DER, hex nor PEM of it (privkey: not a TPM2B_PRIVATE)"),
            (der.pem(blob_der).replace("TSS2 PRIVATE", "PRIVATE"),
             "-: is PEM of a PRIVATE KEY; a key file is a TSS2 PRIVATE KEY"),
            (der.pem(blob_der)[:200], "-: is malformed PEM"),
            (blob_der + b"\0", "-: is malformed: blob: not exactly one SEQUENCE; the kernel refuses it"),
            (der.keyfile(public_area(name_alg="0012"), der.sized(b"\x33")), "-: its name algorithm is not supported"),
            (der.keyfile(der.sized(b"\x00\x08\x00\x0b"), der.sized(b"\x33")),
             "-: is malformed: public area; the kernel refuses it")]:
        world.refused("show", "-", stdin=data, says=says)
    world.refused("show", "/nonexistent", says="/nonexistent: cannot be opened: No such file or directory; "
                  "give a file, - or %TYPE:NAME")
    world.refused("show", world.dir, says=world.dir + ": cannot be read: Is a directory")
