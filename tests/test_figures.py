"""Pictures: what is on their axes, what is said in words, and that nothing is left behind."""

import base64
import functools
import inspect
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextPath

from seqgrad import figures
from seqgrad.activations import softmax
from tests.marks import sample

mpl.use("agg")  # no windows, on any machine

line = np.linspace(0, 1, 13)
rng = np.random.default_rng(0)
lower = np.tril(rng.uniform(0.1, 1, (5, 5)))

# For each function that draws, arguments of the shapes that its docstring names.
EXAMPLES = {
    "probabilities": (line, softmax(np.stack([line, 0 * line, 1 - line]))),
    "largest_term": (800 * line, np.exp(-800 * line)),
    "function_and_slope": (line, line**2, 2 * line, "square", "hidden"),
    "over_time": (rng.standard_normal((3, 7)), "hidden state a⟨t⟩"),
    "reach": (lower, "step changed", "step that moves", "hidden"),
    "gradient_through_time": (0.8 ** np.arange(9),),
    "gradient_travels": ({"da": 0.8 ** np.arange(9)[::-1], "dc": 0.9 ** np.arange(9)[::-1]}, 3),
    "gates_over_text": ({key: rng.random(4) for key in ("ft", "it", "cct", "c_next", "a_next")}, "a ab"),
    "weights_of_average": (0.1 * 0.9 ** np.arange(9)[::-1], 0.9**9),
    "bias_correction": (1 + line, 3 - line),
    "valley": ({"one": rng.standard_normal((6, 2)), "other": rng.standard_normal((6, 2))}, 20),
    "spectrum": (np.linalg.eigvals(rng.standard_normal((9, 9)) / 3),),
    "gradients_through_time": ({"RNN": 0.8 ** np.arange(9), "LSTM": 0.9 ** np.arange(9)},),
    "gradient_reach": ({"RNN": 0.8 ** np.arange(9), "LSTM": 0.9 ** np.arange(9)}, {"RNN": 3, "LSTM": 8}, 0.4),
    "arrows": ({"whole": np.array([3.0, 1.0]), "clipped": np.array([1.0, 1.0])},),
    "softmax_gradient": (softmax(np.array([2.0, 1.0, 0.0, -1.0])), 1),
    "character_map": (softmax(rng.standard_normal((27, 5))), list("abcde"), "after"),
    "training_curves": ({"RNN": rng.random((4, 2)), "LSTM": rng.random((4, 2))}, 0.9),
    "durations": ({"readable": 0.05 + rng.random(5), "fast": 0.01 + 0.1 * rng.random(5)},),
    "attention_map": (softmax(rng.standard_normal((4, 4))), list("·abc")),
    "growth": (
        {"attention": np.array([1.0, 4, 16]), "RNN": np.array([1.0, 2, 4])},
        (32, 64, 128),
        "milliseconds",
    ),
    "memory_of_segments": (np.array([2, 20, 200]), np.array([9e6, 1e6, 8e6]), 3e7),
}
NIGHT = ("#111111", "#14181e")  # the dark pages of JupyterLab and of the site
every_picture = pytest.mark.parametrize("name", sample(EXAMPLES, 3))


def draw(name, **kwargs):
    return getattr(figures, name)(*EXAMPLES[name], **kwargs)


def show(picture, alt="A picture."):
    """Return what is put on the page: the picture and its words."""
    page = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures.page, "display", page.append)
        figures.show(picture, alt)
    return page


@functools.cache
def shown(name):
    return show(draw(name))


