/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"

#include <libusb.h>
#include <string.h>

/* The simulator by itself, met with plain libusb. */

enum { ACQUIRE_MS = 2000, GET = 0xC0, SET = 0x40 };

/* A bus with one unit, and the unit opened by libusb. */
typedef struct {
    SimUsbBus *bus;
    guint unit;
    libusb_context *usb;
    libusb_device_handle *handle;
} Bench;

static SimUsbBus *the_bus(void)
{
    g_autoptr(GError) error = NULL;
    SimUsbBus *bus = simusb_bus_new(&error);
    if (bus == NULL)
        g_test_skip(error->message);
    return bus;
}

static libusb_device_handle *open_address(libusb_context *usb, guint address, int *out_status)
{
    libusb_device **list = NULL;
    libusb_device_handle *handle = NULL;
    const ssize_t n = libusb_get_device_list(usb, &list);
    *out_status = LIBUSB_ERROR_NOT_FOUND;
    for (ssize_t i = 0; i < n; i++) {
        if (libusb_get_device_address(list[i]) == address)
            *out_status = libusb_open(list[i], &handle);
    }
    libusb_free_device_list(list, 1);
    return handle;
}

static void wait_until_listed(libusb_context *usb, guint address)
{
    const gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC;
    gboolean found = FALSE;
    while (!found && g_get_monotonic_time() < until) {
        libusb_device **list = NULL;
        const ssize_t n = libusb_get_device_list(usb, &list);
        for (ssize_t i = 0; i < n; i++)
            found = found || libusb_get_device_address(list[i]) == address;
        libusb_free_device_list(list, 1);
        if (!found)
            g_usleep(2000);
    }
    g_assert_true(found);
}

static void bench_open(Bench *bench, const char *spec)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    memset(bench, 0, sizeof *bench);
    bench->bus = the_bus();
    if (bench->bus == NULL)
        return;
    g_assert_cmpint(libusb_init(&bench->usb), ==, 0);
    bench->unit = simusb_bus_add(bench->bus, spec, NULL, NULL, &error);
    g_assert_no_error(error);
    const guint address = (guint)simusb_bus_value(bench->bus, bench->unit, "address");
    wait_until_listed(bench->usb, address);
    bench->handle = open_address(bench->usb, address, &status);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(libusb_claim_interface(bench->handle, 0), ==, 0);
}

static void bench_close(Bench *bench)
{
    if (bench->handle != NULL)
        libusb_close(bench->handle);
    if (bench->usb != NULL)
        libusb_exit(bench->usb);
    simusb_bus_free(bench->bus);
}

static void arm(const Bench *bench, const char *text)
{
    g_autoptr(GError) error = NULL;
    simusb_bus_arm(bench->bus, bench->unit, text, &error);
    g_assert_no_error(error);
}

static void set_property(const Bench *bench, const char *key, const char *value)
{
    g_autoptr(GError) error = NULL;
    simusb_bus_set(bench->bus, bench->unit, key, value, &error);
    g_assert_no_error(error);
}

static double value(const Bench *bench, const char *name)
{
    return simusb_bus_value(bench->bus, bench->unit, name);
}

static void wait_for(const Bench *bench, const char *condition)
{
    g_autoptr(GError) error = NULL;
    simusb_bus_wait(bench->bus, bench->unit, condition, ACQUIRE_MS, &error);
    g_assert_no_error(error);
}

static int fid_set(const Bench *bench, guint8 request, guint16 number, guint16 index, guint n)
{
    guint8 zeros[64] = {0};
    return libusb_control_transfer(bench->handle, SET, request, number, index, zeros, (guint16)n,
                                   ACQUIRE_MS);
}

static int fid_get(const Bench *bench, guint8 request, guint16 number, guint16 index, guint8 *out,
                   guint n)
{
    return libusb_control_transfer(bench->handle, GET, request, number, index, out, (guint16)n,
                                   ACQUIRE_MS);
}

