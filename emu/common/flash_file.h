/*
 * Files with the contents of a part's flash.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_COMMON_FLASH_FILE_H
#define HW_MEWS_COMMON_FLASH_FILE_H

#include "exec/memory.h"

/*
 * Fill @flash from @filename, which has exactly its size; if not, says so in
 * one line that names @part and the file and exits with status 1.
 */
void flash_file_load(const char *part, const char *filename,
                     MemoryRegion *flash);

/*
 * When the process ends, what is in @flash replaces @filename, as a whole or
 * not at all.  To be called once.
 */
void flash_file_save_at_exit(const char *part, const char *filename,
                             MemoryRegion *flash);

#endif
