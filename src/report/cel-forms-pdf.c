/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-forms.h"

#include "base/cel-error.h"
#include "base/cel-text.h"
#include "evidence/cel-record.h"
#include "match/cel-claims.h"
#include "report/cel-paper.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const double MM = 72.0 / 25.4, LABEL_WIDTH_MM = 100.0, LABEL_HEIGHT_MM = 70.0,
                    LABEL_MARGIN = 9.0, LABEL_QR = 100.0, BLANK_ROW = 24.0, SIGNATURE = 32.0,
                    DAY_QR = 104.0, TOP = 46.0, BOTTOM = 50.0;
enum { MAX_COLUMNS = 8 };

/** Sheet: one form in the making. */
typedef struct {
    const CelFormDef *def;
    JsonObject *facts;         /* (nullable) */
    const CelProfile *profile; /* (nullable) */
    gboolean chinese;
    guint at_page, pages;
    CelPage page;
} Sheet;

static const char *title_of(const Sheet *sheet)
{
    return sheet->chinese ? sheet->def->title_zh : sheet->def->title_en;
}

static const char *field_label(const Sheet *sheet, const CelFormField *field)
{
    return sheet->chinese ? field->zh : field->en;
}

/* ---- checking ---- */

static gboolean refuse(GError **error, const char *path, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The facts for the sheet are not usable: \"%s\" %s; nothing was printed"), path,
                why);
    return FALSE;
}

static gboolean check_text(const Sheet *sheet, const char *path, const char *text, GError **error)
{
    if (!cel_text_is_plain(text, CEL_FORM_MAX_TEXT))
        return refuse(error, path, _("is no plain text of 1 to 300 characters"));
    const char *word = cel_report_reserved(text, sheet->profile);
    if (word == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("\"%s\" in \"%s\" may only be printed where the laboratory's signed profile "
                  "allows it; nothing was printed"),
                word, path);
    return FALSE;
}

static gboolean check_fields(const Sheet *sheet, JsonObject *object, const CelFormField *fields,
                             GError **error)
{
    for (const CelFormField *field = fields; field->path != NULL; field++) {
        const char *text = cel_record_text(object, field->path);
        if (text == NULL && field->needed)
            return refuse(error, field->path, _("is missing"));
        if (text != NULL && !check_text(sheet, field->path, text, error))
            return FALSE;
    }
    return TRUE;
}

/* Every member is one of @fields, so that a misspelt one is not left out in silence. */
static gboolean check_known(JsonObject *object, const char *above, const CelFormDef *def,
                            const CelFormField *fields, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(object);
    for (const GList *l = names; l != NULL; l = l->next) {
        g_autofree char *path = g_strconcat(above, l->data, NULL);
        g_autofree char *below = g_strconcat(path, "/", NULL);
        gboolean known = FALSE, group = FALSE;
        for (const CelFormField *field = fields; field->path != NULL; field++) {
            known |= strcmp(field->path, path) == 0;
            group |= g_str_has_prefix(field->path, below);
        }
        JsonObject *child = cel_json_child(object, l->data);
        if (group && child != NULL && *above == '\0') {
            if (!check_known(child, below, def, fields, error))
                return FALSE;
        } else if (known ? cel_record_text(object, l->data) == NULL
                         : g_strcmp0(def->list, path) != 0 || cel_json_list(object, path) == NULL) {
            return refuse(error, path, _("is no member that this sheet knows"));
        }
    }
    return TRUE;
}

