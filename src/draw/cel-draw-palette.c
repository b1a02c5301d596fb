/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-palette.h"

/* Overlays: the eight colours that Okabe and Ito chose to be told apart by everybody, darkened for
 * white and lightened for black, and two more; no red against green. */
#define OVERLAY(k) [CEL_TRACE_OVERLAY_1 + (k)-1]
#define RGB(hex)                                                                                   \
    {                                                                                              \
        ((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex)&0xff) / 255.0, 1.0       \
    }
#define RGBA(hex, a)                                                                               \
    {                                                                                              \
        ((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex)&0xff) / 255.0, (a)       \
    }
#define GREY(v)                                                                                    \
    {                                                                                              \
        (v), (v), (v), 1.0                                                                         \
    }

#define ON_WHITE_OVERLAYS                                                                          \
    OVERLAY(1) = RGB(0x0072b2), OVERLAY(2) = RGB(0xb85000), OVERLAY(3) = RGB(0x00795c),            \
    OVERLAY(4) = RGB(0xa3487f), OVERLAY(5) = RGB(0x8a6d00), OVERLAY(6) = RGB(0x2f7fb0),            \
    OVERLAY(7) = RGB(0x5b3a8c), OVERLAY(8) = RGB(0x404040), OVERLAY(9) = RGB(0x7a4a2b),            \
    OVERLAY(10) = RGB(0x4d6b1a)

static const CelDrawPalette palettes[CEL_N_PALETTES] =
    {
        [CEL_PALETTE_PRINT] =
            {
                .paper = GREY(1.0),
                .legend = {1.0, 1.0, 1.0, 0.85},
                .axis = GREY(0.25),
                .text = GREY(0.25),
                .grid = GREY(0.88),
                .mark = GREY(0.1),
                .bar = GREY(0.45),
                .chosen = RGB(0x1a4f9c),
                .selected = RGBA(0x1a4f9c, 0.12),
                .masked = GREY(0.72),
                .saturated = RGB(0xc2410c),
                .cursor = GREY(0.1),
                .roles = {[CEL_TRACE_SAMPLE] = {0.05, 0.2, 0.45, 1.0},
                          [CEL_TRACE_REFERENCE] = GREY(0.45),
                          [CEL_TRACE_RESIDUAL] = RGB(0x5b3a8c),
                          [CEL_TRACE_BASELINE] = RGB(0x8a4b00),
                          [CEL_TRACE_RAW] = GREY(0.55),
                          [CEL_TRACE_LIVE] = {0.05, 0.2, 0.45, 1.0},
                          ON_WHITE_OVERLAYS},
                .line_scale = 0.65,
            },
        [CEL_PALETTE_LIGHT] =
            {
                .paper = GREY(1.0),
                .legend = {1.0, 1.0, 1.0, 0.88},
                .axis = GREY(0.45),
                .text = GREY(0.2),
                .grid = GREY(0.91),
                .mark = GREY(0.12),
                .bar = GREY(0.45),
                .chosen = RGB(0x1a5fb4),
                .selected = RGBA(0x1a5fb4, 0.14),
                .masked = GREY(0.7),
                .saturated = RGB(0xc2410c),
                .cursor = GREY(0.15),
                .roles = {[CEL_TRACE_SAMPLE] = RGB(0x1a4f9c),
                          [CEL_TRACE_REFERENCE] = GREY(0.42),
                          [CEL_TRACE_RESIDUAL] = RGB(0x6b3fa0),
                          [CEL_TRACE_BASELINE] = RGB(0x9a5500),
                          [CEL_TRACE_RAW] = GREY(0.55),
                          [CEL_TRACE_LIVE] = RGB(0x1a5fb4),
                          ON_WHITE_OVERLAYS},
                .line_scale = 1.0,
            },
        [CEL_PALETTE_DARK] =
            {
                .paper = RGB(0x1e1e1e),
                .legend = RGBA(0x1e1e1e, 0.88),
                .axis = GREY(0.55),
                .text = GREY(0.86),
                .grid = GREY(0.2),
                .mark = GREY(0.92),
                .bar = GREY(0.65),
                .chosen = RGB(0x78aeed),
                .selected = RGBA(0x78aeed, 0.2),
                .masked = GREY(0.42),
                .saturated = RGB(0xffa348),
                .cursor = GREY(0.9),
                .roles = {[CEL_TRACE_SAMPLE] = RGB(0x7ab8ff),
                          [CEL_TRACE_REFERENCE] = GREY(0.66),
                          [CEL_TRACE_RESIDUAL] = RGB(0xc8a2f0),
                          [CEL_TRACE_BASELINE] = RGB(0xf0b060),
                          [CEL_TRACE_RAW] = GREY(0.52),
                          [CEL_TRACE_LIVE] = RGB(0x7ab8ff),
                          OVERLAY(1) = RGB(0x62b5f0),
                          OVERLAY(2) = RGB(0xf08a3c),
                          OVERLAY(3) = RGB(0x3ecfa5),
                          OVERLAY(4) = RGB(0xe39ac6),
                          OVERLAY(5) = RGB(0xf0e05a),
                          OVERLAY(6) = RGB(0x8fd0f5),
                          OVERLAY(7) = RGB(0xb79aed),
                          OVERLAY(8) = GREY(0.8),
                          OVERLAY(9) = RGB(0xd0a585),
                          OVERLAY(10) = RGB(0xb5d36a)},
                .line_scale = 1.0,
            },
        [CEL_PALETTE_DAY] =
            {
                .paper = GREY(1.0),
                .legend = {1.0, 1.0, 1.0, 0.95},
                .axis = GREY(0.0),
                .text = GREY(0.0),
                .grid = GREY(0.8),
                .mark = GREY(0.0),
                .bar = GREY(0.2),
                .chosen = RGB(0x0000a0),
                .selected = RGBA(0x0000a0, 0.18),
                .masked = GREY(0.45),
                .saturated = RGB(0xa03000),
                .cursor = GREY(0.0),
                .roles = {[CEL_TRACE_SAMPLE] = GREY(0.0),
                          [CEL_TRACE_REFERENCE] = GREY(0.35),
                          [CEL_TRACE_RESIDUAL] = RGB(0x4a1a80),
                          [CEL_TRACE_BASELINE] = RGB(0x703c00),
                          [CEL_TRACE_RAW] = GREY(0.4),
                          [CEL_TRACE_LIVE] = GREY(0.0),
                          ON_WHITE_OVERLAYS},
                .line_scale = 1.5,
            },
};

