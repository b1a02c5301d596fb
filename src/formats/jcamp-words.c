/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp-words.h"

#include <glib/gi18n-lib.h>

/* Those that say it without numbers. */
static const char *const plain[CEL_JCAMP_N_CODES] = {
    [CEL_JCAMP_NO_MEMORY] = N_("there is not enough memory for this spectrum"),
    [CEL_JCAMP_NOT_JCAMP] = N_("this is no JCAMP-DX file: text stands before the first label"),
    [CEL_JCAMP_DEPTH] = N_("more than 8 blocks lie within one another; save the spectrum as a file "
                           "of its own"),
    [CEL_JCAMP_BLOCKS] = N_("the file has more than 4096 blocks; split it"),
    [CEL_JCAMP_RECORDS] = N_("the file has more labels than a spectrum can need; split it"),
    [CEL_JCAMP_NO_DATA] = N_("there is no table of intensities here; export the spectrum itself"),
    [CEL_JCAMP_PEAKS] = N_("this is a table of bands, not a spectrum; it cannot be compared point "
                           "by point. Export the spectrum as XYDATA"),
    [CEL_JCAMP_NTUPLES] = N_("the spectrum is stored as NTUPLES (several variables in pages), "
                             "which is not read; export it as XYDATA"),
    [CEL_JCAMP_TABLE_FORM] = N_("the table is neither (X++(Y..Y)) nor (XY..XY), so it is no "
                                "spectrum; export the spectrum as XYDATA"),
    [CEL_JCAMP_TWO_TABLES] = N_("the block has a second table, and nothing says which one is "
                                "meant; export the spectrum alone"),
    [CEL_JCAMP_BAD_NUMBER] = N_("a number cannot be read or is too large; the file is damaged, "
                                "export the spectrum again"),
    [CEL_JCAMP_EXPONENT] = N_("\"E\" without a sign can be an exponent or a compressed digit; "
                              "export the spectrum again with \"E+\" or without exponents"),
    [CEL_JCAMP_NO_X] = N_("a position is missing; the file is damaged, export the spectrum again"),
    [CEL_JCAMP_DIF_WITHOUT] = N_("a difference has no intensity before it; the file is damaged, "
                                 "export the spectrum again"),
    [CEL_JCAMP_DUP_WITHOUT] = N_("a repetition has nothing before it; the file is damaged, export "
                                 "the spectrum again"),
    [CEL_JCAMP_MISSING_INSIDE] = N_("intensities are missing (\"?\") between points that have one; "
                                    "nothing is made up for them. Export the range without gap"),
};

static const char *label_name(CelJcampLabel label)
{
    static const char *const names[CEL_JCAMP_N_LABELS] = {
        [CEL_JCAMP_FIRSTX] = "##FIRSTX=",   [CEL_JCAMP_LASTX] = "##LASTX=",
        [CEL_JCAMP_DELTAX] = "##DELTAX=",   [CEL_JCAMP_NPOINTS] = "##NPOINTS=",
        [CEL_JCAMP_XFACTOR] = "##XFACTOR=", [CEL_JCAMP_YFACTOR] = "##YFACTOR=",
        [CEL_JCAMP_FIRSTY] = "##FIRSTY=",
    };
    return names[label];
}

static char *describe_label(const CelJcampRemark *r)
{
    const char *name = label_name(r->label);
    if (r->code == CEL_JCAMP_LABEL_MISSING)
        return g_strdup_printf(_("%s is missing, so the positions of the points are not known; "
                                 "export the spectrum again"),
                               name);
    if (r->code == CEL_JCAMP_LABEL_TWICE)
        return g_strdup_printf(_("%s is given a second time with another number; export the "
                                 "spectrum again"),
                               name);
    return g_strdup_printf(_("%s holds no usable number; export the spectrum again"), name);
}

static char *describe_check(const CelJcampRemark *r)
{
    switch (r->code) {
    case CEL_JCAMP_Y_CHECK:
        return g_strdup_printf(_("the check value %.10g is not the last intensity %.10g of the "
                                 "line before; the file is damaged, export the spectrum again"),
                               r->found, r->expected);
    case CEL_JCAMP_X_CHECK:
        return g_strdup_printf(
            _("this line begins at %.10g where its points begin at %.10g; points "
              "may be missing before it, export the spectrum again"),
            r->found, r->expected);
    case CEL_JCAMP_DELTA_X:
        return g_strdup_printf(_("##DELTAX= says %.10g, the other labels give a step of %.10g; the "
                                 "positions are not sure, export the spectrum again"),
                               r->found, r->expected);
    default:
        return g_strdup_printf(_("the position %.10g after %.10g repeats or turns the axis; export "
                                 "the spectrum again"),
                               r->found, r->expected);
    }
}

char *cel_jcamp_describe(const CelJcampRemark *r)
{
    switch (r->code) {
    case CEL_JCAMP_LABEL_MISSING:
    case CEL_JCAMP_LABEL_VALUE:
    case CEL_JCAMP_LABEL_TWICE:
        return describe_label(r);
    case CEL_JCAMP_BAD_CHARACTER:
        return g_strdup_printf(_("byte 0x%02x stands among the intensities and means nothing "
                                 "there; the file is damaged, export the spectrum again"),
                               (guint)r->found);
    case CEL_JCAMP_COUNT:
        return g_strdup_printf(r->found > r->expected
                                   ? _("##NPOINTS= announces %.0f points, there are more (%.0f or "
                                       "above); the file is damaged, export the spectrum again")
                                   : _("##NPOINTS= announces %.0f points, there are %.0f; the file "
                                       "is damaged, export the spectrum again"),
                               r->expected, r->found);
    case CEL_JCAMP_TOO_MANY:
        return g_strdup_printf(_("the spectrum has more than %.0f points"), r->expected);
    default:
        return plain[r->code] != NULL ? g_strdup(_(plain[r->code])) : describe_check(r);
    }
}

char *cel_jcamp_describe_warning(const CelJcampRemark *r)
{
    switch (r->code) {
    case CEL_JCAMP_Y_CHECK:
        return g_strdup_printf(_("the check value %.10g behind the last point is not its intensity "
                                 "%.10g; the number of points is right"),
                               r->found, r->expected);
    case CEL_JCAMP_X_CHECK:
        return g_strdup_printf(
            _("this line says %.10g for the position %.10g; positions were taken "
              "from ##FIRSTX= and ##LASTX="),
            r->found, r->expected);
    case CEL_JCAMP_X_UNSCALED:
        return g_strdup(_("the positions in the lines fit only without ##XFACTOR=; those of "
                          "##FIRSTX= and ##LASTX= were taken"));
    case CEL_JCAMP_FIRST_Y:
        return g_strdup_printf(_("##FIRSTY= says %.10g, the first intensity is %.10g"), r->expected,
                               r->found);
    default:
        return g_strdup_printf(_("##DELTAX= says %.10g, ##FIRSTX= and ##LASTX= give a step of "
                                 "%.10g, which was taken"),
                               r->found, r->expected);
    }
}