static gboolean check_list(const Sheet *sheet, GError **error)
{
    const CelFormDef *def = sheet->def;
    JsonArray *rows = def->list != NULL ? cel_json_list(sheet->facts, def->list) : NULL;
    if (cel_json_length(rows) > CEL_FORM_MAX_ROWS)
        return refuse(error, def->list, _("has more than 500 rows"));
    for (guint i = 0; i < cel_json_length(rows); i++) {
        JsonObject *row = cel_json_at_object(rows, i);
        if (row == NULL)
            return refuse(error, def->list, _("holds something that is no row"));
        const CelFormDef only = {.list = NULL};
        if (!check_fields(sheet, row, def->columns, error) ||
            !check_known(row, "", &only, def->columns, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_code(JsonObject *facts, GError **error)
{
    const char *code = cel_record_text(facts, "code");
    gboolean good = code != NULL && strlen(code) <= CEL_FORM_MAX_CODE;
    for (const char *c = code; good && *c != '\0'; c++)
        good = g_ascii_isgraph(*c);
    return good || refuse(error, "code",
                          _("is not 1 to 64 printable ASCII characters, as a scanner types them"));
}

static gboolean check(const Sheet *sheet, GError **error)
{
    if (sheet->facts == NULL)
        return sheet->def->blank_rows > 0 || refuse(error, "/", _("is not there"));
    return check_known(sheet->facts, "", sheet->def, sheet->def->fields, error) &&
           check_fields(sheet, sheet->facts, sheet->def->fields, error) &&
           check_list(sheet, error) &&
           (sheet->def->form != CEL_FORM_LABEL || check_code(sheet->facts, error));
}

/* ---- pages ---- */

static void draw_foot(Sheet *sheet)
{
    CelPage *page = &sheet->page;
    g_autofree char *n = g_strdup_printf("%u", sheet->at_page);
    g_autofree char *total = g_strdup_printf("%u", sheet->pages);
    g_autofree char *foot =
        cel_claim_fill(cel_report_word(CEL_WORD_PAGE_OF, sheet->chinese), "N", n, "T", total, NULL);
    cel_page_at(page, title_of(sheet), 7.0, page->left, CEL_PAGE_HEIGHT - 38.0, 0.0);
    cel_page_at(page, foot, 8.0, page->right, CEL_PAGE_HEIGHT - 38.0, 1.0);
}

static void turn(CelPage *page, gpointer data)
{
    Sheet *sheet = data;
    draw_foot(sheet);
    cairo_show_page(page->cr);
    sheet->at_page++;
    page->y = TOP;
}

static const char *value_of(const Sheet *sheet, JsonObject *object, const CelFormField *field)
{
    (void)sheet;
    const char *text = object != NULL ? cel_record_text(object, field->path) : NULL;
    return text != NULL ? text : "";
}

static void draw_fields(Sheet *sheet)
{
    const double least = sheet->facts == NULL ? BLANK_ROW : 0.0;
    const CelFormField *field = sheet->def->fields;
    while (field->path != NULL) {
        const CelFormField *right = field + 1;
        const gboolean wide = right->path == NULL;
        const CelPageCell cells[] = {
            {field_label(sheet, field), 0.18, CEL_CELL_LABEL},
            {value_of(sheet, sheet->facts, field), wide ? 0.82 : 0.32, CEL_CELL_VALUE},
            {wide ? "" : field_label(sheet, right), 0.18, CEL_CELL_LABEL},
            {wide ? "" : value_of(sheet, sheet->facts, right), 0.32, CEL_CELL_VALUE},
        };
        cel_page_row(&sheet->page, cells, wide ? 2 : 4, least);
        field += wide ? 1 : 2;
    }
}

static void draw_columns(Sheet *sheet, JsonObject *row, double least)
{
    CelPageCell cells[MAX_COLUMNS];
    guint n = 0;
    while (sheet->def->columns[n].path != NULL)
        n++;
    const gboolean digests = sheet->def->form == CEL_FORM_DAY;
    for (guint i = 0; i < n; i++) {
        const CelFormField *column = &sheet->def->columns[i];
        cells[i].text =
            row == NULL && least <= 0.0 ? field_label(sheet, column) : value_of(sheet, row, column);
        cells[i].kind = row == NULL && least <= 0.0 ? CEL_CELL_LABEL
                        : digests                   ? CEL_CELL_MONO
                                                    : CEL_CELL_VALUE;
        /* the digests of the day sheet take what time and size leave */
        cells[i].share = !digests ? 1.0 / n : i + 1 == n ? 0.56 : 0.22;
    }
    cel_page_row(&sheet->page, cells, n, least);
}

static void draw_list(Sheet *sheet)
{
    JsonArray *rows = sheet->facts != NULL ? cel_json_list(sheet->facts, sheet->def->list) : NULL;
    sheet->page.y += 8.0;
    draw_columns(sheet, NULL, 0.0);
    for (guint i = 0; i < cel_json_length(rows); i++)
        draw_columns(sheet, cel_json_at_object(rows, i), 0.0);
    for (guint i = 0; sheet->facts == NULL && i < sheet->def->blank_rows; i++)
        draw_columns(sheet, NULL, BLANK_ROW);
}

static void draw_signatures(Sheet *sheet)
{
    CelPage *page = &sheet->page;
    guint n = 0;
    while (sheet->def->signatures[n].path != NULL)
        n++;
    page->y += 10.0;
    cel_page_need(page, n * SIGNATURE);
    for (guint i = 0; i < n; i++) {
        const CelPageCell cells[] = {
            {field_label(sheet, &sheet->def->signatures[i]), 0.2, CEL_CELL_LABEL},
            {"", 0.4, CEL_CELL_VALUE},
            {cel_report_word(CEL_WORD_SIGN_DATE, sheet->chinese), 0.12, CEL_CELL_LABEL},
            {"", 0.28, CEL_CELL_VALUE},
        };
        cel_page_row(page, cells, G_N_ELEMENTS(cells), SIGNATURE);
    }
}

/* The head of the ledger for whoever keeps the paper: "CELH1|ledger|size|SHA-256|SM3". */
static void draw_head_code(Sheet *sheet)
{
    CelPage *page = &sheet->page;
    if (sheet->def->form != CEL_FORM_DAY)
        return;
    g_autofree char *text =
        g_strdup_printf("CELH1|%s|%s|%s|%s", cel_record_text(sheet->facts, "ledger/id"),
                        cel_record_text(sheet->facts, "ledger/size"),
                        cel_record_text(sheet->facts, "ledger/sha256"),
                        cel_record_text(sheet->facts, "ledger/sm3"));
    page->y += 8.0;
    cel_page_need(page, DAY_QR + 4.0);
    cel_page_qr(page, text, page->left, page->y, DAY_QR);
    page->y += DAY_QR + 4.0;
}

static void draw_sheet(Sheet *sheet)
{
    sheet->page.y = TOP - 10.0;
    cel_page_centred(&sheet->page, title_of(sheet), 15.0, TRUE);
    sheet->page.y += 6.0;
    draw_fields(sheet);
    draw_list(sheet);
    draw_head_code(sheet);
    draw_signatures(sheet);
}

/* Left the words, right the code that a scanner reads, and under it the code in letters. */
static void draw_label(Sheet *sheet)
{
    CelPage *page = &sheet->page;
    const char *code = cel_record_text(sheet->facts, "code");
    const double right = page->right, words = right - LABEL_QR - 6.0;
    page->y = LABEL_MARGIN;
    page->right = words;
    cel_page_text(page, title_of(sheet), 12.0, TRUE);
    for (const CelFormField *field = sheet->def->fields + 1; field->path != NULL; field++) {
        const char *value = value_of(sheet, sheet->facts, field);
        if (*value == '\0')
            continue;
        g_autofree char *line = g_strdup_printf("%s: %s", field_label(sheet, field), value);
        cel_page_text(page, line, 9.4, field < sheet->def->fields + 3);
    }
    cel_page_qr(page, code, right - LABEL_QR, LABEL_MARGIN, LABEL_QR);
    CelPage below = *page;
    below.left = right - LABEL_QR;
    below.right = right;
    below.y = LABEL_MARGIN + LABEL_QR + 4.0;
    cel_page_mono(&below, code, LABEL_QR);
    page->right = right;
    page->y = MAX(page->y, below.y);
}

/* ---- whole sheets ---- */

static GBytes *draw_once(Sheet *sheet, GError **error)
{
    const gboolean label = sheet->def->form == CEL_FORM_LABEL;
    const double width = label ? LABEL_WIDTH_MM * MM : CEL_PAGE_WIDTH;
    const double height = label ? LABEL_HEIGHT_MM * MM : CEL_PAGE_HEIGHT;
    const double margin = label ? LABEL_MARGIN : CEL_PAGE_MARGIN;
    CelPaperSurface surface;
    cel_paper_surface(&surface, title_of(sheet), NULL, width, height);
    sheet->at_page = 1;
    sheet->page = (CelPage){.cr = cairo_create(surface.surface),
                            .font = CEL_PAGE_FONT,
                            .left = margin,
                            .right = width - margin,
                            .bottom = height - (label ? margin : BOTTOM),
                            .turn = label ? NULL : turn,
                            .turn_data = sheet};
    if (label)
        draw_label(sheet);
    else
        draw_sheet(sheet);
    const double excess = sheet->page.y - sheet->page.bottom;
    if (!label)
        draw_foot(sheet);
    cairo_destroy(sheet->page.cr);
    const gboolean fits = !label || excess <= 0.0;
    g_autoptr(GBytes) bytes = cel_paper_surface_end(&surface, fits ? error : NULL);
    if (fits)
        return g_steal_pointer(&bytes);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The texts do not fit on the label (%.0f points too long); shorten them"),
                excess);
    return NULL;
}

GBytes *cel_form_pdf(const CelFormRequest *request, GError **error)
{
    Sheet sheet = {.def = cel_form_def(request->form),
                   .facts = request->facts,
                   .profile = request->profile,
                   .chinese = request->chinese};
    if (!check(&sheet, error) || !cel_report_has_font(error))
        return NULL;
    g_autoptr(GBytes) counted = draw_once(&sheet, error);
    if (counted == NULL)
        return NULL;
    sheet.pages = sheet.at_page;
    return draw_once(&sheet, error);
}
