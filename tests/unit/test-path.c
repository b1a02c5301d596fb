/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-fixture.h"

static void goes_the_field_way_with_six_touches(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    room_state_is(&scene->room, "1", CEL_EXHIBIT_COLLECTED);
    scene_check(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
    scene_blank(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_MEASURE);
    scene_spots(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_RESULT);
    scene_result(scene);
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, LI);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_true(cel_path_is_over(scene->path));
    g_assert_cmpstr(view->fid, ==, fid);
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_NAVIGATION], ==, 6);
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_HOLD], ==, 5); /* check, blank, three spots */
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_PHOTO], ==, 3);
    room_state_is(&scene->room, "1", CEL_EXHIBIT_CLOSED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(Scene *, gconstpointer);
    } tests[] = {
        {"/path/goes-the-field-way-with-six-touches", goes_the_field_way_with_six_touches},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Scene, NULL, scene_set_up, tests[i].run, scene_tear_down);
    return g_test_run();
}
