@echo off
rem Mimawari collector 1.0: asks this PC about itself. Reads only. Writes only into one new folder beside this file.
rem See docs/collector.md for every line.
setlocal EnableExtensions DisableDelayedExpansion
set "VERSION=1.0"
set "SYS=%SystemRoot%\System32"
set "PS=%SYS%\WindowsPowerShell\v1.0\powershell.exe"
set "STAMP="
for /f %%T in ('%PS% -NoProfile -NonInteractive -Command "Get-Date -Format yyyyMMdd-HHmmss" 2^>nul') do set "STAMP=%%T"
if not defined STAMP for /f "tokens=2 delims==." %%T in ('%SYS%\wbem\wmic.exe os get LocalDateTime /value 2^>nul') do set "STAMP=%%T"
if defined STAMP set "STAMP=%STAMP:~0,8%-%STAMP:~-6%"
set "OUT=%~dp0%COMPUTERNAME%_%STAMP%"
if not defined STAMP set "OUT=%~dp0%COMPUTERNAME%_notime-%RANDOM%%RANDOM%"
if exist "%OUT%" goto exists
mkdir "%OUT%"
if errorlevel 1 goto nofolder
set "LIST=%OUT%\mimawari-collect.txt"
set "COUNT=0"
echo.
echo Mimawari collector %VERSION%: reads only, writes only into the folder named below.
echo 見回り: このパソコン(%COMPUTERNAME%)の様子を書き出します。
echo 設定は何も変えません。書き込むのは次のフォルダーの中だけです。
echo   "%OUT%"
echo 数分かかることがあります。終わるまで、この画面を閉じないでください。
echo.
>"%LIST%" echo mimawari-collect 1
>>"%LIST%" echo computer=%COMPUTERNAME%
>>"%LIST%" echo time=%STAMP%
>>"%LIST%" echo script=%VERSION%
echo [1/9] ネットワークの設定を読んでいます(ipconfig /all)
"%SYS%\ipconfig.exe" /all >"%OUT%\ipconfig.txt" 2>nul
call :note ipconfig.txt %errorlevel% "ipconfig /all"
echo [2/9] ネットワーク カードの一覧を読んでいます(getmac)
"%SYS%\getmac.exe" /v /fo csv >"%OUT%\getmac.csv" 2>nul
call :note getmac.csv %errorlevel% "getmac /v /fo csv"
echo [3/9] 近くの機器の一覧を読んでいます(arp -a)
"%SYS%\arp.exe" -a >"%OUT%\arp.txt" 2>nul
call :note arp.txt %errorlevel% "arp -a"
echo [4/9] 開いている通信を読んでいます(netstat -ano)
"%SYS%\netstat.exe" -ano >"%OUT%\netstat.txt" 2>nul
call :note netstat.txt %errorlevel% "netstat -ano"
echo [5/9] Windows の版を読んでいます(ver)
ver >"%OUT%\ver.txt" 2>nul
call :note ver.txt %errorlevel% "ver"
echo [6/9] Windows の情報を読んでいます(systeminfo)
"%SYS%\systeminfo.exe" >"%OUT%\systeminfo.txt" 2>nul
call :note systeminfo.txt %errorlevel% "systeminfo"
echo [7/9] 更新プログラムの一覧を読んでいます(Get-HotFix)
"%PS%" -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; Get-HotFix | Select-Object PSComputerName,CSName,HotFixID,Description,@{n='InstalledOn';e={if($_.InstalledOn){$_.InstalledOn.ToString('yyyy/MM/dd',[Globalization.CultureInfo]::InvariantCulture)}}} | ConvertTo-Csv -NoTypeInformation" <nul >"%OUT%\hotfix.csv" 2>nul
call :note hotfix.csv %errorlevel% "Get-HotFix"
echo [8/9] ウイルス対策(Microsoft Defender)の状態を読んでいます(Get-MpComputerStatus)
"%PS%" -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; Get-MpComputerStatus | Select-Object AMEngineVersion,AMProductVersion,AMRunningMode,AMServiceEnabled,AntivirusEnabled,AntivirusSignatureAge,AntivirusSignatureLastUpdated,AntivirusSignatureVersion,RealTimeProtectionEnabled | ConvertTo-Json" <nul >"%OUT%\defender.json" 2>nul
call :note defender.json %errorlevel% "Get-MpComputerStatus"
echo [9/9] 隣の機器の一覧を読んでいます(Get-NetNeighbor)
"%PS%" -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; Get-NetNeighbor | Select-Object ifIndex,IPAddress,LinkLayerAddress,@{n='State';e={[int]$_.State}} | ConvertTo-Csv -NoTypeInformation" <nul >"%OUT%\neighbors.csv" 2>nul
call :note neighbors.csv %errorlevel% "Get-NetNeighbor"
>>"%LIST%" echo end=%COUNT%
echo.
echo 終わりました。次のフォルダーを、見回りの入ったパソコンへ持って行ってください。
echo   "%OUT%"
echo.
if not "%~1"=="/q" pause
exit /b 0

:note
set "SIZE=0"
for %%F in ("%OUT%\%~1") do set "SIZE=%%~zF"
>>"%LIST%" echo output=%~1^|%2^|%SIZE%^|%~3
set /a COUNT+=1
if not "%2"=="0" echo       この項目は、このパソコンでは読めませんでした。そのまま続けます。
exit /b 0

:exists
echo 同じ名前のフォルダーがすでにあります。1 秒待って、もう一度実行してください。
echo   "%OUT%"
if not "%~1"=="/q" pause
exit /b 1

:nofolder
echo フォルダーを作れませんでした。USBメモリーが書き込み禁止でないか、空きがあるかを確かめてください。
echo   "%OUT%"
if not "%~1"=="/q" pause
exit /b 1
