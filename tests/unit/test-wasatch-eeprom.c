/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-wasatch.h"

#include "base/cel-error.h"
#include "wasatch/wasatch-eeprom.h"

#include <math.h>
#include <string.h>

/* One parse of the pages of a fake unit, which a test may have changed before. */
typedef struct {
    CelWasatchEeprom e;
    GPtrArray *notes;
    GError *error;
    gboolean ok;
} Parsed;

static void parsed_clear(Parsed *p)
{
    g_ptr_array_unref(p->notes);
    g_clear_error(&p->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parsed, parsed_clear)

static Parsed parse_bytes(const guint8 *bytes, gsize n)
{
    Parsed p = {.notes = g_ptr_array_new_with_free_func(g_free)};
    p.ok = cel_wasatch_eeprom_parse(bytes, n, &p.e, p.notes, &p.error);
    return p;
}

static Parsed parse(FakeWasatch *fake)
{
    return parse_bytes(&fake->pages[0][0], sizeof fake->pages);
}

static void assert_note(const Parsed *p, const char *part)
{
    g_assert_true(p->ok);
    for (guint i = 0; i < p->notes->len; i++) {
        if (strstr(g_ptr_array_index(p->notes, i), part) != NULL)
            return;
    }
    g_test_message("no note says: %s", part);
    g_test_fail();
}

static void assert_refused(const Parsed *p)
{
    g_assert_false(p->ok);
    g_assert_error(p->error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_sound_memory_is_read_without_a_note(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    g_auto(Parsed) p = parse(fake);
    g_assert_true(p.ok);
    g_assert_cmpuint(p.notes->len, ==, 0);
    g_assert_cmpstr(p.e.serial, ==, "WP-00001");
    g_assert_cmpuint(p.e.n_pixels, ==, 1024);
    g_assert_cmpuint(p.e.n_wavelength, ==, 5);
    g_assert_true(p.e.has_roi && p.e.has_power && p.e.has_gain && p.e.has_startup_celsius);
}

/* ---- the one real dump among the maker's test data: WP-785 SiG, format 12 ---- */

static void put(guint8 *pages, gsize at, const char *hex)
{
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += hex[2] == ' ' ? 3 : 2)
        pages[at++] = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
}

/* Wasatch.PY testSpectrometers/SiG_785/eeprom/EEPROM-EM-9c65d19f4c.json; what the values do not
 * depend on is zero. */
static void fill_authentic(guint8 *p)
{
    put(p, 0, "57 50");
    put(p, 16, "45 4d");
    put(p, 32, "2c 01 00 00 00 00 00 00 00 05 00 0a 00 0f 00 00");
    put(p, 48, "00 00 80 3f 00 00 33 33 f3 3f 00 00 00 00 00 0c");
    put(p, 64, "56 66 41 44 a5 12 2e 3e 10 52 20 b8 3a 9e 03 32");
    put(p, 80, "00 00 00 00 00 00 80 3f 00 00 00 00 14 00 0a 00");
    put(p, 96, "00 00 00 00 00 00 80 3f 00 00 00 00 10 27 7a 0d");
    put(p, 112, "36 2f 32 33 2f 32 30 32 31 00 00 00 45 4d 44 01");
    put(p, 128, "49 4d 58 33 38 35");
    put(p, 144, "a0 07 00 38 04 00 00 00 00 a0 07");
    for (gsize i = 0; i < 5; i++)
        put(p, 128 + 43 + 4 * i, "00 00 80 bf");
    p[191] = 2;
    put(p, 192 + 29, "60 ea 46");
    put(p, 192 + 32, "00 00 fa 43 00 40 44 44 01 00 00 00 88 13 00 00");
    p[255] = 0xff;
    memset(p + 320, 0xff, 30);
    p[383] = 3;
    put(p, 448, "00 00 00 00 0a f4 01 5a 04");
}

static void the_authentic_memory_gives_the_printed_values(void)
{
    guint8 pages[512] = {0};
    fill_authentic(pages);
    g_auto(Parsed) p = parse_bytes(pages, sizeof pages);
    const CelWasatchEeprom *e = &p.e;
    g_assert_no_error(p.error);
    g_assert_cmpstr(e->model, ==, "WP");
    g_assert_cmpstr(e->serial, ==, "EM");
    g_assert_cmpuint(e->format, ==, 12);
    g_assert_cmpuint(e->subformat, ==, 3);
    g_assert_cmpfloat_with_epsilon(e->gain, 1.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(e->gain_odd, 1.9, 1e-6);
    g_assert_cmpuint(e->startup_integration_ms, ==, 10);
    g_assert_cmpint(e->startup_celsius, ==, 15);
    g_assert_cmpfloat_with_epsilon(e->wavelength[0], 773.599, 5e-4);
    g_assert_cmpfloat_with_epsilon(e->wavelength[1], 0.169993, 5e-7);
    g_assert_cmpfloat_with_epsilon(e->wavelength[2], -3.82234e-05, 5e-11);
    g_assert_cmpfloat_with_epsilon(e->wavelength[3], 7.66118e-09, 5e-15);
    g_assert_cmpint(e->celsius_max, ==, 20);
    g_assert_cmpint(e->celsius_min, ==, 10);
    g_assert_cmpint(e->thermistor_r298, ==, 10000);
    g_assert_cmpint(e->thermistor_beta, ==, 3450);
    g_assert_cmpstr(e->calibration_date, ==, "6/23/2021");
    g_assert_cmpstr(e->calibrated_by, ==, "EMD");
    g_assert_cmpstr(e->detector, ==, "IMX385");
    g_assert_cmpuint(e->n_pixels, ==, 1952);
    g_assert_cmpuint(e->n_lines, ==, 1080);
    g_assert_cmpfloat_with_epsilon(e->excitation_nm, 785.0, 1e-9);
    g_assert_cmpuint(e->integration_min_ms, ==, 1);
    g_assert_cmpuint(e->integration_max_ms, ==, 5000);
    g_assert_cmpuint(e->n_bad_pixels, ==, 0);
}

/* Its limits of 30000 and 500 mW are junk. */
static void the_authentic_memorys_junk_power_is_not_believed(void)
{
    guint8 pages[512] = {0};
    double percent = 0.0;
    fill_authentic(pages);
    pages[38] = 1; /* with a laser the limits matter */
    g_auto(Parsed) p = parse_bytes(pages, sizeof pages);
    assert_note(&p, "30000");
    g_assert_false(p.e.has_power);
    g_assert_false(cel_wasatch_power_percent(&p.e, 100.0, &percent));
}

/* ---- fixtures of three units: a check of the layout ---- */

typedef struct {
    const char *file, *serial;
    double excitation_nm;
    guint integration_min_ms;
} Unit;

static void the_serialised_units_are_read(void)
{
    static const Unit units[] = {{"wp-00887-eeprom.bin", "WP-00887", 785.0, 3},
                                 {"wp-00904-eeprom.bin", "WP-00904", 829.741, 3},
                                 {"wp-00913-eeprom.bin", "WP-00913", 785.051, 2}};
    const char *shared = g_getenv("CELADON_SHARED");
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autofree char *path = g_build_filename(shared != NULL ? shared : "", "protocols",
                                                 "fixtures", units[i].file, NULL);
        g_autofree char *bytes = NULL;
        gsize n = 0;
        if (!g_file_get_contents(path, &bytes, &n, NULL)) {
            g_test_skip("CELADON_SHARED does not name the folder with the fixtures");
            return;
        }
        g_auto(Parsed) p = parse_bytes((const guint8 *)bytes, n);
        g_assert_no_error(p.error);
        g_assert_cmpstr(p.e.serial, ==, units[i].serial);
        g_assert_cmpfloat_with_epsilon(p.e.excitation_nm, units[i].excitation_nm, 5e-4);
        g_assert_cmpuint(p.e.n_pixels, ==, 1024);
        g_assert_cmpuint(p.e.n_wavelength, ==, 5);
        g_assert_cmpuint(p.e.roi[1], <=, 1023);
        g_assert_true(p.e.has_roi);
        g_assert_cmpuint(p.e.integration_min_ms, ==, units[i].integration_min_ms);
        g_assert_cmpuint(p.e.integration_max_ms, ==, 60000);
        g_assert_cmpuint(p.e.n_intensity, ==, 6);
    }
}

/* ---- refused ---- */

static void a_memory_that_was_never_written_is_refused(void)
{
    guint8 pages[576];
    memset(pages, 0xff, sizeof pages);
    g_auto(Parsed) p = parse_bytes(pages, sizeof pages);
    assert_refused(&p);
    g_assert_nonnull(strstr(p.error->message, "never written"));
}

static void the_program_of_the_chip_in_place_of_text_is_refused(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    memcpy(fake->pages[0], "\x02\x0e\x47\x00\x02\x05\x33", 7);
    g_auto(Parsed) model = parse(fake);
    assert_refused(&model);
    fake_wasatch_put_text(fake, 0, 0, "WP-785", 16);
    memcpy(fake->pages[0] + 16, "WP\x90", 3);
    g_auto(Parsed) serial = parse(fake);
    assert_refused(&serial);
}

static void a_unit_without_a_serial_number_is_refused(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_text(fake, 0, 16, "", 16);
    g_auto(Parsed) p = parse(fake);
    assert_refused(&p);
}

static void zero_pixels_and_too_many_are_refused(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    const guint16 wrong[] = {0, 1, 2049, 0xffff};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        fake_wasatch_put_u16(fake, 2, 16, wrong[i]);
        g_auto(Parsed) p = parse(fake);
        assert_refused(&p);
    }
}

static void a_format_of_the_future_is_refused(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u8(fake, 0, 63, 20);
    g_auto(Parsed) p = parse(fake);
    assert_refused(&p);
}

static void a_memory_cut_short_is_refused(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    g_auto(Parsed) p = parse_bytes(&fake->pages[0][0], 511);
    assert_refused(&p);
}

static void every_format_up_to_19_is_read(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    for (guint8 format = 0; format <= 19; format++) {
        fake_wasatch_put_u8(fake, 0, 63, format);
        g_auto(Parsed) p = parse(fake);
        g_assert_no_error(p.error);
        g_assert_cmpuint(p.e.format, ==, format);
        g_assert_cmpuint(p.e.n_wavelength, ==, format >= 8 ? 5u : 4u);
        g_assert_cmpint(p.e.has_gain, ==, format >= 3);
        g_assert_cmpint(p.e.has_attenuator, ==, format >= 18);
    }
}

/* ---- repaired or left out ---- */

static void a_coefficient_that_is_no_number_takes_the_axis_away(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_f32(fake, 1, 8, (float)NAN);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "wavelength coefficient");
    g_assert_cmpuint(p.e.n_wavelength, ==, 0);
}

