/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-words.h"

#include "base/cel-number.h"
#include "spectrum/cel-spectrum.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *from, *to;
} plain_signs[] = {
    {"\xe2\x81\xbb", "-"}, /* superscript minus */
    {"\xe2\x88\x92", "-"}, /* minus sign */
    {"\xe2\x80\x93", "-"}, /* en dash */
    {"\xc2\xaf", "-"},     /* macron, as a superscript minus */
    {"\xc2\xb9", "1"},     /* superscript one */
    {"\xef\xbc\x88", ""},  /* full-width brackets */
    {"\xef\xbc\x89", ""},
};

char *cel_word_plain(const char *text)
{
    g_autofree char *small = g_utf8_strdown(text, -1);
    GString *out = g_string_new(NULL);
    for (const char *p = small; *p != '\0'; p++) {
        gsize s = 0;
        while (s < G_N_ELEMENTS(plain_signs) && !g_str_has_prefix(p, plain_signs[s].from))
            s++;
        if (s < G_N_ELEMENTS(plain_signs)) {
            g_string_append(out, plain_signs[s].to);
            p += strlen(plain_signs[s].from) - 1;
        } else if (strchr(" \t_^*#()[]{}.\"'", *p) == NULL) {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(out, FALSE);
}

static gboolean contains_any(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strstr(text, *words) != NULL)
            return TRUE;
    }
    return FALSE;
}

static const char *const shift_words[] = {"ramanshift", "raman-shift", "stokesshift", "rel1/cm",
                                          "拉曼位移",   "拉曼频移",    NULL};
static const char *const wavenumber_words[] = {"cm-1", "1/cm", "wavenumber", "波数", NULL};
static const char *const nm_words[] = {"wavelength", "波长", "lambda", "nanomet", "纳米", NULL};
static const char *const pixel_words[] = {"pixel", "像素", NULL};
static const char *const dark_words[] = {"dark", "background", "暗", NULL};
static const char *const corrected_words[] = {"subtract", "correct", "processed", "扣", NULL};
static const char *const deviation_words[] = {"standarddeviation", "stddev", "sigma", "标准偏差",
                                              NULL};
static const char *const infrared_words[] = {"absorb", "transmi", "reflectance", "%t",
                                             "吸光度", "透过率",  "透射率",      NULL};
static const char *const intensity_words[] = {"intens", "count", "signal", "spectrum", "强度",
                                              "光强",   "计数",  "cnt",    NULL};

static gboolean is_nm(const char *plain)
{
    return contains_any(plain, nm_words) || g_str_has_suffix(plain, "nm") ||
           g_str_has_prefix(plain, "nmair") || g_str_has_prefix(plain, "nmvac") ||
           g_str_has_prefix(plain, "nmin"); /* "nm (air)", "nm in vacuum" */
}

CelWord cel_word_axis(const char *text)
{
    g_autofree char *plain = cel_word_plain(text);
    const gboolean shift = contains_any(plain, shift_words) || g_str_equal(plain, "shift");
    const gboolean wavenumber = contains_any(plain, wavenumber_words) || g_str_equal(plain, "wn");
    const gboolean nm = is_nm(plain);
    if ((shift || wavenumber) && nm)
        return CEL_WORD_CONFLICT;
    if (shift)
        return CEL_WORD_SHIFT;
    if (wavenumber)
        return CEL_WORD_WAVENUMBER;
    if (nm)
        return CEL_WORD_NM;
    return contains_any(plain, pixel_words) ? CEL_WORD_PIXEL : CEL_WORD_UNKNOWN;
}

static CelWord classify_values(const char *plain)
{
    if (contains_any(plain, deviation_words) || g_str_equal(plain, "std") ||
        g_str_equal(plain, "sd"))
        return CEL_WORD_DEVIATION;
    if (g_str_equal(plain, "mask"))
        return CEL_WORD_MASK;
    if (contains_any(plain, infrared_words) || g_str_equal(plain, "abs") ||
        g_str_equal(plain, "absau")) /* also when it is raw or corrected */
        return CEL_WORD_INFRARED;
    if (contains_any(plain, corrected_words))
        return CEL_WORD_PROCESSED;
    if (contains_any(plain, dark_words))
        return CEL_WORD_DARK;
    if (g_str_has_prefix(plain, "raw") || g_str_has_prefix(plain, "原始"))
        return CEL_WORD_RAW;
    if (strstr(plain, "reference") != NULL || strstr(plain, "irradiance") != NULL)
        return CEL_WORD_REFERENCE;
    return contains_any(plain, intensity_words) ? CEL_WORD_INTENSITY : CEL_WORD_UNKNOWN;
}

