"""Lets the tests import ci/'s modules and its programs that have no suffix.

SPDX-License-Identifier: Apache-2.0
"""

import importlib.machinery
import importlib.util
import pathlib
import sys

import pytest

CI = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CI))


def load_program(name):
    """A program of ci/ as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(CI / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def junit():
    return load_program("junit")


@pytest.fixture(scope="session")
def check_tree():
    return load_program("check-tree")
