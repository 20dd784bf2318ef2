-- HTTP/1.1 over persistent connections, whose number and waiting requests vestibule_pool.lib.lua limits.
--
-- A connection carries one request at a time. A request that times out closes its connection, so a late answer is
-- never taken for the answer to a later request. (Prosody 13's net.http keeps connections too, but reuses one after
-- a request on it has timed out.)

local async = require "util.async";
local client = require "net.http".default;
local connect = require "net.connect".connect;
local gettime = require "socket".gettime;
local new_parser = require "net.http.parser".new;
local parse_url = require "socket.url".parse;
local resolver = require "net.resolvers.basic";
local timer = require "util.timer";
local verify_identity = require "util.x509".verify_identity;

local pools = module:require "vestibule_pool";

local PORTS = { http = 80, https = 443 };

-- Seconds. A request that must not be sent twice only reuses a connection that was in use this recently: a server
-- closes connections that were idle for longer, and a request sent at that moment is lost.
local FRESH = 1;

-- By connection: its request, its pool, and the time of its last use.
local requests, pool_of, used_at = {}, {}, {};

-- The error for a request while the queue is full.
local OVERLOADED = "too many requests under way";

local listener = {};

-- Parses a URL. Returns nil if it is invalid.
local function target_of(url)
	local parsed = parse_url(url);
	local default_port = parsed and PORTS[parsed.scheme];
	if not default_port or not parsed.host or parsed.host == "" then return nil; end
	local authority = parsed.authority:gsub("^.*@", "");
	return {
		origin = parsed.scheme.."://"..authority;
		authority = authority;
		host = parsed.host;
		port = tonumber(parsed.port) or default_port;
		is_secure = parsed.scheme == "https";
		path = (parsed.path or "/")..(parsed.query and "?"..parsed.query or "");
	};
end

