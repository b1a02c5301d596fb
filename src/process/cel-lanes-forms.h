/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Includes the file CEL_LANES_BODY once for each form, with
 *   V, VBITS        vectors of W doubles, and of as many integers of 64 bits
 *   FORM(name)      the name with the form behind it
 *   TARGET          what stands before a function that is called through CEL_LANES_DISPATCH; all
 *                   others are CEL_LANES_INLINE
 *   AT(array, i)    the vector that begins at element i of an array of doubles
 *   SPLAT(value)    the value in every lane
 *   CHOOSE(condition, yes, no), LESSER(a, b), GREATER(a, b)   lane by lane
 * To be included once in a source file, after the definition of CEL_LANES_BODY. */
#include "process/cel-lanes.h"

#define AT(array, i) (*(V *)(void *)((array) + (i)))
#define SPLAT(value) ((V){0} + (value))
#define CHOOSE(condition, yes, no)                                                                 \
    ((V)(((VBITS)(yes) & (VBITS)(condition)) | ((VBITS)(no) & ~(VBITS)(condition))))
#define LESSER(a, b)  CHOOSE((a) < (b), a, b)
#define GREATER(a, b) CHOOSE((a) > (b), a, b)

#define V          CelPair
#define VBITS      CelPairBits
#define W          2
#define FORM(name) name##_plain
#define TARGET     static
#include CEL_LANES_BODY
#undef V
#undef VBITS
#undef W
#undef FORM
#undef TARGET

#if defined(__x86_64__)
#define V          CelFour
#define VBITS      CelFourBits
#define W          4
#define FORM(name) name##_avx2
#define TARGET     __attribute__((target("avx2"))) static
#include CEL_LANES_BODY
#undef V
#undef VBITS
#undef W
#undef FORM
#undef TARGET

#define V          CelEight
#define VBITS      CelEightBits
#define W          8
#define FORM(name) name##_avx512
#define TARGET     __attribute__((target("avx512f,avx512dq,avx512vl"))) static
#include CEL_LANES_BODY
#undef V
#undef VBITS
#undef W
#undef FORM
#undef TARGET
#endif
