/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-fixture.h"
#include "work-fixture.h"

#include "bench/cel-path-view.h"

/* A training lab, a made library and the simulated instrument: hands that go the whole way. */

typedef struct {
    Room room;
    Desk desk;
    CelPath *path;
    guint n_photos; /* every picture is another one */
    int seed;       /* likewise of every exposure */
    gboolean in_bag;
} Scene;

static const CelLaserConfirmation all_held = {
    .eyewear_on = TRUE, .beam_blocked = TRUE, .nobody_in_line = TRUE};

static inline void scene_set_up(Scene *scene, gconstpointer data)
{
    (void)data;
    *scene = (Scene){.seed = 1};
    room_set_up(&scene->room, "training");
    desk_set_up(&scene->desk, NULL);
    room_sign_in(&scene->room, WANG);
}

static inline void scene_tear_down(Scene *scene, gconstpointer data)
{
    (void)data;
    cel_path_close(scene->path);
    desk_tear_down(&scene->desk, NULL);
    room_tear_down(&scene->room, NULL);
}

/* Returns: (transfer full): a new picture of 64 bytes. */
static inline char *scene_picture(Scene *scene, const char *folder)
{
    static const guint8 start[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    static const guint8 stop[] = {'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
    guint8 bytes[64] = {0};
    memcpy(bytes, start, sizeof start);
    g_snprintf((char *)bytes + 8, 40, "%u %u", scene->n_photos++, g_random_int());
    memcpy(bytes + sizeof bytes - sizeof stop, stop, sizeof stop);
    g_autofree char *name = g_strdup_printf("picture-%u.png", scene->n_photos);
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, (const char *)bytes, sizeof bytes, NULL));
    return path;
}

static inline CelPathSetup scene_setup(CelPathWay way)
{
    return (CelPathSetup){.way = way,
                          .case_id = way == CEL_PATH_FIELD ? ROOM_CASE : NULL,
                          .place = "某河段3号排口",
                          .environment = "22 C, 45 %",
                          .witness = "钱七",
                          .lot = "PS-2",
                          .frames = 3,
                          .clock = cel_clock_system()};
}

static inline void scene_begin(Scene *scene, CelPathWay way)
{
    g_autoptr(GError) error = NULL;
    const CelPathSetup setup = scene_setup(way);
    scene->path = cel_path_begin(scene->room.lab, &setup, &error);
    g_assert_no_error(error);
}

static inline CelPathView *scene_view(Scene *scene)
{
    g_autoptr(GError) error = NULL;
    CelPathView *view = cel_path_view(scene->path, &error);
    g_assert_no_error(error);
    return view;
}

static inline gboolean scene_photo(Scene *scene, GError **error)
{
    g_autofree char *file = scene_picture(scene, scene->desk.folder);
    return cel_path_photo(scene->path, file, NULL, error);
}

/* The exhibit is alpha; a bag, where there is one, is beta. */
static inline guint scene_bands(const Scene *scene, CelPathShotKind kind, CelSimBand *out)
{
    const gboolean bag =
        kind == CEL_PATH_SHOT_PACKAGING || (kind == CEL_PATH_SHOT_SPOT && scene->in_bag);
    guint n = 0;
    for (int b = 0; kind == CEL_PATH_SHOT_SPOT && b < N_MADE_BANDS; b++)
        out[n++] = (CelSimBand){alpha.cm1[b], heights[b], 8};
    for (int b = 0; bag && b < N_MADE_BANDS; b++)
        out[n++] = (CelSimBand){beta.cm1[b], heights[b] / 2, 8};
    return n;
}

/* The instrument with what @kind asks for before it. */
static inline CelDevice *scene_device(Scene *scene, CelPathShotKind kind, GError **error)
{
    const CelDriverTable table = cel_drivers(NULL);
    const gboolean check = kind == CEL_PATH_SHOT_CHECK || kind == CEL_PATH_SHOT_CLOSING;
    g_autofree char *settings = g_strdup_printf("sample=%s,seed=%d,speed=1e6",
                                                check ? "polystyrene" : "empty", scene->seed++);
    g_autoptr(CelDevice) device = cel_device_open(&table, "simulated:785", settings, error);
    CelSimBand bands[2 * N_MADE_BANDS];
    const guint n = scene_bands(scene, kind, bands);
    if (device == NULL || (n > 0 && !cel_sim_set_bands(device, bands, n, 0.1, error)))
        return NULL;
    return g_steal_pointer(&device);
}

