/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-hash.h"
#include "base/cel-json.h"
#include "evidence/cel-record.h"
#include "evidence/cel-place.h"
#include "match/cel-claims.h"
#include "report/cel-report-items.h"

#include <math.h>
#include <string.h>

static const double PLOT_HEIGHT = 210.0, RESIDUAL_HEIGHT = 120.0, SMALL = 7.6,
                    MIXTURE_HEIGHT = 90.0;
enum { MAX_BANDS = 80, MAX_STEPS = 99, MAX_REPLICATES = 99 };

static const CelH5Node *root(const CelPaper *paper)
{
    return cel_sealed_root(paper->request->sealed);
}

static void heading(CelPaper *paper, CelReportWord which)
{
    cel_page_heading(&paper->page, cel_paper_word(paper, which));
}

/** Column: one of a table. */
typedef struct {
    CelReportWord head;
    double share;
} Column;

enum { MAX_COLUMNS = 9 };

static void table_head(CelPaper *paper, const Column *columns, guint n)
{
    CelPageCell cells[MAX_COLUMNS];
    for (guint i = 0; i < n; i++)
        cells[i] =
            (CelPageCell){cel_paper_word(paper, columns[i].head), columns[i].share, CEL_CELL_LABEL};
    cel_page_need(&paper->page, 40.0);
    cel_page_row(&paper->page, cells, n, 0.0);
}

static void table_row(CelPaper *paper, const Column *columns, guint n, char *const *texts)
{
    CelPageCell cells[MAX_COLUMNS];
    for (guint i = 0; i < n; i++)
        cells[i] =
            (CelPageCell){texts[i] != NULL ? texts[i] : "", columns[i].share, CEL_CELL_VALUE};
    cel_page_row(&paper->page, cells, n, 0.0);
}

static void draw_head(CelPaper *paper)
{
    CelPage *page = &paper->page;
    g_autofree char *number = g_strdup_printf("%s: %s", cel_paper_word(paper, CEL_WORD_NUMBER),
                                              cel_paper_stated(paper, paper->number));
    const CelSentence *development = cel_claim(CEL_CLAIM_DEVELOPMENT);
    cel_page_centred(page, paper->title, 15.0, TRUE);
    if (paper->training)
        cel_page_centred(page, cel_paper_word(paper, CEL_WORD_TRAINING), 11.0, TRUE);
    if (g_strcmp0(cel_json_words(paper->record, "policy"), "development") == 0)
        cel_page_centred(page, paper->chinese ? development->zh : development->en, 9.0, TRUE);
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_EXPERT_NOTE), SMALL, FALSE);
    cel_page_at(page, number, 9.5, page->right, page->y, 1.0);
    page->y += 15.0;
}

static void row_of(CelPaper *paper, CelReportWord left, const char *a, CelReportWord right,
                   const char *b)
{
    const char *const texts[] = {cel_paper_word(paper, left), a, cel_paper_word(paper, right), b};
    cel_paper_row2(paper, texts);
}

static void draw_particulars(CelPaper *paper)
{
    JsonObject *record = paper->record;
    g_autofree char *instrument = cel_paper_instrument(paper);
    g_autofree char *laser = cel_paper_laser(paper);
    g_autofree char *time = cel_paper_acquisition(paper);
    g_autofree char *replicates = cel_paper_replicates(paper);
    g_autofree char *method = cel_paper_method(paper);
    g_autofree char *library = cel_paper_library(paper);
    g_autofree char *blanks = cel_paper_blanks(paper);
    g_autofree char *quality = cel_paper_quality(paper);
    heading(paper, CEL_WORD_PARTICULARS);
    row_of(paper, CEL_WORD_CASE, cel_paper_stated(paper, cel_json_words(record, "case")),
           CEL_WORD_EXHIBIT, cel_paper_stated(paper, cel_json_words(record, "item")));
    row_of(paper, CEL_WORD_OPERATOR, cel_paper_stated(paper, cel_record_text(record, "op/id")),
           CEL_WORD_TIME, cel_paper_stated(paper, cel_json_words(record, "t_wall")));
    row_of(paper, CEL_WORD_INSTRUMENT, instrument, CEL_WORD_LASER, laser);
    row_of(paper, CEL_WORD_ACQUISITION, time, CEL_WORD_REPLICATES, replicates);
    row_of(paper, CEL_WORD_METHOD, method, CEL_WORD_LIBRARY, library);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_BLANKS), blanks);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_DATA_QUALITY), quality);
}

