/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result-answers.h"
#include "ui-test.h"

#include "match/cel-claims.h"
#include "plot/cel-plot-view.h"
#include "result/cel-outcome-symbol.h"
#include "result/cel-result-view.h"
#include "result/cel-side-by-side.h"
#include "result/cel-why-model.h"
#include "result/cel-why-page.h"
#include "result/cel-why-sections.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <string.h>

static char *folder;
static CelWindow *window;
static CelAnswer *answers[RESULT_N_CASES];

/* Made once: measuring takes a while. */
static CelAnswer *answer_of(ResultCase which)
{
    if (answers[which] == NULL)
        answers[which] = result_answer(which);
    return answers[which];
}

static GtkWidget *open_page(const char *id, ResultCase which)
{
    g_assert_true(cel_window_show(window, id, NULL, G_OBJECT(answer_of(which))));
    ui_pump_idle(window, 10);
    return GTK_WIDGET(cel_window_page(window, NULL));
}

/* Every text below @root that somebody can read, a line each. */
static void collect(GtkWidget *root, GString *out)
{
    if (!gtk_widget_get_visible(root))
        return;
    if (GTK_IS_LABEL(root))
        g_string_append_printf(out, "%s\n", gtk_label_get_text(GTK_LABEL(root)));
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        collect(child, out);
}

static char *texts_of(GtkWidget *root)
{
    GString *out = g_string_new(NULL);
    collect(root, out);
    return g_string_free(out, FALSE);
}

/* ---- the result ---- */

static void every_case_is_what_it_says(void)
{
    static const CelOutcome outcomes[RESULT_N_CASES] = {
        [RESULT_FOUND] = CEL_OUTCOME_FOUND,
        [RESULT_MIXTURE] = CEL_OUTCOME_MIXTURE,
        [RESULT_CLASS_ONLY] = CEL_OUTCOME_CLASS_ONLY,
        [RESULT_LEAD] = CEL_OUTCOME_INCONCLUSIVE,
        [RESULT_FLUORESCENCE] = CEL_OUTCOME_INCONCLUSIVE,
        [RESULT_NOTHING] = CEL_OUTCOME_NOTHING_CLAIMED,
        [RESULT_REFUSED] = CEL_OUTCOME_REFUSED,
        [RESULT_DEVELOPMENT] = CEL_OUTCOME_FOUND,
        [RESULT_WRONG_AXIS] = CEL_OUTCOME_INCONCLUSIVE,
        [RESULT_CARRY_OVER] = CEL_OUTCOME_INCONCLUSIVE,
        [RESULT_WATCHED] = CEL_OUTCOME_FOUND,
    };
    for (int i = 0; i < RESULT_N_CASES; i++) {
        const CelOutcome is = cel_answer_get(answer_of((ResultCase)i))->outcome;
        g_test_message("%s: %s: %s", result_case_name((ResultCase)i), cel_outcome_name(is),
                       cel_answer_get(answer_of((ResultCase)i))->claim_en);
        g_assert_cmpint(is, ==, outcomes[i]);
    }
}

static void every_outcome_shows_its_label_and_its_whole_claim(void)
{
    for (int i = 0; i < RESULT_N_CASES; i++) {
        const CelIdentification *given = cel_answer_get(answer_of((ResultCase)i));
        g_autofree char *texts = texts_of(open_page("result", (ResultCase)i));
        g_autoptr(GPtrArray) sentences = cel_result_sentences(given->claim_en);
        g_assert_nonnull(strstr(texts, cel_outcome_label(given->outcome, FALSE)));
        for (guint s = 0; s < sentences->len; s++)
            if (strstr(texts, g_ptr_array_index(sentences, s)) == NULL)
                g_error("%s lacks: %s", result_case_name((ResultCase)i),
                        (char *)g_ptr_array_index(sentences, s));
    }
}

/* Texts that are made from now on are in that language. */
static void speak(const char *language)
{
    g_setenv("LANGUAGE", language, TRUE);
    textdomain(textdomain(NULL)); /* looks the catalogue up anew */
}

