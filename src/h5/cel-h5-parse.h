/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5-node.h"
#include "jail/cel-jail.h"

G_BEGIN_DECLS

/*
 * What the jailed child hands to its parent: one CelH5Result, then records in the order of a walk.
 * Every record is a CelH5Record, its name (not ended by NUL) and its data, each padded to
 * CEL_H5_ALIGN bytes. A group's record is followed by its attributes, its children and an END; a
 * dataset's by its attributes. The parent trusts none of it.
 */

/** CelH5Refusal: why a file is not read; the texts stand in cel-h5-read.c. */
typedef enum {
    CEL_H5_ACCEPTED,
    CEL_H5_NOT_HDF5,
    CEL_H5_DAMAGED,
    CEL_H5_USER_BLOCK,
    CEL_H5_EXTERNAL_LINK,
    CEL_H5_SOFT_LINK,
    CEL_H5_TWO_NAMES,
    CEL_H5_BAD_NAME,
    CEL_H5_COMMITTED_TYPE,
    CEL_H5_REFERENCE,
    CEL_H5_OTHER_TYPE,
    CEL_H5_OTHER_SHAPE,
    CEL_H5_EXTERNAL_STORAGE,
    CEL_H5_VIRTUAL,
    CEL_H5_OTHER_FILTER,
    CEL_H5_NOT_UTF8,
    CEL_H5_TOO_MANY,
    CEL_H5_TOO_DEEP,
    CEL_H5_TOO_LARGE,
    CEL_H5_TRAILING,
    CEL_H5_N_REFUSALS,
} CelH5Refusal;

typedef enum {
    CEL_H5_RECORD_GROUP = 1,
    CEL_H5_RECORD_DATASET,
    CEL_H5_RECORD_ATTRIBUTE,
    CEL_H5_RECORD_END,
} CelH5Tag;

enum { CEL_H5_ALIGN = 8 };

typedef struct {
    guint32 refusal; /* CelH5Refusal */
    guint32 where_bytes;
    guint32 skipped; /* objects left out of a foreign file */
    guint32 unused;
    guint8 where[CEL_H5_MAX_PATH]; /* path of the object, @where_bytes bytes */
} CelH5Result;

typedef struct {
    guint32 tag;  /* CelH5Tag */
    guint32 type; /* CelH5Type */
    guint32 rank;
    guint32 foreign, deflate;
    guint32 name_bytes;
    guint64 shape[CEL_H5_MAX_RANK];
    guint64 data_bytes;
} CelH5Record;

/** CelH5Mode: the parameter of cel_h5_parse(), one byte. */
typedef enum {
    CEL_H5_STRICT,  /* our own files: what is not understood is refused */
    CEL_H5_FOREIGN, /* files of others: links, types and shapes that are not read are left out and
                       counted; numbers of other types become doubles */
} CelH5Mode;

/** cel_h5_parse: walks the image @task->input with HDF5. Runs in the jail only: it leaves all it
 * opened to the end of its process. */
gsize cel_h5_parse(const CelJailTask *task);

/** cel_h5_decode: @result: what cel_h5_parse() wrote, or anything at all; @name: for messages.
 * Returns: (transfer full): the tree, whose data are parts of @result; NULL with CEL_ERROR_INPUT.
 */
CelH5Node *cel_h5_decode(GBytes *result, const char *name, GError **error);

G_END_DECLS
