/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-seal.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "register/cel-ledger-witness.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOCK_MODE = 0660, MOST_ROOTS = 1 << 20 };

char *cel_lab_sealed_path(const CelLab *lab, const char *fid)
{
    g_autofree char *name = g_strconcat(fid, ".cel.h5", NULL);
    return cel_lab_path(lab, CEL_LAB_ARCHIVE, name);
}

GPtrArray *cel_lab_sealed_files(CelLab *lab, GError **error)
{
    const CelRowQuery query = {
        .match = {{"state", "complete", 0}, {"ledger", cel_ledger_id(cel_lab_ledger(lab)), 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_FILE, &query, error);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        g_ptr_array_add(files,
                        cel_lab_sealed_path(lab, cel_row_text(g_ptr_array_index(rows, i), "fid")));
    return rows != NULL ? g_steal_pointer(&files) : NULL;
}

/* ---- one seal at a time ---- */

/* Between the two events of a seal nobody else seals or recovers in this lab, whichever process;
 * the kernel gives the lock back when its holder dies. */
static int lock_archive(const CelLab *lab, GError **error)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_ARCHIVE, ".sealing");
    const int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
    int result = fd >= 0 ? flock(fd, LOCK_EX) : -1;
    while (result != 0 && fd >= 0 && errno == EINTR)
        result = flock(fd, LOCK_EX);
    if (result == 0)
        return fd;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The lab's archive cannot be written (%s); nothing was sealed"),
                cel_file_why(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static void unlock_archive(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_LOCK __attribute__((cleanup(unlock_archive))) int

/* ---- the place in the ledger ---- */

static CelLedgerSeal *find_place(CelLab *lab, guint64 seq, GError **error)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_ROOTS, NULL);
    g_autoptr(GError) failure = NULL;
    g_autoptr(GBytes) roots = cel_file_read(path, MOST_ROOTS, error);
    if (roots == NULL)
        return NULL;
    CelLedgerHead *head = cel_lab_head(lab, seq, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    return cel_ledger_seal(cel_lab_ledger(lab), seq, head, roots, error);
}

/* ---- the three events ---- */

/* Positions of the acquisitions that gave these files; a file that is none has no position, and the
 * gate will say so. */
static gboolean positions_of(CelLab *lab, const CelLabSeal *seal, GPtrArray *digests,
                             JsonArray *out, GError **error)
{
    for (guint i = 0; digests != NULL && i < digests->len; i++) {
        const CelRowQuery query = {.match = {{"sha256", g_ptr_array_index(digests, i), 0},
                                             {"ledger", cel_ledger_id(cel_lab_ledger(lab)), 0}},
                                   .newest_first = TRUE};
        g_autoptr(GPtrArray) rows =
            cel_register_rows(cel_lab_register(lab), CEL_ROW_ACQUISITION, &query, error);
        if (rows == NULL)
            return FALSE;
        for (guint r = 0; r < rows->len; r++) {
            JsonObject *row = g_ptr_array_index(rows, r);
            const char *item = cel_row_text(row, "item_id");
            if (*item != '\0' && (strcmp(item, seal->item_id) != 0 ||
                                  strcmp(cel_row_text(row, "case_id"), seal->case_id) != 0))
                continue;
            json_array_add_int_element(out, cel_row_number(row, "seq"));
            break;
        }
    }
    return TRUE;
}

static gboolean begin(CelLab *lab, const CelLabSeal *seal, CelWorkDraft *draft,
                      CelLedgerPlace *out_place, GError **error)
{
    CelSealDraft *file = cel_work_draft_seal(draft);
    g_autoptr(JsonObject) data = cel_work_draft_facts(draft);
    g_autofree char *name = g_strconcat(cel_seal_draft_fid(file), ".cel.h5", NULL);
    JsonArray *shots = json_array_new(), *blanks = json_array_new();
    json_object_set_array_member(data, "acquisitions", shots);
    json_object_set_array_member(data, "blanks", blanks);
    json_object_set_string_member(data, "name", name);
    if (seal->exploratory != NULL)
        json_object_set_string_member(data, "exploratory", seal->exploratory);
    if (seal->session != NULL)
        json_object_set_string_member(data, "session", seal->session);
    if (!positions_of(lab, seal, seal->inputs, shots, error) ||
        !positions_of(lab, seal, seal->blanks, blanks, error))
        return FALSE;
    const CelEventRequest request = {.act = CEL_ACT_SEAL,
                                     .case_id = seal->case_id,
                                     .item_id = seal->item_id,
                                     .fid = cel_seal_draft_fid(file),
                                     .manifest = cel_seal_draft_manifest(file),
                                     .data = data,
                                     .clock = seal->clock};
    return cel_lab_record(lab, &request, NULL, out_place, error);
}

/** Begun: a seal that is on record. */
typedef struct {
    const char *case_id, *item_id, *fid;
    guint64 seq;
    CelClock clock;
} Begun;

static gboolean complete(CelLab *lab, const Begun *begun, GError **error)
{
    g_autofree char *path = cel_lab_sealed_path(lab, begun->fid);
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    const CelDigestPair digests = cel_digest_pair(data, size);
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_string_member(facts, "verdict", "intact");
    const CelEventRequest request = {.act = CEL_ACT_VERIFY,
                                     .case_id = begun->case_id,
                                     .item_id = begun->item_id,
                                     .fid = begun->fid,
                                     .file = &digests,
                                     .refers = begun->seq,
                                     .data = facts,
                                     .clock = begun->clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

static gboolean give_up(CelLab *lab, const Begun *begun, const char *why, GError **error)
{
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_string_member(facts, "what", "not-completed");
    const CelEventRequest request = {.act = CEL_ACT_CORRECT,
                                     .case_id = begun->case_id,
                                     .item_id = begun->item_id,
                                     .fid = begun->fid,
                                     .why = why,
                                     .refers = begun->seq,
                                     .data = facts,
                                     .clock = begun->clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

/* ---- sealing ---- */

static gboolean check_method(CelLab *lab, CelWorkDraft *draft, GError **error)
{
    const CelProfile *profile = cel_lab_profile(lab);
    if (!profile->is_signed || profile->methods->len == 0)
        return TRUE;
    g_autoptr(JsonObject) facts = cel_work_draft_facts(draft);
    JsonObject *method = json_object_get_object_member(facts, "method");
    const CelProfileUse use = {
        .method_id = cel_row_text(method, "id"),
        .method_version = cel_row_text(method, "version"),
        .person_id = cel_key_person_id(cel_lab_person(lab)->key),
        .wall_us = cel_clock_wall_us(cel_clock_system()),
    };
    return cel_profile_allows(profile, &use, error);
}

static gboolean check_libraries(CelLab *lab, const CelWork *work, GError **error)
{
    if (!cel_lab_profile(lab)->rules.signed_libraries || cel_bench_all_signed(cel_work_bench(work)))
        return TRUE;
    g_set_error_literal(
        error, CEL_ERROR, CEL_ERROR_POLICY,
        _("The laboratory's profile demands signed libraries, and one of those that "
          "were used is not; nothing was sealed. Have it signed (celadon library "
          "sign) and identify again"));
    return FALSE;
}

static gboolean finish(CelLab *lab, CelWorkDraft *draft, guint64 seq, CelJob *job, GError **error)
{
    CelSealDraft *file = cel_work_draft_seal(draft);
    g_autofree char *path = cel_lab_sealed_path(lab, cel_seal_draft_fid(file));
    g_autoptr(CelLedgerSeal) place = find_place(lab, seq, error);
    if (place == NULL)
        return FALSE;
    const CelSealEnd end = {.place = &place->place, .path = path};
    return cel_seal_finish(file, &end, job, error);
}

static gboolean write_sealed(CelLab *lab, const CelLabSeal *seal, CelWorkDraft *draft, CelJob *job,
                             GError **error)
{
    CelLedgerPlace at;
    AUTO_LOCK lock = lock_archive(lab, error);
    if (lock < 0 || !begin(lab, seal, draft, &at, error))
        return FALSE;
    const Begun begun = {.case_id = seal->case_id,
                         .item_id = seal->item_id,
                         .fid = cel_seal_draft_fid(cel_work_draft_seal(draft)),
                         .seq = at.seq,
                         .clock = seal->clock};
    g_autoptr(GError) failure = NULL;
    if (finish(lab, draft, at.seq, job, &failure))
        return complete(lab, &begun, error);
    give_up(lab, &begun, failure->message, NULL); /* else cel_lab_recover() does it */
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean cel_lab_seal(CelLab *lab, const CelLabSeal *seal, char **out_fid, CelJob *job,
                      GError **error)
{
    const CelLabPerson *person = cel_lab_person(lab);
    if (person == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("Nobody is signed in; nothing was sealed"));
        return FALSE;
    }
    if (seal->training && !cel_lab_is_training(lab)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("Training records are sealed in a training lab"));
        return FALSE;
    }
    const CelWorkSeal how = {.case_id = seal->case_id,
                             .exhibit_id = seal->item_id,
                             .operator_id = cel_key_person_id(person->key),
                             .training = cel_lab_is_training(lab),
                             .clock = seal->clock};
    g_autoptr(CelWorkDraft) draft = cel_work_prepare(seal->work, &how, person->key, job, error);
    if (draft == NULL || !check_libraries(lab, seal->work, error) ||
        !check_method(lab, draft, error) || !write_sealed(lab, seal, draft, job, error))
        return FALSE;
    *out_fid = g_strdup(cel_seal_draft_fid(cel_work_draft_seal(draft)));
    return TRUE;
}

/* ---- after a crash ---- */

static gboolean is_sound(CelLab *lab, JsonObject *row, CelJob *job)
{
    g_autofree char *path = cel_lab_sealed_path(lab, cel_row_text(row, "fid"));
    g_autoptr(GPtrArray) lines = NULL;
    CelVerifyOptions options = {.trust = cel_lab_trust(lab),
                                .expect_case = cel_row_text(row, "case_id"),
                                .expect_exhibit = cel_row_text(row, "item_id"),
                                .expect_fid = cel_row_text(row, "fid")};
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
           cel_verify(path, &options, &lines, job, NULL) && !cel_verdict_any_contradicted(lines);
}

static gboolean recover_one(CelLab *lab, JsonObject *row, GPtrArray *notes, CelJob *job,
                            GError **error)
{
    const Begun begun = {.case_id = cel_row_text(row, "case_id"),
                         .item_id = cel_row_text(row, "item_id"),
                         .fid = cel_row_text(row, "fid"),
                         .seq = (guint64)cel_row_number(row, "seq"),
                         .clock = cel_clock_system()};
    const gboolean sound = is_sound(lab, row, job);
    if (!(sound ? complete(lab, &begun, error)
                : give_up(lab, &begun, "interrupted; no sound file is in the archive", error)))
        return FALSE;
    g_ptr_array_add(notes,
                    g_strdup_printf(sound ? _("Seal %s (case %s, exhibit %s) was interrupted and "
                                              "is complete now")
                                          : _("Seal %s (case %s, exhibit %s) was interrupted; it "
                                              "is on record as not completed. Seal again"),
                                    begun.fid, begun.case_id, begun.item_id));
    return TRUE;
}

gboolean cel_lab_recover(CelLab *lab, GPtrArray **out_notes, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    AUTO_LOCK lock = lock_archive(lab, error);
    const CelRowQuery query = {
        .match = {{"state", "begun", 0}, {"ledger", cel_ledger_id(cel_lab_ledger(lab)), 0}}};
    g_autoptr(GPtrArray) rows =
        lock >= 0 ? cel_register_rows(cel_lab_register(lab), CEL_ROW_FILE, &query, error) : NULL;
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++)
        if (!recover_one(lab, g_ptr_array_index(rows, i), notes, job, error))
            return FALSE;
    *out_notes = g_steal_pointer(&notes);
    return TRUE;
}
