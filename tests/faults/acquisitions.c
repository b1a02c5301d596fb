/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "transport-libusb.h"

#include "base/cel-error.h"

#include <gio/gunixsocketaddress.h>
#include <libusb.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/*
 * A day's work in a row: N acquisitions of one Wasatch unit over the real libusb, one in a hundred
 * with a fault. Runs below celadon-usb-sim, so that its own memory, descriptors and processor time
 * can be read. What is counted:
 *   every frame that the engine acknowledged stands in the measurement, as it was told;
 *   no measurement failed without a fault, none is wrong, none repeats a frame of another;
 *   memory and descriptors at the end against those after a tenth;
 *   processor time an acquisition, beside a bare libusb loop that moves the same frames.
 *
 *   celadon-usb-sim wasatch-785:... -- acquisitions N [SEED]
 */

#if defined(__SANITIZE_ADDRESS__) /* which keeps freed memory for a while */
enum { ROOM_KIB = 1 << 20 };
#else
enum { ROOM_KIB = 1024 };
#endif
enum { PERCENT = 1, N_LIGHT = 1, N_DARK = 1, INTEGRATION_MS = 1, REOPEN_MS = 5000 };
enum { FRAMES_EACH = N_LIGHT + N_DARK + 2 }; /* with the one discarded after each change */
enum { SET = 0x40, SET_INTEGRATION = 0xB2, ACQUIRE = 0xAD, FRAME_BYTES = 2048, BULK_IN = 0x82 };

static const char *const faults[] = {
    "stall state=acquire",  "stall state=frame",       "timeout state=frame",
    "lost state=acquire",   "short state=frame",       "late state=frame",
    "stale state=frame",    "identical state=frame",   "slow state=frame",
    "long state=frame",     "timeout state=configure", "stall state=laser-off",
    "lost state=laser-off", "unplug state=frame",      "suspend state=acquire",
};

typedef struct {
    GSocketConnection *connection;
    GDataInputStream *in;
} Channel;

typedef struct {
    CelDevice *device;
    Channel channel;
    GRand *rand;
    GHashTable *seen; /* digests of light frames */
    double *reference, *told;
    gsize n_pixels;
    guint n_told;
    guint n, n_faults, n_failed, n_unexplained, n_wrong, n_lost, n_repeated, n_reopened;
} Run;

/* ---- the simulator's channel ---- */

static char *ask(const Channel *channel, const char *line)
{
    g_autoptr(GError) error = NULL;
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(channel->connection));
    g_autofree char *text = g_strconcat(line, "\n", NULL);
    if (!g_output_stream_write_all(out, text, strlen(text), NULL, NULL, &error))
        g_error("%s: %s", line, error->message);
    char *answer = g_data_input_stream_read_line(channel->in, NULL, NULL, &error);
    if (answer == NULL || !g_str_has_prefix(answer, "ok"))
        g_error("%s: %s", line, answer != NULL ? answer : "no answer");
    return answer;
}

static void tell(const Channel *channel, const char *line)
{
    g_free(ask(channel, line));
}

static void open_channel(Channel *channel)
{
    g_autoptr(GError) error = NULL;
    const char *path = g_getenv("CELADON_USB_SIM_CONTROL");
    if (path == NULL)
        g_error("this runs below celadon-usb-sim");
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    channel->connection =
        g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, &error);
    g_assert_no_error(error);
    channel->in =
        g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(channel->connection)));
}

/* ---- figures of this process ---- */

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static guint resident_kib(void)
{
    g_autofree char *text = NULL;
    g_file_get_contents("/proc/self/statm", &text, NULL, NULL);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    return (guint)g_ascii_strtoull(words[1], NULL, 10) * 4;
}

static guint n_descriptors(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    guint n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* ---- one acquisition ---- */

static void remember_told(const double *counts, gsize n, gboolean dark, gpointer data)
{
    Run *run = data;
    if (dark)
        return;
    memcpy(run->told, counts, n * sizeof *counts);
    run->n_told++;
}

static double likeness(const Run *run, const double *counts)
{
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (gsize i = 0; i < run->n_pixels; i++) {
        ab += counts[i] * run->reference[i];
        aa += counts[i] * counts[i];
        bb += run->reference[i] * run->reference[i];
    }
    return ab / sqrt(aa * bb);
}

static void check(Run *run, const CelMeasurement *m)
{
    const gsize bytes = m->n_pixels * sizeof(double);
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guint8 *)m->frames, bytes);
    run->n_lost += run->n_told != m->n_frames || memcmp(run->told, m->frames, bytes) != 0;
    run->n_repeated += !g_hash_table_add(run->seen, digest);
    if (run->reference == NULL)
        run->reference = g_memdup2(m->frames, bytes);
    run->n_wrong += likeness(run, m->frames) < 0.98;
}

static CelMeasurement *acquire(Run *run, GError **error)
{
    const CelAcquireOptions options = {
        .integration_ms = INTEGRATION_MS,
        .frames = N_LIGHT,
        .dark_frames = N_DARK,
        .clock = cel_clock_system(),
        .confirmation = {TRUE, TRUE, TRUE, CEL_HAZARD_NO},
        .on_frame = remember_told,
        .on_frame_data = run,
    };
    run->n_told = 0;
    return cel_device_acquire(run->device, &options, NULL, error);
}

