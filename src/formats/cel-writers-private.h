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

/** cel_write_is_even: are the positions of @spectrum, bit for bit, first + step * index with step =
 * (last - first) / (points - 1)? */
gboolean cel_write_is_even(const CelSpectrum *spectrum);

G_END_DECLS
