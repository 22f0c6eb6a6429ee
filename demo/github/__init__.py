"""A GitHub to rehearse with: issues, code and workflows over real HTTP, ETags and limits, and faults on request.

Written from GitHub's public documentation of its REST API. Imports nothing of the desk.
"""

from demo.github.simulator import Simulator

__all__ = ["Simulator"]
