/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-head-private.h"

/* Apart from reading: programs that only check hold no keys. */
GBytes *cel_head_file_countersign(const CelHeadFile *head, CelKey *key, gint64 wall_us,
                                  GError **error)
{
    const CelCertificate by = {.person = (char *)(gsize)cel_key_person(key),
                               .lab = (char *)(gsize)cel_key_lab(key),
                               .role = cel_key_role(key)};
    if (!cel_head_file_may_countersign(head, &by, error))
        return NULL;
    g_autoptr(JsonObject) body = cel_head_file_countersign_body(head, wall_us);
    return cel_statement_sign(body, "countersignature", key, error);
}
