// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters; see Documentation/ABI/testing/module-tpm_rm.
 */
#include <linux/module.h>

#include "trm.h"

struct trm_limits trm_limits = {
	.sessions = {
		[TRM_FILE] = 62,
		[TRM_USER] = 24,
		[TRM_CGROUP] = 48,
		[TRM_UNPRIVILEGED] = 40,
	},
	.objects = 1024,
	.orphans = 32,
	.reserve = 2,
};

bool trm_param_takeover = true;
module_param_named(takeover, trm_param_takeover, bool, 0444);
MODULE_PARM_DESC(takeover, "Serve /dev/tpmrm0 (default: yes)");

unsigned int trm_param_idle_ms = 50;
module_param_named(idle_ms, trm_param_idle_ms, uint, 0644);
MODULE_PARM_DESC(idle_ms, "Empty the slots of a TPM that is idle for so long (default: 50)");

module_param_named(sessions_per_file, trm_limits.sessions[TRM_FILE], uint, 0644);
MODULE_PARM_DESC(sessions_per_file, "Active sessions of an open file (default: 62)");

module_param_named(sessions_per_user, trm_limits.sessions[TRM_USER], uint, 0644);
MODULE_PARM_DESC(sessions_per_user, "Active sessions of a user (default: 24)");

module_param_named(sessions_per_cgroup, trm_limits.sessions[TRM_CGROUP], uint, 0644);
MODULE_PARM_DESC(sessions_per_cgroup, "Active sessions of a control group (default: 48)");

module_param_named(sessions_unprivileged, trm_limits.sessions[TRM_UNPRIVILEGED], uint, 0644);
MODULE_PARM_DESC(sessions_unprivileged, "Active sessions of all users without privilege (default: 40)");

module_param_named(objects_per_file, trm_limits.objects, uint, 0644);
MODULE_PARM_DESC(objects_per_file, "Transient objects of an open file (default: 1024)");

module_param_named(orphans_per_user, trm_limits.orphans, uint, 0644);
MODULE_PARM_DESC(orphans_per_user, "Saved sessions of a user that no open file has (default: 32)");

module_param_named(kernel_reserve, trm_limits.reserve, uint, 0644);
MODULE_PARM_DESC(kernel_reserve, "Active sessions that are left to the kernel (default: 2)");

/* What happens to a session over quota. */
static const char *const quota_policies[] = { "kick", "refuse" };

static int set_on_quota(const char *value, const struct kernel_param *param)
{
	int i = sysfs_match_string(quota_policies, value);

	if (i < 0)
		return i;
	WRITE_ONCE(trm_limits.refuse, i);
	return 0;
}

static int get_on_quota(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%s\n", quota_policies[trm_limits.refuse]);
}

static const struct kernel_param_ops on_quota_ops = {
	.set = set_on_quota,
	.get = get_on_quota,
};

module_param_cb(on_quota, &on_quota_ops, NULL, 0644);
MODULE_PARM_DESC(on_quota, "Over quota kick a session out, or refuse: kick|refuse (default: kick)");
