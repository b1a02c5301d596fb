/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what the shift calibration makes of the measured scans of four instruments' settings
 * (CELADON_SHARED/data/ramanchada2, MIT): calibrated on some standards, tried on another. */
#include "base/cel-error.h"
#include "cel-shift.h"
#include "formats/cel-reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SCANS = 8 };

/** Setting: an instrument in one optical setting, and its scans. */
typedef struct {
    const char *name, *folder;
    const char *neon[3], *silicon[3], *polystyrene[4], *calcite[4];
} Setting;

static const Setting settings[] = {
    {"i-Raman 532",
     "FMNT-M_BW532",
     {"NeonSNQ043_iR532_Probe_100msx2.txt", "NeonSNQ043_iR532_Probe_5msx2.txt"},
     {"S1N10_iR532_Probe_100_22000msx2.txt"},
     {"PST10_iR532_Probe_100_3000msx7.txt"},
     {"nCAL10_iR532_Probe_100_2500msx3.txt", "sCAL10_iR532_Probe_100_3200msx4.txt"}},
    {"i-Raman Plus 785",
     "ICV_BW785",
     {"Ne_785nm_x20_50ms.txt"},
     {"S0B02_iRPlus785_Z020_100_full.txt"},
     {"PST02_iRPlus785_Z020_100_1300ms.txt", "PST02_iRPlus785_Z050_100_3200ms.txt",
      "PST02_iRPlus785_Z100_100_9000ms.txt"},
     {"nCAL02_iRPlus785_Z020_100_1100ms.txt", "nCAL02_iRPlus785_Z050_100_2100ms.txt",
      "nCAL02_iRPlus785_Z100_100_6000ms.txt"}},
    {"Horiba 785, OP01",
     "FMNT-M_Ho785",
     {"NeonSNQ043_iR785_OP01.txt"},
     {"S1N10_iR785_OP01_6000msx4.txt"},
     {"PST10_iR785_OP01_40000msx4.txt"},
     {"nCAL10_iR785_OP01_6000msx4.txt", "sCAL10_iR785_OP01_4000msx4.txt"}},
    {"Horiba 785, OP02",
     "FMNT-M_Ho785",
     {"NeonSNQ043_iR785_OP02.txt"},
     {"S1N10_iR785_OP02_25000msx2.txt"},
     {"PST10_iR785_OP02_50000msx2.txt"},
     {"nCAL10_iR785_OP02_20000msx2.txt", "sCAL10_iR785_OP02_15000msx2.txt"}},
    {"Horiba 785, OP03",
     "FMNT-M_Ho785",
     {"NeonSNQ043_iR785_OP03.txt"},
     {"S1N10_iR785_OP03_8000msx2.txt"},
     {"PST10_iR785_OP03_8000msx2.txt"},
     {"nCAL10_iR785_OP03_8000msx2.txt", "sCAL10_iR785_OP03_8000msx2.txt"}},
};

/** Scans: of one setting. */
typedef struct {
    CelShiftScan scan[MAX_SCANS];
    gsize n;
    GPtrArray *spectra;
} Scans;

static void add(Scans *scans, const Setting *setting, const char *id, const char *const *files,
                gsize room)
{
    for (gsize i = 0; i < room && files[i] != NULL; i++) {
        const char *shared = g_getenv("CELADON_SHARED");
        g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "data",
                                                 "ramanchada2", setting->folder, files[i], NULL);
        g_autoptr(GError) error = NULL;
        g_auto(CelReadOut) out = {0};
        const CelReadOptions options = {.laser_nm = strstr(path, "Ho785") != NULL ? 785.0 : 0.0,
                                        .axis_unit =
                                            strstr(path, "Ho785") != NULL ? "cm-1" : NULL};
        CelSpectrum *spectrum = NULL;
        if (!cel_reader_load_file(path, &options, NULL, &out, &error) ||
            (spectrum = cel_read_out_spectrum(&out, &error)) == NULL) {
            fprintf(stderr, "%s: %s\n", path, error->message);
            continue;
        }
        g_ptr_array_add(scans->spectra, spectrum);
        scans->scan[scans->n++] = (CelShiftScan){cel_standard_find(id), spectrum, files[i]};
    }
}

