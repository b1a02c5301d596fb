/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Every screen of the path, for the page. */

#include "path/cel-path-begin.h"
#include "path/cel-path-done.h"
#include "path/cel-path-examine.h"
#include "path/cel-path-pack.h"
#include "path/cel-path-receive.h"
#include "path/cel-path-result.h"
#include "path/cel-path-scan.h"
#include "path/cel-path-shoot.h"
#include "path/cel-path-sign.h"
#include "path/cel-path-unseal.h"
