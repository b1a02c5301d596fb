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

/** CelReference: one measured reference spectrum of a substance; texts belong to the library. */
typedef struct {
    const char *name; /* file or sample it came from */
    double laser_nm;  /* 0: not stated */
    CelGrade grade;
    const char *source, *licence;
    const char *extra;         /* further manifest columns as canonical JSON, "" if none */
    gboolean baseline_removed; /* by its source, before it reached us */
    gsize n;
    const double *x; /* Raman shift cm-1, increasing */
    const float *y;
} CelReference;

/** cel_reference_resolution_cm1: what the manifest said in a column "resolution_cm1": the full
 * width at half maximum of the instrument that measured @reference. Returns: 0 when not stated or
 * not between 0.1 and 100 cm-1. Thread-safe: yes. */
double cel_reference_resolution_cm1(const CelReference *reference);

/** CelSubstance: one entry. All texts are UTF-8, "" when not stated. */
typedef struct {
    const char *id, *name_en, *name_zh, *cas, *class_id, *field;
    const char *legal_note, *legal_certainty;
    const char *raman_caveat_en, *raman_caveat_zh;
    const char *group_id;          /* its look-alike group, "" for none; stands with any ceiling */
    const char *ceiling;           /* "substance", "group:ID", "class:ID" or "lead" */
    const char *usable;            /* "yes", "provisional", "no", "no-data" */
    const char *const *lookalikes; /* NULL-ended ids */
    const CelBand *bands;
    gsize n_bands;
    const CelReference *references;
    gsize n_references;
    const char *library; /* name of the library it stands in */
} CelSubstance;

/** CelLibraryKind: a look-alike group or a class: what a claim may say instead of a substance, and
 * the sentences that must stand beside it. Texts are UTF-8, "" when not stated. */
typedef struct {
    const char *id, *name_en, *name_zh;
    const char *limit_en, *limit_zh;     /* what Raman cannot tell, a whole sentence */
    const char *send_to_en, *send_to_zh; /* the technique that can */
    const char *ceiling; /* the most a member may claim: "substance", "group", "class" or "lead" */
    const char *members; /* of a series: names as cel_library_member_name() makes them, a blank
                            between; they need not be in any library */
} CelLibraryKind;

/** cel_library_member_name: Returns: (transfer full): the letters and digits of @name in lower
 * case: "Chabazite-(Ca)" is "chabaziteca". Thread-safe: yes. */
char *cel_library_member_name(const char *name);

/** cel_library_kind_has_member: @member: as cel_library_member_name() makes it. Returns: TRUE when
 * the row lists it. Thread-safe: yes. */
gboolean cel_library_kind_has_member(const CelLibraryKind *kind, const char *member);

typedef struct CelLibrary CelLibrary;

/**
 * cel_library_open:
 * @path: a file written by cel_library_builder_write() (a .library.h5)
 * Reads at most CEL_LIBRARY_MAX_BYTES in the jailed child, once: what was found sound is kept by
 * its digest (cel-cache.h) and mapped as long as the file keeps its mark.
 * Returns: (transfer full): the library, or NULL with CEL_ERROR_INPUT (not ours, truncated, digest
 *   of its content wrong) or CEL_ERROR_SYSTEM, _CANCELLED. Immutable afterwards, so thread-safe.
 */
CelLibrary *cel_library_open(const char *path, CelJob *job, GError **error);

/** cel_library_open_builtin: the library that ships: the file named by the environment variable
 * CELADON_LIBRARY (for tests), else spectra_db/celadon.library.h5 of the build tree in which the
 * running program lies, else the one in the data folder.
 * Returns: (transfer full): or NULL with CEL_ERROR_SYSTEM when there is none, or as
 *   cel_library_open(). Thread-safe: yes. */
CelLibrary *cel_library_open_builtin(GError **error);

/** cel_library_free: @library: (nullable) */
void cel_library_free(CelLibrary *library);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibrary, cel_library_free)

