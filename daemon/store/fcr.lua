-- First contact resolution, the second half of the library that begins with najimi.lua:
-- which contacts were followed by another one of the same caller, and by which clock the
-- others count as resolved. What the words mean is in najimi-redis(7).
--
-- A commit only appends what happened to the list NEWS, together with all else that it
-- saves. The leader's sweep, najimi_mature, takes it from there: what is known of a
-- contact under ANSWERED, its clocks in the three sets MATURING, figures in the hashes of
-- the days. Instants come from the daemon, in milliseconds.

local ANSWERED = 'answered' -- hash: contact -> what has to be known of it
local BY_AGE = 'answered:by_age' -- list: the same contacts, the one that ended first is first
local NEWS = 'maturing:news'
local TOTALS = 'matured' -- hash: figures of each queue since ever
local MATURING = { 'maturing:24h', 'maturing:7d', 'maturing:30d' }
local WINDOWS = { 86400000, 604800000, 2592000000 }
local ANSWERED_KEEP = WINDOWS[3] + 86400000 -- a repeat is known only when it is over

local POINTER = 'fcr' -- field of a caller's memory: contacts another one may repeat
local POINTERS_MAX = 8
local FIELDS_MAX = 5000 -- of a hash of reasons or tiers; what is beyond counts as "other"
local CHUNK = 1000 -- arguments of one command

-- A contact has nine cells, three scopes in each window, as bits: 1 any, 2 the same queue,
-- 4 the same reason in the first window, and so on.
local ANY, QUEUE, REASON, SCOPES, CELLS = 1, 2, 4, 7, 511
local SHIFT = { 1, 8, 64 }

-- Figures are a number each, or several with commas between: those of the cells in their
-- order.
local RESOLVED, REPEATED = 'resolved', 'repeated'
local LENGTHS = { resolved = 9, repeated = 9, first_resolved = 9, first_repeated = 9,
	escalated_resolved = 9, escalated_repeated = 9, wait = 3, handling = 3, survey_nps = 3,
	survey_csat = 5, survey_solved = 2 }

-- What the sweep that is under way has gathered: `base` of all keys, `keep` of callers,
-- `facts` by contact (false for none), `changed` ones in order, `born` contacts, per window
-- `clocks` (score, contact, ...) and `stopped` ones; `tallies` by day, and `totals`.
local book

-- --- what is known of a contact ---

-- "MASK FIRST ENDED FLAGS HOUR QUEUE REASON AGENT STICKY TIER GROUP", tabs between.
--   mask   cells that are open
--   first  cells in which it repeats nothing: the first of its chain
--   ended  when it, or the last call reconnected to it, was over
--   flags  d: a disposition was said, e: and it was escalated, s: surveyed
--   hour   of the site's clock in which it ended, "2026-11-21T09"
local function read_facts(id, text)
	local mask, first, ended, flags, rest =
		string.match(text, '^(%d+)\t(%d+)\t(%d+)\t(%a*)\t(.*)$')
	if not mask then
		return false
	end
	local queue, reason = string.match(rest, '^[^\t]*\t([^\t]*)\t([^\t]*)')
	return { id = id, mask = tonumber(mask), first = tonumber(first), ended = tonumber(ended),
		flags = flags, rest = rest, queue = queue, reason = reason }
end

local function write_facts(facts)
	return string.format('%d\t%d\t%d\t%s\t%s', facts.mask, facts.first, facts.ended,
		facts.flags, facts.rest)
end

local function has(facts, flag)
	return string.find(facts.flags, flag, 1, true) ~= nil
end

