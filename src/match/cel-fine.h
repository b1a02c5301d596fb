/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-coarse.h"
#include "match/cel-view.h"

G_BEGIN_DECLS

/*
 * The second pass of a large library: one curve of each entry in one byte a channel, from which a
 * bound of its cosine with a sample follows that is tight to about a hundredth. What it costs is
 * memory that must be read, a quarter of that of the curve itself.
 *
 * Be x = c q + e the entry (c: value of a step, q: its bytes, e: what rounding lost) and
 * s = d p + f the sample in steps of two bytes. Then
 *
 *     <s,x> = c d <p,q> + <f, c q> + <s,e>  <=  c d <p,q> + |f| (|x| + |e|) + |s| |e|,
 *
 * |s| over the range that both have; |x| and |e| of the whole entry, which are at least those of a
 * part. It is not below c d <p,q> by more than the same. The cosine's norms are |s| there and |x|
 * less the channels that the sample lacks or masks; of these the bytes tell at most (|q| + 1/2) c
 * each.
 */
typedef struct CelFine CelFine;

/** cel_fine_new: @views: (array length=n): of the entries; only read during the call. @view: whose
 * curves. Returns: (transfer full): immutable, so thread-safe. */
CelFine *cel_fine_new(const CelView *const *views, gsize n, CelViewId view);

/** Arrays that it is made of besides the views. */
enum { CEL_FINE_PARTS = 2 };

/** cel_fine_part: array @part of CEL_FINE_PARTS, to be stored. Borrowed from @fine. */
CelCoarsePart cel_fine_part(const CelFine *fine, guint part);

/** cel_fine_map: as cel_fine_new(), from what another one of the same views stored; reads neither
 * curves nor codes.
 * @parts: CEL_FINE_PARTS arrays of cel_fine_part(), borrowed for the life of what is returned
 * Returns: (transfer full) (nullable): NULL: they do not fit. */
CelFine *cel_fine_map(const CelView *const *views, gsize n, CelViewId view,
                      const CelCoarsePart *parts);

/** cel_fine_free: @fine: (nullable) */
void cel_fine_free(CelFine *fine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelFine, cel_fine_free)

/** CelFineProbe: a sample; borrows it. */
typedef struct {
    const CelView *sample;
    gint16 *codes; /* of every channel of the sample */
    double step;
    double *lost; /* running sums of squares of what rounding lost */
} CelFineProbe;

/** cel_fine_probe_init: */
void cel_fine_probe_init(const CelFine *fine, const CelView *sample, CelFineProbe *out);

/** cel_fine_probe_clear: */
void cel_fine_probe_clear(CelFineProbe *probe);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelFineProbe, cel_fine_probe_clear)

/** CelFineLeast: what is known of an entry from below. */
typedef struct {
    double cosine; /* -1: nothing is known, or it is not above 0 */
    double inside; /* part of the entry's energy that lies where the sample has data, 0..1 */
} CelFineLeast;

/**
 * cel_fine_bound:
 * @out_least: (out) (nullable): the cosine and its like from below
 * Returns: an upper bound of the cosine of the curves of entry @entry and the sample as they lie;
 *   INFINITY when the entry reaches far beyond the sample, or when what the sample lacks or masks
 *   leaves nothing of it to compare. Thread-safe: yes.
 */
double cel_fine_bound(const CelFine *fine, const CelFineProbe *probe, gsize entry,
                      CelFineLeast *out_least);

/** cel_fine_expect: has the processor read what cel_fine_fetch() needs of @entry, which would wait
 * for it. */
void cel_fine_expect(const CelFine *fine, gsize entry);

/** cel_fine_fetch: has the processor read what cel_fine_bound() needs of @entry. */
void cel_fine_fetch(const CelFine *fine, gsize entry);

G_END_DECLS
