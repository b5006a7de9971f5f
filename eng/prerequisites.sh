# Sourced by ./stellarpay: what must be on the machine, and how it gets there. Each step does nothing where it is done.

SUDO=()

need_root() { # WHAT PACKAGE...: fails with what to install where this user can't
  local what=$1; shift
  if [ "$(id -u)" -eq 0 ]; then SUDO=(); return; fi
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then SUDO=(sudo -n); return; fi
  echo "stellarpay: $what is missing and this user may not install it; run: apt-get install --no-install-recommends $*" >&2
  return 1
}

apt_install() { # WHAT PACKAGE...
  local what=$1; shift
  command -v apt-get >/dev/null || { echo "stellarpay: $what is missing; install it with this system's package manager" >&2; return 1; }
  need_root "$what" "$@" || return 1
  echo "installing $what ($*)"
  if ! DEBIAN_FRONTEND=noninteractive "${SUDO[@]}" apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1; then
    "${SUDO[@]}" apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive "${SUDO[@]}" apt-get install -y -q --no-install-recommends "$@" >/dev/null
  fi
}

check_dotnet() {
  command -v dotnet >/dev/null || { echo "stellarpay: the .NET SDK 10 is missing; see https://dotnet.microsoft.com/download" >&2; return 1; }
  dotnet --list-sdks | grep -q '^10\.' || { echo "stellarpay: .NET SDK 10 is needed; found: $(dotnet --list-sdks | tr '\n' ' ')" >&2; return 1; }
}

install_prerequisites() {
  check_dotnet
  [ -n "${STELLARPAY_POSTGRES:-}" ] || install_postgres
}

# For the tests alone; without it those that need a browser are skipped, and say so.
install_browser() {
  command -v chromium >/dev/null || apt_install Chromium chromium </dev/null || true
}

doctor() {
  echo ".NET SDK    $(command -v dotnet >/dev/null && dotnet --version || echo missing)"
  echo "PostgreSQL  $("$(postgres_bin)/postgres" --version 2>/dev/null || echo 'missing (apt package postgresql-15)')"
  [ -n "${STELLARPAY_POSTGRES:-}" ] && echo "            STELLARPAY_POSTGRES is set; no private cluster is started"
  echo "Node.js     $(command -v node >/dev/null && node --version || echo 'missing: the conformance tests and the look at payers'\'' pages are skipped')"
  echo "Chromium    $(command -v chromium || echo 'missing: the browser tests are skipped (apt package chromium)')"
}
