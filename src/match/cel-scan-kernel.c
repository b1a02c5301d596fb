/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled with -ffp-contract=off: see the header on equal bits. */
#include "match/cel-scan-kernel.h"

#include <math.h>
#include <string.h>

enum {
    LANES = CEL_SCAN_LANES,
    GROUP = CEL_SCAN_GROUP,
    LIMB = 127,
    BESIDE = 4, /* sums made side by side */
};

/* ---- portable ---- */

/* Four lanes side by side: GCC's and clang's vector type, so that the order is ours. */
typedef float Four __attribute__((vector_size(16)));

static inline Four load(const float *values)
{
    Four four;
    memcpy(&four, values, sizeof four);
    return four;
}

static float dot_portable(const float *a, const float *b, gsize n)
{
    Four sum[4] = {{0}};
    for (gsize i = 0; i < n; i += LANES)
        for (gsize u = 0; u < 4; u++)
            sum[u] += load(a + i + 4 * u) * load(b + i + 4 * u);
    const Four by_8[2] = {sum[0] + sum[2], sum[1] + sum[3]};
    const Four by_4 = by_8[0] + by_8[1];
    return (by_4[0] + by_4[2]) + (by_4[1] + by_4[3]);
}

static void dots_portable(const float *query, const float *rows, gsize stride, gsize n,
                          gsize n_rows, float *out)
{
    for (gsize r = 0; r < n_rows; r++)
        out[r] = dot_portable(query, rows + r * stride, n);
}

static double sum_of(const Four sums[4])
{
    double sum = 0;
    for (int u = 0; u < 4; u++)
        for (int lane = 0; lane < 4; lane++)
            sum += (double)sums[u][lane];
    return sum;
}

/* What is left behind the last whole 16. */
static inline double sum_of_rest(const float *a, const float *b, gsize n)
{
    double rest = 0;
    for (gsize i = n / LANES * LANES; i < n; i++)
        rest += (double)a[i] * (double)b[i];
    return rest;
}

static double sum_portable(const float *a, const float *b, gsize n)
{
    Four ab[4] = {{0}};
    for (gsize i = 0; i + LANES <= n; i += LANES)
        for (gsize u = 0; u < 4; u++)
            ab[u] += load(a + i + u * 4) * load(b + i + u * 4);
    return sum_of(ab) + sum_of_rest(a, b, n);
}

static void sums_portable(const CelScanPair *pairs, gsize n_pairs, double *out)
{
    for (gsize p = 0; p < n_pairs; p++)
        out[p] = sum_portable(pairs[p].a, pairs[p].b, pairs[p].n);
}

/* Integers of one group's rows to bounds; @at: first row of the group. */
static inline __attribute__((always_inline)) void finish(const CelScanCodes *codes,
                                                         const CelScanProbe *probe, gsize at,
                                                         const gint32 sums[GROUP], float *out)
{
    for (gsize r = 0; r < GROUP; r++) {
        const float centre = codes->scale[at + r] * (probe->scale * (float)sums[r]);
        const float beyond = codes->rest[at + r] * probe->rest + codes->slip[at + r] * probe->slip;
        out[r] = (centre + beyond) + codes->size[at + r] * probe->size;
    }
}

static void bounds_portable(const CelScanCodes *codes, const CelScanProbe *probe, gsize from,
                            gsize to, float *out)
{
    for (gsize g = from; g < to; g++, out += GROUP) {
        const guint8 *code = codes->codes + g * GROUP * codes->n_axes;
        gint32 sums[GROUP] = {0};
        for (gsize a = 0; a < codes->n_axes; a += 4)
            for (gsize r = 0; r < GROUP; r++, code += 4)
                for (gsize k = 0; k < 4; k++)
                    sums[r] += code[k] * (LIMB * probe->high[a + k] + probe->low[a + k]);
        for (gsize r = 0; r < GROUP; r++)
            sums[r] -= probe->offset;
        finish(codes, probe, g * GROUP, sums, out);
    }
}

