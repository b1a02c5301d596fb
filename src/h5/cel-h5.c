/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-h5.h"

#include "base/cel-error.h"
#include "h5/cel-h5-node.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Data go to the file as they lie in memory, and files hold little-endian numbers. */
G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

static void free_attr(gpointer data)
{
    CelH5Attr *attr = data;
    g_free(attr->name);
    g_bytes_unref(attr->data);
    g_free(attr);
}

static void free_node(gpointer data)
{
    CelH5Node *node = data;
    g_free(node->name);
    g_clear_pointer(&node->data, g_bytes_unref);
    g_clear_pointer(&node->children, g_ptr_array_unref);
    g_ptr_array_unref(node->attributes);
    g_free(node);
}

static CelH5Node *new_node(const char *name, CelH5Type type)
{
    CelH5Node *node = g_new0(CelH5Node, 1);
    node->name = g_strdup(name);
    node->type = type;
    node->attributes = g_ptr_array_new_with_free_func(free_attr);
    if (type == CEL_H5_GROUP)
        node->children = g_ptr_array_new_with_free_func(free_node);
    return node;
}

CelH5Node *cel_h5_tree_new(void)
{
    return new_node("", CEL_H5_GROUP);
}

void cel_h5_tree_free(CelH5Node *root)
{
    if (root != NULL)
        free_node(root);
}

gsize cel_h5_type_size(CelH5Type type)
{
    static const guint8 sizes[] = {
        [CEL_H5_GROUP] = 0, [CEL_H5_F64] = 8, [CEL_H5_F32] = 4, [CEL_H5_U8] = 1,   [CEL_H5_U32] = 4,
        [CEL_H5_I32] = 4,   [CEL_H5_I64] = 8, [CEL_H5_U64] = 8, [CEL_H5_TEXT] = 1,
    };
    return (gsize)type < G_N_ELEMENTS(sizes) ? sizes[type] : 0;
}

gboolean cel_h5_name_valid(const char *name)
{
    const gsize length = name != NULL ? strlen(name) : 0;
    return length > 0 && length <= CEL_H5_MAX_NAME && strchr(name, '/') == NULL &&
           strcmp(name, ".") != 0 && g_utf8_validate(name, (gssize)length, NULL);
}

gsize cel_h5_count(guint rank, const gsize *shape, gboolean *out_ok)
{
    gsize count = 1;
    *out_ok = rank <= CEL_H5_MAX_RANK;
    for (guint i = 0; *out_ok && i < rank; i++)
        *out_ok = g_size_checked_mul(&count, count, shape[i]);
    return *out_ok ? count : 0;
}

/* Where @name stands in the sorted @list, or where it belongs. Both kinds of entry begin with their
 * name. */
