/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** cel_person_row_new: @card: copied from. Returns: (transfer floating): a row of a list of people
 * that can be pressed; its widget name is the path of the key file. */
GtkWidget *cel_person_row_new(const CelPersonCard *card);

G_END_DECLS
