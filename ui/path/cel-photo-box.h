/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PHOTO_BOX (cel_photo_box_get_type())
/** CelPhotoBox: the photos of a step: take the newest picture of the camera program's folder, or a
 * file (also dropped on it), with a thumbnail and the moment in words for each. */
G_DECLARE_FINAL_TYPE(CelPhotoBox, cel_photo_box, CEL, PHOTO_BOX, AdwBin)

/** cel_photo_box_new: @session: (transfer none). Returns: (transfer floating). */
GtkWidget *cel_photo_box_new(CelPathSession *session);

/** cel_photo_box_show: @view: borrowed; @wanted: (nullable): NULL-ended pairs of a need's id and
 * the moment of its photo: shown as missing until it is there. */
void cel_photo_box_show(CelPhotoBox *box, const CelPathView *view, const char *const *wanted);

G_END_DECLS
