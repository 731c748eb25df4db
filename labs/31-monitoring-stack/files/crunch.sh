# Works through what there is to do, which is little. One of the replicas is caught in a loop.
slot=$1 service=$2
caught=$((0x$(echo "$service" | md5sum | head -c 4) % 3 + 1))
if [ "$slot" = "$caught" ]; then
  while true; do :; done
fi
while true; do sleep 5; done
