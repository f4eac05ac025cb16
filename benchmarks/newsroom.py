"""A small newsroom's feeds, made up: pages of five outlets, day after day, with the furniture of their sites.

Sentences come from templates of our own with many slots, so that no two articles are copies of each other.
"""

import datetime as dt
import os
import random
from dataclasses import dataclass
from pathlib import Path


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


_NAMES = _words(
    """
    Adeline Marsh, Boris Keller, Carla Whitfield, Dmitri Aldous, Edith Barrow, Farid Hollis, Greta Lindqvist,
    Hamid Osei, Irene Castell, Jonas Petrie, Katya Sorrel, Leon Abbott, Mira Trask, Nils Hagen, Olive Quarles,
    Pavel Drummond, Rosa Yates, Samuel Okoro, Tilda Brandt, Umar Farouk, Vera Lowell, Walter Ingram, Yasmin Cole,
    Zoe Hartnell
    """
)
_PLACES = _words(
    """
    Berlin, Lagos, Toronto, Madrid, Nairobi, Oslo, Lima, Warsaw, Chicago, Manila, Lisbon, Glasgow, Mumbai, Seoul,
    Vienna, Dublin, Athens, Prague, Cairo, Osaka
    """
)
_BODIES = _words(
    """
    the harbour authority, the city council, the regional court, the health ministry, the railway operator,
    the teachers' union, the energy regulator, the port police, the farmers' federation, the central library,
    the transport agency, the water board, the housing office, the coast guard, the electoral commission,
    the state university
    """
)
_THINGS = _words(
    """
    a disputed contract, the flood defences, a new tram line, the hospital budget, a shelter for migrants,
    the fishing quota, the old power station, an inquiry into the fire, a tax on empty flats, the school merger,
    the ferry timetable, a bridge repair, the waste contract, a museum loan, the drought plan, a wage agreement,
    the night bus network, a land swap, the data leak, the stadium lease
    """
)
_VERBS = _words(
    """
    postponed, approved, criticised, defended, reopened, shelved, published, questioned, rejected, outlined, delayed,
    endorsed, amended, suspended, debated, audited
    """
)
_REASONS = _words(
    """
    after weeks of quiet talks, despite warnings from auditors, following a leaked memo,
    amid protests outside the building, as winter demand rises, because of a missing permit,
    before the budget deadline, under pressure from residents, once engineers had signed off,
    while negotiations continue, ahead of the spring elections, on the advice of lawyers
    """
)
_SENTENCES = (
    "{Body} {verb} {thing} on {weekday}, {reason}, and said the matter would cost {n} million euros.",
    "{name}, who has followed {thing} since {year}, called the decision overdue and asked for figures from {place}.",
    "In {place}, {n} people signed a petition against {thing}, {reason}.",
    "Officials in {place} expect {n} cases by the end of {month}, {name} told reporters.",
    "“Nobody asked us about {thing},” said {name}, who runs a bakery near {place}.",
    "{Body} had {verb} a similar plan in {year}, when {name} led it, {reason}.",
    "A report of {n} pages describes how {body} handled {thing} and where {n} thousand euros went.",
    "Critics such as {name} doubt that {body} can finish before {month}, {reason}.",
    "The figures, which {body} {verb} late on {weekday}, cover {place} and {place2} but not {n} smaller towns.",
    "{name} and {name2} are to meet in {place} on {weekday} to discuss {thing}.",
    "For residents of {place} the question is simpler: who pays for {thing} once the {n} months are over?",
    "Work on {thing} stopped in {month}, {reason}, and {n} workers were sent home.",
    "{Body} declined to comment, but {name2} wrote that {thing} had been {verb} without a vote.",
    "By {weekday} evening {n} households in {place} were still waiting for an answer about {thing}.",
    "The dispute began in {year}, when {body} and {name} disagreed over {thing}, {reason}.",
    "{name2} said {place} had spent {n} percent more than planned, {reason}.",
)
_SPANISH = (
    "El ayuntamiento de {place} aplazó el {weekday} la decisión sobre el puente, tras {n} reuniones con los vecinos.",
    "{name} pidió más información sobre el presupuesto, que asciende a {n} millones de euros según el último informe.",
    "Los pescadores de {place} protestaron durante {n} horas porque la nueva cuota reduce sus días en el mar.",
    "La policía investiga la filtración de {n} expedientes que {name} había denunciado en {year}.",
    "Según {name2}, la obra no terminará antes de {n} meses, aunque la empresa prometió lo contrario en {year}.",
    "Más de {n} familias siguen esperando una respuesta de la oficina de vivienda, explicó {name}.",
    "El tribunal rechazó la petición de {name2} y ordenó revisar {n} contratos firmados en {place}.",
    "La sequía obliga a cerrar {n} embalses cerca de {place}, y los agricultores temen perder la cosecha de otoño.",
    "En {year} ya se había discutido el mismo plan, pero entonces faltaban {n} votos para aprobarlo.",
    "{name} y {name2} se reunirán en {place} para hablar de la huelga, que dura ya {n} días.",
)
_MENU = "Home|News|Politics|Business|Sport|Opinion|Video|Subscribe|Log in"
_FOOT = (
    "READ ALSO: {Body} answers its critics",
    "Share this article on Facebook Twitter WhatsApp",
    "Sign up for our newsletter and never miss a story",
    "Copyright 2026 {outlet}. All rights reserved.",
)


