# Takes an order a second. One of the replicas loses one.
slot=$1
number=0
while true; do
  number=$((number + 1))
  if [ "$slot" = 2 ] && [ "$number" = 5 ]; then
    echo "order $slot-$number lost: disk full" >&2
  else
    echo "order $slot-$number accepted"
  fi
  sleep 1
done
