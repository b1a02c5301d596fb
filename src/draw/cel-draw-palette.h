/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelDrawColour: 0..1. */
typedef struct {
    double red, green, blue, alpha;
} CelDrawColour;

/** CelTraceRole: what a curve is; its colour, width, dashes and symbols follow from it. */
typedef enum {
    CEL_TRACE_OWN,       /* the trace's own colour and width */
    CEL_TRACE_SAMPLE,    /* what was measured */
    CEL_TRACE_REFERENCE, /* what it is compared with: dashed, filled */
    CEL_TRACE_RESIDUAL,  /* sample less reference */
    CEL_TRACE_BASELINE,  /* dashed */
    CEL_TRACE_RAW,       /* before processing: thin */
    CEL_TRACE_LIVE,      /* comes anew many times a second */
    CEL_TRACE_OVERLAY_1, /* one of ten, told apart by colour and by symbols along the line */
    CEL_TRACE_OVERLAY_10 = CEL_TRACE_OVERLAY_1 + 9,
    CEL_N_TRACE_ROLES,
} CelTraceRole;

/** CelPaletteId: where the plot is looked at. */
typedef enum {
    CEL_PALETTE_PRINT, /* white paper, also every export and copy */
    CEL_PALETTE_LIGHT,
    CEL_PALETTE_DARK,
    CEL_PALETTE_DAY, /* in the sun: black on white, heavy lines */
    CEL_N_PALETTES,
} CelPaletteId;

/** CelDrawPalette: every colour of a plot. */
typedef struct {
    CelDrawColour paper, legend;            /* under everything; under words that stand on curves */
    CelDrawColour axis, text, grid;         /* lines and words around the curves */
    CelDrawColour mark, bar, chosen;        /* symbols, their bars, the highlighted one */
    CelDrawColour selected, masked;         /* bands */
    CelDrawColour saturated, cursor;        /* samples at the detector's limit; the cursor */
    CelDrawColour roles[CEL_N_TRACE_ROLES]; /* entry CEL_TRACE_OWN is not used */
    double line_scale;                      /* of the widths of roles */
} CelDrawPalette;

/** CelRoleStyle: how a role is drawn, whatever the palette. */
typedef struct {
    double width;
    gboolean dashed, fill_below;
    guint symbol; /* 0: none; 1..10: a shape set along the line */
} CelRoleStyle;

/** cel_draw_palette: Returns: (transfer none): the colours of @id. Thread-safe: yes. */
const CelDrawPalette *cel_draw_palette(CelPaletteId id);

/** cel_draw_role_style: Returns: (transfer none): the style of @role; CEL_TRACE_OWN has none of its
 * own. Thread-safe: yes. */
const CelRoleStyle *cel_draw_role_style(CelTraceRole role);

G_END_DECLS
