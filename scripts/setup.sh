# Sourced by ./run, ./test and .ci/run: what all three need before they can start. Works with bash 3.2, which macOS has.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$root/.followup

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false
# No build process stays behind when the script has ended.
export MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# quietly WHAT COMMAND...: shows the command's output only when it fails, with WHAT as the reason.
# 9 is the lock (see hold): a build server that outlives the build must not go on holding it.
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

# publish FOLDER: builds the program into the folder, from exactly the packages in the lock files. Compiled ahead of time it starts in half the time.
# Where the compiler, a package of its own, cannot be had or does not exist for this machine, the program is built without. The build has its own
# folder, apart from the developer's bin/ and obj/, and uses no build server, which would outlive the script.
publish() {
  local build=(dotnet publish "$root/src/Web" -c Release -o "$1" --artifacts-path "$work/build" -p:UseAppHost=false
    -p:RestoreLockedMode=true --disable-build-servers)
  local log=$work/ahead-of-time.log
  if "${build[@]}" -p:PublishReadyToRun=true >"$log" 2>&1 9>&- </dev/null; then return; fi
  # Crossgen is the compiler. NU1004 means that the lock file does not match: by this machine, or by packages that were changed.
  if ! grep -qiE 'crossgen|\.App\.Runtime\.|NU1004' "$log"; then
    cat "$log" >&2
    fail "The build failed (see above)."
  fi
  log=$work/build.log
  if ! "${build[@]}" >"$log" 2>&1 9>&- </dev/null; then
    cat "$log" >&2
    if grep -q NU1004 "$log"; then fail "The lock files do not match the packages that the projects name: run 'dotnet restore', then try again."; fi
    fail "The build failed (see above)."
  fi
  say "(The program was not compiled ahead of time and starts more slowly than it could: $work/ahead-of-time.log says why.)"
}

# tune: what the runtime of the program is told and cannot be told by a file beside it. New objects get 64 MiB before they are looked through, in
# place of what it takes from the processor's cache: less than half as many interruptions (docs/adr/0048).
tune() { export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x4000000}; }

# writable FOLDER: makes the folder, or says whose it is and what to do.
writable() {
  if mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; then return; fi
  local there=$1 me advice
  me=$(id -un)
  until [ -e "$there" ]; do there=$(dirname "$there"); done
  case $there in
    "$root"*) advice="use a checkout of your own, or take this one over with: sudo chown -R $me '$root'" ;;
    *) advice="choose another folder." ;;
  esac
  fail "$me may not write to $there, which belongs to $(ls -ld "$there" | awk '{ print $3 }'): $advice"
}

use_dotnet() {
  local folder
  for folder in "" "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/lib64/dotnet /usr/local/share/dotnet; do
    if "${folder:+$folder/}dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      if [ -n "$folder" ]; then export DOTNET_ROOT=$folder PATH=$folder:$PATH; fi
      return
    fi
  done
  fail "FollowUp needs the .NET 10 SDK: get it from https://dotnet.microsoft.com/download/dotnet/10.0, or without root by" \
    "'curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0', which puts it into ~/.dotnet, where it is found."
}

# dotnet keeps packages and settings in the home directory; where there is none to write to, a folder here takes its place.
use_home() {
  if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then return; fi
  local settings=${HOME:-}/.nuget/NuGet/NuGet.Config
  writable "$work/home/.nuget/NuGet"
  if [ -r "$settings" ]; then cp "$settings" "$work/home/.nuget/NuGet/NuGet.Config"; fi
  export HOME=$work/home DOTNET_CLI_HOME=$work/home
}

# The program looks in the same places: src/Embedded/PostgresPrograms.cs
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
  # Debian makes and starts a cluster of its own with the package. Nobody asked for that one; the next installation is the owner's business again.
  local conf=/etc/postgresql-common/createcluster.d/followup.conf status=0
  "$@" mkdir -p "$(dirname "$conf")"
  echo 'create_main_cluster = false' | "$@" tee "$conf" >/dev/null
  "$@" apt-get -q update || say "(going on with the package lists that are there)"
  "$@" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends postgresql || status=$?
  "$@" rm -f "$conf"
  return "$status"
}

# choose_manager WHAT BY_HAND: sets manager to the system's package manager and as_root to what runs it as root, or says what to do by hand.
choose_manager() {
  as_root=env
  for manager in apt-get dnf yum apk zypper pacman none; do
    if [ "$manager" = none ]; then fail "$1 is missing, and there is no package manager here that FollowUp knows: $2"; fi
    if command -v "$manager" >/dev/null; then break; fi
  done
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then
      as_root="sudo -n"
    elif [ -t 0 ] && command -v sudo >/dev/null; then
      say "$1 is missing: sudo may ask for your password to install it with $manager."
      sudo -v || fail "$1 is missing, and sudo did not let $(id -un) install it: $2"
      as_root="sudo -n"
    else
      fail "$1 is missing, and $(id -un) may not install it: $2"
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
    has_postgres || fail "PostgreSQL was installed with brew, but initdb is nowhere to be found: name its folder in FOLLOWUP_PG_BIN."
    return
  fi

  choose_manager PostgreSQL "install PostgreSQL (any version from 13), or set ConnectionStrings__FollowUp to a server of yours."
  # $as_root is one or two words, deliberately unquoted.
  case $manager in
    apt-get) quietly "Installing PostgreSQL with apt-get" install_with_apt $as_root ;;
    dnf | yum) quietly "Installing PostgreSQL with $manager" $as_root "$manager" -y install postgresql-server ;;
    apk) quietly "Installing PostgreSQL with apk" $as_root apk add postgresql ;;
    zypper) quietly "Installing PostgreSQL with zypper" $as_root zypper --non-interactive install postgresql-server ;;
    pacman) quietly "Installing PostgreSQL with pacman" $as_root pacman -S --noconfirm --needed postgresql ;;
  esac
  has_postgres || fail "PostgreSQL was installed with $manager, but initdb is nowhere to be found: name its folder in FOLLOWUP_PG_BIN."
}

# Sets FOLLOWUP_CHROMIUM to the browser that the tests show mails with.
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
    choose_manager Chromium "install Chromium, or name a Chromium or Chrome in FOLLOWUP_CHROMIUM."
    # $as_root is one or two words, deliberately unquoted.
    case $manager in
      apt-get)
        $as_root apt-get -q update >/dev/null 2>&1 || say "(going on with the package lists that are there)"
        quietly "Installing Chromium with apt-get" $as_root env DEBIAN_FRONTEND=noninteractive \
          apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends chromium
        ;;
      dnf | yum) quietly "Installing Chromium with $manager" $as_root "$manager" -y install chromium ;;
      apk) quietly "Installing Chromium with apk" $as_root apk add chromium ;;
      zypper) quietly "Installing Chromium with zypper" $as_root zypper --non-interactive install chromium ;;
      pacman) quietly "Installing Chromium with pacman" $as_root pacman -S --noconfirm --needed chromium ;;
    esac
  fi
  has_chromium || fail "Chromium was installed, but is nowhere to be found: name it in FOLLOWUP_CHROMIUM."
}

# hold NAME: one at a time in this checkout, because two builds would write the same files. macOS has no flock; there, a folder is the lock.
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
    [ "$tries" -le 900 ] || fail "Another $1 in this checkout did not end within 15 minutes: if there is none, delete $lock.d"
    sleep 1
  done
  echo $$ >"$lock.d/pid"
}

# For the exit trap of whoever holds a lock.
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
