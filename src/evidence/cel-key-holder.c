/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-key-holder.h"

#include "base/cel-error.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>

void cel_key_holder_clear(CelKeyHolder *holder)
{
    cel_certificate_clear(&holder->about);
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, why);
    return FALSE;
}

static void fingerprint(X509 *certificate, char *out, gsize out_size)
{
    gsize n = 0;
    g_autoptr(GBytes) der = cel_certificate_der(certificate, NULL);
    const void *data = der != NULL ? g_bytes_get_data(der, &n) : NULL;
    g_autofree char *hex = cel_digest_hex("sha256", data, n);
    g_strlcpy(out, hex, out_size);
}

gboolean cel_key_holder_read(GBytes *pem, CelKeyHolder *out, GError **error)
{
    g_auto(CelKeyFile) file = {0};
    if (!cel_key_file_parse(pem, &file, error))
        return FALSE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        CelCertificate about = {0};
        X509 *certificate = file.parts[s].certificate;
        if (certificate == NULL)
            continue;
        if (!cel_certificate_read(certificate, &about, error))
            return FALSE;
        const gboolean same =
            out->about.person == NULL || cel_keys_same_holder(&out->about, &about);
        cel_certificate_clear(&out->about);
        out->about = about;
        fingerprint(certificate, out->sha256[s], sizeof out->sha256[s]);
        out->has_keys = out->has_keys || file.parts[s].store != NULL;
        if (!same)
            return refuse(error, _("The two certificates name different persons"));
    }
    return TRUE;
}

GBytes *cel_key_holder_public(GBytes *pem, GError **error)
{
    g_auto(CelKeyFile) file = {0};
    if (!cel_key_file_parse(pem, &file, error))
        return NULL;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&file.parts[s].stored, g_bytes_unref);
        file.parts[s].store = NULL;
    }
    return cel_key_file_print(&file, error);
}

static void replace(X509 **certificate, X509 *by)
{
    X509_free(*certificate);
    *certificate = by;
}

/* Returns: FALSE with the error; then the part is unchanged. */
static gboolean certify_part(CelKey *root, CelKeyFile *file, CelSigner signer,
                             const CelCaTerms *terms, GError **error)
{
    g_autoptr(GBytes) before = cel_certificate_der(file->parts[signer].certificate, error);
    g_autoptr(GBytes) after =
        before != NULL ? cel_ca_issue(root, signer, before, terms, error) : NULL;
    X509 *made = after != NULL ? cel_certificate_parse(after, error) : NULL;
    if (made == NULL)
        return FALSE;
    replace(&file->parts[signer].certificate, made);
    replace(&file->parts[signer].issuer, X509_dup(root->slots[signer].certificate));
    return TRUE;
}

GBytes *cel_key_holder_certify(CelKey *root, GBytes *pem, const CelCaTerms *terms, GError **error)
{
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_auto(CelKeyFile) file = {0};
    if (!cel_key_holder_read(pem, &holder, error) || !cel_key_file_parse(pem, &file, error))
        return NULL;
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (file.parts[s].certificate != NULL && !certify_part(root, &file, s, terms, error))
            return NULL;
    return cel_key_file_print(&file, error);
}

static gboolean same_key(X509 *a, X509 *b)
{
    return a != NULL && b != NULL && EVP_PKEY_eq(X509_get0_pubkey(a), X509_get0_pubkey(b)) == 1;
}

GBytes *cel_key_holder_install(GBytes *key_pem, GBytes *certificates_pem, GError **error)
{
    g_auto(CelKeyFile) keys = {0};
    g_auto(CelKeyFile) certificates = {0};
    if (!cel_key_file_parse(key_pem, &keys, error) ||
        !cel_key_file_parse(certificates_pem, &certificates, error))
        return NULL;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (keys.parts[s].store == NULL)
            continue;
        if (!same_key(keys.parts[s].certificate, certificates.parts[s].certificate)) {
            refuse(error, _("These certificates are of another key; nothing was changed"));
            return NULL;
        }
        replace(&keys.parts[s].certificate, g_steal_pointer(&certificates.parts[s].certificate));
        replace(&keys.parts[s].issuer, g_steal_pointer(&certificates.parts[s].issuer));
    }
    return cel_key_file_print(&keys, error);
}
