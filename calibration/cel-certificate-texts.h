/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What embed-certificates.py makes of certificates/; for cel-intensity-certificate.c only. */

/** cel_certificate_ids: of those that ship, NULL-ended; the texts in the same order. */
extern const char *const cel_certificate_ids[];
extern const char *const cel_certificate_texts[];
