# SPDX-License-Identifier: GPL-2.0-only
"""policy: text, digests that are known, and mistakes."""
import os

import der
from world import expect, same, slow

NAME = "000b" + "11" * 32
ZERO = "0" * 64

# (text, commandCode, body): what Documentation/security/keys/trusted-tpm2-policies.rst has.
STATEMENTS = [
    ("authvalue", 0x16b, ""),
    ("pcr sha256:7=" + ZERO, 0x17f,
     "00000001000b03800000" + "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"),
    ("pcr 7 digest=" + "ab" * 32, 0x17f, "00000001000b03800000" + "ab" * 32),
    ("pcr 7 digest=none", 0x17f, "0000" + "00000001000b03800000"),
    ("pcr selection=00000001000b0480000000 digest=" + "ab" * 32, 0x17f, "00000001000b0480000000" + "ab" * 32),
    ("locality 0", 0x16f, "01"),
    ("locality 1-3", 0x16f, "0e"),
    ("locality 0,4", 0x16f, "11"),
    ("locality 32", 0x16f, "20"),
    ("locality 255", 0x16f, "ff"),
    ("countertimer clock <= 1000000", 0x16d, "00000000000f4240" "0008" "0009"),
    ("countertimer clock < 30d", 0x16d, "000000009a7ec800" "0008" "0005"),
    ("countertimer clock < 10s", 0x16d, "0000000000002710" "0008" "0005"),
    ("countertimer time > 2h", 0x16d, "00000000006ddd00" "0000" "0003"),
    ("countertimer boots = 5", 0x16d, "00000005" "0010" "0000"),
    ("countertimer resets = 5", 0x16d, "00000005" "0010" "0000"),
    ("countertimer restarts != 0xff", 0x16d, "000000ff" "0014" "0001"),
    ("countertimer safe = 1", 0x16d, "01" "0018" "0000"),
    ("countertimer offset=3 s>= hex:0102", 0x16d, "0102" "0003" "0006"),
    ("nv 0x01800001 name=%s = 1" % NAME, 0x149,
     "0180000101800001" "0022" + NAME + "0008" "0000000000000001" "0000" "0000"),
    ("nv 0x01800001 auth=owner name=%s offset=4 bits-set hex:03" % NAME, 0x149,
     "4000000101800001" "0022" + NAME + "0001" "03" "0004" "000a"),
    ("nv 25165825 auth=index bits-clear 3 name=%s" % NAME, 0x149,
     "0180000101800001" "0022" + NAME + "0008" "0000000000000003" "0000" "000b"),
    ("secret owner", 0x151, "00000000" "0004" "40000001" "0000"),
    ("secret 0x4000000b", 0x151, "4000000b" "0004" "4000000b" "0000"),
    ('secret lockout ref="hi there"', 0x151, "00000000" "0004" "4000000a" "0008" + b"hi there".hex()),
    ("secret 0x81000001 name=%s ref=00ff" % NAME, 0x151, "81000001" "0022" + NAME + "0002" "00ff"),
    ("signed name=%s" % NAME, 0x160, "0000" "0022" + NAME + "0000" "00000000"),
    ('signed name=%s ref="ref" expiration=60' % NAME, 0x160, "0000" "0022" + NAME + "0003" "726566" "0000003c"),
]

# The digests of the same page, computed there by others.
DIGESTS = {
    "authvalue": "8fcd2169ab92694e0c633f1ab772842b8241bbc20288981fc7ac1eddc1fddb0e",
    "pcr sha256:7=" + ZERO: "8b5682d81b29435d08d79278150611dc7e5923b2fefcce684a09577b40130a8b",
    "or { pcr 7=%s } { authvalue }" % ZERO: "5a2e46a76da4b2bf2e8ceb0ce69fb0006a405084016001872b841653e67909d7",
    "countertimer clock <= 1000000": "5b2520273e10d0b9f9ae98093e8405952f2cf29199cc821471b217e162856bdd",
    "locality 0": "ddee6af14bf3c4e8127ced87bcf9a57e1c0c8ddb5e67735c8505f96f07b8dbb8",
    "nv 0x01800001 name=000b%s = 1" % ZERO: "2efdba196774551f8bb5f1e5b5dfa11255ee087ed7e2a14963aa5ab405dcbae4",
    "secret owner": "0d84f55daf6e43ac97966e62c9bb989d3397777d25c5f749868055d65394f952",
    'signed name=000b%s ref="ref" expiration=60' % ZERO:
        "238bc1e5359d208e4ca86329f66cc843fe1e12600b8dc9fd0dc54c0083bb18d1",
}


