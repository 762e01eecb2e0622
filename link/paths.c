/*
 * Where things lie; see paths.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "paths.h"
#include <glib.h>

static char *folder_of_program(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

    return program ? g_path_get_dirname(program) : g_strdup(".");
}

char *paths_emulator(void)
{
    g_autofree char *folder = folder_of_program();

    return g_build_filename(folder, "qemu-system-arm", NULL);
}

char *paths_linkd(void)
{
    g_autofree char *folder = folder_of_program();

    return g_build_filename(folder, "linkd", NULL);
}

char *paths_runs(void)
{
    g_autofree char *folder = folder_of_program();
    g_autofree char *build = g_path_get_dirname(folder);

    return g_build_filename(build, "runs", NULL);
}

char *paths_registers(void)
{
    g_autofree char *folder = folder_of_program();
    g_autofree char *build = g_path_get_dirname(folder);

    return g_build_filename(build, "registers", NULL);
}
