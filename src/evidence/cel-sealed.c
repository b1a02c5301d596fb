/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-json.h"
#include "evidence/cel-record.h"
#include "evidence/cel-seal-tree.h"

#include <glib/gi18n-lib.h>

struct CelSealed {
    CelH5Node *root;
    JsonNode *record;
    JsonNode *answer;
};

void cel_sealed_free(CelSealed *sealed)
{
    if (sealed == NULL)
        return;
    cel_h5_tree_free(sealed->root);
    g_clear_pointer(&sealed->record, json_node_unref);
    g_clear_pointer(&sealed->answer, json_node_unref);
    g_free(sealed);
}

static gboolean read_answer(CelSealed *sealed, const char *path, GError **error)
{
    GBytes *bytes = cel_sealed_bytes(sealed->root, CEL_PATH_ANSWER);
    gsize n = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    sealed->answer = text != NULL ? cel_json_read(text, n, NULL) : NULL;
    if (sealed->answer != NULL && JSON_NODE_HOLDS_OBJECT(sealed->answer))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: the sealed answer cannot be read; verify the file"), path);
    return FALSE;
}

static gboolean read_record(CelSealed *sealed, const char *path, GError **error)
{
    GBytes *bytes = cel_sealed_bytes(sealed->root, CEL_PATH_RECORD "/record");
    if (bytes == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: this is not a file sealed by celadon"), path);
        return FALSE;
    }
    sealed->record = cel_record_read(bytes, error);
    if (sealed->record == NULL)
        g_prefix_error(error, "%s: ", path);
    return sealed->record != NULL;
}

CelSealed *cel_sealed_open(const char *path, CelJob *job, GError **error)
{
    g_autoptr(CelSealed) sealed = g_new0(CelSealed, 1);
    sealed->root = cel_h5_read(path, CEL_SEAL_MAX_BYTES, job, error);
    if (sealed->root == NULL || !read_record(sealed, path, error) ||
        !read_answer(sealed, path, error))
        return NULL;
    return g_steal_pointer(&sealed);
}

const CelH5Node *cel_sealed_root(const CelSealed *sealed)
{
    return sealed->root;
}

JsonObject *cel_sealed_record(const CelSealed *sealed)
{
    return json_node_get_object(sealed->record);
}

JsonObject *cel_sealed_answer(const CelSealed *sealed)
{
    return json_node_get_object(sealed->answer);
}

gboolean cel_sealed_is_training(const CelSealed *sealed)
{
    return json_object_get_boolean_member(cel_sealed_record(sealed), "training");
}

const CelH5Node *cel_sealed_measurement(const CelSealed *sealed, gsize index)
{
    g_autofree char *path = cel_measurement_group(index);
    return cel_h5_find(sealed->root, path);
}

const CelH5Node *cel_sealed_blank(const CelSealed *sealed, gsize index)
{
    g_autofree char *path = cel_blank_group(index);
    return cel_h5_find(sealed->root, path);
}
