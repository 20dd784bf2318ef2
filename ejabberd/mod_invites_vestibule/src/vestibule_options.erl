%% The options of this backend in the section `mod_invites` of ejabberd.yml, and their values.
-module(vestibule_options).

-export([url/0, key/0]).
-export([settings/1, key_id/1]).
-export([format_error/1]).

%% An ID and a secret.
-define(KEY, <<"^[A-Za-z0-9_-]{8,16}/[A-Za-z0-9_-]{24,64}$">>).

%% Validates `vestibule_url`. Returns it without a trailing slash.
-spec url() -> yconf:validator(binary()).
url() ->
    econf:and_then(econf:url([http, https]), fun checked_url/1).

%% Validates `vestibule_key`, which has the form ID/SECRET. An error does not contain the key.
-spec key() -> yconf:validator(binary()).
key() ->
    econf:and_then(econf:binary(),
                   fun(Key) ->
                      case re:run(Key, ?KEY, [{capture, none}, dollar_endonly]) of
                          match -> Key;
                          nomatch -> invalid(bad_key)
                      end
                   end).

%% Returns the address without a trailing slash, and the key. A reload of the configuration changes them.
-spec settings(binary()) -> {binary(), binary()}.
settings(Host) ->
    {gen_mod:get_module_opt(Host, mod_invites, vestibule_url),
     gen_mod:get_module_opt(Host, mod_invites, vestibule_key)}.

%% Returns the ID of the key, which is not secret.
-spec key_id(binary()) -> binary().
key_id(Host) ->
    {_, Key} = settings(Host),
    hd(binary:split(Key, <<"/">>)).

checked_url(Text) ->
    case uri_string:parse(Text) of
        #{scheme := Scheme, host := Name} = Uri when Name =/= <<>> ->
            Extra = maps:with([userinfo, query, fragment], Uri),
            IsPrivate = Scheme =:= <<"https">> orelse is_private(Name),
            if map_size(Extra) > 0 -> invalid(bad_url);
               not IsPrivate -> invalid({insecure_url, Name});
               true -> string:trim(Text, trailing, "/")
            end;
        _ ->
            invalid(bad_url)
    end.

%% Whether the name stays on this machine or in a private network, where the key may travel without encryption:
%% addresses of these, and names without a dot, such as those of containers.
is_private(Name) ->
    case inet:parse_address(binary_to_list(string:trim(Name, both, "[]"))) of
        {ok, Address} -> is_private_address(Address);
        {error, _} -> binary:match(Name, <<".">>) =:= nomatch
    end.

is_private_address({127, _, _, _}) -> true;
is_private_address({10, _, _, _}) -> true;
is_private_address({172, B, _, _}) -> B >= 16 andalso B =< 31;
is_private_address({192, 168, _, _}) -> true;
is_private_address({169, 254, _, _}) -> true;
is_private_address({0, 0, 0, 0, 0, 0, 0, 1}) -> true;
is_private_address({A, _, _, _, _, _, _, _}) -> A band 16#fe00 =:= 16#fc00 orelse A band 16#ffc0 =:= 16#fe80;
is_private_address(_) -> false.

%% ejabberd prints the option and this text.
invalid(Reason) ->
    econf:fail({external_module_error, ?MODULE, Reason}).

-spec format_error(term()) -> string().
format_error(bad_key) ->
    "it is not of the form ID/SECRET; create one with: vestibule keys create HOST ejabberd --scope bridge";
format_error(bad_url) ->
    "it is not the address of Vestibule, such as http://127.0.0.1:8280";
format_error({insecure_url, Name}) ->
    lists:flatten(io_lib:format("the key would travel unencrypted to ~ts; use https://", [Name])).
