# SPDX-License-Identifier: GPL-2.0-only
"""check: says what the TPM would say.

Each story seals something for good, and asks both: trustedctl, and the TPM
through tpm2-tools, whose policy session runs the way that was chosen.
"""
import hashlib

import der
from world import SEALED, World, expect, same, slow

ZERO = "00" * 32
COUNTER = "0x01800001"


class Sealed:
    """Data sealed to a policy's text, as a blob in a file."""

    def __init__(self, world, text, description="", **more):
        self.world = world
        self.policy, digest = world.policy(text)
        public, private = world.create(digest, auth=more.pop("auth", None))
        more.setdefault("parent_name", world.primary()[1])
        self.public, self.private = world.write(public, ".pub"), world.write(private, ".priv")
        self.der = der.keyfile(public, private, policy=self.policy, description=description, **more)
        self.path = world.write(self.der)

    def unseals(self, *commands):
        """Does the TPM unseal it after these policy commands?"""
        world = self.world
        session, loaded = world.fresh(".session"), world.fresh(".ctx")
        world.tpm("startauthsession", "--policy-session", "-S", session)
        try:
            if any(world.tpm(c[0], "-S", session, *c[1:], fails=True) for c in commands):
                return False
            world.tpm("load", "-C", world.primary()[0], "-u", self.public, "-r", self.private, "-c", loaded)
            return not world.tpm("unseal", "-c", loaded, "-p", "session:" + session, fails=True)
        finally:
            world.tpm("flushcontext", "-t")
            world.tpm("flushcontext", session)

    def check(self, status, *args):
        """The answer; as JSON and as text it is the same."""
        made = self.world.ctl("check", "--json", *args, self.path, status=status).json()
        out = self.world.ctl("check", *args, self.path, status=status).out
        same(made["opens"], status == 0, "opens")
        expect(out.startswith("%s: would %sopen" % (self.path, "" if status == 0 else "not ")), out)
        if made["reason"]:
            expect(made["reason"] in out.split("\n")[0], out)
        return made

    def holds(self, *commands):
        """For sure, and the TPM says so too."""
        made = self.check(0)
        same((made["certain"], made["reason"]), (True, None), "certain")
        same(made["parent"]["verdict"], "holds", "parent")
        expect(self.unseals(*commands), "check says that it opens, the TPM does not")
        return made

    def fails(self, reason, *commands):
        made = self.check(1)
        same(made["reason"], reason, "reason")
        expect(not self.unseals(*commands), "check says that it does not open, but it does")
        return made


def counter(world):
    world.tpm("nvdefine", COUNTER, "-C", "o", "-s", "8", "-a", "nt=counter|authread|authwrite|no_da")
    world.tpm("nvincrement", COUNTER, "-C", COUNTER)


def test_pcrs(world):
    world.extend({7: "seven", 11: "eleven"})
    sealed = Sealed(world, "pcr 7,11", description="pcrs=sha256:7,11=" + world.pcr(7) + world.pcr(11))
    before = world.pcr(11)
    commands = ["policypcr", "-l", "sha256:7,11"]
    sealed.holds(commands)
    world.extend({11: "more"})
    made = sealed.fails("not what it was sealed to: sha256:11 (kernel-boot)", commands)
    same(made["policy"][0]["pcrs"], [
        {"bank": "sha256", "pcr": 7, "name": "secure-boot-policy", "now": world.pcr(7), "sealed": world.pcr(7)},
        {"bank": "sha256", "pcr": 11, "name": "kernel-boot", "now": world.pcr(11), "sealed": before}], "PCRs")
    out = world.ctl("check", sealed.path, status=1).out
    for part in ("  fails   pcr sha256:7,11 digest=", "          sha256:11 kernel-boot\n", before, world.pcr(11)):
        expect(part in out, "%s is not in: %s" % (part, out))
    expect("sha256:7 secure-boot-policy" not in out, "a PCR that is right: " + out)


def test_pcrs_without_a_description(world):
    world.extend({7: "seven"})
    sealed = Sealed(world, "pcr 7")
    world.extend({7: "more"})
    sealed.fails("the PCRs have other values; the blob does not say which they had", ["policypcr", "-l", "sha256:7"])


