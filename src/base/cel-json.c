/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-json.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

#include "base/cel-number.h"

#include <math.h>
#include <string.h>

enum { DEEPEST = 32 };

struct CelJsonWriter {
    GString *out;
    char closing[DEEPEST];
    guint depth;
    gboolean first; /* no comma before the next value */
};

CelJsonWriter *cel_json_writer_new(void)
{
    CelJsonWriter *writer = g_new0(CelJsonWriter, 1);
    writer->out = g_string_new(NULL);
    writer->first = TRUE;
    return writer;
}

void cel_json_writer_free(CelJsonWriter *writer)
{
    if (writer == NULL)
        return;
    if (writer->out != NULL)
        g_string_free(writer->out, TRUE);
    g_free(writer);
}

void cel_json_append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        static const char special[] = "\"\\\b\f\n\r\t";
        static const char letters[] = "\"\\bfnrt";
        const char *hit = strchr(special, *c);
        if (hit != NULL)
            g_string_append_printf(out, "\\%c", letters[hit - special]);
        else if ((guchar)*c < 0x20)
            g_string_append_printf(out, "\\u%04x", (guint)(guchar)*c);
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void begin_value(CelJsonWriter *writer, const char *key)
{
    if (!writer->first)
        g_string_append_c(writer->out, ',');
    writer->first = FALSE;
    if (key != NULL) {
        cel_json_append_quoted(writer->out, key);
        g_string_append_c(writer->out, ':');
    }
}

void cel_json_open(CelJsonWriter *writer, const char *key, char bracket)
{
    g_return_if_fail(writer->depth < DEEPEST);
    begin_value(writer, key);
    g_string_append_c(writer->out, bracket);
    writer->closing[writer->depth++] = bracket == '{' ? '}' : ']';
    writer->first = TRUE;
}

void cel_json_close(CelJsonWriter *writer)
{
    g_return_if_fail(writer->depth > 0);
    g_string_append_c(writer->out, writer->closing[--writer->depth]);
    writer->first = FALSE;
}

void cel_json_text(CelJsonWriter *writer, const char *key, const char *value)
{
    begin_value(writer, key);
    if (value == NULL) {
        g_string_append(writer->out, "null");
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    cel_json_append_quoted(writer->out, valid);
}

void cel_json_number(CelJsonWriter *writer, const char *key, double value, int digits)
{
    begin_value(writer, key);
    if (!isfinite(value)) {
        g_string_append(writer->out, "null");
    } else if (digits == 0) {
        cel_number_append(writer->out, value);
    } else {
        char format[8], buffer[G_ASCII_DTOSTR_BUF_SIZE];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_string_append(writer->out, g_ascii_formatd(buffer, sizeof buffer, format, value));
    }
}

void cel_json_int(CelJsonWriter *writer, const char *key, gint64 value)
{
    begin_value(writer, key);
    g_string_append_printf(writer->out, "%" G_GINT64_FORMAT, value);
}

void cel_json_bool(CelJsonWriter *writer, const char *key, gboolean value)
{
    begin_value(writer, key);
    g_string_append(writer->out, value ? "true" : "false");
}

void cel_json_raw(CelJsonWriter *writer, const char *key, const char *json)
{
    begin_value(writer, key);
    g_string_append(writer->out, json);
}

char *cel_json_finish(CelJsonWriter *writer)
{
    g_return_val_if_fail(writer->depth == 0, NULL);
    return g_string_free(g_steal_pointer(&writer->out), FALSE);
}

static gboolean texts_valid(JsonNode *node);

static gboolean members_valid(JsonObject *object)
{
    JsonObjectIter iter;
    const char *key = NULL;
    JsonNode *value = NULL;
    json_object_iter_init(&iter, object);
    while (json_object_iter_next(&iter, &key, &value)) {
        if (!g_utf8_validate(key, -1, NULL) || !texts_valid(value))
            return FALSE;
    }
    return TRUE;
}

static gboolean texts_valid(JsonNode *node)
{
    if (JSON_NODE_HOLDS_OBJECT(node))
        return members_valid(json_node_get_object(node));
    if (JSON_NODE_HOLDS_VALUE(node))
        return json_node_get_value_type(node) != G_TYPE_STRING ||
               g_utf8_validate(json_node_get_string(node), -1, NULL);
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        if (!texts_valid(json_array_get_element(array, i)))
            return FALSE;
    }
    return TRUE;
}

/* The place after the text that begins at @at with a quotation mark. */
static gsize after_text(const char *text, gsize length, gsize at)
{
    for (at++; at < length && text[at] != '"'; at++)
        at += text[at] == '\\'; /* what is escaped ends no text */
    return at + 1;
}

/* Counts levels as the parser will. json-glib also takes comments and other quotation marks, which
 * are no JSON (RFC 8259) and would hide brackets from this count: their marks are refused. */
static gboolean within_bounds(const char *text, gsize length)
{
    static const char marks[] = "{}[],:+-. \t\r\n";
    guint depth = 0;
    for (gsize at = 0; at < length;) {
        if (text[at] == '"') {
            at = after_text(text, length, at);
            continue;
        }
        if (!g_ascii_isalnum(text[at]) && strchr(marks, text[at]) == NULL)
            return FALSE;
        depth += text[at] == '[' || text[at] == '{';
        depth -= depth > 0 && (text[at] == ']' || text[at] == '}');
        if (depth > CEL_JSON_MAX_DEPTH)
            return FALSE;
        at++;
    }
    return TRUE;
}

static JsonNode *refuse(const char *why, GError **error)
{
    g_autofree char *valid = g_utf8_make_valid(why, -1);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, valid);
    return NULL;
}

JsonNode *cel_json_read(const char *text, gsize length, GError **error)
{
    if (length == 0 || !g_utf8_validate_len(text, length, NULL))
        return refuse(_("the text is not JSON in UTF-8"), error);
    if (!within_bounds(text, length))
        return refuse(_("it is nested too deeply or no JSON"), error);
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    g_autoptr(GError) detail = NULL;
    if (!json_parser_load_from_data(parser, text, (gssize)length, &detail))
        return refuse(detail->message, error);
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL)
        return refuse(_("the text is not JSON in UTF-8"), error);
    if (!texts_valid(root))
        return refuse(_("a text is not valid UTF-8"), error);
    return json_parser_steal_root(parser);
}
