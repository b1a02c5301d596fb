/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-obp.h"
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Exchanges of the Ocean Binary Protocol. The unit repeats the number of the question in its
 * answer, so that an old answer, a late frame too, is told from the one that is waited for. */

enum {
    MAX_OLD_ANSWERS = 32,
    RETRY_MS = 5, /* between two looks into an empty buffer */
    TRIGGER_NORMAL = 0,
};

/* A message to the unit: @n bytes of @data, at most 16. */
typedef struct {
    CelObpType type;
    guint16 flags;
    guint8 data[4];
    gsize n;
} Question;

static gboolean transport_error(int code, GError **error)
{
    g_set_error_literal(error, CEL_TRANSPORT_ERROR, code, "obp");
    return FALSE;
}

static gboolean send(CelSession *s, const Question *question, const CelTransfer *limits,
                     GError **error)
{
    guint8 bytes[CEL_OBP_LEAST_BYTES];
    const CelObpMessage message = {.flags = question->flags,
                                   .type = question->type,
                                   .regarding = ++s->question,
                                   .data = question->data,
                                   .n = question->n};
    const gsize n = cel_obp_write(&message, bytes, sizeof bytes);
    return cel_ocean_send(s, bytes, n, limits, error);
}

static gboolean flush(CelSession *s, GCancellable *cancel, GError **error)
{
    s->may_have_surplus = FALSE;
    return cel_ocean_flush(s, s->model->endpoints->in, &(CelTransfer){CEL_OCEAN_QUIET_MS, cancel},
                           error);
}

/* ---- messages from the unit ---- */

static gboolean is_timeout(const GError *failure)
{
    return g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
}

/* Joins to the *@n bytes that are there what comes until there are @total. A piece that was waited
 * for in vain ends it, and what is there is a message that is cut off. */
static gboolean receive_rest(CelSession *s, gsize total, GCancellable *cancel, gsize *n,
                             GError **error)
{
    CelTransfer limits = {CEL_OCEAN_ANSWER_MS, cancel};
    while (*n < total) {
        g_autoptr(GError) failure = NULL;
        gsize n_more = 0;
        const gboolean ok = cel_ocean_receive(s, s->model->endpoints->in, s->buffer + *n,
                                              total - *n, &limits, &n_more, &failure);
        *n += n_more;
        if (!ok && !is_timeout(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        if (n_more == 0)
            return TRUE;
        limits.timeout_ms = CEL_OCEAN_QUIET_MS;
    }
    return TRUE;
}

/* One packet first, which is never torn: it tells how long the message is. A message may end with a
 * full packet, so no more than that is ever asked for; what a unit sends beyond its end, if only an
 * empty packet, then lies there still. */
static gboolean receive_bytes(CelSession *s, const CelTransfer *limits, gsize *out_n,
                              GError **error)
{
    const guint8 in = s->model->endpoints->in;
    const gsize packet = MIN(cel_transport_packet_bytes(s->transport, in), s->buffer_bytes);
    gsize total = 0;
    if (!cel_ocean_receive(s, in, s->buffer, packet, limits, out_n, error) ||
        !cel_obp_total(s->buffer, *out_n, s->buffer_bytes, &total, error) ||
        !receive_rest(s, total, limits->cancel, out_n, error))
        return FALSE;
    s->may_have_surplus = total > packet && total % packet == 0;
    return TRUE;
}

/* Whatever message comes next; after one that cannot be read the endpoint is emptied. */
static gboolean receive(CelSession *s, const CelTransfer *limits, CelObpMessage *out_message,
                        GError **error)
{
    gsize n = 0;
    GError *failure = NULL;
    if (receive_bytes(s, limits, &n, &failure) && cel_obp_read(s->buffer, n, out_message, &failure))
        return TRUE;
    if (failure->domain == CEL_ERROR)
        flush(s, limits->cancel, NULL);
    g_propagate_error(error, failure);
    return FALSE;
}

/* An answer that nobody waits for. The line that switches the laser is written without waiting: a
 * refusal of it shows here. */
static void note_stray(CelSession *s, const CelObpMessage *message)
{
    if (message->type == CEL_OBP_LAMP && cel_obp_is_refusal(message))
        s->gate = CEL_LASER_UNKNOWN;
    if (message->type == s->model->spectrum_message)
        s->frame_until_us = 0; /* the late frame */
}

/* After these nothing else is worth trying. */
static gboolean ends(const GError *failure)
{
    return g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE) ||
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED);
}

