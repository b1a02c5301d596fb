/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/*
 * One frame: integration time, ACQUIRE, bulk. A frame carries no number, no start and no sum: that
 * it is the right one follows from what lies before and after it. So the endpoints are looked into
 * before ACQUIRE and after the frame, and a frame that is still owed (cancelled, late, or the
 * answer to an ACQUIRE that was thought lost) is waited for before the next exposure.
 */
enum {
    N_RETRIES = 2,        /* of an ACQUIRE that came to nothing */
    N_RETRIES_ASLEEP = 1, /* of one that is waited for 10 s longer */
    LOOK_MS = 3,          /* into an endpoint that should be empty */
    QUIET_MS = 20,        /* of silence after something went wrong */
    MAX_LEFT_OVERS = 64,  /* reads of a flush: more is a unit that does not stop sending */
    MAX_STALLS = 4,
    MAX_EMPTY = 8,      /* transfers of no byte within one frame */
    AWAKE_US = 1000000, /* so long an IMX sensor stays awake after a frame */
    SCRAP_BYTES = 8192,
};

/* ---- what the EEPROM says ---- */

static gboolean has_feature(const CelSession *s, CelWasatchFeature feature)
{
    return (s->eeprom.features & feature) != 0;
}

static CelWasatchCorrection correction_of(const CelSession *s)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const gboolean differ = fabs(e->gain - e->gain_odd) > 0.0 || e->offset != e->offset_odd;
    return (CelWasatchCorrection){
        .even_odd = s->detector->is_ingaas && e->has_gain && e->gain > 0.0 && differ &&
                    !has_feature(s, CEL_WASATCH_HARDWARE_EVEN_ODD),
        .gain = e->gain,
        .offset = e->offset,
        .gain_odd = e->gain_odd,
        .offset_odd = e->offset_odd,
        .invert = has_feature(s, CEL_WASATCH_INVERT_X_AXIS),
        .bin = has_feature(s, CEL_WASATCH_HORIZONTAL_BINNING) && e->bin_mode == 0,
        .saturation_counts = s->detector->saturation_counts,
    };
}

static void note_corrections(CelSession *s)
{
    const CelWasatchCorrection *c = &s->camera.correction;
    if (c->even_odd)
        cel_wasatch_note(
            s,
            "frames: odd pixels of the line = (v - %g) / %.9g * %.9g + %g, kept within "
            "0 and full",
            c->offset, c->gain, c->gain_odd, c->offset_odd);
    if (c->invert)
        cel_wasatch_note(s, "frames: order of pixels reversed");
    if (c->bin)
        cel_wasatch_note(s, "frames: each pixel is the mean with its right neighbour, the last as "
                            "read");
    if (has_feature(s, CEL_WASATCH_HORIZONTAL_BINNING) && !c->bin)
        cel_wasatch_note(s, "frames: horizontal binning of kind %u is asked for, not applied",
                         s->eeprom.bin_mode);
}

void cel_wasatch_set_up_camera(CelSession *s)
{
    CelWasatchCamera *camera = &s->camera;
    camera->layout = cel_wasatch_layout(s->eeprom.n_pixels, s->board->is_arm);
    camera->correction = correction_of(s);
    camera->bytes = g_new0(guint8, 2 * camera->layout.n_pixels);
    note_corrections(s);
}

static void add_bad_pixel(CelCapabilities *out, gsize pixel)
{
    for (guint i = 0; i < out->n_bad_pixels; i++) {
        if (out->bad_pixels[i] == pixel)
            return;
    }
    if (out->n_bad_pixels < CEL_MAX_BAD_PIXELS)
        out->bad_pixels[out->n_bad_pixels++] = (guint16)pixel;
}

/* In the order of the frame as handed out. A bad pixel spoils the mean of its left neighbour too.
 */
void cel_wasatch_bad_pixels(const CelSession *s, CelCapabilities *out)
{
    const CelWasatchDetector *d = s->detector;
    const gsize n = s->eeprom.n_pixels;
    const gboolean garbage = d->garbage_fpga == NULL || g_str_equal(d->garbage_fpga, s->fpga);
    gsize first = garbage ? d->garbage_first : 0, last = garbage ? d->garbage_last : 0;
    if (s->camera.correction.invert) {
        const gsize other = first;
        first = last;
        last = other;
    }
    for (gsize i = 0; i < MIN(first, n); i++)
        add_bad_pixel(out, i);
    for (gsize i = 0; i < MIN(last, n); i++)
        add_bad_pixel(out, n - 1 - i);
    for (guint i = 0; i < s->eeprom.n_bad_pixels; i++)
        add_bad_pixel(out, s->eeprom.bad_pixels[i]);
    const guint n_before = s->camera.correction.bin ? out->n_bad_pixels : 0;
    for (guint i = 0; i < n_before; i++) {
        if (out->bad_pixels[i] > 0)
            add_bad_pixel(out, out->bad_pixels[i] - 1u);
    }
}