def test_pcrs_of_a_bank_that_the_tpm_lacks(world):
    sealed = Sealed(world, "pcr sha1:7=" + "11" * 20)
    world.tpm("pcrallocate", "sha1:none+sha256:all")
    world.start()
    made = world.ctl("check", "--json", sealed.path, status=1).json()
    same(made["reason"], "the TPM does not have sha1:7 (secure-boot-policy)", "reason")


def test_alternatives(world):
    world.extend({7: "seven"})
    now = world.pcr(7)
    sealed = Sealed(world, "or { pcr 7=%s } { pcr 7; authvalue } { locality 1 }" % ZERO,
                    description="pcrs=sha256:7=%s|sha256:7=%s" % (ZERO, now))
    made = sealed.check(0)
    same([(s["statement"], s["verdict"]) for s in made["policy"]],
         [("pcr", "holds"), ("authvalue", "holds"), ("or", "holds")], "the way")
    same(made["policy"][2]["why"], "alternative 2 of 3", "which")
    world.extend({7: "more"})
    made = sealed.check(1)
    same(made["reason"], "not what it was sealed to: sha256:7 (secure-boot-policy)", "reason")
    world.start()
    same(sealed.check(0)["policy"][1]["why"], "alternative 1 of 3", "which, after a reset")


def test_alternatives_that_only_a_look_can_rule_out(world):
    """The first that seems to fit does not: the next is tried, as the kernel does."""
    counter(world)
    sealed = Sealed(world, "or { nv %s = 7 } { countertimer boots > 1000 } { nv %s = 1 }" % (COUNTER, COUNTER))
    same(sealed.check(0)["policy"][-1]["why"], "alternative 3 of 3", "which")
    world.tpm("nvincrement", COUNTER, "-C", COUNTER)
    made = sealed.check(1)
    same(made["reason"], "is 2", "reason")


@slow
def test_nv_counters(world):
    counter(world)
    sealed = Sealed(world, "nv %s <= 2" % COUNTER)
    two = world.write(bytes(7) + b"\2")
    command = ["policynv", "-C", COUNTER, "-i", two, COUNTER, "ule"]
    sealed.holds(command)
    for _ in range(2):
        world.tpm("nvincrement", COUNTER, "-C", COUNTER)
    sealed.fails("is 3", command)
    world.tpm("nvundefine", COUNTER, "-C", "o")
    sealed.fails("there is no 0x01800001 in this TPM", command)
    world.tpm("nvdefine", COUNTER, "-C", "o", "-s", "8", "-a", "authread|authwrite|no_da")
    sealed.fails("0x01800001 has another Name now: made anew, never written, or locked", command)


@slow
def test_nv_that_cannot_be_read_without_an_authorization(world):
    for attributes, auth in (("authread|authwrite|ownerwrite", "index"), ("authread|authwrite|ownerwrite|no_da", "owner")):
        world.tpm("nvdefine", COUNTER, "-C", "o", "-s", "8", "-p", "secret", "-a", attributes)
        world.tpm("nvwrite", COUNTER, "-C", "o", "-i", "-", stdin=b"12345678")
        made = Sealed(world, "nv %s auth=%s = 1" % (COUNTER, auth)).check(0)
        same((made["certain"], made["policy"][0]["verdict"], made["policy"][0]["why"]),
             (False, "unknown", "reading it takes an authorization"), attributes)
        world.tpm("nvundefine", COUNTER, "-C", "o")
    # And none of that counted towards the lockout.
    expect(b"TPM2_PT_LOCKOUT_COUNTER: 0x0" in world.tpm("getcap", "properties-variable"), "lockout counter")


