// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/tpm_rm/<chip>/: who has what, and what was done.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "trm.h"

static struct dentry *root;

static char kind(const struct trm_space *space)
{
	if (space->privileged)
		return 'P';
	return space->restricted ? 'R' : '-';
}

static void show_client(struct seq_file *m, const struct trm_file *file)
{
	const struct trm_account *has = &file->space.file;

	seq_printf(m, "%d\t%llu\t%llu\t%c\t%u\t%u\t%lu\t", file->pid,
		   file->user->id, file->cgroup ? file->cgroup->id : 0,
		   kind(&file->space), has->objects, has->sessions,
		   file->commands);
	seq_escape(m, file->comm, " \t\n\\");
	seq_putc(m, '\n');
}

/* One line for each open file, in the order of opening. */
static int clients_show(struct seq_file *m, void *v)
{
	struct trm_chip *trm = m->private;
	struct trm_file *file;

	if (mutex_lock_killable(&trm->lock))
		return -EINTR;
	mutex_lock(&trm->clients);
	seq_puts(m, "pid\tuser\tcgroup\tkind\tobjects\tsessions\tcommands\tcomm\n");
	list_for_each_entry(file, &trm->files, node)
		show_client(m, file);
	mutex_unlock(&trm->clients);
	mutex_unlock(&trm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(clients);

static unsigned int count(const struct list_head *loaded, bool session)
{
	struct trm_entity *e;
	unsigned int nr = 0;

	list_for_each_entry(e, loaded, node)
		nr += e->session == session;
	return nr;
}

static unsigned int length(const struct list_head *list)
{
	struct list_head *pos;
	unsigned int nr = 0;

	list_for_each(pos, list)
		nr++;
	return nr;
}

/* Sessions of the kernel, and those of them that outlive transactions. */
static void show_kernel(struct seq_file *m, const struct trm_room *room)
{
	unsigned int sessions = 0, kept = 0;
	struct trm_entity *e;

	list_for_each_entry(e, &room->kernel, member) {
		sessions += e->session;
		kept += e->session && e->keep;
	}
	seq_printf(m, "kept_by_kernel %u\n", length(&room->kernel));
	seq_printf(m, "sessions_of_kernel %u\n", sessions);
	seq_printf(m, "sessions_kept %u\n", kept);
}

static void show_room(struct seq_file *m, const struct trm_room *room)
{
	seq_printf(m, "object_slots %u\n", room->object_slots);
	seq_printf(m, "session_slots %u\n", room->session_slots);
	seq_printf(m, "session_numbers %u\n", room->session_numbers);
	seq_printf(m, "context_gap %u\n", room->gap);
	seq_printf(m, "objects_loaded %u\n", count(&room->loaded, false));
	seq_printf(m, "sessions_loaded %u\n", count(&room->loaded, true));
	seq_printf(m, "sessions_saved %u\n", length(&room->saved));
	seq_printf(m, "sessions_of_users %u\n", room->nr_users);
	seq_printf(m, "sessions_orphaned %u\n", length(&room->orphans));
	show_kernel(m, room);
}

static void show_events(struct seq_file *m, const struct trm_room *room)
{
	static const char *const names[] = {
		[TRM_EVENT_LOAD] = "loads",
		[TRM_EVENT_SAVE] = "saves",
		[TRM_EVENT_FLUSH] = "flushes",
		[TRM_EVENT_REFRESH] = "refreshes",
		[TRM_EVENT_PARK] = "parked",
		[TRM_EVENT_KICK] = "kicked",
		[TRM_EVENT_LOST] = "lost",
		[TRM_EVENT_KEEP] = "kept",
		[TRM_EVENT_DOUBT] = "doubts",
		[TRM_EVENT_FOUND] = "found",
	};
	unsigned int i;

	static_assert(ARRAY_SIZE(names) == TRM_NR_EVENTS);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		seq_printf(m, "%s %lu\n", names[i], room->events[i]);
}

static int stats_show(struct seq_file *m, void *v)
{
	struct trm_chip *trm = m->private;

	if (mutex_lock_killable(&trm->lock))
		return -EINTR;
	seq_printf(m, "files %u\n", READ_ONCE(trm->nr_files));
	seq_printf(m, "commands %lu\n", trm->commands);
	show_room(m, &trm->room);
	show_events(m, &trm->room);
	mutex_unlock(&trm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

/* Without debugfs nothing is lost but the sight of it. */
void trm_debugfs_add(struct trm_chip *trm)
{
	char name[16];

	snprintf(name, sizeof(name), "tpm%d", trm->nr);
	trm->debugfs = debugfs_create_dir(name, root);
	debugfs_create_file("clients", 0400, trm->debugfs, trm, &clients_fops);
	debugfs_create_file("stats", 0400, trm->debugfs, trm, &stats_fops);
}

/* Waits for whoever is reading. */
void trm_debugfs_remove(struct trm_chip *trm)
{
	debugfs_remove(trm->debugfs);
}

void trm_debugfs_init(void)
{
	root = debugfs_create_dir("tpm_rm", NULL);
}

void trm_debugfs_exit(void)
{
	debugfs_remove(root);
}
