"""What the verb `site` is made of: the sources of its pages, their settings, and a reader of its links."""
