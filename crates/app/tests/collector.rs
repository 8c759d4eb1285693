//! The collecting script by its text: what it runs, where it writes, and that its page tells all of it.

use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn bytes() -> Vec<u8> {
    fs::read(root().join("collector/mimawari-collect.bat")).unwrap()
}

fn lines() -> Vec<String> {
    let bytes = bytes();
    let text = formats::text::decode(&bytes).unwrap();
    assert_eq!((text.encoding, text.newline), ("cp932", Some("crlf")));
    text.lines().map(|line| line.text.to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The line without what stands in quotes, so that what is left is what the command processor acts on.
fn outside_quotes(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Where each redirection of a line leads.
fn targets(line: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let (mut quoted, mut at) = (false, 0);
    while let Some(letter) = line[at..].chars().next() {
        let here = &line[at..];
        at += letter.len_utf8();
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let rest = here.trim_start_matches('>').trim_start();
                at = line.len() - rest.len();
                let end = match rest.strip_prefix('"') {
                    Some(inside) => inside.find('"').unwrap() + 2,
                    None => rest.find([' ', '\'', ')']).unwrap_or(rest.len()),
                };
                targets.push(rest[..end].to_owned());
                at += end;
            }
            _ => {}
        }
    }
    targets
}

#[test]
fn every_line_stands_in_its_page() {
    let page = fs::read_to_string(root().join("docs/collector.md")).unwrap();
    for line in lines() {
        assert!(page.lines().any(|told| told == line), "not told: {line}");
    }
}

#[test]
fn it_writes_only_into_its_own_folder() {
    let mut folder_made = 0;
    for line in lines() {
        for target in targets(&line) {
            let own = target == "\"%LIST%\"" || target.starts_with("\"%OUT%\\");
            assert!(own && !target.contains("..") || target == "nul", "{target}: {line}");
        }
        if line.starts_with("mkdir") {
            assert_eq!(line, "mkdir \"%OUT%\"");
            folder_made += 1;
        }
        if line.contains("set \"OUT=") {
            assert!(line.contains("set \"OUT=%~dp0%COMPUTERNAME%_"), "{line}");
        }
        if line.contains("set \"LIST=") {
            assert_eq!(line, "set \"LIST=%OUT%\\mimawari-collect.txt\"");
        }
    }
    assert_eq!(folder_made, 1);
}

#[test]
fn it_runs_nothing_but_what_reads() {
    const PROGRAMS: [&str; 5] = [
        "arp.exe\" -a",
        "getmac.exe\" /v /fo csv",
        "ipconfig.exe\" /all",
        "netstat.exe\" -ano",
        "systeminfo.exe\"",
    ];
    const WORDS: [&str; 15] = [
        "@echo", "call", "echo", "echo.", "exit", "for", "goto", "if", "mkdir", "pause", "rem",
        "set", "setlocal", "ver", "\"%PS%\"",
    ];
    for line in lines().iter().map(|line| line.trim_start()) {
        let line = line.trim_start_matches(['>']).trim_start_matches("\"%LIST%\" ");
        let first = line.split_whitespace().next().unwrap();
        if let Some(program) = line.strip_prefix("\"%SYS%\\") {
            let call = program.split(" >\"%OUT%").next().unwrap();
            assert!(PROGRAMS.contains(&call), "{line}");
        } else if !first.starts_with(':') {
            assert!(WORDS.contains(&first), "{line}");
        }
        // A second command on the same line would escape this look.
        let bare = outside_quotes(line).replace("^|", "");
        assert!(!bare.contains('&') && !bare.contains('|'), "{line}");
    }
}

#[test]
fn its_powershell_only_asks_and_shapes() {
    const CMDLETS: [&str; 7] = [
        "Get-Date",
        "Get-HotFix",
        "Get-MpComputerStatus",
        "Get-NetNeighbor",
        "Select-Object",
        "ConvertTo-Csv",
        "ConvertTo-Json",
    ];
    let calls: Vec<String> = lines().into_iter().filter(|line| line.contains("-Command")).collect();
    assert_eq!(calls.len(), 4);
    for line in calls {
        let command = line.split("-Command \"").nth(1).unwrap().split('"').next().unwrap();
        let words = command.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        for word in words
            .filter(|word| word.contains('-') && word.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            assert!(CMDLETS.contains(&word), "{word}: {line}");
        }
        for forbidden in [
            "Invoke", "iex", "::Write", "Start-", "New-", "[IO", "&", "`", "Out-", "Set-",
            "Remove-",
        ] {
            assert!(!command.contains(forbidden), "{forbidden}: {line}");
        }
    }
}

#[test]
fn its_letters_mean_nothing_to_a_console_of_another_language() {
    // On a console that does not know CP932, the second half of a letter would be read as a sign of its own.
    for pair in
        bytes().windows(2).filter(|pair| pair[0] >= 0x81 && !(0xa0..0xe0).contains(&pair[0]))
    {
        assert!(!b"|^&<>%".contains(&pair[1]), "{pair:02x?}");
    }
}
