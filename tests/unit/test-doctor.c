/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-bus.h"

#include "bench/cel-doctor.h"
#include "device/cel-udev.h"

#include <glib/gstdio.h>
#include <string.h>

static const CelUsbId ids[] = {{0x24AA, 0x1000, "Test instrument"}, {0x24AA, 0x2000, "Another"}};
static const CelDriver driver = {.id = "test", .usb_ids = ids, .n_usb_ids = G_N_ELEMENTS(ids)};
static const CelDriver without_ids = {.id = "none"};
static const CelDriver *const drivers[] = {&without_ids, &driver};

/* What is looked at: a folder for rules, and a bus in memory. */
typedef struct {
    char *folder;
    const char *folders[2];
    CelBus *bus;
    CelDriverTable table;
    CelDoctorPlace place;
} Scene;

static void scene_begin(Scene *scene)
{
    scene->folder = g_dir_make_tmp("celadon-doctor-XXXXXX", NULL);
    scene->folders[0] = scene->folder;
    scene->folders[1] = NULL;
    scene->bus = fake_bus_new();
    scene->table = (CelDriverTable){
        .drivers = drivers, .n = G_N_ELEMENTS(drivers), .bus = scene->bus, .guard_program = "/g"};
    scene->place = (CelDoctorPlace){.table = &scene->table,
                                    .rule_folders = scene->folders,
                                    .work_folder = "/",
                                    .clock = cel_clock_system()};
}

static void scene_install(Scene *scene, const char *text)
{
    g_autofree char *path = g_build_filename(scene->folder, CEL_UDEV_FILE, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void scene_end(Scene *scene)
{
    g_autofree char *path = g_build_filename(scene->folder, CEL_UDEV_FILE, NULL);
    g_unlink(path);
    g_rmdir(scene->folder);
    g_free(scene->folder);
    cel_bus_free(scene->bus);
}

/* The finding of @check, which must be in @state and say @fragment. */
static void assert_finding(Scene *scene, const char *check, CelDoctorState state,
                           const char *fragment)
{
    g_autoptr(GPtrArray) findings = cel_doctor_examine(&scene->place);
    for (guint i = 0; i < findings->len; i++) {
        const CelDoctorFinding *finding = g_ptr_array_index(findings, i);
        if (strcmp(finding->check, check) != 0)
            continue;
        g_assert_cmpstr(cel_doctor_state_word(finding->state), ==, cel_doctor_state_word(state));
        g_assert_nonnull(strstr(finding->message, fragment));
        g_assert_true((finding->remedy != NULL) == (state != CEL_DOCTOR_OK));
        return;
    }
    g_error("there is no check %s", check);
}

static void the_rules_name_every_id_and_no_other(void)
{
    const CelDriverTable table = {.drivers = drivers, .n = G_N_ELEMENTS(drivers)};
    g_autofree char *rules = cel_udev_rules(&table);
    g_assert_nonnull(strstr(rules, "ATTR{idVendor}==\"24aa\", ATTR{idProduct}==\"1000\", "
                                   "TAG+=\"uaccess\"\n"));
    g_assert_nonnull(strstr(rules, "ATTR{idProduct}==\"2000\""));
    g_assert_null(strstr(rules, "driver none"));
    g_auto(GStrv) parts = g_strsplit(rules, "uaccess", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 3);
}

static void a_rule_file_is_missing_of_another_version_or_right(void)
{
    Scene scene;
    scene_begin(&scene);
    assert_finding(&scene, "udev-rule", CEL_DOCTOR_FAILED, "not installed");
    scene_install(&scene, "# nothing\n");
    assert_finding(&scene, "udev-rule", CEL_DOCTOR_FAILED, "not that of this version");
    g_autofree char *rules = cel_udev_rules(&scene.table);
    scene_install(&scene, rules);
    assert_finding(&scene, "udev-rule", CEL_DOCTOR_OK, "is that of this version");
    scene_end(&scene);
}

static void a_unit_that_may_not_be_opened_is_named_with_its_node(void)
{
    Scene scene;
    scene_begin(&scene);
    assert_finding(&scene, "permission", CEL_DOCTOR_OK, "No instrument");
    fake_bus_plug(scene.bus, &(FakeDevice){.vendor = 0x24AA, .product = 0x1000});
    assert_finding(&scene, "permission", CEL_DOCTOR_OK, "1 instruments");
    fake_bus_plug(scene.bus,
                  &(FakeDevice){.vendor = 0x24AA, .product = 0x2000, .no_permission = TRUE});
    assert_finding(&scene, "permission", CEL_DOCTOR_FAILED, "/dev/bus/usb/001/002");
    scene_end(&scene);
}

static void no_usb_and_no_guard_are_failures_with_a_remedy(void)
{
    Scene scene;
    scene_begin(&scene);
    assert_finding(&scene, "usb", CEL_DOCTOR_OK, "reached");
    assert_finding(&scene, "guard", CEL_DOCTOR_OK, "/g");
    scene.table.bus = NULL;
    scene.table.guard_program = NULL;
    scene.place.usb_failure = "no such thing";
    assert_finding(&scene, "usb", CEL_DOCTOR_FAILED, "no such thing");
    assert_finding(&scene, "guard", CEL_DOCTOR_FAILED, "celadon-laserguard");
    scene_end(&scene);
}

static void a_clock_before_this_program_was_made_cannot_be_right(void)
{
    Scene scene;
    scene_begin(&scene);
    scene.place.clock = cel_clock_fixed(1000000);
    assert_finding(&scene, "clock", CEL_DOCTOR_FAILED, "1970-01-01");
    scene_end(&scene);
}

static void a_folder_that_is_not_there_is_no_place_for_files(void)
{
    Scene scene;
    scene_begin(&scene);
    scene.place.work_folder = "/nowhere/at/all";
    assert_finding(&scene, "disk", CEL_DOCTOR_FAILED, "/nowhere/at/all");
    scene_end(&scene);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/udev/the-rules-name-every-id-and-no-other",
                    the_rules_name_every_id_and_no_other);
    g_test_add_func("/doctor/a-rule-file-is-missing-of-another-version-or-right",
                    a_rule_file_is_missing_of_another_version_or_right);
    g_test_add_func("/doctor/a-unit-that-may-not-be-opened-is-named-with-its-node",
                    a_unit_that_may_not_be_opened_is_named_with_its_node);
    g_test_add_func("/doctor/no-usb-and-no-guard-are-failures-with-a-remedy",
                    no_usb_and_no_guard_are_failures_with_a_remedy);
    g_test_add_func("/doctor/a-clock-before-this-program-was-made-cannot-be-right",
                    a_clock_before_this_program_was_made_cannot_be_right);
    g_test_add_func("/doctor/a-folder-that-is-not-there-is-no-place-for-files",
                    a_folder_that_is_not_there_is_no_place_for_files);
    return g_test_run();
}
