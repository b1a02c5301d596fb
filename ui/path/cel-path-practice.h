/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path-steps.h"
#include "device/cel-device.h"

G_BEGIN_DECLS

/* Hands for the simulated instrument: it has no holder into which a person could put anything. */

/** cel_path_practice_samples: Returns: (transfer none): NULL-ended ids of what can lie before it.
 */
const char *const *cel_path_practice_samples(void);

/** cel_path_practice_name: @sample: of cel_path_practice_samples(). Returns: (transfer none): its
 * name for people, translated; @sample itself when it has none. Thread-safe: yes. */
const char *cel_path_practice_name(const char *sample);

/**
 * cel_path_practice_place:
 * @device: simulated
 * @sample: of cel_path_practice_samples(): the exhibit
 * Puts before the instrument what a shot of @kind needs: the quality-control sample, nothing, or
 * the exhibit. Returns: FALSE with the errors of cel_sim_set_bands(). Thread-safe: yes.
 */
gboolean cel_path_practice_place(CelDevice *device, CelPathShotKind kind, const char *sample,
                                 GError **error);

G_END_DECLS
