"""All-or-nothing writing of files with a journal; independent of the template."""
