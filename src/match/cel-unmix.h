/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

G_BEGIN_DECLS

/*
 * Several substances under one spectrum: which few references of a library explain it together.
 * What comes out is a fit of spectra, never a content: a weight says how much of the drawn curve
 * a reference explains, and strong and weak scatterers differ by factors of a thousand.
 */

/** CelMixtureKind: what a component stands for. */
typedef enum {
    CEL_COMPONENT_SUBSTANCE,
    CEL_COMPONENT_PACKAGING, /* a library substance marked as packaging: explains, is named as such */
    CEL_COMPONENT_BLANK,     /* a recorded blank of the packaging: explains, has no name */
} CelMixtureKind;

/** CelMixturePart: one component of the fit. */
typedef struct {
    CelMixtureKind kind;
    const CelSubstance *substance; /* (nullable): borrowed; NULL: a recorded blank */
    const CelReference *reference; /* (nullable): NULL: a recorded blank */
    guint entry;                   /* of the search; of a blank its number in the sample's list */
    double spectral_weight;        /* 0..1, the parts' areas as drawn; they add up to 1 */
    double spectral_weight_se;     /* its standard error, from the noise of the fit */
    double shift_cm1;              /* added to the sample's axis */
    guint unshared;                /* bands it shows that no other part of the fit has there */
} CelMixturePart;

/** CelResidualHit: what resembles the part of the spectrum that the fit leaves. A lead at most. */
typedef struct {
    const CelSubstance *substance; /* borrowed */
    const CelReference *reference;
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

/** cel_mixture_free: @mixture: (nullable) */
void cel_mixture_free(CelMixture *mixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelMixture, cel_mixture_free)

G_END_DECLS
