DROP DATABASE helpdesk;
DROP ROLE IF EXISTS helpdesk_bot;
DROP ROLE helpdesk;
