# Counts what is in stock, if it is told where that stands.
echo "stock: starting"
if [ -z "${STOCK_FILE:-}" ]; then
  sleep 1
  echo "stock: FATAL: STOCK_FILE is not set, nothing to count" >&2
  exit 1
fi
echo "stock: ready, counting $STOCK_FILE"
exec sleep 1000000
