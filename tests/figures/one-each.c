/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protocol of Li, Schmidt, Alstroem 2022 (arXiv 2202.12549): of each mineral with at least two
 * spectra, of any laser, one is drawn as a sample and all other spectra are the library; no
 * training. From the folder that tools/unpack-development-data makes; for tools/figures one-each:
 *
 *   celadon-one-each --import MANIFEST [--draws 20] [--half development|validation] VALIDATION.tsv
 *
 * All minerals are in the library; the half says which are drawn.
 */
#include "base/cel-error.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-search.h"
#include "plain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static char *import_manifest, *only_half;
static int draws = 20;
static const GOptionEntry entries[] = {
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "the other spectra", "MANIFEST"},
    {"draws", 0, 0, G_OPTION_ARG_INT, &draws, "how often (20)", "N"},
    {"half", 0, 0, G_OPTION_ARG_STRING, &only_half, "only this one", "HALF"},
    G_OPTION_ENTRY_NULL,
};

typedef struct {
    double *x, *y;
    gsize n;
    guint slot;
} Curve;

typedef struct {
    GArray *curves;    /* Curve */
    GHashTable *slots; /* id -> slot + 1 */
    GArray *half;      /* guint8 of each slot: 1 = validation */
} Pool;

/* tests/data/match/split.md */
static guint8 half_of(const char *name)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize n = sizeof digest;
    g_checksum_update(sum, (const guchar *)name, (gssize)strlen(name));
    g_checksum_get_digest(sum, digest, &n);
    return digest[0] % 2;
}

static guint slot_of(Pool *pool, const char *id, guint8 half)
{
    const guint known = GPOINTER_TO_UINT(g_hash_table_lookup(pool->slots, id));
    if (known > 0)
        return known - 1;
    const guint slot = g_hash_table_size(pool->slots);
    g_hash_table_insert(pool->slots, g_strdup(id), GUINT_TO_POINTER(slot + 1));
    g_array_append_val(pool->half, half);
    return slot;
}

static void add(Pool *pool, const char *file, guint slot)
{
    const DevCase dev = {.file = (char *)file, .baseline_removed = TRUE};
    g_autoptr(CelSpectrum) spectrum = dev_spectrum(&dev, NULL);
    if (spectrum == NULL)
        g_error("%s cannot be read", file);
    const gsize n = cel_spectrum_length(spectrum);
    const Curve curve = {g_memdup2(cel_spectrum_x(spectrum), n * sizeof(double)),
                         g_memdup2(cel_spectrum_y(spectrum), n * sizeof(double)), n, slot};
    g_array_append_val(pool->curves, curve);
}

static void add_library(Pool *pool, const char *manifest)
{
    g_autoptr(GPtrArray) rows = dev_table(manifest, '\t', NULL);
    if (rows == NULL)
        g_error("%s cannot be read", manifest);
    const guint file = dev_column(rows, "file"), id = dev_column(rows, "id");
    const guint name = dev_column(rows, "name_en");
    g_autofree char *folder = g_path_get_dirname(manifest);
    for (guint i = 1; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        g_autofree char *path = g_build_filename(folder, row[file], NULL);
        add(pool, path, slot_of(pool, row[id], half_of(row[name])));
    }
}

static void add_known(Pool *pool, const char *manifest)
{
    g_autoptr(GPtrArray) cases = dev_cases(manifest, NULL);
    if (cases == NULL)
        g_error("%s cannot be read", manifest);
    for (guint i = 0; i < cases->len; i++) {
        const DevCase *dev = g_ptr_array_index(cases, i);
        const char *id = *dev->truth_id != '\0' ? dev->truth_id : dev->family;
        add(pool, dev->file, slot_of(pool, id, strcmp(dev->split, "validation") == 0));
    }
}

static CelView *view_of(const Pool *pool, guint i)
{
    const Curve *curve = &g_array_index(pool->curves, Curve, i);
    return cel_view_new(&(CelCurve){.x = curve->x, .y = curve->y, .n = curve->n});
}

/* One spectrum of each mineral that has two or more: index + 1, else 0. */
static guint *draw(const Pool *pool, guint32 seed)
{
    const guint n_slots = pool->half->len;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree guint *met = g_new0(guint, n_slots);
    guint *drawn = g_new0(guint, n_slots);
    for (guint i = 0; i < pool->curves->len; i++) {
        const guint slot = g_array_index(pool->curves, Curve, i).slot;
        if (g_rand_int_range(rand, 0, (gint32)++met[slot]) == 0)
            drawn[slot] = i + 1;
    }
    for (guint s = 0; s < n_slots; s++)
        drawn[s] = met[s] >= 2 ? drawn[s] : 0;
    return drawn;
}

