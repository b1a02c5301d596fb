/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

/** made_substance: Returns: a substance of @class_id that may be named, with no texts but its id.
 */
static inline CelSubstance made_substance(const char *id, const char *class_id)
{
    static const char *const none[] = {NULL};
    return (CelSubstance){.id = id,
                          .name_en = id,
                          .name_zh = "",
                          .cas = "",
                          .class_id = class_id,
                          .field = "",
                          .legal_note = "",
                          .legal_certainty = "",
                          .raman_caveat_en = "",
                          .raman_caveat_zh = "",
                          .group_id = "",
                          .ceiling = "substance",
                          .usable = "yes",
                          .lookalikes = none,
                          .library = ""};
}