static void a_fifth_coefficient_that_was_never_written_is_none(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u32(fake, 2, 21, 0xffffffff);
    g_auto(Parsed) p = parse(fake);
    g_assert_cmpuint(p.e.n_wavelength, ==, 4);
    fake_wasatch_put_u32(fake, 2, 21, 0x7f800000); /* infinity is no such thing */
    g_auto(Parsed) infinite = parse(fake);
    g_assert_cmpuint(infinite.e.n_wavelength, ==, 0);
}

static void an_excitation_that_cannot_be_is_not_known(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    const float wrong[] = {(float)NAN, 0.0f, -785.0f, 1e9f};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        fake_wasatch_put_f32(fake, 3, 36, wrong[i]);
        g_auto(Parsed) p = parse(fake);
        assert_note(&p, "excitation");
        g_assert_cmpfloat_with_epsilon(p.e.excitation_nm, 0.0, 1e-12);
    }
}

static void an_old_format_holds_the_excitation_in_whole_nanometres(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u8(fake, 0, 63, 3);
    fake_wasatch_put_u16(fake, 0, 39, 830);
    g_auto(Parsed) p = parse(fake);
    g_assert_cmpfloat_with_epsilon(p.e.excitation_nm, 830.0, 1e-12);
    g_assert_cmpuint(p.e.features, ==, 0);
}

