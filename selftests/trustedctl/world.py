# SPDX-License-Identifier: GPL-2.0-only
"""A software TPM, tpm2-tools and trustedctl, for the tests."""
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
CTL = os.path.join(TOP, "build/tools-test/trustedctl")

OWNER = 0x40000001
# Of the storage primary that the kernel derives.
PRIMARY = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt"
SEALED = "fixedtpm|fixedparent|noda"


class Failed(Exception):
    """A test was not passed."""


def slow(test):
    """Of a test that only --long runs, or whoever names it."""
    test.slow = True
    return test


def expect(condition, what):
    if not condition:
        raise Failed(what)


def same(got, want, what=""):
    expect(got == want, "%s: got %r, want %r" % (what, got, want))


class Result:
    """What a run of trustedctl gave."""

    def __init__(self, args, done):
        self.args = args
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")
        for word in ("AddressSanitizer", "LeakSanitizer", "runtime error", "Assertion"):
            expect(word not in self.err, "%s: %s" % (" ".join(args)[:300], self.err))
        expect(self.status in (0, 1, 2), "%s: status %d: %s" % (args, self.status, self.err))

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise Failed("%s: no JSON: %s: %s" % (self.args, error, self.out[:200])) from error


class World:
    """A TPM of its own, files of its own."""
    long = False        # more of everything; and leaks, which take half as long again to look for

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="trustedctl-")
        self.number = 0
        self.sanitizer = "detect_leaks=%d" % World.long
        self.swtpm = None
        self.start()

    def path(self, name):
        return os.path.join(self.dir, name)

    def fresh(self, suffix=""):
        self.number += 1
        return self.path("f%d%s" % (self.number, suffix))

    def write(self, data, suffix=""):
        path = self.fresh(suffix)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return path

    def read(self, path):
        with open(path, "rb") as f:
            return f.read()

    # --- the TPM

    def start(self):
        """Power on: PCRs are reset, what is in NV stays."""
        self.stop()
        os.makedirs(self.path("tpm"), exist_ok=True)
        sock = self.path("sock")
        for leftover in (sock, sock + ".ctrl"):
            if os.path.exists(leftover):
                os.unlink(leftover)
        with open(self.path("swtpm.log"), "ab") as log:
            self.swtpm = subprocess.Popen(
                ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + self.path("tpm"),
                 "--server", "type=unixio,path=" + sock, "--ctrl", "type=unixio,path=" + sock + ".ctrl",
                 "--flags", "startup-clear,not-need-init"], stdout=log, stderr=log)
        end = time.monotonic() + 30
        while not (os.path.exists(sock) and os.path.exists(sock + ".ctrl")):
            expect(self.swtpm.poll() is None and time.monotonic() < end,
                   "swtpm did not start: " + self.read(self.path("swtpm.log")).decode())
            time.sleep(0.01)
        self.tcti = "swtpm:path=" + sock

    def stop(self):
        if self.swtpm:
            self.swtpm.terminate()
            self.swtpm.wait()
            self.swtpm = None

    def close(self):
        self.stop()
        shutil.rmtree(self.dir)

    def env(self, **more):
        env = {k: v for k, v in os.environ.items() if k not in ("TPM2TOOLS_TCTI", "TSS2_LOG")}
        env.update(TPM2TOOLS_TCTI=self.tcti, UBSAN_OPTIONS="print_stacktrace=1",
                   ASAN_OPTIONS=self.sanitizer + ":abort_on_error=0:exitcode=99")
        env.update(more)
        return {k: v for k, v in env.items() if v is not None}

    def tpm(self, *args, stdin=None, fails=False):
        done = subprocess.run(["tpm2_" + args[0], *map(str, args[1:])], input=stdin, env=self.env(),
                              cwd=self.dir, capture_output=True, timeout=60, check=False)
        # There is no resource manager here: what a context became stays loaded.
        if args[0] != "flushcontext" and any(str(a).endswith(".ctx") for a in args):
            self.tpm("flushcontext", "-t")
        if fails:
            return done.returncode != 0
        if done.returncode:
            raise Failed("tpm2_%s: %s" % (" ".join(map(str, args)), done.stderr.decode()))
        return done.stdout

    def extend(self, texts, banks=("sha256",)):
        """Measure a text into each PCR of a dictionary."""
        self.tpm("pcrextend", *["%d:%s" % (pcr, ",".join("%s=%s" % (b, hashlib.new(b, text.encode()).hexdigest())
                                                        for b in banks)) for pcr, text in texts.items()])

    def pcr(self, pcr, bank="sha256"):
        out = self.fresh()
        self.tpm("pcrread", "%s:%d" % (bank, pcr), "-o", out)
        return self.read(out).hex()

    # --- trustedctl

    def ctl(self, *args, status=0, stdin=b"", env=None):
        done = subprocess.run([CTL, *args], input=stdin if isinstance(stdin, bytes) else stdin.encode(),
                              env=self.env(**env or {}), cwd=self.dir, capture_output=True, timeout=120, check=False)
        result = Result(args, done)
        expect(status is None or result.status == status,
               "%s: status %d, want %s: %s" % (" ".join(args)[:300], result.status, status,
                                               result.err or result.out[:300]))
        return result

    def refused(self, *args, says, status=2, **more):
        """It says this on standard error, all of it, and nothing on standard output."""
        result = self.ctl(*args, status=status, **more)
        same(result.err, "trustedctl: " + says + "\n", " ".join(args)[:200])
        same(result.out, "", " ".join(args)[:200])

    def policy(self, text, *more):
        """(DER, digest) of a policy's text."""
        made = self.ctl("policy", "--json", *more, text).json()
        return bytes.fromhex(made["policy"]), bytes.fromhex(made["digest"] or "")

    # --- sealed data

    def primary(self):
        """The primary that the kernel would derive, and its Name."""
        if not os.path.exists(self.path("primary.ctx")):
            self.tpm("createprimary", "-C", "o", "-g", "sha256", "-G", "ecc256:aes128cfb", "-a", PRIMARY,
                     "-c", self.path("primary.ctx"))
            self.tpm("readpublic", "-c", self.path("primary.ctx"), "-n", self.path("primary.name"))
        return self.path("primary.ctx"), self.read(self.path("primary.name"))

    def create(self, digest, parent=None, attributes=SEALED, auth=None, name_alg="sha256"):
        """(TPM2B_PUBLIC, TPM2B_PRIVATE) of an object that is sealed to a digest."""
        public, private = self.fresh(".pub"), self.fresh(".priv")
        policy = ["-L", self.write(digest)] if digest else []
        self.tpm("create", "-C", parent or self.primary()[0], "-g", name_alg, "-a", attributes, "-i", "-",
                 "-u", public, "-r", private, *policy, *(["-p", auth] if auth else []), stdin=b"s" * 32)
        return self.read(public), self.read(private)
