/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-writer.h"

G_BEGIN_DECLS

/* The writers, one a file; cel-writers.c puts them into THE table. */
extern const CelWriter cel_writer_csv, cel_writer_jcamp, cel_writer_nxraman, cel_writer_spc;

/** cel_write_common_losses: Returns: those of CEL_LOSS_FRAMES, _VARIANCE and _MASK that apply to
 * @in; a format that keeps one of them takes its bit out. */
guint cel_write_common_losses(const CelWriteInput *in);

/** cel_write_is_marked: does any sample of @spectrum carry a mask bit? */
gboolean cel_write_is_marked(const CelSpectrum *spectrum);

/** CelEven: whether positions need not be stored one by one. */
typedef enum {
    CEL_UNEVEN,
    CEL_EVEN_RISING,  /* from the first position up */
    CEL_EVEN_FALLING, /* only when counted from the last one down, as the file it came from did */
} CelEven;

/** cel_write_evenness: are the positions of @spectrum, bit for bit, start + step * index with
 * step = (end - start) / (points - 1)? */
CelEven cel_write_evenness(const CelSpectrum *spectrum);

G_END_DECLS
