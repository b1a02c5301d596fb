/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * Canonical JSON for signed records: the subset of RFC 8785 with objects, arrays, strings, integers
 * within +-2^53, booleans and null; no floats. ASCII keys in byte order, no blanks, one line,
 * strings in NFC. Two programs that agree on the values agree on the bytes.
 */

/**
 * cel_canon_write:
 * @node: the value to write
 * Returns: (transfer full): its one canonical text, or NULL with CEL_ERROR_INPUT naming what cannot
 *   be written (a float, a key that is not ASCII, an integer out of range, nesting over 32).
 *   Thread-safe: yes.
 */
char *cel_canon_write(JsonNode *node, GError **error);

/**
 * cel_canon_read:
 * @text: @length bytes; need not end in NUL
 * Returns: (transfer full): the value, or NULL with CEL_ERROR_INPUT when the text is not JSON or is
 *   not byte for byte what cel_canon_write() gives (so duplicate keys, blanks and floats are
 * refused).
 */
JsonNode *cel_canon_read(const char *text, gsize length, GError **error);

G_END_DECLS
