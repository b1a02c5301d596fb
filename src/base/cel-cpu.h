/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_cpu_path:
 * The processor's kind as far as it decides which of several forms of a numeric function is taken:
 * glibc's libm and FFTW choose by AVX-512, by AVX2 with FMA, and by AVX when a program starts, and
 * their last digits differ.
 * Returns: (transfer none): "x86-64 avx512", "x86-64 avx2 fma", "x86-64 avx", "x86-64", with
 *   " tuned" behind it when GLIBC_TUNABLES takes abilities away; "other" elsewhere.
 *   Thread-safe: yes.
 */
const char *cel_cpu_path(void);

G_END_DECLS
