/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small texts that several pages show alike. */

/** cel_ui_is_chinese: Returns: whether texts of tables with two languages are shown in Chinese.
 * Thread-safe: yes. */
gboolean cel_ui_is_chinese(void);

/** cel_ui_pick: @zh, @en: (nullable). Returns: (transfer none): the one in the window's language,
 * else the other one, else "". Thread-safe: yes. */
const char *cel_ui_pick(const char *zh, const char *en);

/** cel_ui_time: @wall_us: UTC since 1970. Returns: (transfer full): local date and time,
 * "2026-11-23 15:31"; "" for 0. */
char *cel_ui_time(gint64 wall_us);

/** cel_ui_age: @us: since when. Returns: (transfer full): "just now", "5 min", "3 h", "2 days". */
char *cel_ui_age(gint64 us);

/** cel_ui_span: @us: how long. Returns: (transfer full): "under 1 min", "5 min", "3 h". */
char *cel_ui_span(gint64 us);

/** cel_ui_said_of: Returns: (transfer full): "name: word", with the colon of the language. */
char *cel_ui_said_of(const char *name, const char *word);

/** cel_ui_without_path: @message: "path: what happened". Returns: (transfer none): what happened,
 * part of @message, for a place that names the file already; all of @message when it does not begin
 * with @path. Thread-safe: yes. */
const char *cel_ui_without_path(const char *message, const char *path);

/** cel_ui_bytes: Returns: (transfer full): "3.2 GB". */
char *cel_ui_bytes(guint64 bytes);

G_END_DECLS
