SELECT label, n_documents, n_sources, first_at, last_at FROM stories WHERE n_documents > 1
ORDER BY last_at DESC, n_documents DESC, label LIMIT 100