/** cel_library_is_whole: Returns: whether the file that a library is mapped from has its digest
 * now; if not, the next opening reads the library itself again. TRUE when it is in memory. Reads
 * all of the file. Thread-safe: yes. */
gboolean cel_library_is_whole(const CelLibrary *library);

/** name, version and content digest (SHA-256, 64 hex digits) as recorded in evidence. */
const char *cel_library_name(const CelLibrary *library);
const char *cel_library_version(const CelLibrary *library);
const char *cel_library_sha256(const CelLibrary *library);

/** cel_library_size, cel_library_substance: how many there are; @index: below that. */
gsize cel_library_size(const CelLibrary *library);
const CelSubstance *cel_library_substance(const CelLibrary *library, gsize index);
/** cel_library_find: Returns: (nullable): the substance with @id. */
const CelSubstance *cel_library_find(const CelLibrary *library, const char *id);

/** cel_library_group, cel_library_class: Returns: (nullable) (transfer none): the row of the table
 * of look-alike groups or of classes; NULL when the library has none of that @id (an imported
 * class: its id is shown itself). Thread-safe: yes. */
const CelLibraryKind *cel_library_group(const CelLibrary *library, const char *id);
const CelLibraryKind *cel_library_class(const CelLibrary *library, const char *id);

/** cel_library_series: Returns: (nullable) (transfer none): the group whose members @member is one
 * of (see cel_library_member_name()). Thread-safe: yes. */
const CelLibraryKind *cel_library_series(const CelLibrary *library, const char *member);

/** cel_library_measured_alikes: Returns: (transfer none): names, a blank between, of minerals whose
 * published spectra resemble that of @member as much as its own do each other
 * (spectra_db/mineral-lookalikes.tsv); "" for none. Thread-safe: yes. */
const char *cel_library_measured_alikes(const CelLibrary *library, const char *member);

enum {
    CEL_LIBRARY_MAX_BYTES = 1 << 30,
    CEL_LIBRARY_MAX_POINTS = 64 * 1024 * 1024, /* of all reference spectra together */
    CEL_LIBRARY_MAX_BANDS = 200,               /* of one substance */
};

/** CelLibraryBuilder: what spectra_db's compiler and `library import` share. */
typedef struct CelLibraryBuilder CelLibraryBuilder;
/** cel_library_builder_new: @name, @version: recorded in the library and in evidence. */
CelLibraryBuilder *cel_library_builder_new(const char *name, const char *version);
/** cel_library_builder_free: @builder: (nullable) */
void cel_library_builder_free(CelLibraryBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibraryBuilder, cel_library_builder_free)

/** cel_library_builder_add_text: one substance in the text format of spectra_db; @name: for
 * messages.
 * Returns: FALSE with CEL_ERROR_INPUT naming file and line. */
gboolean cel_library_builder_add_text(CelLibraryBuilder *builder, const char *text,
                                      const char *name, GError **error);

/**
 * cel_library_builder_add_folder:
 * @folder: laid out as spectra_db: groups.tsv, classes.tsv, the tables of series and
 * NAME/ID.substance, in order of name
 * @out_paths: (nullable): filled with every file and folder that was looked at, newly allocated
 * Adds everything and checks the whole (cel_library_builder_check()). Returns: FALSE with
 * CEL_ERROR_INPUT naming file and line, or _SYSTEM.
 */
gboolean cel_library_builder_add_folder(CelLibraryBuilder *builder, const char *folder,
                                        GPtrArray *out_paths, GError **error);

/** cel_library_builder_add_kinds: the table of groups (@text of spectra_db/groups.tsv) or, with
 * @classes, of classes. Returns: FALSE with CEL_ERROR_INPUT naming file and line. */
gboolean cel_library_builder_add_kinds(CelLibraryBuilder *builder, const char *text,
                                       gboolean classes, const char *name, GError **error);

/**
 * cel_library_builder_add_series: groups that list their members
 * @series, @kinds: texts of spectra_db/mineral-series.tsv and series-kinds.tsv
 * A row whose id is a group already only adds its members to it.
 * Returns: FALSE with CEL_ERROR_INPUT naming table and row.
 */
