# Both machines up to their main.
#
# SPDX-License-Identifier: Apache-2.0
break main
continue
continue
delete
