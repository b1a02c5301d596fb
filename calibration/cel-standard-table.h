/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-standard.h"

/* What compile-standards.py makes of standards/: all of them, in order of kind and id. */
extern const CelStandard *const cel_standard_table[];
extern const gsize cel_standard_table_n;