static void check_words(const char *page, ResultCase which)
{
    g_autofree char *texts = texts_of(open_page(page, which));
    g_auto(GStrv) lines = g_strsplit(texts, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (cel_claim_forbidden(lines[i]) != NULL)
            g_error("%s of %s says \"%s\" in: %s", page, result_case_name(which),
                    cel_claim_forbidden(lines[i]), lines[i]);
}

static void no_page_says_a_forbidden_word(void)
{
    static const char *const languages[] = {"zh_CN", "en"};
    for (gsize l = 0; l < G_N_ELEMENTS(languages); l++) {
        speak(languages[l]);
        for (int i = 0; i < RESULT_N_CASES; i++) {
            check_words("result", (ResultCase)i);
            check_words("why", (ResultCase)i);
        }
    }
}

static void a_screen_reader_hears_outcome_then_claim(void)
{
    g_autoptr(CelResultFacts) facts = cel_result_facts_of_answer(answer_of(RESULT_FOUND));
    g_autofree char *spoken = cel_result_spoken(facts);
    const char *label = strstr(spoken, "corresponds (screening)");
    const char *claim = strstr(spoken, "The measured spectrum corresponds with");
    g_assert_true(label == spoken);
    g_assert_nonnull(claim);
}

static void a_lead_is_shown_as_a_lead(void)
{
    g_autoptr(CelResultFacts) facts = cel_result_facts_of_answer(answer_of(RESULT_LEAD));
    g_assert_true(facts->is_lead);
    g_assert_nonnull(strstr(facts->lead, "Polystyrene"));
    g_assert_nonnull(strstr(facts->lead, "May not be written into a conclusion"));
    g_assert_true(cel_outcome_look(facts->outcome, TRUE) !=
                  cel_outcome_look(facts->outcome, FALSE));
}

static void stability_never_stands_beside_a_result(void)
{
    for (int i = 0; i < RESULT_N_CASES; i++) {
        g_autofree char *texts = texts_of(open_page("result", (ResultCase)i));
        g_assert_null(strstr(texts, "recalculations"));
        g_assert_null(strstr(texts, "break it"));
    }
}

static void simulated_data_carry_their_mark_on_both_pages(void)
{
    const char *mark = cel_claim(CEL_CLAIM_TRAINING)->en;
    g_autofree char *result = texts_of(open_page("result", RESULT_FOUND));
    g_autofree char *why = texts_of(open_page("why", RESULT_FOUND));
    g_assert_nonnull(strstr(result, mark));
    g_assert_nonnull(strstr(why, mark));
}

static void the_development_policy_is_marked(void)
{
    g_autofree char *found = texts_of(open_page("result", RESULT_FOUND));
    g_autofree char *development = texts_of(open_page("result", RESULT_DEVELOPMENT));
    g_assert_null(strstr(found, cel_claim(CEL_CLAIM_DEVELOPMENT)->en));
    g_assert_nonnull(strstr(development, cel_claim(CEL_CLAIM_DEVELOPMENT)->en));
}

static void the_watch_list_says_its_sentence_beside_what_it_lists(void)
{
    const char *sentence = cel_claim(CEL_CLAIM_WATCH)->en;
    g_autofree char *watched = texts_of(open_page("result", RESULT_WATCHED));
    g_autofree char *lead = texts_of(open_page("result", RESULT_LEAD));
    g_autofree char *found = texts_of(open_page("result", RESULT_FOUND));
    g_assert_nonnull(strstr(watched, sentence));
    g_assert_null(strstr(lead, sentence));
    g_assert_null(strstr(found, sentence));
}

/* ---- colours and outlines ---- */

static gboolean speaks_of_guilt(const GdkRGBA *colour)
{
    float h = 0, s = 0, v = 0;
    gtk_rgb_to_hsv(colour->red, colour->green, colour->blue, &h, &s, &v);
    const gboolean red = h < 20.0f / 360 || h > 330.0f / 360;
    const gboolean green = h > 75.0f / 360 && h < 170.0f / 360;
    return s > 0.15f && (red || green);
}

static void no_outcome_is_red_or_green(void)
{
    static const AdwColorScheme schemes[] = {ADW_COLOR_SCHEME_FORCE_LIGHT,
                                             ADW_COLOR_SCHEME_FORCE_DARK};
    for (gsize k = 0; k < G_N_ELEMENTS(schemes); k++) {
        adw_style_manager_set_color_scheme(adw_style_manager_get_default(), schemes[k]);
        for (int i = 0; i <= CEL_N_OUTCOMES; i++) {
            GdkRGBA colour;
            GtkWidget *symbol = g_object_ref_sink(cel_outcome_symbol_new(
                cel_outcome_look((CelOutcome)(i % CEL_N_OUTCOMES), i == CEL_N_OUTCOMES), 48));
            gtk_style_context_get_color(gtk_widget_get_style_context(symbol), &colour);
            g_assert_false(speaks_of_guilt(&colour));
            g_object_unref(symbol);
        }
    }
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_DEFAULT);
}

