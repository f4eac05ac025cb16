-- The origins of a date that published_from may name.

COMMENT ON COLUMN documents.published_from IS 'Source of published_at: file (what the record came with), stamp, dateline or update (the date of an update, without another) in the text; json-ld, meta, itemprop or page in HTML; implausible where the only date was before 1900 or in the future, so published_at is null.';
