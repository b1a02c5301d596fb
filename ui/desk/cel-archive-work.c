/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-archive-work.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-lab-seal.h"
#include "bench/cel-replay.h"
#include "evidence/cel-record.h"
#include "evidence/cel-verify.h"
#include "register/cel-ledger-witness.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_LISTED = 1000, MOST_ROOTS = 1 << 20 };

/* ---- the list ---- */

static void item_free(gpointer data)
{
    CelSealedItem *item = data;
    g_free(item->fid);
    g_free(item->case_id);
    g_free(item->item_id);
    g_free(item->state);
    g_free(item);
}

CelSealedList *cel_sealed_list_new(CelDesk *desk)
{
    CelSealedList *list = g_new0(CelSealedList, 1);
    list->desk = g_object_ref(desk);
    list->items = g_ptr_array_new_with_free_func(item_free);
    return list;
}

void cel_sealed_list_free(gpointer data)
{
    CelSealedList *list = data;
    if (list == NULL)
        return;
    g_ptr_array_unref(list->items);
    g_object_unref(list->desk);
    g_free(list);
}

static void add_item(const CelRowSlot *slots, gpointer data)
{
    CelSealedItem *item = g_new0(CelSealedItem, 1);
    item->fid = g_strdup(slots[0].text);
    item->case_id = g_strdup(slots[1].text);
    item->item_id = g_strdup(slots[2].text);
    item->state = g_strdup(slots[3].text);
    item->sealed_us = slots[4].number;
    g_ptr_array_add(data, item);
}

gboolean cel_sealed_list_read(gpointer data, CelJob *job, GError **error)
{
    static const char *const columns[] = {"fid", "case_id", "item_id", "state", "t_wall_us", NULL};
    CelSealedList *list = data;
    const CelRowQuery newest = {.newest_first = TRUE, .most = MOST_LISTED};
    const CelRowVisit visit = {columns, &newest, add_item, list->items};
    CelLab *lab = cel_desk_lab(list->desk);
    (void)job;
    return lab == NULL || cel_register_visit(cel_lab_register(lab), CEL_ROW_FILE, &visit, error);
}

/* ---- verification ---- */

CelFileCheck *cel_file_check_new(CelDesk *desk, const char *what)
{
    CelFileCheck *check = g_new0(CelFileCheck, 1);
    check->desk = g_object_ref(desk);
    check->what = g_strdup(what);
    return check;
}

void cel_file_check_free(gpointer data)
{
    CelFileCheck *check = data;
    if (check == NULL)
        return;
    g_free(check->what);
    g_free(check->path);
    g_free(check->fid);
    g_free(check->case_id);
    g_free(check->item_id);
    g_free(check->no_court);
    g_clear_pointer(&check->lines, g_ptr_array_unref);
    g_clear_pointer(&check->events, g_ptr_array_unref);
    g_object_unref(check->desk);
    g_free(check);
}

/** Known: what the register holds against the file. */
typedef struct {
    JsonObject *row; /* (nullable): of CEL_ROW_FILE */
    CelWitness *witness;
    CelDigestPair digests;
} Known;