def test_statements_have_their_octets(world):
    """As many at once as a list may have."""
    for start in range(0, len(STATEMENTS), 14):
        some = STATEMENTS[start:start + 14]
        made, _ = world.policy("\n".join(text for text, _, _ in some))
        want = [der.statement(code, bytes.fromhex(body)).hex() for _, code, body in some]
        for (text, _, _), statement in zip(some, want):
            expect(statement in made.hex(), "%s: not %s" % (text, statement))
        same(made.hex(), der.sequence(*map(bytes.fromhex, want)).hex(), "the list")
        shown = world.ctl("show", "--policy", world.write(made)).out
        again, _ = world.policy(shown)
        same(again.hex(), made.hex(), "shown as " + shown)


def test_digests_are_those_of_the_documentation(world):
    for text, digest in DIGESTS.items():
        same(world.ctl("policy", text).out.split("\n")[1], "digest=" + digest, text)


def test_output_is_what_keyctl_takes(world):
    der_hex = der.sequence(der.statement(0x16b, b"")).hex()
    digest = DIGESTS["authvalue"]
    same(world.ctl("policy", "authvalue").out, "policy=%s\ndigest=%s\n" % (der_hex, digest), "two lines")
    same(world.ctl("policy", "--hex", "authvalue").out, der_hex + "\n", "--hex")
    same(world.ctl("policy", "-x", "-f", "-", stdin="authvalue").out, der_hex + "\n", "-x -f -")
    same(world.ctl("policy", "--json", "authvalue").json(),
         {"policy": der_hex, "hash": "sha256", "digest": digest, "interop": True}, "--json")
    made = world.ctl("policy", "--json", "pcr 7 digest=none").json()
    same(made["digest"], None, "a digest that depends on PCRs")
    same(world.ctl("policy", "pcr 7 digest=none").out, "policy=%s\n\n" % made["policy"], "the same as text")
    same(world.ctl("policy", "--json", "or {authvalue} {locality 0}").json()["interop"], False, "interop")


def test_text_may_be_laid_out_freely(world):
    want = world.policy("authvalue; or { locality 0; authvalue } { locality 1 }; authvalue")
    for text in ["authvalue\nor {\n\tlocality 0\n\tauthvalue\n} {\n\tlocality 1\n}\nauthvalue\n",
                 "authvalue;or{locality 0;authvalue}{locality 1};authvalue",
                 "# a comment\nauthvalue # another\n\n;;or {locality 0\nauthvalue}\n\n  { locality 1 ; }\n; authvalue;",
                 "authvalue\r\nor { locality 0\r\nauthvalue } { locality 1 }\r\nauthvalue\r\n"]:
        same(world.policy(text), want, repr(text))


@slow
def test_hashes(world):
    for name, size in (("sha1", 20), ("sha256", 32), ("sha384", 48), ("sha512", 64)):
        made = world.ctl("policy", "--json", "--hash=" + name, "authvalue").json()
        same(len(made["digest"]), 2 * size, name)
        same(made["hash"], name, name)
        world.refused("policy", "--hash=" + name, "pcr 7 digest=00",
                      says="policy: line 1: pcr: digest= is not as long as a digest of the policy's hash")
    world.refused("policy", "--hash=md5", "authvalue",
                  says="policy: --hash is one of sha1, sha256, sha384, sha512; see trustedctl policy --help")


