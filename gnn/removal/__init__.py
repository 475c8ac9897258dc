"""What each piece of a cluster's evidence is worth: taken out, and the cluster scored again."""

from __future__ import annotations

from gnn.removal.explanation import Explanation as Explanation
from gnn.removal.explanation import explain as explain
