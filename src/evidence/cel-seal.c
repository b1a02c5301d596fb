/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-seal.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-json.h"
#include "base/cel-text.h"
#include "evidence/cel-record-write.h"
#include "evidence/cel-seal-tree.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { EVIDENCE_MODE = 0440, LONGEST_TEXT = 4096, MAX_KIND = 32 };

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
    const char *const optional[] = {r->method_id, r->method_version, r->validation_status,
                                    r->driver_validation};
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

static gboolean check_policy(gboolean simulated, gboolean training, const CelKey *key,
                             GError **error)
{
    if (simulated && !training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("Simulated data are no evidence: they can only be sealed as a training "
                        "record"));
    if (cel_key_is_training(key) && !training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("A training key seals training records only; use your own key"));
    if (!cel_key_is_training(key) && training)
        return refuse(error, CEL_ERROR_POLICY,
                      _("A training record is sealed with a training key, never with a true one"));
    return TRUE;
}

static gboolean check_words(const CelSealObject *o, GError **error)
{
    static const char small[] = "abcdefghijklmnopqrstuvwxyz-";
    static const char named[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    gboolean ok = o->kind != NULL && *o->kind != '\0' && strlen(o->kind) <= MAX_KIND &&
                  strspn(o->kind, small) == strlen(o->kind) && o->object_json != NULL &&
                  o->n_inputs <= CEL_SEAL_MAX_MEASUREMENTS &&
                  (o->fid == NULL || cel_fid_valid(o->fid));
    for (gsize i = 0; ok && i < o->n_inputs; i++) {
        const CelSealInput *input = &o->inputs[i];
        ok = cel_text_is_plain(input->name, CEL_SEAL_MAX_ID) && *input->name != '.' &&
             strspn(input->name, named) == strlen(input->name) && input->bytes != NULL &&
             g_bytes_get_size(input->bytes) > 0;
        for (gsize k = 0; ok && k < i; k++)
            ok = strcmp(input->name, o->inputs[k].name) != 0;
    }
    return ok || refuse(error, CEL_ERROR_USAGE,
                        _("The kind, an input or the file id of what is to be sealed is not as it "
                          "must be; nothing was sealed"));
}

static gboolean check_object(const CelSealObject *o, GError **error)
{
    if (!check_words(o, error) || !check_id(o->id, _("name"), error) ||
        !check_id(o->operator_id, _("operator's number"), error))
        return FALSE;
    g_autoptr(JsonNode) root = cel_json_read(o->object_json, strlen(o->object_json), error);
    if (root == NULL)
        return FALSE;
    if (!JSON_NODE_HOLDS_OBJECT(root))
        return refuse(error, CEL_ERROR_INPUT, _("What is to be sealed is not a JSON object"));
    return o->content == NULL || cel_h5_find(o->content, "/celadon") == NULL ||
           refuse(error, CEL_ERROR_USAGE, _("The content holds \"celadon\" already"));
}

/* ---- the first step: what is sealed ---- */

struct CelSealDraft {
    const CelSealRequest *request; /* one of both */
    const CelSealObject *object;
    CelKey *key;
    CelH5Node *root;
    char *fid, *manifest;
    CelDigestPair digests; /* of the manifest */
};

void cel_seal_draft_free(CelSealDraft *draft)
{
    if (draft == NULL)
        return;
    cel_h5_tree_free(draft->root);
    g_free(draft->fid);
    g_free(draft->manifest);
    g_free(draft);
}

const char *cel_seal_draft_fid(const CelSealDraft *draft)
{
    return draft->fid;
}

const CelDigestPair *cel_seal_draft_manifest(const CelSealDraft *draft)
{
    return &draft->digests;
}

static CelSealDraft *draft_new(CelKey *key, const char *fid, GError **error)
{
    g_autoptr(CelSealDraft) draft = g_new0(CelSealDraft, 1);
    draft->key = key;
    draft->fid = fid != NULL ? g_strdup(fid) : cel_fid_new(error);
    return draft->fid != NULL ? g_steal_pointer(&draft) : NULL;
}

static void fix_content(CelSealDraft *draft)
{
    draft->manifest = cel_manifest_put(draft->root);
    draft->digests = cel_digest_pair(draft->manifest, strlen(draft->manifest));
}

CelSealDraft *cel_seal_prepare(const CelSealRequest *request, CelKey *key, GError **error)
{
    if (!check_lists(request, error) || !check_texts(request, error) ||
        !check_policy(cel_record_simulated(request), request->training, key, error))
        return NULL;
    g_autoptr(CelSealDraft) draft = draft_new(key, request->fid, error);
    if (draft == NULL)
        return NULL;
    draft->request = request;
    draft->root = cel_seal_tree(request, cel_key_person(key), draft->fid, error);
    if (draft->root == NULL)
        return NULL;
    fix_content(draft);
    return g_steal_pointer(&draft);
}

CelSealDraft *cel_seal_prepare_object(const CelSealObject *object, CelKey *key, GError **error)
{
    g_autoptr(CelH5Node) content = object->content; /* ours from here on */
    if (!check_object(object, error) ||
        !check_policy(object->simulated, object->training, key, error))
        return NULL;
    g_autoptr(CelSealDraft) draft = draft_new(key, object->fid, error);
    if (draft == NULL)
        return NULL;
    draft->object = object;
    draft->root = content != NULL ? g_steal_pointer(&content) : cel_h5_tree_new();
    cel_seal_tree_object(draft->root, object, cel_key_person(key), draft->fid);
    fix_content(draft);
    return g_steal_pointer(&draft);
}

/* ---- the second step: signing and writing ---- */

static gboolean sign(CelCustody *custody, CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        GBytes *signature = cel_key_sign(key, s, custody->parts[CEL_PART_RECORD], error);
        custody->parts[CEL_PART_SIGNATURE + s] = signature;
        GBytes *certificate = signature != NULL ? cel_key_certificate(key, s, error) : NULL;
        custody->parts[CEL_PART_CERTIFICATE + s] = certificate;
        if (certificate == NULL)
            return FALSE;
    }
    return TRUE;
}

