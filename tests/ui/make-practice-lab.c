/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-practice.h"

/* Founds a practice lab, as the window's first page does: make-practice-lab FOLDER. */
int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 2)
        return 2;
    const CelPractice practice = {
        .folder = argv[1], .passphrase = "practice", .clock = cel_clock_system()};
    if (cel_practice_found(&practice, NULL, &error))
        return 0;
    g_printerr("%s\n", error->message);
    return 4;
}
