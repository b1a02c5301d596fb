/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-seal-tree.h"

#include "base/cel-error.h"
#include "config.h"
#include "evidence/cel-record-write.h"
#include "h5/cel-digest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char TRAINING_MARK[] = "TRAINING - NOT EVIDENCE / 模拟/培训数据,不得作为证据";

static void put_program(CelH5Node *process)
{
    cel_h5_attr_text(cel_h5_put_text(process, "program", "celadon"), "version", CEL_VERSION);
    cel_h5_put_text(process, "version", CEL_VERSION);
}

static void mark_as(CelH5Node *node, gboolean simulated, gboolean training)
{
    cel_h5_attr_int(node, "simulated", simulated ? 1 : 0);
    cel_h5_attr_int(node, "training", training ? 1 : 0);
    if (training)
        cel_h5_attr_text(node, "celadon_mark", TRAINING_MARK);
}

static void mark(CelH5Node *node, const CelSealRequest *r)
{
    mark_as(node, cel_record_simulated(r), r->training);
}

/* ---- spectra and steps ---- */

static const char *axis_name(CelUnit unit)
{
    return unit == CEL_UNIT_SHIFT_CM1 ? "raman_shift"
           : unit == CEL_UNIT_PIXEL   ? "pixel"
                                      : "wavelength";
}

static const char *axis_units(CelUnit unit)
{
    return unit == CEL_UNIT_SHIFT_CM1 ? "1/cm" : unit == CEL_UNIT_PIXEL ? "" : "nm";
}

/* An NXdata that viewers plot. Variance and mask stand beside the values, so that a replay can
 * compare every bit of a step's result. */
static CelH5Node *put_data(CelH5Node *parent, const char *name, const CelSpectrum *s)
{
    const gsize n = cel_spectrum_length(s);
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(s));
    const char *const axes[] = {axis_name(unit), NULL};
    CelH5Node *data = cel_h5_group(parent, name, "NXdata");
    cel_h5_attr_text(data, "signal", "intensity");
    cel_h5_attr_texts(data, "axes", axes);
    CelH5Node *x = cel_h5_put(data, axes[0], CEL_H5_F64, 1, &n, cel_spectrum_x(s), TRUE);
    cel_h5_attr_text(x, "units", axis_units(unit));
    cel_h5_attr_text(x, "celadon_unit", cel_unit_name(unit));
    cel_h5_put(data, "intensity", CEL_H5_F64, 1, &n, cel_spectrum_y(s), TRUE);
    if (cel_spectrum_variance(s) != NULL)
        cel_h5_put(data, "variance", CEL_H5_F64, 1, &n, cel_spectrum_variance(s), TRUE);
    if (cel_spectrum_mask(s) != NULL)
        cel_h5_put(data, "mask", CEL_H5_U8, 1, &n, cel_spectrum_mask(s), TRUE);
    return data;
}

static void put_step(CelH5Node *entry, const CelRecipe *recipe, guint k, const CelSpectrum *result)
{
    const CelStepDef *step = cel_recipe_step(recipe, k);
    g_autofree char *parameters = cel_params_to_text(cel_recipe_params(recipe, k));
    g_autofree char *id = g_strdelimit(g_strdup(step->id), ".", '_');
    g_autofree char *name = g_strdup_printf("process_%02u_%s", k + 1, id);
    CelH5Node *process = cel_h5_group(entry, name, "NXprocess");
    put_program(process);
    cel_h5_put_int(process, "sequence_index", k + 1);
    cel_h5_put_text(process, "step", step->id);
    cel_h5_put_int(process, "step_version", step->version);
    cel_h5_put_text(process, "reference", step->reference != NULL ? step->reference : "");
    cel_h5_put_text(process, "parameters", parameters);
    put_data(process, "result", result);
}

static const CelSpectrum *last_stage(const CelSealRequest *r, gsize index)
{
    const GPtrArray *stages = r->stages != NULL ? r->stages[index] : NULL;
    if (stages != NULL && stages->len > 0)
        return g_ptr_array_index(stages, stages->len - 1);
    const CelIdentification *single = r->singles != NULL ? r->singles[index] : NULL;
    return single != NULL ? single->processed : NULL;
}

static void put_single(CelH5Node *entry, const CelSealRequest *r, gsize index)
{
    const char *json = r->single_jsons != NULL ? r->single_jsons[index] : NULL;
    if (json == NULL || *json == '\0')
        return;
    CelH5Node *process = cel_h5_group(entry, "identification", "NXprocess");
    put_program(process);
    cel_h5_put_bytes(process, "answer", json, strlen(json));
}

