/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* The readers, one a file; cel-readers.c puts them into THE table. */
extern const CelReader cel_reader_text;

G_END_DECLS
