/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-seal.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-text.h"
#include "evidence/cel-record.h"
#include "evidence/cel-seal-tree.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { EVIDENCE_MODE = 0440, LONGEST_TEXT = 4096 };

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, code, why);
    return FALSE;
}

/* ---- what may be sealed ---- */

static gboolean check_id(const char *id, const char *what, GError **error)
{
    if (cel_text_is_plain(id, CEL_SEAL_MAX_ID))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("The %s needs 1 to %d characters, none of them invisible; nothing was sealed"),
                what, CEL_SEAL_MAX_ID);
    return FALSE;
}

static gboolean check_texts(const CelSealRequest *r, GError **error)
{
    const char *const optional[] = { r->method_id, r->method_version, r->validation_status,
                                     r->driver_validation };
    gboolean ok = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(optional); i++)
        ok = ok && (optional[i] == NULL || *optional[i] == '\0' ||
                    cel_text_is_plain(optional[i], LONGEST_TEXT));
    for (gsize i = 0; i < r->n_blanks; i++)
        ok = ok && cel_text_is_plain(r->blank_kinds[i], CEL_SEAL_MAX_ID);
    for (guint i = 0; r->deviations != NULL && i < r->deviations->len; i++)
        ok = ok && cel_text_is_plain(g_ptr_array_index(r->deviations, i), LONGEST_TEXT);
    if (!ok)
        return refuse(error, CEL_ERROR_USAGE,
                      _("A method, blank or deviation is empty, too long or holds control "
                        "characters; nothing was sealed"));
    return check_id(r->case_id, _("case number"), error) &&
           check_id(r->exhibit_id, _("exhibit number"), error) &&
           check_id(r->operator_id, _("operator's number"), error);
}

static gboolean check_lists(const CelSealRequest *r, GError **error)
{
    if (r->n_measurements < 1 || r->n_measurements > CEL_SEAL_MAX_MEASUREMENTS ||
        r->n_blanks > CEL_SEAL_MAX_MEASUREMENTS)
        return refuse(error, CEL_ERROR_USAGE,
                      _("A seal holds 1 to 99 measurements and at most 99 blanks"));
    if (r->recipe == NULL || r->answer == NULL || r->answer_json == NULL)
        return refuse(error, CEL_ERROR_USAGE,
                      _("A seal needs the recipe and the answer; identify the sample first"));
    for (gsize i = 0; r->stages != NULL && i < r->n_measurements; i++)
        if (r->stages[i] != NULL && r->stages[i]->len != cel_recipe_length(r->recipe))
            return refuse(error, CEL_ERROR_USAGE,
                          _("The results of the steps do not belong to this recipe"));
    return r->fid == NULL || cel_fid_valid(r->fid) ||
           refuse(error, CEL_ERROR_USAGE, _("The file id is not 32 hexadecimal digits"));
}

static gboolean check_policy(const CelSealRequest *r, const CelKey *key, GError **error)
{
    if (cel_record_simulated(r) && !r->training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("Simulated data are no evidence: they can only be sealed as a training "
                        "record"));
    if (cel_key_is_training(key) && !r->training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("A training key seals training records only; use your own key"));
    if (!cel_key_is_training(key) && r->training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("A training record is sealed with a training key, never with a true one"));
    return TRUE;
}

/* ---- sealing ---- */

static gboolean sign(CelCustody *custody, CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        custody->signatures[s] = cel_key_sign(key, s, custody->record, error);
        custody->certificates[s] = cel_key_certificate(key, s, error);
        if (custody->signatures[s] == NULL || custody->certificates[s] == NULL)
            return FALSE;
    }
    return TRUE;
}

static CelH5Node *build(const CelSealRequest *r, CelKey *key, GError **error)
{
    g_autofree char *fid = r->fid != NULL ? g_strdup(r->fid) : cel_fid_new(error);
    if (fid == NULL)
        return NULL;
    g_autoptr(CelH5Node) root = cel_seal_tree(r, cel_key_person(key), fid, error);
    if (root == NULL)
        return NULL;
    g_autofree char *manifest = cel_manifest_put(root);
    g_autofree char *record = cel_record_seal(r, key, fid, manifest, error);
    if (record == NULL)
        return NULL;
    g_auto(CelCustody) custody = { .record = g_bytes_new(record, strlen(record)) };
    if (!sign(&custody, key, error))
        return NULL;
    cel_custody_put(root, &custody);
    return g_steal_pointer(&root);
}

static gboolean contents_agree(const CelH5Node *root, const CelH5Node *back)
{
    g_autofree char *wanted = cel_manifest_of(root), *found = cel_manifest_of(back);
    GBytes *stored = cel_sealed_bytes(back, CEL_PATH_MANIFEST);
    g_auto(CelCustody) ours = { 0 }, theirs = { 0 };
    cel_custody_get(root, &ours);
    cel_custody_get(back, &theirs);
    gboolean same = g_str_equal(wanted, found) && stored != NULL && theirs.record != NULL &&
                    g_bytes_equal(stored, cel_sealed_bytes(root, CEL_PATH_MANIFEST)) &&
                    g_bytes_equal(ours.record, theirs.record);
    for (guint s = 0; same && s < CEL_N_SIGNERS; s++)
        same = theirs.signatures[s] != NULL && theirs.certificates[s] != NULL &&
               cel_signature_verify(s, theirs.certificates[s], theirs.record,
                                    theirs.signatures[s], NULL, NULL);
    return same;
}

/* Nobody may have to find out in court that the disk lied. */
static gboolean read_back(const char *path, GBytes *image, const CelH5Node *root, GError **error)
{
    g_autoptr(GBytes) stored = cel_file_read(path, CEL_SEAL_MAX_BYTES, error);
    if (stored == NULL)
        return FALSE;
    g_autoptr(CelH5Node) back = cel_h5_read_bytes(stored, path, error);
    if (back == NULL)
        return FALSE;
    return (g_bytes_equal(stored, image) && contents_agree(root, back)) ||
           refuse(error, CEL_ERROR_SYSTEM,
                  _("The sealed file does not read back as it was written; it was removed. Check "
                    "the disk and seal again"));
}

static gboolean check(const CelSealRequest *r, const CelKey *key, GError **error)
{
    return check_lists(r, error) && check_texts(r, error) && check_policy(r, key, error);
}

gboolean cel_seal_write(const CelSealRequest *request, CelKey *key, const char *path, CelJob *job,
                        GError **error)
{
    if (!check(request, key, error) || !cel_job_step(job, N_("Sealing"), 0, 2, error))
        return FALSE;
    g_autoptr(CelH5Node) root = build(request, key, error);
    g_autoptr(GBytes) image = root != NULL ? cel_h5_to_bytes(root, error) : NULL;
    if (image == NULL || !cel_job_step(job, N_("Sealing"), 1, 2, error))
        return FALSE;
    if (g_bytes_get_size(image) > CEL_SEAL_MAX_BYTES)
        return refuse(error, CEL_ERROR_INPUT,
                      _("The sealed file would be larger than 64 MiB; seal fewer measurements"));
    if (!cel_file_write(path, image, EVIDENCE_MODE, error))
        return FALSE;
    if (!read_back(path, image, root, error)) {
        g_unlink(path);
        return FALSE;
    }
    return TRUE;
}
