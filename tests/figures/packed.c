/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packed.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <gio/gio.h>
#include <string.h>

static void packed_free(gpointer data)
{
    PackedSpectrum *spectrum = data;
    g_free(spectrum->id);
    g_free(spectrum->name);
    g_free(spectrum->sample);
    g_free(spectrum->x);
    g_free(spectrum->y);
    g_free(spectrum);
}

char *packed_text(const char *path, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) raw = g_file_read(file, NULL, error);
    if (raw == NULL)
        return NULL;
    g_autoptr(GZlibDecompressor) unzip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(GInputStream) in = g_str_has_suffix(path, ".gz")
        ? g_converter_input_stream_new(G_INPUT_STREAM(raw), G_CONVERTER(unzip))
        : g_object_ref(G_INPUT_STREAM(raw));
    g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
    if (g_output_stream_splice(out, in, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, NULL, error) < 0 ||
        !g_output_stream_write_all(out, "", 1, NULL, NULL, error) ||
        !g_output_stream_close(out, NULL, error))
        return NULL;
    return g_memory_output_stream_steal_data(G_MEMORY_OUTPUT_STREAM(out));
}

static double number(const char *text)
{
    double value = 0;
    g_assert_true(cel_number_parse(text, strcspn(text, " :\t\n"), '.', &value));
    return value;
}

/* "L:x0:dx" or "X:v v v" */
static void read_axis(const char *text, PackedSpectrum *out)
{
    if (text[0] == 'L') {
        const double first = number(text + 2);
        const double step = number(strchr(text + 2, ':') + 1);
        for (gsize i = 0; i < out->n; i++)
            out->x[i] = first + step * (double)i;
        return;
    }
    const char *at = text + 2;
    for (gsize i = 0; i < out->n; i++) {
        out->x[i] = number(at);
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
}

static PackedSpectrum *read_row(const char *line)
{
    g_auto(GStrv) column = g_strsplit(line, "\t", 9);
    g_assert_cmpuint(g_strv_length(column), ==, 9);
    PackedSpectrum *out = g_new0(PackedSpectrum, 1);
    out->id = g_strdup(column[0]);
    out->name = g_strdup(column[1]);
    out->sample = g_strdup(column[2]);
    out->laser_nm = number(column[3]);
    out->n = (gsize)number(column[5]);
    out->x = g_new(double, out->n);
    out->y = g_new(float, out->n);
    read_axis(column[6], out);
    const double scale = number(column[7]);
    const char *at = column[8];
    for (gsize i = 0; i < out->n; i++) {
        char *end = NULL;
        out->y[i] = (float)((double)g_ascii_strtoll(at, &end, 10) * scale);
        at = end;
    }
    return out;
}

GPtrArray *packed_load(const char *path, GError **error)
{
    g_autofree char *text = packed_text(path, error);
    if (text == NULL)
        return NULL;
    GPtrArray *out = g_ptr_array_new_with_free_func(packed_free);
    for (char *line = text; line != NULL && *line != '\0';) {
        char *next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (line[0] != '#' && line[0] != '\0')
            g_ptr_array_add(out, read_row(line));
        line = next;
    }
    return out;
}
