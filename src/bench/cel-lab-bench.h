/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-bench.h"

G_BEGIN_DECLS

/** CelLabBench: a bench that asks a lab: its day-book judges the instruments, its validation
 * records stand behind every answer, its roots vouch for libraries. It has a connection of its own
 * to the register, so that it may be asked while others work in the lab. */
typedef struct CelLabBench CelLabBench;

/**
 * cel_lab_bench_open:
 * @folder: (nullable): of the lab; NULL: no lab, then no instrument counts as checked
 * @library_paths: (nullable): NULL-ended, besides the built-in library and those that lie in the
 *   lab's folder "libraries"
 * Returns: (transfer full), or NULL with the errors of cel_lab_open(), cel_records_open() and
 *   cel_bench_open(). Policy: evidence.
 */
CelLabBench *cel_lab_bench_open(const char *folder, const char *const *library_paths, CelJob *job,
                                GError **error);

/** cel_lab_bench_close: @bench: (nullable) */
void cel_lab_bench_close(CelLabBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLabBench, cel_lab_bench_close)

/** cel_lab_bench_get: Returns: (transfer none): thread-safe as CelBench says. */
const CelBench *cel_lab_bench_get(const CelLabBench *bench);

/** cel_lab_bench_records: @folder: of a lab. Returns: (transfer full) (nullable): where its own
 * validation records stand; NULL when it has none. */
char *cel_lab_bench_records(const char *folder);

G_END_DECLS
