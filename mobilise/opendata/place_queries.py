"""What a keeper loads about places. Each replaces what was loaded before."""

from collections.abc import Sequence
from typing import Any

import orjson

from mobilise import db
from mobilise.opendata.area_queries import Figure


async def replace_figures(database: db.Database, country: str, figures: Sequence[Figure]) -> None:
    """Names and inhabitants of one country."""
    await db.run(
        database,
        """
        with gone as (
          delete from area_figures where country = :country and code <> all(:codes::text[])
        )
        insert into area_figures (code, country, name, population, population_year)
        select * from unnest(:codes::text[], :countries::text[], :names::text[],
          :populations::int[], :years::int[])
        on conflict (code) do update set name = excluded.name,
          population = excluded.population, population_year = excluded.population_year
        """,
        country=country,
        codes=[each[0] for each in figures],
        countries=[each[1] for each in figures],
        names=[each[2] for each in figures],
        populations=[each[3] for each in figures],
        years=[each[4] for each in figures],
    )


async def replace_pairs(database: db.Database, pairs: Sequence[tuple[str, str]]) -> None:
    """Postcodes with their municipalities. Petitions that have a table keep the list of it."""
    await db.run(database, "delete from area_pairs")
    await db.run(
        database,
        """
        insert into area_pairs (postcode, municipality)
        select * from unnest(:postcodes::text[], :municipalities::text[])
        """,
        postcodes=[each[0] for each in pairs],
        municipalities=[each[1] for each in pairs],
    )


async def replace_shapes(
    database: db.Database, shapes: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Outlines, as GeoJSON geometries."""
    await db.run(database, "delete from area_shapes")
    await db.run(
        database,
        """
        insert into area_shapes (code, geometry)
        select distinct on (code) code, shape::jsonb
        from unnest(:codes::text[], :shapes::text[]) given (code, shape)
        """,
        codes=[each[0] for each in shapes],
        shapes=[orjson.dumps(each[1]).decode() for each in shapes],
    )
