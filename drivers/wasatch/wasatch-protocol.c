/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-protocol.h"

#include "base/cel-bytes.h"

#include <math.h>

/* ---- requests ---- */

static CelControl setup_of(guint8 type, CelWasatchOpcode opcode, guint16 argument)
{
    const guint8 low = (guint8)(opcode & 0xff);
    if (opcode > 0xff)
        return (CelControl){type, CEL_WASATCH_SECOND_TIER, low, argument};
    return (CelControl){type, low, argument, 0};
}

CelWasatchRequest cel_wasatch_set(gboolean is_arm, CelWasatchOpcode opcode, guint16 value)
{
    return (CelWasatchRequest){.setup = setup_of(CEL_WASATCH_TYPE_SET, opcode, value),
                               .n = is_arm ? CEL_WASATCH_MIN_ARM_BYTES : 0};
}

CelWasatchRequest cel_wasatch_set_with_bytes(CelWasatchOpcode opcode, guint16 value)
{
    return cel_wasatch_set(TRUE, opcode, value);
}

CelWasatchRequest cel_wasatch_set_integration(gboolean is_arm, guint ms)
{
    CelWasatchRequest request =
        cel_wasatch_set(is_arm, CEL_WASATCH_SET_INTEGRATION_TIME, (guint16)(ms & 0xffff));
    request.setup.index = (guint16)((ms >> 16) & 0xff);
    return request;
}

CelWasatchRequest cel_wasatch_set_us(CelWasatchOpcode opcode, guint64 us)
{
    CelWasatchRequest request = cel_wasatch_set_with_bytes(opcode, (guint16)(us & 0xffff));
    request.setup.index = (guint16)((us >> 16) & 0xffff);
    request.data[0] = (guint8)((us >> 32) & 0xff);
    return request;
}

/* The exact lengths that the maker's programs use; 64 for everything else, where a short answer is
 * the rule. */
static gsize room_for(CelWasatchOpcode opcode)
{
    switch (opcode) {
    case CEL_WASATCH_GET_FPGA_VERSION:
        return 7;
    case CEL_WASATCH_GET_DETECTOR_TEMPERATURE:
        return 2;
    case CEL_WASATCH_GET_LASER_ENABLE:
        return 1;
    default:
        return CEL_WASATCH_MAX_DATA;
    }
}

CelWasatchRequest cel_wasatch_get(gboolean is_arm, CelWasatchOpcode opcode)
{
    const gsize room = room_for(opcode);
    return (CelWasatchRequest){.setup = setup_of(CEL_WASATCH_TYPE_GET, opcode, 0),
                               .n = is_arm ? MAX(room, (gsize)CEL_WASATCH_MIN_ARM_BYTES) : room};
}

CelWasatchRequest cel_wasatch_get_page(guint page)
{
    return (CelWasatchRequest){
        .setup = setup_of(CEL_WASATCH_TYPE_GET, CEL_WASATCH_READ_EEPROM_PAGE, (guint16)page),
        .n = CEL_WASATCH_PAGE_BYTES};
}

/* ---- answers ---- */

static guint64 little_endian(CelBytes *bytes, guint width)
{
    guint64 value = 0;
    for (guint i = 0; i < width; i++)
        value |= (guint64)cel_bytes_u8(bytes) << (8 * i);
    return value;
}

static guint width_of(CelWasatchOpcode opcode)
{
    switch (opcode) {
    case CEL_WASATCH_GET_MOD_PERIOD:
    case CEL_WASATCH_GET_MOD_WIDTH:
        return 5;
    case CEL_WASATCH_GET_INTEGRATION_TIME:
        return 3;
    case CEL_WASATCH_GET_DETECTOR_GAIN:
    case CEL_WASATCH_GET_DETECTOR_GAIN_ODD:
    case CEL_WASATCH_GET_DETECTOR_OFFSET:
    case CEL_WASATCH_GET_DETECTOR_OFFSET_ODD:
    case CEL_WASATCH_GET_DETECTOR_TEC_SETPOINT:
    case CEL_WASATCH_GET_LASER_TEC_SETPOINT:
    case CEL_WASATCH_GET_DETECTOR_TEMPERATURE:
        return 2;
    default:
        return 1;
    }
}

