"""The command line: what the keeper of an instance types."""

from mobilise.cli import areas as areas
from mobilise.cli import checking as checking
from mobilise.cli import keepers as keepers
from mobilise.cli import publishing as publishing
from mobilise.cli import saving as saving
from mobilise.cli import serving as serving
from mobilise.cli.frame import app as app
from mobilise.cli.frame import console as console
