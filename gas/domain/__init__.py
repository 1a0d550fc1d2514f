"""The rules of GAS: job, result and plan, their states and their errors. Pure: no I/O."""
