//! The image, as one tar that both image tools and Docker read: an OCI layout (OCI image specification 1.1, "Image Layout") with the
//! `manifest.json` of `docker save` beside it.
//!
//! The image is made from nothing: the binary, the authorities' certificates and the names of its user.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Release, sums};

/// The user and the group of the server: no names of the machine's.
const USER: u64 = 65_532;

/// The folder for everything that must outlive a container.
const DATA: &str = "data";

/// Certificates of authorities, wherever the system that packages keeps them.
const AUTHORITIES: &[&str] =
    &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// The image should not be larger than this.
const LARGEST: u64 = 15_000_000;

/// A file or a folder in an archive.
struct Entry {
    path: String,
    /// None for a folder.
    bytes: Option<Vec<u8>>,
    mode: u32,
    owner: u64,
}

pub(super) fn write(release: &Release, to: &Path) -> Result<()> {
    let binary =
        fs::read(&release.binary).with_context(|| format!("cannot read {}", release.binary.display()))?;
    fs::write(to, image(&binary, &authorities()?, &release.version, release.time)?)?;
    let size = fs::metadata(to)?.len();
    if size > LARGEST {
        println!("dist: the image has {size} bytes, more than the {LARGEST} that it should have");
    }
    Ok(())
}

/// The whole image. The same input gives the same bytes.
fn image(binary: &[u8], authorities: &[u8], version: &str, time: u64) -> Result<Vec<u8>> {
    let layer = archive(&layer(binary, authorities), time)?;
    let packed = pack(&layer)?;
    let config = config(version, &stamp(time)?, &sums::hex(&layer)).to_string().into_bytes();
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", &packed)],
    });
    let manifest = manifest.to_string().into_bytes();
    let mut described = descriptor("application/vnd.oci.image.manifest.v1+json", &manifest);
    described["platform"] = json!({ "architecture": "amd64", "os": "linux" });
    described["annotations"] = json!({
        "org.opencontainers.image.ref.name": version,
        "io.containerd.image.name": format!("docker.io/library/pulseboard:{version}"),
    });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [described],
    });
    let of_docker = json!([{
        "Config": blob(&config),
        "RepoTags": [format!("pulseboard:{version}")],
        "Layers": [blob(&packed)],
    }]);
    let mut entries = vec![
        file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        file("index.json", index.to_string().into_bytes()),
        file("manifest.json", of_docker.to_string().into_bytes()),
        folder("blobs", 0o755, 0),
        folder("blobs/sha256", 0o755, 0),
    ];
    for bytes in [config, manifest, packed] {
        entries.push(file(&blob(&bytes), bytes));
    }
    archive(&entries, time)
}

fn layer(binary: &[u8], authorities: &[u8]) -> Vec<Entry> {
    let passwd = format!("pulseboard:x:{USER}:{USER}:Pulseboard:/{DATA}:/sbin/nologin\n");
    let group = format!("pulseboard:x:{USER}:\n");
    vec![
        folder(DATA, 0o700, USER),
        folder("etc", 0o755, 0),
        file("etc/group", group.into_bytes()),
        file("etc/passwd", passwd.into_bytes()),
        folder("etc/ssl", 0o755, 0),
        folder("etc/ssl/certs", 0o755, 0),
        file("etc/ssl/certs/ca-certificates.crt", authorities.to_vec()),
        Entry { mode: 0o755, ..file("pulseboard", binary.to_vec()) },
    ]
}

/// The configuration (OCI image specification, "Image Configuration"). `Healthcheck` is Docker's addition, in nanoseconds.
fn config(version: &str, created: &str, layer: &str) -> Value {
    let second = 1_000_000_000_u64;
    json!({
        "created": created,
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "User": format!("{USER}:{USER}"),
            "ExposedPorts": { "3000/tcp": {} },
            "Env": ["PULSEBOARD_LISTEN=0.0.0.0:3000", format!("PULSEBOARD_DATA_DIR=/{DATA}"), "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
            "Entrypoint": ["/pulseboard"],
            "Volumes": { format!("/{DATA}"): {} },
            "WorkingDir": format!("/{DATA}"),
            "StopSignal": "SIGTERM",
            "Labels": {
                "org.opencontainers.image.title": "Pulseboard",
                "org.opencontainers.image.version": version,
                "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
            },
            "Healthcheck": {
                "Test": ["CMD", "/pulseboard", "health"],
                "Interval": 10 * second,
                "Timeout": 5 * second,
                "StartPeriod": 10 * second,
                "Retries": 3,
            },
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{layer}")] },
        "history": [{ "created": created, "created_by": "cargo xtask dist" }],
    })
}

fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": format!("sha256:{}", sums::hex(bytes)), "size": bytes.len() })
}

