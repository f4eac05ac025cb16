"""copydesk: a copy desk for scraped news text."""