static void mend(Run *run)
{
    g_autoptr(GError) error = NULL;
    tell(&run->channel, "disarm 1");
    if (cel_device_state(run->device) != CEL_DEVICE_GONE)
        return;
    g_autofree char *plugged = ask(&run->channel, "get 1 plugged");
    if (g_str_has_suffix(plugged, " 0"))
        tell(&run->channel, "plug 1");
    if (!cel_device_reopen(run->device, REOPEN_MS, NULL, &error))
        g_error("%s", error->message);
    run->n_reopened++;
}

/* A unit that was suspended leaves the bus a little later, and comes back. */
static void one(Run *run)
{
    g_autoptr(GError) error = NULL;
    if (cel_device_state(run->device) == CEL_DEVICE_GONE)
        mend(run);
    const gboolean faulty = run->n > 0 && g_rand_int_range(run->rand, 0, 100) < PERCENT;
    if (faulty) {
        const guint which = (guint)g_rand_int_range(run->rand, 0, (gint32)G_N_ELEMENTS(faults));
        g_autofree char *line =
            g_strdup_printf("arm 1 %s nth=%d", faults[which], g_rand_int_range(run->rand, 1, 4));
        tell(&run->channel, line);
        run->n_faults++;
    }
    g_autoptr(CelMeasurement) m = acquire(run, &error);
    if (m != NULL) {
        check(run, m);
    } else {
        run->n_failed++;
        run->n_unexplained += !faulty;
        if (!faulty)
            g_printerr("without a fault: %s\n", error->message);
    }
    if (faulty)
        mend(run);
    run->n++;
}

/* ---- the bare loop ---- */

static libusb_device_handle *open_bare(libusb_context *usb)
{
    libusb_device_handle *handle = libusb_open_device_with_vid_pid(usb, 0x24aa, 0x1000);
    if (handle == NULL || libusb_claim_interface(handle, 0) != 0)
        g_error("the bare loop cannot open the unit");
    return handle;
}

static double bare_cpu_s(guint n)
{
    libusb_context *usb = NULL;
    guint8 frame[FRAME_BYTES];
    if (libusb_init(&usb) != 0)
        g_error("no libusb");
    libusb_device_handle *handle = open_bare(usb);
    libusb_control_transfer(handle, SET, SET_INTEGRATION, INTEGRATION_MS, 0, NULL, 0, 1000);
    const double before = cpu_s();
    for (guint i = 0; i < n * FRAMES_EACH; i++) {
        int got = 0;
        libusb_control_transfer(handle, SET, ACQUIRE, 0, 0, NULL, 0, 1000);
        libusb_bulk_transfer(handle, BULK_IN, frame, sizeof frame, &got, 2000);
        if (got != FRAME_BYTES)
            g_error("the bare loop lost a frame");
    }
    const double used = cpu_s() - before;
    libusb_close(handle);
    libusb_exit(usb);
    return used;
}

/* ---- all of them ---- */

static void begin(Run *run, CelBus *bus, guint seed)
{
    g_autoptr(GError) error = NULL;
    const CelDriverTable table = cel_drivers(bus);
    open_channel(&run->channel);
    run->device = cel_device_open(&table, "wasatch", NULL, &error);
    g_assert_no_error(error);
    run->n_pixels = cel_device_describe(run->device)->n_pixels;
    run->rand = g_rand_new_with_seed(seed);
    run->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run->told = g_new0(double, run->n_pixels);
}

static void end(Run *run)
{
    cel_device_close(run->device);
    g_hash_table_unref(run->seen);
    g_rand_free(run->rand);
    g_free(run->reference);
    g_free(run->told);
    g_object_unref(run->channel.in);
    g_object_unref(run->channel.connection);
}

int main(int argc, char **argv)
{
    const guint n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 200;
    Run run = {0};
    cel_init();
    g_autoptr(GError) error = NULL;
    CelBus *bus = cel_bus_libusb_new(&error);
    g_assert_no_error(error);
    begin(&run, bus, argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 1);
    guint kib = 0, fds = 0;
    const double before = cpu_s();
    for (guint i = 0; i < n; i++) {
        one(&run);
        if (i == n / 10) {
            kib = resident_kib();
            fds = n_descriptors();
        }
    }
    const double used = cpu_s() - before;
    const guint kib_after = resident_kib(), fds_after = n_descriptors();
    /* the digests of the frames are this program's own growth */
    const guint own_kib = (guint)(g_hash_table_size(run.seen) * 9 / 10 * 200 / 1024);
    end(&run);
    cel_bus_free(bus);
    const guint n_bare = MIN(n, 1000);
    const double bare = bare_cpu_s(n_bare);
    printf("%u acquisitions, %u with a fault: %u failed (%u without a fault), %u reconnected; "
           "acknowledged frames lost %u, wrong %u, repeated %u; memory %u -> %u KiB (of which the "
           "check's own about %u), descriptors %u -> %u; processor time %.2f ms each, bare libusb "
           "loop with the same %d frames %.2f ms\n",
           run.n, run.n_faults, run.n_failed, run.n_unexplained, run.n_reopened, run.n_lost,
           run.n_wrong, run.n_repeated, kib, kib_after, own_kib, fds, fds_after, 1000.0 * used / n,
           FRAMES_EACH, 1000.0 * bare / n_bare);
    const gboolean grew = kib_after > kib + own_kib + ROOM_KIB || fds_after > fds;
    return run.n_unexplained + run.n_lost + run.n_wrong + run.n_repeated > 0 || grew ? 1 : 0;
}