/* Looks behind a message that filled its last packet: what lies there is no part of the next
 * answer, but a refusal among it counts. */
static gboolean sweep_surplus(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelTransfer limits = {CEL_OCEAN_SWEEP_MS, cancel};
    for (guint i = 0; i < MAX_OLD_ANSWERS; i++) {
        g_autoptr(GError) failure = NULL;
        CelObpMessage message;
        gsize n = 0;
        if (receive_bytes(s, &limits, &n, &failure) &&
            cel_obp_read(s->buffer, n, &message, &failure))
            note_stray(s, &message);
        if (is_timeout(failure))
            break;
        if (failure != NULL && ends(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
    }
    s->may_have_surplus = FALSE;
    return TRUE;
}

/* Sends a question that is answered. */
static gboolean pose(CelSession *s, const Question *question, const CelTransfer *limits,
                     GError **error)
{
    return (!s->may_have_surplus || sweep_surplus(s, limits->cancel, error)) &&
           send(s, question, limits, error);
}

static gint64 until_us(CelSession *s, guint ms)
{
    return cel_transport_now_us(s->transport) + (gint64)ms * 1000;
}

static guint left_ms(CelSession *s, gint64 until)
{
    const gint64 left_us = until - cel_transport_now_us(s->transport);
    return left_us <= 0 ? 0 : (guint)MIN((left_us + 999) / 1000, (gint64)G_MAXINT);
}

/* The answer to the last question, refusals included; "not yet" is waited out. */
static gboolean await_answer(CelSession *s, CelObpType type, const CelTransfer *limits,
                             CelObpMessage *out_message, GError **error)
{
    const gint64 until = until_us(s, limits->timeout_ms);
    for (guint n_old = 0; n_old <= MAX_OLD_ANSWERS;) {
        const CelTransfer rest = {left_ms(s, until), limits->cancel};
        if (rest.timeout_ms == 0)
            return transport_error(CEL_TRANSPORT_ERROR_TIMEOUT, error);
        if (!receive(s, &rest, out_message, error))
            return FALSE;
        const gboolean is_mine = out_message->type == type && out_message->regarding == s->question;
        if (is_mine && out_message->error != CEL_OBP_DEFERRED)
            return TRUE;
        if (!is_mine) {
            note_stray(s, out_message);
            n_old++;
        }
    }
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        _("The instrument only gives answers to earlier questions. The "
                          "measurement is not usable. Unplug it, plug it in and repeat."));
    return FALSE;
}

static gboolean refuse(const CelObpMessage *message, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refused message %08x: %s (%u). The measurement is not usable. "
                  "Repeat it; if that does not help, unplug the instrument and plug it in again."),
                message->type, _(cel_obp_error_text(message->error)), message->error);
    return FALSE;
}

/* A question and its answer; FALSE for a refusal, too. */
static gboolean ask(CelSession *s, const Question *question, CelObpMessage *out_answer,
                    GCancellable *cancel, GError **error)
{
    const CelTransfer limits = {CEL_OCEAN_ANSWER_MS, cancel};
    if (!pose(s, question, &limits, error) ||
        !await_answer(s, question->type, &limits, out_answer, error))
        return FALSE;
    return !cel_obp_is_refusal(out_answer) || refuse(out_answer, error);
}

/* For what not every unit knows. Returns: FALSE only when the exchange failed; a refusal leaves
 * @out_answer empty. */
static gboolean ask_optional(CelSession *s, const Question *question, CelObpMessage *out_answer,
                             GCancellable *cancel, GError **error)
{
    const CelTransfer limits = {CEL_OCEAN_ANSWER_MS, cancel};
    if (!pose(s, question, &limits, error) ||
        !await_answer(s, question->type, &limits, out_answer, error))
        return FALSE;
    if (cel_obp_is_refusal(out_answer))
        out_answer->n = 0;
    return TRUE;
}

