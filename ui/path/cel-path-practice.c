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

static const CelSimSample *find(const char *id)
{
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(samples[i].id, id) == 0)
            return &samples[i];
    return NULL;
}

const char *cel_path_practice_name(const char *sample)
{
    const CelSimSample *known = find(sample);
    return known != NULL ? _(known->name) : sample;
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
    const CelSimSample *lies = find(needed(kind, sample));
    if (!g_str_has_prefix(cel_device_describe(device)->info.id, "simulated"))
        return TRUE; /* on a simulated bus: its simulator knows what lies there */
    return lies == NULL ||
           cel_sim_set_bands(device, lies->bands, lies->n_bands, lies->fluorescence, error);
}
