# SPDX-License-Identifier: GPL-2.0-only
"""Random policies, said twice: as text for trustedctl, and as commands of tpm2-tools.

A trial session has no alternatives: each is run in a session of its own behind
all that comes before it, and tpm2_policyor gets the digests.
"""
import hashlib
import os

from der import sized

SIZES = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
OPERATIONS = {"=": "eq", "!=": "neq", "s>": "sgt", ">": "ugt", "s<": "slt", "<": "ult", "s>=": "sge", ">=": "uge",
              "s<=": "sle", "<=": "ule", "bits-set": "bs", "bits-clear": "bc"}
# Those that locality 0 may extend.
USED = [*range(17), 23]
FIELDS = {"clock": 8, "resets": 4, "restarts": 4}
COUNTER, PERSISTENT = 0x01800001, 0x81000001


class Setting:
    """What is in the TPM for policies to name."""

    def __init__(self, world):
        self.world = world
        world.extend({pcr: "pcr %d" % pcr for pcr in USED}, ("sha1", "sha256"))
        world.tpm("nvdefine", hex(COUNTER), "-C", "o", "-s", "8", "-a", "nt=counter|authread|authwrite|ownerread|no_da")
        world.tpm("nvincrement", hex(COUNTER), "-C", hex(COUNTER))
        world.tpm("evictcontrol", "-C", "o", "-c", world.primary()[0], hex(PERSISTENT))
        self.names = {COUNTER: self.nv_name(), PERSISTENT: world.primary()[1].hex()}
        self.said = {}
        self.sessions = {}
        self.keys = [self.key("rsa", "rsa_keygen_bits:2048"), self.key("ecc", "ec_paramgen_curve:P-256")]

    def nv_name(self):
        for line in self.world.tpm("nvreadpublic", hex(COUNTER)).decode().split("\n"):
            if line.strip().startswith("name:"):
                return line.split(":")[1].strip()
        raise LookupError("no Name of the index")

    def key(self, kind, option):
        """A key that signs: (file, Name, context)."""
        world = self.world
        private, public = world.path(kind + ".pem"), world.path(kind + ".pub")
        algorithm = "RSA" if kind == "rsa" else "EC"
        world_run(["openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", private])
        world_run(["openssl", "pkey", "-in", private, "-pubout", "-out", public])
        context, name = world.path(kind + ".ctx"), world.path(kind + ".name")
        # Not its PEM: tpm2-tools writes the exponent of RSA, systemd and the kernel do not.
        self.said[public] = world.ctl("signer", "--json", public).json()
        area = bytes.fromhex(self.said[public]["public"])
        world.tpm("loadexternal", "-C", "o", "-u", world.write(sized(area)), "-c", context, "-n", name)
        return public, name, context


def world_run(command):
    import subprocess
    subprocess.run(command, check=True, capture_output=True)


