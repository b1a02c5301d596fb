/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result-answers.h"

#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "simulated/cel-sim.h"

#include <glib/gstdio.h>

enum { CURVE = 1700, N_REPLICATES = 3 };

/* ---- a library of the laboratory's own ---- */

typedef struct {
    double cm1, height;
} Line;

/* ASTM E1840 polystyrene, and calcite as of RRUFF: what the simulated samples are made of. */
static const Line polystyrene[] = {{620.9, 0.16},  {795.8, 0.1},   {1001.4, 1.0},  {1031.8, 0.27},
                                   {1155.3, 0.13}, {1450.5, 0.08}, {1583.1, 0.12}, {1602.3, 0.28}};
static const Line calcite[] = {{281, 0.35}, {712.1, 0.15}, {1086.5, 1.0}, {1436, 0.1}};
static const Line sulfur[] = {{219.1, 1.0}, {473.2, 0.7}, {248, 0.15}};
static const Line naphthalene[] = {{513.8, 0.7},  {763.8, 0.7},  {1021.6, 0.4}, {1147.2, 0.15},
                                   {1382.2, 1.0}, {1464.5, 0.4}, {1576.6, 0.4}};

static const struct {
    const char *id, *name_en, *name_zh, *class_id;
    const Line *lines;
    gsize n;
} made[] = {
    {"ps", "Polystyrene", "聚苯乙烯", "polymer", polystyrene, G_N_ELEMENTS(polystyrene)},
    {"calcite", "Calcite", "方解石", "mineral", calcite, G_N_ELEMENTS(calcite)},
    {"sulfur", "Sulfur", "硫磺", "mineral", sulfur, G_N_ELEMENTS(sulfur)},
    {"naphthalene", "Naphthalene", "萘", "pesticide", naphthalene, G_N_ELEMENTS(naphthalene)},
};

static void add_reference(CelLibraryBuilder *builder, gsize which, CelGrade grade)
{
    static const char *const none[] = {NULL};
    double x[CURVE];
    float y[CURVE];
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < CURVE; i++) {
        double sum = 0;
        x[i] = 160 + (double)i;
        for (gsize b = 0; b < made[which].n; b++) {
            const double u = (x[i] - made[which].lines[b].cm1) / 5.5;
            sum += made[which].lines[b].height / (1 + u * u);
        }
        y[i] = (float)sum;
    }
    const CelReference reference = {.name = "LAB-2026-017",
                                    .laser_nm = 785,
                                    .grade = grade,
                                    .source = "made",
                                    .licence = "",
                                    .extra = "",
                                    .baseline_removed = TRUE,
                                    .n = CURVE,
                                    .x = x,
                                    .y = y};
    const CelSubstance substance = {.id = made[which].id,
                                    .name_en = made[which].name_en,
                                    .name_zh = made[which].name_zh,
                                    .cas = "",
                                    .class_id = made[which].class_id,
                                    .field = "",
                                    .legal_note = "",
                                    .legal_certainty = "",
                                    .raman_caveat_en = "",
                                    .raman_caveat_zh = "",
                                    .group_id = "",
                                    .ceiling = "substance",
                                    .usable = "yes",
                                    .lookalikes = none,
                                    .library = ""};
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

static char *make_library(CelGrade grade)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lab-references", "2026.11");
    char *path = NULL;
    const int fd = g_file_open_tmp("celadon-XXXXXX.library.h5", &path, &error);
    g_assert_no_error(error);
    g_close(fd, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++)
        add_reference(builder, i, grade);
    cel_library_builder_write(builder, path, &error);
    g_assert_no_error(error);
    return path;
}

/* ---- the cases ---- */

/** Case: how an answer comes about. */
typedef struct {
    const char *name;
    const char *settings; /* of the simulated instrument */
    gboolean two;         /* calcite and polystyrene lie before it */
    gboolean blank;       /* with the same before it, a blank is recorded too */
    gboolean own;         /* the laboratory's library alone */
    gboolean both;        /* with the one that ships */
    CelGrade grade;
    const char *check; /* of the axis; NULL: none */
    CelPolicy policy;
} Case;