static gboolean put_replicate(CelH5Node *root, const CelSealRequest *r, gsize index, GError **error)
{
    g_autofree char *path = cel_measurement_group(index);
    g_autofree char *title = g_strdup_printf("%s%s / %s, %" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT,
                                             r->training ? "[TRAINING] " : "", r->case_id,
                                             r->exhibit_id, index + 1, r->n_measurements);
    CelH5Node *group = cel_h5_group(root, path, NULL);
    if (!cel_nxraman_write(group, r->measurements[index], title, r->exhibit_id, error))
        return FALSE;
    CelH5Node *entry = cel_h5_group(group, "entry", NULL);
    const GPtrArray *stages = r->stages != NULL ? r->stages[index] : NULL;
    for (guint k = 0; stages != NULL && k < stages->len; k++)
        put_step(entry, r->recipe, k, g_ptr_array_index(stages, k));
    if (last_stage(r, index) != NULL)
        cel_nxraman_set_plot(group, last_stage(r, index), title);
    put_single(entry, r, index);
    mark(entry, r);
    if (index > 0) /* the writer takes any group for a root */
        cel_h5_attr_text(group, "NX_class", "NXcollection");
    return TRUE;
}

static gboolean put_blank(CelH5Node *root, const CelSealRequest *r, gsize index, GError **error)
{
    g_autofree char *path = cel_blank_group(index);
    g_autofree char *title =
        g_strdup_printf("%sblank: %s", r->training ? "[TRAINING] " : "", r->blank_kinds[index]);
    CelH5Node *group = cel_h5_group(root, path, NULL);
    if (!cel_nxraman_write(group, r->blanks[index], title, NULL, error))
        return FALSE;
    CelH5Node *entry = cel_h5_group(group, "entry", NULL);
    cel_h5_put_text(entry, "blank_kind", r->blank_kinds[index]);
    mark(entry, r);
    cel_h5_attr_text(group, "NX_class", "NXcollection");
    return TRUE;
}

/* ---- the answer ---- */

static void put_pairs(CelH5Node *hit, const char *name, const GArray *pairs)
{
    if (pairs == NULL || pairs->len == 0)
        return;
    const gsize shape[] = {pairs->len, 4};
    g_autofree double *rows = g_new(double, 4 * (gsize)pairs->len);
    for (guint i = 0; i < pairs->len; i++) {
        const CelPeakPair *p = &g_array_index(pairs, CelPeakPair, i);
        rows[4 * i] = p->reference_cm1;
        rows[4 * i + 1] = p->sample_cm1;
        rows[4 * i + 2] = p->unweighed ? NAN : p->reference_intensity;
        rows[4 * i + 3] = p->sample_height;
    }
    static const char *const columns[] = {"reference_cm1", "sample_cm1", "reference_intensity",
                                          "sample_height", NULL};
    cel_h5_attr_texts(cel_h5_put(hit, name, CEL_H5_F64, 2, shape, rows, FALSE), "columns", columns);
}

static void put_hit(CelH5Node *result, const CelHit *hit, guint number)
{
    g_autofree char *name = g_strdup_printf("hit_%02u", number);
    const char grade[] = {(char)('A' + (int)hit->grade), '\0'};
    CelH5Node *group = cel_h5_group(result, name, NULL);
    cel_h5_put_int(group, "rank", hit->rank);
    cel_h5_put_text(group, "id", hit->substance->id);
    cel_h5_put_text(group, "name_en", hit->substance->name_en);
    cel_h5_put_text(group, "name_zh", hit->substance->name_zh);
    cel_h5_put_text(group, "library", hit->substance->library);
    cel_h5_put_text(group, "kind", hit->reference != NULL ? "measured" : "band-table");
    cel_h5_put_text(group, "grade", grade);
    cel_h5_put_number(group, "score", hit->score, NULL);
    cel_h5_put_number(group, "hqi", hit->hqi, NULL);
    cel_h5_put_number(group, "peak_score", hit->peak_score, NULL);
    cel_h5_put_number(group, "shift_applied", hit->shift_applied_cm1, "1/cm");
    cel_h5_attr_text(cel_h5_put_f64(group, "common_range", hit->common_cm1, 2), "units", "1/cm");
    put_pairs(group, "matched", hit->matched);
    put_pairs(group, "missing", hit->missing);
    if (hit->extra != NULL && hit->extra->len > 0)
        cel_h5_put_f64(group, "extra", &g_array_index(hit->extra, double, 0), hit->extra->len);
}

