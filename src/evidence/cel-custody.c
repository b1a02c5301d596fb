/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-custody.h"

#include "h5/cel-digest.h"

#include <string.h>

static const char *const part_names[CEL_N_PARTS] = {
    [CEL_PART_RECORD] = "record",
    [CEL_PART_SIGNATURE + CEL_SIGN_SM2] = "sig_sm2",
    [CEL_PART_SIGNATURE + CEL_SIGN_ED25519] = "sig_ed25519",
    [CEL_PART_CERTIFICATE + CEL_SIGN_SM2] = "cert_sm2",
    [CEL_PART_CERTIFICATE + CEL_SIGN_ED25519] = "cert_ed25519",
    [CEL_PART_EVENT] = "event",
    [CEL_PART_EVENT_SIGNATURE + CEL_SIGN_SM2] = "event_sig_sm2",
    [CEL_PART_EVENT_SIGNATURE + CEL_SIGN_ED25519] = "event_sig_ed25519",
    [CEL_PART_PROOF] = "proof",
    [CEL_PART_HEAD] = "head",
    [CEL_PART_HEAD_SIGNATURE + CEL_SIGN_SM2] = "head_sig_sm2",
    [CEL_PART_HEAD_SIGNATURE + CEL_SIGN_ED25519] = "head_sig_ed25519",
    [CEL_PART_HEAD_CERTIFICATE + CEL_SIGN_SM2] = "head_cert_sm2",
    [CEL_PART_HEAD_CERTIFICATE + CEL_SIGN_ED25519] = "head_cert_ed25519",
    [CEL_PART_ROOTS] = "roots",
    [CEL_PART_TOKEN] = "tsr",
};

const char *cel_custody_part_name(guint part)
{
    g_return_val_if_fail(part < CEL_N_PARTS, NULL);
    return part_names[part];
}

void cel_custody_clear(CelCustody *custody)
{
    for (guint i = 0; i < CEL_N_PARTS; i++)
        g_clear_pointer(&custody->parts[i], g_bytes_unref);
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
    for (guint i = 0; i < CEL_N_PARTS; i++)
        put(group, part_names[i], custody->parts[i]);
    gsize n = 0;
    GBytes *bytes = custody->parts[CEL_PART_RECORD];
    const char *record = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
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

void cel_custody_get(const CelH5Node *root, CelCustody *out)
{
    for (guint i = 0; i < CEL_N_PARTS; i++) {
        g_autofree char *path = g_strconcat(CEL_PATH_RECORD "/", part_names[i], NULL);
        GBytes *bytes = cel_sealed_bytes(root, path);
        out->parts[i] = bytes != NULL ? g_bytes_ref(bytes) : NULL;
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
