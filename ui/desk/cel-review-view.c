/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-review-view.h"

#include "bench/cel-case-paper.h"
#include "bench/cel-gate.h"
#include "bench/cel-lab-seal.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_LISTED = 300 };

const char *cel_review_state_words(CelReviewState state)
{
    static const char *const words[CEL_N_REVIEW_STATES] = {
        [CEL_REVIEW_WAITS] = N_("waits for your blind review"),
        [CEL_REVIEW_OWN] = N_("waits for a colleague's blind review"),
        [CEL_REVIEW_DISAGREES] = N_("the review disagrees; to be settled"),
        [CEL_REVIEW_BLOCKED] = N_("reviewed; something else is missing"),
        [CEL_REVIEW_READY] = N_("ready for release"),
    };
    return _(words[state]);
}

/* ---- the list ---- */

static void item_free(gpointer data)
{
    CelReviewItem *item = data;
    g_free(item->fid);
    g_free(item->case_id);
    g_free(item->item_id);
    g_free(item);
}

CelReviewList *cel_review_list_new(CelDesk *desk)
{
    CelReviewList *list = g_new0(CelReviewList, 1);
    list->desk = g_object_ref(desk);
    list->items = g_ptr_array_new_with_free_func(item_free);
    return list;
}

void cel_review_list_free(gpointer data)
{
    CelReviewList *list = data;
    if (list == NULL)
        return;
    g_ptr_array_unref(list->items);
    g_object_unref(list->desk);
    g_free(list);
}

/** Reviews: what is on record about one file. */
typedef struct {
    JsonObject *blind, *compared; /* the newest, (nullable) */
    gboolean released;
} Reviews;

static void reviews_clear(Reviews *reviews)
{
    g_clear_pointer(&reviews->blind, json_object_unref);
    g_clear_pointer(&reviews->compared, json_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reviews, reviews_clear)

static gboolean read_reviews(CelLab *lab, const char *fid, Reviews *out, GError **error)
{
    CelRegister *reg = cel_lab_register(lab);
    const CelRowQuery query = {.match = {{"fid", fid, 0}}, .newest_first = TRUE};
    guint64 n = 0;
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_REVIEW, &query, error);
    if (rows == NULL || !cel_register_count(reg, CEL_ROW_RELEASE, &query, &n, error))
        return FALSE;
    out->released = n > 0;
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        JsonObject **slot = cel_row_number(row, "blind") != 0 ? &out->blind : &out->compared;
        if (*slot == NULL)
            *slot = json_object_ref(row);
    }
    return TRUE;
}

/* Asked of the lab itself, so that the rule stands in one place. */
static gboolean may_review(CelLab *lab, JsonObject *file, GError **error)
{
    const CelEventRequest request = {.act = CEL_ACT_REVIEW,
                                     .case_id = cel_row_text(file, "case_id"),
                                     .item_id = cel_row_text(file, "item_id"),
                                     .fid = cel_row_text(file, "fid")};
    return cel_lab_may(lab, &request, error);
}

static gboolean judge(CelLab *lab, JsonObject *file, const Reviews *reviews,
                      CelReviewState *out_state, GError **error)
{
    if (reviews->blind == NULL) {
        *out_state = may_review(lab, file, NULL) ? CEL_REVIEW_WAITS : CEL_REVIEW_OWN;
        return TRUE;
    }
    g_autoptr(GPtrArray) blocks = cel_gate_release(cel_lab_register(lab), cel_row_text(file, "fid"),
                                                   &cel_lab_rules(lab)->limits, error);
    if (blocks == NULL)
        return FALSE;
    *out_state = blocks->len == 0 ? CEL_REVIEW_READY : CEL_REVIEW_BLOCKED;
    for (guint i = 0; i < blocks->len; i++)
        if (strcmp(((const CelGateBlock *)g_ptr_array_index(blocks, i))->id, "disagreement") == 0)
            *out_state = CEL_REVIEW_DISAGREES;
    return TRUE;
}

static int by_state(gconstpointer a, gconstpointer b)
{
    static const int order[CEL_N_REVIEW_STATES] = {
        [CEL_REVIEW_WAITS] = 0,   [CEL_REVIEW_READY] = 1, [CEL_REVIEW_DISAGREES] = 2,
        [CEL_REVIEW_BLOCKED] = 3, [CEL_REVIEW_OWN] = 4,
    };
    const CelReviewItem *x = *(CelReviewItem *const *)a, *y = *(CelReviewItem *const *)b;
    if (order[x->state] != order[y->state])
        return order[x->state] < order[y->state] ? -1 : 1;
    return x->sealed_us < y->sealed_us ? -1 : x->sealed_us > y->sealed_us;
}

