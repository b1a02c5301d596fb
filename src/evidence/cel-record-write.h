/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-place.h"
#include "evidence/cel-record.h"
#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/** cel_record_simulated: Returns: TRUE when anything in @request is simulated. */
gboolean cel_record_simulated(const CelSealRequest *request);

/** CelRecordFrame: what is the same for whatever is sealed; all borrowed. */
typedef struct {
    CelKey *key;
    const char *fid, *manifest; /* of the file; the manifest's text */
    const CelSealPlace *place;  /* (nullable): no ledger had a part */
} CelRecordFrame;

/** cel_record_seal: Returns: (transfer full): the canonical text of the record of act "seal", or
 * NULL with CEL_ERROR_INPUT or CEL_ERROR_SYSTEM. */
char *cel_record_seal(const CelSealRequest *request, const CelRecordFrame *frame, GError **error);

/** cel_record_object: likewise for a thing that is no measurement. */
char *cel_record_object(const CelSealObject *object, const CelRecordFrame *frame, GError **error);

G_END_DECLS
