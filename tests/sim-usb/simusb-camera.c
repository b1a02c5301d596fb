/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-camera.h"

#include "base/cel-number.h"

#include <math.h>
#include <string.h>

/* Frames of a real unit: one sample at one integration time. */
typedef struct {
    char sample[32];
    gint64 integration_us;
    GBytes *counts; /* u16 little endian */
} Recording;

/* What lies before it. */
typedef struct {
    char sample[32];
    CelSimConditions conditions;
} Scene;

enum { MAX_WAITING = 64, POOL_FRAMES = 16 };

/* Frames of one condition, drawn once. */
typedef struct {
    gint64 exposed_us;
    double laser_mw;
    guint n, next;
    guint32 *frame[POOL_FRAMES];
} Pool;

struct SimUsbCamera {
    SimUsbOptics optics;
    SimUsbBoard *board;
    CelSimModel model;
    CelSimPhysics *physics;
    Scene scene;
    GArray *recordings; /* (nullable) */
    double *counts;
    gint64 integration_us, old_us; /* set now; what a late exposure still has */
    gboolean changed;
    gboolean runs;
    gint64 start_us, end_us, exposed_us; /* exposed_us: the instrument's own time of it */
    double waiting[MAX_WAITING];         /* extra ms of each */
    guint n_waiting;
    gint64 collected_start_us;
    gboolean pooled;
    Pool pool[2]; /* without and with light */
};

/* c'(x) = c(x + by): the polynomial seen from another first index */
static void shift_polynomial(double c[SIMUSB_N_COEFFICIENTS], double by)
{
    for (int pass = 0; pass < SIMUSB_N_COEFFICIENTS - 1; pass++) {
        for (int i = SIMUSB_N_COEFFICIENTS - 2; i >= pass; i--)
            c[i] += by * c[i + 1];
    }
}

static CelSimModel make_model(const SimUsbOptics *optics)
{
    const CelSimModel *base = cel_sim_model(optics->base);
    g_assert(base != NULL);
    CelSimModel model = *base;
    model.n_pixels = optics->n_pixels;
    const double stretch = (double)base->n_pixels / (double)optics->n_pixels;
    gboolean own = FALSE;
    for (int i = 0; i < SIMUSB_N_COEFFICIENTS; i++)
        own = own || fabs(optics->coefficients[i]) > 0.0;
    for (int i = 0; i < SIMUSB_N_COEFFICIENTS; i++)
        model.coefficients[i] =
            own ? optics->coefficients[i] : base->coefficients[i] * pow(stretch, i);
    shift_polynomial(model.coefficients, optics->first_index);
    const double scale = optics->full_scale / 65535.0;
    model.saturation_counts = optics->saturation_counts;
    model.gain_e_per_count /= scale;
    model.bias_counts *= scale;
    model.read_noise_counts = MAX(model.read_noise_counts * scale, 0.7);
    return model;
}

static void clear_pool(Pool *pool)
{
    for (guint i = 0; i < pool->n; i++)
        g_free(pool->frame[i]);
    memset(pool, 0, sizeof *pool);
}

static void make_physics(SimUsbCamera *camera)
{
    clear_pool(&camera->pool[0]);
    clear_pool(&camera->pool[1]);
    cel_sim_physics_free(camera->physics);
    camera->physics = cel_sim_physics_new(&camera->model, &camera->scene.conditions);
}

