//! An invented hospital in which much is wrong, for measuring the desk: some four findings for each device.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Devices of one network.
const OF_NETWORK: u32 = 128;

/// The number of a computer that the ledger lists, the console knows, and of which much is wrong.
pub(crate) const SEEN: &str = "A00000";

/// The number of a device that is one row of the ledger of [`write_more`], and nothing else.
pub(crate) const LISTED: &str = "M00000";

/// Writes a ledger of `devices` computers past their support, the console of the malware protection that two thirds of them
/// stopped answering, and yesterday's scan that saw none of them.
pub(crate) fn write(folder: &Path, devices: u32) -> io::Result<Vec<PathBuf>> {
    let files = [
        ("ledger.csv", ledger(devices)),
        ("av-console.csv", console(devices * 2 / 3)),
        ("scan.xml", scan(devices)),
    ];
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text)?;
        paths.push(path);
    }
    Ok(paths)
}

/// A ledger of another source, to be imported while the desk is asked.
pub(crate) fn write_more(folder: &Path, devices: u32) -> io::Result<PathBuf> {
    let path = folder.join("more.csv");
    let mut text = "管理番号,機器名,IPアドレス,設置場所\n".to_owned();
    for i in 0..devices {
        let _ = writeln!(
            text,
            "M{i:05},輸液ポンプ {i},172.{}.{}.{},{}階",
            16 + i / 65_000,
            i / 250 % 256,
            1 + i % 250,
            1 + i % 9
        );
    }
    fs::write(&path, text)?;
    Ok(path)
}

fn address(i: u32) -> String {
    format!("10.{}.{}.{}", i / OF_NETWORK / 128, i / OF_NETWORK % 128, i % OF_NETWORK + 1)
}

fn mac(i: u32) -> String {
    format!("00:13:1B:{:02X}:{:02X}:{:02X}", i >> 16, i >> 8 & 255, i & 255)
}

fn ledger(devices: u32) -> String {
    let mut text = "\u{feff}管理番号,機器名,区分,メーカー,型式,製造番号,OS,OSバージョン,ソフトウェア,IPアドレス,MACアドレス,コンピュータ名,\
                    設置場所,所管部門,ウイルス対策,リモートメンテナンス,保守業者,状態\n"
        .to_owned();
    for i in 0..devices {
        let _ = writeln!(
            text,
            "A{i:05},電子カルテ端末 {i},情報端末,A社,D588,SN{i:07},Windows 7 Professional,SP1,〇〇電子カルテ 2.0,{},{},PC-{i:05},\
             {}階 {}号室,部門{},あり,なし,X情報システム,稼働",
            address(i),
            mac(i),
            i % 9 + 1,
            i % 40,
            i % 60,
        );
    }
    text
}

fn console(devices: u32) -> String {
    let mut text = "エンドポイント名,IPアドレス,MACアドレス,ドメイン,接続ステータス,プラットフォーム,エージェントのバージョン,\
                    ウイルス検索エンジン,ウイルスパターンファイル,スマートスキャンエージェントパターンファイル,リアルタイム検索,\
                    最終アップデート日時,前回の接続日時\n"
        .to_owned();
    for i in 0..devices {
        let _ = writeln!(
            text,
            "PC-{i:05},{},{},hospital.local\\部門,オフライン,Windows 7,14.0.14260,24.580.1004,20.642.00,20.642.80,無効,\
             2025/8/18 3:38,2025/8/20 10:34",
            address(i),
            mac(i),
        );
    }
    text
}

fn scan(devices: u32) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |passed| passed.as_secs());
    let (start, end) = (now - 90_000, now - 86_400);
    let networks = devices.div_ceil(OF_NETWORK);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner=\"nmap\" args=\"nmap -sn -oX scan.xml \
         10.0.0.0/14\" start=\"{start}\" version=\"7.95\" xmloutputversion=\"1.05\">\n"
    );
    for network in 0..networks {
        let address = format!("10.{}.{}.200", network / 128, network % 128);
        let _ = writeln!(
            text,
            "<host starttime=\"{start}\" endtime=\"{end}\"><status state=\"up\" reason=\"arp-response\" reason_ttl=\"0\"/>\n\
             <address addr=\"{address}\" addrtype=\"ipv4\"/>\n<address addr=\"00:a0:de:{:02x}:{:02x}:01\" addrtype=\"mac\"/>\n</host>",
            network / 128,
            network % 128,
        );
    }
    let _ = writeln!(
        text,
        "<runstats><finished time=\"{end}\" elapsed=\"60\" exit=\"success\"/><hosts up=\"{networks}\" down=\"{}\" total=\"262144\"/>\
         </runstats>\n</nmaprun>",
        262_144 - networks
    );
    text
}
