"""Counts that operators ask for, in Prometheus' form on the inner port."""

from prometheus_client import Counter, Gauge, Histogram

http_requests = Histogram(
    "http_server_request_duration_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
outbox_pending = Gauge("outbox_pending", "Events committed and not yet published", ["service"])
outbox_oldest_age = Gauge("outbox_oldest_age_seconds", "Age of the oldest unpublished event", ["service"])
outbox_published = Counter("outbox_published_total", "Events published", ["type"])
relay_guard_resets = Counter("relay_guard_reset_total", "Events published again after a stream lost them", ["service"])
events_handled = Counter("events_handled_total", "Foreign events by outcome", ["type", "outcome"])
inbox_duplicates = Counter("inbox_duplicates_total", "Deliveries of events that had been handled before", ["consumer"])
dead_letters_open = Gauge("dead_letter_open", "Parked events that wait for a decision", ["service"])
jobs_run = Counter("jobs_run_total", "Jobs by outcome", ["kind", "outcome"])
job_oldest_due_age = Gauge("job_oldest_due_age_seconds", "How late the oldest due job is", ["service"])
