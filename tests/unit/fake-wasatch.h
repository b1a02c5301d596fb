/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-bus.h"

G_BEGIN_DECLS

/*
 * A made-up Wasatch unit for the bus in memory: enough of the protocol for the driver, with faults
 * that can be ordered, and a count of what must never happen. A test reads and writes its fields
 * between calls.
 */

enum { FAKE_WASATCH_PAGES = 9, FAKE_WASATCH_PAGE_BYTES = 64, FAKE_WASATCH_MAX_PENDING = 8 };

typedef struct {
    guint16 product;
    guint8 pages[FAKE_WASATCH_PAGES][FAKE_WASATCH_PAGE_BYTES];

    /* what it was told */
    guint integration_ms;
    gboolean laser, modulated;
    guint64 period_us, width_us;
    guint watchdog_s;
    guint registers[256]; /* values of the other setters, by opcode of the setter */
    guint8 can_fire, warning_delay_s;
    guint16 adc; /* of the detector's thermometer */

    /* what it did */
    guint n_acquire, n_frames, n_off;
    gboolean was_full_power;    /* lit and not modulated */
    gboolean was_set_while_lit; /* power changed with the laser on */

    /* what goes wrong: counts go down as it happens */
    guint lose_acquire;     /* so many ACQUIRE come to nothing */
    guint late_ms;          /* the next frame comes so much later */
    guint cut_bytes;        /* the next frame breaks off so many bytes before its end */
    guint extra_bytes;      /* the next frame has so many more */
    guint stall_bulk;       /* so many reads of a frame stall */
    guint flat_frames;      /* so many frames of equal pixels */
    guint drop_enable;      /* so many laser commands are taken and not obeyed */
    gboolean laser_stuck;   /* "off" is not obeyed */
    gboolean stall_setters; /* every set is obeyed and reported as failed */
    guint mute_pages;       /* so many reads of memory stall */
    guint garble_pages;     /* so many reads of memory have one bit wrong */
    int stall_opcode;       /* this getter or setter stalls; 0: none. Second tier: 0x100 + number */
    gboolean swap_watchdog;
    int odd_opcode; /* this getter answers with @odd_value in every byte */
    guint8 odd_value;
    guint pieces; /* frames come in pieces of so many bytes; 0: whole */

    /* its own */
    GByteArray *fifo[2];
    gint64 ready_us[FAKE_WASATCH_MAX_PENDING]; /* when the frames that were asked for come */
    guint n_pending;
    GByteArray *in_flight;
    guint in_flight_part;
} FakeWasatch;

/** fake_wasatch_new: Returns: (transfer full): an FX2 unit of 1024 pixels, 785 nm, laser of 5 to
 * 400 mW, interlock that can be read, cooled, format 15. */
FakeWasatch *fake_wasatch_new(void);

/** fake_wasatch_make_xs: turns it into an ARM unit with IMX sensor, 1952 pixels, format 18. */
void fake_wasatch_make_xs(FakeWasatch *fake);

/** fake_wasatch_free: @fake: (nullable) */
void fake_wasatch_free(FakeWasatch *fake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeWasatch, fake_wasatch_free)

/** fake_wasatch_device: Returns: how it behaves on the bus. */
FakeDevice fake_wasatch_device(FakeWasatch *fake);

/** fake_wasatch_put_u8 and the others: writes into a page, little endian. */
void fake_wasatch_put_u8(FakeWasatch *fake, guint page, guint offset, guint8 value);
void fake_wasatch_put_u16(FakeWasatch *fake, guint page, guint offset, guint16 value);
void fake_wasatch_put_u32(FakeWasatch *fake, guint page, guint offset, guint32 value);
void fake_wasatch_put_f32(FakeWasatch *fake, guint page, guint offset, float value);
void fake_wasatch_put_text(FakeWasatch *fake, guint page, guint offset, const char *text,
                           guint width);

/** fake_wasatch_pixel: Returns: what pixel @i of the frame @number (from 1) holds. */
guint16 fake_wasatch_pixel(guint number, gsize i);

/** fake_wasatch_leave: puts @n bytes of another frame into the first endpoint. */
void fake_wasatch_leave(FakeWasatch *fake, gsize n);

G_END_DECLS