CelWord cel_word_classify(const char *title)
{
    g_autofree char *plain = cel_word_plain(title);
    static const char *const axes[] = {"wave", "raman", "shift", "波", "拉曼位移", NULL};
    const CelWord axis = cel_word_axis(title), values = classify_values(plain);
    for (const char *const *word = axes; *word != NULL; word++) {
        if (axis != CEL_WORD_UNKNOWN && g_str_has_prefix(plain, *word))
            return axis; /* "Wavenumber corrected" */
    }
    return values != CEL_WORD_UNKNOWN ? values : axis; /* "Irradiance (W/cm^2/nm)" */
}

gboolean cel_word_is_axis_key(const char *key)
{
    static const char *const words[] = {"axisunit", "xunit",        "xaxis",  "xlabel", "unitsx",
                                        "axistype", "spectralunit", "横坐标", "横轴",   NULL};
    g_autofree char *plain = cel_word_plain(key);
    return contains_any(plain, words);
}

static const CelMetaKey meta_keys[] = {
    {"title", CEL_META_TITLE, 0.0},
    {"samplename", CEL_META_TITLE, 0.0},
    {"样品名称", CEL_META_TITLE, 0.0},
    {"model", CEL_META_INSTRUMENT, 0.0},
    {"instrument", CEL_META_INSTRUMENT, 0.0},
    {"仪器", CEL_META_INSTRUMENT, 0.0},
    {"serialnumber", CEL_META_SERIAL, 0.0},
    {"devicesn", CEL_META_SERIAL, 0.0},
    {"serial", CEL_META_SERIAL, 0.0},
    {"exposurems", CEL_META_INTEGRATION_MS, 1.0},
    {"integrationms", CEL_META_INTEGRATION_MS, 1.0},
    {"integrationtimems", CEL_META_INTEGRATION_MS, 1.0},
    {"intigrationtimesms", CEL_META_INTEGRATION_MS, 1.0}, /* spelt so by BWSpec */
    {"积分时间ms", CEL_META_INTEGRATION_MS, 1.0},
    {"acqtimes", CEL_META_INTEGRATION_MS, 1000.0},
    {"integrationtimes", CEL_META_INTEGRATION_MS, 1000.0},   /* WITec, Horiba */
    {"integrationtimesec", CEL_META_INTEGRATION_MS, 1000.0}, /* OceanView */
    {"exposures", CEL_META_INTEGRATION_MS, 1000.0},
    {"exposuretimes", CEL_META_INTEGRATION_MS, 1000.0},
    {"exposuretimems", CEL_META_INTEGRATION_MS, 1.0},
    {"积分时间s", CEL_META_INTEGRATION_MS, 1000.0},
    {"曝光时间ms", CEL_META_INTEGRATION_MS, 1.0},
    {"曝光时间s", CEL_META_INTEGRATION_MS, 1000.0},
    {"accumulations", CEL_META_FRAMES, 1.0},         /* LabSpec */
    {"numberofaccumulations", CEL_META_FRAMES, 1.0}, /* WITec */
    {"repetitioncount", CEL_META_FRAMES, 1.0},       /* LightNovo */
    {"scanstoaverage", CEL_META_FRAMES, 1.0},        /* OceanView */
    {"averages", CEL_META_FRAMES, 1.0},
    {"平均次数", CEL_META_FRAMES, 1.0},
    {"累加次数", CEL_META_FRAMES, 1.0},
    {"laserpowermw", CEL_META_LASER_MW, 1.0},
    {"lasermw", CEL_META_LASER_MW, 1.0},
    {"激光功率mw", CEL_META_LASER_MW, 1.0},
    {"detectortemperature°c", CEL_META_TEMPERATURE_C, 1.0},
    {"sensortemperature°c", CEL_META_TEMPERATURE_C, 1.0}, /* WITec */
    {"序列号", CEL_META_SERIAL, 0.0},
};

const CelMetaKey *cel_word_meta(const char *key)
{
    g_autofree char *plain = cel_word_plain(key);
    for (gsize i = 0; i < G_N_ELEMENTS(meta_keys); i++) {
        if (g_str_equal(meta_keys[i].plain, plain))
            return &meta_keys[i];
    }
    return NULL;
}

/* Lines of the lasers that Raman instruments are built with, in nm; used only to tell a wavelength
 * from a power when a header says no more than "laser". */
static gboolean is_customary_laser(double nm)
{
    static const double lines[] = {229, 244, 257,   266, 325, 355, 364, 405,   413, 442,  458,
                                   473, 488, 514.5, 532, 561, 568, 594, 632.8, 638, 647,  660,
                                   671, 676, 752,   780, 785, 808, 830, 852,   976, 1030, 1064};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (fabs(nm - lines[i]) <= 1.5)
            return TRUE;
    }
    return FALSE;
}

/* "532", "532 nm", "784,9", "532nm" */
static gboolean parse_nm(const char *value, gboolean *out_says_nm, double *out_nm)
{
    const char *end = value;
    while (*end != '\0' && (g_ascii_isdigit(*end) || strchr("+-.,eE ", *end) != NULL))
        end++;
    *out_says_nm = g_ascii_strncasecmp(end, "nm", 2) == 0;
    if (*end != '\0' && !(*out_says_nm && end[2] == '\0'))
        return FALSE;
    const char decimal = memchr(value, ',', (gsize)(end - value)) != NULL ? ',' : '.';
    return cel_number_parse(value, (gsize)(end - value), decimal, out_nm) && *out_nm >= 200.0 &&
           *out_nm <= 2000.0;
}