static int bulk(const Bench *bench, guint8 endpoint, guint8 *data, int n, int *out_n, guint ms)
{
    *out_n = 0;
    return libusb_bulk_transfer(bench->handle, endpoint, data, n, out_n, ms);
}

static guint pixel(const guint8 *raw, gsize i)
{
    return (guint)(raw[2 * i] | raw[2 * i + 1] << 8);
}

static guint brightest(const guint8 *raw, gsize n)
{
    guint most = 0;
    for (gsize i = 0; i < n; i++)
        most = MAX(most, pixel(raw, i));
    return most;
}

/* ---- FID ---- */

static void fid_tells_who_it_is(void)
{
    Bench bench;
    guint8 page[64];
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        g_assert_cmpint(fid_get(&bench, 0xFF, 0x01, 0, page, 64), ==, 64);
        g_assert_cmpstr((char *)page, ==, "CELADON-SIM");
        g_assert_cmpstr((char *)page + 16, ==, "SIM-0001");
        g_assert_cmpint(page[63], ==, 15);
        g_assert_cmpint(fid_get(&bench, 0xFF, 0x01, 2, page, 64), ==, 64);
        g_assert_cmpint(page[16] | page[17] << 8, ==, 1024);
        g_assert_cmpint(fid_get(&bench, 0xFF, 0x01, 9, page, 64), ==, LIBUSB_ERROR_PIPE);
    }
    bench_close(&bench);
}

static void fid_frame_takes_its_time_and_shows_the_laser(void)
{
    Bench bench;
    guint8 dark[2048], lit[2048];
    int n = 0;
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        fid_set(&bench, 0xB2, 50, 0, 0);
        fid_set(&bench, 0xAD, 0, 0, 0); /* still of the old setting */
        g_assert_cmpint(bulk(&bench, 0x82, dark, sizeof dark, &n, ACQUIRE_MS), ==, 0);
        const gint64 start = g_get_monotonic_time();
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, dark, sizeof dark, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 2048);
        g_assert_cmpint(g_get_monotonic_time() - start, >=, 50000);
        fid_set(&bench, 0xBE, 1, 0, 0);
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, lit, sizeof lit, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpuint(brightest(lit, 1024), >, brightest(dark, 1024) + 1000);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 1.0);
        fid_set(&bench, 0xBE, 0, 0, 0);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 0.0);
        g_assert_cmpfloat(value(&bench, "edges"), ==, 2.0);
        g_assert_cmpfloat(value(&bench, "acquires"), ==, 3.0);
        g_assert_cmpfloat(value(&bench, "on_us"), >, 50000.0);
    }
    bench_close(&bench);
}

static void fid_splits_2048_pixels(void)
{
    Bench bench;
    guint8 raw[4096];
    int first = 0, second = 0;
    bench_open(&bench, "wasatch-532");
    if (bench.bus != NULL) {
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &first, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(bulk(&bench, 0x86, raw + 2048, 2048, &second, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(first + second, ==, 4096);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &first, 30), ==, LIBUSB_ERROR_TIMEOUT);
    }
    bench_close(&bench);
}

static void arm_board_wants_eight_bytes_and_trips_its_watchdog(void)
{
    Bench bench;
    guint8 data[8];
    bench_open(&bench, "wasatch-xs:time-factor=0.01");
    if (bench.bus != NULL) {
        g_assert_cmpint(fid_set(&bench, 0xBE, 0, 0, 0), ==, LIBUSB_ERROR_PIPE);
        g_assert_cmpint(fid_set(&bench, 0xFF, 0x18, 50, 8), ==, 8);
        g_assert_cmpint(fid_get(&bench, 0xFF, 0x17, 0, data, 8), ==, 2);
        g_assert_cmpint(data[0], ==, 50);
        g_assert_cmpint(fid_set(&bench, 0x8A, 40, 0, 8), ==, 8); /* seconds of warning */
        g_assert_cmpint(fid_set(&bench, 0xBE, 1, 0, 8), ==, 8);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 0.0);
        wait_for(&bench, "watchdog_trips=1");
        g_assert_cmpfloat(value(&bench, "edges"), ==, 2.0);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 0.0);
        set_property(&bench, "inverted", "1");
        g_assert_cmpint(fid_set(&bench, 0xBE, 1, 0, 8), ==, LIBUSB_ERROR_PIPE);
        wait_for(&bench, "edges>=3");
    }
    bench_close(&bench);
}

