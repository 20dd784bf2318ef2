-- The connections to Vestibule and the requests that wait for one. Their limits bound Prosody's file descriptors under
-- any load. Each host of this Prosody has its own queue and a share of the connections, so that a host whose requests
-- wait for their answers stops no other host.

-- For each purpose: the connections of all hosts, those that each host may open beyond them, and the requests of a
-- host that wait for one. The requests that Prosody only passes on have their own limits, so that a flood of them does
-- not delay registrations.
local LIMITS = {
	api = { connections = 12, own = 2, waiting = 256 };
	relay = { connections = 4, own = 1, waiting = 16 };
};

-- Pools by purpose, host, scheme and authority.
local pools = {};
-- The number of connections by purpose, including those that are being opened.
local open = { api = 0, relay = 0 };

-- `idle` is in order of use, the latest last; `waiting` is in order of arrival. `open` counts connections, including
-- those that are being opened.
local function pool_of(target, purpose, host)
	local name = purpose.." "..host.." "..target.origin;
	local pool = pools[name];
	if not pool then
		pool = { open = 0, idle = {}, waiting = {}, purpose = purpose, limits = LIMITS[purpose] };
		pools[name] = pool;
	end
	return pool;
end

local function count(pool, change)
	pool.open = pool.open + change;
	open[pool.purpose] = open[pool.purpose] + change;
end

-- Returns whether all connections beyond those that each host may open are open.
local function is_full(pool)
	return open[pool.purpose] >= pool.limits.connections;
end

local function may_open(pool)
	return pool.open < pool.limits.own or pool.open < pool.limits.connections and not is_full(pool);
end

-- Returns the pool with waiting requests that has the fewest connections, if they are fewer than `below`.
local function neediest(purpose, below)
	local found;
	for _, pool in pairs(pools) do
		if pool.purpose == purpose and #pool.waiting > 0 and pool.open < (found and found.open or below) then
			found = pool;
		end
	end
	return found;
end

-- Returns an idle connection of another pool: one that has more connections than this one, else one that nobody has
-- used for a while, as `is_unused(conn)` says.
local function spare_for(pool, is_unused)
	if pool.open >= pool.limits.connections then return nil; end
	local unused;
	for _, other in pairs(pools) do
		local idle = other ~= pool and other.purpose == pool.purpose and other.idle[1];
		if idle and other.open > pool.open + 1 then return idle; end
		if idle and is_unused(idle) then unused = idle; end
	end
	return unused;
end

return {
	of = pool_of, count = count, is_full = is_full, may_open = may_open, neediest = neediest, spare_for = spare_for;
};
