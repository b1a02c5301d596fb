/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-error.h"
#include "h5/cel-digest.h"
#include "h5/cel-h5-parse.h"

/* What came out of hostile bytes is an error or a tree that everyone can walk. */

static void check_node(const CelH5Node *node)
{
    gsize shape[CEL_H5_MAX_RANK], n = 0;
    if (cel_h5_type(node) == CEL_H5_GROUP) {
        GPtrArray *children = cel_h5_children(node);
        for (guint i = 0; i < children->len; i++) {
            g_assert_true(cel_h5_name_valid(cel_h5_name(g_ptr_array_index(children, i))));
            check_node(g_ptr_array_index(children, i));
        }
        return;
    }
    const guint rank = cel_h5_shape(node, shape);
    gboolean ok = FALSE;
    g_assert_cmpuint(rank, <=, CEL_H5_MAX_RANK);
    n = cel_h5_count(rank, shape, &ok);
    g_assert_true(ok);
    if (cel_h5_type(node) != CEL_H5_TEXT)
        g_assert_cmpuint(n * cel_h5_type_size(cel_h5_type(node)), ==,
                         g_bytes_get_size(cel_h5_data(node)));
}

static void check_tree(const CelH5Node *root, const GError *error)
{
    if (root == NULL) {
        g_assert_nonnull(error);
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return;
    }
    g_assert_no_error(error);
    check_node(root);
    g_autofree char *manifest = cel_digest_manifest(root, NULL);
    g_assert_true(g_utf8_validate(manifest, -1, NULL));
}