static inline gboolean scene_connect(Scene *scene, GError **error)
{
    g_autoptr(CelDevice) device = scene_device(scene, CEL_PATH_SHOT_BLANK, error);
    return device != NULL &&
           cel_path_use_instrument(scene->path, cel_device_describe(device), error);
}

/* Hold, light, take: what is due. */
static inline gboolean scene_shoot(Scene *scene, CelPathShotKind kind, GError **error)
{
    CelPathDue due;
    CelAcquireOptions options = {0};
    if (kind == CEL_PATH_SHOT_DUE && cel_path_due(scene->path, &due, error))
        kind = due.kind;
    if (!cel_path_hold(scene->path, kind, &all_held, &options, error))
        return FALSE;
    options.integration_ms = kind == CEL_PATH_SHOT_SPOT ? 0.0 : 1000.0;
    g_autoptr(CelDevice) device = scene_device(scene, kind, error);
    g_autoptr(CelMeasurement) m =
        device != NULL ? cel_device_acquire(device, &options, NULL, error) : NULL;
    return m != NULL && cel_path_take(scene->path, m, NULL, error);
}

static inline CelLabPerson scene_person(const Scene *scene, Who who)
{
    return (CelLabPerson){.key = scene->room.people[who]};
}

#define SCENE_OK(call)                                                                             \
    do {                                                                                           \
        g_autoptr(GError) scene_error = NULL;                                                      \
        const gboolean scene_done = (call);                                                        \
        g_assert_no_error(scene_error);                                                            \
        g_assert_true(scene_done);                                                                 \
    } while (0)

#define SCENE_REFUSED(call, words)                                                                 \
    do {                                                                                           \
        g_autoptr(GError) scene_error = NULL;                                                      \
        g_assert_false((call) ? TRUE : FALSE);                                                     \
        g_assert_nonnull(scene_error);                                                             \
        if (strstr(scene_error->message, (words)) == NULL)                                         \
            g_error("\"%s\" does not say \"%s\"", scene_error->message, (words));                  \
    } while (0)

/* ---- the field way, up to a step ---- */

static inline void scene_scan(Scene *scene, const char *item)
{
    CelPath *path = scene->path;
    SCENE_OK(cel_path_answer(path, "safety", "yes", &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_scan(path, item, &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_next(path, &scene_error));
}

static inline void scene_check(Scene *scene)
{
    SCENE_OK(scene_connect(scene, &scene_error));
    if (cel_path_step(scene->path) == CEL_PATH_STEP_CHECK)
        SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
}

static inline void scene_blank(Scene *scene)
{
    SCENE_OK(cel_path_answer(scene->path, "through", "no", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
}

static inline void scene_spots(Scene *scene)
{
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    while (cel_path_step(scene->path) == CEL_PATH_STEP_MEASURE)
        SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
}

static inline void scene_result(Scene *scene)
{
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
}

static inline void scene_pack(Scene *scene, const char *seal_no)
{
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_pack(scene->path, seal_no, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
}

/* From the scan screen, or from where it stands after that, to the first screen of @step: exhibit
 * 1, into the bag B1. */
static inline void scene_go_to(Scene *scene, CelPathStep step)
{
    while (cel_path_step(scene->path) != step)
        switch (cel_path_step(scene->path)) {
        case CEL_PATH_STEP_SCAN:
            scene_scan(scene, "1");
            break;
        case CEL_PATH_STEP_CHECK:
            scene_check(scene);
            break;
        case CEL_PATH_STEP_BLANK:
            scene_blank(scene);
            break;
        case CEL_PATH_STEP_MEASURE:
            scene_spots(scene);
            break;
        case CEL_PATH_STEP_RESULT:
            scene_result(scene);
            break;
        case CEL_PATH_STEP_PACK:
            scene_pack(scene, "B1");
            break;
        default:
            g_assert_not_reached();
        }
}

static inline char *scene_finish(Scene *scene, Who second)
{
    char *fid = NULL;
    const CelLabPerson other = scene_person(scene, second);
    const CelPathFinish finish = {.second = &other};
    SCENE_OK(cel_path_finish(scene->path, &finish, &fid, NULL, &scene_error));
    return fid;
}
