"""Great Expectations suites, one file per stage, and the gate that checks them."""