def test_values_and_names_come_from_the_tpm(world):
    world.extend({7: "seven", 11: "eleven"})
    world.tpm("nvdefine", "0x01800001", "-C", "o", "-s", "8", "-a", "authread|authwrite|no_da")
    world.tpm("nvwrite", "0x01800001", "-C", "0x01800001", "-i", "-", stdin=b"12345678")
    world.tpm("evictcontrol", "-C", "o", "-c", world.primary()[0], "0x81000001")
    name = [line.split(":")[1].strip() for line in world.tpm("nvreadpublic", "0x01800001").decode().split("\n")
            if "name:" in line][0]
    for text, explicit in [
            ("pcr 7,11", "pcr 7,11=%s%s" % (world.pcr(7), world.pcr(11))),
            ("pcr 7=%s|11" % ZERO, "or {pcr 7=%s} {pcr 11=%s}" % (ZERO, world.pcr(11))),
            ("pcr sha256:7+sha256:16=" + ZERO, "pcr sha256:7=%s+16=%s" % (world.pcr(7), ZERO)),
            ("nv 0x01800001 = 5", "nv 0x01800001 name=%s = 5" % name),
            ("secret 0x01800001", "secret 0x01800001 name=" + name),
            ("secret 0x81000001", "secret 0x81000001 name=" + world.primary()[1].hex())]:
        same(world.policy(text), world.policy(explicit), text)
    # The environment and the option say which TPM.
    other = world.env(TPM2TOOLS_TCTI=None)
    same(world.ctl("policy", "-x", "--tcti=" + world.tcti, "pcr 7", env=other).out,
         world.ctl("policy", "-x", "pcr 7").out, "--tcti")


def test_what_the_tpm_cannot_say(world):
    world.refused("policy", "nv 0x01800001 = 5",
                  says="policy: line 1: there is no 0x01800001 in this TPM; give its Name with name=")
    world.refused("policy", "secret 0x81000009",
                  says="policy: line 1: there is no 0x81000009 in this TPM; give its Name with name=")
    world.refused("policy", "authvalue\npcr sha1:7,8",
                  says="policy: line 2: pcr: nothing was measured into these PCRs of bank sha1; "
                  "give their values with = if that is meant")
    world.refused("policy", "--tcti=swtpm:path=/nonexistent", "pcr 7",
                  says="policy: line 1: the TPM (swtpm:path=/nonexistent) cannot be opened (0xa000a); give --tcti=, "
                  "or be root or in the device's group")
    # The default is there on some machines.
    result = world.ctl("policy", "pcr 7", env={"TPM2TOOLS_TCTI": ""}, status=None)
    expect("(device:/dev/tpmrm0)" in result.err or os.path.exists("/dev/tpmrm0"), "the default: " + result.err)


def test_files(world):
    path = world.write("authvalue\n# and\nlocality 9\n", ".policy")
    world.refused("policy", "--file=" + path,
                  says="%s: line 3: locality: localities are 0 to 4 and 32 to 255" % path)
    world.refused("policy", "--file=/nonexistent", says="/nonexistent: cannot be opened: No such file or directory; "
                  "give a file, - or %TYPE:NAME")
    world.refused("policy", "--file=" + path, "authvalue",
                  says="policy: the text is given twice, here and by --file; see trustedctl policy --help")
    big = world.write("#" + "x" * 70000)
    world.refused("policy", "--file=" + big, says=big + ": is larger than 65536 octets; no file for this is")
    world.refused("policy", "--file=-", says="standard input: is empty")


