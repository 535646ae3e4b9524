"""Settings of Sphinx, which turns the sources that `pages.py` writes into the site."""

import importlib.metadata
import re
import textwrap
from html import escape

from tools.environment import ROOT
from tools.site import addresses

project = "seqgrad"
author = "The seqgrad authors"
project_copyright = f"{author}, MIT licence"
version = release = importlib.metadata.version("seqgrad")
html_title = "seqgrad"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
]
exclude_patterns = ["exercises"]  # to download, not to read here
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}

# Chapters: what the notebooks hold is shown, and nothing is run.
nb_execution_mode = "off"
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
nb_merge_streams = True
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "image/png", 1)]
nb_render_text_lexer = "none"
myst_enable_extensions = [
    "dollarmath",
    "amsmath",
    "colon_fence",
    "attrs_block",
    "attrs_inline",
    "smartquotes",
]
myst_heading_anchors = 3
myst_dmath_double_inline = True

# Reference: NumPy sections; a word in backquotes is a link where it names something of seqgrad.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True  # as they stand in the source
autodoc_use_type_comments = False  # there are none, and to look for them takes a while
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
add_module_names = False
toc_object_entries_show_parents = "hide"
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", r".*"),  # an argument, an array, a key: in backquotes too, and no page of its own
    ("py:class", r".*"),  # a shape, or a class of Python's own
    ("py:exc", r".*"),  # an exception of Python's own
]

# A button copies the code of a block; of a session its commands.
copybutton_selector = (
    "div.cell_input pre, div.highlight-python pre, div.highlight-bash pre, div.highlight-console pre"
)
copybutton_prompt_text = "$ "

# Mathematics is drawn by a copy of MathJax; it has no menu, since its parts would be loaded one by one.
mathjax_path = "mathjax/tex-svg-full.js"
mathjax3_config = {
    "options": {"enableMenu": False},
    "svg": {"fontCache": "global", "scale": 0.95},
    "tex": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]]},
}

html_theme = "sphinx_book_theme"
html_theme_options = {
    "home_page_in_toc": False,
    "max_navbar_depth": 3,
    "show_navbar_depth": 1,
    "collapse_navbar": True,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navigation_with_keys": False,
    "pygments_light_style": "github-light",
    "pygments_dark_style": "github-dark",
    "logo": {"text": "seqgrad"},
    "back_to_top_button": False,
    "footer_content_items": ["copyright.html"],
    "navbar_persistent": [],
}
html_favicon = "static/favicon.svg"
html_context = {"default_mode": "auto"}
html_sidebars = {"_modules/**": ["navbar-logo.html", "search-button-field.html"]}  # in no menu
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None


# How a block of a module's docstring begins that is a drawing: indented, or with an arrow between blanks.
FLOW = r"\n* +|[^\n]* -+> "

DESCRIPTION = (
    "Write the forward and backward passes of recurrent networks in NumPy, one function at a time. A check "
    "tells you what is wrong with your gradient, and where."
)


def setup(app):
    """Connect what is ours to the events of Sphinx."""
    app.connect("autodoc-process-docstring", unwrap_shapes, priority=900)
    app.connect("autodoc-process-docstring", show_flow, priority=900)
    app.connect("autodoc-skip-member", leave_out_fields)
    app.connect("html-page-context", add_preview)


def unwrap_shapes(app, what, name, obj, options, lines):
    """Have a shape written as *(n_a, m)*; napoleon puts a pair of parentheses of its own around it."""
    lines[:] = [re.sub(r"\(\*(\(.*?\))\*\)", r"*\1*", line) for line in lines]


def show_flow(app, what, name, obj, options, lines):
    """Show what flows through a module as it stands, and whatever else its docstring indents."""
    if what == "module":
        blocks = "\n".join(lines).split("\n\n")
        for i, block in enumerate(blocks):
            if re.match(FLOW, block) and not (i and blocks[i - 1].endswith("::")):
                blocks[i] = ".. code-block:: text\n\n" + textwrap.indent(textwrap.dedent(block), "    ")
        lines[:] = "\n\n".join(blocks).split("\n")


def leave_out_fields(app, what, name, obj, skip, options):
    """Leave out the fields of a named tuple: its signature names them, and Python says only their number."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def add_preview(app, pagename, templatename, context, doctree):
    """Say in a page's head what others show beside a link to it; the picture needs the site's address."""
    title = re.sub(r"<[^>]*>", "", context.get("title") or html_title)
    said = {
        "og:title": title,
        "og:type": "website",
        "og:site_name": html_title,
        "og:description": DESCRIPTION,
    }
    if site := addresses.read_addresses(ROOT)["site"].rstrip("/"):
        said |= {"og:url": f"{site}/{pagename}.html", "og:image": f"{site}/_static/card.png"}
        said |= {
            "og:image:alt": "A gradient gets smaller on its way back through time",
            "twitter:card": "summary_large_image",
        }
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in said.items()]
    tags.append(f'<meta name="description" content="{escape(DESCRIPTION)}">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)