static gboolean set_u8(CelSession *s, CelObpType type, guint8 value, GCancellable *cancel,
                       GError **error)
{
    CelObpMessage answer;
    return ask(s, &(Question){type, CEL_OBP_ACK_REQUESTED, {value}, 1}, &answer, cancel, error);
}

static gboolean tell(CelSession *s, CelObpType type, GCancellable *cancel, GError **error)
{
    CelObpMessage answer;
    return ask(s, &(Question){.type = type, .flags = CEL_OBP_ACK_REQUESTED}, &answer, cancel,
               error);
}

/* ---- opening ---- */

static gboolean obp_start(CelSession *s, GCancellable *cancel, GError **error)
{
    CelObpMessage answer;
    s->setting_us = 0;
    return flush(s, cancel, error) &&
           ask_optional(
               s, &(Question){CEL_OBP_SET_TRIGGER, CEL_OBP_ACK_REQUESTED, {TRIGGER_NORMAL}, 1},
               &answer, cancel, error);
}

static gboolean read_texts(CelSession *s, GCancellable *cancel, GError **error)
{
    CelObpMessage answer;
    guint8 hardware = 0;
    guint16 firmware = 0;
    if (!ask(s, &(Question){.type = CEL_OBP_SERIAL}, &answer, cancel, error))
        return FALSE;
    cel_obp_text(&answer, s->serial, sizeof s->serial);
    if (!ask_optional(s, &(Question){.type = CEL_OBP_HARDWARE_REVISION}, &answer, cancel, error))
        return FALSE;
    cel_obp_u8(&answer, &hardware);
    if (!ask_optional(s, &(Question){.type = CEL_OBP_FIRMWARE_REVISION}, &answer, cancel, error))
        return FALSE;
    if (cel_obp_u16(&answer, &firmware)) /* binary coded decimal */
        g_snprintf(s->firmware, sizeof s->firmware, "%x.%02x, hardware %u", firmware >> 8,
                   firmware & 0xFF, hardware);
    return TRUE;
}

/* A unit that says it has other pixels than its model is not the instrument it seems to be. */
static gboolean check_pixels(CelSession *s, GCancellable *cancel, GError **error)
{
    CelObpMessage answer;
    guint16 few = 0;
    guint32 n = 0;
    if (!ask_optional(s, &(Question){.type = CEL_OBP_N_PIXELS}, &answer, cancel, error))
        return FALSE;
    if (!cel_obp_u32(&answer, &n) && cel_obp_u16(&answer, &few))
        n = few;
    if (answer.n == 0 || n == s->model->n_sent)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_DEVICE,
        _("The instrument says that it has %u pixels; model %s has %u. Nothing was measured. "
          "Have it checked by its maker."),
        n, s->model->name, s->model->n_sent);
    return FALSE;
}

static gboolean read_u32(CelSession *s, CelObpType type, guint32 *out_value, GCancellable *cancel,
                         GError **error)
{
    CelObpMessage answer;
    if (!ask_optional(s, &(Question){.type = type}, &answer, cancel, error))
        return FALSE;
    cel_obp_u32(&answer, out_value);
    return TRUE;
}

/* The unit's own limits; those of the model where it does not tell sensible ones. */
static gboolean read_limits(CelSession *s, GCancellable *cancel, GError **error)
{
    guint32 least = 0, most = 0;
    if (!read_u32(s, CEL_OBP_INTEGRATION_MIN, &least, cancel, error) ||
        !read_u32(s, CEL_OBP_INTEGRATION_MAX, &most, cancel, error))
        return FALSE;
    if (least > 0 && least < most) {
        s->integration_us[0] = least;
        s->integration_us[1] = most;
    }
    return TRUE;
}

typedef struct {
    CelObpType count, each;
    double *out; /* NAN where the unit gives no number */
    guint room;
    guint n; /* as the unit says; more than @room: none was read */
} Coefficients;

static gboolean read_polynomial(CelSession *s, Coefficients *c, GCancellable *cancel,
                                GError **error)
{
    CelObpMessage answer;
    guint8 n = 0;
    if (!ask_optional(s, &(Question){.type = c->count}, &answer, cancel, error))
        return FALSE;
    cel_obp_u8(&answer, &n);
    c->n = n;
    for (guint i = 0; n <= c->room && i < n; i++) {
        if (!ask_optional(s, &(Question){c->each, 0, {(guint8)i}, 1}, &answer, cancel, error))
            return FALSE;
        if (!cel_obp_f32(&answer, &c->out[i]))
            c->out[i] = (double)NAN;
    }
    return TRUE;
}

