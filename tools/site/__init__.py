"""From the solutions to pages for a browser.

    notebooks/source  ->  pages (with needs: Sphinx, MathJax; conf)  ->  Sphinx  ->  links (no dead ones)
    tab               ->  the pages on which Python runs in a browser
    plan of a release ->  withheld (no answer in any file)

Begin with `site.py`, the verb.
"""
