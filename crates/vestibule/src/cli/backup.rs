//! The options of `backup` and `restore`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule backup /var/backups/vestibule-$(date +%F).db
  vestibule backup --overwrite /var/backups/vestibule.db   # for a backup program that keeps versions

The seal key is not part of the backup. Back up the file seal.key once, in another place.")]
pub(crate) struct BackupArgs {
    /// The file to write.
    pub(crate) file: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub(crate) overwrite: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  systemctl stop vestibule
  vestibule restore /var/backups/vestibule-2027-01-31.db
  systemctl start vestibule

The previous database is kept beside the restored one, under another name.")]
pub(crate) struct RestoreArgs {
    /// The backup: a file written by `vestibule backup`, or a copy of the database.
    pub(crate) file: PathBuf,
}
