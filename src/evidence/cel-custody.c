/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-seal-tree.h"
#include "h5/cel-digest.h"

#include <string.h>

static const char *const signature_names[CEL_N_SIGNERS] = {"sig_sm2", "sig_ed25519"};
static const char *const certificate_names[CEL_N_SIGNERS] = {"cert_sm2", "cert_ed25519"};

void cel_custody_clear(CelCustody *custody)
{
    g_clear_pointer(&custody->record, g_bytes_unref);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&custody->signatures[s], g_bytes_unref);
        g_clear_pointer(&custody->certificates[s], g_bytes_unref);
    }
}

static void put(CelH5Node *group, const char *name, GBytes *bytes)
{
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    if (n > 0)
        cel_h5_put_bytes(group, name, data, n);
}

void cel_custody_put(CelH5Node *root, const CelCustody *custody)
{
    /* An NXnote with type and data is what h5web shows as formatted JSON; "data" repeats "record",
     * which stays raw bytes because h5dump can only write those out exactly. */
    CelH5Node *group = cel_h5_group(root, CEL_PATH_RECORD, "NXnote");
    cel_h5_put_text(group, "type", "application/json");
    put(group, "record", custody->record);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        put(group, signature_names[s], custody->signatures[s]);
        put(group, certificate_names[s], custody->certificates[s]);
    }
    gsize n = 0;
    const char *record = custody->record != NULL ? g_bytes_get_data(custody->record, &n) : NULL;
    if (n > 0 && g_utf8_validate_len(record, n, NULL)) {
        g_autofree char *text = g_strndup(record, n);
        cel_h5_put_text(group, "data", text);
    }
}

GBytes *cel_sealed_bytes(const CelH5Node *root, const char *path)
{
    gsize shape[CEL_H5_MAX_RANK];
    const CelH5Node *node = cel_h5_find(root, path);
    const gboolean bytes = node != NULL && cel_h5_type(node) == CEL_H5_U8 &&
                           cel_h5_shape(node, shape) == 1 && shape[0] > 0;
    return bytes ? cel_h5_data(node) : NULL;
}

static GBytes *get(const CelH5Node *root, const char *name)
{
    g_autofree char *path = g_strconcat(CEL_PATH_RECORD "/", name, NULL);
    GBytes *bytes = cel_sealed_bytes(root, path);
    return bytes != NULL ? g_bytes_ref(bytes) : NULL;
}

void cel_custody_get(const CelH5Node *root, CelCustody *out)
{
    *out = (CelCustody){.record = get(root, "record")};
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        out->signatures[s] = get(root, signature_names[s]);
        out->certificates[s] = get(root, certificate_names[s]);
    }
}

char *cel_manifest_of(const CelH5Node *root)
{
    static const char *const outside[] = {CEL_PATH_MANIFEST, CEL_PATH_CUSTODY, NULL};
    return cel_digest_manifest(root, outside);
}

char *cel_manifest_put(CelH5Node *root)
{
    char *manifest = cel_manifest_of(root);
    CelH5Node *celadon = cel_h5_group(root, "/celadon", NULL);
    cel_h5_put_bytes(celadon, "manifest", manifest, strlen(manifest));
    return manifest;
}

char *cel_measurement_group(gsize index)
{
    return index == 0 ? g_strdup("/") : g_strdup_printf("/replicate_%" G_GSIZE_FORMAT, index + 1);
}

char *cel_blank_group(gsize index)
{
    return g_strdup_printf("/blank_%" G_GSIZE_FORMAT, index + 1);
}
