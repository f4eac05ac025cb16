SELECT name, n_documents AS documents, label FROM entities ORDER BY n_documents DESC, name LIMIT 20