/* ---- processing ---- */

static char *reference_of(const CelPaper *paper, guint step)
{
    const CelH5Node *entry = cel_h5_find(root(paper), "/entry");
    GPtrArray *children =
        entry != NULL && cel_h5_type(entry) == CEL_H5_GROUP ? cel_h5_children(entry) : NULL;
    g_autofree char *prefix = g_strdup_printf("process_%02u_", step);
    for (guint i = 0; children != NULL && i < children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(children, i);
        if (g_str_has_prefix(cel_h5_name(child), prefix))
            return cel_h5_get_text(child, "reference", NULL);
    }
    return NULL;
}

static void draw_step(CelPaper *paper, const char *line, guint step)
{
    static const Column columns[] = {
        {CEL_WORD_STEP, 0.24}, {CEL_WORD_PARAMETERS, 0.46}, {CEL_WORD_SOURCE, 0.3}};
    g_auto(GStrv) parts = g_strsplit(line, " ", 2);
    g_autofree char *source = reference_of(paper, step);
    g_autofree char *spaced = NULL;
    if (parts[1] != NULL) {
        g_auto(GStrv) pairs = g_strsplit(parts[1], ",", -1);
        spaced = g_strjoinv(", ", pairs);
    }
    char *const texts[] = {parts[0], spaced, source};
    table_row(paper, columns, G_N_ELEMENTS(columns), texts);
}

static void draw_recipe(CelPaper *paper)
{
    static const Column columns[] = {
        {CEL_WORD_STEP, 0.24}, {CEL_WORD_PARAMETERS, 0.46}, {CEL_WORD_SOURCE, 0.3}};
    GBytes *bytes = cel_sealed_bytes(root(paper), "/celadon/recipe");
    gsize n = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : "";
    g_autofree char *copy = g_strndup(text, n);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", MAX_STEPS);
    heading(paper, CEL_WORD_SECTION_RECIPE);
    if (lines[0] != NULL)
        cel_page_text(&paper->page, lines[0], SMALL, FALSE);
    table_head(paper, columns, G_N_ELEMENTS(columns));
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
        if (*lines[i] != '\0')
            draw_step(paper, lines[i], i);
}

/* ---- bands ---- */

static char *uncertainty(double u)
{
    return u > 0.0 ? g_strdup_printf("%.2g", u) : g_strdup("\u2013");
}

static const Column band_columns[] = {
    {CEL_WORD_POSITION, 0.14}, {CEL_WORD_U_FIT, 0.1}, {CEL_WORD_U_AXIS, 0.1}, {CEL_WORD_U_ALL, 0.1},
    {CEL_WORD_HEIGHT, 0.2},    {CEL_WORD_FWHM, 0.16}, {CEL_WORD_AREA, 0.2},
};

static void draw_band(CelPaper *paper, const CelPeak *peak, double u_axis_cm1)
{
    const char *mark = cel_paper_is_matched(paper, peak->position) ? "▼ " : "";
    const double both = peak->u_position > 0.0 ? hypot(peak->u_position, u_axis_cm1) : 0.0;
    g_autofree char *value = cel_paper_figure(peak->position, both);
    g_autofree char *position = g_strconcat(mark, value, NULL);
    g_autofree char *fit = uncertainty(peak->u_position);
    g_autofree char *axis = uncertainty(u_axis_cm1);
    g_autofree char *all = uncertainty(both);
    g_autofree char *height = cel_paper_value(peak->height, peak->u_height);
    g_autofree char *fwhm = cel_paper_value(peak->fwhm, peak->u_fwhm);
    g_autofree char *area =
        peak->area > 0.0 ? cel_paper_value(peak->area, peak->u_area) : g_strdup("\u2013");
    char *const texts[] = {position, fit, axis, all, height, fwhm, area};
    table_row(paper, band_columns, G_N_ELEMENTS(band_columns), texts);
}