static void open_interlock_keeps_the_laser_dark(void)
{
    Bench bench;
    guint8 data[8];
    bench_open(&bench, "wasatch-785-interlock");
    if (bench.bus != NULL) {
        set_property(&bench, "interlock", "0");
        fid_set(&bench, 0xBE, 1, 0, 0);
        g_assert_cmpint(fid_get(&bench, 0xEF, 0, 0, data, 8), ==, 1);
        g_assert_cmpint(data[0], ==, 0);
        g_assert_cmpfloat(value(&bench, "enabled"), ==, 1.0);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 0.0);
        set_property(&bench, "interlock", "1"); /* this board remembers */
        g_assert_cmpfloat(value(&bench, "laser"), ==, 1.0);
    }
    bench_close(&bench);
}

/* ---- faults ---- */

static void faults_strike_where_they_are_armed(void)
{
    Bench bench;
    guint8 raw[2048], again[2048];
    int n = 0;
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        arm(&bench, "stall state=laser-read");
        g_assert_cmpint(fid_get(&bench, 0xE2, 0, 0, raw, 1), ==, LIBUSB_ERROR_PIPE);
        g_assert_cmpint(fid_get(&bench, 0xE2, 0, 0, raw, 1), ==, 1);
        arm(&bench, "late state=frame ms=600");
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, 100), ==, LIBUSB_ERROR_TIMEOUT);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, ACQUIRE_MS), ==, 0);
        arm(&bench, "short state=frame");
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, again, 2048, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 1364);
        arm(&bench, "identical");
        arm(&bench, "long state=frame bytes=6");
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, ACQUIRE_MS), ==, 0);
        g_assert_true(memcmp(raw, again, 1364) == 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 6);
        arm(&bench, "timeout state=acquire");
        g_assert_cmpint(libusb_control_transfer(bench.handle, SET, 0xAD, 0, 0, NULL, 0, 50), ==,
                        LIBUSB_ERROR_TIMEOUT);
        g_assert_cmpfloat(value(&bench, "faults"), ==, 6.0);
    }
    bench_close(&bench);
}

static void lost_laser_off_leaves_the_light_on(void)
{
    Bench bench;
    guint8 data[1];
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        arm(&bench, "lost state=laser-off");
        fid_set(&bench, 0xBE, 1, 0, 0);
        g_assert_cmpint(fid_set(&bench, 0xBE, 0, 0, 0), ==, 0);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 1.0);
        g_assert_cmpfloat(value(&bench, "disables"), ==, 1.0);
        g_assert_cmpfloat(value(&bench, "disables_obeyed"), ==, 0.0);
        g_assert_cmpint(fid_get(&bench, 0xE2, 0, 0, data, 1), ==, 1);
        g_assert_cmpint(data[0], ==, 1);
        fid_set(&bench, 0xBE, 0, 0, 0);
        g_assert_cmpfloat(value(&bench, "laser"), ==, 0.0);
    }
    bench_close(&bench);
}

