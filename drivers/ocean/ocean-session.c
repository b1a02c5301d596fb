/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-session.h"

#include "base/cel-bytes.h"

enum { MAX_COMMAND_BYTES = 64, FLUSH_BYTES = 4096, MAX_FLUSHES = 256, MAX_EMPTY = 8 };

/* Every transfer ends here: what a failure says of the unit is remembered. */
static gboolean note(CelSession *s, gboolean ok, GError *failure, GError **error)
{
    if (ok)
        return TRUE;
    if (g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE))
        s->gone = TRUE;
    if (g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL))
        s->was_stalled = TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean check_present(const CelSession *s, GError **error)
{
    if (s->gone)
        g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE, "gone before");
    return !s->gone;
}

gboolean cel_ocean_send(CelSession *s, const guint8 *bytes, gsize n, const CelTransfer *limits,
                        GError **error)
{
    guint8 packet[MAX_COMMAND_BYTES];
    CelBytesOut copy = cel_bytes_out(packet, sizeof packet, CEL_LITTLE_ENDIAN);
    cel_bytes_put(&copy, bytes, n);
    g_return_val_if_fail(!copy.failed, FALSE);
    if (!check_present(s, error))
        return FALSE;
    gsize n_sent = 0;
    GError *failure = NULL;
    gboolean ok = cel_transport_bulk(s->transport, s->model->endpoints->out, packet, n, limits,
                                     &n_sent, &failure);
    if (ok && n_sent != n) {
        g_set_error_literal(&failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO, "short write");
        ok = FALSE;
    }
    return note(s, ok, failure, error);
}

gboolean cel_ocean_receive(CelSession *s, guint8 endpoint, guint8 *out, gsize n,
                           const CelTransfer *limits, gsize *out_n, GError **error)
{
    *out_n = 0;
    if (!check_present(s, error))
        return FALSE;
    GError *failure = NULL;
    gboolean ok = TRUE;
    for (guint i = 0; i <= MAX_EMPTY && ok && *out_n == 0; i++)
        ok = cel_transport_bulk(s->transport, endpoint, out, n, limits, out_n, &failure);
    s->answered = s->answered || ok;
    return note(s, ok, failure, error);
}

gboolean cel_ocean_flush(CelSession *s, guint8 endpoint, const CelTransfer *limits, GError **error)
{
    guint8 nowhere[FLUSH_BYTES];
    const gint64 until = cel_transport_now_us(s->transport) + CEL_OCEAN_FLUSH_MS * 1000;
    gboolean is_quiet = FALSE;
    for (guint i = 0; i < MAX_FLUSHES && !is_quiet && check_present(s, error); i++) {
        g_autoptr(GError) failure = NULL;
        gsize n = 0;
        const gboolean ok = cel_transport_bulk(s->transport, endpoint, nowhere, sizeof nowhere,
                                               limits, &n, &failure);
        const gboolean is_full =
            g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
        is_quiet = (!ok && n == 0 && !is_full) || cel_transport_now_us(s->transport) >= until;
        if (g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL))
            cel_transport_clear_halt(s->transport, endpoint, NULL);
        const gboolean ends =
            g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED) ||
            g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
        if (ends)
            return note(s, FALSE, g_steal_pointer(&failure), error);
    }
    return !s->gone;
}

gboolean cel_ocean_clear_halts(CelSession *s, GError **error)
{
    const CelOceanEndpoints *e = s->model->endpoints;
    const guint8 endpoints[] = {e->out, e->in, e->spectra != e->in ? e->spectra : 0,
                                s->model->is_split ? e->first_part : 0};
    s->was_stalled = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        if (endpoints[i] != 0 && cel_transport_packet_bytes(s->transport, endpoints[i]) > 0 &&
            !cel_transport_clear_halt(s->transport, endpoints[i], error))
            return FALSE;
    }
    return TRUE;
}