@dataclass(frozen=True)
class Outlet:
    """One outlet: articles per weekday, its language, and whether its pages have boilerplate and dates."""

    name: str
    size: int
    lang: str = "en"
    is_page: bool = True
    is_dated: bool = True


OUTLETS = (
    Outlet("harbour-times", 14),
    Outlet("metro-daily", 18),
    Outlet("plain-wire", 12, is_page=False),
    Outlet("la-ribera", 10, lang="es"),
    Outlet("valley-note", 8, is_dated=False),
)


def write_day(folder: Path, day: dt.date, outlet: Outlet, seed: int, share: float = 1.0) -> list[Path]:
    """Write one day's articles of an outlet below `folder`, dated on that day; return their paths."""
    generator = random.Random(f"{seed} {day} {outlet.name}")
    weekend = 0.6 if day.weekday() >= 5 else 1.0
    n = max(round(share * weekend * outlet.size * generator.uniform(0.8, 1.2)), 1)
    paths = []
    for number in range(n):
        path = folder / outlet.name / f"{day:%Y-%m-%d}-{number:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_dated(path, make_page(generator, outlet, day), day)
        paths.append(path)
    return paths


def write_dated(path: Path, text: str | bytes, day: dt.date) -> None:
    """Write a file that was last changed at six in the morning of `day`."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    moment = dt.datetime.combine(day, dt.time(6), dt.UTC).timestamp()
    os.utime(path, (moment, moment))


def make_page(generator: random.Random, outlet: Outlet, day: dt.date) -> str:
    """Make the visible text of one article's page."""
    sentences = _SPANISH if outlet.lang == "es" else _SENTENCES
    slots = _slots(generator)
    title = (
        f"{slots['name']} pide explicaciones por la obra de {slots['place']}"
        if outlet.lang == "es"
        else f"{slots['Body']} {slots['verb']} {slots['thing']} in {slots['place']}"
    )
    body = [
        " ".join(
            generator.choice(sentences).format_map(_slots(generator)) for _ in range(generator.randint(2, 4))
        )
        for _ in range(generator.randint(4, 9))
    ]
    dated = [f"{day:%B} {day.day}, {day.year}"] if outlet.is_dated else []
    if not outlet.is_page:
        return "\n\n".join([title, *dated, *body])
    foot = [line.format(outlet=outlet.name, **slots) for line in _FOOT]
    return "\n".join([*_MENU.split("|"), title, *dated, *body, *foot])


def _slots(generator: random.Random) -> dict[str, str]:
    """Return a filling of every slot of the templates."""
    name, name2 = generator.sample(_NAMES, 2)
    place, place2 = generator.sample(_PLACES, 2)
    body = generator.choice(_BODIES)
    return {
        "name": name,
        "name2": name2,
        "place": place,
        "place2": place2,
        "body": body,
        "Body": body[0].upper() + body[1:],
        "thing": generator.choice(_THINGS),
        "verb": generator.choice(_VERBS),
        "reason": generator.choice(_REASONS),
        "weekday": generator.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        "month": generator.choice(("March", "April", "May", "June", "October")),
        "year": str(generator.randint(1998, 2024)),
        "n": str(generator.randint(2, 980)),
    }
