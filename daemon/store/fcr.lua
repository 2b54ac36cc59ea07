-- First contact resolution, the second half of the library that begins with najimi.lua:
-- which contacts were followed by another one of the same caller, and by which clock the
-- others count as resolved. What the words mean is in najimi-redis(7).
--
-- A commit only appends what happened to the list NEWS, together with all else that it
-- saves. The leader's sweep, najimi_mature, takes it from there: what is known of a
-- contact under ANSWERED, its clock in one of the three sets MATURING, figures in the hashes
-- of the days. Instants come from the daemon, in milliseconds.

local ANSWERED = 'answered' -- hash: contact -> what has to be known of it
local BY_AGE = 'answered:by_age' -- list: the same contacts, the one that ended first is first
local NEWS = 'maturing:news'
local TOTALS = 'matured' -- hash: figures of each queue since ever
local GROUP_TOTALS = 'matured:group' -- hash: likewise of returning callers by group
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
-- `facts` by contact (false for none), `changed` ones in order, `born` contacts; `callers` by
-- key; `tallies` by day, list and name, and `places`, those of a contact, by its words.
local book

-- --- what is known of a contact ---

-- "MASK FIRST ENDED FLAGS HOUR QUEUE REASON AGENT STICKY TIER GROUP", tabs between.
--   mask   cells that are open
--   first  cells in which it repeats nothing: the first of its chain
--   ended  when it, or the last call reconnected to it, was over
--   flags  d: a disposition was said, e: and it was escalated, s: surveyed, h: the handling
--          was told after the end, or is not to be counted
--   hour   of the site's clock in which it ended, "2026-11-21T09"
-- What stands from the hour on are its words.
local FACTS = '^(%d+)\t(%d+)\t(%d+)\t(%a*)\t([^\t]*\t([^\t]*)\t([^\t]*).*)$'
local WORDS = '^([^T\t]*)T(%d*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)'

local digits = {} -- masks as texts, made once
for mask = 0, CELLS do
	digits[mask] = mask .. ''
end

-- The window whose clock runs: the first that has an open cell. When it is over the next one
-- begins, with the same contact's end.
local function stage_of(mask)
	for w = 1, 3 do
		if bit.band(mask, SCOPES * SHIFT[w]) ~= 0 then
			return w
		end
	end
end

local function read_facts(id, text)
	local mask, first, ended, flags, words, queue, reason = string.match(text, FACTS)
	if not mask then
		return false
	end
	return { id = id, mask = tonumber(mask), first = tonumber(first), ended = tonumber(ended),
		ended_text = ended, flags = flags, words = words, queue = queue, reason = reason,
		stage = stage_of(tonumber(mask)) }
end

local function write_facts(facts)
	return digits[facts.mask] .. '\t' .. digits[facts.first] .. '\t' .. facts.ended_text ..
		'\t' .. facts.flags .. '\t' .. facts.words
end

local function has(facts, flag)
	return facts.flags ~= '' and string.find(facts.flags, flag, 1, true) ~= nil
end

