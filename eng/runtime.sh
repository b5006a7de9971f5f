# Sourced by ./stellarpay: which actor runtime is built and run (docs/decisions/0001-two-actor-runtimes.md).

REST=()
RUNTIME_OPTION=

take_runtime_option() { # ARGS...: takes --runtime out of them; the others are left in REST
  REST=()
  while [ $# -gt 0 ]; do
    case $1 in
      --runtime) [ $# -gt 1 ] || { echo "stellarpay: --runtime takes orleans or single-node" >&2; exit 2; }; RUNTIME_OPTION=$2; shift ;;
      --runtime=*) RUNTIME_OPTION=${1#--runtime=} ;;
      *) REST+=("$1") ;;
    esac
    shift
  done
}

choose_runtime() { # sets RUNTIME and RUNTIME_WHY
  case ${RUNTIME_OPTION:-${ActorRuntime:-}} in
    orleans|Orleans) RUNTIME=Orleans RUNTIME_WHY="it was asked for" ;;
    single-node|SingleNode) RUNTIME=SingleNode RUNTIME_WHY="it was asked for" ;;
    '') probe_orleans ;;
    *) echo "stellarpay: --runtime is '${RUNTIME_OPTION:-$ActorRuntime}'; it must be orleans or single-node" >&2; exit 2 ;;
  esac
  export ActorRuntime=$RUNTIME
}

# The answer is remembered for one version and one set of package sources, so that a run costs one restore, once.
probe_orleans() {
  local key answer=$ROOT/.stellarpay/actor-runtime
  key=$(cat Directory.Build.props eng/orleans-probe/*.csproj <(dotnet nuget list source 2>/dev/null) | sha256sum | cut -c1-16)
  if ! grep -q "^$key " "$answer" 2>/dev/null; then
    mkdir -p "$(dirname "$answer")"
    if dotnet restore eng/orleans-probe -v q -p:ActorRuntime=Orleans >/dev/null 2>&1
    then echo "$key Orleans" >"$answer"
    else echo "$key SingleNode" >"$answer"
    fi
  fi
  RUNTIME=$(cut -d' ' -f2 "$answer")
  case $RUNTIME in
    Orleans) RUNTIME_WHY="the package feed carries Orleans whole" ;;
    *) RUNTIME_WHY="the package feed does not carry Orleans whole" ;;
  esac
}