class Generator:
    """Makes policies; random is what decides everything."""

    def __init__(self, setting, random):
        self.setting, self.world, self.random = setting, setting.world, random

    def make(self):
        self.hash = self.random.choice(["sha256", "sha256", "sha256", "sha384", "sha512", "sha1"])
        self.locality = False
        self.alternatives = 0
        return self.statements(0, self.random.choice([1, 1, 2, 2, 3, 4]), first=True)

    # Each statement is (text, command of tpm2-tools) or ("or", list of lists).

    def statements(self, depth, nr, first=False):
        made = []
        for i in range(nr):
            if depth < 3 and self.alternatives < 8 and self.random.random() < (0.25 if depth == 0 else 0.12):
                branches = self.random.choice([2, 2, 2, 3, 3, 8])
                self.alternatives += branches
                made.append(("or", [self.statements(depth + 1, self.random.choice([1, 1, 1, 2]), first and i == 0)
                                    for _ in range(branches)]))
            else:
                made.append(self.statement(first and i == 0))
        return made

    def statement(self, first):
        kinds = [self.pcr, self.pcr, self.pcr_now, self.pcr_digest, self.authvalue, self.countertimer, self.nv,
                 self.secret, self.signed]
        if first:
            kinds += [self.authorize] * 2
        if not self.locality:
            kinds.append(self.one_locality)
        return self.random.choice(kinds)()

    def octets(self, n):
        return bytes(self.random.randrange(256) for _ in range(n))

    def pcr_list(self, among=range(24)):
        return sorted(self.random.sample(among, self.random.randint(1, 4)))

    def numbers(self, pcrs):
        return ",".join(map(str, pcrs))

    def pcr(self):
        banks = self.random.sample(["sha256", "sha1", "sha384", "sha512"], self.random.randint(1, 2))
        text, values, lists = [], b"", []
        for bank in banks:
            pcrs = self.pcr_list()
            value = self.octets(SIZES[bank] * len(pcrs))
            named = "" if bank == "sha256" and self.random.random() < 0.5 else bank + ":"
            text.append("%s%s=%s" % (named, self.numbers(pcrs), value.hex()))
            lists.append("%s:%s" % (bank, self.numbers(pcrs)))
            values += value
        return ("pcr " + "+".join(text), ["policypcr", "-l", "+".join(lists), "-f", self.world.write(values)])

    def pcr_now(self):
        pcrs = self.pcr_list(USED)
        text = "%s:%s" % (self.random.choice(["sha256", "sha1"]), self.numbers(pcrs))
        return ("pcr " + text, ["policypcr", "-l", text])

    def pcr_digest(self):
        pcrs = self.pcr_list()
        values = self.octets(32 * len(pcrs))
        digest = hashlib.new(self.hash, values).hexdigest()
        return ("pcr %s digest=%s" % (self.numbers(pcrs), digest),
                ["policypcr", "-l", "sha256:" + self.numbers(pcrs), "-f", self.world.write(values)])

    def authvalue(self):
        return ("authvalue", ["policyauthvalue"])

    def operation(self):
        return self.random.choice(list(OPERATIONS.items()))

    def number(self, size):
        return self.random.getrandbits(8 * size - self.random.randint(0, 8 * size - 1))

    def countertimer(self):
        text, option = self.operation()
        field = self.random.choice(list(FIELDS))
        value = self.number(FIELDS[field])
        shown = "boots" if field == "resets" and self.random.random() < 0.5 else field
        return ("countertimer %s %s %s" % (shown, text, self.random.choice(["%d", "0x%x"]) % value),
                ["policycountertimer", "--" + option, "%s=%d" % (field, value)])

    def nv(self):
        text, option = self.operation()
        operand = self.octets(self.random.randint(1, 8))
        offset = self.random.randint(0, 8 - len(operand))
        auth = self.random.choice(["index", "owner"])
        said = "hex:" + operand.hex() if len(operand) < 8 or self.random.random() < 0.5 \
            else str(int.from_bytes(operand, "big"))
        words = ["nv", hex(COUNTER)]
        if self.random.random() < 0.5:
            words.append("name=" + self.setting.names[COUNTER])
        if auth == "owner" or self.random.random() < 0.5:
            words.append("auth=" + auth)
        if offset or self.random.random() < 0.3:
            words.append("offset=%d" % offset)
        return (" ".join(words + [text, said]),
                ["policynv", "-C", "o" if auth == "owner" else hex(COUNTER), "-i", self.world.write(operand),
                 "--offset", str(offset), hex(COUNTER), option])

    def one_locality(self):
        self.locality = True
        chosen = sorted(self.random.sample(range(5), self.random.randint(1, 5)))
        mask = sum(1 << n for n in chosen)
        return ("locality " + self.numbers(chosen), ["policylocality", str(mask)])

    def ref(self):
        """(words of text, options)"""
        if self.random.random() < 0.4:
            return [], []
        if self.random.random() < 0.5:
            text = self.random.choice(["ref", "two words", "a;b{c}#d", "'", "x=y"])
            return ['ref="%s"' % text], ["-q", self.world.write(text)]
        octets = self.octets(self.random.randint(1, 32))
        return ["ref=" + octets.hex()], ["-q", self.world.write(octets)]

    def secret(self):
        words, options = self.ref()
        entity = self.random.choice(["owner", "endorsement", "0x40000001", hex(PERSISTENT)])
        text = ["secret", entity]
        if entity == hex(PERSISTENT) and self.random.random() < 0.5:
            text.append("name=" + self.setting.names[PERSISTENT])
        context = {"owner": "o", "0x40000001": "o", "endorsement": "e"}.get(entity, entity)
        return (" ".join(text + words), ["policysecret", "-c", context, *options])

    def key_words(self, public):
        how = self.random.choice(["file", "spki", "public"])
        if how == "file":
            return 'file="%s"' % public if self.random.random() < 0.5 else "file=" + public
        return "%s=%s" % (how, self.setting.said[public]["signer" if how == "spki" else "public"])

    def signed(self):
        words, options = self.ref()
        public, name, context = self.random.choice(self.setting.keys)
        key = "name=" + self.world.read(name).hex() if self.random.random() < 0.3 else self.key_words(public)
        expiration = self.random.choice([0, 0, self.random.randint(1, 1000)])
        if expiration:
            words.append("expiration=%d" % expiration)
        kind = "rsassa" if "rsa" in os.path.basename(public) else "ecdsa"
        return (" ".join(["signed", key] + words),
                ["policysigned", "-c", context, "-g", "sha256", "-f", kind, "-s", self.signature(kind),
                 "-t", str(expiration), *options])

    def signature(self, kind):
        """Of something else: a trial session takes any that has the form."""
        path = self.world.path(kind + ".sig")
        if not os.path.exists(path):
            private = self.world.path("rsa.pem" if kind == "rsassa" else "ecc.pem")
            world_run(["openssl", "dgst", "-sha256", "-sign", private, "-out", path, private])
        return path

    def authorize(self):
        words, options = self.ref()
        public, name, _ = self.random.choice(self.setting.keys)
        return (" ".join(["authorize", self.key_words(public)] + words),
                ["policyauthorize", "-n", name, "-i", self.world.write(b"\0" * SIZES[self.hash]), *options])

    # --- as text

    def text(self, statements, depth=0):
        """With blanks, comments and ends of statements as they come."""
        lines = []
        for kind, what in statements:
            if kind != "or":
                lines.append(kind if self.random.random() < 0.7 else kind.replace(" ", "  ", 1) + " ")
                continue
            blocks = ["{%s%s%s}" % (self.gap(), self.text(b, depth + 1), self.gap()) for b in what]
            lines.append("or " + self.random.choice([" ", "\n", ""]).join(blocks))
        out = lines[0]
        for line in lines[1:]:
            out += self.random.choice(["; ", ";", "\n", "\n\n", " # said\n"]) + line
        return out

    def gap(self):
        return self.random.choice(["", " ", "\n", " # here\n", "\n\t"])

    # --- on the TPM

    def trial(self, statements):
        """The digest that tpm2-tools' trial sessions give."""
        return self.run([], statements)

    def run(self, before, statements):
        """Digest behind before and statements; before has no alternatives left to run."""
        tape = list(before)
        for kind, what in statements:
            if kind != "or":
                tape.append(what)
                continue
            digests = [self.world.write(self.run(tape, branch)) for branch in what]
            tape.append(["policyor", "-l", "%s:%s" % (self.hash, ",".join(digests))])
        return self.play(tape)

    def play(self, tape):
        """In the one trial session of this hash, which starts anew."""
        digest, session = self.world.fresh(".digest"), self.world.path(self.hash + ".session")
        if self.hash in self.setting.sessions:
            self.world.tpm("policyrestart", "-S", session)
        else:
            self.world.tpm("startauthsession", "-g", self.hash, "-S", session)
            self.setting.sessions[self.hash] = session
        for command in tape:
            self.world.tpm(command[0], "-S", session, "-L", digest, *command[1:])
        return self.world.read(digest)
