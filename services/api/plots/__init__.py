"""The plots of a result's summary: what they show, and where everything in them is drawn.

Pure: ``plots_of`` makes `Plot` values of a `Summary`; each has the geometry of its figure, which
templates write as SVG, and its whole table.
"""

from services.api.plots.model import Bars, Columns, Filters, Plot, Stacks
from services.api.plots.summary import plots_of
from services.api.plots.tsv import to_tsv

__all__ = ["Bars", "Columns", "Filters", "Plot", "Stacks", "plots_of", "to_tsv"]
