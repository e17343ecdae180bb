"""Access to the machine: the cache folder, signals, processes, files, and text for a terminal."""
