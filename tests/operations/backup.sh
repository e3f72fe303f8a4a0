pg_dump --format=custom --no-owner --file=helpdesk.dump "$DATABASE_URL"
