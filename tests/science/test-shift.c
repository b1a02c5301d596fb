/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real scans of three instruments in five settings (ramanchada2, MIT, in CELADON_SHARED) and three
 * more instruments' cyclohexane: calibrated on some standards, tried on another. Lines that begin
 * with "shift" are the figures of docs/measurements.md. */
#include "base/cel-error.h"
#include "cel-shift.h"
#include "formats/cel-reader.h"
#include "../unit/long-check.h"

#include <math.h>
#include <string.h>

enum { MAX_SCANS = 8, MAX_FILES = 4 };

/** Setting: an instrument in one optical setting, and its scans. */
typedef struct {
    const char *name, *folder;
    gboolean development; /* what was chosen was chosen on it */
    const char *neon[MAX_FILES], *silicon[MAX_FILES], *polystyrene[MAX_FILES], *calcite[MAX_FILES];
} Setting;

/* Of the five silicon wafers of FMNT-M the one with the strongest line. */
static const Setting settings[] = {
    {"i-Raman 532",
     "FMNT-M_BW532",
     TRUE,
     {"NeonSNQ043_iR532_Probe_100msx2", "NeonSNQ043_iR532_Probe_5msx2"},
     {"S1N10_iR532_Probe_100_22000msx2"},
     {"PST10_iR532_Probe_100_3000msx7"},
     {"nCAL10_iR532_Probe_100_2500msx3", "sCAL10_iR532_Probe_100_3200msx4"}},
    {"i-Raman Plus 785",
     "ICV_BW785",
     FALSE,
     {"Ne_785nm_x20_50ms"},
     {"S0B02_iRPlus785_Z020_100_full"},
     {"PST02_iRPlus785_Z020_100_1300ms", "PST02_iRPlus785_Z050_100_3200ms",
      "PST02_iRPlus785_Z100_100_9000ms"},
     {"nCAL02_iRPlus785_Z020_100_1100ms", "nCAL02_iRPlus785_Z050_100_2100ms",
      "nCAL02_iRPlus785_Z100_100_6000ms"}},
    {"Horiba 785 OP01",
     "FMNT-M_Ho785",
     FALSE,
     {"NeonSNQ043_iR785_OP01"},
     {"S1N10_iR785_OP01_6000msx4"},
     {"PST10_iR785_OP01_40000msx4"},
     {"nCAL10_iR785_OP01_6000msx4", "sCAL10_iR785_OP01_4000msx4"}},
    {"Horiba 785 OP02",
     "FMNT-M_Ho785",
     FALSE,
     {"NeonSNQ043_iR785_OP02"},
     {"S1N10_iR785_OP02_25000msx2"},
     {"PST10_iR785_OP02_50000msx2"},
     {"nCAL10_iR785_OP02_20000msx2", "sCAL10_iR785_OP02_15000msx2"}},
    {"Horiba 785 OP03",
     "FMNT-M_Ho785",
     FALSE,
     {"NeonSNQ043_iR785_OP03"},
     {"S1N10_iR785_OP03_8000msx2"},
     {"PST10_iR785_OP03_8000msx2"},
     {"nCAL10_iR785_OP03_8000msx2", "sCAL10_iR785_OP03_8000msx2"}},
};

/** Scans: of one setting. */
typedef struct {
    CelShiftScan scan[MAX_SCANS];
    CelSpectrum *spectra[MAX_SCANS];
    gsize n;
} Scans;

