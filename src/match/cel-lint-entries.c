/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lint-private.h"

#include "base/cel-canon.h"
#include "match/cel-outcome.h"
#include "process/cel-despike.h"
#include "process/cel-peaks.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

/* A gap is this much wider than the usual distance of two samples, and wider than most bands. */
static const double GAP_FACTOR = 5.0, GAP_CM1 = 12.0;
/* The part of the axis where nearly every substance has bands. */
static const double NEEDED_CM1[2] = {250.0, 1000.0};
/* Bands of crystals are 3 to 6 cm-1 wide: fewer than two samples a band draw it wrongly. */
static const double COARSE_CM1 = 4.0;
/* Well above the least that carries a result (cel_outcome_limits()): a reference's own noise goes
 * into every comparison. Searching with the strongest band at SNR 20 costs a hundredth of score. */
static const double GOOD_SNR = 20.0;
/* One sample far above the parabola through its neighbours. */
static const double SPIKE_SDS = 12.0, SPIKE_HEIGHT = 0.03; /* of the strongest band */
enum { MIN_CLIPPED = 5, NARROWEST_BAND = 2 };
static const double DEEP = -0.1; /* of the strongest value */

static CelLintFinding about(CelLintKind kind, const CelLintEntry *e)
{
    return (CelLintFinding){.kind = kind, .substance = e->substance, .reference = e->reference};
}

static double step_of(const CelReference *r, gsize i)
{
    return r->x[i + 1] - r->x[i];
}

static double usual_step(const CelReference *r)
{
    g_autofree double *steps = g_new(double, r->n - 1);
    for (gsize i = 0; i + 1 < r->n; i++)
        steps[i] = step_of(r, i);
    return gsl_stats_median(steps, 1, r->n - 1);
}

static void look_at_axis(CelLint *lint, const CelLintEntry *e)
{
    const CelReference *r = e->reference;
    const double usual = usual_step(r);
    gsize widest = 0;
    for (gsize i = 0; i + 1 < r->n; i++)
        widest = step_of(r, i) > step_of(r, widest) ? i : widest;
    if (step_of(r, widest) > fmax(GAP_FACTOR * usual, GAP_CM1)) {
        CelLintFinding f = about(CEL_LINT_AXIS_GAP, e);
        f.numbers[0] = (CelLintNumber){"from_cm1", r->x[widest]};
        f.numbers[1] = (CelLintNumber){"to_cm1", r->x[widest + 1]};
        f.numbers[2] = (CelLintNumber){"usual_step_cm1", usual};
        cel_lint_add(lint, &f);
    }
    if (usual > COARSE_CM1) {
        CelLintFinding f = about(CEL_LINT_COARSE, e);
        f.numbers[0] = (CelLintNumber){"usual_step_cm1", usual};
        cel_lint_add(lint, &f);
    }
    if (r->x[0] > NEEDED_CM1[0] || r->x[r->n - 1] < NEEDED_CM1[1]) {
        CelLintFinding f = about(CEL_LINT_SHORT, e);
        f.numbers[0] = (CelLintNumber){"from_cm1", r->x[0]};
        f.numbers[1] = (CelLintNumber){"to_cm1", r->x[r->n - 1]};
        cel_lint_add(lint, &f);
    }
}

