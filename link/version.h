/*
 * The version of the daemon and the command line, as run.json has it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_VERSION_H
#define MEWS_LINK_VERSION_H

#define MEWS_VERSION "0.1.0"

#endif
