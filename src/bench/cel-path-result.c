/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The answer: what was recorded goes into the engine, all of it and nothing else. */

/* A changed sample or missing light makes a shot none of the planned ones; it is listed. */
static const char *reason_of(const CelPathShot *shot)
{
    if (strcmp(shot->state, "failed") == 0)
        return shot->problem != NULL ? shot->problem : "failed";
    if (strcmp(shot->state, "altered") == 0)
        return "the sample changed under the laser";
    return strcmp(shot->state, "no-light") == 0 ? "the laser gave no light" : NULL;
}

static gboolean add_spot(CelPath *path, CelWork *work, const CelPathShot *shot, CelJob *job,
                         GError **error)
{
    const char *reason = reason_of(shot);
    if (reason != NULL) {
        cel_work_add_failure(work, reason);
        return TRUE;
    }
    CelMeasurement *measurement = cel_path_measurement(path, shot->seq, job, error);
    if (measurement == NULL)
        return FALSE;
    cel_work_add(work, measurement);
    return TRUE;
}

static gboolean is_blank(CelPathShotKind kind, CelBlankKind *out_kind)
{
    *out_kind = kind == CEL_PATH_SHOT_PACKAGING  ? CEL_BLANK_PACKAGING
                : kind == CEL_PATH_SHOT_CLEANING ? CEL_BLANK_CLEANING
                                                 : CEL_BLANK_INSTRUMENT;
    return kind == CEL_PATH_SHOT_BLANK || kind == CEL_PATH_SHOT_PACKAGING ||
           kind == CEL_PATH_SHOT_CLEANING;
}

static gboolean add_shot(CelPath *path, CelWork *work, const CelPathShot *shot, CelJob *job,
                         GError **error)
{
    CelBlankKind kind;
    if (shot->set_aside != NULL)
        return TRUE;
    if (shot->kind == CEL_PATH_SHOT_SPOT)
        return add_spot(path, work, shot, job, error);
    if (!is_blank(shot->kind, &kind) || *shot->sha256 == '\0')
        return TRUE;
    CelMeasurement *measurement = cel_path_measurement(path, shot->seq, job, error);
    if (measurement == NULL)
        return FALSE;
    cel_work_add_blank(work, kind, measurement);
    return TRUE;
}

static gboolean any_spectrum(const CelPath *path)
{
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        if (shot->kind == CEL_PATH_SHOT_SPOT && shot->set_aside == NULL && reason_of(shot) == NULL)
            return TRUE;
    }
    return FALSE;
}

/* From the result on; before it the planned spots are not all there. */
static gboolean past_measuring(const CelPath *path, GError **error)
{
    const CelPathWayDef *way = cel_path_way_def(path->way);
    for (guint i = 0; i <= path->at; i++)
        if (way->steps[i] == CEL_PATH_STEP_RESULT)
            return TRUE;
    return cel_path_refuse(error, _("The planned spots are not all measured yet"));
}

/* Every blank, and the spot @seq; 0: all of them. */
static CelWork *fill(CelPath *path, guint64 seq, const CelBench *bench, CelJob *job, GError **error)
{
    g_autoptr(CelWork) work = cel_work_new(bench);
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        const gboolean other = seq != 0 && shot->kind == CEL_PATH_SHOT_SPOT && shot->seq != seq;
        if (!other && !add_shot(path, work, shot, job, error))
            return NULL;
    }
    if (g_strcmp0(cel_path_reply(path, "through"), "yes") == 0)
        cel_work_measure_through(work);
    return g_steal_pointer(&work);
}

CelWork *cel_path_work(CelPath *path, const CelBench *bench, CelJob *job, GError **error)
{
    if (!cel_path_ready(path, error) || !past_measuring(path, error))
        return NULL;
    if (any_spectrum(path))
        return fill(path, 0, bench, job, error);
    cel_path_refuse(error, _("No spot gave a spectrum; measure again, or give the work up"));
    return NULL;
}

CelWork *cel_path_work_of(CelPath *path, guint64 seq, const CelBench *bench, CelJob *job,
                          GError **error)
{
    const CelPathShot *shot = cel_path_shot_at(path, seq);
    if (!cel_path_ready(path, error))
        return NULL;
    if (shot != NULL && shot->kind == CEL_PATH_SHOT_SPOT && shot->set_aside == NULL &&
        reason_of(shot) == NULL)
        return fill(path, seq, bench, job, error);
    cel_path_refuse(error, _("There is no such measurement of this exhibit"));
    return NULL;
}

/* What the answer rests on besides the measurements: the recipe and the libraries. */
static char *basis_of(const CelWork *work)
{
    const CelBench *bench = cel_work_bench(work);
    const CelIdentification *answer = cel_work_answer(work);
    gsize n = 0;
    double laser_nm = 0.0;
    if (answer->processed != NULL)
        cel_spectrum_meta_number(answer->processed, CEL_META_LASER_NM, &laser_nm);
    g_autoptr(CelRecipe) recipe = cel_bench_recipe(bench, laser_nm);
    g_autofree char *recipe_sha256 = cel_recipe_sha256(recipe);
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    g_autoptr(GString) all = g_string_new(recipe_sha256);
    for (gsize i = 0; i < n; i++)
        g_string_append(all, cel_library_sha256(libraries[i]));
    return cel_digest_hex("sha256", all->str, all->len);
}

gboolean cel_path_answered(CelPath *path, CelWork *given, GError **error)
{
    g_autoptr(CelWork) work = given;
    if (!cel_path_ready(path, error) || !past_measuring(path, error))
        return FALSE;
    if (cel_work_answer(work) == NULL)
        return cel_path_refuse(error, _("The measurements were not evaluated"));
    if (*path->fid != '\0')
        return cel_path_refuse(error, _("The file is sealed; its answer stays"));
    g_autofree char *basis = basis_of(work);
    JsonObject *act = cel_path_act(path, "answered");
    json_object_set_string_member(act, "outcome", cel_outcome_name(cel_work_answer(work)->outcome));
    if (path->basis != NULL && strcmp(path->basis, basis) != 0)
        json_object_set_string_member(act, "exploratory",
                                      "recipe or libraries were changed after an answer was seen");
    else
        json_object_set_string_member(act, "basis", basis);
    if (!cel_path_add(path, act, error))
        return FALSE;
    cel_work_free(path->work);
    path->work = g_steal_pointer(&work);
    return TRUE;
}

gboolean cel_path_identify(CelPath *path, const CelBench *bench, CelJob *job, GError **error)
{
    g_autoptr(CelWork) work = cel_path_work(path, bench, job, error);
    return work != NULL && cel_work_identify(work, job, error) &&
           cel_path_answered(path, g_steal_pointer(&work), error);
}

const CelIdentification *cel_path_result(const CelPath *path)
{
    return path->work != NULL ? cel_work_answer(path->work) : NULL;
}

void cel_path_forget(CelPath *path)
{
    g_clear_pointer(&path->work, cel_work_free);
}