/* ---- bulk ---- */

static gboolean is_code(const GError *failure, CelTransportError code)
{
    return g_error_matches(failure, CEL_TRANSPORT_ERROR, (gint)code);
}

static gboolean bulk(CelSession *s, guint8 endpoint, guint8 *data, gsize n,
                     const CelTransfer *limits, gsize *out_n, GError **error)
{
    GError *failure = NULL;
    if (cel_transport_bulk(s->transport, endpoint, data, n, limits, out_n, &failure))
        return TRUE;
    if (is_code(failure, CEL_TRANSPORT_ERROR_GONE))
        s->is_gone = TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static guint ms_until(CelSession *s, gint64 deadline_us)
{
    const gint64 left_us = deadline_us - cel_transport_now_us(s->transport);
    return left_us <= 0 ? 0 : (guint)MIN((left_us + 999) / 1000, G_MAXINT32);
}

/* Throws away what @endpoint holds. @out_n: bytes. */
static gboolean empty(CelSession *s, guint8 endpoint, const CelTransfer *quiet, gsize *out_n,
                      GError **error)
{
    g_autofree guint8 *scrap = g_new0(guint8, SCRAP_BYTES);
    for (guint i = 0; i < MAX_LEFT_OVERS; i++) {
        g_autoptr(GError) failure = NULL;
        gsize n = 0;
        const gboolean ok = bulk(s, endpoint, scrap, SCRAP_BYTES, quiet, &n, &failure);
        *out_n += n;
        if (ok || is_code(failure, CEL_TRANSPORT_ERROR_OVERFLOW))
            continue;
        if (is_code(failure, CEL_TRANSPORT_ERROR_TIMEOUT)) {
            if (n == 0)
                return TRUE;
        } else if (!is_code(failure, CEL_TRANSPORT_ERROR_STALL) || i >= MAX_STALLS ||
                   !cel_transport_clear_halt(s->transport, endpoint, NULL)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
    }
    g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW,
                        "does not stop sending");
    return FALSE;
}

static gboolean look(CelSession *s, guint quiet_ms, GCancellable *cancel, gsize *out_n,
                     GError **error)
{
    const CelTransfer quiet = {.timeout_ms = quiet_ms, .cancel = cancel};
    const CelWasatchLayout *layout = &s->camera.layout;
    for (guint i = 0; i < layout->n_parts; i++) {
        if (!empty(s, layout->parts[i].endpoint, &quiet, out_n, error))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_wasatch_flush(CelSession *s, guint quiet_ms, GCancellable *cancel, GError **error)
{
    gsize n = 0;
    return look(s, quiet_ms, cancel, &n, error);
}

/* Reads until all bytes are there or the frame is not owed any more. @n_done: bytes, added to, also
 * on failure. */
static gboolean read_part(CelSession *s, const CelWasatchFramePart *part, GCancellable *cancel,
                          gsize *n_done, GError **error)
{
    gsize left = part->n_bytes;
    for (guint n_empty = 0; left > 0 && n_empty < MAX_EMPTY;) {
        const CelTransfer limits = {.timeout_ms = MAX(ms_until(s, s->camera.owed_until_us), 1u),
                                    .cancel = cancel};
        gsize n = 0;
        const gboolean ok =
            bulk(s, part->endpoint, s->camera.bytes + *n_done, left, &limits, &n, error);
        n = MIN(n, left);
        left -= n;
        *n_done += n;
        n_empty += n == 0;
        if (!ok)
            return FALSE;
    }
    if (left == 0)
        return TRUE;
    g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT,
                        "the frame broke off");
    return FALSE;
}

static gboolean read_frame(CelSession *s, GCancellable *cancel, gsize *out_n, GError **error)
{
    const CelWasatchCamera *camera = &s->camera;
    *out_n = 0;
    for (guint i = 0; i < camera->layout.n_parts; i++) {
        if (!read_part(s, &camera->layout.parts[i], cancel, out_n, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- frames that are owed ---- */

static void clear_halts(CelSession *s)
{
    for (guint i = 0; i < s->camera.layout.n_parts; i++)
        cel_transport_clear_halt(s->transport, s->camera.layout.parts[i].endpoint, NULL);
}

/* Something came to nothing, but the unit is there. */
static gboolean is_passing(const GError *failure)
{
    return is_code(failure, CEL_TRANSPORT_ERROR_TIMEOUT) ||
           is_code(failure, CEL_TRANSPORT_ERROR_OVERFLOW) ||
           is_code(failure, CEL_TRANSPORT_ERROR_STALL);
}

static gboolean await_owed(CelSession *s, GCancellable *cancel, GError **error)
{
    CelWasatchCamera *camera = &s->camera;
    for (guint n_failed = 0; camera->n_owed > 0 && n_failed <= MAX_STALLS;) {
        GError *failure = NULL;
        gsize n = 0;
        if (ms_until(s, camera->owed_until_us) == 0)
            return TRUE;
        if (read_frame(s, cancel, &n, &failure)) {
            camera->n_owed--;
            continue;
        }
        n_failed++;
        if (!is_passing(failure)) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (is_code(failure, CEL_TRANSPORT_ERROR_STALL))
            clear_halts(s);
        g_error_free(failure);
    }
    return TRUE;
}

gboolean cel_wasatch_drain(CelSession *s, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    if (!await_owed(s, cancel, &failure) || !cel_wasatch_flush(s, QUIET_MS, cancel, &failure))
        return cel_transport_explain(failure, _("Waiting for a late frame"), error);
    s->camera.n_owed = 0;
    return TRUE;
}

/* ---- one frame ---- */

static gboolean set_integration(CelSession *s, guint ms, GCancellable *cancel, GError **error)
{
    CelWasatchCamera *camera = &s->camera;
    if (camera->integration_ms == ms) {
        camera->previous_ms = ms;
        return TRUE;
    }
    const CelTransfer limits = cel_wasatch_patience(cancel);
    const CelWasatchSetting setting = {cel_wasatch_set_integration(s->board->is_arm, ms),
                                       CEL_WASATCH_GET_INTEGRATION_TIME, ms};
    camera->previous_ms = MAX(camera->integration_ms, ms);
    camera->integration_ms = 0; /* until it is read back */
    if (!cel_wasatch_set_and_check(s, &setting, &limits, error))
        return FALSE;
    camera->integration_ms = ms;
    return TRUE;
}

static gboolean may_sleep(const CelSession *s)
{
    return s->detector->is_imx || s->is_xs;
}

static gboolean is_asleep(CelSession *s)
{
    const gint64 since_us = cel_transport_now_us(s->transport) - s->camera.frame_us;
    return s->camera.frame_us == 0 || since_us > AWAKE_US;
}

/* From now on a frame is owed; on a failure that leaves open whether the command arrived, too. */
static gboolean start(CelSession *s, GCancellable *cancel, GError **error)
{
    CelWasatchCamera *camera = &s->camera;
    const CelTransfer limits = cel_wasatch_patience(cancel);
    const CelWasatchRequest acquire =
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_ACQUIRE_SPECTRUM, 0);
    const CelWasatchWait wait = {.is_imx = may_sleep(s),
                                 .is_first = is_asleep(s),
                                 .integration_ms = camera->integration_ms,
                                 .previous_ms = camera->previous_ms,
                                 .n_open = cel_transport_n_open(s->transport)};
    GError *failure = NULL;
    const gboolean ok = cel_wasatch_send(s, &acquire, &limits, &failure);
    const gboolean stalled = !ok && is_code(failure, CEL_TRANSPORT_ERROR_STALL);
    camera->owed_until_us =
        cel_transport_now_us(s->transport) + (gint64)cel_wasatch_frame_timeout_ms(&wait) * 1000;
    if (!stalled || s->board->is_arm)
        camera->n_owed++;
    if (ok || (stalled && s->board->is_arm)) { /* ARM: the frame itself will tell */
        g_clear_error(&failure);
        return TRUE;
    }
    g_propagate_error(error, failure);
    return FALSE;
}

/* What became of one attempt. */
typedef enum {
    ATTEMPT_GOOD,
    ATTEMPT_AGAIN, /* nothing or no whole frame came, or it holds nothing; @error says what */
    ATTEMPT_FAILED,
} Attempt;

/* The frame that was read as far as @n_read bytes is dropped. One that came in pieces is not owed
 * any more; one that did not come at all may be late, or its ACQUIRE was lost. */
static Attempt attempt_failed(CelSession *s, gsize n_read, GError *failure, GCancellable *cancel,
                              GError **error)
{
    if (!is_passing(failure)) {
        g_propagate_error(error, failure);
        return ATTEMPT_FAILED;
    }
    if (is_code(failure, CEL_TRANSPORT_ERROR_STALL))
        clear_halts(s);
    if (!cel_wasatch_flush(s, QUIET_MS, cancel, error)) {
        g_error_free(failure);
        return ATTEMPT_FAILED;
    }
    if (n_read > 0)
        s->camera.n_owed--;
    g_propagate_error(error, failure);
    return ATTEMPT_AGAIN;
}

static Attempt set_again(GError **error, CelTransportError code, const char *why)
{
    g_set_error_literal(error, CEL_TRANSPORT_ERROR, (gint)code, why);
    return ATTEMPT_AGAIN;
}

static Attempt attempt(CelSession *s, double *out_counts, GCancellable *cancel, GError **error)
{
    CelWasatchCamera *camera = &s->camera;
    const gsize n = camera->layout.n_pixels;
    GError *failure = NULL;
    gsize n_before = 0, n_after = 0, n_read = 0;
    if (!look(s, LOOK_MS, cancel, &n_before, error) || !start(s, cancel, error))
        return ATTEMPT_FAILED;
    if (!read_frame(s, cancel, &n_read, &failure))
        return attempt_failed(s, n_read, failure, cancel, error);
    if (!look(s, LOOK_MS, cancel, &n_after, error))
        return ATTEMPT_FAILED;
    camera->n_owed--;
    camera->frame_us = cel_transport_now_us(s->transport);
    if (n_after > 0 || !cel_wasatch_frame_decode(camera->bytes, n_read, n, out_counts))
        return set_again(error, CEL_TRANSPORT_ERROR_OVERFLOW, "more than a frame");
    if (s->is_xs && cel_wasatch_frame_is_flat(out_counts, n, camera->correction.saturation_counts))
        return set_again(error, CEL_TRANSPORT_ERROR_IO, "a frame of equal pixels");
    return ATTEMPT_GOOD;
}

static gboolean check_time(CelSession *s, double ms, GError **error)
{
    const CelWasatchEeprom *e = &s->eeprom;
    if (ms >= e->integration_min_ms && ms <= e->integration_max_ms)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refuses %g ms. Nothing was measured. Choose from %u to %u ms."),
                ms, e->integration_min_ms, e->integration_max_ms);
    return FALSE;
}

static guint n_retries(CelSession *s)
{
    return may_sleep(s) && is_asleep(s) ? N_RETRIES_ASLEEP : N_RETRIES;
}

static gboolean take(CelSession *s, const CelExposure *exposure, double *out_counts,
                     GCancellable *cancel, GError **error)
{
    Attempt outcome = ATTEMPT_AGAIN;
    g_autoptr(GError) failure = NULL;
    if (!check_time(s, exposure->integration_ms, error) ||
        (s->camera.n_owed > 0 && !cel_wasatch_drain(s, cancel, error)) ||
        !set_integration(s, (guint)lrint(exposure->integration_ms), cancel, error))
        return FALSE;
    for (guint i = 0; i <= n_retries(s) && outcome == ATTEMPT_AGAIN; i++) {
        g_clear_error(&failure);
        outcome = attempt(s, out_counts, cancel, &failure);
    }
    if (outcome != ATTEMPT_GOOD) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    cel_wasatch_frame_correct(&s->camera.correction, out_counts, s->camera.layout.n_pixels);
    return TRUE;
}

/* A frame that was to hold laser light and cannot is an error, not a dark frame. */
static gboolean check_light(CelSession *s, GCancellable *cancel, GError **error)
{
    if (!cel_wasatch_laser_can_fire(s, cancel, error))
        return FALSE;
    s->laser.has_answer = FALSE; /* one from before the frame proves nothing */
    if (!s->laser.is_read_back || cel_wasatch_laser(s) == CEL_LASER_ON)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        _("The laser went off by itself during the exposure. The measurement is "
                          "not usable. Check the interlock and the key, then repeat."));
    return FALSE;
}

gboolean cel_wasatch_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                            guint64 *out_frame_number, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    *out_frame_number = CEL_FRAME_NUMBER_NONE;
    const gboolean is_lit = exposure->laser_on && s->laser.kind == CEL_LASER_BUILT_IN;
    if (take(s, exposure, out_counts, cancel, &failure) &&
        (!is_lit || check_light(s, cancel, &failure)))
        return TRUE;
    cel_wasatch_laser_off(s, cancel);
    return cel_transport_explain(failure, _("Reading a spectrum"), error);
}