static void unplugging_ends_what_is_in_flight(void)
{
    Bench bench;
    guint8 raw[2048];
    int n = 0, status = 0;
    bench_open(&bench, "wasatch-785:supply=usb");
    if (bench.bus != NULL) {
        fid_set(&bench, 0xB2, 5000, 0, 0);
        fid_set(&bench, 0xBE, 1, 0, 0);
        fid_set(&bench, 0xAD, 0, 0, 0); /* a short one, still of the old setting */
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, ACQUIRE_MS), ==, 0);
        arm(&bench, "unplug state=acquire ms=30");
        const gint64 start = g_get_monotonic_time();
        fid_set(&bench, 0xAD, 0, 0, 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 2048, &n, ACQUIRE_MS), ==, LIBUSB_ERROR_NO_DEVICE);
        g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
        g_assert_cmpint(fid_get(&bench, 0xE2, 0, 0, raw, 1), ==, LIBUSB_ERROR_NO_DEVICE);
        wait_for(&bench, "laser=0");
        libusb_close(bench.handle);
        g_assert_true(simusb_bus_plug(bench.bus, bench.unit, 77, NULL));
        wait_until_listed(bench.usb, 77);
        bench.handle = open_address(bench.usb, 77, &status);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpint(fid_get(&bench, 0xFF, 0x01, 0, raw, 64), ==, 64);
    }
    bench_close(&bench);
}

static void suspended_unit_comes_back_elsewhere(void)
{
    Bench bench;
    guint8 raw[64];
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        const double before = value(&bench, "address");
        arm(&bench, "suspend state=status ms=40");
        g_assert_cmpint(fid_get(&bench, 0xD7, 0, 0, raw, 2), ==, LIBUSB_ERROR_IO);
        wait_for(&bench, "plugged=0");
        wait_for(&bench, "plugged=1");
        g_assert_cmpint(fid_get(&bench, 0xD7, 0, 0, raw, 2), ==, LIBUSB_ERROR_NO_DEVICE);
        g_assert_cmpfloat(value(&bench, "address"), !=, before);
    }
    bench_close(&bench);
}

static void permission_and_claim_are_refused_as_the_kernel_does(void)
{
    Bench bench;
    int status = 0;
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        const guint address = (guint)value(&bench, "address");
        libusb_device_handle *second = open_address(bench.usb, address, &status);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpint(libusb_claim_interface(second, 0), ==, LIBUSB_ERROR_BUSY);
        g_assert_cmpint(libusb_release_interface(bench.handle, 0), ==, 0);
        set_property(&bench, "busy", "1");
        g_assert_cmpint(libusb_claim_interface(second, 0), ==, LIBUSB_ERROR_BUSY);
        g_assert_cmpint(libusb_claim_interface(second, 0), ==, 0);
        libusb_close(second);
        set_property(&bench, "permission", "0");
        g_assert_null(open_address(bench.usb, address, &status));
        g_assert_cmpint(status, ==, LIBUSB_ERROR_ACCESS);
        set_property(&bench, "permission", "1");
        second = open_address(bench.usb, address, &status);
        g_assert_cmpint(status, ==, 0);
        libusb_close(second);
    }
    bench_close(&bench);
}

/* How often libusb told of each. */
typedef struct {
    int arrived, left;
} HotPlug;

static int LIBUSB_CALL note_plug(libusb_context *usb, libusb_device *device,
                                 libusb_hotplug_event event, void *user_data)
{
    HotPlug *seen = user_data;
    (void)usb;
    (void)device;
    if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
        seen->arrived++;
    else
        seen->left++;
    return 0;
}

static void handle_events_until(libusb_context *usb, const int *count, int wanted)
{
    const gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC;
    while (*count < wanted && g_get_monotonic_time() < until) {
        struct timeval slice = {0, 20000};
        libusb_handle_events_timeout_completed(usb, &slice, NULL);
    }
    g_assert_cmpint(*count, ==, wanted);
}

static void plugging_is_told_to_libusb(void)
{
    Bench bench;
    HotPlug seen = {0, 0};
    libusb_hotplug_callback_handle callback = 0;
    bench_open(&bench, "qepro");
    if (bench.bus != NULL) {
        g_assert_cmpint(
            libusb_hotplug_register_callback(
                bench.usb, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                0, 0x2457, 0x4004, LIBUSB_HOTPLUG_MATCH_ANY, note_plug, &seen, &callback),
            ==, 0);
        g_assert_true(simusb_bus_unplug(bench.bus, bench.unit, NULL));
        handle_events_until(bench.usb, &seen.left, 1);
        g_assert_true(simusb_bus_plug(bench.bus, bench.unit, 0, NULL));
        handle_events_until(bench.usb, &seen.arrived, 1);
        libusb_hotplug_deregister_callback(bench.usb, callback);
    }
    bench_close(&bench);
}

