/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-wasatch.h"

#include "base/cel-bytes.h"

enum { NEVER_MS = 3600000, EP_SECOND = 0x86, SECOND_TIER = 0x100 };

/* ---- memory ---- */

static CelBytesOut at(FakeWasatch *fake, guint page, guint offset)
{
    return cel_bytes_out(fake->pages[page] + offset, FAKE_WASATCH_PAGE_BYTES - offset,
                         CEL_LITTLE_ENDIAN);
}

void fake_wasatch_put_u8(FakeWasatch *fake, guint page, guint offset, guint8 value)
{
    CelBytesOut out = at(fake, page, offset);
    cel_bytes_put_u8(&out, value);
}

void fake_wasatch_put_u16(FakeWasatch *fake, guint page, guint offset, guint16 value)
{
    CelBytesOut out = at(fake, page, offset);
    cel_bytes_put_u16(&out, value);
}

void fake_wasatch_put_u32(FakeWasatch *fake, guint page, guint offset, guint32 value)
{
    CelBytesOut out = at(fake, page, offset);
    cel_bytes_put_u32(&out, value);
}

void fake_wasatch_put_f32(FakeWasatch *fake, guint page, guint offset, float value)
{
    CelBytesOut out = at(fake, page, offset);
    cel_bytes_put_f32(&out, value);
}

void fake_wasatch_put_text(FakeWasatch *fake, guint page, guint offset, const char *text,
                           guint width)
{
    CelBytesOut out = at(fake, page, offset);
    cel_bytes_put_text(&out, text, width);
}

static void put_floats(FakeWasatch *fake, guint page, guint offset, const float *values, guint n)
{
    for (guint i = 0; i < n; i++)
        fake_wasatch_put_f32(fake, page, offset + 4 * i, values[i]);
}

static void write_head(FakeWasatch *fake)
{
    fake_wasatch_put_text(fake, 0, 0, "WP-785-TEST", 16);
    fake_wasatch_put_text(fake, 0, 16, "WP-00001", 16);
    fake_wasatch_put_u8(fake, 0, 36, 1);
    fake_wasatch_put_u8(fake, 0, 38, 1);
    fake_wasatch_put_u16(fake, 0, 39, 0x0040); /* interlock can be read */
    fake_wasatch_put_u16(fake, 0, 41, 50);
    fake_wasatch_put_u16(fake, 0, 43, 10);
    fake_wasatch_put_u16(fake, 0, 45, 12);
    put_floats(fake, 0, 48, (const float[]){1.9f}, 1);
    put_floats(fake, 0, 54, (const float[]){1.9f}, 1);
    fake_wasatch_put_u8(fake, 0, 63, 15);
}

static void write_optics(FakeWasatch *fake)
{
    put_floats(fake, 1, 0, (const float[]){800.0f, 0.15f, -1e-5f, 0.0f}, 4);
    put_floats(fake, 1, 16, (const float[]){3000.0f, -50.0f, 0.1f}, 3);
    fake_wasatch_put_u16(fake, 1, 28, 20);
    fake_wasatch_put_u16(fake, 1, 30, 10);
    put_floats(fake, 1, 32, (const float[]){60.0f, -0.02f, 0.0f}, 3);
    fake_wasatch_put_text(fake, 1, 48, "01/02/2024", 12);
    fake_wasatch_put_text(fake, 1, 60, "AB", 3);
    fake_wasatch_put_text(fake, 2, 0, "S16011-1006", 16);
    fake_wasatch_put_u16(fake, 2, 16, 1024);
    fake_wasatch_put_u16(fake, 2, 25, 1024);
    fake_wasatch_put_u16(fake, 2, 27, 100);
    fake_wasatch_put_u16(fake, 2, 29, 1000);
}

static void write_laser(FakeWasatch *fake)
{
    put_floats(fake, 3, 12, (const float[]){2.0f, 0.24f, 0.0f, 0.0f}, 4);
    put_floats(fake, 3, 28, (const float[]){400.0f, 5.0f, 785.0f}, 3);
    fake_wasatch_put_u32(fake, 3, 40, 3);
    fake_wasatch_put_u32(fake, 3, 44, 60000);
    fake_wasatch_put_f32(fake, 3, 48, 9.5f);
    fake_wasatch_put_u16(fake, 3, 52, 10);
    fake_wasatch_put_text(fake, 4, 0, "the owner's words", 63);
    for (guint i = 0; i < 15; i++)
        fake_wasatch_put_u16(fake, 5, 2 * i, 0xffff);
}

