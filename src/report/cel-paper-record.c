/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "match/cel-claims.h"

#include <math.h>
#include <string.h>

#define DETECTOR "/entry/instrument/detector_1"
#define NOTES    "/entry/celadon_measurement/notes"

static const CelH5Node *root(const CelPaper *paper)
{
    return cel_sealed_root(paper->request->sealed);
}

char *cel_paper_instrument(const CelPaper *paper)
{
    JsonObject *inst = cel_json_child(paper->record, "inst");
    const char *vendor = cel_json_words(inst, "vendor"), *serial = cel_json_words(inst, "serial");
    char *text = g_strdup_printf("%s %s %s", vendor != NULL ? vendor : "",
                                 cel_paper_stated(paper, cel_json_words(inst, "model")),
                                 serial != NULL ? serial : "");
    return g_strstrip(text);
}

char *cel_paper_validation(const CelPaper *paper)
{
    const char *text = cel_json_words(paper->record, "driver_validation");
    if (g_strcmp0(text, "replay-only") == 0)
        return g_strdup(cel_paper_word(paper, CEL_WORD_REPLAY_ONLY));
    if (g_strcmp0(text, "simulation") == 0)
        return g_strdup(cel_paper_word(paper, CEL_WORD_SIMULATION));
    return g_strdup(cel_paper_stated(paper, g_strcmp0(text, "not stated") != 0 ? text : NULL));
}

typedef struct {
    char *after; /* (nullable) */
    guint n_steps;
} LaserNotes;

static LaserNotes read_laser_notes(const CelPaper *paper)
{
    LaserNotes found = {0};
    const CelH5Node *group = cel_h5_find(root(paper), NOTES);
    GPtrArray *notes =
        group != NULL && cel_h5_type(group) == CEL_H5_GROUP ? cel_h5_children(group) : NULL;
    for (guint i = 0; notes != NULL && i < notes->len; i++) {
        const CelH5Node *note = g_ptr_array_index(notes, i);
        const char *key = cel_h5_attr(note, "key");
        found.n_steps += key != NULL && g_str_has_prefix(key, "laser.edge.");
        if (g_strcmp0(key, "laser.after") == 0 && found.after == NULL)
            found.after = cel_h5_get_text(note, "", NULL);
    }
    return found;
}

/* Never a better state than the record has. */
char *cel_paper_laser_after(const CelPaper *paper)
{
    LaserNotes notes = read_laser_notes(paper);
    g_autofree char *after = notes.after;
    if (after == NULL)
        return g_strdup(cel_paper_word(paper, CEL_WORD_NOT_STATED));
    const CelReportWord state = strcmp(after, "off (read back)") == 0 ? CEL_WORD_OFF_READ_BACK
                                : g_str_has_prefix(after, "off (commanded")
                                    ? CEL_WORD_OFF_COMMANDED
                                    : CEL_WORD_LASER_UNKNOWN;
    if (notes.n_steps == 0)
        return g_strdup(cel_paper_word(paper, state));
    g_autofree char *n = g_strdup_printf("%u", notes.n_steps);
    g_autofree char *steps =
        cel_claim_fill(cel_paper_word(paper, CEL_WORD_LASER_STEPS), "N", n, NULL);
    return g_strdup_printf("%s; %s", cel_paper_word(paper, state), steps);
}

char *cel_paper_replicates(const CelPaper *paper)
{
    JsonObject *r = cel_json_child(paper->answer, "replicates");
    if (r == NULL)
        return g_strdup(cel_paper_word(paper, CEL_WORD_NOT_STATED));
    return g_strdup_printf("%d / %d / %d",
                           (int)json_object_get_int_member_with_default(r, "planned", 0),
                           (int)json_object_get_int_member_with_default(r, "valid", 0),
                           (int)json_object_get_int_member_with_default(r, "agree", 0));
}

JsonArray *cel_paper_replicate_reasons(const CelPaper *paper)
{
    JsonObject *replicates = cel_json_child(paper->answer, "replicates");
    JsonArray *chinese =
        paper->chinese ? cel_json_list(replicates, "reasons_zh_CN") : NULL; /* not in old files */
    return chinese != NULL ? chinese : cel_json_list(replicates, "reasons");
}

