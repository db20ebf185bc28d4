-- Why signatures went off the count, of days that are over: events go with the signers, this stays.
create table off_by_reason (
  petition_id bigint not null,
  day date not null,
  what text not null check (what in ('withdrawn', 'invalidated')),
  reason text not null,                    -- a code; its sentence stands in the code, translated
  number bigint not null check (number > 0),
  primary key (petition_id, day, what, reason)
);
revoke update, delete, truncate on off_by_reason from mobilise_app;
