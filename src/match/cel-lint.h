/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "match/cel-library.h"

G_BEGIN_DECLS

/* What is wrong with a library: every entry is looked at alone and against every other. */

typedef enum {
    CEL_LINT_DUPLICATE_NAMES, /* one spectrum under two substances */
    CEL_LINT_DUPLICATE,       /* one spectrum twice under one substance */
    CEL_LINT_MISLABELLED,     /* nearer to another substance than to its own, by far */
    CEL_LINT_NEARER_OTHER,    /* nearer to another substance than to its own */
    CEL_LINT_LOOK_ALIKE,      /* two substances that the comparison cannot tell apart */
    CEL_LINT_AXIS_GAP,
    CEL_LINT_SHORT,    /* the spectrum stops short */
    CEL_LINT_COARSE,   /* too few samples a wavenumber */
    CEL_LINT_LOW_SNR,  /* weak against the noise */
    CEL_LINT_SPIKES,   /* single samples that no band explains */
    CEL_LINT_CLIPPED,  /* the strongest samples are all equal */
    CEL_LINT_NEGATIVE, /* a deep negative part: the background was taken off too far */
    CEL_LINT_UNUSABLE, /* nothing that can be compared */
    CEL_LINT_NO_LICENCE,
    CEL_LINT_NO_SOURCE,
    CEL_LINT_NO_LASER,
    CEL_LINT_GRADE_UNPROVEN, /* grade A without the facts that make it one */
    CEL_LINT_GRADE_LEAD,     /* the best reference of a substance gives a lead at most */
    CEL_LINT_RECALLED_ONLY,  /* bands from memory alone: can never be found */
    CEL_LINT_NO_DATA,
    CEL_N_LINTS,
} CelLintKind;

typedef enum { CEL_LINT_ERROR, CEL_LINT_WARNING, CEL_LINT_NOTE, CEL_N_SEVERITIES } CelLintSeverity;

/** CelLintDef: one kind; the table in cel-lint.c is the only list. */
typedef struct {
    const char *id; /* in JSON; never renamed */
    CelLintSeverity severity;
    const char *title_en, *title_zh;
    const char *advice_en, *advice_zh;
} CelLintDef;

/** cel_lint_def: Returns: (transfer none): the row of @kind. */
const CelLintDef *cel_lint_def(CelLintKind kind);
/** cel_lint_severity_name: Returns: "error", "warning" or "note". */
const char *cel_lint_severity_name(CelLintSeverity severity);
/** cel_lint_severity_label: Returns: the word people read. */
const char *cel_lint_severity_label(CelLintSeverity severity, gboolean chinese);

enum { CEL_LINT_MAX_NUMBERS = 6 };

/** CelLintNumber: what was measured; @key names it with its unit. */
typedef struct {
    const char *key; /* static; NULL: no more */
    double value;
} CelLintNumber;

/** CelLintFinding: borrows from the library. */
typedef struct {
    char id[48]; /* kind and eight hex digits: the same in every run over the same entries */
    CelLintKind kind;
    const CelSubstance *substance;
    const CelReference *reference; /* (nullable): the whole substance */
    const CelSubstance *other;     /* (nullable) */
    const CelReference *other_reference;
    CelLintNumber numbers[CEL_LINT_MAX_NUMBERS];
} CelLintFinding;

/** CelLintSpread: how alike the pairs of one kind are: similarity as in cel_lint_similarity(). */
typedef struct {
    guint64 n;
    guint64 counts[1001]; /* pairs at k / 1000 and above, below (k + 1) / 1000 */
} CelLintSpread;

/** cel_lint_quantile: Returns: the similarity below which part @p of the pairs lies; 0 without
 * any. */
double cel_lint_quantile(const CelLintSpread *spread, double p);
/** cel_lint_share_above: Returns: which part of the pairs is at @similarity or above. */
double cel_lint_share_above(const CelLintSpread *spread, double similarity);

typedef struct {
    const CelLibrary *library;
    GPtrArray *findings; /* CelLintFinding, by severity, then in order of entries */
    gsize counts[CEL_N_LINTS];
    gsize severities[CEL_N_SEVERITIES];
    gsize n_references;
    CelLintSpread within;  /* two references of one substance, copies left out */
    CelLintSpread between; /* of two substances that are not known as look-alikes */
} CelLint;

/** cel_lint_free: @lint: (nullable) */
void cel_lint_free(CelLint *lint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLint, cel_lint_free)

/**
 * cel_lint_run:
 * @library: must outlive the result
 * @threads: 0, 1: the caller's own; the result does not depend on it
 * Work grows with the square of the number of references (2,359: seconds).
 * Returns: (transfer full): or NULL with CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
CelLint *cel_lint_run(const CelLibrary *library, guint threads, CelJob *job, GError **error);

/** cel_lint_finding_json: Returns: (transfer full): one finding as a line of JSON. */
char *cel_lint_finding_json(const CelLintFinding *finding);
/** cel_lint_summary_json: Returns: (transfer full): {"summary": ...}, a line of JSON: counts by
 * severity and kind, and the spread of similarity within and between substances. */
char *cel_lint_summary_json(const CelLint *lint);
/** cel_lint_finding_text: Returns: (transfer full): one line for people, without the advice. */
char *cel_lint_finding_text(const CelLintFinding *finding, gboolean chinese);

G_END_DECLS
