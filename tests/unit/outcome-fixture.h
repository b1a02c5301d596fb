/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-outcome.h"
#include "match/cel-weigh.h"

#include <string.h>

/* The decision rule alone: hits and quality are made here, so that each condition stands just
 * inside or just outside its limit while all others hold. */

static const char *const likes_none[] = {NULL};
static const CelReference measured_reference = {.name = "made"};

static CelSubstance make_substance(const char *id)
{
    return (CelSubstance){.id = id,
                          .name_en = id,
                          .name_zh = "",
                          .class_id = "salt",
                          .group_id = "",
                          .ceiling = "substance",
                          .lookalikes = likes_none};
}

/* A case that is found; tests change one thing each. */
typedef struct {
    CelSubstance x, y;
    CelHit first, second; /* .score 0 of the second: there is none */
    guint matched;
    double missing_height; /* 0: none */
    double extra_height, extra_cm1;
    CelQuality quality;
    CelPolicy policy;
    CelDecisionInput input;
    gboolean simulated, no_hits;
    CelLibrary *library;
} Made;

static void made_init(Made *made)
{
    *made = (Made){
        .x = make_substance("x"),
        .y = make_substance("y"),
        .first = {.rank = 1,
                  .score = 0.95,
                  .peak_score = 0.9,
                  .found = 0.9,
                  .explained = 0.9,
                  .closeness = 0.9,
                  .reference = &measured_reference},
        .second = {.rank = 2, .score = 0.60, .reference = &measured_reference},
        .matched = 5,
        .quality = {.snr = 50, .fluorescence_ratio = 1, .axis_check = "ok"},
        .input = {.method = "M1",
                  .library_en = "L1",
                  .laser_known = TRUE,
                  .n_samples = 1000,
                  .n_lines = 6,
                  .state = {.axis_u_cm1 = 1, .axis_check = "ok"}},
    };
}

static void made_clear(Made *made)
{
    cel_library_free(made->library);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

static CelHit *make_hit(const CelHit *from, const CelSubstance *substance, guint matched,
                        double missing_height)
{
    CelHit *hit = g_new0(CelHit, 1);
    *hit = *from;
    hit->substance = substance;
    hit->matched = g_array_new(FALSE, TRUE, sizeof(CelPeakPair));
    hit->missing = g_array_new(FALSE, TRUE, sizeof(CelPeakPair));
    hit->extra = g_array_new(FALSE, TRUE, sizeof(double));
    g_array_set_size(hit->matched, matched);
    const CelPeakPair gap = {.reference_cm1 = 1085.6, .reference_intensity = missing_height};
    if (missing_height > 0)
        g_array_append_val(hit->missing, gap);
    return hit;
}

static CelIdentification *decide(Made *made)
{
    const CelLibrary *libraries[] = {made->library};
    CelIdentification *answer = cel_identification_new();
    answer->quality = made->quality;
    answer->policy = made->policy;
    answer->simulated = made->simulated;
    if (!made->no_hits)
        g_ptr_array_add(answer->hits,
                        make_hit(&made->first, &made->x, made->matched, made->missing_height));
    if (!made->no_hits && made->second.score > 0)
        g_ptr_array_add(answer->hits, make_hit(&made->second, &made->y, 3, 0));
    answer->extra_height = made->extra_height;
    answer->extra_cm1 = made->extra_cm1;
    made->input.libraries = libraries;
    made->input.n_libraries = made->library != NULL ? 1 : 0;
    cel_outcome_decide(answer, &made->input);
    return answer;
}

static void outcome_is(const CelIdentification *answer, const char *outcome, const char *ceiling)
{
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, outcome);
    g_assert_cmpstr(answer->ceiling, ==, ceiling);
}

/* Is the row @id among the reasons, up to its first placeholder, in both languages? */
G_GNUC_UNUSED static gboolean says(const CelIdentification *answer, CelClaimId id)
{
    const CelSentence *row = cel_claim(id);
    /* placeholders cut the row into pieces, which must stand in the reason in this order */
    g_auto(GStrv) pieces = g_regex_split_simple("\\{[A-Z]\\}", row->en, 0, 0);
    g_assert_cmpuint(answer->why_en->len, ==, answer->why_zh->len);
    for (guint i = 0; i < answer->why_en->len; i++) {
        const char *at = g_ptr_array_index(answer->why_en, i);
        for (gsize p = 0; at != NULL && pieces[p] != NULL; p++) {
            at = strstr(at, pieces[p]);
            at = at != NULL ? at + strlen(pieces[p]) : NULL;
        }
        if (at != NULL)
            return TRUE;
    }
    return FALSE;
}

G_GNUC_UNUSED static gboolean has_text(const GPtrArray *texts, const char *part)
{
    for (guint i = 0; i < texts->len; i++)
        if (strstr(g_ptr_array_index(texts, i), part) != NULL)
            return TRUE;
    return FALSE;
}
