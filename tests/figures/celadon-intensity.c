/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the correction of relative intensities does to real scans:
 *   celadon-intensity SHARED
 * SHARED/data/ramanchada2 holds scans of glasses, LEDs and polystyrene on three instruments. Prints
 * markdown: how glass and LED agree, and the areas of bands over that of the 1001 cm-1 band before
 * and after. The temperature of the standards and the lots are not stated in the data: both are
 * assumed to be what the certificates want.
 */
#include "base/cel-error.h"
#include "cel-detector.h"
#include "scans.h"

#include <math.h>
#include <stdio.h>

#define DATA "data/ramanchada2/"

typedef struct {
    const char *name, *certificate, *path;
    double laser_nm; /* for files that do not state it */
} Source;

static const Source sources[] = {
    {"i-Raman 532, glass", "nist-srm-2242a", DATA "FMNT-M_BW532/NIST532_Probe_3000msx8_1.txt", 0},
    {"i-Raman 532, LED", "tests/data/calibration/theya-led-532.certificate",
     DATA "FMNT-M_BW532/LED532_Probe_40msx3_1.txt", 0},
    {"Horiba 785, glass", "nist-srm-2241", DATA "FMNT-M_Ho785/NIST785_Lens_80000x5_2.txt", 785.0},
    {"Horiba 785, LED", "tests/data/calibration/theya-led-785.certificate",
     DATA "FMNT-M_Ho785/LED785_Lens_1000x10_2.txt", 785.0},
    {"i-Raman Plus 785, glass", "nist-srm-2241", DATA "ICV_BW785/NISTSRM2241_BW785_100x_25sx5.txt",
     0},
    {"i-Raman 785, glass", "nist-srm-2241", DATA "FNMT-B_BW785/NIST_785nm_100pct_2500msx3_1.txt",
     0},
};
enum { N_SOURCES = G_N_ELEMENTS(sources) };

typedef struct {
    const char *name, *path;
    gsize source; /* whose curve corrects it */
    double laser_nm;
} Sample;

static const Sample polystyrene[] = {
    {"i-Raman 532", DATA "FMNT-M_BW532/PST10_iR532_Probe_100_3000msx7.txt", 0, 0},
    {"i-Raman Plus 785, 20x", DATA "ICV_BW785/PST02_iRPlus785_Z020_100_1300ms.txt", 4, 0},
    {"i-Raman Plus 785, 50x", DATA "ICV_BW785/PST02_iRPlus785_Z050_100_3200ms.txt", 4, 0},
    {"i-Raman Plus 785, 100x", DATA "ICV_BW785/PST02_iRPlus785_Z100_100_9000ms.txt", 4, 0},
    {"Horiba 785, OP01", DATA "FMNT-M_Ho785/PST10_iR785_OP01_40000msx4.txt", 2, 785.0},
    {"Horiba 785, OP02", DATA "FMNT-M_Ho785/PST10_iR785_OP02_50000msx2.txt", 2, 785.0},
    {"Horiba 785, OP03", DATA "FMNT-M_Ho785/PST10_iR785_OP03_8000msx2.txt", 2, 785.0},
    {"Horiba 785, OP01", DATA "FMNT-M_Ho785/PST10_iR785_OP01_40000msx4.txt", 3, 785.0},
    {"Horiba 785, OP02", DATA "FMNT-M_Ho785/PST10_iR785_OP02_50000msx2.txt", 3, 785.0},
    {"Horiba 785, OP03", DATA "FMNT-M_Ho785/PST10_iR785_OP03_8000msx2.txt", 3, 785.0},
};
enum { N_SAMPLES = G_N_ELEMENTS(polystyrene) };

/* Groups of bands that the resolution of all three keeps apart from others (ASTM E1840: 1001.4 with
 * 1031.8; 620.9; 1583.1 with 1602.3; 3054.3), with room for axes that are off by up to 12 cm-1. The
 * first is the common denominator. */
static const double groups_cm1[][2] = {
    {965.0, 1060.0}, {590.0, 650.0}, {1555.0, 1635.0}, {3010.0, 3095.0}};
static const char *const group_names[] = {"1001+1032", "621", "1583+1602", "3054"};
enum { N_BANDS = G_N_ELEMENTS(groups_cm1) };
G_STATIC_ASSERT(G_N_ELEMENTS(group_names) == N_BANDS);

static const char *shared;

static CelSpectrum *load(const char *path, double laser_nm)
{
    CelSpectrum *scan = scan_load(shared, path, laser_nm);
    if (scan == NULL)
        g_error("%s is not below %s", path, shared);
    return scan;
}

static CelResponse *curve_of(const Source *source, const char *certificate,
                             const CelResponse *second, GError **error)
{
    g_autoptr(CelSpectrum) scan = load(source->path, source->laser_nm);
    return scan_curve(scan, certificate, second, error);
}

static void area_ratios(const Sample *sample, const CelResponse *curve, double out[N_BANDS])
{
    g_autoptr(CelSpectrum) raw = load(sample->path, sample->laser_nm);
    scan_area_ratios(raw, curve, groups_cm1, N_BANDS, out);
}

