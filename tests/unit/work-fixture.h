/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-work.h"
#include "cel-drivers.h"
#include "simulated/cel-sim.h"
#include "made-substance.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* One bench over a made library of two substances of grade A, and measurements of either: imported
 * ones, or of the simulated instrument. */

enum { CURVE = 1200, N_MADE_BANDS = 5 };

typedef struct {
    const char *id, *name_zh;
    double cm1[N_MADE_BANDS];
} Made;

/* Five bands each, far apart between the two. */
static const Made alpha = {"alpha", "甲物质", {320, 540, 760, 980, 1190}};
static const Made beta = {"beta", "乙物质", {270, 455, 655, 870, 1100}};
static const double heights[N_MADE_BANDS] = {0.5, 0.8, 0.35, 1.0, 0.6};

typedef struct {
    char *folder, *library, *path;
    CelBench *bench;
    CelWork *work;
} Desk;

/** Recording: how an imported spectrum of one of the two looks. */
typedef struct {
    const Made *made; /* (nullable): nothing */
    double height, noise, ripple;
    guint32 seed;
} Recording;

static void make_curve(const Recording *how, double *x, double *y)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(how->seed + 1);
    for (int i = 0; i < CURVE; i++) {
        x[i] = 160 + i;
        y[i] = how->noise * (g_rand_double(rand) + g_rand_double(rand) - 1) +
               how->ripple * sin(x[i] / 37.0) * sin(x[i] / 11.0);
        for (int b = 0; how->made != NULL && b < N_MADE_BANDS; b++) {
            const double u = (x[i] - how->made->cm1[b]) / 5;
            y[i] += how->height * heights[b] / (1 + u * u);
        }
    }
}

static CelMeasurement *record(const Recording *how)
{
    double x[CURVE], y[CURVE];
    make_curve(how, x, y);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, CURVE, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(spectrum, CEL_META_BASELINE, "removed");
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, 785);
    return cel_measurement_from_spectrum(spectrum);
}

/* A good imported spectrum of @made. */
static inline CelMeasurement *imported(const Made *made, guint32 seed)
{
    return record(&(Recording){.made = made, .height = 1000, .noise = 5, .seed = seed});
}

/* The simulated instrument looks at @made. */
static inline CelMeasurement *simulated(const Made *made, int seed)
{
    g_autoptr(GError) error = NULL;
    const CelDriverTable table = cel_drivers(NULL);
    g_autofree char *settings = g_strdup_printf("sample=empty,seed=%d,speed=1e6", seed);
    g_autoptr(CelDevice) device = cel_device_open(&table, "simulated:785", settings, &error);
    g_assert_no_error(error);
    CelSimBand bands[N_MADE_BANDS];
    for (int b = 0; made != NULL && b < N_MADE_BANDS; b++)
        bands[b] = (CelSimBand){made->cm1[b], heights[b], 8};
    if (made != NULL)
        cel_sim_set_bands(device, bands, N_MADE_BANDS, 0.1, &error);
    const CelAcquireOptions options = {.integration_ms = made != NULL ? 0.0 : 1000.0,
                                       .clock = cel_clock_fixed(1795000000000000)};
    CelMeasurement *m = cel_device_acquire(device, &options, NULL, &error);
    g_assert_no_error(error);
    return m;
}

static void add_made(CelLibraryBuilder *builder, const Made *made)
{
    double x[CURVE], y[CURVE];
    float narrow[CURVE];
    make_curve(&(Recording){.made = made, .height = 1000}, x, y);
    for (int i = 0; i < CURVE; i++)
        narrow[i] = (float)y[i];
    const CelReference reference = {.name = made->id,
                                    .laser_nm = 785,
                                    .grade = CEL_GRADE_A,
                                    .source = "made",
                                    .licence = "",
                                    .extra = "",
                                    .baseline_removed = TRUE,
                                    .n = CURVE,
                                    .x = x,
                                    .y = narrow};
    CelSubstance substance = made_substance(made->id, "mineral");
    substance.name_zh = made->name_zh;
    g_autoptr(GError) error = NULL;
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

static CelBench *open_bench(const Desk *desk, CelPolicy policy)
{
    g_autoptr(GError) error = NULL;
    const char *const libraries[] = {desk->library, NULL};
    const CelBenchOptions options = {
        .library_paths = libraries, .only_paths = TRUE, .policy = policy};
    CelBench *bench = cel_bench_open(&options, NULL, &error);
    g_assert_no_error(error);
    return bench;
}

/* @user_data: non-NULL for the development policy. */
static void desk_set_up(Desk *desk, gconstpointer user_data)
{
    g_autoptr(GError) error = NULL;
    desk->folder = g_dir_make_tmp("celadon-work-XXXXXX", &error);
    g_assert_no_error(error);
    desk->library = g_build_filename(desk->folder, "made.library.h5", NULL);
    desk->path = g_build_filename(desk->folder, "exhibit.cel.h5", NULL);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    add_made(builder, &alpha);
    add_made(builder, &beta);
    cel_library_builder_write(builder, desk->library, &error);
    g_assert_no_error(error);
    desk->bench =
        open_bench(desk, user_data != NULL ? CEL_POLICY_DEVELOPMENT : CEL_POLICY_EVIDENCE);
    desk->work = cel_work_new(desk->bench);
}

static void desk_tear_down(Desk *desk, gconstpointer user_data)
{
    (void)user_data;
    cel_work_free(desk->work);
    cel_bench_close(desk->bench);
    remove_folder(desk->folder);
    g_free(desk->folder);
    g_free(desk->library);
    g_free(desk->path);
}

static inline const CelIdentification *desk_identify(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    cel_work_identify(desk->work, NULL, &error);
    g_assert_no_error(error);
    return cel_work_answer(desk->work);
}

/* Seals with a new key of the kind that @training asks for. */
static inline gboolean desk_seal(Desk *desk, gboolean training, GError **error)
{
    g_autoptr(CelKey) key = cel_key_generate("Wang Fang", training, NULL);
    const CelWorkSeal seal = {.case_id = "2026-0042",
                              .exhibit_id = "1-1",
                              .training = training,
                              .clock = cel_clock_fixed(1795000000000000)};
    return cel_work_seal(desk->work, &seal, key, desk->path, NULL, error);
}