static guint find_place(const GPtrArray *list, const char *name, gboolean *out_found)
{
    guint low = 0, high = list->len;
    *out_found = FALSE;
    while (low < high) {
        const guint middle = low + (high - low) / 2;
        const char *const *entry = g_ptr_array_index(list, middle);
        const int order = strcmp(*entry, name);
        if (order == 0) {
            *out_found = TRUE;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
G_STATIC_ASSERT(G_STRUCT_OFFSET(CelH5Node, name) == 0);
G_STATIC_ASSERT(G_STRUCT_OFFSET(CelH5Attr, name) == 0);

CelH5Node *cel_h5_add(CelH5Node *parent, const char *name, CelH5Type type, GBytes *data)
{
    gboolean taken = TRUE;
    guint place = 0;
    if (parent->type == CEL_H5_GROUP && cel_h5_name_valid(name))
        place = find_place(parent->children, name, &taken);
    if (taken) {
        g_clear_pointer(&data, g_bytes_unref);
        return NULL;
    }
    CelH5Node *node = new_node(name, type);
    node->data = data;
    g_ptr_array_insert(parent->children, (gint)place, node);
    return node;
}

CelH5Attr *cel_h5_add_attr(CelH5Node *node, const char *name, CelH5Type type, GBytes *data)
{
    if (!cel_h5_name_valid(name)) {
        g_bytes_unref(data);
        return NULL;
    }
    gboolean taken = FALSE;
    const guint place = find_place(node->attributes, name, &taken);
    if (taken)
        g_ptr_array_remove_index(node->attributes, place);
    CelH5Attr *attr = g_new0(CelH5Attr, 1);
    attr->name = g_strdup(name);
    attr->type = type;
    attr->n = 1;
    attr->data = data;
    g_ptr_array_insert(node->attributes, (gint)place, attr);
    return attr;
}

static CelH5Node *child(const CelH5Node *group, const char *name)
{
    gboolean found = FALSE;
    if (group->type != CEL_H5_GROUP)
        return NULL;
    const guint place = find_place(group->children, name, &found);
    return found ? g_ptr_array_index(group->children, place) : NULL;
}

CelH5Node *cel_h5_group(CelH5Node *parent, const char *path, const char *nx_class)
{
    g_return_val_if_fail(parent != NULL && path != NULL, NULL);
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    CelH5Node *node = parent;
    for (guint i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] == '\0')
            continue;
        CelH5Node *next = child(node, parts[i]);
        node = next != NULL ? next : cel_h5_add(node, parts[i], CEL_H5_GROUP, NULL);
        g_return_val_if_fail(node != NULL && node->type == CEL_H5_GROUP, NULL);
    }
    if (nx_class != NULL)
        cel_h5_attr_text(node, "NX_class", nx_class);
    return node;
}

void cel_h5_remove(CelH5Node *group, const char *name)
{
    gboolean found = FALSE;
    g_return_if_fail(group != NULL && group->type == CEL_H5_GROUP && name != NULL);
    const guint place = find_place(group->children, name, &found);
    if (found)
        g_ptr_array_remove_index(group->children, place);
}

CelH5Node *cel_h5_put(CelH5Node *parent, const char *name, CelH5Type type, guint rank,
                      const gsize *shape, const void *data, gboolean deflate)
{
    gboolean ok = FALSE;
    const gsize size = cel_h5_type_size(type);
    g_return_val_if_fail(parent != NULL && size > 0 && type != CEL_H5_TEXT, NULL);
    gsize bytes = cel_h5_count(rank, shape, &ok);
    g_return_val_if_fail(ok && g_size_checked_mul(&bytes, bytes, size), NULL);
    CelH5Node *node = cel_h5_add(parent, name, type, g_bytes_new(data, bytes));
    g_return_val_if_fail(node != NULL, NULL);
    node->rank = rank;
    for (guint i = 0; i < rank; i++)
        node->shape[i] = shape[i];
    node->deflate = deflate;
    return node;
}

CelH5Node *cel_h5_put_f64(CelH5Node *parent, const char *name, const double *values, gsize n)
{
    return cel_h5_put(parent, name, CEL_H5_F64, 1, &n, values, FALSE);
}

CelH5Node *cel_h5_put_bytes(CelH5Node *parent, const char *name, const void *data, gsize n)
{
    return cel_h5_put(parent, name, CEL_H5_U8, 1, &n, data, FALSE);
}

CelH5Node *cel_h5_put_text(CelH5Node *parent, const char *name, const char *text)
{
    if (text == NULL)
        return NULL;
    const gsize length = strlen(text);
    g_return_val_if_fail(g_utf8_validate(text, (gssize)length, NULL), NULL);
    if (length > CEL_H5_MAX_COMPACT)
        return cel_h5_put_bytes(parent, name, text, length);
    CelH5Node *node = cel_h5_add(parent, name, CEL_H5_TEXT, g_bytes_new(text, length));
    g_return_val_if_fail(node != NULL, NULL);
    return node;
}

CelH5Node *cel_h5_put_number(CelH5Node *parent, const char *name, double value, const char *units)
{
    CelH5Node *node = cel_h5_put(parent, name, CEL_H5_F64, 0, NULL, &value, FALSE);
    if (node != NULL && units != NULL)
        cel_h5_attr_text(node, "units", units);
    return node;
}

CelH5Node *cel_h5_put_int(CelH5Node *parent, const char *name, gint64 value)
{
    return cel_h5_put(parent, name, CEL_H5_I64, 0, NULL, &value, FALSE);
}

void cel_h5_attr_text(CelH5Node *node, const char *name, const char *text)
{
    if (text == NULL)
        return;
    const gsize length = strlen(text);
    g_return_if_fail(node != NULL && g_utf8_validate(text, (gssize)length, NULL));
    cel_h5_add_attr(node, name, CEL_H5_TEXT, g_bytes_new(text, length + 1));
}

void cel_h5_attr_f64(CelH5Node *node, const char *name, double value)
{
    cel_h5_add_attr(node, name, CEL_H5_F64, g_bytes_new(&value, sizeof value));
}

void cel_h5_attr_int(CelH5Node *node, const char *name, gint64 value)
{
    cel_h5_add_attr(node, name, CEL_H5_I64, g_bytes_new(&value, sizeof value));
}

void cel_h5_attr_texts(CelH5Node *node, const char *name, const char *const *texts)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    gsize n = 0;
    for (; texts[n] != NULL; n++) {
        g_return_if_fail(g_utf8_validate(texts[n], -1, NULL));
        g_byte_array_append(all, (const guint8 *)texts[n], (guint)strlen(texts[n]) + 1);
    }
    CelH5Attr *attr = cel_h5_add_attr(node, name, CEL_H5_TEXT, g_bytes_new(all->data, all->len));
    g_return_if_fail(attr != NULL);
    attr->array = TRUE;
    attr->n = n;
}