def pixels(picture):
    return plt.imread(io.BytesIO(base64.b64decode(picture.data["image/png"])))


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 defines it: from 1 to 21."""
    channels = np.array([to_rgb(one), to_rgb(other)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    darker, lighter = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (lighter + 0.05) / (darker + 0.05)


def test_every_function_that_draws_has_an_example_here():
    functions = inspect.getmembers(figures, inspect.isfunction)
    drawing = {
        name for name, function in functions if list(inspect.signature(function).parameters)[-1] == "ax"
    }
    assert drawing == set(EXAMPLES)


@every_picture
def test_both_axes_say_in_words_what_they_show(name):
    ax = draw(name)
    assert len(ax.get_xlabel()) > 3
    assert len(ax.get_ylabel()) > 3 or name == "gates_over_text"  # which names each of its rows


@every_picture
def test_a_picture_is_drawn_on_the_axes_that_are_given(name):
    ax = figures.new_axes()
    assert draw(name, ax=ax) is ax


@every_picture
def test_drawing_leaves_no_state_behind(name):
    settings, arguments = mpl.rcParams.copy(), repr(EXAMPLES[name])
    draw(name)
    assert mpl.rcParams == settings
    assert plt.get_fignums() == []
    assert repr(EXAMPLES[name]) == arguments


@pytest.mark.parametrize("name", ["reach", "valley"])
def test_a_picture_is_the_same_each_time(name):
    assert show(draw(name))[0].data == shown(name)[0].data


@every_picture
def test_nothing_is_cut_off_at_the_edge(name):
    opacity = pixels(shown(name)[0])[:, :, 3]
    assert max(opacity[0].max(), opacity[-1].max(), opacity[:, 0].max(), opacity[:, -1].max()) == 0


@every_picture
def test_letters_are_11_pixels_high_on_a_telephone(name):
    """A page that is 390 pixels wide leaves 350 for a picture."""
    ax = draw(name)
    width = shown(name)[0].metadata["image/png"]["width"]
    texts = [text for text in ax.figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    smallest = min(text.get_fontsize() for text in texts)
    assert smallest * 100 / 72 * min(1, 350 / width) >= 11


@every_picture
def test_words_on_the_page_itself_are_in_an_ink_of_the_course(name):
    """Words in a coloured field are black or white; all others are read on both grounds."""
    ax = draw(name)
    inks = {to_hex(text.get_color()) for text in ax.figure.findobj(Text) if text.get_text().strip()}
    in_fields = {"#000000", "#ffffff"} if name in ("probabilities", "reach", "softmax_gradient") else set()
    assert inks <= {ink.lower() for ink in figures.INK.values()} | in_fields


def test_the_words_stand_below_the_picture_and_in_its_metadata():
    picture, words = show(figures.new_axes(width=5), "Less is <more>.")
    assert picture.metadata == {"image/png": {"alt": "Less is <more>.", "width": 500}}
    assert words.data["text/html"].endswith("in words</summary>Less is &lt;more&gt;.</details>")


def test_in_plain_text_the_words_stand_for_the_picture():
    assert [repr(part) for part in show(figures.new_axes(), "More.")] == ["[picture]", "More."]


def test_a_notebook_gets_the_rich_form():
    picture, _ = show(figures.new_axes())
    assert picture._repr_mimebundle_() == (picture.data, picture.metadata)


def test_a_picture_is_described_by_the_function_that_drew_it_or_by_the_caller():
    line, words = show(draw("reach"), "")
    assert "below the diagonal" not in words.plain and "above the diagonal is empty" in words.plain
    assert line.metadata["image/png"]["alt"] == words.plain
    assert show(draw("reach"), "Otherwise.")[1].plain == "Otherwise."


@every_picture
def test_a_description_is_a_few_sentences(name):
    words = draw(name).figure.get_label()
    assert 60 < len(words) < 420 and words.endswith(".")


def test_a_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="^show: alt is empty; say in a sentence what the picture shows$"):
        figures.show(figures.new_axes(), "  ")


@pytest.mark.parametrize("columns", [1, 3])
def test_axes_and_arrays_of_axes_and_figures_can_be_shown(columns):
    axes = figures.new_axes(columns=columns)
    assert show(axes)[0].data == show(np.ravel(axes)[0].figure)[0].data


def test_a_picture_made_with_pyplot_is_closed():
    show(plt.subplots()[1])
    assert plt.get_fignums() == []


def test_a_picture_lets_the_page_shine_through():
    assert pixels(show(figures.new_axes())[0])[0, 0, 3] == 0


def test_each_thing_has_a_colour_of_its_own():
    assert len(set(figures.COLOUR.values())) == len(figures.COLOUR)


@pytest.mark.parametrize("ground", ["white", *NIGHT])
@pytest.mark.parametrize("thing", figures.COLOUR)
def test_lines_in_the_colour_of_a_thing_stand_out_by_day_and_at_night(thing, ground):
    assert contrast(figures.COLOUR[thing], ground) >= 3  # what WCAG 2 asks of lines


@pytest.mark.parametrize("thing", figures.COLOUR)
def test_words_in_the_colour_of_a_thing_can_be_read_by_day_and_at_night(thing):
    assert contrast(figures.INK[thing], "white") >= 4.5  # what WCAG 2 asks of small text
    # No colour has 4.5 with white and with a dark page; 3 is asked of large or bold letters.
    assert min(contrast(figures.INK[thing], ground) for ground in NIGHT) >= 3.8


def test_a_signed_map_has_no_colour_at_zero():
    image = draw("over_time").images[0]
    low, high = image.get_clim()
    assert low == -high
    assert image.get_array().min() < 0 < image.get_array().max() <= high
    assert image.cmap(0.5)[3] == pytest.approx(0, abs=0.02)  # an even number of tints: none is quite empty
    assert image.cmap(0.0)[3] == image.cmap(1.0)[3] == 1


def test_reach_is_empty_where_nothing_arrives_and_says_how_much_elsewhere():
    ax = draw("reach")
    assert np.array_equal(ax.images[0].get_array().mask, lower == 0)
    assert {text.get_text() for text in ax.texts} == {f"{strength:.2g}" for strength in lower[lower > 0]}


def test_the_numbers_in_the_reach_can_be_read():
    image = draw("reach").images[0]
    strongest = image.cmap(image.norm(image.get_array().max()))
    assert contrast("black", strongest[:3]) > 4.5  # what WCAG 2 asks of small text


def test_probabilities_fill_the_whole():
    ax = draw("probabilities")
    top = max(path.vertices[:, 1].max() for area in ax.collections for path in area.get_paths())
    assert top == pytest.approx(1)
    assert [text.get_text() for text in ax.texts] == ["class 0", "class 1", "class 2"]


def test_the_line_of_the_largest_term_ends_where_it_is_zero():
    drawn = draw("largest_term").lines[0].get_ydata()
    assert np.array_equal(np.ma.getmaskarray(drawn), np.exp(-800 * line) == 0)
    assert np.ma.getmaskarray(drawn).any()


def test_gradients_have_a_logarithmic_axis():
    assert {draw(name).get_yscale() for name in EXAMPLES if "through_time" in name} == {"log"}


def test_new_axes_belong_to_no_window():
    figures.new_axes()
    assert plt.get_fignums() == []


# Diagrams: SVG files that the chapters show.

ROOT = Path(__file__).parent.parent
SVG = "{http://www.w3.org/2000/svg}"
IN_BOXES = {"#1a1a1a", "#a34400", "#ffffff"}  # letters on the light ground of a box, or on a dark dot
DIAGRAMS = sorted(
    {
        name
        for chapter in (ROOT / "notebooks/source").glob("*.py")
        for name in re.findall(r"\(\.\./figures/(\w+)\.svg\)", chapter.read_text(encoding="utf-8"))
    }
)


@functools.cache
def diagram(name):
    return ElementTree.parse(ROOT / f"notebooks/figures/{name}.svg").getroot()


@pytest.mark.parametrize("name", [*DIAGRAMS, "impulses"])
def test_letters_of_a_diagram_are_11_pixels_high_on_a_telephone(name):
    root = diagram(name)
    sizes = [float(root.get("font-size"))]
    sizes += [float(text.get("font-size")) for text in root.iter(f"{SVG}text") if text.get("font-size")]
    assert min(sizes) * 350 / float(root.get("viewBox").split()[2]) >= 11


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_has_no_ground_and_only_the_colours_of_the_course(name):
    root = diagram(name)
    width = float(root.get("viewBox").split()[2])
    assert max(float(box.get("width")) for box in root.iter(f"{SVG}rect")) < width / 2
    inks = {text.get("fill").lower() for text in root.iter(f"{SVG}text")}
    assert inks <= {ink.lower() for ink in figures.INK.values()} | IN_BOXES
    lines = {line.get("stroke") for line in root.iter(f"{SVG}path")} - {None}
    assert lines <= {*figures.COLOUR.values(), "#333333"}  # dark signs stand on white discs


@pytest.mark.parametrize("name", DIAGRAMS)
def test_letters_in_a_box_leave_its_border_free(name):
    root = diagram(name)
    sides = ("x", "y", "width", "height")
    boxes = [[float(box.get(side)) for side in sides] for box in root.iter(f"{SVG}rect")]
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.get("x")), float(text.get("y"))
        around = [w for left, top, w, h in boxes if left < x < left + w and top < y < top + h]
        if around and text.get("text-anchor") == "middle":
            family = "DejaVu Sans Mono" if "Mono" in text.get("font-family", "") else "DejaVu Sans"
            font = FontProperties(family=family, weight=text.get("font-weight", "normal"))
            size = float(text.get("font-size") or root.get("font-size"))
            width = TextPath((0, 0), text.text, size=size, prop=font).get_extents().width
            assert width <= min(around) - 8, text.text  # 4 on each side


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_says_in_words_what_it_shows(name):
    root = diagram(name)
    assert len(root.find(f"{SVG}title").text) > 10 and len(root.find(f"{SVG}desc").text) > 100


def test_the_numbers_in_the_diagram_of_a_product_are_right():
    texts = " ".join(text.text for text in diagram("product").iter(f"{SVG}text"))
    number = {name: float(value) for name, value in re.findall(r"(\w+) = (\d+)", texts)}
    weights = np.array([[number["W₁₁"], number["W₁₂"]], [number["W₂₁"], number["W₂₂"]]])
    assert list(weights @ [number["x₁"], number["x₂"]]) == [number["z₁"], number["z₂"]]
