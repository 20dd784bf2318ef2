-- The form of in-band registration (XEP-0077), with the username of a bound invite filled in.

local st = require "util.stanza";

local function filled(stanza, username)
	local reply = st.clone(stanza);
	local query = reply:get_child("query", "jabber:iq:register");
	if not query then return stanza; end
	local field = query:get_child("username");
	if field then field:text(username); end
	local form = query:get_child("x", "jabber:x:data");
	for one in form and form:childtags("field") or function () end do
		if one.attr.var == "username" and not one:get_child("value") then
			one:tag("value"):text(username):up();
		end
	end
	return reply;
end

-- Runs the handlers of a request for the form, and puts the bound username into the form that they send.
local function with_username(session, username, handlers, name, event)
	if not username then return handlers(name, event); end
	local send = session.send;
	local function send_filled(stanza)
		return send(st.is_stanza(stanza) and stanza.attr.type == "result" and filled(stanza, username) or stanza);
	end
	session.send = send_filled;
	local result = handlers(name, event);
	if session.send == send_filled then session.send = send; end
	return result;
end

return { with_username = with_username };
