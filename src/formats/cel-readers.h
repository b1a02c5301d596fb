/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* The readers, one a file; cel-readers.c puts them into THE table. */
extern const CelReader cel_reader_bwtek, cel_reader_celadon, cel_reader_cha, cel_reader_enlighten,
    cel_reader_jcamp, cel_reader_jcamp_other, cel_reader_labspec, cel_reader_neegala,
    cel_reader_nexus, cel_reader_ocean, cel_reader_openspecy, cel_reader_opus, cel_reader_rruff,
    cel_reader_spa, cel_reader_spc, cel_reader_spc_other, cel_reader_spe, cel_reader_text,
    cel_reader_wdf, cel_reader_wire, cel_reader_witec;

/** cel_head_has: does @needle (ASCII) stand in the first @n bytes @head? */
gboolean cel_head_has(const guint8 *head, gsize n, const char *needle);

/** cel_head_starts: does @head begin with @prefix, after a UTF-8 byte order mark if there is one?
 */
gboolean cel_head_starts(const guint8 *head, gsize n, const char *prefix);

/** cel_reader_names_simulated: Returns: TRUE when @name, of a driver or model, is of a simulated
 * instrument. Thread-safe: yes. */
gboolean cel_reader_names_simulated(const char *name);

G_END_DECLS
