"""moto's server, with one thing as EC2 has it.

A terminated instance takes its first network interface along, and with it its private address is free. In moto 5.2.5
the interface stays unless the request said otherwise, and a next instance of that address is answered with 500, which
clients try again for minutes.
"""

from moto.ec2.models.instances import Instance
from moto.server import main

terminate = Instance.terminate


def terminate_with_interface(self):
    first = self.nics.get(0)
    if first is not None:
        first.delete_on_termination = first.id in self.ec2_backend.enis
    return terminate(self)


Instance.terminate = terminate_with_interface
main()
