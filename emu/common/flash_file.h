/*
 * Files with the contents of a part's flash, or of its option bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_COMMON_FLASH_FILE_H
#define HW_MEWS_COMMON_FLASH_FILE_H

#include "exec/memory.h"

/*
 * Fill @memory from @filename, which has exactly its size; if not, says so in
 * one line that begins with @what ("stm32f100: flash file"), names the file,
 * and exits with status 1.
 */
void flash_file_load(const char *what, const char *filename,
                     MemoryRegion *memory);

/*
 * When the process ends, what is in @memory replaces @filename, as a whole or
 * not at all.  To be called once for each.
 */
void flash_file_save_at_exit(const char *what, const char *filename,
                             MemoryRegion *memory);

#endif
