/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

enum {
    CONTROL_TIMEOUT_MS = 1000, /* Wasatch.VCPP Spectrometer.h */
    N_TRIES = 3,               /* Wasatch.PY FeatureIdentificationDevice.py */
    RETRY_MS = 5,
};

void cel_wasatch_note(CelSession *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(s->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

CelTransfer cel_wasatch_patience(GCancellable *cancel)
{
    return (CelTransfer){.timeout_ms = CONTROL_TIMEOUT_MS, .cancel = cancel};
}

static gboolean control(CelSession *s, CelWasatchRequest *r, const CelTransfer *limits,
                        gsize *out_n, GError **error)
{
    GError *failure = NULL;
    if (cel_transport_control(s->transport, &r->setup, r->data, r->n, limits, out_n, &failure))
        return TRUE;
    if (g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE))
        s->is_gone = TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean cel_wasatch_send(CelSession *s, const CelWasatchRequest *request,
                          const CelTransfer *limits, GError **error)
{
    CelWasatchRequest copy = *request;
    return control(s, &copy, limits, NULL, error);
}

/* Worth another try: the unit is there and nobody wants to stop. */
static gboolean is_passing(const GError *failure)
{
    return failure->domain == CEL_TRANSPORT_ERROR &&
           (failure->code == CEL_TRANSPORT_ERROR_STALL || failure->code == CEL_TRANSPORT_ERROR_IO ||
            failure->code == CEL_TRANSPORT_ERROR_OVERFLOW);
}

gboolean cel_wasatch_ask_bytes(CelSession *s, CelWasatchRequest *request, const CelTransfer *limits,
                               gsize *out_n, GError **error)
{
    g_autoptr(GError) failure = NULL;
    for (guint i = 0; i < N_TRIES; i++) {
        g_clear_error(&failure);
        if (i > 0 && !cel_transport_wait(s->transport, RETRY_MS, limits->cancel)) {
            g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED,
                                "cancelled");
            return FALSE;
        }
        if (control(s, request, limits, out_n, &failure))
            return TRUE;
        if (!is_passing(failure))
            break;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean cel_wasatch_ask(CelSession *s, CelWasatchOpcode opcode, const CelTransfer *limits,
                         guint64 *out_value, GError **error)
{
    gsize n = 0;
    CelWasatchRequest request = cel_wasatch_get(s->board->is_arm, opcode);
    if (!cel_wasatch_ask_bytes(s, &request, limits, &n, error))
        return FALSE;
    if (cel_wasatch_answer(opcode, request.data, n, out_value))
        return TRUE;
    g_set_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO, "%zu bytes in answer to %02x",
                n, (guint)opcode);
    return FALSE;
}

static gboolean is_unclear(const CelSession *s, const GError *failure)
{
    return s->board->is_arm &&
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL);
}

static gboolean check(CelSession *s, const CelWasatchSetting *setting, const CelTransfer *limits,
                      GError **error)
{
    guint64 value = 0;
    if (!cel_wasatch_ask(s, setting->getter, limits, &value, error))
        return FALSE;
    if (value == setting->value)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument did not take a setting (%02X reads %u, not %u). The measurement "
                  "is not usable. Repeat it; if that does not help, unplug the instrument and plug "
                  "it in again."),
                (guint)setting->getter, (guint)value, (guint)setting->value);
    return FALSE;
}

gboolean cel_wasatch_set_and_check(CelSession *s, const CelWasatchSetting *setting,
                                   const CelTransfer *limits, GError **error)
{
    g_autoptr(GError) failure = NULL;
    for (guint i = 0; i < 2; i++) {
        g_clear_error(&failure);
        const gboolean sent = cel_wasatch_send(s, &setting->request, limits, &failure);
        if (!sent && !is_unclear(s, failure))
            break;
        g_clear_error(&failure);
        if (check(s, setting, limits, &failure))
            return TRUE;
        if (failure->domain == CEL_TRANSPORT_ERROR && !is_passing(failure))
            break;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean cel_wasatch_set_loosely(CelSession *s, const CelWasatchSetting *setting,
                                 const CelTransfer *limits, GError **error)
{
    GError *failure = NULL;
    if (cel_wasatch_send(s, &setting->request, limits, &failure))
        return TRUE;
    if (is_unclear(s, failure)) {
        g_clear_error(&failure);
        return check(s, setting, limits, error);
    }
    g_propagate_error(error, failure);
    return FALSE;
}