gboolean cel_wasatch_answer(CelWasatchOpcode opcode, const guint8 *data, gsize n,
                            guint64 *out_value)
{
    CelBytes bytes = cel_bytes_of(data, n, CEL_BIG_ENDIAN);
    if (opcode == CEL_WASATCH_GET_DETECTOR_TEMPERATURE) /* the one that is big endian */
        *out_value = cel_bytes_u16(&bytes);
    else
        *out_value = little_endian(&bytes, width_of(opcode));
    return !bytes.failed;
}

gboolean cel_wasatch_firmware_text(const guint8 *data, gsize n, char *out, gsize out_size)
{
    CelBytes bytes = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    const guint32 v = cel_bytes_u32(&bytes);
    g_snprintf(out, out_size, "%u.%u.%u.%u", v >> 24, (v >> 16) & 0xff, (v >> 8) & 0xff, v & 0xff);
    return !bytes.failed;
}

void cel_wasatch_fpga_text(const guint8 *data, gsize n, char *out, gsize out_size)
{
    gsize used = 0;
    for (gsize i = 0; i < MIN(n, 7u) && used + 1 < out_size; i++) {
        if (data[i] > 0x20 && data[i] < 0x7f)
            out[used++] = (char)data[i];
    }
    out[used] = '\0';
}

/* ---- numbers ---- */

guint16 cel_wasatch_gain_code(double gain)
{
    return (guint16)lrint(CLAMP(gain, 0.0, 65535.0 / 256.0) * 256.0);
}

double cel_wasatch_gain_of(guint16 code)
{
    return code / 256.0;
}

double cel_wasatch_polynomial(const double *c, gsize n, double x)
{
    double sum = 0.0;
    for (gsize i = n; i > 0; i--)
        sum = sum * x + c[i - 1];
    return sum;
}

gboolean cel_wasatch_tec_raw(const double deg_c_to_dac[3], double celsius, guint16 *out_raw)
{
    const double *c = deg_c_to_dac; /* (2700, 0, 0): a board that was never calibrated */
    const double raw = cel_wasatch_polynomial(c, 3, celsius);
    const gboolean is_flat = fabs(c[1]) < 1e-12 && fabs(c[2]) < 1e-12;
    if (is_flat || !isfinite(raw))
        return FALSE;
    *out_raw = (guint16)lrint(CLAMP(raw, 0.0, (double)CEL_WASATCH_MAX_TEC_RAW));
    return TRUE;
}

gboolean cel_wasatch_modulation(double percent, CelWasatchModulation *out)
{
    *out = (CelWasatchModulation){.modulated = TRUE};
    if (!(percent > 0.0)) /* fails for a NaN */
        return FALSE;
    out->width_us = (guint)lrint(MIN(percent, 100.0) * CEL_WASATCH_MOD_PERIOD_US / 100.0);
    out->modulated = out->width_us < CEL_WASATCH_MOD_PERIOD_US;
    return out->width_us > 0;
}

guint16 cel_wasatch_watchdog_s(guint longest_ms)
{
    enum { TWO_EQUAL_BYTES = 0x0101 };
    const guint seconds = longest_ms / 1000 + 2; /* the host's own deadline comes first */
    if (seconds <= 0xff)
        return (guint16)seconds;
    return (guint16)MIN((seconds + TWO_EQUAL_BYTES - 1) / TWO_EQUAL_BYTES * TWO_EQUAL_BYTES,
                        0xffffu);
}

