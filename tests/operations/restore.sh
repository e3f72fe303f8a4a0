createdb --owner=helpdesk --encoding=UTF8 --template=template0 helpdesk_again
pg_restore --no-owner --exit-on-error --single-transaction --dbname="$NEW_DATABASE_URL" helpdesk.dump
