# SPDX-License-Identifier: GPL-2.0-only
"""Random policies: their digests are those of tpm2-tools' trial sessions, and their text comes back."""
import concurrent.futures
import random

from policies import Generator, Setting
from world import Failed, World, same

QUICK, LONG, LANES = 6, 200, 2


def one(setting, seed):
    world = setting.world
    generator = Generator(setting, random.Random(seed))
    policy = generator.make()
    text = generator.text(policy)
    try:
        der, digest = world.policy(text, "--hash=" + generator.hash)
        same(digest.hex(), generator.trial(policy).hex(), "digest")
        path = world.write(der)
        again = world.ctl("show", "--policy", "--hash=" + generator.hash, path).out
        back = world.ctl("policy", "--hex", "--file=-", "--hash=" + generator.hash, stdin=again).out
        same(back, der.hex() + "\n", "what show prints")
    except Failed as failed:
        raise Failed("policy %s: %s\n%s" % (seed, failed, text)) from failed


def lane(seeds):
    world = World()
    try:
        setting = Setting(world)
        for seed in seeds:
            one(setting, seed)
    finally:
        world.close()
    return len(seeds)


def test_digests_are_those_of_trial_sessions(options):
    """Each lane has a TPM of its own; a policy is made by the seed that names it alone."""
    if options.policy:
        lane([options.policy])
        return "1 policy"
    nr, lanes = (LONG, LANES) if options.long else (QUICK, 1)
    seeds = ["%d-%d" % (options.seed, i) for i in range(nr)]
    with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
        done = sum(pool.map(lane, [seeds[i::lanes] for i in range(lanes)]))
    same(done, nr, "policies compared")
    return "%d policies, --seed %d" % (done, options.seed)
