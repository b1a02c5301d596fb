/* SPDX-License-Identifier: GPL-3.0-or-later */
/* celadon start with a library: processor time and memory until the first search can begin, and
 * after it. For tools/figures start. */
#include "base/cel-error.h"
#include "match/cel-identify.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static double processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* This process's share of memory, MiB. */
static double share_mib(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/smaps_rollup", &text, NULL, NULL))
        return 0;
    const char *at = strstr(text, "\nPss:");
    return at != NULL ? (double)g_ascii_strtoull(at + 5, NULL, 10) / 1024 : 0;
}

/* The first reference as if it were a sample. */
static CelSpectrum *sample_of(const CelLibrary *library)
{
    const CelReference *r = cel_library_substance(library, 0)->references;
    g_autofree double *y = g_new(double, r->n);
    for (gsize i = 0; i < r->n; i++)
        y[i] = (double)r->y[i];
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, r->x, r->n, NULL);
    CelSpectrum *sample = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(sample, CEL_META_LASER_NM, "532");
    return sample;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_return_val_if_fail(argc == 2, 2);
    cel_init();
    const double before = share_mib(), start = processor_ms();
    g_autoptr(CelLibrary) library = cel_library_open(argv[1], NULL, &error);
    const double opened = processor_ms();
    const CelIdentifyOptions options = {.libraries = (const CelLibrary *const *)&library,
                                        .n_libraries = 1,
                                        .policy = CEL_POLICY_DEVELOPMENT};
    g_autoptr(CelMatcher) matcher =
        library != NULL ? cel_matcher_new(&options, NULL, &error) : NULL;
    if (matcher == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    const double ready = processor_ms(), ready_mib = share_mib();
    g_autoptr(CelSpectrum) raw = sample_of(library);
    const double asked = processor_ms();
    const CelSample sample = {.raw = raw};
    g_autoptr(CelIdentification) answer = cel_matcher_identify(matcher, &sample, NULL, &error);
    const double answered = processor_ms();
    printf(
        "library %.2f ms, matcher %.2f ms, memory %.1f MiB; first answer %.2f ms, then %.1f MiB\n",
        opened - start, ready - opened, ready_mib - before, answered - asked, share_mib() - before);
    g_clear_pointer(&matcher, cel_matcher_free); /* before its library */
    return answer != NULL ? 0 : 1;
}
