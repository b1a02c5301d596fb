/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-param-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Word: what stands in files, what is read. */
typedef struct {
    const char *word, *shown;
} Word;

static const Word choices[] = {
    {"refuse", N_("stop with an error")},
    {"pass", N_("pass on unchanged")},
    {"crop", N_("cut off")},
    {"cm-1", "cm⁻¹"},
    {"nm", "nm"},
    {"pixel", N_("pixels")},
    {"decreasing", N_("from wide to narrow")},
    {"increasing", N_("from narrow to wide")},
    {"boxcar", N_("rectangle")},
    {"triangle", N_("triangle")},
    {"hann", "Hann"},
    {"blackman", "Blackman"},
    {"gauss", N_("Gauss curve")},
    {"interp", N_("polynomial of the last window")},
    {"nearest", N_("repeat the last value")},
    {"mirror", N_("mirror")},
    {"zero", N_("zero")},
    {"natural", N_("natural")},
    {"not-a-knot", N_("third derivative continuous")},
    {"axis", N_("per unit of the axis")},
    {"sample", N_("per sample")},
    {"2", "2"},
    {"4", "4"},
};

static const Word units[] = {
    {"1", ""},
    {"cm-1", "cm⁻¹"},
    {"axis", N_("of the axis")},
    {"samples", N_("samples")},
    {"noise sd", N_("× noise")},
    {"of Nyquist", N_("of Nyquist")},
    {"ms", "ms"},
    {"mW", "mW"},
};

static const char *find(const Word *words, gsize n, const char *word)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].shown;
    return NULL;
}

/* An empty msgid is the catalogue's head. */
static const char *translated(const char *shown)
{
    return *shown != '\0' ? _(shown) : "";
}

const char *cel_param_choice_words(const char *word)
{
    const char *shown = find(choices, G_N_ELEMENTS(choices), word);
    return shown != NULL ? translated(shown) : word;
}

const char *cel_param_unit_words(const char *unit)
{
    const char *shown = find(units, G_N_ELEMENTS(units), unit);
    return shown != NULL ? translated(shown) : unit;
}

gboolean cel_param_knows(const char *word)
{
    return find(choices, G_N_ELEMENTS(choices), word) != NULL ||
           find(units, G_N_ELEMENTS(units), word) != NULL;
}
