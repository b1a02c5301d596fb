/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene-lab.h"
#include "ui-test.h"
#include "bench/cel-case.h"

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    g_autofree char *folder = scene_lab();
    g_printerr("%s\n", folder);
    return 0;
}
