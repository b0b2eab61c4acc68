# SPDX-License-Identifier: GPL-2.0-only
"""Usage: help, and what is refused before anything is read."""
import os
import re
import subprocess

from world import TOP, expect, same, slow

VERBS = ["show", "check", "policy", "pcrs", "signer", "authpolicy"]


def test_help_names_every_verb(world):
    out = world.ctl("--help").out
    for verb in VERBS:
        expect(re.search(r"^  %s " % verb, out, re.M), "--help does not name " + verb)
    same(world.ctl("help").out, out, "help")
    same(world.ctl("-h").out, out, "-h")


def test_help_of_a_verb_names_its_options(world):
    for verb in VERBS:
        out = world.ctl(verb, "--help").out
        expect(out.startswith("Usage: trustedctl %s " % verb), verb)
        synopsis, rest = out.split("\n", 1)
        for option in set(re.findall(r"--[a-z]+", synopsis)):
            expect(re.search(r"^ .*%s\b" % option, rest, re.M), "%s --help does not explain %s" % (verb, option))
        for option in set(re.findall(r"^  (?:-., )?(--[a-z]+)", rest, re.M)) - {"--help"}:
            expect(option in synopsis, "%s: %s is not in the synopsis" % (verb, option))


def test_verbs_that_are_none(world):
    world.refused(says="usage: no verb is given; see trustedctl --help")
    world.refused("seal", says="seal: there is no such verb; see trustedctl --help")
    world.refused("", says=": there is no such verb; see trustedctl --help")


def test_options_that_are_none(world):
    for verb in VERBS:
        see = "; see trustedctl %s --help" % verb
        world.refused(verb, "--nonsense",
                      says="%s: --nonsense: there is no such option, or it takes no value%s" % (verb, see))
        world.refused(verb, "--json=1", says="%s: --json=1: there is no such option, or it takes no value%s" % (verb, see))
    for verb in ("check", "policy", "pcrs", "authpolicy"):
        world.refused(verb, "--tcti", says="%s: --tcti: its value is missing; see trustedctl %s --help" % (verb, verb))


def test_arguments_that_are_wrong_in_number(world):
    one = "; give a file, - or %TYPE:NAME; see trustedctl "
    for verb, says in [("show", "one file is shown" + one), ("check", "one blob is checked" + one),
                       ("signer", "one file with a public key is wanted; see trustedctl "),
                       ("authpolicy", "one file of systemd's is wanted; see trustedctl "),
                       ("policy", "the policy is one argument; put it in quotes; see trustedctl ")]:
        for args in ([], ["a", "b"]):
            world.refused(verb, *args, says="%s: %s%s --help" % (verb, says, verb))
    world.refused("pcrs", "7", "11", says="pcrs: one selection at most; write it as sha256:7,11+sha1:0-7; "
                  "see trustedctl pcrs --help")
    world.refused("authpolicy", "f.json",
                  says="authpolicy: --key is missing: the public key that signed; see trustedctl authpolicy --help")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def options_of(world, verb):
    """As its usage has them: --option, with = if it takes a value."""
    return set(re.findall(r"--[a-z]+=?", world.ctl(verb, "--help").out.split("\n", 1)[0])) | {"--help"}


def test_manual_page(world):
    page = os.path.join(TOP, "tools/trustedctl/trustedctl.1")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False)
    same((done.returncode, done.stdout, done.stderr), (0, "", ""), "mandoc")
    text = read("tools/trustedctl/trustedctl.1")
    synopsis, rest = text.split(".Sh DESCRIPTION", 1)
    for verb in VERBS:
        expect(".Cm %s\n" % verb in synopsis and ".It Cm %s\n" % verb in rest, verb)
        for option in options_of(world, verb):
            expect("Fl -" + option[2:].rstrip("=") in rest, "%s %s" % (verb, option))
    for statement in re.findall(r'{ TPM_CC_Policy\w+,\s+"(\w+)" }', read("tools/trustedctl/names.c")):
        expect(re.search(r"^\.It (?:Xo )?Li %s\b" % statement, rest, re.M), "statement " + statement)


def complete(*words):
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _trustedctl; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", os.path.join(TOP, "tools/trustedctl/completion.bash"),
                           "trustedctl", *words], capture_output=True, text=True, check=False, cwd=TOP)
    same(done.stderr, "", " ".join(words))
    return set(done.stdout.split())


def test_completion(world):
    same(complete(""), set(VERBS) | {"--help"}, "verbs")
    same(complete("sh"), {"show"}, "a verb")
    for verb in VERBS:
        same(complete(verb, "--"), options_of(world, verb), verb)
    same(complete("policy", "--hash", "=", "sha2"), {"sha256"}, "--hash=sha2")
    same(complete("authpolicy", "--bank", "="), {"sha1", "sha256", "sha384", "sha512"}, "--bank=")
    same(complete("show", "READM"), {"README.md"}, "a file")
    same(complete("policy", "READM"), set(), "no file")


def make(*args, **env):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "MFLAGS"}
    return subprocess.run(["make", "-s", "-C", os.path.join(TOP, "tools"), *args], env=dict(clean, **env),
                          capture_output=True, text=True, check=False)


def test_libraries_that_are_missing_are_named(_world):
    done = make("missing", PKG_CONFIG_LIBDIR="/nonexistent", PKG_CONFIG_PATH="")
    same(done.returncode, 2, "status")
    expect("tools: libraries are missing: apt-get install libjson-c-dev libkeyutils-dev libssl-dev libtss2-dev\n" in
           done.stderr.replace(" \n", "\n"), done.stderr)


@slow
def test_install_and_uninstall(world):
    dest = world.path("dest")
    for prefix in ("", "/usr"):
        done = make("install", "DESTDIR=" + dest, "PREFIX=" + prefix)
        same(done.returncode, 0, done.stderr)
        files = sorted(os.path.relpath(os.path.join(d, f), dest) for d, _, fs in os.walk(dest) for f in fs)
        base = prefix.lstrip("/") or "usr/local"
        same(files, [base + "/bin/trustedctl", base + "/share/bash-completion/completions/trustedctl",
                     base + "/share/man/man1/trustedctl.1"], prefix)
        done = subprocess.run([os.path.join(dest, base, "bin/trustedctl"), "policy", "-x", "authvalue"],
                              capture_output=True, check=False)
        same(done.stdout, world.ctl("policy", "-x", "authvalue").out.encode(), "the one that is installed")
        same(make("uninstall", "DESTDIR=" + dest, "PREFIX=" + prefix).returncode, 0, "uninstall")
        expect(not [f for _, _, fs in os.walk(dest) for f in fs], "what is left")


def test_an_answer_that_cannot_be_written_is_an_error(world):
    import world as w
    with open("/dev/full", "wb") as full:
        done = subprocess.run([w.CTL, "policy", "authvalue"], stdout=full, stderr=subprocess.PIPE, env=world.env(),
                              check=False)
    same(done.returncode, 2, "status")
    same(done.stderr, b"trustedctl: standard output: cannot be written\n", "message")
