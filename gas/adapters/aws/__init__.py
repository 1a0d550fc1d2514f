"""The ports on AWS. Whoever runs us says where AWS is, by the SDK's own environment variables."""

from gas.adapters.aws.wiring import AwsPorts, aws_ports

__all__ = ["AwsPorts", "aws_ports"]
