/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-reader.h"

G_BEGIN_DECLS

/* How the outcome of a reader leaves the jail: one flat block, which the parent trusts as little as
 * the file itself. */

/**
 * cel_read_pack:
 * @out: what was read, or with @error why not
 * @reader: its place in the table of readers
 * Runs in the jail. Returns: bytes of @block used; what does not fit becomes a refusal.
 */
gsize cel_read_pack(guint8 *block, gsize capacity, const CelReadOut *out, guint reader,
                    const GError *error);

/**
 * cel_read_unpack:
 * @block: what cel_read_pack() wrote, or anything at all; @name: for messages
 * Every count, number, unit and text is checked: what comes out is a measurement that any function
 * may be given. Returns: FALSE with the error that was packed, or CEL_ERROR_INPUT.
 */
gboolean cel_read_unpack(GBytes *block, const char *name, CelReadOut *out, guint *out_reader,
                         GError **error);

G_END_DECLS
