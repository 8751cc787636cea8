"""Console (命令行): the commands that scripts and administrators rely on."""
