/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-profile.h"

G_BEGIN_DECLS

/* Sheets that go with exhibits and days, made from facts alone: bag label, hand-over, day sheet,
 * and blank forms for the day on which the tablet is dead. Each is a row of one table. */

typedef enum {
    CEL_FORM_LABEL,    /* 100 mm x 70 mm, for the bag; its code opens the exhibit */
    CEL_FORM_HANDOVER, /* who gives what to whom; two signatures */
    CEL_FORM_DAY,      /* the ledger's head of a day, for the paper log: a witness */
    CEL_FORM_BLANK_INTAKE,
    CEL_FORM_BLANK_CUSTODY,
    CEL_FORM_BLANK_MEASUREMENT,
    CEL_N_FORMS,
} CelForm;

enum { CEL_FORM_MAX_TEXT = 300, CEL_FORM_MAX_ROWS = 500, CEL_FORM_MAX_CODE = 64 };

/** CelFormField: one member of the facts; also a column of the list. */
typedef struct {
    const char *path;    /* "from/person" */
    const char *en, *zh; /* its label */
    gboolean needed;
} CelFormField;

/** CelFormDef: one sheet. */
typedef struct {
    CelForm form;
    const char *id; /* as --form names it */
    const char *title_en, *title_zh;
    const CelFormField *fields; /* ended by a row without path */
    const char *list;           /* (nullable): member that is a list of objects */
    const CelFormField *columns;
    const CelFormField *signatures; /* who signs; only the labels are used */
    guint blank_rows;               /* empty rows of the list to be filled in by hand */
} CelFormDef;

/** cel_form_def: Returns: (transfer none): the row of @form. */
const CelFormDef *cel_form_def(CelForm form);
/** cel_form_find: Returns: (transfer none) (nullable): the row with this id. */
const CelFormDef *cel_form_find(const char *id);

/** CelFormRequest: all borrowed. */
typedef struct {
    CelForm form;
    gboolean chinese;          /* else English */
    JsonObject *facts;         /* (nullable): for blank forms only; texts, and "code" (1 to
                        * CEL_FORM_MAX_CODE characters of printable ASCII) where the sheet has a
                        * code of its own */
    const CelProfile *profile; /* (nullable), else verified: see CelReportRequest */
} CelFormRequest;

/**
 * cel_form_pdf:
 * Returns: (transfer full): the sheet as PDF, the same for the same facts; NULL with
 *   CEL_ERROR_INPUT (a member is missing, unknown or no plain text; it is named), CEL_ERROR_POLICY
 *   (a reserved word, see cel_report_reserved()) or CEL_ERROR_SYSTEM. Thread-safe: no (pango).
 */
GBytes *cel_form_pdf(const CelFormRequest *request, GError **error);

G_END_DECLS
