/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"
#include "match/cel-search.h"

G_BEGIN_DECLS

/*
 * Several substances under one spectrum: which few references of a library explain it together.
 * What comes out is a fit of spectra, never a content: a weight says how much of the drawn curve
 * a reference explains, and strong and weak scatterers differ by factors of a thousand.
 */

/** CelMixtureKind: what a component stands for. */
typedef enum {
    CEL_COMPONENT_SUBSTANCE,
    CEL_COMPONENT_PACKAGING, /* a library substance that packaging is made of: named as such */
    CEL_COMPONENT_BLANK,     /* a recorded blank of the packaging: explains, has no name */
} CelMixtureKind;

/** CelMixturePart: one component of the fit. */
typedef struct {
    CelMixtureKind kind;
    const CelSubstance *substance; /* (nullable): borrowed; NULL: a recorded blank */
    const CelReference *reference; /* (nullable): NULL: a recorded blank */
    guint entry;                   /* of the search; of a blank its number in the sample's list */
    double height;                 /* of its strongest band, 0..1 of the sample's */
    double spectral_weight;        /* 0..1, the parts' areas as drawn; they add up to 1 */
    double spectral_weight_se;     /* its standard error, from the noise of the fit */
    double shift_cm1;              /* added to the sample's axis */
    double score;                  /* 0..1: of its reference with what the packaging leaves; 0: the
                                      part was not compared again */
    guint unshared;                /* bands it shows that no other part of the fit has there */
} CelMixturePart;

/** CelResidualHit: what resembles the part of the spectrum that the fit leaves. A lead at most. */
typedef struct {
    const CelSubstance *substance; /* borrowed */
    const CelReference *reference;
    guint entry;  /* of the search */
    double score; /* 0..1: cosine of the residual's slope with the reference's */
} CelResidualHit;

/** CelMixture: the fit; in the expert annex and in JSON only. */
typedef struct {
    GArray *parts;          /* CelMixturePart, heaviest first */
    double residual;        /* 0..1: part of the spectrum's variance that no component explains */
    double noise;           /* 0..1: part of it that the measurement's noise alone would leave */
    double shift_cm1;       /* common to all parts, added to the sample's axis */
    double unexplained_cm1; /* strongest band that no part explains; 0: none stands out */
    double unexplained;     /* its height, 0..1 of the sample's strongest */
    double first_cm1;       /* of @curve */
    GArray *curve;          /* float, 2 cm-1 apart: the residual, of the sample's strongest band */
    GArray *residual_hits;  /* CelResidualHit, best first */
} CelMixture;

/** cel_mixture_copy: @mixture: (nullable). Returns: (transfer full) (nullable): with shared arrays.
 */
CelMixture *cel_mixture_copy(const CelMixture *mixture);

/** cel_mixture_free: @mixture: (nullable) */
void cel_mixture_free(CelMixture *mixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelMixture, cel_mixture_free)

/** CelEntryName: what an entry of the search stands for. */
typedef struct {
    const CelSubstance *substance;
    const CelReference *reference; /* (nullable): a band table */
} CelEntryName;

/** CelUnmixInput: borrowed. */
typedef struct {
    const CelView *sample;
    const CelView *raw; /* (nullable): as cel_frame_new() wants it */
    const CelSearch *search;
    const guint8 *is_usable;      /* one an entry of the search: a measured reference */
    const GArray *ranked;         /* CelCandidate, what cel_search_run() found for @sample */
    const CelView *const *blanks; /* recorded blanks, in the state of the sample */
    const guint *only; /* (nullable): these @n_only entries and no others are candidates */
    gsize n_only;
    gsize n_blanks;    /* at most CEL_UNMIX_MAX_BLANKS; more are not looked at */
    double axis_u_cm1; /* of the sample; 0: 1 cm-1 */
    CelEntryName (*name)(guint entry, gpointer user_data);
    /* TRUE when two entries stand for one substance or for look-alikes: one of them is enough;
     * cel_mixture_fit() knows, cel_unmix() must be told */
    gboolean (*is_same)(const CelEntryName *a, const CelEntryName *b);
    gpointer user_data;
} CelUnmixInput;

enum { CEL_UNMIX_MAX_BLANKS = 4, CEL_UNMIX_MAX_PARTS = 10 };

/**
 * cel_unmix:
 * Fits references, blanks and a smooth background together, all weights >= 0, with one shift of the
 * sample's axis and a small one of each reference. Candidates are the best of the search and those
 * that resemble what the fit of them leaves. A component stays only while the fit without it is
 * worse by more than chance among so many references allows (extended BIC; Chen, Chen 2008,
 * Biometrika 95, 759), counted with the noise measured or with what the fit leaves, whichever is
 * larger. Blanks explain as much as they can and are never dropped while they explain anything.
 * Returns: (transfer full) (nullable): NULL when the references share too little range with the
 *   sample. Thread-safe: yes.
 */
CelMixture *cel_unmix(const CelUnmixInput *input);

G_END_DECLS