-- Reads what is known of these contacts, where that has not been done.
local function know(ids)
	local unknown, facts = {}, book.facts
	for _, id in ipairs(ids) do
		if facts[id] == nil then
			unknown[#unknown + 1] = id
			facts[id] = false
		end
	end
	for from = 1, #unknown, CHUNK do
		local to = math.min(from + CHUNK - 1, #unknown)
		local texts = redis.call('HMGET', book.base .. ANSWERED, unpack(unknown, from, to))
		for i, text in ipairs(texts) do
			local id = unknown[from + i - 1]
			facts[id] = text and read_facts(id, text)
		end
	end
end

local function change(facts)
	if not facts.changed then
		facts.changed = true
		book.changed[#book.changed + 1] = facts
	end
end

-- The command with many arguments, in pieces of a size that unpack() takes.
local function each_chunk(command, key, list)
	for from = 1, #list, CHUNK do
		redis.call(command, key, unpack(list, from, math.min(from + CHUNK - 1, #list)))
	end
end

-- The clocks of these contacts, as they are at last. What was told and repeated in the same
-- sweep has none.
local function write_clocks(contacts)
	local set, stopped = { {}, {}, {} }, { {}, {}, {} }
	for _, facts in ipairs(contacts) do
		local stage, was = stage_of(facts.mask), facts.stage
		if was and was ~= stage then
			stopped[was][#stopped[was] + 1] = facts.id
		end
		if stage and (was ~= stage or facts.later) then
			local clocks = set[stage]
			clocks[#clocks + 1] = string.format('%d', facts.ended + WINDOWS[stage])
			clocks[#clocks + 1] = facts.id
		end
		facts.stage = stage
	end
	for w = 1, 3 do
		each_chunk('ZADD', book.base .. MATURING[w], set[w])
		each_chunk('ZREM', book.base .. MATURING[w], stopped[w])
	end
end

local function write_contacts()
	local fields = {}
	for _, facts in ipairs(book.changed) do
		fields[#fields + 1] = facts.id
		fields[#fields + 1] = write_facts(facts)
	end
	each_chunk('HSET', book.base .. ANSWERED, fields)
	each_chunk('RPUSH', book.base .. BY_AGE, book.born)
end

-- --- counting ---

-- What is to be added for one name of one list of a day: "agent" and "alice" is the hash
-- day:DAY:fcr:agent, in which fields end in ":alice". A number, or numbers by their places.
local function tally_of(day, by, name)
	local lists = book.tallies[day]
	if not lists then
		lists = {}
		book.tallies[day] = lists
	end
	local names = lists[by]
	if not names then
		names = {}
		lists[by] = names
	end
	local tally = names[name]
	if not tally then
		tally = {}
		names[name] = tally
	end
	return tally
end

-- By what a contact counts. Queues are the sums of their hours, "09:sales", which come
-- first; `group` comes last.
local function places_of(facts)
	local places = book.places[facts.words]
	if places then
		return places
	end
	local day, hour, queue, reason, agent, sticky, tier, group =
		string.match(facts.words, WORDS)
	places = {}
	if day then
		places = { tally_of(day, 'hour', hour .. ':' .. queue), tally_of(day, 'agent', agent),
			tally_of(day, 'sticky', sticky), tally_of(day, 'reason', reason),
			tally_of(day, 'tier', tier) }
		if group ~= '' then
			places[6] = tally_of(day, 'group', group)
		end
	end
	book.places[facts.words] = places
	return places
end

local function count(facts, what, amount)
	for _, tally in ipairs(places_of(facts)) do
		tally[what] = (tally[what] or 0) + (amount or 1)
	end
end

local function count_in(tally, what, place, amount)
	local list = tally[what]
	if not list then
		list = {}
		tally[what] = list
	end
	list[place] = (list[place] or 0) + amount
end

-- Which cells, in which of them it was the first of its chain (for queues alone), and whether
-- an agent could not solve it: what differs is told apart when it is written.
local function count_cells(facts, what, cells)
	local code = cells * 1024 + (has(facts, 'e') and 1 or 0)
	local first = bit.band(facts.first, cells) * 2
	for i, tally in ipairs(places_of(facts)) do
		count_in(tally, what, i == 1 and code + first or code, 1)
	end
end

-- What a mean and its interval are made from, in tenths of a second.
local function count_span(tally, what, ms)
	local tenths = math.floor(tonumber(ms) / 100 + 0.5)
	count_in(tally, what, 1, 1)
	count_in(tally, what, 2, tenths)
	count_in(tally, what, 3, tenths * tenths)
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

-- A tally as numbers and lists of them by the names they have in Redis.
local function lists_of(tally)
	if not tally[RESOLVED] and not tally[REPEATED] then
		return tally
	end
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

-- A window's numbers among nine, and what is before and behind them.
local NONE = '0,0,0,0,0,0,0,0,0'
local THREE_OF = { '^(%D*)(%d+),(%d+),(%d+)(,.*)$', '^(%d+,%d+,%d+,)(%d+),(%d+),(%d+)(,.*)$',
	'^(%d+,%d+,%d+,%d+,%d+,%d+,)(%d+),(%d+),(%d+)(.*)$' }

local function add_to_window(w, list, before, any, queue, reason, behind)
	local at = 3 * w - 2
	return before and string.format('%s%d,%d,%d%s', before, any + (list[at] or 0),
		queue + (list[at + 1] or 0), reason + (list[at + 2] or 0), behind)
end

-- Only those that change are read: mostly those of one window. Nil: there are not nine.
local function sum_cells(text, list)
	for w = 1, 3 do
		if text and (list[3 * w - 2] or list[3 * w - 1] or list[3 * w]) then
			text = add_to_window(w, list, string.match(text, THREE_OF[w]))
		end
	end
	return text
end

-- What is there, "1,0,0,0,0,0,0,0,0", with a number or a list added. There may be more numbers
-- than we know of.
local function sum(text, added, size)
	local list = added
	if type(added) == 'number' then
		if tonumber(text or 0) then
			return string.format('%d', (text or 0) + added)
		end
		list = { added }
	end
	local cells = size == 9 and sum_cells(text or NONE, list)
	if cells then
		return cells
	end
	local numbers = text and cjson.decode('[' .. text .. ']') or {}
	for i = 1, math.max(size, #numbers) do
		numbers[i] = string.format('%d', (numbers[i] or 0) + (list[i] or 0))
	end
	return table.concat(numbers, ',')
end

-- Adds to fields LIST:NAME of a hash. `wanted` are { field, numbers, size }, and where there
-- may be no end to them, the field for what finds no room, of which there are `room`. Such
-- are returned, and whether the hash may be new.
local function add_fields(key, wanted, room)
	local surplus, new = {}, true
	for from = 1, #wanted, CHUNK do
		local to, names, words = math.min(from + CHUNK - 1, #wanted), {}, {}
		for i = from, to do
			names[#names + 1] = wanted[i][1]
		end
		for i, old in ipairs(redis.call('HMGET', key, unpack(names))) do
			local field = wanted[from + i - 1]
			new = new and not old
			if not old and room == 0 and field[4] then
				surplus[#surplus + 1] = field
			else
				room = not old and room > 0 and room - 1 or room
				words[#words + 1] = field[1]
				words[#words + 1] = sum(old, field[2], field[3])
			end
		end
		each_chunk('HSET', key, words)
	end
	return surplus, new
end

-- The same field of the totals may be among those of several days and hours.
local function add_total(totals, field, numbers, size)
	local all = totals[field]
	if not all then
		all = { field, {}, size }
		totals[field] = all
		totals[#totals + 1] = all
	end
	for i, number in pairs(type(numbers) == 'table' and numbers or { numbers }) do
		all[2][i] = (all[2][i] or 0) + number
	end
end

local function write_list(key, by, names)
	local endless = by == 'reason' or by == 'tier'
	local wanted = {}
	for name, tally in pairs(names) do
		local queue = by == 'hour' and string.match(name, '^%d*:(.*)$')
		for what, numbers in pairs(lists_of(tally)) do
			local size = LENGTHS[what] or 1
			wanted[#wanted + 1] = { what .. ':' .. name, numbers, size,
				endless and what .. ':other' }
			if queue then
				add_total(book.totals, what .. ':' .. queue, numbers, size)
			elseif by == 'group' then
				add_total(book.group_totals, what .. ':' .. name, numbers, size)
			end
		end
	end
	local room = endless and math.max(0, FIELDS_MAX - redis.call('HLEN', key)) or math.huge
	local surplus, new = add_fields(key, wanted, room)
	for _, field in ipairs(surplus) do
		local old = redis.call('HGET', key, field[4])
		redis.call('HSET', key, field[4], sum(old, field[2], field[3]))
	end
	if new then
		redis.call('PEXPIRE', key, book.day_keep, 'NX')
	end
end

local function write_figures()
	for day, lists in pairs(book.tallies) do
		for by, names in pairs(lists) do
			write_list(book.base .. 'day:' .. day .. ':fcr:' .. by, by, names)
		end
	end
	add_fields(book.base .. TOTALS, book.totals, math.huge)
	add_fields(book.base .. GROUP_TOTALS, book.group_totals, math.huge)
end

-- --- callers ---

-- Who is told of: { key, ids of contacts that another one may repeat, whether there is a
-- memory, and what write_callers() is to do }. What is no memory has none.
local function meet(name)
	local caller = book.callers[name]
	if caller then
		return caller
	end
	local key = book.base .. 'caller:' .. name
	local found = redis.pcall('HMGET', key, POINTER, 'v')
	caller = { key = key, list = false, ids = {}, kept = not found.err and found[2],
		changed = false }
	if found[1] then
		for id in string.gmatch(found[1], '%S+') do
			caller.ids[#caller.ids + 1] = id
		end
	end
	book.callers[name] = caller
	return caller
end

-- The contacts that one of this caller may repeat, the latest first.
local function earlier(caller)
	if not caller.list then
		caller.list = {}
		know(caller.ids)
		for _, id in ipairs(caller.ids) do
			caller.list[#caller.list + 1] = book.facts[id] or nil
		end
	end
	return caller.list
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
		end
	end
	return first
end

-- The next contact may repeat the latest of each queue and reason. `remembered`: what tells of
-- the contact has made the memory last.
local function point_to(caller, facts, arrived, remembered)
	local list, queues, reasons = { facts }, { [facts.queue] = true }, { [facts.reason] = true }
	for _, old in ipairs(caller.list) do
		if arrived <= old.ended + WINDOWS[3] and #list < POINTERS_MAX and
			not (queues[old.queue] and reasons[old.reason]) then
			list[#list + 1] = old
		end
		queues[old.queue] = true
		reasons[old.reason] = true
	end
	caller.list = list
	caller.kept = caller.kept and remembered
	if not caller.changed then
		caller.changed = true
		book.pointing[#book.pointing + 1] = caller
	end
end

local function write_callers()
	for _, caller in ipairs(book.pointing) do
		local ids = {}
		for i, facts in ipairs(caller.list) do
			ids[i] = facts.id
		end
		local new = #ids > 0 and
			redis.pcall('HSET', caller.key, POINTER, table.concat(ids, ' '))
		if type(new) == 'number' and not caller.kept then
			lengthen(caller.key, book.keep, false)
		end
	end
end

-- The caller was back so soon that it is the same contact still.
local function reconnect(facts, ended)
	count(facts, 'reconnects')
	if ended and tonumber(ended) > facts.ended then
		facts.ended, facts.ended_text = tonumber(ended), ended
		facts.later = true
		change(facts)
	end
end

-- --- news ---

local function note(id, mask, first, ended, words, queue, reason)
	local facts = { id = id, mask = mask, first = first, ended = tonumber(ended),
		ended_text = ended, flags = '', words = words, queue = queue, reason = reason }
	book.facts[id] = facts
	change(facts)
	book.born[#book.born + 1] = id
	return facts
end

local function count_contact(facts, wait, handling)
	local group = places_of(facts)[6]
	count(facts, 'contacts')
	if group then
		count_span(group, 'wait', wait)
		if handling ~= '-' then
			count_span(group, 'handling', handling)
		end
	end
end

-- An answer that is one of a few counts in its place of a list, any other in a sum.
local function count_survey(facts, answers)
	count(facts, 'survey_answers')
	for name, value in pairs(answers) do
		local what = 'survey_' .. name
		if LENGTHS[what] then
			for _, tally in ipairs(places_of(facts)) do
				count_in(tally, what, value, 1)
			end
		else
			count(facts, what, value)
			count(facts, what .. '_answers')
		end
	end
end

-- A call that is over: KIND CALLER CONTACT ARRIVED ENDED WAIT HANDLING and its words; HANDLING
-- is - where its agent wraps up, and follows. `kind` is
-- contact, kept (likewise, and the caller's memory was made to last in the same step), other
-- (answered, but no contact of somebody who could be known again), left (gave up, where that
-- is a repeat) or long (goes on, and will be a contact): what it repeats need not wait for
-- its end.
local CALL = '^call\t(%a+)\t([^\t]*)\t([^\t]+)\t(%d+)\t(%d+)\t(%d+)\t([%d-]+)\t' ..
	'([^\t]*\t([^\t]*)\t([^\t]*).*)$'

local function tell_call(kind, name, id, arrived, ended, wait, handling, words, queue, reason)
	if kind == 'other' then
		note(id, 0, 0, ended, words, queue, reason).flags = 'h'
		return
	end
	local caller = meet(name)
	local list = earlier(caller)
	arrived = list[1] and tonumber(arrived)
	if list[1] and arrived - list[1].ended <= book.reconnect then
		if kind == 'long' then
			return
		end
		reconnect(list[1], kind ~= 'left' and ended)
		if kind ~= 'left' then
			note(id, 0, 0, ended, words, queue, reason).flags = 'h'
		end
		return
	end
	local first = repeat_earlier(list, arrived, queue, reason)
	if kind == 'contact' or kind == 'kept' then
		local facts = note(id, CELLS, first, ended, words, queue, reason)
		count_contact(facts, wait, handling)
		point_to(caller, facts, arrived, kind == 'kept')
	end
end

local tellers = {
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

	-- CONTACT HANDLING, of one whose agent has wrapped up. What is told first counts: a
	-- daemon that died may have told it, and another tell it again.
	handled = function(text)
		local id, handling = string.match(text, '^([^\t]+)\t(%d+)$')
		know({ id or '' })
		local facts = book.facts[id]
		local group = facts and not has(facts, 'h') and places_of(facts)[6]
		if group then
			facts.flags = facts.flags .. 'h'
			count_span(group, 'handling', handling)
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
		local caller = meet(text)
		redis.pcall('HDEL', caller.key, POINTER)
		caller.list, caller.ids, caller.kept = {}, {}, false
	end,
}

-- All callers are met first, so that what they may repeat is read at once; and whom agents
-- have wrapped up.
local function meet_all(entries)
	local ids = {}
	for _, entry in ipairs(entries) do
		local kind, name = string.match(entry, '^call\t(%a+)\t([^\t]*)\t')
		if kind and kind ~= 'other' and not book.callers[name] then
			for _, id in ipairs(meet(name).ids) do
				ids[#ids + 1] = id
			end
		elseif not kind then
			ids[#ids + 1] = string.match(entry, '^handled\t([^\t]+)\t')
		end
	end
	know(ids)
end

local function tell(entry, kind, ...)
	if kind then
		tell_call(kind, ...)
		return
	end
	local what, text = string.match(entry, '^(%a+)\t(.*)$')
	if tellers[what] then
		tellers[what](text)
	end
end

local function take_news(limit)
	local entries = redis.call('LPOP', book.base .. NEWS, limit) or {}
	meet_all(entries)
	for _, entry in ipairs(entries) do
		tell(entry, string.match(entry, CALL))
	end
	return #entries
end

-- --- the sweep ---

local function take_due(w, horizon, limit)
	local key = book.base .. MATURING[w]
	local ids = redis.call('ZRANGE', key, '-inf', horizon, 'BYSCORE', 'LIMIT', 0, limit)
	local gone, due = {}, {}
	know(ids)
	for _, id in ipairs(ids) do
		local facts = book.facts[id]
		local cells = facts and bit.band(facts.mask, SCOPES * SHIFT[w]) or 0
		if cells ~= 0 then
			count_cells(facts, RESOLVED, cells)
			facts.mask = facts.mask - cells
			change(facts)
			due[#due + 1] = facts
		else
			gone[#gone + 1] = id
		end
	end
	write_clocks(due)
	each_chunk('ZREM', key, gone)
	return #ids
end

-- The instant in a contact's id is that of its end, in microseconds.
local function is_old(id, now)
	local ended = id and tonumber(string.match(id, '^%x+') or '0', 16) / 1000
	return ended and ended + ANSWERED_KEEP <= now
end

local function forget_old(now, limit)
	local key = book.base .. BY_AGE
	local old, ids = {}, redis.call('LRANGE', key, 0, 0)
	if is_old(ids[1], now) then
		ids = redis.call('LRANGE', key, 0, limit - 1)
	end
	for _, id in ipairs(ids) do
		if not is_old(id, now) then
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
	write_clocks(book.changed)
	for w = 1, 3 do
		if done < limit then
			done = done + take_due(w, horizon, limit - done)
		end
	end
	write_figures()
	write_contacts()
	write_callers()
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
		facts = {}, changed = {}, born = {}, callers = {}, pointing = {}, places = {},
		tallies = {}, totals = {}, group_totals = {} }
	local done = sweep(tonumber(args[3]), args[4], limit)
	local reply, waiting = { done, done >= limit and 1 or 0, next_due() }, 0
	for w = 1, 3 do
		waiting = waiting + redis.call('ZCARD', book.base .. MATURING[w])
		reply[#reply + 1] = waiting
	end
	return reply
end

redis.register_function('najimi_mature', mature)