gboolean cel_word_laser(const char *key, const char *value, double *out_nm)
{
    static const char *const sure[] = {"lasernm",
                                       "laserwavelength",
                                       "laserwavelengthnm",
                                       "excitationwavelength",
                                       "excitationwavelengthnm",
                                       "excitationnm",
                                       "ramanwavelength",
                                       "激光波长",
                                       "激发波长",
                                       "激光波长nm",
                                       "激发波长nm",
                                       "laserwl",
                                       NULL};
    static const char *const bare[] = {"laser", "excitation", "wl", "激光", "激光器", NULL};
    g_autofree char *plain = cel_word_plain(key);
    const char *after = g_str_has_prefix(plain, "$") ? plain + 1 : plain;
    const gboolean is_sure = g_strv_contains(sure, after), is_bare = g_strv_contains(bare, after);
    gboolean says_nm = FALSE;
    double nm = 0.0;
    if ((!is_sure && !is_bare) || !parse_nm(value, &says_nm, &nm))
        return FALSE;
    if (is_bare && !says_nm && !is_customary_laser(nm))
        return FALSE;
    *out_nm = nm;
    return TRUE;
}

gboolean cel_word_is_other_unit(const char *title)
{
    static const char *const ends[] = {"ev", "hz", "m-1", "1/m", "\xc2\xb5m", "\xce\xbcm", NULL};
    g_autofree char *plain = cel_word_plain(title);
    if (strstr(plain, "cm-1") != NULL || strstr(plain, "1/cm") != NULL)
        return FALSE;
    for (const char *const *end = ends; *end != NULL; end++) {
        if (g_str_has_suffix(plain, *end))
            return TRUE;
    }
    return FALSE;
}

gboolean cel_word_is_other_axis(const char *title)
{
    static const char *const whole[] = {"ppm", "\xce\xb4ppm", "\xce\xb4/ppm", "deltappm", NULL};
    static const char *const parts[] = {"m/z",       "chemicalshift", "2theta",   "2-theta",
                                        "2\xce\xb8", "质荷比",        "化学位移", "retentiontime",
                                        "保留时间",  "衍射角",        NULL};
    g_autofree char *plain = cel_word_plain(title);
    return g_strv_contains(whole, plain) || contains_any(plain, parts);
}

/* Keys of header lines that may say what was measured; "" is free text. */
static const char *const kind_keys[] = {
    "",      "datatype", "technique",       "method",   "spectrumtype",
    "type",  "mode",     "measurementtype", "filetype", "yunits",
    "yunit", "测量方式", "光谱类型",        NULL};

static gboolean says_raman(const char *plain)
{
    return strstr(plain, "raman") != NULL || strstr(plain, "拉曼") != NULL;
}

gboolean cel_word_is_infrared(const char *key, const char *value)
{
    static const char *const words[] = {"infrared",
                                        "ftir",
                                        "ft-ir",
                                        "红外",
                                        "absorbance",
                                        "transmittance",
                                        "transmission",
                                        "reflectance",
                                        "uv-visspectr",
                                        "uv/visspectr",
                                        "uvvisspectr",
                                        "紫外可见",
                                        "吸收光谱",
                                        "attenuatedtotal",
                                        NULL};
    g_autofree char *plain_key = cel_word_plain(key);
    g_autofree char *plain = cel_word_plain(value);
    return g_strv_contains(kind_keys, plain_key) && !says_raman(plain) &&
           (contains_any(plain, words) || g_str_equal(plain, "atr"));
}

gboolean cel_word_is_other_kind(const char *key, const char *value)
{
    static const char *const words[] = {
        "nmrspectr",          "核磁",       "massspectr",     "质谱",
        "x-raydiffraction",   "xrdpattern", "衍射图",         "laser-inducedbreak",
        "laserinducedbr",     "libsspectr", "libsemission",   "诱导击穿",
        "fluorescencespectr", "荧光光谱",   "emissionspectr", "luminescencespectr",
        "发射光谱",           NULL};
    static const char *const whole[] = {"nmr", "xrd", "libs", NULL};
    g_autofree char *plain_key = cel_word_plain(key);
    g_autofree char *plain = cel_word_plain(value);
    return g_strv_contains(kind_keys, plain_key) && !says_raman(plain) &&
           (contains_any(plain, words) || g_strv_contains(whole, plain));
}

gboolean cel_word_is_raman(const char *key, const char *value)
{
    g_autofree char *plain_key = cel_word_plain(key);
    g_autofree char *plain = cel_word_plain(value);
    return *plain_key != '\0' && g_strv_contains(kind_keys, plain_key) && says_raman(plain);
}