/* The sign drawn in black, as bytes. */
static GBytes *outline(const CelOutcomeLook *look)
{
    enum { SIZE = 100 };
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, SIZE, SIZE);
    cairo_t *cr = cairo_create(surface);
    cairo_set_line_width(cr, 7);
    look->draw(cr);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    GBytes *bytes = g_bytes_new(cairo_image_surface_get_data(surface),
                                (gsize)cairo_image_surface_get_stride(surface) * SIZE);
    cairo_surface_destroy(surface);
    return bytes;
}

static void every_outcome_has_an_outline_of_its_own(void)
{
    GBytes *outlines[CEL_N_OUTCOMES + 1];
    for (int i = 0; i <= CEL_N_OUTCOMES; i++)
        outlines[i] =
            outline(cel_outcome_look((CelOutcome)(i % CEL_N_OUTCOMES), i == CEL_N_OUTCOMES));
    for (int i = 0; i <= CEL_N_OUTCOMES; i++)
        for (int k = 0; k < i; k++)
            g_assert_false(g_bytes_equal(outlines[i], outlines[k]));
    for (int i = 0; i <= CEL_N_OUTCOMES; i++)
        g_bytes_unref(outlines[i]);
}

/* ---- why ---- */

static CelPlotView *plot_of(GtkWidget *page)
{
    return CEL_PLOT_VIEW(ui_find(page, CEL_TYPE_PLOT_VIEW, NULL));
}

static void pressing_a_band_tells_its_numbers(void)
{
    GtkWidget *page = open_page("why", RESULT_FOUND);
    g_autoptr(CelWhyModel) model = cel_why_model_of_answer(answer_of(RESULT_FOUND), NULL, NULL);
    const CelWhyHit *first = g_ptr_array_index(model->hits, 0);
    guint i = 0;
    while (g_array_index(first->bands, CelWhyBand, i).kind != CEL_MARK_MATCHED)
        i++;
    const CelWhyBand *band = &g_array_index(first->bands, CelWhyBand, i);
    g_signal_emit_by_name(plot_of(page), "mark-activated", i);
    g_autofree char *texts = texts_of(page);
    g_autofree char *measured = g_strdup_printf("\n%.1f\nmeasured, cm⁻¹\n", band->sample_cm1);
    g_autofree char *reference = g_strdup_printf("\n%.1f\nreference, cm⁻¹\n", band->reference_cm1);
    g_autofree char *allowed = g_strdup_printf("\n%.1f\nallowed, cm⁻¹\n", band->tolerance_cm1);
    g_assert_nonnull(strstr(texts, measured));
    g_assert_nonnull(strstr(texts, reference));
    g_assert_nonnull(strstr(texts, allowed));
}

static void a_mark_that_is_not_there_is_ignored(void)
{
    GtkWidget *page = open_page("why", RESULT_FOUND);
    g_autofree char *before = texts_of(page);
    g_signal_emit_by_name(plot_of(page), "mark-activated", 9999u);
    g_autofree char *after = texts_of(page);
    g_assert_cmpstr(before, ==, after);
}

static void choosing_another_hit_lays_it_over(void)
{
    GtkWidget *page = open_page("why", RESULT_LEAD);
    g_autofree char *before = cel_plot_view_summary(plot_of(page));
    cel_why_page_choose(CEL_WHY_PAGE(page), 1);
    g_autofree char *after = cel_plot_view_summary(plot_of(page));
    g_autofree char *texts = texts_of(page);
    g_assert_cmpstr(before, !=, after);
    g_assert_nonnull(strstr(texts, "Laid over the spectrum: Acrylonitrile-butadiene-styrene"));
}

static void matched_missing_and_extra_bands_are_all_marked(void)
{
    g_autoptr(CelWhyModel) model = cel_why_model_of_answer(answer_of(RESULT_LEAD), NULL, NULL);
    const CelIdentification *given = cel_answer_get(answer_of(RESULT_LEAD));
    const CelHit *hit = g_ptr_array_index(given->hits, 0);
    const CelWhyHit *first = g_ptr_array_index(model->hits, 0);
    g_assert_cmpuint(first->bands->len, ==,
                     hit->matched->len + hit->missing->len + hit->unexplained->len);
}

