"""A run: the stages in order, what each run takes in, its progress and its failures."""
