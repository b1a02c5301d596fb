/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/**
 * cel_seal_tree:
 * @person: the operator's name; @fid: of the file
 * Returns: (transfer full): all of the sealed file but manifest and custody, or NULL with
 *   CEL_ERROR_INPUT or CEL_ERROR_UNIT from the measurements.
 */
CelH5Node *cel_seal_tree(const CelSealRequest *request, const char *person, const char *fid,
                         GError **error);

/** cel_seal_answer: Returns: (transfer full): @request's answer_json with the members that
 * cel_sealed_answer() promises, or NULL with CEL_ERROR_INPUT when it is not a JSON object. */
char *cel_seal_answer(const CelSealRequest *request, GError **error);

/** cel_seal_tree_object: adds to @root what a sealed thing holds besides its content. */
void cel_seal_tree_object(CelH5Node *root, const CelSealObject *object, const char *person,
                          const char *fid);

G_END_DECLS
