// SPDX-License-Identifier: GPL-2.0-only
#include "hostile.h"
const struct hostile_case danger_cases[] = { { } };