/* 785 as a mask would turn the axis round. */
static void format_9_with_an_excitation_in_place_of_the_mask_is_seen(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u8(fake, 0, 63, 9);
    fake_wasatch_put_u16(fake, 0, 39, 785);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "format 9");
    g_assert_cmpuint(p.e.features, ==, 0);
    fake_wasatch_put_u16(fake, 0, 39, 0x0041);
    g_auto(Parsed) mask = parse(fake);
    g_assert_cmpuint(mask.e.features, ==, 0x0041);
}

static void integration_limits_never_written_become_1_to_60000(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u32(fake, 3, 40, 0xffff);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "integration");
    g_assert_cmpuint(p.e.integration_min_ms, ==, 1);
    g_assert_cmpuint(p.e.integration_max_ms, ==, 60000);
}

static void reversed_integration_limits_are_turned(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u32(fake, 3, 40, 60000);
    fake_wasatch_put_u32(fake, 3, 44, 3);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "reversed");
    g_assert_cmpuint(p.e.integration_min_ms, ==, 3);
    g_assert_cmpuint(p.e.integration_max_ms, ==, 60000);
}

static void an_integration_beyond_24_bits_is_cut(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u32(fake, 3, 40, 0);
    fake_wasatch_put_u32(fake, 3, 44, 0x7fffffff);
    g_auto(Parsed) p = parse(fake);
    g_assert_cmpuint(p.e.integration_min_ms, ==, 1);
    g_assert_cmpuint(p.e.integration_max_ms, ==, 0xffffff);
}

