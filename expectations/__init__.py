"""Great Expectations suites, one file a stage, and the gate that runs them."""
