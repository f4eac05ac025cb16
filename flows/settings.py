"""Settings: flags over COPYDESK_* over copydesk.toml over defaults, read once into one frozen object.

The copydesk.toml in the home wins over the one in the working directory; only one of them is read.
"""

import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from copydesk.flows import shipped
from copydesk.flows.errors import UsageError

MEGABYTE = 1_000_000
CONFIG = "copydesk.toml"
_HOME = Path("data")
VERSION = version("copydesk")


def _not_empty(path: object) -> object:
    if path == "":  # as a path it would be the working directory
        raise ValueError("is empty; name a folder, . for this one")
    return path


class Settings(BaseSettings):
    """Everything that can be set. Paths are absolute once read."""

    model_config = SettingsConfigDict(env_prefix="COPYDESK_", frozen=True, extra="forbid")

    home: Annotated[Path, BeforeValidator(_not_empty)] = Field(
        default=_HOME, description="folder of the warehouse, staged runs and reports"
    )
    rules: Path = Field(
        default=shipped.RULES, description="boilerplate rules: a TOML file or a folder of them"
    )
    line_model: Path = Field(
        default=shipped.LINE_MODEL, description="folder with the weights of the line model"
    )
    glue: Path = Field(
        default=shipped.GLUE, description="folder with the vocabulary that repairs glued words"
    )
    agencies: Path = Field(
        default=shipped.AGENCIES, description="TOML file of news agencies and their short forms"
    )
    dates: Path = Field(
        default=shipped.DATES, description="TOML file, or folder of such, with the words of dates in texts"
    )
    bylines: Path = Field(default=shipped.BYLINES, description="TOML file with the words of bylines")
    entities: Path = Field(
        default=shipped.ENTITIES, description="gazetteer: folder of names, countries, cities, spellings"
    )
    aliases: Path | None = Field(
        default=None, description="CSV file with alias, name, label, kb_id; overrides the gazetteer"
    )
    suites: Path = Field(default=shipped.SUITES, description="folder of expectation suites")
    limits: Path | None = Field(
        default=None, description="TOML file with per-source limits; overrides the expectation suites"
    )
    model: str = Field(
        default=shipped.MODEL,
        description="spaCy models: package names or paths, comma-separated; the first one for a language is used",
    )
    batch_mb: float = Field(default=32.0, gt=0, description="megabytes of raw text per batch")
    max_record_mb: float = Field(
        default=200.0, gt=0, description="megabytes; a larger file is quarantined unread"
    )
    follow: bool = Field(
        default=True, description="read what links out of a given folder lead to; they are named either way"
    )
    wait_seconds: float = Field(
        default=20.0, ge=0, description="seconds to wait while another process has the warehouse open"
    )
    query_seconds: float = Field(
        default=120.0,
        gt=0,
        description="seconds that a statement of copydesk sql, or a page of copydesk ui, may take",
    )
    query_mb: float = Field(default=2_000.0, ge=100, description="megabytes of memory that it may use")
    query_rows: int = Field(default=1_000_000, gt=0, description="rows that it may return")

    _config_file: Path | None = PrivateAttr(default=None)
    _home_is_given: bool = PrivateAttr(default=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *sources: Any,
        **named: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the values of one copydesk.toml below the environment, its relative paths taken from its folder."""
        del sources
        given = named["env_settings"]() | init_settings()
        home = given.get("home") or _read_config(settings_cls, Path(CONFIG).absolute()).get("home")
        if not isinstance(home, str | Path | None):
            raise ValueError("home must be a path")  # noqa: TRY004 - wrong contents of a file, not a wrong call
        file = _find_config(Path(home or _HOME).expanduser())
        values = {} if file is None else _read_config(settings_cls, file)
        located = (
            values | {"home": home} if home else {each: values[each] for each in values if each != "home"}
        )
        return init_settings, named["env_settings"], InitSettingsSource(settings_cls, located)

    @property
    def config_file(self) -> Path | None:
        """The copydesk.toml that was read, if any."""
        return self._config_file

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.home / "copydesk.duckdb"

    @property
    def words(self) -> Path:
        """The cache of the token hashes of known texts; it may be deleted."""
        return self.home / "words.sqlite"

    @property
    def index(self) -> Path:
        """The folder of the near-duplicate index, a cache too."""
        return self.home / "index"

    @property
    def staging(self) -> Path:
        """The folder of runs that are not published yet."""
        return self.home / "staging"

    @property
    def reports(self) -> Path:
        """The folder of reports."""
        return self.home / "reports"

    @property
    def command(self) -> str:
        """How a command line that uses this home begins."""
        return "copydesk" if self.is_at_usual_home else f"copydesk --home {shlex.quote(str(self.home))}"

    @property
    def home_is_given(self) -> bool:
        """Whether a flag, the environment or a copydesk.toml names the home."""
        return self._home_is_given

    @property
    def is_at_usual_home(self) -> bool:
        """Whether this home is the default one."""
        return self.home == _HOME.absolute()

    def models(self) -> list[str]:
        """Return the names or paths of the spaCy models, in order of preference."""
        return [name.strip() for name in self.model.split(",") if name.strip()]


_PATHS = frozenset(name for name, field in Settings.model_fields.items() if "Path" in str(field.annotation))


def read_settings(**flags: Any) -> Settings:
    """Read the settings; `flags` override every other source, those that are None count as not given.

    Raises UsageError with one line that names the wrong setting or file.
    """
    try:
        read = Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise UsageError(f"setting {name}: {first['msg']}") from error
    except ValueError as error:
        raise UsageError(f"{CONFIG}: {error}") from error
    paths = {name: path for name in _PATHS if (path := getattr(read, name)) is not None}
    absolute = read.model_copy(update={name: path.expanduser().absolute() for name, path in paths.items()})
    absolute._config_file = _find_config(absolute.home)
    absolute._home_is_given = "home" in read.model_fields_set
    return absolute


def _find_config(home: Path) -> Path | None:
    """Return the copydesk.toml to read: the one in the home, else the one in the working directory, else none."""
    found = (file for file in (home.absolute() / CONFIG, Path(CONFIG).absolute()) if file.is_file())
    return next(found, None)


def _read_config(settings_cls: type[BaseSettings], file: Path) -> dict[str, Any]:
    """Return the values of a copydesk.toml, none if it does not exist; its relative paths are seen from its folder."""
    values = TomlConfigSettingsSource(settings_cls, toml_file=file)()
    paths = {name: value for name, value in values.items() if name in _PATHS and isinstance(value, str)}
    return values | {name: file.parent / Path(path).expanduser() for name, path in paths.items()}