-- Joins head and body, so that they are sent in one packet.
local function text_of(target, options)
	local lines = { options.method.." "..target.path.." HTTP/1.1", "Host: "..target.authority };
	for name, value in pairs(options.headers) do lines[#lines + 1] = name..": "..value; end
	local body = options.body or "";
	if body ~= "" or options.method == "POST" then lines[#lines + 1] = "Content-Length: "..#body; end
	lines[#lines + 1] = "\r\n";
	return table.concat(lines, "\r\n")..body;
end

local function settle(request, body, status, headers)
	local answer = request.answer;
	if not answer then return; end
	request.answer = nil;
	answer(body, status, headers);
end

local function remove(list, item)
	for at, one in ipairs(list) do
		if one == item then return table.remove(list, at); end
	end
end

local function open_connection(request)
	local target, settings = request.target, client.options;
	local service = resolver.new(target.host, target.port, "tcp", {
		servername = target.host, use_dane = settings.use_dane;
	});
	pools.count(request.pool, 1);
	request.is_connecting = true;
	connect(service, listener, { sslctx = target.is_secure and settings.sslctx or nil }, request);
end

local function put_on(conn, request)
	requests[conn], request.conn = request, conn;
	request.parser = new_parser(function (response)
		if response.partial then return; end
		request.is_surpassed = request.response ~= nil;
		request.response = request.response or response;
	end, function (problem)
		request.problem = problem;
	end, "client", function () return request; end);
	conn:write(request.text);
end

-- After a connection has closed: opens one for the oldest request of the pool that has the fewest.
local function serve_waiting(purpose)
	local pool = pools.neediest(purpose, math.huge);
	if pool and pools.may_open(pool) then open_connection(table.remove(pool.waiting, 1)); end
end

-- Frees the slot of a closed or closing connection in its pool.
local function forget(conn)
	local pool = pool_of[conn];
	requests[conn], pool_of[conn], used_at[conn] = nil, nil, nil;
	if not pool then return; end
	remove(pool.idle, conn);
	pools.count(pool, -1);
	serve_waiting(pool.purpose);
end

local function drop(conn)
	requests[conn] = nil;
	conn:close();
	forget(conn);
end

local function keep(conn, pool)
	requests[conn] = nil;
	-- Another host gets the connection if it has fewer, even after that.
	if pools.is_full(pool) and pools.neediest(pool.purpose, pool.open - 1) then return drop(conn); end
	local request = table.remove(pool.waiting, 1);
	if request then
		request.is_reused = true;
		return put_on(conn, request);
	end
	pool.idle[#pool.idle + 1] = conn;
	used_at[conn] = gettime();
end

-- Closes idle connections of other pools if no more may be opened. Returns whether one may be opened now.
local function make_room(pool)
	local oldest = gettime() - FRESH;
	while not pools.may_open(pool) do
		local spare = pools.spare_for(pool, function (conn) return used_at[conn] < oldest; end);
		if not spare then return false; end
		drop(spare);
	end
	return true;
end

-- Sends the request over a connection of its pool, or lets it wait for one. Returns false if too many wait already.
local function dispatch(request)
	local pool = request.pool;
	local latest = pool.idle[#pool.idle];
	if latest and (request.may_repeat or gettime() - used_at[latest] < FRESH) then
		request.is_reused = true;
		put_on(table.remove(pool.idle), request);
	elseif make_room(pool) then
		open_connection(request);
	elseif latest then
		drop(pool.idle[1]);
		open_connection(request);
	elseif #pool.waiting < pool.limits.waiting then
		pool.waiting[#pool.waiting + 1] = request;
	else
		return false;
	end
	return true;
end

-- Returns whether the end of the answer is certain and the server keeps the connection open.
local function may_keep(request)
	local response = request.response;
	return response.httpversion == "1.1" and (response.chunked or response.body_length) and not request.is_surpassed
		and not (response.headers.connection or ""):lower():find("close", 1, true);
end

local function is_trusted(conn, host)
	local socket = conn:socket();
	if not socket.getpeerverification or not socket:getpeerverification() then return false; end
	local certificate = socket:getpeercertificate();
	return certificate and verify_identity(host, false, certificate);
end

function listener.onattach(conn, request)
	request.is_connecting = false;
	requests[conn], pool_of[conn] = request, request.pool;
end

function listener.onconnect(conn)
	local request = requests[conn];
	if not request or not request.answer then return drop(conn); end
	if request.target.is_secure and not is_trusted(conn, request.target.host) then
		drop(conn);
		return settle(request, "the certificate is not trusted", 0);
	end
	put_on(conn, request);
end

-- Prosody 13 calls this twice for an origin with two addresses.
function listener.onfail(request, reason)
	if not request.is_connecting then return; end
	request.is_connecting = false;
	pools.count(request.pool, -1);
	serve_waiting(request.pool.purpose);
	settle(request, reason or "no connection", 0);
end

function listener.onincoming(conn, data)
	local request = requests[conn];
	-- Unsolicited data.
	if not request or not request.parser then return drop(conn); end
	request.heard = true;
	request.parser:feed(data);
	local response = request.response;
	if request.problem then
		drop(conn);
		settle(request, request.problem, 0);
	elseif response then
		if may_keep(request) then keep(conn, request.pool); else drop(conn); end
		settle(request, response.body, response.code, response.headers);
	end
end

function listener.ondisconnect(conn, reason)
	local request = requests[conn];
	requests[conn] = nil;
	if request and request.answer and request.is_reused and request.may_repeat and not request.heard then
		-- The server had closed the connection, or was closing it, when the request was sent.
		request.is_reused, request.conn = false, nil;
		forget(conn);
		return open_connection(request);
	end
	forget(conn);
	if not request or not request.answer then return; end
	-- An answer without a length ends here.
	if request.parser then request.parser:feed(nil); end
	local response = request.response;
	if response then
		settle(request, response.body, response.code, response.headers);
	else
		settle(request, request.problem or reason or "closed", 0);
	end
end

-- After a request without an answer, the idle connections are closed too.
local function give_up(request, why)
	if not request.answer then return; end
	local pool = request.pool;
	if not remove(pool.waiting, request) then
		for at = #pool.idle, 1, -1 do drop(pool.idle[at]); end
		if request.conn then drop(request.conn); end
	end
	settle(request, why, 0);
end

-- Sends a request and waits for its answer, while other coroutines run. Returns body, status and headers. Status 0
-- means no answer; the body is the reason. A request with `options.may_repeat` is sent again if its reused connection
-- was closed.
local function send(url, options, seconds)
	local target = target_of(url);
	if not target then return "invalid-url", 0; end
	local wait, done = async.waiter();
	local body, status, headers;
	local request = {
		target = target, pool = pools.of(target, options.purpose or "api", options.host);
		text = text_of(target, options), method = options.method, may_repeat = options.may_repeat;
	};
	function request.answer(...)
		body, status, headers = ...;
		done();
	end
	local timeout = timer.add_task(seconds, function () give_up(request, "no answer within "..seconds.." seconds"); end);
	if not dispatch(request) then
		timer.stop(timeout);
		return OVERLOADED, 0;
	end
	wait();
	timer.stop(timeout);
	return body, status, headers;
end

return { send = send, OVERLOADED = OVERLOADED };
