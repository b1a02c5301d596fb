/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

G_BEGIN_DECLS

/* One conversation with one token; private to the files of tokens. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(P11KitUri, p11_kit_uri_free)

/** CelTokenSession: zeroed before use, ended with cel_token_session_end(). */
typedef struct {
    CK_FUNCTION_LIST **modules; /* all that are installed */
    CK_FUNCTION_LIST *module;   /* the one of this token */
    CK_SLOT_ID slot;
    CK_TOKEN_INFO info;
    CK_SESSION_HANDLE handle;
    gboolean open;
} CelTokenSession;

/** cel_token_session_end: closes and forgets. */
void cel_token_session_end(CelTokenSession *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelTokenSession, cel_token_session_end)

/** cel_token_fail: sets @error to @what with the reason of @rv. Returns: FALSE. The code is
 * CEL_ERROR_POLICY for what concerns the PIN, else CEL_ERROR_DEVICE. */
gboolean cel_token_fail(GError **error, const char *what, CK_RV rv);

/** cel_token_uri: Returns: (transfer full): @text read, or NULL with CEL_ERROR_INPUT: no PKCS#11
 * URI, or one that names a module, a PIN or what is not understood. */
P11KitUri *cel_token_uri(const char *text, GError **error);

/** CelTokenVisit: @session: at one token. Returns: FALSE to stop looking. */
typedef gboolean (*CelTokenVisit)(const CelTokenSession *session, gpointer data);

/** cel_token_visit: shows every token that is plugged in to @visit. Returns: FALSE with
 * CEL_ERROR_SYSTEM. */
gboolean cel_token_visit(CelTokenVisit visit, gpointer data, GError **error);

/** cel_token_session_begin: finds the one token that @uri means, opens a session on it (for writing
 * when @write is set) and logs in. Returns: FALSE with CEL_ERROR_DEVICE (none or several),
 * CEL_ERROR_POLICY (PIN). */
gboolean cel_token_session_begin(CelTokenSession *session, P11KitUri *uri, const char *pin,
                                 gboolean write, GError **error);

/** cel_token_offers: Returns: whether the token has @mechanism with the CKF_* bits @wanted. */
gboolean cel_token_offers(const CelTokenSession *session, CK_MECHANISM_TYPE mechanism,
                          CK_FLAGS wanted);

/** cel_token_object: finds the one object of @object_class that the attributes of @uri mean.
 * Returns: FALSE with CEL_ERROR_DEVICE: none, or several. */
gboolean cel_token_object(const CelTokenSession *session, P11KitUri *uri,
                          CK_OBJECT_CLASS object_class, CK_OBJECT_HANDLE *out_object,
                          GError **error);

G_END_DECLS