/* Vectors as wide as whoever includes it may use: every operation acts on one entry. */
static inline __attribute__((always_inline)) void make_cosines(const CelScanCosines *of, gsize n,
                                                               float *out)
{
    for (gsize i = 0; i < n; i++) {
        const float dot = of->dots[i] > 0 ? of->dots[i] : 0;
        const float bound = dot * of->norm[i] / sqrtf(of->least[i]);
        /* too little energy for a bound of its own; NaN ends here too */
        const float safe = bound < of->highest ? bound : of->highest;
        out[i] = of->least[i] > of->tiny * of->all[i] ? safe : of->unknown;
    }
}

static void cosines_portable(const CelScanCosines *of, gsize n, float *out)
{
    make_cosines(of, n, out);
}

static gint32 bytes_portable(const gint16 *a, const gint8 *b, gsize n)
{
    gint32 sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += (gint32)a[i] * (gint32)b[i];
    return sum;
}

static gsize next_portable(const float *values, gsize from, gsize n, float least)
{
    while (from < n && !(values[from] >= least))
        from++;
    return from;
}

static float read_portable(const float *values, gsize n)
{
    Four sum[4] = {{0}};
    for (gsize i = 0; i + LANES <= n; i += LANES)
        for (gsize u = 0; u < 4; u++)
            sum[u] += load(values + i + 4 * u);
    const Four all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    return all[0] + all[1] + all[2] + all[3];
}

static gboolean always(void)
{
    return TRUE;
}

static const CelScanKernel portable = {.name = "portable",
                                       .usable = always,
                                       .dots = dots_portable,
                                       .sum = sum_portable,
                                       .sums = sums_portable,
                                       .bounds = bounds_portable,
                                       .cosines = cosines_portable,
                                       .bytes = bytes_portable,
                                       .next = next_portable,
                                       .read = read_portable};

#if defined(__x86_64__)
#include <immintrin.h>

/* ---- AVX2: FMA is left out on purpose ---- */

#define AVX2 __attribute__((target("avx2")))

/* Sum of 16 lanes: 8, 4, 2 and 1 apart. */
AVX2 static inline float total(__m256 low, __m256 high)
{
    const __m256 by_8 = _mm256_add_ps(low, high);
    const __m128 by_4 = _mm_add_ps(_mm256_castps256_ps128(by_8), _mm256_extractf128_ps(by_8, 1));
    const __m128 by_2 = _mm_add_ps(by_4, _mm_movehl_ps(by_4, by_4));
    return _mm_cvtss_f32(_mm_add_ss(by_2, _mm_movehdup_ps(by_2)));
}

/* A row after the other: memory is the limit, and the processor fetches ahead best along one
 * stream. Two or four rows side by side took two to three times as long, and so did fetching ahead
 * by hand (tools/figures search has the figures). */
AVX2 static void dots_avx2(const float *query, const float *rows, gsize stride, gsize n,
                           gsize n_rows, float *out)
{
    for (gsize r = 0; r < n_rows; r++) {
        const float *row = rows + r * stride;
        __m256 low = _mm256_setzero_ps(), high = low;
        for (gsize i = 0; i < n; i += LANES) {
            const __m256 a = _mm256_mul_ps(_mm256_loadu_ps(query + i), _mm256_loadu_ps(row + i));
            const __m256 b =
                _mm256_mul_ps(_mm256_loadu_ps(query + i + 8), _mm256_loadu_ps(row + i + 8));
            low = _mm256_add_ps(low, a);
            high = _mm256_add_ps(high, b);
        }
        out[r] = total(low, high);
    }
}

AVX2 static double sum_in_order(__m256 low, __m256 high)
{
    float lanes[LANES];
    double sum = 0;
    _mm256_storeu_ps(lanes, low);
    _mm256_storeu_ps(lanes + 8, high);
    for (int l = 0; l < LANES; l++)
        sum += (double)lanes[l];
    return sum;
}

AVX2 static double sum_avx2(const float *a, const float *b, gsize n)
{
    __m256 low = _mm256_setzero_ps(), high = low;
    for (gsize i = 0; i + LANES <= n; i += LANES) {
        low = _mm256_add_ps(low, _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i)));
        high = _mm256_add_ps(high,
                             _mm256_mul_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8)));
    }
    return sum_in_order(low, high) + sum_of_rest(a, b, n);
}

