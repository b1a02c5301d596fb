/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-intensity-certificate.h"

#include "cel-certificate-texts.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-number.h"
#include "process/cel-interpolate.h"
#include "spectrum/cel-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20, MIN_ROWS = 4, N_PROBES = 200 };
static const char *const source_kinds[] = {"glass", "lamp"};
static const char *const forms[] = {"polynomial", "lognormal", "table"};
G_STATIC_ASSERT(G_N_ELEMENTS(source_kinds) == CEL_N_SOURCE_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(forms) == CEL_N_CERTIFICATE_FORMS);

void cel_intensity_certificate_free(CelIntensityCertificate *c)
{
    if (c == NULL)
        return;
    g_free(c->row_nm);
    g_free(c->row_value);
    g_free(c);
}

/* ---- the curve ---- */

static double polynomial(const CelIntensityCertificate *c, double x)
{
    double value = 0.0;
    for (guint k = c->n_coefficients; k-- > 0;)
        value = value * x + c->coefficients[k];
    return value;
}

/* NAN where the logarithm has no value. */
static double lognormal(const CelIntensityCertificate *c, double x)
{
    const double height = c->coefficients[0], width = c->coefficients[1];
    const double rho = c->coefficients[2], x0 = c->coefficients[3];
    const double inner = (x - x0) * (rho * rho - 1.0) / (width * rho) + 1.0;
    const double t = log(inner) / log(rho);
    return height * exp(-M_LN2 * t * t) + c->coefficients[4] * x + c->coefficients[5];
}

static double wavelength_nm(double shift_cm1, double laser_nm)
{
    const double vacuum = 1.0 / (1.0 / cel_air_to_vacuum_nm(laser_nm) - 1e-7 * shift_cm1);
    return cel_vacuum_to_air_nm(vacuum);
}

static gboolean table(const CelIntensityCertificate *c, double nm, double *out_value)
{
    if (!(nm >= c->range[0] && nm <= c->range[1]))
        return FALSE;
    const CelSamples samples = {.x = c->row_nm, .y = c->row_value, .n = c->n_rows};
    double irradiance = 0.0;
    cel_interpolate(CEL_INTERPOLATE_PCHIP, &samples, &nm, 1, &irradiance, NULL);
    *out_value = irradiance * pow(nm / c->row_nm[0], 3.0);
    return TRUE;
}

gboolean cel_intensity_certificate_value(const CelIntensityCertificate *c, double shift_cm1,
                                         double laser_nm, double *out_value)
{
    if (c->form == CEL_FORM_TABLE)
        return table(c, wavelength_nm(shift_cm1, laser_nm), out_value);
    if (!(shift_cm1 >= c->range[0] && shift_cm1 <= c->range[1]))
        return FALSE;
    *out_value =
        c->form == CEL_FORM_POLYNOMIAL ? polynomial(c, shift_cm1) : lognormal(c, shift_cm1);
    return TRUE;
}

/* ---- reading ---- */

/* The certificate as it is being read. */
typedef struct {
    CelIntensityCertificate *c;
    GHashTable *seen; /* keys */
    GArray *rows;     /* pairs of double */
    gboolean in_rows;
} Reading;

static gboolean one_number(const char *text, double low, double high, double *out)
{
    return cel_number_parse(text, strlen(text), '.', out) && *out >= low && *out <= high;
}

/* @text as up to @most numbers with blanks between. Returns: how many, 0 when it is not that. */
static guint numbers(const char *text, double *out, guint most)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    guint n = 0;
    for (gsize i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0')
            continue;
        if (n == most || !one_number(words[i], -1e300, 1e300, &out[n]))
            return 0;
        n++;
    }
    return n;
}

