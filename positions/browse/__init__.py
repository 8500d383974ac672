"""Looking at a database in a web browser, by Datasette: what its pages say, and serving them to this machine alone."""