/* 16 lanes of each of four sums. */
typedef struct {
    __m256 low[BESIDE], high[BESIDE];
} Lanes;

AVX2 static inline __attribute__((always_inline)) void add_products(Lanes *lanes, int u, __m256 low,
                                                                    __m256 high, const float *b)
{
    lanes->low[u] = _mm256_add_ps(lanes->low[u], _mm256_mul_ps(low, _mm256_loadu_ps(b)));
    lanes->high[u] = _mm256_add_ps(lanes->high[u], _mm256_mul_ps(high, _mm256_loadu_ps(b + 8)));
}

/* Products of @n floats, whole LANES, of each pair. */
AVX2 static inline __attribute__((always_inline)) void
add_all(Lanes *lanes, const CelScanPair pairs[BESIDE], gsize n)
{
    const float *b0 = pairs[0].b, *b1 = pairs[1].b, *b2 = pairs[2].b, *b3 = pairs[3].b;
    for (gsize i = 0; i < n; i += LANES) {
        add_products(lanes, 0, _mm256_loadu_ps(pairs[0].a + i), _mm256_loadu_ps(pairs[0].a + i + 8),
                     b0 + i);
        add_products(lanes, 1, _mm256_loadu_ps(pairs[1].a + i), _mm256_loadu_ps(pairs[1].a + i + 8),
                     b1 + i);
        add_products(lanes, 2, _mm256_loadu_ps(pairs[2].a + i), _mm256_loadu_ps(pairs[2].a + i + 8),
                     b2 + i);
        add_products(lanes, 3, _mm256_loadu_ps(pairs[3].a + i), _mm256_loadu_ps(pairs[3].a + i + 8),
                     b3 + i);
    }
}

/* The same when all have one run in common, which is then read once. */
AVX2 static inline __attribute__((always_inline)) void
add_all_shared(Lanes *lanes, const float *a, const float *const b[BESIDE], gsize n)
{
    const float *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
    for (gsize i = 0; i < n; i += LANES) {
        const __m256 low = _mm256_loadu_ps(a + i), high = _mm256_loadu_ps(a + i + 8);
        add_products(lanes, 0, low, high, b0 + i);
        add_products(lanes, 1, low, high, b1 + i);
        add_products(lanes, 2, low, high, b2 + i);
        add_products(lanes, 3, low, high, b3 + i);
    }
}

/* Adds four lanes of each sum, one after the other, to the sums in double precision. */
AVX2 static inline __m256d add_four_lanes(__m256d sums, __m128 a, __m128 b, __m128 c, __m128 d)
{
    _MM_TRANSPOSE4_PS(a, b, c, d);
    sums = _mm256_add_pd(sums, _mm256_cvtps_pd(a));
    sums = _mm256_add_pd(sums, _mm256_cvtps_pd(b));
    sums = _mm256_add_pd(sums, _mm256_cvtps_pd(c));
    return _mm256_add_pd(sums, _mm256_cvtps_pd(d));
}

#define HALF(vectors, half)                                                                        \
    _mm256_extractf128_ps((vectors)[0], half), _mm256_extractf128_ps((vectors)[1], half),          \
        _mm256_extractf128_ps((vectors)[2], half), _mm256_extractf128_ps((vectors)[3], half)

AVX2 static inline __attribute__((always_inline)) void
add_whole(Lanes *lanes, const CelScanPair p[BESIDE], gsize n)
{
    const float *const a[BESIDE] = {p[0].a, p[1].a, p[2].a, p[3].a};
    const float *const b[BESIDE] = {p[0].b, p[1].b, p[2].b, p[3].b};
    if (a[0] == a[1] && a[0] == a[2] && a[0] == a[3])
        add_all_shared(lanes, a[0], b, n);
    else if (b[0] == b[1] && b[0] == b[2] && b[0] == b[3])
        add_all_shared(lanes, b[0], a, n);
    else
        add_all(lanes, p, n);
}

