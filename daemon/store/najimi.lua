#!lua name=najimi
-- What the daemon asks of Redis in one step: najimi-redis(7) describes the keys.
-- Loaded at every connection; VERSION says whether Redis has the functions of the
-- daemon that calls.

local VERSION = '12'
local SCHEMA = 1 -- of all values; a newer one is not ours to touch

local function now_ms()
	local now = redis.call('TIME')
	return now[1] * 1000 + math.floor(now[2] / 1000)
end

-- Makes a key live at least `ms` longer, never shorter. GT takes a key without an
-- end for one that never ends, hence NX for those; which is tried first depends on
-- whether the key seems to be new.
local function lengthen(key, ms, new)
	if redis.call('PEXPIRE', key, ms, new and 'NX' or 'GT') == 0 then
		redis.call('PEXPIRE', key, ms, new and 'GT' or 'NX')
	end
end

-- The memory of a caller: of a number, the one customer's whose number it is, if there
-- is one. As recall() finds it.
local function memory_of(caller, alias, prefix)
	if alias ~= '' and redis.call('SCARD', alias) == 1 then
		local own = prefix .. 'cid:' .. redis.call('SMEMBERS', alias)[1]
		if redis.call('EXISTS', own) == 1 then
			return own
		end
	end
	return caller
end

local entry -- of the stream: what the last XADD of this commit has made; nil: nothing

-- What this commit has told so far, for the list `told.key`: it goes there by one command.
local TOLD_MAX = 1000
local told

local function write_told()
	local reply = #told > 0 and redis.pcall('RPUSH', told.key, unpack(told))
	told = {}
	return reply
end

-- Entries that are told of a caller, and of an agent's day. Lists may be longer: they are
-- cut some at a time.
local CALLER_HISTORY, AGENT_HISTORY = 50, 600
local HISTORY_SLACK = 50

-- That entry is the latest of the list, whose new length is the result, or an error.
local function list_entry(list, count)
	local length = redis.pcall('LPUSH', list, entry)
	if type(length) == 'number' and length > count + HISTORY_SLACK then
		redis.call('LTRIM', list, 0, count - 1)
	end
	return length
end

local function list_of_caller(list, ms)
	local length = list_entry(list, CALLER_HISTORY)
	if type(length) ~= 'number' then
		return length
	end
	redis.call('PEXPIRE', list, ms)
end

-- A day is over by itself: its first entry says when the list ends, which is for all of
-- them.
local function list_of_day(list, ms)
	local length = list_entry(list, AGENT_HISTORY)
	if type(length) ~= 'number' then
		return length
	end
	if length == 1 then
		redis.call('PEXPIRE', list, ms + 90000000)
	end
end

