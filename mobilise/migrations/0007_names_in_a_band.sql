-- Two typing slips apart means: only the five cells around the diagonal can matter. The whole
-- table took ten milliseconds for two names of a hundred letters, which anybody may send.
create or replace function names_alike(a text, b text) returns boolean
language plpgsql immutable parallel safe as $$
declare
  far constant int := 99;
  letters_a text[];
  letters_b text[];
  -- The cells (i, i - 2) to (i, i + 2) of the table of distances; before the first row, i is 0.
  near int[] := array[far, far, 0, 1, 2, far];
  below int[];
  j int;
begin
  if a = b then return true; end if;
  if abs(length(a) - length(b)) > 2 or greatest(length(a), length(b)) not between 4 and 120 then
    return false;
  end if;
  letters_a := string_to_array(a, null);
  letters_b := string_to_array(b, null);
  for i in 1..cardinality(letters_a) loop
    below := array[far, far, far, far, far, far];
    for cell in 1..5 loop
      j := i + cell - 3;
      if j = 0 then
        below[cell] := i;
      elsif j between 1 and cardinality(letters_b) then
        below[cell] := least(
          near[cell] + (letters_a[i] <> letters_b[j])::int,
          near[cell + 1] + 1,
          case when cell > 1 then below[cell - 1] + 1 end);
      end if;
    end loop;
    if least(below[1], below[2], below[3], below[4], below[5]) > 2 then return false; end if;
    near := below;
  end loop;
  return near[cardinality(letters_b) - cardinality(letters_a) + 3] <= 2;
end $$;

-- A temporary table of the same name must not stand before ours in what the owner erases.
alter function forget_signers() set search_path = public, pg_temp;
