/*
 * The list of image files that a machine's property "images" names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "image_files.h"

static bool visit_file(Visitor *v, ImageFile **file, Error **errp)
{
    bool good;

    if (!visit_start_struct(v, NULL, (void **)file, sizeof(**file), errp)) {
        return false;
    }
    good = visit_type_str(v, "file", &(*file)->name, errp);
    if (good && visit_optional(v, "at", &(*file)->has_at)) {
        good = visit_type_uint32(v, "at", &(*file)->at, errp);
    }
    good = good && visit_check_struct(v, errp);
    visit_end_struct(v, (void **)file);
    return good;
}

bool image_files_visit(Visitor *v, const char *name,
                                 ImageFiles **files, Error **errp)
{
    ImageFiles *tail;
    bool good = true;

    if (!visit_start_list(v, name, (GenericList **)files, sizeof(**files),
                          errp)) {
        return false;
    }
    for (tail = *files; good && tail;
         tail = (ImageFiles *)visit_next_list(v, (GenericList *)tail,
                                                       sizeof(*tail))) {
        good = visit_file(v, &tail->value, errp);
    }
    good = good && visit_check_list(v, errp);
    visit_end_list(v, (void **)files);
    return good;
}

void image_files_free(ImageFiles *files)
{
    while (files) {
        ImageFiles *next = files->next;

        if (files->value) {
            g_free(files->value->name);
        }
        g_free(files->value);
        g_free(files);
        files = next;
    }
}