/* How many of the largest values in a row are exactly equal. */
static gsize longest_plateau(const double *y, gsize n, double top)
{
    gsize longest = 0, run = 0;
    for (gsize i = 0; i < n; i++) {
        run = y[i] >= top ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}

/* @y: is changed. A step where somebody cut a background at zero looks like a spike too; only what
 * stands high enough to be taken for a band counts. */
static void look_for_spikes(CelLint *lint, const CelLintEntry *e, double *y, double top)
{
    const gsize n = e->reference->n;
    g_autofree guint8 *flags = g_new0(guint8, n);
    CelSpikeData data = {.y = y, .flags = flags, .n = n};
    const CelSpikeOptions options = {SPIKE_SDS, NARROWEST_BAND, 2};
    const gsize found = n >= 8 ? cel_despike_single(&data, &options) : 0;
    gsize high = 0, highest = 0;
    double most = 0;
    for (gsize i = 0; found > 0 && found <= cel_despike_limit(n) && i < n; i++) {
        const double excess = flags[i] != 0 ? (double)e->reference->y[i] - y[i] : 0;
        high += excess >= SPIKE_HEIGHT * top ? 1 : 0;
        highest = excess > most ? i : highest;
        most = MAX(most, excess);
    }
    if (high == 0)
        return;
    CelLintFinding f = about(CEL_LINT_SPIKES, e);
    f.numbers[0] = (CelLintNumber){"samples", (double)high};
    f.numbers[1] = (CelLintNumber){"highest_cm1", e->reference->x[highest]};
    f.numbers[2] = (CelLintNumber){"height_of_strongest", most / top};
    cel_lint_add(lint, &f);
}

static void look_at_values(CelLint *lint, const CelLintEntry *e)
{
    const gsize n = e->reference->n;
    g_autofree double *y = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        y[i] = (double)e->reference->y[i];
    const double top = gsl_stats_max(y, 1, n), low = gsl_stats_min(y, 1, n);
    const double base = e->reference->baseline_removed ? 0 : low;
    const double noise = cel_peaks_noise(y, n);
    const double snr = noise > 0 ? (top - base) / noise : 0;
    if (noise > 0 && snr < GOOD_SNR) {
        CelLintFinding f = about(CEL_LINT_LOW_SNR, e);
        f.numbers[0] = (CelLintNumber){"snr", snr};
        f.numbers[1] = (CelLintNumber){"good_snr", GOOD_SNR};
        cel_lint_add(lint, &f);
    }
    const gsize plateau = longest_plateau(y, n, top);
    if (plateau >= MIN_CLIPPED && top > low) {
        CelLintFinding f = about(CEL_LINT_CLIPPED, e);
        f.numbers[0] = (CelLintNumber){"samples", (double)plateau};
        cel_lint_add(lint, &f);
    }
    if (e->reference->baseline_removed && top > 0 && low < DEEP * top) {
        CelLintFinding f = about(CEL_LINT_NEGATIVE, e);
        f.numbers[0] = (CelLintNumber){"lowest_of_strongest", low / top};
        cel_lint_add(lint, &f);
    }
    look_for_spikes(lint, e, y, top - base);
}

/* What grade A means (rules of the bench, 1.4), as columns of the manifest. */
static gboolean is_authenticated(const CelReference *reference)
{
    static const char *const needed[] = {"supplier", "lot", "certificate", "instrument",
                                         "approved_by"};
    g_autoptr(JsonNode) node = cel_canon_read(reference->extra, strlen(reference->extra), NULL);
    JsonObject *extra =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++) {
        const char *text =
            extra != NULL ? json_object_get_string_member_with_default(extra, needed[i], "") : "";
        if (*text == '\0')
            return FALSE;
    }
    return TRUE;
}

static void look_at_facts(CelLint *lint, const CelLintEntry *e)
{
    const CelReference *r = e->reference;
    const struct {
        gboolean missing;
        CelLintKind kind;
    } facts[] = {
        {*r->licence == '\0', CEL_LINT_NO_LICENCE},
        {*r->source == '\0', CEL_LINT_NO_SOURCE},
        {!(r->laser_nm > 0), CEL_LINT_NO_LASER},
        {r->grade == CEL_GRADE_A && !is_authenticated(r), CEL_LINT_GRADE_UNPROVEN},
        {e->view == NULL, CEL_LINT_UNUSABLE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
        const CelLintFinding f = about(facts[i].kind, e);
        if (facts[i].missing)
            cel_lint_add(lint, &f);
    }
}

void cel_lint_entry(CelLint *lint, const CelLintEntry *entry)
{
    look_at_axis(lint, entry);
    look_at_values(lint, entry);
    look_at_facts(lint, entry);
}

void cel_lint_substance(CelLint *lint, const CelSubstance *substance)
{
    CelGrade best = CEL_GRADE_D;
    gboolean measured = FALSE;
    for (gsize i = 0; i < substance->n_references; i++)
        best = MIN(best, substance->references[i].grade);
    for (gsize i = 0; i < substance->n_bands; i++)
        measured |= substance->bands[i].status != CEL_STATUS_RECALLED;
    CelLintFinding f = {.substance = substance};
    if (substance->n_references == 0 && substance->n_bands == 0)
        f.kind = CEL_LINT_NO_DATA;
    else if (substance->n_references == 0 && !measured)
        f.kind = CEL_LINT_RECALLED_ONLY;
    else if (best >= CEL_GRADE_C)
        f.kind = CEL_LINT_GRADE_LEAD;
    else
        return;
    if (substance->n_bands > 0)
        f.numbers[0] = (CelLintNumber){"bands", (double)substance->n_bands};
    cel_lint_add(lint, &f);
}
