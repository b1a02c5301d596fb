/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The light markup of the help pages: one block a paragraph, an empty line between two of them.
 *
 *   # Title of the page          first line
 *   ## Heading
 *   - item                       1. step
 *   > a note that must be seen
 *   ![what the picture shows](file.svg)
 *   **strong**  `key or file`  [words](page)     within a text
 */

typedef enum {
    CEL_HELP_TITLE,
    CEL_HELP_HEADING,
    CEL_HELP_PARAGRAPH,
    CEL_HELP_ITEM,
    CEL_HELP_STEP, /* @number counts from 1 within its list */
    CEL_HELP_NOTE,
    CEL_HELP_PICTURE, /* @file; @plain says what it shows */
} CelHelpKind;

/** CelHelpBlock: texts owned. */
typedef struct {
    CelHelpKind kind;
    guint number;
    char *markup; /* Pango's, links as <a href="PAGE"> */
    char *plain;  /* the same without any markup */
    char *file;   /* (nullable) */
} CelHelpBlock;

/** cel_help_text_parse: @text: UTF-8; what is no markup is text. Returns: (transfer full)
 * (element-type CelHelpBlock). Thread-safe: yes. */
GPtrArray *cel_help_text_parse(const char *text);

/** cel_help_text_matches: Returns: whether every word of @query stands in @text, whatever its case;
 * an empty query matches. Thread-safe: yes. */
gboolean cel_help_text_matches(const char *text, const char *query);

G_END_DECLS
