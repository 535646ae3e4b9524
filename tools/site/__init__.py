"""From the solutions to pages for a browser.

    notebooks/source  ->  pages (with needs: Sphinx, MathJax; conf)  ->  Sphinx  ->  links (no dead ones)
    tab               ->  the page on which the check runs in a browser

Begin with `site.py`, the verb.
"""