static void two_units_do_not_disturb_each_other(void)
{
    Bench bench;
    guint8 raw[2048];
    int n = 0, status = 0;
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        const guint second = simusb_bus_add(bench.bus, "wasatch-785:format=12", NULL, NULL, NULL);
        const guint address = (guint)simusb_bus_value(bench.bus, second, "address");
        wait_until_listed(bench.usb, address);
        libusb_device_handle *other = open_address(bench.usb, address, &status);
        g_assert_cmpint(libusb_control_transfer(other, GET, 0xFF, 0x01, 0, raw, 64, 1000), ==, 64);
        g_assert_cmpstr((char *)raw + 16, ==, "SIM-0002");
        g_assert_cmpint(libusb_control_transfer(other, SET, 0xAD, 0, 0, NULL, 0, 1000), ==, 0);
        g_assert_cmpint(bulk(&bench, 0x82, raw, sizeof raw, &n, 60), ==, LIBUSB_ERROR_TIMEOUT);
        g_assert_cmpint(libusb_bulk_transfer(other, 0x82, raw, sizeof raw, &n, 1000), ==, 0);
        g_assert_cmpfloat(value(&bench, "acquires"), ==, 0.0);
        libusb_close(other);
    }
    bench_close(&bench);
}

/* ---- cancel ---- */

static void LIBUSB_CALL note_end(struct libusb_transfer *transfer)
{
    *(int *)transfer->user_data = 1;
}

static void cancelled_transfer_comes_back_at_once(void)
{
    Bench bench;
    guint8 raw[2048];
    int done = 0;
    bench_open(&bench, "wasatch-785");
    if (bench.bus != NULL) {
        fid_set(&bench, 0xB2, 5000, 0, 0);
        fid_set(&bench, 0xAD, 0, 0, 0); /* a short one, still of the old setting */
        g_assert_cmpint(bulk(&bench, 0x82, raw, sizeof raw, &done, ACQUIRE_MS), ==, 0);
        done = 0;
        fid_set(&bench, 0xAD, 0, 0, 0);
        struct libusb_transfer *transfer = libusb_alloc_transfer(0);
        libusb_fill_bulk_transfer(transfer, bench.handle, 0x82, raw, sizeof raw, note_end, &done,
                                  0);
        g_assert_cmpint(libusb_submit_transfer(transfer), ==, 0);
        g_assert_cmpfloat(value(&bench, "pending"), ==, 1.0);
        const gint64 start = g_get_monotonic_time();
        libusb_cancel_transfer(transfer);
        while (!done)
            libusb_handle_events_completed(bench.usb, &done);
        g_assert_cmpint(transfer->status, ==, LIBUSB_TRANSFER_CANCELLED);
        g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
        g_assert_cmpfloat(value(&bench, "discards"), ==, 1.0);
        libusb_free_transfer(transfer);
    }
    bench_close(&bench);
}

/* ---- Ocean, older protocol ---- */

static void ooi_send(const Bench *bench, const guint8 *bytes, int n)
{
    guint8 copy[64];
    int sent = 0;
    memcpy(copy, bytes, (gsize)n);
    g_assert_cmpint(bulk(bench, 0x01, copy, n, &sent, ACQUIRE_MS), ==, 0);
    g_assert_cmpint(sent, ==, n);
}

#define OOI_SEND(bench, ...)                                                                       \
    ooi_send(bench, (const guint8[]){__VA_ARGS__}, sizeof((const guint8[]){__VA_ARGS__}))

static void ooi_begin(const Bench *bench)
{
    OOI_SEND(bench, 0x01);
    g_usleep(100000);
}

