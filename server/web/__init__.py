"""The only place that knows Flask: one blueprint per resource."""
