-- Requests to Vestibule's API. Each request waits in its own coroutine.

local async = require "util.async";
local idna = require "util.encodings".idna;
local json = require "util.json";

local visible = module:require "vestibule_visible";

-- The bridge's HTTP client. All hosts and modules of this process share one, so that its limits apply to all of them.
local http;
if prosody.process_type == "prosody" then
	local shared = module:shared("/*/vestibule/http");
	shared.client = shared.client or module:require "vestibule_http";
	http = shared.client;
end

-- The version of the bridge: that of the service with which it was released.
local VERSION = "0.1.0";

-- The most seconds that a registration waits for Vestibule.
local TIMEOUT = 5;

-- The problem without a usable answer of Vestibule. Registration is refused. `reason` is a word for `vestibule doctor`.
local function away(reason)
	return { type = "away", title = "Vestibule is unreachable", reason = reason };
end

-- Read late: prosodyctl sets module.host only after it has loaded the module.
local function settings()
	local base = module:get_option_string("vestibule_url", "http://127.0.0.1:8280");
	return base:gsub("/+$", ""), module:get_option_string("vestibule_key", "");
end

-- Returns whether this host stores its invites in Vestibule.
local function is_configured()
	local _, key = settings();
	return key ~= "";
end

-- The ID of the key, which is not secret.
local function key_id()
	local _, key = settings();
	return key:match("^([^/]+)/") or "unknown";
end

-- The outage state, shared by all modules of this host. Functions in `shared.ended` are called by the first answer
-- after a failure.
local shared = module:shared("vestibule/trouble");
shared.ended = shared.ended or {};

local failed, succeeded = module:require "vestibule_outage" (shared,
	"Vestibule is unreachable; registrations by invite are disabled: %s", "Vestibule answers again");

local function tell(trouble)
	if trouble then
		failed(trouble);
	elseif succeeded() then
		for _, ended in pairs(shared.ended) do ended(); end
	end
end

-- Logs requests that were not sent, at most once a minute.
local function warn_of_overload()
	if shared.warned and os.time() - shared.warned < 60 then return; end
	shared.warned = os.time();
	module:log("warn", "Too many requests to Vestibule are under way; some registrations were asked to wait");
end

