/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"
#include "device/cel-device.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_EXPOSURE_BOX (cel_exposure_box_get_type())
/** CelExposureBox: the settings of one instrument, within its limits, and the questions before its
 * laser light. Signal "changed". */
G_DECLARE_FINAL_TYPE(CelExposureBox, cel_exposure_box, CEL, EXPOSURE_BOX, GtkBox)

/** cel_exposure_box_new: Returns: (transfer floating): empty until there is an instrument. */
GtkWidget *cel_exposure_box_new(void);

/** cel_exposure_box_set_instrument: @description: copied as far as it is needed. */
void cel_exposure_box_set_instrument(CelExposureBox *box, const CelDeviceDescription *description);

/** cel_exposure_box_options: Returns: what was set, answers included; without a clock. */
CelAcquireOptions cel_exposure_box_options(CelExposureBox *box);

/** cel_exposure_box_may: asks the rules of laser light. @live: for the live view, which lights no
 * sample that may be dark or explosive. Returns: FALSE with what is missing. */
gboolean cel_exposure_box_may(CelExposureBox *box, gboolean live, GError **error);

/** cel_exposure_box_used: the answers were for one light; they are asked anew. */
void cel_exposure_box_used(CelExposureBox *box);

G_END_DECLS
