/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-response.h"

#include "base/cel-error.h"
#include "base/cel-hash.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define HEAD "celadon-response 1"
/* A shift, a factor or an uncertainty beyond these was not measured by any spectrometer. */
static const double MAX_SHIFT_CM1 = 2e7, MAX_FACTOR = 1e9, MAX_U = 1e3;

CelResponse *cel_response_new(gsize n)
{
    CelResponse *response = g_new0(CelResponse, 1);
    response->n = n;
    response->shift_cm1 = g_new0(double, n);
    response->factor = g_new(double, n);
    response->u_relative = g_new0(double, n);
    for (gsize i = 0; i < n; i++)
        response->factor[i] = 1.0;
    return response;
}

CelResponse *cel_response_copy(const CelResponse *from)
{
    if (from == NULL)
        return NULL;
    CelResponse *response = g_memdup2(from, sizeof *from);
    response->shift_cm1 = g_memdup2(from->shift_cm1, from->n * sizeof(double));
    response->factor = g_memdup2(from->factor, from->n * sizeof(double));
    response->u_relative = g_memdup2(from->u_relative, from->n * sizeof(double));
    return response;
}

void cel_response_free(CelResponse *response)
{
    if (response == NULL)
        return;
    g_free(response->shift_cm1);
    g_free(response->factor);
    g_free(response->u_relative);
    g_free(response);
}

gboolean cel_response_at(const CelResponse *r, double shift_cm1, double *out_factor, double *out_u)
{
    if (!(shift_cm1 >= r->shift_cm1[0] && shift_cm1 <= r->shift_cm1[r->n - 1]))
        return FALSE;
    gsize low = 0, high = r->n - 1;
    while (high - low > 1) {
        const gsize middle = low + (high - low) / 2;
        if (r->shift_cm1[middle] <= shift_cm1)
            low = middle;
        else
            high = middle;
    }
    const double t = (shift_cm1 - r->shift_cm1[low]) / (r->shift_cm1[high] - r->shift_cm1[low]);
    *out_factor = r->factor[low] + t * (r->factor[high] - r->factor[low]);
    *out_u = r->u_relative[low] + t * (r->u_relative[high] - r->u_relative[low]);
    return TRUE;
}

/* ---- text ---- */

static void append_number(GString *out, const char *key, double value)
{
    g_string_append(out, key);
    cel_number_append(out, value);
    g_string_append_c(out, '\n');
}

char *cel_response_to_text(const CelResponse *r)
{
    GString *out = g_string_new(HEAD "\n");
    g_string_append_printf(out, "standard %s\nlot %s\nserial %s\n", r->standard, r->lot, r->serial);
    append_number(out, "laser_nm ", r->laser_nm);
    append_number(out, "u_common ", r->u_common);
    g_string_append_printf(out, "confirmed %s\nn %zu\n", r->confirmed ? "yes" : "no", r->n);
    for (gsize i = 0; i < r->n; i++) {
        cel_number_append(out, r->shift_cm1[i]);
        g_string_append_c(out, ' ');
        cel_number_append(out, r->factor[i]);
        append_number(out, " ", r->u_relative[i]);
    }
    return g_string_free(out, FALSE);
}

/* Where the reader stands; @line counts from 1. */
typedef struct {
    const char *at, *end;
    guint line;
} Lines;

static gboolean refuse(const Lines *lines, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("line %u is not of a response curve; the intensity correction cannot be used"),
                lines->line);
    return FALSE;
}

/* The next line, which must end in a line feed. */
static gboolean next_line(Lines *lines, const char **out, gsize *out_n, GError **error)
{
    lines->line++;
    const char *feed = memchr(lines->at, '\n', (gsize)(lines->end - lines->at));
    if (feed == NULL)
        return refuse(lines, error);
    *out = lines->at;
    *out_n = (gsize)(feed - lines->at);
    lines->at = feed + 1;
    return TRUE;
}

/* The value of the next line, which must begin with @key and a blank. */
static gboolean next_value(Lines *lines, const char *key, const char **out, gsize *out_n,
                           GError **error)
{
    const gsize skip = strlen(key) + 1;
    if (!next_line(lines, out, out_n, error))
        return FALSE;
    if (*out_n < skip || memcmp(*out, key, skip - 1) != 0 || (*out)[skip - 1] != ' ')
        return refuse(lines, error);
    *out += skip;
    *out_n -= skip;
    return TRUE;
}

