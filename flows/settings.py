"""Settings: flags over COPYDESK_* over copydesk.toml over defaults, read once into one frozen object."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from copydesk.flows import shipped
from copydesk.flows.errors import UsageError

ROOT = shipped.ROOT
MEGABYTE = 1_000_000
VERSION = version("copydesk")


class Settings(BaseSettings):
    """Everything that can be set. Paths are absolute once read."""

    model_config = SettingsConfigDict(
        env_prefix="COPYDESK_", toml_file="copydesk.toml", frozen=True, extra="forbid"
    )

    home: Path = Field(default=Path("data"), description="where the warehouse, staging and reports lie")
    rules: Path = Field(
        default=shipped.RULES,
        description="the vocabulary of boilerplate: a folder or a file",
    )
    line_model: Path = Field(default=shipped.LINE_MODEL, description="the weights of the line model")
    glue: Path = Field(default=shipped.GLUE, description="what the repair of glued words knows")
    agencies: Path = Field(default=shipped.AGENCIES, description="the forms of news agencies' names")
    entities: Path = Field(
        default=shipped.ENTITIES,
        description="the folder of names, countries, cities and spellings",
    )
    aliases: Path | None = Field(
        default=None, description="your own CSV of alias, name, label, kb_id; it wins over everything"
    )
    suites: Path = Field(default=shipped.SUITES, description="the folder of expectation suites")
    limits: Path | None = Field(
        default=None, description="a TOML file of limits for single sources; it wins over the suites"
    )
    model: str = Field(
        default=shipped.MODEL,
        description="spaCy models: packages or paths, divided by commas; of one language the first counts",
    )
    batch_mb: float = Field(default=32.0, gt=0, description="megabytes of raw text in a batch")
    max_record_mb: float = Field(default=200.0, gt=0, description="a file over this is quarantined unread")
    wait_seconds: float = Field(
        default=20.0, ge=0, description="how long to wait for a reader of the warehouse"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *sources: Any,
        **named: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file below the environment."""
        del sources
        return init_settings, named["env_settings"], TomlConfigSettingsSource(settings_cls)

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.home / "copydesk.duckdb"

    @property
    def words(self) -> Path:
        """The words of known texts: what is read again and again of the warehouse, and may be deleted."""
        return self.home / "words.sqlite"

    @property
    def index(self) -> Path:
        """The folder of the near-duplicate index, sorted: may be deleted too."""
        return self.home / "index"

    @property
    def staging(self) -> Path:
        """The folder of stages not published yet."""
        return self.home / "staging"

    @property
    def reports(self) -> Path:
        """The folder of reports."""
        return self.home / "reports"

    @property
    def command(self) -> str:
        """What to type before a command that is to be about this home."""
        return "copydesk" if self.is_at_usual_home else f"copydesk --home {self.home}"

    @property
    def is_at_usual_home(self) -> bool:
        """Whether the home is the one that a command takes without being told."""
        return self.home == Path("data").absolute()

    def models(self) -> list[str]:
        """Return the spaCy models, one a language."""
        return [name.strip() for name in self.model.split(",") if name.strip()]

    def shaping(self) -> dict[str, str]:
        """Return the settings that shape a run's result."""
        return {
            "model": self.model,
            "rules": self.rules.name,
            "batch_mb": str(self.batch_mb),
            "limits": self.limits.name if self.limits else "",
        }


_PATHS = ("home", "rules", "line_model", "glue", "agencies", "suites", "entities", "aliases", "limits")


def read_settings(**flags: Any) -> Settings:
    """Read the settings; `flags` that are None count as not given.

    Raises UsageError with one line that names the wrong setting.
    """
    try:
        read = Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise UsageError(f"setting {name}: {first['msg']}") from error
    except ValueError as error:
        raise UsageError(f"copydesk.toml: {error}") from error
    paths = {name: path for name in _PATHS if (path := getattr(read, name)) is not None}
    return read.model_copy(update={name: path.expanduser().absolute() for name, path in paths.items()})
