/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    CEL_PARAM_REAL,
    CEL_PARAM_INT,
    CEL_PARAM_BOOL,   /* written "yes" and "no" */
    CEL_PARAM_CHOICE, /* one of .choices; its value is the index */
} CelParamType;

typedef enum { CEL_SCALE_LINEAR, CEL_SCALE_LOG } CelParamScale;

/** CelParamDef: one parameter of a step or instrument. Tables of these are constant data; every
 * number stands in @unit ("1" for pure numbers) and min <= initial <= max. */
typedef struct {
    const char *key;   /* written to files: never renamed */
    const char *label; /* msgid */
    const char *unit;
    CelParamType type;
    double min, max, initial;
    CelParamScale scale;
    const char *const *choices; /* NULL-ended, for CEL_PARAM_CHOICE */
} CelParamDef;

/** CelParams: the values for one table of definitions, always complete and in range. */
typedef struct CelParams CelParams;

/**
 * cel_params_new:
 * @defs: (borrowed): @n definitions, must outlive the values
 * Returns: (transfer full): all parameters at their initial value. Thread-safe: yes.
 */
CelParams *cel_params_new(const CelParamDef *defs, gsize n);

/** cel_params_copy: Returns: (transfer full): an independent copy. */
CelParams *cel_params_copy(const CelParams *params);

/** cel_params_free: @params: (nullable) */
void cel_params_free(CelParams *params);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelParams, cel_params_free)

/**
 * cel_params_set_text:
 * @key: which parameter; @text: its value, numbers with a decimal point
 * Returns: FALSE with CEL_ERROR_USAGE when there is no such key, the text is not of the parameter's
 *   type or the value is out of range; the old value then stands. Thread-safe: one thread a value.
 */
gboolean cel_params_set_text(CelParams *params, const char *key, const char *text, GError **error);

/** cel_params_get: @index: row of the table. Returns: the value in the table's unit (bool 0/1,
 * choice: index). */
double cel_params_get(const CelParams *params, gsize index);

/** cel_params_get_size: the value of an integer parameter that cannot be negative. */
gsize cel_params_get_size(const CelParams *params, gsize index);

/** cel_params_get_bool: the value of a CEL_PARAM_BOOL. */
gboolean cel_params_get_bool(const CelParams *params, gsize index);

/**
 * cel_params_parse:
 * @text: "key=value,key=value", may be empty
 * Sets the named parameters, leaves the others. Returns: FALSE with CEL_ERROR_USAGE; then some may
 * have been set.
 */
gboolean cel_params_parse(CelParams *params, const char *text, GError **error);

/** cel_params_to_text: Returns: (transfer full): every parameter as "key=value,..." in the order of
 * the table; reads back to equal values with cel_params_parse(). */
char *cel_params_to_text(const CelParams *params);

/** cel_param_value_text: Returns: (transfer full): @value of @def as it is written in texts. */
char *cel_param_value_text(const CelParamDef *def, double value);

G_END_DECLS