char *cel_paper_library(const CelPaper *paper)
{
    JsonArray *libraries = cel_json_list(paper->record, "lib");
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cel_json_length(libraries); i++) {
        JsonObject *library = cel_json_at_object(libraries, i);
        const char *hash = cel_json_words(library, "sha256");
        const char *version = cel_json_words(library, "version");
        g_string_append_printf(out, "%s%s %s (%.12s)", i > 0 ? "; " : "",
                               cel_paper_stated(paper, cel_json_words(library, "name")),
                               version != NULL ? version : "", hash != NULL ? hash : "-");
    }
    return g_string_free(out, FALSE);
}

/* The number at @path with its units. */
static char *node_text(const CelPaper *paper, const char *path)
{
    const CelH5Node *node = cel_h5_find(root(paper), path);
    const char *unit = node != NULL ? cel_h5_attr(node, "units") : NULL;
    gsize n = 0;
    g_autofree double *values = cel_h5_get_f64(root(paper), path, &n, NULL);
    if (values == NULL || n != 1 || !(values[0] > 0.0))
        return g_strdup(cel_paper_word(paper, CEL_WORD_NOT_STATED));
    return g_strdup_printf("%.6g %s", values[0], unit != NULL ? unit : "");
}

char *cel_paper_laser(const CelPaper *paper)
{
    return node_text(paper, "/entry/instrument/beam_incident/wavelength");
}

char *cel_paper_acquisition(const CelPaper *paper)
{
    gsize shape[CEL_H5_MAX_RANK] = {0};
    const CelH5Node *raw = cel_h5_find(root(paper), DETECTOR "/raw_data/raw");
    g_autofree char *time = node_text(paper, DETECTOR "/count_time");
    if (raw == NULL || cel_h5_shape(raw, shape) != 2)
        return g_steal_pointer(&time);
    return g_strdup_printf("%zu \u00d7 %s", shape[0], time);
}

char *cel_paper_method(const CelPaper *paper)
{
    JsonObject *method = cel_json_child(paper->record, "method");
    const char *version = cel_json_words(method, "version");
    return g_strdup_printf("%s %s", cel_paper_stated(paper, cel_json_words(method, "id")),
                           version != NULL ? version : "");
}

char *cel_paper_blanks(const CelPaper *paper)
{
    static const struct {
        const char *kind;
        CelReportWord word;
    } kinds[] = {{"instrument", CEL_WORD_BLANK_INSTRUMENT},
                 {"packaging", CEL_WORD_BLANK_PACKAGING},
                 {"cleaning", CEL_WORD_BLANK_CLEANING}};
    JsonArray *blanks = cel_json_list(paper->record, "blanks");
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < cel_json_length(blanks); i++) {
        const char *shown = cel_json_at_words(blanks, i);
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
            if (g_strcmp0(kinds[k].kind, cel_json_at_words(blanks, i)) == 0)
                shown = cel_paper_word(paper, kinds[k].word);
        g_string_append_printf(out, "%s%s", i > 0 ? "; " : "", cel_paper_stated(paper, shown));
    }
    return g_strdup(out->len > 0 ? out->str : cel_paper_word(paper, CEL_WORD_NO_BLANKS));
}

static char *number_text(const CelPaper *paper, double value)
{
    return isfinite(value) ? g_strdup_printf("%.4g", value)
                           : g_strdup(cel_paper_word(paper, CEL_WORD_NOT_STATED));
}

char *cel_paper_quality(const CelPaper *paper)
{
    JsonObject *quality = cel_json_child(paper->answer, "quality");
    const char *check = cel_json_words(quality, "axis_check");
    g_autofree char *snr = number_text(paper, cel_json_real(quality, "snr"));
    g_autofree char *saturated = number_text(paper, cel_json_real(quality, "saturated"));
    g_autofree char *cosmic = number_text(paper, cel_json_real(quality, "cosmic_rays"));
    g_autofree char *ratio = number_text(paper, cel_json_real(quality, "fluorescence_ratio"));
    const CelReportWord axis = g_strcmp0(check, "ok") == 0       ? CEL_WORD_CHECK_OK
                               : g_strcmp0(check, "failed") == 0 ? CEL_WORD_CHECK_FAILED
                                                                 : CEL_WORD_CHECK_NONE;
    return cel_claim_fill(cel_paper_word(paper, CEL_WORD_QUALITY_TEXT), "S", snr, "N", saturated,
                          "C", cosmic, "F", ratio, "A", cel_paper_word(paper, axis), NULL);
}

const char *cel_paper_hit_name(const CelPaper *paper, JsonObject *hit)
{
    const char *name = cel_json_words(hit, paper->chinese ? "name_zh" : "name_en");
    return cel_paper_stated(paper, name != NULL ? name : cel_json_words(hit, "id"));
}
