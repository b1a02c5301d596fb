/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean passphrase_is_long_enough(const CelKey *key, const char *passphrase, GError **error)
{
    gboolean needed = FALSE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        needed = needed || key->slots[s].store == &cel_key_store_file;
    const gsize length = strlen(passphrase);
    if (!needed || (length >= CEL_KEY_MIN_PASSPHRASE && length <= G_MAXINT16))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("The passphrase of a signing key needs at least %d characters; "
                  "the key was not saved"),
                CEL_KEY_MIN_PASSPHRASE);
    return FALSE;
}

static gboolean close_slots(const CelKey *key, const char *passphrase, CelKeyFile *out,
                            GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        const CelKeySlot *slot = &key->slots[s];
        if (slot->store == NULL)
            continue;
        out->parts[s].store = slot->store;
        out->parts[s].stored = slot->store->save(slot->secret, passphrase, error);
        if (out->parts[s].stored == NULL)
            return FALSE;
        out->parts[s].certificate = X509_dup(slot->certificate);
        out->parts[s].issuer = slot->issuer != NULL ? X509_dup(slot->issuer) : NULL;
    }
    return TRUE;
}

gboolean cel_key_save(CelKey *key, const char *path, const char *passphrase, GError **error)
{
    g_auto(CelKeyFile) file = {0};
    if (!passphrase_is_long_enough(key, passphrase, error) ||
        !close_slots(key, passphrase, &file, error))
        return FALSE;
    g_autoptr(GBytes) pem = cel_key_file_print(&file, error);
    return pem != NULL && cel_file_create(path, pem, 0600, error);
}

static gboolean open_slots(CelKeyFile *file, const char *passphrase, CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        CelKeySlot *slot = &key->slots[s];
        if (file->parts[s].store == NULL)
            continue;
        slot->secret =
            file->parts[s].store->open((CelSigner)s, file->parts[s].stored, passphrase, error);
        if (slot->secret == NULL)
            return FALSE;
        slot->store = file->parts[s].store;
        slot->certificate = g_steal_pointer(&file->parts[s].certificate);
        slot->issuer = g_steal_pointer(&file->parts[s].issuer);
    }
    if (key->slots[CEL_SIGN_SM2].store != NULL || key->slots[CEL_SIGN_ED25519].store != NULL)
        return cel_keys_check(key, error);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("There are certificates in this file and no key"));
    return FALSE;
}

CelKey *cel_key_load(const char *path, const char *passphrase, GError **error)
{
    g_auto(CelKeyFile) file = {0};
    g_autoptr(GBytes) pem = cel_file_read(path, CEL_KEY_FILE_MAX_BYTES, error);
    if (pem == NULL)
        return NULL;
    cel_keys_use_secure_heap();
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    if (!cel_key_file_parse(pem, &file, error) || !open_slots(&file, passphrase, key, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&key);
}