def test_operations_are_those_of_the_tpm(world):
    """Each, with numbers around the one that is there, one of them negative."""
    world.tpm("nvdefine", COUNTER, "-C", "o", "-s", "2", "-a", "authread|authwrite|no_da")
    world.tpm("nvwrite", COUNTER, "-C", COUNTER, "-i", "-", stdin=b"\x80\x05")
    names = {"=": "eq", "!=": "neq", "s>": "sgt", ">": "ugt", "s<": "slt", "<": "ult", "s>=": "sge", ">=": "uge",
             "s<=": "sle", "<=": "ule", "bits-set": "bs", "bits-clear": "bc"}
    session, wrong = world.fresh(".session"), []
    world.tpm("startauthsession", "--policy-session", "-S", session)
    name = bytes.fromhex(nv_name(world))
    for number, (operation, option) in enumerate(names.items()):
        for operand in ("8004", "8005", "7fff", "0002") if World.long else (("8004", "7fff")[number % 2],):
            octets = bytes.fromhex(operand)
            accepted = not world.tpm("policynv", "-S", session, "-C", COUNTER, "-i", world.write(octets), COUNTER, option,
                                     fails=True)
            tail = bytes(2) + number.to_bytes(2, "big")
            body = (bytes.fromhex(COUNTER[2:]) * 2 + der.sized(name) + der.sized(octets) + tail)
            digest = hashlib.sha256(bytes(32) + bytes.fromhex("00000149") + hashlib.sha256(octets + tail).digest() +
                                    name).digest()
            blob = der.keyfile(public_of(digest), der.sized(b"\x33"), policy=der.sequence(der.statement(0x149, body)))
            said = world.ctl("check", "-", stdin=blob, status=None).status
            if said != (0 if accepted else 1):
                wrong.append("%s %s: TPM %s, check %d" % (operation, operand, accepted, said))
    expect(not wrong, "\n".join(wrong))


def nv_name(world):
    return [line.split(":")[1].strip() for line in world.tpm("nvreadpublic", COUNTER).decode().split("\n")
            if "name:" in line][0]


def public_of(digest):
    return der.sized(bytes.fromhex("0008000b00000412") + der.sized(digest) + bytes.fromhex("0010") + der.sized(b"\x22" * 32))


@slow
def test_clock(world):
    sealed = Sealed(world, "countertimer clock < 30d; countertimer boots < 1000")
    sealed.holds(["policycountertimer", "--ult", "clock=2592000000"], ["policycountertimer", "--ult", "resets=1000"])
    sealed = Sealed(world, "countertimer boots > 1000")
    made = sealed.check(1)
    expect(made["reason"].startswith("is "), made["reason"])
    expect(not sealed.unseals(["policycountertimer", "--ugt", "resets=1000"]), "the TPM unseals it")


@slow
def test_what_a_person_must_bring_is_unknown(world):
    for text, why, more in [("authvalue", "if blobauth= is right", {"auth": "secret", "empty_auth": False}),
                            ("secret owner", "if its authorization is empty, or secretauth= is right", {}),
                            ("signed name=000b" + ZERO, "if somebody signs (signfd=)", {})]:
        made = Sealed(world, text, **more).check(0)
        same((made["certain"], made["policy"][0]["verdict"], made["policy"][0]["why"]), (False, "unknown", why), text)


def test_locality(world):
    Sealed(world, "locality 0,1").holds(["policylocality", "3"])
    same(Sealed(world, "locality 1").check(1)["reason"], "the kernel's commands come from locality 0", "reason")


@slow
def test_parents(world):
    other = world.fresh(".ctx")
    world.tpm("createprimary", "-C", "o", "-G", "ecc", "-c", other)
    world.tpm("evictcontrol", "-C", "o", "-c", other, "0x81000002")
    world.tpm("evictcontrol", "-C", "o", "-c", world.primary()[0], "0x81000001")
    world.tpm("flushcontext", "-t")
    name = world.primary()[1]
    for handle, known, verdict, why in [
            (0x81000001, name, "holds", ""),
            (0x81000001, b"", "unknown", "the blob does not say its Name"),
            (0x81000002, name, "fails", "has another Name: the blob belongs to another TPM or parent"),
            (0x81000003, name, "fails", "there is no 0x81000003 in this TPM"),
            (0x40000001, b"", "unknown", "the blob does not say its Name"),
            (0x40000001, bytes(2) + b"\1" * 32, "fails", "has another Name: the blob belongs to another TPM or parent"),
            (0x4000000b, name, "fails", "has another Name: the blob belongs to another TPM or parent")]:
        if known and known[:2] == bytes(2):
            known = b"\x00\x0b" + known[2:]
        made = Sealed(world, "locality 0", parent=handle, parent_name=known).check(1 if verdict == "fails" else 0)
        same((made["parent"]["verdict"], made["parent"]["why"]), (verdict, why), "0x%08x" % handle)
    world.tpm("changeauth", "-c", "o", "secret")
    made = Sealed.__new__(Sealed)
    made.world, made.path = world, world.write(der.keyfile(public_of(b""), der.sized(b"\x33"), parent_name=name))
    same(made.check(0)["parent"]["verdict"], "unknown", "an owner with an authorization")
    same(world.tpm("getcap", "handles-transient"), b"", "objects that were left in the TPM")


