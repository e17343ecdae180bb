"""All-or-nothing writing of files, with a journal; knows no template."""