static void scans_clear(Scans *scans)
{
    for (gsize i = 0; i < scans->n; i++)
        cel_spectrum_free(scans->spectra[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scans, scans_clear)

/* Horiba's text is two columns without a header: shifts from nominal 785 nm. */
static CelSpectrum *load(const Setting *setting, const char *file)
{
    const gboolean bare = strstr(setting->folder, "Ho785") != NULL;
    const CelReadOptions options = {.laser_nm = bare ? 785.0 : 0.0,
                                    .axis_unit = bare ? "cm-1" : NULL};
    g_autofree char *name = g_strconcat(file, ".txt", NULL);
    g_autofree char *path = g_build_filename(g_getenv("CELADON_SHARED"), "data", "ramanchada2",
                                             setting->folder, name, NULL);
    g_autoptr(GError) error = NULL;
    g_auto(CelReadOut) out = {0};
    cel_reader_load_file(path, &options, NULL, &out, &error);
    g_assert_no_error(error);
    CelSpectrum *spectrum = cel_read_out_spectrum(&out, &error);
    g_assert_no_error(error);
    return spectrum;
}

static void add(Scans *scans, const Setting *setting, const char *id, const char *const *files)
{
    for (gsize i = 0; i < MAX_FILES && files[i] != NULL; i++) {
        scans->spectra[scans->n] = load(setting, files[i]);
        scans->scan[scans->n] =
            (CelShiftScan){cel_standard_find(id), scans->spectra[scans->n], files[i]};
        scans->n++;
    }
}

static void tell_lines(const char *setting, const char *file, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const CelShiftLine *l = &g_array_index(lines, CelShiftLine, i);
        g_test_message("shift-line|%s|%s|%s|%.2f|%.4f|%.3f|%.3f|%.3f|%d", setting, file,
                       l->standard->id, l->accepted_cm1, l->measured_cm1, l->before_cm1,
                       l->after_cm1, l->limit_cm1, l->saturated ? 1 : 0);
    }
}

static CelShiftFit *calibrate(const Setting *s, const char *used)
{
    g_auto(Scans) scans = {0};
    if (strstr(used, "neon") != NULL)
        add(&scans, s, "neon", s->neon);
    if (strstr(used, "silicon") != NULL)
        add(&scans, s, "silicon", s->silicon);
    if (strstr(used, "polystyrene") != NULL)
        add(&scans, s, "polystyrene", s->polystyrene);
    if (strstr(used, "calcite") != NULL)
        add(&scans, s, "calcite", s->calcite);
    g_autoptr(GError) error = NULL;
    CelShiftFit *fit = cel_shift_fit(NULL, scans.scan, scans.n, NULL, NULL, &error);
    g_assert_no_error(error);
    g_test_message("shift-fit|%s|%s|laser %.3f nm, %.3f assumed, %+.2f +- %.2f cm-1|lamp %u lines "
                   "order %u RMS %.2f cm-1|between standards %.2f cm-1|supported %.0f to %.0f",
                   s->name, used, fit->calibration.laser_nm, fit->assumed_laser_nm, fit->laser_cm1,
                   fit->u_laser_cm1, fit->n_lamp_lines, fit->lamp_order, fit->lamp_rms_cm1,
                   fit->between_cm1, fit->calibration.supported_cm1[0],
                   fit->calibration.supported_cm1[1]);
    if (g_str_equal(used, "neon, silicon"))
        tell_lines(s->name, "calibration", fit->lines);
    return fit;
}

static CelShiftSummary try_on(const Setting *s, const char *used, const CelShiftFit *fit,
                              const char *id, const char *file)
{
    g_auto(Scans) scans = {0};
    const char *const files[MAX_FILES] = {file};
    add(&scans, s, id, files);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) lines = cel_shift_check(fit, &scans.scan[0], NULL, NULL, &error);
    g_assert_no_error(error);
    const CelShiftSummary sum = cel_shift_summarise(lines);
    if (g_str_equal(used, "neon, silicon"))
        tell_lines(s->name, file, lines);
    g_test_message("shift|%s|%s|%s|%u|%.2f|%.2f|%.2f|%.2f|%.2f|%.2f|%u", s->name, used, file, sum.n,
                   sum.mean_before_cm1, sum.rms_before_cm1, sum.worst_before_cm1,
                   sum.mean_after_cm1, sum.rms_after_cm1, sum.worst_after_cm1, sum.n_outside);
    return sum;
}

/** Beyond: a scan that stays beyond 1 cm-1 mean or 2 cm-1 worst, and why no calibration from the
 * other scans can bring it there. */
typedef struct {
    const char *file;
    double mean_cm1, worst_cm1; /* that it reaches all the same */
    const char *why;
} Beyond;

#define HOURS                                                                                      \
    "by the files' times polystyrene, silicon and calcite were recorded over two and a half "      \
    "hours, "                                                                                      \
    "and alone put the laser at +0.8, +1.2 and +0.05 cm-1: the axis moved, or silicon, at full "   \
    "power through the 20x lens, was warm"
static const Beyond beyond[] = {
    {"nCAL02_iRPlus785_Z020_100_1100ms", 1.1, 1.2, HOURS},
    {"nCAL02_iRPlus785_Z050_100_2100ms", 1.2, 1.7, HOURS},
    {"nCAL02_iRPlus785_Z100_100_6000ms", 1.3, 1.7, HOURS},
    {"PST10_iR785_OP01_40000msx4", 2.6, 3.7,
     "lines 14 cm-1 wide at 3 cm-1 a sample, and the axis moved by 2.5 cm-1 between this scan and "
     "those of silicon and calcite"},
    {"sCAL10_iR785_OP01_4000msx4", 1.0, 2.8,
     "lines 14 cm-1 wide at 3 cm-1 a sample; the worst is calcite's weakest, at 1435 cm-1"},
    {"nCAL10_iR785_OP02_20000msx2", 1.2, 2.5,
     "lines 9 to 14 cm-1 wide, and neon's own lines scatter by 0.9 cm-1 about any smooth axis"},
};

static const Beyond *find_beyond(const char *file)
{
    for (gsize i = 0; i < G_N_ELEMENTS(beyond); i++)
        if (g_str_equal(beyond[i].file, file))
            return &beyond[i];
    return NULL;
}

