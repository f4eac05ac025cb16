"""The contract as a whole: every schema of the modules is part of it."""

from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms import contract
from copydesk.transforms.contract import Schema, conform, empty

SCHEMAS = {
    name: value for name, value in vars(contract).items() if name.isupper() and isinstance(value, dict)
}


def test_every_schema_of_the_modules_is_part_of_the_contract():
    modules = [
        import_module(f"{contract.__name__}.{module.name}") for module in iter_modules(contract.__path__)
    ]
    declared = {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, dict)
    }
    assert declared == SCHEMAS
    assert set(SCHEMAS) <= set(contract.__all__)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_an_empty_frame_conforms_and_has_the_schema(schema: Schema):
    assert empty(schema).is_empty()
    assert empty(schema).schema == pl.Schema(schema)
    assert_frame_equal(conform(empty(schema), schema), empty(schema))
