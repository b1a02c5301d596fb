/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_ARCHIVE_PAGE (cel_archive_page_get_type())
/** CelArchivePage: the sealed files of the lab, and any other that is opened or dropped: verified,
 * replayed, made into papers; case bundles out and in. Opened with a path, a file's id, or
 * "export:CASE". */
G_DECLARE_FINAL_TYPE(CelArchivePage, cel_archive_page, CEL, ARCHIVE_PAGE, CelPage)

/** CelDropKind: what was dropped, by names alone. */
typedef enum {
    CEL_DROP_SEALED, /* one sealed file */
    CEL_DROP_BUNDLE, /* a folder or a zip file */
    CEL_DROP_MANY,   /* several files: not here */
    CEL_DROP_OTHER,  /* something else */
    CEL_DROP_NOTHING,
} CelDropKind;

/** cel_archive_drop_kind: @paths: (element-type filename). Returns: which of them. */
CelDropKind cel_archive_drop_kind(const GPtrArray *paths);

/** cel_archive_page_drop: as if these files had been dropped. */
void cel_archive_page_drop(CelArchivePage *page, GPtrArray *paths);

G_END_DECLS
