/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "recording.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static char *print(const CelRecording *recording)
{
    const CelUsbPresent present = {.vendor = recording->vendor, .product = recording->product};
    GString *text = g_string_new(NULL);
    cel_recording_print_head(text, &present, recording->high_speed);
    for (guint i = 0; i < G_N_ELEMENTS(recording->packet_bytes); i++)
        if (recording->packet_bytes[i] != 0)
            cel_recording_print_endpoint(text, (guint8)i, recording->packet_bytes[i]);
    for (guint i = 0; i < recording->events->len; i++)
        cel_recording_print(text, &g_array_index(recording->events, CelRecordEvent, i),
                            recording->bytes->data);
    return g_string_free(text, FALSE);
}

/* A recording that is read is written as a text that reads as the same recording. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelRecording) recording = cel_recording_parse((const char *)data, size, &error);
    if (recording == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    if (recording->bytes->len > 1 << 20) /* "00*1000000" lines: slow to print, nothing new */
        return 0;
    g_autofree char *once = print(recording);
    g_autoptr(CelRecording) again = cel_recording_parse(once, strlen(once), &error);
    g_assert_no_error(error);
    g_autofree char *twice = print(again);
    g_assert_cmpstr(once, ==, twice);
    g_assert_cmpuint(recording->events->len, ==, again->events->len);
    return 0;
}