static gboolean next_word(Lines *lines, const char *key, char out[64], GError **error)
{
    const char *text = NULL;
    gsize n = 0;
    if (!next_value(lines, key, &text, &n, error))
        return FALSE;
    if (n >= 64 || !g_utf8_validate_len(text, n, NULL))
        return refuse(lines, error);
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_iscntrl(text[i]))
            return refuse(lines, error);
    }
    memcpy(out, text, n);
    out[n] = '\0';
    return TRUE;
}

/* One number that fills @text, from 0 to @high; blanks around it are not canonical. */
static gboolean number(const char *text, gsize n, double high, double *out)
{
    return n > 0 && text[0] != ' ' && text[n - 1] != ' ' && cel_number_parse(text, n, '.', out) &&
           *out >= 0.0 && *out <= high;
}

static gboolean next_number(Lines *lines, const char *key, double high, double *out, GError **error)
{
    const char *text = NULL;
    gsize n = 0;
    if (!next_value(lines, key, &text, &n, error))
        return FALSE;
    return number(text, n, high, out) ? TRUE : refuse(lines, error);
}

/* A shift may be below 0 (anti-Stokes); the factor and its uncertainty may not. */
static gboolean read_point(const char *text, gsize n, CelResponse *r, gsize i)
{
    const char *first = memchr(text, ' ', n);
    if (first == NULL)
        return FALSE;
    const char *rest = first + 1;
    const gsize left = n - (gsize)(rest - text);
    const char *second = memchr(rest, ' ', left);
    if (second == NULL || !cel_number_parse(text, (gsize)(first - text), '.', &r->shift_cm1[i]) ||
        !(fabs(r->shift_cm1[i]) <= MAX_SHIFT_CM1))
        return FALSE;
    return number(rest, (gsize)(second - rest), MAX_FACTOR, &r->factor[i]) && r->factor[i] > 0.0 &&
           number(second + 1, left - (gsize)(second - rest) - 1, MAX_U, &r->u_relative[i]) &&
           (i == 0 || r->shift_cm1[i] > r->shift_cm1[i - 1]);
}

static gboolean read_head(Lines *lines, CelResponse *r, gsize *out_n, GError **error)
{
    char yes_no[64], version[64];
    double n = 0.0;
    if (!next_word(lines, "celadon-response", version, error))
        return FALSE;
    if (strcmp(version, "1") != 0)
        return refuse(lines, error);
    if (!next_word(lines, "standard", r->standard, error) ||
        !next_word(lines, "lot", r->lot, error) || !next_word(lines, "serial", r->serial, error) ||
        !next_number(lines, "laser_nm", 1e5, &r->laser_nm, error) ||
        !next_number(lines, "u_common", MAX_U, &r->u_common, error) ||
        !next_word(lines, "confirmed", yes_no, error))
        return FALSE;
    r->confirmed = strcmp(yes_no, "yes") == 0;
    if (!r->confirmed && strcmp(yes_no, "no") != 0)
        return refuse(lines, error);
    if (!next_number(lines, "n", CEL_RESPONSE_MAX_POINTS, &n, error))
        return FALSE;
    *out_n = (gsize)n;
    return n >= CEL_RESPONSE_MIN_POINTS && (double)*out_n >= n ? TRUE : refuse(lines, error);
}

CelResponse *cel_response_from_text(const char *text, gsize length, GError **error)
{
    Lines lines = {text, text + length, 0};
    CelResponse head = {.n = 0};
    gsize n = 0;
    if (!read_head(&lines, &head, &n, error))
        return NULL;
    g_autoptr(CelResponse) r = cel_response_new(n);
    double *shift = r->shift_cm1, *factor = r->factor, *u = r->u_relative;
    *r = head;
    r->n = n;
    r->shift_cm1 = shift;
    r->factor = factor;
    r->u_relative = u;
    for (gsize i = 0; i < n; i++) {
        const char *line = NULL;
        gsize size = 0;
        if (!next_line(&lines, &line, &size, error))
            return NULL;
        if (!read_point(line, size, r, i)) {
            refuse(&lines, error);
            return NULL;
        }
    }
    lines.line++;
    if (lines.at != lines.end) {
        refuse(&lines, error);
        return NULL;
    }
    return g_steal_pointer(&r);
}

char *cel_response_sha256(const CelResponse *response)
{
    g_autofree char *text = cel_response_to_text(response);
    return cel_digest_hex("sha256", text, strlen(text));
}
