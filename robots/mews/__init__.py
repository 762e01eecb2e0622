"""Parts of the keyword library: arguments, control socket, rig process, keywords.

SPDX-License-Identifier: Apache-2.0
"""
