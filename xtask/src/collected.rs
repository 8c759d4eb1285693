//! Invented folders of the collecting script for measurements: what up to 300 PCs say of themselves, the same bytes every time.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// PCs of a hospital of some 200 beds.
const MOST: u32 = 300;

/// An output: its file, and what it says of PC `i`.
type Output = (&'static str, fn(u32) -> String);

const OUTPUTS: [Output; 8] = [
    ("ipconfig.txt", ipconfig),
    ("arp.txt", arp),
    ("systeminfo.csv", systeminfo),
    ("netstat.txt", netstat),
    ("getmac.csv", getmac),
    ("ver.txt", ver),
    ("defender.json", defender),
    ("hotfix.csv", hotfix),
];

/// Writes `files` outputs into folders with a manifest each, and says how many folders there are: three PCs for five files.
pub(crate) fn write(root: &Path, files: u32) -> io::Result<u32> {
    let pcs = (files * 3 / 5).clamp(1, MOST);
    let mut manifests: Vec<String> = (0..pcs).map(manifest).collect();
    for file in 0..files {
        let pc = file % pcs;
        let kind = (file / pcs + pc) as usize % OUTPUTS.len();
        let (name, output) = OUTPUTS[kind];
        let text = output(pc);
        let folder = root.join(folder(pc));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), &text)?;
        if let Some(manifest) = manifests.get_mut(pc as usize) {
            let _ = write!(manifest, "output={name}|0|{}|command\r\n", text.len());
        }
    }
    for (pc, manifest) in (0..pcs).zip(manifests) {
        fs::write(root.join(folder(pc)).join("mimawari-collect.txt"), manifest + "end=1\r\n")?;
    }
    Ok(pcs)
}

fn folder(pc: u32) -> String {
    format!("{}_20261120-091000", name(pc))
}

fn manifest(pc: u32) -> String {
    format!("mimawari-collect 1\r\ncomputer={}\r\ntime=20261120-091000\r\nscript=1.0\r\n", name(pc))
}

fn name(pc: u32) -> String {
    format!("HIS-{pc:03}")
}

fn address(pc: u32) -> String {
    format!("10.100.{}.{}", 10 + pc / 200, 1 + pc % 200)
}

fn card(pc: u32) -> String {
    format!("00-1B-21-10-{:02X}-{:02X}", pc >> 8, pc & 255)
}

fn ipconfig(pc: u32) -> String {
    format!(
        "\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . . . . . . . . . : {}\r\n   Primary Dns Suffix  . . . . . . . : minato.local\r\n\r\nEthernet adapter Ethernet:\r\n\r\n   Description . . . . . . . . . . . : Intel(R) Ethernet Connection (2) I219-LM\r\n   Physical Address. . . . . . . . . : {}\r\n   DHCP Enabled. . . . . . . . . . . : No\r\n   IPv4 Address. . . . . . . . . . . : {}(Preferred) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.254.0\r\n   Default Gateway . . . . . . . . . : 10.100.10.254\r\n   DNS Servers . . . . . . . . . . . : 10.100.1.1\r\n",
        name(pc),
        card(pc),
        address(pc)
    )
}

fn arp(pc: u32) -> String {
    let mut text = format!(
        "\r\nInterface: {} --- 0xc\r\n  Internet Address      Physical Address      Type\r\n",
        address(pc)
    );
    for other in (1..60).map(|step| (pc + step * 7) % MOST).filter(|other| *other != pc) {
        let card = card(other).to_lowercase();
        let _ = write!(text, "  {:<21} {card}     dynamic   \r\n", address(other));
    }
    text + "  10.100.11.255         ff-ff-ff-ff-ff-ff     static    \r\n"
}

fn systeminfo(pc: u32) -> String {
    format!(
        "\"Host Name\",\"OS Name\",\"OS Version\",\"Product ID\",\"Original Install Date\",\"System Boot Time\",\"System Manufacturer\",\"System Model\",\"Domain\",\"Hotfix(s)\",\"Network Card(s)\"\r\n\"{}\",\"Microsoft Windows 11 Pro\",\"10.0.22631 N/A Build 22631\",\"00330-00000-00000-AA000\",\"3/28/2024, 9:00:00 AM\",\"11/20/2026, 8:00:00 AM\",\"A\",\"M-1\",\"minato.local\",\"2 Hotfix(s) Installed.,[01]: KB5068861,[02]: KB5066131\",\"1 NIC(s) Installed.,[01]: Intel(R) Ethernet,      Connection Name: Ethernet,      [01]: {}\"\r\n",
        name(pc),
        address(pc)
    )
}

fn netstat(pc: u32) -> String {
    let own = address(pc);
    format!(
        "\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State           PID\r\n  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       888\r\n  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4\r\n  TCP    {own}:49801      10.100.1.1:445         ESTABLISHED     4\r\n  UDP    0.0.0.0:123            *:*                                    2210\r\n"
    )
}

fn getmac(pc: u32) -> String {
    format!(
        "\"Connection Name\",\"Network Adapter\",\"Physical Address\",\"Transport Name\"\r\n\"Ethernet\",\"Intel(R) Ethernet Connection\",\"{}\",\"\\Device\\Tcpip_{{1}}\"\r\n",
        card(pc)
    )
}

fn ver(_: u32) -> String {
    "\r\nMicrosoft Windows [Version 10.0.22631.4460]\r\n".to_owned()
}

fn defender(_: u32) -> String {
    "{\"AMEngineVersion\":\"1.1.25090.3009\",\"AMRunningMode\":\"Normal\",\"AntivirusEnabled\":true,\"AntivirusSignatureAge\":1,\"AntivirusSignatureLastUpdated\":\"\\/Date(1795046400000)\\/\",\"AntivirusSignatureVersion\":\"1.439.102.0\",\"RealTimeProtectionEnabled\":true}\r\n".to_owned()
}

fn hotfix(pc: u32) -> String {
    format!(
        "\"PSComputerName\",\"InstalledOn\",\"Description\",\"HotFixID\",\"InstalledBy\"\r\n\"{}\",\"2026/11/12 0:00:00\",\"Security Update\",\"KB5068861\",\"\"\r\n",
        name(pc)
    )
}
