/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kernels that work on several numbers at a time. One is written once, in vectors V of W doubles,
 * and compiled for what every processor of the architecture has (W 2), for AVX2 (W 4) and for
 * AVX-512 (W 8): see cel-lanes-forms.h. Which form runs is chosen when it is called. All forms give
 * the same bits: every operation acts on one lane, products and sums are not contracted (the build
 * says so), and sums over an array are always kept in eight parts that are added up in the same
 * order. */

/** CEL_LANES: the parts of a sum: the largest W. */
enum { CEL_LANES = 8 };

typedef double CelPair __attribute__((vector_size(16), may_alias));
typedef double CelFour __attribute__((vector_size(32), may_alias));
typedef double CelEight __attribute__((vector_size(64), may_alias));
typedef gint64 CelPairBits __attribute__((vector_size(16)));
typedef gint64 CelFourBits __attribute__((vector_size(32)));
typedef gint64 CelEightBits __attribute__((vector_size(64)));

/** CEL_LANES_ALIGNED: for arrays of CEL_LANES doubles in structs. */
#define CEL_LANES_ALIGNED __attribute__((aligned(64)))

/* Vectors are handed on by address: by value their calling convention would depend on the form. */
#define CEL_LANES_INLINE static inline __attribute__((always_inline))

/** CelLanesForm: the forms, the plain one first. */
typedef enum {
    CEL_LANES_PLAIN,
    CEL_LANES_AVX2,
    CEL_LANES_AVX512,
} CelLanesForm;

/**
 * cel_lanes_form:
 * Returns: the best form that this processor can run, but none above the one that the environment
 *   variable CELADON_LANES ("plain", "avx2") allowed when it was asked first: for tests and for a
 *   processor that is not trusted; no result depends on it. Thread-safe: yes.
 */
CelLanesForm cel_lanes_form(void);

/** cel_lanes_width: Returns: the W of cel_lanes_form(): 2, 4 or 8. */
static inline gsize cel_lanes_width(void)
{
    return (gsize)2 << cel_lanes_form();
}

/** cel_lanes_padded: Returns: @n rounded up to a multiple of CEL_LANES. */
static inline gsize cel_lanes_padded(gsize n)
{
    return (n + CEL_LANES - 1) / CEL_LANES * CEL_LANES;
}

/**
 * cel_lanes_pitch:
 * Returns: how many doubles apart arrays of @n should begin in one block of cel_lanes_new(): at
 *   least @n, and such that ten of them that are read side by side stand in different sets of the
 *   cache, which arrays a power of two apart would not.
 */
static inline gsize cel_lanes_pitch(gsize n)
{
    enum { PAGE = 512, SKEW = 48 }; /* doubles in 4096 bytes; a tenth of that */
    return (n + PAGE - 1) / PAGE * PAGE + SKEW;
}

/**
 * cel_lanes_new:
 * Returns: (transfer full): cel_lanes_padded(n) doubles of 0, aligned for every V;
 *   cel_lanes_free().
 */
static inline double *cel_lanes_new(gsize n)
{
    return g_aligned_alloc0(cel_lanes_padded(n), sizeof(double), sizeof(CelEight));
}

/** cel_lanes_free: @memory: (nullable): of cel_lanes_new() */
static inline void cel_lanes_free(double *memory)
{
    g_aligned_free(memory);
}

/** cel_lanes_sum: @parts: CEL_LANES of them. Returns: their sum, always in the same order. */
static inline double cel_lanes_sum(const double *parts)
{
    return ((parts[0] + parts[4]) + (parts[2] + parts[6])) +
           ((parts[1] + parts[5]) + (parts[3] + parts[7]));
}

/* CEL_LANES_DISPATCH: defines the function @name of one argument, which calls the best of its
 * forms. */
#if defined(__x86_64__)
#define CEL_LANES_DISPATCH(name, type)                                                             \
    static void name(type argument)                                                                \
    {                                                                                              \
        static void (*const forms[])(type) = {name##_plain, name##_avx2, name##_avx512};           \
        forms[cel_lanes_form()](argument);                                                         \
    }
#else
#define CEL_LANES_DISPATCH(name, type)                                                             \
    static void name(type argument)                                                                \
    {                                                                                              \
        name##_plain(argument);                                                                    \
    }
#endif

G_END_DECLS
