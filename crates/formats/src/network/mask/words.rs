//! Which words announce a secret, and where it begins.

use domain::fold::half_width;

/// Words that announce a secret wherever they stand.
const NAMES: [&str; 48] = [
    "access-token",
    "activation-code",
    "auth-code",
    "client-secret",
    "headers",
    "http-body",
    "http-headers",
    "key2",
    "key3",
    "key4",
    "login-pw",
    "passphrase1",
    "seed",
    "apikey-id",
    "authkey",
    "authtoken",
    "bearer",
    "cak",
    "community-map",
    "contraseña",
    "enckey",
    "kennwort",
    "key-octet-string",
    "key1",
    "md5-keychain",
    "passwort",
    "sae-pass",
    "wep-key1",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "psk",
    "pre-shared-key",
    "community",
    "communities",
    "key-string",
    "keystring",
    "auth-pwd",
    "priv-pwd",
    "pmk",
    "sharedsecret",
    "api_key",
    "apikey",
    "token",
    "credential",
];

/// Parts by which a longer word is known to announce one: `psksecret`, `wpa-passphrase`, `login-passwd`.
const PARTS: [&str; 6] = ["password", "passwd", "passphrase", "secret", "psk", "preshared"];

/// Japanese words for secrets; what stands before them says whose.
const JAPANESE: [&str; 9] = [
    "パスワード",
    "ﾊﾟｽﾜｰﾄﾞ",
    "暗証番号",
    "合言葉",
    "秘密鍵",
    "事前共有鍵",
    "共有キー",
    "共有鍵",
    "コミュニティ名",
];

/// Words with such a part that announce none.
const HARMLESS: [&str; 8] = [
    "password-encryption",
    "password-policy",
    "passwd-policy",
    "nopassword",
    "password-prompt",
    "public-key",
    "ssh-public-key",
    "key-lifetime",
];

/// Words that may stand between the announcement and the secret: how it is written, or whose it is.
const BETWEEN: [&str; 34] = [
    "0x",
    "address",
    "aes",
    "ascii",
    "des",
    "enc",
    "encrypted",
    "encryption",
    "hash",
    "hex",
    "hmac-sha-256",
    "hostname",
    "is",
    "key",
    "key-string",
    "local",
    "md5",
    "name",
    "plaintext",
    "priv",
    "read-only",
    "read-write",
    "remote",
    "ro",
    "rw",
    "scrypt",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "string",
    "text",
    "to",
    "type",
];

/// Whether `word`, in lower case, announces a secret.
pub(crate) fn announces(word: &str) -> bool {
    if HARMLESS.contains(&word) {
        return false;
    }
    NAMES.contains(&word)
        || ["/pw", "/pass"].iter().any(|end| word.ends_with(end))
        || PARTS.iter().any(|part| word.contains(part))
        || word.ends_with("-key")
        || word.ends_with("_key")
        || JAPANESE.iter().any(|name| word.ends_with(name))
}

/// The first word of `words` that is secret; everything from there on is.
pub(crate) fn secret_from(words: &[&str], in_community: bool) -> Option<usize> {
    let announced = (0..words.len()).filter_map(|at| after(words, at)).min();
    let by_place = (0..words.len()).filter_map(|at| by_place(words, at)).min();
    let name = in_community
        .then(|| words.windows(2).position(|pair| pair == ["set", "name"]).map(|at| at + 2))
        .flatten();
    [announced, by_place, name].into_iter().flatten().filter(|from| *from < words.len()).min()
}

/// Where the secret begins that the word at `at` announces.
fn after(words: &[&str], at: usize) -> Option<usize> {
    let word = words.get(at)?;
    let next = words.get(at + 1)?;
    if *word == "key" {
        let is_command =
            ["chain", "pubkey-chain", "zeroize", "export", "import", "exchange", "generate"];
        return (!is_command.contains(next)).then(|| skip_between(words, at + 1, 3));
    }
    if *word == "enc" {
        return Some(at + 1);
    }
    if !announces(word) {
        return None;
    }
    // The number of a gateway or key may have several digits, how a password is written only one.
    let digits = if word.ends_with("-key") { 5 } else { 1 };
    Some(skip_between(words, at + 1, digits))
}

/// Past the words that say how a secret is written. The last word is never one of them.
fn skip_between(words: &[&str], mut at: usize, digits: usize) -> usize {
    let is_number =
        |word: &str| word.len() <= digits && word.bytes().all(|byte| byte.is_ascii_digit());
    while words.get(at).is_some_and(|word| BETWEEN.contains(word) || is_number(word))
        && at + 1 < words.len()
    {
        at += 1;
    }
    at
}