static gboolean has_recording(const SimUsbCamera *camera, const char *sample)
{
    for (guint i = 0; camera->recordings != NULL && i < camera->recordings->len; i++) {
        if (strcmp(g_array_index(camera->recordings, Recording, i).sample, sample) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean set_scene(SimUsbCamera *camera, const Scene *scene)
{
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    const CelSimSample *found = NULL;
    for (gsize i = 0; i < n; i++) {
        if (strcmp(samples[i].id, scene->sample) == 0)
            found = &samples[i];
    }
    if (found == NULL && !has_recording(camera, scene->sample))
        return FALSE;
    camera->scene = *scene;
    make_physics(camera);
    cel_sim_physics_set_sample(camera->physics, found);
    return TRUE;
}

SimUsbCamera *simusb_camera_new(const SimUsbOptics *optics, SimUsbBoard *board)
{
    SimUsbCamera *camera = g_new0(SimUsbCamera, 1);
    camera->optics = *optics;
    camera->board = board;
    camera->model = make_model(optics);
    camera->counts = g_new0(double, optics->n_pixels);
    camera->integration_us = camera->old_us = 10000;
    const Scene scene = {
        .sample = "cyclohexane",
        .conditions = {.seed = 1, .fluorescence = 0.2, .ambient_celsius = 22.0, .signal = 1.0}};
    const gboolean known = set_scene(camera, &scene);
    g_assert(known);
    return camera;
}

void simusb_camera_free(SimUsbCamera *camera)
{
    if (camera == NULL)
        return;
    clear_pool(&camera->pool[0]);
    clear_pool(&camera->pool[1]);
    cel_sim_physics_free(camera->physics);
    g_clear_pointer(&camera->recordings, g_array_unref);
    g_free(camera->counts);
    g_free(camera);
}

void simusb_camera_coefficients(const SimUsbCamera *camera, double out[SIMUSB_N_COEFFICIENTS])
{
    memcpy(out, camera->model.coefficients, sizeof camera->model.coefficients);
    shift_polynomial(out, -camera->optics.first_index);
}

double simusb_camera_laser_nm(const SimUsbCamera *camera)
{
    return camera->model.laser_nm;
}

static gboolean set_condition(Scene *scene, const char *key, double number)
{
    if (number < 0.0 || number > 1000.0)
        return FALSE;
    if (strcmp(key, "signal") == 0)
        scene->conditions.signal = number;
    else if (strcmp(key, "fluorescence") == 0)
        scene->conditions.fluorescence = number;
    else if (strcmp(key, "cosmic") == 0)
        scene->conditions.cosmic_rate_hz = number;
    else
        return FALSE;
    return TRUE;
}

gboolean simusb_camera_set(SimUsbCamera *camera, const char *key, const char *value)
{
    Scene scene = camera->scene;
    double number = 0.0;
    if (strcmp(key, "noise") == 0) {
        camera->pooled = strcmp(value, "pool") == 0;
        return camera->pooled || strcmp(value, "fresh") == 0;
    }
    if (strcmp(key, "sample") == 0)
        g_strlcpy(scene.sample, value, sizeof scene.sample);
    else if (!cel_number_parse(value, strlen(value), '.', &number) ||
             !set_condition(&scene, key, number))
        return FALSE;
    return set_scene(camera, &scene);
}

/* ---- recordings ---- */

static void clear_recording(gpointer data)
{
    g_bytes_unref(((Recording *)data)->counts);
}

/* "wp-00887-coconut-oil-100ms.u16le" after the prefix and its dash: sample and time */
static gboolean parse_recording_name(const char *rest, Recording *out)
{
    const char *dash = strrchr(rest, '-');
    const char *unit = g_str_has_suffix(rest, "ms.u16le") ? strstr(rest, "ms.u16le") : NULL;
    double ms = 0.0;
    if (dash == NULL || unit == NULL || unit <= dash + 1 ||
        !cel_number_parse(dash + 1, (gsize)(unit - dash - 1), '.', &ms) || ms <= 0.0)
        return FALSE;
    g_strlcpy(out->sample, rest, MIN(sizeof out->sample, (gsize)(dash - rest) + 1));
    out->integration_us = (gint64)(ms * 1000.0);
    return TRUE;
}

gboolean simusb_camera_use_recordings(SimUsbCamera *camera, const char *folder, const char *prefix,
                                      GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (dir == NULL)
        return FALSE;
    camera->recordings = g_array_new(FALSE, FALSE, sizeof(Recording));
    g_array_set_clear_func(camera->recordings, clear_recording);
    const char *name = NULL;
    while ((name = g_dir_read_name(dir)) != NULL) {
        Recording recording = {.integration_us = 0};
        const gsize n = strlen(prefix);
        if (!g_str_has_prefix(name, prefix) || name[n] != '-' ||
            !parse_recording_name(name + n + 1, &recording))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *data = NULL;
        gsize size = 0;
        if (!g_file_get_contents(path, &data, &size, error))
            return FALSE;
        recording.counts = g_bytes_new_take(data, size);
        if (size == camera->optics.n_pixels * 2)
            g_array_append_val(camera->recordings, recording);
        else
            g_bytes_unref(recording.counts);
    }
    return TRUE;
}

static const Recording *nearest_recording(const SimUsbCamera *camera, gboolean lit)
{
    const Recording *best = NULL;
    const char *sample = lit ? camera->scene.sample : "dark";
    for (guint i = 0; i < camera->recordings->len; i++) {
        const Recording *one = &g_array_index(camera->recordings, Recording, i);
        if (strcmp(one->sample, sample) == 0 &&
            (best == NULL || ABS(one->integration_us - camera->exposed_us) <
                                 ABS(best->integration_us - camera->exposed_us)))
            best = one;
    }
    return best;
}

/* A recorded frame has the noise of one exposure; a second reading differs by one count at random,
 * as no two frames of a detector are equal. */
static gboolean recorded_frame(SimUsbCamera *camera, gboolean lit, guint32 *out_counts)
{
    const Recording *recording = nearest_recording(camera, lit);
    if (recording == NULL)
        return FALSE;
    const guint8 *raw = g_bytes_get_data(recording->counts, NULL);
    for (gsize i = 0; i < camera->optics.n_pixels; i++)
        out_counts[i] = (guint32)raw[2 * i] | (guint32)raw[2 * i + 1] << 8;
    const gsize touched =
        (gsize)g_rand_int_range(camera->board->rand, 0, (gint32)camera->optics.n_pixels);
    out_counts[touched] ^= 1u;
    return TRUE;
}

/* ---- exposures ---- */

void simusb_camera_set_integration(SimUsbCamera *camera, gint64 us)
{
    if (!camera->changed)
        camera->old_us = camera->integration_us;
    camera->integration_us = us;
    camera->changed = TRUE;
    camera->board->truth.integration_ms = (double)us / 1000.0;
}

gint64 simusb_camera_integration_us(const SimUsbCamera *camera)
{
    return camera->integration_us;
}

void simusb_camera_touch(SimUsbCamera *camera)
{
    if (!camera->changed)
        camera->old_us = camera->integration_us;
    camera->changed = TRUE;
}

static void begin(SimUsbCamera *camera, gint64 at_us, double extra_ms)
{
    const gboolean late = camera->changed && camera->optics.setting_one_late;
    camera->changed = FALSE;
    camera->exposed_us = late ? camera->old_us : camera->integration_us;
    camera->runs = TRUE;
    camera->start_us = at_us;
    const double ms = (double)camera->exposed_us / 1000.0 + extra_ms;
    camera->end_us = at_us + simusb_board_scaled_us(camera->board, ms);
}

void simusb_camera_expose(SimUsbCamera *camera, double extra_ms)
{
    if (!camera->runs)
        begin(camera, camera->board->now_us, extra_ms);
    else if (camera->n_waiting < MAX_WAITING)
        camera->waiting[camera->n_waiting++] = extra_ms;
}

void simusb_camera_expose_from(SimUsbCamera *camera, gint64 start_us, gint64 exposed_us)
{
    camera->changed = FALSE;
    camera->exposed_us = exposed_us;
    camera->runs = TRUE;
    camera->start_us = start_us;
    camera->end_us = start_us + simusb_board_scaled_us(camera->board, (double)exposed_us / 1000.0);
}

void simusb_camera_abort(SimUsbCamera *camera)
{
    camera->runs = FALSE;
    camera->n_waiting = 0;
}

gint64 simusb_camera_due_us(const SimUsbCamera *camera)
{
    return camera->runs ? camera->end_us : G_MAXINT64;
}

gint64 simusb_camera_started_us(const SimUsbCamera *camera)
{
    return camera->collected_start_us;
}

static void set_dark(SimUsbCamera *camera, guint32 *counts)
{
    for (int pair = 0; pair < 4; pair += 2) {
        const gsize first = camera->optics.dark[pair], last = camera->optics.dark[pair + 1];
        for (gsize i = first; i <= last && last > first; i++)
            counts[i] = (guint32)MAX(0.0, rint(camera->model.bias_counts +
                                               g_rand_double_range(camera->board->rand, -3, 3)));
    }
}

static void draw_frame(SimUsbCamera *camera, double lit_part, guint32 *out_counts)
{
    const CelSimShot shot = {.seconds = (double)camera->exposed_us / 1e6,
                             .laser_mw = camera->board->truth.laser_mw * lit_part,
                             .light = 1.0};
    cel_sim_physics_frame(camera->physics, &shot, camera->counts);
    for (gsize i = 0; i < camera->optics.n_pixels; i++)
        out_counts[i] = (guint32)camera->counts[i];
    set_dark(camera, out_counts);
}

static gboolean is_condition(const Pool *pool, const SimUsbCamera *camera)
{
    return pool->exposed_us == camera->exposed_us &&
           fabs(pool->laser_mw - camera->board->truth.laser_mw) < 1e-9;
}

/* @lit: all the time; otherwise never. */
static void take_from_pool(SimUsbCamera *camera, gboolean lit, guint32 *out_counts)
{
    Pool *pool = &camera->pool[lit];
    const gsize size = camera->optics.n_pixels * sizeof *out_counts;
    if (!is_condition(pool, camera)) {
        clear_pool(pool);
        pool->exposed_us = camera->exposed_us;
        pool->laser_mw = camera->board->truth.laser_mw;
    }
    if (pool->n < POOL_FRAMES) {
        draw_frame(camera, lit ? 1.0 : 0.0, out_counts);
        pool->frame[pool->n++] = g_memdup2(out_counts, size);
    } else {
        memcpy(out_counts, pool->frame[pool->next], size);
        pool->next = (pool->next + 1) % POOL_FRAMES;
    }
}

static void take_frame(SimUsbCamera *camera, gint64 lit_us, gint64 window_us, guint32 *out_counts)
{
    const double part = (double)lit_us / (double)window_us;
    if (camera->recordings != NULL && recorded_frame(camera, part > 0.5, out_counts))
        return;
    if (camera->pooled && (lit_us == 0 || lit_us == window_us))
        take_from_pool(camera, lit_us > 0, out_counts);
    else
        draw_frame(camera, part, out_counts);
}

gboolean simusb_camera_collect(SimUsbCamera *camera, guint32 *out_counts)
{
    if (!camera->runs || camera->end_us > camera->board->now_us)
        return FALSE;
    const gint64 window = MAX(camera->end_us - camera->start_us, 1);
    const gint64 lit =
        simusb_truth_on_us(&camera->board->truth, camera->start_us, camera->start_us + window);
    if (out_counts != NULL)
        take_frame(camera, lit, window, out_counts);
    camera->collected_start_us = camera->start_us;
    camera->runs = FALSE;
    if (camera->n_waiting > 0) {
        const double extra_ms = camera->waiting[0];
        camera->n_waiting--;
        memmove(camera->waiting, camera->waiting + 1, camera->n_waiting * sizeof extra_ms);
        begin(camera, camera->end_us, extra_ms);
    }
    return TRUE;
}