MISTAKES = [
    ("", "has no statement in it; the kernel would refuse it"),
    ("# nothing", "has no statement in it; the kernel would refuse it"),
    ("frob", "line 1: there is no statement 'frob'; there are pcr, authvalue, or, authorize, countertimer, nv, "
     "locality, secret, signed"),
    ("authvalue 1", "line 1: '1' is not known here, or stands here twice"),
    ("authvalue {", "line 1: { stands only behind or"),
    ("{ authvalue }", "line 1: { stands only behind or"),
    ("authvalue }", "line 1: a } too many"),
    ("or", "line 1: or is followed by alternatives: or { ... } { ... }"),
    ("or x { authvalue }", "line 1: or is followed by alternatives: or { ... } { ... }"),
    ("or { authvalue", "line 1: a } is missing"),
    ("or { authvalue }", "policy: PolicyOR of fewer than 2 alternatives; the kernel would refuse it"),
    ("or { authvalue } { }", "policy: alternative without a statement; the kernel would refuse it"),
    ("or " + "{ authvalue } " * 9, "policy: PolicyOR of more than 8 alternatives; the kernel would refuse it"),
    ("or { " * 9, "line 1: or more than 8 levels deep"),
    ("\n".join(["authvalue"] * 17), "has more than 16 statements in a list; the kernel would refuse it"),
    ("authvalue " + "x " * 17, "line 1: more than 16 words in a statement"),
    ('secret owner ref="x', "line 1: a quotation mark has no other on its line"),
    ('"', "line 1: a quotation mark has no other on its line"),
    ('secret owner ref="x"y"z"', "line 1: a quotation mark within a quotation"),
    ("pcr", "line 1: pcr: no PCR is named; write pcr sha256:7,11"),
    ("pcr digest=" + ZERO, "line 1: pcr: no PCR is named; write pcr sha256:7,11"),
    ("pcr 24", "line 1: pcr: PCR numbers are 0 to 23"),
    ("pcr md5:7", "line 1: pcr: a bank is one of sha1, sha256, sha384, sha512"),
    ("pcr 7=00", "line 1: pcr: after = goes one digest in hex for each PCR of the list"),
    ("pcr 7=%s digest=%s" % (ZERO, ZERO), "line 1: pcr: values contradict digest=; give one of them"),
    ("pcr 7 digest=zz", "line 1: 'zz' is neither hex digits, two an octet, nor \"text\""),
    ("pcr selection=00000001000b0480000000", "line 1: pcr: selection= needs digest= too"),
    ("or {pcr 7 digest=none} {authvalue}",
     "policy: PolicyPCR without a digest in an alternative; the kernel would refuse it"),
    ("locality", "line 1: locality: none is named; write locality 0,1"),
    ("locality 5", "line 1: locality: localities are 0 to 4 and 32 to 255"),
    ("locality 256", "line 1: '256' is no number from 0 to 255"),
    ("locality 0,5", "line 1: '5' is no number from 0 to 4"),
    ("locality 0,", "line 1: '' is no number from 0 to 4"),
    ("locality 3-1", "policy: malformed PolicyLocality; the kernel would refuse it"),
    ("countertimer", "line 1: countertimer: there is no field ''; there are clock, time, resets (boots), restarts, safe"),
    ("countertimer day < 5", "line 1: countertimer: there is no field 'day'; there are clock, time, resets (boots), "
     "restarts, safe"),
    ("countertimer clock", "line 1: what it is compared with is missing; write nv INDEX = NUMBER, "
     "countertimer clock < NUMBER"),
    ("countertimer clock <> 5", "line 1: there is no operation '<>'; there are = != > < >= <= s> s< s>= s<= bits-set "
     "bits-clear"),
    ("countertimer clock < 5y", "line 1: '5y' is no number from 0 to 18446744073709551615"),
    ("countertimer clock < 213503982335d", "line 1: '213503982335' is no number from 0 to 213503982334"),
    ("countertimer boots = 4294967296", "line 1: '4294967296' is no number from 0 to 4294967295"),
    ("countertimer safe = 256", "line 1: '256' is no number from 0 to 255"),
    ("countertimer offset=24 = hex:0000",
     "policy: PolicyCounterTimer beyond TPMS_TIME_INFO; the kernel would refuse it"),
    ("countertimer offset=70000 = 5", "line 1: '70000' is no number from 0 to 65535"),
    ("countertimer clock = hex:", "policy: malformed PolicyCounterTimer; the kernel would refuse it"),
    ("nv", "line 1: nv: no index is named; write nv 0x01800001 = 5"),
    ("nv 0x81000001 = 5", "line 1: nv: 0x81000001 is no NV index; they are 0x01000000 to 0x01ffffff"),
    ("nv 0x1ffffffff = 5", "line 1: '0x1ffffffff' is no number from 0 to 4294967295"),
    ("nv 0x01800001 auth=nobody = 5", "line 1: 'nobody' is no number from 0 to 4294967295"),
    ("nv 0x01800001 name=%s auth=endorsement = 5" % NAME,
     "policy: PolicyNV authorized by neither index nor hierarchy; the kernel would refuse it"),
    ("nv 0x01800001 name=00 = 5", "policy: malformed PolicyNV; the kernel would refuse it"),
    ("nv 0x01800001 name=%s = hex:%s" % (NAME, "00" * 65), "policy: malformed PolicyNV; the kernel would refuse it"),
    ("secret", "line 1: secret: whose is missing; write secret owner"),
    ("secret me", "line 1: 'me' is no number from 0 to 4294967295"),
    ("secret owner name=" + NAME, "line 1: 'name=%s' is not known here, or stands here twice" % NAME[:35]),
    ("secret 0x40000002", "policy: PolicySecret of something that is no hierarchy; the kernel would refuse it"),
    ("secret 0x80000001 name=" + NAME, "policy: PolicySecret of an object that is neither persistent nor an NV index; "
     "the kernel would refuse it"),
    ("secret owner ref=00 ref=01", "line 1: 'ref=01' is not known here, or stands here twice"),
    ("secret owner ref=" + "00" * 65, "policy: malformed PolicySecret; the kernel would refuse it"),
    ("secret owner ref=0", "line 1: '0' is neither hex digits, two an octet, nor \"text\""),
    ("signed", "line 1: signed: the key is missing; give file=, spki=, public= or name="),
    ("signed name=%s expiration=2147483648" % NAME, "line 1: '2147483648' is no number from 0 to 2147483647"),
    ("signed public=00", "policy: malformed public key; the kernel would refuse it"),
    ("signed spki=3000", "line 1: spki: must be one SubjectPublicKeyInfo in DER"),
    ("signed file=/nonexistent", "line 1: /nonexistent: cannot be opened"),
    ("signed file=/dev/null", "line 1: /dev/null: is no public key; give one in PEM (openssl pkey -in KEY -pubout) or DER"),
    ("signed file=", "line 1: file= is no name of a file"),
    ("authorize", "line 1: authorize: the key is missing; give file=, spki= or public="),
    ("authorize name=" + NAME, "line 1: authorize: the key is missing; give file=, spki= or public="),
]


