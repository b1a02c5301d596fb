/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene-lab.h"

#include "bench/cel-practice.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>

/* Founds a practice lab, as the window's first page does: make-practice-lab FOLDER; with a third
 * word a lab in which some weeks of work were done. */
int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *place = g_path_get_dirname(self);
    g_autofree char *catalogue = g_build_filename(place, "..", "..", "po", NULL);
    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain("celadon", catalogue); /* people are called in the language of LANGUAGE */
    textdomain("celadon");
    if (argc == 3) {
        g_autofree char *worked = scene_lab();
        return g_rename(worked, argv[1]) == 0 ? 0 : 4;
    }
    if (argc != 2)
        return 2;
    const CelPractice practice = {
        .folder = argv[1], .passphrase = "practice", .clock = cel_clock_system()};
    if (cel_practice_found(&practice, NULL, &error))
        return 0;
    g_printerr("%s\n", error->message);
    return 4;
}