FakeWasatch *fake_wasatch_new(void)
{
    FakeWasatch *fake = g_new0(FakeWasatch, 1);
    fake->product = 0x1000;
    write_head(fake);
    write_optics(fake);
    write_laser(fake);
    fake->can_fire = 1;
    fake->adc = 2400;
    fake->fifo[0] = g_byte_array_new();
    fake->fifo[1] = g_byte_array_new();
    fake->in_flight = g_byte_array_new();
    return fake;
}

void fake_wasatch_make_xs(FakeWasatch *fake)
{
    fake->product = 0x4000;
    fake_wasatch_put_text(fake, 0, 0, "WP-785XS-TEST", 16);
    fake_wasatch_put_u8(fake, 0, 36, 0);
    fake_wasatch_put_u8(fake, 0, 63, 18);
    fake_wasatch_put_text(fake, 2, 0, "IMX385", 16);
    fake_wasatch_put_u16(fake, 2, 16, 1952);
    fake_wasatch_put_f32(fake, 1, 4, 0.1f);
    fake->can_fire = 8;
}

void fake_wasatch_free(FakeWasatch *fake)
{
    if (fake == NULL)
        return;
    g_byte_array_unref(fake->fifo[0]);
    g_byte_array_unref(fake->fifo[1]);
    g_byte_array_unref(fake->in_flight);
    g_free(fake);
}

/* ---- frames ---- */

guint16 fake_wasatch_pixel(guint number, gsize i)
{
    return (guint16)(1000 + 7 * number + i % 997);
}

static guint n_pixels(const FakeWasatch *fake)
{
    CelBytes bytes = cel_bytes_of(fake->pages[2] + 16, 2, CEL_LITTLE_ENDIAN);
    return cel_bytes_u16(&bytes);
}

