/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-layout.h"

G_BEGIN_DECLS

/* The decoders of makers' binary files, one a file; see CelLayoutOpen for how they are called. */

/** cel_decode_wdf: Renishaw WiRE (WDF1); read-wdf.c tells the layout. */
CelRefusal cel_decode_wdf(CelBytes file, guint64 index, CelLayout *out);

/** cel_decode_opus: Bruker OPUS; read-opus.c tells the layout. */
CelRefusal cel_decode_opus(CelBytes file, guint64 index, CelLayout *out);

/** cel_decode_spa: Thermo OMNIC (SPA, SPG); read-spa.c tells the layout. */
CelRefusal cel_decode_spa(CelBytes file, guint64 index, CelLayout *out);

/** cel_decode_spe: Princeton Instruments SPE 2 and 3; read-spe.c tells the layout. */
CelRefusal cel_decode_spe(CelBytes file, guint64 index, CelLayout *out);

G_END_DECLS