static gboolean read_wavelength(CelSession *s, GCancellable *cancel, GError **error)
{
    Coefficients c = {CEL_OBP_N_WAVELENGTH, CEL_OBP_WAVELENGTH, s->wavelength,
                      CEL_OCEAN_N_WAVELENGTH, 0};
    if (!read_polynomial(s, &c, cancel, error))
        return FALSE;
    s->n_wavelength = c.n;
    if (c.n > c.room) { /* refused later, with the reason in the record */
        s->n_wavelength = 1;
        s->wavelength[0] = (double)NAN;
    }
    return TRUE;
}

/* A polynomial that is not stored whole is not known. */
static gboolean read_nonlinearity(CelSession *s, GCancellable *cancel, GError **error)
{
    Coefficients c = {CEL_OBP_N_NONLINEARITY, CEL_OBP_NONLINEARITY, s->nonlinearity,
                      CEL_MAX_NONLINEARITY, 0};
    if (!read_polynomial(s, &c, cancel, error))
        return FALSE;
    gboolean is_whole = c.n <= c.room;
    for (guint i = 0; is_whole && i < c.n; i++)
        is_whole = isfinite(c.out[i]);
    s->n_nonlinearity = is_whole ? c.n : 0;
    return TRUE;
}

static gboolean obp_identify(CelSession *s, GCancellable *cancel, GError **error)
{
    return read_texts(s, cancel, error) && check_pixels(s, cancel, error) &&
           read_limits(s, cancel, error) && read_wavelength(s, cancel, error) &&
           read_nonlinearity(s, cancel, error);
}

/* ---- frames ---- */

static gboolean obp_set_integration(CelSession *s, guint32 us, GCancellable *cancel, GError **error)
{
    const Question question = {
        CEL_OBP_SET_INTEGRATION,
        CEL_OBP_ACK_REQUESTED,
        {(guint8)us, (guint8)(us >> 8), (guint8)(us >> 16), (guint8)(us >> 24)},
        4};
    CelObpMessage answer;
    return ask(s, &question, &answer, cancel, error);
}

static gboolean ask_for_frame(CelSession *s, GCancellable *cancel, GError **error)
{
    return pose(s, &(Question){.type = (CelObpType)s->model->spectrum_message},
                &(CelTransfer){CEL_OCEAN_ANSWER_MS, cancel}, error);
}

/* A QE Pro runs freely into a buffer: what lies there is older than the question. */
static gboolean empty_buffer(CelSession *s, GCancellable *cancel, GError **error)
{
    return tell(s, CEL_OBP_ABORT, cancel, error) &&
           set_u8(s, CEL_OBP_SET_TRIGGER, TRIGGER_NORMAL, cancel, error) &&
           tell(s, CEL_OBP_CLEAR_BUFFER, cancel, error);
}

static gboolean obp_request(CelSession *s, GCancellable *cancel, GError **error)
{
    if (s->model->is_buffered && !empty_buffer(s, cancel, error))
        return FALSE;
    return ask_for_frame(s, cancel, error);
}

/* The answer of an empty buffer. */
static gboolean says_not_yet(const CelSession *s, const CelObpMessage *message)
{
    return s->model->is_buffered &&
           (message->error == CEL_OBP_NOT_READY || message->error == CEL_OBP_NO_SUCH_VALUE);
}

static gboolean await_frame(CelSession *s, const CelTransfer *limits, CelObpMessage *out_message,
                            GError **error)
{
    const CelObpType type = (CelObpType)s->model->spectrum_message;
    const gint64 until = until_us(s, limits->timeout_ms);
    CelTransfer rest = *limits;
    while (rest.timeout_ms > 0) {
        if (!await_answer(s, type, &rest, out_message, error))
            return FALSE;
        if (!cel_obp_is_refusal(out_message))
            return TRUE;
        if (!says_not_yet(s, out_message))
            return refuse(out_message, error);
        if (!cel_transport_wait(s->transport, RETRY_MS, limits->cancel))
            return transport_error(CEL_TRANSPORT_ERROR_CANCELLED, error);
        if (!ask_for_frame(s, limits->cancel, error))
            return FALSE;
        rest.timeout_ms = left_ms(s, until);
    }
    return transport_error(CEL_TRANSPORT_ERROR_TIMEOUT, error);
}

