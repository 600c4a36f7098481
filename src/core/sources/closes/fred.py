"""Closes of FRED, the St. Louis Fed's data service: as the index owners gave them, out by the next morning.

The indices reach back ten years only; a holiday is an empty row.
"""

from . import CloseSource, Series

SOURCE = CloseSource(
    name="fred",
    title="FRED",
    address="https://fred.stlouisfed.org/graph/fredgraph.csv?id={name}&cosd={since}",
    series={
        "^GSPC": Series("SP500"),
        "^DJI": Series("DJIA"),
        "^IXIC": Series("NASDAQCOM"),
        "^VIX": Series("VIXCLS"),
        # the Treasury's curve at 15:30, not the newest note at 15:00 that the index follows
        "^TNX": Series("DGS10", basis="constant maturity"),
    },
    # the second is how it was headed until 2024
    day_heads=("OBSERVATION_DATE", "DATE"),
    day_format="%Y-%m-%d",
    close_heads=("{name}",),
    empty=("", "."),
)