/* Standard deviation of the logarithms: the relative spread. */
static double spread(double values[N_SAMPLES][N_BANDS], gsize band, const gsize *rows, gsize n)
{
    double sum = 0.0, squares = 0.0, used = 0.0;
    for (gsize i = 0; i < n; i++) {
        const double v = values[rows[i]][band];
        if (!(v > 0.0))
            continue;
        sum += log(v);
        squares += log(v) * log(v);
        used += 1.0;
    }
    return used > 1.0 ? sqrt(MAX(squares - sum * sum / used, 0.0) / (used - 1.0)) : NAN;
}

static void print_agreement(const CelResponse *a, const CelResponse *b, const char *name)
{
    const double off = cel_intensity_disagreement(a, b);
    printf("| %s, glass against LED | +-%.1f %% of one common scale |\n", name, 100.0 * off);
}

/* A scan named as the other source of its laser, with the right curve as second. */
static void print_refusal(gsize scan, gsize named, const CelResponse *second)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) r = curve_of(&sources[scan], sources[named].certificate, second, &error);
    printf("| %s named as %s | %s |\n", sources[scan].name, sources[named].certificate,
           r == NULL ? "refused" : "ACCEPTED");
}

static const struct {
    const char *name;
    gsize rows[N_SAMPLES], n;
} sets[] = {
    {"both i-Raman", {0, 1, 2, 3}, 4},
    {"all, Horiba by its glass", {0, 1, 2, 3, 4, 5, 6}, 7},
    {"all, Horiba by its LED", {0, 1, 2, 3, 7, 8, 9}, 7},
};

static void print_ratios(CelResponse *const *curves)
{
    static double before[N_SAMPLES][N_BANDS], after[N_SAMPLES][N_BANDS];
    printf("\n| polystyrene, area over that of %s | curve |", group_names[0]);
    for (gsize b = 1; b < N_BANDS; b++)
        printf(" %s before | after |", group_names[b]);
    printf("\n|---|---|");
    for (gsize b = 1; b < N_BANDS; b++)
        printf("---|---|");
    for (gsize s = 0; s < N_SAMPLES; s++) {
        const Sample *sample = &polystyrene[s];
        area_ratios(sample, NULL, before[s]);
        area_ratios(sample, curves[sample->source], after[s]);
        printf("\n| %s | %s |", sample->name, sources[sample->source].name);
        for (gsize b = 1; b < N_BANDS; b++)
            printf(" %.3f | %.3f |", before[s][b], after[s][b]);
    }
    printf("\n");
    for (gsize g = 0; g < G_N_ELEMENTS(sets); g++) {
        printf("| relative spread: %s | |", sets[g].name);
        for (gsize b = 1; b < N_BANDS; b++)
            printf(" %.0f %% | %.0f %% |", 100.0 * spread(before, b, sets[g].rows, sets[g].n),
                   100.0 * spread(after, b, sets[g].rows, sets[g].n));
        printf("\n");
    }
}

static void print_curves(CelResponse *const *curves)
{
    printf("| curve | range, cm-1 | largest weight | u at 1000 | largest u |\n"
           "|---|---|---|---|---|\n");
    for (gsize i = 0; i < N_SOURCES; i++) {
        double factor = 0.0, u = 0.0, top = 0.0, most = 0.0;
        cel_response_at(curves[i], 1000.0, &factor, &u);
        for (gsize k = 0; k < curves[i]->n; k++) {
            top = MAX(top, curves[i]->factor[k]);
            most = MAX(most, curves[i]->u_relative[k]);
        }
        printf("| %s | %.0f..%.0f | %.1f | %.1f %% | %.1f %% |\n", sources[i].name,
               curves[i]->shift_cm1[0], curves[i]->shift_cm1[curves[i]->n - 1], top, 100.0 * u,
               100.0 * most);
    }
}

static void print_ripples(void)
{
    printf("\n| scan | strongest ripple | period, cm-1 | false alarm |\n|---|---|---|---|\n");
    for (gsize i = 0; i < N_SOURCES; i++) {
        g_autoptr(CelSpectrum) scan = load(sources[i].path, sources[i].laser_nm);
        CelEtalon e;
        if (cel_etalon_measure(scan, &e, NULL))
            printf("| %s | %.2f %%%s | %.1f | %.1g |\n", sources[i].name, 100.0 * e.amplitude,
                   e.present ? "" : " (none)", e.period_cm1, e.false_alarm);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    if (argc != 2) {
        fprintf(stderr, "celadon-intensity SHARED\n");
        return 2;
    }
    shared = argv[1];
    CelResponse *curves[N_SOURCES];
    for (gsize i = 0; i < N_SOURCES; i++) {
        g_autoptr(GError) error = NULL;
        curves[i] = curve_of(&sources[i], sources[i].certificate, NULL, &error);
        if (curves[i] == NULL)
            g_error("%s: %s", sources[i].name, error->message);
    }
    print_curves(curves);
    printf("\n| what | figure |\n|---|---|\n");
    print_agreement(curves[0], curves[1], "i-Raman 532");
    print_agreement(curves[2], curves[3], "Horiba 785");
    print_refusal(1, 0, curves[1]);
    print_refusal(0, 1, curves[0]);
    print_refusal(3, 2, curves[3]);
    print_ratios(curves);
    print_ripples();
    for (gsize i = 0; i < N_SOURCES; i++)
        cel_response_free(curves[i]);
    return 0;
}
