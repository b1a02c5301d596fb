/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Time stamps of a third party, RFC 3161. Nothing here uses a network: the request is a file that
 * somebody takes to the authority, the reply is a file that comes back, and a token is verified
 * offline against root certificates of authorities that are at hand. A token proves that the data
 * existed not later than its time, no more. */

enum { CEL_TIMESTAMP_MAX_BYTES = 64 * 1024, CEL_TIMESTAMP_MAX_ROOTS = 64 };

/** cel_timestamp_request: Returns: (transfer full): DER of a TimeStampReq over the SHA-256 of
 * @data, with a random nonce, that asks for the authority's certificate in the token; NULL with
 * CEL_ERROR_SYSTEM. */
GBytes *cel_timestamp_request(GBytes *data, GError **error);

/**
 * cel_timestamp_accept:
 * @reply: DER of a TimeStampResp, untrusted
 * @request: what cel_timestamp_request() gave
 * Returns: (transfer full): DER of the token, or NULL with CEL_ERROR_INPUT (not a reply, the
 *   authority refused, it answers another request). Who signed it is not judged here.
 */
GBytes *cel_timestamp_accept(GBytes *reply, GBytes *request, GError **error);

typedef enum {
    CEL_TIMESTAMP_PROVEN,            /* signed by an authority under one of the roots */
    CEL_TIMESTAMP_UNKNOWN_AUTHORITY, /* the signature holds; whose it is, is not known here */
    CEL_TIMESTAMP_OTHER_DATA,        /* a token, but over something else */
    CEL_TIMESTAMP_BROKEN,            /* no token, or its signature does not hold */
} CelTimestampState;

/** CelTimestamp: what a token says. */
typedef struct {
    gint64 time_us;     /* UTC since 1970 */
    gint64 accuracy_us; /* as stated; 0: not stated */
    char *authority;    /* subject of its certificate, one line */
    char *policy;       /* OID */
    char *serial;       /* hex digits */
} CelTimestamp;

/** cel_timestamp_clear: frees the texts of @timestamp. */
void cel_timestamp_clear(CelTimestamp *timestamp);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelTimestamp, cel_timestamp_clear)

/**
 * cel_timestamp_judge:
 * @token: DER, untrusted; @data: what it shall be over
 * @roots: (nullable): PEM of authorities' root certificates
 * @out: (out) (optional): what it says, to be cleared; zeroed when it cannot be read
 * Chains are judged at the token's own time. Whether the authority's certificate was revoked is not
 * asked: that takes a network. Digests in tokens may be of any kind that OpenSSL knows, but SHA-1
 * and MD5. Returns: the state. Thread-safe: yes.
 */
CelTimestampState cel_timestamp_judge(GBytes *token, GBytes *data, GBytes *roots,
                                      CelTimestamp *out);

G_END_DECLS
