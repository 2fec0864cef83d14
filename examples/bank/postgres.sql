-- On PostgreSQL the transfer is the database's own: PT402 is the status that clients get.
CREATE FUNCTION transfer("from" integer, "to" integer, amount integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF amount <= 0 THEN RAISE EXCEPTION 'An amount is more than nothing.' USING ERRCODE = 'PT422'; END IF;
  UPDATE accounts SET balance = balance - amount WHERE id = "from" AND balance >= amount;
  IF NOT FOUND THEN RAISE EXCEPTION 'Account % has less than %.', "from", amount USING ERRCODE = 'PT402'; END IF;
  UPDATE accounts SET balance = balance + amount WHERE id = "to";
  IF NOT FOUND THEN RAISE EXCEPTION 'There is no account %.', "to" USING ERRCODE = 'PT404'; END IF;
END $$;
