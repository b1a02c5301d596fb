/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-coarse.h"

G_BEGIN_DECLS

/*
 * Matrices of float32 in numpy's own file format (NEP 1; versions 1.0 and 2.0): what a collection
 * or an archive of processed spectra is handed over in when it is too large for a library file.
 */

/** CelNpyShape: what the head of such a file says. */
typedef struct {
    gsize offset; /* bytes before the values */
    gsize n_rows, n_cols;
} CelNpyShape;

/**
 * cel_npy_parse:
 * @head: the first bytes of a file, all of it or at least 4 KiB; @n: how many
 * @file_size: of the whole file, bytes
 * Understands little-endian float32 in rows ("<f4", C order), two dimensions.
 * Returns: FALSE with CEL_ERROR_INPUT: another kind of file or of numbers, or a size that does not
 *   fit the shape. Thread-safe: yes.
 */
gboolean cel_npy_parse(const guint8 *head, gsize n, guint64 file_size, CelNpyShape *out_shape,
                       GError **error);

/** CelNpy: such a file, mapped; it may be larger than memory. */
typedef struct CelNpy CelNpy;

/**
 * cel_npy_open:
 * @path: a regular file that nobody shortens while it is open
 * Returns: (transfer full): or NULL with CEL_ERROR_INPUT (see cel_npy_parse(); columns that do not
 *   come in multiples of CEL_SCAN_LANES; values that are not aligned) or _SYSTEM.
 */
CelNpy *cel_npy_open(const char *path, GError **error);

/** cel_npy_rows: Returns: (transfer none): the matrix; not checked for being finite. */
const CelRows *cel_npy_rows(const CelNpy *npy);

/** cel_npy_free: @npy: (nullable) */
void cel_npy_free(CelNpy *npy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelNpy, cel_npy_free)

/**
 * cel_rows_are_usable:
 * Returns: TRUE when all values of rows @from..@to (exclusive) are finite and below 1e15, as
 *   cel_scan_new() asks.
 */
gboolean cel_rows_are_usable(const CelRows *rows, gsize from, gsize to);

G_END_DECLS
