// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mistakes that the debug kernel must find, one at a time, when the module is
 * inserted: bugs.ko what=NAME.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *what = "";
module_param(what, charp, 0);

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);
static int three[3];
static int nothing;

/* Nobody keeps the address. */
static void leak(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	p = NULL;
	OPTIMIZER_HIDE_VAR(p);
}

static void use_freed(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	if (p)
		WRITE_ONCE(p[8], 1);
}

static void write_beyond(void)
{
	int at = ARRAY_SIZE(three);

	OPTIMIZER_HIDE_VAR(at);
	three[at] = 1;
}

static void shift_too_far(void)
{
	int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	nothing = 1 << by;
}

/* Both ways round. */
static void lock_in_both_orders(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleep_with_spinlock(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static const struct {
	const char *name;
	void (*make)(void);
} mistakes[] = {
	{ "leak", leak },
	{ "freed", use_freed },
	{ "beyond", write_beyond },
	{ "shift", shift_too_far },
	{ "order", lock_in_both_orders },
	{ "sleep", sleep_with_spinlock },
};

static int __init bugs_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (!strcmp(what, mistakes[i].name)) {
			mistakes[i].make();
			return 0;
		}
	}
	return -EINVAL;
}
module_init(bugs_init);

static void __exit bugs_exit(void)
{
}
module_exit(bugs_exit);

MODULE_DESCRIPTION("Mistakes for a debug kernel to find");
MODULE_LICENSE("GPL");