def test_rsa_primary(world):
    from world import PRIMARY
    context = world.fresh(".ctx")
    world.tpm("createprimary", "-C", "o", "-g", "sha256", "-G", "rsa2048:aes128cfb", "-a", PRIMARY, "-c", context)
    name = world.fresh()
    world.tpm("readpublic", "-c", context, "-n", name)
    blob = der.keyfile(public_of(b""), der.sized(b"\x33"), parent_name=world.read(name), rsa=True)
    made = world.ctl("check", "--json", "-", stdin=blob).json()
    same(made["parent"]["verdict"], "holds", "parent")


@slow
def test_options_of_load(world):
    """Of a blob that records no policy."""
    world.extend({7: "seven", 11: "eleven"})
    policy, digest = world.policy("pcr 7,11")
    public, private = world.create(digest)
    blob = world.write(der.keyfile(public, private, parent_name=world.primary()[1]))
    recorded = world.write(der.keyfile(public, private, policy=policy))
    world.refused("check", blob, says=blob + ": records no policy; give --pcrs= or --policy=")
    for args in (["--pcrs=7,11"], ["--pcrs=sha256:7,11=" + world.pcr(7) + world.pcr(11)], ["--policy=" + policy.hex()]):
        same(world.ctl("check", "--json", *args, blob).json()["certain"], True, args[0][:20])
    made = world.ctl("check", "--json", "--pcrs=7", blob, status=1).json()
    same(made["reason"], "the policy is not the one that the object was sealed with", "another policy")
    for option, value in (("pcrs", "7,11"), ("policy", policy.hex())):
        world.refused("check", "--%s=%s" % (option, value), recorded,
                      says="--%s: is for blobs without a policy; this one has its own" % option)
    for args, says in [
            (["--pcrs=24"], "pcrs: PCR numbers are 0 to 23"),
            (["--pcrs="], "pcrs: no PCR is named; write it as sha256:7,11"),
            (["--policy=zz"], "policy: must be 1 to 8192 octets in hex digits, two for each"),
            (["--policy=3000"], "policy: has no statement in it"),
            (["--authpolicy=3000"], None),
            (["--pcrs=7", "--policy=" + policy.hex()], "policy: contradicts pcrs=; give one of them")]:
        result = world.ctl("check", *args, blob, status=2)
        expect(result.err.startswith("trustedctl: ") and (not says or result.err == "trustedctl: %s\n" % says),
               "%s: %s" % (args, result.err))
    bare, private = world.create(b"", attributes=SEALED + "|userwithauth")
    bare = world.write(der.keyfile(bare, private, parent_name=world.primary()[1]))
    same(world.ctl("check", "--json", bare).json()["policy"], [], "no policy")
    world.refused("check", "--pcrs=7", bare, says="--pcrs: this blob was not sealed to a policy")


def test_blobs_that_the_kernel_refuses(world):
    policy, _ = world.policy("authvalue")
    wrong = der.keyfile(public_of(b"\x44" * 32), der.sized(b"\x33"), policy=policy)
    same(world.ctl("check", "--json", "-", stdin=wrong, status=1).json()["reason"],
         "the policy is not the one that the object was sealed with", "another policy")
    unknown = der.keyfile(public_of(b"\x44" * 32), der.sized(b"\x33"), policy=der.sequence(der.statement(0x18c, b"")))
    world.refused("check", "-", stdin=unknown, says="-: policy: statement is not supported; the kernel refuses it")
    key = der.keyfile(public_of(b""), der.sized(b"\x33"), kind=der.LOADABLE)
    world.refused("check", "-", stdin=key, says="-: is a key of the TPM, not sealed data; it is no trusted key")
    world.refused("check", "-", stdin=b"\x30\x03abc", says="-: is malformed: type: not an OBJECT IDENTIFIER; "
                  "the kernel refuses it")


def test_no_tpm(world):
    sealed = Sealed(world, "locality 0")
    world.stop()
    world.refused("check", sealed.path, says=world.tcti + ": cannot be opened (0xa000a); give --tcti=, "
                  "or be root or in the device's group")
