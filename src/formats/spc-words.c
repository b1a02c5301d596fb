/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/spc-words.h"

#include <glib/gi18n-lib.h>

/* Codes of the format; the names are notes in the measurement, so they are not translated. */

static const char *const techniques[] = {
    "general",
    "gas chromatogram",
    "chromatogram",
    "HPLC chromatogram",
    "FT-IR, FT-NIR or FT-Raman",
    "NIR",
    NULL,
    "UV-VIS",
    "X-ray diffraction",
    "mass spectrum",
    "NMR",
    "Raman",
    "fluorescence",
    "atomic",
    "diode array chromatogram",
};

static const char *const abscissas[] = {
    "arbitrary units",
    "wavenumber (cm-1)",
    "wavelength (um)",
    "wavelength (nm)",
    "seconds",
    "minutes",
    "Hz",
    "kHz",
    "MHz",
    "m/z",
    "ppm",
    "days",
    "years",
    "Raman shift (cm-1)",
    "eV",
    "text labels",
    "diode number",
    "channel",
    "degrees",
    "degrees F",
    "degrees C",
    "K",
    "data points",
    "ms",
    "us",
    "ns",
    "GHz",
    "cm",
    "m",
    "mm",
    "hours",
};

static const char *const ordinates[] = {
    "arbitrary intensity",
    "interferogram",
    "absorbance",
    "Kubelka-Munk",
    "counts",
    "volts",
    "degrees",
    "mA",
    "mm",
    "mV",
    "log(1/R)",
    "percent",
    "intensity",
    "relative intensity",
    "energy",
    NULL,
    "decibel",
};

static const char *const high_ordinates[] = {"transmission", "reflectance", "single beam",
                                             "emission"};

static const char *name_of(const char *const *names, gsize n, gsize code)
{
    return code < n && names[code] != NULL ? names[code] : "unknown";
}

const char *cel_spc_technique(guint8 code)
{
    return name_of(techniques, G_N_ELEMENTS(techniques), code);
}

const char *cel_spc_x_name(guint8 code)
{
    return name_of(abscissas, G_N_ELEMENTS(abscissas), code);
}

const char *cel_spc_y_name(guint8 code)
{
    if (code >= CEL_SPC_Y_TRANSMISSION)
        return name_of(high_ordinates, G_N_ELEMENTS(high_ordinates),
                       (gsize)(code - CEL_SPC_Y_TRANSMISSION));
    return name_of(ordinates, G_N_ELEMENTS(ordinates), code);
}

static char *describe(const CelSpcRemark *r)
{
    switch (r->code) {
    case CEL_SPC_NO_MEMORY:
        return g_strdup(_("there is not enough memory for this spectrum"));
    case CEL_SPC_NOT_SPC:
        return g_strdup(_("this is no SPC file; export the spectrum again"));
    case CEL_SPC_SHORT:
        return g_strdup_printf(_("the file ends before what it announces (%.0f); it is cut off or "
                                 "damaged, export the spectrum again"),
                               r->found);
    case CEL_SPC_POINTS:
        return g_strdup_printf(_("%g is no number of points; the file is damaged, export the "
                                 "spectrum again"),
                               r->found);
    case CEL_SPC_TOO_MANY:
        return g_strdup_printf(_("the spectrum has %.0f points, more than are read"), r->found);
    case CEL_SPC_SUBFILES:
        return g_strdup_printf(_("the file cannot hold %.0f spectra; it is damaged, export it "
                                 "again"),
                               r->found);
    case CEL_SPC_FLAGS:
        return g_strdup_printf(_("the flags 0x%02x contradict one another, so nothing says how the "
                                 "numbers are stored; export the spectrum again"),
                               (guint)r->found);
    case CEL_SPC_EXPONENT:
        return g_strdup_printf(_("the exponent %.0f does not fit the kind of the numbers; export "
                                 "the spectrum again"),
                               r->found);
    case CEL_SPC_AXIS:
        return g_strdup_printf(_("the axis runs from %g to %g, so the positions are not known; "
                                 "export the spectrum again"),
                               r->expected, r->found);
    case CEL_SPC_ORDER:
        return g_strdup_printf(_("the axis repeats or turns at point %.0f (%g); export the "
                                 "spectrum again"),
                               r->expected, r->found);
    default:
        return g_strdup_printf(_("point %.0f holds no number; the file is damaged, export the "
                                 "spectrum again"),
                               r->found);
    }
}

char *cel_spc_describe(const CelSpcRemark *r, guint32 n_subfiles)
{
    g_autofree char *text = describe(r);
    if (n_subfiles < 2)
        return g_steal_pointer(&text);
    return g_strdup_printf(_("spectrum %u: %s"), r->subfile + 1, text);
}
