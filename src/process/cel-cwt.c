/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-cwt.h"

#include "base/cel-error.h"

#include <fftw3.h>
#include <math.h>

enum { CUT_SCALES = 8 };

typedef struct {
    gsize length, bins;
    double *real;
    fftw_complex *data, *kernel;
    fftw_plan forward_data, forward_kernel, backward;
} Transform;

/* ESTIMATE: a measured plan may differ from run to run and with it the last bits of a result. */
static void transform_init(Transform *t, gsize length)
{
    t->length = length;
    t->bins = length / 2 + 1;
    t->real = fftw_alloc_real(length);
    t->data = fftw_alloc_complex(t->bins);
    t->kernel = fftw_alloc_complex(t->bins);
    const int n = (int)length;
    cel_fftw_lock();
    t->forward_data = fftw_plan_dft_r2c_1d(n, t->real, t->data, FFTW_ESTIMATE);
    t->forward_kernel = fftw_plan_dft_r2c_1d(n, t->real, t->kernel, FFTW_ESTIMATE);
    t->backward = fftw_plan_dft_c2r_1d(n, t->kernel, t->real, FFTW_ESTIMATE);
    cel_fftw_unlock();
}

static void transform_clear(Transform *t)
{
    cel_fftw_lock();
    fftw_destroy_plan(t->forward_data);
    fftw_destroy_plan(t->forward_kernel);
    fftw_destroy_plan(t->backward);
    cel_fftw_unlock();
    fftw_free(t->real);
    fftw_free(t->data);
    fftw_free(t->kernel);
}

/* Index of the sample that stands at @i of the endlessly reflected data. */
static gsize reflected(gssize i, gsize n)
{
    const gssize period = 2 * (gssize)n;
    const gssize at = ((i % period) + period) % period;
    return (gsize)(at < (gssize)n ? at : period - 1 - at);
}

static gsize reach(double scale)
{
    return (gsize)ceil(CUT_SCALES * scale);
}

static double hat(double t)
{
    const double norm = 2.0 / (sqrt(3.0) * pow(G_PI, 0.25));
    return norm * (1.0 - t * t) * exp(-0.5 * t * t);
}

/* Even, so correlation and convolution are the same; laid around index 0 of the circle. */
static void load_kernel(Transform *t, double scale)
{
    for (gsize i = 0; i < t->length; i++)
        t->real[i] = 0.0;
    const gsize far = reach(scale);
    const double norm = 1.0 / sqrt(scale);
    t->real[0] = norm * hat(0.0);
    for (gsize k = 1; k <= far; k++) {
        const double value = norm * hat((double)k / scale);
        t->real[k] = value;
        t->real[t->length - k] = value;
    }
    fftw_execute(t->forward_kernel);
}

static void convolve(Transform *t, double scale)
{
    load_kernel(t, scale);
    for (gsize i = 0; i < t->bins; i++) {
        const double re = t->data[i][0] * t->kernel[i][0] - t->data[i][1] * t->kernel[i][1];
        const double im = t->data[i][0] * t->kernel[i][1] + t->data[i][1] * t->kernel[i][0];
        t->kernel[i][0] = re / (double)t->length;
        t->kernel[i][1] = im / (double)t->length;
    }
    fftw_execute(t->backward);
}

static gsize power_of_two(gsize at_least)
{
    gsize length = 1;
    while (length < at_least)
        length *= 2;
    return length;
}

void cel_cwt_mexican_hat(const double *y, gsize n, const double *scales, gsize n_scales,
                         double *out)
{
    gsize pad = 0;
    for (gsize s = 0; s < n_scales; s++)
        pad = MAX(pad, reach(scales[s]));
    Transform t = {0};
    transform_init(&t, power_of_two(n + 2 * pad));
    for (gsize i = 0; i < t.length; i++)
        t.real[i] = i < n + 2 * pad ? y[reflected((gssize)i - (gssize)pad, n)] : 0.0;
    fftw_execute(t.forward_data);
    for (gsize s = 0; s < n_scales; s++) {
        convolve(&t, scales[s]);
        for (gsize i = 0; i < n; i++)
            out[s * n + i] = t.real[pad + i];
    }
    transform_clear(&t);
}
