/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-token-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_SLOTS = 64, MOST_ATTRIBUTES = 16 };

gboolean cel_token_fail(GError **error, const char *what, CK_RV rv)
{
    static const CK_RV of_the_pin[] = {CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE,
                                       CKR_PIN_EXPIRED,   CKR_PIN_LOCKED,  CKR_USER_NOT_LOGGED_IN};
    int code = CEL_ERROR_DEVICE;
    for (gsize i = 0; i < G_N_ELEMENTS(of_the_pin); i++)
        if (rv == of_the_pin[i])
            code = CEL_ERROR_POLICY;
    g_set_error(error, CEL_ERROR, code, "%s (PKCS#11: %s)", what, p11_kit_strerror(rv));
    return FALSE;
}

/* A key file comes from outside: what code is loaded here is the machine's business, not its. */
P11KitUri *cel_token_uri(const char *text, GError **error)
{
    g_autoptr(P11KitUri) uri = p11_kit_uri_new();
    if (p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) != P11_KIT_URI_OK ||
        p11_kit_uri_any_unrecognized(uri) || p11_kit_uri_get_module_path(uri) != NULL ||
        p11_kit_uri_get_module_name(uri) != NULL || p11_kit_uri_get_pin_value(uri) != NULL ||
        p11_kit_uri_get_pin_source(uri) != NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("This is no plain PKCS#11 URI of a token (\"pkcs11:token=...\", "
                              "without module and PIN)"));
        return NULL;
    }
    return g_steal_pointer(&uri);
}

/* ---- finding tokens ---- */

void cel_token_session_end(CelTokenSession *session)
{
    if (session->open)
        session->module->C_CloseSession(session->handle);
    if (session->modules != NULL)
        p11_kit_modules_finalize_and_release(session->modules);
    memset(session, 0, sizeof *session);
}

static gboolean load_modules(CelTokenSession *session, GError **error)
{
    p11_kit_be_quiet(); /* errors are ours to tell */
    session->modules = p11_kit_modules_load_and_initialize(0);
    if (session->modules == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("The PKCS#11 modules of this machine cannot be loaded: %s"),
                    p11_kit_message() != NULL ? p11_kit_message() : "-");
        return FALSE;
    }
    return TRUE;
}

/* Returns: FALSE when @visit wants no more. */
static gboolean visit_slots(CelTokenSession *session, CelTokenVisit visit, gpointer data)
{
    CK_SLOT_ID slots[MOST_SLOTS];
    CK_ULONG n = MOST_SLOTS;
    if (session->module->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK)
        return TRUE;
    for (CK_ULONG i = 0; i < MIN(n, MOST_SLOTS); i++) {
        session->slot = slots[i];
        if (session->module->C_GetTokenInfo(slots[i], &session->info) == CKR_OK &&
            (session->info.flags & CKF_TOKEN_INITIALIZED) != 0 && !visit(session, data))
            return FALSE;
    }
    return TRUE;
}

static void visit_modules(CelTokenSession *session, CelTokenVisit visit, gpointer data)
{
    for (gsize m = 0; session->modules[m] != NULL; m++) {
        session->module = session->modules[m];
        if (!visit_slots(session, visit, data))
            return;
    }
}

gboolean cel_token_visit(CelTokenVisit visit, gpointer data, GError **error)
{
    g_auto(CelTokenSession) session = {0};
    if (!load_modules(&session, error))
        return FALSE;
    visit_modules(&session, visit, data);
    return TRUE;
}

typedef struct {
    P11KitUri *uri;
    guint n;
    CK_FUNCTION_LIST *module;
    CK_SLOT_ID slot;
    CK_TOKEN_INFO info;
} Wanted;

static gboolean is_wanted(const CelTokenSession *session, gpointer data)
{
    Wanted *wanted = data;
    if (p11_kit_uri_match_token_info(wanted->uri, &session->info) == 1) {
        wanted->n++;
        wanted->module = session->module;
        wanted->slot = session->slot;
        wanted->info = session->info;
    }
    return TRUE;
}