static void print_summary(const char *setting, const char *used, const char *tried,
                          const GArray *lines)
{
    const CelShiftSummary s = cel_shift_summarise(lines);
    printf("| %s | %s | %s | %u | %.2f / %.2f / %.2f | %.2f / %.2f / %.2f | %u |\n", setting, used,
           tried, s.n, s.mean_before_cm1, s.rms_before_cm1, s.worst_before_cm1, s.mean_after_cm1,
           s.rms_after_cm1, s.worst_after_cm1, s.n_outside);
    if (g_getenv("CELADON_LINES") == NULL)
        return;
    for (guint i = 0; i < lines->len; i++) {
        const CelShiftLine *l = &g_array_index(lines, CelShiftLine, i);
        printf("    %-12s %8.2f at %8.2f u %.2f before %+.2f after %+.2f limit %.2f%s%s%s\n",
               l->standard->id, l->accepted_cm1, l->measured_cm1, l->u_fit_cm1, l->before_cm1,
               l->after_cm1, l->limit_cm1, l->used ? " used" : "", l->saturated ? " full" : "",
               l->supported ? "" : " extrapolated");
    }
}

static void print_fit(const CelShiftFit *fit)
{
    printf("  laser %.3f nm (%.3f assumed, %+.2f +- %.2f cm-1), lamp: %u lines, order %u, rms %.2f "
           "cm-1; residual order %u; between standards %.2f cm-1; supported %.0f..%.0f\n",
           fit->calibration.laser_nm, fit->assumed_laser_nm, fit->laser_cm1, fit->u_laser_cm1,
           fit->n_lamp_lines, fit->lamp_order, fit->lamp_rms_cm1, fit->residual_order,
           fit->between_cm1, fit->calibration.supported_cm1[0], fit->calibration.supported_cm1[1]);
}

static void try_on(const Setting *setting, const char *used, const CelShiftFit *fit,
                   const Setting *with, const char *id, const char *const *files, gsize room)
{
    Scans scans = {.spectra = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free)};
    add(&scans, with, id, files, room);
    for (gsize i = 0; i < scans.n; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) lines = cel_shift_check(fit, &scans.scan[i], NULL, NULL, &error);
        if (lines != NULL)
            print_summary(setting->name, used, scans.scan[i].name, lines);
        else
            printf("| %s | %s | %s | refused: %s\n", setting->name, used, scans.scan[i].name,
                   error->message);
    }
    g_ptr_array_unref(scans.spectra);
}

static void run(const Setting *s, const char *used, gboolean lamp, gboolean silicon,
                gboolean polystyrene, gboolean calcite)
{
    Scans scans = {.spectra = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free)};
    if (lamp)
        add(&scans, s, "neon", s->neon, G_N_ELEMENTS(s->neon));
    if (silicon)
        add(&scans, s, "silicon", s->silicon, G_N_ELEMENTS(s->silicon));
    if (polystyrene)
        add(&scans, s, "polystyrene", s->polystyrene, G_N_ELEMENTS(s->polystyrene));
    if (calcite)
        add(&scans, s, "calcite", s->calcite, G_N_ELEMENTS(s->calcite));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelShiftFit) fit = cel_shift_fit(NULL, scans.scan, scans.n, NULL, NULL, &error);
    if (fit == NULL) {
        printf("| %s | %s | refused: %s\n", s->name, used, error->message);
    } else {
        print_fit(fit);
        if (g_getenv("CELADON_LINES") != NULL)
            print_summary(s->name, used, "(itself)", fit->lines);
        if (!polystyrene)
            try_on(s, used, fit, s, "polystyrene", s->polystyrene, G_N_ELEMENTS(s->polystyrene));
        if (!calcite)
            try_on(s, used, fit, s, "calcite", s->calcite, G_N_ELEMENTS(s->calcite));
    }
    g_ptr_array_unref(scans.spectra);
}

int main(void)
{
    cel_init();
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        run(&settings[i], "neon, silicon", TRUE, TRUE, FALSE, FALSE);
        run(&settings[i], "neon, silicon, polystyrene", TRUE, TRUE, TRUE, FALSE);
        run(&settings[i], "neon, silicon, calcite", TRUE, TRUE, FALSE, TRUE);
        run(&settings[i], "silicon", FALSE, TRUE, FALSE, FALSE);
    }
    return 0;
}
