/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* A reference library: substances, each with band-table rows and/or measured reference spectra. */

typedef enum { CEL_STATUS_VERIFIED, CEL_STATUS_MEASURED, CEL_STATUS_RECALLED } CelStatus;

/** How much a reference proves (worst last). A: authenticated and measured by the lab; B: published
 * with independent proof of identity; C: published without; D: peak table. */
typedef enum { CEL_GRADE_A, CEL_GRADE_B, CEL_GRADE_C, CEL_GRADE_D } CelGrade;

/** CelBand: one row of a band table. */
typedef struct {
    double shift_cm1;
    double rel_intensity; /* 1..100 within its own source */
    double fwhm_cm1;      /* 0: not known */
    double laser_nm;      /* 0: not stated */
    CelStatus status;
    const char *assignment; /* "" when unknown */
    const char *source;
} CelBand;

/** CelReference: one measured reference spectrum of a substance; texts borrowed from the library. */
typedef struct {
    const char *name;    /* file or sample it came from */
    double laser_nm;     /* 0: not stated */
    CelGrade grade;
    const char *source, *licence;
    const char *extra;   /* further manifest columns as canonical JSON, "" if none */
    gboolean baseline_removed; /* by its source, before it reached us */
    gsize n;
    const double *x;     /* Raman shift cm-1, increasing */
    const float *y;
} CelReference;

/** CelSubstance: one entry. All texts are UTF-8, "" when not stated. */
typedef struct {
    const char *id, *name_en, *name_zh, *cas, *class_id, *field;
    const char *legal_note, *legal_certainty;
    const char *raman_caveat_en, *raman_caveat_zh;
    const char *ceiling;              /* "substance", "group:ID", "class:ID" or "lead" */
    const char *usable;               /* "yes", "provisional", "no", "no-data" */
    const char *const *lookalikes;    /* NULL-ended ids */
    const CelBand *bands;
    gsize n_bands;
    const CelReference *references;
    gsize n_references;
    const char *library;              /* name of the library it stands in */
} CelSubstance;

typedef struct CelLibrary CelLibrary;

/**
 * cel_library_open:
 * @path: a file written by cel_library_build_* (a .library.h5)
 * Returns: (transfer full): the library, or NULL with CEL_ERROR_INPUT (not ours, truncated, digest
 *   of its content wrong). Immutable afterwards, so thread-safe.
 */
CelLibrary *cel_library_open(const char *path, CelJob *job, GError **error);

/** cel_library_open_builtin: the library that ships, from the build folder or the data folder. */
CelLibrary *cel_library_open_builtin(GError **error);

void cel_library_free(CelLibrary *library);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibrary, cel_library_free)

/** name, version and content digest (SHA-256, 64 hex digits) as recorded in evidence. */
const char *cel_library_name(const CelLibrary *library);
const char *cel_library_version(const CelLibrary *library);
const char *cel_library_sha256(const CelLibrary *library);

gsize cel_library_size(const CelLibrary *library);
const CelSubstance *cel_library_substance(const CelLibrary *library, gsize index);
/** cel_library_find: Returns: (nullable): the substance with @id. */
const CelSubstance *cel_library_find(const CelLibrary *library, const char *id);

/** CelLibraryBuilder: what spectra_db's compiler and `library import` share. */
typedef struct CelLibraryBuilder CelLibraryBuilder;
CelLibraryBuilder *cel_library_builder_new(const char *name, const char *version);
void cel_library_builder_free(CelLibraryBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibraryBuilder, cel_library_builder_free)

/** cel_library_builder_add_text: one substance in the text format of spectra_db; @name: for messages.
 * Returns: FALSE with CEL_ERROR_INPUT naming file and line. */
gboolean cel_library_builder_add_text(CelLibraryBuilder *builder, const char *text, const char *name,
                                      GError **error);

/** cel_library_builder_add_reference: @substance: texts of a new or already added id (borrowed;
 * bands and references ignored); @reference: its spectrum (borrowed). */
gboolean cel_library_builder_add_reference(CelLibraryBuilder *builder, const CelSubstance *substance,
                                           const CelReference *reference, GError **error);

/** cel_library_builder_write: whole or not at all. Returns: FALSE with CEL_ERROR_SYSTEM or
 * CEL_ERROR_INPUT (empty). */
gboolean cel_library_builder_write(CelLibraryBuilder *builder, const char *path, GError **error);

/** CelImportReport: what an import did; rows that were refused are named in @problems. */
typedef struct {
    gsize n_rows, n_imported, n_substances;
    GPtrArray *problems; /* (element-type utf8) "manifest.tsv:12: file: why" */
} CelImportReport;
void cel_import_report_clear(CelImportReport *report);

/**
 * cel_library_import:
 * @manifest: TSV with the columns file, id, name_en, name_zh, class, laser_nm, source, licence, then
 *   any others ("grade" A..D and "baseline" raw|removed are read, the rest kept as metadata);
 *   header line required; files relative to the manifest's folder
 * @out: the library file to write
 * A bad row is named and the rest go on; nothing is written when no row is good or on cancel.
 * Returns: FALSE with CEL_ERROR_INPUT or CEL_ERROR_SYSTEM or _CANCELLED. */
gboolean cel_library_import(const char *manifest, const char *out, CelImportReport *report,
                            CelJob *job, GError **error);

G_END_DECLS