static gboolean draw_bands(CelPaper *paper, GError **error)
{
    CelPaperPeaks bands = {0};
    if (!cel_paper_peaks(paper, MAX_BANDS, &bands, error))
        return FALSE;
    g_autoptr(GArray) peaks = bands.peaks;
    heading(paper, CEL_WORD_SECTION_PEAKS);
    cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_BANDS_NOTE), SMALL, FALSE);
    if (!(bands.u_axis_cm1 > 0.0))
        cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_BANDS_NO_AXIS), SMALL, FALSE);
    if (peaks->len == 0)
        cel_page_bullet(&paper->page, cel_paper_word(paper, CEL_WORD_NO_BANDS), SMALL);
    else
        table_head(paper, band_columns, G_N_ELEMENTS(band_columns));
    for (guint i = 0; i < peaks->len; i++)
        draw_band(paper, &g_array_index(peaks, CelPeak, i), bands.u_axis_cm1);
    if (cel_paper_any_unfitted(&bands))
        cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_BANDS_UNFITTED), SMALL, FALSE);
    if (bands.n_left_out > 0) {
        g_autofree char *n = g_strdup_printf("%u", bands.n_left_out);
        g_autofree char *more =
            cel_claim_fill(cel_paper_word(paper, CEL_WORD_BANDS_MORE), "N", n, NULL);
        cel_page_text(&paper->page, more, SMALL, FALSE);
    }
    return TRUE;
}

/* ---- hits ---- */

static const Column hit_columns[] = {
    {CEL_WORD_RANK, 0.05},       {CEL_WORD_NAME, 0.19},  {CEL_WORD_REFERENCE_KIND, 0.2},
    {CEL_WORD_SCORE, 0.08},      {CEL_WORD_MARGIN, 0.1}, {CEL_WORD_HQI, 0.1},
    {CEL_WORD_PEAK_SCORE, 0.09}, {CEL_WORD_SHIFT, 0.08}, {CEL_WORD_COUNTS, 0.11},
};

static char *reference_kind(const CelPaper *paper, JsonObject *hit)
{
    const gboolean table = g_strcmp0(cel_json_words(hit, "kind"), "band-table") == 0;
    const char *name = cel_json_words(hit, "reference");
    return g_strdup_printf("%s%s%s, %s", name != NULL ? name : "", name != NULL ? ", " : "",
                           cel_paper_word(paper, table ? CEL_WORD_BAND_TABLE : CEL_WORD_MEASURED),
                           cel_paper_stated(paper, cel_json_words(hit, "grade")));
}

static char *figure(double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(isfinite(value) ? g_ascii_formatd(text, sizeof text, format, value) : "\u2013");
}

static void draw_hit(CelPaper *paper, JsonArray *hits, guint i)
{
    JsonObject *hit = cel_json_at_object(hits, i);
    JsonObject *next = i + 1 < cel_json_length(hits) ? cel_json_at_object(hits, i + 1) : NULL;
    const double score = cel_json_real(hit, "score");
    g_autofree char *rank = g_strdup_printf("%u", i + 1);
    g_autofree char *name = g_strdup(cel_paper_hit_name(paper, hit));
    g_autofree char *kind = reference_kind(paper, hit);
    g_autofree char *points = figure(score, "%.4f");
    g_autofree char *margin = figure(score - cel_json_real(next, "score"), "%.4f");
    g_autofree char *hqi = figure(cel_json_real(hit, "hqi"), "%.4f");
    g_autofree char *bands = figure(cel_json_real(hit, "peak_score"), "%.4f");
    g_autofree char *shift = figure(cel_json_real(hit, "shift_applied_cm1"), "%.2f");
    g_autofree char *counts =
        g_strdup_printf("%u / %u / %u", cel_json_length(cel_json_list(hit, "matched_cm1")),
                        cel_json_length(cel_json_list(hit, "missing_cm1")),
                        cel_json_length(cel_json_list(hit, "extra_cm1")));
    char *const texts[] = {rank, name, kind, points, margin, hqi, bands, shift, counts};
    table_row(paper, hit_columns, G_N_ELEMENTS(hit_columns), texts);
}

static char *join_numbers(JsonArray *numbers)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cel_json_length(numbers); i++)
        g_string_append_printf(out, "%s%.1f", i > 0 ? "; " : "", cel_json_at_real(numbers, i));
    return g_string_free(out, FALSE);
}

/* Bands of the reference that the measured range does not hold. */
static char *not_observable(const CelPaper *paper)
{
    JsonArray *bands = cel_json_list(paper->answer, "reference_bands_cm1");
    JsonArray *range = cel_json_list(paper->hit, "common_cm1");
    GString *out = g_string_new(NULL);
    for (guint i = 0; cel_json_length(range) == 2 && i < cel_json_length(bands); i++) {
        const double band = cel_json_at_real(bands, i);
        if (band < cel_json_at_real(range, 0) || band > cel_json_at_real(range, 1))
            g_string_append_printf(out, "%s%.1f", out->len > 0 ? "; " : "", band);
    }
    return g_string_free(out, FALSE);
}

