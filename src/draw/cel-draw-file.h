/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/cel-draw-spectrum.h"

G_BEGIN_DECLS

typedef enum {
    CEL_DRAW_PDF,
    CEL_DRAW_PNG, /* 150 dots an inch */
    CEL_DRAW_SVG, /* its words are text and not outlines */
    CEL_N_DRAW_KINDS,
} CelDrawKind;

/** cel_draw_kind_of: Returns: FALSE when the ending of @path is none of .pdf, .png, .svg, in
 * whatever case. Thread-safe: yes. */
gboolean cel_draw_kind_of(const char *path, CelDrawKind *out_kind);

/**
 * cel_draw_to_bytes:
 * @plot: painted on white, whatever its palette
 * @title: (nullable): a line above the plot
 * One landscape page, 240 x 150 mm; it carries no date, so that the same plot gives the same bytes.
 * Returns: (transfer full): the file's content, or NULL with CEL_ERROR_SYSTEM. Thread-safe: yes.
 */
GBytes *cel_draw_to_bytes(const CelPlot *plot, const char *title, CelDrawKind kind, GError **error);

/**
 * cel_draw_save:
 * @title: (nullable): a line above the plot
 * @path: ends in .pdf, .png or .svg; replaced when it is there
 * Writes what cel_draw_to_bytes() gives.
 * Returns: FALSE with CEL_ERROR_USAGE (another ending), CEL_ERROR_SYSTEM or CEL_ERROR_POLICY.
 *   Thread-safe: yes.
 */
gboolean cel_draw_save(const CelPlot *plot, const char *title, const char *path, GError **error);

G_END_DECLS
