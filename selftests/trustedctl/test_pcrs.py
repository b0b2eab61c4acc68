# SPDX-License-Identifier: GPL-2.0-only
"""pcrs: numbers, names, values, and what has none."""
from world import expect, same

ZERO = "00" * 32


def test_selection(world):
    world.extend({7: "seven"}, ("sha256", "sha1"))
    same(world.ctl("pcrs", "sha256:7,16,18+sha1:7").out, """sha256
   7 secure-boot-policy   %s
  16 debug                00..00 (reset value)
  18 -                    ff..ff (reset value)
sha1
   7 secure-boot-policy   %s
""" % (world.pcr(7), world.pcr(7, "sha1")), "as text")
    same(world.ctl("pcrs", "--json", "7,16,18").json(), {"banks": [{"bank": "sha256", "allocated": True, "pcrs": [
        {"pcr": 7, "name": "secure-boot-policy", "value": world.pcr(7), "state": "used"},
        {"pcr": 16, "name": "debug", "value": ZERO, "state": "reset"},
        {"pcr": 18, "name": "-", "value": "ff" * 32, "state": "reset"}]}]}, "as JSON")


def test_all_pcrs_are_those_of_tpm2_tools(world):
    world.extend({pcr: str(pcr) for pcr in range(16)}, ("sha1", "sha256", "sha384", "sha512"))
    made = {bank["bank"]: bank for bank in world.ctl("pcrs", "--json").json()["banks"]}
    same(sorted(made), ["sha1", "sha256", "sha384", "sha512"], "banks")
    for name, bank in made.items():
        same([p["pcr"] for p in bank["pcrs"]], list(range(24)), name)
        out = world.fresh()
        world.tpm("pcrread", name, "-o", out)
        same("".join(p["value"] for p in bank["pcrs"]), world.read(out).hex(), "values of " + name)
        same([p["state"] for p in bank["pcrs"]], ["used"] * 16 + ["reset"] * 8, "states of " + name)


def test_banks_that_are_not_allocated(world):
    world.tpm("pcrallocate", "sha1:none+sha256:all+sha384:none+sha512:none")
    world.start()
    made = world.ctl("pcrs", "--json").json()["banks"]
    same({b["bank"]: b["allocated"] for b in made},
         {"sha1": False, "sha256": True, "sha384": False, "sha512": False}, "allocated")
    out = world.ctl("pcrs").out
    for bank in ("sha1", "sha384", "sha512"):
        expect("\n%s: unallocated\n" % bank in out, out)
    same(world.ctl("pcrs", "sha1:7").out, "sha1\n   7 secure-boot-policy   unallocated\n", "one of them")
    same(world.ctl("pcrs", "--json", "sha1:7").json(), {"banks": [{"bank": "sha1", "allocated": False, "pcrs": [
        {"pcr": 7, "name": "secure-boot-policy", "value": None, "state": "unallocated"}]}]}, "as JSON")
    world.refused("policy", "pcr sha1:7", says="policy: line 1: pcr: the TPM does not have all of these PCRs of bank "
                  "sha1; trustedctl pcrs lists those that it has")


def test_selections_that_are_wrong(world):
    see = "; see trustedctl pcrs --help"
    world.refused("pcrs", "24", says="pcrs: 24: PCR numbers are 0 to 23" + see)
    world.refused("pcrs", "7=" + ZERO, says="pcrs: 7=%s: no values here; name PCRs only%s" % (ZERO, see))
    world.refused("pcrs", "", says="pcrs: : no PCR is named; write it as sha256:7,11" + see)


def test_no_tpm(world):
    cure = " cannot be opened (0x%x); give --tcti=, or be root or in the device's group"
    for verb, args in (("pcrs", []), ("pcrs", ["7"])):
        world.refused(verb, "--tcti=nonsense:", *args, says="nonsense::" + cure % 0xa0015)
    world.stop()
    world.refused("pcrs", says=world.tcti + ":" + cure % 0xa000a)