static void append_pixel(FakeWasatch *fake, gsize i, guint16 value)
{
    const gboolean is_second = n_pixels(fake) == 2048 && fake->product != 0x4000 && i >= 1024;
    guint8 bytes[2];
    CelBytesOut out = cel_bytes_out(bytes, sizeof bytes, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u16(&out, value);
    g_byte_array_append(fake->fifo[is_second ? 1 : 0], bytes, sizeof bytes);
}

static void make_frame(FakeWasatch *fake)
{
    GByteArray *last = fake->fifo[n_pixels(fake) == 2048 && fake->product != 0x4000 ? 1 : 0];
    const gboolean flat = fake->flat_frames > 0;
    fake->n_pending--;
    for (guint i = 0; i < fake->n_pending; i++)
        fake->ready_us[i] = fake->ready_us[i + 1];
    fake->n_frames++;
    for (guint i = 0; i < n_pixels(fake); i++)
        append_pixel(fake, i, flat ? 1234 : fake_wasatch_pixel(fake->n_frames, i));
    fake->flat_frames -= flat ? 1 : 0;
    g_byte_array_set_size(last, last->len - MIN(last->len, fake->cut_bytes));
    fake_wasatch_leave(fake, fake->extra_bytes);
    fake->cut_bytes = fake->extra_bytes = 0;
}

void fake_wasatch_leave(FakeWasatch *fake, gsize n)
{
    for (gsize i = 0; i < n; i++)
        g_byte_array_append(fake->fifo[0], (const guint8 *)"\x55", 1);
}

static FakeAnswer answer_bulk(FakeWasatch *fake, const FakeRequest *r)
{
    GByteArray *fifo = fake->fifo[r->endpoint == EP_SECOND ? 1 : 0];
    gint64 delay_ms = 0;
    g_byte_array_set_size(fake->in_flight, 0);
    if (fake->stall_bulk > 0 && fake->n_pending > 0) {
        fake->stall_bulk--;
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    }
    while (fake->n_pending > 0 && fake->ready_us[0] <= r->now_us)
        make_frame(fake);
    if (fifo->len == 0 && fake->n_pending > 0) {
        delay_ms = (fake->ready_us[0] - r->now_us + 999) / 1000;
        if (delay_ms <= r->timeout_ms)
            make_frame(fake);
    }
    if (fifo->len == 0)
        return (FakeAnswer){.code = FAKE_OK, .delay_ms = NEVER_MS};
    const guint piece = fake->pieces > 0 ? fake->pieces : G_MAXUINT;
    const guint packets = (guint)((r->n + 511) / 512) * 512;
    const guint n = MIN(MIN(fifo->len, piece), packets);
    for (guint i = 0; i < MIN(n, r->n); i++)
        r->in[i] = fifo->data[i];
    g_byte_array_append(fake->in_flight, fifo->data, n);
    fake->in_flight_part = r->endpoint == EP_SECOND ? 1 : 0;
    g_byte_array_remove_range(fifo, 0, n);
    return (FakeAnswer){.code = FAKE_OK, .n = n, .delay_ms = (guint)delay_ms};
}

/* What was about to be given stays in the endpoint. */
static void take_back(const FakeRequest *request, gpointer user_data)
{
    FakeWasatch *fake = user_data;
    if (!request->is_bulk || fake->in_flight->len == 0)
        return;
    g_byte_array_prepend(fake->fifo[fake->in_flight_part], fake->in_flight->data,
                         fake->in_flight->len);
    g_byte_array_set_size(fake->in_flight, 0);
}

/* ---- settings ---- */

static void set_laser(FakeWasatch *fake, gboolean on)
{
    fake->n_off += on ? 0 : 1;
    if (fake->drop_enable > 0)
        fake->drop_enable--;
    else if (on || !fake->laser_stuck)
        fake->laser = on;
    fake->was_full_power |= fake->laser && !fake->modulated;
}

static guint64 us40(const FakeRequest *r)
{
    return r->setup.value | (guint64)r->setup.index << 16 | (guint64)r->out[0] << 32;
}

/* One after the other: what is asked for during an exposure comes after it. */
static void start_exposure(FakeWasatch *fake, const FakeRequest *r)
{
    const guint n = fake->n_pending;
    fake->n_acquire++;
    if (fake->lose_acquire > 0 || n == FAKE_WASATCH_MAX_PENDING) {
        fake->lose_acquire -= MIN(fake->lose_acquire, 1u);
        return;
    }
    const gint64 from_us = n > 0 ? MAX(fake->ready_us[n - 1], r->now_us) : r->now_us;
    fake->ready_us[n] = from_us + (gint64)(fake->integration_ms + fake->late_ms) * 1000;
    fake->n_pending++;
    fake->late_ms = 0;
}

static void power_changed(FakeWasatch *fake)
{
    fake->was_set_while_lit |= fake->laser;
    fake->was_full_power |= fake->laser && !fake->modulated;
}

static void obey(FakeWasatch *fake, const FakeRequest *r)
{
    switch (r->setup.request) {
    case 0xad:
        start_exposure(fake, r);
        break;
    case 0xb2:
        fake->integration_ms = r->setup.value | (guint)(r->setup.index & 0xff) << 16;
        break;
    case 0xbe:
        set_laser(fake, r->setup.value != 0);
        break;
    case 0xbd:
        fake->modulated = r->setup.value != 0;
        power_changed(fake);
        break;
    case 0xc7:
        fake->period_us = us40(r);
        power_changed(fake);
        break;
    case 0xdb:
        fake->width_us = us40(r);
        power_changed(fake);
        break;
    case 0xff:
        if (r->setup.value == 0x18)
            fake->watchdog_s = r->setup.index;
        break;
    default:
        fake->registers[r->setup.request] = r->setup.value;
        break;
    }
}

/* ---- getters ---- */

static FakeAnswer give(const FakeRequest *r, const guint8 *data, gsize n)
{
    for (gsize i = 0; i < MIN(n, r->n); i++)
        r->in[i] = data[i];
    return (FakeAnswer){.code = FAKE_OK, .n = MIN(n, r->n)};
}

static FakeAnswer give_number(const FakeRequest *r, guint64 value, guint width, CelByteOrder order)
{
    guint8 data[8] = {0};
    for (guint i = 0; i < width; i++)
        data[order == CEL_LITTLE_ENDIAN ? i : width - 1 - i] = (guint8)(value >> (8 * i));
    return give(r, data, width);
}

static FakeAnswer give_page(FakeWasatch *fake, const FakeRequest *r)
{
    const FakeAnswer answer = give(r, fake->pages[r->setup.index], FAKE_WASATCH_PAGE_BYTES);
    if (fake->garble_pages > 0 && r->setup.index == 1) {
        fake->garble_pages--;
        r->in[1] ^= 0x40; /* of the first wavelength coefficient */
    }
    return answer;
}

static FakeAnswer answer_second_tier(FakeWasatch *fake, const FakeRequest *r)
{
    switch (r->setup.value) {
    case 0x01:
        if (r->setup.index >= FAKE_WASATCH_PAGES || fake->mute_pages > 0) {
            fake->mute_pages -= MIN(fake->mute_pages, 1u);
            return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
        }
        return give_page(fake, r);
    case 0x0d:
        return give_number(r, fake->laser ? 1 : 0, 1, CEL_LITTLE_ENDIAN);
    case 0x17:
        return give_number(r, fake->watchdog_s, 2,
                           fake->swap_watchdog ? CEL_LITTLE_ENDIAN : CEL_BIG_ENDIAN);
    default:
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    }
}

static FakeAnswer answer_getter(FakeWasatch *fake, const FakeRequest *r)
{
    switch (r->setup.request) {
    case 0xc0:
        return give(r, (const guint8 *)"\x07\x00\x01\x0a", 4);
    case 0xb4:
        return give(r, (const guint8 *)"026-007", 7);
    case 0xbf:
        return give_number(r, fake->integration_ms, 3, CEL_LITTLE_ENDIAN);
    case 0xcb:
        return give_number(r, fake->period_us, 5, CEL_LITTLE_ENDIAN);
    case 0xdc:
        return give_number(r, fake->width_us, 5, CEL_LITTLE_ENDIAN);
    case 0xe3:
        return give_number(r, fake->modulated ? 1 : 0, 1, CEL_LITTLE_ENDIAN);
    case 0xe2:
        return give_number(r, fake->laser ? 1 : 0, 1, CEL_LITTLE_ENDIAN);
    case 0xef:
        return give_number(r, fake->can_fire, 1, CEL_LITTLE_ENDIAN);
    case 0xd7:
        return give_number(r, fake->adc, 2, CEL_BIG_ENDIAN);
    case 0x8b:
        return give_number(r, fake->warning_delay_s, 1, CEL_LITTLE_ENDIAN);
    case 0xde:
        return give_number(r, fake->registers[0xdd], 1, CEL_LITTLE_ENDIAN);
    case 0xc5:
        return give_number(r, fake->registers[0xb7], 2, CEL_LITTLE_ENDIAN);
    case 0xc4:
        return give_number(r, fake->registers[0xb6], 2, CEL_LITTLE_ENDIAN);
    case 0xff:
        return answer_second_tier(fake, r);
    default:
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    }
}

static FakeAnswer answer_control(FakeWasatch *fake, const FakeRequest *r)
{
    const gboolean second = r->setup.request == 0xff;
    const int opcode = second ? SECOND_TIER + r->setup.value : r->setup.request;
    const gboolean is_get = (r->setup.request_type & 0x80) != 0;
    if (fake->product == 0x4000 && r->n < 8)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    if (fake->stall_opcode == opcode)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    if (is_get && fake->odd_opcode == opcode) {
        for (gsize i = 0; i < r->n; i++)
            r->in[i] = fake->odd_value;
        return (FakeAnswer){.code = FAKE_OK, .n = r->n};
    }
    if (is_get)
        return answer_getter(fake, r);
    obey(fake, r);
    if (fake->stall_setters)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    return (FakeAnswer){.code = FAKE_OK, .n = r->n};
}

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    FakeWasatch *fake = user_data;
    return request->is_bulk ? answer_bulk(fake, request) : answer_control(fake, request);
}

FakeDevice fake_wasatch_device(FakeWasatch *fake)
{
    return (FakeDevice){.vendor = 0x24aa,
                        .product = fake->product,
                        .answer = answer,
                        .taken_back = take_back,
                        .user_data = fake};
}
