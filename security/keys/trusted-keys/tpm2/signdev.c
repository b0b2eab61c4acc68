// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/trusted-sign: lines are written, the challenge is read.
 *
 * No user memory is touched with a file's lock held: add_key() wants the lock too,
 * with key_types_sem held, and somebody could let a page fault take for ever.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "signing.h"
#include "type.h"

/* A "load" may be as long as the text of add_key(), and there is its end. */
#define MAX_LINE	(TPK_MAX_TEXT + 1)

static int sign_open(struct inode *inode, struct file *file)
{
	struct tpk_signing *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	init_waitqueue_head(&s->wait);
	file->private_data = s;
	return 0;
}

static int sign_release(struct inode *inode, struct file *file)
{
	struct tpk_signing *s = file->private_data;

	kvfree_sensitive(s->line, MAX_LINE);
	tpk_signing_clear(s);
	kfree(s);
	return 0;
}

/*
 * Whoever opened the file pays for its session.  Another user who was given it,
 * knowingly or as the output of a program with privileges, must not work on it.
 */
static bool is_opener(const struct file *file)
{
	return uid_eq(file->f_cred->euid, current_euid()) &&
	       file->f_cred->user_ns == current_user_ns();
}

static ssize_t sign_read(struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
{
	struct tpk_signing *s = file->private_data;
	const char *text;
	int err;

	err = mutex_lock_killable(&s->lock);
	if (err)
		return err;
	text = s->text;
	mutex_unlock(&s->lock);
	/* It stays as it is until the file is closed. */
	if (!text)
		return -ENODATA;
	return simple_read_from_buffer(buf, len, pos, text, s->text_len);
}

static loff_t sign_llseek(struct file *file, loff_t offset, int whence)
{
	struct tpk_signing *s = file->private_data;

	return fixed_size_llseek(file, offset, whence, READ_ONCE(s->text_len));
}

/* The end of a line makes it count. */
static int end_line(struct tpk_signing *s)
{
	char *line = s->line;
	int err;

	s->line = NULL;
	err = tpk_signing_line(s, line, s->line_len);
	kvfree_sensitive(line, MAX_LINE);
	return err;
}

static int drop_line(struct tpk_signing *s)
{
	kvfree_sensitive(s->line, MAX_LINE);
	s->line = NULL;
	return -EMSGSIZE;
}

/* A piece of a line, or what is left of it with its end. */
static int add_piece(struct tpk_signing *s, const char *piece, size_t len)
{
	bool ends = piece[len - 1] == '\n';

	if (s->state == TPK_SIGNING_OVER)
		return -EPIPE;
	if (!s->line) {
		s->line = kvmalloc(MAX_LINE, GFP_KERNEL_ACCOUNT);
		s->line_len = 0;
	}
	if (!s->line)
		return -ENOMEM;
	if (len > MAX_LINE - s->line_len)
		return drop_line(s);
	memcpy(s->line + s->line_len, piece, len);
	s->line_len += len - ends;
	return ends ? end_line(s) : 0;
}

/* Copies from user space at most one line, with its end. */
static char *copy_piece(const char __user *buf, size_t *len)
{
	char *piece, *end;

	*len = min_t(size_t, *len, MAX_LINE);
	piece = kvmalloc(*len, GFP_KERNEL_ACCOUNT);
	if (!piece)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(piece, buf, *len)) {
		kvfree_sensitive(piece, *len);
		return ERR_PTR(-EFAULT);
	}
	end = memchr(piece, '\n', *len);
	if (end)
		*len = end + 1 - piece;
	return piece;
}

static ssize_t sign_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	struct tpk_signing *s = file->private_data;
	size_t size = min_t(size_t, len, MAX_LINE);
	char *piece;
	int err;

	if (!is_opener(file))
		return -EPERM;
	if (!len)
		return 0;
	piece = copy_piece(buf, &len);
	if (IS_ERR(piece))
		return PTR_ERR(piece);
	err = mutex_lock_killable(&s->lock);
	if (!err) {
		err = add_piece(s, piece, len);
		mutex_unlock(&s->lock);
	}
	kvfree_sensitive(piece, size);
	return err ?: len;
}

/* Reading and writing never wait for a person, so this tells only what is there. */
static __poll_t sign_poll(struct file *file, poll_table *table)
{
	struct tpk_signing *s = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &s->wait, table);
	if (file->f_pos < READ_ONCE(s->text_len))
		events |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(s->state) == TPK_SIGNING_OVER)
		events |= EPOLLHUP;
	else
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static const struct file_operations sign_fops = {
	.owner = THIS_MODULE,
	.open = sign_open,
	.release = sign_release,
	.read = sign_read,
	.write = sign_write,
	.poll = sign_poll,
	.llseek = sign_llseek,
};

static struct miscdevice sign_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "trusted-sign",
	.fops = &sign_fops,
	.mode = 0600,
};

static int refuse(int err, const char *why)
{
	tpk_notice("signfd=: %s", why);
	return err;
}

/* Is it the right file, and has it what is asked of it? */
static int check(const struct tpk_signing *s, const struct tpk_options *o)
{
	switch (s->state) {
	case TPK_SIGNING_FRESH:
	case TPK_SIGNING_ASKED:
		return refuse(-ENOKEY, "nothing was signed in this file");
	case TPK_SIGNING_OVER:
		return refuse(-ENOKEY,
			      "the session of this file is over; open another and ask the signer again");
	default:
		break;
	}
	if (!tpm2_bytes_equal(o->blob, tpm2_bytes(s->blob, s->blob_len)))
		return refuse(-EINVAL, "what was signed in this file is for another blob");
	return 0;
}

/* No waiting: whoever has the lock may be waiting for the TPM. */
static int take(struct file *file, const struct tpk_options *o,
		struct tpk_signing **signing)
{
	struct tpk_signing *s = file->private_data;
	int err;

	if (file->f_op != &sign_fops)
		return refuse(-EINVAL, "this is no open file of /dev/trusted-sign");
	if (!is_opener(file))
		return refuse(-EPERM, "the file was opened by another user");
	if (!mutex_trylock(&s->lock))
		return refuse(-EBUSY, "the file is in use; try again");
	err = check(s, o);
	if (err)
		mutex_unlock(&s->lock);
	else
		*signing = s;
	return err;
}

/**
 * tpk_signing_open() - take what was signed in the file of signfd=
 * @o: load, with its blob and signfd=
 * @signing: result, locked
 *
 * Context: does not wait.
 * Return: the file, for tpk_signing_close(); ERR_PTR of -EINVAL for another kind
 * of file or another blob, -EPERM, -EBUSY, -ENOKEY if nothing was signed or the
 * session is over.
 */
struct file *tpk_signing_open(const struct tpk_options *o,
			      struct tpk_signing **signing)
{
	struct file *file = fget(o->signfd);
	int err;

	if (!file)
		return ERR_PTR(refuse(-EINVAL, "there is no such open file"));
	err = take(file, o, signing);
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

/**
 * tpk_signing_close() - give it back
 * @file: from tpk_signing_open(), outside a transaction
 */
void tpk_signing_close(struct file *file)
{
	struct tpk_signing *s = file->private_data;

	tpk_signing_settle(s);
	mutex_unlock(&s->lock);
	fput(file);
}

int __init tpk_signdev_init(void)
{
	int err = misc_register(&sign_device);

	if (err)
		pr_err("no device node %s (%d)\n", sign_device.name, err);
	return err;
}

void tpk_signdev_exit(void)
{
	misc_deregister(&sign_device);
}