static void a_table_of_bands_has_no_residual_and_says_so(void)
{
    g_autoptr(CelWhyModel) model = cel_why_model_of_answer(answer_of(RESULT_LEAD), NULL, NULL);
    const CelWhyHit *first = g_ptr_array_index(model->hits, 0);
    g_assert_null(first->residual);
    g_assert_nonnull(strstr(first->residual_note, "table of bands"));
}

static void weights_of_a_mixture_stay_behind_the_expander(void)
{
    GtkWidget *page = open_page("why", RESULT_MIXTURE);
    GtkWidget *experts = ui_find(page, ADW_TYPE_EXPANDER_ROW, "For experts");
    g_assert_nonnull(experts);
    g_assert_false(adw_expander_row_get_expanded(ADW_EXPANDER_ROW(experts)));
}

static gboolean says_recalculated(gpointer page)
{
    g_autofree char *texts = texts_of(page);
    return strstr(texts, "recalculations of this same measurement gave the same answer; this is "
                         "not the probability that it is right.") != NULL;
}

static void recalculating_says_the_sentence_of_the_rules(void)
{
    GtkWidget *page = open_page("why", RESULT_FOUND);
    g_assert_false(says_recalculated(page));
    ui_click(page, "Try to break it");
    g_assert_true(ui_pump(says_recalculated, page, 60000));
}

static gboolean can_start(gpointer page)
{
    return ui_find(page, GTK_TYPE_BUTTON, "Try to break it") != NULL;
}

static void recalculating_can_be_stopped(void)
{
    GtkWidget *page = open_page("why", RESULT_DEVELOPMENT);
    ui_click(page, "Try to break it");
    ui_click(page, "Stop");
    g_assert_true(ui_pump(can_start, page, 20000));
    g_assert_false(says_recalculated(page));
}

static void columns_stand_side_by_side_where_there_is_room(void)
{
    GtkWidget *page = open_page("why", RESULT_FOUND);
    CelSideBySide *side = CEL_SIDE_BY_SIDE(ui_find(page, CEL_TYPE_SIDE_BY_SIDE, NULL));
    int min = 0, narrow = 0, wide = 0;
    gtk_widget_measure(GTK_WIDGET(side), GTK_ORIENTATION_HORIZONTAL, -1, &min, NULL, NULL, NULL);
    gtk_widget_measure(GTK_WIDGET(side), GTK_ORIENTATION_VERTICAL, 600, &narrow, NULL, NULL, NULL);
    gtk_widget_measure(GTK_WIDGET(side), GTK_ORIENTATION_VERTICAL, 1400, &wide, NULL, NULL, NULL);
    g_assert_cmpint(min, <, 500);
    g_assert_cmpint(wide, <, narrow);
}

/* ---- sealed files ---- */

