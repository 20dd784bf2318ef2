-- HTTP over connections that are kept: a new one for each request costs more than all the rest of it.
--
-- One request at a time is on a connection. A request that is given up takes its connection with it, so that a late
-- answer never passes for the answer to a later request. (Prosody 13's net.http keeps connections too, but takes one
-- up again after a request that was given up.)

local async = require "util.async";
local client = require "net.http".default;
local connect = require "net.connect".connect;
local new_parser = require "net.http.parser".new;
local parse_url = require "socket.url".parse;
local resolver = require "net.resolvers.basic";
local timer = require "util.timer";
local verify_identity = require "util.x509".verify_identity;

local PORTS = { http = 80, https = 443 };

-- The request that is on a connection.
local requests = {};
-- By scheme and authority: connections without a request. The one that was used last is the last.
local idle = {};

local listener = {};

-- Where a URL leads to, or nil.
local function target_of(url)
	local parsed = parse_url(url);
	local default_port = parsed and PORTS[parsed.scheme];
	if not default_port or not parsed.host or parsed.host == "" then return nil; end
	local authority = parsed.authority:gsub("^.*@", "");
	return {
		pool = parsed.scheme.."://"..authority;
		authority = authority;
		host = parsed.host;
		port = tonumber(parsed.port) or default_port;
		is_secure = parsed.scheme == "https";
		path = (parsed.path or "/")..(parsed.query and "?"..parsed.query or "");
	};
end

-- Head and body in one piece, so that they leave in one packet.
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

local function open_connection(request)
	local target, settings = request.target, client.options;
	local service = resolver.new(target.host, target.port, "tcp", {
		servername = target.host, use_dane = settings.use_dane;
	});
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

local function forget(conn)
	requests[conn] = nil;
	for _, pool in pairs(idle) do
		for at, one in ipairs(pool) do
			if one == conn then return table.remove(pool, at); end
		end
	end
end

local function drop(conn)
	forget(conn);
	conn:close();
end

local function keep(conn, target)
	requests[conn] = nil;
	local pool = idle[target.pool] or {};
	idle[target.pool] = pool;
	pool[#pool + 1] = conn;
end

-- Whether it is certain where the answer ended, and that the server waits for more.
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
	requests[conn] = request;
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

function listener.onfail(request, reason)
	settle(request, reason or "no connection", 0);
end

function listener.onincoming(conn, data)
	local request = requests[conn];
	-- Nobody asked for it.
	if not request or not request.parser then return drop(conn); end
	request.heard = true;
	request.parser:feed(data);
	local response = request.response;
	if request.problem then
		drop(conn);
		settle(request, request.problem, 0);
	elseif response then
		if may_keep(request) then keep(conn, request.target); else drop(conn); end
		settle(request, response.body, response.code, response.headers);
	end
end

function listener.ondisconnect(conn, reason)
	local request = requests[conn];
	forget(conn);
	if not request or not request.answer then return; end
	if request.is_reused and not request.heard then
		-- The server had hung up, or was about to, when the request set out.
		request.is_reused = false;
		return open_connection(request);
	end
	-- An answer that does not say its length ends here.
	if request.parser then request.parser:feed(nil); end
	local response = request.response;
	if response then
		settle(request, response.body, response.code, response.headers);
	else
		settle(request, request.problem or reason or "closed", 0);
	end
end

-- When one request got no answer, nothing is to be hoped of the other connections either.
local function give_up(request, why)
	if not request.answer then return; end
	local pool = idle[request.target.pool];
	idle[request.target.pool] = nil;
	for _, conn in ipairs(pool or {}) do drop(conn); end
	if request.conn then drop(request.conn); end
	settle(request, why, 0);
end

-- Sends a request and waits for its answer, while others go on: body, status, headers. Status 0 is no answer at all,
-- and the body says why. A request that may be repeated (`options.may_repeat`) goes over a connection that is there
-- already, and again over a new one if that one turns out to be dead; any other goes over a new one.
local function send(url, options, seconds)
	local target = target_of(url);
	if not target then return "invalid-url", 0; end
	local wait, done = async.waiter();
	local body, status, headers;
	local request = { target = target, method = options.method, text = text_of(target, options) };
	function request.answer(...)
		body, status, headers = ...;
		done();
	end
	local timeout = timer.add_task(seconds, function () give_up(request, "no answer within "..seconds.." seconds"); end);
	local pool = options.may_repeat and idle[target.pool];
	local conn = pool and table.remove(pool);
	if conn then
		request.is_reused = true;
		put_on(conn, request);
	else
		open_connection(request);
	end
	wait();
	timer.stop(timeout);
	return body, status, headers;
end

return { send = send };
