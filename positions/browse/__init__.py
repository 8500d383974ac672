"""A database in a web browser, by Datasette: what its pages say, and a server for this machine only."""
