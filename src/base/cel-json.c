/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-json.h"

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