/* Files sealed before the engine explained itself hold positions only. */
static void draw_positions(CelPaper *paper)
{
    static const struct {
        CelReportWord word;
        const char *key;
    } lists[] = {{CEL_WORD_MATCHED, "matched_cm1"},
                 {CEL_WORD_MISSING, "missing_cm1"},
                 {CEL_WORD_EXTRA, "extra_cm1"}};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *numbers = join_numbers(cel_json_list(paper->hit, lists[i].key));
        cel_paper_row1(paper, cel_paper_word(paper, lists[i].word),
                       *numbers != '\0' ? numbers : cel_paper_word(paper, CEL_WORD_NONE));
    }
    g_autofree char *outside = not_observable(paper);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_NOT_OBSERVABLE),
                   *outside != '\0' ? outside : cel_paper_word(paper, CEL_WORD_NONE));
}

static void draw_first_hit(CelPaper *paper)
{
    JsonArray *lines = cel_json_list(cel_json_child(paper->answer, "explanation"),
                                     paper->chinese ? "zh_CN" : "en");
    cel_page_need(&paper->page, 60.0);
    paper->page.y += 4.0;
    cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_FIRST_HIT), 8.6, TRUE);
    if (cel_json_length(lines) == 0)
        draw_positions(paper);
    for (guint i = 0; i < cel_json_length(lines); i++)
        cel_page_bullet(&paper->page, cel_paper_stated(paper, cel_json_at_words(lines, i)), SMALL);
}

static void draw_hits(CelPaper *paper)
{
    JsonArray *hits = cel_json_list(paper->answer, "hits");
    heading(paper, CEL_WORD_SECTION_HITS);
    if (cel_json_length(hits) == 0) {
        cel_page_bullet(&paper->page, cel_paper_word(paper, CEL_WORD_NONE), SMALL);
        return;
    }
    table_head(paper, hit_columns, G_N_ELEMENTS(hit_columns));
    for (guint i = 0; i < cel_json_length(hits); i++)
        draw_hit(paper, hits, i);
    draw_first_hit(paper);
}

static void draw_mixture(CelPaper *paper)
{
    static const Column columns[] = {
        {CEL_WORD_NAME, 0.5}, {CEL_WORD_WEIGHT, 0.25}, {CEL_WORD_WEIGHT_U, 0.25}};
    JsonArray *parts = cel_json_list(cel_json_child(paper->answer, "mixture"), "components");
    const char *outcome = cel_json_words(paper->answer, "outcome");
    /* a fit that was not claimed is no result and may not look like one */
    if (cel_json_length(parts) == 0 || g_strcmp0(outcome, "mixture") != 0)
        return;
    heading(paper, CEL_WORD_SECTION_MIXTURE);
    table_head(paper, columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < cel_json_length(parts); i++) {
        JsonObject *part = cel_json_at_object(parts, i);
        g_autofree char *name = g_strdup(cel_paper_hit_name(paper, part));
        g_autofree char *weight = figure(cel_json_real(part, "spectral_weight"), "%.3f");
        g_autofree char *u = figure(cel_json_real(part, "spectral_weight_se"), "%.3f");
        char *const texts[] = {name, weight, u};
        table_row(paper, columns, G_N_ELEMENTS(columns), texts);
    }
    cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_WEIGHT_NOTE), SMALL, FALSE);
    cel_paper_mixture_residual(paper, MIXTURE_HEIGHT);
}

static void draw_stability(CelPaper *paper)
{
    JsonObject *stability = cel_json_child(paper->answer, "stability");
    const double runs = cel_json_real(stability, "runs");
    const double same = cel_json_real(stability, "same_answer");
    heading(paper, CEL_WORD_SECTION_STABILITY);
    if (!(runs > 0.0) || !isfinite(same)) {
        cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_NO_STABILITY), SMALL, FALSE);
        return;
    }
    g_autofree char *text =
        cel_claim_stability((guint)round(runs * same), (guint)runs, paper->chinese);
    cel_page_text(&paper->page, text, 8.6, FALSE);
}

/* What the laboratory's own records said when the file was sealed; the engine wrote it. */
static void draw_validation(CelPaper *paper)
{
    JsonObject *validation = cel_json_child(paper->answer, "validation");
    const CelSentence *none = cel_claim(CEL_CLAIM_NOT_VALIDATED);
    const char *text = cel_json_words(validation, paper->chinese ? "zh_CN" : "en");
    heading(paper, CEL_WORD_SECTION_VALIDATION);
    cel_page_text(&paper->page,
                  text != NULL     ? text
                  : paper->chinese ? none->zh
                                   : none->en,
                  8.6, FALSE);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_RECORDS_SHA256),
                         cel_json_words(validation, "records_sha256"));
}

