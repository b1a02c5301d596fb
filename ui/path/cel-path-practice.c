/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-practice.h"

#include "simulated/sim-samples.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char control_sample[] = "polystyrene", nothing[] = "empty";

const char *const *cel_path_practice_samples(void)
{
    return cel_sim_sample_ids;
}

const char *cel_path_practice_name(const char *sample)
{
    static const struct {
        const char *id, *name;
    } names[] = {
        {"polystyrene", N_("polystyrene")}, {"polyethylene", N_("polyethylene")},
        {"calcite", N_("calcite")},         {"acetaminophen", N_("acetaminophen")},
        {"cyclohexane", N_("cyclohexane")}, {"sulfur", N_("sulfur")},
        {"naphthalene", N_("naphthalene")}, {"silicon", N_("silicon")},
        {"neon", N_("neon lamp")},          {"empty", N_("nothing: an empty holder")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i].id, sample) == 0)
            return _(names[i].name);
    return sample;
}

static const char *needed(CelPathShotKind kind, const char *sample)
{
    if (kind == CEL_PATH_SHOT_CHECK || kind == CEL_PATH_SHOT_CLOSING)
        return control_sample;
    return kind == CEL_PATH_SHOT_SPOT ? sample : nothing;
}

gboolean cel_path_practice_place(CelDevice *device, CelPathShotKind kind, const char *sample,
                                 GError **error)
{
    const char *id = needed(kind, sample);
    if (!g_str_has_prefix(cel_device_describe(device)->info.id, "simulated"))
        return TRUE; /* on a simulated bus: its simulator knows what lies there */
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(samples[i].id, id) == 0)
            return cel_sim_set_bands(device, samples[i].bands, samples[i].n_bands,
                                     samples[i].fluorescence, error);
    return TRUE;
}