AVX2 static void four_sums(const CelScanPair pairs[BESIDE], double out[BESIDE])
{
    Lanes lanes = {{_mm256_setzero_ps()}, {_mm256_setzero_ps()}};
    const gsize all = MIN(MIN(pairs[0].n, pairs[1].n), MIN(pairs[2].n, pairs[3].n)) / LANES * LANES;
    add_whole(&lanes, pairs, all);
#pragma GCC unroll 4
    for (int u = 0; u < BESIDE; u++)
        for (gsize i = all; i + LANES <= pairs[u].n; i += LANES)
            add_products(&lanes, u, _mm256_loadu_ps(pairs[u].a + i),
                         _mm256_loadu_ps(pairs[u].a + i + 8), pairs[u].b + i);
    __m256d sums = _mm256_setzero_pd();
    sums = add_four_lanes(sums, HALF(lanes.low, 0));
    sums = add_four_lanes(sums, HALF(lanes.low, 1));
    sums = add_four_lanes(sums, HALF(lanes.high, 0));
    sums = add_four_lanes(sums, HALF(lanes.high, 1));
    _mm256_storeu_pd(out, sums);
    for (int u = 0; u < BESIDE; u++)
        out[u] += sum_of_rest(pairs[u].a, pairs[u].b, pairs[u].n);
}

AVX2 static void sums_avx2(const CelScanPair *pairs, gsize n_pairs, double *out)
{
    gsize p = 0;
    for (; p + BESIDE <= n_pairs; p += BESIDE)
        four_sums(pairs + p, out + p);
    if (p == n_pairs)
        return;
    CelScanPair rest[BESIDE];
    double sums[BESIDE];
    for (gsize u = 0; u < BESIDE; u++) /* the last one fills up */
        rest[u] = pairs[MIN(p + u, n_pairs - 1)];
    four_sums(rest, sums);
    memcpy(out + p, sums, (n_pairs - p) * sizeof *out);
}

AVX2 static inline __m256i pairs_of(__m256i codes, __m256i query)
{
    /* no saturation: 2 * 255 * 63 < 32768 */
    return _mm256_madd_epi16(_mm256_maddubs_epi16(codes, query), _mm256_set1_epi16(1));
}

static inline gint32 four_bytes(const gint8 *bytes)
{
    gint32 four;
    memcpy(&four, bytes, sizeof four);
    return four;
}

AVX2 static void bounds_avx2(const CelScanCodes *codes, const CelScanProbe *probe, gsize from,
                             gsize to, float *out)
{
    const __m256i limb = _mm256_set1_epi32(LIMB), offset = _mm256_set1_epi32(probe->offset);
    for (gsize g = from; g < to; g++, out += GROUP) {
        const guint8 *code = codes->codes + g * GROUP * codes->n_axes;
        __m256i high[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
        __m256i low[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
        for (gsize a = 0; a < codes->n_axes; a += 4, code += 4 * GROUP) {
            const __m256i h = _mm256_set1_epi32(four_bytes(probe->high + a));
            const __m256i l = _mm256_set1_epi32(four_bytes(probe->low + a));
            for (int half = 0; half < 2; half++) {
                const __m256i c = _mm256_loadu_si256((const __m256i *)(code + 32 * half));
                high[half] = _mm256_add_epi32(high[half], pairs_of(c, h));
                low[half] = _mm256_add_epi32(low[half], pairs_of(c, l));
            }
        }
        gint32 sums[GROUP];
        for (int half = 0; half < 2; half++) {
            const __m256i both = _mm256_add_epi32(_mm256_mullo_epi32(high[half], limb), low[half]);
            _mm256_storeu_si256((__m256i *)(sums + 8 * half), _mm256_sub_epi32(both, offset));
        }
        finish(codes, probe, g * GROUP, sums, out);
    }
}

AVX2 static void cosines_avx2(const CelScanCosines *of, gsize n, float *out)
{
    make_cosines(of, n, out);
}

AVX2 static gint32 bytes_avx2(const gint16 *a, const gint8 *b, gsize n)
{
    __m256i sums = _mm256_setzero_si256();
    gint32 eight[8], sum = 0;
    gsize i = 0;
    for (; i + LANES <= n; i += LANES) {
        const __m256i x = _mm256_loadu_si256((const __m256i *)(a + i));
        const __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + i)));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(x, y));
    }
    _mm256_storeu_si256((__m256i *)eight, sums);
    for (gsize l = 0; l < G_N_ELEMENTS(eight); l++)
        sum += eight[l];
    return sum + bytes_portable(a + i, b + i, n - i);
}

