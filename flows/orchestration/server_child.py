"""The server process behind ``server.temporary_server``: argv is PARENT_PID SOCKET_FD SERVICES.

PREFECT_HOME says where the database lies. Exits within a second of its parent's death.
"""

import gc
import os
import shutil
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path


def watch(parent: int) -> None:
    """Stop this process when ``parent`` is gone: politely, then for good."""
    while os.getppid() == parent:
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(3)
    os._exit(1)


def migrate(path: Path) -> None:
    """Create Prefect's SQLite database at ``path``.

    Runs Prefect's own migrations through a synchronous connection: 4.5 s of CPU against 11 s
    when each of their 34,000 statements hops to aiosqlite's thread.
    """
    import sqlalchemy as sa
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from prefect.server.database import provide_database_interface
    from prefect.server.database.alembic_commands import alembic_config

    def configure(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in ("foreign_keys=OFF", "legacy_alter_table=OFF", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    db, config = provide_database_interface(), alembic_config()
    script = ScriptDirectory.from_config(config)
    script.version_locations = [str(db.orm.versions_dir)]
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", configure)

    def to_head(revision: object, _: object) -> object:
        return script._upgrade_revs("head", revision)  # type: ignore[arg-type]

    with EnvironmentContext(config, script, fn=to_head) as env, engine.connect() as connection:
        env.configure(
            connection=connection,
            target_metadata=db.Base.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            template_args={"dialect": "sqlite"},
        )
        with env.begin_transaction():
            env.run_migrations()


def prepare(database: Path) -> None:
    """Make sure ``database`` exists: a copy of this user's template, which is made if missing.

    Safe when two processes do it at once: a file appears under its name complete or not at all.
    """
    import prefect

    if database.exists():
        return
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "copydesk"
    template = cache / f"prefect-{prefect.__version__}.db"
    fresh = database.with_name(f"{database.name}.{os.getpid()}")
    try:
        try:
            shutil.copyfile(template, fresh)
        except OSError:
            migrate(fresh)
            with suppress(OSError):  # a cache that can't be written costs time, nothing else
                cache.mkdir(parents=True, exist_ok=True)
                part = template.with_name(f"{template.name}.{os.getpid()}")
                shutil.copyfile(fresh, part)
                part.replace(template)
        with suppress(FileExistsError):
            os.link(fresh, database)
    finally:
        fresh.unlink(missing_ok=True)


def lock_early() -> None:
    """Let every transaction take SQLite's write lock at its start and wait for it there.

    Prefect reads first and upgrades later, which fails at once when another writer came between
    ("database is locked"): the client then sleeps 2 s and tries again, and may give up.
    """
    from prefect.server.database.configurations import AioSqliteConfiguration as Sqlite

    begin = Sqlite.begin_transaction
    Sqlite.begin_transaction = lambda self, session, *_, **__: begin(self, session, True)  # type: ignore[method-assign]


def main(parent: int, descriptor: int, services: bool) -> None:
    """Serve the API on the bound socket ``descriptor`` until SIGTERM."""
    threading.Thread(target=watch, args=(parent,), daemon=True).start()
    gc.disable()  # 0.5 s less for 5 s of imports that free nothing
    import uvicorn
    from prefect.server.api.server import create_app

    prepare(Path(os.environ["PREFECT_HOME"]) / "prefect.db")
    lock_early()
    app = create_app(ephemeral=not services, final=True)
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_level="warning",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=3600,  # a stage may take longer than uvicorn's 5 s between requests
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1")