-- Reads what is known of these contacts, where that has not been done.
local function know(ids)
	local unknown = {}
	for _, id in ipairs(ids) do
		if book.facts[id] == nil then
			unknown[#unknown + 1] = id
			book.facts[id] = false
		end
	end
	for from = 1, #unknown, CHUNK do
		local to = math.min(from + CHUNK - 1, #unknown)
		local texts = redis.call('HMGET', book.base .. ANSWERED, unpack(unknown, from, to))
		for i, text in ipairs(texts) do
			local id = unknown[from + i - 1]
			book.facts[id] = text and read_facts(id, text)
		end
	end
end

local function change(facts)
	book.facts[facts.id] = facts
	if not facts.changed then
		facts.changed = true
		book.changed[#book.changed + 1] = facts
	end
end

local function set_clocks(facts)
	for w = 1, 3 do
		if bit.band(facts.mask, SCOPES * SHIFT[w]) ~= 0 then
			local clocks = book.clocks[w]
			clocks[#clocks + 1] = string.format('%d', facts.ended + WINDOWS[w])
			clocks[#clocks + 1] = facts.id
		end
	end
end

local function stop_clocks(facts, cells)
	for w = 1, 3 do
		local window = SCOPES * SHIFT[w]
		if bit.band(cells, window) ~= 0 and bit.band(facts.mask, window) == 0 then
			book.stopped[w][#book.stopped[w] + 1] = facts.id
		end
	end
end

-- The command with many arguments, in pieces of a size that unpack() takes.
local function each_chunk(command, key, list)
	for from = 1, #list, CHUNK do
		redis.call(command, key, unpack(list, from, math.min(from + CHUNK - 1, #list)))
	end
end

local function write_clocks()
	for w = 1, 3 do
		each_chunk('ZADD', book.base .. MATURING[w], book.clocks[w])
		each_chunk('ZREM', book.base .. MATURING[w], book.stopped[w])
	end
end

local function write_contacts()
	local fields = {}
	for _, facts in ipairs(book.changed) do
		fields[#fields + 1] = facts.id
		fields[#fields + 1] = write_facts(facts)
		facts.changed = nil
	end
	each_chunk('HSET', book.base .. ANSWERED, fields)
	each_chunk('RPUSH', book.base .. BY_AGE, book.born)
end

-- --- counting ---

-- By what a contact counts: "agent:alice" is the hash day:DAY:fcr:agent, in which fields end
-- in ":alice". Queues are the sums of their hours, "hour:09:sales".
local function places_of(facts)
	if facts.places then
		return facts.places
	end
	local day, hour, queue, reason, agent, sticky, tier, group = string.match(facts.rest,
		'^([^T\t]*)T(%d*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)')
	facts.day = day
	facts.places = day and { 'hour:' .. hour .. ':' .. queue, 'agent:' .. agent,
		'sticky:' .. sticky, 'reason:' .. reason, 'tier:' .. tier } or {}
	if day and group ~= '' then
		facts.group = 'group:' .. group
		facts.places[6] = facts.group
	end
	return facts.places
end

-- What is to be added is gathered by day and by place: how often each thing happened.
local function count_at(facts, place, what, index, amount)
	local day = book.tallies[facts.day]
	if not day then
		day = {}
		book.tallies[facts.day] = day
	end
	local tally = day[place]
	if not tally then
		tally = {}
		day[place] = tally
	end
	local list = tally[what]
	if not list then
		list = {}
		tally[what] = list
	end
	list[index] = (list[index] or 0) + amount
end

local function count(facts, what, index, amount)
	for _, place in ipairs(places_of(facts)) do
		count_at(facts, place, what, index or 1, amount or 1)
	end
end

-- Which cells, in which of them it was the first of its chain (for queues alone), and whether
-- an agent could not solve it: what differs is told apart when it is written.
local function count_cells(facts, what, cells)
	local code = cells * 1024 + (has(facts, 'e') and 1 or 0)
	local first = bit.band(facts.first, cells) * 2
	for i, place in ipairs(places_of(facts)) do
		count_at(facts, place, what, i == 1 and code + first or code, 1)
	end
end

-- What a mean and its interval are made from, in tenths of a second.
local function count_span(facts, what, ms)
	local tenths = math.floor(tonumber(ms) / 100 + 0.5)
	count_at(facts, facts.group, what, 1, 1)
	count_at(facts, facts.group, what, 2, tenths)
	count_at(facts, facts.group, what, 3, tenths * tenths)
end

-- Which cells a mask has, found once.
local cells_of = {}

local function add_cells(lists, what, mask, amount)
	local list, cells = lists[what], cells_of[mask]
	if not list then
		list = {}
		lists[what] = list
	end
	if not cells then
		cells = {}
		for cell = 1, 9 do
			if math.floor(mask / 2 ^ (cell - 1)) % 2 == 1 then
				cells[#cells + 1] = cell
			end
		end
		cells_of[mask] = cells
	end
	for _, cell in ipairs(cells) do
		list[cell] = (list[cell] or 0) + amount
	end
end

-- A tally as lists of numbers by the names they have in Redis.
local function lists_of(tally)
	local lists = {}
	for what, list in pairs(tally) do
		if what == RESOLVED or what == REPEATED then
			for code, amount in pairs(list) do
				local cells = math.floor(code / 1024)
				local first = math.floor(code / 2) % 512
				add_cells(lists, what, cells, amount)
				if first > 0 then
					add_cells(lists, 'first_' .. what, first, amount)
				end
				if code % 2 == 1 then
					add_cells(lists, 'escalated_' .. what, cells, amount)
				end
			end
		else
			lists[what] = list
		end
	end
	return lists
end

-- What is there, "1,0,0,0,0,0,0,0,0", with `list` added. There may be more numbers than we
-- know of.
local function sum(text, list, size)
	local numbers = text and cjson.decode('[' .. text .. ']') or {}
	for i = 1, math.max(size, #numbers) do
		numbers[i] = (numbers[i] or 0) + (list[i] or 0)
	end
	if #numbers == 9 then
		return string.format('%d,%d,%d,%d,%d,%d,%d,%d,%d', unpack(numbers))
	end
	for i, number in ipairs(numbers) do
		numbers[i] = string.format('%d', number)
	end
	return table.concat(numbers, ',')
end

-- Adds to fields LIST:NAME of a hash. `wanted` are { field, numbers, size }, and where there
-- may be no end to them, the field for what finds no room. Such are returned, and whether
-- the hash is new.
local function add_fields(key, wanted)
	local size, surplus = redis.call('HLEN', key), {}
	local new = size == 0
	for from = 1, #wanted, CHUNK do
		local to, names, words = math.min(from + CHUNK - 1, #wanted), {}, {}
		for i = from, to do
			names[#names + 1] = wanted[i][1]
		end
		for i, old in ipairs(redis.call('HMGET', key, unpack(names))) do
			local field = wanted[from + i - 1]
			size = size + (old and 0 or 1)
			if not old and size > FIELDS_MAX and field[4] then
				surplus[#surplus + 1] = field
			else
				words[#words + 1] = field[1]
				words[#words + 1] = sum(old, field[2], field[3])
			end
		end
		each_chunk('HSET', key, words)
	end
	return surplus, new
end

local function write_place(wanted, place, tally)
	local by, name = string.match(place, '^(%a+):(.*)$')
	local queue = by == 'hour' and string.match(name, '^%d*:(.*)$')
	local endless = by == 'reason' or by == 'tier'
	local list = wanted[by]
	if not list then
		list = {}
		wanted[by] = list
	end
	for what, numbers in pairs(lists_of(tally)) do
		local size = LENGTHS[what] or 1
		list[#list + 1] = { what .. ':' .. name, numbers, size, endless and what .. ':other' }
		if queue then
			book.totals[#book.totals + 1] = { what .. ':' .. queue, numbers, size }
		end
	end
end

local function write_day(day, places)
	local wanted = {}
	for place, tally in pairs(places) do
		write_place(wanted, place, tally)
	end
	for by, list in pairs(wanted) do
		local key = book.base .. 'day:' .. day .. ':fcr:' .. by
		local surplus, new = add_fields(key, list)
		for _, field in ipairs(surplus) do
			local old = redis.call('HGET', key, field[4])
			redis.call('HSET', key, field[4], sum(old, field[2], field[3]))
		end
		if new then
			redis.call('PEXPIRE', key, book.day_keep)
		end
	end
end

-- The same field may be among them for several days and hours.
local function write_totals()
	local by_field, wanted = {}, {}
	for _, field in ipairs(book.totals) do
		local all = by_field[field[1]]
		if not all then
			all = { field[1], {}, field[3] }
			by_field[field[1]] = all
			wanted[#wanted + 1] = all
		end
		for i, number in pairs(field[2]) do
			all[2][i] = (all[2][i] or 0) + number
		end
	end
	add_fields(book.base .. TOTALS, wanted)
end

-- --- callers ---

-- The contacts that one of this caller may repeat, the latest first. What is no memory
-- has none.
local function earlier(key)
	local pointer = redis.pcall('HGET', key, POINTER)
	local ids, list = {}, {}
	if type(pointer) == 'string' then
		for id in string.gmatch(pointer, '%S+') do
			ids[#ids + 1] = id
		end
	end
	know(ids)
	for _, id in ipairs(ids) do
		if book.facts[id] then
			list[#list + 1] = book.facts[id]
		end
	end
	return list
end

-- Ends the clocks of what a caller's next contact repeats, in the scopes in which it is the
-- latest. Returns the cells in which the next one repeats nothing.
local function repeat_earlier(list, arrived, queue, reason)
	local first, scopes = CELLS, SCOPES
	for _, facts in ipairs(list) do
		local mine = bit.band(scopes, ANY)
		if facts.queue == queue then
			mine = mine + bit.band(scopes, QUEUE)
		end
		if facts.reason == reason then
			mine = mine + bit.band(scopes, REASON)
		end
		scopes = scopes - mine
		local cells = 0
		for w = 1, 3 do
			if arrived <= facts.ended + WINDOWS[w] then
				cells = cells + mine * SHIFT[w]
			end
		end
		first = first - bit.band(first, cells)
		local closed = bit.band(facts.mask, cells)
		if closed ~= 0 then
			facts.mask = facts.mask - closed
			change(facts)
			count_cells(facts, REPEATED, closed)
			stop_clocks(facts, closed)
		end
	end
	return first
end

-- The next contact may repeat the latest of each queue and reason.
local function point_to(key, facts, list, arrived)
	local ids, queues, reasons = { facts.id }, { [facts.queue] = true }, { [facts.reason] = true }
	for _, old in ipairs(list) do
		if arrived <= old.ended + WINDOWS[3] and #ids < POINTERS_MAX and
			not (queues[old.queue] and reasons[old.reason]) then
			ids[#ids + 1] = old.id
		end
		queues[old.queue] = true
		reasons[old.reason] = true
	end
	local new = redis.pcall('HSET', key, POINTER, table.concat(ids, ' '))
	if type(new) == 'number' then
		lengthen(key, book.keep, false)
	end
end

-- The caller was back so soon that it is the same contact still.
local function reconnect(facts, ended)
	count(facts, 'reconnects')
	if ended > facts.ended then
		facts.ended = ended
		change(facts)
		set_clocks(facts)
	end
end

-- --- news ---

local function note(id, mask, first, ended, rest)
	local facts = read_facts(id, string.format('%d\t%d\t%d\t\t%s', mask, first, ended, rest))
	if facts then
		change(facts)
		book.born[#book.born + 1] = id
	end
	return facts
end

local function count_contact(facts, wait, handling)
	count(facts, 'contacts')
	if facts.group then
		count_span(facts, 'wait', wait)
		count_span(facts, 'handling', handling)
	end
end

-- An answer that is one of a few counts in its place of a list, any other in a sum.
local function count_survey(facts, answers)
	count(facts, 'survey_answers')
	for name, value in pairs(answers) do
		local what = 'survey_' .. name
		if LENGTHS[what] then
			count(facts, what, value)
		else
			count(facts, what, 1, value)
			count(facts, what .. '_answers')
		end
	end
end

local tellers = {
	-- A call that is over: KIND CALLER CONTACT ARRIVED ENDED WAIT HANDLING and what
	-- read_facts() has from HOUR on. `kind` is contact, other (answered, but no contact
	-- of somebody who could be known again), left (gave up, where that is a repeat) or
	-- long (goes on, and will be a contact): what it repeats need not wait for its end.
	call = function(text)
		local kind, caller, id, arrived, ended, wait, handling, rest = string.match(text,
			'^(%a+)\t([^\t]*)\t([^\t]+)\t(%d+)\t(%d+)\t(%d+)\t(%d+)\t(.*)$')
		if not kind then
			return
		end
		arrived, ended = tonumber(arrived), tonumber(ended)
		if kind == 'other' then
			note(id, 0, 0, ended, rest)
			return
		end
		local key = book.base .. 'caller:' .. caller
		local list = earlier(key)
		if list[1] and arrived - list[1].ended <= book.reconnect then
			if kind == 'long' then
				return
			end
			reconnect(list[1], kind == 'left' and 0 or ended)
			if kind ~= 'left' then
				note(id, 0, 0, ended, rest)
			end
			return
		end
		local queue, reason = string.match(rest, '^[^\t]*\t([^\t]*)\t([^\t]*)')
		local first = repeat_earlier(list, arrived, queue, reason)
		local facts = kind == 'contact' and note(id, CELLS, first, ended, rest)
		if facts then
			count_contact(facts, wait, handling)
			set_clocks(facts)
			point_to(key, facts, list, arrived)
		end
	end,

	-- CONTACT OUTCOME, an agent's disposition. What is said first counts.
	said = function(text)
		local id, outcome = string.match(text, '^([^\t]+)\t(%a[%a_]*)$')
		know({ id or '' })
		local facts = book.facts[id]
		if not facts then
			return
		end
		if not has(facts, 'd') then
			facts.flags = facts.flags .. 'd'
			count(facts, 'said_' .. outcome)
			change(facts)
		end
		if outcome == 'escalated' and not has(facts, 'e') then
			facts.flags = facts.flags .. 'e'
			change(facts)
		end
	end,

	-- CONTACT JSON, a caller's answers as they are to be added. The first ones count.
	survey = function(text)
		local id, json = string.match(text, '^([^\t]+)\t(.*)$')
		know({ id or '' })
		local facts = book.facts[id]
		if facts and not has(facts, 's') then
			facts.flags = facts.flags .. 's'
			change(facts)
			count_survey(facts, cjson.decode(json))
		end
	end,

	-- CALLER, who is to be forgotten, with what was told of them before.
	forget = function(text)
		redis.pcall('HDEL', book.base .. 'caller:' .. text, POINTER)
	end,
}

local function take_news(limit)
	local entries = redis.call('LPOP', book.base .. NEWS, limit) or {}
	for _, entry in ipairs(entries) do
		local what, text = string.match(entry, '^(%a+)\t(.*)$')
		if tellers[what] then
			tellers[what](text)
		end
	end
	return #entries
end

-- --- the sweep ---

local function take_due(w, horizon, limit)
	local key = book.base .. MATURING[w]
	local ids = redis.call('ZRANGE', key, '-inf', horizon, 'BYSCORE', 'LIMIT', 0, limit)
	know(ids)
	for _, id in ipairs(ids) do
		local facts = book.facts[id]
		local cells = facts and bit.band(facts.mask, SCOPES * SHIFT[w]) or 0
		if cells ~= 0 then
			count_cells(facts, RESOLVED, cells)
			facts.mask = facts.mask - cells
			change(facts)
		end
	end
	each_chunk('ZREM', key, ids)
	return #ids
end

-- The instant in a contact's id is that of its end, in microseconds.
local function forget_old(now, limit)
	local key = book.base .. BY_AGE
	local ids, old = redis.call('LRANGE', key, 0, limit - 1), {}
	for _, id in ipairs(ids) do
		local ended = tonumber(string.match(id, '^%x+') or '0', 16) / 1000
		if ended + ANSWERED_KEEP > now then
			break
		end
		old[#old + 1] = id
	end
	if #old > 0 then
		redis.call('LTRIM', key, #old, -1)
		each_chunk('HDEL', book.base .. ANSWERED, old)
	end
	return #old
end

local function next_due()
	local first = -1
	for w = 1, 3 do
		local found = redis.call('ZRANGE', book.base .. MATURING[w], 0, 0, 'WITHSCORES')
		local score = tonumber(found[2] or -1)
		if score >= 0 and (first < 0 or score < first) then
			first = score
		end
	end
	return first
end

-- One thing after the other: what is due waits for the news, which may say that it was
-- repeated, and nothing is forgotten that is due.
local function sweep(now, horizon, limit)
	local done = take_news(limit)
	write_clocks()
	for w = 1, 3 do
		if done < limit then
			done = done + take_due(w, horizon, limit - done)
		end
	end
	for day, places in pairs(book.tallies) do
		write_day(day, places)
	end
	write_totals()
	write_contacts()
	if done < limit then
		done = done + forget_old(now, limit - done)
	end
	return done
end

-- FCALL najimi_mature 1 LEASE epoch base now horizon limit reconnect caller_keep day_keep
-- Takes in what is new, and counts what was due at the `horizon`: nobody whose contact
-- could be a repeat from before then may still be on the line. At most `limit` contacts.
-- {how many, 1 if there is more, when the next one is due or -1, maturing in each window}
local function mature(keys, args)
	local epoch = redis.call('HGET', keys[1], 'epoch')
	local limit = tonumber(args[5])

	if epoch ~= args[1] then
		return redis.error_reply('NOTLEADER the epoch is ' .. (epoch or 'unset'))
	end
	book = { base = args[2], reconnect = tonumber(args[6]), keep = args[7], day_keep = args[8],
		facts = {}, changed = {}, born = {}, clocks = { {}, {}, {} }, stopped = { {}, {}, {} },
		tallies = {}, totals = {} }
	local done = sweep(tonumber(args[3]), args[4], limit)
	local reply = { done, done >= limit and 1 or 0, next_due() }
	for w = 1, 3 do
		reply[#reply + 1] = redis.call('ZCARD', book.base .. MATURING[w])
	end
	return reply
end

redis.register_function('najimi_mature', mature)
