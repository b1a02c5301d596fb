/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"

G_BEGIN_DECLS

/* Keys that never leave a token or card: PKCS#11 through p11-kit, which knows the modules that are
 * installed on this machine; a key file cannot name a module of its own. Ed25519 is proven with
 * SoftHSM2. SM2 has no common PKCS#11 mechanism: it is offered only where a token reports the one
 * in cel-token.c, and a key is used only after a signature of it was verified here. */

/** CelTokenInfo: one token that is plugged in. */
typedef struct {
    char *label, *maker, *model, *serial;
    char *uri; /* RFC 7512, of the token */
    gboolean offers[CEL_N_SIGNERS];
} CelTokenInfo;

/** cel_token_list: Returns: (transfer full) (element-type CelTokenInfo): perhaps empty; NULL with
 * CEL_ERROR_SYSTEM. Asks for no PIN. */
GPtrArray *cel_token_list(GError **error);

/** CelTokenOrder: a key that shall be made on a token; borrowed. */
typedef struct {
    const char *uri;   /* of the token, as cel_token_list() gives it */
    const char *pin;   /* the user's */
    const char *label; /* of the key on the token, 1..64 printable ASCII; must be new there */
    const char *person;
    gboolean training;
} CelTokenOrder;

/**
 * cel_token_generate:
 * Makes an Ed25519 pair on the token, not extractable, and a self-signed certificate for it.
 * Returns: (transfer full): the key, to be saved with cel_key_save() (which stores its place, no
 *   secret); NULL with CEL_ERROR_USAGE (name, label, URI), CEL_ERROR_POLICY (PIN wrong or locked,
 *   the token does not offer Ed25519, label taken) or CEL_ERROR_DEVICE (no such token, it fails).
 */
CelKey *cel_token_generate(const CelTokenOrder *order, GError **error);

G_END_DECLS