static void usb4000_splits_its_frame(void)
{
    Bench bench;
    guint8 raw[8192];
    int n = 0;
    bench_open(&bench, "usb4000");
    if (bench.bus != NULL) {
        ooi_begin(&bench);
        OOI_SEND(&bench, 0x05, 0x00);
        g_assert_cmpint(bulk(&bench, 0x81, raw, 512, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 17);
        g_assert_true(memcmp(raw,
                             "\x05\x00"
                             "CELADON-SIM-001",
                             17) == 0);
        OOI_SEND(&bench, 0x09);
        g_assert_cmpint(bulk(&bench, 0x86, raw, 2048, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 2048);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 6144, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 7681 - 2048);
        g_assert_cmpint(raw[n - 1], ==, 0x69);
    }
    bench_close(&bench);
}

static void qe65000_flips_a_bit_and_gates_the_laser(void)
{
    Bench bench;
    guint8 raw[4096];
    int n = 0;
    bench_open(&bench, "qe65000");
    if (bench.bus != NULL) {
        ooi_begin(&bench);
        OOI_SEND(&bench, 0x02, 8, 0, 0, 0);
        OOI_SEND(&bench, 0x03, 1, 0);
        wait_for(&bench, "laser=1");
        OOI_SEND(&bench, 0x09);
        g_assert_cmpint(bulk(&bench, 0x82, raw, 3072, &n, ACQUIRE_MS), ==, 0);
        g_assert_cmpint(n, ==, 2561);
        g_assert_cmpuint(pixel(raw, 2) ^ 0x8000, <, 2000); /* a dark one */
        OOI_SEND(&bench, 0x03, 0, 0);
        wait_for(&bench, "laser=0");
        g_assert_cmpfloat(value(&bench, "enables"), ==, 1.0);
        g_assert_cmpfloat(value(&bench, "integration_ms"), ==, 8.0);
    }
    bench_close(&bench);
}

/* ---- Ocean, binary protocol ---- */

static int obp_exchange(const Bench *bench, guint32 type, const guint8 *data, guint8 n,
                        guint8 flags, guint8 *out, int room)
{
    guint8 message[64] = {0xC1, 0xC0, 0x00, 0x11, flags};
    int moved = 0;
    for (int i = 0; i < 4; i++)
        message[8 + i] = (guint8)(type >> (8 * i));
    message[23] = n;
    if (n > 0)
        memcpy(message + 24, data, n);
    message[40] = 20;
    memcpy(message + 60, "\xC5\xC4\xC3\xC2", 4);
    g_assert_cmpint(bulk(bench, 0x01, message, sizeof message, &moved, ACQUIRE_MS), ==, 0);
    g_assert_cmpint(bulk(bench, 0x81, out, room, &moved, ACQUIRE_MS), ==, 0);
    return moved;
}

static void qepro_answers_messages_and_gives_the_oldest_frame(void)
{
    Bench bench;
    guint8 out[4608];
    bench_open(&bench, "qepro");
    if (bench.bus != NULL) {
        g_assert_cmpint(obp_exchange(&bench, 0x100, NULL, 0, 0, out, 512), ==, 64);
        g_assert_true(memcmp(out + 24, "CELADON-SIM-001", 15) == 0);
        g_usleep(60000);                               /* it runs by itself meanwhile */
        const guint8 us[4] = {0x80, 0x84, 0x1E, 0x00}; /* 2 s */
        g_assert_cmpint(obp_exchange(&bench, 0x110010, us, 4, 4, out, 512), ==, 64);
        g_assert_cmpint(out[4], ==, 3);
        const gint64 start = g_get_monotonic_time();
        g_assert_cmpint(obp_exchange(&bench, 0x100928, NULL, 0, 0, out, 4608), ==, 4272);
        g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC); /* an old one */
        g_assert_cmpint(out[8], ==, 0x28);
        g_assert_cmpint(obp_exchange(&bench, 0x110010, us, 2, 4, out, 512), ==, 64);
        g_assert_cmpint(out[4] & 8, ==, 8);
        g_assert_cmpint(obp_exchange(&bench, 0xABCDEF, NULL, 0, 0, out, 512), ==, 64);
        g_assert_cmpint(out[6], ==, 2);
        arm(&bench, "defer state=frame ms=20");
        g_assert_cmpint(obp_exchange(&bench, 0x100928, NULL, 0, 0, out, 4608), ==, 64);
        g_assert_cmpint(out[6], ==, 255);
    }
    bench_close(&bench);
}

