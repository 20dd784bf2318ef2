%% The processes of a host, below ejabberd's supervisor of modules. They outlive a reload of mod_invites.
-module(vestibule_process).

-export([start/2, name/2]).

%% Starts `Module:start_link(Host)`, unless it runs already.
-spec start(module(), binary()) -> ok.
start(Module, Host) ->
    Name = name(Module, Host),
    Spec = #{id => Name, start => {Module, start_link, [Host]}, restart => permanent},
    case supervisor:start_child(ejabberd_gen_mod_sup, Spec) of
        {ok, _} -> ok;
        {error, {already_started, _}} -> ok
    end.

-spec name(module(), binary()) -> atom().
name(Module, Host) ->
    gen_mod:get_module_proc(Host, Module).
