/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-head-file.h"
#include "evidence/cel-verdict.h"

G_BEGIN_DECLS

/** CelHeadQuestion: what stands beside a head file; all borrowed, all may be absent. */
typedef struct {
    const CelHeadFile *head; /* needed */
    GBytes *file;            /* the head file's bytes, which a time stamp is over */
    const CelTrust *lab;     /* roots of the lab */
    GBytes *countersign;     /* untrusted */
    const CelTrust *witness; /* roots of the lab whose machine countersigned */
    GBytes *token;           /* RFC 3161, untrusted */
    GBytes *tsa_roots;       /* PEM */
} CelHeadQuestion;

/** cel_head_verdict: Returns: (transfer full) (element-type CelVerdictLine): the lines "head" (who
 * signed it), "countersignature" and "time"; never one tick. */
GPtrArray *cel_head_verdict(const CelHeadQuestion *question);

G_END_DECLS