/* ---- the channel ---- */

static void commands_are_lines(void)
{
    SimUsbBus *bus = the_bus();
    if (bus == NULL)
        return;
    static const char *const talk[][2] = {
        {"add sts:plugged=0", "ok 1"},
        {"get 1 plugged", "ok 0"},
        {"plug 1 9", "ok 9"},
        {"arm 1 stall state=acquire nth=2", "ok 1"},
        {"faults 1", "ok 1:stall/acquire seen=0 struck=0"},
        {"disarm 1", "ok"},
        {"wait 1 laser=1 5", "error laser is 0 after 5 ms"},
        {"set 1 nonsense 3", "error sts takes no nonsense=3"},
        {"arm 1 melt", "error not understood: melt"},
        {"unplug 1", "ok"},
        {"read 2", "error no unit 2"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(talk); i++) {
        g_autofree char *answer = simusb_bus_command(bus, talk[i][0]);
        g_assert_cmpstr(answer, ==, talk[i][1]);
    }
    simusb_bus_free(bus);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/simusb/fid/tells_who_it_is", fid_tells_who_it_is);
    g_test_add_func("/simusb/fid/frame_takes_its_time_and_shows_the_laser",
                    fid_frame_takes_its_time_and_shows_the_laser);
    g_test_add_func("/simusb/fid/splits_2048_pixels", fid_splits_2048_pixels);
    g_test_add_func("/simusb/fid/arm_board_wants_eight_bytes_and_trips_its_watchdog",
                    arm_board_wants_eight_bytes_and_trips_its_watchdog);
    g_test_add_func("/simusb/fid/open_interlock_keeps_the_laser_dark",
                    open_interlock_keeps_the_laser_dark);
    g_test_add_func("/simusb/fault/strike_where_they_are_armed",
                    faults_strike_where_they_are_armed);
    g_test_add_func("/simusb/fault/lost_laser_off_leaves_the_light_on",
                    lost_laser_off_leaves_the_light_on);
    g_test_add_func("/simusb/bus/unplugging_ends_what_is_in_flight",
                    unplugging_ends_what_is_in_flight);
    g_test_add_func("/simusb/bus/suspended_unit_comes_back_elsewhere",
                    suspended_unit_comes_back_elsewhere);
    g_test_add_func("/simusb/bus/permission_and_claim_are_refused_as_the_kernel_does",
                    permission_and_claim_are_refused_as_the_kernel_does);
    g_test_add_func("/simusb/bus/plugging_is_told_to_libusb", plugging_is_told_to_libusb);
    g_test_add_func("/simusb/bus/two_units_do_not_disturb_each_other",
                    two_units_do_not_disturb_each_other);
    g_test_add_func("/simusb/bus/cancelled_transfer_comes_back_at_once",
                    cancelled_transfer_comes_back_at_once);
    g_test_add_func("/simusb/ooi/usb4000_splits_its_frame", usb4000_splits_its_frame);
    g_test_add_func("/simusb/ooi/qe65000_flips_a_bit_and_gates_the_laser",
                    qe65000_flips_a_bit_and_gates_the_laser);
    g_test_add_func("/simusb/obp/qepro_answers_messages_and_gives_the_oldest_frame",
                    qepro_answers_messages_and_gives_the_oldest_frame);
    g_test_add_func("/simusb/control/commands_are_lines", commands_are_lines);
    return g_test_run();
}
