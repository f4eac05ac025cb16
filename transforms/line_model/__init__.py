"""The line model: features of lines, word n-grams and two rounds of tree ensembles that score each line."""
