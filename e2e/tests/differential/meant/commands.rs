//! The differences of the command line.

use super::{Meant, meant};

pub(crate) const COMMANDS: &[Meant] = &[
    // The command line (mod_invites_api).
    meant(
        "mod_invites_api delete localhost AAAAAAAAAAAA; mod_invites_api delete localhost {id} (again)",
        "stdout",
        "Error: key not found",
        "nothing",
        "Errors go to stderr, so that a script does not mistake them for output. Text and exit code are the original's.",
    ),
    meant(
        "mod_invites_api delete localhost AAAAAAAAAAAA; mod_invites_api delete localhost {id} (again)",
        "stderr",
        "nothing",
        "Error: key not found",
        "As above.",
    ),
    meant(
        "mod_invites_api create nowhere.example Portal; mod_invites_api list nowhere.example; mod_invites_api delete nowhere.example AAAAAAAAAAAA",
        "stdout",
        "Error: please supply a valid host",
        "nothing",
        "As above.",
    ),
    meant(
        "mod_invites_api create nowhere.example Portal; mod_invites_api list nowhere.example; mod_invites_api delete nowhere.example AAAAAAAAAAAA",
        "stderr",
        "nothing",
        "Error: please supply a valid host",
        "As above.",
    ),
    meant(
        "mod_invites_api delete localhost",
        "exit code",
        "1",
        "2",
        "A missing argument is wrong usage, not an unknown key.",
    ),
    meant("mod_invites_api delete localhost", "stdout", "Error: key not found", "nothing", "As above."),
    meant(
        "mod_invites_api list; mod_invites_api",
        "exit code",
        "1",
        "2",
        "Wrong usage exits with 2, to distinguish it from a command that failed.",
    ),
    meant(
        "mod_invites_api list; mod_invites_api",
        "stdout",
        "the usage",
        "nothing",
        "As above; the usage goes to stderr.",
    ),
    meant(
        "mod_invites_api delete localhost; mod_invites_api list; mod_invites_api; mod_invites_api rename localhost",
        "stderr",
        "nothing",
        "the usage",
        "As above.",
    ),
    meant(
        "mod_invites_api rename localhost",
        "exit code",
        "0",
        "2",
        "The original reports success for an unknown command.",
    ),
    meant("mod_invites_api rename localhost", "stdout", "Unknown command - rename", "nothing", "As above."),
];