/// Where the secret begins in commands that announce it by their form alone.
fn by_place(words: &[&str], at: usize) -> Option<usize> {
    let word = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
    let before = |offset: usize| at.checked_sub(offset).and_then(|at| words.get(at)).copied();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (word(0), word(1)) {
        // Yamaha: `login user NAME PASSWORD`, `pp auth username NAME PASSWORD`, `auth user 1 NAME PASSWORD`.
        ("login", "user") | ("auth", "username") => Some(at + 3),
        ("auth", "user") if number(word(2)) => Some(at + 4),
        ("myname", _) if before(1) == Some("xauth") => Some(at + 3),
        ("myname", _) if matches!(before(1), Some("auth" | "eap")) => Some(at + 2),
        ("smtp-auth", _) => Some(at + 2),
        ("server", "pop") if before(1) == Some("mail") => Some(at + 5),
        ("sip", "server") => Some(at + 6),
        ("tunnel", "auth") if word(2) == "on" => Some(at + 3),
        ("access", "code") => Some(at + 2),
        // FortiGate's own words for the headers that an automation sends, and those headers themselves.
        ("set", "value") => Some(at + 2),
        ("authorization", "basic" | "bearer" | "digest" | "token") => Some(at + 2),
        ("key", "generate") => Some(at + 2),
        // What people write into banners and descriptions: `pass = …`, `pw : …`; the mark between is a word without letters.
        ("pass" | "pw" | "pin", "") => Some(at + 2),
        // Yamaha: `snmpv3 usm user 1 NAME md5 AUTH des-cbc PRIV`.
        ("usm", "user") if is_digest(word(4)) => Some(at + 5),
        ("usm", "user") if word(4) == "group" && is_digest(word(6)) => Some(at + 7),
        // Yamaha: `snmp host ADDRESS COMMUNITY`, `snmp trap host ADDRESS COMMUNITY`, and the same for version 2c.
        ("snmp" | "snmpv2c", "host") => Some(at + 3),
        ("snmp" | "snmpv2c", "trap") if word(2) == "host" => {
            Some(at + 4 + usize::from(word(4) == "trap"))
        }
        ("auth", _) if words.iter().any(|word| word.starts_with("heartbeat")) => Some(at + 1),
        ("pin", "code") => Some(at + 2),
        ("authentication", "text") => Some(at + 2),
        // SNMP version 3, of every maker.
        ("auth" | "priv", _) if is_snmp_user(words) => Some(skip_between(words, at + 1, 3)),
        ("snmp-server", "host") => Some(snmp_host(words, at + 3)),
        // HSRP, VRRP, GLBP and NHRP.
        ("authentication", _) if is_group_authentication(words) => {
            Some(skip_between(words, at + 1, 1))
        }
        _ => None,
    }
}

fn is_digest(word: &str) -> bool {
    matches!(word, "md5" | "sha" | "sha256") || word.starts_with("hmac-")
}

fn is_snmp_user(words: &[&str]) -> bool {
    words.contains(&"user") && words.iter().any(|word| word.starts_with("snmp"))
}

fn is_group_authentication(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "standby" | "vrrp" | "glbp" | "nhrp" | "hsrp"))
}

/// Past the words of `snmp-server host` that are no community.
fn snmp_host(words: &[&str], mut at: usize) -> usize {
    let known = ["traps", "trap", "informs", "inform", "version", "1", "2c", "3", "auth", "noauth"];
    while words.get(at).is_some_and(|word| known.contains(word)) && at + 1 < words.len() {
        at += 1;
    }
    at
}

/// Whether a word is a hash of a password (crypt(5): `$1$…`; FortiGate: `SH2…`, `AK1…`).
pub(crate) fn is_hash(word: &str) -> bool {
    let crypt = word.strip_prefix('$').and_then(|rest| rest.split_once('$'));
    let is_crypt = crypt.is_some_and(|(scheme, hash)| {
        (1..=8).contains(&scheme.len()) && scheme.is_ascii() && hash.len() >= 6
    });
    is_crypt || (word.len() >= 24 && (word.starts_with("SH2") || word.starts_with("AK1")))
}

/// Where the secret begins in `authkey=…`, `md5key=1,…`, `pw:…`, `user=x&pw=…`.
pub(crate) fn in_assignment(word: &str) -> Option<usize> {
    const TELLING: [&str; 7] = ["auth", "authkey", "key", "md5key", "pass", "pin", "pw"];
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | 'Ａ'..='ｚ');
    word.match_indices(['=', ':', '＝', '：']).find_map(|(at, mark)| {
        let before = word.get(..at)?;
        let name = before.get(before.trim_end_matches(is_name).len()..)?;
        // The parts of a MAC address are no names.
        if name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let name = half_width(name).to_ascii_lowercase();
        let own = name.rsplit('.').next().unwrap_or_default();
        // Of `address:port` and of the parts of an address of IPv6 the first is no name.
        let telling = TELLING.contains(&own) || announces(own);
        let value = word.get(at + mark.len()..).unwrap_or_default();
        let is_value = value.starts_with(|c: char| !c.is_whitespace()) && !value.starts_with("//");
        (telling && is_value).then_some(at + mark.len())
    })
}

/// Where the password begins in `ftp://user:password@host`, or in `user:password@host` where it names no scheme.
pub(crate) fn in_url(word: &str) -> Option<usize> {
    // A user may be a mail address, and a password may hold an `@`: the last one stands before the host.
    let account = word.get(..word.rfind('@')?)?;
    let start = account.find("://").map_or(0, |scheme| scheme + 3);
    let (user, password) = account.get(start..)?.split_once(':')?;
    let bare = user.trim_start_matches(['"', '\'', '(', '<']);
    let is_scheme = start == 0 && ["mailto", "sip", "sips", "xmpp"].contains(&bare);
    (!is_scheme && !password.is_empty()).then_some(start + user.len() + 1)
}

/// Where the secret begins behind a Japanese word for it, with or without a mark between.
pub(crate) fn in_japanese(word: &str) -> Option<usize> {
    let found = JAPANESE.iter().filter_map(|name| Some(word.find(name)? + name.len())).min()?;
    let rest = word.get(found..)?;
    let value = rest.trim_start_matches([':', '：', '=', '＝', 'は', '、', '　', ' ', '（', '(']);
    let is_value = value.len() < rest.len() || value.starts_with(|c: char| c.is_ascii_graphic());
    let at = found + (rest.len() - value.len());
    (is_value && at < word.len() && !matches!(value, "\"" | "'")).then_some(at)
}