static gboolean find_token(CelTokenSession *session, P11KitUri *uri, GError **error)
{
    Wanted wanted = {.uri = uri};
    if (!load_modules(session, error))
        return FALSE;
    visit_modules(session, is_wanted, &wanted);
    if (wanted.n == 1) {
        session->module = wanted.module;
        session->slot = wanted.slot;
        session->info = wanted.info;
        return TRUE;
    }
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        wanted.n == 0
                            ? _("The token with this key is not plugged in; nothing was signed")
                            : _("Several tokens answer to this key; leave one plugged in"));
    return FALSE;
}

/* ---- logging in ---- */

static CK_RV log_in(CelTokenSession *session, const char *pin)
{
    CK_FUNCTION_LIST *p11 = session->module;
    CK_UTF8CHAR *text = (CK_UTF8CHAR *)(gpointer)(gsize)pin; /* not written to */
    const CK_ULONG n = strlen(pin);
    CK_RV rv = p11->C_Login(session->handle, CKU_USER, text, n);
    if (rv != CKR_USER_ALREADY_LOGGED_IN)
        return rv;
    /* Somebody else's session does not stand in for this PIN. */
    p11->C_Logout(session->handle);
    return p11->C_Login(session->handle, CKU_USER, text, n);
}

gboolean cel_token_session_begin(CelTokenSession *session, P11KitUri *uri, const char *pin,
                                 gboolean write, GError **error)
{
    if (!find_token(session, uri, error))
        return FALSE;
    if ((session->info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
        return cel_token_fail(error,
                              _("One wrong PIN more locks this token, so it is not tried here; "
                                "enter the right one once in the maker's tool"),
                              CKR_PIN_INCORRECT);
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (write ? CKF_RW_SESSION : 0);
    CK_RV rv = session->module->C_OpenSession(session->slot, flags, NULL, NULL, &session->handle);
    if (rv != CKR_OK)
        return cel_token_fail(error, _("The token cannot be opened"), rv);
    session->open = TRUE;
    rv = log_in(session, pin);
    return rv == CKR_OK ||
           cel_token_fail(error, _("The PIN does not open this token; nothing can be signed"), rv);
}

gboolean cel_token_offers(const CelTokenSession *session, CK_MECHANISM_TYPE mechanism,
                          CK_FLAGS wanted)
{
    CK_MECHANISM_INFO info = {0};
    return session->module->C_GetMechanismInfo(session->slot, mechanism, &info) == CKR_OK &&
           (info.flags & wanted) == wanted;
}

/* ---- objects ---- */

static CK_RV find_two(const CelTokenSession *session, CK_ATTRIBUTE *wanted, CK_ULONG n_wanted,
                      CK_OBJECT_HANDLE out_objects[2], CK_ULONG *out_n)
{
    CK_FUNCTION_LIST *p11 = session->module;
    CK_RV rv = p11->C_FindObjectsInit(session->handle, wanted, n_wanted);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_FindObjects(session->handle, out_objects, 2, out_n);
    p11->C_FindObjectsFinal(session->handle);
    return rv;
}

gboolean cel_token_object(const CelTokenSession *session, P11KitUri *uri,
                          CK_OBJECT_CLASS object_class, CK_OBJECT_HANDLE *out_object,
                          GError **error)
{
    CK_ULONG n_given = 0, n_wanted = 1, n = 0;
    const CK_ATTRIBUTE *given = p11_kit_uri_get_attributes(uri, &n_given);
    CK_ATTRIBUTE wanted[MOST_ATTRIBUTES] = {{CKA_CLASS, &object_class, sizeof object_class}};
    for (CK_ULONG i = 0; i < n_given && n_wanted < MOST_ATTRIBUTES; i++)
        if (given[i].type != CKA_CLASS)
            wanted[n_wanted++] = given[i];
    CK_OBJECT_HANDLE found[2] = {0, 0};
    const CK_RV rv = find_two(session, wanted, n_wanted, found, &n);
    if (rv != CKR_OK || n != 1)
        return cel_token_fail(error, _("The token does not hold exactly one key of this name"),
                              rv != CKR_OK ? rv : CKR_KEY_HANDLE_INVALID);
    *out_object = found[0];
    return TRUE;
}