def test_mistakes_are_named_with_their_line(world):
    wrong = []
    for text, says in MISTAKES:
        result = world.ctl("policy", "--file=-", stdin=text or "\n", status=None)
        got = (result.status, result.out, result.err)
        if got != (2, "", "trustedctl: standard input: %s\n" % says):
            wrong.append("%r: %r" % (text[:60], got))
    expect(not wrong, "\n".join(wrong))


def test_authorize_comes_first(world):
    key = "file=" + keys(world)[0]
    world.policy("authorize %s; authvalue" % key)
    world.policy("or { authorize %s } { locality 0 }" % key)
    for text in ("authvalue; authorize " + key, "authvalue; or { authorize %s } { locality 0 }" % key):
        world.refused("policy", text,
                      says="policy: policy: PolicyAuthorize is not the first statement; the kernel would refuse it")


def keys(world):
    from policies import world_run
    paths = []
    for kind, option in (("RSA", "rsa_keygen_bits:2048"), ("EC", "ec_paramgen_curve:P-256")):
        private, public = world.path(kind + ".pem"), world.path(kind + ".pub")
        if not os.path.exists(public):
            world_run(["openssl", "genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", private])
            world_run(["openssl", "pkey", "-in", private, "-pubout", "-out", public])
        paths.append(public)
    return paths


def test_policy_that_is_too_large(world):
    text = "or " + "{ or %s } " % ("{ signed name=%s } " % NAME * 8) * 8
    world.policy(text)
    text = text.replace("signed name=" + NAME, "signed name=%s ref=%s; secret owner ref=%s" % (NAME, "00" * 64, "11" * 64))
    result = world.ctl("policy", "--file=-", stdin=text, status=2)
    same(result.err, "trustedctl: standard input: line 1: the policy is larger than 8192 octets\n", "8192 octets")