static void known_clear(Known *known)
{
    g_clear_pointer(&known->row, json_object_unref);
    g_clear_pointer(&known->witness, cel_witness_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Known, known_clear)

/* Asked for by its id, it must be that file; else the file says itself which one it is. */
static void name_file(CelFileCheck *check, JsonObject *record)
{
    const gboolean by_id = strchr(check->what, '/') == NULL;
    check->fid = g_strdup(by_id            ? check->what
                          : record != NULL ? cel_record_text(record, "fid")
                                           : "");
    check->case_id = g_strdup(record != NULL ? cel_record_text(record, "case") : "");
    check->item_id = g_strdup(record != NULL ? cel_record_text(record, "item") : "");
}

/* A file whose record cannot be read is judged without the ledger; its own lines say so. */
static gboolean ask_ledger(CelFileCheck *check, CelLab *lab, Known *known, GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_read(check->path, CEL_SEAL_MAX_BYTES, NULL, NULL);
    GBytes *bytes = root != NULL ? cel_sealed_bytes(root, CEL_PATH_RECORD "/record") : NULL;
    g_autoptr(JsonNode) node = bytes != NULL ? cel_record_read(bytes, NULL) : NULL;
    JsonObject *record = node != NULL ? json_node_get_object(node) : NULL;
    name_file(check, record);
    const CelRowQuery query = {.match = {{"fid", check->fid, 0}}};
    known->row = cel_register_row(cel_lab_register(lab), CEL_ROW_FILE, &query, NULL);
    check->events = cel_register_rows(cel_lab_register(lab), CEL_ROW_EVENT, &query, NULL);
    if (record == NULL)
        return TRUE;
    known->witness = cel_ledger_witness(cel_lab_ledger(lab), record, NULL, error);
    return known->witness != NULL;
}

static char *path_of(const CelFileCheck *check, const CelLab *lab)
{
    return strchr(check->what, '/') != NULL ? g_strdup(check->what)
                                            : cel_lab_sealed_path(lab, check->what);
}

/* In the archive the name says which file it must be; elsewhere nobody said so. */
static void expect(CelFileCheck *check, const CelLab *lab, Known *known, CelVerifyOptions *options)
{
    g_autofree char *own = cel_lab_sealed_path(lab, check->fid);
    check->of_lab = known->row != NULL && cel_file_same(own, check->path);
    if (known->row == NULL)
        return;
    g_strlcpy(known->digests.sha256, cel_row_text(known->row, "sha256"),
              sizeof known->digests.sha256);
    g_strlcpy(known->digests.sm3, cel_row_text(known->row, "sm3"), sizeof known->digests.sm3);
    if (*known->digests.sha256 != '\0')
        options->expect_file = &known->digests;
    if (!check->of_lab)
        return;
    options->expect_case = cel_row_text(known->row, "case_id");
    options->expect_exhibit = cel_row_text(known->row, "item_id");
    options->expect_fid = check->fid;
}

/* That no court page can be made is no fault of the file. */
static void ask_court(CelFileCheck *check, CelLab *lab, CelJob *job)
{
    g_autoptr(GError) why = NULL;
    if (check->of_lab && !cel_case_allows_court(lab, check->fid, job, &why))
        check->no_court = g_strdup(why->message);
}

gboolean cel_file_check_run(gpointer data, CelJob *job, GError **error)
{
    CelFileCheck *check = data;
    CelLab *lab = cel_desk_need_lab(check->desk, error);
    g_auto(Known) known = {.row = NULL};
    if (lab == NULL)
        return FALSE;
    CelVerifyOptions options = {.trust = cel_lab_trust(lab)};
    check->path = path_of(check, lab);
    if (!cel_job_step(job, N_("Verifying"), 0, 0, error) || !ask_ledger(check, lab, &known, error))
        return FALSE;
    expect(check, lab, &known, &options);
    options.witness = known.witness;
    if (!cel_verify(check->path, &options, &check->lines, job, error))
        return FALSE;
    ask_court(check, lab, job);
    return TRUE;
}

/* ---- replay ---- */

CelFileReplay *cel_file_replay_new(const char *path)
{
    CelFileReplay *replay = g_new0(CelFileReplay, 1);
    replay->path = g_strdup(path);
    replay->lines = cel_verdict_new();
    return replay;
}

void cel_file_replay_free(gpointer data)
{
    CelFileReplay *replay = data;
    if (replay == NULL)
        return;
    g_free(replay->path);
    g_ptr_array_unref(replay->lines);
    g_free(replay);
}

gboolean cel_file_replay_run(gpointer data, CelJob *job, GError **error)
{
    CelFileReplay *replay = data;
    g_autoptr(CelSealed) sealed = cel_sealed_open(replay->path, job, error);
    g_autoptr(CelReplay) found = sealed != NULL ? cel_replay_run(sealed, NULL, job, error) : NULL;
    if (found == NULL)
        return FALSE;
    cel_verdict_say(replay->lines, "replay", CEL_VERDICT_NOT_PROVEN, NULL, NULL);
    cel_replay_verdict(found, replay->lines);
    return TRUE;
}

/* ---- looks and papers ---- */

CelFileAct *cel_file_act_new(CelDesk *desk, const CelFileCheck *check)
{
    CelFileAct *act = g_new0(CelFileAct, 1);
    act->desk = g_object_ref(desk);
    act->path = g_strdup(check->path);
    act->fid = g_strdup(check->fid);
    return act;
}

void cel_file_act_free(gpointer data)
{
    CelFileAct *act = data;
    if (act == NULL)
        return;
    g_free(act->path);
    g_free(act->fid);
    g_free(act->why);
    g_clear_pointer(&act->pdf, g_bytes_unref);
    g_object_unref(act->desk);
    g_free(act);
}

gboolean cel_file_act_look(gpointer data, CelJob *job, GError **error)
{
    CelFileAct *act = data;
    CelLab *lab = cel_desk_need_lab(act->desk, error);
    CelFileCustody custody = {.path = act->path, .why = act->why};
    if (lab == NULL || !cel_lab_add_custody(lab, &custody, NULL, job, error))
        return FALSE;
    act->intact = custody.intact;
    return TRUE;
}

gboolean cel_file_act_paper(gpointer data, CelJob *job, GError **error)
{
    CelFileAct *act = data;
    CelLab *lab = cel_desk_need_lab(act->desk, error);
    const CelCasePaper paper = {.fid = act->fid, .form = act->form, .chinese = act->chinese};
    if (lab == NULL || !cel_job_step(job, N_("Making the paper"), 0, 0, error))
        return FALSE;
    act->pdf = cel_case_paper(lab, &paper, job, error);
    return act->pdf != NULL;
}

/* ---- bundles ---- */

CelBundleWork *cel_bundle_work_new(CelDesk *desk, const char *path)
{
    CelBundleWork *work = g_new0(CelBundleWork, 1);
    work->desk = g_object_ref(desk);
    work->path = g_strdup(path);
    return work;
}

void cel_bundle_work_free(gpointer data)
{
    CelBundleWork *work = data;
    if (work == NULL)
        return;
    g_free(work->path);
    g_free(work->roots);
    g_free(work->case_id);
    g_free(work->recipient);
    cel_bundle_files_free(work->files);
    cel_bundle_about_clear(&work->about);
    g_clear_pointer(&work->lines, g_ptr_array_unref);
    g_object_unref(work->desk);
    g_free(work);
}

gboolean cel_bundle_work_export(gpointer data, CelJob *job, GError **error)
{
    CelBundleWork *work = data;
    CelLab *lab = cel_desk_need_lab(work->desk, error);
    const CelBundleOrder order = {
        .case_id = work->case_id, .recipient = work->recipient, .path = work->path};
    return lab != NULL && cel_bundle_export(lab, &order, work->digest, job, error);
}

/* Roots that came another way go before the lab's own. */
static CelTrust *brought_roots(const CelBundleWork *work, GError **error)
{
    g_autoptr(GBytes) pem = cel_file_read(work->roots, MOST_ROOTS, error);
    CelTrust *trust = cel_trust_new();
    if (pem != NULL && cel_trust_add_roots(trust, pem, error))
        return trust;
    cel_trust_free(trust);
    return NULL;
}

gboolean cel_bundle_work_check(gpointer data, CelJob *job, GError **error)
{
    CelBundleWork *work = data;
    CelLab *lab = cel_desk_need_lab(work->desk, error);
    CelTrust *brought = NULL;
    if (lab == NULL || (work->roots != NULL && (brought = brought_roots(work, error)) == NULL))
        return FALSE;
    work->files = cel_bundle_read(work->path, job, error);
    const gboolean ok =
        work->files != NULL &&
        cel_bundle_check(work->files, brought != NULL ? brought : cel_lab_trust(lab), &work->about,
                         &work->lines, job, error);
    cel_trust_free(brought);
    return ok;
}

gboolean cel_bundle_work_accept(gpointer data, CelJob *job, GError **error)
{
    CelBundleWork *work = data;
    CelLab *lab = cel_desk_need_lab(work->desk, error);
    return lab != NULL &&
           cel_bundle_accept(lab, work->files, &work->about, work->lines, job, error);
}
