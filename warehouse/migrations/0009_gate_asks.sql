-- What an expectation asked when it was checked: the report shows it, whatever the suite says by now.
ALTER TABLE quality_results ADD COLUMN asks VARCHAR;
COMMENT ON COLUMN quality_results.asks IS 'What the expectation asks of its measure, in words; null in runs of versions before 0.2.';
