#!/bin/sh
# Starts several Storyboards on Payara Micro that share one PostgreSQL, one for each port of a list. Each shows the stories of all,
# and when one ends the others go on with its stories. They listen on this machine only.
#
#   DATABASE_URL=jdbc:postgresql://localhost:5432/storyboard ./run.sh 8080 8081
#
# Without arguments the ports are 8080 and 8081. Ctrl-C stops all; each line of output begins with the port whose it is.
#
# Database:        DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD
# Backends:        COMFYUI_URL, LLM_PROVIDER, LLM_URL, LLM_MODEL, LLM_API_KEY, as docs/sample.md says; all Storyboards need the
#                  same ones. Without COMFYUI_URL, or without LLM_PROVIDER and LLM_URL, they share a simulator.
# What listens:    HOST (127.0.0.1), the address of the applications, 0.0.0.0 for all
# Programs, files: STORYBOARD_HOME (sample-app/micro/target/storyboard, as built by ./mvnw package -DskipTests -pl sample-app/micro -am)
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=${STORYBOARD_HOME:-$here/../../sample-app/micro/target/storyboard}

fail() {
    echo "run.sh: $*" >&2
    exit 1
}

[ -n "${DATABASE_URL:-}" ] || fail "DATABASE_URL is missing; for example DATABASE_URL=jdbc:postgresql://localhost:5432/storyboard"
[ -f "$home/storyboard.jar" ] || fail "$home/storyboard.jar is missing; build it: ./mvnw package -DskipTests -pl sample-app/micro -am"
[ $# -gt 0 ] || set -- 8080 8081
for port in "$@"; do
    case $port in '' | *[!0-9]*) fail "$port is not a port; usage: run.sh PORT PORT ..." ;; esac
done

work=$(mktemp -d)
simulators=
started=
stop() {
    trap '' HUP INT TERM
    for process in $started $simulators; do kill "$process" 2>/dev/null || true; done
}
trap 'rm -rf "$work"' EXIT
trap stop HUP INT TERM

# starts Java with a name before each line of its output
start() {
    name=$1
    shift
    mkfifo "$work/$name"
    while IFS= read -r line; do printf '%s: %s\n' "$name" "$line"; done <"$work/$name" &
    java "$@" >"$work/$name" 2>&1 &
    started="$started $!"
}

# in a process of their own, because jobs belong to the address of their ComfyUI, which has to outlive each Storyboard
if [ -z "${COMFYUI_URL:-}" ] || [ -z "${LLM_PROVIDER:-}${LLM_URL:-}" ]; then
    java -cp "$home/simulators/*" org.genaiconnector.testkit.Main 0 0 >"$work/simulators" &
    simulators=$!
    until grep -q 'Ctrl-C' "$work/simulators"; do
        kill -0 "$simulators" 2>/dev/null || fail "the simulators do not start"
        sleep 1
    done
    address() { sed -n "s|.* $1=\([^ ]*\).*|\1|p" "$work/simulators"; }
    if [ -z "${COMFYUI_URL:-}" ]; then export COMFYUI_URL="$(address COMFYUI_URL)"; fi
    if [ -z "${LLM_PROVIDER:-}${LLM_URL:-}" ]; then
        export LLM_PROVIDER=LOCAL LLM_URL="$(address LLM_URL)" LLM_MODEL=simulator
    fi
    echo "Simulators: ComfyUI at $COMFYUI_URL, LLM at ${LLM_URL:-$LLM_PROVIDER}"
fi

for port in "$@"; do
    start "$port" -jar "$home/storyboard.jar" --port "$port"
done
# the first "wait" for a process ends with a signal, too, the second with the process
for process in $started; do
    wait "$process" || wait "$process" || true
done
stop
wait
