"""The ports of ``gas.ports`` made real: on AWS, and in memory with the same behaviour."""
