"""The brand's page: what its shop and its ads really did, gross, net and pending."""

from dashboards import visit
from dashboards.parts.brand_page import show

show(visit.current())