/* Does the unit itself say that the frame belongs to earlier settings, or is the one before? Only
 * where its metadata have the layout that is expected. */
static gboolean is_stale(CelSession *s, const CelObpMetadata *metadata)
{
    if (s->model->metadata_bytes == 0)
        return FALSE;
    if (metadata->integration_us != s->setting_us)
        return s->previous_us != 0 && metadata->integration_us == s->previous_us;
    const gboolean is_same = s->has_last_ticks && metadata->ticks_us == s->last_ticks_us;
    s->has_last_ticks = metadata->ticks_us != 0;
    s->last_ticks_us = metadata->ticks_us;
    return is_same;
}

static gboolean obp_receive(CelSession *s, guint timeout_ms, CelOceanFrame *out_frame,
                            GCancellable *cancel, GError **error)
{
    CelObpMessage message;
    CelObpMetadata metadata;
    if (!await_frame(s, &(CelTransfer){timeout_ms, cancel}, &message, error) ||
        !cel_obp_frame(&message, s->model, out_frame->counts, &metadata, error))
        return FALSE;
    out_frame->is_stale = is_stale(s, &metadata);
    return TRUE;
}

/* Reads on until the frame came. */
static gboolean await_late_frame(CelSession *s, guint late_ms, GCancellable *cancel, GError **error)
{
    CelObpMessage message = {0};
    const gint64 until = until_us(s, late_ms);
    while (message.type != s->model->spectrum_message) {
        const CelTransfer rest = {left_ms(s, until), cancel};
        if (rest.timeout_ms == 0)
            return transport_error(CEL_TRANSPORT_ERROR_TIMEOUT, error);
        if (!receive(s, &rest, &message, error))
            return FALSE;
        note_stray(s, &message);
    }
    return TRUE;
}

/* A unit that knows how to abort has no late frame. */
static gboolean obp_drain(CelSession *s, guint late_ms, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    gboolean ok = tell(s, CEL_OBP_ABORT, cancel, &failure);
    if (!ok && s->frame_until_us != 0 && !ends(failure)) {
        g_clear_error(&failure);
        ok = await_late_frame(s, late_ms, cancel, &failure);
        if (g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT))
            s->n_hangs++;
    }
    if (!ok && ends(failure)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&failure);
    return ok ? flush(s, cancel, error) : obp_start(s, cancel, error);
}

/* ---- the rest ---- */

static gboolean obp_gate(CelSession *s, gboolean on, const CelTransfer *limits, GError **error)
{
    return send(s, &(Question){CEL_OBP_LAMP, 0, {on ? 1 : 0}, 1}, limits, error);
}

/* Said once more, with an answer asked for. */
static gboolean obp_confirm_gate(CelSession *s, gboolean on, GCancellable *cancel, GError **error)
{
    return set_u8(s, CEL_OBP_LAMP, on ? 1 : 0, cancel, error);
}

static gsize obp_gate_packet(guint8 *out)
{
    const guint8 off = 0;
    return cel_obp_write(&(CelObpMessage){.type = CEL_OBP_LAMP, .data = &off, .n = 1}, out,
                         CEL_OBP_LEAST_BYTES);
}

static gboolean obp_temperature(CelSession *s, GCancellable *cancel, double *out_celsius,
                                GError **error)
{
    CelObpMessage answer;
    return ask(s, &(Question){.type = CEL_OBP_TEMPERATURE}, &answer, cancel, error) &&
           cel_obp_f32(&answer, out_celsius) && fabs(*out_celsius) <= 100.0;
}

const CelOceanLink cel_ocean_obp_link = {
    .start = obp_start,
    .identify = obp_identify,
    .set_integration = obp_set_integration,
    .request = obp_request,
    .receive = obp_receive,
    .drain = obp_drain,
    .gate = obp_gate,
    .confirm_gate = obp_confirm_gate,
    .gate_packet = obp_gate_packet,
    .temperature = obp_temperature,
};
