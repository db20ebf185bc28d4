"""The demonstration: one campaign on an instance that nobody has used yet."""

from mobilise.demo.campaign import Demo as Demo
from mobilise.demo.campaign import make as make
