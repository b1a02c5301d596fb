/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-guard-protocol.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* An order that was read is printed as lines that read as the same order. */
static void check_order(const CelGuardOrder *order)
{
    CelGuardOrder again = {0};
    CelGuardLine line;
    g_autofree char *once = cel_guard_print_order(order);
    g_auto(GStrv) lines = g_strsplit(once, "\n", -1);
    for (guint i = 0; lines[i][0] != '\0'; i++)
        g_assert_true(cel_guard_parse(lines[i], strlen(lines[i]), &again, &line));
    g_autofree char *twice = cel_guard_print_order(&again);
    g_assert_cmpstr(once, ==, twice);
}

/* Every line of what comes over the socket, through the same bounded buffer. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    CelGuardReader reader = {0};
    CelGuardOrder order = {0};
    CelGuardLine line;
    char text[CEL_GUARD_MAX_LINE + 1];
    for (gsize at = 0; at < size;) {
        const gsize room = sizeof reader.bytes - reader.n;
        const gsize n = MIN(room, size - at);
        if (n == 0)
            return 0;
        memcpy(reader.bytes + reader.n, data + at, n);
        reader.n += n;
        at += n;
        for (gssize got = cel_guard_next_line(&reader, text); got >= 0;
             got = cel_guard_next_line(&reader, text)) {
            if (!cel_guard_parse(text, (gsize)got, &order, &line))
                continue;
            g_assert_cmpuint(strlen(line.text), <, sizeof line.text);
            if (line.word == CEL_GUARD_GATE)
                check_order(&order);
        }
    }
    return 0;
}
