/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-work.h"

G_BEGIN_DECLS

/* What identifying and sealing one exhibit share; nobody else includes it. */

struct CelWork {
    const CelBench *bench;
    GPtrArray *measurements; /* CelMeasurement */
    GPtrArray *failures;     /* texts: why a planned replicate gave no measurement */
    GPtrArray *blanks;       /* CelMeasurement */
    GPtrArray *blank_kinds;  /* static texts, one a blank */
    gboolean through;        /* the blanks of packaging may explain part of every replicate */
    GPtrArray *singles;      /* CelIdentification, NULL where not evaluated */
    GPtrArray *problems;     /* texts, NULL where evaluated */
    gint references; /* atomic */
    CelIdentification *answer;
    GPtrArray *deviations; /* const CelDeviation * */
};

G_END_DECLS
