#!/bin/sh
# Starts Payara Micro with the GenAI connector, its pools and an application that uses them. It listens on this machine only.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./run.sh app.war
#
# Everything after the first argument goes to Payara Micro, before its own: ./run.sh app.war --port 8081
#
# What listens:    GENAI_HOST (127.0.0.1), the address of the applications, 0.0.0.0 for all; GENAI_GRID (none), the address of
#                  Payara's data grid, which other Micros join; a client that reaches it can run code here
# Programs, files: PAYARA_MICRO (payara-micro.jar), GENAI_RAR, GENAI_METRICS_WAR (none: no /metrics of the pools), GENAI_BOOT
#                  (the boot commands; the file lists the variables that configure the pools)
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
micro=${PAYARA_MICRO:-payara-micro.jar}
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
metrics=${GENAI_METRICS_WAR:-$here/../metrics/target/genai-connector-metrics.war}
boot=${GENAI_BOOT:-$here/boot-commands.txt}

fail() {
    echo "run.sh: $*" >&2
    exit 1
}

for file in "${1:?the application (WAR) is missing}" "$micro" "$rar" "$boot"; do
    [ -f "$file" ] || fail "$file is missing"
done
application=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# the adapter's path in the boot commands is relative: this copy of them has the absolute one
sed "s|^\(deploy --name genai-connector\) .*|\1 $rar|" "$boot" >"$work/after"
http=configs.config.server-config.network-config
{
    echo "set $http.network-listeners.network-listener.http-listener.address=${GENAI_HOST:-127.0.0.1}"
    # the headers that reveal the version of Payara Micro
    echo "set $http.protocols.protocol.http-listener.http.server-header=false"
    echo "set $http.protocols.protocol.http-listener.http.xpowered-by=false"
} >"$work/before"

log=own
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    case $(printf '%s' "$argument" | tr '[:upper:]' '[:lower:]') in
        # together with --nohazelcast it makes Micro start the grid anyway, on all addresses
        --nocluster | --nohazelcast) continue ;;
        --prebootcommandfile)
            [ "$count" -gt 0 ] || fail "$argument needs a file"
            cat -- "$1" >>"$work/before"
            shift
            count=$((count - 1))
            continue
            ;;
        --postbootcommandfile) fail "name the boot commands with GENAI_BOOT, not with $argument" ;;
        --logproperties) log=given ;;
    esac
    set -- "$@" "$argument"
done
if [ -n "${GENAI_GRID:-}" ]; then
    set -- "$@" --interfaces "$GENAI_GRID"
    grid=-Dhazelcast.socket.bind.any=false # or it would listen on all addresses, whatever the interfaces
else
    set -- "$@" --nohazelcast
    grid=
fi
if [ $log = own ]; then
    set -- "$@" --logproperties "$here/logging.properties"
    # says the same, and would have the server log without time and logger from then on
    grep -v '^set-log-levels ' "$work/after" >"$work/quiet" && mv "$work/quiet" "$work/after"
fi
set -- "$@" --prebootcommandfile "$work/before" --postbootcommandfile "$work/after" --deploy "$application"
if [ -f "$metrics" ]; then set -- "$@" --deploy "$metrics"; fi

# by its name the server would tell its version in the pages it makes for errors
java -Dproduct.name= $grid -jar "$micro" "$@" &
server=$!
trap 'kill "$server"' HUP INT TERM
wait "$server" || wait "$server" # the first one ends with the signal, the second with the server
