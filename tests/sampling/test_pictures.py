"""The pictures of a run of the sampler's proof are what a browser can draw."""

from xml.etree import ElementTree

from bench.sampling.pictures import errors_picture, widths_picture
from bench.sampling.results import row
from bench.sampling.trial import FIGURES, Figure, Trial


def test_pictures_are_well_formed() -> None:
    figure = Figure(outcome="estimate", holds=True, half=0.04, error=-0.01)
    trial = Trial(seed=1, studies=9, figures=dict.fromkeys(FIGURES, figure), records=9, questions=2, limits=())
    for picture in (errors_picture, widths_picture):
        drawn = ElementTree.fromstring(picture([row("plain", [trial])]))  # noqa: S314 - drawn here
        assert "plain" in [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
