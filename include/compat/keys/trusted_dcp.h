/* SPDX-License-Identifier: GPL-2.0-only */
/* Before 6.10 there was no such trust source, and nothing to declare for it. */
