/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-json.h"
#include "match/cel-identify.h"

G_BEGIN_DECLS

/*
 * The error-rate card: how often the method was right and wrong on the laboratory's own known
 * specimens, read from the records that `celadon validate --records` writes. Counts with exact
 * intervals, never a probability for the sample at hand. The unit is the physical specimen: rows
 * that do not name theirs do not count, and several spectra of one count once, as wrong when any of
 * them was named wrong. Nothing counts of records that no ledger knows (cel_records_vouch()):
 * anybody can write a table.
 */

enum {
    CEL_RECORDS_MAX_BYTES = 64 * 1024 * 1024,
    CEL_RATES_LEAST = 100, /* specimens, below which only "not validated here" is said (rule 1.7) */
};

/** CelRecordDomain: what a record must agree in to speak of a sample; texts borrowed. */
typedef struct {
    const char *policy;     /* as cel_policy_name() */
    const char *libraries;  /* as cel_record_libraries() */
    const char *thresholds; /* as cel_record_thresholds() */
    double laser_nm;        /* within 1 nm; 0: not known, then nothing agrees */
    const char *instrument; /* model; "": not stated, which only agrees with not stated */
    const char *condition;  /* of the material, as the manifest words it; "" likewise */
    const char *class_id;   /* of the substance: a specimen's own, or the one it was taken for */
} CelRecordDomain;

/** cel_record_libraries: Returns: (transfer full): the digests of @n libraries, joined. */
char *cel_record_libraries(const CelLibrary *const *libraries, gsize n);
/** cel_record_thresholds: Returns: (transfer full): one digest of the method's id, its thresholds
 * and the weights of its views: records of other ones speak of another method. */
char *cel_record_thresholds(void);

/** CelRecords: read and checked. Immutable, so thread-safe. */
typedef struct CelRecords CelRecords;

/**
 * cel_records_read:
 * @bytes: a file of records, hostile until proven otherwise
 * @name: its name, for messages
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT naming line and column: too large, not
 *   UTF-8, a column missing, an outcome or number that is none.
 */
CelRecords *cel_records_read(GBytes *bytes, const char *name, GError **error);
/** cel_records_open: the same of the file at @path. Returns: NULL also with CEL_ERROR_SYSTEM. */
CelRecords *cel_records_open(const char *path, GError **error);
/** cel_records_sha256: Returns: (transfer none): digest of the file, 64 hex digits. */
const char *cel_records_sha256(const CelRecords *records);
/** cel_records_n_spectra: how many rows there are. */
guint cel_records_n_spectra(const CelRecords *records);
/** cel_records_n_specimens: how many different specimens the rows name. */
guint cel_records_n_specimens(const CelRecords *records);
/** cel_records_vouch: the laboratory's ledger knows these records: its event @seq, from 1, names
 * their digest and none after it replaces them. Before the records are shared. */
void cel_records_vouch(CelRecords *records, guint64 seq);
/** cel_records_free: @records: (nullable) */
void cel_records_free(CelRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRecords, cel_records_free)

/** CelRates: what the records say of one domain; texts owned. */
struct CelRates {
    guint n;                    /* specimens */
    guint right, wrong, silent; /* of them */
    double laser_nm;
    char *class_id, *instrument, *condition;
    char *who, *when;     /* of the newest of these records; "" when none */
    char *records_sha256; /* of the file */
    guint64 event;        /* of the ledger that knows it; 0: none does, nothing counts */
};

/** cel_records_rates: Returns: (transfer full). Thread-safe: yes. */
CelRates *cel_records_rates(const CelRecords *records, const CelRecordDomain *domain);
/** cel_rates_copy: @rates: (nullable) */
CelRates *cel_rates_copy(const CelRates *rates);
/** cel_rates_free: @rates: (nullable) */
void cel_rates_free(CelRates *rates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRates, cel_rates_free)

/** cel_rates_suffice: Returns: whether there are enough specimens for a rate to be shown. */
gboolean cel_rates_suffice(const CelRates *rates);

/** cel_rates_text: Returns: (transfer full): the card in words: counts with their intervals and
 * what they are of, or that the method is not validated here. */
char *cel_rates_text(const CelRates *rates, gboolean chinese);

/** cel_rates_write: the member "validation" of an answer; null for NULL. */
void cel_rates_write(CelJsonWriter *json, const CelRates *rates);

/** cel_identification_set_rates: @rates: (transfer full): what is said beside @answer; where they
 * suffice, its claim no longer says that nothing was validated. */
void cel_identification_set_rates(CelIdentification *answer, CelRates *rates);

/** cel_identification_drop_not_validated: takes that sentence out of the claim. */
void cel_identification_drop_not_validated(CelIdentification *answer);

G_END_DECLS
