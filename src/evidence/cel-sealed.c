/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-sealed.h"

#include "base/cel-error.h"
#include "base/cel-json.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>

struct CelSealed {
    CelH5Node *root;
    JsonNode *record;
    JsonNode *answer;
    CelCustody custody;
};

void cel_sealed_free(CelSealed *sealed)
{
    if (sealed == NULL)
        return;
    cel_h5_tree_free(sealed->root);
    g_clear_pointer(&sealed->record, json_node_unref);
    g_clear_pointer(&sealed->answer, json_node_unref);
    cel_custody_clear(&sealed->custody);
    g_free(sealed);
}

static gboolean read_answer(CelSealed *sealed, const char *at, const char *path, GError **error)
{
    GBytes *bytes = cel_sealed_bytes(sealed->root, at);
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
    GBytes *bytes = sealed->custody.parts[CEL_PART_RECORD];
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

/* @kind: NULL for a measurement. */
static gboolean check_kind(const CelSealed *sealed, const char *kind, const char *path,
                           GError **error)
{
    JsonObject *record = cel_sealed_record(sealed);
    const char *is = cel_record_is_object(record) ? cel_record_text(record, "subject/kind") : NULL;
    if (g_strcmp0(is, kind) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: this file seals a %s, not a %s"), path,
                is != NULL ? is : "measurement", kind != NULL ? kind : "measurement");
    return FALSE;
}

/* @root: (transfer full) */
static CelSealed *of_kind(CelH5Node *root, const char *kind, const char *path, GError **error)
{
    g_autoptr(CelSealed) sealed = g_new0(CelSealed, 1);
    sealed->root = root;
    cel_custody_get(sealed->root, &sealed->custody);
    return read_record(sealed, path, error) && check_kind(sealed, kind, path, error) &&
                   read_answer(sealed, kind == NULL ? CEL_PATH_ANSWER : CEL_PATH_OBJECT, path,
                               error)
               ? g_steal_pointer(&sealed)
               : NULL;
}

static CelSealed *open_kind(const char *path, const char *kind, CelJob *job, GError **error)
{
    CelH5Node *root = cel_h5_read(path, CEL_SEAL_MAX_BYTES, job, error);
    return root != NULL ? of_kind(root, kind, path, error) : NULL;
}

CelSealed *cel_sealed_of(CelH5Node *root, const char *path, GError **error)
{
    return of_kind(root, NULL, path, error);
}

CelSealed *cel_sealed_open(const char *path, CelJob *job, GError **error)
{
    return open_kind(path, NULL, job, error);
}

CelSealed *cel_sealed_open_object(const char *path, const char *kind, CelJob *job, GError **error)
{
    g_return_val_if_fail(kind != NULL, NULL);
    return open_kind(path, kind, job, error);
}

const CelCustody *cel_sealed_custody(const CelSealed *sealed)
{
    return &sealed->custody;
}

GBytes *cel_sealed_input(const CelSealed *sealed, const char *name)
{
    g_autofree char *path = g_strconcat("/celadon/inputs/", name, NULL);
    return cel_sealed_bytes(sealed->root, path);
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
