"""What ships with the package is there, and is what the code reads."""

from copydesk.flows import shipped
from copydesk.flows.settings import Settings


def test_every_path_is_there_and_below_the_package() -> None:
    paths = {name: path for name, path in vars(shipped).items() if name.isupper() and name != "MODEL"}
    assert len(paths) >= 9
    for name, path in paths.items():
        assert path.exists(), name
        assert path.is_relative_to(shipped.ROOT), name


def test_settings_default_to_what_ships() -> None:
    shipped_paths = {value for name, value in vars(shipped).items() if name.isupper()}
    names = ("rules", "line_model", "glue", "agencies", "dates", "entities", "suites", "model")
    assert [name for name in names if Settings.model_fields[name].default not in shipped_paths] == []


def test_the_samples_are_folders_of_outlets() -> None:
    outlets = [path for path in shipped.SAMPLES.iterdir() if path.is_dir()]
    assert len(outlets) > 3
    assert all(any(outlet.iterdir()) for outlet in outlets)