AVX2 static gsize next_avx2(const float *values, gsize from, gsize n, float least)
{
    const __m256 limit = _mm256_set1_ps(least);
    for (; from + 8 <= n; from += 8) {
        const __m256 is = _mm256_cmp_ps(_mm256_loadu_ps(values + from), limit, _CMP_GE_OQ);
        const guint bits = (guint)_mm256_movemask_ps(is);
        if (bits != 0)
            return from + (gsize)__builtin_ctz(bits);
    }
    return next_portable(values, from, n, least);
}

AVX2 static float read_avx2(const float *values, gsize n)
{
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (gsize i = 0; i + 32 <= n; i += 32) {
        a = _mm256_add_ps(a, _mm256_loadu_ps(values + i));
        b = _mm256_add_ps(b, _mm256_loadu_ps(values + i + 8));
        c = _mm256_add_ps(c, _mm256_loadu_ps(values + i + 16));
        d = _mm256_add_ps(d, _mm256_loadu_ps(values + i + 24));
    }
    return total(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
}

static gboolean has_avx2(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
}

static const CelScanKernel avx2 = {.name = "avx2",
                                   .usable = has_avx2,
                                   .dots = dots_avx2,
                                   .sum = sum_avx2,
                                   .sums = sums_avx2,
                                   .bounds = bounds_avx2,
                                   .cosines = cosines_avx2,
                                   .bytes = bytes_avx2,
                                   .next = next_avx2,
                                   .read = read_avx2};

/* ---- AVX-512 with VNNI: only the bytes gain by it, floats wait for memory either way ---- */

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

VNNI static void bounds_vnni(const CelScanCodes *codes, const CelScanProbe *probe, gsize from,
                             gsize to, float *out)
{
    const __m512i limb = _mm512_set1_epi32(LIMB), offset = _mm512_set1_epi32(probe->offset);
    for (gsize g = from; g < to; g++, out += GROUP) {
        const guint8 *code = codes->codes + g * GROUP * codes->n_axes;
        const gsize at = g * GROUP;
        __m512i high = _mm512_setzero_si512(), low = high;
        for (gsize a = 0; a < codes->n_axes; a += 4, code += 4 * GROUP) {
            const __m512i c = _mm512_loadu_si512(code);
            high = _mm512_dpbusd_epi32(high, c, _mm512_set1_epi32(four_bytes(probe->high + a)));
            low = _mm512_dpbusd_epi32(low, c, _mm512_set1_epi32(four_bytes(probe->low + a)));
        }
        gint32 sums[GROUP];
        const __m512i both = _mm512_add_epi32(_mm512_mullo_epi32(high, limb), low);
        _mm512_storeu_si512(sums, _mm512_sub_epi32(both, offset));
        finish(codes, probe, at, sums, out);
    }
}

VNNI static void cosines_vnni(const CelScanCosines *of, gsize n, float *out)
{
    make_cosines(of, n, out);
}

static gboolean has_vnni(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vnni") != 0;
}

static const CelScanKernel vnni = {.name = "avx512-vnni",
                                   .usable = has_vnni,
                                   .dots = dots_avx2,
                                   .sum = sum_avx2,
                                   .sums = sums_avx2,
                                   .bounds = bounds_vnni,
                                   .cosines = cosines_vnni,
                                   .bytes = bytes_avx2,
                                   .next = next_avx2,
                                   .read = read_avx2};

const CelScanKernel *const cel_scan_kernels[] = {&vnni, &avx2, &portable, NULL};
#else
const CelScanKernel *const cel_scan_kernels[] = {&portable, NULL};
#endif

const CelScanKernel *cel_scan_kernel(void)
{
    const CelScanKernel *const *kernel = cel_scan_kernels;
    while (!(*kernel)->usable())
        kernel++;
    return *kernel;
}
