/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_CALIBRATE_GUIDE (cel_calibrate_guide_get_type())
/** CelCalibrateGuide: the calibration of the Raman shift axis step by step: one standard after the
 * other is measured, the calibration derived, looked at line by line, sealed and recorded. */
G_DECLARE_FINAL_TYPE(CelCalibrateGuide, cel_calibrate_guide, CEL, CALIBRATE_GUIDE, AdwWindow)

/** cel_calibrate_guide_new: @page: whose desk is used. Returns: (transfer floating): a dialog over
 * the page's window. */
GtkWidget *cel_calibrate_guide_new(CelPage *page);

G_END_DECLS
