# Tries the ports of $doors ("10.0.0.2/tcp/2377 ...") and prints those that do not answer.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

our $doors;
for my $door (split ' ', $doors) {
  my ($address, $protocol, $number) = split '/', $door;
  print "$door\n" unless answers($address, $protocol, $number);
}

sub answers {
  my ($address, $protocol, $number) = @_;
  my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $number, Proto => $protocol, Timeout => 3);
  return 0 unless $socket;
  for (1 .. 3) {
    $socket->send('anybody?') if $protocol eq 'udp';
    next unless IO::Select->new($socket)->can_read(2);
    $socket->recv(my $word, 64);
    return ($word // '') =~ /^here/;
  }
  return 0;
}