static gboolean one_of(const char *text, const char *const *words, guint n, guint *out)
{
    for (guint i = 0; i < n; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean word(const char *text, char *out, gsize size)
{
    return *text != '\0' && g_strlcpy(out, text, size) < size;
}

static gboolean read_id(Reading *r, const char *text)
{
    return g_regex_match_simple("^[a-z0-9][a-z0-9_-]{0,62}$", text, G_REGEX_DOLLAR_ENDONLY, 0) &&
           word(text, r->c->id, sizeof r->c->id);
}

static gboolean read_version(Reading *r, const char *text)
{
    (void)r;
    return strcmp(text, "1") == 0;
}

static gboolean read_name_en(Reading *r, const char *text)
{
    return word(text, r->c->name_en, sizeof r->c->name_en);
}

static gboolean read_name_zh(Reading *r, const char *text)
{
    return word(text, r->c->name_zh, sizeof r->c->name_zh);
}

static gboolean read_kind(Reading *r, const char *text)
{
    guint kind = 0;
    const gboolean known = one_of(text, source_kinds, CEL_N_SOURCE_KINDS, &kind);
    r->c->kind = (CelSourceKind)kind;
    return known;
}

static gboolean read_lot(Reading *r, const char *text)
{
    return word(text, r->c->lot, sizeof r->c->lot);
}

static gboolean read_laser(Reading *r, const char *text)
{
    return one_number(text, 200.0, 2000.0, &r->c->laser_nm);
}

static gboolean read_form(Reading *r, const char *text)
{
    guint form = 0;
    const gboolean known = one_of(text, forms, CEL_N_CERTIFICATE_FORMS, &form);
    r->c->form = (CelCertificateForm)form;
    return known;
}

static gboolean read_coefficients(Reading *r, const char *text)
{
    r->c->n_coefficients = numbers(text, r->c->coefficients, CEL_CERTIFICATE_MAX_COEFFICIENTS);
    return r->c->n_coefficients > 0;
}

static gboolean read_range(Reading *r, const char *text)
{
    return numbers(text, r->c->range, 2) == 2 && r->c->range[0] < r->c->range[1] &&
           r->c->range[0] > -1e4 && r->c->range[1] < 1e4;
}

static gboolean read_celsius(Reading *r, const char *text)
{
    return numbers(text, r->c->celsius, 2) == 2 && r->c->celsius[0] <= r->c->celsius[1];
}

static gboolean read_u(Reading *r, const char *text)
{
    return one_number(text, 1e-6, 1.0, &r->c->u_relative);
}

static gboolean read_expires(Reading *r, const char *text)
{
    g_autofree char *end = g_strconcat(text, "T23:59:59Z", NULL);
    g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(end, NULL);
    if (day == NULL || !g_regex_match_simple("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text, 0, 0))
        return FALSE;
    r->c->expires_wall_us = g_date_time_to_unix(day) * G_USEC_PER_SEC;
    return r->c->expires_wall_us > 0;
}

static gboolean read_source(Reading *r, const char *text)
{
    return word(text, r->c->source, sizeof r->c->source);
}

static const struct {
    const char *key;
    gboolean (*read)(Reading *reading, const char *text);
    gboolean required;
} keys[] = {
    {"celadon-intensity-certificate", read_version, TRUE},
    {"id", read_id, TRUE},
    {"name_en", read_name_en, TRUE},
    {"name_zh", read_name_zh, TRUE},
    {"source_kind", read_kind, TRUE},
    {"lot", read_lot, TRUE},
    {"laser_nm", read_laser, FALSE},
    {"form", read_form, TRUE},
    {"coefficients", read_coefficients, FALSE},
    {"range_cm1", read_range, FALSE},
    {"celsius", read_celsius, FALSE},
    {"u_relative", read_u, TRUE},
    {"expires", read_expires, FALSE},
    {"source", read_source, TRUE},
};

static gboolean read_row(Reading *r, const char *text)
{
    double row[2];
    if (r->rows->len >= 2 * CEL_CERTIFICATE_MAX_ROWS || numbers(text, row, 2) != 2)
        return FALSE;
    const double before =
        r->rows->len > 0 ? g_array_index(r->rows, double, r->rows->len - 2) : 100.0;
    if (!(row[0] > before && row[0] < 1e5 && row[1] > 0.0))
        return FALSE;
    g_array_append_vals(r->rows, row, 2);
    return TRUE;
}

static gboolean read_line(Reading *r, const char *line)
{
    if (r->in_rows)
        return read_row(r, line);
    if (strcmp(line, "rows:") == 0) {
        r->in_rows = TRUE;
        return TRUE;
    }
    const char *colon = strchr(line, ':');
    for (gsize k = 0; colon != NULL && k < G_N_ELEMENTS(keys); k++) {
        if (strlen(keys[k].key) != (gsize)(colon - line) ||
            strncmp(line, keys[k].key, (gsize)(colon - line)) != 0)
            continue;
        g_autofree char *value = g_strstrip(g_strdup(colon + 1));
        return g_hash_table_add(r->seen, (gpointer)keys[k].key) && keys[k].read(r, value);
    }
    return FALSE;
}

static void take_rows(Reading *r)
{
    const gsize n = r->rows->len / 2;
    if (n < MIN_ROWS)
        return;
    r->c->n_rows = n;
    r->c->row_nm = g_new(double, n);
    r->c->row_value = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        r->c->row_nm[i] = g_array_index(r->rows, double, 2 * i);
        r->c->row_value[i] = g_array_index(r->rows, double, 2 * i + 1);
    }
    r->c->range[0] = r->c->row_nm[0];
    r->c->range[1] = r->c->row_nm[n - 1];
}

static gboolean curve_is_positive(const CelIntensityCertificate *c)
{
    for (guint i = 0; c->form != CEL_FORM_TABLE && i <= N_PROBES; i++) {
        const double x = c->range[0] + (c->range[1] - c->range[0]) * i / N_PROBES;
        double value = 0.0;
        if (cel_intensity_certificate_value(c, x, c->laser_nm, &value) &&
            !(isfinite(value) && value > 0.0))
            return FALSE;
    }
    return TRUE;
}

/* What is missing or does not go together; NULL when all is well. */
static const char *problem(Reading *r)
{
    const CelIntensityCertificate *c = r->c;
    for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
        if (keys[k].required && !g_hash_table_contains(r->seen, keys[k].key))
            return keys[k].key;
    }
    take_rows(r);
    if (c->form == CEL_FORM_TABLE)
        return c->n_rows == 0                                   ? "rows"
               : g_hash_table_contains(r->seen, "range_cm1")    ? "range_cm1"
               : g_hash_table_contains(r->seen, "coefficients") ? "coefficients"
               : c->kind == CEL_SOURCE_GLASS                    ? "source_kind"
                                                                : NULL;
    if (c->laser_nm <= 0.0)
        return "laser_nm";
    if (!g_hash_table_contains(r->seen, "range_cm1"))
        return "range_cm1";
    if (r->rows->len > 0 || c->n_coefficients == 0 ||
        (c->form == CEL_FORM_LOGNORMAL &&
         (c->n_coefficients != 6 || !(c->coefficients[2] > 0.0) || !(c->coefficients[1] > 0.0))) ||
        !curve_is_positive(c))
        return "coefficients";
    return NULL;
}

static gboolean read_all(Reading *r, const char *text, const char *name, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        if (*line == '\0' || *line == '#' || read_line(r, line))
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line %u is not of a certificate of relative intensity (unknown or "
                      "doubled key, or a value that is not possible); compare it with the paper "
                      "that came with the standard"),
                    name, i + 1);
        return FALSE;
    }
    return TRUE;
}