/* The curve the claim leans on, with its own axis: nothing is resampled for the file. */
static void put_reference(CelH5Node *celadon, const CelHit *hit)
{
    const CelReference *ref = hit->reference;
    static const char *const axes[] = {"raman_shift", NULL};
    if (ref == NULL || ref->n == 0)
        return;
    CelH5Node *data = cel_h5_group(celadon, "reference", "NXdata");
    cel_h5_attr_text(data, "signal", "intensity");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_attr_text(cel_h5_put_f64(data, axes[0], ref->x, ref->n), "units", "1/cm");
    cel_h5_put(data, "intensity", CEL_H5_F32, 1, &ref->n, ref->y, FALSE);
    cel_h5_put_text(data, "title", hit->substance->name_en);
    cel_h5_put_text(data, "substance", hit->substance->id);
    cel_h5_put_text(data, "name", ref->name);
    cel_h5_put_text(data, "source", ref->source);
    cel_h5_put_text(data, "licence", ref->licence);
    cel_h5_put_number(data, "laser", ref->laser_nm, "nm");
    cel_h5_put_int(data, "baseline_removed", ref->baseline_removed ? 1 : 0);
}

static void put_result(CelH5Node *celadon, const CelIdentification *answer)
{
    CelH5Node *result = cel_h5_group(celadon, "result", NULL);
    put_program(result);
    cel_h5_put_text(result, "outcome", cel_outcome_name(answer->outcome));
    cel_h5_put_text(result, "claim_en", answer->claim_en);
    cel_h5_put_text(result, "claim_zh", answer->claim_zh);
    cel_h5_put_text(result, "ceiling", answer->ceiling);
    cel_h5_put_text(result, "policy", cel_policy_name(answer->policy));
    for (guint i = 0; answer->hits != NULL && i < answer->hits->len; i++)
        put_hit(result, g_ptr_array_index(answer->hits, i), i + 1);
    if (answer->hits != NULL && answer->hits->len > 0)
        put_reference(celadon, g_ptr_array_index(answer->hits, 0));
}

/* ---- what the seal adds ---- */

static void put_libraries(CelH5Node *celadon, const CelSealRequest *r)
{
    for (gsize i = 0; i < r->n_libraries; i++) {
        g_autofree char *path = g_strdup_printf("libraries/%02" G_GSIZE_FORMAT, i + 1);
        CelH5Node *library = cel_h5_group(celadon, path, NULL);
        cel_h5_put_text(library, "name", cel_library_name(r->libraries[i]));
        cel_h5_put_text(library, "version", cel_library_version(r->libraries[i]));
        cel_h5_put_text(library, "sha256", cel_library_sha256(r->libraries[i]));
        if (r->library_states != NULL)
            cel_h5_put_text(library, "signature", r->library_states[i]);
    }
}

static void put_recipe(CelH5Node *celadon, const CelRecipe *recipe)
{
    g_autofree char *text = cel_recipe_to_text(recipe);
    g_autofree char *digest = cel_recipe_sha256(recipe);
    CelH5Node *node = cel_h5_put_bytes(celadon, "recipe", text, strlen(text));
    cel_h5_attr_text(node, "sha256", digest);
}

static void put_work(CelH5Node *root, const CelSealRequest *r, const char *person)
{
    CelH5Node *entry = cel_h5_group(root, "entry", NULL);
    CelH5Node *user = cel_h5_group(entry, "operator", "NXuser");
    cel_h5_put_text(user, "name", person);
    cel_h5_put_text(user, "role", "operator");
    cel_h5_put_text(user, "facility_user_id", r->operator_id);
    CelH5Node *celadon = cel_h5_group(root, "celadon", NULL);
    cel_h5_put_text(celadon, "case", r->case_id);
    cel_h5_put_text(celadon, "exhibit", r->exhibit_id);
    for (guint i = 0; r->deviations != NULL && i < r->deviations->len; i++) {
        g_autofree char *name = g_strdup_printf("deviation_%02u", i + 1);
        cel_h5_put_text(celadon, name, g_ptr_array_index(r->deviations, i));
    }
}

