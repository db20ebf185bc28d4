-- The application works as `mobilise_app`: it reads and writes everything but the history.
-- The role itself is made before the migrations, because roles belong to the whole server.
grant usage on schema public to mobilise_app;
grant select, insert, update, delete on all tables in schema public to mobilise_app;
grant usage, select on all sequences in schema public to mobilise_app;
grant execute on all functions in schema public to mobilise_app;
alter default privileges in schema public grant select, insert, update, delete on tables to mobilise_app;
alter default privileges in schema public grant usage, select on sequences to mobilise_app;
-- What happened stays as it happened.
revoke update, delete, truncate on count_events, audit_log from mobilise_app;
revoke all on migrations from mobilise_app;
grant select on migrations to mobilise_app;
