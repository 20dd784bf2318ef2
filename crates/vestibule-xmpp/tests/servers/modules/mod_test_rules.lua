-- Rules for registrations, as a server may have them.

local refusals = {
	{ function (event) return #event.password < 10 end, "modify", "not-acceptable",
		"The password must have ten characters." };
	{ function (event) return event.username == "root" end, "modify", "not-acceptable", "That username is not for you." };
	{ function (event) return event.username == "hurry" end, "wait", "policy-violation", "Not so fast." };
};

module:hook("user-registering", function (event)
	for _, refusal in ipairs(refusals) do
		if refusal[1](event) then
			event.allowed = false;
			event.error_type, event.error_condition, event.reason = refusal[2], refusal[3], refusal[4];
			return;
		end
	end
end);
