/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-batch-state.h"

#include "base/cel-hash.h"

#include <math.h>
#include <string.h>

/* magic, place, then for each query the number of hits and the hits (row, score), then SHA-256. */
static const char magic[8] = {'c', 'e', 'l', 'b', 'a', 't', 'c', '1'};

enum { HEAD = sizeof magic + sizeof(CelBatchPlace) };

static void add_digest(GByteArray *out)
{
    guint8 digest[CEL_DIGEST_BYTES];
    const CelDigestPart part = {out->data, out->len};
    cel_digest_parts("sha256", &part, 1, digest);
    g_byte_array_append(out, digest, sizeof digest);
}

GBytes *cel_batch_save(const CelBatch *batch, const CelBatchPlace *place)
{
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)magic, sizeof magic);
    g_byte_array_append(out, (const guint8 *)place, sizeof *place);
    for (gsize q = 0; q < cel_batch_n_queries(batch); q++) {
        const CelTop *top = cel_batch_top(batch, q);
        g_byte_array_append(out, (const guint8 *)&top->n, sizeof top->n);
        for (guint i = 0; i < top->n; i++) {
            g_byte_array_append(out, (const guint8 *)&top->hits[i].row, sizeof(guint64));
            g_byte_array_append(out, (const guint8 *)&top->hits[i].score, sizeof(float));
        }
    }
    add_digest(out);
    return g_byte_array_free_to_bytes(out);
}

static gboolean is_whole(const guint8 *data, gsize n, const CelBatchPlace *place)
{
    guint8 digest[CEL_DIGEST_BYTES];
    if (n < HEAD + sizeof digest || memcmp(data, magic, sizeof magic) != 0 ||
        memcmp(data + sizeof magic, place->work, sizeof place->work) != 0)
        return FALSE;
    const CelDigestPart part = {data, n - sizeof digest};
    return cel_digest_parts("sha256", &part, 1, digest) &&
           memcmp(digest, data + n - sizeof digest, sizeof digest) == 0;
}

typedef struct {
    const guint8 *at, *end;
} Bytes;

static gboolean take(Bytes *from, void *to, gsize n)
{
    if ((gsize)(from->end - from->at) < n)
        return FALSE;
    memcpy(to, from->at, n);
    from->at += n;
    return TRUE;
}

/* @batch: (nullable): NULL: only looks whether everything is in order. */
static gboolean take_hits(CelBatch *batch, const CelBatch *shape, Bytes from, guint64 n_rows)
{
    for (gsize q = 0; q < cel_batch_n_queries(shape); q++) {
        guint n = 0;
        if (!take(&from, &n, sizeof n) || n > cel_batch_top(shape, q)->most)
            return FALSE;
        for (guint i = 0; i < n; i++) {
            CelScanHit hit = {0, 0};
            if (!take(&from, &hit.row, sizeof hit.row) ||
                !take(&from, &hit.score, sizeof hit.score) || hit.row >= n_rows ||
                !isfinite(hit.score))
                return FALSE;
            if (batch != NULL)
                cel_batch_offer(batch, q, &hit, 1);
        }
    }
    return from.at == from.end;
}

gboolean cel_batch_restore(CelBatch *batch, GBytes *bytes, CelBatchPlace *place, guint64 n_rows)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    if (!is_whole(data, n, place))
        return FALSE;
    const Bytes hits = {data + HEAD, data + n - CEL_DIGEST_BYTES};
    if (!take_hits(NULL, batch, hits, n_rows))
        return FALSE;
    memcpy(place, data + sizeof magic, sizeof *place);
    return take_hits(batch, batch, hits, n_rows);
}