/* ---- replicates ---- */

static const Column replicate_columns[] = {{CEL_WORD_REPLICATE, 0.1},
                                           {CEL_WORD_OUTCOME, 0.3},
                                           {CEL_WORD_NAME, 0.4},
                                           {CEL_WORD_SCORE, 0.2}};

static void draw_replicate(CelPaper *paper, guint number, JsonObject *answer)
{
    JsonArray *hits = cel_json_list(answer, "hits");
    JsonObject *hit = cel_json_length(hits) > 0 ? cel_json_at_object(hits, 0) : NULL;
    JsonObject *label = cel_json_child(answer, "label");
    g_autofree char *n = g_strdup_printf("%u", number);
    g_autofree char *outcome =
        g_strdup(cel_paper_stated(paper, cel_json_words(label, paper->chinese ? "zh_CN" : "en")));
    g_autofree char *name = g_strdup(cel_paper_hit_name(paper, hit));
    g_autofree char *score = figure(cel_json_real(hit, "score"), "%.4f");
    char *const texts[] = {n, outcome, name, score};
    table_row(paper, replicate_columns, G_N_ELEMENTS(replicate_columns), texts);
}

static void draw_replicates(CelPaper *paper)
{
    JsonArray *reasons = cel_paper_replicate_reasons(paper);
    heading(paper, CEL_WORD_SECTION_REPLICATES);
    table_head(paper, replicate_columns, G_N_ELEMENTS(replicate_columns));
    for (guint i = 1; i <= MAX_REPLICATES; i++) {
        g_autofree char *path =
            i == 1 ? g_strdup("/entry") : g_strdup_printf("/replicate_%u/entry", i);
        if (cel_h5_find(root(paper), path) == NULL)
            break;
        g_autofree char *answer = g_strconcat(path, "/identification/answer", NULL);
        GBytes *bytes = cel_sealed_bytes(root(paper), answer);
        gsize n = 0;
        const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : "";
        g_autoptr(JsonNode) node = cel_json_read(text, n, NULL);
        draw_replicate(paper, i,
                       node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node)
                                                                    : NULL);
    }
    for (guint i = 0; i < cel_json_length(reasons); i++)
        cel_page_bullet(&paper->page, cel_paper_stated(paper, cel_json_at_words(reasons, i)),
                        SMALL);
}

/* ---- digests and verification ---- */

static void draw_record_digests(CelPaper *paper)
{
    GBytes *record = cel_sealed_bytes(root(paper), "/celadon/custody/000001/record");
    gsize n = 0;
    const void *data = record != NULL ? g_bytes_get_data(record, &n) : NULL;
    g_autofree char *sha256 = data != NULL ? cel_digest_hex("sha256", data, n) : NULL;
    g_autofree char *sm3 = data != NULL ? cel_digest_hex("sm3", data, n) : NULL;
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_RECORD_SHA256), sha256);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_RECORD_SM3), sm3);
}

/* The place in the ledger that the file carries with it; none in a file sealed without one. */
static void draw_place(CelPaper *paper)
{
    const CelCustody *custody = cel_sealed_custody(paper->request->sealed);
    CelProof proof;
    if (custody->parts[CEL_PART_PROOF] == NULL ||
        !cel_proof_read(custody->parts[CEL_PART_PROOF], &proof, NULL))
        return;
    g_autofree char *seq = g_strdup_printf("%" G_GUINT64_FORMAT, proof.seq);
    g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, proof.size);
    g_autofree char *place = cel_claim_fill(cel_paper_word(paper, CEL_WORD_SEALED_TEXT), "S", seq,
                                            "L", proof.ledger_id, "N", size, NULL);
    g_autofree char *sha256 = cel_merkle_hex(&proof.root[CEL_MERKLE_SHA256]);
    g_autofree char *sm3 = cel_merkle_hex(&proof.root[CEL_MERKLE_SM3]);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_LEDGER_SEALED), place);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_SEALED_SHA256), sha256);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_SEALED_SM3), sm3);
}

static void draw_libraries(CelPaper *paper)
{
    JsonArray *libraries = cel_json_list(paper->record, "lib");
    for (guint i = 0; i < cel_json_length(libraries); i++)
        cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_LIBRARY_SHA256),
                             cel_json_words(cel_json_at_object(libraries, i), "sha256"));
}

