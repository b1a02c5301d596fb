/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-certificate.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

const char *cel_signer_name(CelSigner signer)
{
    static const char *const names[CEL_N_SIGNERS] = {"sm2", "ed25519"};
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, "");
    return names[signer];
}

gboolean cel_certificate_inspect(CelSigner signer, GBytes *certificate, CelCertificate *out,
                                 GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, FALSE);
    g_autoptr(X509) x509 = cel_certificate_parse(certificate, error);
    return x509 != NULL && cel_certificate_check(signer, x509, error) &&
           cel_certificate_read(x509, out, error);
}

static gboolean fits(CelSigner signer, X509 *x509, GBytes *data, GBytes *signature, GError **error)
{
    gsize n = 0, n_signature = 0;
    const guint8 *bytes = g_bytes_get_data(data, &n);
    const guint8 *sig = g_bytes_get_data(signature, &n_signature);
    g_autoptr(EVP_MD_CTX) context = cel_signature_context(signer, X509_get0_pubkey(x509), FALSE);
    if (context == NULL || EVP_DigestVerify(context, sig, n_signature, bytes, n) != 1) {
        cel_openssl_fail(error, CEL_ERROR_INPUT, _("The signature does not fit the signed bytes"));
        return FALSE;
    }
    return TRUE;
}

gboolean cel_signature_fits(CelSigner signer, GBytes *certificate, GBytes *data, GBytes *signature,
                            GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, FALSE);
    g_autoptr(X509) x509 = cel_certificate_parse(certificate, error);
    return x509 != NULL && fits(signer, x509, data, signature, error);
}

gboolean cel_signature_verify(CelSigner signer, GBytes *certificate, GBytes *data,
                              GBytes *signature, CelCertificate *out, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, FALSE);
    g_autoptr(X509) x509 = cel_certificate_parse(certificate, error);
    return x509 != NULL && cel_certificate_check(signer, x509, error) &&
           fits(signer, x509, data, signature, error) &&
           (out == NULL || cel_certificate_read(x509, out, error));
}
