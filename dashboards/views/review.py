"""The reviewer's page: the ranked queue, and one case with its evidence."""

from dashboards import visit
from dashboards.parts.review_page import show

show(visit.current())