-- Operations of a commit that are more than one command. Arguments from `first` to
-- `last`. An error stops the operation and no other.
local operations = {
	-- REMEMBER key ms field value ...
	REMEMBER = function(args, first, last)
		local reply = redis.pcall('HSET', args[first], unpack(args, first + 2, last))
		if type(reply) == 'table' and reply.err then
			return reply
		end
		lengthen(args[first], args[first + 1], reply * 2 == last - first - 1)
	end,

	-- LEARN key ms member: one more customer seen with this number
	LEARN = function(args, first)
		local reply = redis.pcall('SADD', args[first], args[first + 2])
		if type(reply) == 'table' and reply.err then
			return reply
		end
		redis.call('PEXPIRE', args[first], args[first + 1])
	end,

	-- TEACH caller alias prefix ms pairs [field value ...] [field ...]: sets the pairs,
	-- takes the other fields away
	TEACH = function(args, first, last)
		local key = memory_of(args[first], args[first + 1], args[first + 2])
		local gone = first + 5 + args[first + 4] * 2
		local reply
		if gone > first + 5 then
			local new = redis.call('EXISTS', key) == 0
			reply = redis.pcall('HSET', key, unpack(args, first + 5, gone - 1))
			if type(reply) == 'table' and reply.err then
				return reply
			end
			lengthen(key, args[first + 3], new)
		end
		if gone <= last then
			return redis.pcall('HDEL', key, unpack(args, gone, last))
		end
	end,

	-- UNSTICK caller alias prefix field: also with the one customer whose number it is
	UNSTICK = function(args, first)
		local reply = redis.pcall('HDEL', args[first], args[first + 3])
		if type(reply) == 'table' and reply.err then
			return reply
		end
		if args[first + 1] ~= '' and redis.call('SCARD', args[first + 1]) == 1 then
			local id = redis.call('SMEMBERS', args[first + 1])[1]
			return redis.pcall('HDEL', args[first + 2] .. 'cid:' .. id, args[first + 3])
		end
	end,

	-- HISTORY ms day caller: the entry made before is one of the agent with this list for
	-- the day, and of the caller with this list; '' is nobody's
	HISTORY = function(args, first)
		local day, caller = args[first + 1], args[first + 2]
		local failure
		if entry and day ~= '' then
			failure = list_of_day(day, args[first])
		end
		if entry and caller ~= '' then
			failure = list_of_caller(caller, args[first]) or failure
		end
		return failure
	end,

	-- STORY ms caller alias callers histories: likewise of the caller, or of the one
	-- customer whose number it is
	STORY = function(args, first)
		local callers = args[first + 3]
		if entry then
			local memory = memory_of(args[first + 1], args[first + 2], callers)
			return list_of_caller(args[first + 4] .. string.sub(memory, #callers + 1),
				args[first])
		end
	end,

	-- SURVEY key ms: likewise, what a caller has answered of the contact with this key. What
	-- was answered first counts.
	SURVEY = function(args, first)
		if entry and redis.call('EXISTS', args[first]) == 0 then
			redis.call('RPUSH', args[first], entry)
			redis.call('PEXPIRE', args[first], args[first + 1])
		end
	end,

	-- TELL key text: appends it to the list
	TELL = function(args, first)
		told.key = args[first]
		told[#told + 1] = args[first + 1]
		return #told == TOLD_MAX and write_told()
	end,

	-- REPLACE new old: what was written aside takes the place of what was there
	REPLACE = function(args, first)
		if redis.call('EXISTS', args[first]) == 0 then
			return redis.pcall('DEL', args[first + 1])
		end
		redis.call('RENAME', args[first], args[first + 1])
		return redis.pcall('PERSIST', args[first + 1])
	end,
}

-- FCALL najimi_commit 1 LEASE epoch number record [count name argument ...] ...
-- Applies a batch if the caller still leads. One whose number is not above the last
-- recorded one has come late, and is nothing new: its number is all it gets. With
-- `record` 1 the number is recorded, so that a batch that lasts is applied once;
-- number 0 is work that may be done twice. `count` is of name and arguments.
-- The number, or {number, how many operations failed, the first error}.
local function commit(keys, args)
	entry, told = nil, {}
	local held = redis.call('HMGET', keys[1], 'epoch', 'commit')
	local number = tonumber(args[2])
	local failures, failure = 0, nil
	local at, count = 4, #args

	local function note(reply)
		if type(reply) == 'table' and reply.err then
			failures = failures + 1
			failure = failure or reply.err
		end
	end

	if held[1] ~= args[1] then
		return redis.error_reply('NOTLEADER the epoch is ' .. (held[1] or 'unset'))
	end
	if number > 0 and number <= tonumber(held[2] or 0) then
		return number
	end
	while at <= count do
		local last = at + args[at]
		local operation = operations[args[at + 1]]
		local reply

		if operation then
			reply = operation(args, at + 2, last)
		else
			reply = redis.pcall(unpack(args, at + 1, last))
			if args[at + 1] == 'XADD' then
				entry = type(reply) == 'string' and reply or nil
			end
		end
		note(reply)
		at = last + 1
	end
	note(write_told())
	if args[3] == '1' then
		redis.call('HSET', keys[1], 'commit', args[2])
	end
	if failures > 0 then
		return { number, failures, failure }
	end
	return number
end

-- FCALL_RO najimi_recall 2 CALLER ALIAS prefix
-- Who calls from this number: {how many customers are known with it, the customer
-- whose memory follows or '', field, value, ...}. One customer's memory goes before
-- the number's own.
local function recall(keys, args)
	local customers = redis.call('SCARD', keys[2])
	local found

	if customers == 1 then
		local id = redis.call('SMEMBERS', keys[2])[1]
		found = redis.call('HGETALL', args[1] .. 'cid:' .. id)
		if #found > 0 then
			return { customers, id, unpack(found, 1, math.min(#found, 4000)) }
		end
	end
	found = redis.call('HGETALL', keys[1])
	return { customers, '', unpack(found, 1, math.min(#found, 4000)) }
end

-- Reads an entry of the stream to the end of `found`: its id, kind and record.
local function find_entry(contacts, id, found)
	local entries = redis.pcall('XRANGE', contacts, id, id) -- an error has no [1]
	if entries[1] then
		found[#found + 1] = id
		found[#found + 1] = entries[1][2][1]
		found[#found + 1] = entries[1][2][2]
	end
end

-- What callers have answered of the contacts among these.
local function find_surveys(contacts, surveys, found)
	for i = 1, #found, 3 do
		local id = found[i + 1] == 'contact' and
			string.match(found[i + 2], '"contact":"([^"]*)"')
		local survey = id and redis.pcall('LRANGE', surveys .. id, 0, 0)
		if survey and survey[1] then
			find_entry(contacts, survey[1], found)
		end
	end
end

-- FCALL_RO najimi_history 2..4 CONTACTS HISTORY [CALLER [ALIAS]] callers histories surveys
-- {key, {field, value, ...}, {entry, kind, record, ...}}: the last contacts and what agents
-- said of them, the latest first, and then what callers said; of a caller also the memory and
-- the key it stands under, which is that of a customer when the number is theirs.
local function history(keys, args)
	local key, memory, own, count = '', {}, keys[2], AGENT_HISTORY
	local found = {}

	if keys[3] then
		local caller = memory_of(keys[3], keys[4] or '', args[1])
		key = string.sub(caller, #args[1] + 1)
		own = args[2] .. key
		memory = redis.call('HGETALL', caller)
		count = CALLER_HISTORY
	end
	for _, id in ipairs(redis.call('LRANGE', own, 0, count - 1)) do
		find_entry(keys[1], id, found)
	end
	if args[3] then -- a daemon that was there before the functions does not ask for them
		find_surveys(keys[1], args[3], found)
	end
	return { key, { unpack(memory, 1, math.min(#memory, 4000)) }, found }
end

-- FCALL najimi_lease_take 2 LEASE CONFIG holder address ttl_ms known_epoch
-- {1, new epoch, epoch before, last commit before} when the site is ours now, or
-- {0, holder, address, ms left} when somebody else has it.
local function lease_take(keys, args)
	local schema = redis.call('HGET', keys[2], 'v')
	local now = now_ms()
	local held = redis.call('HMGET', keys[1], 'holder', 'address', 'epoch', 'until', 'commit')
	local left = tonumber(held[4] or 0) - now
	local before = tonumber(held[3] or 0)
	local epoch = math.max(before, tonumber(args[4])) + 1

	if not schema then
		redis.call('HSET', keys[2], 'v', SCHEMA)
	elseif tonumber(schema) == nil or tonumber(schema) > SCHEMA then
		return redis.error_reply('NEWERSCHEMA ' .. schema)
	end
	if held[1] and held[1] ~= args[1] and left > 0 then
		return { 0, held[1], held[2] or '', left }
	end
	redis.call('HSET', keys[1], 'v', SCHEMA, 'holder', args[1], 'address', args[2],
		'epoch', string.format('%d', epoch), 'until', string.format('%d', now + args[3]),
		'commit', '0')
	return { 1, epoch, before, tonumber(held[5] or 0) }
end

-- FCALL najimi_lease_renew 1 LEASE holder epoch ttl_ms
-- The last commit that was applied.
local function lease_renew(keys, args)
	local held = redis.call('HMGET', keys[1], 'holder', 'epoch', 'commit')

	if held[1] ~= args[1] or held[2] ~= args[2] then
		return redis.error_reply('NOTLEADER the epoch is ' .. (held[2] or 'unset'))
	end
	redis.call('HSET', keys[1], 'until', string.format('%d', now_ms() + args[3]))
	return tonumber(held[3] or 0)
end

-- FCALL najimi_lease_release 1 LEASE holder epoch: another may lead from now on
local function lease_release(keys, args)
	local held = redis.call('HMGET', keys[1], 'holder', 'epoch')

	if held[1] == args[1] and held[2] == args[2] then
		redis.call('HSET', keys[1], 'until', '0')
	end
	return 1
end

local function version()
	return VERSION
end

redis.register_function('najimi_commit', commit)
redis.register_function('najimi_lease_take', lease_take)
redis.register_function('najimi_lease_renew', lease_renew)
redis.register_function('najimi_lease_release', lease_release)
redis.register_function{ function_name = 'najimi_recall', callback = recall, flags = { 'no-writes' } }
redis.register_function{ function_name = 'najimi_history', callback = history, flags = { 'no-writes' } }
redis.register_function{ function_name = 'najimi_version', callback = version, flags = { 'no-writes' } }
