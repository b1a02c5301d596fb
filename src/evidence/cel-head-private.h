/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-head-file.h"

G_BEGIN_DECLS

/** cel_head_file_may_countersign: Returns: FALSE with CEL_ERROR_POLICY unless @by is another
 * machine than the one that signed @head. */
gboolean cel_head_file_may_countersign(const CelHeadFile *head, const CelCertificate *by,
                                       GError **error);

/** cel_head_file_countersign_body: Returns: (transfer full): what a countersignature at @wall_us
 * says. */
JsonObject *cel_head_file_countersign_body(const CelHeadFile *head, gint64 wall_us);

G_END_DECLS