gboolean cel_wasatch_watchdog_agrees(guint16 sent_s, const guint8 *data, gsize n)
{
    CelBytes bytes = cel_bytes_of(data, n, CEL_BIG_ENDIAN);
    const guint16 got = cel_bytes_u16(&bytes);
    return !bytes.failed && (got == sent_s || got == GUINT16_SWAP_LE_BE(sent_s));
}

/* ---- one frame ---- */

enum { ENDPOINT_FIRST = 0x82, ENDPOINT_SECOND = 0x86, SPLIT_PIXELS = 2048, PIXEL_BYTES = 2 };

CelWasatchLayout cel_wasatch_layout(gsize n_pixels, gboolean is_arm)
{
    const gsize n_bytes = n_pixels * PIXEL_BYTES;
    CelWasatchLayout layout = {
        .n_pixels = n_pixels, .n_parts = 1, .parts = {{ENDPOINT_FIRST, n_bytes}}};
    if (n_pixels == SPLIT_PIXELS && !is_arm) {
        layout.n_parts = 2;
        layout.parts[0].n_bytes = n_bytes / 2;
        layout.parts[1] = (CelWasatchFramePart){ENDPOINT_SECOND, n_bytes / 2};
    }
    return layout;
}

gboolean cel_wasatch_frame_decode(const guint8 *data, gsize n, gsize n_pixels, double *out_counts)
{
    if (n_pixels > CEL_WASATCH_MAX_PIXELS || n != n_pixels * PIXEL_BYTES)
        return FALSE;
    CelBytes bytes = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    for (gsize i = 0; i < n_pixels; i++)
        out_counts[i] = cel_bytes_u16(&bytes);
    return !bytes.failed;
}

static void correct_odd(const CelWasatchCorrection *c, double *counts, gsize n)
{
    for (gsize i = 1; i < n; i += 2) {
        if (counts[i] >= c->saturation_counts)
            continue;
        const double raw = (counts[i] - c->offset) / c->gain;
        counts[i] = CLAMP(raw * c->gain_odd + c->offset_odd, 0.0, c->saturation_counts);
    }
}

static void invert(double *counts, gsize n)
{
    for (gsize i = 0; i < n / 2; i++) {
        const double other = counts[n - 1 - i];
        counts[n - 1 - i] = counts[i];
        counts[i] = other;
    }
}

static void bin(double *counts, gsize n, double full)
{
    for (gsize i = 0; i + 1 < n; i++) {
        const gboolean is_full = counts[i] >= full || counts[i + 1] >= full;
        counts[i] = is_full ? full : 0.5 * (counts[i] + counts[i + 1]);
    }
}

void cel_wasatch_frame_correct(const CelWasatchCorrection *c, double *counts, gsize n)
{
    if (c->even_odd)
        correct_odd(c, counts, n);
    if (c->invert)
        invert(counts, n);
    if (c->bin)
        bin(counts, n, c->saturation_counts);
}

gboolean cel_wasatch_frame_is_flat(const double *counts, gsize n, double saturation_counts)
{
    for (gsize i = 1; i < n; i++) {
        if (counts[i] < counts[0] || counts[i] > counts[0])
            return FALSE;
    }
    return n > 0 && counts[0] < saturation_counts;
}

guint cel_wasatch_frame_timeout_ms(const CelWasatchWait *w)
{
    /* Wasatch.NET for IMX (8 x, 500 ms a device), Wasatch.PY for the rest (2 x, 1000 ms a device)
     * and for what a sleeping sensor takes longer */
    enum { IMX_FRAMES = 8, IMX_EXTRA_MS = 20, ASLEEP_MS = 10000, IMX_BUS_MS = 500, BUS_MS = 1000 };
    const guint n_open = CLAMP(w->n_open, 1u, 32u);
    const guint longest_ms = MAX(w->integration_ms, w->previous_ms);
    if (w->is_imx)
        return IMX_FRAMES * longest_ms + IMX_BUS_MS * n_open + IMX_EXTRA_MS +
               (w->is_first ? ASLEEP_MS : 0);
    return 2 * longest_ms + BUS_MS * n_open;
}