const CelH5Node *cel_h5_find(const CelH5Node *node, const char *path)
{
    g_return_val_if_fail(node != NULL && path != NULL, NULL);
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (guint i = 0; node != NULL && parts[i] != NULL; i++) {
        if (parts[i][0] != '\0')
            node = child(node, parts[i]);
    }
    return node;
}

GPtrArray *cel_h5_children(const CelH5Node *group)
{
    g_return_val_if_fail(group != NULL && group->type == CEL_H5_GROUP, NULL);
    return group->children;
}

const char *cel_h5_name(const CelH5Node *node)
{
    return node->name;
}

CelH5Type cel_h5_type(const CelH5Node *node)
{
    return node->type;
}

guint cel_h5_shape(const CelH5Node *node, gsize *out_shape)
{
    for (guint i = 0; i < CEL_H5_MAX_RANK; i++)
        out_shape[i] = node->shape[i];
    return node->rank;
}

GBytes *cel_h5_data(const CelH5Node *node)
{
    return node->data;
}

static double element(const guint8 *at, CelH5Type type)
{
    union {
        guint64 bits;
        gint64 whole;
        double real;
    } wide = {0};
    union {
        guint32 bits;
        gint32 whole;
        float real;
    } narrow = {0};
    if (cel_h5_type_size(type) == 8) {
        memcpy(&wide, at, sizeof wide);
    } else if (cel_h5_type_size(type) == 4) {
        memcpy(&narrow, at, sizeof narrow);
    }
    switch (type) {
    case CEL_H5_F64:
        return wide.real;
    case CEL_H5_I64:
        return (double)wide.whole;
    case CEL_H5_U64:
        return (double)wide.bits;
    case CEL_H5_F32:
        return (double)narrow.real;
    case CEL_H5_I32:
        return (double)narrow.whole;
    case CEL_H5_U32:
        return (double)narrow.bits;
    default:
        return (double)at[0];
    }
}

static const CelH5Node *find_data(const CelH5Node *node, const char *path, GError **error)
{
    const CelH5Node *found = cel_h5_find(node, path);
    if (found != NULL && found->type != CEL_H5_GROUP)
        return found;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                found == NULL ? _("The file has no \"%s\"; it is not of the kind expected here")
                              : _("\"%s\" is a group where the file should hold data"),
                path);
    return NULL;
}