static void a_start_up_integration_is_kept_within_the_limits(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 0, 43, 1);
    g_auto(Parsed) low = parse(fake);
    g_assert_cmpuint(low.e.startup_integration_ms, ==, 3);
    fake_wasatch_put_u16(fake, 0, 43, 5001);
    g_auto(Parsed) high = parse(fake);
    assert_note(&high, "start-up integration");
    g_assert_cmpuint(high.e.startup_integration_ms, ==, 3);
}

static void reversed_temperatures_are_turned(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 1, 28, 10);
    fake_wasatch_put_u16(fake, 1, 30, 20);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "temperature");
    g_assert_cmpint(p.e.celsius_min, ==, 10);
    g_assert_cmpint(p.e.celsius_max, ==, 20);
}

static void a_start_up_temperature_outside_its_limits_is_not_used(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 0, 45, 700); /* an old XS: raw set-point of its laser */
    g_auto(Parsed) p = parse(fake);
    g_assert_true(p.ok);
    g_assert_false(p.e.has_startup_celsius);
}

static void a_gain_that_cannot_be_is_not_sent(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    const float wrong[] = {(float)NAN, -1.0f, 32.0f};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        fake_wasatch_put_f32(fake, 0, 48, wrong[i]);
        g_auto(Parsed) p = parse(fake);
        assert_note(&p, "gain");
        g_assert_false(p.e.has_gain);
    }
}

static void power_limits_are_turned_when_reversed(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_f32(fake, 3, 28, 5.0f);
    fake_wasatch_put_f32(fake, 3, 32, 400.0f);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "reversed");
    g_assert_true(p.e.has_power);
    g_assert_cmpfloat_with_epsilon(p.e.laser_mw_max, 400.0, 1e-6);
}