typedef struct {
    guint n, first, plain;
} Tally;

static gboolean wanted(const Pool *pool, guint slot)
{
    const char *half = g_array_index(pool->half, guint8, slot) ? "validation" : "development";
    return only_half == NULL || strcmp(only_half, half) == 0;
}

static void one_draw(const Pool *pool, guint32 seed, Tally tallies[2])
{
    const guint n_slots = pool->half->len;
    g_autofree guint *drawn = draw(pool, seed);
    g_autofree double *scores = g_new(double, n_slots);
    GArray *references = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    g_autoptr(GArray) plain = plain_new();
    for (guint i = 0; i < pool->curves->len; i++) {
        const guint slot = g_array_index(pool->curves, Curve, i).slot;
        if (drawn[slot] == i + 1)
            continue;
        const CelEntry entry = {slot, view_of(pool, i)};
        g_array_append_val(references, entry);
        plain_add(plain, slot, view_of(pool, i));
    }
    g_autoptr(CelSearch) search = cel_search_new(references);
    for (guint slot = 0; slot < n_slots; slot++) {
        if (drawn[slot] == 0 || !wanted(pool, slot))
            continue;
        Tally *tally = &tallies[g_array_index(pool->half, guint8, slot)];
        g_autoptr(CelView) view = view_of(pool, drawn[slot] - 1);
        g_autoptr(GArray) ranked = cel_search_run(search, view, &(CelSearchOptions){0});
        plain_scores(plain, view, scores, n_slots);
        tally->n++;
        tally->first += ranked->len > 0 && g_array_index(ranked, CelCandidate, 0).slot == slot;
        tally->plain += plain_rank(scores, n_slots, slot) == 0;
    }
}

/* Mean and standard deviation over the draws: they share spectra, so no interval of a proportion
 * holds for all of them together. */
static void print_share(const GArray *shares)
{
    double sum = 0, squares = 0;
    for (guint i = 0; i < shares->len; i++) {
        sum += g_array_index(shares, double, i);
        squares += g_array_index(shares, double, i) * g_array_index(shares, double, i);
    }
    const double mean = sum / shares->len;
    printf(" %.2f +- %.2f |", 100 * mean, 100 * sqrt(MAX(0, squares / shares->len - mean * mean)));
}

static void clear_curve(gpointer data)
{
    g_free(((Curve *)data)->x);
    g_free(((Curve *)data)->y);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("VALIDATION.tsv");
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    if (import_manifest == NULL || argc != 2 || draws < 1)
        g_error("--import and one table of known samples are needed");
    g_autoptr(GArray) curves = g_array_new(FALSE, FALSE, sizeof(Curve));
    g_array_set_clear_func(curves, clear_curve);
    g_autoptr(GHashTable) slots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) half = g_array_new(FALSE, FALSE, 1);
    Pool pool = {curves, slots, half};
    add_library(&pool, import_manifest);
    add_known(&pool, argv[1]);
    GArray *shares[2][2];
    Tally last[2] = {0};
    for (int i = 0; i < 4; i++)
        shares[i / 2][i % 2] = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint32 d = 0; d < (guint32)draws; d++) {
        memset(last, 0, sizeof last);
        one_draw(&pool, d, last);
        for (int h = 0; h < 2; h++) {
            const double share = (double)last[h].first / MAX(last[h].n, 1);
            const double plain = (double)last[h].plain / MAX(last[h].n, 1);
            g_array_append_val(shares[h][0], share);
            g_array_append_val(shares[h][1], plain);
        }
    }
    printf("%u spectra of %u minerals, %d draws\n| half | n | first %% | plain first %% |\n"
           "|---|---|---|---|\n",
           curves->len, half->len, draws);
    for (int h = 0; h < 2; h++) {
        if (last[h].n > 0) {
            printf("| %s | %u |", h == 0 ? "development" : "validation", last[h].n);
            print_share(shares[h][0]);
            print_share(shares[h][1]);
            printf("\n");
        }
        g_array_unref(shares[h][0]);
        g_array_unref(shares[h][1]);
    }
    return 0;
}
