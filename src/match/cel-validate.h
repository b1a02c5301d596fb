/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"

G_BEGIN_DECLS

/* Method validation on known samples: how often the first hit and the claim are right. */

/** CelValidateCase: one known sample; texts borrowed. */
typedef struct {
    const char *file;
    const char *truth_id; /* "": the right answer is that no substance is named */
    const char *family;   /* (nullable): ids, blanks between, that are no gross error */
    const char *group;    /* reported together; one group of independent specimens */
    double laser_nm;      /* 0: not known */
    /* of the record, all (nullable): which physical specimen, instrument model, class of the truth,
     * condition of the material; @class_id NULL: the library's class of the truth */
    const char *specimen, *instrument, *class_id, *condition;
    const char *axis_check; /* (nullable): the instrument's check on that day, see CelSampleState */
    gboolean baseline_removed; /* by the source: the loader says so of the spectrum */
} CelValidateCase;

/** CelValidateLoad: Returns: (transfer full): the sample on a Raman shift axis, or NULL with
 * error. */
typedef CelSpectrum *(*CelValidateLoad)(const CelValidateCase *one, gpointer user_data,
                                        GError **error);

/** CelValidateRecord: what came out for one sample; texts owned. */
typedef struct {
    char *file, *group, *truth_id;
    char *first_id; /* "" without a hit */
    char *ceiling;
    char *problem; /* (nullable): why the sample could not be evaluated */
    CelOutcome outcome;
    guint rank;      /* of the truth among the hits, 0: not listed */
    gboolean family; /* the first hit is the truth or of its family */
    gboolean right;  /* what the outcome names is the truth (or nothing was named and none is) */
    gboolean lead;   /* the outcome carries a lead */
    gboolean lead_right;
    double score, margin, evidence, snr, shift_cm1;
    guint matched;
    double elapsed_ms, laser_nm;
    char *specimen, *instrument, *class_id, *condition, *first_class; /* "" when not known */
} CelValidateRecord;

/** CelValidateGroup: counts of one group. */
typedef struct {
    char *group;
    guint n;                   /* evaluated */
    guint unusable;            /* could not be evaluated */
    guint n_known;             /* of @n: truth in a library */
    guint top1, top5, family1; /* of @n_known */
    guint right[CEL_N_OUTCOMES], wrong[CEL_N_OUTCOMES];
    guint lead_right, lead_wrong;
} CelValidateGroup;

enum { CEL_VALIDATE_BINS = 8 };

/** CelValidateSource: who made records, when and with what; texts borrowed. */
typedef struct {
    const char *who, *when; /* as given; ISO 8601 */
    const char *policy;     /* cel_policy_name() */
    const CelLibrary *const *libraries;
    gsize n_libraries;
} CelValidateSource;

/** CelValidation: all of it. */
typedef struct {
    GPtrArray *records; /* CelValidateRecord */
    GPtrArray *groups;  /* CelValidateGroup, in order of first appearance; the last is "all" */
    struct {
        double from;           /* evidence of the first hit, up to the next bin's */
        guint n, right;        /* first hits that are the truth */
    } bins[CEL_VALIDATE_BINS]; /* reliability table */
} CelValidation;

/**
 * cel_validate:
 * @cases: @n known samples
 * A sample that cannot be read or evaluated is counted as unusable and named in its record; the
 * rest
 * go on. "found" is right when it names the truth; "class-only" and "mixture" are right when the
 * first hit is of the truth's family; the outcomes that name nothing are right when the truth is
 * empty and otherwise stand under wrong as "not named", which is no wrong name.
 * Returns: (transfer full): or NULL with CEL_ERROR_CANCELLED.
 */
CelValidation *cel_validate(const CelMatcher *matcher, const CelValidateCase *cases, gsize n,
                            CelValidateLoad load, gpointer user_data, CelJob *job, GError **error);

/** cel_validation_free: @validation: (nullable) */
void cel_validation_free(CelValidation *validation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelValidation, cel_validation_free)

/**
 * cel_validate_interval:
 * @k of @n; @level: e.g. 0.95
 * Exact two-sided interval for a proportion (Clopper, Pearson 1934, Biometrika 26, 404). 0 of @n
 * gives an upper bound. Returns: 0..1 in both; 0 and 1 for @n 0. Thread-safe: yes.
 */
void cel_validate_interval(guint k, guint n, double level, double *out_low, double *out_high);

/** cel_validation_records: @source: (nullable): without it the records count for no error-rate card
 * (cel-record-card.h). Returns: (transfer full): tab-separated text with a header line; every row
 * stands for itself, so records of several days can be put into one file. */
char *cel_validation_records(const CelValidation *validation, const CelValidateSource *source);

/** cel_validation_report: Returns: (transfer full): a table for people, a line a group. */
char *cel_validation_report(const CelValidation *validation);

/** cel_validation_to_json: Returns: (transfer full): one line. */
char *cel_validation_to_json(const CelValidation *validation);

G_END_DECLS
