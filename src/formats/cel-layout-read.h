/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-layout.h"

G_BEGIN_DECLS

/**
 * cel_layout_read:
 * @decode: of the format
 * The whole work of a reader of a binary format: the spectrum that is asked for, the titles of all
 * of them, kind, axis, intensities and what the file says of instrument and settings.
 * Returns: FALSE with CEL_ERROR_INPUT naming the byte and why, or as cel_read_choose(),
 *   cel_read_set_kind() and cel_read_finish() do.
 */
gboolean cel_layout_read(const CelReadInput *in, CelLayoutOpen decode, CelReadOut *out,
                         GError **error);

/** cel_refusal_text: Returns: (transfer none): the sentence for @code, translated. Thread-safe:
 * yes. */
const char *cel_refusal_text(CelRefusalCode code);

G_END_DECLS