/// The path of a blob.
fn blob(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", sums::hex(bytes))
}

fn file(path: &str, bytes: Vec<u8>) -> Entry {
    Entry { path: path.to_owned(), bytes: Some(bytes), mode: 0o644, owner: 0 }
}

fn folder(path: &str, mode: u32, owner: u64) -> Entry {
    Entry { path: path.to_owned(), bytes: None, mode, owner }
}

/// A tar of these entries, all of this time.
fn archive(entries: &[Entry], time: u64) -> Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for Entry { path, bytes, mode, owner } in entries {
        let mut header = tar::Header::new_ustar();
        header.set_mode(*mode);
        header.set_uid(*owner);
        header.set_gid(*owner);
        header.set_mtime(time);
        match bytes {
            Some(bytes) => {
                header.set_size(bytes.len().try_into()?);
                builder.append_data(&mut header, path, bytes.as_slice())?;
            }
            None => {
                header.set_entry_type(tar::EntryType::Directory);
                header.set_size(0);
                builder.append_data(&mut header, format!("{path}/"), std::io::empty())?;
            }
        }
    }
    Ok(builder.into_inner()?)
}

/// gzip without a name or a time.
fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn authorities() -> Result<Vec<u8>> {
    let found = AUTHORITIES.iter().map(PathBuf::from).find(|path| path.is_file());
    let found = found.context("no certificates of authorities here: install ca-certificates")?;
    fs::read(&found).with_context(|| format!("cannot read {}", found.display()))
}

/// A time as RFC 3339 has it, in UTC.
fn stamp(time: u64) -> Result<String> {
    Ok(OffsetDateTime::from_unix_timestamp(time.try_into()?)?.format(&Rfc3339)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use super::*;

    fn contents(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let mut archive = tar::Archive::new(archive);
        let read = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
            let mut entry = entry.unwrap();
            assert_eq!(entry.header().mtime().unwrap(), 951_782_400);
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (path, bytes)
        };
        archive.entries().unwrap().map(read).collect()
    }

    #[test]
    fn every_part_is_where_its_digest_says_and_the_same_input_gives_the_same_bytes() {
        let image = || image(b"binary", b"authorities", "1.2.3", 951_782_400).unwrap();
        assert_eq!(image(), image());
        let files = contents(&image());
        let json = |name: &str| serde_json::from_slice::<Value>(&files[name]).unwrap();
        let blob_of = |described: &Value| {
            let digest = described["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
            let bytes = &files[&format!("blobs/sha256/{digest}")];
            assert_eq!(sums::hex(bytes), digest);
            assert_eq!(described["size"], bytes.len());
            bytes
        };
        let manifest: Value = serde_json::from_slice(blob_of(&json("index.json")["manifests"][0])).unwrap();
        let config: Value = serde_json::from_slice(blob_of(&manifest["config"])).unwrap();
        let mut layer = Vec::new();
        flate2::read::GzDecoder::new(blob_of(&manifest["layers"][0]).as_slice())
            .read_to_end(&mut layer)
            .unwrap();
        assert_eq!(config["rootfs"]["diff_ids"][0], format!("sha256:{}", sums::hex(&layer)));
        assert_eq!(config["created"], "2000-02-29T00:00:00Z");
        assert_eq!(config["config"]["User"], "65532:65532");
        let inside = contents(&layer);
        assert_eq!(inside["pulseboard"], b"binary");
        assert!(inside.contains_key("data/"));
        let of_docker = &json("manifest.json")[0];
        assert_eq!(files[of_docker["Layers"][0].as_str().unwrap()], *blob_of(&manifest["layers"][0]));
        assert_eq!(files[of_docker["Config"].as_str().unwrap()], *blob_of(&manifest["config"]));
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (time, shown) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (1_795_932_000, "2026-11-29T06:00:00Z"),
        ] {
            assert_eq!(stamp(time).unwrap(), shown);
        }
    }
}