static gboolean put_celadon(CelH5Node *root, const CelSealRequest *r, const char *fid,
                            GError **error)
{
    g_autofree char *answer = cel_seal_answer(r, error);
    if (answer == NULL)
        return FALSE;
    CelH5Node *celadon = cel_h5_group(root, "celadon", NULL);
    cel_h5_attr_text(celadon, "description",
                     "Result, manifest and custody of this file; not part of NeXus");
    cel_h5_put_text(celadon, "fid", fid);
    cel_h5_put_int(celadon, "simulated", cel_record_simulated(r) ? 1 : 0);
    cel_h5_put_int(celadon, "training", r->training ? 1 : 0);
    cel_h5_put_bytes(celadon, "answer", answer, strlen(answer));
    put_result(celadon, r->answer);
    put_recipe(celadon, r->recipe);
    put_libraries(celadon, r);
    return TRUE;
}

/* ---- attributes for readers without our software ---- */

static void append_attributes(GString *out, const CelH5Node *node, const char *path)
{
    g_autofree char *text = cel_digest_attributes(node);
    guint n = 0;
    for (const char *c = text; *c != '\0'; c++)
        n += *c == '\n';
    if (n > 0)
        g_string_append_printf(out, "object %s %u\n%s", path, n, text);
    GPtrArray *children = cel_h5_type(node) == CEL_H5_GROUP ? cel_h5_children(node) : NULL;
    for (guint i = 0; children != NULL && i < children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(children, i);
        g_autofree char *below =
            g_strconcat(g_str_equal(path, "/") ? "" : path, "/", cel_h5_name(child), NULL);
        append_attributes(out, child, below);
    }
}

/* h5dump cannot write attributes out as bytes. This text repeats them in the form that the
 * manifest's digests are made from: "object PATH N", then the N lines that cel_digest_attributes()
 * gives. All names in the tree are our own, without blanks. */
static void put_attributes(CelH5Node *root)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_attributes(text, root, "/");
    cel_h5_put_bytes(cel_h5_group(root, "celadon", NULL), "attributes", text->str, text->len);
}

static void put_root(CelH5Node *root, CelClock clock, const char *fid)
{
    g_autofree char *now = cel_clock_iso8601(cel_clock_wall_us(clock));
    cel_h5_attr_text(root, "creator", "celadon");
    cel_h5_attr_text(root, "creator_version", CEL_VERSION);
    cel_h5_attr_text(root, "file_time", now);
    cel_h5_attr_text(root, "celadon_fid", fid);
}

CelH5Node *cel_seal_tree(const CelSealRequest *r, const char *person, const char *fid,
                         GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    for (gsize i = 0; i < r->n_measurements; i++)
        if (!put_replicate(root, r, i, error))
            return NULL;
    for (gsize i = 0; i < r->n_blanks; i++)
        if (!put_blank(root, r, i, error))
            return NULL;
    put_work(root, r, person);
    if (!put_celadon(root, r, fid, error))
        return NULL;
    put_root(root, r->clock, fid);
    mark(root, r);
    put_attributes(root);
    return g_steal_pointer(&root);
}

void cel_seal_tree_object(CelH5Node *root, const CelSealObject *o, const char *person,
                          const char *fid)
{
    CelH5Node *celadon = cel_h5_group(root, "celadon", NULL);
    cel_h5_attr_text(celadon, "description", "A sealed thing, its manifest and its custody");
    cel_h5_put_text(celadon, "fid", fid);
    cel_h5_put_text(celadon, "kind", o->kind);
    cel_h5_put_text(celadon, "id", o->id);
    cel_h5_put_int(celadon, "simulated", o->simulated ? 1 : 0);
    cel_h5_put_int(celadon, "training", o->training ? 1 : 0);
    cel_h5_put_bytes(celadon, "object", o->object_json, strlen(o->object_json));
    CelH5Node *user = cel_h5_group(celadon, "operator", NULL);
    cel_h5_put_text(user, "name", person);
    cel_h5_put_text(user, "facility_user_id", o->operator_id);
    for (gsize i = 0; i < o->n_inputs; i++) {
        gsize n = 0;
        const void *data = g_bytes_get_data(o->inputs[i].bytes, &n);
        cel_h5_put_bytes(cel_h5_group(celadon, "inputs", NULL), o->inputs[i].name, data, n);
    }
    put_root(root, o->clock, fid);
    mark_as(root, o->simulated, o->training);
    put_attributes(root);
}