static void junk_power_makes_it_unsettable(void)
{
    const float wrong[][2] = {
        {(float)NAN, 5.0f}, {30000.0f, 500.0f}, {501.0f, 5.0f}, {400.0f, -5.0f}, {0.0f, 0.0f}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(FakeWasatch) fake = fake_wasatch_new();
        fake_wasatch_put_f32(fake, 3, 28, wrong[i][0]);
        fake_wasatch_put_f32(fake, 3, 32, wrong[i][1]);
        g_auto(Parsed) p = parse(fake);
        assert_note(&p, "laser limits");
        g_assert_false(p.e.has_power);
    }
}

static void a_power_calibration_that_falls_or_overshoots_is_not_used(void)
{
    const float wrong[][2] = {{90.0f, -0.1f}, {2.0f, 1.0f}, {-50.0f, 0.3f}, {(float)NAN, 0.2f}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(FakeWasatch) fake = fake_wasatch_new();
        fake_wasatch_put_f32(fake, 3, 12, wrong[i][0]);
        fake_wasatch_put_f32(fake, 3, 16, wrong[i][1]);
        g_auto(Parsed) p = parse(fake);
        g_assert_true(p.ok);
        g_assert_false(p.e.has_power);
    }
}

static void a_power_in_milliwatts_becomes_a_part_of_full(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    g_auto(Parsed) p = parse(fake);
    double percent = 0.0;
    g_assert_true(cel_wasatch_power_percent(&p.e, 100.0, &percent));
    g_assert_cmpfloat_with_epsilon(percent, 26.0, 1e-4);
    g_assert_false(cel_wasatch_power_percent(&p.e, 4.9, &percent));
    g_assert_false(cel_wasatch_power_percent(&p.e, 400.1, &percent));
    g_assert_false(cel_wasatch_power_percent(&p.e, (double)NAN, &percent));
}

static void bad_pixels_that_do_not_exist_are_dropped(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    const guint16 stored[] = {17, 1023, 1024, 0xfffe, 17, 0};
    for (guint i = 0; i < G_N_ELEMENTS(stored); i++)
        fake_wasatch_put_u16(fake, 5, 2 * i, stored[i]);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "1024");
    assert_note(&p, "-2");
    g_assert_cmpuint(p.e.n_bad_pixels, ==, 3);
    g_assert_cmpuint(p.e.bad_pixels[0], ==, 17);
    g_assert_cmpuint(p.e.bad_pixels[1], ==, 1023);
    g_assert_cmpuint(p.e.bad_pixels[2], ==, 0);
}

static void a_list_of_zeros_is_no_list(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    memset(fake->pages[5], 0, 30);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "never written");
    g_assert_cmpuint(p.e.n_bad_pixels, ==, 0);
}

static void a_region_of_interest_beyond_the_pixels_is_ignored(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 2, 29, 1024);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "region of interest");
    g_assert_false(p.e.has_roi);
}

static void the_lasers_set_point_is_taken_only_when_sane(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u8(fake, 0, 63, 16);
    fake_wasatch_put_u16(fake, 0, 60, 0xf000 | 812);
    g_auto(Parsed) p = parse(fake);
    g_assert_cmpuint(p.e.laser_tec_raw, ==, 812);
    fake_wasatch_put_u16(fake, 0, 60, 0x0fff);
    g_auto(Parsed) wrong = parse(fake);
    assert_note(&wrong, "4095");
    g_assert_cmpuint(wrong.e.laser_tec_raw, ==, 0);
}

static void the_makers_intensity_correction_is_noted(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_u8(fake, 5, 63, 5);
    fake_wasatch_put_u8(fake, 6, 0, 2);
    for (guint i = 0; i < 3; i++)
        fake_wasatch_put_f32(fake, 6, 1 + 4 * i, 0.5f + (float)i);
    fake_wasatch_put_f32(fake, 7, 0, 638.0f);
    g_auto(Parsed) p = parse(fake);
    assert_note(&p, "order 2");
    assert_note(&p, "638.00 nm");
    g_assert_cmpuint(p.e.n_intensity, ==, 3);
    g_assert_cmpfloat_with_epsilon(p.e.intensity[2], 2.5, 1e-9);
    fake_wasatch_put_u8(fake, 6, 0, 200);
    g_auto(Parsed) wrong = parse(fake);
    g_assert_cmpuint(wrong.e.n_intensity, ==, 0);
}