/* A training seal of that answer, as @name in @in. */
static char *sealed_file(ResultCase which, const char *in, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = cel_key_generate("Wang Fang", TRUE, NULL);
    char *path = g_build_filename(in, name, NULL);
    const CelWorkSeal seal = {.case_id = "2026-0042",
                              .exhibit_id = "1-1",
                              .training = TRUE,
                              .clock = cel_clock_fixed(1795000000000000)};
    cel_work_seal(cel_answer_work(answer_of(which)), &seal, key, path, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static GtkWidget *open_sealed(const char *id, const char *what)
{
    g_assert_true(cel_window_show(window, id, what, NULL));
    ui_pump_idle(window, 200);
    return GTK_WIDGET(cel_window_page(window, NULL));
}

static void a_sealed_record_says_what_the_answer_said(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = sealed_file(RESULT_LEAD, folder, "lead.cel.h5");
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelResultFacts) now = cel_result_facts_of_answer(answer_of(RESULT_LEAD));
    g_autoptr(CelResultFacts) then = cel_result_facts_of_sealed(sealed, "lead", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(then->claim, ==, now->claim);
    g_assert_cmpstr(then->lead, ==, now->lead);
    g_assert_cmpstr(then->label, ==, now->label);
    g_assert_cmpstr(then->replicates, ==, now->replicates);
    g_assert_cmpuint(then->why->len, ==, now->why->len);
    g_assert_cmpuint(then->deviations->len, ==, now->deviations->len);
    g_assert_true(then->is_lead && then->is_training);
}

static void a_sealed_record_says_the_sentence_of_the_watch_list(void)
{
    g_autofree char *watched = sealed_file(RESULT_WATCHED, folder, "watched.cel.h5");
    g_autofree char *found = sealed_file(RESULT_FOUND, folder, "not-watched.cel.h5");
    g_autofree char *one = texts_of(open_sealed("result", watched));
    g_autofree char *other = texts_of(open_sealed("result", found));
    g_assert_nonnull(strstr(one, cel_claim(CEL_CLAIM_WATCH)->en));
    g_assert_null(strstr(other, cel_claim(CEL_CLAIM_WATCH)->en));
}

static CelWhyModel *sealed_model(ResultCase which)
{
    g_autofree char *path = sealed_file(which, folder, "model.cel.h5");
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, NULL);
    CelWhyModel *model = cel_why_model_of_sealed(sealed, "model", NULL, NULL);
    g_unlink(path);
    g_assert_nonnull(model);
    return model;
}

static void what_a_fit_of_several_leaves_is_drawn_and_searched_also_when_sealed(void)
{
    const CelMixture *fit = cel_answer_get(answer_of(RESULT_MIXTURE))->mixture;
    g_autoptr(CelWhyModel) now = cel_why_model_of_answer(answer_of(RESULT_MIXTURE), NULL, NULL);
    g_autoptr(CelWhyModel) then = sealed_model(RESULT_MIXTURE);
    g_assert_nonnull(now->left);
    g_assert_nonnull(then->left);
    g_assert_cmpuint(now->left_hits->len, ==, fit->residual_hits->len);
    g_assert_cmpuint(then->left_hits->len, ==, fit->residual_hits->len);
}

static guint count_assigned(const CelWhyModel *model)
{
    const CelWhyHit *first = g_ptr_array_index(model->hits, 0);
    guint n = 0;
    for (guint i = 0; i < first->bands->len; i++)
        n += g_array_index(first->bands, CelWhyBand, i).assignment != NULL;
    return n;
}

/* The curve is another library's, the table that ships knows the substance by its id. */
static void bands_carry_the_assignments_that_any_library_has(void)
{
    g_autoptr(CelLibrary) shipped = cel_library_open_builtin(NULL);
    const CelLibrary *const libraries[] = {shipped};
    g_autoptr(CelWhyModel) model = sealed_model(RESULT_FOUND);
    g_assert_cmpuint(count_assigned(model), ==, 0);
    cel_why_model_assign(model, libraries, 1);
    const CelWhyHit *first = g_ptr_array_index(model->hits, 0);
    g_assert_cmpuint(count_assigned(model), >, 0);
    for (guint i = 0; i < first->bands->len; i++) {
        const CelWhyBand *band = &g_array_index(first->bands, CelWhyBand, i);
        g_autoptr(GtkWidget) box = g_object_ref_sink(cel_why_band_box(band));
        g_autofree char *texts = texts_of(box);
        g_assert_nonnull(strstr(texts, band->assignment != NULL ? band->assignment
                                                                : "No assignment is known here."));
    }
}

static void the_pages_show_a_sealed_file_by_its_path(void)
{
    g_autofree char *path = sealed_file(RESULT_FOUND, folder, "found.cel.h5");
    g_autofree char *result = texts_of(open_sealed("result", path));
    GtkWidget *page = open_sealed("why", path);
    g_autofree char *why = texts_of(page);
    g_assert_nonnull(strstr(result, "corresponds (screening)"));
    g_assert_nonnull(strstr(why, "Laid over the spectrum: Polystyrene"));
    g_assert_nonnull(strstr(why, "Reference scaled by least squares"));
    g_assert_null(ui_find(page, GTK_TYPE_BUTTON, "Try to break it"));
}

static void the_pages_show_a_file_of_the_lab_by_its_id(void)
{
    g_autofree char *archive = g_build_filename(folder, "archive", NULL);
    g_autofree char *path = sealed_file(RESULT_MIXTURE, archive, "F0042.cel.h5");
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    g_autofree char *result = texts_of(open_sealed("result", "F0042"));
    g_assert_nonnull(strstr(result, "several components suspected"));
}

static GtkWindow *failure(void)
{
    g_autoptr(GList) windows = gtk_window_list_toplevels();
    for (const GList *l = windows; l != NULL; l = l->next)
        if (ADW_IS_MESSAGE_DIALOG(l->data))
            return l->data;
    return NULL;
}

static gboolean says_failed(gpointer data)
{
    (void)data;
    return failure() != NULL;
}

static void what_is_no_sealed_file_is_told_and_shows_nothing(void)
{
    g_autofree char *path = g_build_filename(folder, "people", "officer.key", NULL);
    GtkWidget *page = open_sealed("result", path);
    g_assert_true(ui_pump(says_failed, NULL, 5000));
    gtk_window_destroy(failure());
    g_assert_null(ui_find(page, CEL_TYPE_RESULT_VIEW, NULL));
}

/* ---- sentences ---- */

static void a_claim_is_cut_only_where_a_sentence_ends(void)
{
    g_autoptr(GPtrArray) en =
        cel_result_sentences("Bands at 1001.4 cm-1. Advice: measure 0.5 s. Limits e.g. none.");
    g_autoptr(GPtrArray) zh = cel_result_sentences("得分0.668。建议:重测。");
    g_assert_cmpuint(en->len, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(en, 1), ==, "Advice: measure 0.5 s.");
    g_assert_cmpuint(zh->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(zh, 0), ==, "得分0.668。");
}

static void add_tests(void)
{
    g_test_add_func("/result/cases/outcomes", every_case_is_what_it_says);
    g_test_add_func("/result/view/label-and-claim",
                    every_outcome_shows_its_label_and_its_whole_claim);
    g_test_add_func("/result/words/forbidden", no_page_says_a_forbidden_word);
    g_test_add_func("/result/view/spoken", a_screen_reader_hears_outcome_then_claim);
    g_test_add_func("/result/view/lead", a_lead_is_shown_as_a_lead);
    g_test_add_func("/result/view/no-stability", stability_never_stands_beside_a_result);
    g_test_add_func("/result/view/training", simulated_data_carry_their_mark_on_both_pages);
    g_test_add_func("/result/view/development", the_development_policy_is_marked);
    g_test_add_func("/result/view/watch-list",
                    the_watch_list_says_its_sentence_beside_what_it_lists);
    g_test_add_func("/result/look/colours", no_outcome_is_red_or_green);
    g_test_add_func("/result/look/outlines", every_outcome_has_an_outline_of_its_own);
    g_test_add_func("/why/band/numbers", pressing_a_band_tells_its_numbers);
    g_test_add_func("/why/band/none", a_mark_that_is_not_there_is_ignored);
    g_test_add_func("/why/hits/choose", choosing_another_hit_lays_it_over);
    g_test_add_func("/why/marks/all", matched_missing_and_extra_bands_are_all_marked);
    g_test_add_func("/why/residual/table", a_table_of_bands_has_no_residual_and_says_so);
    g_test_add_func("/why/mixture/weights", weights_of_a_mixture_stay_behind_the_expander);
    g_test_add_func("/why/stability/sentence", recalculating_says_the_sentence_of_the_rules);
    g_test_add_func("/why/stability/stop", recalculating_can_be_stopped);
    g_test_add_func("/why/columns/fold", columns_stand_side_by_side_where_there_is_room);
    g_test_add_func("/result/sealed/same-words", a_sealed_record_says_what_the_answer_said);
    g_test_add_func("/result/sealed/watch-list",
                    a_sealed_record_says_the_sentence_of_the_watch_list);
    g_test_add_func("/why/residual/several",
                    what_a_fit_of_several_leaves_is_drawn_and_searched_also_when_sealed);
    g_test_add_func("/why/band/assignment", bands_carry_the_assignments_that_any_library_has);
    g_test_add_func("/result/sealed/path", the_pages_show_a_sealed_file_by_its_path);
    g_test_add_func("/result/sealed/id", the_pages_show_a_file_of_the_lab_by_its_id);
    g_test_add_func("/result/sealed/other-file", what_is_no_sealed_file_is_told_and_shows_nothing);
    g_test_add_func("/result/sentences/cut", a_claim_is_cut_only_where_a_sentence_ends);
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    add_tests();
    const int status = g_test_run();
    ui_window_end();
    for (int i = 0; i < RESULT_N_CASES; i++)
        g_clear_object(&answers[i]);
    result_answers_end();
    g_free(folder);
    return status;
}