double *cel_h5_get_f64(const CelH5Node *node, const char *path, gsize *out_n, GError **error)
{
    const CelH5Node *found = find_data(node, path, error);
    if (found == NULL)
        return NULL;
    if (found->type == CEL_H5_TEXT) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("\"%s\" holds a text where the file should hold numbers"), path);
        return NULL;
    }
    gsize bytes = 0;
    const guint8 *data = g_bytes_get_data(found->data, &bytes);
    const gsize size = cel_h5_type_size(found->type), n = bytes / size;
    double *values = g_try_new(double, MAX(n, 1));
    if (values == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("Not enough memory for \"%s\""), path);
        return NULL;
    }
    for (gsize i = 0; i < n; i++)
        values[i] = element(data + i * size, found->type);
    *out_n = n;
    return values;
}

gboolean cel_h5_get_int(const CelH5Node *node, const char *path, gint64 *out_value, GError **error)
{
    const CelH5Node *found = find_data(node, path, error);
    if (found == NULL)
        return FALSE;
    const guint8 *data = g_bytes_get_data(found->data, NULL);
    const gboolean narrow =
        found->type == CEL_H5_I32 || found->type == CEL_H5_U32 || found->type == CEL_H5_U8;
    if (found->rank != 0 || (!narrow && found->type != CEL_H5_I64)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("\"%s\" does not hold one whole number where the file should"), path);
        return FALSE;
    }
    if (narrow) /* exact in a double */
        *out_value = (gint64)element(data, found->type);
    else
        memcpy(out_value, data, sizeof *out_value);
    return TRUE;
}

char *cel_h5_get_text(const CelH5Node *node, const char *path, GError **error)
{
    const CelH5Node *found = find_data(node, path, error);
    if (found == NULL)
        return NULL;
    gsize n = 0;
    const char *data = g_bytes_get_data(found->data, &n);
    if (found->type == CEL_H5_TEXT || (found->type == CEL_H5_U8 && n == 0) ||
        (found->type == CEL_H5_U8 && g_utf8_validate_len(data, n, NULL)))
        return g_strndup(data != NULL ? data : "", n);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("\"%s\" does not hold a text in UTF-8 where the file should"), path);
    return NULL;
}

static const CelH5Attr *find_attr(const CelH5Node *node, const char *name)
{
    gboolean found = FALSE;
    const guint place = find_place(node->attributes, name, &found);
    return found ? g_ptr_array_index(node->attributes, place) : NULL;
}

const char *cel_h5_attr(const CelH5Node *node, const char *name)
{
    const CelH5Attr *attr = find_attr(node, name);
    return attr != NULL && attr->type == CEL_H5_TEXT && attr->n == 1
               ? g_bytes_get_data(attr->data, NULL)
               : NULL;
}

guint cel_h5_skipped(const CelH5Node *root)
{
    return root->skipped;
}

const char *cel_h5_attr_at(const CelH5Node *node, const char *name, guint index)
{
    const CelH5Attr *attr = find_attr(node, name);
    if (attr == NULL || attr->type != CEL_H5_TEXT || index >= attr->n)
        return NULL;
    const char *text = g_bytes_get_data(attr->data, NULL);
    for (guint i = 0; i < index; i++)
        text += strlen(text) + 1; /* each of the n texts has its zero */
    return text;
}

gboolean cel_h5_attr_number(const CelH5Node *node, const char *name, double *out_value)
{
    const CelH5Attr *attr = find_attr(node, name);
    if (attr == NULL || attr->type == CEL_H5_TEXT || attr->n != 1)
        return FALSE;
    *out_value = element(g_bytes_get_data(attr->data, NULL), attr->type);
    return TRUE;
}

const char **cel_h5_attr_names(const CelH5Node *node)
{
    const char **names = g_new0(const char *, node->attributes->len + 1);
    for (guint i = 0; i < node->attributes->len; i++)
        names[i] = ((const CelH5Attr *)g_ptr_array_index(node->attributes, i))->name;
    return names;
}
