"""Outlines of the places that a petition tells of, and of those around them."""

from mobilise import db


async def around(database: db.Database, petition_id: int) -> list[db.Record]:
    """Municipalities that are told apart, with the Belgian ones of the same districts, whose codes
    begin alike: what is not told there is shown as not told. GeoJSON geometries, as text."""
    return await db.rows(
        database,
        """
        with told as (
          select code from public_areas
          where petition_id = :petition_id and level = 'municipality' and code <> 'OTHER'
        )
        select code, geometry::text as geometry from area_shapes
        where code in (select code from told)
          or code ~ '^[1-9]' and left(code, 2) in (select left(code, 2) from told)
        order by code collate "C"
        """,
        petition_id=petition_id,
    )
