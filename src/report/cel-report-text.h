/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelReportWord: the words of the page. */
typedef enum {
    CEL_WORD_TITLE,
    CEL_WORD_TRAINING,
    CEL_WORD_CASE,
    CEL_WORD_EXHIBIT,
    CEL_WORD_OPERATOR,
    CEL_WORD_TIME,
    CEL_WORD_INSTRUMENT,
    CEL_WORD_LASER,
    CEL_WORD_ACQUISITION,
    CEL_WORD_METHOD,
    CEL_WORD_LIBRARY,
    CEL_WORD_REPLICATES,
    CEL_WORD_SECTION_SPECTRUM,
    CEL_WORD_SECTION_RESULT,
    CEL_WORD_SECTION_REASONS,
    CEL_WORD_SECTION_DEVIATIONS,
    CEL_WORD_SECTION_LIMITS,
    CEL_WORD_SECTION_INTEGRITY,
    CEL_WORD_SAMPLE,
    CEL_WORD_REFERENCE,
    CEL_WORD_AXIS_SHIFT,
    CEL_WORD_AXIS_INTENSITY,
    CEL_WORD_MATCHED,
    CEL_WORD_MISSING,
    CEL_WORD_EXTRA,
    CEL_WORD_SCOPE,
    CEL_WORD_ENDING,
    CEL_WORD_PAGE,
    CEL_WORD_END,
    CEL_WORD_NONE,
    CEL_WORD_NOT_STATED,
    CEL_WORD_SIGNATURES,
    CEL_WORD_NOT_VALIDATED,
    CEL_WORD_PROVEN,
    CEL_WORD_NOT_PROVEN,
    CEL_N_WORDS,
} CelReportWord;

/** cel_report_word: @chinese: else English. Returns: the words; "%" in none of them. */
const char *cel_report_word(CelReportWord word, gboolean chinese);

G_END_DECLS
