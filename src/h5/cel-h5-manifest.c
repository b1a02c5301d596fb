/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-h5-manifest.h"

#include "base/cel-hash.h"
#include "base/cel-number.h"
#include "h5/cel-h5-node.h"

#include <math.h>
#include <string.h>

static void append_escaped(GString *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c > ' ' && *c <= '~' && *c != '%')
            g_string_append_c(out, *c);
        else
            g_string_append_printf(out, "%%%02X", (guint)(guchar)*c);
    }
}

/* A JSON text in ASCII: everything else as \uXXXX would hide which bytes there are, so bytes above
 * 0x7e stay as they are and control characters are escaped. */
static void append_json_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_printf(out, "\\%c", *c);
        else if ((guchar)*c < 0x20 || *c == 0x7f)
            g_string_append_printf(out, "\\u%04x", (guint)(guchar)*c);
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static const char *type_name(CelH5Type type, gboolean foreign)
{
    static const char *const names[] = {
        [CEL_H5_GROUP] = "group", [CEL_H5_F64] = "f64", [CEL_H5_F32] = "f32",
        [CEL_H5_U8] = "u8",       [CEL_H5_U32] = "u32", [CEL_H5_I32] = "i32",
        [CEL_H5_I64] = "i64",     [CEL_H5_U64] = "u64", [CEL_H5_TEXT] = "text",
    };
    return foreign ? "text-foreign" : names[type];
}

/* ---- attributes ---- */

static void append_real(GString *out, double value)
{
    guint64 bits = 0;
    memcpy(&bits, &value, sizeof bits);
    if (isfinite(value))
        cel_number_append(out, value);
    else
        g_string_append_printf(out, "\"bits:%016" G_GINT64_MODIFIER "x\"", bits);
}

static void append_number(GString *out, CelH5Type type, const guint8 *at)
{
    union {
        guint8 bytes[8];
        double f64;
        float f32;
        guint32 u32;
        gint32 i32;
        gint64 i64;
        guint64 u64;
    } value = { .u64 = 0 };
    memcpy(value.bytes, at, cel_h5_type_size(type));
    switch (type) {
    case CEL_H5_F64:
        append_real(out, value.f64);
        break;
    case CEL_H5_F32:
        append_real(out, (double)value.f32);
        break;
    case CEL_H5_I32:
        g_string_append_printf(out, "%d", value.i32);
        break;
    case CEL_H5_I64:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value.i64);
        break;
    default: /* unsigned, the rest of the union is zero */
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, value.u64);
    }
}

static void append_elements(GString *out, const CelH5Attr *attr)
{
    gsize left = 0;
    const guint8 *at = g_bytes_get_data(attr->data, &left);
    for (gsize i = 0; i < attr->n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        const gsize size =
            attr->type == CEL_H5_TEXT ? strnlen((const char *)at, left) + 1
                                      : cel_h5_type_size(attr->type);
        g_return_if_fail(size <= left);
        if (attr->type == CEL_H5_TEXT)
            append_json_text(out, (const char *)at);
        else
            append_number(out, attr->type, at);
        at += size;
        left -= size;
    }
}

static void append_attr(GString *out, const char *path, const CelH5Attr *attr)
{
    g_string_append(out, "attr ");
    append_escaped(out, path);
    g_string_append_c(out, ' ');
    append_escaped(out, attr->name);
    g_string_append_printf(out, " %s ", type_name(attr->type, attr->foreign));
    if (attr->array)
        g_string_append_printf(out, "[%" G_GSIZE_FORMAT "] [", attr->n);
    else
        g_string_append(out, "[] ");
    append_elements(out, attr);
    g_string_append(out, attr->array ? "]\n" : "\n");
}

/* ---- objects ---- */

static void append_shape(GString *out, const CelH5Node *node, gsize n_bytes)
{
    g_string_append_c(out, '[');
    if (node->type == CEL_H5_TEXT)
        g_string_append_printf(out, "%" G_GSIZE_FORMAT, n_bytes);
    for (guint i = 0; i < node->rank; i++)
        g_string_append_printf(out, "%s%" G_GSIZE_FORMAT, i > 0 ? "," : "", node->shape[i]);
    g_string_append_c(out, ']');
}

static void append_dataset(GString *out, const char *path, const CelH5Node *node)
{
    static const char *const algorithms[] = { "sha256", "sm3" };
    gsize n = 0;
    const void *data = g_bytes_get_data(node->data, &n);
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_autofree char *hex = cel_digest_hex(algorithms[i], data, n);
        g_string_append_printf(out, "%s %s ", algorithms[i], hex);
        append_escaped(out, path);
        g_string_append_printf(out, " %s ", type_name(node->type, node->foreign));
        append_shape(out, node, n);
        g_string_append_c(out, '\n');
    }
}

static void append_object(GString *out, const CelH5Node *node, const char *path,
                          const char *const *skip)
{
    if (skip != NULL && g_strv_contains(skip, path))
        return;
    if (node->type == CEL_H5_GROUP) {
        g_string_append(out, "group ");
        append_escaped(out, path);
        g_string_append_c(out, '\n');
    } else {
        append_dataset(out, path, node);
    }
    for (guint i = 0; i < node->attributes->len; i++)
        append_attr(out, path, g_ptr_array_index(node->attributes, i));
    for (guint i = 0; node->children != NULL && i < node->children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(node->children, i);
        g_autofree char *below =
            g_strconcat(g_str_equal(path, "/") ? "" : path, "/", child->name, NULL);
        append_object(out, child, below, skip);
    }
}

char *cel_h5_manifest(const CelH5Node *node, const char *path, const char *const *skip)
{
    g_return_val_if_fail(node != NULL && path != NULL, NULL);
    GString *out = g_string_new(NULL);
    append_object(out, node, path, skip);
    return g_string_free(out, FALSE);
}

char *cel_h5_manifest_key(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 6);
    const guint n = g_strv_length(words);
    if (n == 2 && g_str_equal(words[0], "group"))
        return g_strdup(line);
    if (n == 6 && g_str_equal(words[0], "attr"))
        return g_strdup_printf("attr %s %s", words[1], words[2]);
    if (n == 5 && (g_str_equal(words[0], "sha256") || g_str_equal(words[0], "sm3")))
        return g_strdup_printf("%s %s", words[0], words[2]);
    return NULL;
}