-- In prosodyctl, which can block.
local function send_blocking(url, options)
	local https = url:match("^https:");
	local ok, transport = pcall(require, https and "ssl.https" or "socket.http");
	if not ok then return "LuaSocket is missing: "..tostring(transport), 0, {}; end
	local ltn12 = require "ltn12";
	transport.TIMEOUT = TIMEOUT;
	local parts = {};
	options.headers["Content-Length"] = tostring(#(options.body or ""));
	local sent, code, headers = transport.request({
		url = url, method = options.method, headers = options.headers, redirect = false;
		source = ltn12.source.string(options.body or ""), sink = ltn12.sink.table(parts);
		verify = https and "peer" or nil, cafile = https and "/etc/ssl/certs/ca-certificates.crt" or nil;
	});
	if not sent then return tostring(code), 0, {}; end
	return table.concat(parts), code, headers;
end

-- Sends a request. Status 0 means no answer; the body is the reason. `options` are those of the HTTP client.
local function send(method, path, headers, body, options)
	local url = settings()..path;
	headers["User-Agent"] = "vestibule-bridge/"..VERSION.." Prosody/"..tostring(prosody.version);
	local request = { method = method, headers = headers, body = body, host = module.host };
	for name, value in pairs(options or {}) do request[name] = value; end
	if not http then return send_blocking(url, request); end
	if not async.ready() then return "asked outside of an asynchronous context", 0, {}; end
	local answer, code, answer_headers = http.send(url, request, TIMEOUT);
	return answer, code, answer_headers or {};
end

-- Returns whether the request is idempotent.
local function may_repeat(method, path, body, headers)
	return method ~= "POST" or headers["Idempotency-Key"] ~= nil or path:find("^/v1/accounts/") ~= nil
		or path:find("^/v1/redemptions/") ~= nil or (body and body.admission) ~= nil;
end

-- A problem (RFC 9457) for modules: its type without the prefix, and a message.
local function problem_of(name, value)
	local title = type(value.title) == "string" and value.title or name;
	local detail = type(value.detail) == "string" and value.detail or title;
	local first = type(value.errors) == "table" and value.errors[1];
	if type(first) == "table" and type(first.message) == "string" then
		detail = type(first.field) == "string" and first.field..": "..first.message or first.message;
	end
	return { type = name, title = visible(title), detail = visible(detail) };
end

-- Refusals, which are answers of Vestibule's API; `nil` for any other answer.
local function refusal_of(status, value)
	local name = type(value) == "table" and type(value.type) == "string"
		and value.type:match("^urn:vestibule:problem:([%w-]+)$");
	if not name then return nil; end
	if status >= 500 then
		tell(("status %d from %s: %s"):format(status, settings(), problem_of(name, value).detail));
		return away("unavailable");
	end
	if name == "unauthorized" or name == "forbidden" then
		tell(tostring(value.title).." (vestibule_key; make one with: vestibule keys create "..module.host
			.." Prosody --scope bridge)");
		return away(name);
	end
	-- An unknown ID has the same answer as an unknown path, so it proves nothing.
	if name ~= "not-found" then tell(nil); end
	return problem_of(name, value);
end

-- Returns the host of an answer if it is not this host: the key of another host must not permit registrations.
local function other_host(value)
	local host = type(value) == "table" and value.host;
	if type(host) ~= "string" or host == module.host then return nil; end
	if (idna.to_ascii(host) or host) == (idna.to_ascii(module.host) or module.host) then return nil; end
	return host;
end

-- Logs once if Vestibule has another version.
local function compare_version(theirs)
	if not theirs or theirs == VERSION or shared.other_version == theirs then return; end
	shared.other_version = theirs;
	module:log("warn", "This bridge has version %s, Vestibule %s: install the modules of that version and restart Prosody",
		VERSION, visible(theirs));
end

-- Returns a word for a request without an answer.
local function unanswered(why)
	if why == "the certificate is not trusted" then return "certificate"; end
	if why:find("^no answer within") then return "silent"; end
	local is_network = why:find("refused") or why:find("unreachable") or why:find("timed out") or why:find("resol")
		or why:find("no connection") or why == "closed" or why == "invalid-url" or why:find("NXDOMAIN");
	return settings():find("^https:") and not is_network and "tls" or "unreachable";
end

-- Sends a request to the API. Returns the answer, or nil and a problem, of type "away" without a usable answer.
-- `proof` is a field that distinguishes an answer of Vestibule from other JSON.
local function ask(method, path, body, proof, more_headers)
	local _, key = settings();
	local headers = { ["Authorization"] = "Bearer "..key, ["Accept"] = "application/json" };
	for name, value in pairs(more_headers or {}) do headers[name] = value; end
	local text;
	if body then
		headers["Content-Type"] = "application/json";
		text = json.encode(body);
	end
	local options = { may_repeat = may_repeat(method, path, body, headers) };
	local answer, status, answer_headers = send(method, path, headers, text, options);
	compare_version(answer_headers and answer_headers["vestibule-version"]);
	if status == 204 and not proof then
		tell(nil);
		return true;
	elseif status == 0 and http and answer == http.OVERLOADED then
		warn_of_overload();
		return nil, away("overloaded");
	elseif status == 0 or type(status) ~= "number" then
		tell(tostring(answer).." (vestibule_url is "..settings()..")");
		return nil, away(unanswered(tostring(answer)));
	end
	local value = json.decode(answer);
	if status >= 200 and status < 300 then
		local stranger = type(value) == "table" and (other_host(value) or other_host((value.items or {})[1]));
		if stranger then
			tell(('it answers for the host "%s": vestibule_key is the key of another host'):format(stranger));
			return nil, away("other-host");
		elseif type(value) == "table" and (not proof or value[proof] ~= nil) then
			tell(nil);
			return value;
		end
	else
		local refusal = refusal_of(status, value);
		if refusal then return nil, refusal; end
	end
	tell(("status %d from %s, which is no answer of Vestibule's API"):format(status, settings()));
	return nil, away("not-vestibule");
end

return {
	AWAY = away("unavailable"), ask = ask, send = send, settings = settings, tell = tell, is_configured = is_configured;
	key_id = key_id, OVERLOADED = http and http.OVERLOADED;
	at_end_of_trouble = function (name, ended) shared.ended[name] = ended; end;
};