/* ---- recordings ---- */

static void blanking_hides_serial_and_people_and_leaves_the_rest(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    fake_wasatch_put_text(fake, 8, 0, "secret", 16);
    g_auto(Parsed) before = parse(fake);
    for (guint page = 0; page < FAKE_WASATCH_PAGES; page++)
        cel_wasatch_blank_page(page, fake->pages[page], FAKE_WASATCH_PAGE_BYTES);
    g_auto(Parsed) after = parse(fake);
    g_assert_true(after.ok);
    g_assert_cmpstr(after.e.serial, ==, "XXXXXXXX");
    g_assert_cmpstr(after.e.calibrated_by, ==, "XX");
    g_assert_null(strstr(after.e.user_text, "owner"));
    g_assert_cmpstr((const char *)fake->pages[8], ==, "XXXXXX");
    g_assert_cmpstr(after.e.model, ==, before.e.model);
    g_assert_cmpint(memcmp(after.e.wavelength, before.e.wavelength, sizeof after.e.wavelength), ==,
                    0);
}

static void blanking_keeps_within_a_short_answer(void)
{
    guint8 data[] = {'a', 'b', 'c', 'd'};
    cel_wasatch_blank_page(0, data, sizeof data);
    g_assert_cmpint(memcmp(data, "abcd", 4), ==, 0);
    cel_wasatch_blank_page(4, data, 2);
    g_assert_cmpint(memcmp(data, "XXcd", 4), ==, 0);
}

#define ADD(name) g_test_add_func("/wasatch/eeprom/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_sound_memory_is_read_without_a_note);
    ADD(the_authentic_memory_gives_the_printed_values);
    ADD(the_authentic_memorys_junk_power_is_not_believed);
    ADD(the_serialised_units_are_read);
    ADD(a_memory_that_was_never_written_is_refused);
    ADD(the_program_of_the_chip_in_place_of_text_is_refused);
    ADD(a_unit_without_a_serial_number_is_refused);
    ADD(zero_pixels_and_too_many_are_refused);
    ADD(a_format_of_the_future_is_refused);
    ADD(a_memory_cut_short_is_refused);
    ADD(every_format_up_to_19_is_read);
    ADD(a_coefficient_that_is_no_number_takes_the_axis_away);
    ADD(a_fifth_coefficient_that_was_never_written_is_none);
    ADD(an_excitation_that_cannot_be_is_not_known);
    ADD(an_old_format_holds_the_excitation_in_whole_nanometres);
    ADD(format_9_with_an_excitation_in_place_of_the_mask_is_seen);
    ADD(integration_limits_never_written_become_1_to_60000);
    ADD(reversed_integration_limits_are_turned);
    ADD(an_integration_beyond_24_bits_is_cut);
    ADD(a_start_up_integration_is_kept_within_the_limits);
    ADD(reversed_temperatures_are_turned);
    ADD(a_start_up_temperature_outside_its_limits_is_not_used);
    ADD(a_gain_that_cannot_be_is_not_sent);
    ADD(power_limits_are_turned_when_reversed);
    ADD(junk_power_makes_it_unsettable);
    ADD(a_power_calibration_that_falls_or_overshoots_is_not_used);
    ADD(a_power_in_milliwatts_becomes_a_part_of_full);
    ADD(bad_pixels_that_do_not_exist_are_dropped);
    ADD(a_list_of_zeros_is_no_list);
    ADD(a_region_of_interest_beyond_the_pixels_is_ignored);
    ADD(the_lasers_set_point_is_taken_only_when_sane);
    ADD(the_makers_intensity_correction_is_noted);
    ADD(blanking_hides_serial_and_people_and_leaves_the_rest);
    ADD(blanking_keeps_within_a_short_answer);
    return g_test_run();
}