static GBytes *ref(GBytes *bytes)
{
    return bytes != NULL ? g_bytes_ref(bytes) : NULL;
}

static void put_place(CelCustody *custody, const CelSealPlace *place)
{
    if (place == NULL)
        return;
    custody->parts[CEL_PART_EVENT] = ref(place->event);
    custody->parts[CEL_PART_PROOF] = cel_proof_write(&place->proof);
    custody->parts[CEL_PART_HEAD] = ref(place->head);
    custody->parts[CEL_PART_ROOTS] = ref(place->roots);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        custody->parts[CEL_PART_EVENT_SIGNATURE + s] = ref(place->event_signatures[s]);
        custody->parts[CEL_PART_HEAD_SIGNATURE + s] = ref(place->head_signatures[s]);
        custody->parts[CEL_PART_HEAD_CERTIFICATE + s] = ref(place->head_certificates[s]);
    }
}

static gboolean stamp(CelCustody *custody, const CelSealEnd *end, GError **error)
{
    if (end->stamp == NULL)
        return TRUE;
    GBytes *signature = custody->parts[CEL_PART_SIGNATURE + CEL_SIGN_SM2];
    custody->parts[CEL_PART_TOKEN] = end->stamp(end->stamp_data, signature, error);
    return custody->parts[CEL_PART_TOKEN] != NULL;
}

static gboolean put_custody(CelSealDraft *draft, const CelSealEnd *end, GError **error)
{
    const CelRecordFrame frame = {
        .key = draft->key, .fid = draft->fid, .manifest = draft->manifest, .place = end->place};
    if (end->place != NULL && !cel_seal_place_check(end->place, draft->fid, &draft->digests, error))
        return FALSE;
    char *record = draft->request != NULL ? cel_record_seal(draft->request, &frame, error)
                                          : cel_record_object(draft->object, &frame, error);
    if (record == NULL)
        return FALSE;
    g_auto(CelCustody) custody = {.parts = {NULL}};
    custody.parts[CEL_PART_RECORD] = g_bytes_new_take(record, strlen(record));
    if (!sign(&custody, draft->key, error) || !stamp(&custody, end, error))
        return FALSE;
    put_place(&custody, end->place);
    cel_custody_put(draft->root, &custody);
    return TRUE;
}

static gboolean same_bytes(GBytes *a, GBytes *b)
{
    const gboolean a_empty = a == NULL || g_bytes_get_size(a) == 0;
    const gboolean b_empty = b == NULL || g_bytes_get_size(b) == 0;
    return a_empty || b_empty ? a_empty == b_empty : g_bytes_equal(a, b);
}

static gboolean contents_agree(const CelH5Node *root, const CelH5Node *back)
{
    g_autofree char *wanted = cel_manifest_of(root), *found = cel_manifest_of(back);
    GBytes *stored = cel_sealed_bytes(back, CEL_PATH_MANIFEST);
    g_auto(CelCustody) ours = {.parts = {NULL}}, theirs = {.parts = {NULL}};
    cel_custody_get(root, &ours);
    cel_custody_get(back, &theirs);
    gboolean same = g_str_equal(wanted, found) && stored != NULL &&
                    g_bytes_equal(stored, cel_sealed_bytes(root, CEL_PATH_MANIFEST));
    for (guint i = 0; i < CEL_N_PARTS; i++)
        same = same && same_bytes(ours.parts[i], theirs.parts[i]);
    for (guint s = 0; same && s < CEL_N_SIGNERS; s++)
        same = cel_signature_verify(s, theirs.parts[CEL_PART_CERTIFICATE + s],
                                    theirs.parts[CEL_PART_RECORD],
                                    theirs.parts[CEL_PART_SIGNATURE + s], NULL, NULL);
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

gboolean cel_seal_finish(CelSealDraft *draft, const CelSealEnd *end, CelJob *job, GError **error)
{
    if (!cel_job_step(job, N_("Sealing"), 0, 2, error) || !put_custody(draft, end, error))
        return FALSE;
    g_autoptr(GBytes) image = cel_h5_to_bytes(draft->root, error);
    if (image == NULL || !cel_job_step(job, N_("Sealing"), 1, 2, error))
        return FALSE;
    if (g_bytes_get_size(image) > CEL_SEAL_MAX_BYTES)
        return refuse(error, CEL_ERROR_INPUT,
                      _("The sealed file would be larger than 64 MiB; seal fewer measurements"));
    if (!cel_file_write(end->path, image, EVIDENCE_MODE, error))
        return FALSE;
    if (!read_back(end->path, image, draft->root, error)) {
        g_unlink(end->path);
        return FALSE;
    }
    return TRUE;
}

gboolean cel_seal_write(const CelSealRequest *request, CelKey *key, const char *path, CelJob *job,
                        GError **error)
{
    const CelSealEnd end = {.path = path};
    g_autoptr(CelSealDraft) draft = cel_seal_prepare(request, key, error);
    return draft != NULL && cel_seal_finish(draft, &end, job, error);
}

gboolean cel_seal_object(const CelSealObject *object, CelKey *key, const char *path, CelJob *job,
                         GError **error)
{
    const CelSealEnd end = {.path = path};
    g_autoptr(CelSealDraft) draft = cel_seal_prepare_object(object, key, error);
    return draft != NULL && cel_seal_finish(draft, &end, job, error);
}
