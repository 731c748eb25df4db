# Writes 12,000 numbered lines of 2,000 bytes to standard output as fast as it can, then how long that took into /written.
begun=$(date +%s)
awk 'BEGIN { pad = sprintf("%1990s", ""); gsub(/ /, "x", pad); for (i = 1; i <= 12000; i++) print i, pad }'
echo $(($(date +%s) - begun)) > /written
exec sleep 1000000