CelIntensityCertificate *cel_intensity_certificate_read(const char *text, gsize length,
                                                        const char *name, GError **error)
{
    if (length > MAX_BYTES || !g_utf8_validate_len(text, length, NULL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: no certificate of relative intensity: it is no text"), name);
        return NULL;
    }
    g_autofree char *copy = g_strndup(text, length);
    g_autoptr(CelIntensityCertificate) c = g_new0(CelIntensityCertificate, 1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(double));
    Reading r = {.c = c, .seen = seen, .rows = rows};
    c->celsius[0] = c->celsius[1] = NAN;
    if (!read_all(&r, copy, name, error))
        return NULL;
    const char *wrong = problem(&r);
    if (wrong == NULL)
        return g_steal_pointer(&c);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: \"%s\" is missing from the certificate or does not go with the rest of it; "
                  "no intensity can be corrected with it. Compare it with the paper that came "
                  "with the standard"),
                name, wrong);
    return NULL;
}

CelIntensityCertificate *cel_intensity_certificate_find(const char *id, GError **error)
{
    for (gsize i = 0; cel_certificate_ids[i] != NULL; i++) {
        if (strcmp(cel_certificate_ids[i], id) == 0)
            return cel_intensity_certificate_read(cel_certificate_texts[i],
                                                  strlen(cel_certificate_texts[i]), id, error);
    }
    g_autofree char *known = g_strjoinv(" ", (char **)cel_certificate_ids);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("There is no certificate of relative intensity \"%s\"; there are: %s. Name the "
                  "file of your own with its path"),
                id, known);
    return NULL;
}

CelIntensityCertificate *cel_intensity_certificate_load(const char *path, GError **error)
{
    if (strpbrk(path, "/.") == NULL && !g_file_test(path, G_FILE_TEST_EXISTS))
        return cel_intensity_certificate_find(path, error);
    g_autoptr(GBytes) bytes = cel_file_read(path, MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    return cel_intensity_certificate_read(text, n, path, error);
}

const char *const *cel_intensity_certificate_ids(void)
{
    return cel_certificate_ids;
}
