"""A Freshdesk to rehearse with: real HTTP, real shapes and headers, its own small store, and faults on request.

Written from what is publicly documented and recorded of the real one's behaviour. Imports nothing of the desk.
"""

from demo.freshdesk.simulator import Simulator

__all__ = ["Simulator"]
