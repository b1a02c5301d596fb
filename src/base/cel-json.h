/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** CelJsonWriter: writes JSON text for people and programs, one line, keys in the order given.
 * (Signed records use cel-canon instead.) One owner. */
typedef struct CelJsonWriter CelJsonWriter;

/** cel_json_writer_new: Returns: (transfer full): an empty writer. */
CelJsonWriter *cel_json_writer_new(void);

/** cel_json_writer_free: @writer: (nullable) */
void cel_json_writer_free(CelJsonWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelJsonWriter, cel_json_writer_free)

/**
 * cel_json_open, cel_json_close:
 * @key: (nullable): the member's name inside an object; NULL inside an array and at the root
 * @bracket: '{' or '[' ; the closing one is remembered
 */
void cel_json_open(CelJsonWriter *writer, const char *key, char bracket);
void cel_json_close(CelJsonWriter *writer);

/** cel_json_text: @value: (nullable): UTF-8; NULL writes null. */
void cel_json_text(CelJsonWriter *writer, const char *key, const char *value);

/**
 * cel_json_number:
 * @digits: significant digits, 1..17; 0: as many as the value needs
 * Writes @value; null when it is not finite.
 */
void cel_json_number(CelJsonWriter *writer, const char *key, double value, int digits);

/** cel_json_int: writes an integer. */
void cel_json_int(CelJsonWriter *writer, const char *key, gint64 value);

/** cel_json_bool: writes true or false. */
void cel_json_bool(CelJsonWriter *writer, const char *key, gboolean value);

/** cel_json_raw: @json: a whole JSON value that is written as it is. */
void cel_json_raw(CelJsonWriter *writer, const char *key, const char *json);

/** cel_json_finish: Returns: (transfer full): the text; every bracket must be closed. */
char *cel_json_finish(CelJsonWriter *writer);

/** cel_json_append_quoted: appends @text as a JSON string, with its quotes, to @out. */
void cel_json_append_quoted(GString *out, const char *text);

enum { CEL_JSON_MAX_DEPTH = 64 };

/**
 * cel_json_read:
 * @text: @length bytes from anywhere; need not end in NUL
 * Reads any JSON value within bounds: json-glib calls itself once a level, so that a text of
 * brackets alone would use up the stack, and it takes escapes that give no valid UTF-8.
 * Returns: (transfer full): the value (immutable), all its texts valid UTF-8; NULL with
 *   CEL_ERROR_INPUT: no JSON, or nested more than CEL_JSON_MAX_DEPTH levels deep.
 *   Thread-safe: yes.
 */
JsonNode *cel_json_read(const char *text, gsize length, GError **error);

G_END_DECLS
