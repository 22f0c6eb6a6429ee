"""The mirror of Freshdesk against its simulator: credits, the busiest minute, memory, and tickets written a second.

The large run (BENCH_SIZE=1000000) compares the memory of importing 100,000 tickets with that of 10,000; else it is 10,000 with 1,000.
"""