gboolean cel_library_builder_add_series(CelLibraryBuilder *builder, const char *series,
                                        const char *kinds, const char *name, GError **error);

/** cel_library_builder_add_pairs: @text: of spectra_db/mineral-lookalikes.tsv. Returns: FALSE with
 * CEL_ERROR_INPUT naming table and line. */
gboolean cel_library_builder_add_pairs(CelLibraryBuilder *builder, const char *text,
                                       const char *name, GError **error);

/** cel_library_builder_add_alike: @other was measured to resemble @name (both as
 * cel_library_member_name() makes them). */
void cel_library_builder_add_alike(CelLibraryBuilder *builder, const char *name, const char *other);

/** cel_library_builder_has_group: Returns: TRUE when the group @id was added. */
gboolean cel_library_builder_has_group(const CelLibraryBuilder *builder, const char *id);

/** cel_library_builder_add_kind: one row of these tables (borrowed); an id added before stays as it
 * is, but takes over members when it had none. */
void cel_library_builder_add_kind(CelLibraryBuilder *builder, const CelLibraryKind *kind,
                                  gboolean is_class);

/** cel_library_builder_add_reference: @substance: texts of a new or already added id (borrowed;
 * bands and references ignored; texts of an added id stay as they are;
 * no ceiling means "lead"); @reference: (nullable) its
 * spectrum (borrowed): NULL only adds the substance.
 * Returns: FALSE with CEL_ERROR_INPUT when the id is empty or the spectrum is not finite,
 * increasing and of 2 or more points, or the library is full. */
gboolean cel_library_builder_add_reference(CelLibraryBuilder *builder,
                                           const CelSubstance *substance,
                                           const CelReference *reference, GError **error);

/** cel_library_builder_check: what only the whole library shows: every look-alike, group and class
 * that a substance names exists. Returns: FALSE with CEL_ERROR_INPUT naming the first that does
 * not. */
gboolean cel_library_builder_check(const CelLibraryBuilder *builder, GError **error);

/** cel_library_builder_finish: Returns: (transfer full): the library in memory, the same in content
 * and digest as its file read back; the builder can go on. NULL with CEL_ERROR_INPUT (empty). */
CelLibrary *cel_library_builder_finish(const CelLibraryBuilder *builder, GError **error);

/** cel_library_builder_write: whole or not at all. Returns: FALSE with CEL_ERROR_SYSTEM or
 * CEL_ERROR_INPUT (empty). */
gboolean cel_library_builder_write(const CelLibraryBuilder *builder, const char *path,
                                   GError **error);

/** CelImportReport: what an import did; rows that were refused are named in @problems. */
typedef struct {
    gsize n_rows, n_imported, n_substances;
    GPtrArray *problems; /* (element-type utf8) "manifest.tsv:12: file: why" */
} CelImportReport;
/** cel_import_report_clear: frees what @report holds and zeroes it. */
void cel_import_report_clear(CelImportReport *report);

/**
 * cel_library_import:
 * @manifest: TSV with the columns file, id, name_en, name_zh, class, laser_nm, source, licence,
 *   then any others ("grade" A..D and "baseline" raw|removed are read, the rest kept as metadata);
 *   header line required; files relative to the manifest's folder
 * @out: the library file to write
 * @report: (out): zeroed first; to be cleared by the caller also after a failure
 * Spectra are brought to a Raman shift axis with the row's laser_nm. The most that an imported
 * substance may claim comes from the library that ships: of the substance with the same id, of its
 * look-alike group, else of its class. A bad row is named and the rest go on; nothing is written
 * when no row is good or on cancel.
 * Returns: FALSE with CEL_ERROR_INPUT or CEL_ERROR_SYSTEM or _CANCELLED. */
gboolean cel_library_import(const char *manifest, const char *out, CelImportReport *report,
                            CelJob *job, GError **error);

G_END_DECLS
