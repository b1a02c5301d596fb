/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-digest.h"

#include "base/cel-hash.h"
#include "h5/cel-h5-node.h"

#include <string.h>

static const char *const algorithms[] = {"sha256", "sm3"};

static void append_escaped(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const guchar byte = (guchar)*text;
        if (byte <= 0x20 || byte == '%' || byte == 0x7f)
            g_string_append_printf(out, "%%%02X", byte);
        else
            g_string_append_c(out, *text);
    }
}

static const char *type_name(CelH5Type type, gboolean foreign)
{
    static const char *const names[] = {
        [CEL_H5_F64] = "f64le", [CEL_H5_F32] = "f32le", [CEL_H5_U8] = "u8",
        [CEL_H5_U32] = "u32le", [CEL_H5_I32] = "i32le", [CEL_H5_I64] = "i64le",
        [CEL_H5_U64] = "u64le", [CEL_H5_TEXT] = "text",
    };
    return foreign ? "text-other" : names[type];
}

static void append_values(GString *out, const CelH5Attr *attr)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(attr->data, &size);
    const gsize width = cel_h5_type_size(attr->type);
    for (gsize i = 0; i < attr->n; i++) {
        g_string_append_c(out, ' ');
        if (attr->type == CEL_H5_TEXT) {
            append_escaped(out, (const char *)data);
            data += strlen((const char *)data) + 1;
            continue;
        }
        for (gsize k = 0; k < width; k++)
            g_string_append_printf(out, "%02x", data[i * width + k]);
    }
}

char *cel_digest_attributes(const CelH5Node *node)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < node->attributes->len; i++) {
        const CelH5Attr *attr = g_ptr_array_index(node->attributes, i);
        append_escaped(out, attr->name);
        g_string_append_printf(out, " %s ", type_name(attr->type, attr->foreign));
        if (attr->array)
            g_string_append_printf(out, "%" G_GSIZE_FORMAT, attr->n);
        else
            g_string_append(out, "scalar");
        append_values(out, attr);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void append_lines(GString *out, const void *data, gsize size, const char *rest)
{
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_autofree char *hex = cel_digest_hex(algorithms[i], data, size);
        g_string_append_printf(out, "%s %s %s\n", algorithms[i], hex != NULL ? hex : "unavailable",
                               rest);
    }
}

static void append_dataset(GString *out, const CelH5Node *node, const char *escaped_path)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(node->data, &size);
    g_autoptr(GString) rest = g_string_new(escaped_path);
    g_string_append_printf(rest, " %s ", type_name(node->type, node->foreign));
    if (node->rank == 0)
        g_string_append(rest, "scalar");
    for (guint i = 0; i < node->rank; i++)
        g_string_append_printf(rest, "%s%" G_GSIZE_FORMAT, i > 0 ? "x" : "", node->shape[i]);
    if (node->type == CEL_H5_TEXT && size == 0)
        append_lines(out, "", 1, rest->str); /* HDF5 has no text of length 0 */
    else
        append_lines(out, data, size, rest->str);
}

static void append_object(GString *out, const CelH5Node *node, GString *path,
                          const char *const *except)
{
    if (except != NULL && g_strv_contains(except, path->str))
        return;
    g_autoptr(GString) escaped = g_string_new(NULL);
    append_escaped(escaped, path->str);
    if (node->type != CEL_H5_GROUP)
        append_dataset(out, node, escaped->str);
    g_autofree char *attributes = cel_digest_attributes(node);
    g_string_append_printf(escaped, " attributes %u", node->attributes->len);
    append_lines(out, attributes, strlen(attributes), escaped->str);
    for (guint i = 0; node->type == CEL_H5_GROUP && i < node->children->len; i++) {
        const CelH5Node *below = g_ptr_array_index(node->children, i);
        const gsize before = path->len;
        if (before > 1)
            g_string_append_c(path, '/');
        g_string_append(path, below->name);
        append_object(out, below, path, except);
        g_string_truncate(path, before);
    }
}

char *cel_digest_manifest(const CelH5Node *root, const char *const *except)
{
    g_return_val_if_fail(root != NULL, NULL);
    GString *out = g_string_new("celadon-manifest 1\n");
    g_autoptr(GString) path = g_string_new("/");
    append_object(out, root, path, except);
    return g_string_free(out, FALSE);
}
