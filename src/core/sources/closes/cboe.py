"""Closes of Cboe's index files: the whole history of each, one close a day, out in the evening."""

from . import CloseSource, Series

SOURCE = CloseSource(
    name="cboe",
    title="Cboe",
    address="https://cdn.cboe.com/api/global/us_indices/daily_prices/{name}_History.csv",
    series={
        "^VIX": Series("VIX"),
        "^GSPC": Series("SPX"),
        "^RUT": Series("RUT"),
        "^NDX": Series("NDX"),
        # the option index on the Dow is a hundredth of it
        "^DJI": Series("DJX", scale=100.0, made_of="100 × DJX"),
    },
    day_heads=("DATE",),
    day_format="%m/%d/%Y",
    # only the VIX has open, high and low beside it
    close_heads=("{name}", "CLOSE"),
)