#define OVERLAY_STYLE(k) OVERLAY(k) = {.width = 1.4, .symbol = (k)}

static const CelRoleStyle styles[CEL_N_TRACE_ROLES] = {
    [CEL_TRACE_OWN] = {.width = 1.0},
    [CEL_TRACE_SAMPLE] = {.width = 1.5},
    [CEL_TRACE_REFERENCE] = {.width = 1.2, .dashed = TRUE, .fill_below = TRUE},
    [CEL_TRACE_RESIDUAL] = {.width = 1.3},
    [CEL_TRACE_BASELINE] = {.width = 1.4, .dashed = TRUE},
    [CEL_TRACE_RAW] = {.width = 1.0},
    [CEL_TRACE_LIVE] = {.width = 1.5},
    OVERLAY_STYLE(1),
    OVERLAY_STYLE(2),
    OVERLAY_STYLE(3),
    OVERLAY_STYLE(4),
    OVERLAY_STYLE(5),
    OVERLAY_STYLE(6),
    OVERLAY_STYLE(7),
    OVERLAY_STYLE(8),
    OVERLAY_STYLE(9),
    OVERLAY_STYLE(10),
};

const CelDrawPalette *cel_draw_palette(CelPaletteId id)
{
    g_return_val_if_fail(id < CEL_N_PALETTES, &palettes[CEL_PALETTE_PRINT]);
    return &palettes[id];
}

const CelRoleStyle *cel_draw_role_style(CelTraceRole role)
{
    g_return_val_if_fail(role < CEL_N_TRACE_ROLES, &styles[CEL_TRACE_OWN]);
    return &styles[role];
}
