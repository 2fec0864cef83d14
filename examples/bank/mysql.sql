-- On MySQL and MariaDB the transfer is the database's own: an error of 30402 is the status 402. The mysql client wants DELIMITER $$ before it.
CREATE PROCEDURE transfer(IN `from` INTEGER, IN `to` INTEGER, IN amount INTEGER)
BEGIN
  DECLARE words VARCHAR(100);
  IF amount <= 0 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30422, MESSAGE_TEXT = 'An amount is more than nothing.';
  END IF;
  UPDATE accounts SET balance = balance - amount WHERE id = `from` AND balance >= amount;
  IF ROW_COUNT() = 0 THEN
    SET words = CONCAT('Account ', `from`, ' has less than ', amount, '.');
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30402, MESSAGE_TEXT = words;
  END IF;
  UPDATE accounts SET balance = balance + amount WHERE id = `to`;
  IF ROW_COUNT() = 0 THEN
    SET words = CONCAT('There is no account ', `to`, '.');
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30404, MESSAGE_TEXT = words;
  END IF;
END;
