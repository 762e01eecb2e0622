"""Makes qtest.py, which all device tests share, importable.

SPDX-License-Identifier: Apache-2.0
"""
