/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-read-unit.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/* No Raman instrument works outside these: the shortest laser in use is 193 nm (ArF), and the C-H
 * and O-H stretches (below 4000 cm-1) of a 1319 nm laser end at 2790 nm. Between them a number can
 * be either unit. */
static const double NM_MIN = 180.0, NM_MAX = 2800.0;
/* A Raman spectrograph sees some 4500 cm-1 on one side of its laser and little of the other;
 * numbers that as wavelengths would span more than this are shifts. */
static const double NM_WIDEST_CM1 = 7000.0;
/* The highest fundamental is that of H2 at 4161 cm-1; instruments show a little more. Larger
 * numbers are absolute wavenumbers (9400 for 1064 nm, 18800 for 532 nm). */
static const double SHIFT_MAX = 6000.0;

/* Filters let light through from some 5 cm-1 on, and no spectrograph samples finer than 0.1 cm-1: a
 * spectrum that is all nearer and finer is in another unit (eV, ppm), or its thousands were divided
 * by a sign that was taken for the decimal one. */
static const double NEAR_CM1 = 10.0, FINE_CM1 = 0.1;
enum { FEW_POINTS = 50 }; /* so few are a fragment, whose steps say nothing */

static gboolean counts_up(const double *x, gsize n)
{
    for (gsize i = 1; i < n; i++) {
        if (x[i] - x[i - 1] != 1.0)
            return FALSE;
    }
    return x[0] == 0.0 || x[0] == 1.0;
}

/* Whether the numbers could be wavelengths of a Raman spectrum, as far as the laser is known. */
static gboolean can_be_nm(double first, double last, double laser_nm)
{
    if (first < NM_MIN || last > NM_MAX || 1e7 / first - 1e7 / last > NM_WIDEST_CM1)
        return FALSE;
    if (!(laser_nm > 0.0))
        return TRUE;
    return 1e7 / laser_nm - 1e7 / first > -NM_WIDEST_CM1 &&
           1e7 / laser_nm - 1e7 / last < NM_WIDEST_CM1;
}

static gboolean is_too_near(double first, double last, gsize n)
{
    return n > FEW_POINTS && last < NEAR_CM1 && first > -NEAR_CM1 &&
           last - first < FINE_CM1 * (double)(n - 1);
}

const char *cel_read_unit_objection(CelUnit *unit, const double *x, gsize n, double laser_nm)
{
    const double first = x[0], last = x[n - 1];
    if (*unit == CEL_N_UNITS) {
        if (counts_up(x, n))
            return _("these may be numbers of pixels; say the unit with --axis-unit pixel "
                     "or --axis-unit cm-1");
        if (can_be_nm(first, last, laser_nm))
            return _("this can be nm or cm-1 and nothing in the file says which; say it "
                     "with --axis-unit cm-1 or --axis-unit nm_unstated");
        *unit = CEL_UNIT_SHIFT_CM1; /* no wavelength of an instrument: the other one remains */
    }
    if (*unit == CEL_UNIT_PIXEL)
        return NULL;
    if (*unit == CEL_UNIT_SHIFT_CM1 && is_too_near(first, last, n))
        return _("no Raman spectrum lies so near to its laser; the positions are in another unit, "
                 "or have signs between the thousands");
    if (*unit == CEL_UNIT_SHIFT_CM1)
        return last > SHIFT_MAX || first < -SHIFT_MAX
                   ? _("these are no Raman shifts but perhaps absolute wavenumbers; export "
                       "the Raman shift or the wavelength")
                   : NULL;
    return first < NM_MIN || last > NM_MAX
               ? _("these are no wavelengths in nm of a Raman spectrum, although they "
                   "are said to be; look at the unit, or say it with --axis-unit")
               : NULL;
}

gboolean cel_read_unit_forced(const char *name, CelUnit *out_unit, GError **error)
{
    if (cel_unit_from_name(name, out_unit))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("There is no axis unit \"%s\"; there are cm-1, nm_air, nm_vacuum, nm_unstated "
                  "and pixel"),
                name);
    return FALSE;
}