gboolean cel_review_list_read(gpointer data, CelJob *job, GError **error)
{
    CelReviewList *list = data;
    CelLab *lab = cel_desk_lab(list->desk);
    const CelRowQuery query = {
        .match = {{"state", "complete", 0}}, .newest_first = TRUE, .most = MOST_LISTED};
    g_autoptr(GPtrArray) rows =
        lab != NULL ? cel_register_rows(cel_lab_register(lab), CEL_ROW_FILE, &query, error) : NULL;
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *file = g_ptr_array_index(rows, i);
        g_auto(Reviews) reviews = {.released = FALSE};
        CelReviewState state;
        if (!cel_job_step(job, NULL, i, rows->len, error) ||
            !read_reviews(lab, cel_row_text(file, "fid"), &reviews, error))
            return FALSE;
        if (reviews.released || *cel_row_text(file, "exploratory") != '\0')
            continue;
        if (!judge(lab, file, &reviews, &state, error))
            return FALSE;
        CelReviewItem *item = g_new0(CelReviewItem, 1);
        item->fid = g_strdup(cel_row_text(file, "fid"));
        item->case_id = g_strdup(cel_row_text(file, "case_id"));
        item->item_id = g_strdup(cel_row_text(file, "item_id"));
        item->sealed_us = cel_row_number(file, "t_wall_us");
        item->state = state;
        g_ptr_array_add(list->items, item);
    }
    g_ptr_array_sort(list->items, by_state);
    return lab == NULL || rows != NULL;
}

/* ---- one result: what the register says ---- */

static void choice_free(gpointer data)
{
    CelClaimChoice *choice = data;
    g_free(choice->id);
    g_free(choice->name);
    g_free(choice);
}

CelReviewDetail *cel_review_detail_new(CelDesk *desk, const char *fid)
{
    CelReviewDetail *detail = g_new0(CelReviewDetail, 1);
    detail->desk = g_object_ref(desk);
    detail->fid = g_strdup(fid);
    detail->choices = g_ptr_array_new_with_free_func(choice_free);
    return detail;
}

void cel_review_detail_free(gpointer data)
{
    CelReviewDetail *detail = data;
    if (detail == NULL)
        return;
    char *const texts[] = {detail->fid,   detail->case_id,      detail->item_id,
                           detail->path,  detail->refused,      detail->outcome,
                           detail->claim, detail->said_outcome, detail->said_claim,
                           detail->about, detail->no_court};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_clear_pointer(&detail->blocks, g_ptr_array_unref);
    g_clear_pointer(&detail->raw, g_ptr_array_unref);
    g_clear_pointer(&detail->processed, g_ptr_array_unref);
    g_ptr_array_unref(detail->choices);
    g_object_unref(detail->desk);
    g_free(detail);
}

/* The sealed claim is not even read before a verdict is on record. */
static gboolean add_comparison(CelReviewDetail *detail, CelLab *lab, JsonObject *file,
                               const Reviews *reviews, CelJob *job, GError **error)
{
    g_autoptr(GError) no_court = NULL;
    detail->reviewed = TRUE;
    detail->outcome = g_strdup(cel_row_text(file, "outcome"));
    detail->claim = g_strdup(cel_row_text(file, "claim"));
    detail->said_outcome = g_strdup(cel_row_text(reviews->blind, "outcome"));
    detail->said_claim = g_strdup(cel_row_text(reviews->blind, "claim"));
    detail->agrees = cel_row_number(reviews->compared, "agrees") != 0;
    detail->blocks =
        cel_gate_release(cel_lab_register(lab), detail->fid, &cel_lab_rules(lab)->limits, error);
    if (detail->blocks != NULL && detail->blocks->len == 0 &&
        !cel_case_allows_release(lab, detail->fid, job, &no_court))
        detail->no_court = g_strdup(no_court->message);
    return detail->blocks != NULL;
}

gboolean cel_review_detail_ask(gpointer data, CelJob *job, GError **error)
{
    CelReviewDetail *detail = data;
    CelLab *lab = cel_desk_lab(detail->desk);
    g_auto(Reviews) reviews = {.released = FALSE};
    g_autoptr(GError) refused = NULL;
    (void)job;
    g_autoptr(JsonObject) file = cel_case_file(lab, detail->fid, error);
    if (file == NULL || !read_reviews(lab, detail->fid, &reviews, error))
        return FALSE;
    detail->case_id = g_strdup(cel_row_text(file, "case_id"));
    detail->item_id = g_strdup(cel_row_text(file, "item_id"));
    detail->path = cel_lab_sealed_path(lab, detail->fid);
    if (reviews.blind != NULL)
        return add_comparison(detail, lab, file, &reviews, job, error);
    if (!may_review(lab, file, &refused))
        detail->refused = g_strdup(refused->message);
    return TRUE;
}

const char *cel_review_claim_name(const CelReviewDetail *detail, const char *claim)
{
    const char *colon = claim != NULL ? strchr(claim, ':') : NULL;
    const char *bare = colon != NULL ? colon + 1 : claim;
    for (guint i = 0; bare != NULL && i < detail->choices->len; i++) {
        const CelClaimChoice *choice = g_ptr_array_index(detail->choices, i);
        if (strcmp(choice->id, bare) == 0)
            return choice->name;
    }
    return claim != NULL && *claim != '\0' ? claim : _("no claim");
}
