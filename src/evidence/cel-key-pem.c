/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>

enum { MOST_BLOCKS = 3 * CEL_N_SIGNERS };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)

/** Block: one PEM block, read. */
typedef struct {
    char *name, *header;
    guint8 *data;
    long n;
} Block;

static void block_clear(Block *block)
{
    OPENSSL_free(block->name);
    OPENSSL_free(block->header);
    OPENSSL_free(block->data);
    *block = (Block){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Block, block_clear)

/** Parse: the state of reading one file. */
typedef struct {
    CelKeyFile *out;
    int last; /* slot of the certificate just read, whose secret may follow; -1: none */
} Parse;

void cel_key_file_clear(CelKeyFile *file)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&file->parts[s].stored, g_bytes_unref);
        X509_free(file->parts[s].certificate);
        X509_free(file->parts[s].issuer);
        file->parts[s].certificate = file->parts[s].issuer = NULL;
        file->parts[s].store = NULL;
    }
}

static gboolean not_ours(GError **error)
{
    cel_openssl_fail(error, CEL_ERROR_INPUT, _("This is not a key file of celadon"));
    return FALSE;
}

/* ---- reading ---- */

static gboolean kind_of(X509 *certificate, CelSigner *out_signer)
{
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (cel_certificate_check(s, certificate, NULL)) {
            *out_signer = s;
            return TRUE;
        }
    ERR_clear_error();
    return FALSE;
}

/* The first certificate of a kind is the holder's; the second is the root that issued it. */
static gboolean take_certificate(Parse *parse, const Block *block, GError **error)
{
    CelSigner signer;
    g_autoptr(GBytes) der = g_bytes_new(block->data, (gsize)block->n);
    g_autoptr(X509) x509 = cel_certificate_parse(der, error);
    if (x509 == NULL)
        return FALSE;
    if (!kind_of(x509, &signer))
        return not_ours(error);
    parse->last = -1;
    if (parse->out->parts[signer].certificate == NULL) {
        parse->out->parts[signer].certificate = g_steal_pointer(&x509);
        parse->last = (int)signer;
    } else if (parse->out->parts[signer].issuer == NULL && cel_certificate_is_root(x509)) {
        parse->out->parts[signer].issuer = g_steal_pointer(&x509);
    } else {
        return not_ours(error);
    }
    return TRUE;
}

static gboolean take_secret(Parse *parse, const Block *block, GError **error)
{
    const CelKeyStore *store = cel_key_store_of_block(block->name);
    if (store == NULL || parse->last < 0)
        return not_ours(error);
    parse->out->parts[parse->last].store = store;
    parse->out->parts[parse->last].stored = g_bytes_new(block->data, (gsize)block->n);
    parse->last = -1;
    return TRUE;
}

static gboolean take(Parse *parse, const Block *block, GError **error)
{
    if (*block->header != '\0') /* the old encryption of PEM; ours is inside */
        return not_ours(error);
    return g_strcmp0(block->name, PEM_STRING_X509) == 0 ? take_certificate(parse, block, error)
                                                        : take_secret(parse, block, error);
}

/* All secrets, or none in a file of certificates. */
static gboolean is_whole(const CelKeyFile *file)
{
    guint certificates = 0, secrets = 0;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        certificates += file->parts[s].certificate != NULL;
        secrets += file->parts[s].store != NULL;
    }
    return certificates > 0 && (secrets == 0 || secrets == certificates);
}

gboolean cel_key_file_parse(GBytes *pem, CelKeyFile *out, GError **error)
{
    gsize n = 0;
    const void *text = g_bytes_get_data(pem, &n);
    g_autoptr(BIO) in = n <= CEL_KEY_FILE_MAX_BYTES ? BIO_new_mem_buf(text, (int)n) : NULL;
    Parse parse = {out, -1};
    for (guint i = 0; in != NULL && i < MOST_BLOCKS; i++) {
        g_auto(Block) block = {0};
        if (PEM_read_bio(in, &block.name, &block.header, &block.data, &block.n) != 1)
            break;
        if (!take(&parse, &block, error))
            return FALSE;
    }
    ERR_clear_error();
    return is_whole(out) || not_ours(error);
}

/* ---- writing ---- */

static gboolean print_secret(BIO *out, const char *name, GBytes *stored)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(stored, &n);
    return PEM_write_bio(out, name, "", data, (long)n) > 0;
}

static gboolean print_all(BIO *out, const CelKeyFile *file)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (file->parts[s].certificate != NULL &&
            PEM_write_bio_X509(out, file->parts[s].certificate) != 1)
            return FALSE;
        if (file->parts[s].store != NULL &&
            !print_secret(out, file->parts[s].store->block, file->parts[s].stored))
            return FALSE;
    }
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (file->parts[s].issuer != NULL && PEM_write_bio_X509(out, file->parts[s].issuer) != 1)
            return FALSE;
    return TRUE;
}

GBytes *cel_key_file_print(const CelKeyFile *file, GError **error)
{
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    if (out == NULL || !print_all(out, file)) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("The signing key cannot be written"));
        return NULL;
    }
    char *pem = NULL;
    const long n = BIO_get_mem_data(out, &pem);
    return g_bytes_new(pem, (gsize)n);
}
