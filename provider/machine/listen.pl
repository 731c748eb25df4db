# Answers on the ports of $ports ("tcp/2377 udp/4789") at $address for two minutes, or until it is killed. Prints
# "busy PORT" for one that something else has, then "ready PID".
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

our ($address, $ports);
$| = 1;
alarm 120;
my $select = IO::Select->new;
my %protocol;
for my $port (split ' ', $ports) {
  my ($protocol, $number) = split '/', $port;
  my @listen = $protocol eq 'tcp' ? (Listen => 16, ReuseAddr => 1) : ();
  my $socket = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $number, Proto => $protocol, @listen);
  if (!$socket) { print "busy $port\n"; next }
  $protocol{$socket} = $protocol;
  $select->add($socket);
}
print "ready $$\n";
for (;;) {
  for my $socket ($select->can_read) {
    if ($protocol{$socket} eq 'tcp') {
      my $peer = $socket->accept or next;
      print $peer "here\n";
      close $peer;
    } else {
      $socket->recv(my $word, 64) // next;
      $socket->send('here');
    }
  }
}
