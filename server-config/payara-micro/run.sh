#!/bin/sh
# Starts Payara Micro with the GenAI connector, its pools and an application that uses them.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./run.sh app.war
#
# Everything after the first argument goes to Payara Micro, before its own: ./run.sh app.war --port 8081
#
# PAYARA_MICRO (payara-micro.jar), GENAI_RAR, GENAI_METRICS_WAR (none: no /metrics of the pools), GENAI_BOOT (the boot
# commands) name the files; boot-commands.txt tells which variables are the pools' configuration.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
micro=${PAYARA_MICRO:-payara-micro.jar}
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
metrics=${GENAI_METRICS_WAR:-$here/../metrics/target/genai-connector-metrics.war}
boot=${GENAI_BOOT:-$here/boot-commands.txt}

for file in "${1:?the application (WAR) is missing}" "$micro" "$rar" "$boot"; do
    [ -f "$file" ] || { echo "run.sh: $file is missing" >&2; exit 1; }
done
application=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
shift

# the adapter's path in the boot commands is relative: this copy of them has the absolute one
commands=$(mktemp)
trap 'rm -f "$commands"' EXIT
sed "s|^\(deploy --name genai-connector\) .*|\1 $rar|" "$boot" >"$commands"
set -- "$@" --postbootcommandfile "$commands" --deploy "$application"
if [ -f "$metrics" ]; then set -- "$@" --deploy "$metrics"; fi

java -jar "$micro" "$@" &
server=$!
trap 'kill "$server"' HUP INT TERM
wait "$server" || wait "$server" # the first one ends with the signal, the second with the server