static const Case cases[RESULT_N_CASES] = {
    [RESULT_FOUND] = {"found", "sample=polystyrene", .both = TRUE, .check = "ok"},
    [RESULT_MIXTURE] = {"mixture", "sample=empty", .two = TRUE, .own = TRUE, .check = "ok"},
    [RESULT_CLASS_ONLY] = {"class-only", "sample=polystyrene", .both = TRUE, .grade = CEL_GRADE_B,
                           .check = "ok"},
    [RESULT_LEAD] = {"lead", "sample=polystyrene", .check = NULL},
    [RESULT_FLUORESCENCE] = {"fluorescence", "sample=polystyrene,signal=0.4,fluorescence=40",
                             .own = TRUE, .check = "ok"},
    [RESULT_NOTHING] = {"nothing-claimed", "sample=acetaminophen", .own = TRUE, .check = "ok"},
    [RESULT_REFUSED] = {"refused", "sample=polystyrene", .own = TRUE, .check = "failed"},
    [RESULT_DEVELOPMENT] = {"development", "sample=polystyrene", .own = TRUE, .check = "ok",
                            .policy = CEL_POLICY_DEVELOPMENT},
    [RESULT_WRONG_AXIS] = {"wrong-axis", "sample=polystyrene,laser_drift_nm=0.6", .own = TRUE,
                           .check = "ok"},
    [RESULT_CARRY_OVER] = {"carry-over", "sample=polystyrene", .blank = TRUE, .own = TRUE,
                           .check = "ok"},
    [RESULT_WATCHED] = {"watched", "sample=naphthalene", .own = TRUE, .check = "ok"},
};

const char *result_case_name(ResultCase which)
{
    return cases[which].name;
}

/* ---- benches, kept: answers point into them ---- */

static CelBench *benches[RESULT_N_CASES];

static gboolean judge(gpointer data, const CelMeasurement *measurement, CelSampleState *state,
                      GError **error)
{
    const Case *c = data;
    (void)measurement;
    (void)error;
    state->axis_check = c->check;
    return TRUE;
}

static const CelBench *bench_of(ResultCase which)
{
    const Case *c = &cases[which];
    g_autoptr(GError) error = NULL;
    if (benches[which] != NULL)
        return benches[which];
    g_autofree char *library = c->own || c->both ? make_library(c->grade) : NULL;
    const char *const paths[] = {library, NULL};
    const CelBenchOptions options = {.library_paths = paths,
                                     .only_paths = c->own,
                                     .policy = c->policy,
                                     .judge = judge,
                                     .judge_data = (gpointer)c};
    benches[which] = cel_bench_open(&options, NULL, &error);
    g_assert_no_error(error);
    if (library != NULL)
        g_unlink(library);
    return benches[which];
}

void result_answers_end(void)
{
    for (gsize i = 0; i < RESULT_N_CASES; i++)
        g_clear_pointer(&benches[i], cel_bench_close);
}

/* ---- measuring ---- */

static void lay_two(CelDevice *device)
{
    CelSimBand bands[G_N_ELEMENTS(polystyrene) + G_N_ELEMENTS(calcite)];
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(polystyrene); i++)
        bands[n++] = (CelSimBand){polystyrene[i].cm1, polystyrene[i].height, 8};
    for (gsize i = 0; i < G_N_ELEMENTS(calcite); i++)
        bands[n++] = (CelSimBand){calcite[i].cm1, 0.8 * calcite[i].height, 8};
    cel_sim_set_bands(device, bands, n, 0.1, &error);
    g_assert_no_error(error);
}

static CelMeasurement *measure(const Case *c, guint seed)
{
    g_autoptr(GError) error = NULL;
    const CelDriverTable table = cel_drivers(NULL);
    g_autofree char *settings = g_strdup_printf("%s,seed=%u,speed=1e6", c->settings, seed);
    g_autoptr(CelDevice) device = cel_device_open(&table, "simulated:785", settings, &error);
    g_assert_no_error(error);
    if (c->two)
        lay_two(device);
    const CelAcquireOptions options = {.clock = cel_clock_fixed(1795000000000000)};
    CelMeasurement *measurement = cel_device_acquire(device, &options, NULL, &error);
    g_assert_no_error(error);
    return measurement;
}

CelAnswer *result_answer(ResultCase which)
{
    const Case *c = &cases[which];
    g_autoptr(GError) error = NULL;
    CelWork *work = cel_work_new(bench_of(which));
    for (guint i = 0; i < N_REPLICATES; i++)
        cel_work_add(work, measure(c, 10 + i));
    if (c->blank)
        cel_work_add_blank(work, CEL_BLANK_INSTRUMENT, measure(c, 20));
    cel_work_identify(work, NULL, &error);
    g_assert_no_error(error);
    return cel_answer_new(work, "2026-0042/1-1");
}
