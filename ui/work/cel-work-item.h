/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "match/cel-library.h"
#include "spectrum/cel-measurement.h"

#include <glib-object.h>

G_BEGIN_DECLS

/** CelWorkKind: where a spectrum on the bench comes from. */
typedef enum {
    CEL_WORK_MEASURED,
    CEL_WORK_FILE,
    CEL_WORK_REFERENCE, /* of a library: to compare with, not to be evaluated */
} CelWorkKind;

#define CEL_TYPE_WORK_ITEM (cel_work_item_get_type())
/** CelWorkItem: one spectrum on the bench. What it holds never changes, so workers may read it;
 * properties "title" and "shown" (in the comparison; main loop). */
G_DECLARE_FINAL_TYPE(CelWorkItem, cel_work_item, CEL, WORK_ITEM, GObject)

/** cel_work_item_new_measured: @measurement: (transfer full); @title: for people; @kind: measured
 * or file. Any thread. Returns: (transfer full), or NULL with the error of a measurement that
 * gives no spectrum. */
CelWorkItem *cel_work_item_new_measured(CelWorkKind kind, const char *title,
                                        CelMeasurement *measurement, GError **error);

/** cel_work_item_new_reference: @title: for people; @reference: borrowed during the call. Any
 * thread. Returns: (transfer full), or NULL with CEL_ERROR_INPUT. */
CelWorkItem *cel_work_item_new_reference(const char *title, const CelReference *reference,
                                         GError **error);

/** cel_work_item_new_bands: the band table of @substance (borrowed during the call), each row
 * drawn as a Gauss band of its width, or of a usual one: no measurement. Any thread. Returns:
 * (transfer full), or NULL with CEL_ERROR_INPUT. */
CelWorkItem *cel_work_item_new_bands(const char *title, const CelSubstance *substance,
                                     GError **error);

/** cel_work_item_load: reads a file in the jail, as cel_reader_load(). A worker's thread. Returns:
 * (transfer full), or NULL with the reader's error. */
CelWorkItem *cel_work_item_load(const char *path, CelJob *job, GError **error);

/** What it holds; texts and numbers live as long as it. Any thread. */
CelWorkKind cel_work_item_kind(CelWorkItem *item);
const char *cel_work_item_title(CelWorkItem *item);
/** cel_work_item_measurement: Returns: (transfer none) (nullable): NULL for a reference. */
const CelMeasurement *cel_work_item_measurement(CelWorkItem *item);
/** cel_work_item_spectrum: Returns: (transfer none): the mean, dark-subtracted where there is a
 * dark; on a Raman shift axis where that can be. */
const CelSpectrum *cel_work_item_spectrum(CelWorkItem *item);
/** cel_work_item_laser_nm: Returns: 0 when not known. */
double cel_work_item_laser_nm(CelWorkItem *item);
/** cel_work_item_is_simulated: Returns: whether no instrument made it. */
gboolean cel_work_item_is_simulated(CelWorkItem *item);

/** cel_work_item_is_shown, cel_work_item_set_shown: in the comparison. Main loop only. */
gboolean cel_work_item_is_shown(CelWorkItem *item);
void cel_work_item_set_shown(CelWorkItem *item, gboolean shown);

G_END_DECLS
