// What Redis does at one go, in its Lua (https://redis.io/docs/latest/develop/interact/programmability/eval-intro/). A hash has the
// clock as `now`, when all tables were written as `all`, and when each one was as `t:` and its name. Numbers are compared as such, and
// stay texts otherwise: Lua would round them in print.

/** Reads the clock, or starts it. Where it is started, everything that was kept before is too old. */
const clock = `
local function clock()
  local found = redis.call('HMGET', KEYS[1], 'now', 'all')
  if found[1] and found[2] then return found[1], found[2] end
  local time = redis.call('TIME')
  local now = time[1] .. string.rep('0', 6 - #time[2]) .. time[2]
  redis.call('HSET', KEYS[1], 'now', now, 'all', now)
  return now, now
end
`;

/** Are these tables as they were at that moment? A moment in the future is of another clock. */
const untouched = `
local function untouched(tables, at, now, all)
  at, now = tonumber(at), tonumber(now)
  if at == nil or at > now or tonumber(all) > at then return false end
  for _, name in ipairs(cjson.decode(tables)) do
    if name == '*' then
      if now > at then return false end
    else
      local last = redis.call('HGET', KEYS[1], 't:' .. name)
      if last and tonumber(last) > at then return false end
    end
  end
  return true
end
`;

/** KEYS: the hash, the entry. Returns the clock, and the kept answer where it may be given. */
const find = `${clock}${untouched}
local now, all = clock()
local entry = redis.call('HMGET', KEYS[2], 'at', 'tables', 'kept')
if entry[3] and untouched(entry[2], entry[1], now, all) then return { now, entry[3] } end
return { now }
`;

/**
 * KEYS: the hash, the entry, when each entry ends, how large each is (with the sum under the empty name). ARGV: the moment, the tables,
 * what is kept, milliseconds, its size, the most bytes of all, the part of them that one may take, what stands before an entry's name.
 * Returns whether the tables are as they were, how many entries there are, and their bytes. Entries that end first make room.
 */
const keep = `${clock}${untouched}
local now, all = clock()
local function usage(isCurrent)
  return { isCurrent, redis.call('ZCARD', KEYS[3]), tonumber(redis.call('HGET', KEYS[4], '') or '0') }
end
if not untouched(ARGV[2], ARGV[1], now, all) then return usage(0) end
local life, size, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if size > most / tonumber(ARGV[7]) then return usage(1) end
local function leave(name)
  redis.call('UNLINK', ARGV[8] .. name)
  redis.call('ZREM', KEYS[3], name)
  local was = redis.call('HGET', KEYS[4], name)
  if was then
    redis.call('HDEL', KEYS[4], name)
    redis.call('HINCRBY', KEYS[4], '', -tonumber(was))
  end
end
local own = string.sub(KEYS[2], #ARGV[8] + 1)
leave(own)
local time = redis.call('TIME')
local today = time[1] * 1000 + math.floor(time[2] / 1000)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', today, 'LIMIT', 0, 100)) do leave(name) end
redis.call('HSET', KEYS[2], 'at', ARGV[1], 'tables', ARGV[2], 'kept', ARGV[3])
redis.call('PEXPIRE', KEYS[2], life)
redis.call('ZADD', KEYS[3], today + life, own)
redis.call('HSET', KEYS[4], own, size)
local bytes = redis.call('HINCRBY', KEYS[4], '', size)
while bytes > most do
  local first = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
  if not first then break end
  leave(first)
  bytes = tonumber(redis.call('HGET', KEYS[4], ''))
end
for i = 3, 4 do
  if redis.call('PTTL', KEYS[i]) < life + 60000 then redis.call('PEXPIRE', KEYS[i], life + 60000) end
end
return usage(1)
`;

/** KEYS: the hash. ARGV: the tables that were written. */
const drop = `${clock}
clock()
redis.call('HINCRBY', KEYS[1], 'now', 1)
local now = redis.call('HGET', KEYS[1], 'now')
for _, name in ipairs(ARGV) do
  redis.call('HSET', KEYS[1], name == '*' and 'all' or 't:' .. name, now)
end
`;

export const scripts = { find, keep, drop } as const;
