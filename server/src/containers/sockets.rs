//! The sockets at which container engines listen on a usual machine.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Lists the sockets of a machine, in the order in which they are tried: an engine of the whole machine before one of the user's own,
/// and Docker before Podman.
pub(super) fn usual() -> Vec<PathBuf> {
    let own = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let of_machine = ["/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock"];
    let of_user =
        own.iter().flat_map(|folder| ["docker.sock", "podman/podman.sock"].map(|name| folder.join(name)));
    of_machine.into_iter().map(PathBuf::from).chain(of_user).collect()
}

/// Returns the first of these that is there, if any.
pub(super) fn first_of(sockets: &[PathBuf]) -> Option<&Path> {
    sockets.iter().map(PathBuf::as_path).find(|socket| is_socket(socket))
}

#[cfg(unix)]
fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    // A folder that may not be entered says nothing of what is in it.
    path.metadata().is_ok_and(|data| data.file_type().is_socket())
}

#[cfg(not(unix))]
fn is_socket(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_first_socket_is_taken_and_a_plain_file_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let [missing, file, first, second] =
            ["missing", "file", "first.sock", "second.sock"].map(|name| folder.path().join(name));
        std::fs::write(&file, "").expect("a file");
        let _listeners =
            [&first, &second].map(|path| std::os::unix::net::UnixListener::bind(path).expect("a socket"));
        let all = [missing, file, first.clone(), second];
        assert_eq!(first_of(&all), Some(&*first));
        assert_eq!(first_of(&all[..2]), None);
    }
}