static gboolean have_scans(void)
{
    g_autofree char *folder =
        g_build_filename(g_getenv("CELADON_SHARED") != NULL ? g_getenv("CELADON_SHARED") : "",
                         "data", "ramanchada2", NULL);
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_test_skip("CELADON_SHARED does not name the folder with the scans");
    return FALSE;
}

static void check_one(const Setting *s, const CelShiftFit *fit, const char *id, const char *file)
{
    const CelShiftSummary sum = try_on(s, "neon, silicon", fit, id, file);
    const Beyond *b = find_beyond(file);
    g_assert_cmpuint(sum.n, >=, 2);
    g_assert_cmpfloat(sum.mean_after_cm1, <=, b != NULL ? b->mean_cm1 : 1.0);
    g_assert_cmpfloat(sum.worst_after_cm1, <=, b != NULL ? b->worst_cm1 : 2.0);
    /* a reason that no longer applies must go */
    if (b != NULL)
        g_assert_true(sum.mean_after_cm1 > 1.0 || sum.worst_after_cm1 > 2.0);
}

static void neon_and_silicon_bring_the_others_within_limits(gconstpointer data)
{
    const Setting *s = data;
    if (!have_scans())
        return;
    g_autoptr(CelShiftFit) fit = calibrate(s, "neon, silicon");
    g_assert_true(fit->laser_is_traced);
    for (gsize i = 0; i < MAX_FILES && s->polystyrene[i] != NULL; i++)
        check_one(s, fit, "polystyrene", s->polystyrene[i]);
    for (gsize i = 0; i < MAX_FILES && s->calcite[i] != NULL; i++)
        check_one(s, fit, "calcite", s->calcite[i]);
}

/* The other ways to leave one standard out, for the record. */
static void each_standard_is_left_out_in_turn(gconstpointer data)
{
    const Setting *s = data;
    if (!have_scans())
        return;
    static const char *const sets[] = {"neon, silicon, calcite", "neon, polystyrene",
                                       "neon, silicon, polystyrene", "neon, calcite"};
    const gsize n_sets = long_count(1) > 1 ? G_N_ELEMENTS(sets) : 2;
    for (gsize k = 0; k < n_sets; k++) {
        g_autoptr(CelShiftFit) fit = calibrate(s, sets[k]);
        const gboolean tries_calcite = strstr(sets[k], "polystyrene") != NULL;
        const char *const *files = tries_calcite ? s->calcite : s->polystyrene;
        for (gsize i = 0; i < MAX_FILES && files[i] != NULL; i++) {
            const CelShiftSummary sum =
                try_on(s, sets[k], fit, tries_calcite ? "calcite" : "polystyrene", files[i]);
            /* OP01 moved by 2.5 cm-1 between its scans; everything else stays below 1 */
            g_assert_cmpfloat(sum.mean_after_cm1, <, strstr(s->name, "OP01") != NULL ? 2.5 : 1.1);
        }
    }
}

static guint refuse_other_names(const Setting *s, const char *truth, const char *file)
{
    gsize n = 0;
    guint refused = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    for (gsize i = 0; i < n; i++) {
        if (all[i]->kind != CEL_STANDARD_SHIFT || g_str_equal(all[i]->id, truth))
            continue;
        g_auto(Scans) scans = {0};
        const char *const files[MAX_FILES] = {file};
        add(&scans, s, all[i]->id, files);
        g_autoptr(GError) error = NULL;
        g_test_message("%s under the name of %s", file, all[i]->id);
        g_assert_null(cel_shift_fit(NULL, scans.scan, 1, NULL, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        refused++;
    }
    return refused;
}

static void a_scan_under_another_name_is_refused(gconstpointer data)
{
    const Setting *s = data;
    if (!have_scans())
        return;
    guint refused = 0;
    const gboolean all = long_count(1) > 1;
    /* ten thousand points a scan cost a second each */
    if (all || strstr(s->name, "OP03") == NULL)
        refused += refuse_other_names(s, "polystyrene", s->polystyrene[0]);
    if (all) {
        refused += refuse_other_names(s, "calcite", s->calcite[0]);
        refused += refuse_other_names(s, "silicon", s->silicon[0]);
    }
    g_test_message("shift-refused|%s|%u", s->name, refused);
}

static void add_tests(const Setting *s)
{
    g_autofree char *limits = g_strdup_printf("/science/shift/limits/%s", s->name);
    g_autofree char *turn = g_strdup_printf("/science/shift/in_turn/%s", s->name);
    g_autofree char *names = g_strdup_printf("/science/shift/other_name/%s", s->name);
    g_test_add_data_func(limits, s, neon_and_silicon_bring_the_others_within_limits);
    g_test_add_data_func(turn, s, each_standard_is_left_out_in_turn);
    g_test_add_data_func(names, s, a_scan_under_another_name_is_refused);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        add_tests(&settings[i]);
    return g_test_run();
}
