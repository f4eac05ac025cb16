-- What each run wrote, as sums of row hashes: a row that is changed by anything else is found.

CREATE TABLE run_digests (
    run_id VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    n_rows BIGINT NOT NULL,
    digest HUGEINT NOT NULL
);
COMMENT ON TABLE run_digests IS 'One row: one table that one run, or one command by hand, changed. The sums over all runs are those of the table; the audit compares them.';
COMMENT ON COLUMN run_digests.run_id IS 'Id of the run; "by hand" for copydesk entities, "upgrade" for rows that were there when a new version opened the warehouse.';
COMMENT ON COLUMN run_digests.table_name IS 'The table.';
COMMENT ON COLUMN run_digests.n_rows IS 'Rows that were added, less those that were removed.';
COMMENT ON COLUMN run_digests.digest IS 'Sum of the hashes of the rows as they are after the run, less those of the rows as they were before.';
