"""From the solutions to pages for a browser.

    notebooks/source  ->  pages (with needs: Sphinx, MathJax; conf)  ->  Sphinx  ->  links (no dead ones)

Begin with `site.py`, the verb.
"""