static void draw_digests(CelPaper *paper)
{
    static const struct {
        CelReportWord word;
        const char *path;
    } rows[] = {
        {CEL_WORD_MANIFEST_SHA256, "manifest/sha256"},
        {CEL_WORD_MANIFEST_SM3, "manifest/sm3"},
        {CEL_WORD_PREVIOUS, "prev/sha256"},
        {CEL_WORD_CERT_SM2, "op/cert_sm2/sha256"},
        {CEL_WORD_CERT_ED25519, "op/cert_ed25519/sha256"},
        {CEL_WORD_RECIPE_SHA256, "recipe/sha256"},
        {CEL_WORD_RECIPE_SM3, "recipe/sm3"},
    };
    const CelReportRequest *request = paper->request;
    heading(paper, CEL_WORD_SECTION_DIGESTS);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE), request->file_name);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE_SHA256), request->file_sha256);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE_SM3), request->file_sm3);
    draw_record_digests(paper);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        cel_paper_digest_row(paper, cel_paper_word(paper, rows[i].word),
                             cel_record_text(paper->record, rows[i].path));
    draw_libraries(paper);
    draw_place(paper);
    cel_paper_digest_fact(paper, "ledger.root.sha256");
    cel_paper_digest_fact(paper, "ledger.root.sm3");
    cel_paper_ledger_row(paper);
}

static void draw_verdict(CelPaper *paper)
{
    static const Column columns[] = {
        {CEL_WORD_LINE, 0.2}, {CEL_WORD_STATE, 0.14}, {CEL_WORD_STATEMENT, 0.66}};
    const GPtrArray *verdict = paper->request->verdict;
    heading(paper, CEL_WORD_SECTION_VERDICT);
    table_head(paper, columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < verdict->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(verdict, i);
        g_autofree char *id = g_strdup(line->id);
        g_autofree char *state = g_strdup(cel_verdict_state_label(line->state, paper->chinese));
        char *const texts[] = {id, state, paper->chinese ? line->text_zh : line->text_en};
        table_row(paper, columns, G_N_ELEMENTS(columns), texts);
    }
}

static void draw_code(CelPaper *paper)
{
    static const double size = 96.0;
    CelPage *page = &paper->page;
    g_autofree char *qr = cel_paper_qr_text(paper);
    cel_page_need(page, size + 8.0);
    const double top = page->y + 4.0, right = page->right;
    cel_page_qr(page, qr, right - size, top, size);
    page->right -= size + 10.0;
    page->y = top;
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_QR_NOTE), SMALL, FALSE);
    cel_page_mono(page, qr, page->right - page->left);
    page->right = right;
    page->y = MAX(page->y, top + size) + 6.0;
}

static gboolean draw_spectra(CelPaper *paper, GError **error)
{
    paper->plot_height = PLOT_HEIGHT;
    cel_page_need(&paper->page, PLOT_HEIGHT + 30.0);
    heading(paper, CEL_WORD_SECTION_SPECTRUM);
    if (!cel_paper_plot(paper, error))
        return FALSE;
    cel_page_need(&paper->page, RESIDUAL_HEIGHT + 60.0);
    heading(paper, CEL_WORD_SECTION_RESIDUAL);
    return cel_paper_residual(paper, RESIDUAL_HEIGHT, error) && draw_bands(paper, error);
}

static gboolean draw(CelPaper *paper, GError **error)
{
    draw_head(paper);
    draw_particulars(paper);
    cel_paper_result(paper);
    cel_paper_reasons(paper);
    cel_paper_deviations(paper);
    draw_recipe(paper);
    if (!draw_spectra(paper, error))
        return FALSE;
    draw_hits(paper);
    draw_mixture(paper);
    draw_stability(paper);
    draw_validation(paper);
    draw_replicates(paper);
    cel_paper_limits(paper);
    draw_digests(paper);
    draw_code(paper);
    draw_verdict(paper);
    paper->page.turn(&paper->page, paper->page.turn_data); /* a page of its own */
    cel_paper_verify(paper);
    cel_page_centred(&paper->page, cel_paper_word(paper, CEL_WORD_END), 8.6, FALSE);
    return TRUE;
}

GBytes *cel_report_expert(CelPaper *paper, GError **error)
{
    paper->title = cel_paper_word(paper, CEL_WORD_TITLE_EXPERT);
    return cel_paper_pdf(paper, draw, error);
}
